"""A marker and a response: who is counted, exact tests, odds ratios and Firth regression."""

import math
import random
import time
from fractions import Fraction

import pytest
from scipy.stats import boschloo_exact

from trialwright.predictors.basis import ONE_ARM, POOLED
from trialwright.predictors.exact import (
    MOST_PAIRS,
    TwoByTwo,
    boschloo_p,
    conditional_odds,
    exact_floor,
    fisher_p,
    is_within_reach,
)
from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.response_association import associate_response
from trialwright.terms.errors import Refusal


def _cohort(size, arms="A", **covariates):
    """Give participants P0, P1 ... whose arms repeat the letters."""
    return Cohort(
        "response-evaluable",
        tuple(f"P{place}" for place in range(size)),
        tuple(arms[place % len(arms)] for place in range(size)),
        {name.replace("_", " "): column for name, column in covariates.items()},
    )


def _marker(altered, others, **more):
    """Give a marker of the first so many participants."""
    calls = ("altered",) * altered + ("not altered",) * others
    return Marker("AKT1", "tissue DNA", calls, **more)


FIVE_OF_FIVE = Responses("objective response", ("yes",) * 8 + ("no",) * 12)
"""All 5 altered and 3 of 15 others respond."""


def test_only_assayed_and_evaluable_participants_are_counted():
    """Who was not sequenced is no wild type, and the reason stands by the study number."""
    marker = Marker(
        "AKT1", "tissue DNA", ("altered", "not altered", "not assayed", "failed", "altered")
    )
    answers = ("yes", "no", "no", "yes", "not evaluable")

    found = associate_response(marker, _cohort(5), Responses("objective response", answers))

    assert (found.basis.participants, found.basis.altered, found.basis.events) == (2, 1, 1)
    assert found.basis.excluded == {
        "P2": "AKT1 not assayed",
        "P3": "AKT1 failed",
        "P4": "objective response not evaluable",
    }
    assert "1 AKT1 failed, 1 AKT1 not assayed, 1 objective response not" in found.because


@pytest.mark.parametrize(("arms", "caution"), [("A", ONE_ARM), ("AC", POOLED)])
def test_every_result_says_what_it_cannot_tell_apart(arms, caution):
    """One arm, or arms pooled: no result parts prognostic from predictive."""
    found = associate_response(_marker(5, 15), _cohort(20, arms), FIVE_OF_FIVE)

    assert found.basis.caution == caution
    assert caution in found.because
    assert found.basis.arms == tuple(arms)


def test_the_label_is_printed():
    """A pre-specified marker says so; every other is exploratory."""
    found = associate_response(_marker(5, 15, label="pre-specified"), _cohort(20), FIVE_OF_FIVE)
    other = associate_response(_marker(5, 15), _cohort(20), FIVE_OF_FIVE)

    assert "; pre-specified;" in found.because
    assert "; exploratory, hypothesis-generating;" in other.because


@pytest.mark.parametrize(
    ("altered", "participants", "responders", "floor"),
    [
        (2, 20, 5, math.comb(5, 2) / math.comb(20, 2)),
        (3, 40, 10, math.comb(10, 3) / math.comb(40, 3)),
        (3, 60, 30, 2 * math.comb(30, 3) / math.comb(60, 3)),  # both tails are as improbable
    ],
)
def test_the_floor_is_the_probability_of_the_most_extreme_table(
    altered, participants, responders, floor
):
    """Nothing the altered could answer gives a smaller p-value."""
    table = TwoByTwo(1, altered, responders - 1, participants - altered)

    assert exact_floor(table, "Fisher") == pytest.approx(floor, rel=1e-12)
    assert exact_floor(table, "Boschloo") < exact_floor(table, "Fisher")


