"""Exact tests of a 2 x 2 table: Fisher, Boschloo, the conditional odds ratio, and their floor.

References
----------
.. [1] Fisher RA. J R Stat Soc 1935;98(1):39-82. doi:10.2307/2342435
.. [2] Boschloo RD. Stat Neerl 1970;24(1):1-9. doi:10.1111/j.1467-9574.1970.tb00104.x
.. [3] Tarone RE. Biometrics 1990;46(2):515-522. doi:10.2307/2531456
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import binom, fisher_exact
from scipy.stats.contingency import odds_ratio

from trialwright.predictors.basis import Counted
from trialwright.terms.errors import refuse

Held = Literal["marker groups", "response groups"]
"""Whose sizes Boschloo's test holds fixed: those with and without the marker, or those with and
without the response. SciPy takes the columns of its table; transposing it changes the p-value."""

ExactTest = Literal["Boschloo", "Fisher"]

Floats = NDArray[np.float64]

RATE_WITHIN = 1e-9
"""How near the worst response rate is searched; SciPy's own 1e-5 costs the p-value a millionth."""

RATES = 401
"""Response rates tried; the largest chance changes over 1 / sqrt(participants), and is refined
between neighbours."""

MOST_PAIRS = 16_000_000
"""Pairs of counts above which Boschloo's test is not worked out: about two seconds, and 5,600
participants in two equal groups."""

