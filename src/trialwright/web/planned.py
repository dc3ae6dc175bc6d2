"""Cycles and doses as planned for a participant, with every delay that is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from trialwright.conduct.due import DatedVisit, calendar_of
from trialwright.conduct.planning import starts_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.visits.cycle_starts import CycleStart
from trialwright.visits.cycles import DayOfCycle, start_counted_back
from trialwright.visits.dosing_days import PlannedDose, dosing_calendar
from trialwright.web import desk


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything planned for a participant up to a day.

    Attributes
    ----------
    starts : tuple of CycleStart
        First days of the cycles, one cycle more than is laid out.
    doses : tuple of PlannedDose
        By day.
    visits : tuple of DatedVisit
        By day; follow-up once treatment is over.
    last : date or None
        Last day on treatment, once it is over; None while it goes on.
    """

    starts: tuple[CycleStart, ...]
    doses: tuple[PlannedDose, ...]
    visits: tuple[DatedVisit, ...]
    last: date | None = None

    def day_of(self, on: date) -> DayOfCycle | None:
        """Give the day of the cycle on a date.

        Parameters
        ----------
        on : date
            Any day.

        Returns
        -------
        DayOfCycle or None
            None before the first dose and after treatment. A cycle that waits for a delayed one
            counts on.
        """
        if self.last is not None and on > self.last:
            return None
        return cycle_day(self.starts, on)


def cycle_day(starts: Sequence[CycleStart], on: date) -> DayOfCycle | None:
    """Give the day of the cycle on a date.

    Parameters
    ----------
    starts : sequence of CycleStart
        In order.
    on : date
        Any day.

    Returns
    -------
    DayOfCycle or None
        None before the first cycle.
    """
    begun = [each for each in starts if each.on <= on]
    return DayOfCycle(begun[-1].cycle, (on - begun[-1].on).days + 1) if begun else None


def plan_to(state: TrialState, here: ParticipantState, last: date) -> Plan:
    """Lay out doses and visits from the first dose to a day.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        Somebody with a dose level.
    last : date
        The day.

    Returns
    -------
    Plan
        Of every cycle that may touch that day or the days before it; doses also after treatment is
        over, for they can be entered.
    """
    start = here.first_dose_on or here.first_dose_planned_on or last
    cycles = max((last - start) // timedelta(days=state.study.cycle_days), 0) + 1
    starts = starts_of(state, here, cycles + 1)
    visits = calendar_of(state, here, cycles, last, desk.today())
    return Plan(starts, tuple(_doses(state, here, starts)), visits)


def _doses(
    state: TrialState, here: ParticipantState, starts: Sequence[CycleStart]
) -> list[PlannedDose]:
    """Lay out the doses cycle by cycle; the next cycle cuts one short, and never lengthens it."""
    study, found = state.study, []
    for begun, following in pairwise(starts):
        anew = start_counted_back(begun.on, begun.cycle, study.cycle_days)
        of_cycle = dosing_calendar(
            study.required_arm(here.arm), study.agents, study.cycle_days, anew,
            range(begun.cycle, begun.cycle + 1), choice=here.choice, dose_level=here.dose_level,
        )  # fmt: skip
        found += [dose for dose in of_cycle if dose.on < following.on]
    return found
