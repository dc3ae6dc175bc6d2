"""Coded results become answers; what contradicts itself stays in question."""

import pytest

from trialwright.terms.answers import IN_QUESTION

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
IHC, INTERPRETED, HIV, STATUS = "85319-2", "48676-1", "56888-1", "97509-4"
POSITIVE, NEGATIVE, EQUIVOCAL = "10828004", "260385009", "42425007"


def answered(code, words=""):
    """Make a coded answer with words beside it."""
    concept = {"coding": [{"system": SNOMED, "code": code}]} if code else {}
    return {"valueCodeableConcept": concept | ({"text": words} if words else {})}


def both(one, other):
    """Make one answer with the codes of two."""
    codes = [each["valueCodeableConcept"]["coding"][0] for each in (one, other)]
    return {"valueCodeableConcept": {"coding": codes}}


@pytest.mark.parametrize(
    ("loinc", "value", "says"),
    [
        (HIV, answered(NEGATIVE), "negative"),
        (HIV, answered(EQUIVOCAL), "equivocal"),
        (HIV, answered("82334004"), "indeterminate"),
        (HIV, answered("", "Negative (qualifier value)"), "negative"),
        (HIV, {"valueString": "Non-reactive"}, "negative"),
        (HIV, {"interpretation": [{"coding": [{"code": "POS"}]}]}, "positive"),
        (IHC, answered(NEGATIVE, "IHC 1+ (negative)"), "1+"),
        (IHC, answered(NEGATIVE, "IHC 0"), "0"),
        (IHC, answered(EQUIVOCAL, "2+"), "2+"),
        (IHC, answered(POSITIVE, "IHC 3+ (positive)"), "3+"),
        (IHC, answered(NEGATIVE), "negative"),
        (IHC, {"valueString": "2+"}, "2+"),
        (IHC, {"valueInteger": 0}, "0"),
        (IHC, {"valueQuantity": {"value": 3, "code": "{score}"}}, "3+"),
        (INTERPRETED, answered(NEGATIVE, "IHC 1+ (negative)"), "negative"),
        (STATUS, answered("271299001"), "worsened"),
        (STATUS, answered("268910001"), "improved"),
        (STATUS, answered("359746009"), "stable"),
        (STATUS, answered("709137006"), "indeterminate"),
        (STATUS, answered("260415000"), "negative"),
        (HIV, answered("260373001"), "positive"),
    ],
)
def test_answers_and_scores_are_read(read, patient, observed, loinc, value, says):
    """A score of immunohistochemistry wins over the word that it agrees with."""
    found = read(patient, observed(loinc, **value))

    assert [fact.value for fact in found.casebook.observations] == [says]
    assert found.questions == ()


@pytest.mark.parametrize(
    ("loinc", "value"),
    [
        (IHC, answered(NEGATIVE, "IHC 2+")),
        (IHC, answered(POSITIVE, "IHC 1+")),
        (IHC, answered(NEGATIVE, "positive")),
        (IHC, {"valueInteger": 4}),
        (IHC, {"valueQuantity": {"value": 30, "code": "%"}}),
        (IHC, {"valueString": "see report"}),
        (HIV, answered("42")),
        (HIV, answered("", "perhaps")),
        (HIV, {"valueInteger": 1}),
        (HIV, {"valueBoolean": False}),
        (INTERPRETED, answered("", "IHC 1+")),
        (STATUS, answered("42")),
        (STATUS, both(answered("359746009"), answered("271299001"))),
    ],
)
def test_what_is_no_answer_or_two_stays_in_question(read, patient, observed, loinc, value):
    """No older result silently takes its place, and its words are not shown."""
    found = read(patient, observed(loinc, **value))
    [fact] = found.casebook.observations

    assert (fact.value, found.questioned) == (IN_QUESTION, 1)
    assert "report" not in str(found.questions)


def test_a_finding_without_an_answer_is_left_aside(read, patient, observed):
    """A test that was not performed has no result."""
    lacking = observed(HIV, dataAbsentReason={}, interpretation=[{"coding": [{"code": "POS"}]}])
    bare = observed(HIV, id="o2")

    assert read(patient, lacking, bare).ignored == {"Observation: no value recorded": 2}


def test_a_result_says_of_which_condition_it_speaks(read, patient, observed, diagnosed):
    """By the name under which the condition is evidence, however it is referred to."""
    brain = diagnosed("94225005", id="33333333-3333-4333-8333-333333333333")
    focuses = ("Condition/33333333-3333-4333-8333-333333333333", f"urn:uuid:{brain['id']}")
    results = [
        observed(STATUS, id=f"o{n}", focus=[{"reference": each}], **answered("359746009"))
        for n, each in enumerate((*focuses, "BodyStructure/b"))
    ]
    found = read(patient, *results, brain)
    named = found.casebook.conditions[0].source.place

    assert [each.about for each in found.casebook.observations] == [(named,), (named,), ()]
