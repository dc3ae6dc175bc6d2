"""Folding what concerns one participant alone: the rest of the trial is neither read nor changed.

So a fold of a whole ledger adds such happenings to their participant and leaves the trial as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.conduct.awaiting import Awaiting
from trialwright.conduct.biomarker_folding import BIOMARKER_STEPS
from trialwright.conduct.central_folding import CENTRAL_STEPS
from trialwright.conduct.course_folding import COURSE_STEPS
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.legible import Legible
from trialwright.conduct.state import ParticipantState, changed, complete

Step = Callable[[ParticipantState, Legible], ParticipantState]
Item = tuple[Step | None, Legible | None, Recorded]
"""A step, or none where the happening is only noted; what it reads, or none where that is as the
ledger holds it; and as the ledger holds it."""


def noted(
    before: ParticipantState, after: ParticipantState, seen: Legible, record: Recorded
) -> ParticipantState:
    """Note a happening with its participant, and what redactions took from it.

    Parameters
    ----------
    before, after : ParticipantState
        As the participant stood, and as a step left it: made just now, or the same one.
    seen : Legible
        What the step read.
    record : Recorded
        As the ledger holds it.

    Returns
    -------
    ParticipantState
        The one that the step made, completed in place: copying it once more would double the time
        of a fold.
    """
    here = changed(after) if after is before else after
    entry = (record.sequence, seen.happening.act)
    complete(here, entries=(*here.entries, entry), records=(*here.records, record))
    if seen.erased and seen.lost:
        complete(here, unreadable=here.unreadable + seen.lost)
    return here


def _attested(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add a person's answer to the casebook."""
    answer = seen.attestation()
    if answer is None:
        return here
    casebook = here.casebook.later(lambda before: before.with_facts(attestations=(answer,)))
    return changed(here, casebook=casebook)


def _exception_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Note for which criterion an exception stands on record; one that cannot be read is none."""
    criterion = seen.value("criterion")
    if criterion is None or not seen.is_whole("granted_by"):
        return here
    excepted = (*here.excepted, str(criterion))
    return changed(here, excepted=excepted)


def _screened(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Note for which arm the participant was screened."""
    arm = seen.value("arm")
    if arm is None:
        return here
    return changed(here, screened_for=(*here.screened_for, str(arm)))


def _registered(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Note the registration."""
    planned = seen.value("first_dose_on")
    return changed(
        here,
        registered_on=seen.happening.on,
        arm=str(seen.value("arm") or ""),
        first_dose_planned_on=date.fromisoformat(str(planned)) if planned else None,
    )


def _doses_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add doses."""
    doses = seen.facts(DoseGiven, "doses")
    return changed(here, doses=here.doses + doses)


def _adverse_event_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add an adverse event."""
    event = seen.fact(AdverseEvent, "event")
    added = (event,) if event else ()
    return changed(here, adverse_events=here.adverse_events + added)


def _tumour_baseline_recorded(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Note the disease before treatment."""
    baseline = seen.fact(TumourBaseline, "baseline")
    return changed(here, baseline=baseline or here.baseline)


def _tumour_assessed(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Add a tumour assessment."""
    assessment = seen.fact(TumourAssessment, "assessment")
    added = (assessment,) if assessment else ()
    return changed(here, assessments=here.assessments + added)


def _redaction_settled(here: ParticipantState, seen: Legible) -> ParticipantState:
    """Note that what was lost is recorded again, or need not be."""
    settled = seen.value("sequence")
    left = tuple(each for each in here.unreadable if each.sequence != settled)
    return changed(here, unreadable=left)


def filed(
    before: "ParticipantState | Awaiting[ParticipantState, Item]", items: Sequence[Item]
) -> Awaiting[ParticipantState, Item]:
    """File happenings with a participant, to be added when somebody looks.

    Parameters
    ----------
    before : ParticipantState or Awaiting
        The participant before them.
    items : sequence of Item
        The happenings, in ledger order.

    Returns
    -------
    Awaiting
        To be held in place of the participant.
    """
    return Awaiting(before, items, _with_item)


def _with_item(here: ParticipantState, item: Item) -> ParticipantState:
    """Add one happening that was filed."""
    step, corrected, record = item
    seen = Legible(record) if corrected is None else corrected
    return noted(here, here if step is None else step(here, seen), seen, record)


PARTICIPANT_STEPS: Mapping[str, Step] = {
    "attested": _attested,
    "exception_recorded": _exception_recorded,
    "screened": _screened,
    "registered": _registered,
    "doses_recorded": _doses_recorded,
    "adverse_event_recorded": _adverse_event_recorded,
    "tumour_baseline_recorded": _tumour_baseline_recorded,
    "tumour_assessed": _tumour_assessed,
    "redaction_settled": _redaction_settled,
    **COURSE_STEPS,
    **BIOMARKER_STEPS,
    **CENTRAL_STEPS,
}
"""Act of a happening to the function that adds it to its participant."""
