"""The days of a participant against which the day of material is held."""

from datetime import date

from trialwright.biomarkers.time_points import Milestones
from trialwright.conduct.outcomes import outcome_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.treatment_ends import first_progression


def milestones_of(state: TrialState, here: ParticipantState, cutoff: date) -> Milestones:
    """Give registration, first dose, first progression and end of treatment.

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
    Milestones
        Progression by imaging, or as it was judged without; the earlier one.

    Raises
    ------
    Refusal
        If tumour assessments contradict each other.
    """
    found = outcome_of(state, here, cutoff)
    ended = here.course.off_treatment
    return Milestones(
        here.registered_on,
        here.first_dose_on,
        first_progression(here, found.timepoints if found else ()),
        ended.on if ended else None,
    )
