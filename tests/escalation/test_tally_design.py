"""The dose meeting of tables of tallies: each situation with its whole sentence.

BOIN for a target of .30: of 3 participants 0 DLTs escalate, 2 de-escalate, 3 close the level. With
y DLTs in n, P(DLT rate > .30) is the probability of at most y successes in n + 1 trials with rate
.30: .9919 for 3/3, .9692 for 3/4, .8740 for 3/6. Isotonic estimates are (y + .05)/(n + .1): .0161
for 0/3, .3387 for 1/3.
"""

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.terms.errors import Refusal


def made(**settings):
    """Make a BOIN for three levels and twelve participants."""
    return Boin(**{"levels": 3, "target": 0.3, "max_n": 12, **settings})


def counts(*given):
    """Give counts from evaluable, DLTs, pending; the rest of three levels is empty."""
    return [*(LevelCount(*each) for each in given), *[LevelCount(0, 0)] * (3 - len(given))]


NO_MTD = "stop, no dose level is estimated to be tolerable"
CLOSED = "P(DLT rate > 0.3) = 0.9919, above 0.95, closes dose level"
ALMOST = "P(DLT rate > 0.3) = 0.9692, above 0.95, closes dose level"
SITUATIONS = {
    "nobody treated": (
        {},
        ([], 1),
        ("stay", 1, "incomplete-cohort", 3, None),
        "0/0 DLT at dose level 1, cohort not complete: 3 more at this level",
    ),
    "one missing": (
        {},
        ([(2, 0)], 1),
        ("stay", 1, "incomplete-cohort", 1, None),
        "0/2 DLT at dose level 1, cohort not complete: 1 more at this level",
    ),
    "one pending": (
        {},
        ([(2, 0, 1)], 1),
        ("wait", 1, "pending", 0, None),
        "0/2 DLT at dose level 1, 1 still in the DLT window: wait",
    ),
    "one pending, one missing": (
        {},
        ([(1, 0, 1)], 1),
        ("wait", 1, "pending", 1, None),
        "0/1 DLT at dose level 1, 1 still in the DLT window: wait, 1 more may be enrolled in this "
        "cohort",
    ),
    "two DLTs at the lowest level, one missing": (
        {},
        ([(2, 2)], 1),
        ("stay", 1, "incomplete-cohort", 1, None),
        "2/2 DLT at dose level 1, cohort not complete: 1 more at this level",
    ),
    "escalate": (
        {},
        ([(3, 0)], 1),
        ("escalate", 2, "escalate", 3, None),
        "0/3 DLT at dose level 1, 0/3 = 0.0000 is not above lambda_e 0.2365: escalate, next cohort "
        "of 3 at dose level 2",
    ),
    "de-escalate": (
        {},
        ([(3, 0), (3, 2)], 2),
        ("de-escalate", 1, "de-escalate", 3, None),
        "2/3 DLT at dose level 2, 2/3 = 0.6667 is above lambda_d 0.3585: de-escalate, next cohort "
        "of 3 at dose level 1",
    ),
    "top level": (
        {},
        ([(3, 0), (3, 0), (3, 0)], 3),
        ("stay", 3, "top-level", 3, None),
        "0/3 DLT at dose level 3, 0/3 = 0.0000 is not above lambda_e 0.2365, the top level: stay, "
        "next cohort of 3 at dose level 3",
    ),
    "lowest level": (
        {},
        ([(3, 2)], 1),
        ("stay", 1, "lowest-level", 3, None),
        "2/3 DLT at dose level 1, 2/3 = 0.6667 is above lambda_d 0.3585, the lowest level: stay, "
        "next cohort of 3 at dose level 1",
    ),
    "level above closed": (
        {},
        ([(3, 0), (3, 3)], 1),
        ("stay", 1, "level-above-closed", 3, None),
        "0/3 DLT at dose level 1, 0/3 = 0.0000 is not above lambda_e 0.2365, dose level 2 is "
        "closed: stay, next cohort of 3 at dose level 1",
    ),
    "enough at the level": (
        {"stop_at": 3},
        ([(3, 1)], 1),
        ("stop", None, "enough-at-level", 0, 1),
        "1/3 DLT at dose level 1, 1/3 = 0.3333 is above lambda_e 0.2365 and not above lambda_d "
        "0.3585: 3 participants were treated at this level: stop, the MTD is estimated at dose "
        "level 1",
    ),
    "everybody treated": (
        {"max_n": 6},
        ([(3, 0), (3, 1)], 2),
        ("stop", None, "max-n", 0, 2),
        "1/3 DLT at dose level 2, 6 participants were treated: stop, the MTD is estimated at dose "
        "level 2",
    ),
    "extra safety": (
        {"extra_safe": True, "offset": 0.1},
        ([(6, 3)], 1),
        ("stop", None, "extra-safe", 0, None),
        "3/6 DLT at dose level 1, P(DLT rate > 0.3) = 0.8740, above the 0.95 - 0.1 of the lowest "
        f"level: {NO_MTD}",
    ),
    "closed": (
        {},
        ([(3, 0), (3, 3)], 2),
        ("de-escalate", 1, "close", 3, None),
        f"3/3 DLT at dose level 2, {CLOSED} 2 and above: de-escalate, next cohort of 3 at dose "
        "level 1",
    ),
    "closed whatever becomes of one pending": (
        {},
        ([(3, 0), (3, 3, 1)], 2),
        ("de-escalate", 1, "close", 3, None),
        f"3/3 DLT at dose level 2, {ALMOST} 2 and above (1 still in the DLT window, which changes "
        "nothing): de-escalate, next cohort of 3 at dose level 1",
    ),
    "closed, two of eight left": (
        {"max_n": 8},
        ([(3, 0), (3, 3)], 2),
        ("de-escalate", 1, "close", 2, None),
        f"3/3 DLT at dose level 2, {CLOSED} 2 and above: de-escalate, next cohort of 2 at dose "
        "level 1",
    ),
    "closed, one of seven left": (
        {"max_n": 7},
        ([(3, 0), (3, 3)], 2),
        ("de-escalate", 1, "close", 1, None),
        f"3/3 DLT at dose level 2, {CLOSED} 2 and above: de-escalate, next cohort of 1 at dose "
        "level 1",
    ),
    "closed, everybody treated": (
        {"max_n": 6},
        ([(3, 0), (3, 3)], 2),
        ("stop", None, "max-n", 0, 1),
        f"3/3 DLT at dose level 2, {CLOSED} 2 and above, 6 participants were treated: stop, the "
        "MTD is estimated at dose level 1",
    ),
    "closed, everybody treated, one pending": (
        {"max_n": 7},
        ([(3, 0), (3, 3, 1)], 2),
        ("wait", 2, "pending", 0, None),
        f"3/3 DLT at dose level 2, {ALMOST} 2 and above (1 still in the DLT window, which changes "
        "nothing): wait for the last",
    ),
    "the lowest closed": (
        {},
        ([(3, 3)], 1),
        ("stop", None, "lowest-level-closed", 0, None),
        f"3/3 DLT at dose level 1, {CLOSED} 1 and above: {NO_MTD}",
    ),
    "the lowest closed from above": (
        {},
        ([(3, 3), (3, 0)], 2),
        ("stop", None, "lowest-level-closed", 0, None),
        f"0/3 DLT at dose level 2, 3/3 DLT at dose level 1, {CLOSED} 1 and above: {NO_MTD}",
    ),
    "left before the cohort is complete": (
        {},
        ([(3, 0), (2, 2)], 2),
        ("de-escalate", 1, "de-escalate", 3, None),
        "2/2 DLT at dose level 2, even 2/3 leads downward (2/3 = 0.6667 is above lambda_d 0.3585): "
        "de-escalate, next cohort of 3 at dose level 1",
    ),
    "left while one is pending, one of seven left": (
        {"max_n": 7},
        ([(3, 0), (2, 2, 1)], 2),
        ("de-escalate", 1, "de-escalate", 1, None),
        "2/2 DLT at dose level 2, even 2/3 leads downward (2/3 = 0.6667 is above lambda_d 0.3585): "
        "de-escalate, next cohort of 1 at dose level 1",
    ),
    "not left when everybody is treated": (
        {"max_n": 6},
        ([(3, 0), (2, 2, 1)], 2),
        ("wait", 2, "pending", 0, None),
        "2/2 DLT at dose level 2, 1 still in the DLT window: wait",
    ),
    "one DLT, one missing": (
        {},
        ([(3, 0), (2, 1)], 2),
        ("stay", 2, "incomplete-cohort", 1, None),
        "1/2 DLT at dose level 2, cohort not complete: 1 more at this level",
    ),
    "the level above closed, and it is the top": (
        {},
        ([(3, 0), (3, 1), (3, 3)], 2),
        ("stay", 2, "stay", 3, None),
        "1/3 DLT at dose level 2, 1/3 = 0.3333 is above lambda_e 0.2365 and not above lambda_d "
        "0.3585: stay, next cohort of 3 at dose level 2",
    ),
    "one DLT, one pending": (
        {},
        ([(3, 0), (2, 1, 1)], 2),
        ("wait", 2, "pending", 0, None),
        "1/2 DLT at dose level 2, 1 still in the DLT window: wait",
    ),
}


