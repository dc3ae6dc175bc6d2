"""Every fault of a participant in full words, and the days that are none."""

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.participants import Treated, tallied
from trialwright.terms.errors import Fault, Refusal

CORRECT = "Correct the record"
WHOLE = "a whole number from 1"


def one(**settings):
    """Give a participant who was followed without a DLT, but for what is said."""
    usual = {"participant": "01-007", "cohort": 1, "level": 1, "standing": "evaluable",
             "has_dlt": False}  # fmt: skip
    return Treated(**{**usual, **settings})


def refused(*participants):
    """Give the faults of participants."""
    with pytest.raises(Refusal) as refusal:
        tallied(participants, 3, 28)
    return refusal.value.faults


@pytest.mark.parametrize(
    ("settings", "field", "found", "allowed", "do"),
    [
        ({"level": 4}, "level", "dose level 4", "1-3", CORRECT),
        ({"given": 0, "deviation": "x"}, "given", "dose level 0", "1-3", CORRECT),
        ({"cohort": 1.5}, "cohort", "1.5", WHOLE, "Count the cohorts"),
        (
            {"given": 2, "deviation": " "},
            *("given", "dose level 2, assigned 1", "the dose level assigned"),
            "Correct it, or record the deviation",
        ),
        (
            {"standing": "fine"},
            *("standing", "'fine'", "evaluable, pending, replaced, not evaluable"),
            "Say how the participant counts",
        ),
        (
            {"standing": "pending", "has_dlt": True},
            *("standing", "pending, with a DLT", "evaluable"),
            "Count whoever had a DLT as evaluable",
        ),
        ({"has_dlt": 1}, "has_dlt", "1", "true or false", "Say whether a DLT was seen"),
        ({"dlt_day": 3}, "dlt_day", "day 3, without a DLT", "no day", CORRECT),
        ({"has_dlt": True, "dlt_day": 0}, "dlt_day", "day 0", WHOLE, CORRECT),
        (
            {"has_dlt": True, "dlt_day": 29},
            *("dlt_day", "day 29, after the DLT window", "day 1-28"),
            "Bring a late event to the committee, not into the count",
        ),
        ({"followed": -1}, "followed", "-1 days", "a whole number from 0", CORRECT),
        ({"followed": 9.5}, "followed", "9.5 days", "a whole number from 0", CORRECT),
        ({"followed": 29}, "followed", "29 days", "0-28", "Count days of the DLT window alone"),
        (
            {"followed": 27},
            *("standing", "evaluable without a DLT after 27 of 28 days"),
            *("pending, or not evaluable", "Wait for the end of the window"),
        ),
        (
            {"standing": "pending", "followed": 28},
            *("standing", "pending after all 28 days", "evaluable, or not evaluable"),
            "Say how the participant counts",
        ),
        ({"is_backfilled": "no"}, "backfilled", "no", "true or false", CORRECT),
        ({"has_response": None}, "response", "None", "true or false", CORRECT),
        (
            {"is_backfilled": True},
            *("backfilled", "yes", "no: the design keeps no lower level open"),
            "Give the design a backfill, or correct the record",
        ),
    ],
)
def test_each_fault_says_where_what_and_what_to_do(settings, field, found, allowed, do):
    """The participant and the field, what was found, what is allowed."""
    assert refused(one(**settings)) == (Fault(f"01-007, {field}", found, allowed, do),)


def test_whoever_is_listed_twice_and_cohorts_at_two_levels_are_named():
    """The cohorts once the participants are in order."""
    assert refused(one(), one(), one()) == (
        Fault("01-007, participant", "listed 3 times", "once", "List each participant once"),
    )
    assert refused(one(), one(participant="01-008", level=3)) == (
        Fault(
            "cohort 1", "assigned to dose levels 1, 3", "one dose level", "Number the cohorts apart"
        ),
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"has_dlt": True, "dlt_day": 28},
        {"has_dlt": True, "dlt_day": 1, "followed": 0},
        {"followed": 28},
        {"standing": "pending", "followed": 0},
        {"standing": "pending", "followed": 27},
        {"standing": "not evaluable", "followed": 28},
        {"standing": "replaced", "followed": 3},
    ],
)
def test_the_first_and_the_last_day_of_the_window_belong_to_it(settings):
    """A DLT on day 28 of 28 counts; nobody is followed less than 0 days."""
    found = tallied([one(**settings)], 3, 28)

    is_counted = settings.get("standing", "evaluable") in ("evaluable", "pending")
    assert found.seen[0].treated == is_counted


def test_who_is_not_evaluable_is_warned_of_and_counted_nowhere():
    """Until somebody is treated instead; whoever was replaced is not told again."""
    people = [
        one(),
        one(participant="01-008", standing="not evaluable"),
        one(participant="01-009", standing="replaced"),
        one(participant="01-010", given=2, deviation="pharmacy error"),
    ]

    found = tallied(people, 3, 28)

    assert found.seen == (LevelCount(1, 0), LevelCount(1, 0), LevelCount(0, 0))
    assert (found.at, found.last) == (1, LevelCount(1, 0))
    assert found.warnings == (
        "01-008: not evaluable and not replaced yet; counted nowhere",
        "01-010: given dose level 2, assigned 1; counted at dose level 2 (pharmacy error)",
    )
