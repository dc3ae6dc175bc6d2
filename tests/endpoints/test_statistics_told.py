"""Statistics word for word: what is told of an estimate, and what a wrong question is told."""

import math

import numpy as np
import pytest

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.cox import cox
from trialwright.endpoints.fisher import fisher_exact
from trialwright.endpoints.hazards import hazards
from trialwright.endpoints.kaplan_meier import kaplan_meier, landmark, quantile
from trialwright.endpoints.log_rank import log_rank
from trialwright.endpoints.proportions import clopper_pearson, proportion
from trialwright.endpoints.restricted_mean import restricted_mean
from trialwright.terms.errors import Refusal

R, SAS = Conventions(), Conventions("SAS", "log", 0.9)
CURVE = kaplan_meier([3, 1, 4, 2], [True, True, False, False], R)


def _wrong_groups():
    """Ask for a test with a group too few."""
    return log_rank([1, 2], [True, True], ["A"])


@pytest.mark.parametrize(
    ("asked", "where", "found", "allowed", "do"),
    [
        (
            lambda: Conventions(conf_level=1.5),
            "conf_level", "1.5", "above 0 and below 1", "Give it as 0.95",
        ),
        (
            lambda: kaplan_meier([1, 2], [True], R),
            "had_event", "1 for 2 times", "one for each time", "Give both of every participant",
        ),
        (
            lambda: kaplan_meier([[1.0]], [[True]], R),
            "had_event", "1 for 1 times", "one for each time", "Give both of every participant",
        ),
        (
            lambda: kaplan_meier([1, -1], [True, True], R),
            "times", "a time below 0, or none", "numbers from 0 on", "Correct the times",
        ),
        (
            lambda: quantile(CURVE, 1.5),
            "share", "1.5", "above 0 and below 1", "Give 0.5 for the median",
        ),
        (
            lambda: landmark(CURVE, -2),
            "time", "-2", "0 or later", "Give a time after the start",
        ),
        (
            lambda: restricted_mean(CURVE, 0),
            "horizon", "0", "above 0", "Give a time after the start",
        ),
        (
            lambda: log_rank([1], [True], ["A"], rho=-1),
            "rho", "-1", "0 or more", "0 is the log-rank test, 1 that of Peto",
        ),
        (
            _wrong_groups,
            "groups", "1 for 2 times", "one for each time", "Give the group of every participant",
        ),
        (
            lambda: cox([1, 2], [True, True], np.ones((2, 1)), ["x", "y"], R),
            "covariates", "shape (2, 1), 2 names",
            "shape (2, names), a stratum for each time",
            "Give every covariate of every participant",
        ),
        (
            lambda: cox([1, 2], [True, True], np.ones((2, 1)), ["x"], R, strata=["a"]),
            "covariates", "shape (2, 1), 1 names",
            "shape (2, names), a stratum for each time",
            "Give every covariate of every participant",
        ),
        (
            lambda: cox([1, 2], [True, True], np.array([[1.0], [math.inf]]), ["x"], R),
            "covariates", "a number that is none", "finite numbers",
            "Leave out participants without the covariate",
        ),
        (
            lambda: fisher_exact((1, 3), (-2, 2)),
            "counts", "(1, 3) and (-2, 2)", "0 or more", "Correct the counts",
        ),
        (
            lambda: fisher_exact((1, 3), (2, 2), 0),
            "conf_level", "0", "above 0 and below 1", "Give it as 0.95",
        ),
        (
            lambda: clopper_pearson(3, 2, 0.9),
            "having", "3 of 2", "0 or more, at most the participants, who are 1 or more",
            "Correct the counts",
        ),
        (
            lambda: clopper_pearson(1, 2, 1),
            "conf_level", "1", "above 0 and below 1", "Give it as 0.95",
        ),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_what_is_allowed(asked, where, found, allowed, do):
    """The place, what stands there, what may stand there and what to do."""
    with pytest.raises(Refusal) as refused:
        asked()

    assert [(one.where, one.found, one.allowed, one.do) for one in refused.value.faults] == [
        (where, found, allowed, do)
    ]


def test_the_ends_of_what_is_allowed_are_answered():
    """A time of 0, everybody or nobody of one participant, and counts of 0."""
    assert landmark(CURVE, 0).survival == 1
    assert kaplan_meier([0, 1], [True, True], R).survival == (0.5, 0)
    assert clopper_pearson(0, 1, 0.9)[0] == 0
    assert clopper_pearson(1, 1, 0.9)[1] == 1
    assert fisher_exact((0, 0), (0, 0)).p == 1


def test_a_survival_curve_is_told_in_full():
    """Quantile and landmark with limits and conventions; what is not estimable is NE."""
    assert quantile(CURVE, 0.5).because == (
        "Median 3 (1 to NE; convention R, 95 % limits log-log)."
    )
    assert quantile(CURVE, 0.25).because == (
        "25 % quantile 2 (1 to NE; convention R, 95 % limits log-log)."
    )
    assert landmark(CURVE, 0.5).because == (
        "S(0.5) 1 (1 to 1; convention R, 95 % limits log-log), 4 at risk."
    )
    assert landmark(kaplan_meier([], [], SAS), 2).because == (
        "S(2) NE (NE to NE; convention SAS, 90 % limits log), 0 at risk."
    )


@pytest.mark.parametrize(
    ("time", "at_risk", "survival"),
    [(0, 4, 1), (1, 4, 0.75), (2, 3, 0.75), (2.5, 2, 0.75), (3, 2, 0.375), (4, 1, 0.375),
     (4.5, 0, 0.375)],
)  # fmt: skip
def test_a_landmark_counts_those_still_followed_just_before_it(time, at_risk, survival):
    """Those who leave on the day are at risk on it; S(t) is that from the day on."""
    found = landmark(CURVE, time)

    assert (found.time, found.at_risk, found.survival) == (time, at_risk, survival)
    assert found.conventions == R


def test_greenwoods_error_by_hand():
    """Four, one event: sqrt(1/(4 x 3)); two, one event: plus 1/(2 x 1)."""
    assert CURVE.spread == pytest.approx(
        [math.sqrt(1 / 12), math.sqrt(1 / 12), math.sqrt(7 / 12), math.sqrt(7 / 12)]
    )
    assert landmark(CURVE, 3).std_error == pytest.approx(0.375 * math.sqrt(7 / 12))


def test_a_curve_that_reaches_nobody_has_no_limits_there():
    """S(t) of 0 has neither error nor limits; past it nothing is carried on but 0."""
    curve = kaplan_meier([1, 2], [True, True], SAS)

    assert (curve.survival, curve.spread[1], curve.lower[1], curve.upper[1]) == (
        (0.5, 0), None, None, None)  # fmt: skip
    assert (landmark(curve, 9).survival, landmark(curve, 9).std_error) == (0, None)


@pytest.mark.parametrize("shift", [0, 0.5, 200_000])
def test_whole_days_fractions_and_late_times_are_counted_alike(shift):
    """The same order of times has the same curve, whichever way they are sorted."""
    times, events = [3, 1, 4, 2, 1], [True, True, False, False, False]

    moved = kaplan_meier([time + shift for time in times], events, R)
    plain = kaplan_meier(times, events, R)

    assert moved.times == tuple(time + shift for time in plain.times) == tuple(
        time + shift for time in (1, 2, 3, 4))  # fmt: skip
    assert (moved.at_risk, moved.died, moved.censored, moved.survival) == (
        plain.at_risk, plain.died, plain.censored, plain.survival)  # fmt: skip
    assert (plain.at_risk, plain.died, plain.censored) == ((5, 3, 2, 1), (1, 0, 1, 0), (1, 1, 0, 1))


def test_a_log_rank_test_by_hand_is_told_in_full():
    """A on days 1 and 3, B on days 2 and 4: expected 1/2 + 1/3 + 1/2 of A, variance 13/18."""
    found = log_rank([1, 2, 3, 4], [True] * 4, ["A", "B", "A", "B"])

    gap, spread = 2 - (1 / 2 + 1 / 3 + 1 / 2), 1 / 4 + 2 / 9 + 1 / 4
    assert found.expected == pytest.approx((4 / 3, 8 / 3))
    assert (found.groups, found.participants, found.observed, found.df) == (
        ("A", "B"), (2, 2), (2, 2), 1)  # fmt: skip
    assert found.chi_square == pytest.approx(gap**2 / spread)
    assert (
        found.because
        == f"Log-rank test: chi-square {gap**2 / spread:.6g} on 1 df, p = {found.p:.6g}."
    )


def test_a_log_rank_test_that_is_not_estimable_is_told():
    """One group, nobody, or a group that left before the first event; with its weight."""
    alone = log_rank([1, 2], [True, True], ["A", "A"], rho=0.5)
    left = log_rank([1, 2, 3], [False, True, True], ["A", "B", "B"])

    assert (alone.chi_square, alone.p, alone.df) == (None, None, 0)
    assert alone.because == (
        "Log-rank test, weighed by survival to the power 0.5: not estimable, fewer than two groups "
        "could have had an event."
    )
    assert (left.groups, left.df, left.p) == (("A", "B"), 0, None)
    assert log_rank([], [], []).groups == ()
    assert log_rank([1, 2], [False, False], ["A", "B"]).p is None


def test_a_third_group_that_could_have_no_event_takes_no_degree_of_freedom():
    """It left before anybody had one: the test is that of the two others."""
    times, seen, groups = [1, 2, 3, 4, 5], [True] * 5, ["A", "B", "A", "B", "A"]
    two = log_rank(times, seen, groups)
    three = log_rank([*times, 0.5], [*seen, False], [*groups, "0"])

    assert (three.df, three.chi_square, three.p) == (1, pytest.approx(two.chi_square),
                                                     pytest.approx(two.p))  # fmt: skip
    assert three.expected[0] == 0


def test_a_cox_regression_is_told_in_full():
    """Of one 0 and two 1, order 1 0 1: the hazard ratio is 1/sqrt 2 in closed form."""
    x = np.array([[1.0], [0], [1]])

    fit = cox([1, 2, 3], [True, True, True], x, ["drug"], SAS)

    term = fit.terms[0]
    assert (term.name, fit.participants, fit.events, fit.ties) == ("drug", 3, 3, "breslow")
    w = 0.5**0.5
    at_best = math.log(w / (1 + 2 * w)) + math.log(1 / (1 + w))
    assert fit.log_likelihood == pytest.approx((math.log(1 / 6), at_best))
    assert fit.ratio_chi_square == pytest.approx(2 * (at_best - math.log(1 / 6)))
    assert fit.score_chi_square == pytest.approx((1 - 2 / 3 - 1 / 2) ** 2 / (2 / 9 + 1 / 4))
    information = 2 * w / (1 + 2 * w) ** 2 + w / (1 + w) ** 2
    assert term.std_error == pytest.approx(information**-0.5)
    assert term.lower == pytest.approx(w * math.exp(-1.6448536 * information**-0.5))
    assert term.upper == pytest.approx(w * math.exp(1.6448536 * information**-0.5))
    assert fit.because == (
        f"Cox, ties breslow: drug: hazard ratio 0.707107 ({term.lower:.6g} to {term.upper:.6g}), "
        f"p = {term.p:.6g} (90 % Wald limits; convention SAS)."
    )


def test_two_covariates_are_told_one_after_the_other():
    """Each with its own name, in the order given; the p-value has two degrees of freedom."""
    x = np.array([[1.0, 3], [0, 1], [1, 2], [0, 5], [1, 4]])

    fit = cox([1, 2, 3, 4, 5], [True] * 5, x, ["drug", "age"], R)

    drug, age = fit.terms
    assert fit.because.startswith("Cox, ties efron: drug: hazard ratio ")
    assert f"; age: hazard ratio {age.hazard_ratio:.6g} ({age.lower:.6g} to " in fit.because
    assert fit.p == pytest.approx(math.exp(-fit.ratio_chi_square / 2))
    assert (drug.name, age.name) == ("drug", "age")


@pytest.mark.parametrize(
    ("events", "column", "why"),
    [
        ([False] * 4, [1, 0, 1, 0], "no event was seen"),
        ([True] * 4, [1, 1, 1, 1], "a covariate is the same for everybody"),
        ([True, True, False, False], [1, 1, 0, 0],
         "the likelihood has no maximum: a covariate orders the events perfectly, or says what "
         "others say"),
    ],
)  # fmt: skip
def test_a_cox_regression_that_is_not_estimable_is_told(events, column, why):
    """With the counts, and nothing estimated."""
    fit = cox([1, 2, 3, 4], events, np.array([column], float).T, ["x"], SAS)

    assert fit.because == f"Cox, ties breslow: not estimable, {why} (convention SAS)."
    assert (fit.participants, fit.events, fit.terms) == (4, sum(events), ())
    assert (fit.log_likelihood, fit.score_chi_square, fit.ratio_chi_square, fit.p) == (
        None, None, None, None)  # fmt: skip
    assert (fit.ties, fit.conventions) == ("breslow", SAS)


def test_the_odds_ratio_and_its_absence_are_told():
    """Fisher's test at another level, and with one table alone."""
    found = fisher_exact((3, 1), (1, 3), 0.9)

    assert found.because == (
        f"Fisher's exact test: p = 0.485714, conditional odds ratio {found.odds_ratio:.6g} "
        f"({found.lower:.6g} to {found.upper:.6g}, 90 % exact limits)."
    )
    assert found.conf_level == 0.9
    alone = fisher_exact((0, 5), (0, 7))
    assert alone.because == "Fisher's exact test: p = 1, the odds ratio is not estimable."
    assert alone.conf_level == 0.95


def test_proportions_are_told_with_and_without_anybody():
    """What can still come is told only when something can."""
    found = proportion("clinical benefit rate", "benefit-evaluable", {}, 0.9)

    assert found.because == (
        "clinical benefit rate: not estimable, nobody is in the analysis set benefit-evaluable."
    )
    assert (found.endpoint, found.analysis_set, found.having, found.participants, found.open) == (
        "clinical benefit rate", "benefit-evaluable", 0, 0, 0)  # fmt: skip
    assert (found.method, found.conf_level) == ("Clopper-Pearson", 0.9)


def test_hazards_name_what_is_compared():
    """Nobody at all has no reference."""
    found = hazards("overall survival", "dose level", [], R)

    assert (found.endpoint, found.by, found.reference) == ("overall survival", "dose level", "")
    assert found.because == (
        "overall survival by dose level, stratified by arm (nobody): Cox: not estimable, there are "
        "no two groups."
    )


def test_a_restricted_mean_without_an_answer_is_told():
    """Past the end of a curve by SAS, and of nobody."""
    past = restricted_mean(kaplan_meier([2, 6], [True, False], SAS), 10)

    assert past.because == "Mean up to 10 not estimable (convention SAS, 90 % limits log)."
    assert (past.horizon, past.mean, past.std_error, past.conventions) == (10, None, None, SAS)
    empty = restricted_mean(kaplan_meier([], [], R), 4)
    assert (empty.horizon, empty.std_error, empty.conventions) == (4, None, R)


@pytest.mark.parametrize("scale", ["log-log", "log", "plain"])
def test_before_the_first_event_survival_is_certain(scale):
    """A censoring on day 1 leaves S(t) at 1, with limits of 1 on every scale."""
    curve = kaplan_meier([1, 2, 3], [False, True, False], Conventions(conf_type=scale))

    assert (curve.survival[0], curve.lower[0], curve.upper[0]) == (1, 1, 1)
    assert landmark(curve, 1).lower == landmark(curve, 1).upper == 1


def test_a_log_rank_test_of_one_event():
    """One of A dies beside one of B: expected 1/2 of each, variance 1/4, chi-square 1."""
    found = log_rank([1, 2], [True, False], ["A", "B"])

    assert (found.expected, found.df) == ((0.5, 0.5), 1)
    assert found.chi_square == pytest.approx(1)


def test_the_mean_of_one_participant_past_the_last_day():
    """Censored on day 6: R carries 1 on to day 10, SAS gives no answer."""
    by_r, by_sas = (
        restricted_mean(kaplan_meier([6], [False], conventions), 10) for conventions in (R, SAS)
    )

    assert (by_r.mean, by_r.std_error, by_r.conventions) == (10, 0, R)
    assert (by_sas.mean, by_sas.conventions) == (None, SAS)
