"""The forward pass: keys, merging, and what is foretold."""

import numpy as np
import pytest

from trialwright.escalation import states, waves
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.exact import walk
from trialwright.terms.errors import Fault, Refusal

TRUTH = [0.1, 0.3, 0.5, 0.6]


def test_states_are_compared_as_they_are_when_keys_collide(monkeypatch):
    """With keys that tell nothing apart every number is the same."""
    design = Boin(levels=4, target=0.3, max_n=15)
    expected = walk(design)
    blind = (np.zeros(4, dtype=np.uint64), np.zeros(4, dtype=np.uint64))
    monkeypatch.setattr(waves, "multipliers", lambda levels: blind)
    monkeypatch.setattr(states, "multipliers", lambda levels: blind)

    found = walk(design)

    assert found.states == expected.states
    assert found.under(TRUTH).p_select == pytest.approx(expected.under(TRUTH).p_select, abs=1e-14)
    assert found.under(TRUTH).paths == expected.under(TRUTH).paths


def test_equal_counts_are_found_with_keys_and_without(monkeypatch):
    """Each combination once, in groups that give the counts back."""
    evaluable = np.array([[3, 0], [3, 3], [3, 0], [6, 0]], dtype=np.int16)
    dlts = np.array([[1, 0], [0, 1], [1, 0], [1, 0]], dtype=np.int16)

    for multipliers in (waves.multipliers, lambda levels: (np.zeros(2, np.uint64),) * 2):
        monkeypatch.setattr(waves, "multipliers", multipliers)
        first, group = states.distinct(evaluable, dlts)

        assert len(first) == 3
        assert (evaluable[first][group] == evaluable).all()
        assert (dlts[first][group] == dlts).all()


@pytest.mark.parametrize("max_n", [36, 42])
def test_what_is_foretold_is_rather_too_much(monkeypatch, max_n):
    """The number foretold from a wave of 2,000 states is above the truth, and not by ten times."""
    monkeypatch.setattr(states, "PILOT", 2_000)
    told = []
    foretold = states.foretold

    def listening(wave, before, most):
        """Keep what is foretold."""
        told.append(foretold(wave, before, most))
        return 0

    monkeypatch.setattr(states, "foretold", listening)
    reached = walk(Boin(levels=6, target=0.3, max_n=max_n)).states

    first = next(number for number in told if number)
    assert reached < first < 10 * reached


@pytest.mark.parametrize(("levels", "cohort_size"), [(3, 3), (6, 2), (6, 3), (6, 4), (8, 3)])
def test_with_cohorts_of_several_sizes_about_as_many_are_foretold(monkeypatch, levels, cohort_size):
    """While some trials still treat single participants and others are near their end.

    Counting the waves of whoever is nearest to it foretold 8 to 25 in 100.
    """
    monkeypatch.setattr(states, "PILOT", 2_000)
    told, foretold = [], states.foretold

    def listening(wave, before, most):
        """Keep what is foretold."""
        told.append(foretold(wave, before, most))
        return 0

    monkeypatch.setattr(states, "foretold", listening)
    design = Boin(levels=levels, target=0.3, max_n=30, titration=True, cohort_size=cohort_size)
    reached = walk(design).states

    first = next(number for number in told if number)
    assert 0.6 * reached < first < 1.6 * reached


def test_a_small_wave_foretells_nothing():
    """Below the pilot size, or for a design without an end, only what is there counts."""
    wave = states.Wave(
        np.zeros((3, 2), np.int16),
        np.zeros((3, 2), np.int16),
        np.ones(3, np.int64),
        np.full(3, 3),
        np.ones(3),
        np.ones(3),
        np.zeros(3, np.uint64),
    )

    assert states.foretold(wave, 1, 36) == 0
    assert states.foretold(wave, 1, None) == 0


@pytest.mark.parametrize(
    ("number", "before", "most", "expected"),
    [
        (3, 2, 12, 0),  # a small wave
        (4, 2, 12, 24),  # two waves are left, of twice as many each: 8 and 16
        (4, 3, 12, 13),  # of a third more each: 16/3 and 64/9
        (4, 2, 10, 24),  # a last cohort of one is a wave too
        (4, 0, 12, 4),  # no wave before, or no end: those that follow are at least as many
        (4, 2, None, 4),
        (4, 0, None, 4),
    ],
)
def test_each_wave_that_is_left_is_foretold_to_grow_as_the_last(
    monkeypatch, number, before, most, expected
):
    """Six were treated in each state, the next cohorts are of three."""
    monkeypatch.setattr(states, "PILOT", 4)
    wave = many(range(number), [1] * number, [3] * number)

    assert states.foretold(wave, before, most) == expected


