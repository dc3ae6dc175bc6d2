"""Authority: a table of acts and roles; what it does not grant is refused."""

from typing import get_args

import pytest

from trialwright.conduct import (
    acts,
    amendment_acts,
    backfill_acts,
    biomarker_acts,
    central_records,
    clinical_acts,
    cohort_acts,
    delegation_acts,
    dose_decision_acts,
    locking_acts,
    query_acts,
    recruiting_acts,
    signing_acts,
    slot_acts,
)
from trialwright.conduct.deciding import DECIDED_BY
from trialwright.conduct.roles import GRANTED, Actor, require_role
from trialwright.terms.errors import Refusal

COORDINATOR, INVESTIGATOR = "coordinator", "investigator"
CHIEF, MANAGER, IMPORT = "principal-investigator", "data-manager", "import"
CARE = {COORDINATOR, INVESTIGATOR, CHIEF}
OPERATOR, MONITOR, STATISTICIAN, SPONSOR = "operator", "monitor", "statistician", "sponsor"
CENTRAL = {"reader", "adjudicator"}
REVIEW = {MONITOR, MANAGER}
MAY = {
    acts.OpenTrial: {CHIEF, OPERATOR},
    recruiting_acts.SuspendTrial: {CHIEF},
    recruiting_acts.CloseTrial: {CHIEF},
    recruiting_acts.ReopenTrial: {CHIEF},
    recruiting_acts.OpenSite: {MANAGER, CHIEF},
    recruiting_acts.SuspendSite: {MANAGER, INVESTIGATOR, CHIEF},
    recruiting_acts.CloseSite: {MANAGER, CHIEF},
    recruiting_acts.ReopenSite: {MANAGER, CHIEF},
    acts.Consent: CARE,
    acts.RecordFacts: CARE | {IMPORT},
    acts.Attest: {INVESTIGATOR, CHIEF},
    acts.RecordException: {CHIEF},
    acts.Screen: CARE,
    acts.Register: {INVESTIGATOR, CHIEF},
    acts.Assign: CARE,
    backfill_acts.AssignBackfill: CARE,
    acts.RecordDoses: CARE,
    acts.RecordAdverseEvent: CARE,
    acts.RecordTumourBaseline: {INVESTIGATOR, CHIEF, *CENTRAL},
    acts.RecordTumourAssessment: {INVESTIGATOR, CHIEF, *CENTRAL},
    central_records.Adjudicate: {"adjudicator"},
    acts.DecideDose: {CHIEF},
    acts.Redact: {MANAGER, CHIEF},
    acts.SettleRedaction: {CHIEF},
    delegation_acts.Delegate: {CHIEF, OPERATOR},
    delegation_acts.EndDelegation: {CHIEF},
    signing_acts.Sign: {
        INVESTIGATOR,
        CHIEF,
        MONITOR,
        MANAGER,
        STATISTICIAN,
        SPONSOR,
        "adjudicator",
    },
    query_acts.RaiseQuery: REVIEW | {"coordinator"},
    query_acts.OpenQuery: REVIEW,
    query_acts.AnswerQuery: CARE,
    query_acts.CloseQuery: REVIEW,
    query_acts.ReopenQuery: REVIEW,
    query_acts.ResolveQuery: REVIEW,
    query_acts.CancelQuery: REVIEW,
    locking_acts.VerifySource: {MONITOR},
    locking_acts.Freeze: REVIEW,
    locking_acts.Lock: {MANAGER, CHIEF},
    locking_acts.Unlock: {MANAGER, CHIEF},
    dose_decision_acts.ChooseRp2d: {CHIEF},
    clinical_acts.RecordForm: CARE | {IMPORT},
    biomarker_acts.RecordMaterials: CARE | {IMPORT},
    biomarker_acts.RecordSequencing: CARE | {IMPORT},
    biomarker_acts.RecordStain: CARE | {IMPORT},
    clinical_acts.ScreenFail: CARE,
    clinical_acts.RecordVisit: CARE,
    clinical_acts.RecordMedicine: CARE,
    clinical_acts.CountDrug: CARE | {"pharmacist"},
    clinical_acts.RecordProgression: {INVESTIGATOR, CHIEF},
    clinical_acts.RecordSubsequentTherapy: CARE,
    clinical_acts.ContactSurvival: CARE,
    clinical_acts.RecordPregnancy: CARE,
    clinical_acts.EndTreatment: {INVESTIGATOR, CHIEF},
    clinical_acts.EndStudy: {INVESTIGATOR, CHIEF},
    clinical_acts.RecordDeath: CARE,
    clinical_acts.DelayCycle: CARE,
    clinical_acts.Correct: CARE | CENTRAL,
    slot_acts.RequestSlot: CARE,
    slot_acts.ReserveSlot: CARE | {MANAGER},
    slot_acts.ReleaseSlot: CARE | {MANAGER},
    slot_acts.RefuseSlot: {MANAGER, CHIEF},
    slot_acts.WithdrawSlot: CARE | {MANAGER},
    slot_acts.LinkSlot: CARE,
    cohort_acts.OpenCohort: {CHIEF},
    cohort_acts.HoldCohort: {MANAGER, INVESTIGATOR, CHIEF},
    cohort_acts.ResumeCohort: {CHIEF},
    cohort_acts.CloseCohort: {CHIEF},
    amendment_acts.AmendProtocol: {CHIEF, SPONSOR},
    amendment_acts.ActivateAmendment: {MANAGER, CHIEF},
    amendment_acts.RecordReconsent: CARE,
}
ROLES = [
    *sorted(set().union(*MAY.values())),
    "",
    "Principal-Investigator",
]


