"""A record as a FHIR R4 ResearchStudy: valid, and read back with the same words, arms and sites."""

import json
from pathlib import Path

import pytest
from fhir.resources.R4B.researchstudy import ResearchStudy
from hypothesis import given, settings
from tests.registry.generated_records import RECORDS
from tests.sizes import sized

from trialwright.protocol.publication import Publication
from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml
from trialwright.registry.reading import read_record
from trialwright.registry.record import (
    Record,
    RecordEndpoint,
    RecordPerson,
    RecordSite,
    record_of,
    record_of_plain,
)
from trialwright.registry.writing.arm_words import one_line
from trialwright.registry.writing.criterion_words import line_of_criterion
from trialwright.registry.writing.fhir import write_fhir

SHIPPED = Path(__file__).parents[2] / "src/trialwright/shelf/protocols/nct03959891.yaml"
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ResearchStudy."


@pytest.fixture(scope="module")
def shipped() -> Record:
    """Give the record of the shipped protocol."""
    return record_of(read_study(SHIPPED.read_text(encoding="utf-8")).study)


@pytest.fixture(scope="module")
def invented(study) -> Record:
    """Give the record of the invented trial."""
    return record_of(study)


@pytest.fixture(scope="module")
def drafted(real_page) -> Record:
    """Give the record of a draft of the real page."""
    found, _ = gather_yaml(draft_yaml(read_page(real_page, "page.txt")))
    return record_of_plain(found.value)


def written(record):
    """Give the resource of a record."""
    return json.loads(write_fhir(record))


def contained(study, kind):
    """Give what stands inside a study, of one kind."""
    return [each for each in study["contained"] if each["resourceType"] == kind]


@pytest.mark.parametrize("of", ["shipped", "invented", "drafted"])
def test_a_trial_is_valid(of, request):
    """The resource and those inside it are valid, and each of them is referred to."""
    text = write_fhir(request.getfixturevalue(of))
    study = json.loads(text)

    ResearchStudy.model_validate_json(text)

    inside = {f"#{each['id']}" for each in study["contained"]}
    assert all(f'"reference": "{each}"' in text for each in inside)
    assert text.endswith("}\n")


@pytest.mark.sized
@settings(max_examples=sized(800, 20), deadline=None)
@given(RECORDS)
def test_any_record_is_valid(record):
    """Odd, empty and repeated values make no invalid resource."""
    ResearchStudy.model_validate_json(write_fhir(record))


@pytest.mark.parametrize("of", ["shipped", "invented", "drafted"])
def test_a_trial_is_read_back(of, request):
    """Criteria in the same words, arms, lines, numbers and sites come back."""
    record = request.getfixturevalue(of)

    draft = read_record(write_fhir(record), "study.json")

    assert [one_line(each.source_text) for each in draft.criteria] == [
        line_of_criterion(each) for each in record.criteria
    ]
    assert [(each.id, each.arms) for each in draft.criteria] == [
        (each.id, each.arms) for each in record.criteria
    ]
    assert [each.label for each in draft.arms] == [each.id for each in record.arms]
    assert [[line.days for line in each.dosing] for each in draft.arms] == [
        [line.days for line in each.dosing] for each in record.arms
    ]
    assert draft.cycle_days == record.cycle_days
    assert draft.identifiers.nct == record.identifiers.nct
    assert draft.identifiers.secondary == (record.identifiers.nci,)
    assert [(each.name, each.status, each.phone) for each in draft.sites] == [
        (each.name, each.status, each.phone) for each in record.sites
    ]
    assert [(each.rank, each.says) for each in draft.objectives] == [
        (each.rank, each.says) for each in record.objectives
    ]
    for field in ("title", "summary", "phase", "status", "trial_type", "lead_organisation"):
        assert getattr(draft, field) == getattr(record, field)
    assert draft.principal_investigator == record.investigators[0].name


REAL = ("NCT02684032", "NCT03473639", "NCT03964532", "NCT03641755", "NCT03959891", "NCT03990896")


@pytest.mark.parametrize("number", REAL)
def test_a_real_study_is_written_as_it_was_read(shared, number):
    """A study of a matching service, read, written and read again, says the same."""
    text = (shared / "registry" / "researchstudies-2022-fhir.json").read_text(encoding="utf-8")
    found, _ = gather_yaml(draft_yaml(read_record(text, "bundle.json", number)))
    record = record_of_plain(found.value)

    draft = read_record(write_fhir(record))

    assert len(draft.criteria) > 10
    assert [(each.id, one_line(each.source_text), each.arms) for each in draft.criteria] == [
        (each.id, line_of_criterion(each), each.arms) for each in record.criteria
    ]
    assert [(each.label, each.title, each.type) for each in draft.arms] == [
        (each.id, each.title, each.type) for each in record.arms
    ]
    assert [(each.name, each.city, each.country, each.email) for each in draft.sites] == [
        (each.name, each.city, each.country, each.email) for each in record.sites
    ]
    assert (draft.identifiers.nct, draft.title) == (number, record.title)
    assert draft.publication.conditions == record.publication.conditions
    assert draft.publication.masking == record.publication.masking