@pytest.mark.parametrize("table", [TwoByTwo(5, 5, 3, 15), TwoByTwo(2, 2, 3, 18)])
def test_boschloo_is_the_worst_case_over_all_response_rates(table):
    """A second implementation sums the tables that Fisher's one-sided test puts as far."""
    worst = max(_one_sided(table, rate / 2000) for rate in range(1, 2000))

    assert boschloo_p(table) == pytest.approx(2 * worst, rel=2e-4)


@pytest.mark.parametrize(
    "table",
    [
        TwoByTwo(14, 33, 1, 40),
        TwoByTwo(19, 33, 4, 40),
        TwoByTwo(0, 2, 5, 18),
        TwoByTwo(2, 9, 30, 60),
    ],
)
def test_boschloo_is_what_scipy_gives(table):
    """SciPy searches the response rate at random points; the worst found is the same."""
    hit, miss = table.altered_events, table.altered - table.altered_events
    other, none = table.other_events, table.others - table.other_events

    groups = boschloo_exact([[hit, other], [miss, none]], n=256).pvalue
    answers = boschloo_exact([[hit, miss], [other, none]], n=256).pvalue

    assert boschloo_p(table) == pytest.approx(groups, rel=1e-6)
    assert boschloo_p(table, "response groups") == pytest.approx(answers, rel=1e-6)


def _one_sided(table, rate):
    """Give the chance, at one response rate, of a table at least as far towards the altered."""
    total = 0.0
    bound = _upper_tail(table) * (1 + 1e-9)
    for x in range(table.altered + 1):
        for y in range(table.others + 1):
            if _upper_tail(TwoByTwo(x, table.altered, y, table.others)) <= bound:
                total += (
                    math.comb(table.altered, x)
                    * math.comb(table.others, y)
                    * rate ** (x + y)
                    * (1 - rate) ** (table.altered + table.others - x - y)
                )
    return total


def _upper_tail(table):
    """Give Fisher's one-sided p-value by counting."""
    people = table.altered + table.others
    return sum(
        math.comb(table.altered, x) * math.comb(table.others, table.events - x)
        for x in range(table.altered_events, min(table.altered, table.events) + 1)
    ) / math.comb(people, table.events)


def test_whose_sizes_are_held_changes_boschloo():
    """SciPy takes columns as samples; the transposed table is another question."""
    table = TwoByTwo(14, 33, 1, 40)

    assert f"{boschloo_p(table, 'response groups'):.2e}" == "1.56e-05"
    assert f"{boschloo_p(table, 'marker groups'):.2e}" == "2.41e-05"
    assert f"{fisher_p(table):.2e}" == "2.32e-05"


@pytest.mark.parametrize(
    "table", [TwoByTwo(0, 0, 3, 15), TwoByTwo(0, 5, 0, 15), TwoByTwo(5, 5, 15, 15)]
)
def test_nothing_is_learnt_where_nothing_differs(table):
    """An empty group, or one answer for everybody, gives p = 1 and no estimate."""
    assert (boschloo_p(table), fisher_p(table), exact_floor(table, "Boschloo")) == (1, 1, 1)
    assert conditional_odds(table, 0.95) is None


def test_an_infinite_odds_ratio_has_one_limit():
    """R's fisher.test gives 2.08 as the lower limit for 5/5 against 3/15."""
    found = conditional_odds(TwoByTwo(5, 5, 3, 15), 0.95)

    assert found.odds_ratio == math.inf
    assert round(found.lower, 2) == 2.08
    assert "at least 2.07618, no upper limit" in found.because


def test_an_odds_ratio_of_nought_has_the_other_limit():
    """The mirror image: the inverse of the lower limit is the upper one."""
    found = conditional_odds(TwoByTwo(3, 15, 5, 5), 0.95)

    assert found.odds_ratio == 0
    assert 1 / found.upper == pytest.approx(2.076177641, rel=1e-6)
    assert "no lower limit above 0" in found.because


