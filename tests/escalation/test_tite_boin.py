"""TITE-BOIN: effective numbers, waiting, closing, and what is refused."""

import json

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.escalation.follow_up import decide_followed
from trialwright.escalation.participants import Treated
from trialwright.terms.errors import Refusal

BOIN = Boin(levels=3, target=0.3, max_n=24)
SETTINGS = {
    "levels": 3,
    "target": 0.3,
    "max_n": 24,
    "window_days": 28,
    "pending": "effective-number",
    "leaves_early": False,
}
DESIGN = TiteBoin(**SETTINGS)


def made(**settings):
    """Make a TITE-BOIN for three levels and a window of 28 days."""
    return TiteBoin(**{**SETTINGS, **settings})


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
        ([(3, 0), (9, 2), (12, 4)], 3, (0, 0, 0), "stop", None, "max-n"),
        ([(3, 0), (9, 2), (11, 4, 1)], 3, (0, 0, 14), "wait", 3, "pending"),
    ],
)
def test_each_situation_gives_its_move(seen, at, followed, act, level, rule):
    """For a target of .30 and a window of 28 days."""
    decision = DESIGN.next_dose_with(counts(*seen), at, followed)

    assert (decision.act, decision.level, decision.rule) == (act, level, rule)


def test_the_reason_holds_the_effective_number():
    """Two evaluable and half a window of a third: 2.5."""
    decision = DESIGN.next_dose_with(counts((3, 0), (2, 1, 1)), 2, (0, 14, 0))

    assert decision.because == (
        "1/2 DLT at dose level 2, 1/2.5 effective = 0.4000 is above lambda_d 0.3585: de-escalate, "
        "next cohort of 3 at dose level 1 (TITE-BOIN 0.3, rule de-escalate)"
    )


def test_enough_at_a_level_ends_with_an_mtd():
    """Staying at nine of nine."""
    design = made(stop_at=9)

    assert design.next_dose_with(counts((9, 3)), 1, (0, 0, 0)).mtd == 1
    assert design.next_dose_with(counts((9, 0)), 1, (0, 0, 0)).act == "escalate"


@pytest.mark.parametrize("dlts", range(7))
def test_with_nobody_pending_it_is_boin(dlts):
    """Complete follow-up gives the level of BOIN."""
    seen = counts((6, 0), (6, dlts))

    assert DESIGN.next_dose_with(seen, 2, (0, 0, 0)).level == BOIN.next_dose(seen, 2).level


@pytest.mark.shared
def test_decisions_are_those_of_the_r_package(shared):
    """TITEgBOIN without grades: next dose, waiting and closed levels."""
    parsed = json.loads((shared / "reference/escalation/tite_boin_next.json").read_text())

    for case in parsed["cases"]:
        seen = [
            LevelCount(treated - pending, dlts, pending)
            for treated, pending, dlts in zip(case["n"], case["npend"], case["y"], strict=True)
        ]
        design = made(levels=len(seen), target=case["target"], max_n=60, window_days=case["maxt"])
        found = design.next_dose_with(seen, case["dose_now"], case["ft"])
        assert (found.level, found.act == "wait") == (
            case["next_dose"],
            bool(case["suspend_accrual"]),
        )


