"""What BLRM decides for many states at once, when a decision is settled, and refused settings."""

import math
from functools import cache

import numpy as np
import pytest

from trialwright.escalation import blrm_rule
from trialwright.escalation.blrm_grid import FINEST, Chances
from trialwright.escalation.blrm_rule import BlrmRule
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.blrm import Blrm
from trialwright.terms.errors import Refusal

SETTINGS = {
    "levels": 3,
    "doses": (25.0, 50.0, 75.0),
    "reference_dose": 50.0,
    "prior_mean": (-0.85, 1.0),
    "prior_sd": (1.0, 1.0),
    "prior_correlation": -0.5,
    "target_low": 0.2,
    "target_high": 0.35,
    "max_n": 18,
}


def made(**settings):
    """Make the rule for three levels."""
    return BlrmRule(**{**SETTINGS, **settings})


def arrays(*tallies):
    """Give participants and DLTs of states, each a tuple of pairs by dose level."""
    whole = np.array(tallies, dtype=np.int16)
    return whole[:, :, 0], whole[:, :, 1]


@cache
def by_other_quadrature(model, tallies):
    """Give the probabilities of the target interval and above it, by level."""
    evaluable, dlts = (each[0] for each in arrays(tallies))
    intervals = model.posterior(evaluable, dlts).intervals
    return intervals[:, 1], intervals[:, 2]


NONE_OF_THREE = ((3, 0), (0, 0), (0, 0))
TWO_OF_SIX = ((3, 0), (6, 2), (0, 0))
ALL_OF_THREE = ((3, 3), (0, 0), (0, 0))


@pytest.mark.parametrize("tallies", [NONE_OF_THREE, TWO_OF_SIX, ALL_OF_THREE])
@pytest.mark.parametrize(
    "candidates", [(True, True, True), (True, True, False), (True, False, False)]
)
@pytest.mark.parametrize("ewoc", [0.1, 0.25, 0.4, 0.95])
@pytest.mark.parametrize("stop", [None, 0.4])
@pytest.mark.parametrize("choose", ["target-probability", "highest"])
def test_level_and_gap_are_those_of_the_other_quadrature(tallies, candidates, ewoc, stop, choose):
    """The distance to `ewoc`, to the next best of the open levels and to where it would stop."""
    rule = made(ewoc=ewoc, stop_probability=stop, choose=choose)
    target, over = by_other_quadrature(rule.model, tallies)
    is_open = [each for each in range(3) if candidates[each] and over[each] <= ewoc]
    gaps = [abs(over[each] - ewoc) for each in range(3) if candidates[each]]
    if choose == "highest":
        level = max(is_open, default=-1) + 1
    else:
        level = max(is_open, key=lambda each: target[each], default=-1) + 1
        best = sorted((target[each] for each in is_open), reverse=True)
        gaps += [best[0] - best[1]] if len(best) > 1 else []
    gaps += [abs(target[each] - stop) for each in range(3) if candidates[each] and stop]

    found = rule.weighed(*arrays(tallies), np.array([candidates]), within=1e-9)

    assert found.level.tolist() == [level]
    assert found.found.target[0] == pytest.approx(target, abs=1e-7)
    assert found.found.over[0] == pytest.approx(over, abs=1e-7)
    assert found.gap.tolist() == pytest.approx([min(gaps)], abs=1e-7)


def test_a_ladder_of_one_level_has_one_limit():
    """There is nothing to choose."""
    rule = made(levels=1, doses=(50.0,))
    _, over = by_other_quadrature(rule.model, ((6, 1),))

    found = rule.weighed(*arrays(((6, 1),)), np.array([[True]]), within=1e-9)

    assert found.level.tolist() == [int(over[0] <= 0.25)]
    assert found.gap.tolist() == pytest.approx([abs(over[0] - 0.25)], abs=1e-7)


