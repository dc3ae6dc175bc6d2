"""What BLRM says at the dose meeting, whole sentences, and when an MTD may be estimated."""

from functools import cache

import numpy as np
import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.blrm import Blrm
from trialwright.terms.errors import Refusal

SETTINGS = {
    "levels": 3,
    "doses": (25.0, 50.0, 75.0),
    "reference_dose": 50.0,
    "prior_mean": (-0.85, 1.0),
    "prior_sd": (1.0, 1.0),
    "prior_correlation": -0.5,
    "target_low": 0.2,
    "target_high": 0.35,
    "max_n": 12,
    "ewoc": 0.4,
}


def made(**settings):
    """Make a BLRM for three levels and twelve participants."""
    return Blrm(**{**SETTINGS, **settings})


def counts(*tallies):
    """Give counts; the rest of three levels is empty."""
    return [LevelCount(*each) for each in (*tallies, *[(0, 0)] * (3 - len(tallies)))]


@cache
def intervals(*tallies):
    """Give the probabilities of the intervals by level, by the other quadrature."""
    seen = counts(*tallies)
    n, y = (np.array([getattr(each, name) for each in seen]) for name in ("evaluable", "dlts"))
    return made().model.posterior(n, y).intervals


def over(*tallies, limit="0.4"):
    """Give the words for the probabilities above the target interval."""
    told = ", ".join(f"{each:.4f}" for each in intervals(*tallies)[:, 2])
    return f"P(DLT rate > 0.35) by level {told}, open up to {limit}"


def target(level, *tallies):
    """Give the probability of the target interval at a level as it is shown."""
    return f"{intervals(*tallies)[level - 1, 1]:.4f}"


def test_a_step_says_what_is_open_and_which_is_likeliest():
    """Nobody of three: level 2 follows, with three more."""
    seen = [(3, 0)]

    decision = made(ewoc=0.6).next_dose(counts(*seen), 1)

    assert decision.because == (
        f"0/3 DLT at dose level 1, {over(*seen, limit='0.6')}, dose level 2 is the open one with "
        f"the greatest P(target), {target(2, *seen)}: escalate, next cohort of 3 at dose level 2 "
        "(BLRM 0.2-0.35 EWOC 0.6, rule target-probability)"
    )
    assert (decision.cohort_size, decision.mtd) == (3, None)


def test_the_highest_open_level_is_called_so():
    """It may be the less likely one."""
    decision = made(choose="highest", ewoc=0.9).next_dose(counts((3, 0)), 1)

    assert ", dose level 2 is the highest open one that may follow: escalate" in decision.because
    assert decision.rule == "highest"


def test_overdose_control_is_the_rule_where_it_closes_a_level_that_might_follow():
    """Two of three at level 2: it is closed, and level 1 is left, for the last one participant."""
    decision = made(max_n=7).next_dose(counts((3, 0), (3, 2)), 2)

    assert decision.because.endswith(
        f"dose level 1 is the open one with the greatest P(target), {target(1, (3, 0), (3, 2))}: "
        "de-escalate, next cohort of 1 at dose level 1 (BLRM 0.2-0.35 EWOC 0.4, rule ewoc)"
    )
    assert decision.cohort_size == 1


def test_a_level_beyond_the_next_closes_nothing_now():
    """Six without a DLT: levels 1 and 2 are open, and 3, which is not, may not follow yet."""
    assert intervals((6, 0))[1, 2] < 0.35 < intervals((6, 0))[2, 2]

    assert made(ewoc=0.35).next_dose(counts((6, 0)), 1).rule == "target-probability"
    assert made(ewoc=0.35, no_skipping=False).next_dose(counts((6, 0)), 1).rule == "ewoc"


def test_a_wait_and_a_cohort_to_be_filled_are_whole_sentences():
    """Those pending are waited for, with the places that are left."""
    waits = made().next_dose(counts((1, 0, 1)), 1)
    fills = made().next_dose(counts((2, 1)), 1)
    last = made().next_dose(counts((6, 0), (4, 0, 1)), 2)

    assert waits.because == (
        "0/1 DLT at dose level 1, 1 still in the DLT window: wait, "
        "1 more may be enrolled in this cohort (BLRM 0.2-0.35 EWOC 0.4, rule pending)"
    )
    assert (waits.act, waits.level, waits.cohort_size) == ("wait", 1, 1)
    assert fills.because == (
        "1/2 DLT at dose level 1, cohort not complete: 1 more at this level "
        "(BLRM 0.2-0.35 EWOC 0.4, rule incomplete-cohort)"
    )
    assert (fills.act, fills.level, fills.cohort_size) == ("stay", 1, 1)
    assert (last.act, last.level, last.cohort_size) == ("wait", 2, 1)


def test_the_end_for_toxicity_is_a_whole_sentence():
    """Three of three close the lowest level."""
    decision = made().next_dose(counts((3, 3)), 1)

    assert decision.because == (
        f"3/3 DLT at dose level 1, {over((3, 3))}, the lowest level is closed: stop, "
        "no dose level is estimated to be tolerable "
        "(BLRM 0.2-0.35 EWOC 0.4, rule lowest-level-closed)"
    )
    assert (decision.act, decision.level, decision.mtd) == ("stop", None, None)


