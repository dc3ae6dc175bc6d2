"""Which places are held and who waits, as of a day: worked out from requests and happenings."""

from dataclasses import dataclass
from datetime import date, timedelta

from trialwright.conduct.acts import Act, Assign, DecideDose, Register
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.cohort_control import changes_of, holds
from trialwright.conduct.dlt_statuses import dlt_status, free_places
from trialwright.conduct.happenings import Happening
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.slot_records import Ending, Reservation, SlotRequest
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.canonical import Json

_DAY = timedelta(days=1)


def participant_of(state: TrialState, request: SlotRequest) -> ParticipantState | None:
    """Give the participant of a request.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    request : SlotRequest
        The request.

    Returns
    -------
    ParticipantState or None
        None while nobody has consented for it.
    """
    return state.participants.get(request.participant)


def held_until(state: TrialState, request: SlotRequest, as_of: date) -> date | None:
    """Give the last day on which a reservation holds, unless the participant is registered.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    request : SlotRequest
        One with a reservation.
    as_of : date
        The day; days on hold up to then do not count.

    Returns
    -------
    date or None
        None while the cohort is on hold: the day is not known.
    """
    reserved = _reservation(request)
    last = reserved.until
    for began, ended in holds(changes_of(state, request.arm, reserved.cohort), as_of):
        since = max(began, reserved.on)
        if since > last or (ended is not None and ended <= since):
            continue
        if ended is None:
            return None
        last += ended - since
    return last


def ending(state: TrialState, request: SlotRequest, as_of: date) -> Ending | None:
    """Say how a request has ended.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    request : SlotRequest
        The request.
    as_of : date
        An expiry by this day counts, whether or not it is recorded.

    Returns
    -------
    Ending or None
        None while it waits, holds a place, or somebody was assigned by it.
    """
    if request.ended is not None:
        return request.ended
    if request.reservation is None or _is_kept(state, request, as_of):
        return None
    last, lapsed = held_until(state, request, as_of), _lapsed_on(state, request)
    if last is None or as_of <= last or (lapsed is not None and lapsed <= last):
        return None
    return Ending("expired", last + _DAY)


def is_assigned(state: TrialState, request: SlotRequest) -> bool:
    """Say whether the participant of a request has a dose level.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    request : SlotRequest
        The request.

    Returns
    -------
    bool
        True from the assignment on.
    """
    here = participant_of(state, request)
    return here is not None and here.assigned_on is not None


def holds_place(state: TrialState, request: SlotRequest, as_of: date) -> bool:
    """Say whether a place is held for a request, and nobody assigned to it yet.

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
    bool
        False when it expired, or its cohort was closed or decided upon.
    """
    return (
        request.reservation is not None
        and not is_assigned(state, request)
        and ending(state, request, as_of) is None
        and _lapsed_on(state, request) is None
    )


def waits(state: TrialState, request: SlotRequest, as_of: date) -> bool:
    """Say whether a request is in the wait list.

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
    bool
        True also when the cohort of its reservation was closed or decided upon before anybody was
        assigned: it waits again, at its old place.
    """
    return (
        not is_assigned(state, request)
        and ending(state, request, as_of) is None
        and not holds_place(state, request, as_of)
    )


@dataclass(frozen=True, slots=True)
class Places:
    """The places of an arm's open cohort as of a day.

    Attributes
    ----------
    untaken : int
        Places of the cohort that no participant takes; whoever is not DLT-evaluable is replaced.
    held : tuple of SlotRequest
        Requests for which one is held, the earliest reservation first.
    """

    untaken: int
    held: tuple[SlotRequest, ...]

    @property
    def free(self) -> int:
        """Places that are neither taken nor held; below 0 when somebody counts after all."""
        return self.untaken - len(self.held)


def places(state: TrialState, arm: str, as_of: date) -> Places:
    """Count the places of an arm's open cohort.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; the trial is open.
    arm : str
        Arm id.
    as_of : date
        Data up to this day count.

    Returns
    -------
    Places
        None untaken when the escalation has stopped.
    """
    statuses = [dlt_status(state, each, as_of) for each in state.of_arm(arm)]
    held = [each for each in state.slots.every(arm) if holds_place(state, each, as_of)]
    held.sort(key=lambda each: _reservation(each).sequence)
    return Places(free_places(state.cohorts.get(arm), statuses), tuple(held))


def fallen_due(state: TrialState, act: Act) -> tuple[Happening, ...]:
    """Give what has fallen due before an act on a cohort and is to be recorded first.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked; only acts on a cohort or its places have anything fall due.

    Returns
    -------
    tuple of Happening
        `slot_expired` for each reservation of the arm that has expired by the day of the act. The
        read side works the same out without them.
    """
    arm, due = _arm_of(state, act), []
    for request in state.slots.every(arm) if arm else ():
        ended = ending(state, request, act.on) if request.ended is None else None
        if ended is not None:
            cohort = _reservation(request).cohort
            payload: dict[str, Json] = {"arm": request.arm, "cohort": cohort}
            due.append(Happening("slot_expired", request.reference, ended.on, payload))
    return tuple(due)


def _arm_of(state: TrialState, act: Act) -> str:
    """Give the arm whose cohort an act is about; empty when it is about none."""
    match act:
        case RequestSlot() | Register() | DecideDose():
            return act.arm
        case OpenCohort() | HoldCohort() | ResumeCohort() | CloseCohort():
            return act.arm
        case ReserveSlot() | ReleaseSlot() | RefuseSlot() | WithdrawSlot() | LinkSlot():
            request = state.slots.of(act.reference)
            return request.arm if request else ""
        case Assign() | AssignBackfill():
            here = state.participants.get(act.participant)
            return here.arm if here else ""
        case _:
            return ""


def _reservation(request: SlotRequest) -> Reservation:
    """Give the reservation of a request that has one."""
    if request.reservation is None:
        raise ValueError("no place was ever held for this request")
    return request.reservation


def _is_kept(state: TrialState, request: SlotRequest, as_of: date) -> bool:
    """Say whether the participant was registered for the arm while the place was held."""
    here = participant_of(state, request)
    if here is None or here.registered_on is None or here.arm != request.arm:
        return False
    last = held_until(state, request, as_of)
    return last is None or here.registered_on <= last


def _lapsed_on(state: TrialState, request: SlotRequest) -> date | None:
    """Give the day on which the cohort of a reservation was closed or decided upon."""
    reserved, cohort = _reservation(request), state.cohorts[request.arm]
    days = [each.decided_on for each in cohort.earlier if each.number == reserved.cohort]
    days += [
        each.on
        for each in changes_of(state, request.arm, reserved.cohort)
        if each.change == "closed" and each.sequence > reserved.sequence
    ]
    return min(days, default=None)
