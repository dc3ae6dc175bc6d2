"""What it means that nothing is recorded, for every person at once.

In step with `eligibility.silence`: a warehouse holds no answers of people, so that only spans of
observation say that a record is complete. What has no day, which OMOP forbids, is left unread.
"""

from collections.abc import Iterable
from datetime import date

from ibis.expr.types import Table

from trialwright.eligibility.context import Context
from trialwright.protocol.rule_parts import Recorded
from trialwright.terms.dates import days_after
from trialwright.warehouse.columns import (
    NOT_MET,
    RESULTS,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    choose,
    chosen,
    day_literal,
    nothing,
    together,
    verdict,
)
from trialwright.warehouse.records import OBSERVED


def gather_silence(rule: Recorded, staged: Staged, context: Context) -> Gathered:
    """Gather the first span that holds the look-back of a rule, and whether results are unread.

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
        Nothing while silence is unknown; whether a condition is left unread its rule gathers.
    """
    if rule.not_recorded == "unknown":
        return {}
    undated = gather_unread(getattr(rule, "fact", ""), staged, context)
    if rule.not_recorded == "absent":
        return undated
    return together(undated, _spans(rule, staged, context))


def gather_unread(fact: str, staged: Staged, context: Context) -> Gathered:
    """Gather whether results of a term have no day on record.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    staged : Staged
        Facts.
    context : Context
        Vocabulary.

    Returns
    -------
    Gathered
        Nothing for other terms, and in a hospital whose results all have a day.
    """
    if staged.undated is None or context.terms[fact].kind not in RESULTS:
        return {}
    return {"undated": {unread(fact): staged.undated.term == staged.numbers[fact]}}


def _spans(rule: Recorded, staged: Staged, context: Context) -> Gathered:
    """Gather the first span that holds the look-back of a rule."""
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
        Not met where silence is absence, with the span that says so; unknown otherwise, and where
        something on record has no day.
    """
    found, name = _silent(rule, wide, context), unread(getattr(rule, "fact", ""))
    if name not in wide.columns:
        return found
    answer = choose((wide[name], verdict(UNKNOWN)), otherwise=found.verdict)
    return LeafColumns(answer, chosen((wide[name], None), otherwise=found.record))


def unless_unread(found: LeafColumns, facts: Iterable[str], wide: Table) -> LeafColumns:
    """Leave open what the newest results say, where one without a day may be newer.

    Parameters
    ----------
    found : LeafColumns
        By the results that have a day, or by silence.
    facts : iterable of str
        Terms of the vocabulary whose newest results decide it.
    wide : Table
        Facts gathered, one row a person.

    Returns
    -------
    LeafColumns
        With the same record; as found in a hospital whose results all have a day.
    """
    names = [unread(each) for each in facts if unread(each) in wide.columns]
    cases = [(wide[name], verdict(UNKNOWN)) for name in names]
    return LeafColumns(choose(*cases, otherwise=found.verdict), found.record) if cases else found


def unread(fact: str) -> str:
    """Name the column that says whether something of a term has no day on record.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.

    Returns
    -------
    str
        Of a truth.
    """
    return f"unread_{fact}"


def _silent(rule: Recorded, wide: Table, context: Context) -> LeafColumns:
    """Say what silence means where everything on record was read."""
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
