"""BOIN for two agents: decisions, exact numbers and MTD on a grid, and what is refused."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.dose_escalation import DoseEscalation
from trialwright.escalation.evaluating import scenarios_for
from trialwright.escalation.exact import walk
from trialwright.terms.errors import Fault, Refusal


def made(**settings):
    """Make a design for two by three combinations."""
    return BoinCombinations(**{"rows": 2, "columns": 3, "target": 0.3, "max_n": 30, **settings})


def counts(*rows):
    """Give counts from rows of pairs, `None` where nobody was treated."""
    return [LevelCount(*(pair or (0, 0))) for row in rows for pair in row]


def _arrays(seen):
    """Give counts as one state."""
    return [
        np.array([[getattr(each, name) for each in seen]], np.int16)
        for name in ("evaluable", "dlts")
    ]


@pytest.mark.parametrize(
    ("rows", "at", "act", "to"),
    [
        ([[(3, 0), None, None], [None, None, None]], (1, 1), "escalate", (2, 1)),
        ([[(3, 0), (3, 1), None], [None, None, None]], (1, 1), "escalate", (1, 2)),
        ([[(3, 0), None, None], [(3, 3), None, None]], (1, 1), "escalate", (1, 2)),
        ([[(3, 0), (3, 3), None], [(3, 3), None, None]], (1, 1), "stay", (1, 1)),
        ([[(3, 1), None, None], [None, None, None]], (1, 1), "stay", (1, 1)),
        ([[(3, 2), None, None], [None, None, None]], (1, 1), "stay", (1, 1)),
        ([[(3, 0), (3, 0), None], [None, (3, 2), None]], (2, 2), "de-escalate", (1, 2)),
        ([[(3, 0), (3, 0), None], [(6, 2), (3, 2), None]], (2, 2), "de-escalate", (2, 1)),
        ([[(3, 0), (3, 0), (3, 0)], [None, None, (3, 0)]], (2, 3), "stay", (2, 3)),
        ([[(3, 3), None, None], [None, None, None]], (1, 1), "stop", None),
    ],
)
def test_each_situation_gives_its_combination(rows, at, act, to):
    """One agent at a time, never onto a closed combination, never off the grid."""
    design = made()

    decision = design.next_dose(counts(*rows), design.level(*at))

    assert decision.act == act
    assert (decision.level and design.combination(decision.level)) == to


LATER = [
    # the DLT at (1, 1) closes all
    ([[(3, 3), (3, 0), None], [None, None, None]], (1, 2), None),
    # (1, 2) is closed: 0/3 at (2, 2) would stay, 2/3 go down to it or to (2, 1)
    ([[(3, 0), (3, 3), None], [None, (3, 0), None]], (2, 2), (2, 1)),
    ([[(3, 0), (3, 3), None], [None, (3, 1), None]], (2, 2), (2, 1)),
    ([[(3, 0), (3, 3), None], [(3, 0), (3, 2), None]], (2, 2), (2, 1)),
    # (1, 2) and (2, 1) are closed: (1, 1) alone is left
    ([[(3, 0), (3, 3), None], [(3, 3), (3, 0), None]], (2, 2), (1, 1)),
    # (1, 2) closes (1, 3) and (2, 3) too: (2, 1) is two doses below (2, 3), so is nothing else
    ([[(3, 0), (4, 4), None], [(3, 0), None, (3, 1)]], (2, 3), (2, 1)),
    # of (1, 2) and (2, 1), both one dose below, 1/3 is the likelier to be near the target
    ([[(3, 0), (3, 1), None], [(3, 0), (3, 3), None]], (2, 2), (1, 2)),
    ([[(3, 0), (3, 0), None], [(3, 1), (3, 3), None]], (2, 2), (2, 1)),
    # (2, 1) closes the whole row, in which 0/3 at (2, 2) would stay
    ([[(3, 0), (3, 0), None], [(3, 3), (3, 0), None]], (2, 2), (1, 2)),
    # of two that are equal, that with less of the first agent
    ([[(3, 0), None, None], [None, (3, 3), None]], (2, 2), (1, 2)),
]
"""Counts, the combination of the last cohort, and that of the next: none where it stops."""


@pytest.mark.parametrize(("rows", "at", "to"), LATER)
def test_nobody_is_sent_to_a_combination_closed_by_a_later_dlt(rows, at, to):
    """The nearest that is open, else the escalation stops; many states at once say the same."""
    design = made()
    seen = counts(*rows)

    decision = design.next_dose(seen, design.level(*at))
    level, _ = design.moves(*_arrays(seen), np.array([design.level(*at)]), np.zeros((1, 2)))

    assert (decision.level and design.combination(decision.level)) == to
    assert int(level[0]) == (decision.level or 0)
    assert decision.rule == ("close" if to else "lowest-closed")


def test_many_states_with_closed_combinations_are_decided_one_by_one():
    """Each as by itself, with the size of its cohort; nobody is enrolled where it stops."""
    design = made()
    evaluable, dlts = (
        np.concatenate(each)
        for each in zip(*(_arrays(counts(*rows)) for rows, _, _ in LATER), strict=True)
    )
    at = np.array([design.level(*at) for _, at, _ in LATER])

    level, size = design.moves(evaluable, dlts, at, np.zeros((len(at), 2)))

    assert level.tolist() == [design.level(*to) if to else 0 for _, _, to in LATER]
    assert size.tolist() == [3 if to else 0 for _, _, to in LATER]


def test_the_last_of_all_is_one_participant_in_many_states_too():
    """Twelve of thirteen were treated, in the other state all."""
    evaluable, dlts = np.zeros((2, 6), np.int16), np.zeros((2, 6), np.int16)
    evaluable[:, 0] = 12, 13

    level, size = made(max_n=13).moves(evaluable, dlts, np.array([1, 1]), np.zeros((2, 2)))

    assert (level.tolist(), size.tolist()) == ([4, 0], [1, 0])


def test_no_state_is_no_answer():
    """A wave whose trials have all ended."""
    nobody = np.zeros((0, 6), np.int16)

    assert made().closed(nobody, nobody).shape == (0, 2, 3)


@pytest.mark.parametrize(
    ("further", "mtd"),
    [(-1e-4, 1), (0, 1), (3e-5, 1), (4.9e-5, 1), (5.1e-5, 2), (7e-5, 2), (1e-4, 2)],
)
def test_estimates_are_moved_up_by_a_hundred_thousandth_for_each_dose(further, mtd):
    """0.05/3.1 at (1, 1) is moved by two of them, 1.05/3.1 at (1, 2) by three.

    The lower is taken while the target is not more than five of them further from it.
    """
    target = (0.05 / 3.1 + 1.05 / 3.1 + further) / 2
    seen = counts([(3, 0), (3, 1), None], [None, None, None])

    assert int(made(target=target).mtds(*_arrays(seen))[0]) == mtd


def test_a_combination_at_which_one_was_treated_was_tried():
    """The MTD may be there: 0.05/1.1 at (1, 2) is nearer to 0.3 than 0.05/3.1 at (1, 1)."""
    seen = counts([(3, 0), (1, 0), None], [None, None, None])
    alone = counts([(1, 0), None, None], [None, None, None])

    assert int(made().mtds(*_arrays(seen))[0]) == 2
    assert int(made().mtds(*_arrays(alone))[0]) == 1


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2)), min_size=6, max_size=6
    ),
    st.integers(1, 6),
)
def test_no_decision_ever_treats_anybody_at_a_closed_combination(tallies, at):
    """Whatever the counts, who is pending and where the last cohort was treated."""
    design = made(max_n=40)
    seen = [LevelCount(max(n, y), y, pending) for n, y, pending in tallies]

    decision = design.next_dose(seen, at)

    enrols = decision.level is not None and decision.cohort_size > 0
    assert not enrols or decision.level in design.open_levels(seen)
    assert decision.act != "stop" or 1 not in design.open_levels(seen)
    if not any(each.pending for each in seen) and decision.rule != "incomplete-cohort":
        level, size = design.moves(*_arrays(seen), np.array([at]), np.zeros((1, 2)))
        assert (int(level[0]), int(size[0])) == (decision.level or 0, decision.cohort_size)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6)), min_size=4, max_size=4))
def test_a_grid_of_one_row_is_boin_of_one_agent(tallies):
    """Whatever was seen at four levels, the lowest of them first, and wherever the last cohort was.

    R `BOIN` favours the neighbour with participants; with one neighbour there is nothing to choose.
    """
    cohorts = [(3 * (1 + more), min(3 * (1 + more), dlts)) for more, dlts in tallies]
    seen = [LevelCount(*each) for each in cohorts]
    grid, line = made(rows=1, columns=4, max_n=40), Boin(levels=4, target=0.3, max_n=40)

    for at in range(1, 5):
        one, other = grid.next_dose(seen, at), line.next_dose(seen, at)

        assert (one.act, one.level, one.cohort_size) == (other.act, other.level, other.cohort_size)


def test_the_reason_names_what_closed_the_combination():
    """Its own tally, or that of a lower one told later."""
    design = made()
    lower = design.next_dose(counts([(3, 0), (3, 3), None], [None, (3, 0), None]), 5)
    own = design.next_dose(counts([(3, 0), (3, 0), None], [None, (3, 3), None]), 5)

    assert lower.because == (
        "0/3 DLT at combination (2, 2), 0/3 = 0.0000 is not above lambda_e 0.2365, "
        "3/3 DLT at combination (1, 2) closes combination (2, 2): "
        "de-escalate, next cohort of 3 at combination (2, 1) (BOIN 2x3 0.3, rule close)"
    )
    assert own.because == (
        "3/3 DLT at combination (2, 2), 3/3 = 1.0000 is above lambda_d 0.3585, "
        "its tally closes combination (2, 2): "
        "de-escalate, next cohort of 3 at combination (1, 2) (BOIN 2x3 0.3, rule close)"
    )


@pytest.mark.parametrize(
    ("tallies", "at", "act", "level", "size"),
    [
        # 3/3 at (1, 1) stops, whatever becomes of the participant at (1, 2)
        ({1: (3, 3), 2: (0, 0, 1)}, 2, "stop", None, 0),
        # 3/3 at (1, 2): nobody else is treated at (2, 2), where two of three were enrolled
        ({1: (3, 0), 2: (3, 3), 5: (2, 0)}, 5, "de-escalate", 4, 3),
        # two DLTs of three lead downward from (2, 1), be the third without one
        ({1: (3, 0), 4: (2, 2, 1)}, 4, "de-escalate", 1, 3),
        ({1: (3, 0), 4: (2, 2)}, 4, "de-escalate", 1, 3),
        # they cannot at (1, 1), from which nothing is left
        ({1: (2, 2, 1)}, 1, "wait", 1, 0),
        # 3/3 and three pending close (1, 2) for now: nobody is enrolled at (2, 2) meanwhile
        ({1: (3, 0), 2: (3, 3, 3), 5: (2, 0)}, 5, "wait", 5, 0),
        # one DLT of two leaves it open
        ({1: (3, 0), 4: (1, 1, 1)}, 4, "wait", 4, 1),
    ],
)
def test_what_cannot_change_is_not_waited_for(tallies, at, act, level, size):
    """A closed combination is left at once; one that may open again takes nobody meanwhile."""
    seen = [LevelCount(*tallies.get(each, (0, 0))) for each in range(1, 7)]

    decision = made().next_dose(seen, at)

    assert (decision.act, decision.level, decision.cohort_size) == (act, level, size)


def sentence(tallies, at, **settings):
    """Give what is said, and the rule, of tallies by number of the combination."""
    seen = [LevelCount(*tallies.get(each, (0, 0))) for each in range(1, 7)]
    decision = made(**settings).next_dose(seen, at)
    return decision.because, decision.rule, decision.cohort_size


def test_a_wait_a_step_and_an_end_are_whole_sentences():
    """With design and rule; the step of a cohort at an open combination is its own rule."""
    waits = sentence({1: (2, 0, 1)}, 1)
    steps = sentence({1: (3, 0), 2: (3, 2)}, 2)
    ends = sentence({1: (12, 3)}, 1, max_n=12)

    assert waits[0] == (
        "0/2 DLT at combination (1, 1), 1 still in the DLT window: wait "
        "(BOIN 2x3 0.3, rule pending)"
    )
    assert steps[1:] == ("de-escalate", 3)
    assert ends[0] == (
        "3/12 DLT at combination (1, 1), 3/12 = 0.2500 is above lambda_e 0.2365 and not above "
        "lambda_d 0.3585: stop, the MTD is estimated at dose level 1 "
        "(BOIN 2x3 0.3, rule max-n)"
    )


def test_the_last_cohort_may_be_one_participant():
    """Twelve of thirteen."""
    assert sentence({1: (12, 0)}, 1, max_n=13)[1:] == ("escalate", 1)


def test_a_cohort_of_two_is_left_with_its_first_dlt():
    """1/2 leads downward, whoever comes second; at the lowest nothing is left."""
    assert sentence({1: (2, 0), 4: (1, 1)}, 4, cohort_size=2)[1] == "de-escalate"
    assert sentence({1: (2, 0), 2: (1, 1)}, 2, cohort_size=2)[1] == "de-escalate"
    assert sentence({1: (1, 1)}, 1, cohort_size=2)[1] == "incomplete-cohort"


def test_who_is_pending_at_a_combination_that_is_surely_closed_is_not_waited_for():
    """3/3 at (1, 2) close (2, 2), where one of two is pending."""
    says, rule, size = sentence({1: (3, 0), 2: (3, 3), 5: (1, 0, 1)}, 5)

    assert (rule, size) == ("close", 3)
    assert "whatever becomes of 1 still in the DLT window: de-escalate" in says


def test_the_end_waits_for_those_pending_where_another_combination_is_closed():
    """(2, 1) is closed, the lowest is not: the estimate may change yet."""
    tallies = {1: (6, 0), 2: (2, 0, 1), 4: (3, 3)}

    assert sentence(tallies, 2, max_n=12)[1] == "pending"


def test_a_combination_beside_is_not_what_closed_it():
    """(1, 2) and (2, 1) are closed, each by itself."""
    says, *_ = sentence({1: (3, 0), 2: (3, 3), 4: (3, 3)}, 4)

    assert "its tally closes combination (2, 1)" in says


def test_more_participants_than_the_table_has_close_combinations_as_in_a_longer_one():
    """People may have treated seven where the design treats six: 5/7 close, 4/7 do not."""
    for dlts, still_open in ((4, (1, 2, 3)), (5, (1,))):
        seen = counts([(3, 0), (7, dlts), None], [(7, 5), None, None])

        assert made(max_n=6).open_levels(seen) == still_open


def test_open_combinations_are_all_that_nothing_closes():
    """3/3 at (1, 3) close (2, 3) with it."""
    assert made().open_levels(counts([None] * 3, [None] * 3)) == (1, 2, 3, 4, 5, 6)
    assert made().open_levels(counts([None, None, (3, 3)], [None] * 3)) == (1, 2, 4, 5)


@pytest.mark.parametrize(
    ("target", "still_open"),
    [
        # of 2/3 the posterior Beta(3, 2) lies above 0.1 with probability 0.9963
        (0.1, (1, 4)),
        # and above 0.3 with probability 0.9163
        (0.3, (1, 2, 3, 4, 5, 6)),
    ],
)
def test_two_dlts_close_a_combination_where_a_third_participant_cannot_change_it(
    target, still_open
):
    """Two participants are too few to close it; with one pending there will be three."""
    seen = [LevelCount(3, 0), LevelCount(2, 2, 1), *[LevelCount(0, 0)] * 4]
    without = [LevelCount(3, 0), LevelCount(2, 2), *[LevelCount(0, 0)] * 4]

    assert made(target=target).open_levels(seen) == still_open
    assert made(target=target).open_levels(without) == (1, 2, 3, 4, 5, 6)


def test_the_last_participants_are_waited_for_where_all_were_treated():
    """(1, 2) is closed with (2, 2), but the MTD may still change; then it stops with it."""
    pending = [LevelCount(3, 0), LevelCount(3, 3), *counts([None]), *counts([(2, 0), None, None])]
    pending[4] = LevelCount(3, 0, 1)
    known = [*pending[:4], LevelCount(4, 0), pending[5]]

    waits = made(max_n=12).next_dose(pending, 5)
    stops = made(max_n=12).next_dose(known, 5)

    assert (waits.act, waits.cohort_size) == ("wait", 0)
    assert (stops.act, stops.rule, stops.mtd) == ("stop", "max-n", 4)


def test_the_neighbour_is_the_likelier_to_be_near_the_target():
    """By the beta distribution of SciPy: 1/3 at one neighbour, nobody at the other."""
    low, high = made().boin.lambda_e, made().boin.lambda_d

    tried, untried = (
        np.diff(beta.cdf((low, high), y + 0.5, n - y + 0.5)) for n, y in ((3, 1), (0, 0))
    )

    assert tried > untried


def test_an_independent_prototype_reached_as_many_states():
    """28,382 on two by three, 47,402 on three by three, 30 participants, ties to the first."""
    small, large = (walk(made(rows=rows, favour_tried=False)) for rows in (2, 3))

    assert (small.states, large.states) == (28_382, 47_402)


def test_exact_numbers_are_those_of_all_paths():
    """Every sequence of cohort results, merging nothing, in a grid of two by two."""
    design, rates = made(columns=2, max_n=12), [0.1, 0.3, 0.25, 0.5]
    paths, ends = [(1.0, [LevelCount(0, 0)] * 4, 1)], {}
    while paths:
        chance, seen, at = paths.pop()
        decision = design.next_dose(seen, at)
        if decision.act == "stop":
            ends[decision.mtd or 0] = ends.get(decision.mtd or 0, 0) + chance
            continue
        place, rate = decision.level - 1, rates[decision.level - 1]
        for dlts in range(4):
            part = math.comb(3, dlts) * rate**dlts * (1 - rate) ** (3 - dlts)
            new = LevelCount(seen[place].evaluable + 3, seen[place].dlts + dlts)
            paths.append((chance * part, [*seen[:place], new, *seen[place + 1 :]], place + 1))

    found = walk(design).under(rates)

    assert [found.p_no_mtd, *found.p_select] == pytest.approx(
        [ends.get(each, 0) for each in range(5)]
    )


@pytest.mark.shared
def test_mtd_and_next_combination_are_those_of_the_r_package(shared):
    """`select.mtd.comb` with its isotonic estimates, and `next.comb`."""
    parsed = json.loads((shared / "reference/escalation/boin_comb.json").read_text())

    for case in parsed["select"]:
        n, y = np.array(case["n"], np.int16), np.array(case["y"], np.int16)
        design = made(rows=n.shape[0], columns=n.shape[1], max_n=60)
        level = int(design.mtds(n.reshape(1, -1), y.reshape(1, -1))[0])
        estimates = design.estimates(n.reshape(1, -1), y.reshape(1, -1))[0]
        assert list(design.combination(level)) in case["mtd"]
        assert estimates == pytest.approx(np.array(case["isotonic"]), abs=0.0051)
    for case in parsed["next_dose"]:
        rows = [list(zip(*pair, strict=True)) for pair in zip(case["n"], case["y"], strict=True)]
        design = made(rows=len(rows), columns=len(rows[0]), max_n=60)
        decision = design.next_dose(counts(*rows), design.level(*case["dose_now"]))
        assert list(design.combination(decision.level)) == case["next_dose"]


def test_no_mtd_when_all_are_too_toxic():
    """R `BOIN` ends with an error here."""
    decision = made().next_dose(counts([(3, 3), None, None], [None, None, None]), 1)

    assert (decision.act, decision.mtd, decision.rule) == ("stop", None, "lowest-closed")
    assert "no dose level is estimated to be tolerable" in decision.because


def test_cohorts_are_filled_and_those_pending_waited_for():
    """As everywhere."""
    grid = [[None, None, None], [None, None, None]]
    filling = made().next_dose(counts([(2, 0), None, None], grid[1]), 1)
    waiting = made().next_dose([LevelCount(2, 0, 1), *counts([None, None], grid[1])], 1)

    assert (filling.rule, filling.cohort_size) == ("incomplete-cohort", 1)
    assert (waiting.act, waiting.rule) == ("wait", "pending")


@pytest.mark.parametrize(
    ("settings", "where"),
    [({"rows": 0}, "rows"), ({"columns": 0}, "columns"), ({"target": 25}, "target")],
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """No grid, a percentage."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_questions_that_do_not_fit_are_refused():
    """A combination off the grid, too many participants, an MTD before the end."""
    grid = counts([(3, 0), None, None], [None, None, None])

    with pytest.raises(Refusal, match="at: dose level 7"):
        made().next_dose(grid, 7)
    with pytest.raises(Refusal, match="seen: 33 participants"):
        made().next_dose(counts([(33, 0), None, None], [None, None, None]), 1)
    with pytest.raises(Refusal, match="the escalation has not stopped"):
        made().select_mtd(grid)


