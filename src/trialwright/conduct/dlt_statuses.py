"""What each participant brings to a dose decision: DLT verdicts, evaluability and follow-up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from trialwright.conduct.late_cycles import late_cycle
from trialwright.conduct.remembered import remembered
from trialwright.conduct.state import Cohort, Lost, ParticipantState, TrialState
from trialwright.escalation.participants import Standing, Treated
from trialwright.safety.dlt import DltVerdict, dlt_verdict
from trialwright.safety.evaluability import Evaluability, evaluability
from trialwright.safety.window import WindowDays, window_opened
from trialwright.terms.dates import PartialDate
from trialwright.terms.verdicts import Answer
from trialwright.visits.dosing_days import dosing_calendar


@dataclass(frozen=True, slots=True)
class DltStatus:
    """What one participant brings to the dose decision.

    Attributes
    ----------
    participant : str
        Study number.
    dose_level : int
        As assigned.
    verdicts : tuple of DltVerdict
        One for each adverse event, in order; then that on a cycle begun late, where the protocol
        has such a rule and the cycle is planned.
    evaluable : Evaluability
        Whether the participant counts, with the reason.
    lost : tuple of Lost
        What redactions took from doses and adverse events, as far as it is not settled.
    followed : int, days
        Days of the DLT window completed at the cutoff.
    dlt_day : int or None
        Day of the window on which the first DLT began; None without one, or while only its month
        or year is recorded. A cycle begun late counts on the last day.
    is_backfilled : bool
        Whether the dose level was given beside the cohorts.
    """

    participant: str
    dose_level: int
    verdicts: tuple[DltVerdict, ...]
    evaluable: Evaluability
    lost: tuple[Lost, ...] = ()
    followed: int = 0
    dlt_day: int | None = None
    is_backfilled: bool = False

    def treated(self, cohort: int) -> Treated:
        """Give the participant as a design that weighs follow-up takes them.

        Parameters
        ----------
        cohort : int
            Number of the cohort, counted from 1.

        Returns
        -------
        Treated
            Whoever is unknown is pending, and nothing of the follow-up is taken for granted.
        """
        state = self.evaluable.state
        standing: dict[str, Standing] = {
            "dlt": "evaluable",
            "evaluable": "evaluable",
            "not evaluable": "replaced",
        }
        return Treated(
            participant=self.participant,
            cohort=cohort,
            level=self.dose_level,
            standing=standing.get(state, "pending"),
            has_dlt=state == "dlt",
            dlt_day=self.dlt_day if state == "dlt" else None,
            followed={"pending": self.followed, "unknown": 0}.get(state),
        )


@remembered
def dlt_status(state: TrialState, participant: ParticipantState, cutoff: date) -> DltStatus:
    """Say what one assigned participant brings to the dose decision.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : ParticipantState
        Somebody with an arm and a dose level.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    DltStatus
        Verdict of each event, and evaluability: unknown when a part of what was recorded of doses
        or adverse events was redacted and no DLT is certain.
    """
    arm = state.study.required_arm(participant.arm)
    window, level = arm.dlt_window, participant.dose_level or 0
    opened = window_opened(participant.doses, window.anchor_agent, cutoff)
    verdicts = tuple(
        dlt_verdict(event, state.study.dlt, window, opened, cutoff)
        for event in participant.adverse_events
    )
    start = participant.first_dose_on or participant.first_dose_planned_on or cutoff
    delay = (opened - start).days if opened else 0
    cycles = 1 + (delay + window.days) // state.study.cycle_days
    planned = dosing_calendar(
        arm,
        state.study.agents,
        state.study.cycle_days,
        start,
        cycles,
        choice=participant.choice,
        dose_level=level,
    )
    days = {
        agent: [dose.on for dose in planned if dose.agent == agent]
        for agent in (window.anchor_agent, *window.least_percent_of)
    }
    late = late_cycle(state, participant, cutoff)
    counted = evaluability(
        window,
        days[window.anchor_agent],
        participant.doses,
        (*verdicts, *late),
        cutoff,
        others=days,
    )
    lost = tuple(each for each in participant.unreadable if each.act in _DECISIVE)
    if lost and counted.state != "dlt":
        because = "; ".join(f"{each} was redacted" for each in lost)
        counted = replace(counted, state="unknown", because=f"{because}: {counted.because}")
    followed = min((cutoff - opened).days, window.days) if opened else 0
    pairs = zip(participant.adverse_events, verdicts, strict=True)
    met = [event.started for event, verdict in pairs if verdict.answer is Answer.MET]
    dlt_day = _first_day(met, WindowDays(opened, opened)) if opened else None
    if opened and not met and any(each.answer is Answer.MET for each in late):
        dlt_day = window.days
    judged = (*verdicts, *late)
    return DltStatus(
        participant.number, level, judged, counted, lost, followed, dlt_day,
        participant.is_backfilled,
    )  # fmt: skip


def _first_day(started: Sequence[PartialDate | None], window: WindowDays) -> int | None:
    """Give the day of the window of the first event; None while the day of one is not known."""
    days = [day.earliest if day is not None and day.is_complete else None for day in started]
    known = [window.day_of(day) for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None


_DECISIVE = ("doses_recorded", "adverse_event_recorded")
"""Acts on which it rests whether somebody counts."""


def free_places(cohort: Cohort | None, statuses: Sequence[DltStatus]) -> int:
    """Count the places of an open cohort that are free.

    Parameters
    ----------
    cohort : Cohort or None
        The open cohort.
    statuses : sequence of DltStatus
        Of every participant assigned to the arm.

    Returns
    -------
    int
        Its places less those taken, and one more for each participant of it who is not
        DLT-evaluable and is replaced. Negative when somebody counts after all who was replaced.
    """
    if cohort is None or cohort.level is None:
        return 0
    taken = [each.evaluable.state for each in statuses if each.participant in cohort.assigned]
    return cohort.size - len(taken) + taken.count("not evaluable")
