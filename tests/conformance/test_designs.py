"""What every dose-escalation design must hold, whatever its rule.

A new row of the catalogue needs its samples here; the suite then runs on it unasked.
"""

import itertools
import json
import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tests.sizes import sized

from trialwright.escalation.catalogue import CATALOGUE, design_from
from trialwright.escalation.decision import LevelCount, decide
from trialwright.escalation.exact import operating_characteristics, walk
from trialwright.escalation.outcomes import Cohort, Outcomes
from trialwright.protocol.data import frozen
from trialwright.protocol.escalation_design import (
    EscalationDesign,
    RollingSixDesign,
    ThreePlusThreeDesign,
)
from trialwright.terms.errors import Refusal


def three_plus_three():
    """Every variant on ladders of one to four levels, from the first and from the second level."""
    for variant, levels, start in itertools.product(CATALOGUE["3+3"].variants, range(1, 5), (1, 2)):
        if start <= levels:
            data = ThreePlusThreeDesign(name="3+3", variant=variant, starting_level=start)
            yield design_from(data, levels)


def rolling_six():
    """On ladders of one to four levels, from the first and from the second level."""
    for levels, start in itertools.product(range(1, 5), (1, 2)):
        if start <= levels:
            yield design_from(RollingSixDesign(name="rolling-six", starting_level=start), levels)


OMITTED = object()
"""What a design has no setting for."""

READ = TypeAdapter(EscalationDesign)


def samples_of(name, *settings):
    """Make samples of a design: levels of the ladder with what the protocol writes."""

    def samples():
        """Give each sample."""
        for levels, written in settings:
            data = {"name": name, "target": 0.3, "max_n": 9, **written}
            data = {field: value for field, value in data.items() if value is not OMITTED}
            exact = frozen(json.loads(json.dumps(data), parse_float=Decimal))
            yield design_from(READ.validate_python(exact), levels)

    return samples


TABLE = [
    {"evaluable": 3, "decisions": "ESDU"},
    {"evaluable": 6, "decisions": "EESDDUU"},
    {"evaluable": 9, "decisions": "EEESDDUUUU"},
]

BLRM = {
    "target": OMITTED,
    "doses": [10, 20, 40],
    "reference_dose": 20,
    "prior_mean": [-1, 0.2],
    "prior_sd": [1.5, 0.8],
    "target_low": 0.2,
    "target_high": 0.35,
}

