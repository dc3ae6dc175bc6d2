"""Ladders of one agent and of two, checked before anybody climbs them."""

from decimal import Decimal

import pytest

from trialwright.escalation.ladder import check
from trialwright.protocol.arms import DoseLadder, SecondAgent


def ladder(first, second=None):
    """Make a ladder of one agent, or of two."""
    also = None
    if second is not None:
        also = SecondAgent(agent="two", doses=tuple(map(Decimal, second)))
    return DoseLadder(agent="one", doses=tuple(map(Decimal, first)), second=also)


@pytest.mark.parametrize(
    ("first", "second", "columns", "wrong"),
    [
        ((100, 200), None, None, []),
        ((100, 100), None, None, ["doses.1"]),
        ((100, 100, 200), (5, 10, 10), None, []),
        ((100, 100, 200), (5, 10, 5), None, ["doses.2"]),
        ((100, 100), (5, 5), None, ["doses.1"]),
        ((100, 200), (5,), None, ["second.doses"]),
        ((100, 100, 200, 200), (5, 10, 5, 10), 2, []),
        ((100, 100, 200, 300), (5, 10, 5, 10), 2, ["doses.3"]),
        ((200, 200, 100, 100), (5, 10, 5, 10), 2, ["doses.2"]),
        ((100, 100, 200, 200), (5, 10, 5, 20), 2, ["second.doses.3"]),
        ((100, 100, 200, 200), (10, 5, 10, 5), 2, ["second.doses.1"]),
        ((100, 200, 300, 400), None, 2, ["second"]),
    ],
)
def test_a_level_that_does_not_climb_is_named(first, second, columns, wrong):
    """One agent rises; of two one rises and none falls; a grid is listed row by row."""
    faults = check(ladder(first, second), "ladder", columns)

    assert [fault.where for fault in faults] == [f"ladder.{place}" for place in wrong]


def test_the_doses_of_a_level_are_those_of_its_agents():
    """Each agent by its own name."""
    both = ladder((100, 100), (5, 10))

    assert both.agents == ("one", "two")
    assert (both.amount("one", 2), both.amount("two", 2)) == (Decimal(100), Decimal(10))