@pytest.mark.parametrize(
    ("settings", "asked", "decided", "says"), SITUATIONS.values(), ids=SITUATIONS
)
def test_each_situation_gives_its_decision_and_its_sentence(settings, asked, decided, says):
    """Act, level, rule, participants and MTD; the sentence ends with design and rule."""
    seen, at = asked

    found = made(**settings).next_dose(counts(*seen), at)

    assert (found.act, found.level, found.rule, found.cohort_size, found.mtd) == decided
    assert found.because == f"{says} (BOIN 0.3, rule {decided[2]})"


def test_a_lowest_level_closed_with_one_pending_is_no_mtd():
    """Target .10: 2/2 is too few to close it, 2/3 with the third pending does: .9963."""
    found = made(target=0.1).next_dose(counts((2, 2, 1)), 1)

    assert (found.act, found.rule, found.mtd) == ("stop", "lowest-level-closed", None)
    assert "P(DLT rate > 0.1) = 0.9963" in found.because
    assert found.because.endswith(f"{NO_MTD} (BOIN 0.1, rule lowest-level-closed)")


def test_a_level_above_a_closed_one_is_left_for_the_highest_that_is_open():
    """A DLT told later closes level 2 while level 3 is treated: nobody is treated at level 2."""
    seen = counts((3, 0), (3, 3), (3, 0))

    found = made().next_dose(seen, 3)

    assert (found.act, found.level, found.cohort_size) == ("de-escalate", 1, 3)
    assert found.because == (
        f"0/3 DLT at dose level 3, 3/3 DLT at dose level 2, {CLOSED} 2 and above: de-escalate, "
        "next cohort of 3 at dose level 1 (BOIN 0.3, rule close)"
    )


