"""Diarrhea, rash and fatigue by what is recorded: hand-worked from the printed CTCAE v5.0 text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.grading.clinical import grade_diarrhea, grade_fatigue, grade_rash, query_of
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize(
    ("stools", "expected"), [(-2, 0), (0, 0), (1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (20, 3)]
)
def test_stools_over_baseline_give_the_grade(stools, expected):
    """<4, 4-6, >=7 stools a day over baseline."""
    found = grade_diarrhea(stools)

    assert (found.grade, found.possible) == (expected, (expected,))
    assert f"{stools} stools a day over baseline" in found.because


@pytest.mark.parametrize(
    ("recorded", "expected", "says"),
    [
        ({"life_threatening": True}, 4, "life-threatening consequences"),
        ({"hospitalization_indicated": True}, 3, "hospitalization indicated"),
        ({"limits": "self care ADL"}, 3, "limiting self care ADL"),
        ({"limits": "instrumental ADL"}, 2, "limiting instrumental ADL"),
        ({"ostomy_output": "severe"}, 3, "increase in ostomy output: severe"),
        ({"ostomy_output": "moderate"}, 2, "increase in ostomy output: moderate"),
    ],
)
@pytest.mark.parametrize("stools", [1, None])
def test_the_highest_printed_alternative_counts(stools, recorded, expected, says):
    """A semicolon means or; the count does not lower it."""
    found = grade_diarrhea(stools, **recorded)

    assert found.grade == expected
    assert says in found.because


def test_diarrhea_of_which_nothing_is_recorded_is_not_graded():
    """Unknown is not grade 0."""
    found = grade_diarrhea(None, life_threatening=False, limits="nothing")

    assert (found.grade, found.missing) == (None, ("stools_over_baseline",))
    assert found.possible == (0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("percent", "symptoms", "expected"),
    [
        (0, None, (0,)),
        (Decimal("9.9"), "severe", (1,)),
        (10, None, (2,)),
        (30, "severe", (2,)),
        (Decimal("30.1"), "none", (2,)),
        (31, "mild", (2,)),
        (31, "moderate", (3,)),
        (31, "severe", (3,)),
        (31, None, (2, 3)),
    ],
)
def test_the_area_gives_the_grade_of_a_rash_and_symptoms_decide_above_30(
    percent, symptoms, expected
):
    """<10 %, 10-30 %, above it by symptoms; without them grade 2 and 3 stay open."""
    found = grade_rash(percent, symptoms=symptoms)

    assert found.possible == expected
    assert found.grade == (expected[0] if len(expected) == 1 else None)
    assert found.missing == (() if len(expected) == 1 else ("symptoms",))


@pytest.mark.parametrize(("percent", "expected"), [(5, 3), (40, 3), (None, 3)])
def test_a_rash_that_limits_self_care_is_grade_3_at_any_area(percent, expected):
    """It decides above 30 % without recorded symptoms as well."""
    assert grade_rash(percent, limits="self care ADL").grade == expected


def test_a_rash_without_an_area_is_not_graded():
    """Symptoms alone name no grade."""
    found = grade_rash(None, symptoms="severe")

    assert (found.grade, found.missing) == (None, ("body_surface_percent",))


@pytest.mark.parametrize(
    ("rested", "limits", "expected"),
    [
        (True, None, (1,)),
        (True, "self care ADL", (1,)),
        (False, "nothing", (2,)),
        (False, "instrumental ADL", (2,)),
        (False, "self care ADL", (3,)),
        (False, None, (2, 3)),
        (None, "self care ADL", (1, 2, 3)),
    ],
)
def test_fatigue_is_graded_by_rest_and_activities(rested, limits, expected):
    """CTCAE prints no grade 4."""
    assert grade_fatigue(relieved_by_rest=rested, limits=limits).possible == expected


@pytest.mark.parametrize(
    ("ask", "where"),
    [
        (lambda: grade_diarrhea(3.5), ["stools_over_baseline"]),
        (lambda: grade_diarrhea(stools_over_baseline=True), ["stools_over_baseline"]),
        (lambda: grade_diarrhea("4", limits="some"), ["stools_over_baseline", "limits"]),
        (lambda: grade_diarrhea(4, ostomy_output="huge"), ["ostomy_output"]),
        (lambda: grade_rash(0.5), ["body_surface_percent"]),
        (lambda: grade_rash(101, symptoms="bad"), ["body_surface_percent", "symptoms"]),
        (lambda: grade_rash(Decimal("NaN")), ["body_surface_percent"]),
        (lambda: grade_rash(-1), ["body_surface_percent"]),
        (lambda: grade_fatigue(relieved_by_rest=False, limits="bed"), ["limits"]),
    ],
)
def test_what_cannot_be_read_is_refused_all_at_once(ask, where):
    """Numbers are exact, words are those of CTCAE."""
    with pytest.raises(Refusal) as refused:
        ask()

    assert [fault.where for fault in refused.value.faults] == where


def test_a_grade_entered_against_the_record_is_asked_about(clinical_terms):
    """Grade 1 with 8 stools a day over baseline."""
    asked = query_of(clinical_terms.as_entered("Diarrhea", 1), grade_diarrhea(8))

    assert "entered as grade 1, what is recorded gives 3" in asked
    assert "8 stools a day" in asked


@pytest.mark.parametrize(("term", "grade"), [("Rash maculo-papular", 3), ("Diarrhea", 5)])
def test_a_grade_that_the_record_leaves_open_is_not_asked_about(clinical_terms, term, grade):
    """Death is not derived here."""
    assert query_of(clinical_terms.as_entered(term, grade), grade_rash(31)) == ""


def test_clinical_terms_have_their_printed_texts(clinical_terms):
    """Of the terms that DLT rules name and no laboratory value decides."""
    assert clinical_terms.as_entered("Fatigue", 3).says.endswith("limiting self care ADL")
    assert clinical_terms.find("Death NOS").has == (5,)
    assert clinical_terms.find("Febrile neutropenia").has == (3, 4, 5)


@pytest.mark.parametrize(("term", "grade"), [("Fatigue", 4), ("Fatigue", 5), ("Death NOS", 4)])
def test_a_grade_that_a_clinical_term_does_not_have_is_refused(clinical_terms, term, grade):
    """Nobody dies of fatigue in CTCAE."""
    with pytest.raises(Refusal) as refused:
        clinical_terms.as_entered(term, grade)

    assert f"no grade {grade}" in refused.value.faults[0].found


@given(
    first=st.integers(-5, 40),
    more=st.integers(0, 20),
    limits=st.sampled_from([None, "nothing", "instrumental ADL", "self care ADL"]),
)
def test_more_stools_never_lower_the_grade(first, more, limits):
    """Whatever else is recorded."""
    fewer, many = (grade_diarrhea(n, limits=limits).grade for n in (first, first + more))

    assert fewer <= many
