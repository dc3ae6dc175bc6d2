"""Overall survival of one participant."""

from trialwright.endpoints.follow_up import FollowUp, TimeToEvent, study_day

ENDPOINT = "overall survival"


def overall_survival(follow_up: FollowUp) -> TimeToEvent:
    """Judge overall survival at the data cutoff.

    Parameters
    ----------
    follow_up : FollowUp
        The participant's dates.

    Returns
    -------
    TimeToEvent
        From day 1 to death; without death to the last day known alive, at most the cutoff.
    """
    start, cutoff = follow_up.start, follow_up.cutoff
    died = follow_up.known(follow_up.died)
    if died is not None:
        days = study_day(start, died)
        because = f"Event on day {days}: death on {died}."
        return TimeToEvent(ENDPOINT, "event", died, days, "DEATH", because)
    seen = [
        (start, "day 1"),
        *((one.on, "a tumour assessment") for one in follow_up.assessments),
        (follow_up.new_therapy, "the start of new therapy"),
        (follow_up.last_alive, "the last contact"),
        (follow_up.died, "the death"),
    ]
    last, witness = max(
        ((on, what) for on, what in seen if on is not None), key=lambda alive: alive[0]
    )
    if last > cutoff:
        why = f"alive at the data cutoff of {cutoff}, known from {witness} on {last}"
    else:
        why = f"no death by the data cutoff of {cutoff}; last known alive from {witness} on {last}"
    on = min(last, cutoff)
    days = study_day(start, on)
    because = f"Censored on day {days}: {why}."
    return TimeToEvent(ENDPOINT, "censored", on, days, "ALIVE", because)