@pytest.mark.parametrize(
    ("seen", "at", "followed", "where"),
    [
        ([(3, 0)], 0, (0, 0, 0), "at"),
        ([(3, 0)], 1, (0, 0), "days"),
        ([(3, 0)], 1, (1, 0, 0), "days, dose level 1"),
        ([(2, 0, 1)], 1, (29, 0, 0), "days, dose level 1"),
        ([(2, 0, 1)], 1, (-1, 0, 0), "days, dose level 1"),
        ([(25, 0)], 1, (0, 0, 0), "seen"),
        ([(3, 0), (0, 0), (3, 0)], 3, (0, 0, 0), "dose level 2"),
    ],
)
def test_questions_that_do_not_fit_are_refused(seen, at, followed, where):
    """Follow-up below 0, past the window, or of nobody; too many participants; a level skipped."""
    with pytest.raises(Refusal) as refusal:
        DESIGN.next_dose_with(counts(*seen), at, followed)

    assert [fault.where for fault in refusal.value.faults] == [where]


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"window_days": 0}, "window_days"),
        ({"most_pending": 50}, "most_pending"),
        ({"pending": "ignored"}, "pending"),
        ({"titration": True}, "titration"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """No window, a percentage of participants, another way to count, single participants."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_a_level_is_left_at_once_when_follow_up_cannot_change_it():
    """Two DLTs in three are above lambda_d whatever becomes of the third."""
    seen = counts((3, 0), (2, 2, 1))

    for pending in ("imputation", "effective-number"):
        design = made(leaves_early=True, most_pending=0.1, pending=pending)
        decision = design.next_dose_with(seen, 2, (0, 3, 0))
        assert (decision.level, decision.rule) == (1, "de-escalate")
        assert "1 still in the DLT window, which changes nothing" in decision.because
    waits = made(most_pending=0.1).next_dose_with(seen, 2, (0, 3, 0))
    assert waits.rule == "too-many-pending"


def one(number, cohort, level, **more):
    """Give a participant, evaluable unless said otherwise."""
    given = {"standing": "evaluable", "has_dlt": False, **more}
    return Treated(participant=f"P{number}", cohort=cohort, level=level, **given)


def test_participants_are_weighed_by_their_follow_up():
    """One DLT of three, the last with half of the window: 1/2.5 leads down."""
    people = [
        *(one(number, 1, 1) for number in range(1, 4)),
        one(4, 2, 2),
        one(5, 2, 2, has_dlt=True, dlt_day=9),
        one(6, 2, 2, standing="pending", followed=14),
    ]

    decision = decide_followed(DESIGN, people)

    assert (decision.act, decision.level) == ("de-escalate", 1)
    assert "1/2.5 effective = 0.4000 is above lambda_d" in decision.because
    assert decide_followed(BOIN, people, 28).act == "wait"


def test_a_cohort_is_filled_first():
    """Two of three are in."""
    people = [one(1, 1, 1), one(2, 1, 1, standing="pending", followed=3)]

    decision = decide_followed(DESIGN, people)

    assert (decision.act, decision.level, decision.cohort_size) == ("stay", 1, 1)
    assert decision.because == (
        "0/1 DLT at dose level 1, cohort not complete: 1 more at this level "
        "(TITE-BOIN 0.3, rule incomplete-cohort)"
    )
    assert decide_followed(DESIGN, []).rule == "first-cohort"


@pytest.mark.parametrize(
    ("person", "where"),
    [
        ({"standing": "pending"}, "P1, followed"),
        ({"standing": "pending", "followed": -1}, "P1, followed"),
        ({"standing": "pending", "followed": 29}, "P1, followed"),
        ({"standing": "pending", "followed": 28}, "P1, standing"),
        ({"followed": 20}, "P1, standing"),
        ({"has_dlt": True}, "P1, dlt_day"),
        ({"has_dlt": True, "dlt_day": 29}, "P1, dlt_day"),
        ({"has_dlt": True, "dlt_day": 0}, "P1, dlt_day"),
        ({"dlt_day": 5}, "P1, dlt_day"),
        ({"level": 4}, "P1, level"),
    ],
)
def test_participants_who_cannot_be_are_refused_by_name(person, where):
    """Follow-up below 0, past the window, missing or at odds with the standing; DLT days."""
    with pytest.raises(Refusal) as refusal:
        decide_followed(DESIGN, [one(1, 1, **{"level": 1, **person})])

    assert [fault.where for fault in refusal.value.faults] == [where]


LIMITS = "neither leads down nor up (lambda_e 0.2365, lambda_d 0.3585)"


@pytest.mark.parametrize(
    ("settings", "seen", "at", "followed", "decided", "says"),
    [
        (
            {},
            [],
            1,
            (0, 0, 0),
            ("stay", 1, "first-cohort", 3, None),
            "0/0 DLT at dose level 1, nobody treated yet: stay, next cohort of 3 at dose level 1",
        ),
        (
            {},
            [(3, 0), (2, 0, 1)],
            2,
            (0, 14, 0),
            ("escalate", 3, "escalate", 3, None),
            "0/2 DLT at dose level 2, 0/2.5 effective = 0.0000 is not above lambda_e 0.2365: "
            "escalate, next cohort of 3 at dose level 3",
        ),
        (
            {},
            [(3, 0), (2, 1, 1)],
            2,
            (0, 28, 0),
            ("stay", 2, "stay", 3, None),
            f"1/2 DLT at dose level 2, 1/3 effective = 0.3333 {LIMITS}: stay, next cohort of 3 at "
            "dose level 2",
        ),
        (
            {},
            [(3, 0), (1, 0, 2)],
            2,
            (0, 56, 0),
            ("wait", 2, "too-many-pending", 0, None),
            "0/1 DLT at dose level 2, 2 of 3 still in the DLT window: wait",
        ),
        (
            {},
            [(4, 2, 2)],
            1,
            (28, 0, 0),
            ("wait", 1, "lowest-level-pending", 0, None),
            "2/4 DLT at dose level 1, 2/5 effective = 0.4000 is above lambda_d 0.3585, the lowest "
            "level, 2 still in the DLT window: wait",
        ),
        (
            {},
            [(6, 3)],
            1,
            (0, 0, 0),
            ("stay", 1, "lowest-level", 3, None),
            "3/6 DLT at dose level 1, 3/6 effective = 0.5000 is above lambda_d 0.3585, the lowest "
            "level: stay, next cohort of 3 at dose level 1",
        ),
        (
            {},
            [(4, 4, 1)],
            1,
            (5, 0, 0),
            ("stop", None, "lowest-level-closed", 0, None),
            "4/4 DLT at dose level 1, P(DLT rate > 0.3) = 0.9891, above 0.95, closes dose level 1 "
            "and above: stop, no dose level is estimated to be tolerable",
        ),
        (
            {},
            [(3, 0), (3, 3), (3, 0)],
            3,
            (0, 0, 0),
            ("de-escalate", 1, "close", 3, None),
            "0/3 DLT at dose level 3, P(DLT rate > 0.3) = 0.9919, above 0.95, closes dose level 2 "
            "and above: de-escalate, next cohort of 3 at dose level 1",
        ),
        (
            {},
            [(3, 0), (9, 2), (12, 4)],
            3,
            (0, 0, 0),
            ("stop", None, "max-n", 0, 3),
            f"4/12 DLT at dose level 3, 4/12 effective = 0.3333 {LIMITS}, 24 participants were "
            "treated: stop, the MTD is estimated at dose level 3",
        ),
        (
            {},
            [(3, 0), (9, 2), (11, 4, 1)],
            3,
            (0, 0, 14),
            ("wait", 3, "pending", 0, None),
            f"4/11 DLT at dose level 3, 4/11.5 effective = 0.3478 {LIMITS}, 24 participants were "
            "treated, 1 still in the DLT window: wait",
        ),
        (
            {"max_n": 23},
            [(3, 0), (9, 2), (10, 3)],
            3,
            (0, 0, 0),
            ("stay", 3, "stay", 1, None),
            f"3/10 DLT at dose level 3, 3/10 effective = 0.3000 {LIMITS}: stay, next cohort of 1 "
            "at dose level 3",
        ),
        (
            {"stop_at": 9},
            [(9, 3)],
            1,
            (0, 0, 0),
            ("stop", None, "enough-at-level", 0, 1),
            f"3/9 DLT at dose level 1, 3/9 effective = 0.3333 {LIMITS}, 9 participants were "
            "treated: stop, the MTD is estimated at dose level 1",
        ),
        (
            {"stop_at": 9, "max_n": 10},
            [(9, 3)],
            1,
            (0, 0, 0),
            ("stop", None, "enough-at-level", 0, 1),
            f"3/9 DLT at dose level 1, 3/9 effective = 0.3333 {LIMITS}, 9 participants were "
            "treated: stop, the MTD is estimated at dose level 1",
        ),
        (
            {"stop_at": 9},
            [(3, 0), (8, 2, 1)],
            2,
            (0, 0, 0),
            ("wait", 2, "pending", 0, None),
            f"2/8 DLT at dose level 2, 2/8 effective = 0.2500 {LIMITS}, 9 participants were "
            "treated, 1 still in the DLT window: wait",
        ),
        (
            {"leaves_early": True},
            [(3, 0), (2, 2, 1)],
            2,
            (0, 3, 0),
            ("de-escalate", 1, "de-escalate", 3, None),
            "2/2 DLT at dose level 2, 2/3 treated is above lambda_d 0.3585 (1 still in the DLT "
            "window, which changes nothing): de-escalate, next cohort of 3 at dose level 1",
        ),
        (
            {"leaves_early": True},
            [(3, 0), (3, 2)],
            2,
            (0, 0, 0),
            ("de-escalate", 1, "de-escalate", 3, None),
            "2/3 DLT at dose level 2, 2/3 treated is above lambda_d 0.3585: de-escalate, next "
            "cohort of 3 at dose level 1",
        ),
        (
            {"pending": "imputation"},
            [(3, 0), (2, 1, 1)],
            2,
            (0, 14, 0),
            ("de-escalate", 1, "de-escalate", 3, None),
            # odds 1.15/1.85, half of a window to go: .3108; 1 of 3 is not below .30
            "1/2 DLT at dose level 2, (1 + 0.3108 imputed)/3 = 0.4369 is above lambda_d 0.3585: "
            "de-escalate, next cohort of 3 at dose level 1",
        ),
        (
            {"pending": "imputation"},
            [(3, 0), (3, 1, 3)],
            2,
            (0, 0, 0),
            ("stay", 2, "stay", 3, None),
            # odds 1.15/2.85, three windows to go: 1.2105; but 1 of 6 is below .30
            f"1/3 DLT at dose level 2, (1 + 1.2105 imputed)/6 = 0.3684 {LIMITS}: stay, next cohort "
            "of 3 at dose level 2",
        ),
        (
            {"pending": "imputation"},
            [(3, 0), (2, 0, 1)],
            2,
            (0, 0, 0),
            ("escalate", 3, "escalate", 3, None),
            # odds .15/2.85, a window to go: .0526
            "0/2 DLT at dose level 2, (0 + 0.0526 imputed)/3 = 0.0175 is not above lambda_e "
            "0.2365: escalate, next cohort of 3 at dose level 3",
        ),
    ],
)
def test_each_situation_gives_its_whole_sentence(settings, seen, at, followed, decided, says):
    """Act, level, rule, participants and MTD by hand; the sentence ends with design and rule."""
    found = made(**settings).next_dose_with(counts(*seen), at, followed)

    assert (found.act, found.level, found.rule, found.cohort_size, found.mtd) == decided
    assert found.because == f"{says} (TITE-BOIN 0.3, rule {decided[2]})"


def test_follow_up_that_does_not_fit_is_told():
    """Of one pending at most the window; one sum for each level."""
    for followed, says in (
        (
            (29, 0, 0),
            "days, dose level 1: 29 days for 1 pending participants. Allowed: 0-28. Add up the "
            "days of those pending, each at most the window.",
        ),
        (
            (3, 0),
            "days: follow-up for 2 dose levels. Allowed: 3 sums of days. Give one sum of days for "
            "each dose level.",
        ),
    ):
        with pytest.raises(Refusal) as refusal:
            DESIGN.next_dose_with(counts((2, 0, 1)), 1, followed)
        assert [str(fault) for fault in refusal.value.faults] == [says]


@pytest.mark.parametrize(
    ("settings", "seen", "at", "level", "rule"),
    [
        ({"leaves_early": True}, [(3, 0), (3, 1)], 2, 2, "stay"),  # 1/3 is not above lambda_d
        ({"leaves_early": True}, [(3, 0), (9, 3)], 2, 2, "stay"),
        ({"leaves_early": True}, [(3, 2)], 1, 1, "lowest-level"),  # nothing below
        # 3 of 10 is the target itself: 3.27 imputed DLTs may lead down
        ({"pending": "imputation"}, [(3, 0), (6, 3, 4)], 2, 1, "de-escalate"),
    ],
)
def test_what_leads_downward_and_what_does_not(settings, seen, at, level, rule):
    """At once above lambda_d alone; by imputed DLTs from the target on."""
    found = made(**settings).next_dose_with(counts(*seen), at, (0, 0, 0))

    assert (found.level, found.rule) == (level, rule)


@pytest.mark.parametrize(
    ("seen", "closed"),
    [([(3, 0), (3, 1), (3, 3)], 3), ([(3, 3), (3, 3)], 1), ([(3, 0), (3, 1), (3, 1)], None)],
)
def test_the_lowest_closed_level_is_found(seen, closed):
    """3/3 closes a level."""
    assert DESIGN.first_closed(counts(*seen)) == closed
