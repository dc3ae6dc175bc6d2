"""Planned assessments with their windows, and where a date falls.

Assessments that recur by weeks count from C1D1, so the first is due after one interval; what is
examined before the first dose belongs to screening.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from trialwright.protocol.arms import Arm
from trialwright.protocol.schedule import Assessment
from trialwright.terms.dates import PartialDate, days_after
from trialwright.terms.verdicts import Answer, Finding
from trialwright.visits.cycles import DayOfCycle, cycle_day_of, date_of
from trialwright.visits.dosing_days import cycles_in_words, cycles_wanted


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One assessment that the protocol plans.

    Attributes
    ----------
    assessment : str
        Id of the assessment.
    says : str
        What is examined.
    on : date
        The planned day.
    earliest, latest : date
        First and last allowed day, both included.
    cycle, day : int
        Cycle and day of the cycle of the planned day, counted from 1.
    label : str
        `illustrative, ...` when the registry page states no such visit or window; else empty.
    because : str
        Which line of the protocol made this date, and its window.
    """

    assessment: str
    says: str
    on: date
    earliest: date
    latest: date
    cycle: int
    day: int
    label: str
    because: str


def visit_calendar(
    assessments: Iterable[Assessment],
    arm: Arm,
    cycle_days: int,
    start: date,
    cycles: int | range,
) -> tuple[PlannedVisit, ...]:
    """Lay out the planned assessments of one participant.

    Parameters
    ----------
    assessments : iterable of Assessment
        The study's; those of other arms are left out.
    arm : Arm
        The participant's arm.
    cycle_days : int, days
        Length of a cycle.
    start : date
        C1D1.
    cycles : int or range
        A number of cycles from the first, or the cycles wanted.

    Returns
    -------
    tuple of PlannedVisit
        By planned date; on one date in the order of the protocol.

    Raises
    ------
    Refusal
        If the cycles hold none, an assessment names a day past the end of the cycle, or a date
        lies outside the calendar.
    """
    wanted = cycles_wanted(cycles, start, cycle_days)
    visits = [
        _visit(assessment, arm, at, on, timing)
        for assessment in assessments
        if not assessment.arms or arm.id in assessment.arms
        for at, on, timing in _planned(assessment, wanted, start, cycle_days)
    ]
    return tuple(sorted(visits, key=lambda visit: visit.on))


def within_window(visit: PlannedVisit, on: PartialDate) -> Finding:
    """Say whether an assessment was done within its window.

    Parameters
    ----------
    visit : PlannedVisit
        The planned visit it was done for.
    on : PartialDate
        When it was done.

    Returns
    -------
    Finding
        Met: in window. Not met: out of window, with the number of days. Unknown: the date is not
        known to the day, and some of the days it may mean lie outside.
    """
    span = f"{visit.earliest.isoformat()} to {visit.latest.isoformat()}"
    planned = f"{visit.assessment} planned on {visit.on.isoformat()}, window {span}"
    if on.latest < visit.earliest:
        early = _days_in_words((visit.earliest - on.latest).days, on)
        return Finding(Answer.NOT_MET, f"out of window: {on} is {early} too early; {planned}")
    if on.earliest > visit.latest:
        late = _days_in_words((on.earliest - visit.latest).days, on)
        return Finding(Answer.NOT_MET, f"out of window: {on} is {late} too late; {planned}")
    if visit.earliest <= on.earliest and on.latest <= visit.latest:
        return Finding(Answer.MET, f"in window: {on}; {planned}")
    because = f"{on} may lie inside or outside: the day is not known; {planned}"
    return Finding(Answer.UNKNOWN, because, missing=("the day of the assessment",))


def nearest_visit(visits: Iterable[PlannedVisit], assessment: str, on: date) -> PlannedVisit | None:
    """Give the planned visit that an assessment done on a day most likely answers.

    Parameters
    ----------
    visits : iterable of PlannedVisit
        From `visit_calendar`.
    assessment : str
        Id of the assessment.
    on : date
        When it was done.

    Returns
    -------
    PlannedVisit or None
        The one in whose window the day lies, else the nearest planned day, the earlier one of
        two at equal distance; None when none is planned.
    """
    planned = [visit for visit in visits if visit.assessment == assessment]
    return min(
        planned,
        key=lambda visit: (not visit.earliest <= on <= visit.latest, abs(on - visit.on), visit.on),
        default=None,
    )


def _planned(
    assessment: Assessment, cycles: range, start: date, cycle_days: int
) -> Iterator[tuple[DayOfCycle, date, str]]:
    """Lay out the days of one assessment, each with its timing in words."""
    if assessment.every_weeks is None:
        for cycle in cycles:
            if assessment.cycles.holds(cycle):
                for day in sorted(assessment.days):
                    at = DayOfCycle(cycle, day)
                    timing = f"{at}, day {day} of {cycles_in_words(assessment.cycles)}"
                    yield at, date_of(start, cycle, day, cycle_days), timing
        return
    for week in count(assessment.every_weeks, assessment.every_weeks):
        cycle = (7 * week) // cycle_days + 1
        if cycle > max(cycles):
            return
        if cycle in cycles:
            on = days_after(start, 7 * week)
            timing = f"week {week}, every {_weeks(assessment.every_weeks)} from C1D1"
            yield cycle_day_of(start, on, cycle_days), on, timing


def _visit(assessment: Assessment, arm: Arm, at: DayOfCycle, on: date, timing: str) -> PlannedVisit:
    """Make one planned visit with its window and reason."""
    window = assessment.window
    label = assessment.label or window.label
    because = (
        f"{timing}: arm {arm.id}, assessment {assessment.id} ({assessment.says}), "
        f"window -{window.before_days}/+{window.after_days} days"
    )
    return PlannedVisit(
        assessment=assessment.id,
        says=assessment.says,
        on=on,
        earliest=days_after(on, -window.before_days),
        latest=days_after(on, window.after_days),
        cycle=at.cycle,
        day=at.day,
        label=label,
        because=f"{because}; {label}" if label else because,
    )


def _weeks(weeks: int) -> str:
    """Say an interval in weeks."""
    return "week" if weeks == 1 else f"{weeks} weeks"


def _days_in_words(days: int, on: PartialDate) -> str:
    """Say how many days a date is off; at least so many when its day is not known."""
    plural = "1 day" if days == 1 else f"{days} days"
    return plural if on.is_complete else f"at least {plural}"
