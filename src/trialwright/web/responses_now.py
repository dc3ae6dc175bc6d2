"""Where each participant stands by the tumours, and when they are assessed next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from trialwright.conduct.course_stages import ENDED, stage_of
from trialwright.conduct.due import DatedVisit, calendar_of, cycles_to, tumour_assessments
from trialwright.conduct.outcomes import outcome_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.treatment_ends import treatment_over
from trialwright.endpoints.outcomes import PersonOutcome
from trialwright.response.timepoint import TimepointResponse

CYCLES_AHEAD = 6
"""Cycles laid out after the present one to find the next assessment."""


@dataclass(frozen=True, slots=True)
class NextAssessment:
    """When tumours are assessed next.

    Attributes
    ----------
    visit : DatedVisit or None
        As planned; None: no assessment is planned.
    word : str
        `overdue`, `window open` or `planned`; why none is planned.
    """

    visit: DatedVisit | None
    word: str


@dataclass(frozen=True, slots=True)
class ResponseNow:
    """The response of one participant up to a day.

    Attributes
    ----------
    participant : ParticipantState
        Who.
    outcome : PersonOutcome
        Best response and endpoints, each with its reason.
    last : TimepointResponse or None
        The last assessment; None before the first.
    next : NextAssessment
        The one after it.
    """

    participant: ParticipantState
    outcome: PersonOutcome
    last: TimepointResponse | None
    next: NextAssessment


def responses_now(
    state: TrialState, people: Iterable[ParticipantState], cutoff: date
) -> Iterator[ResponseNow]:
    """Say where each participant stands.

    Parameters
    ----------
    state : TrialState
        Folded up to the cutoff.
    people : iterable of ParticipantState
        Of that state.
    cutoff : date
        Data up to this day count.

    Yields
    ------
    ResponseNow
        Of those assigned to a dose level by then.
    """
    for here in people:
        outcome = outcome_of(state.as_at(here.site), here, cutoff)
        if outcome is not None:
            last = outcome.timepoints[-1] if outcome.timepoints else None
            yield ResponseNow(here, outcome, last, next_assessment(state, here, cutoff))


def next_assessment(state: TrialState, here: ParticipantState, on: date) -> NextAssessment:
    """Find the assessment of the tumours that comes after the last one.

    Parameters
    ----------
    state : TrialState
        Folded up to that day.
    here : ParticipantState
        Assigned to a dose level.
    on : date
        The day.

    Returns
    -------
    NextAssessment
        The first planned one whose window the last assessment had not reached, also when that
        window is over; none once treatment, the study or life is.
    """
    at, stage = state.as_at(here.site), stage_of(here)
    if stage.name in ENDED:
        return NextAssessment(None, f"none: {stage.because}")
    over = treatment_over(at, here, on)
    if over is not None:
        return NextAssessment(None, f"none: {over.because}")
    cycles = cycles_to(at, here, on) + CYCLES_AHEAD
    last = max((each.on for each in here.assessments if each.on <= on), default=None)
    planned = tumour_assessments(at.study)
    for visit in calendar_of(at, here, cycles, on, on):
        if visit.assessment in planned and (last is None or visit.earliest > last):
            return NextAssessment(visit, _word(visit, on))
    return NextAssessment(None, "none planned")


def _word(visit: DatedVisit, on: date) -> str:
    """Say where a day lies to the window of a visit."""
    if visit.latest < on:
        return "overdue"
    return "window open" if visit.earliest <= on else "planned"
