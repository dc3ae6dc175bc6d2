"""What predictors say, whole: who is counted, what is refused, and sentences worked by hand."""

import math
from itertools import combinations

import numpy as np
import pytest

from trialwright.predictors.adjustment import adjustment
from trialwright.predictors.basis import ONE_ARM, POOLED, counted_for_response, counted_for_time
from trialwright.predictors.exact import (
    TwoByTwo,
    boschloo_p,
    conditional_odds,
    exact_floor,
    exact_p,
    fisher_p,
    table_of,
)
from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.multiplicity import benjamini_hochberg, tarone
from trialwright.predictors.reads import Reads, fraction_change
from trialwright.predictors.response_association import associate_response
from trialwright.predictors.scores import log_rank_scores, score_floor
from trialwright.predictors.time_association import associate_time
from trialwright.terms.errors import Fault, Refusal

ORDER = "Give every participant in the order of the cohort"
SIX = tuple(f"P-{place}" for place in range(1, 7))
COVARIATES = {"dose level": (1, 2, 1, 2, 1, 1), "same": (1,) * 6}
COHORT = Cohort("safety", SIX, ("A", "A", "B", "B", "A", "B"), COVARIATES)
CALLS = ("altered", "not altered", "altered", "not altered", "germline", "not assayed")
MARKER = Marker("pik3ca", "tissue DNA", CALLS, "pre-specified")


def _faults(asked):
    """Give the faults of a refusal."""
    with pytest.raises(Refusal) as refused:
        asked()
    return list(refused.value.faults)


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        (
            lambda: Cohort("safety", ("1", "2", "1"), ("A",), {"age": (1.0, 2.0)}),
            [
                ("arms", "1 entries", "3, one for each participant", ORDER),
                ("covariates.age", "2 entries", "3, one for each participant", ORDER),
                ("numbers", "1 more than once", "each participant once",
                 "Give one row for a participant"),
            ],
        ),
        (
            lambda: Marker("m", "IHC", (), landmark_day=0),
            [("landmark_day", "0", "a study day from 1",
              "Leave it out for a marker known before treatment")],
        ),
        (
            lambda: Times("pfs", (1, None, -1, 2.5), (True,) * 3),
            [
                ("had_event", "3 entries", "4, one for each participant", ORDER),
                ("days.2", "-1", "a whole number of days from 0",
                 "Give days as they were counted, not months turned back into days"),
                ("days.3", "2.5", "a whole number of days from 0",
                 "Give days as they were counted, not months turned back into days"),
            ],
        ),
        (
            lambda: counted_for_response(MARKER, COHORT, Responses("orr", ("yes",))),
            [("answers", "1 entries", "6, one for each participant", ORDER)],
        ),
        (
            lambda: counted_for_time(MARKER, COHORT, Times("pfs", (1,), (True,))),
            [("days", "1 entries", "6, one for each participant", ORDER)],
        ),
        (
            lambda: TwoByTwo(3, 2, 0, 1),
            [("table", "3 of 2, 0 of 1",
              "0 or more, and never more than the participants of the group",
              "Correct the counts")],
        ),
        (
            lambda: TwoByTwo(0, 0, -1, 1),
            [("table", "0 of 0, -1 of 1",
              "0 or more, and never more than the participants of the group",
              "Correct the counts")],
        ),
        (
            lambda: Reads(3, 2, 0.01),
            [("reads", "3 of 2", "0 or more, at most all",
              "Give the reads with the variant and all reads")],
        ),
        (
            lambda: Reads(1, 2, 1.01),
            [("limit", "1.01", "from 0 to 1", "Give 0.1 % as 0.001")],
        ),
        (
            lambda: tarone({}, 1),
            [("level", "1", "above 0 and below 1", "Give it as 0.05")],
        ),
        (
            lambda: tarone({}, 0),
            [("level", "0", "above 0 and below 1", "Give it as 0.05")],
        ),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_what_to_do(asked, faults):
    """Every fault of a column, a marker, a time, a table and reads."""
    assert _faults(asked) == [Fault(*each) for each in faults]


def test_the_ends_of_what_is_allowed_are_taken():
    """A landmark on day 1, a day 0, tables of nobody, and limits of 0 and 1."""
    assert Marker("m", "IHC", (), landmark_day=1).landmark_day == 1
    assert Times("pfs", (0,), (True,)).days == (0,)
    assert TwoByTwo(0, 0, 1, 1).events == 1
    assert Reads(0, 0, 0).fraction is None
    assert Reads(2, 2, 1).is_detected
    assert COHORT.size == 6


