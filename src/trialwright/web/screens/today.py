"""Today: what is due, each line one click from being done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.due import DueVisit, due_visits
from trialwright.conduct.evaluations import due_adjudications
from trialwright.conduct.roles import Actor
from trialwright.conduct.screening import judge
from trialwright.conduct.slot_board import ArmBoard, SlotCard, board
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.web import desk
from trialwright.web.bars import Bar, window
from trialwright.web.paging import page_of
from trialwright.web.roles import actor_of, may_do, seen_by, sees_site
from trialwright.web.standing_points import Place, outlook_of, place_of

DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Near:
    """A visit near today that is not on record.

    Attributes
    ----------
    visit : DueVisit
        As planned, with every delay that is recorded.
    bar : Bar
        Its window around today.
    when : str
        `planned today`, `window open` or `coming`.
    """

    visit: DueVisit
    bar: Bar
    when: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """The visits of one participant whose windows are over without a record.

    Attributes
    ----------
    participant : str
        Study number.
    number : int
        How many visits.
    last : DueVisit
        The one whose window ended last.
    """

    participant: str
    number: int
    last: DueVisit


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
    arms = board(state, on).arms if state.cohorts else ()
    outlooks = [outlook_of(state, each.cohort, on) for each in arms]
    numbers = {each.number for each in mine}
    until = on + timedelta(days=DAYS_AHEAD)
    found = [each for each in due_visits(state, until) if each.participant in numbers]
    return render(
        request,
        "web/today.html",
        {
            "on": on,
            "until": until,
            "state": state,
            "meetings": [each for each in outlooks if each.is_due],
            "adjudications": [*due_adjudications(state, mine, on)],
            "may_decide": may_do(actor, DecideDose),
            "free": [each for each in outlooks if each.free and not each.is_due],
            "windows": page_of(request, "windows", _ending(places, on)),
            "visits": page_of(request, "visits", _near(found, on)),
            "overdue": page_of(request, "overdue", [*_overdue(found, on)]),
            "held": [*_held(arms, actor)],
            "screening": [_screening(state, each, on) for each in mine if not each.registered_on],
            "starting": [
                each for each in mine if each.dose_level is not None and each.first_dose_on is None
            ],
        },
    )


def _held(arms: tuple[ArmBoard, ...], actor: Actor) -> Iterator[tuple[str, SlotCard]]:
    """Give the places that are held and can be lost, of whom the account may see."""
    for arm in arms:
        for level in arm.levels:
            for card in level.slots:
                if card.until is not None and sees_site(actor, card.site):
                    yield arm.arm, card


def _ending(places: list[Place], on: date) -> list[Place]:
    """Give the DLT windows that run and end soon, the first to end first."""
    soon = on + timedelta(days=2 * DAYS_AHEAD)
    ending = [(place.days.last, place.participant.number, place) for place in places
              if place.bar and place.days and place.days.last <= soon]  # fmt: skip
    return [place for _, _, place in sorted(ending, key=lambda each: each[:2])]


def _near(found: list[DueVisit], on: date) -> list[Near]:
    """Give the visits whose window touches the days from today, by their planned day."""
    near = [Near(each, window(each.earliest, each.on, each.latest, on), _when(each, on))
            for each in found if each.latest >= on]  # fmt: skip
    return sorted(near, key=lambda each: (each.visit.on, each.visit.participant))


def _when(visit: DueVisit, on: date) -> str:
    """Say where today lies in the window."""
    if visit.on == on:
        return "planned today"
    return "window open" if visit.earliest <= on else "coming"


def _overdue(found: list[DueVisit], on: date) -> Iterator[Overdue]:
    """Sum up for each participant what is overdue."""
    over: dict[str, list[DueVisit]] = {}
    for each in found:
        if each.latest < on:
            over.setdefault(each.participant, []).append(each)
    for number, theirs in over.items():
        yield Overdue(number, len({each.code for each in theirs}), theirs[-1])


def _screening(state: TrialState, participant: ParticipantState, on: date) -> InScreening:
    """Say how far somebody in screening came."""
    at = reverse("participant_eligibility", args=[participant.number])
    if not participant.screened_for:
        return InScreening(participant, "", "", 0, at)
    arm = participant.screened_for[-1]
    judged = judge(state, participant.number, arm, max(on, participant.consented_on), on)
    still_open = judged.counts.get("unknown", 0)
    return InScreening(participant, arm, str(judged.overall), still_open, f"{at}?arm={arm}")
