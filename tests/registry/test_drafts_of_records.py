"""What a draft holds of a record beside its criteria, and that nothing is lost on the way."""

import copy
from functools import cache

import pytest
from tests.registry.invented_records import CTGOV, SHAPES, STUDY, changed, text_of
from tests.registry.short_pages import draft_of, page_of

from trialwright.protocol.data import UNSEEN
from trialwright.protocol.strict_yaml import read_yaml
from trialwright.registry.draft_public import MOST_KEPT
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml, drafted, gaps
from trialwright.registry.reading import read_record
from trialwright.registry.record import record_of_plain
from trialwright.registry.writing.page_text import write_page

ARMS = "protocolSection.armsInterventionsModule"


def draft_from(record):
    """Give the draft of a record in JSON as the plain values of its file."""
    return copy.deepcopy(_drafted_once(text_of(record)))


@cache
def _drafted_once(text):
    """Read a record and write its draft, once for all tests."""
    return read_yaml(draft_yaml(read_record(text, "record.json"))).value


def with_interventions(*interventions):
    """Give the invented record with these interventions."""
    return changed(CTGOV, f"{ARMS}.interventions", list(interventions))


def frozen(value):
    """Turn tuples into lists."""
    match value:
        case dict():
            return {name: frozen(inner) for name, inner in value.items()}
        case list() | tuple():
            return [frozen(inner) for inner in value]
        case _:
            return value


@pytest.mark.parametrize("shape", SHAPES)
def test_the_file_holds_what_was_drafted(shape):
    """Nothing is lost or changed between the values, the text, and the record of either."""
    read = read_record(text_of(SHAPES[shape]), "record.json")

    values = read_yaml(draft_yaml(read)).value

    assert values == frozen(drafted(read))
    assert record_of_plain(values) == record_of_plain(drafted(read))


@pytest.mark.parametrize("shape", SHAPES)
def test_kept_text_stands_in_the_draft_word_for_word(shape):
    """Each piece with its words, its place and the reason."""
    read = read_record(text_of(SHAPES[shape]), "record.json")

    kept = draft_from(SHAPES[shape])["publication"]["kept"]

    assert [each["words"] for each in kept] == [each.words for each in read.kept]
    assert [each["because"] for each in kept] == [each.because for each in read.kept]
    assert all(each["place"] for each in kept)


def test_kept_text_of_a_page_names_its_line(page):
    """And is quoted whole, however long the comment at the head cuts it."""
    words = "Fax: 1, " * 60 + "and no more"

    kept = drafted(read_page(page.replace("Phone:", f"{words}\nPhone:")))["publication"]["kept"]

    assert words in [each["words"] for each in kept]
    line = page.splitlines().index("Phone: 000-000-0000") + 1
    assert f"line {line}" in [each["place"] for each in kept]


def test_kept_text_that_is_very_long_stays_in_the_record():
    """Its place and length are said, and its words are not written twice."""
    long = "x " * MOST_KEPT

    (kept,) = [
        each
        for each in draft_from(changed(CTGOV, "hasResults", long))["publication"]["kept"]
        if each["place"] == "hasResults"
    ]

    assert kept["words"] == ""
    assert "characters stay in the record" in kept["because"]


@pytest.mark.parametrize("sign", ["\t", "\x85", "\u2028", "\u202e", "\ufeff", "\x1b", "\u2066"])
def test_kept_text_with_signs_that_nobody_sees_does_not_spoil_the_draft(sign):
    """White space becomes a blank, another sign is named; the reason says so."""
    plain = draft_from(changed(CTGOV, f"{ARMS}.armGroups.0.description", f"Patients rest{sign}."))
    (kept,) = [
        each for each in plain["publication"]["kept"] if each["words"].startswith("Patients")
    ]

    wanted = "Patients rest ." if sign.isspace() else f"Patients rest[U+{ord(sign):04X}]."
    assert kept["words"] == wanted
    assert "signs that nobody sees" in kept["because"]
    assert record_of_plain(plain).publication.kept


