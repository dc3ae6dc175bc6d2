"""What it means that nothing is recorded, for every person at once.

In step with `eligibility.silence`: a warehouse holds no answers of people, so that only spans of
observation say that a record is complete; and it holds nothing that could not be read.
"""

from datetime import date

from ibis.expr.types import Table

from trialwright.eligibility.context import Context
from trialwright.protocol.rule_parts import Recorded
from trialwright.terms.dates import days_after
from trialwright.warehouse.columns import (
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    choose,
    day_literal,
    nothing,
    verdict,
)
from trialwright.warehouse.records import OBSERVED


def gather_silence(rule: Recorded, staged: Staged, context: Context) -> Gathered:
    """Gather the first span that holds the look-back of a rule.

    Parameters
    ----------
    rule : Recorded
        Declares the policy.
    staged : Staged
        Facts.
    context : Context
        Days.

    Returns
    -------
    Gathered
        Nothing, unless silence is absence where the record is complete.
    """
    if rule.not_recorded != "absent-if-complete":
        return {}
    first = _first(rule, context)
    spans, name = staged.coverage, _named(first, context.day)
    holds = (spans.since <= day_literal(first)) & (spans.until >= day_literal(context.day))
    return {
        "coverage": {
            f"{name}_held": holds,
            f"{name}_row": spans.code.min(where=holds),
        }
    }


def silent(rule: Recorded, wide: Table, context: Context) -> LeafColumns:
    """Say what it means that a record is silent about something.

    Parameters
    ----------
    rule : Recorded
        Declares the policy.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        Not met where silence is absence, with the span that says so; unknown otherwise.
    """
    match rule.not_recorded:
        case "absent":
            return LeafColumns(verdict(NOT_MET))
        case "absent-if-complete":
            name = _named(_first(rule, context), context.day)
            answer = choose((wide[f"{name}_held"], verdict(NOT_MET)), otherwise=verdict(UNKNOWN))
            place = choose(
                (wide[f"{name}_held"], wide.place(name, OBSERVED)), otherwise=nothing("int16")
            )
            return LeafColumns(answer, place)
        case _:
            return LeafColumns(verdict(UNKNOWN))


def _first(rule: Recorded, context: Context) -> date:
    """Give the first day of the look-back."""
    return days_after(context.anchored_on or context.day, -(rule.look_back_days or 1))


def _named(first: date, day: date) -> str:
    """Name the columns of a look-back: rules with the same one share them."""
    return f"covered_{first:%Y%m%d}_{day:%Y%m%d}"
