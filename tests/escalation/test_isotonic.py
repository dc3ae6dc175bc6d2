"""Isotonic regression and its ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.escalation.isotonic import (
    isotonic_estimates,
    likelihood_boundary,
    nearest_to_target,
)


def pooled(rates, weights):
    """Pool adjacent violators, one pair at a time."""
    blocks = [[rate * weight, weight, 1] for rate, weight in zip(rates, weights, strict=True)]
    place = 0
    while place < len(blocks) - 1:
        left, right = blocks[place], blocks[place + 1]
        if left[0] / left[1] > right[0] / right[1]:
            blocks[place : place + 2] = [[a + b for a, b in zip(left, right, strict=True)]]
            place = max(0, place - 1)
        else:
            place += 1
    return [total / weight for total, weight, size in blocks for _ in range(size)]


@given(
    tallies=st.lists(
        st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
        min_size=1,
        max_size=8,
    )
)
def test_min_max_is_pool_adjacent_violators(tallies):
    """Two algorithms, one answer."""
    evaluable, dlts = (np.array([column]) for column in zip(*tallies, strict=True))
    total, toxic = evaluable[0] + 0.1, dlts[0] + 0.05
    weights = total**2 * (total + 1) / (toxic * (total - toxic))

    found = isotonic_estimates(evaluable, dlts, evaluable > 0)

    assert found[0] == pytest.approx(pooled(toxic / total, weights), abs=1e-12)
    assert (np.diff(found[0]) >= 0).all()


def test_levels_that_are_not_admissible_are_not_estimated():
    """They neither get an estimate nor pull at the others."""
    found = isotonic_estimates([[3, 3, 6]], [[0, 3, 1]], [[True, False, True]])

    assert np.isnan(found[0, 1])
    assert found[0, [0, 2]] == pytest.approx([0.05 / 3.1, 1.05 / 6.1])


@pytest.mark.parametrize(
    ("estimates", "below", "mtd"),
    [
        ([0.2, 0.2, 0.2], np.inf, 3),  # one estimate below the target: the highest
        ([0.4, 0.4, 0.4], np.inf, 1),  # one above it: the lowest
        ([0.2, 0.4, 0.5], np.inf, 1),  # equally far: the lower
        ([0.1, 0.35, np.nan], np.inf, 2),
        ([0.1, 0.37, np.nan], 0.36, 1),  # bounded
        ([0.37, 0.4, np.nan], 0.36, 0),  # none below the bound
        ([np.nan, np.nan, np.nan], np.inf, 0),
    ],
)
def test_ties_are_broken_without_chance(estimates, below, mtd):
    """For a target of .30."""
    assert nearest_to_target(np.array([estimates]), 0.3, below).tolist() == [mtd]


def test_the_boundary_makes_both_rates_equally_likely():
    """At y/n = boundary the likelihoods of the two rates are equal."""
    boundary = likelihood_boundary(0.18, 0.3)

    for_low, for_high = (rate**boundary * (1 - rate) ** (1 - boundary) for rate in (0.18, 0.3))

    assert for_low == pytest.approx(for_high, abs=1e-15)


def test_two_levels_out_of_order_are_pooled_by_their_precision():
    """2/3 and 1/6: 2.05/3.1 and 1.05/6.1, weighed by n^2 (n + 1) / (y (n - y)) with the prior."""
    first, second = 3.1**2 * 4.1 / (2.05 * 1.05), 6.1**2 * 7.1 / (1.05 * 5.05)
    common = (first * 2.05 / 3.1 + second * 1.05 / 6.1) / (first + second)

    found = isotonic_estimates([[3, 6], [3, 6]], [[2, 1], [0, 2]], [[True, True], [True, True]])

    assert found[0] == pytest.approx([common, common], abs=1e-12)
    assert found[1] == pytest.approx([0.05 / 3.1, 2.05 / 6.1], abs=1e-12)


def test_many_trials_are_selected_from_at_once():
    """Each by itself, ties included."""
    estimates = np.array([[0.2, 0.2, 0.2], [0.4, 0.4, 0.4], [0.1, 0.29, 0.5], [0.4, 0.5, np.nan]])

    assert nearest_to_target(estimates, 0.3).tolist() == [3, 1, 2, 1]
    assert nearest_to_target(estimates, 0.3, 0.3).tolist() == [3, 0, 2, 0]
