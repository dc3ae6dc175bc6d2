"""Every field of a ClinicalTrials.gov API v2 record goes to its place, or is kept."""

import gzip
import json

import pytest
from tests.registry.invented_records import CTGOV, changed, text_of, without

from trialwright.protocol.schedule import FollowUp
from trialwright.registry.draft import DraftEndpoint, DraftIdentifiers, DraftPerson, DraftSite
from trialwright.registry.reading import read_record
from trialwright.registry.record import record_of
from trialwright.registry.writing.ctgov import write_ctgov

SECTION = "protocolSection."


def read(record):
    """Read a record."""
    return read_record(text_of(record), "record.json")


@pytest.fixture(scope="module")
def draft():
    """Give the draft of the invented record."""
    return read(CTGOV)


@pytest.fixture(scope="module")
def real(shared):
    """Give the draft of a complete record with results."""
    file = shared / "registry" / "nct02513394-ctgov-v2.json.gz"
    return read_record(gzip.decompress(file.read_bytes()).decode("utf-8"), file.name)


def test_titles_numbers_and_sponsor_are_read(draft):
    """The brief title is the title; the National Cancer Institute's number is told from others."""
    assert draft.title == "Testinib in an Invented Disease"
    assert draft.identifiers == DraftIdentifiers("99-001", ("NCI-2099-00001",), "NCT99999999")
    assert draft.publication.official_title == "A Phase Ib Study of Testinib"
    assert draft.publication.acronym == "INVENT"
    assert [(each.id, each.type) for each in draft.publication.other_numbers] == [
        ("2099-000001-01", "EUDRACT_NUMBER")
    ]
    assert draft.lead_organisation == "Invented Center"
    assert draft.publication.collaborators == ("Invented Foundation",)


def test_status_phase_and_design_are_read(draft):
    """In the house's words where they are certain, beside the registry's own."""
    published = draft.publication

    assert (draft.status, published.status_word) == ("active", "RECRUITING")
    assert (draft.phase, published.phase_line, draft.phase_in_summary) == ("I", "PHASE1", "Ib")
    assert (draft.trial_type, published.purpose) == ("treatment", "TREATMENT")
    assert (published.allocation, draft.assigned) == ("RANDOMIZED", "randomized")
    assert (published.intervention_model, published.masking) == ("PARALLEL", "NONE")
    assert (published.enrolled, published.enrolled_is_actual) == (24, False)
    assert published.started.model_dump() == {"date": "2099-01-31", "type": "ACTUAL"}
    assert published.primary_completion.model_dump() == {"date": "2100-01", "type": "ESTIMATED"}
    assert published.completion.model_dump() == {"date": "2101", "type": ""}
    assert published.conditions == ("Invented Disease",)
    assert published.keywords == ("testinib", "trial")


def test_descriptions_are_read_with_objectives_outline_and_follow_up(draft):
    """The detailed description of a trial of the National Cancer Institute says them all."""
    assert draft.summary == "This phase Ib trial studies testinib. Nobody takes it."
    assert [(each.rank, each.says, each.assumption) for each in draft.objectives] == [
        ("primary", "To find the dose of testinib.", ""),
        ("primary", "To describe its safety.", ""),
        ("secondary", "Objective response rate.", ""),
    ]
    assert (draft.escalated_agent, draft.arms_stated) == ("testinib", 2)
    assert draft.follow_up == FollowUp(first_after_days=30, then_every_months=3)
    assert draft.publication.outline.startswith("OUTLINE: This is a dose-escalation study")
    assert draft.publication.follow_up.startswith("After completion")
    assert draft.publication.description.startswith("PRIMARY OBJECTIVES:\n\nI. To find")


def test_arms_and_interventions_are_read(draft):
    """The arm without a letter gets the next; an intervention knows the arms that name it."""
    first, second = draft.arms
    (testinib,) = draft.interventions

    assert (first.label, first.title, first.type) == ("A", "", "EXPERIMENTAL")
    assert (second.label, second.title) == ("B", "Testinib and partnerib")
    assert first.source_text == "Patients receive testinib PO QD on days 1-21."
    assert (testinib.name, testinib.type, testinib.description) == (
        "Testinib", "DRUG", "Given orally.",
    )  # fmt: skip
    assert testinib.other_names == ("TST-1",)
    assert testinib.arms == ("Arm A", "Testinib and partnerib")
    assert any("B is 'Testinib and partnerib'" in each.says for each in draft.remarks)


def test_endpoints_are_read_with_their_time_frames(draft):
    """What the registry calls other is exploratory."""
    assert draft.endpoints == (
        DraftEndpoint("primary", "DLT", "By CTCAE.", "28 days"),
        DraftEndpoint("secondary", "Response", "", "1 year"),
        DraftEndpoint("exploratory", "Biomarker"),
    )


