"""Ladders of one agent and of two, checked before anybody climbs them."""

from decimal import Decimal

import pytest

from trialwright.escalation.ladder import check, columns_of
from trialwright.protocol.arms import DoseLadder, SecondAgent
from trialwright.protocol.escalation_design import BoinCombinationsDesign, BoinDesign
from trialwright.terms.errors import Fault


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


ROWS = "List the combinations row by row: each dose of the first agent with all of the second"
CLIMB = "one agent higher, and none lower, than at the level below"
ORDER = "Order the levels, or take BOIN-combinations, whose levels are a grid"


@pytest.mark.parametrize(
    ("first", "second", "columns", "fault"),
    [
        (
            (100, 300, "200.5"),
            None,
            None,
            (
                "doses.2",
                "dose level 3 at 200.5, dose level 2 at 300",
                "a dose above 300",
                "List the doses from the lowest to the highest, each once",
            ),
        ),
        (
            (100, 100, 200),
            (5, 10, 5),
            None,
            ("doses.2", "dose level 3 at 200 + 5, dose level 2 at 100 + 10", CLIMB, ORDER),
        ),
        (
            (5, 4),
            (1, 2),
            None,
            ("doses.1", "dose level 2 at 4 + 2, dose level 1 at 5 + 1", CLIMB, ORDER),
        ),
        (
            (100, 200, 300),
            (5, 10),
            None,
            (
                "second.doses",
                "2 doses of two for 3 dose levels",
                "3 doses",
                "Name both doses of every dose level",
            ),
        ),
        (
            (100, 200, 300, 400),
            None,
            2,
            (
                "second",
                "none",
                "a second agent: the levels are combinations",
                "Name the second agent with its dose at each level",
            ),
        ),
        (
            (100, 100, 200, 300),
            (5, 10, 5, 10),
            2,
            ("doses.3", "dose level 4 at 300, its row at 200", "200", ROWS),
        ),
        (
            (200, 200, 100, 100),
            (5, 10, 5, 10),
            2,
            (
                "doses.2",
                "dose level 3 at 100, the row below at 200",
                "a dose above 200",
                ROWS,
            ),
        ),
        (
            (100, 100, 100, 100),
            (5, 10, 5, 10),
            2,
            ("doses.2", "dose level 3 at 100, the row below at 100", "a dose above 100", ROWS),
        ),
        (
            (100, 100, 200, 200),
            (5, 10, 5, 20),
            2,
            ("second.doses.3", "dose level 4 at 20, its column at 10", "10", ROWS),
        ),
        (
            (100, 100, 100, 200, 200, 200),
            (5, 20, 10, 5, 20, 10),
            3,
            (
                "second.doses.2",
                "dose level 3 at 10, the column before at 20",
                "a dose above 20",
                ROWS,
            ),
        ),
        (
            (100, 100, 100, 200, 200, 200),
            (5, 5, 10, 5, 5, 10),
            3,
            ("second.doses.1", "dose level 2 at 5, the column before at 5", "a dose above 5", ROWS),
        ),
    ],
)
def test_a_fault_of_a_ladder_says_both_doses_and_what_to_do(first, second, columns, fault):
    """The place, both dose levels by number and dose, what is allowed, and the remedy."""
    where, found, allowed, do = fault

    assert check(ladder(first, second), columns=columns) == (
        Fault(f"ladder.{where}", found, allowed, do),
    )


def test_the_levels_of_a_design_for_combinations_are_a_grid():
    """As wide as the doses of the second agent; any other design has a ladder."""
    grid = BoinCombinationsDesign.model_construct(columns=5)

    assert columns_of(grid) == 5
    assert columns_of(BoinDesign.model_construct()) is None


def test_the_doses_of_a_level_are_those_of_its_agents():
    """Each agent by its own name."""
    both = ladder((100, 100), (5, 10))

    assert both.agents == ("one", "two")
    assert (both.amount("one", 2), both.amount("two", 2)) == (Decimal(100), Decimal(10))
