"""Firth regression, max-T and log-rank against R itself, where R and its packages are installed.

On Debian: `apt-get install r-cran-brglm2 r-cran-survival r-bioc-multtest`. The numbers that R gave
stand in the tests of `predictors`, which run without R.
"""

import itertools
import shutil
import subprocess

import numpy as np
import pytest

from trialwright.predictors.markers import Cohort, Marker, Responses
from trialwright.predictors.permutation import tally
from trialwright.predictors.response_association import associate_response
from trialwright.predictors.scores import log_rank_scores, score_design

pytestmark = pytest.mark.long


def _r(package, script):
    """Run a script of R that prints numbers; skip with the reason where it cannot run."""
    command = shutil.which("Rscript")
    if command is None:
        pytest.skip("Rscript is not installed")
    asked = f'if (!requireNamespace("{package}", quietly=TRUE)) quit(status=9)\n'
    start = f"suppressMessages(library({package})); options(digits=15)\n"
    ran = subprocess.run([command, "-e", asked + start + script], capture_output=True, text=True)
    if ran.returncode == 9:
        pytest.skip(f"the R package {package} is not installed")
    assert ran.returncode == 0, ran.stderr
    return [float(each) for each in ran.stdout.split("numbers:")[1].split()]


def test_firth_logistic_is_brglm2s():
    """Random tables with a covariate: the same coefficient to 1e-7."""
    generator = np.random.default_rng(11)
    altered, dose = generator.integers(0, 2, 40), generator.integers(1, 4, 40)
    responded = (generator.random(40) < 0.2 + 0.3 * altered).astype(int)
    columns = [",".join(map(str, each)) for each in (responded, altered, dose)]

    said = _r("brglm2", f"""
        y <- c({columns[0]}); x <- c({columns[1]}); d <- c({columns[2]})
        f <- glm(y ~ x + d, family=binomial, method="brglmFit", type="AS_mean", epsilon=1e-12,
                 maxit=1000)
        cat("numbers:", coef(f)[2])""")  # fmt: skip

    cohort = Cohort("all", tuple(map(str, range(40))), ("A",) * 40,
                    {"dose": tuple(map(float, dose))})  # fmt: skip
    calls = tuple("altered" if each else "not altered" for each in altered)
    answers = tuple("yes" if each else "no" for each in responded)
    found = associate_response(Marker("x", "f", calls), cohort, Responses("y", answers),
                               adjusted_for=("dose",))  # fmt: skip
    assert found.firth.log_odds_ratio == pytest.approx(said[0], abs=1e-7)


def test_max_t_over_all_arrangements_is_multtests():
    """Raw p-values of all markers, and the smallest adjusted one."""
    generator = np.random.default_rng(12)
    altered = np.zeros((10, 5), dtype=bool)
    for column, carriers in enumerate((2, 3, 5, 7, 8)):  # none as many as either group
        altered[generator.permutation(10)[:carriers], column] = True
    rows = ",".join(str(int(each)) for each in altered.T.ravel())

    said = _r("multtest", f"""
        X <- matrix(c({rows}), 5, byrow=TRUE)
        capture.output(m <- mt.maxT(X, c(1,1,1,1,0,0,0,0,0,0), test="t.equalvar", side="abs", B=0))
        cat("numbers:", m$rawp[order(m$index)], min(m$adjp))""")  # fmt: skip

    every = np.zeros((10, 210))
    for place, own in enumerate(itertools.combinations(range(10), 4)):
        every[list(own), place] = 1
    design = score_design(np.ones_like(altered), altered, ["A"] * 10)
    _, alone, largest = tally(design, np.array([1.0] * 4 + [0.0] * 6), [every])
    assert alone / 210 == pytest.approx(said[:5], rel=1e-9)
    assert largest.min() / 210 == pytest.approx(said[5], rel=1e-9)


def test_the_log_rank_score_is_survdiffs_observed_less_expected():
    """Stratified by two arms, with ties."""
    generator = np.random.default_rng(13)
    days, had = generator.integers(1, 30, 60), generator.integers(0, 2, 60)
    altered, arms = generator.integers(0, 2, 60), generator.integers(0, 2, 60)
    columns = [",".join(map(str, each)) for each in (days, had, altered, arms)]

    said = _r("survival", f"""
        s <- survdiff(Surv(c({columns[0]}), c({columns[1]})) ~ c({columns[2]})
                      + strata(c({columns[3]})))
        cat("numbers:", sum(s$obs[2, ]) - sum(s$exp[2, ]))""")  # fmt: skip

    scores = log_rank_scores(days.astype(float), had == 1, [str(each) for each in arms])
    assert scores[altered == 1].sum() == pytest.approx(said[0], abs=1e-9)
