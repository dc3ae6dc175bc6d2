"""Folding signatures into the state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

from trialwright.conduct.legible import Legible
from trialwright.conduct.scopes import Scope
from trialwright.conduct.signing_acts import Target
from trialwright.conduct.signing_records import Signature
from trialwright.conduct.state import TrialState

_ENTERED = ("checklist", "form", "casebook")
"""Kinds of targets that are made of entries, which can be unlocked."""


def _signed(state: TrialState, seen: Legible) -> TrialState:
    """Add a signature."""
    done, record = seen.happening, seen.record
    if seen.lost:  # what was signed, or how, is not known: that is no signature
        return state
    target: Mapping[str, Any] = cast(Any, done.payload["target"])
    signature = Signature(
        sequence=record.sequence,
        target=Target(
            target["kind"],
            target["subject"],
            target["part"],
            _day(target["on"]),
            _day(target["first_dose_on"]),
            target["sequence"],
        ),
        meaning=str(done.payload["meaning"]),
        digest=str(done.payload["digest"]),
        account=record.actor,
        name=str(seen.value("name") or "(the name was redacted)"),
        role=record.role,
        at=str(done.payload["at"]),
        zone=str(done.payload["zone"]),
    )
    oversight = state.oversight
    if done.subject not in state.participants:
        oversight = oversight.with_entry(done.subject, record.sequence, done.act)
    signatures = (*oversight.signatures, signature)
    return replace(state, oversight=replace(oversight, signatures=signatures))


def unlocked(signatures: tuple[Signature, ...], scope: Scope, sequence: int) -> tuple[
    Signature, ...
]:  # fmt: skip
    """Void the signatures on what was unlocked.

    Parameters
    ----------
    signatures : tuple of Signature
        All of the trial.
    scope : Scope
        What was unlocked.
    sequence : int
        By which happening.

    Returns
    -------
    tuple of Signature
        The same ones; those on the entries of the scope, or on a form or casebook around it, say
        what unlocked them. What was unlocked before stays so.
    """
    return tuple(
        replace(each, unlocked_by=sequence)
        if each.unlocked_by is None and _rests_on(each.target, scope)
        else each
        for each in signatures
    )


def _rests_on(target: Target, scope: Scope) -> bool:
    """Say whether what was signed holds a part of what was unlocked."""
    if target.kind not in _ENTERED or scope.participant not in ("", target.subject):
        return False
    if not scope.part or target.kind == "casebook":
        return True
    return scope.part == (target.part if target.kind == "form" else "casebook")


def _day(written: str | None) -> date | None:
    """Read a recorded day."""
    return date.fromisoformat(written) if written else None


SIGNING_STEPS: Mapping[str, Callable[[TrialState, Legible], TrialState]] = {"signed": _signed}
"""Act of a happening to the function that adds it."""
