"""BOIN: limits, table, decisions with their reasons, titration, and what is refused."""

import json

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.terms.errors import Refusal

DESIGN = Boin(levels=6, target=0.3, max_n=36)


def counts(*tallies, levels=6):
    """Give counts from tallies like `1/3`, or `1/2+1` with one pending; the rest is empty."""
    seen = []
    for tally in tallies:
        dlts, _, others = tally.partition("/")
        evaluable, _, pending = others.partition("+")
        seen.append(LevelCount(int(evaluable), int(dlts), int(pending or 0)))
    return [*seen, *[LevelCount(0, 0)] * (levels - len(seen))]


def test_the_limits_are_those_of_the_paper():
    """Table 1 of Yuan et al. 2016: .236 and .358 for a target of .30."""
    assert DESIGN.lambda_e == pytest.approx(0.2364907, abs=5e-8)
    assert DESIGN.lambda_d == pytest.approx(0.3585195, abs=5e-8)


@pytest.mark.parametrize("wide", [0.1, 0.2, 0.3, 0.4])
def test_a_rate_at_a_limit_is_not_above_it(wide):
    """Of rates that lie the same way about .5 the likelihoods are equal at .5: half have a DLT.

    At lambda_e that escalates, at lambda_d it stays, however the logarithms are rounded.
    """
    low, high = 0.5 - wide, 0.5 + wide
    at_lambda_e = Boin(levels=2, target=high, p_saf=low, p_tox=0.99, max_n=24)
    at_lambda_d = Boin(levels=2, target=low, p_saf=0.01, p_tox=high, max_n=24)

    assert (at_lambda_e.rule(2, 1), at_lambda_d.rule(2, 1)) == ("E", "S")
    for half in range(2, 13):
        assert at_lambda_e.rule(2 * half, half) == "E"
        assert at_lambda_e.rule(2 * half, half + 1) == "S"
        assert at_lambda_d.rule(2 * half, half) == "S"
        assert at_lambda_d.rule(2 * half, half + 1) == "D"


@pytest.mark.shared
def test_the_tables_are_those_of_the_r_package(shared):
    """Escalation, de-escalation and elimination for 1 to 36 participants."""
    path = shared / "reference/escalation/boin_boundaries.json"

    for expected in json.loads(path.read_text())["tables"]:
        found = Boin(levels=2, target=expected["args"]["target"], max_n=36).boundaries()
        assert [row.escalate_at_most for row in found] == expected["escalate_if_dlt_le"]
        assert [row.de_escalate_at_least for row in found] == expected["deescalate_if_dlt_ge"]
        assert [row.close_at_least for row in found] == expected["eliminate_if_dlt_ge"]


@pytest.mark.shared
def test_the_mtd_is_that_of_the_r_package(shared):
    """Isotonic estimates with their ties, closed levels, extra safety and bounded MTD."""
    path = shared / "reference/escalation/boin_select_mtd.json"

    for case in json.loads(path.read_text())["cases"]:
        options = case["options"] or {}
        design = Boin(
            levels=len(case["n"]),
            target=case["target"],
            max_n=sum(case["n"]),
            bound_mtd=options.get("boundMTD", False),
            extra_safe=options.get("extrasafe", False),
        )
        seen = [LevelCount(n, y) for n, y in zip(case["n"], case["y"], strict=True)]
        assert design.estimate_mtd(seen).level == case["mtd"], case


