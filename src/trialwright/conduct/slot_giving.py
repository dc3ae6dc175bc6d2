"""Holding a place for a request, giving it back, and ending a request that waits."""

from collections.abc import Iterator, Sequence

from trialwright.conduct.cohort_control import reason_faults, taking_faults
from trialwright.conduct.dose_meeting import objections
from trialwright.conduct.happenings import Happening
from trialwright.conduct.slot_acts import RefuseSlot, ReleaseSlot, ReserveSlot, WithdrawSlot
from trialwright.conduct.slot_asking import day_faults, required_request
from trialwright.conduct.slot_holding import ending, holds_place, is_assigned, places, waits
from trialwright.conduct.slot_queue import Waiting, next_in_line, passing_over, wait_list
from trialwright.conduct.slot_records import SlotRequest
from trialwright.conduct.state import TrialState
from trialwright.protocol.slot_settings import SlotSettings
from trialwright.terms.canonical import Json
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Fault, Refusal


def reserve_slot(state: TrialState, act: ReserveSlot) -> tuple[Happening, ...]:
    """Hold a free place of the open cohort for a request.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : ReserveSlot
        Reference, day, and the reason for a choice.

    Returns
    -------
    tuple of Happening
        `slot_passed_over` for each request ahead in the list, then `slot_reserved`.

    Raises
    ------
    Refusal
        If the request does not wait, the cohort takes nobody, no place is free, or another request
        is next; where the sponsor chooses, only without the reason.
    """
    request = required_request(state, act.reference)
    settings = state.study.slots
    if settings is None:  # refused already, by the same setting
        raise ValueError("a request without slots in the protocol")
    faults = [
        *day_faults(state, act, request.arm),
        *_waits_faults(state, request, act),
    ]
    if faults:
        raise Refusal(faults)
    faults = [*_place_faults(state, request, act)]
    line = wait_list(state, request.arm, act.on)
    mine = next(each for each in line if each.request == request)
    ahead = line[: mine.place - 1]
    faults += _turn_faults(settings, act, mine, ahead)
    if faults:
        raise Refusal(faults)
    cohort = state.cohorts[request.arm]
    payload: dict[str, Json] = {
        "arm": request.arm,
        "level": cohort.level,
        "cohort": cohort.number,
        "until": days_after(act.on, settings.reservation_days).isoformat(),
        "policy": settings.policy,
        "place": mine.place,
    }
    held = Happening("slot_reserved", request.reference, act.on, payload, act.reason.strip())
    return (*passing_over(ahead, request.reference, act.on), held)


def release_slot(state: TrialState, act: ReleaseSlot) -> tuple[Happening, ...]:
    """Give back a place that is held.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : ReleaseSlot
        Reference, day and reason.

    Returns
    -------
    tuple of Happening
        `slot_released`.

    Raises
    ------
    Refusal
        If no place is held for the request, or no reason is given.
    """
    request = required_request(state, act.reference)
    faults = [*day_faults(state, act, request.arm)]
    if not holds_place(state, request, act.on):
        faults.append(Fault("reference", _stand(state, request, act),
                            "a request for which a place is held",
                            "Withdraw a request that waits"))  # fmt: skip
    faults += reason_faults(act.reason)
    if faults:
        raise Refusal(faults)
    return (_ended("slot_released", request, act),)


def end_request(state: TrialState, act: RefuseSlot | WithdrawSlot) -> tuple[Happening, ...]:
    """Refuse a request that waits, or take it back.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RefuseSlot or WithdrawSlot
        Reference, day and reason.

    Returns
    -------
    tuple of Happening
        `slot_refused` or `slot_withdrawn`.

    Raises
    ------
    Refusal
        If the request does not wait, or it is refused without a reason.
    """
    request = required_request(state, act.reference)
    faults = [*day_faults(state, act, request.arm), *_waits_faults(state, request, act)]
    if isinstance(act, RefuseSlot):
        faults += reason_faults(act.reason)
    if faults:
        raise Refusal(faults)
    done = "slot_refused" if isinstance(act, RefuseSlot) else "slot_withdrawn"
    return (_ended(done, request, act),)


def _ended(
    done: str, request: SlotRequest, act: ReleaseSlot | RefuseSlot | WithdrawSlot
) -> Happening:
    """Give what is recorded at the end of a request; the reason stands where it can be redacted."""
    payload = {"arm": request.arm}
    return Happening(done, request.reference, act.on, payload, act.reason.strip())


def _waits_faults(
    state: TrialState, request: SlotRequest, act: ReserveSlot | RefuseSlot | WithdrawSlot
) -> Iterator[Fault]:
    """Refuse what can only be done with a request that waits."""
    if not waits(state, request, act.on):
        do = (
            "Release a place that is held"
            if holds_place(state, request, act.on)
            else ("Request a slot anew" if not is_assigned(state, request) else "Nothing is to do")
        )
        yield Fault("reference", _stand(state, request, act), "a request that waits", do)


def _stand(
    state: TrialState,
    request: SlotRequest,
    act: ReserveSlot | ReleaseSlot | RefuseSlot | WithdrawSlot,
) -> str:
    """Say where a request stands, without its reason."""
    ended = ending(state, request, act.on)
    if is_assigned(state, request):
        return f"{request.reference}, by which somebody was assigned"
    if ended is not None:
        return f"{request.reference} {ended.word} on {ended.on.isoformat()}"
    if holds_place(state, request, act.on):
        return f"{request.reference}, for which a place is held"
    return f"{request.reference}, which waits"


def _place_faults(state: TrialState, request: SlotRequest, act: ReserveSlot) -> Iterator[Fault]:
    """Refuse to hold a place where none is free, or nobody is let in."""
    cohort = state.cohorts[request.arm]
    if cohort.opened_on and act.on < cohort.opened_on:
        yield Fault("on", f"{act.on.isoformat()}, before the cohort was opened",
                    f"{cohort.opened_on.isoformat()} or later", "Correct the day")  # fmt: skip
    if cohort.level is not None:
        yield from taking_faults(state, request.arm, act.on)
    yield from objections(state, request.arm, act.on)
    now = places(state, request.arm, act.on)
    if now.free < 1:
        names = ", ".join(each.reference for each in now.held) or "nobody"
        yield Fault(f"arm {request.arm}", f"no place is free at dose level {cohort.level}: "
                    f"{max(now.untaken, 0)} untaken, held for {names}",
                    "a place that is neither taken nor held",
                    "Wait: the board tells when one may become free")  # fmt: skip


def _turn_faults(
    settings: SlotSettings, act: ReserveSlot, mine: Waiting, ahead: Sequence[Waiting]
) -> Iterator[Fault]:
    """Refuse to pass over whoever is next, and a choice without its reason."""
    if mine.obstacle:
        yield Fault(mine.request.reference, f"{mine.obstacle}: {mine.request.site}",
                    "a request of an active site below its limit",
                    "Wait, or release a place of that site")  # fmt: skip
    upcoming = next_in_line(ahead)
    is_chosen = settings.policy == "sponsor-choice"
    if upcoming is None:
        return
    if not is_chosen:
        yield Fault(mine.request.reference, f"place {mine.place} in the wait list; "
                    f"{upcoming.request.reference} is next ({upcoming.because})",
                    f"the next by the policy {settings.policy}",
                    "Reserve for the next, or let that request be withdrawn")  # fmt: skip
    elif not act.reason.strip():
        yield Fault("reason", f"no reason to pass over {upcoming.request.reference}, the next "
                    f"({upcoming.because})", "a reason",
                    "Say why, without naming a participant")  # fmt: skip
