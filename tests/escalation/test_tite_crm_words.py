"""What a TITE-CRM says, in whole sentences, and what it asks of participants."""

from dataclasses import replace

import pytest
from tests.escalation.test_tite_crm import made, people

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.follow_up import decide_followed, decide_observed, followed_up
from trialwright.escalation.observed import Observed, observed
from trialwright.escalation.participants import Treated
from trialwright.terms.errors import Fault, Refusal

WELL = [(1, "N", "N", "P3")]
FIVE = "0.0271, 0.0650, 0.1262, 0.2085, 0.3051"
NEAR = f"estimated DLT rates {FIVE}, dose level 5 is nearest to 0.3"
HELD = f"{NEAR}, but no level is skipped: dose level 2"
ONE = "0/2 DLT at dose level 1, 1 still in the DLT window, "
NAME = "(TITE-CRM power linear 0.3, rule"


@pytest.mark.parametrize(
    ("settings", "cohorts", "size", "because"),
    [
        (
            {},
            [(1, "N", "P3")],
            1,
            "0/1 DLT at dose level 1, cohort not complete: 1 more at this level "
            f"{NAME} incomplete-cohort)",
        ),
        (
            {},
            WELL,
            3,
            f"{ONE}{HELD}: escalate, next cohort of 3 at dose level 2 {NAME} no-skipping)",
        ),
        (
            {"max_n": 4},
            WELL,
            1,
            f"{ONE}{HELD}: escalate, next cohort of 1 at dose level 2 {NAME} no-skipping)",
        ),
        (
            {"max_n": 4, "most_pending": 0.3},
            WELL,
            0,
            f"{ONE}{NEAR}, but 1 of 3 at this level are pending: wait {NAME} too-many-pending)",
        ),
        (
            {"max_n": 3, "most_pending": 0.1},
            WELL,
            0,
            f"{ONE}{HELD}, 3 participants were treated: wait for those pending {NAME} pending)",
        ),
        (
            {"stop_at": 3, "max_n": 4},  # enough at the level, though one is left
            [(1, "T4", "T5", "N")],
            0,
            "2/3 DLT at dose level 1, estimated DLT rates 0.5259, 0.6147, 0.6917, 0.7565, 0.8095, "
            "dose level 1 is nearest to 0.3, 3 at this level were treated: stop, the MTD is "
            f"estimated at dose level 1 {NAME} enough-at-level)",
        ),
        (
            {"max_n": 3},
            [(1, "N", "N", "N")],
            0,
            "0/3 DLT at dose level 1, estimated DLT rates 0.0175, 0.0467, 0.0983, 0.1726, 0.2643, "
            "dose level 5 is nearest to 0.3, but no level is skipped: dose level 2, "
            "3 participants were treated: stop, the MTD is estimated at dose level 1 "
            f"{NAME} max-n)",
        ),
        (
            {"safety_stop": 0.9},
            [(1, "T1", "T2", "T3")],
            0,
            "3/3 DLT at dose level 1, estimated DLT rates 0.7042, 0.7668, 0.8178, 0.8587, 0.8911, "
            f"P(DLT rate of dose level 1 > 0.3) = 0.9704, above 0.9: stop {NAME} safety-stop)",
        ),
    ],
)
def test_each_situation_is_told_in_a_whole_sentence(settings, cohorts, size, because):
    """Tally, who is pending, estimates, what follows, design and rule."""
    decision = decide_followed(made(**settings), people(*cohorts))

    assert decision.because == because
    assert decision.cohort_size == size


def test_pending_participants_count_in_the_last_cohort_for_coherence():
    """One DLT of four is below 0.3, though it is one of the three that are known."""
    cohorts = [(1, *["N"] * 12), (2, "T2", "N", "N", "P27")]
    design = made(cohort_size=4)

    decision = decide_followed(design, people(*cohorts))

    assert (decision.act, decision.level) == ("escalate", 3)


def test_the_part_that_may_be_pending_is_not_exceeded_at_the_limit():
    """Two of four are not more than a half; three are."""
    design = made(cohort_size=4, most_pending=0.5)

    half, more = (
        decide_followed(design, people((1, "N", *fates)))
        for fates in (("N", "P9", "P9"), ("P9", "P9", "P9"))
    )

    assert (half.act, more.rule) == ("escalate", "too-many-pending")


