"""Scenarios drawn at random: rising, with every level as the MTD."""

from collections import Counter

import numpy as np
import pytest

from trialwright.escalation.random_scenarios import random_scenarios
from trialwright.terms.errors import Refusal


def drawn(number=2_000, levels=5, target=0.25, seed=1):
    """Draw scenarios."""
    return random_scenarios(levels, target, number, np.random.default_rng(seed))


def test_rates_rise_and_are_probabilities():
    """As true DLT rates of a ladder do."""
    for each in drawn():
        assert list(each.rates) == sorted(each.rates)
        assert all(0 <= rate <= 1 for rate in each.rates)


def test_each_level_is_the_mtd_equally_often():
    """400 of 2,000 each, within five standard deviations of a count."""
    nearest = Counter(
        min(range(5), key=lambda level: abs(each.rates[level] - 0.25)) for each in drawn()
    )
    assert all(abs(nearest[level] - 400) < 5 * np.sqrt(2_000 * 0.2 * 0.8) for level in range(5))


def test_the_same_seed_gives_the_same_scenarios():
    """And another seed others."""
    assert drawn(50) == drawn(50)
    assert drawn(50) != drawn(50, seed=2)
    assert len({each.name for each in drawn(50)}) == 50


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"target": 25}, "target"),
        ({"number": 0}, "number"),
        ({"number": 1.5}, "number"),
        ({"levels": 0}, "levels"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked, where):
    """Naming it."""
    with pytest.raises(Refusal) as refused:
        drawn(**asked)
    assert [fault.where for fault in refused.value.faults] == [where]
