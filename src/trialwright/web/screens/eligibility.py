"""Screening and eligibility: criterion by criterion, and the acts that lead to registration."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from trialwright.casebook.facts import Attestation
from trialwright.conduct.acts import Assign, Attest, RecordException, Register, Screen
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.registration import in_the_way
from trialwright.conduct.screening import judge, look_ahead
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.eligibility.screening import Overall
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source
from trialwright.web import desk
from trialwright.web.backfill_offer import BackfillForm, offer
from trialwright.web.checklists import Wanted, comes_to, effect
from trialwright.web.criterion_lines import line_of, whole_record
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import AnswerForm, ArmDayForm, AssignForm, sentence
from trialwright.web.roles import actor_of, may_do
from trialwright.web.screens.participants import asked_for
from trialwright.web.standing_points import ended_of

_TO_FIRST_DOSE = timedelta(days=4)
"""First dose proposed in an empty form: it can be changed, and nothing rests on it."""

_AT_FIRST = 8
"""Things that would decide a checklist that are shown at once; the others are folded."""

_ANSWERED = Source("person", "page")


@require_safe
def eligibility(request: HttpRequest, number: str) -> HttpResponse:
    """Show the checklist of a participant.

    Parameters
    ----------
    request : HttpRequest
        Arm and days may stand in its query.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        With the forms that the account may send.
    """
    return _shown(request, number, {}, request.GET)


def _shown(
    request: HttpRequest, number: str, bound: Mapping[str, Any], given: Mapping[str, Any]
) -> HttpResponse:
    """Show the checklist, with forms that were refused in place of empty ones."""
    state, here = asked_for(request, number)
    actor, wanted = actor_of(request), _wanted(state, here, given)
    context: dict[str, Any] = {"participant": here, "wanted": wanted, "page": "eligibility"}
    try:
        judged = judge(state, number, wanted.arm, wanted.on, wanted.first_dose_on)
    except Refusal as refused:
        context["faults"] = [sentence(fault) for fault in refused.faults]
        return render(request, "web/eligibility.html", context, status=REFUSED)
    lines = [line_of(state, here, each, actor, bound, wanted) for each in judged.verdicts]
    days = (wanted.on, wanted.first_dose_on)
    whole = whole_record(state, here, actor, bound, wanted)
    context |= {
        "whole": whole if whole and (whole.form or whole.given) else None,
        "asked": {each.name for line in lines for each in line.questions}
        | ({whole.name} if whole else set()),
        "study": state.study,
        "ended": ended_of(here),
        "judged": judged,
        "passing": sum(not each.is_open for each in lines),
        "shows_all": "all" in given,
        "open_ones": [each.criterion.id for each in lines if each.is_open],
        "deciding_first": judged.deciding[:_AT_FIRST],
        "deciding_rest": judged.deciding[_AT_FIRST:],
        "inclusion": [each for each in lines if not each.verdict.is_exclusion],
        "exclusion": [each for each in lines if each.verdict.is_exclusion],
        "arms": [(each.id, judge(state, number, each.id, *days)) for each in state.study.arms],
        "ahead": () if here.registered_on else look_ahead(state, number, *days),
        "screen_form": bound.get("screen") or _form(state, wanted, "screen-%s"),
        "may_screen": may_do(actor, Screen),
        "may_register": may_do(actor, Register) and not [*in_the_way(judged, here.excepted)],
        "by_exception": judged.overall is not Overall.ELIGIBLE,
        "may_except": may_do(actor, RecordException),
        "register_form": bound.get("register") or _form(state, wanted, "register-%s"),
        "assign_form": bound.get("assign") or _assignment(state, here, wanted),
        "may_assign": may_do(actor, Assign),
        "backfill": offer(state, here, wanted.on, _choices(state, here), bound.get("backfill")),
        "is_refused": bool(bound),
    }
    return render(request, "web/eligibility.html", context, status=REFUSED if bound else 200)


def _wanted(state: TrialState, here: ParticipantState, given: Mapping[str, Any]) -> Wanted:
    """Read arm and days from an address, or take those that stand on record."""
    arms = [each.id for each in state.study.arms]
    on_record = here.arm or (here.screened_for or (arms[0],))[-1]
    arm = given.get("arm", "")
    on = _day(given.get("on")) or here.registered_on or max(desk.today(), here.consented_on)
    first = _day(given.get("first_dose_on")) or here.first_dose_planned_on or on + _TO_FIRST_DOSE
    return Wanted(arm if arm in arms else on_record, on, first)


def _day(text: Any) -> date | None:
    """Read a day of an address; what is none is left out."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _form(state: TrialState, wanted: Wanted, ids: str) -> ArmDayForm:
    """Give an empty form with the arm and days that are shown."""
    initial = {"arm": wanted.arm, "on": wanted.on, "first_dose_on": wanted.first_dose_on}
    return ArmDayForm(arms=_arms(state), initial=initial, auto_id=ids)


