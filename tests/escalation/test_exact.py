"""Exact operating characteristics, held to other implementations and to plain arithmetic."""

import json
import math
from decimal import Decimal
from fractions import Fraction

import pytest

from trialwright.escalation.crm_model import skeleton_around
from trialwright.escalation.decision import Decision, LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.three_plus_three import VARIANTS, ThreePlusThree
from trialwright.escalation.exact import operating_characteristics, walk
from trialwright.terms.errors import Fault, Refusal

STOPS, TOP_AT_THREE, SIX = VARIANTS

REFERENCES = {
    "A_no_deescalation": STOPS,
    "B_deescalate_top_stops_at_3": TOP_AT_THREE,
    "C_deescalate_six_required_at_mtd": SIX,
    "D_bcrm_escalation_only": STOPS,
    "E_bcrm_deescalation": TOP_AT_THREE,
}
"""Entries of the reference file (R packages escalation, precautionary, bcrm), with our names."""


@pytest.fixture(scope="module")
def references(shared):
    """Give the reference entries by name."""
    text = (shared / "reference/escalation/three_plus_three_exact.json").read_text()
    return {entry["variant"]: entry for entry in json.loads(text)["variants"]}


@pytest.mark.shared
@pytest.mark.parametrize("entry", REFERENCES)
def test_three_independent_packages_agree(references, entry):
    """Every probability and expectation equals that of three R packages to 1e-12."""
    reference = references[entry]
    walked = walk(ThreePlusThree(reference["num_doses"], REFERENCES[entry]))

    for expected in reference["results"]:
        found = walked.under(expected["true_p"])

        assert found.p_no_mtd == pytest.approx(expected["p_no_mtd"], abs=1e-12)
        assert found.p_select == pytest.approx(expected["p_select"], abs=1e-12)
        assert found.expected_n == pytest.approx(expected["expected_n"], abs=1e-12)
        assert found.total == pytest.approx(expected["total"], abs=1e-12)
        assert found.expected_total_n == pytest.approx(
            expected.get("expected_total_n", sum(expected["expected_n"])), abs=1e-12
        )
        if "expected_dlt" in expected:
            assert found.expected_dlt == pytest.approx(expected["expected_dlt"], abs=1e-12)
        if "expected_total_dlt" in expected:
            assert found.expected_total_dlt == pytest.approx(
                expected["expected_total_dlt"], abs=1e-12
            )


@pytest.mark.shared
def test_the_number_of_endings_agrees(references):
    """379 and 1,669 endings, and 2,890 paths, were counted by other programs."""
    rates = [0.1] * 6
    found = {
        entry: operating_characteristics(ThreePlusThree(6, variant), rates)
        for entry, variant in REFERENCES.items()
    }

    for entry, reference in references.items():
        assert found[entry].terminal_states == reference.get(
            "terminal_states", found[entry].terminal_states
        )
        assert found[entry].paths == reference.get("paths", found[entry].paths)


@pytest.mark.parametrize(
    ("variant", "terminal_states", "paths"),
    [(STOPS, 379, 379), (TOP_AT_THREE, 1669, 2314), (SIX, 1669, 2890)],
)
def test_six_levels_end_in_so_many_ways(variant, terminal_states, paths):
    """Merging orders of events turns paths into fewer endings where one can go back."""
    found = operating_characteristics(ThreePlusThree(6, variant), [0.2] * 6)

    assert (found.terminal_states, found.paths) == (terminal_states, paths)


@pytest.mark.parametrize(
    ("variant", "expected_n"),
    [(STOPS, (3, 3, 3, 3)), (TOP_AT_THREE, (3, 3, 3, 3)), (SIX, (3, 3, 3, 6))],
)
def test_without_any_dlt_the_top_level_is_selected(variant, expected_n):
    """A rate of exactly 0 leaves one ending."""
    found = operating_characteristics(ThreePlusThree(4, variant), [0, 0, 0, 0])

    assert found.p_select == (0, 0, 0, 1)
    assert (found.p_no_mtd, found.total) == (0, 1)
    assert found.expected_n == expected_n
    assert found.expected_total_dlt == 0


@pytest.mark.parametrize("variant", VARIANTS)
def test_when_everybody_has_a_dlt_no_level_is_selected(variant):
    """A rate of exactly 1 stops the trial after its first cohort."""
    found = operating_characteristics(ThreePlusThree(4, variant), [1, 1, 1, 1])

    assert (found.p_no_mtd, found.total) == (1, 1)
    assert (found.expected_n, found.expected_dlt) == ((3, 0, 0, 0), (3, 0, 0, 0))


