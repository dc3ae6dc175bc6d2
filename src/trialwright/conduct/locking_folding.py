"""Folding verifications and holds into the state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from trialwright.conduct.legible import Legible, overlap
from trialwright.conduct.locking_records import Hold
from trialwright.conduct.oversight_records import Oversight
from trialwright.conduct.scopes import Scope
from trialwright.conduct.signing_folding import unlocked
from trialwright.conduct.state import TrialState, changed


def _verified(before: Oversight, seen: Legible) -> Oversight:
    """Note which data points were compared with their source."""
    told, number = seen.happening.payload["points"], seen.happening.subject
    points = {
        (each["sequence"], each["field"])
        for place, each in enumerate(cast("list[Mapping[str, Any]]", told))
        if seen.is_whole("points", place)
    }
    known = before.verified.get(number, frozenset())
    return changed(before, verified=before.verified.with_entry(number, known | points))


def _held(state: TrialState, seen: Legible) -> TrialState:
    """Note a freeze or a lock; a lock takes the place of a freeze.

    One of which a part cannot be read holds all of its subject.
    """
    done, scope = seen.happening, _scope(state, seen)
    hold = Hold(scope, cast(Any, done.act), done.on, seen.record.sequence)
    noted = _noted(state, seen)
    return replace(
        noted, oversight=replace(noted.oversight, holds={**noted.oversight.holds, scope: hold})
    )


def _unlocked(state: TrialState, seen: Legible) -> TrialState:
    """Take a hold away, and void the signatures on what it held; unread, it opens nothing."""
    if seen.lost:
        return _noted(state, seen)
    scope, noted = _scope(state, seen), _noted(state, seen)
    holds = {where: hold for where, hold in noted.oversight.holds.items() if where != scope}
    signatures = unlocked(noted.oversight.signatures, scope, seen.record.sequence)
    oversight = replace(noted.oversight, holds=holds, signatures=signatures)
    return replace(noted, oversight=oversight)


def _scope(state: TrialState, seen: Legible) -> Scope:
    """Read what a hold is about."""
    told: Mapping[str, Any] = seen.happening.payload
    subject = seen.happening.subject
    participant = "" if subject == state.study.identifiers.nct else subject
    if seen.lost:
        return Scope(participant)
    return Scope(participant, told["part"], told["sequence"], told["field"])


def _noted(state: TrialState, seen: Legible) -> TrialState:
    """Note a hold of the trial under the trial; one of a participant is noted there."""
    done = seen.happening
    if done.subject in state.participants:
        return state
    noted = state.oversight.with_entry(done.subject, seen.record.sequence, done.act)
    return replace(state, oversight=noted)


def unverified(state: TrialState, participant: str, sequence: int, field: str) -> TrialState:
    """Give a state in which a corrected value is to be compared with its source again.

    Parameters
    ----------
    state : TrialState
        Before the correction.
    participant : str
        Study number.
    sequence : int
        The happening that holds the value.
    field : str
        Path of what is corrected; what stands inside it, or it stands in, was verified as it was.

    Returns
    -------
    TrialState
        The same one when nothing of it was verified.
    """
    before = state.oversight.verified.get(participant, frozenset())
    left = frozenset(
        (place, path) for place, path in before if place != sequence or not overlap(path, field)
    )
    if left == before:
        return state
    verified = state.oversight.verified.with_entry(participant, left)
    return changed(state, oversight=changed(state.oversight, verified=verified))


LOCKING_STEPS: Mapping[str, Callable[[TrialState, Legible], TrialState]] = {
    **dict.fromkeys(("frozen", "locked"), _held),
    "unlocked": _unlocked,
}
"""Act of a happening to the function that adds it."""

VERIFYING_STEPS: Mapping[str, Callable[[Oversight, Legible], Oversight]] = {
    "source_verified": _verified
}
"""The same of one that looks at nothing but what is vouched for."""
