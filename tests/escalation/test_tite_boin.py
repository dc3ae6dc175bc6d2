"""TITE-BOIN: effective numbers, waiting, closing, and what is refused."""

import json

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.tite_boin import TiteBoin
from trialwright.terms.errors import Refusal

BOIN = Boin(levels=3, target=0.3, max_n=24)
DESIGN = TiteBoin(BOIN, window=28)


def counts(*given):
    """Give counts from evaluable, DLTs, pending; the rest is empty."""
    return [*(LevelCount(*each) for each in given), *[LevelCount(0, 0)] * (3 - len(given))]


@pytest.mark.parametrize(
    ("seen", "at", "followed", "act", "level", "rule"),
    [
        ([(3, 0), (2, 0, 1)], 2, (0, 14, 0), "escalate", 3, "escalate"),
        ([(3, 0), (2, 1, 1)], 2, (0, 28, 0), "stay", 2, "stay"),
        ([(3, 0), (2, 1, 1)], 2, (0, 14, 0), "de-escalate", 1, "de-escalate"),
        ([(3, 0), (1, 0, 2)], 2, (0, 56, 0), "wait", 2, "too-many-pending"),
        ([(4, 2, 2)], 1, (28, 0, 0), "wait", 1, "lowest-level-pending"),
        ([(6, 3)], 1, (0, 0, 0), "stay", 1, "lowest-level"),
        ([(4, 4, 1)], 1, (5, 0, 0), "stop", None, "lowest-level-closed"),
        ([(3, 0), (3, 3)], 2, (0, 0, 0), "de-escalate", 1, "close"),
        ([(3, 0), (3, 3)], 1, (0, 0, 0), "stay", 1, "level-above-closed"),
        ([(3, 0), (3, 0), (3, 0)], 3, (0, 0, 0), "stay", 3, "top-level"),
        ([], 1, (0, 0, 0), "stay", 1, "first-cohort"),
        ([(3, 0), (9, 2), (12, 4)], 3, (0, 0, 0), "stop", None, "enough"),
        ([(3, 0), (9, 2), (11, 4, 1)], 3, (0, 0, 14), "wait", 3, "pending"),
    ],
)
def test_each_situation_gives_its_move(seen, at, followed, act, level, rule):
    """For a target of .30 and a window of 28 days."""
    decision = DESIGN.next_dose(counts(*seen), at, followed)

    assert (decision.act, decision.level, decision.rule) == (act, level, rule)


def test_the_reason_holds_the_effective_number():
    """Two evaluable and half a window of a third: 2.5."""
    decision = DESIGN.next_dose(counts((3, 0), (2, 1, 1)), 2, (0, 14, 0))

    assert decision.because == (
        "1/2 DLT at dose level 2, 1/2.5 effective = 0.4000 is above lambda_d 0.3585: de-escalate, "
        "next cohort of 3 at dose level 1 (TITE-BOIN 0.3, rule de-escalate)"
    )


def test_enough_at_a_level_ends_with_an_mtd():
    """Staying at nine of nine."""
    design = TiteBoin(Boin(levels=3, target=0.3, max_n=24, stop_at=9), window=28)

    assert design.next_dose(counts((9, 3)), 1, (0, 0, 0)).mtd == 1
    assert design.next_dose(counts((9, 0)), 1, (0, 0, 0)).act == "escalate"


@pytest.mark.parametrize("dlts", range(7))
def test_with_nobody_pending_it_is_boin(dlts):
    """Complete follow-up gives the level of BOIN."""
    seen = counts((6, 0), (6, dlts))

    assert DESIGN.next_dose(seen, 2, (0, 0, 0)).level == BOIN.next_dose(seen, 2).level


@pytest.mark.shared
def test_decisions_are_those_of_the_r_package(shared):
    """TITEgBOIN without grades: next dose, waiting and closed levels."""
    parsed = json.loads((shared / "reference/escalation/tite_boin_next.json").read_text())

    for case in parsed["cases"]:
        seen = [
            LevelCount(treated - pending, dlts, pending)
            for treated, pending, dlts in zip(case["n"], case["npend"], case["y"], strict=True)
        ]
        boin = Boin(levels=len(seen), target=case["target"], max_n=60)
        found = TiteBoin(boin, case["maxt"]).next_dose(seen, case["dose_now"], case["ft"])
        assert (found.level, found.act == "wait") == (
            case["next_dose"],
            bool(case["suspend_accrual"]),
        )


@pytest.mark.parametrize(
    ("seen", "at", "followed", "where"),
    [
        ([(3, 0)], 0, (0, 0, 0), "at"),
        ([(3, 0)], 1, (0, 0), "followed"),
        ([(3, 0)], 1, (1, 0, 0), "followed, dose level 1"),
        ([(2, 0, 1)], 1, (29, 0, 0), "followed, dose level 1"),
        ([(2, 0, 1)], 1, (-1, 0, 0), "followed, dose level 1"),
        ([(25, 0)], 1, (0, 0, 0), "seen"),
        ([(3, 0), (0, 0), (3, 0)], 3, (0, 0, 0), "dose level 2"),
    ],
)
def test_questions_that_do_not_fit_are_refused(seen, at, followed, where):
    """Follow-up below 0, past the window, or of nobody; too many participants; a level skipped."""
    with pytest.raises(Refusal) as refusal:
        DESIGN.next_dose(counts(*seen), at, followed)

    assert [fault.where for fault in refusal.value.faults] == [where]


@pytest.mark.parametrize(
    ("settings", "where"), [({"window": 0}, "window"), ({"most_pending": 50}, "most_pending")]
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """No window, a percentage of participants."""
    with pytest.raises(Refusal) as refusal:
        TiteBoin(**{"boin": BOIN, "window": 28, **settings})

    assert [fault.where for fault in refusal.value.faults] == [where]
