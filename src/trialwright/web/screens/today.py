"""Today: what is due, each line one click from being done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.registration import open_places
from trialwright.conduct.screening import judge
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.visits.cycles import cycle_day_of
from trialwright.visits.windows import PlannedVisit, visit_calendar
from trialwright.web import desk
from trialwright.web.bars import Bar, window
from trialwright.web.roles import actor_of, may_do, seen_by
from trialwright.web.standing_points import (
    Outlook,
    Place,
    is_treated,
    outlook_of,
    place_of,
)

DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A planned visit near today.

    Attributes
    ----------
    participant : ParticipantState
        Whose.
    visit : PlannedVisit
        As the protocol plans it.
    bar : Bar
        Its window around today.
    when : str
        `today`, `window open` or `coming`.
    """

    participant: ParticipantState
    visit: PlannedVisit
    bar: Bar
    when: str


@dataclass(frozen=True, slots=True)
class InScreening:
    """Somebody who is not registered yet.

    Attributes
    ----------
    participant : ParticipantState
        Who.
    arm, overall : str
        Arm last screened for, and what the criteria come to today; both empty before screening.
    open_criteria : int
        How many are unknown.
    address : str
        Where to go on.
    """

    participant: ParticipantState
    arm: str
    overall: str
    open_criteria: int
    address: str


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what is due.

    Parameters
    ----------
    request : HttpRequest
        Of anybody who sees participants.

    Returns
    -------
    HttpResponse
        Of the participants whom the account may see.
    """
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    mine = seen_by(actor, state)
    places = [place_of(state, each, on) for each in mine if each.dose_level is not None]
    outlooks = [*_outlooks(state, on)]
    return render(
        request,
        "web/today.html",
        {
            "on": on,
            "until": on + timedelta(days=DAYS_AHEAD),
            "state": state,
            "meetings": [each for each in outlooks if each.is_due],
            "may_decide": may_do(actor, DecideDose),
            "free": [each for each in outlooks if each.free and not each.is_due],
            "windows": _ending(places, on),
            "visits": sorted(_visits(state, mine, on), key=_first),
            "screening": [_screening(state, each, on) for each in mine if not each.registered_on],
            "starting": [
                each for each in mine if each.dose_level is not None and each.first_dose_on is None
            ],
        },
    )


def _outlooks(state: TrialState, on: date) -> Iterator[Outlook]:
    """Give the outlook of each arm of an open trial."""
    for arm in state.cohorts:
        yield outlook_of(state, arm, on, open_places(state, arm, on))


def _ending(places: list[Place], on: date) -> list[Place]:
    """Give the DLT windows that run and end soon, the first to end first."""
    soon = on + timedelta(days=2 * DAYS_AHEAD)
    ending = [(place.days.last, place.participant.number, place) for place in places
              if place.bar and place.days and place.days.last <= soon]  # fmt: skip
    return [place for _, _, place in sorted(ending, key=lambda each: each[:2])]


def _visits(state: TrialState, mine: tuple[ParticipantState, ...], on: date) -> Iterator[DueVisit]:
    """Give the visits whose window touches the days from today."""
    study = state.study
    for each in mine:
        start = each.first_dose_on or each.first_dose_planned_on
        if start is None or not is_treated(each, on):
            continue
        ends = on + timedelta(days=DAYS_AHEAD)
        cycle = cycle_day_of(start, max(on, start), study.cycle_days).cycle
        near = range(max(1, cycle - 1), cycle + 2)
        arm = study.required_arm(each.arm)
        for visit in visit_calendar(study.assessments, arm, study.cycle_days, start, near):
            if visit.latest >= on and visit.earliest <= ends:
                yield DueVisit(each, visit, _bar(visit, on), _when(visit, on))


def _bar(visit: PlannedVisit, on: date) -> Bar:
    """Draw the window of a visit."""
    return window(visit.earliest, visit.on, visit.latest, on)


def _when(visit: PlannedVisit, on: date) -> str:
    """Say where today lies in the window."""
    if visit.on == on:
        return "planned today"
    return "window open" if visit.earliest <= on <= visit.latest else "coming"


def _first(due: DueVisit) -> tuple[date, str]:
    """Order visits by the planned day, then by participant."""
    return due.visit.on, due.participant.number


def _screening(state: TrialState, participant: ParticipantState, on: date) -> InScreening:
    """Say how far somebody in screening came."""
    at = reverse("participant_eligibility", args=[participant.number])
    if not participant.screened_for:
        return InScreening(participant, "", "", 0, at)
    arm = participant.screened_for[-1]
    judged = judge(state, participant.number, arm, max(on, participant.consented_on), on)
    still_open = judged.counts.get("unknown", 0)
    return InScreening(participant, arm, str(judged.overall), still_open, f"{at}?arm={arm}")