def test_admissible_combinations_are_in_no_agent_above_the_advice():
    """0/3 at (1, 1) of 2 x 3 leads to (2, 1), number 4; (1, 2) and (1, 3) are above in the second.

    With 3/3 at (2, 1) that is closed with (2, 2) and (2, 3), and (1, 2) follows.
    """
    first = DoseEscalation(made()).decide("1NNN")
    second = DoseEscalation(made()).decide("1NNN 4TTT 1NNN")

    assert (first.level, first.admissible) == (4, (1, 4))
    assert (second.level, second.admissible) == (2, (1, 2))
    with pytest.raises(Refusal, match="1, 4"):
        first.overridden(2, "the second agent first", "committee")
    assert first.overridden(1, "more experience", "committee").level == 1


def test_standard_scenarios_of_a_grid_rise_in_both_agents():
    """Target odds 3/7 at the diagonal, doubled by each dose of either agent: 6/13 one above."""
    scenarios = {each.name: each.rates for each in scenarios_for(made(), 0.3)}

    assert list(scenarios) == [
        *(f"MTDs where both doses add up to {total}" for total in (2, 3, 4, 5)),
        "all safe",
        "all too toxic",
    ]
    assert scenarios["MTDs where both doses add up to 3"] == (
        *(0.176, 0.3, 0.462),
        *(0.3, 0.462, 0.632),
    )


