"""Folding happenings into the state: one small function an act."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import cast

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.participant import Casebook
from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.conduct.amendment_folding import first_study
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
from trialwright.conduct.state import (
    Cohort,
    ParticipantState,
    TrialState,
    changed,
    complete,
    visible,
)
from trialwright.conduct.statuses import STATUS_AFTER, StatusChange, latest
from trialwright.conduct.step_tables import ABOUT_PLACES, STEPS_BY_SUBJECT
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
    return reduce(apply, visible(held, as_of, known_at), begun)


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
    begun = changed(state, participants=others)
    return reduce(apply, records, begun).participants.get(participant)


def _added(state: TrialState, record: Recorded) -> TrialState:
    """Add one happening."""
    corrections = state.corrected.get(record.sequence, ())
    erased = state.erased.get(record.sequence, frozenset()) | lost_by(corrections)
    seen = Legible(as_corrected(record, corrections), erased)
    step = STEPS.get(seen.happening.act)
    if step is None:
        raise refuse(
            f"happening {record.sequence}",
            f"the act {seen.happening.act!r}",
            ", ".join(STEPS),
            "Read this ledger with the version that wrote it, or a later one",
        )
    done = in_last_form(record.sequence, seen.happening)
    if done is not seen.happening:
        seen = replace(seen, record=replace(seen.record, happening=done))
    return _noted(state, step(state, seen), seen, record)


def _noted(before: TrialState, after: TrialState, seen: Legible, record: Recorded) -> TrialState:
    """Note the happening with its participant, and what redactions took from it.

    What the step made just now nobody else holds, so it is completed in place: copying it once more
    would double the time of a fold.
    """
    number, lost = seen.happening.subject, seen.lost
    state = changed(after) if after is before else after
    here = state.participants.get(number)
    if here is not None:
        if here is before.participants.get(number):
            here = changed(here)
            complete(state, participants={**state.participants, number: here})
        entry = (record.sequence, seen.happening.act)
        complete(here, entries=(*here.entries, entry), records=(*here.records, record))
        if lost:
            complete(here, unreadable=here.unreadable + lost)
    about_places = tuple(each for each in lost if here is None or each.act in _PLACES)
    if about_places:
        complete(state, unreadable=state.unreadable + about_places)
    complete(state, sequence=record.sequence)
    return state


_PLACES = ("registered", "assigned", "dose_decided", *ABOUT_PLACES)
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


def _attested(state: TrialState, seen: Legible) -> TrialState:
    """Add a person's answer to the casebook."""
    here, answer = subject_of(state, seen), seen.attestation()
    if answer is None:
        return state
    casebook = here.casebook.later(lambda before: before.with_facts(attestations=(answer,)))
    return state.with_participant(changed(here, casebook=casebook))


def _exception_recorded(state: TrialState, seen: Legible) -> TrialState:
    """Note for which criterion an exception stands on record; one that cannot be read is none."""
    here, criterion = subject_of(state, seen), seen.value("criterion")
    if criterion is None or not seen.is_whole("granted_by"):
        return state
    excepted = (*here.excepted, str(criterion))
    return state.with_participant(changed(here, excepted=excepted))


def _screened(state: TrialState, seen: Legible) -> TrialState:
    """Note for which arm the participant was screened."""
    here, arm = subject_of(state, seen), seen.value("arm")
    if arm is None:
        return state
    return state.with_participant(changed(here, screened_for=(*here.screened_for, str(arm))))


def _registered(state: TrialState, seen: Legible) -> TrialState:
    """Note the registration."""
    planned = seen.value("first_dose_on")
    registered = changed(
        subject_of(state, seen),
        registered_on=seen.happening.on,
        arm=str(seen.value("arm") or ""),
        first_dose_planned_on=date.fromisoformat(str(planned)) if planned else None,
    )
    return state.with_participant(registered)


def _assigned(state: TrialState, seen: Legible) -> TrialState:
    """Note the dose level and take a place of the cohort."""
    here = subject_of(state, seen)
    arm = here.arm or str(seen.value("arm") or "")
    assigned = changed(
        here,
        arm=arm,
        dose_level=cast("int | None", seen.value("dose_level")),
        assigned_on=seen.happening.on,
        choice=dict(cast("Mapping[str, str] | None", seen.value("choice")) or {}),
    )
    state, cohort = state.with_participant(assigned), state.cohorts.get(arm)
    if cohort is None:  # the arm was redacted; nothing can be assigned from then on
        return state
    taken = changed(cohort, assigned=(*cohort.assigned, here.number))
    return changed(state, cohorts={**state.cohorts, arm: taken})


def _doses_recorded(state: TrialState, seen: Legible) -> TrialState:
    """Add doses."""
    here = subject_of(state, seen)
    doses = seen.facts(DoseGiven, "doses")
    return state.with_participant(changed(here, doses=here.doses + doses))


def _adverse_event_recorded(state: TrialState, seen: Legible) -> TrialState:
    """Add an adverse event."""
    here, event = subject_of(state, seen), seen.fact(AdverseEvent, "event")
    added = (event,) if event else ()
    return state.with_participant(changed(here, adverse_events=here.adverse_events + added))


def _tumour_baseline_recorded(state: TrialState, seen: Legible) -> TrialState:
    """Note the disease before treatment."""
    here, baseline = subject_of(state, seen), seen.fact(TumourBaseline, "baseline")
    return state.with_participant(changed(here, baseline=baseline or here.baseline))


def _tumour_assessed(state: TrialState, seen: Legible) -> TrialState:
    """Add a tumour assessment."""
    here, assessment = subject_of(state, seen), seen.fact(TumourAssessment, "assessment")
    added = (assessment,) if assessment else ()
    return state.with_participant(changed(here, assessments=here.assessments + added))


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


def _redaction_settled(state: TrialState, seen: Legible) -> TrialState:
    """Note that what was lost is recorded again, or need not be."""
    here, settled = subject_of(state, seen), seen.value("sequence")
    left = tuple(each for each in here.unreadable if each.sequence != settled)
    return state.with_participant(changed(here, unreadable=left))


STEPS: dict[str, Callable[[TrialState, Legible], TrialState]] = {
    "trial_opened": _opened,
    **dict.fromkeys(("trial_suspended", "trial_closed", "trial_reopened"), _trial_changed),
    **dict.fromkeys(
        ("site_opened", "site_suspended", "site_closed", "site_reopened"), _site_changed
    ),
    "consented": _consented,
    "attested": _attested,
    "exception_recorded": _exception_recorded,
    "screened": _screened,
    "registered": _registered,
    "assigned": _assigned,
    "doses_recorded": _doses_recorded,
    "adverse_event_recorded": _adverse_event_recorded,
    "tumour_baseline_recorded": _tumour_baseline_recorded,
    "tumour_assessed": _tumour_assessed,
    "dose_decided": _dose_decided,
    REDACTED: _redacted,
    "redaction_settled": _redaction_settled,
    CORRECTED: _corrected,
    **STEPS_BY_SUBJECT,
}
"""Act of a happening to the function that adds it."""
