"""Variant allele fractions from reads: how they changed."""

import math

import numpy as np
import pytest
from scipy.stats import beta

from trialwright.predictors.reads import Reads, fraction_change
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((0, 1000), (40, 1000), None),
    ],
)
def test_limits_of_a_difference_are_newcombes(first, second, said):
    """The first less the second: Wilson's limits solve a quadratic, and are put together."""

    def wilson(having, total):
        """Solve (share - p) ** 2 = z ** 2 p (1 - p) / total."""
        share, z2 = having / total, 1.959963984540054**2 / total
        return sorted(np.roots([1 + z2, -(2 * share + z2), share**2]).real)

    one, two = first[0] / first[1], second[0] / second[1]
    (low_one, high_one), (low_two, high_two) = wilson(*first), wilson(*second)
    lower = one - two - math.hypot(one - low_one, high_two - two)
    upper = one - two + math.hypot(high_one - one, two - low_two)

    found = fraction_change(Reads(*second, 0.001), Reads(*first, 0.001))

    assert found.difference_lower == pytest.approx(lower, abs=1e-9)
    assert found.difference_upper == pytest.approx(upper, abs=1e-9)
    assert said in (None, (round(lower, 4), round(upper, 4)))


def test_a_ratio_of_rare_fractions_is_conditional_on_all_variant_reads():
    """5 of 2,000 after 40 of 1,000: 5 of 45, by Clopper and Pearson, turned into a ratio."""
    found = fraction_change(Reads(40, 1000, 0.001), Reads(5, 2000, 0.001))

    low, high = beta.ppf(0.025, 5, 41), beta.ppf(0.975, 6, 40)
    assert found.ratio == pytest.approx(5 / 2000 / (40 / 1000))
    assert found.ratio_lower == pytest.approx(low / (1 - low) / 2, rel=1e-9)
    assert found.ratio_upper == pytest.approx(high / (1 - high) / 2, rel=1e-9)
    assert found.state == "down"


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ((40, 1000, 0.001), (5, 2000, 0.001), "down"),
        ((5, 2000, 0.001), (40, 1000, 0.001), "up"),
        ((40, 1000, 0.001), (38, 1000, 0.001), "persistent"),
        ((40, 1000, 0.001), (0, 1000, 0.001), "lost"),
        ((0, 1000, 0.001), (40, 1000, 0.001), "emergent"),
        ((0, 1000, 0.001), (0, 1000, 0.001), "absent"),
        ((40, 1000, 0.001), (0, 1000, 0.05), "undetermined"),  # its limit is above 4 %
        ((40, 1000, 0.001), (0, 73, 0.001), "undetermined"),  # 0.96 ** 73 is 0.051
        ((40, 1000, 0.001), (0, 74, 0.001), "lost"),  # 0.96 ** 74 is 0.049
        ((0, 1000, 0.05), (40, 1000, 0.001), "undetermined"),
        ((40, 1000, 0.001), (0, 0, 0.001), "undetermined"),
        ((0, 0, 0.001), (40, 1000, 0.001), "undetermined"),
        ((1, 2000, 0.001), (0, 2000, 0.001), "absent"),  # a read below the limit is no call
        ((2, 2000, 0.001), (0, 9000, 0.001), "lost"),  # at the limit it is
    ],
)
def test_each_pair_of_specimens_has_its_state(before, after, state):
    """A variant is lost or emergent only where the silent specimen would have shown it."""
    found = fraction_change(Reads(*before), Reads(*after))

    assert found.state == state
    assert found.because.startswith(state)


def test_what_was_never_read_has_no_number():
    """No fraction, no limits and no p-value; the place is named."""
    found = fraction_change(Reads(4, 100, 0.001), Reads(0, 0, 0.001))

    assert (found.before, found.after, found.difference, found.ratio, found.p) == (
        0.04, None, None, None, None,
    )  # fmt: skip
    assert "nothing was read after" in found.because


def test_a_ratio_over_nothing_is_infinite():
    """From 0 of 1,000 to 40 of 1,000: no upper limit; from nothing to nothing: no ratio."""
    gained = fraction_change(Reads(0, 1000, 0.001), Reads(40, 1000, 0.001))
    silent = fraction_change(Reads(0, 1000, 0.001), Reads(0, 1000, 0.001))

    assert (gained.ratio, gained.ratio_upper) == (math.inf, math.inf)
    assert gained.ratio_lower == pytest.approx(0.025 ** (1 / 40) / (1 - 0.025 ** (1 / 40)))
    assert math.isnan(silent.ratio)
    assert (silent.ratio_lower, silent.ratio_upper) == (0, math.inf)


@pytest.mark.parametrize(
    "given",
    [
        lambda: Reads(3, 2, 0.001),
        lambda: Reads(-1, 2, 0.001),
        lambda: Reads(1, 2, 5),
    ],
)
def test_what_no_assay_gives_is_refused(given):
    """More variant reads than reads, a limit in percent."""
    with pytest.raises(Refusal):
        given()
