"""Trees of what the next cohorts may bring, and the same paths merged."""

import json
import math

import pytest

from trialwright.escalation import paths
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.exact import operating_characteristics
from trialwright.escalation.states import TooManyStates
from trialwright.terms.errors import Fault, Refusal

TRUTH = [0.1, 0.3, 0.5]
DESIGNS = [
    Boin(levels=3, target=0.3, max_n=12),
    Boin(levels=3, target=0.3, max_n=10, titration=True),
    ThreePlusThree(3, "six-at-mtd"),
    Crm(levels=3, target=0.3, skeleton=(0.15, 0.3, 0.45), max_n=12),
]
every_design = pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)


@pytest.mark.shared
def test_another_program_draws_the_same_tree(shared):
    """Every path of three cohorts of BOIN, with each next dose, as the R package escalation."""
    text = (shared / "reference/escalation/dose_paths.json").read_text()
    (reference,) = json.loads(text)["paths"]
    design = Boin(levels=5, target=0.25, max_n=30)

    nodes = DoseEscalation(design).paths(cohorts=3)

    ends = []
    for node in nodes:
        if node.cohorts == 3 or node.decision.level is None:
            row, at = [], node
            while at.parent is not None:
                row = [at.outcomes.split()[-1].lstrip("12345"), at.decision.level, *row]
                at = nodes[at.parent]
            ends.append(["", at.decision.level, *row, *[None] * (6 - len(row))])
    expected = [
        [cell or None if place % 2 == 0 and place else cell for place, cell in enumerate(row)]
        for row in reference["rows"]
    ]
    assert sorted(map(str, ends)) == sorted(map(str, expected))


def test_a_path_is_weighed_by_hand():
    """0/3 at level 1 then 1/3 at level 2: 0.9^3 times 3 times 0.3 times 0.7^2."""
    nodes = DoseEscalation(DESIGNS[0]).paths(cohorts=2, true_rates=TRUTH)

    (node,) = [each for each in nodes if each.outcomes == "1NNN 2NNT"]

    assert node.ways == 3
    assert node.probability == pytest.approx(0.9**3 * 3 * 0.3 * 0.7**2)
    assert nodes[node.parent].outcomes == "1NNN"
    assert node.seen == (LevelCount(3, 0), LevelCount(3, 1), LevelCount(0, 0))
    assert node.decision.because.startswith("1/3 DLT at dose level 2")


@every_design
def test_the_probabilities_of_each_depth_add_up_to_one(design):
    """What ended earlier counts with those that go on."""
    nodes = DoseEscalation(design).paths(cohorts=4, true_rates=TRUTH)

    for depth in range(5):
        here = [
            each.probability
            for each in nodes
            if each.cohorts == depth or (each.cohorts < depth and each.decision.level is None)
        ]
        assert math.fsum(here) == pytest.approx(1, abs=1e-12)


@every_design
def test_merged_paths_are_the_sum_over_the_tree(design):
    """Each move from level to level has the probability of all paths that make it."""
    escalation = DoseEscalation(design)
    nodes = escalation.paths(cohorts=3, true_rates=TRUTH)
    moves = {(1, 0, nodes[0].decision.level): 1.0}
    for node in nodes[1:]:
        move = (node.cohorts + 1, node.at, node.decision.level or 0)
        moves[move] = moves.get(move, 0) + node.probability

    found = {
        (each.cohort, each.level_from, each.level_to): each.probability
        for each in escalation.flows(TRUTH)
        if each.cohort <= 4
    }

    assert found.keys() == {move for move, chance in moves.items() if chance}
    for move, chance in found.items():
        assert chance == pytest.approx(moves[move], abs=1e-12)


def test_the_flows_of_a_whole_trial_treat_as_many_as_the_exact_engine_says():
    """Cohorts of three: the number of cohorts at each level times three."""
    design = DESIGNS[0]
    expected = operating_characteristics(design, TRUTH).expected_n

    flows = DoseEscalation(design).flows(TRUTH)

    for level in (1, 2, 3):
        cohorts = math.fsum(each.probability for each in flows if each.level_to == level)
        assert 3 * cohorts == pytest.approx(expected[level - 1], abs=1e-12)
    stopped = math.fsum(each.probability for each in flows if each.level_to == 0)
    assert stopped == pytest.approx(1, abs=1e-12)


def test_a_tree_begins_where_the_trial_stands():
    """After 1/3 at level 2 BOIN stays there, and four results follow."""
    nodes = DoseEscalation(DESIGNS[0]).paths("1NNN 2NNT", cohorts=1)

    assert [each.outcomes for each in nodes] == ["", "2NNN", "2NNT", "2NTT", "2TTT"]
    assert [each.probability for each in nodes] == [None] * 5
    assert (nodes[0].at, nodes[0].last) == (2, LevelCount(3, 1))


