"""What is said of diarrhea, rash and fatigue: the whole answer, and the whole refusal."""

from decimal import Decimal

import pytest

from trialwright.grading.clinical import grade_diarrhea, grade_fatigue, grade_rash, query_of
from trialwright.grading.findings import GradeFinding
from trialwright.terms.errors import Fault, Refusal

PLACES = {
    "Diarrhea": "Gastrointestinal disorders",
    "Rash maculo-papular": "Skin and subcutaneous tissue disorders",
    "Fatigue": "General disorders and administration site conditions",
}


@pytest.mark.parametrize(
    ("ask", "term", "possible", "missing", "words"),
    [
        (
            lambda: grade_diarrhea(8, hospitalization_indicated=True, limits="instrumental ADL"),
            "Diarrhea",
            (3,),
            (),
            "is grade 3: 8 stools a day over baseline, increase of >=7; hospitalization indicated",
        ),
        (
            lambda: grade_diarrhea(5, ostomy_output="mild"),
            "Diarrhea",
            (2,),
            (),
            "is grade 2: 5 stools a day over baseline, increase of 4-6",
        ),
        (
            lambda: grade_diarrhea(0),
            "Diarrhea",
            (0,),
            (),
            "is grade 0: 0 stools a day over baseline, no increase",
        ),
        (
            lambda: grade_diarrhea(9, life_threatening=True),
            "Diarrhea",
            (4,),
            (),
            "is grade 4: life-threatening consequences",
        ),
        (
            lambda: grade_diarrhea(None),
            "Diarrhea",
            (0, 1, 2, 3, 4),
            ("stools_over_baseline",),
            "may be grade 0, 1, 2, 3, 4: nothing that grades it is recorded; "
            "not recorded: stools_over_baseline",
        ),
        (
            lambda: grade_rash(0),
            "Rash maculo-papular",
            (0,),
            (),
            "is grade 0: 0 % of the body surface, no rash",
        ),
        (
            lambda: grade_rash(Decimal("9.5")),
            "Rash maculo-papular",
            (1,),
            (),
            "is grade 1: 9.5 % of the body surface, <10 %",
        ),
        (
            lambda: grade_rash(30),
            "Rash maculo-papular",
            (2,),
            (),
            "is grade 2: 30 % of the body surface, 10-30 %",
        ),
        (
            lambda: grade_rash(40, symptoms="mild"),
            "Rash maculo-papular",
            (2,),
            (),
            "is grade 2: 40 % of the body surface, >30 % with symptoms: mild",
        ),
        (
            lambda: grade_rash(100, symptoms="severe"),
            "Rash maculo-papular",
            (3,),
            (),
            "is grade 3: 100 % of the body surface, >30 % with severe symptoms",
        ),
        (
            lambda: grade_rash(40, limits="instrumental ADL"),
            "Rash maculo-papular",
            (2, 3),
            ("symptoms",),
            "may be grade 2, 3: limiting instrumental ADL; 40 % of the body surface, >30 % with "
            "symptoms not recorded; not recorded: symptoms",
        ),
        (
            lambda: grade_rash(40, symptoms="none", limits="nothing"),
            "Rash maculo-papular",
            (2,),
            (),
            "is grade 2: 40 % of the body surface, >30 % with symptoms: none",
        ),
        (
            lambda: grade_rash(None, symptoms="mild"),
            "Rash maculo-papular",
            (0, 1, 2, 3),
            ("body_surface_percent",),
            "may be grade 0, 1, 2, 3: nothing that grades it is recorded; "
            "not recorded: body_surface_percent",
        ),
        (
            lambda: grade_fatigue(relieved_by_rest=True),
            "Fatigue",
            (1,),
            (),
            "is grade 1: fatigue relieved by rest",
        ),
        (
            lambda: grade_fatigue(),
            "Fatigue",
            (1, 2, 3),
            ("relieved_by_rest",),
            "may be grade 1, 2, 3: nothing that grades it is recorded; "
            "not recorded: relieved_by_rest",
        ),
        (
            lambda: grade_fatigue(relieved_by_rest=False),
            "Fatigue",
            (2, 3),
            ("limits",),
            "may be grade 2, 3: nothing that grades it is recorded; not recorded: limits",
        ),
        (
            lambda: grade_fatigue(relieved_by_rest=False, limits="self care ADL"),
            "Fatigue",
            (3,),
            (),
            "is grade 3: fatigue not relieved by rest, limiting self care ADL",
        ),
    ],
)
def test_the_whole_answer(ask, term, possible, missing, words):
    """Term, version, grade or those left open, each printed alternative that holds, and source."""
    assert ask() == GradeFinding(
        term=term,
        version="5.0",
        grade=possible[0] if len(possible) == 1 else None,
        lab_only_grade=None,
        because=f"{term} (CTCAE 5.0) {words}",
        differs_because="",
        missing=missing,
        possible=possible,
        source=f"NCI CTCAE v5.0 (2017-11-27), {PLACES[term]}: {term}",
    )


ADL = "nothing, instrumental ADL, self care ADL"
DEGREES = "none, mild, moderate, severe"
NO_WORD, WRITE = "none of the words known", "Write it so, or leave it out"


@pytest.mark.parametrize(
    ("ask", "faults"),
    [
        (
            lambda: grade_diarrhea(3.5, ostomy_output="huge", limits="bed"),
            [
                ("stools_over_baseline", "a float", "a whole number or null", "Count whole ones"),
                ("ostomy_output", NO_WORD, DEGREES, WRITE),
                ("limits", NO_WORD, ADL, WRITE),
            ],
        ),
        (
            lambda: grade_rash(0.5, symptoms="bad", limits="bed"),
            [
                ("body_surface_percent", "a float", "an exact number or null",
                 "Read it as decimal text"),
                ("symptoms", NO_WORD, DEGREES, WRITE),
                ("limits", NO_WORD, ADL, WRITE),
            ],
        ),
        (
            lambda: grade_rash(Decimal("100.5")),
            [("body_surface_percent", "100.5", "0 to 100", "Correct the area")],
        ),
        (
            lambda: grade_fatigue(limits="bed"), [("limits", NO_WORD, ADL, WRITE)],
        ),
    ],
)  # fmt: skip
def test_the_whole_refusal(ask, faults):
    """Each place with what stands there, what may, and what to do."""
    with pytest.raises(Refusal) as refused:
        ask()

    assert list(refused.value.faults) == [Fault(*each) for each in faults]


def test_a_question_names_each_grade_that_is_left_open(clinical_terms):
    """Grade 4 fatigue, of which rest and activities leave 2 or 3."""
    asked = query_of(clinical_terms.as_entered("Rash maculo-papular", 1), grade_rash(40))

    assert asked == (
        "Rash maculo-papular is entered as grade 1, what is recorded gives 2 or 3: "
        "Rash maculo-papular (CTCAE 5.0) may be grade 2, 3: 40 % of the body surface, >30 % with "
        "symptoms not recorded; not recorded: symptoms"
    )
