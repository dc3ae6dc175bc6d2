"""Follow-up: dates that contradict each other are refused together."""

from datetime import date

import pytest

from trialwright.casebook.tumours import Response
from trialwright.endpoints.follow_up import Assessed, FollowUp, study_day
from trialwright.terms.errors import Refusal

DAY_1, CUTOFF = date(2026, 1, 1), date(2026, 12, 31)
BEFORE, MARCH, APRIL = date(2025, 12, 31), date(2026, 3, 1), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("facts", "places"),
    [
        ({"died": BEFORE}, ["died"]),
        ({"last_alive": BEFORE, "new_therapy": BEFORE}, ["new_therapy", "last_alive"]),
        ({"died": MARCH, "last_alive": APRIL}, ["last_alive"]),
        ({"assessments": (Assessed(BEFORE, Response.SD),)}, ["assessments.2025-12-31"]),
        (
            {"died": MARCH, "assessments": (Assessed(APRIL, Response.SD),)},
            ["assessments.2026-04-01"],
        ),
        (
            {"assessments": (Assessed(MARCH, Response.PD, progression_on=APRIL),)},
            ["assessments.2026-03-01.progression_on"],
        ),
    ],
)
def test_contradictions_are_named_together(facts, places):
    """Facts before day 1, after death, or progression after its scan cannot be."""
    with pytest.raises(Refusal) as refused:
        FollowUp(DAY_1, CUTOFF, **facts)

    assert [fault.where for fault in refused.value.faults] == places


def test_a_cutoff_before_day_1_is_refused():
    """There is nothing to look at before the first dose."""
    with pytest.raises(Refusal):
        FollowUp(DAY_1, BEFORE)


def test_facts_on_the_day_of_death_are_allowed():
    """The last scan and the last contact may fall on the day of death."""
    follow_up = FollowUp(
        DAY_1, CUTOFF, (Assessed(MARCH, Response.SD),), died=MARCH, last_alive=MARCH
    )

    assert follow_up.assessed() == follow_up.assessments


def test_progression_may_be_dated_from_day_1_to_its_scan():
    """Both ends are allowed for a progression that is dated back."""
    for dated in (DAY_1, MARCH):
        scan = Assessed(MARCH, Response.PD, progression_on=dated)

        assert FollowUp(DAY_1, CUTOFF, (scan,)).assessed() == (scan,)


def test_only_what_is_known_at_the_cutoff_is_given():
    """Assessments come by date, without those after the cutoff."""
    scans = tuple(Assessed(on, Response.SD) for on in (APRIL, DAY_1, MARCH))

    follow_up = FollowUp(DAY_1, MARCH, scans)

    assert [one.on for one in follow_up.assessed()] == [DAY_1, MARCH]
    assert (follow_up.known(APRIL), follow_up.known(MARCH)) == (None, MARCH)


def test_day_1_is_the_first_day():
    """There is no day 0."""
    assert (study_day(DAY_1, DAY_1), study_day(DAY_1, MARCH)) == (1, 60)