def test_eligibility_is_read(draft):
    """The text becomes criteria; the registry's own fields stay beside them."""
    words = {each.id: each.source_text for each in draft.criteria}
    published = draft.publication

    assert words == {
        "I01": "Age >= 18 years",
        "I02": "Hemoglobin >= 9 g/dL",
        "I03": "One of the following:\n* Condition one\n* Condition two\n** with detail",
        "E01": "Prior testinib",
        "E02": "For Arm B only: intolerance of partnerib",
    }
    assert draft.criteria[-1].arms == ("B",)
    assert (published.sex, published.minimum_age, published.maximum_age) == (
        "female", "18 Years", "90 Years",
    )  # fmt: skip
    assert published.healthy_volunteers is False
    assert any("E02 names arm B, and the record letters no arm so" in r.says for r in draft.remarks)


def test_limits_are_proposed_for_each_criterion(draft):
    """Age and hemoglobin are read from the words of their criteria."""
    proposed = {each.id: [one.kind for one in each.proposals] for each in draft.criteria}

    assert proposed["I01"] == ["age"]
    assert proposed["I02"] == ["limit"]


def test_people_and_sites_are_read(draft):
    """The only principal investigator leads; a site has its own contact."""
    assert draft.principal_investigator == "Alex Example"
    assert draft.people == (
        DraftPerson("Alex Example", "PRINCIPAL_INVESTIGATOR", "Invented Center"),
        DraftPerson("Kim Example", "CONTACT"),
    )
    assert draft.sites == (
        DraftSite("Invented Hospital", "active", "Sam Example", "000-2", 0, "sam@example.org",
                  "Testville", "Nowhere", "00001", "Utopia"),
    )  # fmt: skip


def test_what_no_protocol_has_is_kept(draft):
    """Beside what is read, every other value stays as text with its path."""
    kept = {each.span.field.removeprefix(SECTION): each.words for each in draft.kept}

    assert kept.items() >= {
        ("identificationModule.organization.class", "OTHER"),
        ("statusModule.statusVerifiedDate", "2099-01"),
        ("armsInterventionsModule.armGroups.1.interventionNames.1", "Drug: Unlisted"),
        ("eligibilityModule.stdAges", '["ADULT"]'),
        ("contactsLocationsModule.locations.0.geoPoint", '{"lat":1.5,"lon":-20.0}'),
        ("contactsLocationsModule.centralContacts.0.phone", "000-1"),
        ("hasResults", "false"),
    }


@pytest.mark.parametrize(
    ("path", "value", "field", "empty"),
    [
        ("identificationModule.briefTitle", ["x"], "title", ""),
        ("identificationModule.briefTitle", 5, "title", ""),
        ("identificationModule", "text", "title", ""),
        ("eligibilityModule.eligibilityCriteria", ["Inclusion Criteria:"], "criteria", ()),
        ("eligibilityModule", [1], "criteria", ()),
        ("armsInterventionsModule.armGroups", {"label": "Arm A"}, "arms", ()),
        ("armsInterventionsModule.armGroups", ["Arm A"], "arms", ()),
        ("outcomesModule", None, "endpoints", ()),
        ("contactsLocationsModule.locations", "x", "sites", ()),
        ("designModule.phases", "PHASE1", "phase", ""),
        ("statusModule.overallStatus", True, "status", ""),
        ("descriptionModule.briefSummary", {"a": 1}, "summary", ""),
        ("sponsorCollaboratorsModule.leadSponsor", "x", "lead_organisation", "Invented Center"),
    ],
)
def test_a_value_of_another_kind_is_kept_and_the_rest_is_read(path, value, field, empty):
    """The wrong value stays as text with the reason; other parts are read as before."""
    draft = read(changed(CTGOV, SECTION + path, value))

    assert getattr(draft, field) == empty
    assert draft.identifiers.nct or "identification" in path
    if value is not None:
        assert any(
            each.span.field.startswith(SECTION + path) and "expected" in each.because
            for each in draft.kept
        )


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("statusModule.startDateStruct.date", "January 2099", "started"),
        ("designModule.enrollmentInfo.count", 2.5, "enrolled"),
        ("designModule.enrollmentInfo.count", -1, "enrolled"),
        ("designModule.enrollmentInfo.count", "24", "enrolled"),
        ("eligibilityModule.healthyVolunteers", "no", "healthy_volunteers"),
        ("identificationModule.acronym", "a\u202eb", "acronym"),
    ],
)
def test_a_value_that_a_protocol_cannot_hold_is_kept(path, value, field):
    """The field stays empty, the value stays as text."""
    draft = read(changed(CTGOV, SECTION + path, value))

    assert getattr(draft.publication, field) in ("", None)
    assert SECTION + path in {each.span.field for each in draft.kept}


