"""Every act has a page, or a line that says why it has none."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module

import pytest

from trialwright.conduct.act_forms import ACTS
from trialwright.conduct.deciding import DECIDED_BY

RECORD, POINTS, PLACES = "participant_record", "participant_points", "place_act"
PAGES = {
    **dict.fromkeys(
        ("OpenTrial", "SuspendTrial", "CloseTrial", "ReopenTrial", "OpenSite", "SuspendSite",
         "CloseSite", "ReopenSite"),
        "recruiting",
    ),
    "Consent": "participants",
    "Screen": "participant_screen",
    "Attest": "participant_answer",
    "Register": "participant_register",
    "Assign": "participant_assign",
    "AssignBackfill": "participant_backfill",
    **dict.fromkeys(
        ("RecordFacts", "RecordForm", "RecordVisit", "RecordMedicine", "RecordDoses", "CountDrug",
         "RecordAdverseEvent", "RecordPregnancy", "RecordDeath", "RecordTumourBaseline",
         "RecordTumourAssessment", "RecordProgression", "RecordSubsequentTherapy",
         "ContactSurvival", "DelayCycle", "EndTreatment", "EndStudy", "ScreenFail",
         "RecordException", "RecordReconsent", "RecordMaterials", "RecordSequencing",
         "RecordStain"),
        RECORD,
    ),
    **dict.fromkeys(("Correct", "RaiseQuery", "VerifySource", "Freeze", "Lock", "Unlock"), POINTS),
    **dict.fromkeys(
        ("OpenQuery", "AnswerQuery", "CloseQuery", "ReopenQuery", "ResolveQuery", "CancelQuery"),
        "query_step",
    ),
    **dict.fromkeys(
        ("RequestSlot", "ReserveSlot", "ReleaseSlot", "RefuseSlot", "WithdrawSlot", "LinkSlot"),
        PLACES,
    ),
    **dict.fromkeys(("OpenCohort", "HoldCohort", "ResumeCohort", "CloseCohort"), "cohort"),
    "Adjudicate": "participant_central",
    "DecideDose": "safety_arm",
    "ChooseRp2d": "safety_rp2d",
    "Sign": "sign",
    "Redact": "inspect_redact",
    "SettleRedaction": "inspect_redact",
    "Delegate": "delegations",
    "EndDelegation": "delegation_end",
    "AmendProtocol": "amendments",
    "ActivateAmendment": "amendments",
}  # fmt: skip
"""Act to the route whose page sends it."""

NO_PAGE: dict[str, str] = {}
"""Act to the reason why no page sends it."""


def without_a_page(acts: Mapping[str, type]) -> set[str]:
    """Name acts that stand in neither table."""
    return set(acts) - set(PAGES) - set(NO_PAGE)


def held_in(value: object, depth: int = 3) -> Iterator[object]:
    """Give a value and what tables and records hold of it."""
    yield value
    inner: list[object] = []
    if isinstance(value, Mapping):
        inner = [*value, *value.values()]
    elif isinstance(value, list | tuple):
        inner = [*value]
    elif is_dataclass(value) and not isinstance(value, type):
        inner = [getattr(value, each.name) for each in fields(value)]
    for each in inner if depth else ():
        yield from held_in(each, depth - 1)


BY_NAME = {kind.__name__: kind for kind in DECIDED_BY}


def test_no_act_is_without_a_page():
    """Whoever adds an act makes its page, or writes down why there is none."""
    assert without_a_page(BY_NAME) == set()
    assert set(PAGES) | set(NO_PAGE) <= set(BY_NAME)
    assert set(ACTS) | {"Sign"} == set(BY_NAME)
    assert all(reason.strip() for reason in NO_PAGE.values())


def test_a_new_act_is_found():
    """One that stands in neither table."""
    assert without_a_page({**BY_NAME, "Promote": object}) == {"Promote"}


@pytest.mark.parametrize("act", sorted(PAGES))
def test_the_page_of_an_act_sends_it(pages, act):
    """The screen of that route holds the act, by name or in a table of what its forms do."""
    from trialwright.web.routes import ANNOTATED

    screen = import_module(ANNOTATED[PAGES[act]].view.__module__)

    assert any(BY_NAME[act] is each for value in vars(screen).values() for each in held_in(value))
