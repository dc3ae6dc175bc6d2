"""Backfilling: a registered participant treated below the running cohort, beside the cohorts."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.dose_meeting import backfill_of, with_backfilled
from trialwright.conduct.happenings import Happening
from trialwright.conduct.registration import assignable, assignment
from trialwright.conduct.slot_holding import places
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

if TYPE_CHECKING:
    from trialwright.escalation.backfill import OpenLevel


def backfill(state: TrialState, act: AssignBackfill) -> tuple[Happening, ...]:
    """Assign a registered participant to a dose level that is open for backfilling.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : AssignBackfill
        Participant, dose level, day and the agents chosen.

    Returns
    -------
    tuple of Happening
        `backfilled`; no place of the cohort is taken.

    Raises
    ------
    Refusal
        If the participant is not registered by that day or is assigned; if the arm has no backfill
        or its escalation has ended; if the dose decision waits for signatures, or people hold or
        have closed the cohort; if the design has closed the dose level of the cohort, or what
        became known contradicts the last dose decision; if a place of the running cohort is free,
        or held for this participant; if the level is not open by the rule, with its reason, or is
        not the one that the protocol takes of those open; or if a choice that the arm asks for is
        missing or is none of those offered.
    """
    here = assignable(state, act.participant, act.on)
    found = levels_open(state, here.arm, act.on)
    faults = [*_place_faults(state, here.arm, here.number, act.on),
              *_level_faults(state, here.arm, act, found)]  # fmt: skip
    if faults:
        raise Refusal(faults)
    because = next(each.because for each in found if each.level == act.level)
    payload = assignment(state, here, act, act.level, f"open for backfilling: {because}")
    return (Happening("backfilled", act.participant, act.on, payload),)


def levels_open(state: TrialState, arm: str, as_of: date) -> "tuple[OpenLevel, ...]":
    """Say which dose levels below the running cohort are open for backfilling.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id.
    as_of : date
        Data up to this day count.

    Returns
    -------
    tuple of OpenLevel
        Of every level below the running cohort, by the rule that decides at the dose meeting.

    Raises
    ------
    Refusal
        If the trial is not open, the protocol puts no backfill around the design of the arm, or
        its escalation has ended.
    """
    found, cohort = state.study.required_arm(arm), state.cohorts.get(arm)
    around = backfill_of(found)
    if around is None:
        raise refuse(f"arm {arm}", f"{found.escalation.name} without backfill",
                     "an arm with backfill around its design",
                     "Assign the participant to a place of the cohort")  # fmt: skip
    if cohort is None or cohort.level is None:
        because = cohort.because if cohort else "the trial is not open"
        raise refuse(f"arm {arm}", because, "an escalation that goes on",
                     "Nobody is backfilled after its end")  # fmt: skip
    data = with_backfilled(state, arm, as_of)
    return around.open_levels(data.cohorts.seen, data.more, data.cohorts.at, data.responses)


def level_taken(state: TrialState, arm: str, found: "Sequence[OpenLevel]") -> int | None:
    """Give the dose level at which the next participant is backfilled.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id, one with backfill.
    found : sequence of OpenLevel
        As `levels_open` gives them.

    Returns
    -------
    int or None
        The highest or the lowest of those open, as the protocol says; None when none is.
    """
    around = state.study.required_arm(arm).escalation.backfill
    ladder = [each.level for each in found if each.is_open]
    if around is None or not ladder:
        return None
    return max(ladder) if around.choice == "highest" else min(ladder)


def _place_faults(state: TrialState, arm: str, participant: str, on: date) -> Iterator[Fault]:
    """Send whoever can have a place of the running cohort there."""
    now = places(state, arm, on)
    do = "Assign the participant to the cohort"
    if participant in {each.participant for each in now.held}:
        yield Fault(participant, "a place of the running cohort is held for this participant",
                    "nobody for whom a place is held", do)  # fmt: skip
    elif now.free > 0:
        yield Fault(f"arm {arm}", f"{now.free} free in the running cohort",
                    "a cohort of which every place is taken or held", do)  # fmt: skip


def _level_faults(
    state: TrialState, arm: str, act: AssignBackfill, found: "Sequence[OpenLevel]"
) -> Iterator[Fault]:
    """Refuse a level that is not open, and one that the protocol does not take."""
    taken = level_taken(state, arm, found)
    allowed = "none is open" if taken is None else f"dose level {taken}"
    named = {each.level: each for each in found}.get(act.level)
    where, do = "level", "Wait for a place of the cohort"
    if taken is not None:
        do = "Take that level"
    if named is None:
        yield Fault(where, f"dose level {shorten(act.level)}, not below the running cohort",
                    allowed, do)  # fmt: skip
    elif not named.is_open:
        yield Fault(where, f"dose level {act.level} is closed: {named.because}", allowed, do)
    elif act.level != taken:
        choice = state.study.required_arm(arm).escalation.backfill
        word = choice.choice if choice else ""
        yield Fault(where, f"dose level {act.level}; of those open the protocol takes the {word}",
                    allowed, do)  # fmt: skip
