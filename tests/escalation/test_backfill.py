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
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.escalation.exact import operating_characteristics
from trialwright.escalation.simulating_backfill import Calendar, simulate_backfill
from trialwright.terms.errors import Fault, Refusal

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


def filled(*tallies):
    """Give counts of four levels from (evaluable, DLTs, pending)."""
    return (*(LevelCount(*each) for each in tallies), *[NOBODY] * (4 - len(tallies)))


@pytest.mark.parametrize(
    ("cohorts", "more", "act", "level", "size"),
    [
        # 6/9 close level 1, whoever is pending at level 2: the escalation stops
        (filled((3, 0), (2, 0)), filled((6, 6)), "stop", None, 0),
        (filled((3, 0), (0, 0, 2)), filled((6, 6)), "stop", None, 0),
        # 3/3 and three pending at level 1 may become 3/6: nobody is enrolled at level 2 meanwhile
        (filled((3, 2), (0, 0, 2)), filled((1, 1, 3)), "wait", 2, 0),
        # level 1 is open, level 2 is closed by 4/6: the cohort at level 3 is left, or waited for
        (filled((6, 0), (3, 0), (2, 0)), filled((0, 0), (3, 3, 0), (0, 0)), "stay", 3, 1),
        (filled((6, 0), (3, 1), (2, 0)), filled((0, 0), (3, 3, 0)), "de-escalate", 1, 3),
        (filled((6, 0), (3, 1), (1, 0, 1)), filled((0, 0), (3, 3, 0)), "wait", 3, 0),
    ],
)
def test_nobody_goes_on_at_a_level_that_those_backfilled_have_closed(
    cohorts, more, act, level, size
):
    """Also before the cohort is complete: for a target of 0.25, 3/4 and 4/6 close, 3/7 do not."""
    at = max(n for n, each in enumerate(cohorts, 1) if each.treated)

    decision = BACKFILL.next_dose(cohorts, more, at)

    assert (decision.act, decision.level, decision.cohort_size) == (act, level, size)


def test_a_wait_for_a_closed_level_names_what_closed_it():
    """The tally of everybody."""
    waits = BACKFILL.next_dose(filled((6, 0), (3, 1), (1, 0, 1)), filled((0, 0), (3, 3)), 3)

    assert waits.because == (
        "0/1 DLT at dose level 3, 4/6 at dose level 2 close it and all above: wait for those in "
        "the DLT window, nobody more in this cohort "
        "(BOIN 0.25, backfilled up to 12 a level, rule closed-since)"
    )


def test_reasons_are_whole_sentences():
    """A conflict with two levels, a step, an end, each with design and rule."""
    conflict = BACKFILL.next_dose(counts((0, 3), (1, 3), (0, 3), (0, 0)), filled((0, 0), (1, 0)), 3)
    step = BACKFILL.next_dose(counts((0, 3), (0, 3), (0, 0), (0, 0)), filled((2, 0)), 2)
    ends = BACKFILL.next_dose(counts((0, 12), (3, 12), (0, 0), (0, 0)), filled((2, 0)), 2)

    name = "(BOIN 0.25, backfilled up to 12 a level, rule"
    assert conflict.because == (
        "0/3 DLT at dose level 3, in conflict with 1/4 at dose level 2: together 1/7, "
        "1/7 = 0.1429 is not above lambda_e 0.1968: "
        f"escalate, next cohort of 3 at dose level 4 {name} conflict-escalate)"
    )
    assert (conflict.rule, conflict.cohort_size) == ("conflict-escalate", 3)
    assert step.because == (
        "0/3 DLT at dose level 2, 0/3 = 0.0000 is not above lambda_e 0.1968: "
        f"escalate, next cohort of 3 at dose level 3 {name} escalate)"
    )
    assert (ends.act, ends.rule, ends.mtd, ends.cohort_size) == ("stop", "stop", 2, 0)
    assert ends.because == (
        "3/12 DLT at dose level 2, 3/12 = 0.2500 is above lambda_e 0.1968 and not above lambda_d "
        f"0.2984: stop, the MTD is estimated at dose level 2 {name} stop)"
    )