def test_firth_of_a_table_adds_half_to_every_cell():
    """log(5.5 * 12.5 / (0.5 * 3.5)) = 3.67086: R's brglm2 0.9 gives 3.67086094861."""
    found = associate_response(_marker(5, 15), _cohort(20), FIVE_OF_FIVE).firth

    assert found.log_odds_ratio == pytest.approx(math.log(5.5 * 12.5 / (0.5 * 3.5)), abs=1e-8)
    assert found.log_odds_ratio == pytest.approx(3.67086094861, abs=1e-8)


def test_firth_is_what_brglm2_gives_with_a_covariate():
    """R 4.2.2, brglm2 0.9, type AS_mean; limits and p by optim on the penalised likelihood."""
    dose = tuple(float(place % 3) for place in range(20))
    cohort = _cohort(20, dose_level=dose)

    found = associate_response(
        _marker(5, 15), cohort, FIVE_OF_FIVE, adjusted_for=("arm", "dose level")
    ).firth

    assert found.log_odds_ratio == pytest.approx(3.48714654995976, abs=1e-8)
    assert math.log(found.lower) == pytest.approx(1.05479318055094, abs=1e-6)
    assert math.log(found.upper) == pytest.approx(8.42686245875782, abs=1e-6)
    assert found.p == pytest.approx(0.00275322483153, rel=1e-6)
    assert found.adjusted_for == ("dose level",)
    assert "adjusted for dose level (the same for everybody: arm)" in found.because


@pytest.mark.parametrize(
    ("altered_events", "others_events", "apart"),
    [(5, 3, "quasi-complete"), (5, 0, "complete"), (4, 3, "none"), (5, 15, None)],
)
def test_separation_is_told(altered_events, others_events, apart):
    """One empty cell separates in part, two opposite ones wholly."""
    answers = ("yes",) * altered_events + ("no",) * (5 - altered_events)
    answers += ("yes",) * others_events + ("no",) * (15 - others_events)

    found = associate_response(
        _marker(5, 15), _cohort(20), Responses("objective response", answers)
    )

    assert (found.firth and found.firth.separation) == apart
    assert ("would be infinite" in found.because) == (apart not in ("none", None))


