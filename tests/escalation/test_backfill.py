"""Backfilling: decisions against rules written again, levels in words, and trials in time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.escalation.backfill import Backfill
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.exact import operating_characteristics
from trialwright.escalation.simulating_backfill import Calendar, simulate_backfill
from trialwright.terms.errors import Refusal

DESIGN = Boin(levels=4, target=0.25, max_n=24)
BACKFILL = Backfill(design=DESIGN, cap=12)
MONTHLY = Calendar(between_days=10, window_days=30)
NOBODY = LevelCount(0, 0)


def counts(*tallies):
    """Give counts by level from pairs of DLTs and evaluable participants."""
    return tuple(LevelCount(evaluable, dlts) for dlts, evaluable in tallies)


def letter(evaluable, dlts):
    """Say E, S, D or U by the limits of BOIN for a target of 0.25, written out by hand.

    lambda_e = 0.197, lambda_d = 0.298; closed above a posterior probability of 0.95, which for up
    to 12 participants needs at least these DLTs.
    """
    closed = {3: 3, 4: 3, 5: 3, 6: 4, 7: 4, 8: 4, 9: 5, 10: 5, 11: 6, 12: 6}
    if not evaluable:
        return "E"
    if evaluable in closed and dlts >= closed[evaluable]:
        return "U"
    if dlts / evaluable <= 0.1968:
        return "E"
    return "D" if dlts / evaluable > 0.2984 else "S"


def expected_level(tallies, at):
    """Follow the published rules step by step, in the order of their text."""
    letters = [letter(*each) for each in tallies]
    closed = letters.index("U") + 1 if "U" in letters else 5
    here = letters[at - 1]
    against = {"E": "SDU"}.get(here, "DU")
    conflicting = [level for level in range(1, at) if letters[level - 1] in against]
    if not conflicting:
        level = {"E": at + 1, "S": at}.get(here, at - 1)
    else:
        first = conflicting[-1]
        added = [
            (sum(n for n, _ in tallies[first - 1 : to]), sum(y for _, y in tallies[first - 1 : to]))
            for to in range(first, at + 1)
        ]
        letters_added = [letter(*each) for each in added]
        level = {"E": at + 1, "S": at}.get(letters_added[-1], 0)
        if not level:
            safe = [first + n for n, each in enumerate(letters_added) if each in "ES"]
            level = safe[-1] if safe else first - 1
    if closed == 1:
        return 0
    return max(1, min(level, closed - 1, 4))


@st.composite
def tried(draw):
    """Draw tallies of three levels of at most four participants, the last the current one."""
    at = draw(st.integers(1, 4))
    tallies = []
    for _ in range(at):
        evaluable = draw(st.integers(1, 3))
        tallies.append((evaluable, draw(st.integers(0, evaluable))))
    return [*tallies, *[(0, 0)] * (4 - at)], at


@settings(max_examples=400, deadline=None)
@given(tried())
def test_decisions_follow_the_published_rules(case):
    """The sums stay within twelve participants, for which the closing tallies are written here."""
    tallies, at = case
    evaluable, dlts = (np.array([[each[part] for each in tallies]]) for part in (0, 1))
    moved = BACKFILL.moves(np.array([6]), evaluable, dlts, np.array([at]))
    assert moved.level[0] == expected_level(tallies, at)


@pytest.mark.parametrize(
    ("cohorts", "more", "at", "level", "said"),
    [
        # 0/3 says E; below, 1/3 and 1/3 backfilled make 2/6 > 0.298: D, a conflict; 2/9: S
        (counts((1, 3), (0, 3)), counts((1, 3)), 2, 2, "together 2/9"),
        # 0/3 and 4/12 below make 4/15 = 0.267: stay; without backfill it would be level 3
        (counts((1, 6), (0, 3)), counts((3, 6)), 2, 2, "together 4/15"),
        # 1/3 at level 2 says D, 4/9 below is no longer safe either: 5/12 leads below level 1
        (counts((1, 6), (1, 3)), counts((3, 3)), 2, 1, "together 5/12"),
        # 5/9 closes level 1: stop
        (counts((1, 6), (0, 3)), counts((4, 3 + 1)), 2, None, "no dose level"),
        # nobody backfilled: the design by itself
        (counts((0, 3), (0, 3)), counts((0, 0)), 2, 3, "0.0000 is not above"),
    ],
)
def test_conflicts_are_decided_by_the_sum(cohorts, more, at, level, said):
    """Each by hand, for a target of 0.25."""
    fill = (*more, *[NOBODY] * (4 - len(more)))
    decision = BACKFILL.next_dose((*cohorts, *[NOBODY] * (4 - len(cohorts))), fill, at)
    assert decision.level == level
    assert said in decision.because


def test_without_backfill_the_design_decides():
    """In every state that a trial can be in."""
    small = Boin(levels=3, target=0.25, max_n=18, stop_at=9)
    backfill = Backfill(design=small, cap=6)
    nobody = [NOBODY] * 3
    waiting, seen = [((NOBODY,) * 3, 1)], set()
    while waiting:
        state, at = waiting.pop()
        for dlts in range(4):
            here = state[at - 1]
            more = LevelCount(here.evaluable + 3, here.dlts + dlts)
            now = (*state[: at - 1], more, *state[at:])
            if (now, at) in seen:
                continue
            seen.add((now, at))
            own, filled = small.next_dose(now, at), backfill.next_dose(now, nobody, at)
            assert (filled.act, filled.level, filled.mtd) == (own.act, own.level, own.mtd)
            if own.level:
                waiting.append((now, own.level))
    assert len(seen) > 100


def test_a_running_cohort_is_waited_for():
    """Backfilled participants do not complete it."""
    cohorts = (LevelCount(3, 0), LevelCount(1, 0, 2), NOBODY, NOBODY)
    decision = BACKFILL.next_dose(cohorts, (LevelCount(3, 0), NOBODY, NOBODY, NOBODY), 2)
    assert decision.act == "wait"


def test_each_level_says_why_it_is_open_or_closed():
    """Tried, safe, active, and below its cap."""
    cohorts = counts((0, 3), (0, 6), (0, 3), (0, 0))
    more = counts((0, 3), (0, 6), (0, 0), (0, 0))
    running = (*cohorts[:3], LevelCount(0, 0, 3))
    found = BACKFILL.open_levels(running, more, 4, (1, 2, 0, 0))
    assert [each.is_open for each in found] == [True, False, False]
    assert "6 of 12" in found[0].because
    assert "the cap is 12" in found[1].because
    assert "no response was seen" in found[2].because
    free = replace(BACKFILL, needs_response=False).open_levels(running, more, 4, (0, 0, 0, 0))
    assert [each.is_open for each in free] == [True, False, True]


def test_an_unsafe_level_closes_all_above():
    """2/3 at level 1 and 3/6 with level 2 are above 0.298."""
    cohorts = (LevelCount(3, 1), LevelCount(3, 1), LevelCount(3, 0), LevelCount(0, 0, 3))
    more = (LevelCount(2, 2), NOBODY, NOBODY, NOBODY)
    found = BACKFILL.open_levels(cohorts, more, 4, (3, 3, 3, 0))
    assert [each.is_open for each in found] == [False, False, False]
    assert "leads downward" in found[1].because


def test_who_is_pending_fills_a_place_and_is_no_outcome():
    """Twelve are there, three of them pending."""
    cohorts = (LevelCount(6, 0), LevelCount(0, 0, 3), NOBODY, NOBODY)
    more = (LevelCount(3, 0, 3), NOBODY, NOBODY, NOBODY)
    (level,) = BACKFILL.open_levels(cohorts, more, 2, (1, 0, 0, 0))
    assert not level.is_open
    assert "12 participants are here" in level.because


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"cap": 0}, "cap"),
        ({"cap": 1.5}, "cap"),
        ({"design": ThreePlusThree(4, "six-at-mtd", 1)}, "design"),
    ],
)
def test_settings_that_are_none_are_refused(change, where):
    """Each names the setting."""
    with pytest.raises(Refusal) as refused:
        replace(BACKFILL, **change)
    assert [fault.where for fault in refused.value.faults] == [where]


@pytest.mark.parametrize(
    ("cohorts", "more", "where"),
    [
        (counts((0, 3)), counts((0, 3), (0, 3)), "seen"),
        (
            counts((0, 3), (0, 3), (0, 0), (0, 0)),
            counts((0, 0), (0, 1), (0, 0), (0, 0)),
            "level 2",
        ),
        (
            counts((0, 3), (0, 3), (0, 0), (0, 0)),
            counts((0, 13), (0, 0), (0, 0), (0, 0)),
            "level 1",
        ),
        (counts((0, 27), (0, 3), (0, 0), (0, 0)), counts(*[(0, 0)] * 4), "seen"),
    ],
)
def test_counts_that_cannot_be_are_refused(cohorts, more, where):
    """Backfill is below the running cohort and up to the cap."""
    with pytest.raises(Refusal, match=where):
        BACKFILL.next_dose(cohorts, more, 2)


@pytest.mark.parametrize("days", [0, -1, float("inf"), float("nan")])
def test_times_that_are_none_are_refused(days):
    """Both are named."""
    with pytest.raises(Refusal) as refused:
        Calendar(between_days=days, window_days=days)
    assert [fault.where for fault in refused.value.faults] == ["between_days", "window_days"]


RATES = (0.05, 0.15, 0.3, 0.5)


def test_without_responses_trials_end_as_the_exact_engine_says():
    """No level is ever open, so the trial is the design's own."""
    trials = 40_000
    found = simulate_backfill(
        BACKFILL, RATES, (0, 0, 0, 0), MONTHLY, trials, np.random.default_rng(3)
    )
    exact = operating_characteristics(DESIGN, RATES)
    assert found.backfilled.sum() == 0
    for level, chance in enumerate((exact.p_no_mtd, *exact.p_select)):
        seen = (found.endings.mtds == level).mean()
        assert abs(seen - chance) < 4 * np.sqrt(chance * (1 - chance) / trials) + 1e-9
    spread = found.endings.evaluable.std(axis=0) / np.sqrt(trials)
    assert (np.abs(found.endings.evaluable.mean(axis=0) - exact.expected_n) < 4 * spread).all()


