"""Data of a dose decision in the forms that people have, and the digest that anybody recomputes."""

import hashlib
import json

import pytest

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.observed import Observed, observed
from trialwright.escalation.outcomes import read_outcomes
from trialwright.escalation.participants import Treated
from trialwright.terms.errors import Fault, Refusal

PEOPLE = (
    Treated(participant="01-002", cohort=2, level=2, standing="pending", has_dlt=False, followed=9),
    Treated(participant="01-001", cohort=1, level=1, standing="evaluable", has_dlt=True, dlt_day=4),
)


def digest(value):
    """Give the SHA-256 of a value as sorted JSON without blanks."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_anybody_can_recompute_the_digest_of_the_data():
    """Counts as [evaluable, DLTs, pending], level and counts of the last cohort."""
    told = {"at": 2, "last": [2, 1, 1], "seen": [[3, 0, 0], [2, 1, 1], [0, 0, 0]]}

    assert observed("1NNN 2NTP", 3, 1).digest == digest(told)
    assert observed(None, 3, 2).digest == digest({"at": 2, "last": None, "seen": [[0, 0, 0]] * 3})


def test_follow_up_stands_in_a_digest_of_its_own():
    """By participant in the order of study numbers: level, standing, DLT, its day, days."""
    counts = {"at": 2, "last": [0, 0, 1], "seen": [[1, 1, 0], [0, 0, 1]]}
    people = [[1, "evaluable", True, 4, None], [2, "pending", False, None, 9]]

    found = observed(PEOPLE, 2, 1, 28)

    assert found.digest == digest(counts)
    assert found.digest_with_follow_up == digest({"counts": counts, "participants": people})


def test_participants_are_kept_by_study_number():
    """In whatever order they are given."""
    found = observed(PEOPLE, 2, 1, 28)

    assert [each.participant for each in found.participants] == ["01-001", "01-002"]
    assert found == observed(PEOPLE[::-1], 2, 1, 28)


def test_before_the_first_cohort_the_starting_level_is_asked_about():
    """From nothing, from an empty line, and from nobody."""
    empty = Observed((LevelCount(0, 0),) * 3, 2)

    assert observed(None, 3, 2) == observed("", 3, 2) == observed((), 3, 2) == empty
    assert observed(empty, 3, 1) is empty


def test_cohorts_of_another_ladder_are_refused():
    """Read for two levels, asked of a design with three."""
    with pytest.raises(Refusal) as refusal:
        observed(read_outcomes("1NNN", 2), 3, 1)

    assert refusal.value.faults == (
        Fault(
            "levels",
            "cohorts on a ladder of 2 dose levels",
            "3 dose levels",
            "Read the cohorts for the ladder of the design",
        ),
    )
