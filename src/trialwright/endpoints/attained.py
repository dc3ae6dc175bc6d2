"""Objective response, clinical benefit and duration of response of one participant.

Clinical benefit is CR, PR, or stable disease that lasted the protocol's time: 24 weeks are the
convention of trials in breast cancer. Without target lesions NON-CR/NON-PD stands for stable
disease.
"""

from dataclasses import replace
from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.endpoints.follow_up import Assessed, FollowUp, TimeToEvent
from trialwright.endpoints.progression import progression_free_survival
from trialwright.endpoints.proportions import Attained
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.protocol.response_settings import ResponseSettings

OBJECTIVE_RESPONSE = "objective response rate"
CLINICAL_BENEFIT = "clinical benefit rate"
DURATION = "duration of response"

RESPONSES = (Response.CR, Response.PR)
WITHOUT_PROGRESSION = (*RESPONSES, Response.SD, Response.NON_CR_NON_PD)


def objective_response(follow_up: FollowUp, best: Response, because: str) -> Attained:
    """Say whether a participant responded.

    Parameters
    ----------
    follow_up : FollowUp
        Assessments and dates up to the cutoff.
    best : Response
        Best overall response, confirmed where the protocol asks for it.
    because : str
        Its reason.

    Returns
    -------
    Attained
        Not yet while neither progression, death nor other therapy ended the course.
    """
    if best in RESPONSES:
        return Attained("yes", because)
    ended = _ended(follow_up)
    if ended:
        return Attained("no", f"{because} The course ended: {ended}.")
    return Attained("not yet", f"{because} The course goes on at the cutoff.")


def clinical_benefit(
    follow_up: FollowUp,
    best: Response,
    because: str,
    response: ResponseSettings,
    settings: EndpointSettings,
) -> Attained:
    """Say whether a participant had clinical benefit.

    Parameters
    ----------
    follow_up : FollowUp
        Assessments and dates up to the cutoff, counted from day 1.
    best : Response
        Best overall response, confirmed where the protocol asks for it.
    because : str
        Its reason.
    response : ResponseSettings
        Names the weeks of stable disease.
    settings : EndpointSettings
        Names how early the visit at that time may be.

    Returns
    -------
    Attained
        Yes for CR and PR, and for a visit without progression at or after that time, less the
        window; not yet while neither progression, death nor other therapy ended the course.
    """
    if best in RESPONSES:
        return Attained("yes", because)
    weeks = response.clinical_benefit_weeks
    early = settings.clinical_benefit_window_days
    least = 7 * weeks - early
    window = f" less a window of {early} days" if early else ""
    asked = f"{weeks} weeks{window} are asked for"
    steady = [one for one in _before_end(follow_up) if one.overall in WITHOUT_PROGRESSION]
    if steady:
        last = steady[-1]
        days = (last.on - follow_up.start).days
        says = f"{last.overall} on {last.on.isoformat()}, {days} days after day 1; {asked}"
        if days >= least:
            return Attained("yes", f"{says}.")
    else:
        says = f"no visit without progression; {asked}"
    ended = _ended(follow_up)
    if ended:
        return Attained("no", f"{says}; {ended}.")
    return Attained("not yet", f"{says}; the course goes on at the cutoff.")


def duration_of_response(
    follow_up: FollowUp, responded_on: date, every_days: int, settings: EndpointSettings
) -> TimeToEvent:
    """Judge how long a response lasted.

    Parameters
    ----------
    follow_up : FollowUp
        Assessments and dates up to the cutoff.
    responded_on : date
        Day of the first CR or PR that counts.
    every_days : int, days
        Planned interval between tumour assessments.
    settings : EndpointSettings
        The censoring rules, as for progression-free survival.

    Returns
    -------
    TimeToEvent
        From the response to progression or death, by the rules of progression-free survival.

    Raises
    ------
    Refusal
        If the response lies after the end of the participant's life, or the interval is none.
    """
    since = replace(
        follow_up,
        start=responded_on,
        assessments=tuple(one for one in follow_up.assessments if _dated(one) >= responded_on),
        new_therapy=_from(follow_up.new_therapy, responded_on),
        last_alive=_from(follow_up.last_alive, responded_on),
    )
    return replace(progression_free_survival(since, every_days, settings), endpoint=DURATION)


def _before_end(follow_up: FollowUp) -> tuple[Assessed, ...]:
    """Give the assessments before progression, up to the start of other therapy."""
    progressed = _progressed(follow_up)
    therapy = follow_up.known(follow_up.new_therapy)
    return tuple(
        one
        for one in follow_up.assessed()
        if (progressed is None or one.on < progressed) and (therapy is None or one.on <= therapy)
    )


def _progressed(follow_up: FollowUp) -> date | None:
    """Give the day of the first progression."""
    dated = [_dated(one) for one in follow_up.assessed() if one.overall is Response.PD]
    return min(dated, default=None)


def _dated(one: Assessed) -> date:
    """Give the day to which an assessment is dated."""
    return one.progression_on or one.on


def _ended(follow_up: FollowUp) -> str:
    """Say what ended the course; empty while it goes on."""
    ends = [
        ("progression", _progressed(follow_up)),
        ("death", follow_up.known(follow_up.died)),
        ("other anticancer therapy", follow_up.known(follow_up.new_therapy)),
    ]
    known = [(on, what) for what, on in ends if on is not None]
    if not known:
        return ""
    on, what = min(known)
    return f"{what} on {on.isoformat()}"


def _from(on: date | None, start: date) -> date | None:
    """Give a date unless it lies before the start."""
    return on if on is not None and on >= start else None