@pytest.mark.parametrize(
    ("seen", "level", "says"),
    [
        (
            [(3, 0), (3, 1)],
            2,
            "0/3 DLT at dose level 1, 1/3 DLT at dose level 2: isotonic estimates 0.0161 at dose "
            "level 1, 0.3387 at dose level 2; dose level 2 is nearest to 0.3",
        ),
        (
            [(3, 0), (3, 3)],
            1,
            "0/3 DLT at dose level 1, 3/3 DLT at dose level 2: isotonic estimates 0.0161 at dose "
            "level 1; dose level 1 is nearest to 0.3",
        ),
        ([(3, 3)], None, "3/3 DLT at dose level 1: no dose level is open that was tried"),
    ],
)
def test_the_mtd_is_told_with_its_estimates(seen, level, says):
    """Of the levels that are open and were tried."""
    found = made().estimate_mtd(counts(*seen))

    assert (found.level, found.because) == (level, says)


def test_an_mtd_before_the_end_is_refused_with_the_tallies():
    """Nor is there one while somebody is pending."""
    for seen, found in (
        ([(3, 0), (3, 1)], "0/3 DLT at dose level 1, 1/3 DLT at dose level 2"),
        ([(3, 0), (8, 1, 1)], "0/3 DLT at dose level 1, 1/8 DLT at dose level 2"),
    ):
        with pytest.raises(Refusal) as refusal:
            made().select_mtd(counts(*seen))
        assert str(refusal.value) == (
            f"seen: the escalation has not stopped ({found}). Allowed: counts of a finished "
            "escalation. Ask for the next dose instead."
        )


def test_a_level_skipped_is_told_and_those_below_the_start_are_not():
    """From the starting level on there is no gap."""
    with pytest.raises(Refusal) as refusal:
        made().next_dose(counts((3, 0), (0, 0), (3, 0)), 3)

    assert str(refusal.value) == (
        "dose level 2: nobody was treated, though dose level 3 or above was tried. Allowed: no "
        "level skipped. Correct the counts, or record the deviation and decide without the design."
    )
    assert made(starting_level=2).next_dose(counts((0, 0), (3, 0)), 2).level == 3
    with pytest.raises(Refusal, match="dose level 1: nobody was treated, though dose level 2"):
        made().next_dose(counts((0, 0), (3, 0)), 2)
    with pytest.raises(Refusal, match="seen: 13 participants"):
        made().select_mtd(counts((13, 0)))
