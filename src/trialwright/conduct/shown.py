"""What is shown to whoever signs: rendered from the state alone, so that it can be shown again.

Whatever a participant's state holds is vouched for, except the list of its happenings; what a
later version adds to the state is vouched for by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from trialwright.conduct.screening import checklist, judge
from trialwright.conduct.signing_acts import Target
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.canonical import Json, canonical, digest
from trialwright.terms.errors import refuse, shorten

_ASIDE = ("entries", "records", "unreadable")
"""Parts of a participant's state that tell of happenings and not of the participant."""


def content(state: TrialState, target: Target) -> dict[str, Json]:
    """Render exactly what is shown to whoever signs it.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; with `known_at`, where it stood.
    target : Target
        What is to be signed.

    Returns
    -------
    dict of str to Json
        Equal for equal states, whenever it is asked.

    Raises
    ------
    Refusal
        If there is no such thing to sign.
    """
    shown = _SHOWN[target.kind](state, target)
    return {"kind": target.kind, "subject": target.subject, "shown": shown}


def content_digest(state: TrialState, target: Target) -> str:
    """Give the digest of what is shown.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    target : Target
        What is to be signed.

    Returns
    -------
    str
        SHA-256 of the canonical JSON, 64 hexadecimal digits.

    Raises
    ------
    Refusal
        As `content`.
    """
    return digest(canonical(content(state, target)))


def parts(state: TrialState, participant: str) -> tuple[str, ...]:
    """Name the forms of a participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : str
        Study number.

    Returns
    -------
    tuple of str
        Parts of the participant's state in their order.

    Raises
    ------
    Refusal
        If nobody consented under that number.
    """
    here = _participant(state, participant)
    return tuple(each.name for each in fields(here) if each.name not in _ASIDE)


def differences(before: Json, now: Json, path: str = "") -> Iterator[str]:
    """Name the places at which two values differ, never what stands there.

    Parameters
    ----------
    before, now : Json
        The two values.
    path : str
        Way to them.

    Yields
    ------
    str
        Names on the way, with `/` between them.
    """
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys((*before, *now)):
            way = f"{path}/{name}" if path else str(name)
            yield from differences(before.get(name), now.get(name), way)
    elif _is_list(before) and _is_list(now) and len(before) == len(now):  # type: ignore[arg-type]
        for place, (old, new) in enumerate(zip(before, now, strict=True)):  # type: ignore[arg-type]
            yield from differences(old, new, f"{path}/{place}")
    elif before != now:
        yield path


def _checklist(state: TrialState, target: Target) -> Json:
    """Judge anew on the day of the checklist, as far as facts are known now."""
    if target.on is None:
        raise refuse("target.on", "no day", "the day of the checklist", "Give the day")
    judged = judge(state, target.subject, target.part, target.on, target.first_dose_on)
    return {
        **checklist(judged),
        "on": target.on.isoformat(),
        "first_dose_on": target.first_dose_on.isoformat() if target.first_dose_on else None,
    }


def _form(state: TrialState, target: Target) -> Json:
    """Give one part of a participant's state."""
    named = parts(state, target.subject)
    if target.part not in named:
        raise refuse("target.part", shorten(target.part), ", ".join(named), "Name a form")
    return {target.part: _plain(getattr(state.participants[target.subject], target.part))}


def _casebook(state: TrialState, target: Target) -> Json:
    """Give everything of a participant."""
    here = _participant(state, target.subject)
    return {name: _plain(getattr(here, name)) for name in parts(state, target.subject)}


def _dose_decision(state: TrialState, target: Target) -> Json:
    """Give a dose decision as recorded, with the inputs frozen at its cutoff."""
    for each in state.oversight.decisions:
        if (each.sequence, f"arm-{each.arm}") == (target.sequence, target.subject):
            return {
                "on": each.on.isoformat(),
                "reason": each.reason,
                "decision": _plain(each.payload),
            }
    listed = [f"happening {each.sequence} (arm-{each.arm})" for each in state.oversight.decisions]
    raise refuse("target", f"happening {shorten(target.sequence)} of {shorten(target.subject)}",
                 ", ".join(listed) or "none; no dose decision is recorded",
                 "Name a dose decision")  # fmt: skip


def _rp2d(state: TrialState, target: Target) -> Json:
    """Give the RP2D that was chosen."""
    for arm, chosen in state.oversight.rp2d.items():
        if (chosen.sequence, f"arm-{arm}") == (target.sequence, target.subject):
            return _plain(chosen)
    found = f"an RP2D of {shorten(target.subject)} by entry {shorten(target.sequence)}"
    raise refuse("target", found, "an RP2D that stands", "Choose one first")


def _trail(state: TrialState, target: Target) -> Json:
    """Give which happenings were reviewed; the chain of hashes says what they are."""
    if not 1 <= target.sequence <= state.sequence:
        found = f"happening {shorten(target.sequence)}"
        raise refuse("target.sequence", found, f"1-{state.sequence}",
                     "Name the last happening that was reviewed")  # fmt: skip
    erased = {str(at): sorted(paths) for at, paths in state.erased.items() if at <= target.sequence}
    if target.subject == state.study.identifiers.nct:
        return {"through": target.sequence, "erased": erased}
    here = _participant(state, target.subject)
    reviewed = [each for each in here.entries if each[0] <= target.sequence]
    kept = {str(at) for at, _ in reviewed}
    return {
        "through": target.sequence,
        "happenings": [list(each) for each in reviewed],
        "erased": {at: paths for at, paths in erased.items() if at in kept},
    }


_SHOWN: Mapping[str, Callable[[TrialState, Target], Json]] = {
    "checklist": _checklist,
    "form": _form,
    "casebook": _casebook,
    "dose-decision": _dose_decision,
    "rp2d": _rp2d,
    "trail": _trail,
}
"""Kind of target to what shows it."""


def _participant(state: TrialState, number: str) -> ParticipantState:
    """Give a participant; a text that is no study number is not shown."""
    here = state.participants.get(number)
    if here is None:
        raise refuse("target.subject", "nobody who has consented", "a study number in use",
                     "Name a participant")  # fmt: skip
    return here


def _is_list(value: object) -> bool:
    """Say whether a value is a list and no text."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _plain(value: object) -> Json:
    """Write a part of the state as a plain value; sets in order, numbers as the text they have."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return str(value.value)
        case str():
            return value
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Mapping():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case Set():
            return sorted(str(_plain(each)) for each in value)
        case tuple() | list():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value):
            return {
                each.name: _plain(getattr(value, each.name))
                for each in fields(value)
                if each.compare
            }
    raise TypeError(f"a {type(value).__name__} in the state of a participant has no plain form")
