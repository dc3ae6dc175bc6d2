"""What people may decide: against the advice, without any, and among combinations."""

import hashlib
import json
from dataclasses import replace

import pytest

from trialwright.escalation.advice import (
    NO_ADVICE,
    advise,
    advised,
    design_digest,
    is_closed,
    unadvised,
)
from trialwright.escalation.backfill import Backfill
from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import Decision, LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.rolling_six import RollingSix
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.escalation.meeting import INCOMPLETE
from trialwright.escalation.observed import Observed, observed
from trialwright.escalation.participants import Treated
from trialwright.terms.errors import Fault, Refusal

BOIN = Boin(levels=3, target=0.3, max_n=24)
SIX = ThreePlusThree(4, "six-at-mtd")
CRM = Crm(levels=3, target=0.3, skeleton=(0.15, 0.3, 0.45), max_n=24)
TITE = TiteBoin(levels=3, target=0.3, max_n=24, window_days=28, pending="imputation")
GRID = BoinCombinations(rows=3, columns=3, target=0.3, max_n=30)
REFUSED = Refusal([Fault("seen", "0/7", "six at most", "Decide"), Fault("at", "9", "1-4", "Look")])


def counts(*tallies, levels=4):
    """Give counts by dose level from pairs of evaluable participants and DLTs."""
    empty = [(0, 0)] * (levels - len(tallies))
    return tuple(LevelCount(*each) for each in [*tallies, *empty])


def refused(advice, *decision):
    """Give the faults of a decision against the advice."""
    with pytest.raises(Refusal) as refusal:
        advice.overridden(*decision)
    return refusal.value.faults


def test_a_decision_without_reason_and_role_says_what_is_missing():
    """Both at once, with what to write."""
    advice = advise(BOIN, observed("1NNN 2NNN", 3, 1))

    assert refused(advice, 2, "\t", " ") == (
        Fault("reason", "nothing", "a reason in words", "Say why the advice is not followed"),
        Fault("role", "nothing", "the role of who decides", "Say who decides"),
    )


@pytest.mark.parametrize(
    ("outcomes", "level", "found", "allowed"),
    [
        ("1NNN 2NTT", 3, "dose level 3", "1, 2"),
        ("1NNN 2NTT", 0, "dose level 0", "1, 2"),
        ("1TTT", 1, "dose level 1", "no level: it has stopped"),
    ],
)
def test_a_level_that_is_not_admissible_is_refused_with_those_that_are(
    outcomes, level, found, allowed
):
    """Or with the reason why there is none."""
    advice = advise(BOIN, observed(outcomes, 3, 1))

    do = "Choose an admissible dose level, or stop"
    assert refused(advice, level, "why", "chair") == (Fault("level", found, allowed, do),)


def test_where_every_level_is_closed_there_is_none_without_advice():
    """People can only stop."""
    nothing = unadvised(BOIN, Observed(counts((3, 3), levels=3), 1), REFUSED)

    assert (nothing.admissible, nothing.highest_admissible) == ((), None)
    allowed, do = "no level: the design has closed each", "Choose an admissible dose level, or stop"
    found = refused(nothing, 1, "why", "chair")
    assert found == (Fault("level", "dose level 1", allowed, do),)
    assert nothing.overridden(None, "why", "chair").level is None


@pytest.mark.parametrize(
    ("outcomes", "level", "found"),
    [("1NNN 2NNN", 3, "dose level 3, as advised"), ("1TTT", None, "to stop, as advised")],
)
def test_what_is_advised_is_no_override(outcomes, level, found):
    """Following the advice needs no reason."""
    advice = advise(BOIN, observed(outcomes, 3, 1))

    do = "Follow the advice; nothing is overridden"
    assert refused(advice, level, "why", "chair") == (
        Fault("level", found, "another decision", do),
    )


@pytest.mark.parametrize("outcomes", ["1NNN 2NNP", "1NNN 2NN"])
def test_before_the_advice_is_final_its_own_level_may_be_decided(outcomes):
    """Going on before the cohort is complete is a decision of people."""
    advice = advise(BOIN, observed(outcomes, 3, 1))

    override = advice.overridden(2, " enough is known ", " safety-review-committee ")

    assert (override.level, override.reason, override.role) == (
        2,
        "enough is known",
        "safety-review-committee",
    )
    assert override.advice == advice


