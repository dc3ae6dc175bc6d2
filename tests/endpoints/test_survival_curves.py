"""Kaplan-Meier, log-rank and Cox against the numbers of R's survival package, and by hand."""

import csv
import json
import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.cox import cox
from trialwright.endpoints.kaplan_meier import (
    kaplan_meier,
    landmark,
    quantile,
    reverse_kaplan_meier,
)
from trialwright.endpoints.log_rank import log_rank
from trialwright.terms.errors import Refusal

TYPES = ("log-log", "log", "plain")
COLUMN = {"gbsg_rfs_by_hormon": ("gbsg", "rfstime", "status", "1", "hormon")}
"""Case of R's numbers: file, time, status, its value for an event, group."""


@cache
def _loaded(path):
    """Read a file of reference numbers."""
    return json.loads(path.read_text(encoding="utf-8"))


def _rows(shared, name):
    """Read a data set that R ships."""
    path = shared / "reference" / "endpoints" / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _groups(shared):
    """Give every group of R's numbers: name, times, events, and what R says."""
    folder = shared / "reference" / "endpoints"
    for case in _loaded(folder / "km_hand.json")["cases"].values():
        given_ = case["input"]
        for name, said in case["groups"].items():
            own = [name == "All" or name.endswith(str(each)) for each in given_["group"] or [""]]
            own = own * (len(given_["time"]) if not given_["group"] else 1)
            pick = [place for place, is_own in enumerate(own) if is_own]
            yield (
                f"{case['name']} {name}",
                [given_["time"][place] for place in pick],
                [given_["status"][place] == 1 for place in pick],
                said,
            )
    for key, case in _loaded(folder / "km_datasets.json")["cases"].items():
        if key in COLUMN:
            times, events, groups = _data(shared, key)
            for name, said in case["groups"].items():
                own = np.array([each == name for each in groups])
                yield f"{key} {name}", times[own], events[own], said


def _data(shared, key):
    """Give times, events and groups of a data set."""
    name, time, status, event, group = COLUMN[key]
    rows = _rows(shared, name)
    return (
        np.array([float(row[time]) for row in rows]),
        np.array([row[status] == event for row in rows]),
        [f"{group}{row[group]}" for row in rows],
    )


def _near(said):
    """Give what equals R's number to 1e-6 of it; None is not estimable."""
    return None if said is None else pytest.approx(said, rel=1e-6, abs=1e-12)


def test_medians_quantiles_and_limits_are_those_of_r(shared):
    """Every quantile with both limits, on each of three scales."""
    count = 0
    for name, times, events, said in _groups(shared):
        for scale in TYPES:
            curve = kaplan_meier(times, events, Conventions(conf_type=scale))
            for word, share in (("median", 0.5), ("q25", 0.25), ("q75", 0.75)):
                found = quantile(curve, share)
                wanted = [said[scale][f"{word}{end}"] for end in ("", "_lower", "_upper")]
                assert [found.time, found.lower, found.upper] == [_near(w) for w in wanted], (
                    name, scale, word)  # fmt: skip
                count += 1

    assert count >= 63


def test_survival_at_landmarks_is_that_of_r(shared):
    """S(t), its standard error, limits and the number at risk, on each scale."""
    count = 0
    for name, times, events, said in _groups(shared):
        for scale in TYPES:
            curve = kaplan_meier(times, events, Conventions(conf_type=scale))
            for wanted in said[scale]["landmark"]:
                found = landmark(curve, wanted["time"])
                parts = ("survival", "std_error", "lower", "upper")
                keys = ("surv", "std_err", "lower", "upper")
                assert [getattr(found, part) for part in parts] == [
                    _near(wanted[key]) for key in keys
                ], (name, scale, wanted["time"])
                assert found.at_risk == wanted["n_risk"]
                count += 1

    assert count >= 80


def test_median_follow_up_is_that_of_r(shared):
    """Reverse Kaplan-Meier with log-log limits."""
    folder = shared / "reference" / "endpoints"
    cases = {**_loaded(folder / "km_hand.json")["cases"]}
    found, wanted = {}, {}
    for key, case in cases.items():
        if case["input"]["group"]:
            continue
        events = [each == 1 for each in case["input"]["status"]]
        median = quantile(reverse_kaplan_meier(case["input"]["time"], events, Conventions()), 0.5)
        found[key] = [median.time, median.lower, median.upper]
        said = case["reverse_km_median_followup"]
        wanted[key] = [_near(said[end]) for end in ("median", "lower", "upper")]

    assert found == wanted
    assert len(found) >= 5