def test_states_with_the_same_counts_are_weighed_once_and_decided_each():
    """Their candidates differ; the gap is the least of both, and each state keeps its place."""
    rule = made(ewoc=0.4)
    rows = [TWO_OF_SIX, NONE_OF_THREE, ALL_OF_THREE, NONE_OF_THREE]
    candidates = np.array([[True] * 3, [True] * 3, [True] * 3, [True, False, False]])

    together = rule.weighed(*arrays(*rows), candidates, within=1e-9)
    alone = [
        rule.weighed(*arrays(row), candidates[place : place + 1], within=1e-9)
        for place, row in enumerate(rows)
    ]

    assert together.level.tolist() == [int(each.level[0]) for each in alone] == [2, 2, 0, 1]
    for name in ("target", "over"):
        expected = [getattr(each.found, name)[0] for each in alone]
        assert getattr(together.found, name) == pytest.approx(np.array(expected), abs=1e-9)
    gaps = [float(each.gap[0]) for each in alone]
    least = min(gaps[1], gaps[3])
    assert gaps[1] != pytest.approx(gaps[3])
    assert together.gap == pytest.approx([gaps[0], least, gaps[2], least], abs=1e-9)


class Grids:
    """Probabilities of ever finer grids, and which states they were asked for."""

    def __init__(self, over, target):
        self.over, self.target, self.asked = over, target, []

    def __call__(self, model, evaluable, dlts, fineness):
        """Give the probabilities of each state, known by its participants at level 1."""
        states = evaluable[:, 0].tolist()
        self.asked.append((fineness, states))
        return Chances(
            np.array([self.target[each][fineness] for each in states]),
            np.array([self.over[each][fineness] for each in states]),
        )


def two_levels(**settings):
    """Make a rule for two levels that closes above one half."""
    return made(levels=2, doses=(25.0, 50.0), ewoc=0.5, **settings)


def weigh(monkeypatch, grids, rule, within=math.inf):
    """Weigh one state for each known to the grids, with both levels to choose from."""
    monkeypatch.setattr(blrm_rule, "chances", grids)
    states = sorted(grids.over)
    rows = [((each, 0), (0, 0)) for each in states]
    return rule.weighed(*arrays(*rows), np.ones((len(states), 2), bool), within)


def test_a_state_is_settled_once_its_gap_is_ten_times_the_change(monkeypatch):
    """Each by its own change of either level, whatever the others do."""
    over = {
        1: [[0.56, 0.9], [0.5599, 0.9], None],  # 0.0001 is little to a gap of 0.06
        2: [[0.55, 0.9], [0.54, 0.9], [0.54, 0.897]],  # 0.01 is much to one of 0.04, 0.003 not
        3: [[0.64, 0.9], [0.65, 0.9], None],  # 0.01 is little to one of 0.15
        4: [[0.58, 0.9], [0.59, 0.9], [0.59, 0.9]],  # and too much to one of 0.09
    }
    grids = Grids(over, dict.fromkeys(over, [[0.2, 0.1]] * 3))

    found = weigh(monkeypatch, grids, two_levels())

    assert grids.asked == [(0, [1, 2, 3, 4]), (1, [1, 2, 3, 4]), (2, [2, 4])]
    assert found.found.over.tolist() == [over[1][1], over[2][2], over[3][1], over[4][2]]


@pytest.mark.parametrize("moves", ["over", "target"])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("level", [0, 1])
def test_a_change_of_any_probability_of_any_level_counts(monkeypatch, moves, sign, level):
    """The levels are apart by 0.1; a change of 0.02 does not settle, no change does."""
    first, second = [0.3, 0.3], [0.3, 0.3]
    second[level] += sign * 0.02
    steady = [0.4, 0.3]
    grids = Grids({1: [first, second, second]}, {1: [steady] * 3})
    if moves == "target":
        other = [0.4, 0.3]
        other[level] += sign * 0.02
        grids = Grids({1: [[0.3, 0.3]] * 3}, {1: [steady, other, other]})

    weigh(monkeypatch, grids, two_levels())

    assert [fineness for fineness, _ in grids.asked] == [0, 1, 2]