def test_one_level_is_counted_by_hand():
    """One level, p = 1/2: 1/8 stop at 0/3, 3/8 expand; of these 1/8 stay at 1/6."""
    found = operating_characteristics(ThreePlusThree(1, STOPS), [Fraction(1, 2)])

    assert found.p_select == (1 / 8 + 3 / 8 * 1 / 8,)
    assert found.p_no_mtd == 1 - found.p_select[0]
    assert found.expected_n == (3 + 3 / 8 * 3,)
    assert found.expected_dlt == (found.expected_n[0] / 2,)


@pytest.mark.parametrize("rates", [[Decimal("0.25"), 0.5], [Fraction(1, 4), Decimal("0.5")]])
def test_rates_are_taken_in_any_exact_form(rates):
    """Decimal, fraction and float of one value are one scenario."""
    design = ThreePlusThree(2, SIX)

    found = operating_characteristics(design, rates)

    assert found == operating_characteristics(design, [0.25, 0.5])
    assert found.true_rates == (0.25, 0.5)


@pytest.mark.parametrize(
    "rate",
    [
        25,
        1.4,
        -0.1,
        True,
        "0.2",
        None,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        10**400,
    ],
)
def test_a_rate_is_a_probability(rate):
    """Percentages, negative numbers and what is no number are refused with their level."""
    with pytest.raises(Refusal) as refusal:
        operating_characteristics(ThreePlusThree(2, SIX), [0.1, rate])

    (fault,) = refusal.value.faults
    assert fault.where == "true_rates, dose level 2"
    assert (fault.allowed, fault.do) == ("a probability from 0 to 1", "Write 25 % as 0.25")


def test_all_faults_of_a_scenario_are_named_at_once():
    """The number of rates and each bad rate are told together."""
    with pytest.raises(Refusal) as refusal:
        operating_characteristics(ThreePlusThree(3, SIX), [25, -1])

    assert [fault.where for fault in refusal.value.faults] == [
        "true_rates",
        "true_rates, dose level 1",
        "true_rates, dose level 2",
    ]


def test_a_running_trial_is_walked_to_its_end():
    """After 1/3 at the only level, the MTD depends on three more: none may have a DLT."""
    walked = walk(ThreePlusThree(1, STOPS), seen=[LevelCount(3, 1)], at=1)

    found = walked.under([0.5])

    assert found.p_select == (1 / 8,)
    assert found.expected_n == (6,)
    assert found.expected_dlt == (1 + 3 / 2,)


def test_the_outlooks_of_the_first_cohort_add_up_to_the_whole():
    """Weighted by their probabilities, the outlooks after one cohort are the whole trial."""
    design, rates = ThreePlusThree(3, SIX), [0.2, 0.3, 0.5]
    weights = [Fraction(64, 125), Fraction(48, 125), Fraction(12, 125), Fraction(1, 125)]

    outlooks = [
        walk(design, [LevelCount(3, dlts), LevelCount(0, 0), LevelCount(0, 0)], at=1).under(rates)
        for dlts in range(4)
    ]

    whole = operating_characteristics(design, rates)
    for level in range(3):
        mixed = sum(
            float(weight) * outlook.p_select[level]
            for weight, outlook in zip(weights, outlooks, strict=True)
        )
        assert mixed == pytest.approx(whole.p_select[level], abs=1e-14)


def test_a_finished_trial_has_one_ending():
    """Nothing is left to chance when the escalation has stopped."""
    walked = walk(ThreePlusThree(1, STOPS), seen=[LevelCount(3, 2)], at=1)

    assert [(ending.mtd, ending.weight) for ending in walked.endings] == [(None, 1)]
    assert walked.under([0.3]).p_no_mtd == 1


def test_nobody_may_be_pending_at_the_start_of_a_walk():
    """Pending participants are neither 0 nor 1, so there is no exact outlook yet."""
    with pytest.raises(Refusal) as refusal:
        walk(ThreePlusThree(2, SIX), [LevelCount(3, 0), LevelCount(1, 0, 2)], at=2)

    assert str(refusal.value) == (
        "dose level 2: 2 still in the DLT window. Allowed: nobody pending. "
        "Wait, or ask once with a DLT and once without for each of them."
    )


def test_a_walk_that_grows_too_large_is_refused():
    """States are counted before they fill the memory."""
    with pytest.raises(Refusal, match="3\\+3 six-at-mtd: more states than the walk may reach"):
        walk(ThreePlusThree(6, SIX), most_states=100)


def boin(**settings):
    """Give BOIN for six levels, a target of .30 and 36 participants."""
    return Boin(**{"levels": 6, "target": 0.3, "max_n": 36, **settings})


