"""The mean of several QTcF of one day, set at a time."""

from typing import Any

import ibis

from trialwright.protocol.leaf_rules import QtcfRule
from trialwright.warehouse import newest
from trialwright.warehouse.averaging import averaged, gather_mean, newest_first, parts_of, summed
from trialwright.warehouse.columns import Context, Gathered, LeafColumns
from trialwright.warehouse.exact import MILLION


def gather(rule: QtcfRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce recorded QTcF, and those computed from QT and RR of one instant.

    Parameters
    ----------
    rule : QtcfRule
        Terms, and how many ECGs the mean needs.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Sums and rows of both.
    """
    recorded = gather_mean(rule.fact, "ms", rule.of, f"{name}_recorded", context)
    qts = context.staged.newest.filter(context.staged.newest.term == rule.qt)
    seen = Gathered(
        f"seen_{name}", qts, {f"{name}_qt_seen": qts.key.min(), f"{name}_qt_day": qts.on.max()}
    )
    return (*recorded, summed(_pairs(rule, qts, context), rule.of, f"{name}_paired"), seen)


def _pairs(rule: QtcfRule, qts: Any, context: Context) -> Any:
    """Give the QTcF of each QT with the RR of its instant: the last that came in."""
    every = context.staged.measurements
    rrs = every.filter((every.term == rule.rr) & every.at.notnull())
    last = rrs.group_by(rrs.person_id, rrs.at).agg(key=rrs.key.max())
    rrs = rrs.semi_join(last, ["person_id", "at", "key"]).select(
        "person_id",
        "at",
        rr_ms=_in_ms(rule.rr, rrs, context),
        rr_comparator=rrs.comparator,
    )
    paired = qts.mutate(qt_ms=_in_ms(rule.qt, qts, context)).inner_join(rrs, ["person_id", "at"])
    is_exact = (paired.comparator == 0) & (paired.rr_comparator == 0) & (paired.rr_ms > 0)
    root = (paired.rr_ms / 1000.0) ** (1.0 / 3.0)
    amount = (paired.qt_ms / root * float(MILLION)).round().cast("int64")
    exact = paired.mutate(
        amount=ibis.ifelse(is_exact, amount, ibis.null("int64")),
        comparator=ibis.literal(0),
        place=newest_first(paired),
    )
    return context.keep(exact)


def _in_ms(fact: str, rows: Any, context: Context) -> Any:
    """Give a time in ms as a floating number; null for what is none or can hardly be true."""
    term, cases = context.term(fact), []
    for place, given in enumerate(context.staged.units):
        turned = newest.conversion(given, "ms", term.substance)
        in_term = newest.conversion(given, term.unit, term.substance)
        if turned is None or in_term is None:
            continue
        is_true = newest.plausible(rows.micro, in_term, term)
        fits = rows.unit == place if is_true is None else (rows.unit == place) & is_true
        cases.append((fits, rows.micro * (float(turned[0]) / MILLION) + float(turned[1])))
    return ibis.cases(*cases, else_=ibis.null("float64")) if cases else ibis.null("float64")


def compile_leaf(rule: QtcfRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : QtcfRule
        The rule.
    name : str
        Name of the leaf.
    wide : ibis table
        One row a person, with the columns that `gather` made.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        As `eligibility.kinds.qtcf` judges.
    """
    parts = parts_of(rule.fact, "ms", context)
    recorded = averaged(rule, rule.of, rule.within_days, f"{name}_recorded", wide, context, parts)
    paired = averaged(rule, rule.of, rule.within_days, f"{name}_paired", wide, context)
    is_recorded = ibis.coalesce(wide[f"{name}_recorded_seen"], 0) >= rule.of
    is_paired = ibis.coalesce(wide[f"{name}_paired_seen"], 0) >= rule.of
    few = wide[f"{name}_qt_seen"]
    has_some = wide[f"{name}_recorded_seen"].notnull()
    rest = LeafColumns(
        ibis.ifelse(
            has_some | wide[f"{name}_qt_seen"].notnull(), ibis.literal(1, "int8"), ibis.null("int8")
        ),
        ibis.ifelse(has_some, wide[f"{name}_recorded_arrived"], few),
        ibis.ifelse(has_some, recorded.on, wide[f"{name}_qt_day"]),
        ibis.null("string"),
    )
    chosen = [
        ibis.cases((is_recorded, mine), (is_paired, other), else_=few_of)
        for mine, other, few_of in (
            (recorded.verdict, paired.verdict, rest.verdict),
            (recorded.key, paired.key, rest.key),
            (recorded.on, paired.on, rest.on),
            (recorded.value, paired.value, rest.value),
        )
    ]
    return newest.or_silence(LeafColumns(*chosen))
