"""The one way in: an act is decided on the state, or refused with the reason."""

from collections.abc import Callable
from typing import Any

from trialwright.conduct.acts import (
    Act,
    Assign,
    Attest,
    Consent,
    DecideDose,
    OpenTrial,
    RecordAdverseEvent,
    RecordDoses,
    RecordException,
    RecordFacts,
    RecordTumourAssessment,
    RecordTumourBaseline,
    Redact,
    Register,
    Screen,
    SettleRedaction,
)
from trialwright.conduct.amending import activate, amend, reconsent
from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol, RecordReconsent
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.backfilling import backfill
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordSequencing, RecordStain
from trialwright.conduct.biomarkers import record_materials, record_sequencing, record_stain
from trialwright.conduct.central_records import Adjudicate
from trialwright.conduct.central_review import adjudicate, require_reader
from trialwright.conduct.clinical import HAPPENING, record_entry, record_form
from trialwright.conduct.clinical_acts import Correct, RecordForm
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.cohort_moves import change_cohort
from trialwright.conduct.correcting import correct, require_authority_over
from trialwright.conduct.course_rules import require_course
from trialwright.conduct.delegating import delegate, end_delegation, require_authority
from trialwright.conduct.delegation_acts import Delegate, EndDelegation
from trialwright.conduct.dose_decision_acts import ChooseRp2d
from trialwright.conduct.dose_decisions import choose_rp2d, decide_dose
from trialwright.conduct.exceptions import record_exception
from trialwright.conduct.happenings import Happening
from trialwright.conduct.locking import hold, require_enterable, unlock, verify_source
from trialwright.conduct.locking_acts import Freeze, Lock, Unlock, VerifySource
from trialwright.conduct.observing import (
    record_adverse_event,
    record_doses,
    record_tumour_assessment,
    record_tumour_baseline,
)
from trialwright.conduct.query_acts import RaiseQuery
from trialwright.conduct.querying import MOVES, move_query, raise_query
from trialwright.conduct.recruiting import (
    change_site,
    change_trial,
    open_trial,
    require_recruiting,
)
from trialwright.conduct.recruiting_acts import (
    CloseSite,
    CloseTrial,
    OpenSite,
    ReopenSite,
    ReopenTrial,
    SuspendSite,
    SuspendTrial,
)
from trialwright.conduct.redaction import redact, settle
from trialwright.conduct.registration import assign, register
from trialwright.conduct.roles import Actor
from trialwright.conduct.screening import attest, consent, record_facts, screen_participant
from trialwright.conduct.signing import sign
from trialwright.conduct.signing_acts import Sign
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.slot_asking import (
    link_slot,
    request_slot,
    require_own_site,
)
from trialwright.conduct.slot_giving import end_request, release_slot, reserve_slot
from trialwright.conduct.state import TrialState
from trialwright.conduct.versions import version_for
from trialwright.terms.errors import refuse

DECIDED_BY: dict[type, Callable[[TrialState, Any], tuple[Happening, ...]]] = {
    OpenTrial: open_trial,
    SuspendTrial: change_trial,
    CloseTrial: change_trial,
    ReopenTrial: change_trial,
    OpenSite: change_site,
    SuspendSite: change_site,
    CloseSite: change_site,
    ReopenSite: change_site,
    Consent: consent,
    RecordFacts: record_facts,
    Attest: attest,
    RecordException: record_exception,
    Screen: screen_participant,
    Register: register,
    Assign: assign,
    RecordDoses: record_doses,
    RecordAdverseEvent: record_adverse_event,
    RecordTumourBaseline: record_tumour_baseline,
    RecordTumourAssessment: record_tumour_assessment,
    Adjudicate: adjudicate,
    DecideDose: decide_dose,
    Redact: redact,
    SettleRedaction: settle,
    Delegate: delegate,
    EndDelegation: end_delegation,
    Sign: sign,
    RaiseQuery: raise_query,
    **dict.fromkeys(MOVES, move_query),
    VerifySource: verify_source,
    Freeze: hold,
    Lock: hold,
    Unlock: unlock,
    ChooseRp2d: choose_rp2d,
    RecordForm: record_form,
    RecordMaterials: record_materials,
    RecordSequencing: record_sequencing,
    RecordStain: record_stain,
    **dict.fromkeys(HAPPENING, record_entry),
    Correct: correct,
    RequestSlot: request_slot,
    ReserveSlot: reserve_slot,
    ReleaseSlot: release_slot,
    RefuseSlot: end_request,
    WithdrawSlot: end_request,
    LinkSlot: link_slot,
    OpenCohort: change_cohort,
    HoldCohort: change_cohort,
    ResumeCohort: change_cohort,
    CloseCohort: change_cohort,
    AmendProtocol: amend,
    ActivateAmendment: activate,
    RecordReconsent: reconsent,
    AssignBackfill: backfill,
}
"""Act to the function that decides it."""


def decide(state: TrialState, act: Act, actor: Actor) -> tuple[Happening, ...]:
    """Decide an act.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked; it carries its own day, so that no rule asks the clock.
    actor : Actor
        Who asks, in which role, at which site.

    Returns
    -------
    tuple of Happening
        What then is to be recorded.

    Raises
    ------
    Refusal
        Saying why, and what to do next.
    """
    state = state.under(version_for(state, act, actor))
    require_authority(state, act, actor)
    require_reader(state, act, actor)
    if state.opened_on is None and not isinstance(act, _BEFORE_OPENING):
        raise refuse("trial", "not open", "an open trial", "Open the trial first")
    require_recruiting(state, act, actor)
    require_enterable(state, act)
    require_course(state, act)
    if isinstance(act, Correct):
        require_authority_over(state, act, actor)
    require_own_site(state, act, actor)
    return DECIDED_BY[type(act)](state, act)


_BEFORE_OPENING = OpenTrial | ReopenTrial | Delegate | EndDelegation
"""What can be done in a trial that is not open."""