TRUTH = [0.05, 0.12, 0.30, 0.45, 0.60, 0.70]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("place", "design"),
    [
        (0, boin()),
        (1, boin(max_n=30, extra_safe=True)),
        (
            2,
            Crm(
                levels=5,
                target=0.25,
                skeleton=skeleton_around(0.05, 0.25, 3, 5),
                max_n=30,
                mtd_tried=False,
            ),
        ),
    ],
)
def test_an_independent_engine_agrees(shared, place, design):
    """States and endings are equal, probabilities and expectations to 1e-12."""
    path = shared / "reference/escalation/exact_oc_prototype.json"
    expected = json.loads(path.read_text())["scenarios"][place]
    walked = walk(design)

    found = walked.under(expected["args"].get("p.true") or expected["args"]["PI"])

    assert (walked.states, found.terminal_states) == (expected["states"], expected["terminal"])
    for name in ("p_select", "p_no_mtd", "expected_n", "expected_dlt", "total"):
        assert getattr(found, name) == pytest.approx(expected[name], abs=1e-12)


def test_many_scenarios_at_once_are_as_one_by_one():
    """Rates of 0 and 1 among them, monotone or not."""
    walked = walk(boin(max_n=18))
    scenarios = [TRUTH, [0] * 6, [1] * 6, [0, 0.2, 1, 0.4, 0, 1], [0.7, 0.6, 0.5, 0.3, 0.2, 0.1]]

    together = walked.under_each(scenarios)

    for found, rates in zip(together, scenarios, strict=True):
        alone = walked.under(rates)
        for name in ("p_select", "p_no_mtd", "expected_n", "expected_dlt", "total"):
            assert getattr(found, name) == pytest.approx(getattr(alone, name), abs=1e-13)
    assert walked.under_each([]) == ()
    assert len(walk(boin(levels=1, max_n=6)).under_each([[0.2], [0.3]])) == 2


def test_each_scenario_that_is_none_is_named():
    """The number of the scenario stands before the dose level."""
    with pytest.raises(Refusal) as refusal:
        walk(boin(max_n=6)).under_each([TRUTH, [0.1] * 5, [1.4, 0.1, 0.1, 0.1, 0.1, -0.1]])

    probability, percent = "a probability from 0 to 1", "Write 25 % as 0.25"
    assert refusal.value.faults == (
        Fault(
            "scenario 2, true_rates",
            "5 rates for 6 dose levels",
            "6 rates",
            "Give one rate a dose level",
        ),
        Fault("scenario 3, true_rates, dose level 1", "1.4", probability, percent),
        Fault("scenario 3, true_rates, dose level 6", "-0.1", probability, percent),
    )


def test_every_state_is_reached_once_with_its_decision():
    """One level of 3+3: before the first cohort, its four results, and those of 1/3 expanded."""
    walked = walk(ThreePlusThree(1, STOPS))

    states = [(*each.seen, each.at, each.decision.act, each.last) for each in walked.reached]

    assert states == [
        (LevelCount(0, 0), 1, "stay", None),
        (LevelCount(3, 0), 1, "stop", None),
        (LevelCount(3, 1), 1, "expand", None),
        (LevelCount(3, 2), 1, "stop", None),
        (LevelCount(3, 3), 1, "stop", None),
        (LevelCount(6, 1), 1, "stop", None),
        (LevelCount(6, 2), 1, "stop", None),
        (LevelCount(6, 3), 1, "stop", None),
        (LevelCount(6, 4), 1, "stop", None),
    ]


@pytest.mark.parametrize(
    ("dlts_of_last", "next_level", "seen_after"),
    [
        # nobody of the last three: up to level 2
        (0, 2, [((6, 1), (3, dlts)) for dlts in range(4)]),
        # one of the last three: coherence keeps the trial at level 1
        (1, 1, [((9, 1 + dlts), (0, 0)) for dlts in range(4)]),
    ],
)
def test_a_design_that_looks_back_reaches_states_with_their_last_cohort(
    dlts_of_last, next_level, seen_after
):
    """From 1/6 at the lowest level, and then to the end after one cohort more."""
    design = Crm(levels=2, target=0.3, skeleton=(0.15, 0.3), max_n=9)
    seen, last = (LevelCount(6, 1), LevelCount(0, 0)), LevelCount(3, dlts_of_last)

    first, *after = walk(design, seen, 1, last=last).reached

    assert (first.seen, first.at, first.last, first.decision.level) == (seen, 1, last, next_level)
    assert first.decision == design.next_dose(seen, 1, last)
    assert [each.seen for each in after] == [
        tuple(LevelCount(*count) for count in counts) for counts in seen_after
    ]
    assert [each.at for each in after] == [next_level] * 4
    assert [each.last for each in after] == [LevelCount(3, dlts) for dlts in range(4)]
    assert {each.decision.act for each in after} == {"stop"}


