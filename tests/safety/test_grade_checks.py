"""Grades entered against the printed definitions of CTCAE v5.0."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trialwright.casebook.adverse_events import AdverseEvent, EventSigns
from trialwright.safety.grade_checks import grade_query
from trialwright.terms.sources import Source


def event(term, grade, **signs):
    """Give an event of which something was seen."""
    seen = EventSigns(**signs) if signs else None
    return AdverseEvent(term, grade, None, None, None, None, Source("person", "note"), signs=seen)


@pytest.mark.parametrize(
    ("term", "grade", "signs", "says"),
    [
        (
            "Diarrhea",
            2,
            {"stools_over_baseline": 8},
            "entered as grade 2, what is recorded gives 3",
        ),
        ("Diarrhoea", 1, {"stools_over_baseline": 4}, "recorded gives 2"),
        ("Diarrhea", 2, {"stools_over_baseline": 5, "hospitalization_indicated": True}, "gives 3"),
        ("Diarrhea", 3, {"stools_over_baseline": 9, "life_threatening": True}, "gives 4"),
        ("Rash maculo-papular", 3, {"body_surface_percent": Decimal(20)}, "gives 2"),
        ("Rash maculo-papular", 1, {"body_surface_percent": Decimal(40)}, "gives 2 or 3"),
        ("Fatigue", 3, {"relieved_by_rest": False, "limits": "instrumental ADL"}, "gives 2"),
        ("Fatigue", 4, {"relieved_by_rest": False}, "gives 2 or 3"),
        ("Diarrhea", 1, {"stools_over_baseline": 1, "ostomy_output": "severe"}, "gives 3"),
        ("Diarrhea", 1, {"stools_over_baseline": 1, "limits": "self care ADL"}, "gives 3"),
        (
            "Rash maculo-papular",
            2,
            {"body_surface_percent": Decimal(40), "symptoms": "moderate"},
            "gives 3",
        ),
        (
            "Rash maculo-papular",
            1,
            {"body_surface_percent": Decimal(5), "limits": "instrumental ADL"},
            "gives 2",
        ),
    ],
)
def test_a_grade_that_the_definition_contradicts_is_asked_about(term, grade, signs, says):
    """Each printed alternative of the three terms."""
    assert says in grade_query(event(term, grade, **signs), "5.0")


@pytest.mark.parametrize(
    ("term", "grade", "signs"),
    [
        ("Diarrhea", 3, {"stools_over_baseline": 7}),
        ("Rash maculo-papular", 3, {"body_surface_percent": Decimal(40)}),
        ("Rash maculo-papular", 3, {"body_surface_percent": Decimal(31), "symptoms": "severe"}),
        ("Fatigue", 1, {"relieved_by_rest": True}),
        ("Diarrhea", 5, {"stools_over_baseline": 7}),
        ("Diarrhea", None, {"stools_over_baseline": 7}),
        ("Diarrhea", 1, {}),
        ("Nausea", 3, {"stools_over_baseline": 1}),
    ],
)
def test_what_agrees_or_is_left_open_is_not_asked_about(term, grade, signs):
    """Death is no matter of counts; a term without a definition here is as entered."""
    assert grade_query(event(term, grade, **signs), "5.0") == ""


def test_a_version_whose_definitions_are_not_shipped_is_not_checked():
    """The protocol may name CTCAE 4.03 for a term."""
    assert grade_query(event("Diarrhea", 1, stools_over_baseline=9), "4.03") == ""


def test_signs_that_cannot_be_are_asked_about():
    """More than the whole body surface."""
    seen = event("Rash maculo-papular", 1, body_surface_percent=Decimal(10))
    wide = replace(seen, signs=EventSigns(body_surface_percent=Decimal(110)))

    assert grade_query(wide, "5.0") == "Rash maculo-papular: body_surface_percent: 110"


def test_the_question_names_the_term_both_grades_and_what_was_seen():
    """As the site reads it."""
    assert grade_query(event("Diarrhoea", 1, stools_over_baseline=4), "5.0") == (
        "Diarrhoea is entered as grade 1, what is recorded gives 2: "
        "Diarrhea (CTCAE 5.0) is grade 2: 4 stools a day over baseline, increase of 4-6"
    )


def test_each_sign_that_cannot_be_is_asked_about():
    """All at once."""
    seen = event("Rash maculo-papular", 1, body_surface_percent=Decimal(10))
    odd = EventSigns(body_surface_percent=Decimal(110), symptoms="awful")  # type: ignore[arg-type]

    assert grade_query(replace(seen, signs=odd), "5.0") == (
        "Rash maculo-papular: body_surface_percent: 110; "
        "Rash maculo-papular: symptoms: none of the words known"
    )