@pytest.mark.parametrize(
    "path",
    [
        "identificationModule.briefTitle",
        "descriptionModule.briefSummary",
        "outcomesModule.primaryOutcomes.0.measure",
    ],
)
def test_a_draft_with_a_change_of_direction_can_be_read_again(path):
    """The sign is escaped in the text and stands in the value, where `check` will name it."""
    record = changed(CTGOV, f"protocolSection.{path}", "a\u202eb")

    text = draft_yaml(read_record(text_of(record)))

    assert not UNSEEN.search(text)
    assert any("U+202E" in each.found for each in gaps(text))


def test_the_record_keeps_what_only_it_needs():
    """Each field of the publication in the words of the record."""
    publication = draft_from(CTGOV)["publication"]
    del publication["kept"], publication["description"]

    assert publication == {
        "acronym": "INVENT",
        "official_title": "A Phase Ib Study of Testinib",
        "conditions": ["Invented Disease"],
        "keywords": ["testinib", "trial"],
        "other_numbers": [{"id": "2099-000001-01", "type": "EUDRACT_NUMBER"}],
        "collaborators": ["Invented Foundation"],
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "masking": "NONE",
        "purpose": "TREATMENT",
        "enrolled": 24,
        "started": {"date": "2099-01-31", "type": "ACTUAL"},
        "primary_completion": {"date": "2100-01", "type": "ESTIMATED"},
        "completion": {"date": "2101"},
        "sex": "female",
        "minimum_age": "18 Years",
        "maximum_age": "90 Years",
        "healthy_volunteers": False,
        "outline": "OUTLINE: This is a dose-escalation study of testinib. Patients are assigned"
        " to 1 of 2 arms.",
        "follow_up": "After completion of study treatment, patients are followed up at 30 days,"
        " then every 3 months.",
        "phase_line": "PHASE1",
        "status_word": "RECRUITING",
    }


@pytest.mark.parametrize(
    ("path", "value", "field", "wanted"),
    [
        ("designModule.enrollmentInfo.count", 0, "enrolled", 0),
        ("eligibilityModule.healthyVolunteers", True, "healthy_volunteers", True),
        ("designModule.enrollmentInfo.type", "ACTUAL", "enrolled_is_actual", True),
        ("eligibilityModule.sex", "ALL", "sex", "all"),
    ],
)
def test_a_statement_of_nought_or_no_is_a_statement(path, value, field, wanted):
    """Zero enrolled and no healthy volunteers are not `not stated`."""
    plain = draft_from(changed(CTGOV, f"protocolSection.{path}", value))

    assert plain["publication"][field] == wanted
    assert getattr(record_of_plain(plain).publication, field) == wanted


def test_outcomes_become_endpoints_that_lack_their_objective():
    """Named by rank and number, with description and time frame; the gap is said."""
    assert draft_from(CTGOV)["endpoints"] == [
        {"id": "primary-1", "rank": "primary", "says": "DLT", "description": "By CTCAE.",
         "time_frame": "28 days"},
        {"id": "secondary-1", "rank": "secondary", "says": "Response", "time_frame": "1 year"},
        {"id": "exploratory-1", "rank": "exploratory", "says": "Biomarker"},
    ]  # fmt: skip
    missing = {each.where for each in gaps(draft_yaml(read_record(text_of(CTGOV))))}
    assert {f"endpoints.{place}.objective" for place in range(3)} <= missing


def test_outcomes_of_one_rank_are_numbered():
    """In the order of the record."""
    outcomes = [{"measure": "One"}, {"measure": "Two"}, {"measure": "Two"}]

    plain = draft_from(changed(CTGOV, "protocolSection.outcomesModule.primaryOutcomes", outcomes))

    assert [each["id"] for each in plain["endpoints"]][:3] == [
        "primary-1",
        "primary-2",
        "primary-3",
    ]


def test_people_stand_once_the_principal_investigator_first():
    """With affiliation and role; a contact is not made an investigator."""
    assert draft_from(CTGOV)["investigators"] == [
        {
            "name": "Alex Example",
            "role": "principal-investigator",
            "affiliation": "Invented Center",
        },
        {"name": "Kim Example", "role": "contact"},
    ]
    assert draft_from(SHAPES["matched"])["investigators"] == [
        {"name": "Kim Example", "role": "contact"}
    ]


def test_one_person_in_two_roles_is_named_in_both():
    """The head of the study and its contact may be the same."""
    path = "protocolSection.contactsLocationsModule.centralContacts.0.name"

    people = draft_from(changed(CTGOV, path, "Sam Example"))["investigators"]

    assert [each["name"] for each in people] == ["Alex Example", "Sam Example"]