def test_a_running_trial_goes_on_from_the_level_of_its_last_cohort():
    """2/3 at level 2 lead down to level 1; 0/3 at level 1 would lead up."""
    seen = [LevelCount(3, 0), LevelCount(3, 2), *[LevelCount(0, 0)] * 4]

    low, high = (walk(boin(max_n=9), seen, at).under(TRUTH).expected_n for at in (2, 1))

    assert low == pytest.approx((6, 3, 0, 0, 0, 0))
    assert high == pytest.approx((3, 6, 0, 0, 0, 0))


class Counting:
    """BOIN, asked for many states at once, that counts for how many."""

    def __init__(self, design):
        self.design, self.asked = design, 0
        self.name, self.levels, self.starting_level = design.name, design.levels, 1
        self.max_n, self.next_dose, self.mtds = design.max_n, design.next_dose, design.mtds

    def moves(self, evaluable, dlts, at, last):
        """Count the states, and decide."""
        self.asked += len(at)
        return self.design.moves(evaluable, dlts, at, last)


def test_a_walk_is_refused_while_few_of_its_states_are_there():
    """Of a walk of far more than three million states fewer than 200,000 are ever made."""
    design = Counting(boin(cohort_size=1))

    with pytest.raises(Refusal, match="at most 3000000 states"):
        walk(design)

    assert 0 < design.asked < 200_000


def test_a_walk_that_will_grow_too_large_is_refused_before_it_does():
    """36 participants one by one are far more than three million states; it takes no second."""
    with pytest.raises(Refusal, match=r"BOIN 0\.3: more states than the walk may reach"):
        walk(boin(cohort_size=1))


def test_the_outlook_of_a_running_boin_adds_up():
    """After one cohort, the outlooks weighted by their probabilities are the whole trial."""
    design, rate = boin(max_n=15), TRUTH[0]
    whole = walk(design).under(TRUTH)
    weights = [math.comb(3, dlts) * rate**dlts * (1 - rate) ** (3 - dlts) for dlts in range(4)]
    rest = [LevelCount(0, 0)] * 5

    outlooks = [walk(design, [LevelCount(3, dlts), *rest], 1).under(TRUTH) for dlts in range(4)]

    for name in ("p_select", "expected_n"):
        mixed = [
            sum(weight * value for weight, value in zip(weights, values, strict=True))
            for values in zip(*(getattr(each, name) for each in outlooks), strict=True)
        ]
        assert mixed == pytest.approx(getattr(whole, name), abs=1e-13)


def test_a_coherent_crm_goes_on_from_its_last_cohort():
    """The last cohort decides whether the next level may be higher."""
    design = Crm(levels=3, target=0.3, skeleton=(0.1, 0.2, 0.3), max_n=12)
    seen = [LevelCount(6, 1), LevelCount(0, 0), LevelCount(0, 0)]

    calm, toxic = (walk(design, seen, 1, last=LevelCount(3, dlts)) for dlts in (0, 1))

    assert calm.under([0.1, 0.2, 0.3]).expected_n[1] > toxic.under([0.1, 0.2, 0.3]).expected_n[1]


def test_spread_and_overdosing_are_those_of_the_endings():
    """Counted by hand on one level of two cohorts."""
    walked = walk(Boin(levels=1, target=0.3, max_n=6))
    stops = 0.5**3  # 3/3 closes the only level

    spread = walked.spread([0.5])

    assert walked.under([0.5]).expected_n[0] == pytest.approx(6 - 3 * stops)
    assert spread.evaluable[0] == pytest.approx(3 * math.sqrt(stops * (1 - stops)))
    assert spread.total_evaluable == pytest.approx(spread.evaluable[0])
    assert walked.overdosing([0.5], 0.3, 5) == pytest.approx(1 - stops)
    assert walked.overdosing([0.2], 0.3, 0) == 0


class Hesitant:
    """A design that never decides."""

    name, levels, starting_level = "hesitant", 1, 1

    def next_dose(self, seen, at):
        """Wait though nobody is pending."""
        return Decision("wait", at, "0/0", "hesitation")


def test_a_design_that_neither_stops_nor_enrols_is_refused():
    """The walk would not end."""
    with pytest.raises(Refusal, match="dose level 1: the design neither stops nor enrols"):
        walk(Hesitant())
