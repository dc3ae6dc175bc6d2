"""Folding happenings into the state: one small function an act."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any, cast

from trialwright.casebook.participant import Casebook
from trialwright.conduct.amendment_folding import first_study
from trialwright.conduct.assignment_folding import ASSIGNMENT_STEPS
from trialwright.conduct.awaiting import Held
from trialwright.conduct.cohort_folding import decided_upon, with_first_cohorts
from trialwright.conduct.corrections import (
    CORRECTED,
    as_corrected,
    corrections_in,
    lost_by,
    sequence_corrected,
)
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.dose_decision_folding import with_decision
from trialwright.conduct.forms import in_last_form
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.legible import REDACTED, Legible, erased_fields, subject_of, target_of
from trialwright.conduct.locking_folding import unverified
from trialwright.conduct.participant_folding import PARTICIPANT_STEPS, Item, filed, noted
from trialwright.conduct.state import (
    Cohort,
    ParticipantState,
    TrialState,
    changed,
    complete,
    visible,
)
from trialwright.conduct.statuses import STATUS_AFTER, StatusChange, latest
from trialwright.conduct.step_tables import ABOUT_PLACES, OVERSIGHT_STEPS, STEPS_BY_SUBJECT
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json
from trialwright.terms.errors import refuse


def fold(
    study: Study,
    records: Iterable[Recorded],
    as_of: date | None = None,
    known_at: int | None = None,
) -> TrialState:
    """Give the state of a trial.

    Parameters
    ----------
    study : Study
        The protocol with which the trial began; a ledger with amendments holds it, and counts.
    records : iterable of Recorded
        The whole ledger in order, so that what was redacted later is known to be redacted.
    as_of : date or None
        What happened later is left out; None: nothing is.
    known_at : int or None
        What was entered after this sequence number is left out; None: nothing is.

    Returns
    -------
    TrialState
        Equal for equal arguments, whenever it is asked.

    Raises
    ------
    Refusal
        If a record cannot be read by this software.
    """
    held = tuple(records)
    erased = erased_fields(held)
    begun = TrialState(
        first_study(held) or study, erased=erased, corrected=corrections_in(held, erased, known_at)
    )
    return _folded(begun, visible(held, as_of, known_at))


def _folded(state: TrialState, records: Iterable[Recorded]) -> TrialState:
    """Add many happenings, as `apply` does one after the other.

    What concerns one participant alone, or besides only what is vouched for, is filed with the
    participant, in a list that is added to until the next happening of another kind.
    """
    here: dict[str, Any] = {}
    waiting: dict[str, list[Item]] = {}
    last, oversight = state.sequence, state.oversight
    erased, corrected = state.erased, state.corrected
    for record in records:
        done, last = record.happening, record.sequence
        number, act = done.subject, done.act
        step = PARTICIPANT_STEPS.get(act)
        if (step or act in OVERSIGHT_STEPS) and number in here and last not in erased:
            is_plain = last not in corrected and in_last_form(last, done) is done
            seen = None if is_plain else _read(state, record)
            if step is None:
                seen = seen or Legible(record)
                oversight = OVERSIGHT_STEPS[act](oversight, seen)
            if number not in waiting:
                waiting[number] = []
                here[number] = filed(here[number], waiting[number])
            waiting[number].append((step, seen, record))
            continue
        if waiting:
            state = changed(state, participants=Held(here), oversight=oversight)
            waiting.clear()  # a step may look at them; what comes later is filed anew
        state = apply(state, record)
        erased, corrected, oversight = state.erased, state.corrected, state.oversight
        if number in state.participants:  # a step changes no participant but its subject
            here[number] = state.participants.filed(number)
    return changed(state, participants=Held(here), oversight=oversight, sequence=last)


def apply(state: TrialState, record: Recorded) -> TrialState:
    """Add one happening to a state.

    Parameters
    ----------
    state : TrialState
        Before it.
    record : Recorded
        The happening as the ledger holds it.

    Returns
    -------
    TrialState
        After it.

    Raises
    ------
    Refusal
        If the act, or the form of its payload, is not known to this software, or the state was
        folded without knowing of a redaction.
    """
    if not state.amendments.versions:
        return _added(state, record)
    begun = state.under(state.amendments.under(record.protocol))
    return _added(begun, record).as_at(EVERY_SITE)


def refolded(
    state: TrialState, participant: str, records: Iterable[Recorded]
) -> ParticipantState | None:
    """Fold the happenings of one participant again, as corrections and redactions left them.

    Parameters
    ----------
    state : TrialState
        Where the trial stands, with every correction that counts.
    participant : str
        Study number.
    records : iterable of Recorded
        Of this participant, in ledger order.

    Returns
    -------
    ParticipantState or None
        None when no happening is left.

    Raises
    ------
    Refusal
        As `apply`.
    """
    others = {each: here for each, here in state.participants.items() if each != participant}
    begun = changed(state, participants=Held(others))
    return reduce(apply, records, begun).participants.get(participant)


def _added(state: TrialState, record: Recorded) -> TrialState:
    """Add one happening."""
    seen = _read(state, record)
    return _noted(state, STEPS[seen.happening.act](state, seen), seen, record)


def _read(state: TrialState, record: Recorded) -> Legible:
    """Read a happening as corrections and redactions left it, in the newest form of its act."""
    corrections = state.corrected.get(record.sequence, ())
    erased = state.erased.get(record.sequence, frozenset())
    if corrections:
        erased, record = erased | lost_by(corrections), as_corrected(record, corrections)
    done = record.happening
    if done.act not in STEPS:
        raise refuse(
            f"happening {record.sequence}",
            f"the act {done.act!r}",
            ", ".join(STEPS),
            "Read this ledger with the version that wrote it, or a later one",
        )
    newest = in_last_form(record.sequence, done)
    return Legible(record if newest is done else replace(record, happening=newest), erased)


def _of_participant(state: TrialState, seen: Legible) -> TrialState:
    """Add a happening that concerns its participant alone."""
    step = PARTICIPANT_STEPS[seen.happening.act]
    return state.with_participant(step(subject_of(state, seen), seen))


def _of_oversight(state: TrialState, seen: Legible) -> TrialState:
    """Add a happening that looks at nothing but what is vouched for."""
    return changed(state, oversight=OVERSIGHT_STEPS[seen.happening.act](state.oversight, seen))


def _noted(before: TrialState, after: TrialState, seen: Legible, record: Recorded) -> TrialState:
    """Note the happening with its participant, and what redactions took from it.

    What the step made just now nobody else holds, so it is completed in place.
    """
    number, lost = seen.happening.subject, seen.lost
    state = changed(after) if after is before else after
    is_participant = number in state.participants
    if is_participant:
        here: Any = state.participants.filed(number)
        if number in before.participants and here is before.participants.filed(number):
            there: Any = filed(here, [(None, seen, record)])
        else:
            there = noted(here, here, seen, record)
        complete(state, participants=state.participants.with_entry(number, there))
    about_places = tuple(each for each in lost if not is_participant or each.act in _PLACES)
    if about_places:
        complete(state, unreadable=state.unreadable + about_places)
    complete(state, sequence=record.sequence)
    return state


_PLACES = ("registered", *ASSIGNMENT_STEPS, "dose_decided", *ABOUT_PLACES)
"""Acts on which places and dose levels rest."""


def _opened(state: TrialState, seen: Legible) -> TrialState:
    """Open the first cohort of every arm."""
    on = seen.happening.on
    state = with_first_cohorts(state, state.study, on, "first cohort at the starting level")
    return changed(state, opened_on=on, trial_changes=(*state.trial_changes, _change(seen)))


def _trial_changed(state: TrialState, seen: Legible) -> TrialState:
    """Note the trial's status; reopening opens a trial whose protocol began as closed."""
    if seen.happening.act == "trial_reopened" and state.opened_on is None:
        return _opened(state, seen)
    change = _change(seen)
    state = changed(state, trial_changes=(*state.trial_changes, change))
    return _with_every_site_closed(state, change) if change.status == "closed" else state