def test_who_is_counted_for_a_response_and_who_is_not():
    """Each reason, commonest first, then by name; the marker's reason before the answer's."""
    answers = ("yes", "no", "not yet", "yes", "not evaluable", "yes")

    counted = counted_for_response(MARKER, COHORT, Responses("objective response", answers))

    basis = counted.basis
    assert (basis.participants, basis.altered, basis.events, basis.altered_events) == (3, 1, 2, 1)
    assert basis.excluded == {
        "P-3": "objective response not yet",
        "P-5": "pik3ca germline",
        "P-6": "pik3ca not assayed",
    }
    assert (basis.arms, basis.caution, counted.arms) == (("A", "B"), POOLED, ("A", "A", "B"))
    assert counted.covariates["dose level"].tolist() == [1, 2, 2]
    assert (len(counted.days), table_of(counted)) == (0, TwoByTwo(1, 1, 1, 2))
    assert f"{basis}" == (
        "pik3ca (tissue DNA) and objective response: 1 of 1 altered and 1 of 2 not altered, "
        "analysis set safety; left out: 1 objective response not yet, 1 pik3ca germline, 1 pik3ca "
        f"not assayed; pre-specified; {POOLED}."
    )


def test_the_commonest_reason_is_told_first_and_one_arm_cannot_tell_more():
    """Two not covered before one failed; nobody left out is said."""
    cohort = Cohort("safety", SIX, ("A",) * 6)
    calls = ("altered", "not altered", "failed", "not covered", "not covered", "not altered")
    some = counted_for_response(Marker("m", "IHC", calls), cohort, Responses("r", ("no",) * 6))
    every = Marker("m", "IHC", ("altered",) * 6)
    all_of_them = counted_for_response(every, cohort, Responses("r", ("no",) * 6))

    assert some.basis.excluded_by_reason == (("m not covered", 2), ("m failed", 1))
    assert some.basis.caution == ONE_ARM
    assert "left out: nobody; exploratory, hypothesis-generating" in f"{all_of_them.basis}"


def test_a_landmark_leaves_out_whoever_was_not_followed_beyond_it():
    """Event and censoring on the landmark itself are by it; time starts there."""
    calls = ("altered", "not altered", "altered", "not altered", "altered", "not altered")
    marker = Marker("ctdna", "cfDNA", calls, landmark_day=29)
    times = Times("pfs", (29, 29, 30, 60, None, 28), (True, False, True, False, False, True))

    counted = counted_for_time(marker, COHORT, times)

    assert counted.basis.excluded == {
        "P-1": "event by the landmark, day 29",
        "P-2": "censored by the landmark, day 29",
        "P-5": "pfs not followed",
        "P-6": "event by the landmark, day 29",
    }
    assert counted.days.tolist() == [1, 31]
    assert counted.event.tolist() == [True, False]
    plain = counted_for_time(Marker("m", "cfDNA", calls), COHORT, times)
    assert plain.days.tolist() == [29, 29, 30, 60, 28]


def test_columns_of_an_adjustment():
    """The marker, arm B beside A, and a covariate; what is the same for everybody is named."""
    answers = Responses("r", ("yes", "no", "yes", "no", "yes", "yes"))
    counted = counted_for_response(MARKER, COHORT, answers)

    found = adjustment(counted, ("arm", "dose level", "same"))

    assert found.names == ("pik3ca", "arm B", "dose level")
    assert found.columns.T.tolist() == [[1, 0, 1, 0], [0, 0, 1, 1], [1, 2, 1, 2]]
    assert f"{found}" == "adjusted for arm B, dose level (the same for everybody: same)"
    assert f"{adjustment(counted, ())}" == "not adjusted"
    assert f"{adjustment(counted, ('same', 'same'))}".endswith("for everybody: same, same)")
    assert found.is_informative
    scaled, spread = found.scaled
    assert spread == 0.5
    assert scaled[:, 0].tolist() == [1, -1, 1, -1]
    assert _faults(lambda: adjustment(counted, ("age",))) == [
        Fault("adjusted_for", "age", "arm, dose level, same",
              "Give the covariate with the cohort, or do not adjust for it")
    ]  # fmt: skip
    holed = Cohort("safety", SIX, COHORT.arms, {"age": (math.nan,) * 6})
    assert _faults(lambda: adjustment(counted_for_response(MARKER, holed, answers), ("age",))) == [
        Fault("covariates.age", "a number that is none", "finite numbers",
              "Leave out participants without it, or do not adjust for it")
    ]  # fmt: skip


def test_a_marker_that_everybody_carries_is_not_informative():
    """Nor is one of nobody counted."""
    answers = Responses("r", ("yes",) * 6)
    every = counted_for_response(Marker("m", "IHC", ("altered",) * 6), COHORT, answers)
    nobody = counted_for_response(Marker("m", "IHC", ("failed",) * 6), COHORT, answers)

    assert not adjustment(every, ()).is_informative
    assert not adjustment(nobody, ()).is_informative