def test_the_end_of_the_participants_is_a_whole_sentence():
    """Nine and three."""
    seen = [(9, 1), (3, 2)]

    decision = made().next_dose(counts(*seen), 2)

    assert decision.because == (
        f"2/3 DLT at dose level 2, {over(*seen)}, 12 participants were treated: stop, "
        "the MTD is estimated at dose level 1 (BLRM 0.2-0.35 EWOC 0.4, rule max-n)"
    )
    assert (decision.act, decision.level, decision.mtd) == ("stop", None, 1)


def test_enough_at_a_level_is_a_whole_sentence():
    """Six at level 1, where the next cohort would go too."""
    seen = [(6, 2)]

    decision = made(stop_at=6).next_dose(counts(*seen), 1)

    assert decision.because == (
        f"2/6 DLT at dose level 1, {over(*seen)}, dose level 1 is the open one with the greatest "
        f"P(target), {target(1, *seen)}, 6 participants were treated at this level: stop, "
        "the MTD is estimated at dose level 1 (BLRM 0.2-0.35 EWOC 0.4, rule enough-at-level)"
    )
    assert (decision.act, decision.level, decision.mtd) == ("stop", None, 1)


def test_enough_is_what_was_seen_at_the_level_where_the_escalation_would_stay():
    """Nine at level 1 end nothing while the next cohort goes to level 2."""
    assert made(stop_at=3).next_dose(counts((9, 0)), 1).act == "escalate"
    assert made(stop_at=6).next_dose(counts((3, 1)), 1).act == "stay"


def test_an_estimate_is_told_with_its_numbers():
    """Of the levels tried, of all, and where none is open."""
    seen = [(9, 0), (3, 0)]
    tried = made(ewoc=0.95).estimate_mtd(counts(*seen))
    among_all = made(mtd_tried=False).estimate_mtd(counts((9, 0)))
    none = made().estimate_mtd(counts((3, 3)))

    assert tried.level == 2
    assert tried.because == (
        f"{over(*seen, limit='0.95')}; dose level 2 of the levels tried is the open one with the "
        f"greatest P(target), {target(2, *seen)}"
    )
    assert among_all.level == 2
    assert among_all.because == (
        f"{over((9, 0))}; dose level 2 is the open one with the greatest P(target), "
        f"{target(2, (9, 0))}"
    )
    assert (none.level, none.because) == (None, f"{over((3, 3))}; no level tried is open")


@pytest.mark.parametrize(
    ("settings", "seen", "level"),
    [
        ({}, [(12, 1)], 1),
        # the lowest level is closed
        ({}, [(3, 3)], None),
        # enough at the level of the last cohort, be it not the highest tried
        ({"stop_at": 6}, [(6, 1), (3, 3)], 1),
        ({"stop_at": 6}, [(3, 0), (6, 2)], 2),
        ({"stop_probability": 0.3, "stop_from": 6}, [(6, 2)], 1),
    ],
)
def test_an_mtd_is_estimated_at_the_end(settings, seen, level):
    """Of twelve participants, of toxicity, or of enough at a level."""
    design = made(**settings)

    assert design.select_mtd(counts(*seen)) == design.estimate_mtd(counts(*seen))
    assert design.select_mtd(counts(*seen)).level == level


def test_a_ladder_of_one_level_has_an_mtd():
    """1/12 at it."""
    design = made(levels=1, doses=(25.0,))

    assert design.select_mtd([LevelCount(12, 1)]).level == 1


@pytest.mark.parametrize(
    ("settings", "seen", "found"),
    [
        ({}, [], 0),
        # before the first cohort even where the prior itself closes the lowest level
        ({"ewoc": 0.01}, [], 0),
        ({}, [(3, 0)], 3),
        ({}, [(9, 0), (2, 0)], 11),
        # all were treated, and somebody is pending
        ({}, [(9, 0), (2, 0, 1)], 12),
        # the lowest level is closed, and somebody is pending
        ({}, [(3, 3, 1)], 4),
        # enough at level 1, from where the next cohort goes to level 2
        ({"stop_at": 6}, [(6, 0)], 6),
        ({"stop_at": 6}, [(3, 1)], 3),
        ({"stop_probability": 0.3, "stop_from": 7}, [(6, 2)], 6),
    ],
)
def test_an_mtd_before_the_end_is_refused(settings, seen, found):
    """With how far the escalation is."""
    with pytest.raises(Refusal) as refusal:
        made(**settings).select_mtd(counts(*seen))

    assert str(refusal.value) == (
        f"seen: the escalation has not stopped ({found} of 12 participants). "
        "Allowed: counts of a finished escalation. Ask for the next dose instead."
    )


def test_questions_that_do_not_fit_are_refused_in_full_words():
    """Another ladder, a level beside it, and more participants than the design treats."""
    told = []
    for seen, at in (([LevelCount(3, 0)], 4), (counts((12, 0), (1, 0)), 1)):
        with pytest.raises(Refusal) as refusal:
            made().next_dose(seen, at)
        told += [str(each) for each in refusal.value.faults]
    with pytest.raises(Refusal, match="seen: 13 participants"):
        made().select_mtd(counts((13, 1)))

    assert told == [
        "seen: counts for 1 dose levels. Allowed: 3 counts. Give one count for each dose level.",
        "at: dose level 4. Allowed: 1-3. Name the dose level of the last cohort.",
        "seen: 13 participants. Allowed: at most 12. "
        "Correct the counts, or record the deviation and decide without the design.",
    ]
