"""Fisher's exact test against tables worked by hand, SciPy and R."""

import json
import math
from fractions import Fraction

import pytest
from scipy.stats import fisher_exact as by_scipy
from scipy.stats.contingency import odds_ratio

from trialwright.endpoints.fisher import fisher_exact
from trialwright.terms.errors import Refusal


def test_the_lady_tasting_tea():
    """Fisher 1935: 3 of 4 right is (1 + 16 + 16 + 1)/70 two-sided."""
    found = fisher_exact((3, 1), (1, 3))

    assert found.p == float(Fraction(34, 70))
    assert found.because.startswith("Fisher's exact test: p = 0.485714, conditional odds ratio")


def test_nobody_and_everybody():
    """3 of 3 against 0 of 3: p is 2/20; the odds ratio is infinite, with a lower limit.

    Under the odds ratio w, three of three has the chance w^3/(1 + 9w + 9w^2 + w^3); it is 0.025 at
    the lower limit.
    """
    found = fisher_exact((3, 0), (0, 3))

    assert found.p == 0.1
    assert (found.odds_ratio, found.upper) == (math.inf, math.inf)
    w = found.lower
    assert w**3 / (1 + 9 * w + 9 * w**2 + w**3) == pytest.approx(0.025)
    turned = fisher_exact((0, 3), (3, 0))
    assert (turned.odds_ratio, turned.lower) == (0, 0)
    assert turned.upper == pytest.approx(1 / w)


def test_margins_that_leave_one_table():
    """Nobody had it: p is 1, and there is no odds ratio."""
    found = fisher_exact((0, 5), (0, 7))

    assert (found.p, found.odds_ratio, found.lower, found.upper) == (1, None, None, None)


@pytest.mark.parametrize("table", [(1, 9, 11, 3), (2, 8, 5, 5), (10, 0, 4, 6), (7, 7, 7, 7)])
def test_scipy_says_the_same(table):
    """The p-value, and the conditional odds ratio with its limits at 90 %."""
    first, second = table[:2], table[2:]
    found = fisher_exact(first, second, 0.9)

    assert found.p == pytest.approx(by_scipy([first, second]).pvalue, rel=1e-9)
    other = odds_ratio([first, second])
    ends = other.confidence_interval(0.9)
    assert found.odds_ratio == pytest.approx(other.statistic, rel=1e-6)
    assert (found.lower, found.upper) == pytest.approx((ends.low, ends.high), rel=1e-6)


def test_r_says_the_same(shared):
    """P to 1e-9; R finds its odds ratio to four digits alone (tolerance of `uniroot`)."""
    file = shared / "reference" / "endpoints" / "fisher.json"
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    for case in cases:
        found = fisher_exact(tuple(case["table"][:2]), tuple(case["table"][2:]))
        assert found.p == pytest.approx(case["p"], rel=1e-9)
        assert found.odds_ratio == pytest.approx(case["or"], rel=1e-3)

    assert cases


@pytest.mark.parametrize(
    ("first", "level", "says"),
    [((-1, 3), 0.95, "0 or more"), ((1, 3), 1.0, "above 0 and below 1")],
)
def test_what_is_no_table_is_refused(first, level, says):
    """Counts and levels."""
    with pytest.raises(Refusal, match=says):
        fisher_exact(first, (2, 2), level)
