"""A condition that has been stable or decreasing for some time, of every person."""

import ibis
from ibis.expr.types import Table

from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds.stable import BAD, GOOD
from trialwright.protocol.event_rules import StableRule
from trialwright.terms.dates import days_after
from trialwright.warehouse import columns
from trialwright.warehouse.columns import (
    MET,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    among,
    choose,
    chosen,
    day_literal,
    nothing,
    together,
)
from trialwright.warehouse.silence import gather_unread, unless_unread


def rows(rule: StableRule, staged: Staged, context: Context) -> Table:
    """Give the findings that speak of the condition.

    Parameters
    ----------
    rule : StableRule
        Condition, findings and time.
    staged : Staged
        Facts.
    context : Context
        Days.

    Returns
    -------
    Table
        With the newest day, and the last day before the time asked begins.
    """
    every, records = staged.measurements, staged.conditions
    is_its = (records.term == staged.numbers[rule.fact]) & records.since.notnull()
    first, room = staged.numbering.first("condition_occurrence"), staged.numbering.each
    own = records.filter(is_its & (records.code >= first) & (records.code < first + room))
    own = own.select("person_id", about=own.code - ibis.literal(first, "int64")).distinct()
    found = every.filter(every.term == staged.numbers[rule.status])
    found = found.inner_join(own, ["person_id", "about"])
    start = day_literal(days_after(context.anchored_on or context.day, -rule.for_days))
    whole = ibis.window(group_by=found.person_id)
    early = choose((found.on <= start, found.on), otherwise=nothing("date")).cast("date")
    return found.mutate(
        newest=found.on.max().over(whole),
        before=early.max().over(whole),
        is_good=among(found["shape"], staged.shaped(rule.status, GOOD)),
        is_bad=among(found["shape"], staged.shaped(rule.status, BAD)),
    )


def gather(rule: StableRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather what findings say on the newest day, and since the time asked begins.

    Parameters
    ----------
    rule : StableRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Days.

    Returns
    -------
    Gathered
        By staged table.
    """
    found = rows(rule, staged, context)
    is_newest, is_since = found.on == found.newest, found.on >= found.before
    undated = gather_unread(rule.status, staged, context)
    own = {
        f"own:{name}": {
            f"{name}_found": found.on.notnull(),
            f"{name}_not_bad": is_newest & ~found.is_bad,
            f"{name}_not_good": is_newest & ~found.is_good,
            f"{name}_before": found.before.notnull(),
            f"{name}_since": is_since.fill_null(False) & ~found.is_good,  # noqa: FBT003
            f"{name}_row": found.code.argmin(found.order),
            f"{name}_on": found.on.argmin(found.order),
            f"{name}_shape": found["shape"].argmin(found.order),
        }
    }
    return together(undated, own)


def verdict(rule: StableRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.stable` judges one.

    Parameters
    ----------
    rule : StableRule
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
        With the oldest finding.
    """
    is_stable = wide[f"{name}_before"] & ~wide[f"{name}_since"]
    answer = choose(
        (~wide[f"{name}_found"], columns.verdict(UNKNOWN)),
        (~wide[f"{name}_not_bad"], columns.verdict(NOT_MET)),
        (~wide[f"{name}_not_good"] & is_stable, columns.verdict(MET)),
        otherwise=columns.verdict(UNKNOWN),
    )
    found = LeafColumns(answer, chosen((wide[f"{name}_found"], wide.place(name))))
    return unless_unread(found, (rule.status,), wide)
