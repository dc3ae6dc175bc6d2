"""What is recorded of the beginning of a cycle, for the rule on cycles that toxicity delays."""

from datetime import date

from trialwright.conduct.planning import starts_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.safety.delayed_start import CycleBeginning, delayed_start_verdict
from trialwright.safety.dlt import DltVerdict
from trialwright.terms.dates import days_after
from trialwright.terms.sources import Source

_TOXIC_ENDS = ("unacceptable toxicity",)
_LEDGER = Source("ledger", "doses and delays recorded")


def late_cycle(
    state: TrialState, participant: ParticipantState, cutoff: date
) -> tuple[DltVerdict, ...]:
    """Judge the beginning of the cycle that the DLT definition watches.

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
    tuple of DltVerdict
        One; empty without such a rule, or before the first dose.
    """
    rule = state.study.dlt.delayed_start
    if rule is None or participant.first_dose_on is None:
        return ()
    if participant.first_dose_on > cutoff:
        return ()
    starts = starts_of(state, participant, rule.cycle)
    planned = days_after(starts[-2].on, state.study.cycle_days)
    first = max(planned, starts[-1].on)  # what is made up after a hold is of the cycle before
    seen = _beginning(participant, rule.cycle, planned, first, cutoff)
    return (delayed_start_verdict(rule, state.study.dlt.label, seen, cutoff),)


def _beginning(
    participant: ParticipantState, cycle: int, planned: date, first: date, cutoff: date
) -> CycleBeginning:
    """Find out when a cycle began, and what kept it from beginning."""
    ended = participant.course.off_treatment
    if ended is not None and ended.on > cutoff:
        ended = None
    delay = next(
        (each for each in reversed(participant.course.delays) if each.cycle == cycle), None
    )
    taken = [dose.on for dose in participant.doses if dose.was_taken and first <= dose.on <= cutoff]
    began = delay.begins_on if delay is not None else min(taken, default=None)
    never = ended.on if ended is not None and not taken else None
    toxic: bool | None = None
    if never is not None and ended is not None:
        toxic = ended.cause in _TOXIC_ENDS
    elif delay is not None:
        toxic = delay.cause == "toxicity"
    source = delay.source if delay is not None else _LEDGER
    return CycleBeginning(planned, None if never else began, toxic, never, source)
