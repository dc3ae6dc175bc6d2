"""Whether a participant counts in dose decisions: DLT-evaluable, pending, or to be replaced.

A DLT counts at once, whatever was taken. Without one, the window must be completed and at least
the protocol's share of the anchor agent's planned doses be taken in it. Shares are compared as
exact fractions. A reduced dose is a dose taken. A planned dose of which nothing is recorded is
neither taken nor missed: where it decides, the answer is unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from trialwright.casebook.exposure import DoseGiven
from trialwright.protocol.arms import DltWindow
from trialwright.safety.dlt import DltVerdict
from trialwright.safety.window import WindowDays, window_days, window_opened
from trialwright.terms.errors import refuse
from trialwright.terms.verdicts import Answer

EvaluabilityState = Literal["dlt", "evaluable", "pending", "not evaluable", "unknown"]
"""`not evaluable` is replaced; `pending` is neither 0 nor 1; `unknown` needs a missing fact."""


@dataclass(frozen=True, slots=True)
class Evaluability:
    """Whether a participant counts in dose decisions, with the reason.

    Attributes
    ----------
    state : {'dlt', 'evaluable', 'pending', 'not evaluable', 'unknown'}
        `dlt` and `evaluable` count; `not evaluable` is to be replaced.
    because : str
        One sentence with the doses, the window and the share asked for.
    label : str
        `illustrative, ...` when the registry page states no such window; else empty.
    taken, planned : int, doses
        Doses of the anchor agent taken and planned in the window; 0 while it is not open.
    """

    state: EvaluabilityState
    because: str
    label: str
    taken: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class _Exposure:
    """Days of the window on which the anchor agent was taken, planned, or left unrecorded."""

    taken: int
    planned: int
    unrecorded: int
    reduced: int

    def reaches(self, percent: Fraction, *, with_unrecorded: bool = False) -> bool:
        """Say whether the share of planned doses is large enough."""
        taken = self.taken + (self.unrecorded if with_unrecorded else 0)
        return 100 * taken >= percent * self.planned


def evaluability(
    window: DltWindow,
    planned_on: Iterable[date],
    doses: Iterable[DoseGiven],
    verdicts: Iterable[DltVerdict],
    as_of: date,
    *,
    left_on: date | None = None,
) -> Evaluability:
    """Say whether a participant is DLT-evaluable.

    Parameters
    ----------
    window : DltWindow
        The arm's.
    planned_on : iterable of date
        Planned days of the anchor agent, as counted from its first dose; days outside the window
        are left out.
    doses : iterable of DoseGiven
        What was recorded of the participant's doses, taken and held.
    verdicts : iterable of DltVerdict
        One for each adverse event, as of the same day.
    as_of : date
        What happened up to this day counts.
    left_on : date or None
        Last day of observation, when the participant left before the window was over.

    Returns
    -------
    Evaluability
        Pending while the window runs and no DLT is certain.

    Raises
    ------
    Refusal
        If the window is open and no dose of the anchor agent is planned in it.
    """
    judged = tuple(verdicts)
    dlt = next((each for each in judged if each.answer is Answer.MET), None)
    open_question = next((each for each in judged if each.answer is Answer.UNKNOWN), None)
    anchor = [dose for dose in doses if dose.agent == window.anchor_agent and dose.on <= as_of]
    opened = window_opened(anchor, window.anchor_agent, as_of)
    left = None if left_on is None or left_on > as_of else left_on
    if opened is None:
        state, because = _before_first_dose(window, dlt, left, as_of)
        return Evaluability(state, because, window.label)
    days = window_days(window, opened)
    exposure = _exposure(window, days, planned_on, anchor)
    is_incomplete = left is not None and left < days.last
    over = days.over(as_of)
    if dlt is not None:
        state, because = "dlt", dlt.because
    elif over.answer is Answer.NOT_MET and not is_incomplete:
        state, because = "pending", over.because
        if open_question is not None:
            because += f"; {open_question.because}"
    elif open_question is not None:
        state, because = "unknown", open_question.because
    elif is_incomplete:
        state = "not evaluable"
        because = f"observation ended on {left}, before the last day of the window, {days.last}"
    else:
        state, because = _by_exposure(window, exposure, over.because)
    return Evaluability(state, because, window.label, exposure.taken, exposure.planned)


def _before_first_dose(
    window: DltWindow, dlt: DltVerdict | None, left: date | None, as_of: date
) -> tuple[EvaluabilityState, str]:
    """Answer for a participant whose window is not open."""
    if dlt is not None:
        return "dlt", dlt.because
    if left is not None:
        return "not evaluable", f"observation ended on {left}, before any {window.anchor_agent}"
    return "pending", f"no {window.anchor_agent} taken as of {as_of}: the DLT window is not open"


def _exposure(
    window: DltWindow, days: WindowDays, planned_on: Iterable[date], anchor: list[DoseGiven]
) -> _Exposure:
    """Count the anchor agent's days within the window."""
    planned = {on for on in planned_on if days.opened <= on <= days.last}
    if not planned:
        raise refuse(
            "planned_on",
            f"no dose of {window.anchor_agent} planned from {days.opened} to {days.last}",
            "the planned days of the anchor agent, counted from its first dose",
            "Hand in the dosing calendar of the participant",
        )
    inside = [dose for dose in anchor if dose.on <= days.last]
    return _Exposure(
        taken=len({dose.on for dose in inside if dose.was_taken}),
        planned=len(planned),
        unrecorded=len(planned - {dose.on for dose in inside}),
        reduced=len({dose.on for dose in inside if dose.status == "reduced"}),
    )


def _by_exposure(
    window: DltWindow, exposure: _Exposure, window_in_words: str
) -> tuple[EvaluabilityState, str]:
    """Answer by the share of planned doses, once the window is over and without a DLT."""
    least = Fraction(window.least_dose_percent)
    told = (
        f"{window_in_words}, without a DLT; {exposure.taken} of {exposure.planned} planned doses "
        f"of {window.anchor_agent} taken"
    )
    if exposure.reduced:
        told += f" ({exposure.reduced} reduced)"
    asked = f"at least {window.least_dose_percent} % are asked for"
    if exposure.reaches(least):
        return "evaluable", f"{told}, {asked}"
    if not exposure.reaches(least, with_unrecorded=True):
        return "not evaluable", f"{told}, {asked}: to be replaced"
    return "unknown", f"{told}, {exposure.unrecorded} not recorded, {asked}"
