"""Shrinkage: the posterior against closed forms and plain integrals; no prior is strong."""

import math

import pytest
from scipy.integrate import quad
from scipy.stats import nchypergeom_fisher, norm

from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.shrinkage import (
    AKT_PATHWAY_HAZARD,
    RESPONSE_ODDS,
    Prior,
    posterior,
    shrink_response,
    shrink_time,
)
from trialwright.terms.errors import Refusal

PRIOR = Prior(0.2, 0.8, "made for this test")


def _cohort(arms):
    """Give as many participants as arms."""
    return Cohort("treated", tuple(f"P{place}" for place in range(len(arms))), tuple(arms))


def _marker(carriers):
    """Give a marker by ones and noughts."""
    calls = tuple("altered" if each == "1" else "not altered" for each in carriers)
    return Marker("AKT1", "tissue DNA", calls)


def _below(likelihood, prior, bound):
    """Give the posterior probability below a bound, by a plain integral."""

    def weight(value):
        """Give likelihood times prior."""
        return likelihood(value) * norm.pdf(value, prior.mean, prior.spread)

    ends = [prior.mean - 10 * prior.spread, prior.mean + 10 * prior.spread]
    whole = quad(weight, *ends, points=[prior.mean], limit=400)[0]
    return quad(weight, ends[0], bound, limit=400)[0] / whole


def test_a_normal_likelihood_is_weighed_by_its_precision():
    """The closed form: precisions add, means are weighed by them."""
    precision = 1 / 0.8**2 + 1 / 0.3**2
    mean = (0.2 / 0.8**2 + 1.1 / 0.3**2) / precision
    spread = precision**-0.5

    quantiles, below = posterior(lambda at: -(((at - 1.1) / 0.3) ** 2) / 2, PRIOR, (0.025, 0.5))

    assert quantiles == pytest.approx((mean - 1.959964 * spread, mean), abs=1e-5)
    assert below == pytest.approx(norm.cdf(-mean / spread), abs=1e-6)


def test_an_odds_ratio_is_shrunken_given_the_margins_of_each_arm():
    """Two tables, 3 of 3 and 2 of 7, 1 of 2 and 1 of 8, against Fisher's noncentral law."""
    arms = "A" * 10 + "B" * 10
    answers = "1110000110" + "1010000000"
    responses = Responses("ORR", tuple("yes" if each == "1" else "no" for each in answers))

    found = shrink_response(
        _marker("1110000000" + "1100000000"), _cohort(arms), responses, PRIOR, 0.9
    )

    def likelihood(value):
        """Give the chance of both tables."""
        odds = math.exp(value)
        return nchypergeom_fisher.pmf(3, 10, 3, 5, odds) * nchypergeom_fisher.pmf(1, 10, 2, 2, odds)

    assert found.measure == "odds ratio"
    for bound, share in ((found.lower, 0.05), (found.ratio, 0.5), (found.upper, 0.95)):
        assert _below(likelihood, PRIOR, math.log(bound)) == pytest.approx(share, abs=2e-5)
    assert found.below_one == pytest.approx(_below(likelihood, PRIOR, 0.0), abs=2e-5)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_a_hazard_ratio_is_shrunken_within_arms(ties):
    """Events written out by hand; in arm B nobody altered has one."""
    days = (10, 20, 20, 30, 40, 15, 25, 35)
    had = (True, True, True, False, True, True, True, False)
    cohort = _cohort("AAAAABBB")

    found = shrink_time(_marker("11000001"), cohort, Times("PFS", days, had), PRIOR, ties=ties)

    def likelihood(value):
        """Multiply the chance of each event: who had it over who was at risk."""
        h = math.exp(value)
        second = (h + 1) / 2 + 2 if ties == "efron" else h + 3  # half of the day's two is gone
        arm_a = h / (2 * h + 3) * h / (h + 3) / second * 1
        return arm_a * 1 / (2 + h) * 1 / (1 + h)

    for bound, share in ((found.lower, 0.025), (found.ratio, 0.5), (found.upper, 0.975)):
        assert _below(likelihood, PRIOR, math.log(bound)) == pytest.approx(share, abs=2e-5)
    assert f"ties {ties}, stratified by arm" in found.because


def test_without_an_alteration_the_prior_comes_back():
    """Nothing was learnt: the median and the limits are those of the prior."""
    nobody = _marker("0000")
    times = Times("PFS", (1, 2, 3, 4), (True,) * 4)

    hazard = shrink_time(nobody, _cohort("AAAA"), times)
    odds = shrink_response(nobody, _cohort("AAAA"), Responses("ORR", ("yes", "no") * 2))

    assert hazard.ratio == pytest.approx(1, abs=1e-6)
    assert math.log(hazard.upper) == pytest.approx(1.959964 * math.log(2), abs=1e-4)
    assert math.log(odds.upper) == pytest.approx(1.959964 * 2.5, abs=1e-4)


def test_the_prior_is_printed_with_its_source():
    """Published effect, what it is not, and how many events it is worth: 4 / log(2) ** 2."""
    found = shrink_time(_marker("1100"), _cohort("AAAA"), Times("PFS", (1, 2, 3, 4), (True,) * 4))

    assert found.prior is AKT_PATHWAY_HAZARD
    assert "mean 0, standard deviation 0.693 (ratio 0.257 to 3.89 with 95 %)" in found.because
    assert "CAPItello-291, hazard ratio 0.50 (0.38-0.65)" in found.because
    assert "not of the marker (doi:10.1056/NEJMoa2214131)" in found.because
    assert "worth 8.3 events" in found.because
    assert RESPONSE_ODDS.spread == 2.5


@pytest.mark.parametrize(("spread", "source"), [(0.49, "a trial"), (math.nan, "a trial"), (1, " ")])
def test_a_prior_that_settles_things_or_comes_from_nowhere_is_refused(spread, source):
    """Weakly informative only, and never without a source."""
    with pytest.raises(Refusal, match="prior"):
        Prior(0.0, spread, source)
