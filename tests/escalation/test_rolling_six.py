"""Rolling six: a second implementation, and what is refused."""

import pytest
from tests.published.test_rolling_six import table

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.exact import walk
from trialwright.terms.errors import Refusal


def by_hand(levels, rates, start):
    """Follow the rule participant by participant, each outcome known before the next comes in.

    A second implementation: a level is left by its tally alone, looked up in the published table
    with everybody evaluable; a level below a closed one, and the top level, are filled until five
    are evaluable without a DLT, or six.
    """
    ends = {}

    def go(chance, counts, at):
        """Enrol the next participant at a level."""
        for has_dlt, part in ((0, 1 - rates[at - 1]), (1, rates[at - 1])):
            n, d = counts.get(at, (0, 0))
            judge(chance * part, {**counts, at: (n + 1, d + has_dlt)}, at)

    def stop(chance, counts, mtd):
        """Add up an ending."""
        p, size = ends.get(mtd, (0, 0))
        ends[mtd] = (p + chance, size + chance * sum(n for n, _ in counts.values()))

    def judge(chance, counts, at):
        """Say what follows at a level."""
        n, d = counts.get(at, (0, 0))
        where = table().get((n, n, d), "up" if d == 0 else "down")
        is_last = at == levels or counts.get(at + 1, (0, 0))[1] >= 2
        if where == "down":
            if at == 1:
                stop(chance, counts, 0)
            else:
                below_n, below_d = counts.get(at - 1, (0, 0))
                is_done = below_n == 6 or (below_n == 5 and below_d == 0)
                stop(chance, counts, at - 1) if is_done else go(chance, counts, at - 1)
        elif is_last and (n == 6 or (n == 5 and d == 0)):
            stop(chance, counts, at)
        elif where == "up" and not is_last:
            go(chance, counts, at + 1)
        else:
            go(chance, counts, at)

    go(1.0, {}, start)
    return ends


@pytest.mark.parametrize(
    ("rates", "start"),
    [((0.1,), 1), ((0.1, 0.3), 1), ((0.05, 0.2, 0.45), 1), ((0.2, 0.3, 0.5), 2)],
)
def test_exact_numbers_are_those_of_a_second_implementation(rates, start):
    """Probability of each MTD and expected participants, over all sequences of outcomes."""
    ends = by_hand(len(rates), rates, start)

    found = walk(RollingSix(len(rates), start)).under(rates)

    selected = [found.p_no_mtd, *found.p_select]
    assert selected == pytest.approx([ends.get(mtd, (0, 0))[0] for mtd in range(len(rates) + 1)])
    assert found.expected_total_n == pytest.approx(sum(size for _, size in ends.values()))


@pytest.mark.parametrize(
    ("seen", "at", "act", "level", "mtd"),
    [
        ([(0, 0), (0, 0)], 1, "stay", 1, None),
        ([(1, 0, 4), (0, 0)], 1, "stay", 1, None),
        ([(5, 0, 1), (0, 0)], 1, "escalate", 2, None),
        ([(5, 0, 1), (2, 2, 4)], 2, "stop", None, 1),
        ([(3, 0), (2, 2, 1)], 2, "de-escalate", 1, None),
        ([(3, 0, 3), (2, 2)], 1, "wait", 1, None),
        ([(6, 1), (6, 2)], 2, "stop", None, 1),
        ([(2, 2), (3, 2)], 1, "stop", None, None),
        ([(3, 0), (4, 0)], 2, "stay", 2, None),
        ([(3, 0), (5, 0)], 2, "stop", None, 2),
        ([(3, 0), (6, 1)], 2, "stop", None, 2),
    ],
)
def test_the_ends_of_the_ladder_and_what_is_pending(seen, at, act, level, mtd):
    """Five without a DLT are enough for the MTD, three and four are not."""
    decision = RollingSix(2).next_dose([LevelCount(*each) for each in seen], at)

    assert (decision.act, decision.level, decision.mtd) == (act, level, mtd)


def test_a_closed_level_over_a_full_one_that_is_not_evaluable_yet_waits():
    """Six below, some of them pending: their outcomes decide."""
    seen = [LevelCount(4, 0, 2), LevelCount(2, 2)]

    decision = RollingSix(2).next_dose(seen, 1)

    assert (decision.act, decision.level, decision.rule) == ("wait", 1, "six-enrolled")
    assert decision.because == (
        "0/4 DLT at dose level 1, six enrolled, 2 still in the DLT window: wait "
        "(rolling-six, rule six-enrolled)"
    )