@pytest.mark.parametrize(
    ("seen", "at", "act", "level", "rule"),
    [
        (["0/3"], 1, "escalate", 2, "escalate"),
        (["1/3"], 1, "stay", 1, "stay"),
        (["2/3"], 1, "stay", 1, "lowest-level"),
        (["3/3"], 1, "stop", None, "lowest-level-closed"),
        (["0/3", "2/3"], 2, "de-escalate", 1, "de-escalate"),
        (["0/3", "3/3"], 2, "de-escalate", 1, "close"),
        (["0/6", "3/3"], 1, "stay", 1, "level-above-closed"),
        (["0/3"] * 5 + ["0/3"], 6, "stay", 6, "top-level"),
        (["0/3"] * 5 + ["5/21"], 6, "stop", None, "max-n"),
        ([], 1, "stay", 1, "incomplete-cohort"),
        (["0/3", "0/1+1"], 2, "wait", 2, "pending"),
        (["0/3", "2/2"], 2, "de-escalate", 1, "de-escalate"),
        (["0/3", "3/3+3"], 2, "de-escalate", 1, "de-escalate"),
        (["0/3", "4/4+1"], 2, "de-escalate", 1, "close"),
        (["0/2+1"], 1, "wait", 1, "pending"),
        (["0/2"], 1, "stay", 1, "incomplete-cohort"),
    ],
)
def test_each_tally_gives_its_move(seen, at, act, level, rule):
    """At a target of .30 with cohorts of three."""
    decision = DESIGN.next_dose(counts(*seen), at)

    assert (decision.act, decision.level, decision.rule) == (act, level, rule)


@pytest.mark.parametrize(
    ("seen", "at", "says"),
    [
        (
            ["0/3", "1/3"],
            2,
            "1/3 DLT at dose level 2, 1/3 = 0.3333 is above lambda_e 0.2365 and not above lambda_d "
            "0.3585: stay, next cohort of 3 at dose level 2 (BOIN 0.3, rule stay)",
        ),
        (
            ["0/3", "3/3"],
            2,
            "3/3 DLT at dose level 2, P(DLT rate > 0.3) = 0.9919, above 0.95, closes dose level 2 "
            "and above: de-escalate, next cohort of 3 at dose level 1 (BOIN 0.3, rule close)",
        ),
        (
            ["0/3", "2/2"],
            2,
            "2/2 DLT at dose level 2, even 2/3 leads downward (2/3 = 0.6667 is above lambda_d "
            "0.3585): de-escalate, next cohort of 3 at dose level 1 (BOIN 0.3, rule de-escalate)",
        ),
        (
            ["0/6", "3/3"],
            1,
            "0/6 DLT at dose level 1, 0/6 = 0.0000 is not above lambda_e 0.2365, dose level 2 is "
            "closed: stay, next cohort of 3 at dose level 1 (BOIN 0.3, rule level-above-closed)",
        ),
    ],
)
def test_the_reason_holds_the_numbers(seen, at, says):
    """The sentence of the dose meeting can be checked with a pocket calculator."""
    assert DESIGN.next_dose(counts(*seen), at).because == says


def test_the_last_cohort_is_cut_at_the_largest_number_of_participants():
    """35 of 36 are treated: one is left."""
    decision = DESIGN.next_dose(counts("0/3", "0/3", "2/9", "4/12", "3/6", "0/0"), 5)

    assert (decision.act, decision.cohort_size) == ("de-escalate", 3)
    assert DESIGN.next_dose(counts("0/3", "0/3", "2/9", "4/18", "0/0"), 4).cohort_size == 3
    short = Boin(levels=2, target=0.3, max_n=10)
    assert short.next_dose(counts("1/9", levels=2), 1).cohort_size == 1


def test_enough_at_a_level_stops_only_where_the_next_cohort_would_be_there():
    """With 9 at a level a clear tally still moves on."""
    design = Boin(levels=2, target=0.3, max_n=36, stop_at=9)

    assert design.next_dose(counts("0/9", levels=2), 1).act == "escalate"
    assert design.next_dose(counts("3/9", levels=2), 1).rule == "enough-at-level"
    assert design.next_dose(counts("3/9", levels=2), 1).mtd == 1
    assert design.next_dose(counts("0/3", "0/9", levels=2), 2).mtd == 2


