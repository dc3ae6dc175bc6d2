"""A condition that has been stable or decreasing for some time, set at a time."""

from typing import Any

import ibis

from trialwright.eligibility.kinds.stable import BAD, GOOD
from trialwright.protocol.event_rules import StableRule
from trialwright.terms.dates import days_after
from trialwright.warehouse.columns import FIRST_OF_ORIGIN, Context, Gathered, LeafColumns
from trialwright.warehouse.exact import MET, NOT_MET, UNKNOWN, verdict


def gather(rule: StableRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce the findings that speak of the condition.

    Parameters
    ----------
    rule : StableRule
        Condition, findings and time.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        What the newest day says, and what has been said since the start.
    """
    every, records = context.staged.measurements, context.staged.conditions
    own = records.filter(records.term == rule.fact)
    own = own.filter(own.key // FIRST_OF_ORIGIN == _CONDITIONS)
    own = own.select("person_id", about=(own.key % FIRST_OF_ORIGIN).cast("int64")).distinct()
    rows = every.filter(every.term == rule.status).inner_join(own, ["person_id", "about"])
    start = days_after(context.anchored_on, -rule.for_days)
    whole = ibis.window(group_by=rows.person_id)
    rows = rows.mutate(
        newest=rows.on.max().over(whole),
        before=ibis.ifelse(rows.on <= start, rows.on, ibis.null("date")).max().over(whole),
        is_good=rows.answer.fill_null("").isin(sorted(GOOD)),
        is_bad=rows.answer.fill_null("").isin(sorted(BAD)),
    )
    rows = context.keep(rows)
    is_newest, is_since = rows.on == rows.newest, rows.on >= rows.before
    columns = {
        f"{name}_found": rows.key.count(),
        f"{name}_first": rows.key.argmin(rows.arrival),
        f"{name}_on": rows.on.min(),
        f"{name}_not_bad": (is_newest & ~rows.is_bad).sum(),
        f"{name}_not_good": (is_newest & ~rows.is_good).sum(),
        f"{name}_before": rows.before.max(),
        f"{name}_since": (is_since & ~rows.is_good).sum(),
    }
    return (Gathered(f"stable_{name}", rows, columns),)


_CONDITIONS = 1  # place of condition_occurrence among the origins


def compile_leaf(rule: StableRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : StableRule
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
        As `eligibility.kinds.stable` judges.
    """
    found = ibis.cases(
        (wide[f"{name}_found"].fill_null(0) == 0, verdict(UNKNOWN)),
        (wide[f"{name}_not_bad"] == 0, verdict(NOT_MET)),
        (wide[f"{name}_not_good"] > 0, verdict(UNKNOWN)),
        (wide[f"{name}_before"].isnull(), verdict(UNKNOWN)),
        (wide[f"{name}_since"] == 0, verdict(MET)),
        else_=verdict(UNKNOWN),
    )
    return LeafColumns(found, wide[f"{name}_first"], wide[f"{name}_on"], ibis.null("string"))
