"""DLT rates of dose levels by what was seen, against SciPy's exact interval."""

import pytest
from scipy.stats import binomtest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.isotonic import PRIOR
from trialwright.escalation.level_rates import level_rates

SEEN = [LevelCount(3, 2), LevelCount(0, 0, 3), LevelCount(1, 0), LevelCount(6, 6, 1)]


def test_each_level_has_its_counts_and_its_exact_interval():
    """Clopper and Pearson's; 0 and 1 where nobody is evaluable."""
    found = level_rates(SEEN)

    assert [each.level for each in found] == [1, 2, 3, 4]
    assert [each.seen for each in found] == SEEN
    assert (found[1].low, found[1].high, found[1].estimate) == (0.0, 1.0, None)
    for each in (found[0], found[2], found[3]):
        interval = binomtest(each.seen.dlts, each.seen.evaluable).proportion_ci(method="exact")
        assert (each.low, each.high) == pytest.approx((interval.low, interval.high))


def test_estimates_rise_over_the_levels_that_were_tried():
    """2/3 at level 1 and 0/1 at level 3 are pooled, weighted by their variances; level 2 is none.

    Pooled by hand: (y + .05) / (n + .1), with weights of one over the variance of a beta.
    """
    rates, weights = [], []
    for count in (SEEN[0], SEEN[2]):
        toxic, well = count.dlts + PRIOR, count.evaluable - count.dlts + PRIOR
        total = toxic + well
        rates.append(toxic / total)
        weights.append(total * total * (total + 1) / (toxic * well))
    pooled = sum(r * w for r, w in zip(rates, weights, strict=True)) / sum(weights)

    first, _, third, last = level_rates(SEEN)

    assert (first.estimate, third.estimate) == pytest.approx((pooled, pooled))
    assert last.estimate == pytest.approx(6.05 / 6.1)
