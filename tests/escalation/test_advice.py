"""Advice at the dose meeting: what it rests on, how high one may go, deciding otherwise."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.escalation.advice import advise, design_digest
from trialwright.escalation.decision import LevelCount, decide
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.designs.tite_boin import TiteBoin
from trialwright.escalation.observed import Observed, observed
from trialwright.escalation.outcomes import read_outcomes
from trialwright.escalation.participants import Treated
from trialwright.terms.errors import Refusal

BOIN = Boin(levels=3, target=0.3, max_n=24)
SIX = ThreePlusThree(3, "six-at-mtd")
CRM = Crm(levels=3, target=0.3, skeleton=(0.15, 0.3, 0.45), max_n=24)


def people(text):
    """Give the participants of a line such as `1NNN 2NTP`."""
    standing = {"N": "evaluable", "T": "evaluable", "P": "pending", "E": "replaced"}
    cohorts = read_outcomes(text, 3).cohorts
    return [
        Treated(
            participant=f"01-{cohort:02}{place}",
            cohort=cohort,
            level=each.level,
            standing=standing[letter],
            has_dlt=letter == "T",
        )
        for cohort, each in enumerate(cohorts, start=1)
        for place, letter in enumerate(each.letters)
    ]


@pytest.mark.parametrize(
    ("design", "outcomes", "act", "level", "highest"),
    [
        (BOIN, "", "stay", 1, 1),
        (BOIN, "1NNN", "escalate", 2, 2),
        (BOIN, "1NNN 2NNT", "stay", 2, 2),
        (BOIN, "1NNN 2NTT", "de-escalate", 1, 2),  # level 2 is left, and not closed
        (BOIN, "1NNN 2TTT", "de-escalate", 1, 1),  # 3/3 closes it
        (BOIN, "1NNN 2NNP", "wait", 2, 2),
        (BOIN, "1TTT", "stop", None, None),
        (SIX, "1NNN 2NTT", "de-escalate", 1, 1),
        (SIX, "1NNN 2NNT", "expand", 2, 2),
        (CRM, "1NNN", "escalate", 2, 2),
    ],
)
def test_how_high_the_next_participants_may_be_treated(design, outcomes, act, level, highest):
    """Never at a closed level, never above what was tried or is advised."""
    advice = advise(design, observed(outcomes, 3, 1))

    assert (advice.act, advice.level, advice.highest_admissible) == (act, level, highest)


@pytest.mark.parametrize("outcomes", ["", "1NNN", "1NNN 2NNT", "1NNN 2NTP", "1NNN 2NTE 2N", "1TTT"])
@pytest.mark.parametrize("design", [BOIN, CRM], ids=["BOIN", "CRM"])
def test_participants_and_notation_are_the_same_data(design, outcomes):
    """One digest and one decision, whichever way they are written: that of the design."""
    written = observed(outcomes, 3, 1)

    counted = observed(people(outcomes), 3, 1, window_days=28)

    assert counted.digest == written.digest
    assert advise(design, counted) == advise(design, written)
    decision = decide(design, written.seen, written.at, written.last)
    advice = advise(design, written)
    assert (advice.act, advice.level, advice.because) == (
        decision.act,
        decision.level,
        decision.because,
    )


@settings(max_examples=60, deadline=None)
@given(
    outcomes=st.lists(
        st.tuples(st.integers(1, 3), st.text("NTPE", min_size=1, max_size=4)),
        min_size=1,
        max_size=4,
    ),
    seed=st.integers(0, 1000),
)
def test_the_order_of_participants_changes_nothing(outcomes, seed):
    """In any order the same counts, last cohort, digest and warnings."""
    listed = people(" ".join(f"{level}{letters}" for level, letters in outcomes))
    order = np.random.default_rng(seed).permutation(len(listed))
    shuffled = [listed[place] for place in order]

    assert observed(shuffled, 3, 1, 28) == observed(listed, 3, 1, 28)
    assert observed(shuffled, 3, 1, 28).digest == observed(listed, 3, 1, 28).digest


def test_an_advice_holds_everything_that_the_design_decided():
    """Act, level, participants, MTD, rule and sentence are its own."""
    for text in ("", "1NNN", "1NTT", "1TTT", "1NNN 2NTP", " ".join(["1NNT"] * 8)):
        data = observed(text, 3, 1)
        decided = BOIN.next_dose(data.seen, data.at)
        told = advise(BOIN, data)

        for name in ("act", "level", "because", "rule", "cohort_size", "mtd"):
            assert getattr(told, name) == getattr(decided, name)
    assert advise(BOIN, observed(" ".join(["1NNT"] * 8), 3, 1)).mtd == 1


def test_other_data_and_other_settings_have_other_digests():
    """Each count, the last cohort and each setting counts."""
    data = [
        Observed((LevelCount(3, 0), LevelCount(0, 0), LevelCount(0, 0)), 1),
        Observed((LevelCount(3, 1), LevelCount(0, 0), LevelCount(0, 0)), 1),
        Observed((LevelCount(3, 0, 1), LevelCount(0, 0), LevelCount(0, 0)), 1),
        Observed((LevelCount(3, 0), LevelCount(0, 0), LevelCount(0, 0)), 2),
        Observed((LevelCount(3, 0), LevelCount(0, 0), LevelCount(0, 0)), 1, LevelCount(3, 0)),
    ]
    designs = [
        BOIN,
        Boin(levels=3, target=0.3, max_n=27),
        Boin(levels=3, target=0.31, max_n=24),
        SIX,
    ]

    assert len({each.digest for each in data}) == len(data)
    assert len({design_digest(each) for each in designs}) == len(designs)
    assert design_digest(BOIN) == design_digest(Boin(levels=3, target=0.3, max_n=24))


def test_a_participant_given_another_level_counts_where_treated():
    """With a recorded deviation, and people are warned."""
    listed = people("1NNN 2NNN")
    listed[3] = Treated(
        participant="01-020", cohort=2, level=2, given=1, standing="evaluable", has_dlt=False,
        deviation="pharmacy",
    )  # fmt: skip

    found = observed(listed, 3, 1, 28)

    assert found.seen == (LevelCount(4, 0), LevelCount(2, 0), LevelCount(0, 0))
    assert found.last == LevelCount(2, 0)
    assert found.warnings == (
        "01-020: given dose level 1, assigned 2; counted at dose level 1 (pharmacy)",
    )


def test_an_incomplete_cohort_is_no_ground_for_a_decision():
    """Pending participants and free places are told; nothing can be decided yet."""
    waiting = advise(BOIN, observed("1NNN 2NNP", 3, 1))
    short = advise(BOIN, observed("1NNN 2NN", 3, 1))
    complete = advise(BOIN, observed("1NNN 2NNN", 3, 1))

    assert [each.is_final for each in (waiting, short, complete)] == [False, False, True]
    assert waiting.warnings == ("1 still in the DLT window",)
    assert short.warnings == ("the cohort at dose level 2 is not complete",)
    assert complete.warnings == ()


def test_advice_is_overridden_with_reason_and_role():
    """A lower level than advised, and why."""
    advice = advise(BOIN, observed("1NNN 2NNN", 3, 1))

    override = advice.overridden(2, "two grade 2 rashes", "safety-review-committee")

    assert str(override).startswith(
        "dose level 2 instead of the advice (safety-review-committee: two grade 2 rashes); "
        "0/3 DLT at dose level 2"
    )


@pytest.mark.parametrize(
    ("level", "reason", "role", "wheres"),
    [
        (1, " ", "", ["reason", "role"]),
        (2, "we like it", "investigator", ["level"]),  # closed by 3/3
        (3, "we like it", "investigator", ["level"]),
        (1, "as advised", "investigator", ["level"]),
        (True, "a level", "investigator", ["level"]),
    ],
)
def test_no_override_without_reason_and_role_nor_to_a_closed_level(level, reason, role, wheres):
    """All at once; and following the advice is no override."""
    advice = advise(BOIN, observed("1NNN 2TTT", 3, 1))

    with pytest.raises(Refusal) as refusal:
        advice.overridden(level, reason, role)

    assert [fault.where for fault in refusal.value.faults] == (
        [*wheres, "level"] if wheres == ["reason", "role"] else wheres
    )


def test_cohorts_on_another_ladder_are_refused():
    """Outcomes know how many levels they were read for."""
    with pytest.raises(Refusal, match="ladder of 2 dose levels"):
        observed(read_outcomes("1NNN", 2), 3, 1)


def test_a_design_that_weighs_follow_up_is_asked_with_it():
    """The advice rests on the days, and so does its digest; others look at counts alone."""
    tite = TiteBoin(levels=3, target=0.3, max_n=24, window_days=28, pending="imputation")
    marked = [replace(each, dlt_day=9 if each.has_dlt else None) for each in people("1NNN 2NTP")]
    early, late = (
        observed([*marked[:-1], replace(marked[-1], followed=day)], 3, 1) for day in (2, 26)
    )

    first, second = (advise(tite, data) for data in (early, late))

    assert (first.act, second.act) == ("de-escalate", "stay")
    assert first.data_digest != second.data_digest
    assert advise(BOIN, early).data_digest == advise(BOIN, late).data_digest
    assert advise(BOIN, late).act == "wait"
