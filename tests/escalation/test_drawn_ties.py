"""Ties of two agents as if they were drawn: half of the trials to each, exactly and simulated."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import beta

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.evaluating import Effort, Scenario, evaluate
from trialwright.escalation.exact import walk
from trialwright.escalation.observed import observed
from trialwright.escalation.simulating import simulate
from trialwright.terms.errors import Refusal

EMPTY = LevelCount(0, 0)
RATES = (0.1, 0.3, 0.25, 0.5)


def made(**settings):
    """Make a design for two by two combinations."""
    return BoinCombinations(**{"rows": 2, "columns": 2, "target": 0.3, "max_n": 12, **settings})


def transposed(values, rows, columns):
    """Give what stands by combination for the agents the other way round."""
    return np.reshape(values, (rows, columns)).T.ravel().tolist()


def ways(design, seen, at, decision):
    """Give where the next cohort may go: what the design says, and what is as good by the paper.

    Both neighbours of a step, weighed anew: the posterior probability between the limits of BOIN,
    and 0.0005 for each participant there.
    """
    row, column = design.combination(at)
    step = {"escalate": 1, "de-escalate": -1}.get(decision.act, 0)
    if not step:
        return [decision.level]
    limits = design.boin.lambda_e, design.boin.lambda_d
    weights = {}
    for first, second in ((row + step, column), (row, column + step)):
        if 1 <= first <= design.rows and 1 <= second <= design.columns:
            level = design.level(first, second)
            n, y = seen[level - 1].evaluable, seen[level - 1].dlts
            low, high = beta.cdf(limits, y + 0.5, n - y + 0.5)
            weights[level] = high - low + 0.0005 * n
    may = {level: each for level, each in weights.items() if level in design.open_levels(seen)}
    return [level for level, each in may.items() if each > max(may.values()) - 1e-12]


@pytest.mark.parametrize("target", [0.2, 0.3])
def test_all_sequences_with_all_draws_come_to_the_same(target):
    """Merging nothing, each draw followed by itself; MTDs and participants."""
    design = made(target=target)
    paths, ends, treated, draws = [(1.0, [EMPTY] * 4, 1, None)], np.zeros(5), np.zeros(4), 0
    while paths:
        chance, seen, at, to = paths.pop()
        decision = design.next_dose(seen, at)
        if to is None and decision.act != "stop":
            levels = ways(design, seen, at, decision) if any(e.treated for e in seen) else [1]
            draws += len(levels) > 1
            paths += [(chance / len(levels), seen, at, level) for level in levels]
            continue
        if to is None:
            ends[decision.mtd or 0] += chance
            treated += chance * np.array([each.evaluable for each in seen])
            continue
        rate, here = RATES[to - 1], seen[to - 1]
        for dlts in range(4):
            part = math.comb(3, dlts) * rate**dlts * (1 - rate) ** (3 - dlts)
            new = LevelCount(here.evaluable + 3, here.dlts + dlts)
            paths.append((chance * part, [*seen[: to - 1], new, *seen[to:]], to, None))

    found = walk(design, draws_ties=True).under(RATES)

    assert draws > 1
    assert [found.p_no_mtd, *found.p_select] == pytest.approx(ends, abs=1e-12)
    assert found.expected_n == pytest.approx(treated, abs=1e-12)
    assert found.total == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("tallies", "at", "other"),
    [
        # 0/3 goes up, to one of two at which nobody was, or at which the same was seen
        (((3, 0), (0, 0), (0, 0), (0, 0)), 1, 2),
        (((3, 0), (3, 1), (3, 1), (0, 0)), 1, 2),
        (((3, 0), (3, 1), (3, 0), (0, 0)), 1, 0),
        # one of them is closed, or both
        (((3, 0), (3, 3), (0, 0), (0, 0)), 1, 0),
        (((3, 0), (3, 3), (3, 3), (0, 0)), 1, 0),
        # one alone lies above
        (((3, 0), (3, 0), (0, 0), (0, 0)), 2, 0),
        # 2/3 goes down, and so does 3/3, which closes it
        (((3, 0), (3, 0), (3, 0), (3, 2)), 4, 3),
        (((3, 0), (3, 1), (3, 1), (3, 3)), 4, 3),
        (((3, 0), (3, 0), (3, 1), (3, 2)), 4, 0),
        (((3, 0), (3, 3), (3, 3), (3, 2)), 4, 0),
        # 1/3 stays, and nothing goes on where the lowest is closed
        (((3, 1), (0, 0), (0, 0), (0, 0)), 1, 0),
        (((3, 3), (3, 0), (3, 0), (3, 2)), 4, 0),
    ],
)
def test_two_combinations_are_equally_good(tallies, at, other):
    """The one that changes the second agent is named beside that which is taken."""
    evaluable, dlts = (np.array([each], np.int16) for each in zip(*tallies, strict=True))

    assert made().tied(evaluable, dlts, np.array([at])).tolist() == [other]


R_DRAWN = [
    (
        {"target": 0.2, "max_n": 24},
        (0.05, 0.10, 0.20, 0.40),
        (0.066, 0.43245, 0.34575, 0.14765),
    ),
    (
        {"columns": 3, "max_n": 30},
        (0.05, 0.15, 0.30, 0.15, 0.30, 0.50),
        (0.001, 0.0912, 0.20885, 0.11985, 0.46185, 0.1172),
    ),
]
"""Settings, and what the rules of R `BOIN` retold in R found with 20,000 trials of drawn ties:
share of each combination to be selected, by row."""


@pytest.mark.parametrize(("settings", "rates", "selected"), R_DRAWN)
def test_trials_of_r_with_drawn_ties_agree(settings, rates, selected):
    """Each within 4 standard errors; with ties to the first agent one is far off."""
    design = made(**settings)

    drawn, first = (
        np.array(walk(design, draws_ties=each).under(rates).p_select) for each in (True, False)
    )

    error = np.sqrt(drawn * (1 - drawn) / 20_000)
    assert (np.abs(drawn - selected) < 4 * error).all()
    assert (np.abs(first - selected) > 20 * error).any()


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (2, 3)])
def test_neither_agent_is_the_first(rows, columns):
    """The agents the other way round: every combination has the participants of its mirror."""
    rates = [0.05 + 0.1 * row + 0.12 * column for row in range(rows) for column in range(columns)]
    one, other = made(rows=rows, columns=columns), made(rows=columns, columns=rows)

    there = walk(one, draws_ties=True).under(rates)
    back = walk(other, draws_ties=True).under(transposed(rates, rows, columns))

    assert transposed(there.expected_n, rows, columns) == pytest.approx(back.expected_n, abs=1e-12)
    first = walk(one).under(rates), walk(other).under(transposed(rates, rows, columns))
    assert transposed(first[0].expected_n, rows, columns) != pytest.approx(
        first[1].expected_n, abs=0.1
    )


def test_a_running_trial_that_stands_at_a_tie_goes_half_to_each():
    """After 0/3 at the lowest: with equal rates the participants to come lie evenly."""
    seen, rates = [LevelCount(3, 0), EMPTY, EMPTY, EMPTY], (0.1, 0.3, 0.3, 0.5)

    found = walk(made(), seen, 1, draws_ties=True).under(rates)

    assert found.expected_n[1] == pytest.approx(found.expected_n[2], abs=1e-12)
    assert found.total == pytest.approx(1, abs=1e-12)
    random = np.random.default_rng(5)
    drawn = simulate(made(), rates, 20_000, random, seen, 1, draws_ties=True)
    assert drawn.weights @ drawn.evaluable == pytest.approx(found.expected_n, abs=0.06)


def test_weights_of_endings_are_whole_numbers_and_their_halves():
    """Divided by two for each draw; nothing is drawn unless it is asked for."""
    drawn, first = walk(made(), draws_ties=True), walk(made())

    kinds = {type(each.weight) for each in drawn.endings}
    assert kinds == {int, Fraction}
    assert {type(each.weight) for each in first.endings} == {int}
    for walked in (drawn, first):
        halves = [
            Fraction(each.weight, 2 ** sum(count.evaluable for count in each.seen))
            for each in walked.endings
        ]
        assert sum(halves) == 1
    assert (drawn.draws_ties, first.draws_ties) == (True, False)
    assert len(drawn.reached) > len(first.reached)


def test_simulated_trials_draw_each_by_itself():
    """As the exact numbers say, and by the same seed the same."""
    exact = walk(made(), draws_ties=True).under(RATES)

    one, again = (
        simulate(made(), RATES, 40_000, np.random.default_rng(3), draws_ties=True) for _ in "12"
    )

    shares = np.bincount(one.mtds, one.weights, 5)
    expected = np.array([exact.p_no_mtd, *exact.p_select])
    error = np.sqrt(expected * (1 - expected) / 40_000)
    assert (np.abs(shares - expected) < 4 * error).all()
    assert one.weights.sum() == pytest.approx(1, abs=1e-12)
    assert (one.weights == again.weights).all()


@pytest.mark.parametrize("method", ["exact", "monte-carlo"])
def test_numbers_with_drawn_ties_say_so(method):
    """They are those of another rule than the one that decides."""
    scenarios, seeded = [Scenario("a", RATES)], lambda: np.random.default_rng(1)

    (drawn,) = evaluate(made(), scenarios, None, seeded, Effort(method, draws_ties=True))
    (first,) = evaluate(made(), scenarios, None, seeded, Effort(method))

    says = (
        "of two combinations that are equally good one is drawn, where the design takes the first"
    )
    assert drawn.because.endswith(says)
    assert says not in first.because
    assert drawn.p_select != first.p_select


def test_from_data_the_ties_that_follow_are_drawn():
    """The outlook of a running trial."""
    scenarios, data = [Scenario("a", RATES)], observed("1NNN", 4, 1)

    (found,) = evaluate(made(), scenarios, None, None, Effort("exact", draws_ties=True), data)

    expected = walk(made(), data.seen, 1, draws_ties=True).under(RATES)
    assert [each.value for each in found.p_select] == pytest.approx(expected.p_select)


@pytest.mark.parametrize("method", ["exact", "monte-carlo"])
def test_a_design_without_ties_is_refused(method):
    """On a ladder no two levels are equally good."""
    design, scenarios = Boin(levels=4, target=0.3, max_n=12), [Scenario("a", RATES)]
    effort = Effort(method, draws_ties=True)

    with pytest.raises(Refusal) as refused:
        evaluate(design, scenarios, None, lambda: np.random.default_rng(1), effort)

    (fault,) = refused.value.faults
    assert (fault.where, fault.found) == ("ties", "drawn, of BOIN 0.3")
    assert fault.allowed == "drawn of BOIN for two agents alone"
