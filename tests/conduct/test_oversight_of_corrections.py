"""Corrections meet holds and verifications: the one stops them, the other they undo."""

import pytest
from tests.conduct.overseeing import by, sequence_of

from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.folding import fold
from trialwright.conduct.locking import data_point_state
from trialwright.conduct.locking_acts import DataPoint, Freeze, VerifySource
from trialwright.terms.errors import Refusal

FIELD = "payload/event/grade"


@pytest.fixture
def entered(history):
    """Give a trial with an adverse event, and the happening that holds it."""
    trial, day = history, max(each.happening.on for each in history.records)
    sequence = sequence_of(trial, "adverse_event_recorded", "P-1")
    return trial, day, sequence


def correction(trial, day, sequence):
    """Give the act that corrects a grade."""
    old = trial.records[sequence - 1].happening.payload["event"]["grade"]
    return Correct("P-1", day, sequence, FIELD, old, 1 if old != 1 else 2, "read wrong")


def test_a_corrected_value_is_verified_anew(entered):
    """The mark stands for the value that was compared with its source; others stay."""
    trial, day, sequence = entered
    term = "payload/event/term"
    verified = trial.live.oversight.verified.get("P-1", frozenset())
    points = tuple(
        DataPoint(sequence, field) for field in (FIELD, term) if (sequence, field) not in verified
    )
    trial.do(VerifySource("P-1", day, points), by("monitor"))
    assert data_point_state(trial.live, "P-1", sequence, FIELD) == "verified"

    trial.do(correction(trial, day, sequence), by("coordinator"))

    assert data_point_state(trial.live, "P-1", sequence, FIELD) == "entered"
    assert data_point_state(trial.live, "P-1", sequence, term) == "verified"
    again = fold(trial.live.study, trial.records)
    assert again.oversight.verified == trial.live.oversight.verified


def test_what_is_frozen_is_not_corrected(entered):
    """The hold is named; another data point of the same happening is not held."""
    trial, day, sequence = entered
    trial.do(Freeze("P-1", day, sequence=sequence, field=FIELD), by("monitor"))

    with pytest.raises(Refusal, match="frozen since"):
        trial.do(correction(trial, day, sequence), by("coordinator"))
