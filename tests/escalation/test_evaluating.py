"""Operating characteristics by the method that memory allows, and designs side by side."""

import math
import tracemalloc

import numpy as np
import pytest

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.comparing import compare, compare_tables
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import (
    ALL_FOLLOWED,
    Effort,
    Scenario,
    falling,
    standard_scenarios,
)
from trialwright.escalation.exact import walk
from trialwright.terms.errors import Refusal

TRUTH = Scenario("truth", (0.1, 0.3, 0.5))
BOIN = DoseEscalation(Boin(levels=3, target=0.3, max_n=12))


def seeded():
    """Give a generator, the same each time."""
    return np.random.Generator(np.random.PCG64(11))


def test_small_designs_are_answered_exactly_and_say_why():
    """States, endings and the memory that they fit into."""
    (found,) = BOIN.evaluate([TRUTH], seeded)

    walked = walk(BOIN.design)
    assert found.method == "exact"
    assert found.because == (
        f"exact: {walked.states:,} states with {len(walked.endings):,} endings, within the "
        "3,000,000 that 1,200 MB hold"
    )
    assert [each.value for each in found.p_select] == pytest.approx(
        walked.under(TRUTH.rates).p_select, abs=1e-14
    )


def test_what_does_not_fit_into_memory_is_simulated_and_says_why():
    """With no memory to speak of, the same design is simulated, within its own errors."""
    (exact,) = BOIN.exact_oc([TRUTH])

    (found,) = BOIN.evaluate([TRUTH], seeded, Effort(memory_mb=0, trials=20_000))

    assert found.method == "monte-carlo"
    assert found.because == (
        "20,000 simulated trials in each scenario: more states are foretold than the 0 that "
        "0 MB hold"
    )
    for simulated, right in zip(found.p_select, exact.p_select, strict=True):
        assert abs(simulated.value - right.value) <= 4 * simulated.mcse


