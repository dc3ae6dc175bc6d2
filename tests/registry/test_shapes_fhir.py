"""Every field of a FHIR ResearchStudy goes to its place, or is kept."""

import copy
import json

import pytest
from tests.registry.invented_records import STUDY, bundle, changed, text_of, without

from trialwright.protocol.schedule import FollowUp
from trialwright.registry.draft import DraftEndpoint, DraftIdentifiers, DraftPerson, DraftSite
from trialwright.registry.reading import read_record
from trialwright.registry.record import record_of
from trialwright.registry.shapes.fhir_r5 import R5
from trialwright.registry.writing.fhir import write_fhir
from trialwright.terms.errors import Refusal


def read(record, wanted=""):
    """Read a record."""
    return read_record(text_of(record), "study.json", wanted)


@pytest.fixture(scope="module")
def draft():
    """Give the draft of the invented study."""
    return read(STUDY)


@pytest.fixture(scope="module")
def searchset(shared):
    """Give the text of a searchset of six studies."""
    return (shared / "registry" / "researchstudies-2022-fhir.json").read_text(encoding="utf-8")


def test_title_numbers_status_and_phase_are_read(draft):
    """In the house's words where they are certain."""
    published = draft.publication

    assert draft.title == "Testinib in an Invented Disease"
    assert draft.identifiers == DraftIdentifiers("", ("NCI-2099-00001",), "NCT99999999")
    assert [each.model_dump() for each in published.other_numbers] == [
        {"id": "2099-X", "type": "other", "domain": "Somebody"}
    ]
    assert (draft.status, published.status_word) == ("closed", "closed-to-accrual")
    assert (draft.phase, published.phase_line) == ("I", "Phase 1")


def test_categories_name_the_design(draft):
    """Those that do not are kept."""
    published = draft.publication

    assert (published.intervention_model, published.masking) == (
        "Parallel Assignment", "None (Open Label)",
    )  # fmt: skip
    assert (published.allocation, published.purpose) == ("Non-Randomized", "Treatment")
    assert draft.trial_type == "treatment"
    assert "Something: Else" in str([each.words for each in draft.kept])


def test_words_and_dates_are_read(draft):
    """The summary without its layout; conditions, keywords, and the period."""
    published = draft.publication

    assert draft.summary == "This phase I trial studies testinib."
    assert (published.conditions, published.keywords) == (("Invented Disease",), ("testinib",))
    assert (published.started.date, published.completion.date) == ("2099-01-31", "2101-02-01")


def test_an_objective_must_say_one(draft):
    """Words on who may enter are kept; one without a rank is read as primary, and says so."""
    assert [(each.rank, each.says, bool(each.assumption)) for each in draft.objectives] == [
        ("primary", "To find the dose of testinib.", True),
        ("secondary", "Response", False),
    ]
    (kept,) = [each for each in draft.kept if each.span.field == "objective.0.name"]
    assert "in the place of an objective" in kept.because


def test_references_are_followed(draft):
    """Sponsor, investigator, sites, group and plans are contained resources."""
    assert draft.lead_organisation == "Invented Center"
    assert draft.principal_investigator == "Alex Example"
    assert draft.people == (DraftPerson("Kim Example", "contact"),)
    assert draft.sites == (
        DraftSite("Invented Hospital", "active", "", "000-2", 0, "sam@example.org", "Testville",
                  "Nowhere", "00001", "Utopia"),
        DraftSite("Second Hospital", "", "", "", 0),
    )  # fmt: skip
    assert [
        (each.name, each.type, each.other_names, each.arms) for each in draft.interventions
    ] == [("Testinib", "Drug", ("TST-1",), ("Testinib alone", "ARM A"))]


def test_eligibility_is_read_from_the_words_of_the_enrollment(draft):
    """Wrapped lines and nested bullets."""
    words = {each.id: each.source_text for each in draft.criteria}

    assert list(words) == ["I01", "I02", "E01"]
    assert words["I02"] == (
        "Postmenopausal, by one of:\n* Older than 60 years\n* Bilateral oophorectomy"
    )


def test_arms_are_read(draft):
    """The arm that names its letter keeps it."""
    assert [(arm.label, arm.title, arm.type) for arm in draft.arms] == [
        ("B", "Testinib alone", "Experimental"),
        ("A", "", ""),
    ]
    assert draft.arms[0].source_text == "Testinib daily.\nNothing else."


def test_a_group_may_say_the_criteria_one_by_one():
    """A characteristic says whether it excludes."""
    study = copy.deepcopy(STUDY)
    study["enrollment"] = [{"reference": "#group"}]
    study["contained"][1]["characteristic"] = [
        {"code": {"text": "Women"}, "exclude": False},
        {
            "code": {"text": "criterion"},
            "valueCodeableConcept": {"text": "Prior testinib"},
            "exclude": True,
        },
        {"code": {"text": "Nobody knows"}},
    ]
    draft = read(study)

    assert {each.id: each.source_text for each in draft.criteria} == {
        "I01": "Women",
        "E01": "Prior testinib",
    }
    assert any("Nobody knows" in each.words for each in draft.kept)


