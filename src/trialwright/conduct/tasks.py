"""Tasks that can be delegated: each act belongs to one. An act without a task is nobody's."""

from collections.abc import Mapping
from types import MappingProxyType

TASK_OF: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("OpenTrial", "SuspendTrial", "CloseTrial", "ReopenTrial", "OpenSite", "SuspendSite",
             "CloseSite", "ReopenSite"),
            "recruitment",
        ),
        **dict.fromkeys(
            ("RequestSlot", "ReserveSlot", "ReleaseSlot", "RefuseSlot", "WithdrawSlot", "LinkSlot"),
            "slots",
        ),
        **dict.fromkeys(("OpenCohort", "HoldCohort", "ResumeCohort", "CloseCohort"), "cohorts"),
        **dict.fromkeys(("Consent", "RecordReconsent"), "consent"),
        **dict.fromkeys(("AmendProtocol", "ActivateAmendment"), "amendments"),
        **dict.fromkeys(
            ("Attest", "RecordException", "Screen", "Register"), "eligibility"
        ),
        "ScreenFail": "eligibility",
        **dict.fromkeys(
            ("RecordFacts", "RecordForm", "RecordMaterials", "RecordSequencing", "RecordStain",
             "RecordVisit", "RecordMedicine",
             "RecordSubsequentTherapy", "ContactSurvival", "Correct", "AnswerQuery"),
            "data-entry",
        ),
        **dict.fromkeys(
            ("Assign", "AssignBackfill", "RecordDoses", "DelayCycle", "EndTreatment", "EndStudy"),
            "treatment",
        ),
        "CountDrug": "drug-accountability",
        **dict.fromkeys(("RecordAdverseEvent", "RecordPregnancy", "RecordDeath"), "safety"),
        **dict.fromkeys(
            ("RecordTumourBaseline", "RecordTumourAssessment", "RecordProgression"), "response"
        ),
        "Adjudicate": "adjudication",
        **dict.fromkeys(("DecideDose", "ChooseRp2d"), "dose-decision"),
        **dict.fromkeys(("Redact", "SettleRedaction"), "redaction"),
        **dict.fromkeys(("Delegate", "EndDelegation"), "delegation"),
        "Sign": "signature",
        **dict.fromkeys(
            ("RaiseQuery", "OpenQuery", "CloseQuery", "ReopenQuery", "ResolveQuery", "CancelQuery"),
            "queries",
        ),
        "VerifySource": "source-verification",
        **dict.fromkeys(("Freeze", "Lock", "Unlock"), "locking"),
    }
)  # fmt: skip
"""Act to the task it belongs to."""

DELEGATION = "delegation"
"""The task of keeping the delegation log."""
