"""The rule `day of collection`: registered on 2 March 2026, first dose on 9 March."""

from datetime import date

import pytest
from tests.biomarkers.made import material

from trialwright.biomarkers.time_points import Milestones, proposed_time
from trialwright.terms.dates import PartialDate

DAYS = Milestones(date(2026, 3, 2), date(2026, 3, 9))
PROGRESSED = Milestones(date(2026, 3, 2), date(2026, 3, 9), PartialDate.parse("2026-06-10"))


def proposed(kind, on, days=DAYS):
    """Give the time point that is proposed."""
    taken = {} if on is None else {"on": on}
    return proposed_time(material("M1", kind, None, **taken), days)


@pytest.mark.parametrize(
    ("kind", "on", "expected"),
    [
        ("block", "2021-05", "archival"),
        ("block", "2026-03-01", "archival"),
        ("biopsy", "2026-03-02", "C1D1"),  # the day of registration itself
        ("tube", "2026-03-09", "C1D1"),  # the day of the first dose itself
        ("tube", "2026-03-10", "on treatment"),
        ("tube", "2026-03-01", None),  # blood of screening
        ("tube", "2026-03", None),  # on both sides of everything
        ("block", "2026", None),
        ("block", None, None),
    ],
)
def test_a_day_is_held_against_registration_and_the_first_dose(kind, on, expected):
    """Where it lies on both sides of one, a person is asked."""
    assert proposed(kind, on).time_point == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-06-09", "on treatment"),
        ("2026-06-10", "progression"),
        ("2026-07", "progression"),
        ("2026-06", None),
    ],
)
def test_from_progression_on_it_is_of_progression(on, expected):
    """The day itself as well."""
    assert proposed("tube", on, PROGRESSED).time_point == expected


def test_after_treatment_ended_without_progression_nobody_knows():
    """Neither on treatment nor at progression."""
    days = Milestones(date(2026, 3, 2), date(2026, 3, 9), None, date(2026, 5, 1))

    assert proposed("tube", "2026-05-01", days).time_point == "on treatment"
    found = proposed("tube", "2026-05-02", days)
    assert (found.time_point, found.material) == (None, "M1")
    assert "treatment ended on 2026-05-01" in found.because


def test_before_registration_tissue_is_archival_and_blood_has_none():
    """Nobody was registered yet."""
    nobody = Milestones()

    assert proposed("block", "2026-01-05", nobody).time_point == "archival"
    assert proposed("plasma", "2026-01-05", nobody).time_point is None
    undosed = Milestones(date(2026, 3, 2))
    assert proposed("tube", "2026-03-04", undosed).time_point == "C1D1"
