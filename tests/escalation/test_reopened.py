"""A level that was closed, and treated again: the order of the cohorts tells, counts do not."""

import pytest

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.escalation.observed import Observed, observed
from trialwright.escalation.outcomes import read_outcomes
from trialwright.escalation.participants import Treated
from trialwright.escalation.reopened import reopening_faults

BOIN = Boin(levels=3, target=0.3, max_n=36)
GRID = BoinCombinations(rows=2, columns=2, target=0.3, max_n=36)


def places(design, given):
    """Give where the faults are."""
    return [each.where for each in reopening_faults(design, given)]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ("", []),
        ("1NNN 2TTT", []),
        ("1NNN 2TTT 1NNN", []),
        # 3/6 is open again
        ("1NNN 2TTT 2NNN", ["cohort 3"]),
        # so is level 3, which level 2 had closed with it
        ("1NNN 2TTT 3NNN 2NNN", ["cohort 3", "cohort 4"]),
        # the third of them finds 3/5, which is open: what opened it is named
        ("1NNN 2TTT 2N 2N 2N", ["cohort 3", "cohort 4"]),
        # 4/6 is closed, whoever was treated there since: the design leaves it
        ("1NNN 2TTT 2TNN", []),
        ("1NNN 2TTT 3NNN", []),
        # below the closed level everything is as before
        ("1NNN 2NNN 3TTT 2NNN 1NNN", []),
        # 2/3 closes nothing
        ("1NNN 2TTN 2NNN", []),
        # who is pending counts among those who may have no DLT: 3/6 is open
        ("1NNN 2TTTPPP 2NNN", []),
    ],
)
def test_each_cohort_at_a_level_closed_before_it(given, where):
    """Where it is open now."""
    assert places(BOIN, given) == where
    assert places(BOIN, read_outcomes(given, 3)) == where


def test_what_closed_the_level_is_told():
    """Every tally that had."""
    (third, _) = reopening_faults(BOIN, "1NNN 2TTT 3NNN 2NNN")

    assert str(third) == (
        "cohort 3: dose level 3, closed before by 3/3 DLT at dose level 2. Allowed: a level that "
        "is open; a closed one stays closed. Correct the counts, or record the deviation and "
        "decide without the design."
    )


def test_every_tally_that_closed_the_level_is_told_and_no_other():
    """A DLT at level 1, which stays open, is none of them."""
    (_, fourth, _) = reopening_faults(BOIN, "1NNT 2TTT 3TTT 2NNN 3NNN")

    assert fourth.where == "cohort 4"
    assert fourth.found == (
        "dose level 2, closed before by 3/3 DLT at dose level 2, 3/3 DLT at dose level 3"
    )


def test_a_combination_closes_those_above_it_alone():
    """2TTT closes the fourth, not the third; level 2 itself is open again at 3/6."""
    assert places(GRID, "1NNN 2TTT 3NNN") == []
    assert places(GRID, "1NNN 2TTT 4NNN 2NNN") == ["cohort 3", "cohort 4"]


@pytest.mark.parametrize(
    "design",
    [
        ThreePlusThree(3, "six-at-mtd"),
        Crm(levels=3, target=0.3, max_n=36, skeleton=(0.1, 0.2, 0.3)),
        TiteBoin(levels=3, target=0.3, max_n=36, window_days=28, pending="imputation"),
    ],
)
def test_designs_that_never_open_again_close_none_or_decide_while_some_are_pending(design):
    """Nothing is said of theirs."""
    assert places(design, "1NNN 2TTT 2NNN") == []


def test_every_table_of_tallies_is_looked_at():
    """Keyboard closes at 2/2 already."""
    assert places(Keyboard(levels=3, target=0.3, max_n=36), "1NNN 2TTN 2NNN") == []
    assert places(Keyboard(levels=3, target=0.3, max_n=36), "1NNN 2TT 2NNNN") == ["cohort 3"]


def test_counts_have_no_order():
    """Of them nothing is known."""
    seen = (LevelCount(3, 0), LevelCount(6, 3), LevelCount(0, 0))

    assert places(BOIN, Observed(seen, 2)) == []
    assert places(BOIN, None) == []


def people(*cohorts):
    """Give participants of cohorts such as `2TTT`, `!` for a recorded deviation."""
    found = []
    for number, cohort in enumerate(cohorts, start=1):
        for letter in cohort[1:].rstrip("!"):
            found.append(
                Treated(
                    participant=f"01-{len(found) + 1:03d}",
                    cohort=number,
                    level=int(cohort[0]),
                    standing="evaluable",
                    has_dlt=letter == "T",
                    deviation="committee 7" if cohort.endswith("!") else "",
                )
            )
    return found


def test_participants_are_named_unless_their_deviation_is_recorded():
    """In whatever order they are listed."""
    listed = people("1NNN", "2TTT", "2NNN")

    assert places(BOIN, listed) == [f"01-{each:03d}, level" for each in (7, 8, 9)]
    assert places(BOIN, listed[::-1]) == [f"01-{each:03d}, level" for each in (9, 8, 7)]
    assert places(BOIN, people("1NNN", "2TTT", "2NNN!")) == []


def test_who_was_given_another_level_counts_where_treated():
    """Assigned to level 1, given level 2, which was closed: a deviation, and recorded as one."""
    listed = people("1NNN", "2TTT", "1NNN")
    given = [*listed[:-1], Treated(**{**plain(listed[-1]), "given": 2, "deviation": "pharmacy"})]

    assert places(BOIN, given) == []
    assert observed(given, 3, 1).seen[1] == LevelCount(4, 3)


def plain(one):
    """Give a participant's fields."""
    return {name: getattr(one, name) for name in Treated.__dataclass_fields__}
