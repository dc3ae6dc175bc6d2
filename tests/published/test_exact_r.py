"""Fisher's test, the conditional odds ratio and Firth's regression on many tables, against R."""

import numpy as np
import pytest
from tests.published.asked_of_r import asked

from trialwright.predictors.exact import TwoByTwo, conditional_odds, fisher_p
from trialwright.predictors.markers import Cohort, Marker, Responses
from trialwright.predictors.response_association import associate_response

pytestmark = pytest.mark.long

_FISHER = """
answer <- function(case) {
  f <- fisher.test(matrix(unlist(case$table), 2, byrow = TRUE))
  list(p = f$p.value, odds = as.character(f$estimate), limits = I(as.character(f$conf.int)))
}
"""

_FIRTH = """
answer <- function(case) {
  y <- case$responded; x <- cbind(1, case$altered, case$dose)
  f <- brglmFit(x, y, family = binomial(),
                control = brglmControl(type = "AS_mean", epsilon = 1e-12, maxit = 1000))
  level <- function(b) {
    p <- plogis(drop(x %*% b)); w <- p * (1 - p)
    sum(dbinom(y, 1, p, log = TRUE)) + determinant(t(x) %*% (w * x))$modulus / 2
  }
  at <- coef(f); top <- level(at)
  held <- function(value) {
    climb <- function(free) -level(c(free[1], value, free[2]))
    top_of <- function(free) {
      for (again in 1:2) free <- optim(free, climb, method = "BFGS",
                                       control = list(reltol = 1e-12, maxit = 300))$par
      -climb(free)
    }
    starts <- list(at[-2], at[-2] * c(1, -1), c(-value / 2, -2), c(-value / 2, 2), c(6, -3))
    max(sapply(starts, top_of))
  }
  fall <- function(value) 2 * (top - held(value)) - qchisq(0.95, 1)
  side <- function(to) {
    width <- 0.5
    while (fall(at[2] + to * width) < 0) width <- 2 * width
    uniroot(fall, sort(at[2] + to * c(0, width)), tol = 1e-9)$root
  }
  list(coef = at[[2]], lower = side(-1), upper = side(1),
       p = pchisq(2 * (top - held(0)), 1, lower.tail = FALSE))
}
"""


def test_fishers_test_and_the_conditional_odds_ratio_are_rs(tmp_path):
    """Two thousand tables of groups of up to 40: p to 1e-9, ratio and exact limits to 1.3e-4.

    R searches a ratio below 1, or one over it, to 1.2e-4.
    """
    generator = np.random.default_rng(2023)
    cases = []
    while len(cases) < 2000:
        altered, others = (int(each) for each in generator.integers(1, 41, 2))
        some, more = generator.integers(0, altered + 1), generator.integers(0, others + 1)
        if TwoByTwo(int(some), altered, int(more), others).is_informative:
            cases.append({"table": [int(some), int(altered - some), int(more), int(others - more)]})

    for case, said in zip(cases, asked(tmp_path, (), _FISHER, cases), strict=True):
        some, none, more, fewer = case["table"]
        table = TwoByTwo(some, some + none, more, more + fewer)
        odds = conditional_odds(table, 0.95)
        assert fisher_p(table) == pytest.approx(said["p"], rel=1e-9), case
        theirs = [float(each) for each in (said["odds"], *said["limits"])]
        ours = [odds.odds_ratio, odds.lower, odds.upper]
        assert [*map(_searched, ours)] == pytest.approx([*map(_searched, theirs)], abs=1.3e-4), case


def _searched(ratio):
    """Give a ratio on the scale on which R searches it, from 0 to 2."""
    return ratio if ratio <= 1 else 2 - 1 / ratio


def test_firth_regression_and_its_profile_limits_are_rs(tmp_path):
    """Fifty small trials with a covariate, many of them separated.

    Coefficients of brglm2; limits by R's optimiser on the same penalised likelihood, from five
    starts, for it can have two maxima in the covariate where groups are separated.
    """
    generator = np.random.default_rng(2024)
    cases = []
    while len(cases) < 50:
        people = int(generator.integers(8, 21))
        altered, dose = generator.integers(0, 2, people), generator.integers(1, 4, people)
        responded = generator.random(people) < generator.uniform(0.1, 0.9) * (0.3 + 0.7 * altered)
        columns = np.column_stack([np.ones(people), altered, dose])
        if np.linalg.matrix_rank(columns) == 3 and 0 < responded.sum() < people:
            cases.append({"altered": altered.tolist(), "dose": dose.tolist(),
                          "responded": responded.astype(int).tolist()})  # fmt: skip

    for case, said in zip(cases, asked(tmp_path, ("brglm2",), _FIRTH, cases), strict=True):
        people = len(case["dose"])
        cohort = Cohort("all", tuple(map(str, range(people))), ("A",) * people,
                        {"dose": tuple(map(float, case["dose"]))})  # fmt: skip
        calls = tuple("altered" if each else "not altered" for each in case["altered"])
        answers = tuple("yes" if each else "no" for each in case["responded"])
        found = associate_response(Marker("x", "f", calls), cohort, Responses("y", answers),
                                   adjusted_for=("dose",)).firth  # fmt: skip
        assert found.log_odds_ratio == pytest.approx(said["coef"], abs=1e-6), case
        ours = [np.log(found.lower), np.log(found.upper)]
        assert ours == pytest.approx([said["lower"], said["upper"]], abs=2e-4), case
        assert found.p == pytest.approx(said["p"], abs=1e-5), case
