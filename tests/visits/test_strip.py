"""One cycle as a strip of text."""

from decimal import Decimal

import pytest

from trialwright.protocol.arms import CycleRange
from trialwright.terms.errors import Refusal
from trialwright.visits.strip import cycle_strip

ARM_A_CYCLE_1 = """\
arm A, cycle 1  1      8      15     22    28
fulvestrant     ■·············■·············
ipatasertib     ■■■■■■■■■■■■■■■■■■■■■■■■■■■■"""

ARM_B_CYCLE_1 = """\
arm B, cycle 1  1      8      15     22    28
ipatasertib     ■■■■■■■■■■■■■■■■■■■■■■■■■■■■
letrozole *     ■■■■■■■■■■■■■■■■■■■■■■■■■■■■
anastrozole *   ■■■■■■■■■■■■■■■■■■■■■■■■■■■■
exemestane *    ■■■■■■■■■■■■■■■■■■■■■■■■■■■■
* one of letrozole, anastrozole, exemestane"""

ARM_C_CYCLE_1 = """\
arm C, cycle 1  1      8      15     22    28
fulvestrant     ■·············■·············
ipatasertib     ■■■■■■■■■■■■■■■■■■■■■·······
palbociclib     ·······■■■■■■■■■■■■■■■■■■■■■"""

ARM_C_CYCLE_12 = """\
arm C, cycle 12  1      8      15     22    28
fulvestrant      ■···························
ipatasertib      ■■■■■■■■■■■■■■■■■■■■■·······
palbociclib      ·······■■■■■■■■■■■■■■■■■■■■■"""


@pytest.mark.parametrize(
    ("arm", "cycle", "expected"),
    [
        ("A", 1, ARM_A_CYCLE_1),
        ("B", 1, ARM_B_CYCLE_1),
        ("C", 1, ARM_C_CYCLE_1),
        ("C", 12, ARM_C_CYCLE_12),
    ],
)
def test_the_strip_shows_the_arm(arms, arm, cycle, expected):
    """Each agent has a row, each day a column, and each number stands above its day."""
    assert cycle_strip(arms[arm], cycle, 28) == expected


@pytest.mark.parametrize(
    ("cycle_days", "heading"),
    [
        (1, "1"),
        (2, "1"),
        (3, "1 3"),
        (7, "1     7"),
        (8, "1      8"),
        (9, "1      8"),
        (10, "1      8 10"),
        (16, "1      8      15"),
        (17, "1      8      15"),
        (18, "1      8      15 18"),
        (21, "1      8      15    21"),
        (29, "1      8      15     22     29"),
    ],
)
def test_numbers_never_run_into_each_other(arms, line, cycle_days, heading):
    """The last day is numbered where there is room for it."""
    alone = line("alone", "words", {"ipatasertib": None}, [(1, 1)])
    arm = arms["A"].model_copy(update={"dosing": (alone,)})

    first, row = cycle_strip(arm, 1, cycle_days).splitlines()

    assert first == f"arm A, cycle 1  {heading}"
    assert row == "ipatasertib     ■" + "·" * (cycle_days - 1)


def test_a_long_agent_widens_every_row(arms, line):
    """Rows stay aligned under a long name."""
    long = line("long", "words", {"trastuzumab-deruxtecan": "1"}, [(2, 2)])
    arm = arms["A"].model_copy(update={"dosing": (long, arms["A"].dosing[2])})

    rows = cycle_strip(arm, 1, 28).splitlines()

    assert [rows[0].index(" 8 "), rows[1].index("■"), rows[2].index("■")] == [30, 25, 24]


def test_an_agent_not_due_in_the_cycle_keeps_its_row(arms, line):
    """An agent of later cycles is shown as a row without dosing days."""
    later = line("later", "words", {"letrozole": "1"}, [(1, 28)], CycleRange(first=2))
    arm = arms["A"].model_copy(update={"dosing": (later,)})

    assert cycle_strip(arm, 1, 28).splitlines()[1] == "letrozole       " + "·" * 28


@pytest.mark.parametrize(("cycle", "cycle_days"), [(0, 28), (1, 0), (1, 27)])
def test_a_strip_that_cannot_be_drawn_is_refused(arms, cycle, cycle_days):
    """A cycle before the first, one without days, and one too short for the arm are refused."""
    with pytest.raises(Refusal):
        cycle_strip(arms["A"], cycle, cycle_days)


def test_two_choices_are_explained_apart(arms, line):
    """Each line that offers a choice is explained by itself."""
    arm = arms["B"].model_copy(
        update={
            "dosing": (
                *arms["B"].dosing,
                line("support", "words", {"iron": "1", "zinc": str(Decimal(2))}, [(1, 1)]),
            )
        }
    )

    assert cycle_strip(arm, 1, 28).splitlines()[-2:] == [
        "* one of letrozole, anastrozole, exemestane",
        "* one of iron, zinc",
    ]