def test_a_conflict_names_every_level_that_is_added():
    """1/3 at level 1 against 0/3 at level 3, level 2 with 0/3 between them."""
    cohorts = counts((1, 3), (0, 3), (0, 3), (0, 0))

    decision = BACKFILL.next_dose(cohorts, filled((1, 0)), 3)

    assert "in conflict with 1/4 at dose level 1, 0/3 at dose level 2: together 1/10, 1/10" in (
        decision.because
    )


@pytest.mark.parametrize(
    ("evaluable", "dlts", "at", "safe"),
    [
        # 2/3 leads downward, and 3/6 with the level above too
        ([3, 3, 3, 0], [2, 1, 0, 0], 4, [False, False, False, False]),
        # 2/3 leads downward, 2/9 with the level above does not
        ([3, 6, 3, 0], [2, 0, 0, 0], 4, [True, True, True, False]),
        # 0/3 does not lead downward, though 3/6 with the level above does
        ([3, 3, 3, 0], [0, 3, 0, 0], 3, [True, False, False, False]),
        # closed by 3/3, which the 0/12 above make 3/15
        ([3, 12, 0, 0], [3, 0, 0, 0], 3, [True, True, False, False]),
        # the last level stands by itself, and the running cohort is none of those below
        ([3, 3, 3, 3], [0, 0, 0, 2], 4, [True, True, True, False]),
        # one evaluable participant is enough to be tried
        ([1, 1, 0, 0], [0, 0, 0, 0], 3, [True, True, False, False]),
        # of level 1 nothing is known: it was left out, or everybody there is pending
        ([0, 3, 0, 0], [0, 0, 0, 0], 3, [False, True, False, False]),
    ],
)
def test_a_level_is_safe_by_its_tally_or_together_with_the_level_above(evaluable, dlts, at, safe):
    """For a target of 0.25, beside a trial of other counts, which changes nothing."""
    arrays = [np.array([each, [3, 3, 3, 3]]) for each in (evaluable, dlts)]

    found = BACKFILL.safe_levels(*arrays, np.array([at, 4]))

    assert found[0].tolist() == safe
    assert found[1].tolist() == [False] * 4


def test_a_level_of_which_no_outcome_is_known_is_told_so():
    """Three pending at level 2 below a cohort at level 3."""
    found = BACKFILL.open_levels(filled((3, 0), (0, 0, 3), (0, 0, 3)), filled(), 3, (1, 1, 0, 0))

    assert [(each.level, each.is_open, each.because) for each in found] == [
        (1, True, "0/3 DLT, 3 of 12 participants"),
        (2, False, "nobody's outcome is known here"),
    ]


def test_extra_safety_stops_at_the_lowest_level_alone():
    """P(DLT rate > 0.25) = 0.9492 for 2/3, 0.9294 for 3/6: above 0.9; at level 2 it goes down."""
    careful = replace(BACKFILL, design=replace(DESIGN, extra_safe=True))
    low = (filled((3, 2)), filled(), 1)
    high = (filled((3, 0), (3, 2)), filled(), 2)

    assert BACKFILL.next_dose(*low).level == 1
    assert (careful.next_dose(*low).act, careful.next_dose(*low).mtd) == ("stop", None)
    assert careful.next_dose(*high).level == 1


def test_many_trials_are_decided_as_each_by_itself():
    """Also where one of them is closed, in conflict, or at its end."""
    cases = [
        (6, [3, 3, 0, 0], [0, 3, 0, 0], 2),
        (9, [6, 3, 3, 0], [1, 1, 0, 0], 3),
        (3, [3, 0, 0, 0], [3, 0, 0, 0], 1),
        (23, [6, 9, 8, 0], [0, 0, 1, 0], 3),
        (24, [6, 9, 9, 0], [0, 0, 1, 0], 3),
        (12, [3, 3, 3, 3], [0, 0, 0, 0], 4),
        (9, [6, 3, 6, 0], [2, 2, 1, 0], 3),
    ]
    columns = [np.array(each) for each in zip(*cases, strict=True)]

    together = BACKFILL.moves(*columns)

    for place, (treated, *seen, at) in enumerate(cases):
        alone = BACKFILL.moves(
            np.array([treated]), *(np.array([each]) for each in seen), np.array([at])
        )
        assert [int(each[0]) for each in alone] == [int(each[place]) for each in together]
    assert together.level.tolist() == [1, 4, 0, 4, 0, 4, 1]
    assert together.size.tolist() == [3, 3, 0, 1, 0, 3, 3]


