"""BOIN for two agents: decisions, exact numbers and MTD on a grid, and what is refused."""

import json
import math

import numpy as np
import pytest
from scipy.stats import beta

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import scenarios_for
from trialwright.escalation.exact import walk
from trialwright.terms.errors import Refusal


def made(**settings):
    """Make a design for two by three combinations."""
    return BoinCombinations(**{"rows": 2, "columns": 3, "target": 0.3, "max_n": 30, **settings})


def counts(*rows):
    """Give counts from rows of pairs, `None` where nobody was treated."""
    return [LevelCount(*(pair or (0, 0))) for row in rows for pair in row]


@pytest.mark.parametrize(
    ("rows", "at", "act", "to"),
    [
        ([[(3, 0), None, None], [None, None, None]], (1, 1), "escalate", (2, 1)),
        ([[(3, 0), (3, 1), None], [None, None, None]], (1, 1), "escalate", (1, 2)),
        ([[(3, 0), None, None], [(3, 3), None, None]], (1, 1), "escalate", (1, 2)),
        ([[(3, 0), (3, 3), None], [(3, 3), None, None]], (1, 1), "stay", (1, 1)),
        ([[(3, 1), None, None], [None, None, None]], (1, 1), "stay", (1, 1)),
        ([[(3, 2), None, None], [None, None, None]], (1, 1), "stay", (1, 1)),
        ([[(3, 0), (3, 0), None], [None, (3, 2), None]], (2, 2), "de-escalate", (1, 2)),
        ([[(3, 0), (3, 0), None], [(6, 2), (3, 2), None]], (2, 2), "de-escalate", (2, 1)),
        ([[(3, 0), (3, 0), (3, 0)], [None, None, (3, 0)]], (2, 3), "stay", (2, 3)),
        ([[(3, 3), None, None], [None, None, None]], (1, 1), "stop", None),
    ],
)
def test_each_situation_gives_its_combination(rows, at, act, to):
    """One agent at a time, never onto a closed combination, never off the grid."""
    design = made()

    decision = design.next_dose(counts(*rows), design.level(*at))

    assert decision.act == act
    assert (decision.level and design.combination(decision.level)) == to


def test_the_neighbour_is_the_likelier_to_be_near_the_target():
    """By the beta distribution of SciPy: 1/3 at one neighbour, nobody at the other."""
    low, high = made().boin.lambda_e, made().boin.lambda_d

    tried, untried = (
        np.diff(beta.cdf((low, high), y + 0.5, n - y + 0.5)) for n, y in ((3, 1), (0, 0))
    )

    assert tried > untried


def test_an_independent_prototype_reached_as_many_states():
    """28,382 on two by three, 47,402 on three by three, 30 participants, ties to the first."""
    small, large = (walk(made(rows=rows, favour_tried=False)) for rows in (2, 3))

    assert (small.states, large.states) == (28_382, 47_402)


def test_exact_numbers_are_those_of_all_paths():
    """Every sequence of cohort results, merging nothing, in a grid of two by two."""
    design, rates = made(columns=2, max_n=12), [0.1, 0.3, 0.25, 0.5]
    paths, ends = [(1.0, [LevelCount(0, 0)] * 4, 1)], {}
    while paths:
        chance, seen, at = paths.pop()
        decision = design.next_dose(seen, at)
        if decision.act == "stop":
            ends[decision.mtd or 0] = ends.get(decision.mtd or 0, 0) + chance
            continue
        place, rate = decision.level - 1, rates[decision.level - 1]
        for dlts in range(4):
            part = math.comb(3, dlts) * rate**dlts * (1 - rate) ** (3 - dlts)
            new = LevelCount(seen[place].evaluable + 3, seen[place].dlts + dlts)
            paths.append((chance * part, [*seen[:place], new, *seen[place + 1 :]], place + 1))

    found = walk(design).under(rates)

    assert [found.p_no_mtd, *found.p_select] == pytest.approx(
        [ends.get(each, 0) for each in range(5)]
    )


