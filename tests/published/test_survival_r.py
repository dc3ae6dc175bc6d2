"""Curves, quantiles, tests and hazard ratios of small groups with ties, against R itself.

R's own survival 3.5 is asked about all cases at once; the curves of few participants are where
packages differ: S(t) that stays at a quantile, limits that are never reached, a group without
events.
"""

from itertools import pairwise

import numpy as np
import pytest
from tests.published.asked_of_r import asked

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.cox import cox
from trialwright.endpoints.kaplan_meier import kaplan_meier, quantile
from trialwright.endpoints.log_rank import log_rank

pytestmark = pytest.mark.long

SHARES = (0.25, 0.5, 0.75)
SCALES = ("log-log", "log", "plain")

_CURVES = """
answer <- function(case) {
  y <- Surv(case$days, case$had)
  each <- function(scale) {
    f <- survfit(y ~ 1, conf.type = scale)
    q <- quantile(f, c(0.25, 0.5, 0.75))
    list(surv = I(f$surv), lower = I(f$lower), upper = I(f$upper), spread = I(f$std.err),
         at = I(unname(q$quantile)), from = I(unname(q$lower)), to = I(unname(q$upper)))
  }
  lapply(list(`log-log` = "log-log", log = "log", plain = "plain"), each)
}
"""

_TESTS = """
answer <- function(case) {
  y <- Surv(case$days, case$had); group <- case$group; x <- case$dose
  fit <- function(ties, by) {
    warned <- FALSE
    f <- none(withCallingHandlers(
      if (by) coxph(y ~ group + x + strata(case$arm), ties = ties,
                    control = coxph.control(eps = 1e-13, iter.max = 60, toler.chol = 1e-13))
      else coxph(y ~ group + x, ties = ties,
                 control = coxph.control(eps = 1e-13, iter.max = 60, toler.chol = 1e-13)),
      warning = function(w) { warned <<- TRUE; invokeRestart("muffleWarning") }))
    if (is.null(f)) return(NULL)
    list(warned = warned, coef = I(unname(coef(f))), se = I(unname(sqrt(diag(vcov(f))))),
         level = I(f$loglik), score = f$score)
  }
  d <- function(rho) {
    s <- none(survdiff(y ~ group, rho = rho))
    if (is.null(s)) NULL else list(chisq = s$chisq, exp = I(s$exp))
  }
  list(efron = fit("efron", FALSE), breslow = fit("breslow", FALSE),
       stratified = fit("efron", TRUE), logrank = d(0), peto = d(1))
}
"""


def _people(generator, least, most):
    """Give days with many ties, and who had the event."""
    people = int(generator.integers(least, most + 1))
    days = generator.integers(1, int(generator.integers(3, 20)), people)
    had = generator.random(people) < generator.uniform(0.2, 1)
    return days.tolist(), had.astype(int).tolist()


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    """Two thousand groups of 1 to 30, and what R says of them."""
    generator = np.random.default_rng(2021)
    cases = [dict(zip(("days", "had"), _people(generator, 1, 30), strict=True))
             for _ in range(2000)]  # fmt: skip
    return list(zip(cases, asked(tmp_path_factory.mktemp("r"), ("survival",), _CURVES, cases),
                    strict=True))  # fmt: skip


def _all(said):
    """Give a column of R, of which one entry is no list."""
    return said if isinstance(said, list) else [said]


@pytest.mark.parametrize("scale", SCALES)
def test_curves_and_their_limits_are_rs(curves, scale):
    """S(t), its standard error and both limits on every day, to 1e-9; of S(t) = 1 they are 1.

    By the scale log-log R has no limits where S(t) is 1.
    """
    for case, said in curves:
        curve = kaplan_meier(case["days"], [each == 1 for each in case["had"]],
                             Conventions(conf_type=scale))  # fmt: skip
        there = said[scale]
        assert curve.survival == pytest.approx(_all(there["surv"]), abs=1e-12)
        for own, theirs in ((curve.lower, there["lower"]), (curve.upper, there["upper"])):
            for ours, other, level in zip(own, _all(theirs), curve.survival, strict=True):
                if level == 1:
                    assert (ours, other) in ((1, 1), (1, None if scale == "log-log" else 1)), case
                elif level > 1e-9:
                    assert ours == pytest.approx(other, abs=1e-9), case
        for ours, other, level in zip(curve.spread, _all(there["spread"]), curve.survival,
                                      strict=True):  # fmt: skip
            if level > 1e-9:
                assert ours == pytest.approx(other, abs=1e-9), case