SAMPLES = {
    "3+3": three_plus_three,
    "BOIN": samples_of(
        "BOIN",
        (1, {}),
        (2, {"extra_safe": True, "max_n": 12}),
        (3, {"stop_at": 6, "max_n": 12, "starting_level": 2}),
        (3, {"titration": True, "max_n": 8}),
        (2, {"cohort_size": 1, "target": 0.25, "max_n": 6, "bound_mtd": True}),
        (4, {"cohort_size": 2, "max_n": 10}),
    ),
    "keyboard": samples_of("keyboard", (3, {}), (2, {"stop_at": 6, "max_n": 12, "target": 0.25})),
    "mTPI": samples_of("mTPI", (3, {}), (2, {"max_n": 10, "cohort_size": 2, "target": 0.25})),
    "mTPI-2": samples_of("mTPI-2", (3, {}), (2, {"extra_safe": True, "max_n": 12})),
    "i3+3": samples_of("i3+3", (3, {"eliminate": None}), (2, {"max_n": 12, "target": 0.25})),
    "decision-table": samples_of(
        "decision-table", (3, {"rows": TABLE}), (2, {"rows": TABLE, "max_n": 12, "stop_at": 9})
    ),
    "CRM": samples_of(
        "CRM",
        (3, {"skeleton": [0.12, 0.3, 0.5]}),
        (2, {"skeleton": [0.2, 0.4], "coherent": False, "safety_stop": 0.9, "max_n": 12}),
        (3, {"skeleton": [0.1, 0.3, 0.5], "model": "logistic", "stop_at": 6, "max_n": 8}),
        (2, {"skeleton": [0.2, 0.4], "estimate": "posterior-mean", "cohort_size": 2, "max_n": 8}),
    ),
    "BLRM": samples_of(
        "BLRM",
        (3, BLRM),
        (2, {**BLRM, "doses": [10, 20], "stop_at": 6, "max_n": 8, "ewoc": 0.4}),
        (3, {**BLRM, "choose": "highest", "cohort_size": 2, "max_n": 8, "prior_correlation": -0.4}),
        (2, {**BLRM, "doses": [10, 20], "stop_probability": 0.4, "stop_from": 3, "max_n": 12}),
        (1, {**BLRM, "doses": [20]}),
    ),
    "TITE-CRM": samples_of(
        "TITE-CRM",
        (3, {"skeleton": [0.12, 0.3, 0.5], "window_days": 28}),
        (2, {"skeleton": [0.2, 0.4], "window_days": 84, "weights": "adaptive", "stop_at": 6}),
    ),
    "TITE-BOIN": samples_of(
        "TITE-BOIN",
        (3, {"window_days": 28, "pending": "imputation"}),
        (2, {"window_days": 84, "pending": "effective-number", "stop_at": 6, "max_n": 12}),
    ),
    "rolling-six": rolling_six,
    "BOIN-combinations": samples_of(
        "BOIN-combinations",
        (6, {"rows": 2, "columns": 3}),
        (4, {"rows": 2, "columns": 2, "cohort_size": 2, "max_n": 10, "favour_tried": False}),
        (3, {"rows": 1, "columns": 3, "max_n": 12}),
        (2, {"rows": 2, "columns": 1, "eliminate": None}),
    ),
}
"""For each design of the catalogue, the settings on which it is tried."""

DESIGNS = [
    pytest.param(design, id=f"{design.name}, {design.levels} levels from {design.starting_level}")
    for samples in SAMPLES.values()
    for design in samples()
]
SMALL = [sample for sample in DESIGNS if sample.values[0].levels in (2, 3)]

every_design = pytest.mark.parametrize("design", DESIGNS)
small_designs = pytest.mark.parametrize("design", SMALL)


