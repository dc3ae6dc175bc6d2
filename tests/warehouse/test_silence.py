"""What it means that nothing is recorded of a person, by policy, spans and rows without a day."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import DAY, MET, NOT_MET, UNKNOWN, answers, before, measured

from trialwright.protocol.leaf_rules import FindingRule, ObservationRule
from trialwright.protocol.vocabulary import Term

LVEF, OTHER, HIV, PERCENT = 1, 2, 3, 97
TERMS = {
    "lvef": Term(says="LVEF", kind="observation", unit="%", omop=(LVEF,)),
    "other": Term(says="Other", kind="observation", unit="%", omop=(OTHER,)),
    "hiv": Term(says="HIV", kind="finding", omop=(HIV,)),
}
UNITS = [{"concept_id": PERCENT, "vocabulary_id": "UCUM", "concept_code": "%"}]
PERIOD = "observation_period"


def observed(row, person, since, until):
    """Give a span over which a person was observed."""
    return {f"{PERIOD}_id": row, "person_id": person, f"{PERIOD}_start_date": before(since),
            f"{PERIOD}_end_date": before(until)}  # fmt: skip


def undated(person, concept):
    """Give a result without a day."""
    return measured(person, concept, 45, PERCENT) | {"measurement_date": None}


SPANS = [
    observed(11, 1, 365, 0),
    observed(21, 2, 364, -30),
    observed(31, 3, 999, 1),
    observed(43, 4, 400, -30),
    observed(42, 4, 999, 0),
    observed(41, 4, 400, 1),
    observed(51, 5, 999, 0),
    observed(61, 6, 999, 0),
    observed(71, 7, 999, 0),
]
RESULTS = [undated(5, LVEF), undated(6, LVEF), measured(6, LVEF, 45, PERCENT), undated(7, OTHER)]
COVERED = {1: "11", 4: "42", 7: "71"}
"""Whose record is complete for 365 days and says nothing, and by which span."""

POLICIES = {
    "unknown": ({}, dict.fromkeys(range(1, 8), (UNKNOWN, None))),
    "absent": ({"not_recorded": "absent"}, dict.fromkeys((1, 2, 3, 4, 7), (NOT_MET, None))),
    "complete": (
        {"not_recorded": "absent-if-complete", "look_back_days": 365},
        {each: (NOT_MET, f"{PERIOD}/{row}") for each, row in COVERED.items()},
    ),
}
"""What is said of whom; nothing of somebody is that it is not known."""


def observing(**fields):
    """Make a rule: LVEF below 50 %."""
    return ObservationRule(kind="observation", fact="lvef", unit="%", below=Decimal(50), **fields)


@pytest.mark.parametrize("pick", ["latest", "any"])
@pytest.mark.parametrize("policy", POLICIES)
def test_silence_is_told_by_its_policy(policy, pick):
    """A span of all the days asked says so; a result without a day is no silence."""
    fields, told = POLICIES[policy]
    rows = {"concept": UNITS, "measurement": RESULTS, PERIOD: SPANS}

    found = answers(observing(pick=pick, **fields), rows, TERMS)

    silent = {each: told.get(each, (UNKNOWN, None)) for each in range(1, 8)}
    answer = UNKNOWN if pick == "latest" else MET  # the undated one may be the newest
    assert found == silent | {6: (answer, f"measurement/{6 * 100 + LVEF}")}


def test_silence_about_a_test_is_told_by_its_policy():
    """Another test without a day does not speak of it."""
    fields, told = POLICIES["complete"]
    asked = FindingRule(kind="finding", fact="hiv", among=("positive",), **fields)
    rows = {"measurement": [undated(5, HIV), undated(7, OTHER)], PERIOD: SPANS}

    found = answers(asked, rows, TERMS)

    silent = {each: told.get(each, (UNKNOWN, None)) for each in range(1, 8)}
    assert found == silent | {6: (NOT_MET, f"{PERIOD}/61")}


@pytest.mark.parametrize(
    ("first_dose", "expected"),
    [
        (5, {1: (NOT_MET, f"{PERIOD}/11"), 2: (NOT_MET, f"{PERIOD}/21"), 3: (UNKNOWN, None)}),
        (-1, {1: (UNKNOWN, None), 2: (UNKNOWN, None), 3: (NOT_MET, f"{PERIOD}/31")}),
        (None, {1: (NOT_MET, f"{PERIOD}/11"), 2: (UNKNOWN, None), 3: (UNKNOWN, None)}),
    ],
)
def test_the_days_looked_back_are_counted_from_the_anchor(first_dose, expected):
    """From a first dose in five days, from one of yesterday, and from today where it is open."""
    fields, _ = POLICIES["complete"]
    known = {} if first_dose is None else {"first_dose": before(-first_dose)}
    anchors = {"anchor": "first_dose", "anchors": {"registration": DAY, **known}}

    found = answers(observing(**fields), {PERIOD: SPANS[:3]}, TERMS, **anchors)

    assert found == expected
