"""The mean of several QTcF of one day, of every person."""

from collections.abc import Mapping

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import QtcfRule
from trialwright.warehouse import columns
from trialwright.warehouse.averaging import (
    WIDE,
    amount,
    averaged,
    gather_mean,
    into,
    is_limit,
    of_newest_day,
    parts_of,
    ranked,
)
from trialwright.warehouse.columns import (
    MILLION,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    choose,
    chosen,
    nothing,
    together,
)
from trialwright.warehouse.latest import first_of
from trialwright.warehouse.silence import gather_unread, unless_unread

_MS_A_SECOND = 1000.0

_UNREAD = 0.0
"""Stands for an RR that is no time; no heart beats twice at once."""


def rows(rule: QtcfRule, staged: Staged, context: Context) -> Mapping[str, Table]:
    """Give recorded QTcF, and those of QT and RR of one instant.

    Parameters
    ----------
    rule : QtcfRule
        The rule.
    staged : Staged
        Facts.
    context : Context
        Vocabulary.

    Returns
    -------
    mapping of str to Table
        `recorded` and `paired`, as means are gathered from.
    """
    return {
        "recorded": of_newest_day(rule.fact, "ms", rule.of, staged, context),
        "paired": _paired(rule, staged, context),
    }


def _paired(rule: QtcfRule, staged: Staged, context: Context) -> Table:
    """Give the QTcF of each newest QT with the RR of its instant: the last that came in."""
    qts = staged.daily_of(rule.qt)
    qts = qts.filter(qts["at"].notnull())
    table = staged.measurements
    rrs = table.filter((table.term == staged.numbers[rule.rr]) & table["at"].notnull())
    rrs = rrs.select(
        "person_id",
        "at",
        rr=_ms(rule.rr, rrs, staged, context),
        rr_is_limit=is_limit(rule.rr, rrs, staged),
        order=rrs["order"],
    )
    rrs = rrs.group_by("person_id", "at").agg(
        rr=rrs.rr.fill_null(_UNREAD).argmax(rrs.order),  # a null would give way to an earlier one
        rr_is_limit=rrs.rr_is_limit.argmax(rrs.order),
    )
    rrs = rrs.mutate(rr=rrs.rr.nullif(_UNREAD))
    qts = qts.select(
        "person_id",
        "on",
        "at",
        "code",
        "micro",
        "shape",
        qt=_ms(rule.qt, qts, staged, context),
        qt_is_limit=is_limit(rule.qt, qts, staged),
    )
    both = qts.inner_join(rrs, ["person_id", "at"])
    is_read = ~both.qt_is_limit & ~both.rr_is_limit & (both.rr > 0)
    root = (both.rr / _MS_A_SECOND) ** (1.0 / 3.0)
    corrected = ((both.qt / root) * float(MILLION)).round().cast(WIDE)
    marked = both.select(
        "person_id",
        "on",
        "at",
        "code",
        "micro",
        "shape",
        amount=choose((is_read, corrected), otherwise=nothing(WIDE)).cast(WIDE),
        sign=ibis.literal(0, "int64"),
        parts=ibis.literal(1, "int64"),
    )
    return ranked(marked, rule.of)


def _ms(fact: str, table: Table, staged: Staged, context: Context) -> Value:
    """Give a time in ms as a floating number; null for what is none or can hardly be true.

    The cube root is no fraction; rounded to a millionth of a ms, both ways give one number.
    """
    turned = into("ms", context.terms[fact].substance)
    parts = parts_of(fact, turned, staged)
    exact = amount(fact, turned, parts, table, staged, context)
    return exact.cast("float64") / float(MILLION * parts)


def gather(rule: QtcfRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather what both means need.

    Parameters
    ----------
    rule : QtcfRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Vocabulary.

    Returns
    -------
    Gathered
        By staged table.
    """
    return together(
        *(gather_unread(each, staged, context) for each in (rule.fact, rule.qt)),
        {
            f"own:{name}:{part}": gather_mean(each, f"{name}_{part}")
            for part, each in rows(rule, staged, context).items()
        },
        {f"own:{name}:qt": first_of(staged.daily_of(rule.qt), f"{name}_qt")},
    )


def verdict(rule: QtcfRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.qtcf` judges one.

    Parameters
    ----------
    rule : QtcfRule
        The rule.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        Of the newest day with QTcF or QT: of recorded QTcF where there are enough, else of QT and
        RR.
    """
    none = LeafColumns(columns.verdict(UNKNOWN))
    means = {
        part: averaged(rule, rule.of, rule.within_days, f"{name}_{part}", wide, context, none)
        for part in ("recorded", "paired")
    }
    counts = {part: wide[f"{name}_{part}_count"].fill_null(0) for part in means}

    recorded_on, qt_on = wide[f"{name}_recorded_on"], wide[f"{name}_qt_on"]
    is_outdated = (recorded_on < qt_on).fill_null(False)  # noqa: FBT003
    is_recorded = (counts["recorded"] >= rule.of) & ~is_outdated
    is_paired = (counts["paired"] >= rule.of) & ~(qt_on < recorded_on).fill_null(False)  # noqa: FBT003
    few = chosen(
        (
            (counts["recorded"] > 0) & ~is_outdated,
            wide.place(f"{name}_recorded_arrived", on=f"{name}_recorded_on"),
        ),
        (qt_on.notnull(), wide.place(f"{name}_qt")),
    )
    recorded, paired = means["recorded"], means["paired"]
    found = LeafColumns(
        choose(
            (is_recorded, recorded.verdict),
            (is_paired, paired.verdict),
            otherwise=columns.verdict(UNKNOWN),
        ),
        chosen((is_recorded, recorded.record), (is_paired, paired.record), otherwise=few),
    )
    return unless_unread(found, (rule.fact, rule.qt), wide)
