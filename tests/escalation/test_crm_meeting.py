"""The dose meeting of the CRM: each situation with its whole sentence, numbers by plain sums."""

import math

import numpy as np
import pytest

from trialwright.escalation.crm_model import skeleton_around
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.crm import Crm
from trialwright.terms.errors import Refusal

SKELETON = skeleton_around(0.05, 0.3, 3, 5)
ENDS = "(CRM power 0.3, rule"


def made(**settings):
    """Make a CRM for five levels and thirty participants."""
    return Crm(**{"levels": 5, "target": 0.3, "skeleton": SKELETON, "max_n": 30, **settings})


def counts(*given):
    """Give counts from evaluable, DLTs, pending; the rest of five levels is empty."""
    return [*(LevelCount(*each) for each in given), *[LevelCount(0, 0)] * (5 - len(given))]


def by_sums(seen):
    """Give rates at the posterior mean, and P(DLT rate of level 1 > .30), by sums over a grid."""
    total = weighted = toxic = 0.0
    edge = math.log(math.log(0.3) / math.log(SKELETON[0]))  # there level 1 has a rate of .30
    for step in range(-9_000, 9_000):
        parameter = edge + (step + 0.5) / 1000
        mass = math.exp(-(parameter**2) / (2 * 1.34))
        for rate, count in zip(SKELETON, seen, strict=True):
            true = rate ** math.exp(parameter)
            mass *= true**count.dlts * (1 - true) ** (count.evaluable - count.dlts)
        total, weighted = total + mass, weighted + mass * parameter
        toxic += mass * (parameter < edge)
    return [rate ** math.exp(weighted / total) for rate in SKELETON], toxic / total


def nearest(rates, among):
    """Give the level nearest to .30."""
    return min(among, key=lambda level: abs(rates[level - 1] - 0.3))


@pytest.mark.parametrize(
    ("settings", "seen", "at", "last", "decided", "says"),
    [
        (
            {},
            [(3, 0)],
            1,
            (3, 0),
            ("escalate", 2, "no-skipping", 3),
            "0/3 DLT at dose level 1, {rates}, dose level {best} is nearest to 0.3, but no level "
            "is skipped: dose level 2: escalate, next cohort of 3 at dose level 2",
        ),
        (
            {},
            [(3, 0), (3, 0), (3, 1)],
            3,
            (3, 1),
            ("stay", 3, "coherent", 3),
            "1/3 DLT at dose level 3, {rates}, dose level {best} is nearest to 0.3, but the last "
            "cohort had 1/3 DLT: not raised: stay, next cohort of 3 at dose level 3",
        ),
        (
            {},
            [(3, 0), (3, 3)],
            2,
            (3, 3),
            ("de-escalate", 1, "nearest-to-target", 3),
            "3/3 DLT at dose level 2, {rates}, dose level {best} is nearest to 0.3: de-escalate, "
            "next cohort of 3 at dose level 1",
        ),
        (
            {"max_n": 8},
            [(3, 0), (3, 3)],
            2,
            None,
            ("de-escalate", 1, "nearest-to-target", 2),
            "3/3 DLT at dose level 2, {rates}, dose level {best} is nearest to 0.3: de-escalate, "
            "next cohort of 2 at dose level 1",
        ),
        (
            {"max_n": 7},
            [(3, 0), (3, 3)],
            2,
            None,
            ("de-escalate", 1, "nearest-to-target", 1),
            "3/3 DLT at dose level 2, {rates}, dose level {best} is nearest to 0.3: de-escalate, "
            "next cohort of 1 at dose level 1",
        ),
        (
            {"max_n": 6},
            [(3, 0), (3, 1)],
            2,
            (3, 1),
            ("stop", None, "max-n", 0),
            "1/3 DLT at dose level 2, {rates}, 6 participants were treated: stop, the MTD is "
            "estimated at dose level {tried}",
        ),
        (
            {"stop_at": 3},
            [(3, 3)],
            1,
            (3, 3),
            ("stop", None, "enough-at-level", 0),
            "3/3 DLT at dose level 1, {rates}, dose level {best} is nearest to 0.3, 3 participants "
            "were treated at this level: stop, the MTD is estimated at dose level {tried}",
        ),
        (
            {"safety_stop": 0.9},
            [(3, 3)],
            1,
            (3, 3),
            ("stop", None, "safety-stop", 0),
            "3/3 DLT at dose level 1, P(DLT rate of dose level 1 > 0.3) = {toxic:.4f}, above 0.9: "
            "stop, no dose level is estimated to be tolerable",
        ),
        (
            {},
            [(3, 0), (2, 0)],
            2,
            None,
            ("stay", 2, "incomplete-cohort", 1),
            "0/2 DLT at dose level 2, cohort not complete: 1 more at this level",
        ),
        (
            {},
            [(2, 0, 1), (3, 0)],
            2,
            None,
            ("wait", 2, "pending", 0),
            "0/3 DLT at dose level 2, 1 still in the DLT window: wait",
        ),
    ],
)
def test_each_situation_gives_its_whole_sentence(settings, seen, at, last, decided, says):
    """Act, level, rule and participants; the sentence ends with design and rule."""
    given = counts(*seen)
    rates, toxic = by_sums(given)
    tried = [level for level, count in enumerate(given, start=1) if count.evaluable]

    found = made(**settings).next_dose(given, at, LevelCount(*last) if last else None)

    told = says.format(
        rates=f"estimated DLT rates {', '.join(f'{rate:.4f}' for rate in rates)}",
        best=nearest(rates, range(1, 6)),
        tried=nearest(rates, tried),
        toxic=toxic,
    )
    assert (found.act, found.level, found.rule, found.cohort_size) == decided
    assert found.because.partition(f" {ENDS}")[0] == told
    assert found.because.endswith(f"{ENDS} {decided[2]})")