def blank(kind, role, say):
    """Give an act of a kind without caring what it says; answer and site are the actor's own."""
    if kind is recruiting_acts.SuspendSite:
        return kind("mgh", say.OPENED, "x")
    if kind is acts.Attest:
        return say.answer("P-1", "informed-consent", "yes", role=role)
    return object.__new__(kind)


def test_every_act_has_its_row_and_its_decision():
    """A new act is granted to somebody on purpose, or to nobody."""
    every = set(get_args(acts.Act))

    assert set(MAY) == every == set(DECIDED_BY)
    assert set(GRANTED) == {each.__name__ for each in every}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", MAY, ids=lambda kind: kind.__name__)
def test_every_act_is_granted_to_its_roles_alone(kind, role, say):
    """Default deny: a role that the table does not name is refused, and told whom to ask."""
    act, actor = blank(kind, role, say), Actor("a", role, "mgh")
    if role in MAY[kind]:
        require_role(act, actor)
        return

    with pytest.raises(Refusal) as refused:
        require_role(act, actor)

    (fault,) = refused.value.faults
    assert fault.where == kind.__name__
    assert set(fault.allowed.split(", ")) == MAY[kind]


def test_an_act_that_the_table_does_not_know_is_refused():
    """Not even the principal investigator may do what nobody was granted."""
    with pytest.raises(Refusal, match="no role"):
        require_role(object(), Actor("a", CHIEF, "mgh"))


def test_an_answer_is_given_in_the_actors_own_role(say):
    """Nobody answers for another."""
    act = say.answer("P-1", "informed-consent", "yes", role=CHIEF)

    with pytest.raises(Refusal, match="the actor's own role, investigator"):
        require_role(act, Actor("a", INVESTIGATOR, "mgh"))


@pytest.mark.parametrize(("role", "is_allowed"), [(INVESTIGATOR, False), (MANAGER, True),
                                                  (CHIEF, True)])  # fmt: skip
def test_an_investigator_suspends_the_own_site_only(say, role, is_allowed):
    """For another site, somebody of that site or of the office does it."""
    act = recruiting_acts.SuspendSite("dfci", say.OPENED, "no pharmacist")
    if is_allowed:
        require_role(act, Actor("a", role, "mgh"))
        return

    with pytest.raises(Refusal, match="the investigator's own site, mgh"):
        require_role(act, Actor("a", role, "mgh"))