@pytest.mark.parametrize("scale", SCALES)
def test_quantiles_and_their_limits_are_rs(curves, scale):
    """Quartiles and median, estimable or not, and both limits of each: 18,000 numbers.

    An upper limit of the scale log can rise again. Ours is the first day on which it is below the
    quantile; R sorts the limits before it looks, and takes the day on which it had risen.
    """
    turned = 0
    for case, said in curves:
        curve = kaplan_meier(case["days"], [each == 1 for each in case["had"]],
                             Conventions(conf_type=scale))  # fmt: skip
        rises = scale == "log" and any(
            after > before for before, after in pairwise(curve.upper) if None not in (before, after)
        )
        for place, share in enumerate(SHARES):
            own = quantile(curve, share)
            time, lower, upper = (_all(said[scale][each])[place] for each in ("at", "from", "to"))
            assert (own.time, own.lower) == (time, lower), (case, share)
            if own.upper != upper:
                turned += 1
                below = (day for day, each in zip(curve.times, curve.upper, strict=True)
                         if each is not None and each < 1 - share)  # fmt: skip
                assert rises, (case, share)
                assert own.upper == next(below) < upper, (case, share)
    assert turned == (13 if scale == "log" else 0)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Fifteen hundred comparisons of two or three groups of 6 to 40, and what R says of them."""
    generator = np.random.default_rng(2022)
    cases = []
    for _ in range(1500):
        days, had = _people(generator, 6, 40)
        case = {"days": days, "had": had}
        case["group"] = generator.integers(0, 2, len(days)).tolist()
        case["dose"] = generator.integers(1, 4, len(days)).tolist()
        case["arm"] = generator.integers(0, 2, len(days)).tolist()
        cases.append(case)
    return list(zip(cases, asked(tmp_path_factory.mktemp("r"), ("survival",), _TESTS, cases),
                    strict=True))  # fmt: skip


@pytest.mark.parametrize(("name", "rho"), [("logrank", 0), ("peto", 1)])
def test_log_rank_tests_are_rs(compared, name, rho):
    """Chi-squared to 1e-9; where R has two groups with something expected, so have we."""
    for case, said in compared:
        own = log_rank(case["days"], [each == 1 for each in case["had"]],
                       [str(each) for each in case["group"]], rho=rho)  # fmt: skip
        there = said[name]
        if own.chi_square is None:
            assert there is None or not there["chisq"], case
        else:
            assert own.chi_square == pytest.approx(there["chisq"], rel=1e-8, abs=1e-10), case


@pytest.mark.parametrize(
    ("name", "ties"), [("efron", "efron"), ("breslow", "breslow"), ("stratified", "efron")]
)
def test_hazard_ratios_are_rs(compared, name, ties):
    """Coefficients, errors, log likelihoods and the score test; where we have none, R warns."""
    estimated = 0
    for case, said in compared:
        own = cox(case["days"], [each == 1 for each in case["had"]],
                  np.column_stack([case["group"], case["dose"]]), ("group", "dose"), Conventions(),
                  ties=ties,
                  strata=[str(each) for each in case["arm"]] if name == "stratified" else None,
                  )  # fmt: skip
        there = said[name]
        if not own.is_estimable:
            assert _runs_away(there), (case, own.because)
            continue
        estimated += 1
        coefficients = [each.coefficient for each in own.terms]
        assert coefficients == pytest.approx(there["coef"], rel=1e-6, abs=1e-7), case
        assert [each.std_error for each in own.terms] == pytest.approx(there["se"], rel=1e-6)
        assert own.log_likelihood == pytest.approx(there["level"], rel=1e-9, abs=1e-9)
        assert own.score_chi_square == pytest.approx(there["score"], rel=1e-7, abs=1e-9)
    assert estimated > 1000


def _runs_away(said):
    """Say whether R has no estimate either: it fails, warns, leaves one out or lets one grow."""
    return (
        said is None or said["warned"] or None in said["coef"]
        or max(abs(each) for each in said["coef"]) > 10 or max(said["se"]) > 100
    )  # fmt: skip
