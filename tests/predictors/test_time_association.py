"""A marker and a time: Cox, Firth Cox, the landmark, and what permutations can reach."""

import itertools
import math

import numpy as np
import pytest

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.cox import cox
from trialwright.endpoints.log_rank import log_rank
from trialwright.predictors import time_association
from trialwright.predictors.markers import Cohort, Marker, Times
from trialwright.predictors.penalised import profile
from trialwright.predictors.scores import log_rank_scores, score_design, score_floor
from trialwright.predictors.time_association import associate_time

DAYS = (30, 45, 45, 60, 60, 75, 90, 90, 120, 150, 150, 180, 200, 210, 240, 240, 260, 300, 330, 360)
HAD = tuple(each == "1" for each in "11101111011011011001")
EARLY = "10110100001000000000"
NO_EVENT = "00000000000100100110"
DOSE = tuple(float(each) for each in "12012011200210221102")


def _cohort(arms="A"):
    """Give 20 participants whose arms repeat the letters."""
    return Cohort(
        "treated",
        tuple(f"P{place}" for place in range(20)),
        tuple(arms[place % len(arms)] for place in range(20)),
        {"dose level": DOSE},
    )


def _marker(carriers, **more):
    """Give a marker by ones and noughts; a point is not assayed."""
    calls = {"1": "altered", "0": "not altered", ".": "not assayed"}
    return Marker("ctDNA decrease", "cell-free DNA", tuple(map(calls.get, carriers)), **more)


# R 4.2.2 with survival 3.5.3: coxph(iter.max = 0) gives log likelihood and information at a value;
# optim and uniroot climb and cut log likelihood + log det(information) / 2.
@pytest.mark.parametrize(
    ("ties", "carriers", "adjusted_for", "expected"),
    [
        ("efron", EARLY, (), (1.723555069, 0.353754609, 3.047592794, 0.015466254)),
        ("efron", NO_EVENT, (), (-2.670050817, -7.526254787, -0.629772849, 0.004742608)),
        ("efron", EARLY, ("dose level",), (1.627943143, 0.100999193, 3.221882958, 0.037043572)),
        ("breslow", EARLY, (), (1.658570010, 0.298240785, 2.969319832, 0.018675928)),
        (
            "breslow",
            NO_EVENT,
            ("dose level",),
            (-2.720936254, -7.585864780, -0.649695483, 0.004613777),
        ),
    ],
)
def test_firth_cox_is_what_a_climb_in_r_finds(ties, carriers, adjusted_for, expected):
    """Estimate, both limits and the p-value, with and without a covariate."""
    found = associate_time(
        _marker(carriers), _cohort(), Times("PFS", DAYS, HAD), adjusted_for=adjusted_for, ties=ties
    ).firth

    got = (found.log_hazard_ratio, math.log(found.lower), math.log(found.upper), found.p)
    assert got == pytest.approx(expected, abs=5e-7)
    assert f"Firth Cox, ties {ties}" in found.because


def test_a_group_without_any_event_has_a_firth_estimate_alone():
    """A single covariate whose likelihood grows for ever is not estimable, and says so."""
    found = associate_time(_marker(NO_EVENT), _cohort(), Times("PFS", DAYS, HAD))

    assert not found.cox.is_estimable
    assert "the likelihood has no maximum" in found.because
    assert found.firth.hazard_ratio < 0.1


def test_the_score_of_the_altered_is_observed_less_expected():
    """R's survdiff: 4 - 1.3055319 without strata, 2.68492063492 stratified by two arms."""
    days, had = np.array(DAYS, float), np.array(HAD)
    altered = np.array([each == "1" for each in EARLY])

    whole = log_rank_scores(days, had, ["A"] * 20)
    within = log_rank_scores(days, had, ["AB"[place % 2] for place in range(20)])

    test = log_rank(DAYS, HAD, ["1" if each else "0" for each in altered])
    assert whole[altered].sum() == pytest.approx(test.observed[1] - test.expected[1], abs=1e-12)
    assert whole[altered].sum() == pytest.approx(4 - 1.3055319, abs=1e-7)
    assert within[altered].sum() == pytest.approx(2.68492063492, abs=1e-11)


def test_the_statistic_is_standardised_by_all_its_arrangements():
    """Mean and spread of the sum over every arrangement within arms, counted out."""
    scores = np.array([0.9, -0.4, 0.3, 0.8, -1.6, 0.5, 0.2, -0.7])
    arms = ["A"] * 4 + ["B"] * 4
    altered = np.array([1, 0, 0, 0, 0, 1, 0, 1], dtype=bool)
    sums = [
        scores[[a]].sum() + scores[[4 + b, 4 + c]].sum()
        for a in range(4)
        for b, c in itertools.combinations(range(4), 2)
    ]

    design = score_design(np.ones((8, 1), bool), altered[:, None], arms)

    expected = (scores[altered].sum() - np.mean(sums)) / np.std(sums)
    assert design.statistics(scores[:, None])[0, 0] == pytest.approx(expected, rel=1e-12)