def test_a_finished_trial_is_a_tree_of_one_node():
    """Nothing follows a stop."""
    assert len(DoseEscalation(DESIGNS[0]).paths("1TTT", cohorts=3)) == 1


@pytest.mark.parametrize(
    ("cohorts", "found"), [(0, "0"), (-1, "-1"), (True, "True"), (2.0, "2.0"), ("3", "3")]
)
def test_cohorts_ahead_are_a_whole_number_from_one(cohorts, found):
    """Else the tree is refused."""
    with pytest.raises(Refusal) as refusal:
        DoseEscalation(DESIGNS[0]).paths(cohorts=cohorts)

    fault = Fault("cohorts", found, "a whole number from 1", "Count the cohorts")
    assert refusal.value.faults == (fault,)


def test_a_tree_that_grows_too_large_is_refused_before_it_is_drawn():
    """4^9 paths are counted, not made."""
    with pytest.raises(Refusal, match="at most 100,000"):
        DoseEscalation(Boin(levels=5, target=0.3, max_n=36)).paths(cohorts=9)


def test_nodes_are_counted_before_they_are_drawn(monkeypatch):
    """One, then four results, of which three go on with four results each: 17 nodes."""
    escalation = DoseEscalation(DESIGNS[0])

    monkeypatch.setattr(paths, "MOST_NODES", 17)
    assert len(escalation.paths(cohorts=2)) == 17
    monkeypatch.setattr(paths, "MOST_NODES", 16)
    with pytest.raises(Refusal) as refusal:
        escalation.paths(cohorts=2)

    fault = Fault("cohorts", "17 nodes", "at most 16", "Look fewer cohorts ahead")
    assert refusal.value.faults == (fault,)


@pytest.mark.parametrize(("told", "level"), [("1NNN 1NNN", 2), ("1NNN 1NNT", 1)])
def test_a_tree_of_a_design_that_looks_back_begins_with_the_last_cohort(told, level):
    """Without a DLT in it CRM goes up from six at the lowest level; with one it may not."""
    design = Crm(levels=2, target=0.3, skeleton=(0.15, 0.3), max_n=12)
    dlts = told.count("T")

    first, *after = DoseEscalation(design).paths(told, cohorts=1)

    assert (first.at, first.last) == (1, LevelCount(3, dlts))
    assert first.seen == (LevelCount(6, dlts), LevelCount(0, 0))
    assert (first.decision.level, {each.at for each in after}) == (level, {level})


def test_each_node_of_a_design_that_looks_back_is_decided_with_its_last_cohort():
    """With 1/12 or 2/12 the model would go up; with a DLT in the last three it may not."""
    design = Crm(levels=2, target=0.3, skeleton=(0.15, 0.3), max_n=15)

    _, none, one, *_ = DoseEscalation(design).paths("1NNN 1NNN 1NNT", cohorts=1)

    assert (none.last, none.decision.level) == (LevelCount(3, 0), 2)
    assert (one.last, one.decision.level) == (LevelCount(3, 1), 1)
    assert one.decision.rule == "coherent"


def test_flows_end_after_the_cohorts_asked_for():
    """One cohort at level 1: of 0/3 up, of 1/3 and 2/3 on, of 3/3 nowhere."""
    design = Boin(levels=2, target=0.3, max_n=12)

    found = paths.flows(design, [0.5, 0.6], cohorts=1)

    assert found == (
        paths.Flow(1, 0, 1, 1.0),
        paths.Flow(2, 1, 0, pytest.approx(1 / 8)),
        paths.Flow(2, 1, 1, pytest.approx(6 / 8)),
        paths.Flow(2, 1, 2, pytest.approx(1 / 8)),
    )


def test_nothing_flows_from_a_finished_trial():
    """It stopped, and treats no further cohort."""
    assert DoseEscalation(DESIGNS[0]).flows(TRUTH, "1TTT") == (paths.Flow(1, 0, 0, 1.0),)


def test_flows_with_too_many_states_are_refused_before_they_are_made():
    """The first cohort of three has four results."""
    design = DESIGNS[0]

    assert len(paths.flows(design, TRUTH, cohorts=1, most_states=4)) == 4
    with pytest.raises(TooManyStates) as refusal:
        paths.flows(design, TRUTH, cohorts=1, most_states=3)

    text, do = "more states than the walk may reach", "Look fewer cohorts ahead"
    assert refusal.value.faults == (Fault("BOIN 0.3", text, "at most 3 states", do),)


def test_nobody_may_be_pending_where_a_tree_begins():
    """Neither for a tree nor for flows."""
    for ask in (
        lambda: DoseEscalation(DESIGNS[0]).paths("1NNP"),
        lambda: DoseEscalation(DESIGNS[0]).flows(TRUTH, "1NNP"),
    ):
        with pytest.raises(Refusal, match="still in the DLT window"):
            ask()