def test_rounding_settles_a_state_at_its_limit(monkeypatch):
    """A probability that is the limit itself has no gap, and a change of 1e-14 is none."""
    grids = Grids({1: [[0.5, 0.9], [0.5, 0.9 + 1e-14]]}, {1: [[0.2, 0.1]] * 2})

    found = weigh(monkeypatch, grids, two_levels())

    assert [fineness for fineness, _ in grids.asked] == [0, 1]
    assert (found.level.tolist(), found.gap.tolist()) == ([1], [0.0])


def test_equal_probabilities_of_the_target_leave_the_lower_level(monkeypatch):
    """Of two open levels that are equal."""
    grids = Grids({1: [[0.1, 0.2]] * 2}, {1: [[0.3, 0.3]] * 2})

    assert weigh(monkeypatch, grids, two_levels()).level.tolist() == [1]


def test_what_is_shown_is_refined_until_it_is_exact_enough(monkeypatch):
    """The decision is settled at once, the numbers once they move by no more than is asked for."""
    over = {1: [[0.25 + 2.0**-step, 0.0] for step in (6, 7, 8, 9)]}  # moves by 2^-7, 2^-8, 2^-9
    for within, finest in ((math.inf, 1), (2.0**-7, 1), (2.0**-8, 2), (0.002, 3)):
        grids = Grids(over, {1: [[0.2, 0.4]] * 4})

        found = weigh(monkeypatch, grids, two_levels(), within)

        assert grids.asked[-1] == (finest, [1])
        assert found.found.over.tolist() == [over[1][finest]]


@pytest.mark.parametrize("wrong", [math.nan, None])
def test_a_posterior_that_never_settles_is_refused(monkeypatch, wrong):
    """Where it is no number, or goes to and fro around the limit to the finest grid."""
    numbers = [0.4 + 0.2 * (fineness % 2) if wrong is None else wrong for fineness in range(9)]
    grids = Grids({1: [[each, 0.9] for each in numbers]}, {1: [[0.2, 0.1]] * 9})

    with pytest.raises(Refusal) as refusal:
        weigh(monkeypatch, grids, two_levels())

    assert [fineness for fineness, _ in grids.asked] == list(range(FINEST + 1))
    assert str(refusal.value) == (
        "BLRM 0.2-0.35 EWOC 0.5: a posterior that quadrature does not settle. "
        f"Allowed: convergence with the grid of fineness {FINEST}. "
        "Take a prior with less variance, or fewer participants."
    )


def test_it_stops_once_it_would_stay_and_has_seen_enough(monkeypatch):
    """Six at the level, of the probability that is asked for or more; or nine, of any."""
    target = {3: 0.6, 6: 0.5, 7: 0.49, 8: 0.6, 9: 0.3}
    grids = Grids(
        {each: [[0.1, 0.9]] * 2 for each in target},
        {each: [[likely, 0.1]] * 2 for each, likely in target.items()},
    )
    monkeypatch.setattr(blrm_rule, "chances", grids)
    rule = two_levels(stop_at=9, stop_probability=0.5, stop_from=6)
    rows = arrays(*[((each, 0), (0, 0)) for each in target])

    level, size = rule.moves(*rows, np.ones(5, int), np.zeros((5, 2), int))

    assert dict(zip(target, level.tolist(), strict=True)) == {3: 1, 6: 0, 7: 1, 8: 0, 9: 0}
    assert size.tolist() == [3, 0, 3, 0, 0]