@pytest.mark.parametrize(
    ("seen", "at", "where"),
    [
        ([(3, 0), (0, 0)], 3, "at"),
        ([(4, 0, 3), (0, 0)], 1, "dose level 1"),
        ([(2, 0), (1, 0)], 2, "dose level 1"),
        ([(4, 0, 1), (1, 0)], 2, "dose level 1"),
        ([(5, 1), (1, 0)], 2, "dose level 1"),
        ([(3, 0), (3, 1)], 1, "dose level 2"),
    ],
)
def test_histories_of_another_rule_are_refused(seen, at, where):
    """Seven at a level, a level left too early, a level above still open."""
    with pytest.raises(Refusal) as refusal:
        RollingSix(2).next_dose([LevelCount(*each) for each in seen], at)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_an_mtd_before_the_end_is_refused():
    """Three without a DLT at the lowest level end nothing."""
    with pytest.raises(Refusal, match="the escalation has not stopped"):
        RollingSix(2).select_mtd([LevelCount(3, 0), LevelCount(0, 0)])


@pytest.mark.parametrize(("levels", "start", "where"), [(0, 1, "levels"), (2, 3, "starting_level")])
def test_settings_that_are_none_are_refused_by_name(levels, start, where):
    """No ladder, a start beside it."""
    with pytest.raises(Refusal) as refusal:
        RollingSix(levels, start)

    assert [fault.where for fault in refusal.value.faults] == [where]


@pytest.mark.parametrize(
    ("seen", "at", "decided", "says"),
    [
        (
            [(0, 0), (0, 0)],
            1,
            ("stay", 1, "fewer-than-six", 1, None),
            "0/0 DLT at dose level 1, 0 of six enrolled: one more at this level",
        ),
        (
            [(2, 1, 1), (0, 0)],
            1,
            ("stay", 1, "one-dlt", 1, None),
            "1/2 DLT at dose level 1, 3 of six enrolled: one more at this level",
        ),
        (
            [(3, 0), (0, 0)],
            1,
            ("escalate", 2, "no-dlts", 1, None),
            "0/3 DLT at dose level 1, cleared: escalate, one at dose level 2",
        ),
        (
            [(6, 1), (0, 0)],
            1,
            ("escalate", 2, "one-of-six", 1, None),
            "1/6 DLT at dose level 1, cleared: escalate, one at dose level 2",
        ),
        (
            [(3, 0), (5, 0)],
            2,
            ("stop", None, "no-dlts", 0, 2),
            "0/5 DLT at dose level 2, the top level: stop, the MTD is estimated at dose level 2",
        ),
        (
            [(5, 0, 1), (2, 2, 4)],
            1,
            ("stop", None, "no-dlts", 0, 1),
            "0/5 DLT at dose level 1, 2/2 DLT at dose level 2: stop, the MTD is estimated at dose "
            "level 1",
        ),
        (
            [(5, 0, 1), (2, 2, 4)],
            2,
            ("stop", None, "two-dlts", 0, 1),
            "2/2 DLT at dose level 2 (4 still in the DLT window, which changes nothing), 0/5 DLT "
            "at dose level 1: stop, the MTD is estimated at dose level 1",
        ),
        (
            [(2, 2), (0, 0)],
            1,
            ("stop", None, "two-dlts", 0, None),
            "2/2 DLT at dose level 1, the lowest level: stop, no dose level is estimated to be "
            "tolerable",
        ),
        (
            [(3, 0), (2, 2, 1)],
            2,
            ("de-escalate", 1, "two-dlts", 1, None),
            "2/2 DLT at dose level 2 (1 still in the DLT window, which changes nothing), "
            "de-escalate, one more at dose level 1",
        ),
        (
            [(4, 0), (3, 3)],
            2,
            ("de-escalate", 1, "two-dlts", 1, None),
            "3/3 DLT at dose level 2, de-escalate, one more at dose level 1",
        ),
    ],
)
def test_each_situation_gives_its_whole_sentence(seen, at, decided, says):
    """Act, level, rule, participants and MTD; the sentence ends with design and rule."""
    found = RollingSix(2).next_dose([LevelCount(*each) for each in seen], at)

    assert (found.act, found.level, found.rule, found.cohort_size, found.mtd) == decided
    assert found.because == f"{says} (rolling-six, rule {decided[2]})"


