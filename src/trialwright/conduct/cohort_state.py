"""Where the open cohort of an arm stands: from what people said, its places and its windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.conduct.cohort_control import control
from trialwright.conduct.dose_meeting import objections, prepare
from trialwright.conduct.slot_holding import Places, places
from trialwright.conduct.slot_windows import WindowProgress, window_of
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Refusal

CohortWord = Literal[
    "planned", "open", "full", "observing", "in review", "decided", "closed", "on hold"
]
"""Where a cohort stands. `full`: every place is taken or held; `observing`: every place is taken
and DLT windows run; `in review`: the dose meeting can decide, or must before anybody is treated."""


@dataclass(frozen=True, slots=True)
class CohortStanding:
    """Where the open cohort of an arm stands as of a day.

    Attributes
    ----------
    arm : str
        Arm id.
    level : int or None
        Dose level; None before the trial is open and when the escalation has stopped.
    number : int
        Of the cohort in its arm, from 1; 0 before the trial is open.
    state : CohortWord
        One word.
    because : str
        Why.
    places : Places
        Untaken and held ones.
    windows : tuple of WindowProgress
        Of every participant assigned to the arm, in the order of their assignment.
    """

    arm: str
    level: int | None
    number: int
    state: CohortWord
    because: str
    places: Places
    windows: tuple[WindowProgress, ...]

    @property
    def free(self) -> int:
        """Places that can be given now; none while nobody is let into the cohort."""
        is_shut = self.state in ("planned", "on hold", "closed")
        return 0 if is_shut else max(self.places.free, 0)


def standing(state: TrialState, arm: str, as_of: date) -> CohortStanding:
    """Say where the open cohort of an arm stands.

    Parameters
    ----------
    state : TrialState
        Where the trial stands, with what happened up to that day.
    arm : str
        Arm id.
    as_of : date
        The day.

    Returns
    -------
    CohortStanding
        With its reason.

    Raises
    ------
    Refusal
        If the trial has no such arm.
    """
    state.study.required_arm(arm)
    cohort = state.cohorts.get(arm)
    if cohort is None:
        return CohortStanding(arm, None, 0, "planned", "the trial is not open", Places(0, ()), ())
    windows = tuple(window_of(state, each, as_of) for each in state.of_arm(arm))
    now, people = places(state, arm, as_of), control(state, arm, as_of)
    word: CohortWord
    if cohort.level is None:
        word, because = "closed", f"the escalation has stopped: {cohort.because}"
    elif people.word != "taking":
        word, because = people.word, people.because
    else:
        word, because = _under_way(state, arm, as_of, now, windows)
    return CohortStanding(arm, cohort.level, cohort.number, word, because, now, windows)


def _under_way(
    state: TrialState, arm: str, as_of: date, now: Places, windows: Sequence[WindowProgress]
) -> tuple[CohortWord, str]:
    """Say where a cohort stands that people let run."""
    against = objections(state, arm, as_of)
    if against:
        return "in review", "; ".join(each.found for each in against)
    size = state.cohorts[arm].size
    if now.free > 0:
        return "open", f"{now.free} free, {len(now.held)} held, cohort of {size}"
    if now.held:
        names = ", ".join(each.reference for each in now.held)
        return "full", f"no place of {size} is free; held for {names}"
    return _taken(state, arm, as_of, windows)


def _taken(
    state: TrialState, arm: str, as_of: date, windows: Sequence[WindowProgress]
) -> tuple[CohortWord, str]:
    """Say where a cohort stands whose places are all taken."""
    awaited = [each for each in windows if each.is_awaited and not each.is_backfilled]
    try:
        decision = prepare(state, arm, as_of).decision
    except Refusal as refused:
        is_decidable, because = not awaited, "; ".join(each.found for each in refused.faults)
    else:
        is_decidable, because = decision.act != "wait", decision.because
    if is_decidable:
        return "in review", because
    not_begun = [each.participant for each in awaited if each.opened is None]
    if not_begun:
        return "full", f"every place is taken; not yet dosed: {', '.join(not_begun)}"
    running = ", ".join(f"{each.participant} to {each.last}" for each in awaited)
    return "observing", f"every place is taken; DLT windows run: {running}"