@pytest.mark.parametrize("key", [key for key in STUDY if key != "resourceType"])
def test_each_element_may_be_missing(key):
    """The others are read without it."""
    draft = read(without(STUDY, key))

    assert draft.shape == "FHIR ResearchStudy"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", {"x": 1}),
        ("identifier", "NCT99999999"),
        ("phase", "Phase 1"),
        ("category", {"text": "Masking: None"}),
        ("contained", {"id": "org"}),
        ("contained.0", "org"),
        ("contained.0.name", ["x"]),
        ("sponsor", "#org"),
        ("sponsor.reference", 5),
        ("enrollment", {"display": "x"}),
        ("enrollment.0.display", ["Inclusion Criteria:"]),
        ("arm", "x"),
        ("arm.0.type", "Experimental"),
        ("site.0", "#place"),
        ("period", "2099"),
        ("objective.0", "To find a dose"),
        ("contact.0.telecom", {"system": "phone"}),
    ],
)
def test_a_value_of_another_kind_is_kept_and_the_rest_is_read(path, value):
    """The wrong value stays as text with the reason."""
    draft = read(changed(STUDY, path, value))

    assert draft.identifiers.nct or path == "identifier"
    assert any(
        each.span.field == path or path.startswith(each.span.field) or
        each.span.field.startswith(path) for each in draft.kept
    )  # fmt: skip


def test_what_is_referred_to_and_not_there_is_kept():
    """The reference stays as text; its display is read."""
    draft = read(
        changed(STUDY, "sponsor", {"reference": "Organization/9", "display": "Far Center"})
    )

    assert draft.lead_organisation == "Far Center"
    assert [each.because for each in draft.kept if each.span.field == "sponsor.reference"] == [
        "the record does not hold what it refers to"
    ]


def test_resources_of_the_bundle_are_found():
    """By kind and id, and by full URL."""
    study = changed(STUDY, "sponsor", {"reference": "Organization/far"})
    study = changed(study, "site", [{"reference": "urn:uuid:1"}])
    record = bundle(study)
    record["entry"] += [
        {"resource": {"resourceType": "Organization", "id": "far", "name": "Far Center"}},
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Location", "name": "Far Hospital"}},
    ]
    draft = read(record)

    assert draft.lead_organisation == "Far Center"
    assert [each.name for each in draft.sites] == ["Far Hospital"]


def test_a_site_that_stands_twice_is_one_site():
    """Two references to one location."""
    draft = read(changed(STUDY, "site", [{"reference": "#place"}, {"reference": "#place"}]))

    assert [each.name for each in draft.sites] == ["Invented Hospital"]


def test_a_coding_that_says_otherwise_is_kept():
    """The text counts; a code of another meaning stays for people."""
    phase = {"text": "Phase 1", "coding": [{"code": "phase-2", "display": "Phase 2"}]}
    draft = read(changed(STUDY, "phase", phase))

    assert draft.phase == "I"
    assert any(each.span.field == "phase.coding" for each in draft.kept)


def r5(name, *inside, **value):
    """Give an extension for an element of R5."""
    return {"url": f"{R5}{name}", "extension": [{"url": url} | one for url, one in inside], **value}


def test_elements_of_r5_are_read_from_their_extensions():
    """Outcome measures, associated parties, titles, number of participants."""
    extensions = [
        r5("outcomeMeasure", ("name", {"valueString": "DLT"}),
           ("type", {"valueCodeableConcept": {"text": "primary"}}),
           ("description", {"valueMarkdown": "By CTCAE.\n\nTime frame: 28 days"})),
        r5("outcomeMeasure", ("name", {"valueString": "Unranked"})),
        r5("associatedParty", ("name", {"valueString": "Kim Example"}),
           ("role", {"valueCodeableConcept": {"text": "study-chair"}}),
           ("party", {"valueReference": {"display": "Invented Center"}})),
        r5("associatedParty", ("name", {"valueString": "Invented Foundation"}),
           ("role", {"valueCodeableConcept": {"text": "collaborator"}})),
        r5("label", ("type", {"valueCodeableConcept": {"text": "acronym"}}),
           ("value", {"valueString": "INVENT"})),
        r5("recruitment", ("targetNumber", {"valueUnsignedInt": 24})),
        r5("version", valueString="1"),
    ]  # fmt: skip
    draft = read(STUDY | {"extension": extensions})
    published = draft.publication

    assert draft.endpoints == (DraftEndpoint("primary", "DLT", "By CTCAE.", "28 days"),)
    assert draft.people[0] == DraftPerson("Kim Example", "study-chair", "Invented Center")
    assert published.collaborators == ("Invented Foundation",)
    assert (published.acronym, published.enrolled, published.enrolled_is_actual) == (
        "INVENT", 24, False,
    )  # fmt: skip
    assert [each.span.field for each in draft.kept if each.span.field.startswith("ext")] == [
        "extension.1", "extension.6",
    ]  # fmt: skip