def test_each_state_has_its_own_number_of_waves_left(monkeypatch):
    """Two have six participants to come, by threes; two have two, by ones and by twos."""
    monkeypatch.setattr(states, "PILOT", 4)
    nobody = np.zeros((4, 1), np.int16)
    wave = states.Wave(
        np.array([[6], [6], [10], [10]], np.int16), nobody, np.ones(4, np.int64),
        np.array([3, 3, 1, 2]), np.ones(4), np.ones(4), np.zeros(4, np.uint64),
    )  # fmt: skip

    assert states.foretold(wave, 2, 12) == 3 * (2 + 4) + 2


def begun(size=3):
    """Give two levels before the first cohort, and the counts of nobody."""
    nobody = np.zeros((1, 2), dtype=np.int16)
    return states.Wave(
        nobody, nobody.copy(), np.array([2]), np.array([size]),
        np.ones(1), np.ones(1), np.zeros(1, dtype=np.uint64),
    )  # fmt: skip


def test_who_listens_is_told_each_state_in_which_the_design_is_asked():
    """After the first cohort at level 2: its four results, with what the design answers."""
    design, heard = Boin(levels=2, target=0.3, max_n=3, starting_level=2), []

    found = states.Forward(design, design.name, 100, listen=heard.append).run(begun())

    (asked,) = heard
    assert asked.evaluable.tolist() == [[0, 3]] * 4
    assert asked.dlts.tolist() == [[0, dlts] for dlts in range(4)]
    assert asked.at.tolist() == [2] * 4
    assert asked.last.tolist() == [[3, dlts] for dlts in range(4)]
    assert asked.level.tolist() == [0] * 4
    assert found.states == 5


def test_a_pass_that_is_too_large_is_refused_in_full_words():
    """As many states as are reached are allowed, one fewer is not; nobody enrolled is a fault."""
    design = Boin(levels=2, target=0.3, max_n=12)
    reached = states.Forward(design, design.name, 10_000).run(begun()).states

    assert states.Forward(design, design.name, reached).run(begun()).states == reached
    with pytest.raises(Refusal) as endless:
        states.Forward(design, design.name, 100).run(begun(0))
    assert endless.value.faults == (
        Fault(
            "dose level 2",
            "the design neither stops nor enrols",
            "a cohort of at least one participant",
            "Correct the design",
        ),
    )
    with pytest.raises(states.TooManyStates):
        states.Forward(design, design.name, reached - 1).run(begun())
    with pytest.raises(states.TooManyStates) as many:
        states.Forward(design, design.name, 5).run(begun())
    assert many.value.faults == (
        Fault(
            "BOIN 0.3",
            "more states than the walk may reach",
            "at most 5 states",
            "Simulate instead",
        ),
    )


def many(dlts, level, size):
    """Give states of two levels with six participants at the lower one."""
    number = len(dlts)
    return states.Wave(
        np.array([[6, 0]] * number, dtype=np.int16),
        np.array([[each, 0] for each in dlts], dtype=np.int16),
        np.array(level), np.array(size),
        np.ones(number), np.ones(number), np.zeros(number, dtype=np.uint64),
    )  # fmt: skip


def test_of_many_states_that_which_enrols_nobody_is_named():
    """The third of three would go on at level 2 with nobody."""
    design = Boin(levels=2, target=0.3, max_n=12)

    with pytest.raises(Refusal, match="dose level 2: the design neither stops nor enrols"):
        states.Forward(design, design.name, 100).run(many([0, 1, 2], [1, 1, 2], [3, 3, 0]))


def test_the_states_in_which_a_pass_begins_are_taken_for_no_growth(monkeypatch):
    """From seven states with one cohort left to at most 28 more, not to seven times as many."""
    design, first = Boin(levels=2, target=0.3, max_n=9), many(range(7), [2] * 7, [3] * 7)
    monkeypatch.setattr(states, "PILOT", 7)

    found = states.Forward(design, design.name, 35, most_participants=9).run(first)

    assert found.states == 35