def test_naming_the_designs_loads_no_numerical_library():
    """Every command reads the catalogue, and most of them decide no dose."""
    script = (
        "import sys, trialwright.escalation.catalogue, trialwright.conduct.deciding;"
        "print({'numpy', 'scipy'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert done.stdout == "set()\n"


def test_every_design_of_the_catalogue_is_tried():
    """No row without samples, no samples without a row."""
    assert set(SAMPLES) == set(CATALOGUE)


def height(design, level):
    """Give how many steps up a level is: on a grid of two agents the doses of both count."""
    return sum(design.combination(level)) - 1 if hasattr(design, "combination") else level


@every_design
def test_no_decision_leaves_the_ladder_or_skips_a_level(design):
    """In every reachable state the next level is on the ladder and at most one step above."""
    for state in walk(design).reached:
        level = state.decision.level
        if level is None:
            continue
        tried = [place for place, count in enumerate(state.seen, start=1) if count.treated]
        highest = max([0, *(height(design, place) for place in tried)])

        assert 1 <= level <= design.levels
        assert height(design, level) <= max(design.starting_level, highest + 1)
        assert height(design, level) - height(design, state.at) <= 1


@every_design
def test_act_and_level_agree(design):
    """The word and the number say the same."""
    signs = {"escalate": 1, "stay": 0, "expand": 0, "wait": 0, "de-escalate": -1}
    for state in walk(design).reached:
        decision = state.decision
        step = None if decision.level is None else np.sign(decision.level - state.at)

        assert step == signs.get(decision.act)
        assert (decision.cohort_size > 0) == (decision.act != "stop")


@every_design
def test_two_dlts_in_at_most_six_never_escalate(design):
    """Two DLTs in at most six are a third or more; only a model may know better."""
    if design.name.startswith(("CRM", "BLRM", "TITE-CRM")):
        return
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


def can_have_stopped(design, seen):
    """Say whether some last cohort would have stopped a trial with these counts."""
    for at, count in enumerate(seen, start=1):
        one = [LevelCount(1, 0)] if count.dlts < count.evaluable else []
        for last in [None, *one, *([LevelCount(1, 1)] if count.dlts else [])]:
            try:
                if count.treated and decide(design, seen, at, last).act == "stop":
                    return True
            except Refusal:
                continue
    return False


@every_design
def test_the_estimate_from_counts_equals_that_of_the_stop(design):
    """Estimating the MTD is a step of its own and agrees; it is refused while nothing stopped."""
    for state in walk(design).reached:
        if state.decision.act == "stop":
            estimate = design.select_mtd(state.seen)

            assert estimate.level == state.decision.mtd
            assert estimate.because
        elif not can_have_stopped(design, state.seen):
            with pytest.raises(Refusal):
                design.select_mtd(state.seen)


@every_design
def test_what_was_decided_once_is_decided_again(design):
    """The walk recorded what the design answers when it is asked by itself."""
    for state in walk(design).reached:
        assert decide(design, list(state.seen), state.at, state.last) == state.decision


@every_design
def test_many_states_at_once_are_decided_as_one_by_one(design):
    """What the forward pass asks a design gives the levels, sizes and MTDs of its decisions."""
    if not hasattr(design, "moves"):
        return
    states = [state for state in walk(design).reached if sum(c.treated for c in state.seen)]
    counts = [
        np.array([[getattr(count, name) for count in state.seen] for state in states], np.int16)
        for name in ("evaluable", "dlts")
    ]
    last = [(state.last.evaluable, state.last.dlts) if state.last else (1, 0) for state in states]
    decisions = [state.decision for state in states]

    level, size = design.moves(*counts, np.array([state.at for state in states]), np.array(last))

    assert level.tolist() == [decision.level or 0 for decision in decisions]
    assert size.tolist() == [decision.cohort_size for decision in decisions]
    mtds = design.mtds(*counts).tolist()
    for decision, mtd in zip(decisions, mtds, strict=True):
        assert decision.act != "stop" or (decision.mtd or 0) == mtd


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


@pytest.mark.sized
@every_design
@settings(max_examples=sized(500, 12), deadline=None)
@given(fates=st.text("NTPE", max_size=60))
def test_a_trial_as_it_is_run_keeps_to_the_ladder_and_ends(design, fates):
    """Participants come in, wait, drop out and are replaced; every trial ends."""
    fate = itertools.chain(fates, itertools.repeat("N"))
    cohorts, at = [], design.starting_level
    for _ in range(len(fates) + 20 * design.levels):
        outcomes = Outcomes(design.levels, tuple(cohorts))
        decision = decide(design, outcomes.seen, at, outcomes.last_cohort)
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


@pytest.mark.sized
@every_design
@settings(max_examples=sized(300, 8), deadline=None)
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

    seen = Outcomes(design.levels, shuffled).seen
    assert decide(design, seen, state.at, state.last) == state.decision


@pytest.mark.sized
@every_design
@settings(max_examples=sized(200, 6), deadline=None)
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
    start = (LevelCount(0, 0),) * design.levels
    paths = [(Fraction(1), start, design.starting_level, None)]
    while paths:
        chance, seen, at, last = paths.pop()
        decision = decide(design, seen, at, last)
        if decision.act == "stop":
            yield chance, seen, decision.mtd
            continue
        level, size = decision.level, decision.cohort_size
        rate = Fraction(rates[level - 1])
        before = seen[level - 1]
        for dlts in range(size + 1):
            count = LevelCount(before.evaluable + size, before.dlts + dlts)
            part = math.comb(size, dlts) * rate**dlts * (1 - rate) ** (size - dlts)
            after = (*seen[: level - 1], count, *seen[level:])
            paths.append((chance * part, after, level, LevelCount(size, dlts)))


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