def test_extra_safety_stops_at_the_lowest_level_alone():
    """3/6: P(DLT rate > .30) = .874; .95 - .05 is not reached, 4/6 is above."""
    design = Boin(levels=2, target=0.3, max_n=36, extra_safe=True, offset=0.1)

    stopped = design.next_dose(counts("3/6", levels=2), 1)

    assert (stopped.act, stopped.mtd, stopped.rule) == ("stop", None, "extra-safe")
    assert "P(DLT rate > 0.3) = 0.8740, above the 0.95 - 0.1 of the lowest level" in stopped.because
    assert design.next_dose(counts("0/3", "3/6", levels=2), 2).act == "de-escalate"


def test_single_participants_climb_until_the_first_dlt():
    """Titration: one at each level, then the cohort is filled, then cohorts."""
    design = Boin(levels=3, target=0.3, max_n=24, titration=True)
    ask = lambda *seen, at: design.next_dose(counts(*seen, levels=3), at)  # noqa: E731

    assert (ask(at=1).act, ask(at=1).cohort_size) == ("stay", 1)
    assert ask("0/1", at=1).rule == "titration"
    assert (ask("0/1", at=1).level, ask("0/1", at=1).cohort_size) == (2, 1)
    ended = ask("0/1", "1/1", at=2)
    assert (ended.act, ended.level, ended.cohort_size) == ("stay", 2, 2)
    assert "the first DLT ends the climb" in ended.because
    assert ask("0/1", "0/1", "0/1", at=3).cohort_size == 2
    assert ask("0/1", "1/3", at=2).rule == "stay"
    assert ask("0/1", "2/3", at=2).level == 1
    assert ask("0/4", "2/3", at=1).act == "escalate"


def test_a_bounded_mtd_is_below_lambda_d():
    """One level with 4/9: nearest to .30, yet .4451 is above lambda_d."""
    free, bound = (
        Boin(levels=1, target=0.3, max_n=9, bound_mtd=is_bound) for is_bound in (False, True)
    )

    assert free.select_mtd(counts("4/9", levels=1)).level == 1
    estimate = bound.select_mtd(counts("4/9", levels=1))
    assert estimate.level is None
    assert estimate.because.endswith("0.4451 at dose level 1; none is below 0.3585")


