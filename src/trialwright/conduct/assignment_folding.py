"""Folding assignments: to a place of the open cohort, or beside the cohorts."""

from collections.abc import Callable, Mapping
from typing import cast

from trialwright.conduct.legible import Legible, subject_of
from trialwright.conduct.state import TrialState, changed


def _placed(state: TrialState, seen: Legible, *, is_backfilled: bool) -> TrialState:
    """Note the dose level of a participant."""
    here = subject_of(state, seen)
    assigned = changed(
        here,
        arm=here.arm or str(seen.value("arm") or ""),
        dose_level=cast("int | None", seen.value("dose_level")),
        assigned_on=seen.happening.on,
        choice=dict(cast("Mapping[str, str] | None", seen.value("choice")) or {}),
        is_backfilled=is_backfilled,
    )
    return state.with_participant(assigned)


def _assigned(state: TrialState, seen: Legible) -> TrialState:
    """Note the dose level and take a place of the cohort."""
    number = subject_of(state, seen).number
    state = _placed(state, seen, is_backfilled=False)
    arm = state.participants[number].arm
    cohort = state.cohorts.get(arm)
    if cohort is None:  # the arm was redacted; nothing can be assigned from then on
        return state
    taken = changed(cohort, assigned=(*cohort.assigned, number))
    return changed(state, cohorts={**state.cohorts, arm: taken})


def _backfilled(state: TrialState, seen: Legible) -> TrialState:
    """Note the dose level; the cohort keeps its places."""
    return _placed(state, seen, is_backfilled=True)


ASSIGNMENT_STEPS: Mapping[str, Callable[[TrialState, Legible], TrialState]] = {
    "assigned": _assigned,
    "backfilled": _backfilled,
}
"""Act of a happening to the function that adds it."""
