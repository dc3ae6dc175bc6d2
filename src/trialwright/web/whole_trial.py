"""What pages ask of the whole trial: worked out once for each entry of the ledger, for everybody.

Each viewer is then shown the part that is theirs. An entry makes all of it be worked out again, of
which what rests on one participant alone was remembered for the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.conduct import slot_board
from trialwright.conduct.course_stages import waits_for_end
from trialwright.conduct.data_checks import data_checks
from trialwright.conduct.due import DueVisit, due_visits
from trialwright.conduct.slot_board import Board
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.warned_medicines import standing_warnings
from trialwright.web import desk
from trialwright.web.bars import Bar, window
from trialwright.web.standing_points import Outlook, Place, outlook_of, place_of

DAYS_AHEAD = 7
"""Visits of so many days are shown; DLT windows of twice as many."""


COMING = "coming"
"""Word for a visit whose window has not opened."""

LAST_DAY = "last day"
"""Word for a visit whose window closes today."""


@dataclass(frozen=True, slots=True)
class Near:
    """A visit near today that is not on record.

    Attributes
    ----------
    visit : DueVisit
        As planned, with every delay that is recorded.
    bar : Bar
        Its window around today.
    when : str
        `last day`, `planned today`, `window open` or `coming`.
    waits : bool
        Whether the end of treatment is recorded before it.
    """

    visit: DueVisit
    bar: Bar
    when: str
    waits: bool

    @property
    def is_ahead(self) -> bool:
        """Whether its window has not opened."""
        return self.when == COMING

    @property
    def is_last_day(self) -> bool:
        """Whether its window closes today."""
        return self.when == LAST_DAY


@dataclass(frozen=True, slots=True)
class Overdue:
    """The visits of one participant whose windows are over without a record.

    Attributes
    ----------
    participant : str
        Study number.
    number : int
        How many visits.
    last : DueVisit
        The one whose window ended last.
    """

    participant: str
    number: int
    last: DueVisit


@dataclass(frozen=True, slots=True)
class Looked:
    """The whole trial as of a day.

    Attributes
    ----------
    board : Board
        The cohort board.
    outlooks : mapping of str to Outlook
        What comes next in each arm.
    ending : tuple of Place
        DLT windows that run and end soon, the first to end first.
    near : tuple of Near
        Visits whose window touches the days from today, by their planned day.
    overdue : tuple of Overdue
        By participant.
    medicines : tuple of (str, str)
        Study number, and the question about a watched medicine that nobody has answered.
    """

    board: Board
    outlooks: Mapping[str, Outlook]
    ending: tuple[Place, ...]
    near: tuple[Near, ...]
    overdue: tuple[Overdue, ...]
    medicines: tuple[tuple[str, str], ...]


def looked_at(state: TrialState, on: date) -> Looked:
    """Look at the whole trial.

    Parameters
    ----------
    state : TrialState
        As `desk.state` gave it.
    on : date
        The day.

    Returns
    -------
    Looked
        Of everybody, whoever asks.
    """
    return desk.desk().once(_looked, state, on)


def events_in(state: TrialState, on: date) -> tuple[tuple[ParticipantState, AdverseEvent], ...]:
    """Give every adverse event with its participant.

    Parameters
    ----------
    state : TrialState
        As `desk.state` gave it.
    on : date
        The day.

    Returns
    -------
    tuple of (ParticipantState, AdverseEvent)
        The highest grade first.
    """
    return desk.desk().once(_events, state, on)


def look_ahead() -> None:
    """Answer for today what pages ask of the whole trial, so that the first viewer waits less."""
    state, on = desk.state(), desk.today()
    looked_at(state, on)
    events_in(state, on)
    for each in state.participants.values():  # the page of queries asks it of everybody
        data_checks(state.as_at(each.site), each, on)


def _looked(state: TrialState, on: date) -> Looked:
    """Work out everything of a day."""
    board = slot_board.board(state, on)
    visits = due_visits(state, on + timedelta(days=DAYS_AHEAD))
    return Looked(
        board,
        {each.arm: outlook_of(state, each.cohort, on) for each in board.arms}
        if state.cohorts else {},
        tuple(_ending(state, on)),
        tuple(_near(state, visits, on)),
        tuple(_overdue(visits, on)),
        tuple((each.number, says) for each in state.participants.values()
              for says in standing_warnings(state.as_at(each.site), each, on)),
    )  # fmt: skip


def _ending(state: TrialState, on: date) -> Iterator[Place]:
    """Give the DLT windows that end soon."""
    soon = on + timedelta(days=2 * DAYS_AHEAD)
    ending = [
        (place.days.last, place.participant.number, place)
        for each in state.participants.values() if each.dose_level is not None
        for place in [place_of(state, each, on)]
        if place.bar and place.days and place.days.last <= soon
    ]  # fmt: skip
    return (place for _, _, place in sorted(ending, key=lambda each: each[:2]))


def _near(state: TrialState, found: tuple[DueVisit, ...], on: date) -> list[Near]:
    """Give the visits whose window is not over."""
    near = [
        Near(
            each,
            window(each.earliest, each.on, each.latest, on),
            _when(each, on),
            waits_for_end(state.participants[each.participant], each),
        )
        for each in found
        if each.latest >= on
    ]
    return sorted(near, key=lambda each: (each.visit.on, each.visit.participant))


def _when(visit: DueVisit, on: date) -> str:
    """Say where today lies in the window."""
    if visit.latest == on:
        return LAST_DAY
    if visit.on == on:
        return "planned today"
    return "window open" if visit.earliest <= on else COMING


def _overdue(found: tuple[DueVisit, ...], on: date) -> Iterator[Overdue]:
    """Sum up for each participant what is overdue."""
    over: dict[str, list[DueVisit]] = {}
    for each in found:
        if each.latest < on:
            over.setdefault(each.participant, []).append(each)
    for number, theirs in over.items():
        yield Overdue(number, len({each.code for each in theirs}), theirs[-1])


def _events(state: TrialState, on: date) -> tuple[tuple[ParticipantState, AdverseEvent], ...]:
    """Sort every adverse event by its grade."""
    events = [(each, event) for each in state.participants.values()
              for event in each.adverse_events]  # fmt: skip
    return tuple(sorted(events, key=lambda pair: (-(pair[1].grade or 0), pair[0].number)))
