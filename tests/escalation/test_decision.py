"""Counts by dose level and questions to a design."""

import pytest

from trialwright.escalation.decision import LevelCount, is_level, question_faults
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ((-1, 0), "evaluable: -1. Allowed: a whole number from 0. Count participants."),
        ((3, -1), "dlts: -1. Allowed: a whole number from 0. Count participants."),
        ((3, 1, -2), "pending: -2. Allowed: a whole number from 0. Count participants."),
        (
            (True, 0),
            "evaluable: True of type bool. Allowed: a whole number from 0. Count participants.",
        ),
        (
            (3, 0.5),
            "dlts: 0.5 of type float. Allowed: a whole number from 0. Count participants.",
        ),
        ((3, 1, None), "pending: None of type NoneType"),
        (("3", 1), "evaluable: 3 of type str"),
    ],
)
def test_a_count_is_a_whole_number_of_participants(counts, says):
    """Negative, fractional, missing and truth values are refused with their field."""
    with pytest.raises(Refusal) as refusal:
        LevelCount(*counts)

    assert str(refusal.value).startswith(says)


def test_more_dlts_than_participants_are_refused():
    """Whoever had a DLT is evaluable, so DLTs never outnumber the evaluable."""
    with pytest.raises(Refusal) as refusal:
        LevelCount(evaluable=2, dlts=3, pending=1)

    assert str(refusal.value) == (
        "dlts: 3 DLTs in 2 evaluable participants. Allowed: at most 2. "
        "Count whoever had a DLT as evaluable."
    )


def test_all_faults_of_a_count_are_named_at_once():
    """Three wrong fields give three faults."""
    with pytest.raises(Refusal) as refusal:
        LevelCount(-1, dlts=False, pending=2.0)

    assert [fault.where for fault in refusal.value.faults] == ["evaluable", "dlts", "pending"]


@pytest.mark.parametrize(
    ("count", "treated", "tally"),
    [
        (LevelCount(0, 0), 0, "0/0"),
        (LevelCount(3, 1, 2), 5, "1/3"),
        (LevelCount(2, 2), 2, "2/2"),
    ],
)
def test_a_count_says_its_tally_and_whom_it_counts(count, treated, tally):
    """The tally is DLTs in evaluable; the pending are treated but not in the tally."""
    assert (treated, tally) == (count.treated, str(count))


@pytest.mark.parametrize("level", [0, 4, -1, True, 1.0, "1", None])
def test_what_is_no_dose_level(level):
    """Dose levels are whole numbers from 1 to the top of the ladder."""
    assert not is_level(level, 3)


def test_every_step_of_the_ladder_is_a_dose_level():
    """Both ends of the ladder belong to it."""
    assert all(is_level(level, 3) for level in (1, 2, 3))


def test_a_question_names_all_that_is_wrong_with_it():
    """A short list of counts and a level off the ladder are told together."""
    faults = question_faults((LevelCount(3, 0), LevelCount(0, 0)), at=7, levels=3)

    assert [str(fault) for fault in faults] == [
        "seen: counts for 2 dose levels. Allowed: 3 counts. Give one count for each dose level.",
        "at: dose level 7. Allowed: 1-3. Name the dose level of the last cohort.",
    ]


def test_a_sound_question_has_no_fault():
    """One count a level and a level of the ladder are enough."""
    assert question_faults((LevelCount(3, 0),), at=1, levels=1) == ()