def test_no_level_is_filled_beyond_its_cap_and_none_is_lost():
    """Fast arrival, responses everywhere, no DLTs: every lower level fills up."""
    capped = replace(BACKFILL, cap=5)
    crowd = Calendar(between_days=0.5, window_days=30, arrivals="uniform")
    found = simulate_backfill(
        capped, (0, 0, 0, 0), (1, 1, 1, 1), crowd, 200, np.random.default_rng(4)
    )
    assert (found.treated[:, :3] == 5).all()
    assert (found.endings.dlts == 0).all()
    assert (found.endings.mtds == 4).all()
    assert found.turned_away.min() > 100


def test_every_participant_with_a_dlt_is_seen_at_once():
    """With a DLT rate of 1 the lowest level is closed by the first cohort."""
    found = simulate_backfill(
        BACKFILL, (1, 1, 1, 1), (1, 1, 1, 1), MONTHLY, 100, np.random.default_rng(5)
    )
    assert (found.endings.mtds == 0).all()
    assert (found.endings.evaluable.sum(axis=1) == 3).all()


def test_the_same_seed_gives_the_same_trials():
    """The generator is handed in."""
    one, other = (
        simulate_backfill(
            BACKFILL, RATES, (0.2, 0.3, 0.4, 0.5), MONTHLY, 50, np.random.default_rng(6)
        )
        for _ in range(2)
    )
    assert (one.treated == other.treated).all()
    assert (one.days == other.days).all()


def test_the_lowest_open_level_is_taken_where_the_protocol_says_so():
    """More participants at the lowest level than by the highest."""
    low, high = (
        simulate_backfill(
            replace(BACKFILL, choice=choice, needs_response=False),
            (0.01, 0.02, 0.03, 0.04),
            (0, 0, 0, 0),
            MONTHLY,
            300,
            np.random.default_rng(7),
        ).backfilled.mean(axis=0)
        for choice in ("lowest", "highest")
    )
    assert low[0] > high[0] + 1
    assert high[2] > low[2] + 1