DEVIATED = "Correct the counts, or record the deviation and decide without the design."


@pytest.mark.parametrize(
    ("seen", "at", "says"),
    [
        (
            [(4, 0, 3), (0, 0)],
            1,
            "dose level 1: 4 evaluable and 3 pending participants. Allowed: at most 6 at a dose "
            "level.",
        ),
        (
            [(2, 0), (1, 0)],
            2,
            "dose level 1: left upward with 0/2 DLT at dose level 1, 0 pending. Allowed: three to "
            "six without a DLT, or one in six.",
        ),
        (
            [(6, 2), (1, 0)],
            2,
            "dose level 1: left upward with 2/6 DLT at dose level 1, 0 pending. Allowed: three to "
            "six without a DLT, or one in six.",
        ),
        (
            [(0, 0), (1, 0)],
            2,
            "dose level 1: left upward with 0/0 DLT at dose level 1, 0 pending. Allowed: three to "
            "six without a DLT, or one in six.",
        ),
        (
            [(3, 0), (3, 1)],
            1,
            "dose level 2: 1/3 DLT at dose level 2, above dose level 1 which is asked about. "
            "Allowed: two DLTs or more at each level above.",
        ),
    ],
)
def test_what_another_rule_led_to_is_told(seen, at, says):
    """Where, what was found, what is allowed."""
    with pytest.raises(Refusal) as refusal:
        RollingSix(2).next_dose([LevelCount(*each) for each in seen], at)

    assert [str(fault) for fault in refusal.value.faults] == [f"{says} {DEVIATED}"]


def test_a_start_above_the_lowest_level_leaves_those_below_for_later():
    """They are entered from above alone."""
    design = RollingSix(2, starting_level=2)

    assert design.next_dose([LevelCount(0, 0), LevelCount(2, 2)], 2).level == 1
    with pytest.raises(Refusal, match="dose level 2: 0/0 DLT at dose level 2, above dose level 1"):
        design.next_dose([LevelCount(0, 0), LevelCount(0, 0)], 1)


@pytest.mark.parametrize(
    ("seen", "mtd"),
    [
        ([(5, 0, 1), (2, 2, 4)], 1),
        ([(6, 1), (6, 2)], 1),
        ([(3, 0), (5, 0)], 2),
        ([(2, 2), (0, 0)], None),
        ([(4, 2), (2, 2)], None),
    ],
)
def test_the_mtd_follows_from_the_counts_alone(seen, mtd):
    """The highest level cleared below a closed one, or the top; none when the lowest is closed."""
    assert RollingSix(2).select_mtd([LevelCount(*each) for each in seen]).level == mtd


def test_the_mtd_and_its_refusal_say_where_the_escalation_stands():
    """The level below the closed one is asked about, whose tally the MTD rests on."""
    found = RollingSix(2).select_mtd([LevelCount(5, 0, 1), LevelCount(2, 2, 4)])

    assert found.because == (
        "0/5 DLT at dose level 1, 2/2 DLT at dose level 2: stop, the MTD is estimated at dose "
        "level 1 (rolling-six, rule no-dlts)"
    )
    with pytest.raises(Refusal) as refusal:
        RollingSix(2).select_mtd([LevelCount(3, 0), LevelCount(0, 0)])
    assert str(refusal.value).startswith(
        "seen: the escalation has not stopped (0/3 DLT at dose level 1, cleared: escalate, one at "
        "dose level 2 (rolling-six, rule no-dlts))."
    )


def test_a_level_to_be_filled_ends_nothing():
    """Level 2 is closed, level 1 has three; or nobody was treated below the start."""
    for design, seen in (
        (RollingSix(2), [LevelCount(3, 0), LevelCount(2, 2)]),
        (RollingSix(2, starting_level=2), [LevelCount(0, 0), LevelCount(2, 2)]),
        (RollingSix(2, starting_level=2), [LevelCount(0, 0), LevelCount(0, 0)]),
    ):
        with pytest.raises(Refusal, match="the escalation has not stopped"):
            design.select_mtd(seen)