def test_who_is_not_assayed_moves_no_statistic():
    """Dropping the participants is the same as saying that they are not assayed."""
    scores = np.array([0.9, -0.4, 0.3, 0.8, -1.6, 0.5])
    arms = ["A", "A", "A", "B", "B", "B"]
    assayed = np.array([1, 1, 0, 1, 1, 1], dtype=bool)
    altered = np.array([1, 0, 1, 1, 0, 0], dtype=bool)

    whole = score_design(assayed[:, None], altered[:, None], arms).statistics(scores[:, None])
    kept = [place for place in range(6) if assayed[place]]
    less = score_design(
        np.ones((5, 1), bool), altered[kept][:, None], [arms[place] for place in kept]
    ).statistics(scores[kept][:, None])

    assert whole == pytest.approx(less, rel=1e-12)
    assert whole[0, 0] != 0


@pytest.mark.parametrize("carriers", ["1100000000", "1010010000", "0000000011", "1111111110"])
@pytest.mark.parametrize("kind", ["response", "time"])
def test_the_floor_of_scores_is_what_counting_all_arrangements_gives(carriers, kind):
    """The share of arrangements within two arms whose sum lies furthest from its expectation."""
    arms = np.array(["A", "B"] * 5)
    had = np.array([1, 1, 0, 1, 0, 1, 1, 0, 0, 1], dtype=bool)
    days = np.array([3, 5, 5, 8, 9, 9, 12, 15, 15, 20], dtype=float)
    scores = had.astype(float) if kind == "response" else log_rank_scores(days, had, arms)
    altered = np.array([each == "1" for each in carriers])
    places = [np.flatnonzero(arms == arm) for arm in "AB"]
    picks = itertools.product(
        *(itertools.combinations(own, int(altered[own].sum())) for own in places)
    )
    expected = sum(scores[own].mean() * altered[own].sum() for own in places)
    gaps = np.abs([scores[[*a, *b]].sum() - expected for a, b in picks])

    floor = score_floor(scores, altered, arms)

    assert floor == pytest.approx((gaps > gaps.max() - 1e-9).mean(), rel=1e-12)


def test_a_marker_known_later_counts_only_those_followed_longer():
    """Who had the event, or was censored, by the landmark is left out, counted and named."""
    days = (20, 30, 31, 45, 60, None)
    had = (True, False, True, True, False, False)
    cohort = Cohort("treated", tuple(f"P{i}" for i in range(6)), ("A",) * 6)

    found = associate_time(
        _marker("101100", landmark_day=30), cohort, Times("PFS", days, had), ties="breslow"
    )

    assert found.basis.excluded == {
        "P0": "event by the landmark, day 30",
        "P1": "censored by the landmark, day 30",
        "P5": "PFS not followed",
    }
    assert (found.basis.participants, found.basis.events, found.basis.altered) == (3, 2, 2)
    assert "1 censored by the landmark, day 30, 1 event by the landmark, day 30" in found.because
    assert "Time from the landmark, day 30." in found.because
    assert found.landmark_day == 30


def test_ties_and_everything_else_that_was_taken_is_named():
    """Tie method, adjustment and the smallest attainable p stand in the sentence."""
    found = associate_time(
        _marker(EARLY), _cohort("AB"), Times("PFS", DAYS, HAD), adjusted_for=("arm", "dose level"),
        conventions=Conventions("SAS"),
    )  # fmt: skip

    assert found.ties == found.cox.ties == found.firth.ties == "breslow"
    assert found.firth.adjusted_for == ("arm B", "dose level")
    assert "Cox, ties breslow: ctDNA decrease: hazard ratio" in found.because
    assert "adjusted for arm B, dose level" in found.because
    assert f"smallest attainable p, permuted within arms, {found.floor:.6g}" in found.because


@pytest.mark.parametrize(("carriers", "had"), [("0" * 20, HAD), (EARLY, (False,) * 20)])
def test_nothing_is_estimated_where_nothing_differs(carriers, had):
    """Nobody altered, or no event: no estimate, and no p-value but 1 can be reached."""
    found = associate_time(_marker(carriers), _cohort(), Times("PFS", DAYS, had))

    assert found.firth is None
    assert not found.cox.is_estimable
    assert found.floor == 1


def test_a_covariate_that_repeats_the_marker_leaves_no_regression():
    """Neither regression can tell the two apart."""
    cohort = Cohort("treated", _cohort().numbers, ("A",) * 20,
                    {"prior": tuple(float(each) for each in EARLY)})  # fmt: skip

    found = associate_time(_marker(EARLY), cohort, Times("PFS", DAYS, HAD), adjusted_for=("prior",))

    assert found.firth is None
    assert not found.cox.is_estimable


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_one_covariate_without_a_maximum_is_not_estimable(ties):
    """Its information shrinks to nothing, which no ratio of directions shows where there is one."""
    column = np.array([[float(each)] for each in NO_EVENT])

    found = cox(DAYS, HAD, column, ["marker"], Conventions(), ties=ties)

    assert not found.is_estimable


def test_markers_that_say_the_same_share_one_profile(monkeypatch):
    """The second is looked up by its data, whatever its name; another level is worked out anew."""
    done = []

    def counted(*given):
        """Note the level, and work it out."""
        done.append(given[-1])
        return profile(*given)

    monkeypatch.setattr(time_association, "profile", counted)
    time_association._profile.cache_clear()
    times = Times("PFS", DAYS, HAD)
    first, again = (associate_time(_marker(EARLY), _cohort(), times).firth for _ in range(2))
    other = associate_time(
        _marker(EARLY), _cohort(), times, conventions=Conventions(conf_level=0.9)
    ).firth
    time_association._profile.cache_clear()

    assert first == again
    assert done == [0.95, 0.9]
    assert first.lower < other.lower