def test_sites_keep_how_they_are_reached():
    """Address, contact, telephone and e-mail, none of them twice."""
    assert draft_from(CTGOV)["sites"] == [
        {
            "id": "invented-hospital",
            "name": "Invented Hospital",
            "status": "active",
            "contact": "Sam Example",
            "phone": "000-2",
            "email": "sam@example.org",
            "city": "Testville",
            "state": "Nowhere",
            "zip": "00001",
            "country": "Utopia",
        }
    ]
    assert draft_from(STUDY)["sites"][1] == {"id": "second-hospital", "name": "Second Hospital"}


def test_arms_keep_their_title_type_and_words():
    """Beside the lines that were understood."""
    one, two = draft_from(CTGOV)["arms"]

    assert (one["id"], one["type"], "title" in one) == ("A", "EXPERIMENTAL", False)
    assert one["source_text"] == "Patients receive testinib PO QD on days 1-21."
    assert (two["id"], two["title"]) == ("B", "Testinib and partnerib")
    assert one["dosing"][0]["days"] == [{"first": 1, "last": 21}]


def test_an_arm_of_a_page_keeps_its_words(page):
    """Word for word, with what ends it."""
    arms = drafted(read_page(page))["arms"]

    assert arms[1]["source_text"].startswith("Patients receive shotumab IM as in arm A, testinib")
    assert arms[1]["source_text"].endswith("progression or unacceptable toxicity.")


def test_an_agent_has_what_its_intervention_says():
    """Other names and description; the name of the arm's words stays."""
    assert draft_from(CTGOV)["agents"] == {
        "testinib": {
            "says": "testinib",
            "is_investigational": True,
            "route": "PO",
            "synonyms": ["TST-1"],
            "description": "Given orally.",
        }
    }


def test_an_intervention_listed_twice_loses_none_of_its_words():
    """Once for each arm, described differently: both descriptions and every other name stay."""
    twice = with_interventions(
        {"type": "DRUG", "name": "Testinib", "description": "In arm A.", "otherNames": ["TST-1"]},
        {"type": "DRUG", "name": "testinib", "description": "In arm B.",
         "otherNames": ["TST-1", "TST-2"]},
    )  # fmt: skip

    (agent,) = draft_from(twice)["agents"].values()

    assert agent["description"] == "In arm A.\n\nIn arm B."
    assert agent["synonyms"] == ["TST-1", "TST-2"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Лекарство А", "Лекарство Б"),
        ("測試一", "測試二"),
        ("a very long name of an agent that goes on and on and on: oral",
         "a very long name of an agent that goes on and on and on: intravenous"),
        ("testinib α", "testinib β"),
    ],
)  # fmt: skip
def test_agents_whose_short_names_are_alike_are_told_apart(one, other):
    """Letters that no short name can hold, or a long common beginning, do not make them one."""
    plain = draft_from(
        with_interventions(
            {"type": "DRUG", "name": one, "description": "The first."},
            {"type": "DRUG", "name": other, "description": "The second."},
        )
    )

    described = {each["says"]: each.get("description") for each in plain["agents"].values()}
    assert described[one] == "The first."
    assert described[other] == "The second."


def test_spellings_of_one_agent_are_one():
    """Hyphens, blanks and capitals apart."""
    plain = draft_from(
        with_interventions(
            {"type": "DRUG", "name": "5-FU"},
            {"type": "DRUG", "name": "5 fu", "otherNames": ["fluorouracil"]},
        )
    )

    assert plain["agents"]["agent-5-fu"] == {"says": "5-FU", "synonyms": ["fluorouracil"]}
    assert sum("fu" in name for name in plain["agents"]) == 1


@pytest.mark.parametrize("shape", SHAPES)
def test_every_agent_that_an_arm_gives_is_described(shape):
    """No dosing line names an agent that is not there."""
    plain = draft_from(SHAPES[shape])

    given = {
        choice["agent"]
        for arm in plain.get("arms", ())
        for line in arm.get("dosing", ())
        for choice in line["choices"]
    }
    assert given <= set(plain.get("agents", {}))