def test_a_design_of_thirty_million_states_is_not_expanded():
    """BOIN with 90 participants: memory stays small, and the answer is simulated."""
    large = DoseEscalation(Boin(levels=6, target=0.3, max_n=90, stop_at=12))
    scenario = Scenario("truth", (0.05, 0.12, 0.3, 0.45, 0.6, 0.7))
    tracemalloc.start()
    try:
        (found,) = large.evaluate([scenario], seeded, Effort(trials=1_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert found.method == "monte-carlo"
    assert peak < 300_000_000


def test_memory_bounds_what_a_walk_takes():
    """The bytes allowed for each state are more than it takes, and less than three times that."""
    design = Boin(levels=6, target=0.3, max_n=36)
    tracemalloc.start()
    try:
        states = walk(design).states
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    allowed = 1_000_000_000 / Effort(memory_mb=1000).most_states(6)

    assert peak / states < allowed < 3 * peak / states


def test_an_exact_answer_can_be_insisted_on():
    """Then too many states are refused instead."""
    with pytest.raises(Refusal, match="more states than the walk may reach"):
        BOIN.evaluate([TRUTH], seeded, Effort("exact", memory_mb=0))


def test_a_simulation_needs_a_generator():
    """No random state is read anywhere below the assembly."""
    with pytest.raises(Refusal, match="no generator"):
        BOIN.evaluate([TRUTH], None, Effort("monte-carlo"))


def test_the_outlook_of_a_running_trial_is_exact():
    """After 1/3 at the only level 1/8 select it at a rate of 1/2."""
    one = DoseEscalation(ThreePlusThree(1, "no-de-escalation"), target=0.3)

    (found,) = one.exact_oc([Scenario("half", (0.5,))], given="1NNT")

    assert found.p_select[0].value == 1 / 8
    assert found.total_n.value == 6


def test_nobody_may_be_pending_for_an_outlook():
    """Pending is neither 0 nor 1."""
    with pytest.raises(Refusal, match="still in the DLT window"):
        BOIN.exact_oc([TRUTH], given="1NNP")


def test_a_design_without_target_is_judged_without_one():
    """A 3+3 aims at no rate: what is selected and who is treated do not ask for one."""
    (found,) = DoseEscalation(ThreePlusThree(3, "six-at-mtd")).exact_oc([TRUTH])
    (aimed,) = DoseEscalation(ThreePlusThree(3, "six-at-mtd"), target=0.3).exact_oc([TRUTH])

    assert (found.target, found.judged, found.correct) == (None, None, ())
    assert (found.p_select, found.total_n, found.sizes) == (
        aimed.p_select,
        aimed.total_n,
        aimed.sizes,
    )
    with pytest.raises(Refusal, match="target: none, so that no level is correct"):
        _ = found.correct_selection


@pytest.mark.parametrize("target", [25, 0, -0.1])
def test_a_target_that_is_no_probability_is_refused(target):
    """Also for a design that needs none."""
    with pytest.raises(Refusal, match="target"):
        DoseEscalation(ThreePlusThree(3, "six-at-mtd"), target=target).exact_oc([TRUTH])


@pytest.mark.parametrize(
    ("rates", "where"),
    [((0.1, 0.3), "true_rates"), ((0.1, 30, 0.5), "true_rates, dose level 2")],
)
def test_a_scenario_that_does_not_fit_is_named(rates, where):
    """By its name, with the level."""
    with pytest.raises(Refusal) as refusal:
        BOIN.exact_oc([TRUTH, Scenario("odd", rates)])

    assert refusal.value.faults[0].where == f"scenario odd, {where}"


def test_doses_for_another_ladder_are_refused():
    """One dose a level."""
    with pytest.raises(Refusal, match="2 doses for 3 dose levels"):
        DoseEscalation(BOIN.design, ("200 mg", "300 mg"))


def test_standard_scenarios_put_the_mtd_at_each_level():
    """At the MTD the target, odds doubled upward: .3 -> odds 3/7, 6/7, 12/7; below 3/14."""
    found = standard_scenarios(3, 0.3)

    assert [each.name for each in found] == [
        "MTD at dose level 1",
        "MTD at dose level 2",
        "MTD at dose level 3",
        "all safe",
        "all too toxic",
    ]
    assert found[0].rates == (0.3, round(6 / 13, 3), round(12 / 19, 3))
    assert found[1].rates == (round(3 / 17, 3), 0.3, round(6 / 13, 3))
    assert max(found[3].rates) < 0.3
    assert min(found[4].rates) > 1.4 * 0.3


def test_designs_stand_side_by_side_scenario_by_scenario():
    """Each number is that of the design by itself, against the common target."""
    crm = DoseEscalation(Crm(levels=3, target=0.3, skeleton=(0.15, 0.3, 0.45), max_n=12))
    six = DoseEscalation(ThreePlusThree(3, "six-at-mtd"))
    scenarios = standard_scenarios(3, 0.3)[:2]

    found = compare([BOIN, crm, six], scenarios, 0.3)

    assert [(each.design, each.scenario) for each in found] == [
        (name, scenario.name)
        for scenario in scenarios
        for name in ("BOIN 0.3", "CRM power 0.3", "3+3 six-at-mtd")
    ]
    alone = six.design
    expected = walk(alone).under(scenarios[1].rates)
    assert found[5].found.correct_selection.value == pytest.approx(expected.p_select[1], abs=1e-14)


def test_one_dlt_in_three_separates_designs():
    """Target 0.25: BOIN, keyboard and mTPI-2 de-escalate, mTPI and i3+3 stay."""
    usual = {"levels": 3, "target": 0.25, "max_n": 12}
    designs = [DoseEscalation(kind(**usual)) for kind in (Boin, Keyboard, Mtpi2, Mtpi, I3Plus3)]

    rows = {(row.evaluable, row.dlts): row for row in compare_tables(designs)}

    row = rows[3, 1]
    assert row.says == ("D", "D", "D", "S", "S")
    assert row.differs
    assert not rows[3, 0].differs


@pytest.mark.parametrize(
    ("designs", "says"),
    [
        ([], "designs: none"),
        ([BOIN, BOIN], "BOIN 0.3 twice"),
        (
            [BOIN, DoseEscalation(Boin(levels=2, target=0.25, max_n=12))],
            "BOIN 0.3 on 3, BOIN 0.25 on 2",
        ),
    ],
)
def test_designs_that_cannot_be_compared_are_refused(designs, says):
    """None, one twice, ladders of different length."""
    with pytest.raises(Refusal) as refusal:
        compare(designs, [TRUTH], 0.3)

    assert says in str(refusal.value)


def test_scenarios_have_each_their_own_name():
    """None, or two of one name, are refused."""
    for scenarios, says in (([], "scenarios: none"), ([TRUTH, TRUTH], "truth twice")):
        with pytest.raises(Refusal) as refusal:
            compare([BOIN], scenarios, 0.3)
        assert says in str(refusal.value)


def test_labels_tell_two_of_one_design_apart():
    """A wider interval beside the usual one: 4 of 9 stay there, 4 of 9 go down here."""
    wide = DoseEscalation(Boin(levels=3, target=0.3, max_n=12, p_tox=0.7), label="wide")

    found = compare([BOIN, wide], [TRUTH], 0.3)

    assert [each.design for each in found] == ["BOIN 0.3", "wide"]
    assert not math.isclose(
        found[0].found.total_dlt.value, found[1].found.total_dlt.value, abs_tol=1e-6
    )


def test_a_design_that_weighs_follow_up_says_what_its_numbers_leave_out():
    """Rolling six and the TITE designs are judged with complete follow-up; the others need not."""
    six = DoseEscalation(RollingSix(3), target=0.3)

    (found,) = six.exact_oc([TRUTH])
    (plain,) = BOIN.exact_oc([TRUTH])

    assert found.because.endswith(ALL_FOLLOWED)
    assert ALL_FOLLOWED not in plain.because


LADDER = Boin(levels=6, target=0.3, max_n=12)
GRID = BoinCombinations(rows=2, columns=3, target=0.3, max_n=12)


@pytest.mark.parametrize(
    ("design", "rates", "where"),
    [
        (LADDER, (0.1, 0.1, 0.2, 0.3, 0.4, 0.5), ""),
        (LADDER, (0.1, 0.2, 0.3, 0.4, 0.5, 0.45), "0.5 at dose level 5 to 0.45 at dose level 6"),
        (LADDER, (0.1, 0.09, 0.3, 0.2, 0.5, 0.6), "0.1 at dose level 1 to 0.09 at dose level 2"),
        # the first of the second row may be below the last of the first
        (GRID, (0.1, 0.2, 0.3, 0.15, 0.25, 0.35), ""),
        (GRID, (0.1, 0.2, 0.15, 0.15, 0.25, 0.35), "0.2 at dose level 2 to 0.15 at dose level 3"),
        (GRID, (0.1, 0.2, 0.3, 0.15, 0.2, 0.29), "0.3 at dose level 3 to 0.29 at dose level 6"),
        (LADDER, (0.3, 0.2), ""),
    ],
)
def test_a_fall_of_the_true_rate_is_told(design, rates, where):
    """The first, along the doses of one agent."""
    said = falling(design, rates)

    assert said == (
        f"the true DLT rate falls from {where}, where designs expect it to rise" if where else ""
    )


def test_numbers_under_falling_rates_say_so():
    """Each scenario by itself."""
    falls = Scenario("falls", (0.3, 0.2, 0.1))

    sound, strange = BOIN.evaluate([TRUTH, falls])

    assert "falls" not in sound.because
    assert strange.because == f"{sound.because}; {falling(BOIN.design, falls.rates)}"
