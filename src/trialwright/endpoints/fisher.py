"""Fisher's exact test of two groups, with the conditional odds ratio.

References
----------
.. [1] Fisher RA. J R Stat Soc 1935;98(1):39-82. doi:10.2307/2342435
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trialwright.terms.errors import refuse

AS_LIKELY = Fraction(10**7 + 1, 10**7)
"""Tables at most so much more likely than the one seen count as extreme: R's `fisher.test`."""

_SPAN = 60.0
"""Largest absolute log odds ratio that is looked at; a larger one is no number of a trial."""

_HALVINGS = 90
"""After so many halvings of the span the two ends are one floating-point number."""


@dataclass(frozen=True, slots=True)
class FisherTest:
    """The answer of Fisher's exact test.

    Attributes
    ----------
    p : float
        Two-sided: all tables with the same margins that are at most as likely.
    odds_ratio : float or None
        Conditional maximum likelihood estimate; infinite when nobody in the second group had it or
        everybody in the first; None when the margins leave one table alone.
    lower, upper : float or None
        Exact limits; None as above.
    conf_level : float
        Level of the limits.
    because : str
        The answer in a sentence.
    """

    p: float
    odds_ratio: float | None
    lower: float | None
    upper: float | None
    conf_level: float
    because: str


def fisher_exact(
    first: tuple[int, int], second: tuple[int, int], conf_level: float = 0.95
) -> FisherTest:
    """Test whether two groups differ in how many had something [1]_.

    Parameters
    ----------
    first, second : tuple of (int, int), participants
        With it and without it.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    FisherTest
        The p-value is worked out in whole numbers.

    Raises
    ------
    Refusal
        If a count is negative, or the level is no probability.
    """
    if min(*first, *second) < 0:
        raise refuse("counts", f"{first} and {second}", "0 or more", "Correct the counts")
    if not 0 < conf_level < 1:
        raise refuse("conf_level", f"{conf_level}", "above 0 and below 1", "Give it as 0.95")
    having = first[0] + second[0]
    low, high = max(0, having - sum(second)), min(having, sum(first))
    ways = [math.comb(sum(first), each) * math.comb(sum(second), having - each)
            for each in range(low, high + 1)]  # fmt: skip
    seen = first[0] - low
    extreme = sum(each for each in ways if each <= ways[seen] * AS_LIKELY)
    p = float(Fraction(extreme, sum(ways)))
    if low == high:
        because = f"Fisher's exact test: p = {p:.6g}, the odds ratio is not estimable."
        return FisherTest(p, None, None, None, conf_level, because)
    odds, lower, upper = _estimates(ways, seen, (1 - conf_level) / 2)
    because = (
        f"Fisher's exact test: p = {p:.6g}, conditional odds ratio {odds:.6g} "
        f"({lower:.6g} to {upper:.6g}, {100 * conf_level:.10g} % exact limits)."
    )
    return FisherTest(p, odds, lower, upper, conf_level, because)


def _estimates(ways: Sequence[int], seen: int, tail: float) -> tuple[float, float, float]:
    """Give the conditional odds ratio and its limits."""
    logs = [math.log(each) for each in ways]
    last = len(ways) - 1

    def chances(log_odds: float) -> list[float]:
        """Give the chance of each table under an odds ratio."""
        heights = [log + place * log_odds for place, log in enumerate(logs)]
        top = max(heights)
        weights = [math.exp(each - top) for each in heights]
        total = math.fsum(weights)
        return [each / total for each in weights]

    def mean(log_odds: float) -> float:
        return math.fsum(place * each for place, each in enumerate(chances(log_odds)))

    def at_least(log_odds: float) -> float:
        return math.fsum(chances(log_odds)[seen:])

    def more(log_odds: float) -> float:
        return math.fsum(chances(log_odds)[seen + 1 :])

    odds = 0.0 if seen == 0 else math.inf if seen == last else _where(mean, float(seen))
    lower = 0.0 if seen == 0 else _where(at_least, tail)
    upper = math.inf if seen == last else _where(more, 1 - tail)
    return odds, lower, upper


def _where(rising: Callable[[float], float], level: float) -> float:
    """Give the odds ratio at which something that rises with its logarithm has a value."""
    low, high = -_SPAN, _SPAN
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return math.exp((low + high) / 2)