def test_notes_of_outline_and_follow_up_are_read():
    """Other notes are kept."""
    notes = [
        {"text": "OUTLINE: This is a dose-escalation study of testinib."},
        {"text": "After completion of study treatment, patients are followed up at 30 days, then"
                 " every 3 months."},
        {"text": "Call us."},
    ]  # fmt: skip
    draft = read(STUDY | {"note": notes})

    assert draft.escalated_agent == "testinib"
    assert draft.follow_up == FollowUp(first_after_days=30, then_every_months=3)
    assert [each.words for each in draft.kept if each.span.field.startswith("note")] == [
        '{"text":"Call us."}'
    ]


def test_the_lead_organisations_own_number_is_told_by_who_assigned_it():
    """Its assigner is the sponsor."""
    mine = {"value": "99-001", "assigner": {"reference": "#org", "type": "Organization"}}
    draft = read(STUDY | {"identifier": [*STUDY["identifier"], mine]})

    assert draft.identifiers.primary == "99-001"


def test_what_we_write_is_read_back(study):
    """The invented protocol as FHIR: criteria, arms, agents, objectives, people, sites."""
    record = record_of(study)
    draft = read_record(write_fhir(record), "written.json")

    assert [each.id for each in draft.criteria] == [each.id for each in record.criteria]
    assert [arm.label for arm in draft.arms] == [arm.id for arm in record.arms]
    assert [arm.dosing for arm in draft.arms] != [(), ()]
    assert [each.says for each in draft.objectives] == [each.says for each in record.objectives]
    assert (draft.title, draft.phase, draft.status) == (record.title, record.phase, record.status)
    assert draft.principal_investigator == record.investigators[0].name
    assert draft.identifiers.primary == record.identifiers.local
    assert [each.name for each in draft.sites] == [each.name for each in record.sites]
    assert draft.lead_organisation == record.lead_organisation


def other(number):
    """Give another study."""
    identifier = [{"value": f"NCT0000000{number}"}]
    return STUDY | {"id": f"other-{number}", "identifier": identifier, "title": f"Other {number}"}


@pytest.mark.parametrize("wanted", ["other-1", "NCT00000001", "nct00000001"])
def test_one_study_of_a_bundle_is_picked(wanted):
    """By resource id or identifier; the others are named and left out."""
    draft = read(bundle(STUDY, other(1)), wanted)

    assert draft.title == "Other 1"
    assert not any("Testinib in an Invented" in each.words for each in draft.kept)
    assert "The bundle also holds studies that are not read: invented-1." in [
        each.says for each in draft.remarks
    ]


@pytest.mark.parametrize(
    ("studies", "wanted", "found"),
    [
        ((STUDY, other(1)), "", "a bundle of 2 studies, and none is named"),
        ((STUDY, other(1)), "NCT00000009", "no study with the number NCT00000009"),
        ((STUDY, STUDY), "invented-1", "2 studies with the number invented-1"),
        ((), "", "a bundle without a ResearchStudy"),
    ],
)
def test_a_bundle_that_does_not_say_which_study_is_refused(studies, wanted, found):
    """The studies there are, are listed."""
    with pytest.raises(Refusal) as refused:
        read(bundle(*studies), wanted)
    (fault,) = refused.value.faults

    assert fault.found == found
    assert fault.where
    assert not studies or "invented-1" in fault.allowed


def test_a_single_study_must_be_the_one_that_is_meant():
    """Another number is refused."""
    with pytest.raises(Refusal, match="no study with the number NCT00000009"):
        read(STUDY, "NCT00000009")


@pytest.mark.parametrize(
    ("wanted", "inclusion", "exclusion", "sites", "arms", "interventions"),
    [
        ("NCT02684032", 10, 12, 41, "EFABCD", 4),
        ("NCT03473639", 20, 16, 2, "A", 2),
        ("NCT03964532", 14, 22, 3, "A", 2),
        ("NCT03641755", 14, 20, 2, "A", 2),
        ("NCT03959891", 14, 16, 1, "ABC", 4),
        ("NCT03990896", 21, 13, 2, "A", 1),
    ],
)
def test_the_six_studies_are_read(
    searchset, wanted, inclusion, exclusion, sites, arms, interventions
):
    """Totals counted by hand; no objective is one."""
    draft = read_record(searchset, "searchset.json", wanted)

    assert (len(draft.inclusion), len(draft.exclusion)) == (inclusion, exclusion)
    assert len(draft.sites) == sites
    assert "".join(arm.label for arm in draft.arms) == arms
    assert len(draft.interventions) == interventions
    assert draft.objectives == ()
    assert draft.lead_organisation


def test_a_searchset_without_a_name_lists_its_studies(searchset):
    """All six are named."""
    with pytest.raises(Refusal) as refused:
        read_record(searchset, "searchset.json")

    ids = [entry["resource"]["id"] for entry in json.loads(searchset)["entry"]]
    assert all(each in refused.value.faults[0].allowed for each in ids)
