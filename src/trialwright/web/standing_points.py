"""Where each participant stands, in one word, and what is due next: shared by several screens."""

from dataclasses import dataclass
from datetime import date, timedelta

from trialwright.conduct.cohort_state import CohortStanding
from trialwright.conduct.course_stages import ENDED, Stage, stage_of
from trialwright.conduct.dlt_statuses import DltStatus, dlt_status
from trialwright.conduct.dose_meeting import prepare
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.safety.window import WindowDays, window_days, window_opened
from trialwright.terms.errors import Refusal
from trialwright.web.bars import Bar, progress

STILL_TREATED_DAYS = 28
"""Doses recorded within so many days count as treatment that goes on: no act ends it yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """A participant in a cohort.

    Attributes
    ----------
    participant : ParticipantState
        Who.
    status : DltStatus
        What the participant brings to the dose decision.
    days : WindowDays or None
        The DLT window; None while it is not open.
    bar : Bar or None
        How far the window has run; None while it is not open or once it is over.
    """

    participant: ParticipantState
    status: DltStatus
    days: WindowDays | None
    bar: Bar | None

    @property
    def word(self) -> str:
        """Where the participant stands: `dlt`, `evaluable`, `pending`, `not evaluable`."""
        return self.status.evaluable.state


def place_of(state: TrialState, participant: ParticipantState, on: date) -> Place:
    """Say where a participant with a dose level stands in the DLT window.

    Parameters
    ----------
    state : TrialState
        Of the trial.
    participant : ParticipantState
        Assigned.
    on : date
        Data up to this day count.

    Returns
    -------
    Place
        With the bar of the window while it runs.
    """
    window = state.study.required_arm(participant.arm).dlt_window
    opened = window_opened(participant.doses, window.anchor_agent, on)
    days = window_days(window, opened) if opened else None
    runs = days is not None and on <= days.last
    bar = progress(days.opened, days.last, on, "DLT window") if days and runs else None
    return Place(participant, dlt_status(state, participant, on), days, bar)


def step_of(participant: ParticipantState, on: date) -> str:
    """Say in one phrase how far a participant came.

    Parameters
    ----------
    participant : ParticipantState
        Who.
    on : date
        The day asked about.

    Returns
    -------
    str
        From `in screening` to `dead`.
    """
    ended = ended_of(participant)
    if ended is not None:
        return ended.name
    if participant.registered_on is None:
        return "in screening"
    if participant.dose_level is None:
        return "registered, no dose level yet"
    if participant.first_dose_on is None:
        return "waits for the first dose"
    return "on treatment" if is_treated(participant, on) else "no doses of late"


def ended_of(participant: ParticipantState) -> Stage | None:
    """Say that treatment, screening or the study is over, and since when.

    Parameters
    ----------
    participant : ParticipantState
        Of a state folded up to the day asked about.

    Returns
    -------
    Stage or None
        None while no end is on record.
    """
    stage = stage_of(participant)
    return stage if stage.name in ENDED | {"off treatment", "follow-up"} else None


def is_treated(participant: ParticipantState, on: date) -> bool:
    """Say whether doses were recorded of late, or the first is still to come.

    Parameters
    ----------
    participant : ParticipantState
        Who.
    on : date
        The day asked about.

    Returns
    -------
    bool
        True also while the first dose lies ahead.
    """
    if participant.dose_level is None:
        return False
    last = max((dose.on for dose in participant.doses if dose.was_taken), default=None)
    if last is None:
        return participant.first_dose_planned_on is not None
    return last >= on - timedelta(days=STILL_TREATED_DAYS)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes next in an arm.

    Attributes
    ----------
    arm : str
        Arm id.
    act, because : str
        What the design says, in a word and a sentence; the word is `no answer` when refused.
    cohort : CohortStanding
        Where its open cohort stands.
    """

    arm: str
    act: str
    because: str
    cohort: CohortStanding

    @property
    def is_due(self) -> bool:
        """Whether a dose meeting can decide, or must before anybody is treated."""
        return self.cohort.state == "in review"

    @property
    def free(self) -> int:
        """Places of the open cohort that can be given now."""
        return self.cohort.free


def outlook_of(state: TrialState, cohort: CohortStanding, on: date) -> Outlook:
    """Say what comes next in an arm.

    Parameters
    ----------
    state : TrialState
        Of the trial.
    cohort : CohortStanding
        Where the open cohort of the arm stands on that day.
    on : date
        Data up to this day count.

    Returns
    -------
    Outlook
        With the design's reason.
    """
    act: str
    try:
        decision = prepare(state, cohort.arm, on).decision
        act, because = decision.act, decision.because
    except Refusal as refused:
        act, because = "no answer", "; ".join(str(fault) for fault in refused.faults)
    return Outlook(cohort.arm, act, because, cohort)