def test_a_covariate_that_repeats_the_marker_leaves_no_regression():
    """The exact test stands; the regression cannot tell the two apart."""
    cohort = _cohort(20, prior=(1.0,) * 5 + (0.0,) * 15)

    found = associate_response(_marker(5, 15), cohort, FIVE_OF_FIVE, adjusted_for=("prior",))

    assert found.firth is None
    assert found.odds is not None


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (lambda: _cohort(2, prior=(1.0,)), "covariates.prior"),
        (lambda: Cohort("treated", ("P1", "P1"), ("A", "A")), "numbers"),
        (lambda: _marker(1, 1, landmark_day=0), "landmark_day"),
        (lambda: Times("PFS", (30, 1.4), (True, True)), "days.1"),
        (lambda: Times("PFS", (30, 1), (True,)), "had_event"),
        (lambda: TwoByTwo(3, 2, 0, 1), "table"),
        (lambda: associate_response(_marker(1, 1), _cohort(3), FIVE_OF_FIVE), "calls"),
        (
            lambda: associate_response(
                _marker(5, 15), _cohort(20), FIVE_OF_FIVE, adjusted_for=("weight",)
            ),
            "adjusted_for",
        ),
        (
            lambda: associate_response(
                _marker(5, 15),
                _cohort(20, dose=(math.nan,) * 20),
                FIVE_OF_FIVE,
                adjusted_for=("dose",),
            ),
            "covariates.dose",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(given, where):
    """Every refusal says where."""
    with pytest.raises(Refusal) as told:
        given()

    assert told.value.faults[0].where == where


@pytest.mark.parametrize(
    ("altered", "dose", "responded", "limits"),
    [
        ("000011111", "312211132", "000011111", (0.913854994743515, 11.0418614320174)),
        ("01011000", "33213233", "01001000", (0.208470482891471, 9.31396738084558)),
    ],
)
def test_limits_of_separated_groups_lie_on_the_higher_maximum(altered, dose, responded, limits):
    """With a covariate the profile has two maxima; R, from five starts, gives these limits."""
    size = len(altered)
    marker = Marker("x", "f", tuple("altered" if each == "1" else "not altered"
                                    for each in altered))  # fmt: skip
    answers = tuple("yes" if each == "1" else "no" for each in responded)
    cohort = _cohort(size, dose=tuple(float(each) for each in dose))

    found = associate_response(marker, cohort, Responses("y", answers), adjusted_for=("dose",))

    own = (math.log(found.firth.lower), math.log(found.firth.upper))
    assert own == pytest.approx(limits, abs=1e-5)


@pytest.mark.parametrize("held", ["marker groups", "response groups"])
def test_boschloo_is_the_supremum_by_its_definition(held):
    """Groups of up to seven: Fisher's tails as fractions, every pair of counts in turn."""
    generator = random.Random(41)  # noqa: S311
    for _ in range(25):
        altered, others = generator.randint(1, 7), generator.randint(1, 7)
        table = TwoByTwo(generator.randint(0, altered), altered,
                         generator.randint(0, others), others)  # fmt: skip
        if not table.is_informative:
            continue
        groups = (altered, others), (table.altered_events, table.other_events)
        if held == "response groups":
            events, seen = table.events, table.altered_events
            groups = (events, altered + others - events), (seen, altered - seen)

        assert boschloo_p(table, held) == pytest.approx(_by_definition(*groups), abs=2e-5)


def _by_definition(sizes, seen):
    """Give twice the smaller supremum over 501 rates, each pair of counts in turn."""
    first, second = sizes

    def tail(one, other, sign):
        """Give Fisher's one-sided p-value of a pair of counts, exactly."""
        total = one + other
        ways = {each: math.comb(first, each) * math.comb(second, total - each)
                for each in range(max(0, total - second), min(first, total) + 1)}  # fmt: skip
        as_far = sum(many for each, many in ways.items() if (each - one) * sign >= 0)
        return Fraction(as_far, sum(ways.values()))

    def chance(one, other, rate):
        """Give the chance of a pair of counts at a response rate."""
        events = one + other
        ways = math.comb(first, one) * math.comb(second, other)
        return ways * rate**events * (1 - rate) ** (first + second - events)

    pairs = [(one, other) for one in range(first + 1) for other in range(second + 1)]
    sides = []
    for sign in (1, -1):
        here = tail(*seen, sign)
        far = [pair for pair in pairs if tail(*pair, sign) <= here]
        rates = [place / 500 for place in range(501)]
        sides.append(max(sum(chance(*pair, rate) for pair in far) for rate in rates))
    return min(1.0, 2 * min(sides))


def test_boschloo_of_two_thousand_takes_less_than_two_seconds():
    """What SciPy's hypergeometric law gave in 32 s, to 1e-12."""
    began = time.process_time()

    found = boschloo_p(TwoByTwo(300, 1000, 350, 1000))

    assert found == pytest.approx(0.017523708870497676, abs=1e-12)
    assert time.process_time() - began < 2


def test_of_very_many_fisher_takes_the_place_of_boschloo():
    """With the reason, and at the very size."""
    few, many = 2828, 2828
    assert (few + many + 1) * (few + 1) > MOST_PAIRS >= (few + many - 1) * few
    answers = ("yes", "no") * few

    found = associate_response(_marker(few, many), _cohort(few + many),
                               Responses("objective response", answers))  # fmt: skip

    assert (found.test, found.p) == ("Fisher", found.fisher)
    assert "Fisher (of 5656 in place of Boschloo) p = 1, smallest attainable" in found.because
    assert is_within_reach(TwoByTwo(1, few - 1, 1, many - 1))
    assert not is_within_reach(TwoByTwo(1, few, 1, many))
