"""Which visits are planned for a participant, by the code under which a visit is recorded."""

import re

from trialwright.conduct.course import PlannedWindow
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.visits.windows import visit_calendar

_CYCLE_DAY = re.compile(r"C([0-9]+)D([0-9]+)")


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
    found, arm = _CYCLE_DAY.fullmatch(code), state.study.arm(here.arm)
    start = here.first_dose_on or here.first_dose_planned_on
    if found is None or arm is None or start is None:
        return ()
    cycle, day = int(found.group(1)), int(found.group(2))
    planned = visit_calendar(
        state.study.assessments, arm, state.study.cycle_days, start, range(cycle, cycle + 1)
    )
    return tuple(
        PlannedWindow(each.assessment, each.on, each.earliest, each.latest)
        for each in planned
        if (each.cycle, each.day) == (cycle, day)
    )