def test_the_layout_is_the_matching_service_s(shipped):
    """Eligibility is the words of the reference to a group; each agent of each arm has a plan."""
    study = written(shipped)

    enrollment = study["enrollment"][0]
    plans = {
        (each["title"], each["subjectCodeableConcept"]["text"])
        for each in contained(study, "PlanDefinition")
    }

    assert study["id"] == "NCT03959891"
    assert enrollment["reference"] == f"#{contained(study, 'Group')[0]['id']}"
    assert enrollment["display"].startswith("Inclusion Criteria:\n\n* Biopsy-proven")
    assert ("Ipatasertib", "Arm C") in plans
    assert ("Palbociclib", "Arm C") in plans
    assert ("Palbociclib", "Arm A") not in plans
    assert len(plans) == 9


@pytest.mark.parametrize(
    ("phase", "code", "text"),
    [
        ("I", "phase-1", "Phase 1"),
        ("Ib", "phase-1", "Phase Ib"),
        ("I/II", "phase-1-phase-2", "Phase 1/Phase 2"),
        ("early I", "early-phase-1", "Early Phase 1"),
    ],
)
def test_each_phase_has_its_code(invented, phase, code, text):
    """A phase finer than FHIR's keeps its own words beside the code of the class."""
    concept = written(invented.model_copy(update={"phase": phase}))["phase"]

    assert (concept["coding"][0]["code"], concept["text"]) == (code, text)
    assert concept["coding"][0]["system"].endswith("/research-study-phase")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("active", "active"),
        ("not yet active", "approved"),
        ("suspended", "temporarily-closed-to-accrual"),
        ("closed", "closed-to-accrual"),
        ("terminated", "administratively-completed"),
    ],
)
def test_each_status_has_its_code(invented, status, code):
    """What was recorded as opening, suspending or closing shows in the resource."""
    assert written(invented.model_copy(update={"status": status}))["status"] == code


@pytest.mark.parametrize("status", ["", "enrolling by invitation"])
def test_a_status_without_a_code_is_said_to_be_unknown(invented, status):
    """FHIR requires a status; the reason why there is none stands in its place."""
    record = invented.model_copy(update={"status": status})

    study = written(record)

    ResearchStudy.model_validate(study)
    assert "status" not in study
    assert study["_status"]["extension"][0]["valueCode"] == "unknown"


def test_a_site_that_is_closed_says_so(invented):
    """FHIR has one code for not yet and no longer: the words tell them apart."""
    sites = tuple(
        RecordSite(id=f"site-{place}", name="Invented Hospital", status=status, city="Nowhere")
        for place, status in enumerate(["active", "closed", "not yet active"])
    )

    places = contained(written(invented.model_copy(update={"sites": sites})), "Location")

    assert [each["status"] for each in places] == ["active", "inactive", "inactive"]
    assert [each.get("description", "") for each in places] == [
        "",
        "Recruitment at this site: closed",
        "Recruitment at this site: not yet active",
    ]
    assert places[0]["address"] == {"use": "work", "city": "Nowhere"}


def test_an_illustrative_endpoint_is_left_out(shipped):
    """What the registry does not state is not published; the other endpoints are."""
    names = [
        inside["valueString"]
        for each in written(shipped)["extension"]
        if each["url"] == f"{R5}outcomeMeasure"
        for inside in each["extension"]
        if inside["url"] == "name"
    ]

    assert "Objective response rate" in names
    assert not [each for each in names if "dose-limiting" in each]


def test_what_only_r5_has_stands_in_r5_s_elements(invented):
    """Titles, other people, collaborators, numbers of participants and time frames are kept."""
    published = Publication(
        acronym="INVENT",
        official_title="An Invented Trial",
        collaborators=("Another Center",),
        enrolled=12,
        conditions=("Invented Disease",),
        intervention_model="Parallel Assignment",
        started={"date": "2019-05"},
        sex="female",
    )
    chair = RecordPerson(name="Sam Example", role="study-chair", affiliation="Another Center")
    endpoint = RecordEndpoint(id="orr", rank="primary", says="Response", time_frame="28 days")
    update = {
        "publication": published,
        "endpoints": (endpoint,),
        "investigators": (*invented.investigators, chair),
    }

    study = written(invented.model_copy(update=update))

    ResearchStudy.model_validate(study)
    extensions = json.dumps(study["extension"])
    for words in ("INVENT", "An Invented Trial", "Another Center", "Sam Example", "28 days"):
        assert words in extensions
    assert '{"url": "targetNumber", "valueUnsignedInt": 12}' in extensions
    assert study["condition"] == [{"text": "Invented Disease"}]
    assert study["period"] == {"start": "2019-05"}
    assert {"text": "Intervention Model: Parallel Assignment"} in study["category"]
    assert {"text": "Sex: female"} in study["category"]


def test_the_layout_is_that_of_the_real_example(shared, shipped):
    """Every element written is one that the real studies have, or one of FHIR R4 beside them."""
    text = (shared / "registry" / "researchstudies-2022-fhir.json").read_text(encoding="utf-8")
    real = {key for each in json.loads(text)["entry"] for key in each["resource"]}

    beside = set(written(shipped)) - real

    assert beside == {"extension", "note", "primaryPurposeType", "principalInvestigator"}
