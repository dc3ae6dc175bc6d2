"""Diarrhea by stools a day over baseline."""

from decimal import Decimal

import pytest

from trialwright.grading.diarrhea import grade_diarrhea
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize(
    ("stools", "expected"), [(-2, 0), (0, 0), (1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (20, 3)]
)
def test_stools_over_baseline_give_the_grade(stools, expected):
    """<4, 4-6, >=7 stools a day over baseline."""
    found = grade_diarrhea(stools)

    assert (found.grade, found.possible) == (expected, (expected,))
    assert f"{stools} stools a day over baseline" in found.because


@pytest.mark.parametrize("stools", [2, None])
def test_life_threatening_diarrhea_is_grade_4_at_any_count(stools):
    """The count does not lower it."""
    assert grade_diarrhea(stools, life_threatening=True).grade == 4


@pytest.mark.parametrize("life_threatening", [None, False])
def test_an_unrecorded_count_is_not_graded(life_threatening):
    """Unknown is not grade 0."""
    found = grade_diarrhea(None, life_threatening=life_threatening)

    assert (found.grade, found.missing) == (None, ("stools_over_baseline",))


@pytest.mark.parametrize("stools", [3.5, Decimal(4), True, "4"])
def test_a_count_that_is_no_whole_number_is_refused(stools):
    """Stools are counted."""
    with pytest.raises(Refusal) as refused:
        grade_diarrhea(stools)

    assert refused.value.faults[0].where == "stools_over_baseline"


def test_the_finding_says_what_it_does_not_count():
    """Hospitalization and activities of daily living stay with the investigator."""
    assert "activities of daily living are not counted here" in grade_diarrhea(2).because
