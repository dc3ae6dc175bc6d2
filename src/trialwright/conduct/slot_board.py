"""The cohort board: arms and dose levels with places, wait list, DLT windows and forecast."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.conduct.cohort_state import CohortStanding, CohortWord, standing
from trialwright.conduct.slot_forecast import Forecast, forecast
from trialwright.conduct.slot_holding import ending, held_until, holds_place, participant_of
from trialwright.conduct.slot_queue import next_in_line, wait_list
from trialwright.conduct.slot_records import EndWord, SlotRequest
from trialwright.conduct.slot_windows import WindowProgress
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.protocol.arms import Arm

SlotWord = Literal[
    "free",
    "planned",
    "on hold",
    "closed",
    "requested",
    "reserved",
    "consented",
    "screening",
    "eligible",
    "enrolled",
    "dosed",
    "evaluable",
    "DLT",
    "not evaluable",
    "released",
    "refused",
    "withdrawn",
    "expired",
]
"""Where a place, or the request for one, stands. Untaken, it is `free`, or stands as its cohort
while that takes nobody: `planned`, `on hold` or `closed`. From `consented` on it is the
participant's own happenings that say so: consent, screening, registration (`eligible`), assignment
(`enrolled`), first dose, and whether the participant is DLT-evaluable; who is not is replaced by a
free place."""


@dataclass(frozen=True, slots=True)
class SlotCard:
    """One place of a dose level.

    Attributes
    ----------
    state : SlotWord
        One word.
    because : str
        Why; empty for a free place.
    reference, participant, site : str
        For whom; empty for one that is untaken. The participant is empty before consent.
    until : date or None
        Last day on which the place is held, where it can be lost.
    window : WindowProgress or None
        How far the DLT window is, once there is a dose level.
    """

    state: SlotWord
    because: str = ""
    reference: str = ""
    participant: str = ""
    site: str = ""
    until: date | None = None
    window: WindowProgress | None = None


@dataclass(frozen=True, slots=True)
class LevelColumn:
    """One dose level of an arm.

    Attributes
    ----------
    level : int
        1 = lowest.
    dose : str
        Amount and unit.
    state : CohortWord
        Where its cohort stands.
    because : str
        Why.
    slots : tuple of SlotCard
        Participants in the order of assignment, then held places, then untaken ones.
    """

    level: int
    dose: str
    state: CohortWord
    because: str
    slots: tuple[SlotCard, ...]


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One line of the wait list.

    Attributes
    ----------
    place : int
        From 1.
    reference, participant, site : str
        Who waits; the participant is empty before consent.
    on : date
        Day of the request.
    is_next : bool
        Whether the next free place is this one's by the policy.
    because : str
        Why it stands here.
    obstacle : str
        What keeps it from being next, a free place apart; empty: nothing.
    passed_over : int
        How often somebody later was given a place first.
    """

    place: int
    reference: str
    participant: str
    site: str
    on: date
    is_next: bool
    because: str
    obstacle: str
    passed_over: int


@dataclass(frozen=True, slots=True)
class EndedLine:
    """A request that ended without anybody being assigned.

    Attributes
    ----------
    reference, site : str
        Whose it was.
    state : {'released', 'refused', 'withdrawn', 'expired'}
        How it ended.
    on : date
        Since when.
    reason : str
        As given; empty for an expiry.
    """

    reference: str
    site: str
    state: EndWord
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ArmBoard:
    """One arm of the board.

    Attributes
    ----------
    arm, says : str
        Id, and the arm in words.
    cohort : CohortStanding
        Where its open cohort stands.
    levels : tuple of LevelColumn
        Lowest first.
    waiting : tuple of WaitingLine
        In the order of the policy.
    ended : tuple of EndedLine
        In ledger order.
    forecast : Forecast
        When the next place may become free.
    """

    arm: str
    says: str
    cohort: CohortStanding
    levels: tuple[LevelColumn, ...]
    waiting: tuple[WaitingLine, ...]
    ended: tuple[EndedLine, ...]
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Board:
    """The cohort board of a trial.

    Attributes
    ----------
    as_of : date
        The day.
    policy : str
        Who of the wait list is next; empty when the protocol declares no slots.
    label : str
        `illustrative, ...` when the registry page does not state the slot settings; else empty.
    arms : tuple of ArmBoard
        In the order of the protocol.
    """

    as_of: date
    policy: str
    label: str
    arms: tuple[ArmBoard, ...]


def board(state: TrialState, as_of: date) -> Board:
    """Lay out the cohort board.

    Parameters
    ----------
    state : TrialState
        Where the trial stands, with what happened up to that day.
    as_of : date
        The day; what expired by then counts whether or not it is recorded.

    Returns
    -------
    Board
        Arms by dose levels.
    """
    settings = state.study.slots
    return Board(
        as_of,
        settings.policy if settings else "",
        settings.label if settings else "",
        tuple(_arm(state, arm, as_of) for arm in state.study.arms),
    )


