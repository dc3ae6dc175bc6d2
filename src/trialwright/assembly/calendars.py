"""The calendar of a participant, and what is due in a trial, by its ledger."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from trialwright.assembly.clock import require_reach
from trialwright.assembly.files import write_new
from trialwright.assembly.recruiting import state_on
from trialwright.casebook.course import CycleDelay
from trialwright.conduct.acts import RecordDoses
from trialwright.conduct.clinical import record_entry
from trialwright.conduct.clinical_acts import DelayCycle
from trialwright.conduct.course_rules import require_course
from trialwright.conduct.due import (
    DatedVisit,
    DueVisit,
    calendar_of,
    due_visits,
    obligations_of,
    planned_until,
)
from trialwright.conduct.holds import doses_if_held
from trialwright.conduct.planning import (
    code_of,
    preview,
    preview_hold,
)
from trialwright.conduct.screening import known
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.sources import Source
from trialwright.visits.follow_up import Duty
from trialwright.visits.windows import PlannedVisit


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is planned for one participant.

    Attributes
    ----------
    participant : str
        Study number.
    as_of : date
        The day up to which happenings count.
    visits : tuple of DatedVisit
        Visits on treatment, and follow-up once it is over, by day.
    recorded : tuple of (str, str)
        Code and day of each visit that is recorded.
    duties : tuple of Duty
        Obligations with their days.
    """

    participant: str
    as_of: date
    visits: tuple[DatedVisit, ...]
    recorded: tuple[tuple[str, str], ...]
    duties: tuple[Duty, ...]


def calendar_on(
    folder: Path, protocol: str, participant: str, as_of: date, cycles: int
) -> Calendar:
    """Lay out the calendar of a participant.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    participant : str
        Study number.
    as_of : date
        The day; what happened later is left out.
    cycles : int
        How many cycles, from the first.

    Returns
    -------
    Calendar
        Every date with the rule that made it; without visits while no first dose is planned. Once
        treatment is over, no later visit on treatment is part of it, and follow-up is, up to
        12 weeks beyond the day.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, nobody consented under that number, or the day lies
        more than two years ahead.
    """
    require_reach(as_of)
    state, here = _at_the_site(folder, protocol, participant, as_of)
    return Calendar(
        participant,
        as_of,
        calendar_of(state, here, cycles, as_of + timedelta(days=FEED_DAYS), as_of),
        tuple(_recorded(here)),
        obligations_of(state, here),
    )


def _at_the_site(
    folder: Path, protocol: str, participant: str, as_of: date
) -> tuple[TrialState, ParticipantState]:
    """Fold a ledger, under the version of the protocol in force where a participant is."""
    state = state_on(protocol, folder, as_of)
    here = known(state, participant)
    return state.as_at(here.site), here


FEED_DAYS = 84
"""How far a feed of visits reaches beyond its day: three cycles."""


def feed_of(state: TrialState, people: Iterable[ParticipantState], as_of: date) -> bytes:
    """Write the planned visits of participants as a feed for calendars.

    Parameters
    ----------
    state : TrialState
        Of the trial.
    people : iterable of ParticipantState
        Whose visits.
    as_of : date
        The day from which it reaches ahead; earlier visits are part of it.

    Returns
    -------
    bytes
        iCalendar: study number and visit code, and nothing else of anybody.
    """
    from trialwright.reports.calendar_feed import calendar_feed  # its library is slow to load

    until = as_of + timedelta(days=FEED_DAYS)
    visits: dict[tuple[str, str], date] = {}
    for here in people:
        for each in planned_until(state, here, until):
            first = visits.get((here.number, each.code), each.on)
            visits[here.number, each.code] = min(first, each.on)
    rows = sorted((on, number, code) for (number, code), on in visits.items())
    return calendar_feed(
        state.study.identifiers.nct, ((number, code, on) for on, number, code in rows), as_of
    )


def write_feed(file: Path, folder: Path, protocol: str, as_of: date) -> None:
    """Write the planned visits of a trial to a file for calendars, by its ledger.

    Parameters
    ----------
    file : Path
        A new file.
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    as_of : date
        The day.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, the day lies more than two years ahead, or the file
        cannot be written anew.
    """
    require_reach(as_of)
    state = state_on(protocol, folder, as_of)
    write_new(file, feed_of(state, state.participants.values(), as_of).decode())


def moved_on(
    folder: Path, protocol: str, participant: str, as_of: date, cycles: int, delay: tuple[int, date]
) -> tuple[tuple[str, PlannedVisit, PlannedVisit], ...]:
    """Show which visits a delayed cycle would move; nothing is recorded.

    Parameters
    ----------
    folder, protocol, participant, as_of, cycles
        As in `calendar_on`.
    delay : tuple of int and date
        The cycle, and the day on which it would begin.

    Returns
    -------
    tuple of (str, PlannedVisit, PlannedVisit)
        Code of each visit that would move, as planned now and as planned then.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, nobody consented under that number, or the delay
        would be refused.
    """
    state, here = _at_the_site(folder, protocol, participant, as_of)
    entry = CycleDelay(*delay, "other", Source("person", "preview"))
    act = DelayCycle(participant, as_of, entry)
    require_course(state, act)
    record_entry(state, act)  # it refuses what an entry would be refused for
    return tuple(
        (code_of(state, here, now), now, then) for now, then in preview(state, act, cycles)
    )


