"""Who may do what: a table of acts and roles. What the table does not grant is refused."""

from dataclasses import dataclass

from trialwright.conduct.acts import Act, Attest
from trialwright.conduct.recruiting_acts import SuspendSite
from trialwright.terms.errors import refuse, shorten

CARE = frozenset({"coordinator", "investigator", "principal-investigator"})
"""Roles that enter what they see of a participant."""

MEDICAL = frozenset({"investigator", "principal-investigator"})
"""Roles that answer for a medical judgement."""

CHIEF = frozenset({"principal-investigator"})
"""The role that answers for the trial as a whole."""

OFFICE = CHIEF | {"data-manager"}
"""Roles that keep the list of sites."""

OPERATOR = "operator"
"""Who sets the software up: opens the trial and delegates the first principal investigator."""

REVIEW = frozenset({"monitor", "data-manager"})
"""Roles that review what sites entered."""

READER, ADJUDICATOR_ROLE = "reader", "adjudicator"

CENTRAL = frozenset({READER, ADJUDICATOR_ROLE})
"""Roles of independent central review: each reads scans, and sees nothing else of a participant."""

SIGNING = MEDICAL | REVIEW | {"statistician", "sponsor", ADJUDICATOR_ROLE}
"""Roles that sign; which of them signs what is told in `signing`."""

GRANTED: dict[str, frozenset[str]] = {
    "OpenTrial": CHIEF | {OPERATOR},
    "SuspendTrial": CHIEF,
    "CloseTrial": CHIEF,
    "ReopenTrial": CHIEF,
    "OpenSite": OFFICE,
    "SuspendSite": OFFICE | MEDICAL,
    "CloseSite": OFFICE,
    "ReopenSite": OFFICE,
    "Consent": CARE,
    "RecordFacts": CARE | {"import"},
    "Attest": MEDICAL,
    "RecordException": CHIEF,
    "Screen": CARE,
    "Register": MEDICAL,
    "Assign": CARE,
    "RecordDoses": CARE,
    "RecordAdverseEvent": CARE,
    "RecordTumourBaseline": MEDICAL | CENTRAL,
    "RecordTumourAssessment": MEDICAL | CENTRAL,
    "Adjudicate": frozenset({ADJUDICATOR_ROLE}),
    "DecideDose": CHIEF,
    "Redact": OFFICE,
    "SettleRedaction": CHIEF,
    "Delegate": CHIEF | {OPERATOR},
    "EndDelegation": CHIEF,
    "Sign": SIGNING,
    "RaiseQuery": REVIEW | {"coordinator"},
    "OpenQuery": REVIEW,
    "AnswerQuery": CARE,
    "CloseQuery": REVIEW,
    "ReopenQuery": REVIEW,
    "ResolveQuery": REVIEW,
    "CancelQuery": REVIEW,
    "VerifySource": frozenset({"monitor"}),
    "Freeze": REVIEW,
    "Lock": OFFICE,
    "Unlock": OFFICE,
    "ChooseRp2d": CHIEF,
    "RecordForm": CARE | {"import"},
    "RecordMaterials": CARE | {"import"},
    "RecordSequencing": CARE | {"import"},
    "RecordStain": CARE | {"import"},
    "ScreenFail": CARE,
    "RecordVisit": CARE,
    "RecordMedicine": CARE,
    "CountDrug": CARE | {"pharmacist"},
    "RecordProgression": MEDICAL,
    "RecordSubsequentTherapy": CARE,
    "ContactSurvival": CARE,
    "RecordPregnancy": CARE,
    "EndTreatment": MEDICAL,
    "EndStudy": MEDICAL,
    "RecordDeath": CARE,
    "DelayCycle": CARE,
    "Correct": CARE | CENTRAL,
    "RequestSlot": CARE,
    "ReserveSlot": CARE | OFFICE,
    "ReleaseSlot": CARE | OFFICE,
    "RefuseSlot": OFFICE,
    "WithdrawSlot": CARE | OFFICE,
    "LinkSlot": CARE,
    "OpenCohort": CHIEF,
    "HoldCohort": OFFICE | MEDICAL,
    "ResumeCohort": CHIEF,
    "CloseCohort": CHIEF,
    "AmendProtocol": CHIEF | {"sponsor"},
    "ActivateAmendment": OFFICE,
    "RecordReconsent": CARE,
    "AssignBackfill": CARE,
}
"""Act to the roles that may do it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    Attributes
    ----------
    account : str
        Account name; never reused.
    role : str
        Role at the time of the act.
    site : str
        Site of the account.
    """

    account: str
    role: str
    site: str


def require_role(act: Act, actor: Actor) -> None:
    """Refuse an act that the actor's role does not grant.

    Parameters
    ----------
    act : Act
        What is asked.
    actor : Actor
        Who asks.

    Raises
    ------
    Refusal
        Naming the roles that may. An answer is given in the actor's own role only, and an
        investigator suspends the own site only.
    """
    name = type(act).__name__
    granted = GRANTED.get(name, frozenset())
    if actor.role not in granted:
        raise refuse(
            name,
            f"the role {actor.role}",
            ", ".join(sorted(granted)) or "no role",
            "Ask somebody who holds such a role",
        )
    if isinstance(act, Attest) and act.attestation.role != actor.role:
        raise refuse(
            "attestation.role",
            f"{act.attestation.role}, answered by a {actor.role}",
            f"the actor's own role, {actor.role}",
            "Let the person who answers sign",
        )
    if isinstance(act, SuspendSite) and actor.role == "investigator" and act.site != actor.site:
        raise refuse(
            "site",
            f"{shorten(act.site)}, suspended by an investigator of {shorten(actor.site)}",
            f"the investigator's own site, {shorten(actor.site)}",
            "Ask an investigator of that site, the principal investigator or a data manager",
        )
