"""Designs that are tables of tallies: many states at once, the table in numbers, the bounded MTD.

The letters of BOIN for a target of .30 follow from .2365 and .3585 times the participants and from
P(DLT rate > .30) > .95: of 3 and 6 participants 0 and 1 DLTs escalate, 2 and 3 de-escalate, 3 and 4
close the level.
"""

from dataclasses import replace

import numpy as np
import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.escalation.tally_rule import Boundary


def moved(design, *states):
    """Ask a design about states of evaluable participants, DLTs and last level, all at once."""
    evaluable, dlts, at = zip(*states, strict=True)
    level, size = design.moves(
        np.array(evaluable, dtype=np.int16),
        np.array(dlts, dtype=np.int16),
        np.array(at),
        np.zeros((len(at), 2), dtype=np.int64),
    )
    return list(zip(level.tolist(), size.tolist(), strict=True))


def test_many_states_are_moved_at_once():
    """Three levels, ten participants, enough at six; what stops has no next cohort."""
    design = Boin(levels=3, target=0.3, max_n=10, stop_at=6)
    expected = {
        ((3, 0, 0), (0, 0, 0), 1): (2, 3),
        ((3, 3, 0), (0, 1, 0), 2): (2, 3),
        ((3, 3, 0), (0, 2, 0), 2): (1, 3),
        ((3, 0, 0), (2, 0, 0), 1): (1, 3),  # nothing below the lowest
        ((3, 0, 0), (3, 0, 0), 1): (0, 0),  # the lowest is closed
        ((3, 3, 0), (0, 3, 0), 2): (1, 3),  # closed: downward
        ((3, 3, 0), (0, 3, 0), 1): (1, 3),  # the level above is closed
        ((6, 3, 0), (0, 3, 0), 1): (0, 0),  # the same, and six were treated here
        ((3, 3, 3), (0, 0, 0), 3): (3, 1),  # nothing above the top, one of ten is left
        ((3, 6, 0), (0, 1, 0), 2): (3, 1),  # six were treated here, the next cohort goes up
        ((3, 6, 0), (0, 2, 0), 2): (0, 0),  # six were treated here, the next would stay
        ((6, 3, 0), (1, 2, 0), 2): (1, 1),  # six were treated below, which is not the last level
        ((3, 3, 4), (0, 0, 1), 3): (0, 0),  # ten were treated
        ((3, 3, 3), (0, 3, 0), 3): (1, 1),  # the level below is closed too
        ((3, 3, 3), (3, 0, 0), 3): (0, 0),  # so is the lowest
    }

    assert moved(design, *expected) == list(expected.values())


def test_extra_safety_stops_many_states_at_the_lowest_level_alone():
    """3/6: P(DLT rate > .30) = .874 is above .95 - .10."""
    design = Boin(levels=2, target=0.3, max_n=36, extra_safe=True, offset=0.1)

    assert moved(design, ((6, 0), (3, 0), 1), ((3, 6), (0, 3), 2)) == [(0, 0), (1, 3)]
    assert design.estimate_mtd([LevelCount(6, 3), LevelCount(0, 0)]).level is None
    assert design.estimate_mtd([LevelCount(3, 0), LevelCount(6, 3)]).level == 2


def test_a_level_with_a_single_participant_can_be_the_mtd():
    """Estimates .05/1.1 = .045 at both levels: of a common one below the target the highest."""
    design = Boin(levels=2, target=0.3, max_n=12)

    assert design.estimate_mtd([LevelCount(1, 0), LevelCount(1, 0)]).level == 2


def test_an_mtd_is_bounded_in_every_design_by_the_limit_of_boin():
    """4/9 estimates .4451, above .3585, and 3/9 estimates .3352, below it."""
    free, bound = (
        Keyboard(levels=1, target=0.3, max_n=9, bound_mtd=is_bound) for is_bound in (False, True)
    )
    evaluable, dlts = np.array([[9], [9]], dtype=np.int16), np.array([[3], [4]], dtype=np.int16)

    assert bound.mtd_limit() == pytest.approx(0.3585195, abs=5e-8)
    assert free.mtd_limit() == np.inf
    assert free.mtds(evaluable, dlts).tolist() == [1, 1]
    assert bound.mtds(evaluable, dlts).tolist() == [1, 0]


def test_the_table_in_numbers_says_where_no_number_leads():
    """i3+3: 1/1 stays, for 0/1 would escalate; an uploaded row may never escalate."""
    never_up = UploadedTable(levels=2, target=0.3, max_n=6, rows=((3, "SSSU"),))

    assert I3Plus3(levels=2, target=0.3, max_n=6).boundaries()[0] == Boundary(1, 0, None, None)
    assert never_up.boundaries()[2] == Boundary(3, None, 3, 3)
    assert [row.evaluable for row in never_up.boundaries()] == [1, 2, 3, 4, 5, 6]
    assert Boin(levels=2, target=0.3, max_n=6).boundaries()[5] == Boundary(6, 1, 3, 4)


def test_many_states_climb_by_single_participants():
    """One at each level until the first DLT or the top; then the cohort there is filled."""
    design = Boin(levels=3, target=0.3, max_n=12, titration=True)
    expected = {
        ((1, 0, 0), (0, 0, 0), 1): (2, 1),
        ((1, 1, 0), (0, 0, 0), 2): (3, 1),
        ((1, 0, 0), (1, 0, 0), 1): (1, 2),
        ((1, 1, 0), (0, 1, 0), 2): (2, 2),
        ((1, 1, 1), (0, 0, 0), 3): (3, 2),
        ((1, 3, 0), (0, 1, 0), 2): (2, 3),
        ((1, 3, 0), (0, 2, 0), 2): (1, 3),
        ((4, 3, 0), (0, 2, 0), 1): (2, 3),
    }

    assert moved(design, *expected) == list(expected.values())
    assert moved(
        Boin(levels=3, target=0.3, max_n=4, titration=True), ((1, 1, 1), (0, 0, 0), 3)
    ) == [(3, 1)]


def test_cohorts_of_two_climb_and_cohorts_of_one_need_not():
    """1/2 and 1/1 are above .3585: one level down."""
    twos = Boin(levels=3, target=0.3, max_n=12, titration=True, cohort_size=2)
    ones = Boin(levels=3, target=0.3, max_n=12, titration=True, cohort_size=1)

    assert moved(twos, ((1, 0, 0), (0, 0, 0), 1), ((1, 2, 0), (0, 1, 0), 2)) == [(2, 1), (1, 2)]
    assert moved(ones, ((1, 0, 0), (0, 0, 0), 1), ((1, 1, 0), (0, 1, 0), 2)) == [(2, 1), (1, 1)]
    assert twos.next_dose([LevelCount(1, 0), *[LevelCount(0, 0)] * 2], 1).rule == "titration"
    assert ones.next_dose([LevelCount(1, 0), *[LevelCount(0, 0)] * 2], 1).rule == "escalate"


@pytest.mark.parametrize(
    ("design", "closing"),
    [
        (Boin(levels=2, target=0.3, max_n=6), 5),
        (Boin(levels=2, target=0.3, max_n=6, eliminate=None), 8),
        (Boin(levels=2, target=0.3, max_n=6, eliminate_from=8), 8),
    ],
)
def test_a_tally_beyond_the_table_has_the_letter_of_a_longer_one(design, closing):
    """People may have treated seven where the design treats six; 5/7 close a level, or none do."""
    longer = replace(design, max_n=7)

    found = [design.letter(7, dlts) for dlts in range(8)]

    assert found == [longer.letter(7, dlts) for dlts in range(8)]
    assert found.count("U") == 8 - closing