def test_ending_the_escalation_against_the_advice_is_told_as_such():
    """In one sentence, with what was advised."""
    advice = advise(BOIN, observed("1NNN 2NNN", 3, 1))

    told = str(advice.overridden(None, "the sponsor stops", "sponsor"))

    assert told == (
        f"stop the escalation instead of the advice (sponsor: the sponsor stops); {advice.because}"
    )


def test_without_advice_people_see_why_and_how_high_they_may_go():
    """Every fault of the refusal, one step above the levels tried, and what it rests on."""
    data = replace(Observed(counts((7, 0)), 1), warnings=("01-020: counted where treated",))

    nothing = unadvised(SIX, data, REFUSED)

    assert (nothing.act, nothing.rule, nothing.level, nothing.mtd) == (
        NO_ADVICE,
        "refused",
        None,
        None,
    )
    assert nothing.because == "; ".join(map(str, REFUSED.faults))
    assert (nothing.admissible, nothing.highest_admissible) == ((1, 2), 2)
    assert (nothing.cohort_size, nothing.warnings) == (0, data.warnings)
    assert (nothing.design, nothing.design_digest) == (SIX.name, design_digest(SIX))
    assert nothing.data_digest == data.digest
    assert not nothing.is_final


@pytest.mark.parametrize(
    ("design", "tallies", "at", "levels"),
    [
        (SIX, [], 2, (1, 2)),  # before the first cohort: up to where it starts
        (SIX, [(3, 0), (3, 0)], 2, (1, 2, 3)),
        (SIX, [(3, 0), (3, 2)], 2, (1,)),  # two DLTs close a level and all above it
        (SIX, [(3, 0), (3, 1)], 2, (1, 2, 3)),
        (SIX, [(3, 0), (3, 0), (3, 0), (3, 0)], 4, (1, 2, 3, 4)),
        (SIX, [(0, 0), (3, 2), (3, 0)], 3, (1,)),
        (SIX, [(3, 0), (0, 0), (3, 0)], 3, (1, 2, 3, 4)),
        (RollingSix(levels=4), [(6, 0), (2, 2)], 2, (1,)),
        (BOIN, [(3, 0), (3, 3)], 2, (1,)),
        (BOIN, [(3, 0), (3, 2)], 2, (1, 2, 3)),  # 2/3 asks to step down, and closes nothing
        (CRM, [(3, 3)], 1, (1, 2)),  # a model closes no level
    ],
)
def test_levels_that_people_may_take_without_advice(design, tallies, at, levels):
    """Those that the design has not closed, one step above those tried at most."""
    data = Observed(counts(*tallies, levels=design.levels), at)

    nothing = unadvised(design, data, REFUSED)

    assert nothing.admissible == levels
    assert nothing.highest_admissible == levels[-1]
    assert [each for each in range(1, levels[-1] + 1) if not is_closed(design, data, each)] == list(
        levels
    )


@pytest.mark.parametrize(
    ("tallies", "at", "levels"),
    [
        # A grid of 3 x 3, row by row: 1 2 3 / 4 5 6 / 7 8 9.
        ([], 1, (1, 2, 4)),
        ([(3, 0)], 1, (1, 2, 4)),
        ([(3, 0), (3, 0)], 2, (1, 2, 3, 4, 5)),
        ([(3, 0), (3, 3)], 2, (1, 4)),  # 2 is closed, with 3, 5, 6, 8 and 9, not 4 or 7
        ([(0, 0)] * 4 + [(3, 0)], 5, (1, 2, 3, 4, 5, 6, 7, 8)),
    ],
)
def test_combinations_that_people_may_take_without_advice(tallies, at, levels):
    """One dose of one agent above a combination tried at most; none that is closed."""
    data = Observed(counts(*tallies, levels=9), at)

    nothing = unadvised(GRID, data, REFUSED)

    assert nothing.admissible == levels
    for level in range(1, 10):
        assert is_closed(GRID, data, level) == (level not in GRID.open_levels(data.seen))


@pytest.mark.parametrize(
    ("tallies", "decided", "levels"),
    [
        ([(3, 0)], Decision("escalate", 4, "", "r", 3), (1, 4)),
        ([(3, 0), (3, 0)], Decision("escalate", 5, "", "r", 3), (1, 2, 4, 5)),
        ([(3, 0), (0, 0), (0, 0), (3, 3)], Decision("de-escalate", 1, "", "r", 3), (1,)),
        ([(3, 0), (3, 0), (0, 0), (1, 0)], Decision("wait", 4, "", "r"), (1, 4)),
        ([(3, 3)], Decision("stop", None, "", "r"), ()),
    ],
)
def test_combinations_that_are_admissible(tallies, decided, levels):
    """In no agent above the one advised or one tried; while waiting, above that of the cohort."""
    at = max(level for level, (treated, _) in enumerate(tallies, start=1) if treated)
    data = Observed(counts(*tallies, levels=9), at)

    assert advised(GRID, data, decided).admissible == levels


