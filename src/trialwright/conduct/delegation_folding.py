"""Folding the delegation log into the state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from trialwright.conduct.delegation_records import Delegation
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import TrialState


def _delegated(state: TrialState, seen: Legible) -> TrialState:
    """Add a row; one that cannot be read whole delegates nothing, and keeps its number.

    A name that was redacted is nobody's, so its account can get no further row.
    """
    log, until = state.oversight.delegations, seen.value("until")
    days = [seen.value(name) for name in ("since", "trained_on")]
    since, trained = (date.fromisoformat(str(day)) if day else seen.happening.on for day in days)
    is_whole = not seen.lost
    row = Delegation(
        number=len(log) + 1,
        account=str(seen.value("account") or ""),
        name=str(seen.value("name") or "(the name was redacted)"),
        role=str(seen.value("role") or ""),
        site=str(seen.value("site") or ""),
        tasks=tuple(cast("Sequence[str]", seen.value("tasks"))) if is_whole else (),
        since=since,
        until=date.fromisoformat(str(until)) if until else None,
        trained_on=trained,
        sequence=seen.record.sequence,
    )
    return _noted(state, seen, (*log, row))


def _ended(state: TrialState, seen: Legible) -> TrialState:
    """End a row with the day of the act."""
    number = seen.value("delegation")
    log = tuple(
        replace(each, until=seen.happening.on) if each.number == number else each
        for each in state.oversight.delegations
    )
    return _noted(state, seen, log)


def _noted(state: TrialState, seen: Legible, log: tuple[Delegation, ...]) -> TrialState:
    """Put the log and its newest entry into the state."""
    done = seen.happening
    noted = state.oversight.with_entry(done.subject, seen.record.sequence, done.act)
    return replace(state, oversight=replace(noted, delegations=log))


DELEGATION_STEPS: Mapping[str, Callable[[TrialState, Legible], TrialState]] = {
    "delegated": _delegated,
    "delegation_ended": _ended,
}
"""Act of a happening to the function that adds it."""
