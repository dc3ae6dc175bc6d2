"""Observations become facts, questions, or are left aside with the reason."""

from datetime import date

import pytest

from trialwright.terms.answers import IN_QUESTION

HB = {"value": 11.8, "unit": "g/dL", "code": "g/dL", "system": "http://unitsofmeasure.org"}
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"


def coded(system, code):
    """Make a coded answer."""
    return {"coding": [{"system": system, "code": code}]}


def test_a_result_keeps_its_day_source_and_range(read, patient, observed):
    """The fact can be walked back to its resource."""
    found = observed(
        "718-7",
        valueQuantity=HB,
        referenceRange=[{"low": {"value": 11.5, "code": "g/dL"}}],
    )
    [fact] = read(patient, found).casebook.observations

    assert str(fact.evidence) == "hemoglobin 11.8 g/dL on 2026-03-02 [fhir Observation/o1]"
    assert (str(fact.low), fact.high) == ("11.5", None)


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_only_final_results_count(read, patient, observed, status):
    """Amended and corrected results are final too."""
    assert read(patient, observed("718-7", status=status, valueQuantity=HB)).read["hemoglobin"] == 1


@pytest.mark.parametrize("status", ["registered", "preliminary", "cancelled", "entered-in-error"])
def test_other_results_are_left_aside_by_their_status(read, patient, observed, status):
    """A result entered in error never counts."""
    found = read(patient, observed("718-7", status=status, valueQuantity=HB))

    assert found.casebook.observations == ()
    assert found.ignored == {f"Observation: {status}": 1}


@pytest.mark.parametrize("status", [None, "FINAL", "done", 7])
def test_a_status_that_fhir_does_not_know_is_a_question(read, patient, observed, status):
    """Whether the result counts is not guessed."""
    found = read(patient, observed("718-7", status=status, valueQuantity=HB))

    assert found.casebook.observations == ()
    assert found.questions[0].fault.where == "entry[1].resource.status"
    assert found.open_terms == {"hemoglobin"}


@pytest.mark.parametrize(
    ("term", "code", "value", "shown"),
    [
        ("ecog", "89247-1", {"valueInteger": 0}, "0 {score}"),
        ("ecog", "89247-1", {"valueCodeableConcept": coded(LOINC, "LA9622-7")}, "0 {score}"),
        ("ecog", "89247-1", {"valueCodeableConcept": coded(LOINC, "LA9627-6")}, "5 {score}"),
        ("her2", "85318-4", {"valueCodeableConcept": coded(SNOMED, "260385009")}, "negative"),
        ("her2", "85318-4", {"valueCodeableConcept": coded(SNOMED, "10828004")}, "positive"),
        ("her2", "85318-4", {"valueCodeableConcept": coded(LOINC, "LA6577-6")}, "negative"),
        ("her2", "85318-4", {"valueCodeableConcept": coded(SNOMED, "42")}, "SNOMEDCT 42"),
    ],
)
def test_scores_and_coded_answers_are_read(read, patient, observed, term, code, value, shown):
    """ECOG 0 is an answer, the best one; an answer of another code keeps its code."""
    [fact] = read(patient, observed(code, **value)).casebook.observations

    assert (fact.term, str(fact.value)) == (term, shown)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("718-7", {"valueString": "11.8 g/dL"}),
        ("718-7", {"valueInteger": 12}),
        ("718-7", {"valueCodeableConcept": coded(SNOMED, "10828004")}),
        ("718-7", {"valueRange": {"low": {"value": 11}}}),
        ("718-7", {"valueQuantity": HB, "valueString": "see note"}),
        ("718-7", {"valueQuantity": HB | {"value": 118}}),
        ("718-7", {"valueQuantity": 11.8}),
        ("718-7", {"valueQuantity": HB, "referenceRange": [{"high": 15}]}),
        ("89247-1", {"valueInteger": 9}),
        ("89247-1", {"valueInteger": 1.5}),
        ("89247-1", {"valueCodeableConcept": coded(LOINC, "LA9633-4")}),
        ("89247-1", {"valueString": "1"}),
        ("85318-4", {"valueCodeableConcept": {"text": "negative"}}),
        ("85318-4", {"valueBoolean": False}),
    ],
)
def test_an_unreadable_value_is_a_question_and_holds_its_day(read, patient, observed, code, value):
    """No older result silently takes the place of one that nobody could read."""
    found = read(patient, observed(code, **value))
    [fact] = found.casebook.observations

    assert [each.term for each in found.questions] == [fact.term]
    assert (fact.value, str(fact.on)) == (IN_QUESTION, "2026-03-02")
    assert (fact.low, fact.high) == (None, None)
    assert fact.term not in found.read
    assert found.open_terms == frozenset()


