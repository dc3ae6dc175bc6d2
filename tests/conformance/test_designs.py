"""What every dose-escalation design must hold, whatever its rule.

A new row of the catalogue needs its samples here; the suite then runs on it unasked.
"""

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.escalation.catalogue import CATALOGUE, design_from
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.exact import operating_characteristics, walk
from trialwright.escalation.outcomes import Cohort, Outcomes
from trialwright.protocol.escalation_design import EscalationDesign
from trialwright.terms.errors import Refusal


def three_plus_three():
    """Every variant on ladders of one to four levels, from the first and from the second level."""
    for variant, levels, start in itertools.product(CATALOGUE["3+3"].variants, range(1, 5), (1, 2)):
        if start <= levels:
            data = EscalationDesign(name="3+3", variant=variant, starting_level=start)
            yield design_from(data, levels)


SAMPLES = {"3+3": three_plus_three}
"""For each design of the catalogue, the settings on which it is tried."""

DESIGNS = [
    pytest.param(design, id=f"{design.name}, {design.levels} levels from {design.starting_level}")
    for samples in SAMPLES.values()
    for design in samples()
]
SMALL = [sample for sample in DESIGNS if sample.values[0].levels in (2, 3)]

every_design = pytest.mark.parametrize("design", DESIGNS)
small_designs = pytest.mark.parametrize("design", SMALL)


def test_every_design_of_the_catalogue_is_tried():
    """No row without samples, no samples without a row."""
    assert set(SAMPLES) == set(CATALOGUE)


@every_design
def test_no_decision_leaves_the_ladder_or_skips_a_level(design):
    """In every reachable state the next level is on the ladder and at most one step away."""
    for state in walk(design).reached:
        level = state.decision.level
        tried = [place for place, count in enumerate(state.seen, start=1) if count.treated]

        assert level is None or 1 <= level <= design.levels
        assert level is None or level <= max([design.starting_level, *(step + 1 for step in tried)])
        assert level is None or abs(level - state.at) <= 1


@every_design
def test_act_and_level_agree(design):
    """The word and the number say the same."""
    steps = {"escalate": 1, "stay": 0, "expand": 0, "wait": 0, "de-escalate": -1}
    for state in walk(design).reached:
        decision = state.decision
        expected = None if decision.act == "stop" else state.at + steps[decision.act]

        assert decision.level == expected
        assert (decision.cohort_size > 0) == (decision.act != "stop")


@every_design
def test_two_dlts_in_at_most_six_never_escalate(design):
    """Two DLTs at a level of at most six participants are a third or more."""
    for state in walk(design).reached:
        here = state.seen[state.at - 1]
        if here.dlts >= 2 and here.evaluable <= 6:
            assert state.decision.act != "escalate"


@every_design
def test_every_decision_tells_its_tally_and_names_its_rule(design):
    """The sentence of the dose meeting holds the tally of the level it decides on."""
    for state in walk(design).reached:
        here = state.seen[state.at - 1]

        assert f"{here.dlts}/{here.evaluable}" in state.decision.because
        assert state.decision.rule
        assert design.name in state.decision.because


@every_design
def test_the_mtd_is_a_level_somebody_was_treated_at(design):
    """An MTD comes with a stop alone, and never from an empty level."""
    for state in walk(design).reached:
        mtd = state.decision.mtd

        assert mtd is None or state.decision.act == "stop"
        assert mtd is None or state.seen[mtd - 1].evaluable > 0


@every_design
def test_the_estimate_from_counts_equals_that_of_the_stop(design):
    """Estimating the MTD is a step of its own and agrees; before the stop it is refused."""
    for state in walk(design).reached:
        if state.decision.act == "stop":
            estimate = design.select_mtd(state.seen)

            assert estimate.level == state.decision.mtd
            assert estimate.because
        else:
            with pytest.raises(Refusal):
                design.select_mtd(state.seen)


@every_design
def test_what_was_decided_once_is_decided_again(design):
    """The walk recorded what the design answers when it is asked by itself."""
    for state in walk(design).reached:
        assert design.next_dose(list(state.seen), state.at) == state.decision


@every_design
def test_somebody_pending_never_opens_a_level(design):
    """With one participant of a cohort still pending, no state escalates."""
    for state in walk(design).reached:
        here = state.seen[state.at - 1]
        if here.evaluable == here.dlts:
            continue
        pending = LevelCount(here.evaluable - 1, here.dlts, 1)
        seen = (*state.seen[: state.at - 1], pending, *state.seen[state.at :])

        assert design.next_dose(seen, state.at).act != "escalate"


@every_design
@pytest.mark.parametrize("at", [0, -1, 99, True, 1.0])
def test_a_level_beside_the_ladder_is_refused(design, at):
    """No design answers for a level that it does not have."""
    with pytest.raises(Refusal):
        design.next_dose((LevelCount(0, 0),) * design.levels, at)


