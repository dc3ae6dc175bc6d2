"""Outcomes of a trial: what was recorded of each participant becomes responses and endpoints."""

from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.conduct.evaluations import by_setting
from trialwright.conduct.person_outcomes import person_outcome, responses_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.endpoints.outcomes import Outcomes, PersonOutcome, summarise

__all__ = ["has_responded", "outcome_of", "outcomes", "responses_of"]


def outcomes(state: TrialState, cutoff: date) -> Outcomes:
    """Give the responses, analysis sets and endpoints of a trial at a data cutoff.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; what happened after the cutoff is not looked at.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    Outcomes
        Of everybody assigned to a dose level. Equal for equal arguments.

    Raises
    ------
    Refusal
        If tumour assessments of one participant contradict each other.
    """
    found = (outcome_of(state, here, cutoff) for here in state.participants.values())
    people = tuple(each for each in found if each is not None)
    return summarise(people, state.study.endpoint_settings, cutoff)


def outcome_of(state: TrialState, here: ParticipantState, cutoff: date) -> PersonOutcome | None:
    """Give the responses and endpoints of one participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    PersonOutcome or None
        By the evaluator whom the protocol names for each endpoint; None for somebody not assigned
        to a dose level by then.

    Raises
    ------
    Refusal
        If tumour assessments contradict each other.
    """
    if here.dose_level is None or here.assigned_on is None or here.assigned_on > cutoff:
        return None
    return by_setting(state, here, person_outcome(state, here, cutoff), cutoff)


def has_responded(state: TrialState, here: ParticipantState, cutoff: date) -> bool:
    """Say whether a response of one participant was seen, confirmed or not.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        Somebody assigned to a dose level.
    cutoff : date
        Later assessments are not looked at.

    Returns
    -------
    bool
        True for CR and PR, before the first progression and the start of other therapy.

    Raises
    ------
    Refusal
        If two assessments share a day, or one is not after the baseline.
    """
    if not responses_of(state.study, here, cutoff):
        return False
    return person_outcome(state, here, cutoff).unconfirmed.response in (Response.CR, Response.PR)
