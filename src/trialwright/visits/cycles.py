"""Cycle days, study days and civil dates.

Days are counted on the civil calendar: no clock time, no time zone, no daylight saving. Instants
28 civil days apart can lie 27 days and 23 hours apart, so no instant is ever subtracted here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trialwright.terms.dates import days_after
from trialwright.terms.errors import Fault, Refusal, refuse


@dataclass(frozen=True, slots=True, order=True)
class DayOfCycle:
    """A day of a treatment cycle, both counted from 1.

    Attributes
    ----------
    cycle, day : int
        `C1D1` is the first day of treatment.
    """

    cycle: int
    day: int

    def __str__(self) -> str:
        """Say it as clinics do, e.g. `C1D15`."""
        return f"C{self.cycle}D{self.day}"


def days_from_start(cycle: int, day: int, cycle_days: int) -> int:
    """Count the days from C1D1 to a cycle day.

    Parameters
    ----------
    cycle, day : int
        Counted from 1.
    cycle_days : int, days
        Length of a cycle.

    Returns
    -------
    int, days
        0 for C1D1 itself.

    Raises
    ------
    Refusal
        If the cycle has no such day.
    """
    faults = [*_length_faults(cycle_days)]
    if cycle < 1:
        faults.append(Fault("cycle", f"cycle {cycle}", "1 or later", "Correct the cycle"))
    if not faults and not 1 <= day <= cycle_days:
        found, allowed = f"day {day} is not in the cycle", f"1 to {cycle_days}"
        faults.append(Fault("day", found, allowed, "Correct the day of the cycle"))
    if faults:
        raise Refusal(faults)
    return (cycle - 1) * cycle_days + day - 1


def date_of(start: date, cycle: int, day: int, cycle_days: int) -> date:
    """Give the civil date of a cycle day.

    Parameters
    ----------
    start : date
        C1D1.
    cycle, day : int
        Counted from 1.
    cycle_days : int, days
        Length of a cycle.

    Returns
    -------
    date
        With every cycle before it at full length.

    Raises
    ------
    Refusal
        If the cycle has no such day, or the date lies outside the calendar.
    """
    return days_after(start, days_from_start(cycle, day, cycle_days))


def cycle_day_of(start: date, on: date, cycle_days: int) -> DayOfCycle:
    """Give the cycle day of a civil date: the inverse of `date_of`.

    Parameters
    ----------
    start : date
        C1D1.
    on : date
        C1D1 or later.
    cycle_days : int, days
        Length of a cycle.

    Returns
    -------
    DayOfCycle
        With every cycle before it at full length.

    Raises
    ------
    Refusal
        If the date lies before C1D1, or the length is no length.
    """
    faults = [*_length_faults(cycle_days)]
    if on < start:
        faults.append(
            Fault(
                "on",
                f"{on.isoformat()} lies before C1D1",
                f"{start.isoformat()} or later",
                "Ask for its study day instead",
            )
        )
    if faults:
        raise Refusal(faults)
    cycle, day = divmod((on - start).days, cycle_days)
    return DayOfCycle(cycle + 1, day + 1)


def start_counted_back(begun: date, cycle: int, cycle_days: int) -> date:
    """Give the C1D1 to calculate with when a cycle began on another day than planned.

    A delayed cycle moves all that follow it; with this start, `date_of` gives their dates.

    Parameters
    ----------
    begun : date
        Day 1 of the cycle as it was.
    cycle : int
        That cycle, counted from 1.
    cycle_days : int, days
        Length of a cycle.

    Returns
    -------
    date
        For this cycle and later ones only; earlier cycles keep their own dates.

    Raises
    ------
    Refusal
        If the cycle or the length is none, or the date lies outside the calendar.
    """
    return days_after(begun, -days_from_start(cycle, 1, cycle_days))


def study_day(first_dose: date, on: date) -> int:
    """Count the study day: day 1 is the first dose, the day before it is day -1.

    Parameters
    ----------
    first_dose : date
        Day 1.
    on : date
        Any day.

    Returns
    -------
    int, study days
        Never 0.
    """
    days = (on - first_dose).days
    return days if days < 0 else days + 1


def date_of_study_day(first_dose: date, day: int) -> date:
    """Give the civil date of a study day: the inverse of `study_day`.

    Parameters
    ----------
    first_dose : date
        Day 1.
    day : int, study days
        Any number but 0.

    Returns
    -------
    date
        The civil date.

    Raises
    ------
    Refusal
        If the day is 0, or the date lies outside the calendar.
    """
    if day == 0:
        allowed = "day 1 (the first dose) or later, day -1 or earlier"
        raise refuse("day", "study day 0", allowed, "Correct the study day")
    return days_after(first_dose, day if day < 0 else day - 1)


def _length_faults(cycle_days: int) -> Iterator[Fault]:
    """Refuse a cycle without days."""
    if cycle_days < 1:
        found = f"a cycle of {cycle_days} days"
        yield Fault("cycle_days", found, "1 day or more", "Correct the length of the cycle")