def test_a_number_that_is_none_of_the_registry_is_kept():
    """`NCT1` is no number of ClinicalTrials.gov."""
    draft = read(changed(CTGOV, SECTION + "identificationModule.nctId", "NCT1"))

    assert draft.identifiers.nct == ""
    assert "eight digits" in draft.kept[0].because


def test_missing_parts_are_missing_in_the_draft_and_said():
    """An empty protocol section is a draft without values; what matters is remarked."""
    draft = read({"protocolSection": {}})

    assert (draft.title, draft.criteria, draft.arms, draft.sites) == ("", (), (), ())
    assert [each.says for each in draft.remarks] == [
        "No title was read.",
        "No inclusion criterion was read.",
        "No exclusion criterion was read.",
    ]


@pytest.mark.parametrize("module", list(CTGOV["protocolSection"]))
def test_each_module_may_be_missing(module):
    """The others are read without it."""
    draft = read(without(CTGOV, SECTION + module))

    assert draft.shape == "ClinicalTrials.gov API v2 record"


def test_a_responsible_party_who_is_an_investigator_leads():
    """Where no official is listed, the investigator of the responsible party does."""
    party = {
        "type": "SPONSOR_INVESTIGATOR",
        "investigatorFullName": "Robin Example",
        "investigatorAffiliation": "Invented Center",
    }
    record = without(CTGOV, SECTION + "contactsLocationsModule")
    record["protocolSection"]["sponsorCollaboratorsModule"]["responsibleParty"] = party

    draft = read(record)

    assert draft.principal_investigator == "Robin Example"


def test_two_principal_investigators_leave_the_lead_open():
    """None of them is chosen."""
    officials = [
        {"name": name, "role": "PRINCIPAL_INVESTIGATOR"} for name in ("Alex Example", "Bo Example")
    ]
    path = SECTION + "contactsLocationsModule.overallOfficials"
    draft = read(changed(CTGOV, path, officials))

    assert draft.principal_investigator == ""
    assert [each.name for each in draft.people[:2]] == ["Alex Example", "Bo Example"]
    assert any("2 people are named principal investigator" in r.says for r in draft.remarks)


def test_more_than_26_arms_are_kept():
    """The twenty-seventh has no letter."""
    groups = [{"label": f"Cohort {number}", "description": "x"} for number in range(27)]
    draft = read(changed(CTGOV, SECTION + "armsInterventionsModule.armGroups", groups))

    assert len(draft.arms) == 26
    assert [each.words for each in draft.kept if "26 arms" in each.because] == ["Cohort 26", "x"]


def test_what_we_write_is_read_back(study):
    """The invented protocol as a record: criteria, arms, objectives, people, sites."""
    record = record_of(study)
    draft = read_record(write_ctgov(record), "written.json")

    assert [each.id for each in draft.criteria] == [each.id for each in record.criteria]
    assert [arm.label for arm in draft.arms] == [arm.id for arm in record.arms]
    assert [each.says for each in draft.objectives] == [each.says for each in record.objectives]
    assert (draft.title, draft.status) == (record.title, record.status)
    assert draft.principal_investigator == record.investigators[0].name
    assert draft.identifiers.primary == record.identifiers.local
    assert [each.name for each in draft.sites] == [each.name for each in record.sites]
    assert (draft.escalated_agent, draft.follow_up) == ("testinib", study.follow_up)


def test_a_complete_record_is_read(real):
    """PALLAS: two arms, five outcomes with time frames, 437 sites, 19 and 13 criteria."""
    assert (len(real.inclusion), len(real.exclusion), len(real.sites)) == (19, 13, 437)
    assert [arm.label for arm in real.arms] == ["A", "B"]
    assert [each.rank for each in real.endpoints] == ["primary", *["secondary"] * 4]
    assert {each.time_frame for each in real.endpoints} == {"4 years"}
    assert (real.status, real.phase, real.trial_type) == ("closed", "III", "treatment")
    assert real.publication.enrolled == 5796
    assert len(real.publication.other_numbers) == 3
    assert len(real.people) == 4


def test_no_part_of_a_complete_record_is_longer_than_a_protocol_holds(real):
    """Its results, 1.4 million characters, are kept in parts."""
    assert max(len(each.words) for each in real.kept) <= 200_000
    assert len(real.kept) < 60


def test_what_is_kept_is_json_where_it_was_json(real):
    """Compact, and equal to what stands in the record."""
    (outcomes,) = [each for each in real.kept if each.span.field.endswith("outcomeMeasuresModule")]

    assert len(json.loads(outcomes.words)["outcomeMeasures"]) == 5
