"""Cycle days and study days on the civil calendar."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.errors import Fault, Refusal
from trialwright.visits.cycles import (
    DayOfCycle,
    cycle_day_of,
    date_of,
    date_of_study_day,
    days_from_start,
    start_counted_back,
    study_day,
)

STARTS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
LENGTHS = st.integers(1, 60)


@pytest.mark.parametrize(
    ("start", "cycle", "day", "expected"),
    [
        ("2026-03-02", 1, 1, "2026-03-02"),
        ("2026-03-02", 1, 28, "2026-03-29"),
        ("2026-03-02", 2, 1, "2026-03-30"),
        ("2026-03-02", 3, 15, "2026-05-11"),
        ("2024-02-02", 1, 28, "2024-02-29"),
        ("2024-02-02", 2, 1, "2024-03-01"),
        ("2023-02-02", 1, 28, "2023-03-01"),
        ("2000-02-01", 2, 1, "2000-02-29"),
        ("2100-02-01", 2, 1, "2100-03-01"),
        ("2025-12-31", 1, 2, "2026-01-01"),
        ("2026-03-07", 1, 2, "2026-03-08"),
        ("2026-10-31", 1, 2, "2026-11-01"),
    ],
    ids=str,
)
def test_cycle_days_fall_on_these_dates(start, cycle, day, expected):
    """A cycle day is counted on the calendar, over leap days, year ends and clock changes."""
    on = date_of(date.fromisoformat(start), cycle, day, 28)

    assert on == date.fromisoformat(expected)


@given(STARTS, st.integers(1, 60), LENGTHS, st.data())
def test_dates_and_cycle_days_are_inverse(start, cycle, cycle_days, data):
    """The cycle day of the date of a cycle day is that cycle day."""
    day = data.draw(st.integers(1, cycle_days))

    on = date_of(start, cycle, day, cycle_days)

    assert cycle_day_of(start, on, cycle_days) == DayOfCycle(cycle, day)


@given(STARTS, LENGTHS, st.integers(0, 3000))
def test_the_day_after_is_the_next_cycle_day(start, cycle_days, passed):
    """One day later is the next day of the cycle, or day 1 of the next cycle."""
    on = start + timedelta(days=passed)

    today, tomorrow = (
        cycle_day_of(start, each, cycle_days) for each in (on, on + timedelta(days=1))
    )

    is_last = today.day == cycle_days
    assert tomorrow == (
        DayOfCycle(today.cycle + 1, 1) if is_last else DayOfCycle(today.cycle, today.day + 1)
    )


@given(STARTS, st.integers(1, 60), LENGTHS)
def test_cycles_begin_a_cycle_length_apart(start, cycle, cycle_days):
    """Day 1 of a cycle lies exactly its length before day 1 of the next."""
    gap = date_of(start, cycle + 1, 1, cycle_days) - date_of(start, cycle, 1, cycle_days)

    assert gap.days == cycle_days


@given(STARTS, STARTS)
def test_study_days_have_no_day_zero_and_turn_back(first_dose, on):
    """A study day is never 0, and names its date."""
    day = study_day(first_dose, on)

    assert day != 0
    assert date_of_study_day(first_dose, day) == on


@pytest.mark.parametrize(
    ("on", "day"),
    [("2026-03-02", 1), ("2026-03-03", 2), ("2026-03-01", -1), ("2026-02-28", -2)],
)
def test_study_day_one_is_the_first_dose(on, day):
    """Day 1 is the first dose, and the day before it is day -1."""
    first_dose = date(2026, 3, 2)

    assert study_day(first_dose, date.fromisoformat(on)) == day
    assert date_of_study_day(first_dose, day) == date.fromisoformat(on)


def test_study_day_zero_is_refused():
    """There is no study day 0."""
    with pytest.raises(Refusal) as refused:
        date_of_study_day(date(2026, 3, 2), 0)

    assert refused.value.faults == (
        Fault(
            "day",
            "study day 0",
            "day 1 (the first dose) or later, day -1 or earlier",
            "Correct the study day",
        ),
    )


def test_cycle_days_are_said_as_in_clinics():
    """A cycle day reads C1D15."""
    assert str(DayOfCycle(1, 15)) == "C1D15"


def test_days_from_start_counts_from_zero():
    """C1D1 is no day away from itself, and C2D1 a whole cycle."""
    assert [days_from_start(1, 1, 28), days_from_start(1, 2, 28)] == [0, 1]
    assert days_from_start(2, 1, 28) == 28


@pytest.mark.parametrize("day", [0, -1, 29, 400])
def test_a_day_outside_the_cycle_is_refused(day):
    """A cycle of 28 days has no other days than 1 to 28."""
    with pytest.raises(Refusal) as refused:
        date_of(date(2026, 3, 2), 1, day, 28)

    fault = Fault(
        "day", f"day {day} is not in the cycle", "1 to 28", "Correct the day of the cycle"
    )
    assert refused.value.faults == (fault,)


@pytest.mark.parametrize("cycle", [0, -1])
def test_a_cycle_before_the_first_is_refused(cycle):
    """Cycles count from 1; the day is not judged in a cycle that is none."""
    with pytest.raises(Refusal) as refused:
        date_of(date(2026, 3, 2), cycle, 99, 28)

    assert refused.value.faults == (
        Fault("cycle", f"cycle {cycle}", "1 or later", "Correct the cycle"),
    )


def test_all_faults_of_a_cycle_day_are_named_at_once():
    """A length that is none and a cycle that is none are both named."""
    with pytest.raises(Refusal) as refused:
        date_of(date(2026, 3, 2), 0, 1, 0)

    assert refused.value.faults == (
        Fault(
            "cycle_days", "a cycle of 0 days", "1 day or more", "Correct the length of the cycle"
        ),
        Fault("cycle", "cycle 0", "1 or later", "Correct the cycle"),
    )


def test_a_date_before_the_first_day_has_no_cycle_day():
    """Before C1D1 there is no cycle, so the date is refused along with a length that is none."""
    with pytest.raises(Refusal) as refused:
        cycle_day_of(date(2026, 3, 2), date(2026, 3, 1), -1)

    assert refused.value.faults == (
        Fault(
            "cycle_days", "a cycle of -1 days", "1 day or more", "Correct the length of the cycle"
        ),
        Fault(
            "on",
            "2026-03-01 lies before C1D1",
            "2026-03-02 or later",
            "Ask for its study day instead",
        ),
    )


def test_a_date_outside_the_calendar_is_refused():
    """No date after the year 9999 is made up."""
    with pytest.raises(Refusal, match="outside the calendar"):
        date_of(date(9999, 12, 31), 1, 2, 28)


@given(STARTS, st.integers(1, 30), LENGTHS, st.integers(0, 40))
def test_a_delayed_cycle_moves_what_follows(start, cycle, cycle_days, delay):
    """Counted back from a delayed cycle, that cycle and the next are delayed by as much."""
    begun = date_of(start, cycle, 1, cycle_days) + timedelta(days=delay)

    anew = start_counted_back(begun, cycle, cycle_days)

    assert date_of(anew, cycle, 1, cycle_days) == begun
    assert (date_of(anew, cycle + 1, 1, cycle_days) - begun).days == cycle_days


SCRIPT = """
from datetime import date
from trialwright.visits.cycles import cycle_day_of, date_of, study_day
for start in (date(2011, 12, 5), date(2026, 2, 16), date(2026, 10, 19), date(2024, 2, 2)):
    for cycle in range(1, 14):
        for day in range(1, 29):
            on = date_of(start, cycle, day, 28)
            print(on, cycle_day_of(start, on, 28), study_day(start, on))
"""


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/New_York", "Australia/Lord_Howe"])
def test_dates_do_not_depend_on_the_time_zone(zone):
    """Apia skipped 30 December 2011, New York has 23-hour days: civil dates do not care."""
    printed = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "TZ": name},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in (zone, "UTC")
    ]

    assert printed[0] == printed[1]
    assert "2011-12-30 C1D26 26" in printed[0]
