"""Folding what people changed about cohorts, and keeping the cohorts that were decided upon."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import cast

from trialwright.conduct.cohort_records import CohortChange, DecidedCohort, outcome_of
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import Cohort, TrialState, changed
from trialwright.protocol.study import Study


def with_first_cohorts(state: TrialState, study: Study, on: date, because: str) -> TrialState:
    """Open the first cohort of every arm that has none.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    study : Study
        The protocol whose arms are meant.
    on : date
        Day on which they open.
    because : str
        Why; shown with the cohort.

    Returns
    -------
    TrialState
        With a cohort at the starting level of each such arm.
    """
    first = {
        arm.id: Cohort(
            arm.escalation.starting_level,
            arm.escalation.cohort_size,
            arm.escalation.starting_level,
            because,
            opened_on=on,
        )
        for arm in study.arms
        if arm.id not in state.cohorts
    }
    return changed(state, cohorts={**state.cohorts, **first})


def decided_upon(before: Cohort, seen: Legible) -> tuple[DecidedCohort, ...]:
    """Give the cohorts of an arm before the one that a dose decision opens.

    Parameters
    ----------
    before : Cohort
        The one decided upon.
    seen : Legible
        The dose decision.

    Returns
    -------
    tuple of DecidedCohort
        That one last.
    """
    is_whole = seen.is_whole("level")
    after = cast("int | None", seen.value("level"))
    level = before.last_level
    ended = DecidedCohort(
        before.number,
        level,
        before.assigned,
        before.opened_on,
        seen.happening.on,
        outcome_of(level, after) if is_whole else "redacted",
        str(seen.value("because") or f"decided by happening {seen.record.sequence}"),
    )
    return (*before.earlier, ended)


def _changed(state: TrialState, seen: Legible) -> TrialState:
    """Note a change of a cohort; one that cannot be read changes nothing, and is named."""
    done, sequence = seen.happening, seen.record.sequence
    book = state.slots.with_entry(done.subject, sequence, done.act)
    if seen.is_whole():
        change = CohortChange(
            _CHANGES[done.act],
            cast(int, seen.value("cohort")),
            done.on,
            done.reason,
            sequence,
        )
        book = book.with_change(str(seen.value("arm")), change)
    return replace(state, slots=book)


_CHANGES = {
    "cohort_opened": "opened",
    "cohort_held": "held",
    "cohort_resumed": "resumed",
    "cohort_closed": "closed",
}

COHORT_STEPS: dict[str, Callable[[TrialState, Legible], TrialState]] = dict.fromkeys(
    _CHANGES, _changed
)
"""Act of a happening about a cohort to the function that adds it."""