def _with_every_site_closed(state: TrialState, change: StatusChange) -> TrialState:
    """Close each site with the trial, so that reopening the trial opens none unasked."""
    for site in state.study.sites:
        last = latest(state.site_changes.get(site.id, ()))
        if (last.status if last else site.status) != "closed":
            state = state.with_site_change(site.id, change)
    return state


def _site_changed(state: TrialState, seen: Legible) -> TrialState:
    """Note a site's status."""
    return state.with_site_change(seen.happening.subject, _change(seen))


def _change(seen: Legible) -> StatusChange:
    """Give the change of a status; nothing but the reason can be lost of it."""
    done = seen.happening
    reason = "(the reason was redacted)" if "reason" in seen.erased else done.reason
    return StatusChange(STATUS_AFTER[done.act], done.on, done.act, reason, seen.record.sequence)


def _consented(state: TrialState, seen: Legible) -> TrialState:
    """Begin a participant's casebook."""
    number = seen.happening.subject
    begun = ParticipantState(number, seen.record.site, seen.happening.on, Casebook(number))
    return state.with_participant(begun)


def _dose_decided(state: TrialState, seen: Legible) -> TrialState:
    """Open the cohort that was decided; one that cannot be read stays closed."""
    arm = str(seen.value("arm") or "")
    state, before = with_decision(state, seen, arm), state.cohorts.get(arm)
    if before is None:  # the arm was redacted; nothing can be assigned from then on
        return state
    level, size = seen.value("level"), seen.value("cohort_size")
    is_whole = seen.is_whole("level") and seen.is_whole("cohort_size")
    counted = seen.value("participants") or ()
    decided = Cohort(
        cast("int | None", level) if is_whole else None,
        cast(int, size) if is_whole else 0,
        cast(int, level) if is_whole and level is not None else before.last_level,
        str(seen.value("because") or f"decided by happening {seen.record.sequence}"),
        opened_on=seen.happening.on,
        counted={
            str(each["participant"]): str(each["state"])
            for each in cast("tuple[Mapping[str, Json], ...]", counted)
        },
        number=before.number + 1,
        earlier=decided_upon(before, seen),
    )
    return changed(state, cohorts={**state.cohorts, arm: decided})