def test_the_estimate_is_told_with_its_numbers():
    """0/3 and 1/3 on one row; nobody on the other, whose estimates are those of the prior."""
    design = made(columns=2, max_n=6)
    seen = counts([(3, 0), (3, 1)], [None, None])

    found = design.select_mtd(seen)

    rates = "0.0161, 0.3387, 0.5000, 0.5000"
    assert found.level == 2
    assert found.because == f"isotonic estimates {rates}; combination (1, 2) is nearest to 0.3"


def test_without_an_open_combination_the_estimate_says_so():
    """All six are one pool: (3 + 6 x 0.05) / (3 + 6 x 0.1) = 3.3 / 3.6."""
    seen = counts([(3, 3), None, None], [None, None, None])

    found = made().select_mtd(seen)

    assert found.level is None
    assert found.because == (
        f"isotonic estimates {', '.join(['0.9167'] * 6)}; no combination that was tried is open"
    )


def test_who_is_pending_does_not_count_in_an_estimate():
    """0.05 / 3.1 at (1, 1), whoever else is in the DLT window there."""
    seen = [LevelCount(3, 0, 2), *counts([None, None], [None, None, None])]

    found = made().estimate_mtd(seen)

    assert found.level == 1
    assert found.because.startswith("isotonic estimates 0.0161, 0.5000")


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ([(3, 0), *[(0, 0)] * 5], "3 of 12 participants"),
        ([(9, 0), (2, 0), *[(0, 0)] * 4], "11 of 12 participants"),
        # all were treated, one is pending
        ([(9, 0), (2, 0, 1), *[(0, 0)] * 4], "12 of 12 participants"),
        # the lowest is closed, one is pending at another
        ([(3, 3), (2, 0, 1), *[(0, 0)] * 4], "6 of 12 participants"),
        # another than the lowest is closed
        ([(3, 0), (3, 3), *[(0, 0)] * 4], "6 of 12 participants"),
        ([(3, 0), *[(0, 0)] * 2, (3, 3), *[(0, 0)] * 2], "6 of 12 participants"),
        ([(3, 0), *[(0, 0)] * 4, (3, 3)], "6 of 12 participants"),
    ],
)
def test_an_mtd_waits_for_the_end_of_the_escalation(seen, found):
    """It ends with the last participant, or with the lowest combination, and nobody pending."""
    with pytest.raises(Refusal) as refusal:
        made(max_n=12).select_mtd([LevelCount(*each) for each in seen])

    fault = Fault(
        "seen",
        f"the escalation has not stopped ({found})",
        "counts of a finished escalation",
        "Ask for the next dose instead",
    )
    assert refusal.value.faults == (fault,)


def test_an_mtd_of_another_grid_is_refused():
    """Four counts for six combinations."""
    with pytest.raises(Refusal) as refusal:
        made().select_mtd([LevelCount(3, 0)] * 4)

    assert [str(each) for each in refusal.value.faults] == [
        "seen: counts for 4 dose levels. Allowed: 6 counts. Give one count for each dose level."
    ]


def test_a_grid_of_one_combination_has_an_mtd():
    """1/6 at it."""
    assert made(rows=1, columns=1, max_n=6).select_mtd([LevelCount(6, 1)]).level == 1


def test_an_mtd_is_estimated_where_people_treated_more_than_planned():
    """Thirteen of twelve have ended the escalation too."""
    assert made(max_n=12).select_mtd(counts([(13, 3), None, None], [None] * 3)).level == 1