def test_the_mtd_is_told_with_the_estimated_rates():
    """Of the levels tried, of all, and of none."""
    seen = counts((3, 0), (3, 0))
    rates, _ = by_sums(seen)
    shown = f"estimated DLT rates {', '.join(f'{rate:.4f}' for rate in rates)}"

    tried, free = (made(max_n=6, mtd_tried=is_tried).select_mtd(seen) for is_tried in (True, False))

    assert (tried.level, free.level) == (2, nearest(rates, range(1, 6)))
    assert tried.because == f"{shown}; dose level 2 of the levels tried is nearest to 0.3"
    assert free.because == f"{shown}; dose level {free.level} is nearest to 0.3"
    stopped = counts((3, 3))
    rates, toxic = by_sums(stopped)
    none = made(safety_stop=0.9).select_mtd(stopped)
    assert none.because.endswith(f"; P(DLT rate of dose level 1 > 0.3) = {toxic:.4f}, above 0.9")


@pytest.mark.parametrize(
    ("settings", "seen", "has_stopped"),
    [
        ({}, [], False),
        ({}, [(3, 0)], False),
        ({"max_n": 3}, [(3, 0)], True),
        ({"max_n": 3}, [(2, 0, 1)], False),  # somebody is pending
        ({"stop_at": 3}, [(3, 3)], True),  # level 1 is nearest, and had three
        ({"stop_at": 4}, [(3, 3)], False),
        ({"stop_at": 3}, [(3, 0), (3, 0), (3, 1)], True),  # coherence held it at level 3
        ({"stop_at": 3, "coherent": False}, [(3, 0), (3, 0), (3, 1)], False),
        ({"stop_at": 3}, [(3, 0)], False),  # nothing held it at level 1
        ({"safety_stop": 0.9}, [(3, 3)], True),
    ],
)
def test_an_mtd_is_estimated_where_the_escalation_can_have_stopped(settings, seen, has_stopped):
    """By number of participants, enough at the level, or safety."""
    design, given = made(**settings), counts(*seen)

    if has_stopped:
        assert "DLT rate" in design.select_mtd(given).because
        return
    with pytest.raises(Refusal) as refusal:
        design.select_mtd(given)
    treated = sum(count.treated for count in given)
    assert str(refusal.value) == (
        f"seen: the escalation has not stopped ({treated} of {design.max_n} participants). "
        "Allowed: counts of a finished escalation. Ask for the next dose instead."
    )


def test_a_last_cohort_that_cannot_be_is_told():
    """More DLTs than at its dose level."""
    with pytest.raises(Refusal) as refusal:
        made().next_dose(counts((3, 0)), 1, LevelCount(3, 1))

    assert str(refusal.value) == (
        "last: 1/3 DLT in the last cohort, 0/3 at its dose level. Allowed: no more than at its "
        "dose level. Correct the counts."
    )