@every_design
def test_counts_for_another_ladder_are_refused(design):
    """One count a level."""
    with pytest.raises(Refusal):
        design.next_dose((LevelCount(0, 0),) * (design.levels + 1), design.starting_level)


@every_design
@settings(max_examples=50, deadline=None)
@given(fates=st.text("NTPE", max_size=60))
def test_a_trial_as_it_is_run_keeps_to_the_ladder_and_ends(design, fates):
    """Participants come in, wait, drop out and are replaced; every trial ends."""
    fate = itertools.chain(fates, itertools.repeat("N"))
    cohorts, at = [], design.starting_level
    for _ in range(len(fates) + 20 * design.levels):
        decision = design.next_dose(Outcomes(design.levels, tuple(cohorts)).seen, at)
        if decision.act == "stop":
            break
        at = decision.level
        assert 1 <= at <= design.levels
        watched = [
            "".join(next(fate) if letter == "P" else letter for letter in cohort.letters)
            for cohort in cohorts
        ]
        cohorts = [
            Cohort(cohort.level, letters) for cohort, letters in zip(cohorts, watched, strict=True)
        ]
        new = "".join(itertools.islice(fate, decision.cohort_size))
        cohorts += [Cohort(at, new)] if new else []

    assert decision.act == "stop"


@every_design
@settings(max_examples=30, deadline=None)
@given(draw=st.data())
def test_the_order_of_participants_in_a_cohort_changes_nothing(design, draw):
    """Who of a cohort had the DLT does not matter."""
    state = draw.draw(st.sampled_from(walk(design).reached))
    cohorts = [
        Cohort(level, "T" * count.dlts + "N" * (count.evaluable - count.dlts))
        for level, count in enumerate(state.seen, start=1)
        if count.evaluable
    ]
    shuffled = tuple(
        Cohort(cohort.level, "".join(draw.draw(st.permutations(cohort.letters))))
        for cohort in cohorts
    )

    assert design.next_dose(Outcomes(design.levels, shuffled).seen, state.at) == state.decision


@every_design
@settings(max_examples=20, deadline=None)
@given(draw=st.data())
def test_probabilities_add_up_to_one(design, draw):
    """In any scenario, monotone or not, with rates of 0 and 1 too."""
    rates = draw.draw(st.lists(st.floats(0, 1), min_size=design.levels, max_size=design.levels))

    found = operating_characteristics(design, rates)

    assert found.total == pytest.approx(1, abs=1e-12)
    assert math.fsum([found.p_no_mtd, *found.p_select]) == pytest.approx(1, abs=1e-12)
    assert found.expected_dlt == pytest.approx(
        [rate * number for rate, number in zip(rates, found.expected_n, strict=True)], abs=1e-12
    )


def enumerate_paths(design, rates):
    """Follow every sequence of cohort results in fractions, merging nothing."""
    paths = [(Fraction(1), (LevelCount(0, 0),) * design.levels, design.starting_level)]
    while paths:
        chance, seen, at = paths.pop()
        decision = design.next_dose(seen, at)
        if decision.act == "stop":
            yield chance, seen, decision.mtd
            continue
        level, size = decision.level, decision.cohort_size
        rate = Fraction(rates[level - 1])
        before = seen[level - 1]
        for dlts in range(size + 1):
            count = LevelCount(before.evaluable + size, before.dlts + dlts)
            part = math.comb(size, dlts) * rate**dlts * (1 - rate) ** (size - dlts)
            paths.append((chance * part, (*seen[: level - 1], count, *seen[level:]), level))


@small_designs
@settings(max_examples=3, deadline=None)
@given(draw=st.data())
def test_merged_states_equal_the_enumeration_of_all_paths(design, draw):
    """Merging orders of events loses nothing: every number equals the sum over all paths."""
    rates = draw.draw(st.lists(st.floats(0, 1), min_size=design.levels, max_size=design.levels))
    ways = list(enumerate_paths(design, rates))

    found = operating_characteristics(design, rates)

    assert found.paths == len(ways)
    for mtd, p_found in enumerate([found.p_no_mtd, *found.p_select]):
        chance = sum(chance for chance, _, selected in ways if (selected or 0) == mtd)
        assert p_found == pytest.approx(float(chance), abs=1e-12)
    for level in range(design.levels):
        number = sum(chance * seen[level].evaluable for chance, seen, _ in ways)
        dlts = sum(chance * seen[level].dlts for chance, seen, _ in ways)
        assert found.expected_n[level] == pytest.approx(float(number), abs=1e-12)
        assert found.expected_dlt[level] == pytest.approx(float(dlts), abs=1e-12)
