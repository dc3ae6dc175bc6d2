"""What every dose meeting counts and says: places, waiting, steps, and too many participants."""

import pytest

from trialwright.escalation import meeting
from trialwright.escalation.decision import Decision, LevelCount


def counts(*given):
    """Give counts from evaluable, DLTs, pending."""
    return [LevelCount(*each) for each in given]


@pytest.mark.parametrize(
    ("seen", "at", "max_n", "left"),
    [
        ([(0, 0)], 1, 12, 3),
        ([(1, 0)], 1, 12, 2),
        ([(1, 0, 1)], 1, 12, 1),
        ([(3, 0)], 1, 12, 0),
        ([(4, 0)], 1, 12, 2),
        ([(3, 0), (1, 0)], 2, 5, 1),  # one of five is left
        ([(3, 0), (0, 0)], 2, 5, 2),
        ([(2, 0)], 1, 2, 0),  # everybody is treated, the cohort stays short
        ([(3, 0), (2, 0)], 2, 5, 0),
    ],
)
def test_places_of_a_cohort_of_three(seen, at, max_n, left):
    """As many as are missing, and no more than the escalation has left."""
    assert meeting.places_left(counts(*seen), at, 3, max_n) == left


def test_a_decision_is_said_with_its_tally_and_its_rule():
    """Nobody is enrolled and no MTD is estimated unless it is said."""
    found = meeting.said("BOIN 0.3", "0/3 DLT at dose level 1", ("wait", 1, "pending"), "wait")

    assert found == Decision(
        "wait", 1, "0/3 DLT at dose level 1, wait (BOIN 0.3, rule pending)", "pending", 0, None
    )


@pytest.mark.parametrize(("at", "step"), [(1, "escalate"), (2, "stay"), (3, "de-escalate")])
def test_a_step_has_its_name(at, step):
    """To dose level 2."""
    assert meeting.step_of(2, at) == step


def test_more_participants_than_the_design_treats_are_told():
    """Thirteen of twelve, one of them pending; twelve are none too many."""
    (fault,) = meeting.crowding_faults(counts((6, 0), (6, 1, 1)), 12)

    assert str(fault) == (
        "seen: 13 participants. Allowed: at most 12. Correct the counts, or record the deviation "
        "and decide without the design."
    )
    assert not list(meeting.crowding_faults(counts((6, 0), (6, 1)), 12))
