"""3+3: every tally, every variant, every history it must not decide on."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.three_plus_three import VARIANTS, ThreePlusThree
from trialwright.escalation.outcomes import read_outcomes
from trialwright.terms.errors import Refusal

STOPS, TOP_AT_THREE, SIX = VARIANTS
DOWN = (TOP_AT_THREE, SIX)


def decide(text, variant, levels=3, at=None, starting_level=1):
    """Ask what follows an escalation written in one line."""
    outcomes = read_outcomes(text, levels)
    design = ThreePlusThree(levels, variant, starting_level)
    return design.next_dose(outcomes.seen, at or outcomes.last_level or starting_level)


def test_the_variants_are_named_by_behaviour():
    """The protocol file writes these three names and no bare 3+3."""
    assert VARIANTS == ("no-de-escalation", "de-escalate-top-stops-at-three", "six-at-mtd")


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("text", "act", "level", "cohort_size"),
    [
        ("", "stay", 1, 3),
        ("1N", "stay", 1, 2),
        ("1T", "stay", 1, 2),
        ("1NN", "stay", 1, 1),
        ("1NT", "stay", 1, 1),
        ("1NNE", "stay", 1, 1),
        ("1EEE", "stay", 1, 3),
        ("1NNN", "escalate", 2, 3),
        ("1NNT", "expand", 1, 3),
        ("1NNT 1N", "stay", 1, 2),
        ("1NNT 1NN", "stay", 1, 1),
        ("1NNT 1NNN", "escalate", 2, 3),
        ("1NNNN", "stay", 1, 2),
        ("1NNN 1NNN", "escalate", 2, 3),
        ("1NNN 2NNN", "escalate", 3, 3),
        ("1NNN 2NNT", "expand", 2, 3),
        ("1NNT 1NNN 2NNN", "escalate", 3, 3),
        ("1NNN 1NNN 2NNT", "expand", 2, 3),
        ("1NNN 2NNT 2NNN", "escalate", 3, 3),
        ("1NNN 2NNN 3NNT", "expand", 3, 3),
        ("1P", "wait", 1, 2),
        ("1NP", "wait", 1, 1),
        ("1PPP", "wait", 1, 0),
        ("1NTP", "wait", 1, 0),
        ("1NNP", "wait", 1, 0),
        ("1NNPP", "wait", 1, 0),
        ("1NNNP", "wait", 1, 0),
        ("1NNT 1P", "wait", 1, 2),
        ("1NNT 1NP", "wait", 1, 1),
        ("1NNT 1NNP", "wait", 1, 0),
        ("1NNN 2NNT 2PPP", "wait", 2, 0),
    ],
)
def test_below_two_dlts_the_variants_agree(variant, text, act, level, cohort_size):
    """Until a level is closed or the top is reached there is one 3+3."""
    decision = decide(text, variant)

    assert (decision.act, decision.level, decision.cohort_size, decision.mtd) == (
        act,
        level,
        cohort_size,
        None,
    )


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("text", ["1TT", "1TTP", "1TTPPPP", "1NTT", "1TTT", "1NNT 1T", "1NNT 1TTT"])
def test_two_dlts_at_the_lowest_level_stop_at_once(variant, text):
    """No dose level is tolerable, whoever is still pending."""
    decision = decide(text, variant)

    assert (decision.act, decision.level, decision.mtd, decision.rule) == (
        "stop",
        None,
        None,
        "two-dlts",
    )
    assert decision.cohort_size == 0


@pytest.mark.parametrize("text", ["2TT", "2TTP", "2NTT", "2TTT", "2NNT 2T", "2NNT 2NTT"])
@pytest.mark.parametrize("below", ["1NNN", "1NNT 1NNN"])
def test_without_de_escalation_two_dlts_stop_the_trial(below, text):
    """The MTD is the level below, be it with three participants or six."""
    decision = decide(f"{below} {text}", STOPS)

    assert (decision.act, decision.level, decision.mtd) == ("stop", None, 1)


@pytest.mark.parametrize("variant", DOWN)
@pytest.mark.parametrize("text", ["2TT", "2TTP", "2NTT", "2TTT", "2NNT 2T", "2NNT 2NTT"])
def test_with_de_escalation_the_level_below_is_filled_to_six(variant, text):
    """Three participants are too few for an MTD below a closed level."""
    decision = decide(f"1NNN {text}", variant)

    assert (decision.act, decision.level, decision.cohort_size) == ("de-escalate", 1, 3)
    assert (decision.rule, decision.mtd) == ("two-dlts", None)


@pytest.mark.parametrize("variant", DOWN)
def test_a_level_below_with_six_is_the_mtd_at_once(variant):
    """Six with at most one DLT below a closed level need nobody more."""
    decision = decide("1NNN 2NNT 2NNN 3TT", variant)

    assert (decision.act, decision.mtd) == ("stop", 2)


@pytest.mark.parametrize("variant", DOWN)
@pytest.mark.parametrize(
    ("text", "act", "level", "cohort_size", "mtd"),
    [
        ("1NNN 2NNN 3NTT", "de-escalate", 2, 3, None),
        ("1NNN 2NNN 3NTT 2N", "stay", 2, 2, None),
        ("1NNN 2NNN 3NTT 2P", "wait", 2, 2, None),
        ("1NNN 2NNN 3NTT 2NNN", "stop", None, 0, 2),
        ("1NNN 2NNN 3NTT 2NNT", "stop", None, 0, 2),
        ("1NNN 2NNN 3NTT 2T", "stay", 2, 2, None),
        ("1NNN 2NNN 3NTT 2TT", "de-escalate", 1, 3, None),
        ("1NNN 2NNN 3NTT 2TT 1NNT", "stop", None, 0, 1),
        ("1NNN 2NNN 3NTT 2TT 1TT", "stop", None, 0, None),
        ("1NNT 1NNN 2NNN 3NTT 2NTT", "stop", None, 0, 1),
    ],
)
def test_the_way_down(variant, text, act, level, cohort_size, mtd):
    """Level by level down, until one holds at most 1/6 or none is left."""
    decision = decide(text, variant)

    assert (decision.act, decision.level, decision.cohort_size, decision.mtd) == (
        act,
        level,
        cohort_size,
        mtd,
    )


@pytest.mark.parametrize("variant", DOWN)
def test_back_at_a_level_before_anybody_new_came(variant):
    """Asked again at the lower level, 0/3 below a closed level opens a second cohort."""
    decision = decide("1NNN 2TT", variant, at=1)

    assert (decision.act, decision.level, decision.cohort_size) == ("expand", 1, 3)
    assert decision.rule == "mtd-needs-six"


@pytest.mark.parametrize(
    ("variant", "act", "level", "mtd"),
    [(STOPS, "stop", None, 3), (TOP_AT_THREE, "stop", None, 3), (SIX, "expand", 3, None)],
)
def test_three_without_dlt_at_the_top(variant, act, level, mtd):
    """Only one variant asks for six at the top level."""
    decision = decide("1NNN 2NNN 3NNN", variant)

    assert (decision.act, decision.level, decision.mtd) == (act, level, mtd)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("top", ["3NNT 3NNN", "3NNN 3NNN", "3NNN 3NNT"])
def test_six_with_at_most_one_dlt_at_the_top(variant, top):
    """The top level is the MTD by every variant."""
    decision = decide(f"1NNN 2NNN {top}", variant)

    assert (decision.act, decision.mtd, decision.rule) == ("stop", 3, "at-most-1-of-6")


def test_pending_at_the_top_with_six_to_come():
    """The second cohort at the top may fill while its first participant is watched."""
    decision = decide("1NNN 2NNN 3NNN 3P", SIX)

    assert (decision.act, decision.level, decision.cohort_size) == ("wait", 3, 2)


@pytest.mark.parametrize(
    ("variant", "text", "because"),
    [
        (
            STOPS,
            "1NNN",
            "0/3 DLT at dose level 1: escalate, next cohort of 3 at dose level 2 "
            "(3+3 no-de-escalation, rule 0-of-3)",
        ),
        (
            STOPS,
            "1NNT 1NNN",
            "1/6 DLT at dose level 1: escalate, next cohort of 3 at dose level 2 "
            "(3+3 no-de-escalation, rule at-most-1-of-6)",
        ),
        (
            TOP_AT_THREE,
            "1NNT",
            "1/3 DLT at dose level 1: 3 more at this level "
            "(3+3 de-escalate-top-stops-at-three, rule 1-of-3)",
        ),
        (
            STOPS,
            "1NN",
            "0/2 DLT at dose level 1, cohort not complete: 1 more at this level "
            "(3+3 no-de-escalation, rule incomplete-cohort)",
        ),
        (
            STOPS,
            "1NP",
            "0/1 DLT at dose level 1, 1 still in the DLT window: wait, "
            "1 more may be enrolled in this cohort (3+3 no-de-escalation, rule pending)",
        ),
        (
            STOPS,
            "1NNP",
            "0/2 DLT at dose level 1, 1 still in the DLT window: wait "
            "(3+3 no-de-escalation, rule pending)",
        ),
        (
            STOPS,
            "1NTT",
            "2/3 DLT at dose level 1, the lowest level: stop, "
            "no dose level is estimated to be tolerable (3+3 no-de-escalation, rule two-dlts)",
        ),
        (
            STOPS,
            "1NNN 2TTP",
            "2/2 DLT at dose level 2 (1 still in the DLT window, which changes nothing), "
            "0/3 DLT at dose level 1: stop, the MTD is estimated at dose level 1 "
            "(3+3 no-de-escalation, rule two-dlts)",
        ),
        (
            SIX,
            "1NNN 2NTT",
            "2/3 DLT at dose level 2, 0/3 DLT at dose level 1: de-escalate, "
            "3 more at dose level 1 (3+3 six-at-mtd, rule two-dlts)",
        ),
        (
            SIX,
            "1NNN 2NTT 1NNT",
            "1/6 DLT at dose level 1, 2/3 DLT at dose level 2: stop, "
            "the MTD is estimated at dose level 1 (3+3 six-at-mtd, rule at-most-1-of-6)",
        ),
        (
            SIX,
            "1NNN 2NNN 3NNN",
            "0/3 DLT at dose level 3, the MTD needs six: 3 more at this level "
            "(3+3 six-at-mtd, rule mtd-needs-six)",
        ),
        (
            STOPS,
            "1NNN 2NNN 3NNN",
            "0/3 DLT at dose level 3, the top level: stop, "
            "the MTD is estimated at dose level 3 (3+3 no-de-escalation, rule 0-of-3)",
        ),
    ],
)
def test_the_sentence_of_the_dose_meeting(variant, text, because):
    """Tally, rule and consequence stand in one sentence."""
    assert decide(text, variant).because == because


@pytest.mark.parametrize(
    ("variant", "act", "level", "mtd"),
    [(STOPS, "stop", None, None), (TOP_AT_THREE, "de-escalate", 1, None)],
)
def test_a_starting_level_above_the_first(variant, act, level, mtd):
    """A level nobody was treated at is never the MTD; only de-escalation goes there."""
    decision = decide("2NTT", variant, starting_level=2)

    assert (decision.act, decision.level, decision.mtd) == (act, level, mtd)


@pytest.mark.parametrize(
    ("text", "at", "act", "level", "cohort_size", "mtd"),
    [
        ("2NNN", 2, "escalate", 3, 3, None),
        ("2NTT", 1, "stay", 1, 3, None),
        ("2NTT 1NN", 1, "stay", 1, 1, None),
        ("2NTT 1NNN", 1, "expand", 1, 3, None),
        ("2NTT 1NNN 1NNT", 1, "stop", None, 0, 1),
        ("2NTT 1NNN 1NNT", 2, "stop", None, 0, 1),
        ("2NTT 1NNN", 2, "de-escalate", 1, 3, None),
        ("2NNN 3NTT", 3, "de-escalate", 2, 3, None),
        ("2NNN 3NTT 2NTT 1N", 1, "stay", 1, 2, None),
    ],
)
def test_levels_below_the_starting_level_are_reached_from_above(
    text, at, act, level, cohort_size, mtd
):
    """Level 1 stays empty until the starting level is closed."""
    decision = decide(text, SIX, at=at, starting_level=2)

    assert (decision.act, decision.level, decision.cohort_size, decision.mtd) == (
        act,
        level,
        cohort_size,
        mtd,
    )


LEFT = "Allowed: 0/3, or at most 1/6, with nobody in the DLT window. "
CORRECT = "Correct the counts, or record the deviation and decide without the design."


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        (
            "3NNN",
            3,
            [
                f"dose level 1: left upward with 0/0 DLT at dose level 1. {LEFT}{CORRECT}",
                f"dose level 2: left upward with 0/0 DLT at dose level 2. {LEFT}{CORRECT}",
            ],
        ),
        (
            "1NN 2NNN",
            2,
            [f"dose level 1: left upward with 0/2 DLT at dose level 1. {LEFT}{CORRECT}"],
        ),
        (
            "1NNT 2NNN",
            2,
            [f"dose level 1: left upward with 1/3 DLT at dose level 1. {LEFT}{CORRECT}"],
        ),
        (
            "1NNNN 2NNN",
            2,
            [f"dose level 1: left upward with 0/4 DLT at dose level 1. {LEFT}{CORRECT}"],
        ),
        (
            "1NTT 2NNN",
            2,
            [f"dose level 1: left upward with 2/3 DLT at dose level 1. {LEFT}{CORRECT}"],
        ),
        (
            "1NNNP 2NNN",
            2,
            [
                "dose level 1: left upward with 0/3 DLT at dose level 1, "
                f"1 still in the DLT window. {LEFT}{CORRECT}"
            ],
        ),
        (
            "1NNNNNNNNN",
            1,
            [
                "dose level 1: 9 evaluable and 0 pending participants. "
                f"Allowed: at most 6 at a dose level. {CORRECT}"
            ],
        ),
        (
            "1NNN 2NNTNNPP",
            2,
            [
                "dose level 2: 5 evaluable and 2 pending participants. "
                f"Allowed: at most 6 at a dose level. {CORRECT}"
            ],
        ),
        (
            "1NNNNNNN 2NNN 3NNNNNNN",
            2,
            [
                "dose level 1: 7 evaluable and 0 pending participants. "
                f"Allowed: at most 6 at a dose level. {CORRECT}",
                "dose level 3: 7 evaluable and 0 pending participants. "
                f"Allowed: at most 6 at a dose level. {CORRECT}",
            ],
        ),
        ("1NNN", 7, ["at: dose level 7. Allowed: 1-3. Name the dose level of the last cohort."]),
        ("1NNN", -1, ["at: dose level -1. Allowed: 1-3. Name the dose level of the last cohort."]),
    ],
)
def test_a_history_the_rule_cannot_have_led_to_is_refused(variant, text, at, says):
    """A deviation is decided by people; each level at fault is named."""
    with pytest.raises(Refusal) as refusal:
        decide(text, variant, at=at)

    assert [str(fault) for fault in refusal.value.faults] == says


@pytest.mark.parametrize("variant", DOWN)
@pytest.mark.parametrize(
    ("text", "at", "level", "found"),
    [
        ("1NNN 2NNN", 1, 2, "0/3 DLT at dose level 2"),
        ("1NNN 2T", 1, 2, "1/1 DLT at dose level 2"),
        ("1NNN 2P", 1, 2, "0/0 DLT at dose level 2"),
        ("1NNN 3TT", 1, 2, "0/0 DLT at dose level 2"),
    ],
)
def test_a_level_above_must_have_been_closed(variant, text, at, level, found):
    """One does not go back below a level that is open, nor skip one."""
    with pytest.raises(Refusal) as refusal:
        decide(text, variant, at=at)

    assert [str(fault) for fault in refusal.value.faults] == [
        f"dose level {level}: {found}, above dose level {at} which is asked about. Allowed: "
        "two DLTs or more at each level above. Ask at the dose level of the last cohort."
    ]


def test_without_de_escalation_nobody_is_above():
    """The variant that never goes back refuses the question."""
    with pytest.raises(Refusal) as refusal:
        decide("1NNN 2NTT", STOPS, at=1)

    assert [str(fault) for fault in refusal.value.faults] == [
        "dose level 2: 2/3 DLT at dose level 2, above dose level 1 which is asked about. Allowed: "
        "nobody above: this variant never goes back to a lower level. "
        "Ask at the dose level of the last cohort."
    ]


@pytest.mark.parametrize("variant", DOWN)
@pytest.mark.parametrize("levels", [2, 3, 4])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2NTT", "0/0 DLT at dose level 1"),
        ("1NN 2NTT", "0/2 DLT at dose level 1"),
        ("1NNP 2NTT", "0/2 DLT at dose level 1, 1 still in the DLT window"),
    ],
)
def test_a_level_once_left_upward_holds_a_cohort(variant, levels, text, found):
    """Back at a level that was left with fewer than three, the design refuses, once."""
    with pytest.raises(Refusal) as refusal:
        decide(text, variant, levels, at=1)

    assert [str(fault) for fault in refusal.value.faults] == [
        f"dose level 1: left upward with {found}. {LEFT}{CORRECT}"
    ]


@pytest.mark.parametrize("at", [1, 3])
def test_before_the_starting_level_is_closed_no_other_is_asked_about(at):
    """The trial begins at its starting level."""
    with pytest.raises(Refusal, match="dose level 2"):
        decide("", SIX, at=at, starting_level=2)


def test_counts_for_another_ladder_are_refused():
    """One count a level, no fewer and no more."""
    with pytest.raises(Refusal, match=r"seen: counts for 2 dose levels. Allowed: 3 counts"):
        ThreePlusThree(3, SIX).next_dose((LevelCount(3, 0), LevelCount(0, 0)), at=1)


@pytest.mark.parametrize(
    ("levels", "variant", "starting_level", "says"),
    [
        (
            0,
            SIX,
            1,
            ["levels: 0 dose levels. Allowed: a whole number from 1. Count the dose levels."],
        ),
        (
            True,
            SIX,
            1,
            ["levels: True dose levels. Allowed: a whole number from 1. Count the dose levels."],
        ),
        (
            3,
            SIX,
            4,
            ["starting_level: dose level 4. Allowed: 1-3. Start at a level of the ladder."],
        ),
        (
            3,
            SIX,
            0,
            ["starting_level: dose level 0. Allowed: 1-3. Start at a level of the ladder."],
        ),
        (
            0,
            "3+3",
            1,
            [
                "levels: 0 dose levels. Allowed: a whole number from 1. Count the dose levels.",
                "variant: variant '3+3'. Allowed: no-de-escalation, "
                "de-escalate-top-stops-at-three, six-at-mtd. "
                "Name the variant: 3+3 alone means at least three designs.",
            ],
        ),
    ],
)
def test_a_design_without_ladder_or_variant_is_refused(levels, variant, starting_level, says):
    """There is no bare 3+3, no ladder without levels and no start beside it."""
    with pytest.raises(Refusal) as refusal:
        ThreePlusThree(levels, variant, starting_level)

    assert [str(fault) for fault in refusal.value.faults] == says


@pytest.mark.parametrize(
    ("variant", "text", "mtd", "because"),
    [
        (STOPS, "1NTT", None, "2/3 DLT at dose level 1, the lowest level"),
        (STOPS, "1NNN 2NTT", 1, "2/3 DLT at dose level 2, 0/3 DLT at dose level 1"),
        (STOPS, "1NNN 2NNN 3NNN", 3, "0/3 DLT at dose level 3, the top level"),
        (TOP_AT_THREE, "1NNN 2NNN 3NNN", 3, "0/3 DLT at dose level 3, the top level"),
        (TOP_AT_THREE, "1NNN 2NNN 3TT 2NNN", 2, "0/6 DLT at dose level 2, 2/2 DLT at dose level 3"),
        (SIX, "1NNN 2NNN 3TT 2TT 1NNN", 1, "0/6 DLT at dose level 1, 2/5 DLT at dose level 2"),
        (SIX, "1NNN 2NNN 3TT 2TT 1TT", None, "2/5 DLT at dose level 1, the lowest level"),
        (SIX, "1NNN 2NNT 2NNN 3NTT", 2, "1/6 DLT at dose level 2, 2/3 DLT at dose level 3"),
        (SIX, "1NNN 2NNN 3NNN 3NNT", 3, "1/6 DLT at dose level 3, the top level"),
    ],
)
def test_the_mtd_is_estimated_from_the_counts_alone(variant, text, mtd, because):
    """The estimate is a step of its own and tells the tallies it follows from."""
    estimate = ThreePlusThree(3, variant).select_mtd(read_outcomes(text, 3).seen)

    assert estimate.level == mtd
    assert estimate.because.startswith(f"{because}: stop, ")


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("text", "at"), [("", 1), ("1NNN", 1), ("1NNN 2NNP", 2)])
def test_no_mtd_before_the_escalation_has_stopped(variant, text, at):
    """Three at a level in mid-trial are no estimate."""
    with pytest.raises(Refusal) as refusal:
        ThreePlusThree(3, variant).select_mtd(read_outcomes(text, 3).seen)

    assert str(refusal.value) == (
        f"dose level {at}: the escalation has not stopped ({decide(text, variant).because}). "
        "Allowed: counts of a finished escalation. Ask for the next dose instead."
    )


def test_before_the_first_cohort_the_starting_level_has_not_stopped():
    """Nobody treated: the question is about the starting level."""
    with pytest.raises(Refusal, match="dose level 2: the escalation has not stopped"):
        ThreePlusThree(3, SIX, starting_level=2).select_mtd((LevelCount(0, 0),) * 3)


@pytest.mark.parametrize("variant", DOWN)
def test_closed_above_an_open_level_has_not_stopped(variant):
    """0/3 below a closed level is not an MTD where the level is filled to six."""
    with pytest.raises(Refusal, match="dose level 1: the escalation has not stopped"):
        ThreePlusThree(3, variant).select_mtd(read_outcomes("1NNN 2NTT", 3).seen)


def test_closed_start_with_nobody_below_has_not_stopped():
    """The way down is still open."""
    with pytest.raises(Refusal, match="dose level 2: the escalation has not stopped"):
        ThreePlusThree(3, SIX, starting_level=2).select_mtd(read_outcomes("2NTT", 3).seen)


COUNTS = st.builds(
    lambda evaluable, dlts, pending: LevelCount(evaluable, min(dlts, evaluable), pending),
    st.integers(0, 7),
    st.integers(0, 7),
    st.integers(0, 3),
)


def answer_of(design, seen, at):
    """Give the decision, or None when the question is refused."""
    try:
        return design.next_dose(seen, at)
    except Refusal:
        return None


@given(
    variant=st.sampled_from(VARIANTS),
    seen=st.lists(COUNTS, min_size=3, max_size=3),
    at=st.integers(0, 4),
    starting_level=st.integers(1, 3),
)
def test_whatever_is_asked_is_answered_safely_or_refused(variant, seen, at, starting_level):
    """No counts at all lead to an escalation after two DLTs or while somebody is pending."""
    design = ThreePlusThree(3, variant, starting_level)

    decision = answer_of(design, seen, at)

    assert decision is None or str(seen[at - 1]) in decision.because
    if decision and decision.act == "escalate":
        assert decision.level == at + 1
        assert seen[at - 1].dlts <= 1
        assert not seen[at - 1].pending
        assert seen[at].dlts <= 1


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("evaluable", "dlts", "pending"),
    [
        (evaluable, dlts, pending)
        for evaluable, pending in itertools.product(range(2, 7), range(5))
        for dlts in range(2, evaluable + 1)
        if evaluable + pending <= 6
    ],
)
def test_two_dlts_of_any_number_leave_the_level(variant, evaluable, dlts, pending):
    """2 of 2 and 2 of 4 leave the level as 2 of 6 does; nobody more is treated there."""
    seen = (LevelCount(3, 0), LevelCount(evaluable, dlts, pending), LevelCount(0, 0))

    decision = ThreePlusThree(3, variant).next_dose(seen, at=2)

    assert decision.act in ("de-escalate", "stop")
    assert decision.level in (1, None)