def signals(above, below=1, copies=None):
    """Give the signals of HER2 as a ratio, and copies a nucleus beside it."""
    found = {"valueRatio": {"numerator": {"value": above}, "denominator": {"value": below}}}
    if copies is not None:
        code, value = coded(LOINC, "74860-8"), {"value": copies}
        found["component"] = [{"code": code, "valueQuantity": value}]
    return found


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (signals(9, 4), "positive"),  # 2.25, copies not told
        (signals(2), "positive"),  # the cut itself
        (signals(2, copies=4), "positive"),
        (signals(1.99, copies=3.9), "negative"),
        (signals(1.99, copies=4), "equivocal"),
        (signals(1.99, copies=5.9), "equivocal"),
        (signals(1.2, copies=6), "positive"),  # many copies of both
        (signals(1.2), "indeterminate"),  # from 6 copies on it would be positive
        (signals(2, copies=3.9), "indeterminate"),  # positive in 2013, by the stain in 2018
        ({"valueQuantity": {"value": 2.25, "unit": "{ratio}"}}, "positive"),
    ],
)
def test_signals_of_her2_are_read_by_the_cuts_of_both_editions(
    read, patient, observed, told, answer
):
    """Ratio from 2 on is amplified; below, the copies a nucleus decide."""
    [fact] = read(patient, observed("96893-3", **told)).casebook.observations

    assert (fact.term, str(fact.value)) == ("her2-ish", answer)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (signals(2, 0), "no ratio"),
        ({"valueQuantity": {"value": 2, "comparator": ">"}}, "no exact number"),
        ({"valueQuantity": {"value": 2, "unit": "%"}}, "another unit"),
        ({"valueRatio": {"numerator": {"value": 2, "comparator": ">="},
                         "denominator": {"value": 1}}}, "no exact ratio"),
    ],
)  # fmt: skip
def test_signals_that_cannot_be_read_are_asked_about(read, patient, observed, told, found):
    """With what stands there."""
    asked = read(patient, observed("96893-3", **told))

    assert [each.value for each in asked.casebook.observations] == [IN_QUESTION]
    assert found in str(asked.questions[0].fault)


@pytest.mark.parametrize(
    "value", [{}, {"dataAbsentReason": coded("http://hl7.org", "not-performed")}]
)
def test_a_result_without_a_value_is_left_aside(read, patient, observed, value):
    """A test that was not performed has no result, so an older one stays the latest."""
    found = read(patient, observed("718-7", **value))

    assert found.ignored == {"Observation: no value recorded": 1}


def test_the_components_of_a_panel_are_read(read, patient, observed):
    """Systolic pressure stands inside the blood pressure panel."""
    parts = [
        {
            "code": coded(LOINC, code),
            "valueQuantity": {"value": value, "code": "mm[Hg]"},
        }
        for code, value in (("8480-6", 161), ("8462-4", 92))
    ]
    found = read(patient, observed("85354-9", component=parts))

    assert [str(fact.value) for fact in found.casebook.observations] == ["161 mm[Hg]"]
    assert found.used == 2


