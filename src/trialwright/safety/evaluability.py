"""Whether a participant counts in dose decisions: DLT-evaluable, pending, or to be replaced.

A DLT counts at once, whatever was taken. Without one, the window must be completed and at least
the protocol's share of the planned doses be taken in it: of the anchor agent, and of every other
agent for which the protocol asks a share. Shares are compared as
exact fractions. A reduced dose is a dose taken. A planned dose of which nothing is recorded is
neither taken nor missed: where it decides, the answer is unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from trialwright.casebook.exposure import DoseGiven
from trialwright.protocol.arms import DltWindow
from trialwright.safety.dlt import DltVerdict
from trialwright.safety.window import WindowDays, window_days, window_opened
from trialwright.terms.errors import refuse
from trialwright.terms.verdicts import Answer, all_of

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
    """Days of the window on which an agent was taken, planned, or left unrecorded."""

    agent: str
    least: Decimal
    taken: int
    planned: int
    unrecorded: int
    reduced: int

    @property
    def is_enough(self) -> Answer:
        """Whether the share of planned doses is large enough; unknown while the record decides."""
        asked = Fraction(self.least) * self.planned
        if 100 * self.taken >= asked:
            return Answer.MET
        may_be = 100 * (self.taken + self.unrecorded) >= asked
        return Answer.UNKNOWN if may_be else Answer.NOT_MET

    @property
    def told(self) -> str:
        """The doses in words."""
        told = f"{self.taken} of {self.planned} planned doses of {self.agent} taken"
        if self.reduced:
            told += f" ({self.reduced} reduced)"
        if self.is_enough is Answer.UNKNOWN:
            told += f", {self.unrecorded} not recorded"
        return f"{told}, at least {self.least} % are asked for"


def evaluability(
    window: DltWindow,
    planned_on: Iterable[date],
    doses: Iterable[DoseGiven],
    verdicts: Iterable[DltVerdict],
    as_of: date,
    *,
    left_on: date | None = None,
    others: Mapping[str, Iterable[date]] | None = None,
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
    others : mapping of str to iterable of date, or None
        Planned days of the other agents of which the window asks a share.

    Returns
    -------
    Evaluability
        Pending while the window runs and no DLT is certain.

    Raises
    ------
    Refusal
        If the window is open and no dose of an agent that counts is planned in it.
    """
    recorded = tuple(doses)
    judged = tuple(verdicts)
    dlt = next((each for each in judged if each.answer is Answer.MET), None)
    open_question = next((each for each in judged if each.answer is Answer.UNKNOWN), None)
    opened = window_opened(recorded, window.anchor_agent, as_of)
    left = None if left_on is None or left_on > as_of else left_on
    if opened is None:
        state, because = _before_first_dose(window, dlt, left, as_of)
        return Evaluability(state, because, window.label)
    days = window_days(window, opened)
    seen = [dose for dose in recorded if dose.on <= as_of]
    plans = {window.anchor_agent: planned_on, **(others or {})}
    exposures = [
        _exposure(agent, percent, days, plans.get(agent, ()), seen)
        for agent, percent in _shares(window)
    ]
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
        state, because = _by_exposure(exposures, over.because)
    anchor = exposures[0]
    return Evaluability(state, because, window.label, anchor.taken, anchor.planned)


def _shares(window: DltWindow) -> Iterable[tuple[str, Decimal]]:
    """Give the share asked of each agent, the anchor agent first."""
    yield window.anchor_agent, window.least_dose_percent
    yield from window.least_percent_of.items()


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
    agent: str,
    least: Decimal,
    days: WindowDays,
    planned_on: Iterable[date],
    seen: Iterable[DoseGiven],
) -> _Exposure:
    """Count an agent's days within the window."""
    planned = {on for on in planned_on if days.opened <= on <= days.last}
    if not planned:
        raise refuse(
            "planned_on",
            f"no dose of {agent} planned from {days.opened} to {days.last}",
            f"the planned days of {agent}, counted from the first dose of the anchor agent",
            "Hand in the dosing calendar of the participant",
        )
    inside = [dose for dose in seen if dose.agent == agent and days.opened <= dose.on <= days.last]
    return _Exposure(
        agent=agent,
        least=least,
        taken=len({dose.on for dose in inside if dose.was_taken}),
        planned=len(planned),
        unrecorded=len(planned - {dose.on for dose in inside}),
        reduced=len({dose.on for dose in inside if dose.status == "reduced"}),
    )


def _by_exposure(
    exposures: Iterable[_Exposure], window_in_words: str
) -> tuple[EvaluabilityState, str]:
    """Answer by the shares of planned doses, once the window is over and without a DLT."""
    counted = tuple(exposures)
    answer = all_of([each.is_enough for each in counted])
    decisive = [each for each in counted if each.is_enough is answer]
    told = f"{window_in_words}, without a DLT; {'; '.join(each.told for each in decisive)}"
    if answer is Answer.NOT_MET:
        return "not evaluable", f"{told}: to be replaced"
    return ("evaluable" if answer is Answer.MET else "unknown"), told