@pytest.mark.shared
def test_mtd_and_next_combination_are_those_of_the_r_package(shared):
    """`select.mtd.comb` with its isotonic estimates, and `next.comb`."""
    parsed = json.loads((shared / "reference/escalation/boin_comb.json").read_text())

    for case in parsed["select"]:
        n, y = np.array(case["n"], np.int16), np.array(case["y"], np.int16)
        design = made(rows=n.shape[0], columns=n.shape[1], max_n=60)
        level = int(design.mtds(n.reshape(1, -1), y.reshape(1, -1))[0])
        estimates = design.estimates(n.reshape(1, -1), y.reshape(1, -1))[0]
        assert list(design.combination(level)) in case["mtd"]
        assert estimates == pytest.approx(np.array(case["isotonic"]), abs=0.0051)
    for case in parsed["next_dose"]:
        rows = [list(zip(*pair, strict=True)) for pair in zip(case["n"], case["y"], strict=True)]
        design = made(rows=len(rows), columns=len(rows[0]), max_n=60)
        decision = design.next_dose(counts(*rows), design.level(*case["dose_now"]))
        assert list(design.combination(decision.level)) == case["next_dose"]


def test_no_mtd_when_all_are_too_toxic():
    """R `BOIN` ends with an error here."""
    decision = made().next_dose(counts([(3, 3), None, None], [None, None, None]), 1)

    assert (decision.act, decision.mtd, decision.rule) == ("stop", None, "lowest-closed")
    assert "no dose level is estimated to be tolerable" in decision.because


def test_cohorts_are_filled_and_those_pending_waited_for():
    """As everywhere."""
    grid = [[None, None, None], [None, None, None]]
    filling = made().next_dose(counts([(2, 0), None, None], grid[1]), 1)
    waiting = made().next_dose([LevelCount(2, 0, 1), *counts([None, None], grid[1])], 1)

    assert (filling.rule, filling.cohort_size) == ("incomplete-cohort", 1)
    assert (waiting.act, waiting.rule) == ("wait", "pending")


@pytest.mark.parametrize(
    ("settings", "where"),
    [({"rows": 0}, "rows"), ({"columns": 0}, "columns"), ({"target": 25}, "target")],
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """No grid, a percentage."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_questions_that_do_not_fit_are_refused():
    """A combination off the grid, too many participants, an MTD before the end."""
    grid = counts([(3, 0), None, None], [None, None, None])

    with pytest.raises(Refusal, match="at: dose level 7"):
        made().next_dose(grid, 7)
    with pytest.raises(Refusal, match="seen: 33 participants"):
        made().next_dose(counts([(33, 0), None, None], [None, None, None]), 1)
    with pytest.raises(Refusal, match="the escalation has not stopped"):
        made().select_mtd(grid)


def test_admissible_combinations_are_in_no_agent_above_the_advice():
    """0/3 at (1, 1) of 2 x 3 leads to (2, 1), number 4; (1, 2) and (1, 3) are above in the second.

    With 3/3 at (2, 1) that is closed with (2, 2) and (2, 3), and (1, 2) follows.
    """
    first = DoseEscalation(made()).decide("1NNN")
    second = DoseEscalation(made()).decide("1NNN 4TTT 1NNN")

    assert (first.level, first.admissible) == (4, (1, 4))
    assert (second.level, second.admissible) == (2, (1, 2))
    with pytest.raises(Refusal, match="1, 4"):
        first.overridden(2, "the second agent first", "committee")
    assert first.overridden(1, "more experience", "committee").level == 1


def test_standard_scenarios_of_a_grid_rise_in_both_agents():
    """Target odds 3/7 at the diagonal, doubled by each dose of either agent: 6/13 one above."""
    scenarios = {each.name: each.rates for each in scenarios_for(made(), 0.3)}

    assert list(scenarios) == [
        *(f"MTDs where both doses add up to {total}" for total in (2, 3, 4, 5)),
        "all safe",
        "all too toxic",
    ]
    assert scenarios["MTDs where both doses add up to 3"] == (
        *(0.176, 0.3, 0.462),
        *(0.3, 0.462, 0.632),
    )