@pytest.mark.parametrize(
    ("settings", "where", "allowed"),
    [
        (
            {"target": 25},
            "target",
            "target is a probability above 0 and below 1; did you mean 0.25?",
        ),
        ({"target": 1.5}, "target", "target is a probability above 0 and below 1"),
        ({"target": True}, "target", "target is a probability above 0 and below 1"),
        ({"target": float("nan")}, "target", "target is a probability above 0 and below 1"),
        ({"levels": 0}, "levels", "a whole number from 1"),
        ({"levels": 2.0}, "levels", "a whole number from 1"),
        ({"starting_level": 7}, "starting_level", "1-6"),
        ({"max_n": 0}, "max_n", "a whole number from 1"),
        ({"cohort_size": 1.5}, "cohort_size", "a whole number from 1"),
        ({"stop_at": -1}, "stop_at", "a whole number from 1"),
        ({"eliminate": 95}, "eliminate", "a probability above 0 and below 1; did you mean 0.95?"),
        ({"eliminate_from": 0}, "eliminate_from", "a whole number from 1"),
        ({"offset": 1}, "offset", "a probability above 0 and below 1"),
        ({"p_saf": 0.3}, "p_saf", "below the target 0.3"),
        ({"p_tox": 0.3}, "p_tox", "above the target 0.3 and below 1"),
        ({"p_saf": 18}, "p_saf", "a probability above 0 and below 1; did you mean 0.18?"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(settings, where, allowed):
    """Each with what is allowed."""
    with pytest.raises(Refusal) as refusal:
        Boin(**{"levels": 6, "target": 0.3, "max_n": 36, **settings})

    (fault,) = refusal.value.faults
    assert (fault.where, fault.allowed) == (where, allowed)


def test_a_high_target_with_extra_safety_has_its_table():
    """At .60 no tally of few participants closes a level; the table says so and nothing breaks."""
    design = Boin(levels=2, target=0.6, max_n=12, extra_safe=True)

    assert design.boundaries()[2].close_at_least is None
    assert design.boundaries()[11].close_at_least == 11


@pytest.mark.parametrize(
    ("seen", "at", "where"),
    [
        (["0/3", "0/0", "0/3"], 3, "dose level 2"),
        (["0/3", "0/36"], 2, "seen"),
        (["0/3"], 0, "at"),
        (["0/3"], 1.7, "at"),
        (["0/3"], 7, "at"),
    ],
)
def test_histories_the_design_cannot_have_led_to_are_refused(seen, at, where):
    """A level skipped, too many participants, a level beside the ladder."""
    with pytest.raises(Refusal) as refusal:
        DESIGN.next_dose(counts(*seen), at)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_counts_of_another_length_are_refused():
    """One count a level, for the next dose and for the MTD."""
    for ask in (lambda seen: DESIGN.next_dose(seen, 1), DESIGN.select_mtd):
        with pytest.raises(Refusal, match="seen: counts for 5 dose levels"):
            ask(counts(levels=5))


def test_the_mtd_of_a_trial_that_goes_on_is_refused():
    """The next dose is another question."""
    with pytest.raises(Refusal, match="the escalation has not stopped"):
        DESIGN.select_mtd(counts("0/3", "1/3"))


@pytest.mark.parametrize(
    ("seen", "at", "act", "size", "says"),
    [
        (
            ["0/1"],
            1,
            "escalate",
            1,
            "0/1 DLT at dose level 1, no DLT in single participants so far: escalate, 1 at dose "
            "level 2 (BOIN 0.3, rule titration)",
        ),
        (
            ["0/1", "1/1"],
            2,
            "stay",
            2,
            "1/1 DLT at dose level 2, the first DLT ends the climb of single participants: 2 more "
            "at dose level 2 (BOIN 0.3, rule titration-ends)",
        ),
        (
            ["0/1", "0/1", "0/1"],
            3,
            "stay",
            2,
            "0/1 DLT at dose level 3, the top level without a DLT ends the climb of single "
            "participants: 2 more at dose level 3 (BOIN 0.3, rule titration-ends)",
        ),
    ],
)
def test_each_step_of_the_climb_says_why(seen, at, act, size, says):
    """Up by one, and what ends it."""
    design = Boin(levels=3, target=0.3, max_n=24, titration=True)

    decision = design.next_dose(counts(*seen, levels=3), at)

    assert (decision.act, decision.cohort_size, decision.because) == (act, size, says)


def test_the_cohort_that_ends_the_climb_is_cut_at_the_largest_number_of_participants():
    """Three of four are treated, one at each level: one is left, not two."""
    design = Boin(levels=3, target=0.3, max_n=4, titration=True)

    decision = design.next_dose(counts("0/1", "0/1", "0/1", levels=3), 3)

    assert (decision.level, decision.cohort_size) == (3, 1)
    assert "1 more at dose level 3" in decision.because


@pytest.mark.parametrize(
    ("settings", "seen", "at", "rule", "size"),
    [
        ({"titration": True}, ["0/1", "1/2"], 2, "incomplete-cohort", 1),
        ({"titration": True}, ["0/1", "0/2+1"], 2, "pending", 0),
        ({"titration": True}, ["0/1", "1/4"], 2, "stay", 3),  # one of the climb and a cohort
        ({"titration": True}, ["0/1", "1/5"], 2, "incomplete-cohort", 1),
        ({"titration": True, "max_n": 3}, ["0/1", "1/2"], 2, "max-n", 0),
        ({}, ["0/1"], 1, "incomplete-cohort", 2),
        ({"cohort_size": 1}, ["0/1"], 1, "escalate", 1),
    ],
)
def test_a_cohort_is_filled_before_it_is_judged(settings, seen, at, rule, size):
    """After a climb a level may hold one participant more than whole cohorts."""
    design = Boin(**{"levels": 3, "target": 0.3, "max_n": 24, **settings})

    decision = design.next_dose(counts(*seen, levels=3), at)

    assert (decision.rule, decision.cohort_size) == (rule, size)