def test_the_test_of_peto_weighs_each_day_by_survival_before_it():
    """Days 1 and 3 with events of one group, 2 and 4 of the other: 1, 3/4, 1/2, 1/4 by hand."""
    test = log_rank([1, 2, 3, 4], [True] * 4, ["A", "B", "A", "B"], rho=1)
    gap = 1 * (1 - 1 / 2) + 3 / 4 * (0 - 1 / 3) + 1 / 2 * (1 - 1 / 2)
    spread = 1 * 1 / 4 + 9 / 16 * 2 / 9 + 1 / 4 * 1 / 4

    assert test.chi_square == pytest.approx(gap**2 / spread, rel=1e-12)
    assert "power 1" in test.because
    assert log_rank([1, 2], [True] * 2, ["A", "B"], rho=0) == log_rank(
        [1, 2], [True] * 2, ["A", "B"]
    )


@pytest.mark.parametrize("rho", [-1, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(rho):
    """The power of the weights is 0 or more."""
    with pytest.raises(Refusal, match="rho"):
        log_rank([1, 2], [True] * 2, ["A", "B"], rho=rho)


def test_the_test_of_peto_is_that_of_r(shared):
    """R's survdiff with rho of 1 on relapse in the GBSG trial."""
    case = json.loads((shared / "reference/endpoints/km_datasets.json").read_text())["cases"][
        "gbsg_rfs_by_hormon"
    ]
    lines = (shared / "reference/endpoints/data/gbsg.csv").read_text().splitlines()
    rows = list(csv.DictReader(lines))
    test = log_rank(
        [float(row["rfstime"]) for row in rows],
        [row["status"] == "1" for row in rows],
        [row["hormon"] for row in rows],
        rho=1,
    )

    said = case["peto_peto_rho1"]
    assert test.chi_square == pytest.approx(said["chisq"], rel=1e-9)
    assert test.p == pytest.approx(said["p"], rel=1e-9)


def test_log_rank_and_cox_are_those_of_r(shared):
    """Statistic, expected events, coefficient, limits, likelihoods, with ties by both ways."""
    cases = _loaded(shared / "reference" / "endpoints" / "km_datasets.json")["cases"]
    count = 0
    for key, case in cases.items():
        if key not in COLUMN:
            continue
        times, events, groups = _data(shared, key)
        test = log_rank(times, events, groups)
        said = case["logrank"]
        assert (test.chi_square, test.p, test.df) == (
            _near(said["chisq"]), _near(said["p"]), said["df"])  # fmt: skip
        assert list(test.observed) == said["observed"]
        assert list(test.expected) == [_near(each) for each in said["expected"]]
        for ties in ("efron", "breslow"):
            said = case[f"cox_{ties}"]
            other = np.array([[float(each != said["ref"])] for each in groups])
            fit = cox(times, events, other, ["other"], Conventions(), ties=ties)
            term = fit.terms[0]
            assert [term.coefficient, term.std_error, term.hazard_ratio, term.lower, term.upper,
                    term.p, *fit.log_likelihood, fit.score_chi_square, fit.ratio_chi_square] == [
                _near(each)
                for each in (said["coef"], said["se"], said["hr"], said["lower95"],
                             said["upper95"], said["p_wald"], *said["loglik"],
                             said["score_chisq"], said["lrt_chisq"])
            ], (key, ties)  # fmt: skip
            count += 1

    assert count >= 2


def test_cox_of_several_covariates_is_that_of_r(shared):
    """Eight covariates of the breast cancer data set."""
    said = _loaded(shared / "reference" / "endpoints" / "km_datasets.json")["cases"][
        "gbsg_cox_multivariable"
    ]
    rows = _rows(shared, "gbsg")
    values = np.array([[float(row[name]) for name in said["terms"]] for row in rows])

    times, events, _ = _data(shared, "gbsg_rfs_by_hormon")
    fit = cox(times, events, values, said["terms"], Conventions())

    assert [term.coefficient for term in fit.terms] == [_near(each) for each in said["coef"]]
    assert [term.std_error for term in fit.terms] == [_near(each) for each in said["se"]]
    assert list(fit.log_likelihood) == [_near(each) for each in said["loglik"]]


def test_where_the_curve_ends_at_one_half_r_and_sas_differ(shared):
    """The median of ten times is 102.5 by R and none by SAS; past the last day likewise."""
    told = _loaded(shared / "reference" / "endpoints" / "conventions.json")
    times, events = told["data"]["time"], [each == 1 for each in told["data"]["status"]]
    by = {name: kaplan_meier(times, events, Conventions(name)) for name in ("R", "SAS")}
    late = told["landmark_day_120_after_last_censored_118"]["R (extend)"]

    assert quantile(by["R"], 0.5).time == told["median"]["R survfit"] == 102.5
    assert quantile(by["SAS"], 0.5).time is told["median"]["SAS LIFETEST"] is None
    assert quantile(by["R"], 0.25).time == quantile(by["SAS"], 0.25).time == 77
    found = landmark(by["R"], 120)
    assert (found.survival, found.lower, found.upper) == (
        late["surv"], _near(late["lower_loglog"]), _near(late["upper_loglog"]))  # fmt: skip
    assert landmark(by["SAS"], 120).survival is None
    assert "convention SAS, 95 % limits log-log" in quantile(by["SAS"], 0.5).because


def test_a_group_without_events_has_no_hazard_ratio():
    """The likelihood grows for ever: not estimable, with the reason."""
    apart = np.array([[1.0], [1.0], [0.0], [0.0]])

    fit = cox([1, 2, 3, 4], [True, True, False, False], apart, ["x"], Conventions())

    assert not fit.is_estimable
    assert "the likelihood has no maximum" in fit.because
    assert fit.log_likelihood is None


@pytest.mark.parametrize(
    ("events", "column", "why"),
    [
        ([False] * 4, [1, 0, 1, 0], "no event was seen"),
        ([True] * 4, [1, 1, 1, 1], "the same for everybody"),
    ],
)
def test_cox_without_anything_to_estimate_says_so(events, column, why):
    """No event, or nobody who differs."""
    fit = cox([1, 2, 3, 4], events, np.array([column], float).T, ["x"], Conventions())

    assert (fit.is_estimable, why in fit.because) == (False, True)


def test_two_covariates_that_say_the_same_are_not_estimable():
    """One column twice."""
    both = np.array([[1.0, 1.0], [0, 0], [1, 1], [0, 0]])

    assert not cox([1, 2, 3, 4], [True] * 4, both, ["x", "y"], Conventions()).is_estimable


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_a_covariate_nobody_at_risk_together_differs_in_is_not_estimable(ties):
    """The one of the other group leaves before the first event; or each stratum is one group."""
    left = np.array([[1.0], [1], [1], [1], [0], [1]])
    times = [0.75, 0.25, 0.25, 1, 0.25, 0.5]
    seen = [False, False, False, True, False, True]

    fit = cox(times, seen, left, ["x"], Conventions(), ties=ties)
    beside = np.hstack([left, [[0.3], [1.1], [-2], [0.7], [0], [1.9]]])
    two = cox(times, seen, beside, ["x", "y"], Conventions(), ties=ties)
    strata = cox(times, [True] * 6, left, ["x"], Conventions(), ties=ties, strata=list("bbbbab"))

    for each in (fit, two, strata):
        assert (each.terms, each.log_likelihood) == ((), None)
        assert "the same for all who were at risk together" in each.because


def test_who_leaves_before_the_first_event_changes_no_hazard_ratio():
    """The estimate of those who stay, of whom each group has events."""
    times, seen = [1, 1, 2, 3, 4, 5, 6], [False, False, True, True, True, True, False]
    x = np.array([[0.0], [40], [1], [0], [0], [1], [0]])

    everybody = cox(times, seen, x, ["x"], Conventions()).terms[0]
    stayed = cox(times[2:], seen[2:], x[2:], ["x"], Conventions()).terms[0]

    assert everybody.coefficient == pytest.approx(stayed.coefficient, rel=1e-9)
    assert everybody.std_error == pytest.approx(stayed.std_error, rel=1e-9)


def test_cox_by_strata_equals_a_likelihood_written_out():
    """Two strata of three, no ties: the coefficient at which the score written out is 0."""
    times, events = [1, 2, 3, 1, 2, 3], [True, True, False, True, False, True]
    x, strata = [1.0, 0, 1, 0, 1, 1], ["a"] * 3 + ["b"] * 3

    term = cox(times, events, np.array([x]).T, ["x"], Conventions(), strata=strata).terms[0]

    r = math.exp(term.coefficient)
    score = (1 - 2 * r / (2 * r + 1)) + (0 - r / (1 + r)) + (0 - 2 * r / (2 * r + 1)) + (1 - 1)
    assert score == pytest.approx(0, abs=1e-9)


def test_nobody_gives_no_estimate():
    """An empty curve has no median, no landmark and no log-rank."""
    curve = kaplan_meier([], [], Conventions())

    assert (quantile(curve, 0.5).time, landmark(curve, 5).survival) == (None, None)
    assert log_rank([], [], []).chi_square is None
    assert log_rank([1, 2], [True, False], ["A", "A"]).p is None


def test_a_curve_by_hand():
    """Four participants: an event at 1, a censoring at 2, an event at 3, a censoring at 4."""
    curve = kaplan_meier([3, 1, 4, 2], [True, True, False, False], Conventions())

    assert curve.times == (1, 2, 3, 4)
    assert (curve.at_risk, curve.died, curve.censored) == (
        (4, 3, 2, 1), (1, 0, 1, 0), (0, 1, 0, 1))  # fmt: skip
    assert curve.survival == (0.75, 0.75, 0.375, 0.375)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.sampled_from("AB")), max_size=30),
    st.randoms(use_true_random=False),
)
def test_order_of_participants_changes_nothing(people, random):
    """Shuffled rows give the same curve, quantiles and test."""
    turned = random.sample(people, len(people))

    def told(rows):
        columns = ([row[at] for row in rows] for at in range(3))
        times, events, groups = columns
        curve = kaplan_meier(times, events, Conventions())
        return curve, quantile(curve, 0.5), log_rank(times, events, groups)

    assert told(people) == told(turned)


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=30))
def test_curves_fall_and_limits_hold_them(people):
    """S(t) never rises and lies within its limits; everybody is at risk, dead or gone."""
    times, events = [each[0] for each in people], [each[1] for each in people]
    for scale in TYPES:
        curve = kaplan_meier(times, events, Conventions(conf_type=scale))
        left = len(people) - sum(curve.died) - sum(curve.censored)
        columns = zip(curve.lower, curve.survival, curve.upper, strict=True)

        assert left == 0
        assert list(curve.survival) == sorted(curve.survival, reverse=True)
        assert all(
            low is None or low - 1e-12 <= here <= high + 1e-12 for low, here, high in columns
        )


