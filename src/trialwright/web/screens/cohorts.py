"""The cohort of an arm as people steer it: opened, held, resumed and closed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from trialwright.conduct.acts import Act
from trialwright.conduct.cohort_acts import CloseCohort, HoldCohort, OpenCohort, ResumeCohort
from trialwright.conduct.cohort_control import control
from trialwright.conduct.cohort_moves import COHORT_MOVES
from trialwright.conduct.cohort_state import standing
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import day_field, reason_field
from trialwright.web.roles import actor_of, may_do


@dataclass(frozen=True, slots=True)
class Move:
    """What can be done with a cohort.

    Attributes
    ----------
    says, done : str
        Words of the button, and of what came of it.
    act : type
        The act.
    make : callable (arm, day, reason) -> Act
        Reads the form.
    """

    says: str
    done: str
    act: type
    make: Callable[[str, date, str], Act]


MOVES: Mapping[str, Move] = MappingProxyType(
    {
        "open": Move("Open the cohort", "takes participants", OpenCohort, OpenCohort),
        "hold": Move("Hold the cohort", "is on hold", HoldCohort, HoldCohort),
        "resume": Move("Resume the cohort", "goes on", ResumeCohort, ResumeCohort),
        "close": Move("Close the cohort", "is closed", CloseCohort, CloseCohort),
    }
)
"""Word of a form to what it does."""


class CohortForm(forms.Form):
    """A day and a reason."""

    on = day_field("Day from which it holds")
    reason = reason_field(
        "Why; shown wherever the cohort is. Opening a planned cohort needs none.", required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cohort(request: HttpRequest, arm: str) -> HttpResponse:
    """Show where the open cohort of an arm stands, and steer it.

    Parameters
    ----------
    request : HttpRequest
        A POST names the move.
    arm : str
        Arm id.

    Returns
    -------
    HttpResponse
        With a form for each move that the account may do and that leads anywhere.

    Raises
    ------
    Http404
        If there is no such arm or move, or the trial is not open.
    """
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    word = request.POST.get("do", "")
    if arm not in state.cohorts or (request.method == "POST" and word not in MOVES):
        raise Http404
    bound: dict[str, CohortForm] = {}
    if request.method == "POST":
        form, move = CohortForm(request.POST, auto_id=f"{word}-%s"), MOVES[word]
        if form.is_valid():
            act = move.make(arm, form.cleaned_data["on"], form.cleaned_data["reason"].strip())
            if is_done(request, form, act, f"The cohort of arm {arm} {move.done}."):
                return redirect("cohort", arm=arm)
        bound = {word: form}
    context = {
        "arm": state.study.required_arm(arm),
        "cohort": standing(state, arm, on),
        "changes": state.slots.changes.get(arm, ())[::-1],
        "moves": [*_moves(state, arm, on, actor, bound)],
        "on": on,
    }
    return render(request, "web/cohort.html", context, status=REFUSED if bound else 200)


def _moves(
    state: TrialState, arm: str, on: date, actor: Actor, bound: Mapping[str, CohortForm]
) -> Iterator[tuple[str, Move, CohortForm]]:
    """Give the moves that lead on from where the cohort stands, with a form each."""
    now, has_ended = control(state, arm, on).word, state.cohorts[arm].level is None
    for word, move in MOVES.items():
        leads = now in COHORT_MOVES[move.act].starts and not has_ended
        if word in bound or (leads and may_do(actor, move.act)):
            yield (
                word,
                move,
                bound.get(word) or CohortForm(initial={"on": on}, auto_id=f"{word}-%s"),
            )
