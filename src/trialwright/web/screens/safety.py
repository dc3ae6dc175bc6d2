"""Safety and dose decision: what counts, what the design says, and the decision of people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from trialwright.assembly.shown_reports import safety_pictures_of
from trialwright.conduct.acts import DecideDose
from trialwright.conduct.dose_decisions import missing_signatures
from trialwright.conduct.dose_meeting import lay_out
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.registration import open_places
from trialwright.conduct.state import TrialState
from trialwright.protocol.arms import Arm
from trialwright.terms.errors import Refusal
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import MeetingForm, sentence
from trialwright.web.paging import page_of
from trialwright.web.pictures import asked_of, in_page
from trialwright.web.roles import actor_of, may_do, sees
from trialwright.web.standing_points import place_of
from trialwright.web.whole_trial import events_in, looked_at


@dataclass(frozen=True, slots=True)
class Tally:
    """What was seen at one dose level.

    Attributes
    ----------
    level : int
        1 = lowest.
    dose : str
        With unit.
    evaluable, dlts, pending : int
        Participants.
    """

    level: int
    dose: str
    evaluable: int
    dlts: int
    pending: int


@require_safe
def arms(request: HttpRequest) -> HttpResponse:
    """Show what comes next in each arm, and the adverse events.

    Parameters
    ----------
    request : HttpRequest
        Of anybody who sees participants.

    Returns
    -------
    HttpResponse
        Adverse events of the participants whom the account may see.
    """
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    outlooks = [
        (arm, state.cohorts[arm.id], looked_at(state, on).outlooks[arm.id])
        for arm in state.study.arms if arm.id in state.cohorts
    ]  # fmt: skip
    events = [(each, event) for each, event in events_in(state, on) if sees(actor, each)]
    pictures = safety_pictures_of(desk.desk(), asked_of(request, "safety"))
    context = {
        "outlooks": outlooks,
        "events": page_of(request, "events", events),
        "state": state,
        "parts": [*in_page(pictures)],
    }
    return render(request, "web/safety.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, arm: str) -> HttpResponse:
    """Lay out a dose meeting, and take its decision.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query; a POST decides.
    arm : str
        Arm id.

    Returns
    -------
    HttpResponse
        With everything the decision rests on.

    Raises
    ------
    Http404
        If there is no such arm.
    """
    state, on = desk.state(), desk.today()
    found = state.study.arm(arm)
    if found is None or arm not in state.cohorts:
        raise Http404
    form = MeetingForm(
        request.POST or None, levels=_doses(state, found), people=_people(state, on),
        initial={"on": on, "cutoff": on},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        act = DecideDose(arm, entered["on"], entered["cutoff"], form.override, entered["minutes"],
                         tuple(entered["attended"]))  # fmt: skip
        if is_done(request, form, act, f"The dose decision of arm {arm} is taken."):
            return redirect("safety_arm", arm=arm)
    asked = request.POST.get("cutoff") or request.GET.get("cutoff") or ""
    cutoff = _day(asked) or on
    actor = actor_of(request)
    context = {
        "mine": {each.number for each in state.of_arm(arm) if sees(actor, each)},
        "arm": found,
        "cohort": state.cohorts[arm],
        "form": form,
        "may_decide": may_do(actor, DecideDose),
        "cutoff": cutoff,
        "decisions": _decisions(arm),
        "missing": missing_signatures(state, arm, on),
        "last": state.oversight.last_decision(arm),
        **_laid_out(state, found, cutoff),
    }
    return render(request, "web/meeting.html", context, status=REFUSED if form.is_bound else 200)


def _day(text: str) -> date | None:
    """Read a day of an address; what is none is left out."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _laid_out(state: TrialState, arm: Arm, cutoff: date) -> dict[str, Any]:
    """Give what a meeting has before it, or why there is no answer."""
    places = [place_of(state, each, cutoff) for each in state.of_arm(arm.id)]
    try:
        prepared = lay_out(state, arm.id, cutoff)
    except Refusal as refused:
        return {"places": places, "faults": [sentence(fault) for fault in refused.faults]}
    doses = _doses(state, arm)
    tallies = [
        Tally(level, doses[level - 1], each.evaluable, each.dlts, each.pending)
        for level, each in enumerate(prepared.counts, start=1)
    ]
    decision, beside = prepared.decision, prepared.beside
    return {
        "places": places,
        "tallies": tallies,
        "faults": [sentence(fault) for fault in prepared.refused],
        "decision": decision,
        "next_dose": doses[decision.level - 1] if decision and decision.level else "",
        "free": open_places(state, arm.id, cutoff),
        "beside": list(zip(range(1, len(doses) + 1), beside.more, beside.responses, strict=True))
        if beside
        else [],
    }


def _doses(state: TrialState, arm: Arm) -> list[str]:
    """Give the doses of an arm with their unit, lowest first."""
    unit = state.study.agents[arm.ladder.agent].dose_unit
    return [f"{dose:f} {unit}" for dose in arm.ladder.doses]


def _people(state: TrialState, on: date) -> list[tuple[str, str]]:
    """Give the accounts of the delegation log that are in force on a day, with their names."""
    rows = {each.account: each for each in state.oversight.delegations if each.holds_on(on)}
    return [(account, f"{each.name}, {each.role.replace('-', ' ')}")
            for account, each in sorted(rows.items())]  # fmt: skip


def _decisions(arm: str) -> list[Recorded]:
    """Give the dose decisions taken, newest first."""
    subject = f"arm-{arm}"
    return [
        record for record in desk.desk().records()
        if record.happening.act == "dose_decided" and record.happening.subject == subject
    ][::-1]  # fmt: skip
