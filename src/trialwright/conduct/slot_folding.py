"""Folding requests for places: asked for, held, given back, linked with a participant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import cast

from trialwright.conduct.legible import Legible
from trialwright.conduct.screening import STUDY_NUMBER
from trialwright.conduct.slot_records import Ending, EndWord, PassOver, Reservation, SlotRequest
from trialwright.conduct.state import TrialState


def _requested(state: TrialState, seen: Legible) -> TrialState:
    """Put a request into the wait list."""
    if not seen.is_whole():
        return _noted(state, seen)
    reference = seen.happening.subject
    asked = SlotRequest(
        reference,
        str(seen.value("arm")),
        str(seen.value("site")),
        seen.happening.on,
        seen.record.sequence,
        reference if STUDY_NUMBER.fullmatch(reference) else "",
    )
    return _with(state, seen, asked)


def _reserved(state: TrialState, seen: Legible) -> TrialState:
    """Hold a place."""
    request = state.slots.of(seen.happening.subject)
    if request is None or not seen.is_whole():
        return _noted(state, seen)
    held = Reservation(
        cast(int, seen.value("cohort")),
        seen.happening.on,
        date.fromisoformat(str(seen.value("until"))),
        seen.happening.reason,
        seen.record.sequence,
    )
    return _with(state, seen, replace(request, reservation=held))


def _passed_over(state: TrialState, seen: Legible) -> TrialState:
    """Note that somebody later was given a place first."""
    request = state.slots.of(seen.happening.subject)
    if request is None or not seen.is_whole():
        return _noted(state, seen)
    passed = PassOver(
        seen.happening.on,
        str(seen.value("chosen")),
        str(seen.value("why")),
        seen.record.sequence,
    )
    return _with(state, seen, replace(request, passed_over=(*request.passed_over, passed)))


def _linked(state: TrialState, seen: Legible) -> TrialState:
    """Note for which participant a request was made."""
    request = state.slots.of(seen.happening.subject)
    if request is None or not seen.is_whole():
        return _noted(state, seen)
    return _with(state, seen, replace(request, participant=str(seen.value("participant"))))


def _ended(state: TrialState, seen: Legible) -> TrialState:
    """Note that a request has ended; that rests on nothing that could be redacted."""
    request, done = state.slots.of(seen.happening.subject), seen.happening
    if request is None:
        return _noted(state, seen)
    end = Ending(_ENDS[done.act], done.on, done.reason, seen.record.sequence)
    return _with(state, seen, replace(request, ended=end))


def _with(state: TrialState, seen: Legible, request: SlotRequest) -> TrialState:
    """Give a state in which a request stands as said."""
    return _noted(replace(state, slots=state.slots.with_request(request)), seen)


def _noted(state: TrialState, seen: Legible) -> TrialState:
    """Note a happening about a request id; those of a participant are noted with them."""
    subject = seen.happening.subject
    if subject in state.participants:
        return state
    book = state.slots.with_entry(subject, seen.record.sequence, seen.happening.act)
    return replace(state, slots=book)


_ENDS: dict[str, EndWord] = {
    "slot_released": "released",
    "slot_refused": "refused",
    "slot_withdrawn": "withdrawn",
    "slot_expired": "expired",
}

SLOT_STEPS: dict[str, Callable[[TrialState, Legible], TrialState]] = {
    "slot_requested": _requested,
    "slot_reserved": _reserved,
    "slot_passed_over": _passed_over,
    "slot_linked": _linked,
    **dict.fromkeys(_ENDS, _ended),
}
"""Act of a happening about a place to the function that adds it."""
