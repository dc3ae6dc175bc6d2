"""Conditions from rows of OMOP, and what rows leave in doubt.

In step with `warehouse.diagnosed`.
"""

from collections.abc import Iterable, Iterator, Sequence

from trialwright.casebook.facts import Condition, History
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


def histories(row: Row, terms: Iterable[str], source: Source) -> Iterator[History]:
    """Make conditions of which a row tells that somebody had them.

    Parameters
    ----------
    row : mapping
        Of `observation`, with a day.
    terms : iterable of str
        Conditions for which the answer of the row stands.
    source : Source
        Of the row.

    Yields
    ------
    History
        Put on record on the day of the row.
    """
    told = day(row, "observation_date")
    for name in terms:
        yield History(name, is_present=True, since=None, until=None, source=source, recorded=told)


def of_past(table: str, row: Row, meanings: Meanings) -> Sequence[str]:
    """Give what the history that a row tells stands for.

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
        Terms of any kind; none for a row that its source concept names, and for no history.
    """
    if table != "observation" or concept(row, "observation_concept_id") not in omop.HISTORY:
        return ()
    if meanings.is_named(concept(row, "observation_source_concept_id")):
        return ()
    return meanings.terms.get(concept(row, "value_as_concept_id"), ())


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
