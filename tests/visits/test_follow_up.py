"""What is due after the last dose."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.protocol.schedule import FollowUp, Obligation
from trialwright.terms.errors import Fault, Refusal
from trialwright.visits.follow_up import (
    Duty,
    FollowUpVisit,
    duties,
    follow_up_calendar,
    months_after,
)

EVERY_3_MONTHS = FollowUp(first_after_days=30, then_every_months=3)


def day(text):
    """Read an ISO date, or None."""
    return text and date.fromisoformat(text)


@pytest.mark.parametrize(
    ("last_dose", "until", "expected"),
    [
        ("2026-01-01", "2026-01-30", []),
        ("2026-01-01", "2026-01-31", ["2026-01-31"]),
        ("2026-01-01", "2026-04-29", ["2026-01-31"]),
        ("2026-01-01", "2026-04-30", ["2026-01-31", "2026-04-30"]),
        (
            "2026-01-01",
            "2027-01-31",
            ["2026-01-31", "2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"],
        ),
        ("2023-10-31", "2024-03-01", ["2023-11-30", "2024-02-29"]),
        ("2022-10-31", "2023-03-01", ["2022-11-30", "2023-02-28"]),
        ("2024-01-30", "2024-05-29", ["2024-02-29", "2024-05-29"]),
    ],
)
def test_visits_follow_the_last_dose(last_dose, until, expected):
    """Thirty days after the last dose, then every third month by the day of the month."""
    visits = follow_up_calendar(EVERY_3_MONTHS, day(last_dose), day(until))

    assert [visit.on.isoformat() for visit in visits] == expected


def test_a_visit_says_how_its_day_was_counted():
    """Each visit names its count, and a clamped day of the month is stated."""
    follow_up = FollowUp(first_after_days=30, then_every_months=3, origin="not_in_registry")

    visits = follow_up_calendar(follow_up, date(2026, 1, 1), date(2026, 7, 31))

    label = "illustrative, not from the registry"
    counted = "months after the safety visit planned on 2026-01-31"
    clamped = f"3 {counted}; that month has no day 31, so its last day is taken"
    assert visits == (
        FollowUpVisit(
            date(2026, 1, 31), "safety visit", label, "30 days after the last dose on 2026-01-01"
        ),
        FollowUpVisit(date(2026, 4, 30), "follow-up", label, clamped),
        FollowUpVisit(date(2026, 7, 31), "follow-up", label, f"6 {counted}"),
    )


def test_what_the_registry_states_carries_no_label():
    """The registry page states 30 days and 3 months."""
    visits = follow_up_calendar(EVERY_3_MONTHS, date(2026, 1, 1), date(2027, 1, 1))

    assert {visit.label for visit in visits} == {""}


def test_follow_up_reaches_the_end_of_the_calendar():
    """The last visits before the end of the calendar are planned without a step beyond it."""
    monthly = FollowUp(first_after_days=30, then_every_months=1)

    quarterly = follow_up_calendar(EVERY_3_MONTHS, date(9999, 8, 31), date.max)
    every_month = follow_up_calendar(monthly, date(9998, 10, 31), date.max)

    assert [visit.on.isoformat() for visit in quarterly] == ["9999-09-30", "9999-12-30"]
    assert len(every_month) == 14
    assert every_month[-1].on == date(9999, 12, 30)


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.integers(1, 60),
    st.integers(1, 24),
)
def test_months_never_drift(last_dose, step, times):
    """Whatever months are short, the day of the month is that of the safety visit or the last."""
    follow_up = FollowUp(first_after_days=30, then_every_months=step)
    last = months_after(last_dose, step * times + 2)

    visits = follow_up_calendar(follow_up, last_dose, last)

    first = visits[0].on
    assert (first - last_dose).days == 30
    for number, visit in enumerate(visits):
        month = visit.on.year * 12 + visit.on.month - first.year * 12 - first.month
        assert month == step * number
        assert visit.on.day == min(first.day, calendar.monthrange(visit.on.year, visit.on.month)[1])
    assert visits[-1].on <= last < months_after(visits[-1].on, step + 1)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31", 0, "2026-01-31"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2100-01-31", 1, "2100-02-28"),
        ("2026-01-31", 11, "2026-12-31"),
        ("2026-01-31", 12, "2027-01-31"),
        ("2026-12-15", 1, "2027-01-15"),
        ("9999-11-30", 1, "9999-12-30"),
    ],
)
def test_months_are_counted_on_the_calendar(start, months, expected):
    """The same day of the month, or the last day of a shorter month."""
    assert months_after(day(start), months) == day(expected)


@pytest.mark.parametrize(("start", "months"), [("9999-12-01", 1), ("2026-03-31", 96_000)])
def test_months_outside_the_calendar_are_refused(start, months):
    """No month after the year 9999 is made up."""
    with pytest.raises(Refusal) as refused:
        months_after(day(start), months)

    assert refused.value.faults == (
        Fault(
            "date", f"{months} months from {start}", "years 1 to 9999", "Check the number of months"
        ),
    )


def test_the_first_year_of_the_calendar_is_allowed():
    """The calendar begins with the year 1."""
    assert months_after(date(1, 1, 31), 1) == date(1, 2, 28)


CONTRACEPTION = Obligation(
    id="contraception",
    says="Highly effective contraception",
    criterion="E12",
    starts="first_dose",
    weeks_after_last_dose=8,
)
COUNSELLING = Obligation(
    id="counselling",
    says="Counselling on medicines",
    criterion="E04",
    starts="consent",
    origin="not_in_registry",
)


def test_duties_end_weeks_after_the_last_dose():
    """Eight weeks after the last dose are 56 days; a duty without weeks ends with that dose."""
    dated = duties(
        [CONTRACEPTION, COUNSELLING],
        consented=date(2026, 1, 5),
        registered=date(2026, 1, 12),
        first_dose=date(2026, 1, 19),
        last_dose=date(2026, 6, 1),
    )

    assert dated == (
        Duty(
            obligation="contraception",
            says="Highly effective contraception",
            from_on=date(2026, 1, 19),
            until_on=date(2026, 7, 27),
            label="",
            because=(
                "criterion E12: from first dose on 2026-01-19, "
                "until 8 weeks after the last dose on 2026-06-01"
            ),
        ),
        Duty(
            obligation="counselling",
            says="Counselling on medicines",
            from_on=date(2026, 1, 5),
            until_on=date(2026, 6, 1),
            label="illustrative, not from the registry",
            because="criterion E04: from consent on 2026-01-05, until the last dose on 2026-06-01",
        ),
    )


@pytest.mark.parametrize(
    ("starts", "expected"),
    [("consent", "2026-01-05"), ("registration", "2026-01-12"), ("first_dose", "2026-01-19")],
)
def test_duties_begin_where_the_protocol_says(starts, expected):
    """Consent, registration and first dose are three different days."""
    duty = COUNSELLING.model_copy(update={"starts": starts})

    dated = duties(
        [duty],
        consented=date(2026, 1, 5),
        registered=date(2026, 1, 12),
        first_dose=date(2026, 1, 19),
        last_dose=None,
    )

    assert dated[0].from_on == day(expected)
    assert dated[0].until_on is None


def test_a_duty_that_has_not_begun_has_no_first_day():
    """While treatment has neither begun nor ended, both days are open."""
    dated = duties(
        [CONTRACEPTION],
        consented=date(2026, 1, 5),
        registered=None,
        first_dose=None,
        last_dose=None,
    )

    assert (dated[0].from_on, dated[0].until_on) == (None, None)
    assert dated[0].because == (
        "criterion E12: from first dose, not yet, until 8 weeks after the last dose"
    )
