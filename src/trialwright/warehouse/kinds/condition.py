"""A condition present or absent, set at a time. OMOP records presence alone."""

from typing import Any

import ibis

from trialwright.protocol.event_rules import ConditionRule
from trialwright.terms.dates import days_after
from trialwright.warehouse import silence
from trialwright.warehouse.columns import Context, Gathered, LeafColumns
from trialwright.warehouse.exact import MET, NOT_MET, UNKNOWN, verdict


def gather(rule: ConditionRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce the records of a condition.

    Parameters
    ----------
    rule : ConditionRule
        Fact and when it counts.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Whether one stands, whether one is only suspected, and the first record.
    """
    rows = context.staged.conditions
    own = rows.term == rule.fact
    stands = _stands(rule, rows, context) & rows.is_confirmed
    columns = {
        f"{rule.fact}_records": own.sum(),
        f"{rule.fact}_record": rows.key.min(where=own),
        f"{rule.fact}_since": rows.since.argmin(rows.key, where=own),
        f"{rule.fact}_suspected": (own & ~rows.is_confirmed).sum(),
        f"{name}_standing": (own & stands).sum(),
    }
    return (Gathered("conditions", rows, columns), *silence.gather(rule, context))


def _stands(rule: ConditionRule, rows: Any, context: Context) -> Any:
    """Say whether a record counts at the day judged."""
    if rule.when == "ever":
        return ibis.literal(True)  # noqa: FBT003
    if rule.when == "within":
        begin = days_after(context.anchored_on, -(rule.within_days or 0))
        return (rows.since >= begin) | ibis.coalesce(rows.until >= begin, False)
    return rows.until.isnull() | (rows.until > context.day)


def compile_leaf(rule: ConditionRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : ConditionRule
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
        As `eligibility.kinds.condition` judges.
    """
    present, absent = (MET, NOT_MET) if rule.expect == "present" else (NOT_MET, MET)
    silent, period = silence.silent(rule, wide, context)
    if rule.expect == "absent":
        silent = ibis.ifelse(silent == NOT_MET, verdict(MET), silent)
    has_none = wide[f"{rule.fact}_records"].fill_null(0) == 0
    found = ibis.cases(
        (has_none, silent),
        (wide[f"{name}_standing"] > 0, verdict(present)),
        (wide[f"{rule.fact}_suspected"] > 0, verdict(UNKNOWN)),
        else_=verdict(absent),
    )
    return LeafColumns(
        found,
        ibis.ifelse(has_none, period, wide[f"{rule.fact}_record"]),
        wide[f"{rule.fact}_since"],
        ibis.ifelse(has_none, ibis.null("string"), ibis.literal("present")),
    )