@pytest.mark.parametrize(
    ("design", "tallies", "decided", "levels"),
    [
        (SIX, [(3, 0), (3, 0), (3, 1)], Decision("de-escalate", 2, "", "r", 3), (1, 2, 3)),
        (SIX, [(3, 0), (3, 2), (3, 2)], Decision("de-escalate", 1, "", "r", 3), (1,)),
        (SIX, [(3, 0), (3, 0), (2, 0, 1)], Decision("wait", 3, "", "r"), (1, 2, 3)),
        (SIX, [(3, 0), (3, 0, 1), (3, 0)], Decision("wait", 2, "", "r"), (1, 2)),
        (CRM, [(3, 0), (3, 2), (3, 2)], Decision("de-escalate", 2, "", "r", 3), (1, 2)),
    ],
)
def test_levels_that_are_admissible(design, tallies, decided, levels):
    """Never a closed one; while somebody is waited for, none above that of the last cohort."""
    at = decided.level if decided.act == "wait" else len(tallies)
    data = Observed(counts(*tallies, levels=design.levels), at)

    advice = advised(design, data, decided)

    assert (advice.admissible, advice.highest_admissible) == (levels, levels[-1])


def test_a_backfill_is_named_in_the_advice():
    """With its own digest, whether the design decides or refuses."""
    around = Backfill(design=BOIN, cap=6)
    data = observed("1NNN 2NNN", 3, 1)

    for advice in (
        advised(BOIN, data, Decision("escalate", 3, "", "r", 3), around),
        unadvised(BOIN, data, REFUSED, around),
    ):
        assert (advice.design, advice.design_digest) == (around.name, design_digest(around))
        assert advice.design_digest != design_digest(BOIN)
    wider = Backfill(design=replace(BOIN, max_n=27), cap=6)
    assert design_digest(wider) != design_digest(around)


@pytest.mark.parametrize(
    ("tallies", "warnings"),
    [
        ([(0, 0), (2, 0)], ("the cohort at dose level 2 is not complete",)),
        ([(3, 0), (0, 0)], ()),  # nobody was treated there: there is no cohort to complete
        (
            [(3, 0), (2, 0, 1)],
            ("1 still in the DLT window", "the cohort at dose level 2 is not complete"),
        ),
    ],
)
def test_an_incomplete_cohort_is_a_warning_where_it_was_begun(tallies, warnings):
    """At the level of the last cohort, whatever was treated below; after whoever is pending."""
    data = Observed(counts(*tallies, levels=3), 2)

    assert advised(BOIN, data, Decision("stay", 2, "", INCOMPLETE, 1)).warnings == warnings


def test_follow_up_counts_in_the_digest_where_the_design_weighs_it():
    """Also where it refuses; a design that looks at counts alone has the same digest each day."""
    first = Treated(
        participant="01-001", cohort=1, level=1, standing="pending", has_dlt=False, followed=7
    )
    early, late = (observed([replace(first, followed=day)], 3, 1, 28) for day in (7, 21))

    told = {day: unadvised(TITE, day_data, REFUSED) for day, day_data in enumerate((early, late))}

    assert told[0].data_digest == early.digest_with_follow_up
    assert told[0].data_digest != told[1].data_digest
    assert unadvised(BOIN, early, REFUSED).data_digest == early.digest == late.digest
    counted = observed("1NNN", 3, 1)
    assert unadvised(TITE, counted, REFUSED).data_digest == counted.digest
    assert advise(TITE, counted).data_digest == counted.digest


def test_anybody_can_recompute_the_digest_of_a_design():
    """SHA-256 of the settings by name as JSON; what is not whole stands as text."""
    told = {
        "design": "Crm", "levels": 3, "target": "0.3", "skeleton": ["0.15", "0.3", "0.45"],
        "max_n": 24, "cohort_size": 3, "starting_level": 1, "stop_at": None, "model": "power",
        "prior_variance": "1.34", "intercept": "3.0", "estimate": "plug-in", "no_skipping": True,
        "coherent": True, "mtd_tried": True, "safety_stop": None,
    }  # fmt: skip
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))

    assert design_digest(CRM) == hashlib.sha256(text.encode()).hexdigest()
