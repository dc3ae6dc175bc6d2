"""The list of participants, and the consent of a new one."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from trialwright.conduct.acts import Consent
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import ConsentForm
from trialwright.web.paging import page_of
from trialwright.web.roles import actor_of, may_do, seen_by, sees
from trialwright.web.standing_points import step_of


@dataclass(frozen=True, slots=True)
class Row:
    """A participant as the list shows one.

    Attributes
    ----------
    participant : ParticipantState
        Who.
    step : str
        How far the participant came.
    dose : str
        Of the dose level, with unit; empty before the assignment.
    label : str
        `illustrative, ...` when the registry states no doses.
    """

    participant: ParticipantState
    step: str
    dose: str
    label: str


def asked_for(request: HttpRequest, number: str) -> tuple[TrialState, ParticipantState]:
    """Give the participant whose page is asked for.

    Parameters
    ----------
    request : HttpRequest
        Of the page.
    number : str
        Study number in the address.

    Returns
    -------
    tuple of TrialState and ParticipantState
        As of now, under the version of the protocol in force at the participant's site.

    Raises
    ------
    Http404
        If there is no such participant, or none whom the account may see.
    """
    state = desk.state()
    found = state.participants.get(number)
    if found is None or not sees(actor_of(request), found):
        raise Http404
    return state.as_at(found.site), found


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """List the participants, and record the consent of a new one.

    Parameters
    ----------
    request : HttpRequest
        A POST records a consent.

    Returns
    -------
    HttpResponse
        Of the participants whom the account may see.
    """
    actor, on = actor_of(request), desk.today()
    form = ConsentForm(request.POST or None, initial={"on": on})
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        act = Consent(entered["number"], entered["on"])
        if is_done(request, form, act, f"The consent of {act.participant} is on record."):
            return redirect("participant_eligibility", number=act.participant)
    state = desk.state()
    page = page_of(request, "participants", seen_by(actor, state))
    return render(
        request,
        "web/participants.html",
        {
            "page": page,
            "rows": [_row(state, each, on) for each in page],
            "form": form if may_do(actor, Consent) else None,
            "state": state,
        },
        status=REFUSED if form.is_bound else 200,
    )


def _row(state: TrialState, participant: ParticipantState, on: date) -> Row:
    """Give one line of the list."""
    dose = label = ""
    if participant.dose_level is not None:
        ladder = state.study.required_arm(participant.arm).ladder
        unit = state.study.agents[ladder.agent].dose_unit
        dose = f"{ladder.doses[participant.dose_level - 1]:f} {unit}"
        label = ladder.label
    return Row(participant, step_of(participant, on), dose, label)
