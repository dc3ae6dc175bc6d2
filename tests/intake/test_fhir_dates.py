"""The civil day is the one written, in its own offset."""

from datetime import date

import pytest

from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import between, civil, period
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2026-03", "2026-03"),
        ("2026", "2026"),
        ("2026-03-02T23:40:00-05:00", "2026-03-02"),
        ("2026-03-02T00:10:00+14:00", "2026-03-02"),
        ("2026-03-02T04:31:18.891505+00:00", "2026-03-02"),
        ("2026-03-02T23:59:60Z", "2026-03-02"),
        ("2026-03-02T09:30", "2026-03-02"),
    ],
)
def test_the_day_as_written_holds(written, day):
    """No time zone is converted; a partial date stays partial."""
    assert str(civil(Element({"on": written}, "here"), "on")) == day


@pytest.mark.parametrize(
    "written",
    ["02/03/2026", "2026-13", "2026-02-30", "20260302", "2026-03-02 09:30", "2026-03T09:30", "May"],
)
def test_what_is_no_date_is_refused_without_its_digits(written):
    """Other orders are never guessed, and no digit is shown."""
    with pytest.raises(Refusal) as caught:
        civil(Element({"on": written}, "here"), "on")

    assert caught.value.faults[0].where == "here.on"
    assert written not in caught.value.faults[0].found


def test_a_period_is_the_interval_of_its_days():
    """A urine collection over midnight is of both days; one within a day is of that day."""
    over_midnight = period(
        Element({"start": "2026-03-01T20:00:00Z", "end": "2026-03-02T20:00:00Z"}, "here")
    )
    within = period(
        Element({"start": "2026-03-01T08:00:00Z", "end": "2026-03-01T20:00:00Z"}, "here")
    )

    assert (over_midnight.earliest, over_midnight.latest) == (date(2026, 3, 1), date(2026, 3, 2))
    assert str(over_midnight) == "2026-03-01/2026-03-02"
    assert str(within) == "2026-03-01"


@pytest.mark.parametrize(
    "ends", [{"start": "2026-03-02"}, {"end": "2026-03-02"}, {"start": "2026", "end": "2025"}]
)
def test_a_period_without_both_ends_in_order_is_refused(ends):
    """An open period is no day of a measurement."""
    with pytest.raises(Refusal):
        period(Element(ends, "here"))


def test_a_day_of_known_bounds_is_written_as_an_interval():
    """An open side is written with two dots."""
    known = date(2026, 3, 2)

    assert str(between(known, None)) == "2026-03-02/.."
    assert str(between(None, known)) == "../2026-03-02"
    assert str(between(known, known)) == "2026-03-02"
    assert between(None, None).latest == date.max
