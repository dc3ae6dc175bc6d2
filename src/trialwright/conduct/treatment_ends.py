"""When treatment is over for the calendar: as it is recorded, or as progression ends it.

Cycles repeat in the absence of progression and unacceptable toxicity. Toxicity is judged by people,
who record the end of treatment. Progression ends it by itself where the protocol has such a stop
rule, unless a dose was taken later: treatment beyond progression goes on until its end is recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.conduct.person_outcomes import responses_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.response.timepoint import TimepointResponse
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal

STOP_RULE = "progression"
"""Id of the stop rule by which progression ends treatment."""


@dataclass(frozen=True, slots=True)
class TreatmentOver:
    """That no further visit on treatment is planned.

    Attributes
    ----------
    after : date
        Visits on treatment planned later fall away.
    last_dose : date
        From which follow-up counts: the last day on which any agent was taken; of somebody who
        took none, the day of the end.
    because : str
        What ended it, and what is still to be recorded.
    """

    after: date
    last_dose: date
    because: str


def treatment_over(state: TrialState, here: ParticipantState, on: date) -> TreatmentOver | None:
    """Say whether treatment is over, and why.

    Parameters
    ----------
    state : TrialState
        Whose protocol is in force at the site.
    here : ParticipantState
        The participant.
    on : date
        What happened up to this day counts.

    Returns
    -------
    TreatmentOver or None
        None while treatment goes on, or never began.
    """
    ended = here.course.off_treatment
    if ended is not None:
        last = ended.last_dose or ended.on
        return TreatmentOver(last, last, f"end of treatment on {ended.on.isoformat()}")
    taken = max((dose.on for dose in here.doses if dose.was_taken and dose.on <= on), default=None)
    if taken is None or not _ends_treatment(state):
        return None
    found = first_progression(here, _read(state, here, on))
    if found is None or found.latest > on or taken > found.latest:
        return None
    because = f"progression on {found} ends treatment; its end is not recorded yet"
    return TreatmentOver(found.latest, taken, because)


def first_progression(
    here: ParticipantState, timepoints: Iterable[TimepointResponse]
) -> PartialDate | None:
    """Give the day of the first progression, by imaging or as it was judged without.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    timepoints : iterable of TimepointResponse
        As one evaluator read the tumours.

    Returns
    -------
    PartialDate or None
        None without any.
    """
    days = [
        PartialDate.of(each.progression_on or each.on)
        for each in timepoints
        if each.overall is Response.PD
    ]
    days += [each.on for each in here.course.progressions]
    return min(days, key=lambda day: (day.latest, day.earliest), default=None)


def _ends_treatment(state: TrialState) -> bool:
    """Say whether the protocol ends treatment with progression."""
    rules = {(each.id, each.ends) for each in state.study.stop_rules}
    return (STOP_RULE, "treatment") in rules


def _read(state: TrialState, here: ParticipantState, on: date) -> tuple[TimepointResponse, ...]:
    """Read the tumours; assessments that contradict each other end nothing until corrected."""
    try:
        return responses_of(state.study, here, on)
    except Refusal:
        return ()
