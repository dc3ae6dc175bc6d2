"""A record is read whatever its shape; a text of no known shape is refused."""

import json

import pytest
from tests.registry.invented_records import CTGOV, LINES, MATCHED, STUDY, bundle, text_of

from trialwright.registry.reading import SHAPES, read_record
from trialwright.terms.errors import Refusal


def faults(text, wanted=""):
    """Give the faults of a text that is refused."""
    with pytest.raises(Refusal) as refused:
        read_record(text, "record", wanted)
    return refused.value.faults


@pytest.mark.parametrize(
    ("record", "shape"),
    [
        (CTGOV, "ClinicalTrials.gov API v2 record"),
        (STUDY, "FHIR ResearchStudy"),
        (bundle(STUDY), "FHIR ResearchStudy"),
        (MATCHED, "matching-service record"),
        (LINES, "line list"),
    ],
)
@pytest.mark.parametrize("before", ["", "\ufeff", " \n\t"])
def test_every_shape_of_json_is_told_by_its_keys(record, shape, before):
    """A byte order mark or white space before it does not matter."""
    draft = read_record(before + text_of(record), "record.json")

    assert (draft.shape, draft.file) == (shape, "record.json")
    assert draft.identifiers.nct == "NCT99999999"


def test_a_page_is_read(page):
    """Text that is no JSON is read as a page of cancer.gov."""
    draft = read_record(page, "page.txt", "NCT99999999")

    assert draft.shape == "cancer.gov page"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"resourceType": "Patient"},
        {"resourceType": ["ResearchStudy"]},
        {"protocolSection": []},
        {"trialId": "NCT99999999"},
        {"Clinical Trial ID": "NCT99999999"},
        {"x" * 500: 1},
        {"\u202e": 1},
    ],
)
def test_json_of_no_known_shape_is_refused(record):
    """The message names the shapes that are known, and the keys there are."""
    (fault,) = faults(json.dumps(record))

    assert (fault.where, fault.line, fault.allowed) == ("record", 1, SHAPES)
    assert len(str(fault)) < 1200
    assert str(fault).isprintable()


@pytest.mark.parametrize("text", ["", "   \n", "some words", "\x00", "<html></html>", "\ud800"])
def test_text_that_is_neither_is_refused_with_a_place(text):
    """Each fault names a line, or the record."""
    assert all(fault.where or fault.line for fault in faults(text))


@pytest.mark.parametrize("record", [CTGOV, MATCHED, LINES])
def test_a_record_of_another_trial_than_the_one_meant_is_refused(record):
    """The numbers that it has are named."""
    (fault,) = faults(text_of(record), "NCT00000001")

    assert fault.where == "id"
    assert "NCT99999999" in fault.allowed


@pytest.mark.parametrize(
    "wanted", ["NCT99999999", "nct99999999", " 99-001 ", "NCI-2099-00001", "2099-000001-01"]
)
def test_a_record_may_be_named_by_any_of_its_numbers(wanted):
    """White space around the number does not matter."""
    assert read_record(text_of(CTGOV), "record.json", wanted).title


def test_every_shape_names_where_its_criteria_stand(page):
    """The place is that of a line, and of a value where the record is JSON."""
    texts = [page, *(text_of(each) for each in (CTGOV, STUDY, MATCHED, LINES))]
    places = [read_record(text).criteria[0].place for text in texts]

    assert places == [
        "inclusion bullet 1, line 11",
        "inclusion bullet 1, line 3 of protocolSection.eligibilityModule.eligibilityCriteria",
        "inclusion bullet 1, line 4 of enrollment.0.display",
        "inclusion bullet 1, line 4 of eligibility",
        "inclusion bullet 1, line 1 of Eligibility.2",
    ]
