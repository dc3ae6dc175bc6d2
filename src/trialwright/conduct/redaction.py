"""Redaction: erasing a name entered by mistake, and settling what was lost with it.

ICH E6(R3) 4.2.2(b) allows it in rare cases, with a log and a justification. The ledger erases the
field and keeps the chain; the state stops to count what can no longer be read, and says so.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trialwright.conduct.acts import Redact, SettleRedaction
from trialwright.conduct.cohort_folding import COHORT_STEPS
from trialwright.conduct.happenings import Happening
from trialwright.conduct.legible import REDACTED
from trialwright.conduct.overseen import OVERSEEN
from trialwright.conduct.scopes import in_words
from trialwright.conduct.screening import known
from trialwright.conduct.slot_folding import SLOT_STEPS
from trialwright.conduct.state import Lost, TrialState
from trialwright.conduct.statuses import STATUS_AFTER
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, shorten

PROTECTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "registered": ("payload/arm", "payload/first_dose_on"),
        **dict.fromkeys(
            ("assigned", "backfilled"), ("payload/arm", "payload/dose_level", "payload/choice")
        ),
        "redacted": ("payload",),
        "redaction_settled": ("payload",),
        "corrected": ("payload/sequence", "payload/field", "payload/says"),
        **dict.fromkeys(
            ("screen_failed", "treatment_ended", "study_ended", "died"),
            ("payload/entry/on", "payload/entry/cause", "payload/entry/last_dose"),
        ),
        **dict.fromkeys(STATUS_AFTER, ("payload",)),
        **OVERSEEN,
        **dict.fromkeys((*SLOT_STEPS, *COHORT_STEPS), ("payload",)),
    }
)
"""Act to fields that no person typed freely and on which places and dose levels rest."""


def redact(state: TrialState, act: Redact) -> tuple[Happening, ...]:
    """Erase one field of a happening about a participant, or about a status.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Redact
        Happening, field and reason.

    Returns
    -------
    tuple of Happening
        `redacted`; the ledger erases the field as it appends it, or refuses when there is none.

    Raises
    ------
    Refusal
        If the participant, trial or site has no such happening, the field may not be erased, or no
        reason is given.
    """
    entries = _entries(state, act)
    faults = [*_entry_faults(act, entries), *_reason_faults(act.reason)]
    done = entries.get(act.sequence, "")
    if any(act.field == place or act.field.startswith(f"{place}/")
           for place in PROTECTED.get(done, ())):  # fmt: skip
        faults.append(
            Fault(f"entry {act.sequence}", f"{in_words(shorten(act.field))} ({in_words(done)})",
                  "text that a person entered; places and dose levels rest on this one",
                  "Leave it: it holds no free text")
        )  # fmt: skip
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {"sequence": act.sequence, "field": act.field}
    return (Happening(REDACTED, act.participant, act.on, payload, act.reason),)


def settle(state: TrialState, act: SettleRedaction) -> tuple[Happening, ...]:
    """Say that what a redaction took is recorded again, or need not be.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : SettleRedaction
        Happening and reason.

    Returns
    -------
    tuple of Happening
        `redaction_settled`.

    Raises
    ------
    Refusal
        If nothing of that happening is lost, or no reason is given.
    """
    here = known(state, act.participant, act.on)
    faults = [*_reason_faults(act.reason)]
    open_ones = sorted({each.sequence for each in here.unreadable})
    if act.sequence not in open_ones:
        allowed = ", ".join(f"entry {each}" for each in open_ones) or "none; nothing is lost"
        faults.append(Fault("sequence", f"entry {act.sequence}", allowed, "Correct the number"))
    if faults:
        raise Refusal(faults)
    return (
        Happening(
            "redaction_settled", act.participant, act.on, {"sequence": act.sequence}, act.reason
        ),
    )


def lost_fault(participant: str, lost: Lost) -> Fault:
    """Say that something cannot be decided because a part of it was redacted.

    Parameters
    ----------
    participant : str
        Study number.
    lost : Lost
        What is gone.

    Returns
    -------
    Fault
        Naming entry and field, and the two acts that settle it.
    """
    return Fault(
        participant,
        f"{lost} was redacted, and what it told is not known",
        "facts of which every part can be read",
        f"Record it again, then settle the redaction of entry {lost.sequence} with the reason",
    )


def require_legible(state: TrialState) -> None:
    """Refuse to go on when a decision about places or dose levels cannot be read.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.

    Raises
    ------
    Refusal
        Naming each field.
    """
    if state.unreadable:
        raise Refusal(
            Fault(f"entry {each.sequence}", f"{each} was redacted",
                  "decisions on places and dose levels as they were taken",
                  "Assign nobody; establish from paper or an export what was decided")
            for each in state.unreadable
        )  # fmt: skip


def _entries(state: TrialState, act: Redact) -> dict[int, str]:
    """Give the happenings about whom or what the act names, by sequence."""
    if act.participant == state.study.identifiers.nct:
        changes = state.trial_changes
    elif act.participant in state.site_changes:  # closed with the trial: that is the trial's
        changes = tuple(
            each for each in state.site_changes[act.participant] if each.act != "trial_closed"
        )
    elif act.participant in state.oversight.entries or act.participant in state.slots.entries:
        changes = ()
    else:
        return dict(known(state, act.participant, act.on).entries)
    overseen = dict(state.oversight.entries.get(act.participant, ()))
    places = dict(state.slots.entries.get(act.participant, ()))
    return {each.sequence: each.act for each in changes} | overseen | places


def _entry_faults(act: Redact, entries: Mapping[int, str]) -> Iterator[Fault]:
    """Refuse a happening that is not about the participant, trial or site."""
    if act.sequence not in entries:
        yield Fault(
            "sequence",
            f"entry {shorten(act.sequence)}, which is none of {act.participant}",
            f"an entry about {act.participant}",
            "Correct the number of the entry or of the participant",
        )


def _reason_faults(reason: str) -> Iterator[Fault]:
    """Refuse an act without its reason."""
    if not reason.strip():
        yield Fault("reason", "no reason", "a reason", "Say why, without repeating what is erased")
