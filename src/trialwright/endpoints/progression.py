"""Progression-free survival of one participant, under named censoring rules.

The rules and their order: new therapy before the event; an event after missed assessments; the
event; else the last adequate assessment. They follow [1]_; each is a setting.

References
----------
.. [1] FDA. Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, guidance for
   industry, December 2018, appendix on progression-free survival.
"""

from dataclasses import dataclass
from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.endpoints.follow_up import FollowUp, Outcome, TimeToEvent, study_day
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.terms.errors import refuse

ENDPOINT = "progression-free survival"


@dataclass(frozen=True, slots=True)
class _Event:
    """The first progression or death."""

    on: date
    word: str  # PD or DEATH
    says: str


def progression_free_survival(
    follow_up: FollowUp, every_days: int, settings: EndpointSettings
) -> TimeToEvent:
    """Judge progression-free survival at the data cutoff.

    Parameters
    ----------
    follow_up : FollowUp
        The participant's assessments and dates.
    every_days : int, days
        Planned interval between tumour assessments.
    settings : EndpointSettings
        The censoring rules.

    Returns
    -------
    TimeToEvent
        From day 1 to progression or death, whichever is first; without an event to the last
        adequate assessment, or day 1 when there is none.

    Raises
    ------
    Refusal
        If the interval is not at least one day.
    """
    if every_days < 1:
        raise refuse("every_days", f"{every_days}", "1 day or more", "Correct the interval")
    event = _first_event(follow_up)
    therapy = follow_up.known(follow_up.new_therapy)
    is_first = therapy is not None and (event is None or therapy < event.on)
    if therapy is not None and is_first and settings.new_therapy == "censor":
        return _at_last_adequate(
            follow_up,
            settings,
            therapy,
            "NEW THERAPY before PD",
            f"new anticancer therapy began on {therapy}"
            + (f", before {event.says}" if event else ""),
        )
    if event is None:
        return _at_last_adequate(
            follow_up, settings, follow_up.cutoff, "NO EVENT", _no_event(follow_up)
        )
    return _with_event(follow_up, every_days, settings, event)


def counting_every_event(settings: EndpointSettings) -> EndpointSettings:
    """Give the settings of the sensitivity analysis that forgives missed assessments.

    Parameters
    ----------
    settings : EndpointSettings
        Those of the primary analysis.

    Returns
    -------
    EndpointSettings
        The same, but an event counts after any gap.
    """
    return settings.model_copy(update={"missed_assessments": None})


def missed_between(last: date, on: date, every_days: int, window_days: int) -> int:
    """Count the planned assessments that went by without one.

    Parameters
    ----------
    last : date
        Last adequate assessment, or day 1.
    on : date
        Day of the event.
    every_days, window_days : int, days
        Planned interval, and how late an assessment may be.

    Returns
    -------
    int
        Planned days, with their window, that lie before the event.
    """
    return max(0, ((on - last).days - window_days - 1) // every_days)


def _first_event(follow_up: FollowUp) -> _Event | None:
    """Find progression or death, whichever is first; progression on a tie."""
    found = []
    if follow_up.has_baseline:
        for one in follow_up.assessed():
            if one.overall is Response.PD:
                dated = one.progression_on or one.on
                says = f"progression on {dated}"
                if dated != one.on:
                    says += f" (confirmed on {one.on} and dated back)"
                found.append(_Event(dated, "PD", says))
    died = follow_up.known(follow_up.died)
    if died is not None:
        found.append(_Event(died, "DEATH", f"death on {died}"))
    return min(found, key=lambda event: event.on, default=None)


def _with_event(
    follow_up: FollowUp, every_days: int, settings: EndpointSettings, event: _Event
) -> TimeToEvent:
    """Count the event, unless too many assessments were missed before it."""
    reached = [
        on
        for on in _adequate(follow_up, settings)
        if on < event.on or (on == event.on and event.word == "DEATH")
    ]
    last = max(reached, default=follow_up.start)
    missed = missed_between(last, event.on, every_days, settings.assessment_window_days)
    since = f"the last adequate assessment on {last}" if reached else f"day 1 ({last})"
    least = settings.missed_assessments
    gap = f"{missed} planned assessment{'' if missed == 1 else 's'} missed since {since}"
    if least is not None and missed >= least:
        return _answer(
            follow_up,
            "censored",
            last,
            f"{event.word} after >={least} missed assessments",
            f"{event.says} came after {gap}, every {every_days} days being planned; with "
            f"{least} or more, follow-up ends at {since}",
        )
    limit = "any gap is allowed" if least is None else f"fewer than {least} are allowed"
    return _answer(follow_up, "event", event.on, event.word, f"{event.says}; {gap}, {limit}")


def _at_last_adequate(
    follow_up: FollowUp, settings: EndpointSettings, up_to: date, rule: str, why: str
) -> TimeToEvent:
    """Censor at the last adequate assessment up to a day, or at day 1."""
    reached = [on for on in _adequate(follow_up, settings) if on <= up_to]
    if reached:
        last = max(reached)
        return _answer(
            follow_up, "censored", last, rule, f"{why}; last adequate assessment on {last}"
        )
    lacking = (
        "no adequate assessment after baseline"
        if follow_up.has_baseline
        else "no adequate assessment at baseline"
    )
    missing = rule if rule != "NO EVENT" else "NO ADEQUATE ASSESSMENT"
    return _answer(
        follow_up, "censored", follow_up.start, missing, f"{why}; {lacking}, so at day 1"
    )


def _adequate(follow_up: FollowUp, settings: EndpointSettings) -> list[date]:
    """Give the days of adequate assessments; without a baseline none is."""
    if not follow_up.has_baseline:
        return []
    return [
        one.on
        for one in follow_up.assessed()
        if settings.not_evaluable_is_adequate or one.overall is not Response.NE
    ]


def _no_event(follow_up: FollowUp) -> str:
    """Say that neither progression nor death is known, and what does not count."""
    says = f"no progression and no death by the data cutoff of {follow_up.cutoff}"
    clinical = follow_up.known(follow_up.clinical_progression)
    if clinical is not None:
        says += f" (clinical progression on {clinical} without imaging is no event)"
    return says


def _answer(
    follow_up: FollowUp, outcome: Outcome, on: date, rule: str, because: str
) -> TimeToEvent:
    """Give the answer with its study day."""
    days = study_day(follow_up.start, on)
    word = "Event" if outcome == "event" else "Censored"
    return TimeToEvent(ENDPOINT, outcome, on, days, rule, f"{word} on day {days}: {because}.")