@pytest.mark.parametrize(
    ("floors", "divisor", "testable", "because"),
    [
        (
            {"a": 0.001, "b": 0.03, "c": 0.4},
            2,
            ("a",),
            "1 of 3 markers can reach 0.05 / 2 = 0.025; not tested: b (at best 0.03), c (at best "
            "0.4).",
        ),
        (
            {"a": 0.05},
            1,
            ("a",),
            "1 of 1 markers can reach 0.05 / 1 = 0.05; not tested: none.",
        ),
        (
            {"a": 0.025, "b": 0.025},
            2,
            ("a", "b"),
            "2 of 2 markers can reach 0.05 / 2 = 0.025; not tested: none.",
        ),
        (
            {"a": 0.05, "b": 0.05},
            2,
            (),
            "0 of 2 markers can reach 0.05 / 2 = 0.025; not tested: a (at best 0.05), b (at best "
            "0.05).",
        ),
    ],
)
def test_the_gate_of_tarone_is_told(floors, divisor, testable, because):
    """The smallest divisor for which no more markers than it can reach the level it leaves."""
    gate = tarone(floors)

    assert (gate.divisor, gate.testable, gate.because) == (divisor, testable, because)
    assert (gate.level, gate.floors) == (0.05, floors)
    assert gate.untestable == tuple(name for name in floors if name not in testable)


@pytest.mark.parametrize(("first", "others"), [(1, 0), (0, 800)])
def test_the_worst_rate_may_lie_beside_an_end(first, others):
    """One of 1 and none of 800: rate x (1 - rate)^800 is largest at 1 / 801; doubled, both ways."""
    worst = (800 / 801) ** 800 / 801

    assert boschloo_p(TwoByTwo(first, 1, others, 800)) == pytest.approx(2 * worst, rel=1e-10)


def test_false_discovery_is_adjusted_by_hand():
    """0.01, 0.04, 0.03 of three: 0.03, 0.04 and 0.04 (Benjamini and Hochberg)."""
    assert benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.04, 0.04))
    assert benjamini_hochberg([]) == ()


def test_a_table_has_its_ends_and_its_floor():
    """Three events of three altered and three others: 0 or 3 of them altered, 2/20 by Fisher."""
    table = TwoByTwo(2, 3, 1, 3)

    assert table.most_extreme == (TwoByTwo(0, 3, 3, 3), TwoByTwo(3, 3, 0, 3))
    assert exact_floor(table, "Fisher") == pytest.approx(2 / 20)
    assert fisher_p(table) == pytest.approx(1)
    assert exact_p(table, "Fisher") == fisher_p(table)
    assert exact_p(table, "Boschloo") == boschloo_p(table)
    assert TwoByTwo(4, 5, 1, 1).most_extreme == (TwoByTwo(4, 5, 1, 1), TwoByTwo(5, 5, 0, 1))
    for empty in (TwoByTwo(0, 0, 1, 3), TwoByTwo(1, 3, 0, 0), TwoByTwo(0, 2, 0, 2),
                  TwoByTwo(2, 2, 2, 2)):  # fmt: skip
        assert (boschloo_p(empty), conditional_odds(empty, 0.95)) == (1, None)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (TwoByTwo(3, 3, 0, 3), "conditional odds ratio inf (90 % exact limits: at least "),
        (TwoByTwo(0, 3, 3, 3), "conditional odds ratio 0 (90 % exact limits: at most "),
        (TwoByTwo(3, 4, 1, 4), "conditional odds ratio 6.40832 (90 % exact limits: "),
    ],
)
def test_conditional_odds_are_told_with_the_limits_that_bind(table, told):
    """Of an infinite estimate the lower one, of 0 the upper one, else both.

    Of 3/4 and 1/4 the estimate is the root of w^4 - 36 w^2 - 32 w - 3.
    """
    found = conditional_odds(table, 0.9)

    assert found.because.startswith(told)
    tail = found.because.removeprefix(told)
    limits = {
        "inf": f"{found.lower:.6g}, no upper limit)",
        "0": f"{found.upper:.6g}, no lower limit above 0)",
    }
    wanted = limits.get(f"{found.odds_ratio:g}", f"{found.lower:.6g} to {found.upper:.6g})")
    assert (tail, found.conf_level) == (wanted, 0.9)


def test_log_rank_scores_by_hand():
    """Arm A: events on days 1 and 3, a censoring on 2; arm B: one event alone scores 0."""
    scores = log_rank_scores(
        np.array([1.0, 3, 2, 5]), np.array([True, True, False, True]), ["A", "A", "A", "B"]
    )

    assert scores.tolist() == pytest.approx([1 - 1 / 3, 1 - 4 / 3, -1 / 3, 0])


