"""Who a person is and over which days the source observed her, from rows of OMOP."""

from calendar import monthrange
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from trialwright.casebook.treatments import Coverage
from trialwright.intake.omop_cells import Row, day
from trialwright.intake.omop_episodes import Rows
from trialwright.terms import omop
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import refuse
from trialwright.terms.sources import Source

_PARTS, _MONTHS = ("year", "month", "day"), 12


def person_of(rows: Rows) -> Row:
    """Give the one row of the person.

    Parameters
    ----------
    rows : mapping of str to sequence of mapping
        Table to rows.

    Returns
    -------
    mapping
        Of the table `person`.

    Raises
    ------
    Refusal
        If there is none, or more than one.
    """
    found = rows.get("person", ())
    if len(found) != 1:
        raise refuse(
            "person", f"{len(found)} rows", "one row of one person", "Give the rows of one person"
        )
    return found[0]


def born(person: Row) -> PartialDate | None:
    """Give the birth date as far as it is known: a day that is none leaves its month, and so on.

    Parameters
    ----------
    person : mapping
        Of the table `person`; `birth_datetime` is not read, since conventions have it made up.

    Returns
    -------
    PartialDate or None
        None without a year.
    """
    year, month, day_of_month = (person.get(f"{part}_of_birth") for part in _PARTS)
    if year is None:
        return None
    parts = [f"{year:04d}"]
    if month is not None and 1 <= month <= _MONTHS:
        parts.append(f"{month:02d}")
        if day_of_month is not None and 1 <= day_of_month <= monthrange(year, month)[1]:
            parts.append(f"{day_of_month:02d}")
    return PartialDate.parse("-".join(parts))


def sex(person: Row) -> Any:
    """Give the recorded sex.

    Parameters
    ----------
    person : mapping
        Of the table `person`.

    Returns
    -------
    str or None
        `female` or `male`; None where it is neither, or not recorded.
    """
    return {omop.FEMALE: "female", omop.MALE: "male"}.get(person.get("gender_concept_id") or 0)


def coverage(rows: Rows) -> tuple[Coverage, ...]:
    """Give the spans over which the source observed the person.

    Parameters
    ----------
    rows : mapping of str to sequence of mapping
        Table to rows.

    Returns
    -------
    tuple of Coverage
        In the order of their ids; without those of which an end is not recorded.
    """
    periods = sorted(rows.get("observation_period", ()), key=itemgetter("observation_period_id"))
    return tuple(_spans(periods))


def _spans(periods: Sequence[Row]) -> list[Coverage]:
    """Give the spans that have both ends."""
    found = []
    for row in periods:
        since, until = (day(row, f"observation_period_{end}_date") for end in ("start", "end"))
        if since is not None and until is not None:
            source = Source("omop", f"observation_period/{row['observation_period_id']}")
            found.append(Coverage(since, until, source))
    return found