def moved_if_held(
    folder: Path,
    protocol: str,
    participant: str,
    as_of: date,
    cycles: int,
    hold: tuple[date, date],
) -> tuple[tuple[str, PlannedVisit, PlannedVisit], ...]:
    """Show which visits a hold would move; nothing is recorded.

    Parameters
    ----------
    folder, protocol, participant, as_of, cycles
        As in `calendar_on`.
    hold : tuple of date and date
        First and last day of the hold.

    Returns
    -------
    tuple of (str, PlannedVisit, PlannedVisit)
        As `moved_on` gives them; empty where the protocol says that no hold moves anything.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, nobody consented under that number, treatment is
        over, or the days cannot be held.
    """
    state, here = _at_the_site(folder, protocol, participant, as_of)
    doses = doses_if_held(state, here, *hold)
    require_course(state, RecordDoses(participant, max(as_of, hold[1]), doses))
    moved = preview_hold(state, here, *hold, cycles)
    return tuple((code_of(state, here, now), now, then) for now, then in moved)


def moved_rows(
    moved: tuple[tuple[str, PlannedVisit, PlannedVisit], ...],
) -> tuple[tuple[str, ...], ...]:
    """Give what would move as rows of words.

    Parameters
    ----------
    moved : tuple
        From `moved_on`.

    Returns
    -------
    tuple of tuple of str
        Headed.
    """
    return (
        ("code", "planned now", "planned then", "earliest then", "latest then", "what and why"),
        *(
            (code, now.on.isoformat(), then.on.isoformat(), then.earliest.isoformat(),
             then.latest.isoformat(), f"{then.says}: {then.because}")
            for code, now, then in moved
        ),
    )  # fmt: skip


def due_on(folder: Path, protocol: str, as_of: date) -> tuple[DueVisit, ...]:
    """List the visits of a trial that are due or overdue.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    as_of : date
        The day.

    Returns
    -------
    tuple of DueVisit
        The one whose window ends first comes first.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, or the day lies more than two years ahead.
    """
    require_reach(as_of)
    state: TrialState = state_on(protocol, folder, as_of)
    return due_visits(state, as_of)


def calendar_rows(shown: Calendar) -> tuple[tuple[str, ...], ...]:
    """Give a calendar as rows of words.

    Parameters
    ----------
    shown : Calendar
        From `calendar_on`.

    Returns
    -------
    tuple of tuple of str
        Visits, then obligations; headed.
    """
    done = dict(shown.recorded)
    return (
        ("code", "planned", "earliest", "latest", "recorded", "what and why"),
        *(
            (
                each.code,
                each.on.isoformat(),
                each.earliest.isoformat(),
                each.latest.isoformat(),
                done.get(each.code, "-"),
                f"{each.says}: {each.because}",
            )
            for each in shown.visits
        ),
        *(
            ("duty", "-", _day(each.from_on), _day(each.until_on), "-",
             f"{each.says}: {each.because}")
            for each in shown.duties
        ),
    )  # fmt: skip


def due_rows(due: tuple[DueVisit, ...]) -> tuple[tuple[str, ...], ...]:
    """Give what is due as rows of words.

    Parameters
    ----------
    due : tuple of DueVisit
        From `due_on`.

    Returns
    -------
    tuple of tuple of str
        Headed.
    """
    return (
        ("participant", "code", "standing", "planned", "earliest", "latest", "why"),
        *(
            (each.participant, each.code, each.standing, each.on.isoformat(),
             each.earliest.isoformat(), each.latest.isoformat(), each.because)
            for each in due
        ),
    )  # fmt: skip


def plain(rows: tuple[tuple[str, ...], ...]) -> list[dict[str, Any]]:
    """Give rows as mappings, for JSON.

    Parameters
    ----------
    rows : tuple of tuple of str
        Headed.

    Returns
    -------
    list of dict
        One for each row; `-` is null.
    """
    head, *others = rows
    return [
        {name: None if value == "-" else value for name, value in zip(head, row, strict=True)}
        for row in others
    ]


def _recorded(here: ParticipantState) -> Iterator[tuple[str, str]]:
    """Give the visits that are recorded, each with its day or what became of it."""
    for each in here.course.visits:
        yield each.visit.code, str(each.visit.on or each.visit.outcome)


def _day(day: date | None) -> str:
    """Write a day, or that it is open."""
    return day.isoformat() if day else "-"
