"""The days of a participant's life on study, up to a data cutoff.

A day of which only month or year is recorded stands at the earliest day that is possible, and a
query says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trialwright.conduct.state import ParticipantState
from trialwright.response.queries import Query
from trialwright.terms.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Life:
    """What endpoints in time rest on, besides tumour assessments.

    Attributes
    ----------
    start : date
        First dose of any study agent.
    died, new_therapy, clinical_progression : date or None
        None when not recorded, or later than the cutoff.
    last_alive : date
        Last day on which the participant was known to be alive.
    queries : tuple of Query
        Days that were not complete, and those that cannot be used.
    """

    start: date
    died: date | None
    new_therapy: date | None
    clinical_progression: date | None
    last_alive: date
    queries: tuple[Query, ...]


def life_of(here: ParticipantState, start: date, cutoff: date) -> Life:
    """Give the days of a participant's life up to a cutoff.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    start : date
        The first dose.
    cutoff : date
        Later days are not looked at.

    Returns
    -------
    Life
        With a query for each day that is not complete.
    """
    alive = max(_alive(here, start, cutoff))
    queries: list[Query] = []
    recorded = here.course.death.on if here.course.death else here.casebook.died
    died = _day("death", recorded, alive, cutoff, queries)
    therapies = [_day("therapy", each.since, start, cutoff, queries)
                 for each in here.course.therapies]  # fmt: skip
    progressions = [_day("progression", each.on, start, cutoff, queries)
                    for each in here.course.progressions]  # fmt: skip
    queries += _unusable(here)
    return Life(
        start,
        died,
        min((on for on in therapies if on), default=None),
        min((on for on in progressions if on), default=None),
        alive,
        tuple(queries),
    )


def _alive(here: ParticipantState, start: date, cutoff: date) -> Iterator[date]:
    """Give the days on which the participant was alive."""
    yield start
    seen = [each.alive_on for each in here.course.contacts]
    seen += [each.visit.on for each in here.course.visits if each.visit.on]
    seen += [each.on for each in here.doses if each.was_taken]
    seen += [each.on for each in here.assessments]
    yield from (on for on in seen if start <= on <= cutoff)


def _day(
    what: str, recorded: PartialDate | None, least: date, cutoff: date, queries: list[Query]
) -> date | None:
    """Give the earliest possible day from a bound on, unless it lies after the cutoff."""
    if recorded is None:
        return None
    day = recorded.earliest if recorded.is_complete else max(recorded.earliest, least)
    if day > min(cutoff, recorded.latest):
        day = recorded.earliest
    if day > cutoff:
        return None
    if not recorded.is_complete:
        queries.append(Query(what, f"only {recorded} is recorded; taken as {day.isoformat()}, the "
                                   "earliest day that is possible"))  # fmt: skip
    return day


def _unusable(here: ParticipantState) -> Iterator[Query]:
    """Name what has no day at all."""
    for each in here.course.therapies:
        if each.since is None:
            yield Query("therapy", "another anticancer therapy without a day; it censors nothing")
