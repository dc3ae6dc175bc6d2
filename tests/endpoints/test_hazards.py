"""Hazard ratios between groups: by hand, in closed form, and where there is none."""

from datetime import date

import pytest

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.endpoints.hazards import Compared, hazards

DAY = date(2026, 1, 5)


def one(arm, group, days, outcome="event"):
    """Give a participant with a time."""
    answer = TimeToEvent("overall survival", outcome, DAY, days, "rule", "reason")
    return Compared(arm, group, answer)


def asked(*people):
    """Compare them by dose level."""
    return hazards("overall survival", "dose level", people, Conventions())


def test_a_ratio_in_closed_form():
    """Deaths of 2 on day 1 of {1, 2}, 1 on day 2, 2 on day 3 of {2, 2}.

    Order 2 (day 1), 1 (day 2), 2 (day 3) among one `level 1` and two `level 2`: with w the hazard
    ratio of level 2, L = w/(1 + 2w) * 1/(1 + w). dlogL/dw = 0 gives 1/w = 2/(1 + 2w) + 1/(1 + w),
    so 2w^2 = 1 and w = 1/sqrt 2.
    """
    found = asked(one("A", "level 2", 1), one("A", "level 1", 2), one("A", "level 2", 3))

    assert found.reference == "level 1"
    assert found.participants == {"level 1": 1, "level 2": 2}
    assert found.events == {"level 1": 1, "level 2": 2}
    assert found.fit.terms[0].hazard_ratio == pytest.approx(0.5**0.5)
    assert "level 2 beside level 1: hazard ratio 0.707107" in found.because
    assert "level 1 1 events in 1, level 2 2 events in 2" in found.because


def test_arms_are_strata():
    """In arm B the same order: the ratio is the same, though B lives three times as long."""
    people = [
        one(arm, group, days * factor)
        for arm, factor in (("A", 1), ("B", 3))
        for group, days in (("level 2", 1), ("level 1", 2), ("level 2", 3))
    ]

    found = asked(*people)

    assert found.fit.terms[0].hazard_ratio == pytest.approx(0.5**0.5)
    assert found.fit.participants == 6


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ((), "(nobody): Cox: not estimable, there are no two groups"),
        ((one("A", "level 1", 1), one("A", "level 1", 2)), "there are no two groups"),
        ((one("A", "level 1", 1, "censored"), one("A", "level 2", 2, "censored")),
         "no event was seen"),
        ((one("A", "level 1", 1), one("A", "level 2", 2, "censored")), "no maximum"),
        ((one("A", "level 1", 1), one("B", "level 2", 2)), "same for all who were at risk"),
    ],
)  # fmt: skip
def test_what_has_no_ratio_says_why(people, says):
    """Not estimable is an answer; dose levels of different arms alone are not compared."""
    found = asked(*people)

    assert found.fit.terms == ()
    assert says in found.because
