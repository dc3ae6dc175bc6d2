"""Fields of an entry are told in the words of the form that enters them."""

import pytest

from trialwright.web.flat import points_of
from trialwright.web.point_words import said_of

LABORATORY = {
    "form": "laboratory",
    "visit": "C1D15",
    "observations": [
        {"term": "hemoglobin", "about": [], "low": "11.5",
         "value": {"comparator": "<", "value": "9.1", "unit": "g/dL"},
         "on": {"text": "2026-03", "earliest": "2026-03-01", "latest": "2026-03-31"},
         "source": {"kind": "person", "place": "report 17"}},
    ],
}  # fmt: skip
EVENT = {
    "event": {"term": "Diarrhea", "grade": 2, "related_to": ["ipatasertib"],
              "started": {"text": "2026-03-06", "earliest": "2026-03-06",
                          "latest": "2026-03-06"}},
}  # fmt: skip
BASELINE = {"baseline": {"targets": [{"label": "T1", "mm": "38", "is_node": False}]}}
HISTORY = {"conditions": [{"term": "cns-metastasis", "since": None}]}


@pytest.fixture
def study(pages):
    """Give the protocol of the invented trial."""
    return pages.desk.gateway.protocol.study


@pytest.mark.parametrize(
    ("payload", "field", "whole", "value"),
    [
        (LABORATORY, "payload/visit", "Visit", "C1D15"),
        (LABORATORY, "payload/observations/#0/value/value", "Value 1: Hemoglobin, value",
         "<9.1 g/dL"),
        (LABORATORY, "payload/observations/#0/low",
         "Value 1: Hemoglobin, lower limit of normal", "11.5"),
        (LABORATORY, "payload/observations/#0/source/place", "Value 1: Hemoglobin, source",
         "report 17"),
        (LABORATORY, "payload/observations/#0/on/latest",
         "Value 1: Hemoglobin, day, latest day meant", "2026-03-31"),
        (EVENT, "payload/event/grade", "Highest grade", 2),
        (EVENT, "payload/event/related_to/#0", "Study agents 1", "ipatasertib"),
        (BASELINE, "payload/baseline/targets/#0/mm", "Target 1: T1, diameter, mm", "38"),
        (HISTORY, "payload/conditions/#0/since",
         "Condition 1: Central nervous system metastasis, began", None),
        (HISTORY, "payload/conditions/#7/since", "Conditions 8, first dose", None),
    ],
)  # fmt: skip
def test_a_field_is_said_in_words(study, payload, field, whole, value):
    """With the line of the list it stands in; a path that leads nowhere is said as far as it is."""
    said = said_of(study, payload, field)

    assert (said.whole, said.value) == (whole, value)


@pytest.mark.parametrize(
    ("payload", "repeated"),
    [
        (LABORATORY, {"observations/#0/source/kind", "observations/#0/value/unit"}),
        (EVENT, {"event/started/earliest", "event/started/latest"}),
    ],
)
def test_a_part_that_says_nothing_of_its_own_is_known(study, payload, repeated):
    """Of a day known to the month the two days are not, nor is the comparator of a limit."""
    found = {
        field.removeprefix("payload/")
        for field, _ in points_of(payload)
        if said_of(study, payload, field).is_part
    }

    assert found == repeated


def test_no_field_of_the_invented_trial_is_said_in_words_of_machines(pages, study):
    """Every path of every entry about a participant: no mark of a path and no underscore."""
    told = {
        said_of(study, each.happening.payload, field).words
        for each in pages.desk.records()
        if each.happening.subject.startswith("MGH") and each.happening.payload
        for field, _ in points_of(each.happening.payload)
    }

    assert len(told) > 100
    assert not [each for each in told if not each[:1].isupper() or set(each) & set("#/_")]