@pytest.mark.parametrize(
    ("scores", "carriers"),
    [([1.0, 0, 0, 0], 1), ([1.0, 1, 0, 0], 1), ([1.0, 1, 0, 0], 2), ([0.7, -0.3, -0.4], 1)],
)
def test_the_floor_is_the_share_of_the_furthest_arrangements(scores, carriers):
    """Counted over every choice of carriers."""
    reach = [
        abs(sum(scores[place] for place in chosen) - carriers * np.mean(scores))
        for chosen in combinations(range(len(scores)), carriers)
    ]
    furthest = sum(each >= max(reach) - 1e-9 for each in reach) / len(reach)

    altered = np.arange(len(scores)) < carriers
    assert score_floor(np.array(scores), altered, ["A"] * len(scores)) == pytest.approx(furthest)
    assert score_floor(np.array(scores), altered & False, ["A"] * len(scores)) == 1


def test_a_change_of_reads_is_told_in_full():
    """100 of 1,000 before, 5 of 500 after: 10 % to 1 %, ratio 0.1 by hand."""
    found = fraction_change(Reads(100, 1000, 0.005), Reads(5, 500, 0.01), 0.9)

    assert (found.state, found.before, found.after) == ("down", 0.1, 0.01)
    assert (found.difference, found.ratio) == (pytest.approx(-0.09), pytest.approx(0.1))
    assert found.because == (
        "down: 100/1000 = 10 % before (limit 0.5 %), 5/500 = 1 % after (limit 1 %); change -9 "
        f"points ({100 * found.difference_lower:+.3g} to {100 * found.difference_upper:+.3g}, "
        f"Newcombe), ratio 0.1 ({found.ratio_lower:.3g} to {found.ratio_upper:.3g}, conditional "
        f"exact), Fisher p = {found.p:.3g}; 90 % limits, reads taken as independent."
    )
    assert found.conf_level == 0.9


@pytest.mark.parametrize(("before", "after", "which"), [(0, 9, "before"), (9, 0, "after")])
def test_where_nothing_was_read_nothing_is_said(before, after, which):
    """The other fraction is kept."""
    found = fraction_change(Reads(0, before, 0.01), Reads(0, after, 0.01))

    assert found.because == f"undetermined: nothing was read {which}."
    assert (found.p, found.difference, found.ratio_lower, found.conf_level) == (
        None, None, None, 0.95)  # fmt: skip


def test_an_association_with_a_response_is_told_in_full():
    """Basis, test with its floor, both estimates; without anything to compare, that."""
    cohort = Cohort("response-evaluable", tuple(map(str, range(8))), ("A",) * 8)
    marker = Marker("m", "IHC", ("altered",) * 4 + ("not altered",) * 4, "pre-specified")
    answers = Responses("orr", ("yes", "yes", "yes", "no", "yes", "no", "no", "no"))

    found = associate_response(marker, cohort, answers, test="Fisher", conf_level=0.9)

    assert (found.test, found.p, found.floor) == ("Fisher", found.fisher, pytest.approx(2 / 70))
    assert found.because == (
        f"{found.basis} Fisher p = {found.p:.6g}, smallest attainable 0.0285714; "
        f"{found.odds.because}; {found.firth.because}."
    )
    assert found.firth.because.startswith("Firth logistic regression, not adjusted: odds ratio ")
    assert "(90 % profile penalised likelihood limits " in found.firth.because
    nobody = associate_response(marker, cohort, Responses("orr", ("no",) * 8))
    assert (nobody.p, nobody.floor, nobody.odds, nobody.firth) == (1, 1, None, None)
    assert nobody.because.endswith(
        "Boschloo p = 1, smallest attainable 1; no estimate: nothing to compare."
    )


def test_an_association_with_a_time_is_told_in_full():
    """Basis, start, log-rank with its floor, Cox with what it is adjusted for, and Firth's."""
    cohort = Cohort("safety", tuple(map(str, range(6))), ("A",) * 6)
    calls = ("altered", "not altered") * 3
    times = Times("pfs", (40, 50, 60, 70, 80, 90), (True,) * 5 + (False,))

    plain = associate_time(Marker("m", "IHC", calls), cohort, times)
    late = associate_time(Marker("m", "IHC", calls, landmark_day=29), cohort, times)

    assert plain.because == (
        f"{plain.basis} Time from day 1. {plain.log_rank.because[:-1]}; smallest attainable p, "
        f"permuted within arms, {plain.floor:.6g}. {plain.cox.because[:-1]}; not adjusted. "
        f"{plain.firth.because}."
    )
    assert "Time from the landmark, day 29. " in late.because
    assert (plain.landmark_day, late.landmark_day, plain.ties) == (None, 29, "efron")
    assert plain.firth.because.startswith("Firth Cox, ties efron, not adjusted: hazard ratio ")
    assert late.log_rank.chi_square == pytest.approx(plain.log_rank.chi_square)
