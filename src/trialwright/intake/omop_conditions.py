"""Conditions from rows of OMOP, and what rows leave in doubt.

In step with `warehouse.diagnosed`.
"""

from collections.abc import Iterator, Sequence

from trialwright.casebook.facts import Condition
from trialwright.intake.omop_cells import Row, concept, day, not_before
from trialwright.protocol.omop_codes import (
    HISTORY_OF,
    RELATIVE,
    UNMAPPED,
    UNMAPPED_PROCEDURE,
    Meanings,
)
from trialwright.terms import omop
from trialwright.terms.sources import Source

_DAYS = {
    "condition_occurrence": "condition_start_date",
    "procedure_occurrence": "procedure_date",
}

_PREFIX = {"condition_occurrence": "condition", "procedure_occurrence": "procedure"}


def condition(table: str, row: Row, name: str, source: Source) -> Condition:
    """Make a condition; all but a row of `condition_occurrence` leaves it behind for good.

    Parameters
    ----------
    table : str
        Table of the row, which has a day.
    row : mapping
        The row.
    name : str
        Term.
    source : Source
        Of the row.

    Returns
    -------
    Condition
        Present; one that is over without a day is so since it was recorded.
    """
    since = day(row, _DAYS.get(table, f"{table}_date"))
    if table != "condition_occurrence":
        return Condition(name, is_present=True, since=since, until=None, source=source)
    status = concept(row, "condition_status_concept_id")
    words = str(row.get("condition_status_source_value") or "").strip(omop.BLANKS).lower()
    until = not_before(day(row, "condition_end_date"), since)
    if until is None and status == omop.RESOLVED:
        until = since
    is_doubted = status == 0 and words in omop.DOUBTED
    return Condition(
        name,
        is_present=True,
        since=since,
        until=until,
        source=source,
        is_confirmed=status not in omop.UNCONFIRMED and not is_doubted,
    )


def is_denied(table: str, row: Row, meanings: Meanings) -> bool:
    """Say whether a row says that a condition is not, or not surely, present.

    Parameters
    ----------
    table : str
        Table of the row.
    row : mapping
        The row.
    meanings : Meanings
        What the site's concept ids stand for.

    Returns
    -------
    bool
        By its answer.
    """
    has_answer = table in ("measurement", "observation")
    return has_answer and concept(row, "value_as_concept_id") in meanings.denials


def of_relatives(table: str, row: Row, meanings: Meanings) -> Sequence[str]:
    """Give the conditions of a relative that a row tells.

    Parameters
    ----------
    table : str
        Table of the row.
    row : mapping
        The row.
    meanings : Meanings
        What the site's concept ids stand for.

    Returns
    -------
    sequence of str
        Terms.
    """
    if table != "observation" or concept(row, "observation_concept_id") not in omop.FAMILY_HISTORY:
        return ()
    return meanings.relatives.get(concept(row, "value_as_concept_id"), ())


def in_doubt(table: str, row: Row, meanings: Meanings) -> tuple[str, ...]:
    """Give the conditions that a row leaves in doubt.

    Parameters
    ----------
    table : str
        Table of the row.
    row : mapping
        The row.
    meanings : Meanings
        What the site's concept ids stand for.

    Returns
    -------
    tuple of str
        Terms; silence about them is no absence.
    """
    keys = _keys(table, row, meanings)
    return tuple(dict.fromkeys(name for key in keys for name in meanings.doubts.get(key, ())))


def _keys(table: str, row: Row, meanings: Meanings) -> Iterator[int]:
    """Give the keys of what a row leaves in doubt."""
    prefix = _PREFIX.get(table, table)
    standard = concept(row, f"{prefix}_concept_id")
    source = concept(row, f"{prefix}_source_concept_id")
    is_known = meanings.is_named(source)
    if standard > 0 and (source == standard or not is_known):
        yield standard
    if table == "condition_occurrence" and standard == 0 and not is_known:
        yield UNMAPPED
    if table == "procedure_occurrence" and standard == 0 and not is_known:
        yield UNMAPPED_PROCEDURE
    if table == "observation" and not is_known:
        answer = concept(row, "value_as_concept_id")
        if standard in omop.HISTORY:
            yield HISTORY_OF + answer
        if standard in omop.FAMILY_HISTORY and answer == 0:
            yield RELATIVE