def test_a_design_without_a_table_and_responses_of_another_ladder_are_refused():
    """Each in full words."""
    with pytest.raises(Refusal) as design:
        replace(BACKFILL, design=ThreePlusThree(4, "six-at-mtd", 1))
    with pytest.raises(Refusal) as nothing:
        replace(BACKFILL, design="BOIN")
    with pytest.raises(Refusal) as responses:
        BACKFILL.open_levels(filled((3, 0), (3, 0)), filled(), 2, (0, 0))

    allowed = "BOIN, keyboard, mTPI, mTPI-2, i3+3 or a decision table"
    do = "Take a design that says E, S, D or U for the tally of a level"
    assert design.value.faults == (Fault("design", "3+3 six-at-mtd", allowed, do),)
    assert nothing.value.faults == (Fault("design", "str", allowed, do),)
    assert responses.value.faults == (
        Fault(
            "responses",
            "responses for 2 dose levels",
            "4 numbers",
            "Give one number for each dose level",
        ),
    )


def table(most, least=1):
    """Give an uploaded table of E, S and D by whole numbers: up to a sixth, up to a third."""
    rows = [
        (n, "".join("E" if 6 * y <= n else "S" if 3 * y <= n else "D" for y in range(n + 1)))
        for n in range(least, most + 1)
    ]
    return UploadedTable(levels=3, target=0.25, max_n=9, rows=tuple(rows))


def test_everybody_counts_in_the_mtd():
    """36 participants of a design for 24: 0, 0.2 and 0.56 around 0.25; 8/12 close level 1."""
    evaluable = np.array([[12, 15, 9, 0]] * 2, dtype=np.int16)
    dlts = np.array([[0, 3, 5, 0], [8, 3, 5, 0]], dtype=np.int16)

    assert BACKFILL.mtds(evaluable, dlts).tolist() == [2, 0]


def test_a_level_that_was_left_out_is_in_no_conflict():
    """From dose level 2 on, 0/3 go up: nothing is known of level 1, which counts neither way."""
    begun = replace(BACKFILL, design=replace(DESIGN, starting_level=2))
    cohorts = filled((0, 0), (3, 0))

    up = begun.next_dose(cohorts, filled(), 2)
    down = begun.next_dose(filled((0, 0), (3, 2)), filled(), 2)

    assert (up.rule, up.level) == ("escalate", 3)
    assert (down.rule, down.level) == ("de-escalate", 1)


def test_an_uploaded_table_has_a_row_for_every_sum():
    """Nine of cohorts and five at each of two lower levels are nineteen."""
    around = Backfill(design=table(19), cap=5)
    cohorts, more = counts((0, 3), (0, 3), (0, 0)), (LevelCount(1, 1), NOBODY, NOBODY)

    decision = around.next_dose(cohorts, more, 2)

    assert (decision.act, decision.level) == ("escalate", 3)
    assert "together 1/7" in decision.because


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ((18, 1), "no row for 19 evaluable participants"),
        ((17, 1), "no row for 18 evaluable participants, nor for 1 of the other numbers"),
        ((9, 1), "no row for 10 evaluable participants, nor for 9 of the other numbers"),
        ((19, 2), "no row for 1 evaluable participants"),
    ],
)
def test_a_table_that_lacks_rows_is_refused_by_the_first(rows, found):
    """And by how many more there are."""
    with pytest.raises(Refusal) as refused:
        Backfill(design=table(*rows), cap=5)

    allowed = "a row for each number from 1 to 19: tallies are added up"
    do = "Add the rows, or leave backfill out"
    assert refused.value.faults == (Fault("rows", found, allowed, do),)


def test_levels_that_cannot_have_been_backfilled_are_told_in_full():
    """Where no cohort was, at the highest of a cohort, and more than the cap."""
    with pytest.raises(Refusal) as refused:
        BACKFILL.next_dose(filled((3, 0), (3, 0)), filled((13, 0), (1, 0), (0, 0), (2, 0)), 2)

    do = "Correct the counts, or record the deviation"
    none = "none: it is not below a level that a cohort was treated at"
    assert refused.value.faults == (
        Fault("dose level 1", "13 backfilled participants", "at most 12", do),
        Fault("dose level 2", "1 backfilled participants", none, do),
        Fault("dose level 4", "2 backfilled participants", none, do),
    )


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
