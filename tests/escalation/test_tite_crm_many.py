"""TITE-CRM in many trials at once: each answer is that of the dose meeting, and by hand."""

import numpy as np
import pytest
from tests.escalation.test_tite_crm import made, people

from trialwright.escalation.asking import AskedEach
from trialwright.escalation.known import NEW, RUNNING, Known

WINDOW = 28
TODAY = 500.0


def known(*trials, levels=5):
    """Give trials, each in the notation of `people`, as they stand today."""
    listed = [people(*cohorts) for cohorts in trials]
    shape = len(listed), max(map(len, listed))
    level, cohort = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.int16)
    start, dlt_after = np.full(shape, np.inf), np.full(shape, np.inf)
    for trial, treated in enumerate(listed):
        for place, each in enumerate(treated):
            level[trial, place], cohort[trial, place] = each.level, each.cohort
            days = each.followed if each.standing == "pending" else 2 * WINDOW
            start[trial, place] = TODAY - days
            if each.has_dlt:
                dlt_after[trial, place] = each.dlt_day
    day = np.full(len(listed), TODAY)
    return Known(levels, WINDOW, day, level, cohort, start, dlt_after, np.zeros((len(listed), 0)))


def answered(design, *trials):
    """Give the answers in many trials, which are those of the meeting in each."""
    asked = known(*trials)
    found, is_settled = design.answers_followed(asked)
    meeting = AskedEach(design, WINDOW).answers(asked)

    assert is_settled.all()
    rows = [tuple(each) for each in np.column_stack(found).tolist()]
    assert rows == [tuple(each) for each in np.column_stack(meeting).tolist()]
    return rows


WELL = (1, "N", "N", "N")
TWELVE = (1, *["N"] * 12)


@pytest.mark.parametrize(
    ("settings", "trials"),
    [
        (
            {},
            {
                ((1, "N", "P3"),): (1, 1, 0, RUNNING),  # the cohort is completed first
                ((1, "N", "N", "P3"),): (2, 3, 0, NEW),  # no level is skipped
                (WELL, (2, "T2", "T3", "P4")): (1, 3, 0, NEW),  # 2/2 lead down
                (WELL, (2, "N", "N", "N"), (3, "T2", "N", "P27")): (3, 3, 0, NEW),  # 1/3, coherent
            },
        ),
        (
            {"no_skipping": False, "coherent": False, "max_n": 4},
            {
                (WELL,): (5, 1, 0, NEW),  # nobody holds back; one is left
                ((1, "N", "N", "N", "N"),): (0, 0, 1, NEW),  # the end, with the one level tried
                ((1, "N", "N", "N", "P9"),): (1, 0, 0, NEW),  # the end, once the last is known
            },
        ),
        (
            {"most_pending": 0.5, "cohort_size": 4, "max_n": 8},
            {
                ((1, "N", "P9", "P9", "P9"),): (1, 0, 0, NEW),  # three of four: accrual waits
                ((1, "N", "N", "P9", "P9"),): (2, 4, 0, NEW),  # a half is not more than a half
                ((1, "N", "P9", "P9"),): (1, 1, 0, RUNNING),  # the cohort is completed first
                ((1, *["N"] * 4), (2, "T2", "P4", "P4", "P4")): (2, 0, 0, NEW),  # everybody is in
            },
        ),
        (
            {"most_pending": 0.1},
            {
                (WELL, (2, "T2", "T3", "P4")): (1, 3, 0, NEW),  # down without waiting
                (TWELVE, (2, "N", "N", "P20")): (2, 0, 0, NEW),
                (WELL, (3, "T20", "P9", "P9")): (3, 0, 0, NEW),  # level 3 is nearest: waits too
                ((1, "N", "N", "P20"), TWELVE): (2, 3, 0, NEW),  # one of fifteen
                ((1, "P1", "P1", "P1"), (2, "N", "N", "N")): (3, 3, 0, NEW),  # here nobody is
            },
        ),
        (
            {"stop_at": 3},
            {
                ((1, "T4", "T5", "P3"),): (1, 0, 0, NEW),
                ((1, "T4", "T5", "N"),): (0, 0, 1, NEW),
                (WELL,): (2, 3, 0, NEW),  # enough here, but the next go up
            },
        ),
    ],
)
def test_each_situation_gives_its_level(settings, trials):
    """Held back, waiting, stopped: all in one question."""
    assert answered(made(**settings), *trials) == list(trials.values())


def test_it_stops_for_safety_also_where_everybody_was_treated():
    """P(DLT rate of dose level 1 > 0.3) = 0.9704 for 3/3, as in the words of the meeting."""
    toxic = [(1, "T1", "T2", "T3")]

    stopped, also, over = (
        answered(made(safety_stop=limit, max_n=most), toxic, [WELL])
        for limit, most in ((0.97, 6), (0.97, 3), (0.971, 3))
    )

    assert stopped == [(0, 0, 0, NEW), (2, 3, 0, NEW)]
    assert also == [(0, 0, 0, NEW), (0, 0, 1, NEW)]
    assert over == [(0, 0, 1, NEW), (0, 0, 1, NEW)]


def test_before_the_first_cohort_everybody_starts_at_the_starting_level():
    """Beside a trial that has begun."""
    design = made(starting_level=2)

    assert answered(design, [], [(2, "N", "N", "N")]) == [(2, 3, 0, RUNNING), (3, 3, 0, NEW)]


@pytest.mark.parametrize("weights", ["linear", "adaptive"])
def test_follow_up_decides_between_two_levels(weights):
    """With more days behind those pending the level is kept; which day it is, the meeting says."""
    design = made(weights=weights, no_skipping=False, coherent=False)
    trials = [[WELL, (3, "T9", *[f"P{day}"] * 5)] for day in range(28)]

    levels = [level for level, *_ in answered(design, *trials)]

    assert levels == sorted(levels)
    assert len(set(levels)) > 1


def settled(apart, *trials, **settings):
    """Say which trials are settled, with two levels whose prior guesses lie around the target."""
    skeleton = (0.3 - apart, 0.3 + apart)
    design = made(levels=2, skeleton=skeleton, cohort_size=1, no_skipping=False, **settings)
    return design.answers_followed(known(*trials, levels=2))[1].tolist()


def test_levels_that_are_as_good_as_equally_near_are_left_to_the_meeting():
    """1e-11 apart no grid tells them from each other; 1e-3 apart each does."""
    assert settled(1e-11, [(1, "N")], [(1, "N"), (1, "T1")]) == [False, False]
    assert settled(1e-3, [(1, "N")], [(1, "N"), (1, "T1")]) == [True, True]


def test_a_finer_grid_settles_what_the_first_leaves_open():
    """3e-9 apart: the more participants, the more the estimates change with the grid.

    Of 3 and 6 panels by 4e-10, 5e-9 and 2e-6, of 6 and 12 in the last two by 3e-12 and 8e-10. Ten
    times that is below the distance, about 5e-9, by the first grid, by the second, and by none.
    """
    trials = (
        [(1, "T3", "P9", "P9")],
        [(1, "T3", "T3", "T3", "P9", "P9", "P9", "P9")],
        [(1, *["N"] * 6, "T1", "T1", "T1")],
    )

    assert settled(3e-9, *trials) == [True, True, False]


def test_what_no_estimate_can_change_is_settled():
    """A cohort is not complete, or everybody was treated; with a safety stop that may still end."""
    assert settled(1e-11, [], [(1, "N", "P3")], max_n=2) == [True, True]
    assert settled(1e-11, [], [(1, "N", "P3")], max_n=2, safety_stop=0.9) == [True, False]
