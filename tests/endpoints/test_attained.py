"""Objective response, clinical benefit and duration of response."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from trialwright.casebook.tumours import Response
from trialwright.endpoints.attained import (
    clinical_benefit,
    duration_of_response,
    objective_response,
)
from trialwright.endpoints.follow_up import Assessed, FollowUp
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.protocol.response_settings import ResponseSettings

DAY_1 = date(2026, 1, 1)
RESPONSE = ResponseSettings(
    measurable_conventional_mm=Decimal(20), measurable_spiral_mm=Decimal(10), bone_only_allowed=True
)
SD = Response.SD


def _on(day):
    """Give the date of a study day."""
    return None if day is None else DAY_1 + timedelta(day - 1)


def _follow(*assessed, cutoff=2000, died=None, therapy=None):
    """Give a follow-up from (day, response) pairs and study days."""
    seen = tuple(Assessed(_on(day), Response(word)) for day, word in assessed)
    return FollowUp(DAY_1, _on(cutoff), seen, died=_on(died), new_therapy=_on(therapy))


def _benefit(follow_up, best=SD, **settings):
    """Ask for clinical benefit."""
    found = clinical_benefit(follow_up, best, "best.", RESPONSE, EndpointSettings(**settings))
    return found.answer


def test_shared_cases_of_benefit_agree(shared):
    """Every published case that speaks of clinical benefit."""
    path = shared / "reference" / "recist" / "endpoint_cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    asked = [case for case in cases if "clinical_benefit" in case["expected"]]
    for case in asked:
        seen = [(one["day"], one["overall"]) for one in case["input"]["assessments"]]
        assert case["input"]["cbr_min_days"] == 7 * RESPONSE.clinical_benefit_weeks
        found = _benefit(_follow(*seen, therapy=case["input"]["new_therapy_day"]))
        assert (found == "yes") is case["expected"]["clinical_benefit"], case["id"]

    assert asked


@pytest.mark.parametrize(
    ("follow_up", "window", "answer"),
    [
        (_follow((169, "SD")), 0, "yes"),
        (_follow((168, "SD")), 0, "not yet"),
        (_follow((165, "SD")), 4, "yes"),
        (_follow((165, "SD")), 3, "not yet"),
        (_follow((113, "SD"), (169, "PD")), 0, "no"),
        (_follow((113, "SD"), (169, "NE")), 0, "not yet"),
        (_follow((113, "SD"), (169, "NE"), (225, "SD")), 0, "yes"),
        (_follow((169, "NON-CR/NON-PD")), 0, "yes"),
        (_follow((169, "SD"), therapy=168), 0, "no"),
        (_follow((169, "SD"), therapy=169), 0, "yes"),
        (_follow((113, "SD"), died=150), 0, "no"),
        (_follow((169, "SD"), cutoff=168), 0, "not yet"),
        (_follow((57, "PD"), (169, "SD")), 0, "no"),
        (_follow(), 0, "not yet"),
    ],
)
def test_benefit_needs_a_visit_without_progression_at_24_weeks(follow_up, window, answer):
    """168 days after day 1, less the window of the visit; bone-only disease too."""
    assert _benefit(follow_up, clinical_benefit_window_days=window) == answer


@pytest.mark.parametrize("best", ["CR", "PR"])
def test_a_response_is_a_benefit_whenever_it_was(best):
    """CR and PR need no 24 weeks."""
    early = _follow((29, best), (57, "PD"))

    assert _benefit(early, Response(best)) == "yes"
    assert objective_response(early, Response(best), "x").answer == "yes"


def test_a_course_that_goes_on_may_still_respond():
    """SD at the cutoff is not yet a response; after PD it never is, and the reason says so."""
    going = objective_response(_follow((57, "SD")), SD, "SD.")
    ended = objective_response(_follow((57, "SD"), (113, "PD")), SD, "SD.")

    assert (going.answer, ended.answer) == ("not yet", "no")
    assert "progression on 2026-04-23" in ended.because


@pytest.mark.parametrize(
    ("follow_up", "outcome", "days"),
    [
        (_follow((57, "SD"), (113, "PR"), (169, "PD")), "event", 57),
        (_follow((113, "PR"), (169, "PR")), "censored", 57),
        (_follow((113, "PR"), died=120), "event", 8),
        (_follow((113, "PR"), (169, "PR"), (225, "PD"), therapy=200), "censored", 57),
        (_follow((113, "PR")), "censored", 1),
    ],
)
def test_a_response_lasts_from_its_first_day(follow_up, outcome, days):
    """From day 113 to progression or death, by the censoring rules of PFS."""
    found = duration_of_response(follow_up, _on(113), 56, EndpointSettings())

    assert (found.endpoint, found.outcome, found.days) == ("duration of response", outcome, days)