@pytest.mark.parametrize("shape", SHAPES)
def test_proposals_of_every_shape_are_proposed_with_words_and_place(shape):
    """Each waits, stands in its criterion's words, and names no reviewer."""
    plain = draft_from(SHAPES[shape])

    for criterion in plain["criteria"]:
        for each in criterion.get("proposals", ()):
            assert (each["standing"], "review" in each) == ("proposed", False)
            assert criterion["source_text"][each["start"] : each["end"]] == each["words"]


def test_a_proposal_says_its_numbers_as_the_words_do():
    """`kind` and `standing` first; what is at its default is left out."""
    (proposal,) = read_yaml(draft_of("Total bilirubin < 1.50 mg/dL")).value["criteria"][0][
        "proposals"
    ]

    assert list(proposal)[:2] == ["kind", "standing"]
    assert proposal == {
        "kind": "limit",
        "standing": "proposed",
        "words": "Total bilirubin < 1.50 mg/dL",
        "start": 0,
        "end": 28,
        "confidence": "high",
        "below": proposal["below"],
        "fact": "total-bilirubin",
        "unit": "mg/dL",
    }
    assert str(proposal["below"]) == "1.50"


def test_equal_criteria_are_written_out_each():
    """A number that both have is no alias, which no reader of drafts takes."""
    text = draft_of("Hemoglobin >= 9 g/dL", "Hemoglobin >= 9 g/dL")

    one, two, _ = read_yaml(text).value["criteria"]
    assert one["proposals"] == two["proposals"]
    assert "&" not in text


def test_a_line_that_lost_its_comparator_has_no_proposal():
    """It stays a question, and the head of the draft names it."""
    page = page_of("Platelets 100,000/mm3", "Hemoglobin >= 9 g/dL")

    text = draft_yaml(read_page(page, "page.txt"))
    one, two, _ = read_yaml(text).value["criteria"]

    assert "proposals" not in one
    assert one["kind"] == "attested"
    assert len(two["proposals"]) == 1
    assert "I01: 'Platelets 100,000/mm3' stays open" in text.split("\n\nformat")[0]


def test_a_draft_is_refused_as_a_protocol_for_its_proposals_last():
    """While parts are missing those are named; nothing that was read is called wrong."""
    missing = gaps(draft_of("Hemoglobin >= 9 g/dL", whole=True))

    assert missing
    assert {each.found for each in missing} <= {
        f"no {name!r}"
        for name in ("version", "dated", "assignment", "sample_size", "dlt", "response",
                     "endpoint_settings", "agent_class", "dose_unit", "ladder", "escalation",
                     "dlt_window")
    }  # fmt: skip


def test_a_number_stands_at_one_place():
    """An NCI number has its own; two of them are other numbers."""
    path = "protocolSection.identificationModule.secondaryIdInfos"
    two = changed(CTGOV, path, [{"id": "NCI-2099-00001"}, {"id": "NCI-2099-00002"}])

    one, both = draft_from(CTGOV), draft_from(two)

    assert one["identifiers"]["nci"] == "NCI-2099-00001"
    assert "NCI-2099-00001" not in str(one["publication"]["other_numbers"])
    assert "nci" not in both["identifiers"]
    assert [each["id"] for each in both["publication"]["other_numbers"]] == [
        "NCI-2099-00001",
        "NCI-2099-00002",
    ]


def test_a_record_without_most_of_it_gives_a_small_draft():
    """Nothing is made up for what is not there."""
    small = copy.deepcopy(CTGOV)
    section = small["protocolSection"]
    for module in [name for name in section if name != "identificationModule"]:
        del section[module]

    plain = draft_from(small)

    assert set(plain) <= {"format", "identifiers", "title", "lead_organisation", "publication"}
    assert record_of_plain(plain).criteria == ()


def test_a_page_comes_back_from_its_draft(real_page):
    """Page, draft, record, page: the same words, and every limit with its place."""
    text = draft_yaml(read_page(real_page, "page.txt"))
    plain = read_yaml(text).value

    again = write_page(record_of_plain(plain))

    assert again.split() == real_page.split()
    assert "kept" not in plain["publication"]
    for criterion in plain["criteria"]:
        for each in criterion.get("proposals", ()):
            assert each["standing"] == "proposed"
            assert criterion["source_text"][each["start"] : each["end"]] == each["words"]