def _arms(state: TrialState) -> list[str]:
    """Name the arms."""
    return [each.id for each in state.study.arms]


def _assignment(state: TrialState, here: ParticipantState, wanted: Wanted) -> AssignForm | None:
    """Give the form for a dose level, when one is to be given."""
    if here.registered_on is None or here.dose_level is not None:
        return None
    return AssignForm(choices=_choices(state, here), initial={"on": wanted.on})


def _choices(state: TrialState, here: ParticipantState) -> list[tuple[str, str, list[str]]]:
    """Give the lines of an arm that offer several agents; none before registration."""
    if not here.arm:
        return []
    return [
        (line.id, line.says, [given.agent for given in line.choices])
        for line in state.study.required_arm(here.arm).dosing
        if len(line.choices) > 1
    ]


@require_POST
def screen(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the checklist of a day on record.

    Parameters
    ----------
    request : HttpRequest
        With arm and days.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        The checklist.
    """
    state, _ = asked_for(request, number)
    form = ArmDayForm(request.POST, arms=_arms(state), auto_id="screen-%s")
    if form.is_valid():
        entered = form.cleaned_data
        act = Screen(number, entered["arm"], entered["on"], entered["first_dose_on"])
        if is_done(request, form, act, f"The checklist of {number} is on record."):
            return _back(number, Wanted(act.arm, act.on, entered["first_dose_on"]))
    return _shown(request, number, {"screen": form}, request.POST)


@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Record an answer to a question.

    Parameters
    ----------
    request : HttpRequest
        With question, answer, day and reason.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        The checklist, at its criterion.
    """
    state, _ = asked_for(request, number)
    name = request.POST.get("question", "")
    form = AnswerForm(request.POST, auto_id=f"{name}-%s")
    if form.is_valid():
        entered = form.cleaned_data
        role = actor_of(request).role
        day = PartialDate.of(entered["on"])
        said = Attestation(
            entered["question"], entered["answer"], entered["reason"].strip(), role, day, _ANSWERED
        )
        kept = Wanted(request.POST.get("arm", ""), entered["on"], _first_dose(request))
        before, says = comes_to(state, number, kept), state.study.terms.get(said.question)
        asked = says.says if says else said.question
        if is_done(request, form, Attest(number, said), f"{asked} {said.answer.capitalize()}."):
            if changed := effect(before, comes_to(desk.state(), number, kept)):
                messages.info(request, changed)
            at = reverse("participant_eligibility", args=[number])
            return redirect(f"{at}{kept.query}#q-{said.question}")
    return _shown(request, number, {f"answer-{name}": form}, request.POST)


def _first_dose(request: HttpRequest) -> date:
    """Give the first dose planned that the page showed."""
    return _day(request.POST.get("first_dose_on")) or desk.today() + _TO_FIRST_DOSE


@require_POST
def register(request: HttpRequest, number: str) -> HttpResponse:
    """Register a participant whose checklist is complete.

    Parameters
    ----------
    request : HttpRequest
        With arm and days.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        The checklist; every criterion in the way when refused.
    """
    state, _ = asked_for(request, number)
    form = ArmDayForm(request.POST, arms=_arms(state), auto_id="register-%s")
    if form.is_valid():
        entered = form.cleaned_data
        act = Register(number, entered["arm"], entered["on"], entered["first_dose_on"])
        if is_done(request, form, act, f"{number} is registered for arm {act.arm}."):
            return _back(number, Wanted(act.arm, act.on, act.first_dose_on))
    return _shown(request, number, {"register": form}, request.POST)


@require_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Give a registered participant the dose level that is open.

    Parameters
    ----------
    request : HttpRequest
        With the day and the agents chosen.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        The participant's calendar.
    """
    state, here = asked_for(request, number)
    form = AssignForm(request.POST, choices=_choices(state, here))
    if form.is_valid():
        act = Assign(number, form.cleaned_data["on"], form.choice)
        if is_done(request, form, act, f"{number} has a dose level."):
            return redirect("participant", number=number)
    return _shown(request, number, {"assign": form}, {})


@require_POST
def backfill(request: HttpRequest, number: str) -> HttpResponse:
    """Give a registered participant a dose level below the running cohort.

    Parameters
    ----------
    request : HttpRequest
        With the dose level, the day and the agents chosen.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        The participant's calendar.
    """
    state, here = asked_for(request, number)
    form = BackfillForm(request.POST, choices=_choices(state, here), auto_id="backfill-%s")
    if form.is_valid():
        entered = form.cleaned_data
        act = AssignBackfill(number, entered["level"], entered["on"], form.choice)
        if is_done(request, form, act, f"{number} is backfilled at dose level {act.level}."):
            return redirect("participant", number=number)
    return _shown(request, number, {"backfill": form}, {})


def _back(number: str, wanted: Wanted) -> HttpResponse:
    """Lead back to the checklist that was shown."""
    return redirect(reverse("participant_eligibility", args=[number]) + wanted.query)