def slot_word(state: TrialState, request: SlotRequest, as_of: date) -> SlotWord:
    """Say where a request stands, until somebody is assigned by it.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    request : SlotRequest
        The request.
    as_of : date
        The day.

    Returns
    -------
    SlotWord
        `enrolled` once the participant has a dose level.
    """
    here, ended = participant_of(state, request), ending(state, request, as_of)
    if ended is not None:
        return ended.word
    if here is not None and here.assigned_on is not None:
        return "enrolled"
    if not holds_place(state, request, as_of):
        return "requested"
    if here is None:
        return "reserved"
    if here.registered_on is not None:
        return "eligible"
    return "screening" if request.arm in here.screened_for else "consented"


def _arm(state: TrialState, arm: Arm, as_of: date) -> ArmBoard:
    """Lay out one arm."""
    now = standing(state, arm.id, as_of)
    return ArmBoard(
        arm.id,
        arm.says,
        now,
        tuple(
            _level(state, arm, level, now, as_of) for level in range(1, len(arm.ladder.doses) + 1)
        ),
        tuple(_waiting(state, arm.id, as_of)),
        tuple(_ended(state, arm.id, as_of)),
        forecast(state, now, as_of),
    )


def _level(
    state: TrialState, arm: Arm, level: int, now: CohortStanding, as_of: date
) -> LevelColumn:
    """Lay out one dose level."""
    word, because = _word(state, level, now)
    slots = [
        _taken(state, state.participants[each.participant], each, as_of)
        for each in now.windows
        if each.dose_level == level
    ]
    if level == now.level:
        slots += [_held(state, each, as_of) for each in now.places.held]
        slots += [_untaken(now)] * max(now.places.free, 0)
    unit = state.study.agents[arm.ladder.agent].dose_unit
    dose = f"{arm.ladder.doses[level - 1]:f} {unit}"
    return LevelColumn(level, dose, word, because, tuple(slots))


def _word(state: TrialState, level: int, now: CohortStanding) -> tuple[CohortWord, str]:
    """Say where the cohort of a dose level stands: the open one, the last one there, or none."""
    if level == now.level:
        return now.state, now.because
    cohort = state.cohorts.get(now.arm)
    before = [each for each in cohort.earlier if each.level == level] if cohort else []
    if before:
        last = before[-1]
        return "decided", f"{last.outcome} on {last.decided_on.isoformat()}: {last.because}"
    if now.level is None and now.number:
        return "closed", now.because
    return "planned", "no cohort has been opened at this dose level"


def _taken(
    state: TrialState, here: ParticipantState, window: WindowProgress, as_of: date
) -> SlotCard:
    """Lay out the place of an assigned participant."""
    counted, word = window.evaluable, _after_assignment(here, window, as_of)
    because = counted.because
    if window.is_backfilled:
        because = f"backfilled, beside the cohorts: {because}"
    elif word == "not evaluable":
        because += "; a place is open for a replacement"
    request = state.slots.of(here.number)
    reference = request.reference if request else here.number
    return SlotCard(word, because, reference, here.number, here.site, None, window)


def _after_assignment(here: ParticipantState, window: WindowProgress, as_of: date) -> SlotWord:
    """Say where the place of an assigned participant stands."""
    match window.evaluable.state:
        case "dlt":
            return "DLT"
        case "evaluable":
            return "evaluable"
        case "not evaluable":
            return "not evaluable"
    first = here.first_dose_on
    return "dosed" if first is not None and first <= as_of else "enrolled"


def _untaken(now: CohortStanding) -> SlotCard:
    """Lay out a place that nobody holds: free, unless nobody is let into the cohort."""
    match now.state:
        case "planned" | "on hold" | "closed":
            return SlotCard(now.state, now.because)
    return SlotCard("free")


def _held(state: TrialState, request: SlotRequest, as_of: date) -> SlotCard:
    """Lay out a place that is held."""
    word, last = slot_word(state, request, as_of), held_until(state, request, as_of)
    reserved = request.reservation.on.isoformat() if request.reservation else ""
    if word == "eligible":
        last, because = None, f"held since {reserved}; registered, so that it is not lost"
    elif last is None:
        because = f"held since {reserved}; the days on hold do not count"
    else:
        because = f"held since {reserved}, to {last.isoformat()} unless registered by then"
    return SlotCard(word, because, request.reference, request.participant, request.site, last)


def _waiting(state: TrialState, arm: str, as_of: date) -> Iterator[WaitingLine]:
    """Lay out the wait list."""
    line = wait_list(state, arm, as_of)
    upcoming = next_in_line(line)
    for each in line:
        asked = each.request
        yield WaitingLine(
            each.place, asked.reference, asked.participant, asked.site, asked.on,
            each is upcoming, each.because, each.obstacle, len(asked.passed_over),
        )  # fmt: skip


def _ended(state: TrialState, arm: str, as_of: date) -> Iterator[EndedLine]:
    """Lay out the requests that ended."""
    for each in state.slots.every(arm):
        ended = ending(state, each, as_of)
        if ended is not None:
            yield EndedLine(each.reference, each.site, ended.word, ended.on, ended.reason)