def _redacted(state: TrialState, seen: Legible) -> TrialState:
    """Change nothing: what it erased was left out as it came, or the fold began too late."""
    sequence, path = target_of(seen.happening)
    if path not in state.erased.get(sequence, ()):
        raise refuse(
            f"happening {seen.record.sequence}",
            f"a redaction of happening {sequence}, unknown to this state",
            "a state folded with every redaction known",
            "Fold the whole ledger from its beginning",
        )
    return state


def _corrected(state: TrialState, seen: Legible) -> TrialState:
    """Read the corrected happening again, unless the fold knew of the correction before."""
    here, sequence = subject_of(state, seen), sequence_corrected(seen.record)
    state = unverified(state, here.number, sequence, str(seen.value("field")))
    known = state.corrected.get(sequence, ())
    if any(each.by == seen.record.sequence for each in known):
        return state
    found = corrections_in([seen.record], state.erased).get(sequence, ())
    state = changed(state, corrected={**state.corrected, sequence: known + found})
    again = refolded(state, here.number, here.records)
    return state if again is None else state.with_participant(again)


STEPS: dict[str, Callable[[TrialState, Legible], TrialState]] = {
    "trial_opened": _opened,
    **dict.fromkeys(("trial_suspended", "trial_closed", "trial_reopened"), _trial_changed),
    **dict.fromkeys(
        ("site_opened", "site_suspended", "site_closed", "site_reopened"), _site_changed
    ),
    "consented": _consented,
    "dose_decided": _dose_decided,
    REDACTED: _redacted,
    CORRECTED: _corrected,
    **STEPS_BY_SUBJECT,
    **dict.fromkeys(OVERSIGHT_STEPS, _of_oversight),
    **dict.fromkeys(PARTICIPANT_STEPS, _of_participant),
}
"""Act of a happening to the function that adds it."""