def test_accrual_waits_for_the_level_of_the_last_cohort_alone_also_if_it_stays():
    """One DLT of three, two pending: the level is kept, and the two are waited for."""
    design = made(most_pending=0.5)

    decision = decide_followed(design, people((1, "N", "N", "N"), (3, "T20", "P9", "P9")))

    assert decision.rule == "too-many-pending"
    assert "dose level 3 is nearest to 0.3, but 2 of 3" in decision.because


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"weights": "stepwise"},
         Fault("weights", "'stepwise'", "linear, adaptive", "Choose one of them")),
        ({"estimate": "posterior-mean"},
         Fault("estimate", "'posterior-mean'", "plug-in",
               "Take the rate at the posterior mean of the parameter")),
        ({"window_days": 0}, Fault("window_days", "0", "a whole number from 1",
                                   "Count participants")),
        ({"most_pending": 1.5}, None),
    ],
)  # fmt: skip
def test_a_setting_that_is_none_is_told_in_full(settings, fault):
    """Its name first, alone."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    (found,) = refusal.value.faults
    assert found.where == next(iter(settings))
    assert fault is None or replace(found, do=fault.do) == fault
    assert fault is None or fault.where == "window_days" or found == fault


def test_follow_up_that_is_not_stated_is_asked_for():
    """Of whoever is pending the days, of whoever had a DLT its day; with every other fault."""
    pending = Treated(participant="P-1", cohort=1, level=1, standing="pending", has_dlt=False)
    toxic = Treated(participant="P-2", cohort=1, level=1, standing="evaluable", has_dlt=True)
    days = Fault("P-1, followed", "not stated", "days", "Give the days of the DLT window completed")
    day = Fault(
        "P-2, dlt_day", "not stated", "a day", "Give the day of the DLT, day 1 = first dose"
    )

    with pytest.raises(Refusal) as both:
        followed_up([pending, toxic], 3, 28, 1)
    with pytest.raises(Refusal) as more:
        followed_up([replace(pending, level=9), toxic], 3, 28, 1)

    assert both.value.faults == (days, day)
    assert more.value.faults[1:] == (days, day)
    assert more.value.faults[0].where == "P-1, level"


def test_follow_up_is_taken_in_days():
    """Nobody yet: 0 days; one on the first day, one after nine, a DLT on day 4."""
    found = followed_up(people((1, "N", "P0", "P9", "T4")), 2, 28, 1)

    assert found.days == (9, 0)
    assert [each.followed for each in found.watched] == [28, 0, 9, 4]
    assert found.last == LevelCount(2, 1, 2)
    assert followed_up([], 2, 28, 2).at == 2


def test_a_design_that_looks_back_is_given_the_last_cohort():
    """1/3 in the last cohort does not go up, though 1/12 at its level would."""
    design = Crm(levels=3, target=0.3, skeleton=(0.05, 0.3, 0.5), max_n=30)
    cohorts = people((1, *["N"] * 9), (1, "N", "N", "T3"))
    data = observed(cohorts, 3, 1)

    for decision in (decide_followed(design, cohorts), decide_observed(design, data)):
        assert (decision.act, decision.rule) == ("stay", "coherent")
    assert decide_observed(design, replace(data, last=None)).act == "escalate"
    assert decide_followed(design, []).level == 1


def test_days_are_held_to_the_window_of_a_design_that_has_none():
    """A DLT on day 29 of 28."""
    design = Boin(levels=3, target=0.3, max_n=12)

    with pytest.raises(Refusal, match="day 29, after the DLT window"):
        decide_followed(design, people((1, "T29")), 28)
    assert decide_followed(design, people((1, "T29"))).act == "stay"


def test_counts_and_last_cohort_are_those_that_were_observed():
    """They may hold more than the participants, such as what people added by hand."""
    design, listed = made(), people((1, "N", "N", "N"))
    data = observed(listed, 5, 1, 28)
    moved = Observed(
        (LevelCount(3, 0), LevelCount(3, 0), *data.seen[2:]), 2, LevelCount(3, 1), (), tuple(listed)
    )

    decision = decide_observed(design, moved)

    assert decision.because.startswith("0/3 DLT at dose level 2, ")
    assert (decision.act, decision.rule) == ("stay", "coherent")
    with pytest.raises(Refusal, match="day 29"):
        decide_observed(design, replace(data, participants=tuple(people((1, "T29")))))
