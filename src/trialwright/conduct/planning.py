"""Which visits are planned for a participant, with every delay and hold that is recorded."""

import re
from dataclasses import replace
from datetime import date

from trialwright.conduct.clinical_acts import DelayCycle
from trialwright.conduct.course import PlannedWindow
from trialwright.conduct.holds import doses_if_held, held_days
from trialwright.conduct.state import ParticipantState, TrialState, changed
from trialwright.visits.cycle_starts import CycleStart, cycle_starts
from trialwright.visits.cycles import start_counted_back
from trialwright.visits.windows import PlannedVisit, visit_calendar

WEEK = re.compile(r"W([0-9]+)")
"""Code of a visit that recurs by weeks."""

CYCLE_DAY = re.compile(r"C([0-9]+)D([0-9]+)")
"""Code of a visit on a day of a cycle."""


def planned_visits(
    state: TrialState, here: ParticipantState, cycles: int
) -> tuple[PlannedVisit, ...]:
    """Lay out the visits on treatment of a participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    cycles : int
        How many cycles, from the first.

    Returns
    -------
    tuple of PlannedVisit
        By planned day, each with what made it; empty while no first dose is planned. Assessments
        by days of the cycle move with their cycle; those by weeks count from C1D1.
    """
    starts, arm = starts_of(state, here, cycles + 1), state.study.arm(here.arm)
    if not starts or arm is None:
        return ()
    length = state.study.cycle_days
    by_days = [each for each in state.study.assessments if each.every_weeks is None]
    by_weeks = [each for each in state.study.assessments if each.every_weeks is not None]
    visits = [*visit_calendar(by_weeks, arm, length, starts[0].on, cycles)]
    for begun in starts[:cycles]:
        anew = start_counted_back(begun.on, begun.cycle, length)
        one = range(begun.cycle, begun.cycle + 1)
        visits += [
            replace(each, because=f"{each.because}; {begun.because}")
            for each in visit_calendar(by_days, arm, length, anew, one)
            if each.on < starts[begun.cycle].on  # else the next cycle cut it short
        ]
    return tuple(sorted(visits, key=lambda each: each.on))


def starts_of(state: TrialState, here: ParticipantState, cycles: int) -> tuple[CycleStart, ...]:
    """Give the first days of a participant's cycles.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    cycles : int
        How many, from the first.

    Returns
    -------
    tuple of CycleStart
        By the protocol's rules on delayed cycles and on holds; of two delays of one cycle the
        later entry counts. Empty while no first dose is planned.
    """
    start = here.first_dose_on or here.first_dose_planned_on
    if start is None:
        return ()
    delayed = {each.cycle: each.begins_on for each in here.course.delays}
    rule = state.study.course.late_cycle
    held = held_days(state.study, here)
    return cycle_starts(start, state.study.cycle_days, cycles, delayed, rule, held)


def preview(
    state: TrialState, act: DelayCycle, cycles: int
) -> tuple[tuple[PlannedVisit, PlannedVisit], ...]:
    """Show which visits a delay would move, before it is recorded.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; it is not changed.
    act : DelayCycle
        The delay.
    cycles : int
        How many cycles are looked at, from the first.

    Returns
    -------
    tuple of (PlannedVisit, PlannedVisit)
        Each visit that would move, as planned now and as planned then, each with its reason.
    """
    here = state.participants[act.participant]
    course = changed(here.course, delays=(*here.course.delays, act.entry))
    return _moved(state, here, changed(here, course=course), cycles)


def preview_hold(
    state: TrialState, here: ParticipantState, first: date, last: date, cycles: int
) -> tuple[tuple[PlannedVisit, PlannedVisit], ...]:
    """Show which visits a hold would move, before it is recorded.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; it is not changed.
    here : ParticipantState
        The participant.
    first, last : date
        First and last day of the hold.
    cycles : int
        How many cycles are looked at, from the first.

    Returns
    -------
    tuple of (PlannedVisit, PlannedVisit)
        As `preview` gives them; empty where the protocol says that no hold moves anything.

    Raises
    ------
    Refusal
        If the days are turned round or too many, or such a dose is recorded as taken.
    """
    doses = doses_if_held(state, here, first, last)
    return _moved(state, here, changed(here, doses=(*here.doses, *doses)), cycles)


def planned_windows(
    state: TrialState, here: ParticipantState, code: str
) -> tuple[PlannedWindow, ...]:
    """Give the windows planned for a visit.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    code : str
        Of the visit, e.g. `C1D8`.

    Returns
    -------
    tuple of PlannedWindow
        One for each assessment planned on that day of the cycle; empty for another visit, and
        while no first dose is planned.
    """
    if by_day := CYCLE_DAY.fullmatch(code):
        cycle = int(by_day.group(1))
    elif by_week := WEEK.fullmatch(code):
        cycle = 7 * int(by_week.group(1)) // state.study.cycle_days + 1
    else:
        return ()
    return tuple(
        PlannedWindow(each.assessment, each.on, each.earliest, each.latest)
        for each in planned_visits(state, here, cycle)
        if code_of(state, here, each) == code
    )


def code_of(state: TrialState, here: ParticipantState, visit: PlannedVisit) -> str:
    """Give the code under which a planned assessment is recorded.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    visit : PlannedVisit
        From `planned_visits`.

    Returns
    -------
    str
        `C1D8` for a day of a cycle; `W8` for what recurs by weeks, which no delay moves.
    """
    weekly = {each.id for each in state.study.assessments if each.every_weeks is not None}
    start = here.first_dose_on or here.first_dose_planned_on
    if visit.assessment in weekly and start is not None:
        return f"W{(visit.on - start).days // 7}"
    return f"C{visit.cycle}D{visit.day}"


def _moved(
    state: TrialState, here: ParticipantState, there: ParticipantState, cycles: int
) -> tuple[tuple[PlannedVisit, PlannedVisit], ...]:
    """Compare the visits of a participant with those they would have."""
    after = {_key(each): each for each in planned_visits(state, there, cycles)}
    return tuple(
        (each, after[_key(each)])
        for each in planned_visits(state, here, cycles)
        if _key(each) in after and after[_key(each)].on != each.on
    )


def _key(visit: PlannedVisit) -> tuple[str, int, int]:
    """Name a visit whatever its day."""
    return visit.assessment, visit.cycle, visit.day