@pytest.mark.parametrize(
    ("dated", "day"),
    [
        ({"effectiveDateTime": "2026-03-02T23:50:00-08:00"}, "2026-03-02"),
        ({"effectiveDateTime": "2026-03"}, "2026-03"),
        ({"effectiveDateTime": None, "effectiveInstant": "2026-03-02T09:00:00Z"}, "2026-03-02"),
        ({"effectiveDateTime": None, "issued": "2026-03-03T09:00:00Z"}, "2026-03-03"),
        (
            {
                "effectiveDateTime": None,
                "effectivePeriod": {"start": "2026-03-01", "end": "2026-03-02"},
            },
            "2026-03-01/2026-03-02",
        ),
    ],
)
def test_the_day_is_that_of_the_specimen(read, patient, observed, dated, day):
    """The day of issue stands in only when no other is recorded."""
    [fact] = read(patient, observed("718-7", valueQuantity=HB, **dated)).casebook.observations

    assert str(fact.on) == day


@pytest.mark.parametrize("day", [None, "02.03.2026", 20260302])
def test_a_result_without_a_day_is_a_question(read, patient, observed, day):
    """It cannot be placed, so it is left out and its term stays open."""
    found = read(patient, observed("718-7", valueQuantity=HB, effectiveDateTime=day))

    assert found.casebook.observations == ()
    assert (found.questioned, found.open_terms) == (1, {"hemoglobin"})


def test_a_result_outside_of_life_is_a_question(read, patient, observed):
    """A day before birth or after death is a mistake somewhere."""
    dead = patient | {"deceasedDateTime": "2026-03-01T10:00:00Z"}
    before = observed("718-7", id="o2", valueQuantity=HB, effectiveDateTime="1960-01-01")
    found = read(dead, observed("718-7", valueQuantity=HB), before)

    assert found.casebook.observations == ()
    assert [each.entry for each in found.questions] == [1, 2]
    assert found.open_terms == {"hemoglobin"}


@pytest.mark.parametrize(
    "coding",
    [
        {"system": "http://loinc.org", "code": "9279-1"},
        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "718-7"},
        {"code": "718-7"},
        {"system": "http://loinc.org"},
    ],
)
def test_a_code_outside_the_vocabulary_is_left_aside(read, patient, observed, coding):
    """A code without its system is no code."""
    found = read(patient, observed("x", code={"coding": [coding]}, valueQuantity=HB))

    assert found.ignored == {"Observation: not in the vocabulary": 1}


def test_any_coding_may_match(read, patient, observed):
    """A local code beside the LOINC one does no harm; an object identifier names a system too."""
    code = {
        "coding": [
            {"system": "urn:local", "code": "HGB"},
            {"system": "urn:oid:2.16.840.1.113883.6.1", "code": "718-7"},
        ]
    }
    found = read(patient, observed("x", code=code, valueQuantity=HB))

    assert found.read["hemoglobin"] == 1


@pytest.mark.parametrize("modifier", [{"modifierExtension": [{}]}, {"implicitRules": "urn:x"}])
def test_what_changes_the_meaning_of_a_resource_is_a_question(read, patient, observed, modifier):
    """A modifier that this reader does not know may negate the result."""
    found = read(patient, observed("718-7", valueQuantity=HB, **modifier))
    [fact] = found.casebook.observations

    assert fact.value == IN_QUESTION
    assert "changes what the resource means" in str(found.questions[0])


def test_an_unreadable_result_does_not_give_way_to_an_older_one(read, patient, observed):
    """The newest in the casebook is the one in question."""
    old = observed("718-7", valueQuantity=HB, effectiveDateTime="2026-01-05")
    new = observed("718-7", id="o2", valueQuantity=HB | {"value": 118})
    known = read(patient, old, new).casebook.observed("hemoglobin", date(2026, 3, 5))

    assert [str(fact.value) for fact in known] == ["11.8 g/dL", IN_QUESTION]