@pytest.mark.parametrize(
    ("stop_at", "stop_probability", "act"),
    [(6, 0.99, "stop"), (6, None, "stop"), (9, 0.3, "stop"), (9, 0.99, "stay")],
)
def test_either_end_at_a_level_is_enough(stop_at, stop_probability, act):
    """2/6 at the lowest level: the number alone, the probability alone, neither."""
    settings = {**SETTINGS, "ewoc": 0.4, "stop_at": stop_at, "stop_probability": stop_probability}
    seen = [LevelCount(6, 2), LevelCount(0, 0), LevelCount(0, 0)]

    assert Blrm(**settings).next_dose(seen, 1).act == act


def test_where_it_would_stop_is_a_limit_of_each_state_by_itself():
    """The gaps of states that are asked for together are those of each alone."""
    rule, rows = made(ewoc=0.95, stop_probability=0.4), (TWO_OF_SIX, NONE_OF_THREE, ALL_OF_THREE)

    together = rule.weighed(*arrays(*rows), np.ones((3, 3), bool), within=1e-9).gap
    alone = [rule.weighed(*arrays(row), np.ones((1, 3), bool), within=1e-9).gap[0] for row in rows]

    assert together == pytest.approx(alone, abs=1e-9)
    assert len({round(float(each), 6) for each in alone}) == 3


ENDS = [
    {},
    {"ewoc": 0.4},
    {"ewoc": 0.9, "choose": "highest"},
    {"ewoc": 0.9, "choose": "highest", "no_skipping": False},
    {"ewoc": 0.4, "stop_at": 6},
    {"ewoc": 0.6, "stop_probability": 0.3},
    {"ewoc": 0.6, "stop_probability": 0.3, "stop_from": 3},
    {"ewoc": 0.4, "max_n": 10, "cohort_size": 4},
]


@pytest.mark.parametrize("settings", ENDS, ids=str)
def test_many_states_are_decided_as_at_the_dose_meeting(settings):
    """Level and participants of the next cohort, at each level of the last."""
    design = Blrm(**{**SETTINGS, "max_n": 12, **settings})
    size = design.cohort_size
    tallies = [
        ((size * first, min(size * first, dlts)), (size * second, min(size * second, more)), (0, 0))
        for first in range(3)
        for second in range(3)
        for dlts in range(4)
        for more in range(4)
        if 0 < size * (first + second) <= design.max_n
    ]
    rows = [(row, at) for row in tallies for at in (1, 2) if row[at - 1][0]]
    at = np.array([level for _, level in rows])

    level, cohort = design.moves(*arrays(*(row for row, _ in rows)), at, np.zeros((len(at), 2)))

    meetings = [design.next_dose([LevelCount(*each) for each in row], last) for row, last in rows]
    assert level.tolist() == [each.level or 0 for each in meetings]
    assert cohort.tolist() == [each.cohort_size for each in meetings]


def test_the_mtd_of_many_ends_is_a_level_tried_unless_all_may_be_it():
    """None of three at level 1: level 2 is open and nearer to the target, and nobody was there."""
    one_above = ((3, 0), (1, 0), (0, 0))
    ends = arrays(NONE_OF_THREE, one_above, TWO_OF_SIX, ALL_OF_THREE)

    assert made(ewoc=0.4).mtds(*ends).tolist() == [1, 2, 2, 0]
    assert made(ewoc=0.4, mtd_tried=False).mtds(*ends).tolist() == [2, 2, 2, 0]


def test_levels_that_may_follow_are_at_most_one_above_the_last():
    """With skipping all may."""
    at = np.array([1, 2, 3])
    one_above = [[True, True, False], [True] * 3, [True] * 3]

    assert made().candidates(at).tolist() == one_above
    assert made(no_skipping=False).candidates(at).tolist() == [[True] * 3] * 3


def test_a_level_is_open_up_to_the_limit_itself():
    """At most `ewoc`."""
    assert made(ewoc=0.25).is_open(np.array([0.24, 0.25, 0.26])).tolist() == [True, True, False]


