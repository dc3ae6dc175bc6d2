"""Today: what is due, each line one click from being done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.course_stages import ENDED, stage_of
from trialwright.conduct.evaluations import due_adjudications
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.query_acts import AnswerQuery, CloseQuery
from trialwright.conduct.roles import Actor
from trialwright.conduct.screening import judge
from trialwright.conduct.slot_board import ArmBoard, SlotCard
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.statuses import InForce
from trialwright.web import desk
from trialwright.web.paging import page_of
from trialwright.web.roles import actor_of, may_do, seen_by, sees_site
from trialwright.web.version_names import reconsents_named
from trialwright.web.whole_trial import DAYS_AHEAD, looked_at


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
    going_on = [each for each in mine if stage_of(each).name not in ENDED]
    whole, numbers = looked_at(state, on), {each.number for each in mine}
    outlooks = [*whole.outlooks.values()]
    ending = [each for each in whole.ending if each.participant.number in numbers]
    near = [each for each in whole.near if each.visit.participant in numbers]
    overdue = [each for each in whole.overdue if each.participant in numbers]
    return render(
        request,
        "web/today.html",
        {
            "on": on,
            "until": on + timedelta(days=DAYS_AHEAD),
            "state": state,
            "meetings": [each for each in outlooks if each.is_due],
            "adjudications": [*due_adjudications(state, mine, on)],
            "halted": [*_halted(state, on, actor)],
            "medicines": [each for each in whole.medicines if each[0] in numbers],
            "lost": [(each.number, gone) for each in mine for gone in each.unreadable],
            "reconsents": reconsents_named(state, on, numbers),
            "may_decide": may_do(actor, DecideDose),
            "to_answer": _queries(state, numbers, "Open") if may_do(actor, AnswerQuery) else 0,
            "to_close": _queries(state, numbers, "Answered") if may_do(actor, CloseQuery) else 0,
            "free": [each for each in outlooks if each.free and not each.is_due],
            "windows": page_of(request, "windows", ending),
            "visits": page_of(request, "visits", near),
            "overdue": page_of(request, "overdue", overdue),
            "held": [*_held(whole.board.arms if state.cohorts else (), actor)],
            "screening": [
                _screening(state, each, on) for each in going_on if not each.registered_on
            ],
            "starting": [
                each
                for each in going_on
                if each.dose_level is not None
                and each.first_dose_on is None
                and each.course.off_treatment is None
            ],
        },
    )


def _halted(state: TrialState, on: date, actor: Actor) -> Iterator[tuple[str, InForce]]:
    """Give what does not recruit today: the trial, else each site that the account sees."""
    now = statuses_on(state, on)
    if now.trial.status != "active":
        yield "The trial", now.trial
        return
    for site in state.study.sites:
        if now.sites[site.id].status != "active" and sees_site(actor, site.id):
            yield site.name, now.sites[site.id]


def _queries(state: TrialState, numbers: set[str], stands: str) -> int:
    """Count the queries about participants that stand so."""
    queries = state.oversight.queries.values()
    return sum(each.state == stands and each.scope.participant in numbers for each in queries)


def _held(arms: tuple[ArmBoard, ...], actor: Actor) -> Iterator[tuple[str, SlotCard]]:
    """Give the places that are held and can be lost, of whom the account may see."""
    for arm in arms:
        for level in arm.levels:
            for card in level.slots:
                if card.until is not None and sees_site(actor, card.site):
                    yield arm.arm, card


def _screening(state: TrialState, participant: ParticipantState, on: date) -> InScreening:
    """Say how far somebody in screening came."""
    at = reverse("participant_eligibility", args=[participant.number])
    if not participant.screened_for:
        return InScreening(participant, "", "", 0, at)
    arm = participant.screened_for[-1]
    judged = judge(state, participant.number, arm, max(on, participant.consented_on), on)
    still_open = judged.counts.get("unknown", 0)
    return InScreening(participant, arm, str(judged.overall), still_open, f"{at}?arm={arm}")
