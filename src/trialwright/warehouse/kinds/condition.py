"""A condition present or absent, of every person. OMOP records presence alone."""

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context
from trialwright.protocol.event_rules import ConditionRule
from trialwright.terms.dates import days_after
from trialwright.warehouse import columns
from trialwright.warehouse.columns import (
    MET,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    choose,
    chosen,
    day_literal,
    together,
)
from trialwright.warehouse.records import PRESENT
from trialwright.warehouse.silence import gather_silence, silent, unread


def gather(rule: ConditionRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather whether a record stands, and the first record.

    Parameters
    ----------
    rule : ConditionRule
        Fact and when it counts.
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
    rows, fact = staged.conditions, rule.fact
    is_named, is_read = rows.term == staged.numbers[fact], rows.since.notnull()
    is_seen, stands = is_named & is_read, _stands(rule, rows, context)
    gathered: dict[str, Value] = {
        f"any_{fact}": is_seen,
        unread(fact): is_named & ~is_read,
        f"{name}_suspected": is_seen & ~rows.is_confirmed & stands,
        f"{name}_stands": is_seen & rows.is_confirmed & stands,
        f"condition_{fact}_row": rows.code.min(where=is_seen),
    }
    if rule.lasting:  # what goes on since longer may have been there within the days
        gathered[f"{name}_open"] = is_seen & ~rows.is_history & rows.until.isnull()
    return together({"conditions": gathered}, gather_silence(rule, staged, context))


def _stands(rule: ConditionRule, rows: Table, context: Context) -> Value:
    """Say whether a record of presence counts; a history does when any time is asked for."""
    if rule.when == "ever":
        return ibis.literal(True)  # noqa: FBT003
    if rule.when == "within":
        anchored = context.anchored_on or context.day
        first = day_literal(days_after(anchored, -(rule.within_days or 0)))
        lies = (rows.since >= first) | (rows.until >= first).fill_null(False)  # noqa: FBT003
    else:
        lies = rows.until.isnull() | (rows.until > day_literal(context.day))
    return lies & ~rows.is_history


def verdict(rule: ConditionRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.condition` judges one.

    Parameters
    ----------
    rule : ConditionRule
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
        Unknown while only a suspicion is on record, or one that may be of any day.
    """
    present, absent = (MET, NOT_MET) if rule.expect == "present" else (NOT_MET, MET)
    silence, fact = silent(rule, wide, context), rule.fact
    of_silence = silence.verdict
    if rule.expect == "absent":
        of_silence = choose((of_silence == NOT_MET, columns.verdict(MET)), otherwise=of_silence)
    is_seen, is_open = wide[f"any_{fact}"], wide[f"{name}_suspected"] | wide[unread(fact)]
    if rule.lasting:
        is_open = is_open | wide[f"{name}_open"]
    answer = choose(
        (~is_seen, of_silence),
        (wide[f"{name}_stands"], columns.verdict(present)),
        (is_open, columns.verdict(UNKNOWN)),
        otherwise=columns.verdict(absent),
    )
    first = wide.place(f"condition_{fact}", PRESENT)
    return LeafColumns(answer, chosen((~is_seen, silence.record), otherwise=first))