AS_FAR = 1e-9
"""Tails closer than this share are one: they differ by rounding alone."""


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Responses of those with and without the alteration.

    Attributes
    ----------
    altered_events, altered : int
        How many of the altered responded, of how many.
    other_events, others : int
        The same of those not altered.
    """

    altered_events: int
    altered: int
    other_events: int
    others: int

    def __post_init__(self) -> None:
        """Refuse counts that no participants can give."""
        if not (0 <= self.altered_events <= self.altered and 0 <= self.other_events <= self.others):
            raise refuse(
                "table",
                f"{self.altered_events} of {self.altered}, {self.other_events} of {self.others}",
                "0 or more, and never more than the participants of the group",
                "Correct the counts",
            )

    @property
    def events(self) -> int:
        """How many responded."""
        return self.altered_events + self.other_events

    @property
    def is_informative(self) -> bool:
        """Whether both groups have somebody, and both answers were seen."""
        return bool(self.altered and self.others and 0 < self.events < self.altered + self.others)

    @property
    def most_extreme(self) -> tuple["TwoByTwo", "TwoByTwo"]:
        """The tables with the same margins and the fewest and most responses of the altered."""
        fewest = max(0, self.events - self.others)
        most = min(self.altered, self.events)
        return (
            TwoByTwo(fewest, self.altered, self.events - fewest, self.others),
            TwoByTwo(most, self.altered, self.events - most, self.others),
        )


@dataclass(frozen=True, slots=True)
class ConditionalOdds:
    """The odds ratio given both margins, with exact limits.

    Attributes
    ----------
    odds_ratio, lower, upper : float
        Conditional maximum likelihood estimate and limits; may be 0 or infinite.
    conf_level : float
        Of the two limits together.
    because : str
        The answer in a sentence; where the estimate is 0 or infinite, that one limit alone binds.
    """

    odds_ratio: float
    lower: float
    upper: float
    conf_level: float
    because: str


def table_of(counted: Counted) -> TwoByTwo:
    """Count the table of those who are counted.

    Parameters
    ----------
    counted : Counted
        As `counted_for_response` gives them.

    Returns
    -------
    TwoByTwo
        Responses of altered and not altered.
    """
    basis = counted.basis
    return TwoByTwo(
        basis.altered_events,
        basis.altered,
        basis.events - basis.altered_events,
        basis.participants - basis.altered,
    )


@lru_cache(maxsize=65536)
def fisher_p(table: TwoByTwo) -> float:
    """Give the two-sided p-value of Fisher's test [1]_.

    Parameters
    ----------
    table : TwoByTwo
        The counts.

    Returns
    -------
    float
        Sum over the tables of the same margins that are no more probable.
    """
    return float(fisher_exact(_rows(table)).pvalue)


def is_within_reach(table: TwoByTwo) -> bool:
    """Say whether the groups are small enough for Boschloo's test.

    Parameters
    ----------
    table : TwoByTwo
        The counts.

    Returns
    -------
    bool
        Whether its pairs of counts are at most `MOST_PAIRS`.
    """
    people = table.altered + table.others
    return (people + 1) * (min(table.altered, table.others) + 1) <= MOST_PAIRS


@lru_cache(maxsize=65536)
def boschloo_p(table: TwoByTwo, held: Held = "marker groups") -> float:
    """Give the two-sided p-value of Boschloo's test [2]_.

    Parameters
    ----------
    table : TwoByTwo
        The counts.
    held : {'marker groups', 'response groups'}
        Whose sizes are fixed.

    Returns
    -------
    float
        Twice the smaller one-sided p-value, at most 1; 1 where nothing can be learnt. Doubling
        can make it larger than Fisher's, which one-sided it never is.
    """
    if not table.is_informative:
        return 1.0
    rows = np.array(_rows(table))
    first, second = rows if held == "marker groups" else rows.T
    few, many = sorted((first, second), key=lambda each: int(each.sum()))
    law = _by_sum(int(few.sum()), int(many.sum()))
    seen = int(few[0] + many[0]), int(few[0])
    return min(1.0, 2 * min(_worst(law.chance, tail, seen) for tail in (law.upper, law.lower)))


@dataclass(frozen=True, slots=True)
class _BySum:
    """Of each number of responses together, and how many of them fall to the smaller group.

    Attributes
    ----------
    chance, upper, lower : ndarray of float, shape (both groups + 1, smaller group + 1)
        Chance given that number together (hypergeometric), of so many or more, of so many or
        fewer; 0 where there are not so many.
    """

    chance: Floats
    upper: Floats
    lower: Floats


@lru_cache(maxsize=16)
def _by_sum(few: int, many: int) -> _BySum:
    """Give the law of two groups: from its mode each chance by its ratio to the one before."""
    inside = np.arange(few)[None, :]
    together = np.arange(few + many + 1)[:, None]
    up = (few - inside) * np.maximum(together - inside, 0.0)
    down = (inside + 1) * np.maximum(many - together + inside + 1, 0.0)
    mode = (together + 1) * (few + 1) // (few + many + 2)
    after = np.where(inside >= mode, up / np.where(down, down, 1.0), 1.0)
    before = np.where(inside < mode, down / np.where(up, up, 1.0), 1.0)
    chance = np.ones((few + many + 1, few + 1))
    chance[:, 1:] = np.cumprod(after, axis=1)
    chance[:, :-1] *= np.cumprod(before[:, ::-1], axis=1)[:, ::-1]
    chance /= chance.sum(axis=1, keepdims=True)
    upper = np.cumsum(chance[:, ::-1], axis=1)[:, ::-1]
    return _BySum(chance, upper, np.cumsum(chance, axis=1))


@lru_cache(maxsize=64)
def _rates(people: int) -> Floats:
    """Give the chance of each number of responses at each rate, shape (RATES, people + 1)."""
    rates = np.linspace(0, 1, RATES)[:, None]
    chance: Floats = binom.pmf(np.arange(people + 1), people, rates)
    return chance


def _worst(chance: Floats, tail: Floats, seen: tuple[int, int]) -> float:
    """Give the largest chance, over all response rates, of a table as far in one tail."""
    as_far = np.where(tail <= tail[seen] * (1 + AS_FAR), chance, 0.0)
    given_sum = as_far.sum(axis=1)
    people = len(given_sum) - 1
    found = _rates(people) @ given_sum
    best = int(found.argmax())

    def less(rate: float) -> float:
        """Give minus the chance at one rate."""
        return -float(binom.pmf(np.arange(people + 1), people, rate) @ given_sum)

    ends = max(best - 1, 0) / (RATES - 1), min(best + 1, RATES - 1) / (RATES - 1)
    nearby = minimize_scalar(less, bounds=ends, method="bounded", options={"xatol": RATE_WITHIN})
    return max(float(found[best]), -float(nearby.fun))


def exact_p(table: TwoByTwo, test: ExactTest) -> float:
    """Give the two-sided p-value of the named test.

    Parameters
    ----------
    table : TwoByTwo
        The counts.
    test : {'Boschloo', 'Fisher'}
        Which one; Boschloo with the marker groups held.

    Returns
    -------
    float
        From 0 to 1.
    """
    return boschloo_p(table) if test == "Boschloo" else fisher_p(table)


def exact_floor(table: TwoByTwo, test: ExactTest) -> float:
    """Give the smallest p-value that the margins allow [3]_.

    Parameters
    ----------
    table : TwoByTwo
        Of which the margins alone matter.
    test : {'Boschloo', 'Fisher'}
        Whose p-value.

    Returns
    -------
    float
        1 where one group is empty, or nobody or everybody responded.
    """
    return min(exact_p(extreme, test) for extreme in table.most_extreme)


def conditional_odds(table: TwoByTwo, conf_level: float) -> ConditionalOdds | None:
    """Estimate the odds ratio given both margins.

    Parameters
    ----------
    table : TwoByTwo
        The counts.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    ConditionalOdds or None
        None where one group is empty, or nobody or everybody responded.
    """
    if not table.is_informative:
        return None
    found = odds_ratio(_rows(table), kind="conditional")
    limits = found.confidence_interval(conf_level)
    estimate, lower, upper = float(found.statistic), float(limits.low), float(limits.high)
    level = f"{100 * conf_level:.10g} % exact limits"
    if upper == float("inf"):
        limit = f"at least {lower:.6g}, no upper limit"
    elif lower == 0:
        limit = f"at most {upper:.6g}, no lower limit above 0"
    else:
        limit = f"{lower:.6g} to {upper:.6g}"
    because = f"conditional odds ratio {estimate:.6g} ({level}: {limit})"
    return ConditionalOdds(estimate, lower, upper, conf_level, because)


def _rows(table: TwoByTwo) -> list[list[int]]:
    """Give the counts as rows: altered, not altered; columns: response, none."""
    return [
        [table.altered_events, table.altered - table.altered_events],
        [table.other_events, table.others - table.other_events],
    ]
