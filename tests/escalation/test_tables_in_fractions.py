"""Tables of interval designs worked out a second time, in exact fractions.

The posterior Beta(1 + y, 1 + n - y) lies below x with the probability of more than y successes in
n + 1 trials with rate x, so every mass is a fraction and no tie is lost to rounding.
"""

import math
from fractions import Fraction
from itertools import pairwise

import pytest

from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2

MOST = 18
REACH = Fraction(1, 20)


def below(rate, n, y):
    """Give the posterior probability that the DLT rate is below a rate."""
    return sum(
        math.comb(n + 1, k) * rate**k * (1 - rate) ** (n + 1 - k) for k in range(y + 1, n + 2)
    )


def heaviest(limits, n, y):
    """Give the interval with the greatest mass for its width, the higher of two that are equal."""
    masses = [
        ((below(high, n, y) - below(low, n, y)) / (high - low), low)
        for low, high in pairwise(limits)
    ]
    return max(masses)[1]


def closes(target, n, y, least):
    """Say whether a tally closes a level: P(DLT rate > target) > .95."""
    return n >= least and 1 - below(target, n, y) > Fraction(95, 100)


def by_masses(limits, target, n, y):
    """Give the letter of a design that compares masses."""
    start = heaviest(limits, n, y)
    if closes(target, n, y, 1):
        return "U"
    return "E" if start < target - REACH else "D" if start > target - REACH else "S"


def keys(target):
    """Repeat the interval around the target to both sides."""
    width, limits = 2 * REACH, {Fraction(0), Fraction(1)}
    for step in range(-20, 21):
        limits.add(min(max(target - REACH + step * width, Fraction(0)), Fraction(1)))
    return sorted(limits)


@pytest.mark.parametrize(
    "target", [Fraction(1, 5), Fraction(1, 4), Fraction(3, 10), Fraction(7, 20)]
)
def test_masses_in_fractions(target):
    """Three intervals for mTPI, intervals of one width for mTPI-2 and keyboard."""
    settings = {"levels": 2, "target": float(target), "max_n": MOST}
    three = [Fraction(0), target - REACH, target + REACH, Fraction(1)]

    for n in range(1, MOST + 1):
        for y in range(n + 1):
            assert Mtpi(**settings).letter(n, y) == by_masses(three, target, n, y)
            assert Mtpi2(**settings).letter(n, y) == by_masses(keys(target), target, n, y)
            assert Keyboard(**settings).letter(n, y) == by_masses(keys(target), target, n, y)


@pytest.mark.parametrize("n", [1, 3, 6])
def test_masses_of_few_participants_in_fractions(n):
    """The same for a target of .30, and for those numbers that first cohorts have."""
    target, settings = Fraction(3, 10), {"levels": 2, "target": 0.3, "max_n": 6}
    three = [Fraction(0), target - REACH, target + REACH, Fraction(1)]

    for y in range(n + 1):
        assert Mtpi(**settings).letter(n, y) == by_masses(three, target, n, y)
        assert Mtpi2(**settings).letter(n, y) == by_masses(keys(target), target, n, y)
        assert Keyboard(**settings).letter(n, y) == by_masses(keys(target), target, n, y)


@pytest.mark.parametrize("target", [Fraction(1, 4), Fraction(3, 10)])
def test_i3_plus_3_in_fractions(target):
    """Above the interval with y, below it with one DLT less: stay. Else y decides."""
    design = I3Plus3(levels=2, target=float(target), max_n=MOST)

    for n in range(1, MOST + 1):
        for y in range(n + 1):
            rate, one_less = Fraction(y, n), Fraction(y - 1, n)
            if closes(target, n, y, 3):
                letter = "U"
            elif rate < target - REACH:
                letter = "E"
            else:
                is_in = rate <= target + REACH or one_less < target - REACH
                letter = "S" if is_in else "D"
            assert design.letter(n, y) == letter


@pytest.mark.parametrize("target", [0.15, 0.20, 0.25, 0.30, 0.35, 0.40])
def test_the_limits_of_boin_are_where_two_rates_are_equally_likely(target):
    """The observed rate at which the likelihoods of both are equal, by bisection."""

    def meeting(low, high):
        """Find that rate."""
        left, right = low, high
        for _ in range(100):
            middle = (left + right) / 2
            gain = middle * math.log(high / low) + (1 - middle) * math.log((1 - high) / (1 - low))
            left, right = (left, middle) if gain > 0 else (middle, right)
        return left

    design = Boin(levels=2, target=target, max_n=30)

    assert design.lambda_e == pytest.approx(meeting(0.6 * target, target), abs=1e-12)
    assert design.lambda_d == pytest.approx(meeting(target, 1.4 * target), abs=1e-12)
