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
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.cohort_moves import change_cohort
from trialwright.conduct.dose_meeting import decide_dose
from trialwright.conduct.exceptions import record_exception
from trialwright.conduct.happenings import Happening
from trialwright.conduct.observing import (
    record_adverse_event,
    record_doses,
    record_tumour_assessment,
    record_tumour_baseline,
)
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
from trialwright.conduct.roles import Actor, require_authority
from trialwright.conduct.screening import attest, consent, record_facts, screen_participant
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
    DecideDose: decide_dose,
    Redact: redact,
    SettleRedaction: settle,
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
    require_authority(act, actor)
    if state.opened_on is None and not isinstance(act, OpenTrial | ReopenTrial):
        raise refuse("trial", "not open", "an open trial", "Open the trial first")
    require_recruiting(state, act, actor)
    require_own_site(state, act, actor)
    return DECIDED_BY[type(act)](state, act)