NO_COUNT = "Allowed: a whole number from 1. Count participants."
NO_PROBABILITY = "Allowed: a probability above 0 and below 1. Write 25 % as 0.25."
RISING = "List them from the lowest to the highest."


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"cohort_size": 0}, [f"cohort_size: 0. {NO_COUNT}"]),
        ({"stop_at": 0}, [f"stop_at: 0. {NO_COUNT}"]),
        ({"max_n": 0}, [f"max_n: 0. {NO_COUNT}"]),
        ({"stop_from": 0}, [f"stop_from: 0. {NO_COUNT}"]),
        (
            {"starting_level": 4},
            ["starting_level: dose level 4. Allowed: 1-3. Start at a level of the ladder."],
        ),
        ({"ewoc": 1.0}, [f"ewoc: 1.0. {NO_PROBABILITY}"]),
        ({"stop_probability": 1.2}, [f"stop_probability: 1.2. {NO_PROBABILITY}"]),
        (
            {"target_low": 0.0, "target_high": 1.0},
            [f"target_low: 0.0. {NO_PROBABILITY}", f"target_high: 1.0. {NO_PROBABILITY}"],
        ),
        (
            {"target_low": 0.4},
            [f"target_high: 0.35. Allowed: a number above 0.4 and below 1. {RISING}"],
        ),
        (
            {"doses": (25.0, 50.0)},
            [
                "doses: 2 doses for 3 dose levels. Allowed: 3 doses. "
                "Give one dose for each dose level."
            ],
        ),
        ({"doses": (25.0, 50.0, 50.0)}, [f"doses.2: 50.0. Allowed: a number above 50. {RISING}"]),
        (
            {"reference_dose": 0.0},
            [f"reference_dose: 0.0. Allowed: a number above 0. {RISING}"],
        ),
        (
            {"choose": "lowest"},
            ["choose: 'lowest'. Allowed: target-probability, highest. Choose one of them."],
        ),
        (
            {"prior_mean": (1.0,)},
            [
                "prior_mean: (1.0,). Allowed: two numbers. "
                "Give one for the intercept and one for the logarithm of the slope."
            ],
        ),
        (
            {"prior_sd": (1.0, math.inf)},
            [
                "prior_sd: (1.0, inf). Allowed: two numbers. "
                "Give one for the intercept and one for the logarithm of the slope."
            ],
        ),
        (
            {"prior_sd": (1.0, 0.0)},
            ["prior_sd: (1.0, 0.0). Allowed: numbers above 0. Give standard deviations."],
        ),
        (
            {"prior_correlation": -1.0},
            [
                "prior_correlation: -1.0. Allowed: a number above -1 and below 1. "
                "Give a correlation."
            ],
        ),
        (
            {"prior_correlation": 1.0},
            ["prior_correlation: 1.0. Allowed: a number above -1 and below 1. Give a correlation."],
        ),
        # what the model would say of doses waits for a prior and an interval that can be
        ({"ewoc": 25, "doses": (25.0, 50.0, 50.0)}, ["ewoc", "doses.2"]),
        ({"target_low": 0.0, "doses": (25.0, 50.0, 50.0)}, ["target_low"]),
        ({"prior_sd": (0.0, 1.0), "doses": (25.0, 50.0, 50.0)}, ["prior_sd"]),
        (
            {"max_n": 0, "ewoc": 2.0, "prior_mean": (1.0,), "prior_sd": (-1.0, 1.0)},
            ["max_n", "ewoc", "prior_mean", "prior_sd"],
        ),
    ],
)
def test_each_setting_that_is_none_is_told_in_full(settings, told):
    """Place, what was found, what is allowed and what to do, of all at once."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    found = [str(each) for each in refusal.value.faults]
    assert len(found) == len(told)
    for each, expected in zip(found, told, strict=True):
        assert each == expected if ". " in expected else each.startswith(f"{expected}: ")


def test_settings_at_their_bounds_are_taken():
    """A correlation just below 1, one level, no stop."""
    for settings in ({"prior_correlation": 0.999}, {"prior_correlation": -0.999}):
        assert made(**settings).levels == 3
