"""How far the DLT window of each participant of an arm is: day k of n, and when it ends."""

from dataclasses import dataclass
from datetime import date

from trialwright.conduct.dlt_statuses import dlt_status
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.safety.evaluability import Evaluability
from trialwright.safety.window import window_days, window_opened


@dataclass(frozen=True, slots=True)
class WindowProgress:
    """How far the DLT window of one participant is.

    Attributes
    ----------
    participant : str
        Study number.
    dose_level : int
        As assigned.
    opened, last : date or None
        First and last day; None while the anchor agent was not taken.
    first_dose_planned_on : date or None
        As said at registration.
    day : int, days
        Day of the window, from 1 to its length; 0 while it is not open.
    length : int, days
        Of the arm's window.
    evaluable : Evaluability
        Whether the participant counts, with the reason.
    is_backfilled : bool
        Whether the dose level was given beside the cohorts; no cohort waits for such a window.
    """

    participant: str
    dose_level: int
    opened: date | None
    last: date | None
    first_dose_planned_on: date | None
    day: int
    length: int
    evaluable: Evaluability
    is_backfilled: bool = False

    @property
    def is_awaited(self) -> bool:
        """Whether the window must end before it is known if the participant counts."""
        return self.evaluable.state == "pending"


def window_of(state: TrialState, participant: ParticipantState, as_of: date) -> WindowProgress:
    """Say how far the DLT window of an assigned participant is.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    participant : ParticipantState
        Somebody with an arm and a dose level.
    as_of : date
        The day; later doses are left out.

    Returns
    -------
    WindowProgress
        Day and end of the window, and evaluability.
    """
    status = dlt_status(state, participant, as_of)
    window = state.study.required_arm(participant.arm).dlt_window
    opened = window_opened(participant.doses, window.anchor_agent, as_of)
    days = window_days(window, opened) if opened else None
    return WindowProgress(
        participant.number,
        status.dose_level,
        opened,
        days.last if days else None,
        participant.first_dose_planned_on,
        min(days.day_of(as_of), window.days) if days else 0,
        window.days,
        status.evaluable,
        status.is_backfilled,
    )