@pytest.mark.parametrize(
    ("last", "rule"),
    [(None, "coherent"), ((3, 2), "coherent"), ((3, 0), "nearest-to-target")],
)
def test_the_last_cohort_is_that_which_was_named(last, rule):
    """Two of six had a DLT at the level; whether the last three were among them is said apart."""
    seen = counts((6, 0), (6, 0), (6, 2))
    assert nearest(by_sums(seen)[0], range(1, 6)) == 4

    found = made(max_n=40).next_dose(seen, 3, LevelCount(*last) if last else None)

    assert found.rule == rule


def test_an_mtd_of_counts_that_cannot_be_is_refused():
    """Another ladder, too many participants; a ladder of one level is one."""
    with pytest.raises(Refusal, match="seen: counts for 4 dose levels"):
        made().select_mtd(counts()[:4])
    with pytest.raises(Refusal, match="seen: 4 participants"):
        made(max_n=3).select_mtd(counts((4, 0)))
    one = made(levels=1, skeleton=(0.3,), max_n=3)
    assert one.select_mtd([LevelCount(3, 0)]).level == 1


@pytest.mark.parametrize(
    ("settings", "seen", "at", "mtd"),
    [
        ({"max_n": 6}, counts((3, 0), (3, 0)), 2, 2),
        ({"stop_at": 3}, counts((3, 0), (3, 1), (3, 3)), 1, None),
        ({"stop_at": 6}, counts((6, 2), (0, 0)), 1, None),
    ],
)
def test_a_stop_names_the_mtd_that_is_estimated(settings, seen, at, mtd):
    """That of `select_mtd`; the level nearest to .30 of those tried."""
    design = made(**settings)

    decision = design.next_dose(seen, at)

    assert decision.act == "stop"
    assert decision.mtd == design.select_mtd(seen).level
    tried = [level for level, count in enumerate(seen, start=1) if count.evaluable]
    assert decision.mtd == nearest(by_sums(seen)[0], tried)
    assert mtd in (None, decision.mtd)


def test_no_level_is_skipped_be_it_one_or_several():
    """Of 0/3 at level 1 level 5 is nearest, of 0/3 and 1/3 at level 3 that level is."""
    far = made().next_dose(counts((3, 0)), 1)
    near = made(starting_level=3).next_dose(counts((3, 0), (0, 0), (3, 1)), 1)

    assert (far.level, far.rule) == (2, "no-skipping")
    assert nearest(by_sums(counts((3, 0), (0, 0), (3, 1)))[0], range(1, 6)) == 3
    assert (near.level, near.rule) == (2, "no-skipping")


def test_coherence_compares_the_dlts_with_the_target_times_the_participants():
    """One of four is below .30, two of four are not; many states at once say the same."""
    design = made(cohort_size=4)
    cases = [(counts((8, 0), (4, 1)), 3, "nearest-to-target"), (counts((16, 0), (4, 2)), 2, None)]
    for seen, level, rule in cases:
        last = LevelCount(4, seen[1].dlts)
        decision = design.next_dose(seen, 2, last)
        arrays = [
            np.array([[getattr(each, name) for each in seen]], np.int16)
            for name in ("evaluable", "dlts")
        ]
        many, _ = design.moves(*arrays, np.array([2]), np.array([[4, last.dlts]]))

        assert decision.level == int(many[0]) == level
        assert rule in (None, decision.rule) or decision.rule == "no-skipping"


def test_an_escalation_that_has_not_had_enough_at_the_nearest_level_goes_on():
    """Six at level 2, while level 1 is the nearest: no level held enough, so none is estimated."""
    design = made(stop_at=6)

    with pytest.raises(Refusal, match="has not stopped"):
        design.select_mtd(counts((3, 2), (6, 3)))


def test_without_a_safety_stop_no_limit_is_named():
    """The estimate of an MTD says the rates alone."""
    says = made(max_n=3).select_mtd(counts((3, 3))).because

    assert "above" not in says
    assert says.endswith("dose level 1 of the levels tried is nearest to 0.3")


def test_a_ladder_may_have_two_levels_or_one():
    """0/3 of a level thought to have .20 leads to .40; where nothing is above it stays."""
    two = made(levels=2, skeleton=(0.2, 0.4)).next_dose([LevelCount(3, 0), LevelCount(0, 0)], 1)
    one = made(levels=1, skeleton=(0.2,)).next_dose([LevelCount(3, 0)], 1)

    assert (two.act, two.level) == ("escalate", 2)
    assert (one.act, one.level) == ("stay", 1)
