"""Endpoint settings: stated defaults, and what they refuse."""

import pytest
from pydantic import ValidationError

from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.protocol.endpoint_settings import EndpointSettings


def test_the_defaults_are_marked_as_not_from_the_registry():
    """No registry page states censoring rules, so the label is shown beside them."""
    settings = EndpointSettings()

    assert settings.label == ILLUSTRATIVE
    assert (settings.missed_assessments, settings.new_therapy) == (2, "censor")


@pytest.mark.parametrize(
    "wrong",
    [
        {"missed_assessments": 0},
        {"missed_assessments": 2.0},
        {"assessment_window_days": -1},
        {"new_therapy": "event"},
        {"unknown": 1},
    ],
)
def test_settings_that_mean_nothing_are_refused(wrong):
    """Zero missed assessments, negative windows and unknown words are faults."""
    with pytest.raises(ValidationError):
        EndpointSettings(**wrong)