@pytest.mark.parametrize(
    ("times", "events"),
    [([1, 2], [True]), ([-1], [True]), ([math.nan], [True]), ([math.inf], [False])],
)
def test_times_that_are_none_are_refused(times, events):
    """Different lengths, negative times and what is no number."""
    with pytest.raises(Refusal):
        kaplan_meier(times, events, Conventions())
    with pytest.raises(Refusal):
        log_rank(times, events, ["A"] * len(times))


def test_levels_and_shares_that_are_none_are_refused():
    """A level or share of 0 or 1 means nothing, nor does a negative time."""
    curve = kaplan_meier([1], [True], Conventions())
    for wrong in (
        lambda: Conventions(conf_level=1),
        lambda: Conventions(conf_level=0),
        lambda: quantile(curve, 0),
        lambda: quantile(curve, 1),
        lambda: landmark(curve, -1),
        lambda: cox([1], [True], np.array([[math.nan]]), ["x"], Conventions()),
        lambda: cox([1], [True], np.array([[1.0]]), ["x", "y"], Conventions()),
        lambda: log_rank([1], [True], []),
    ):
        with pytest.raises(Refusal):
            wrong()


def test_without_a_covariate_there_is_no_hazard_ratio():
    """One group alone: nothing is compared."""
    fit = cox([1, 2], [True, True], np.empty((2, 0)), [], Conventions())

    assert (fit.is_estimable, fit.events) == (False, 2)
