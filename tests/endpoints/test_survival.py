"""Overall survival: death, or the last day known alive."""

from datetime import date, timedelta

import pytest

from trialwright.casebook.tumours import Response
from trialwright.endpoints.follow_up import Assessed, FollowUp
from trialwright.endpoints.survival import overall_survival

DAY_1 = date(2026, 1, 1)


def _on(day):
    """Give the date of a study day."""
    return None if day is None else DAY_1 + timedelta(day - 1)


@pytest.mark.parametrize(
    ("died", "last_alive", "scan", "cutoff", "answer"),
    [
        (130, 130, None, 500, ("event", 130)),
        (1, None, None, 500, ("event", 1)),
        (None, 300, None, 500, ("censored", 300)),
        (None, 300, 57, 500, ("censored", 300)),
        (None, 40, 57, 500, ("censored", 57)),
        (None, None, None, 500, ("censored", 1)),
        (None, 300, None, 200, ("censored", 200)),
        (300, None, None, 200, ("censored", 200)),
        (200, None, None, 200, ("event", 200)),
    ],
)
def test_survival_ends_with_death_or_the_last_sign_of_life(died, last_alive, scan, cutoff, answer):
    """Any dated fact of the participant is a sign of life; nothing counts after the cutoff."""
    scans = (Assessed(_on(scan), Response.SD),) if scan else ()
    follow_up = FollowUp(DAY_1, _on(cutoff), scans, died=_on(died), last_alive=_on(last_alive))

    found = overall_survival(follow_up)

    assert (found.outcome, found.days) == answer
    assert f"on day {found.days}: " in found.because


def test_the_reason_names_the_last_sign_of_life():
    """The sentence says from what the participant is known to be alive."""
    found = overall_survival(FollowUp(DAY_1, _on(500), new_therapy=_on(90)))

    assert f"known alive from the start of new therapy on {_on(90)}" in found.because


@pytest.mark.parametrize(("last", "said"), [(200, "last known alive"), (201, "alive at the data")])
def test_only_a_sign_of_life_after_the_cutoff_proves_life_at_it(last, said):
    """A contact on the cutoff itself is the last one known."""
    found = overall_survival(FollowUp(DAY_1, _on(200), last_alive=_on(last)))

    assert found.days == 200
    assert said in found.because
