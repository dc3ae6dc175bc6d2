"""Queries of the trial; and of one participant what is asked, frozen, locked and signed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trialwright.conduct.acts import Act
from trialwright.conduct.data_checks import DataCheck, data_checks, unasked
from trialwright.conduct.locking import holds_over
from trialwright.conduct.locking_acts import Freeze, Lock, Unlock
from trialwright.conduct.query_acts import RaiseQuery
from trialwright.conduct.query_records import Query
from trialwright.conduct.querying import MOVES
from trialwright.conduct.roles import Actor
from trialwright.conduct.scopes import Scope
from trialwright.conduct.shown import parts
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.oversight_forms import AskPartForm, NoForm, PartForm, StepForm, UnlockPartForm
from trialwright.web.point_words import said_of
from trialwright.web.roles import actor_of, may_do, seen_by
from trialwright.web.screens.participants import asked_for

STEPS = {kind.__name__.removesuffix("Query").lower(): kind for kind in MOVES}
"""Word of a form to the step of a query."""

HOLDS: Mapping[str, tuple[str, type, type[PartForm], Callable[..., Act]]] = MappingProxyType(
    {
        "ask": ("Raise a query", RaiseQuery, AskPartForm,
                lambda number, on, entered: RaiseQuery(number, on, entered["text"],
                                                       entered["part"])),
        "freeze": ("Freeze", Freeze, PartForm,
                   lambda number, on, entered: Freeze(number, on, entered["part"])),
        "lock": ("Lock", Lock, PartForm,
                 lambda number, on, entered: Lock(number, on, entered["part"])),
        "unlock": ("Open again", Unlock, UnlockPartForm,
                   lambda number, on, entered: Unlock(number, on, entered["reason"],
                                                      entered["part"])),
    }
)  # fmt: skip
"""Word of a form to its button, its act, its fields and how it is read."""


@require_safe
def queries(request: HttpRequest) -> HttpResponse:
    """List the queries, those that wait first.

    Parameters
    ----------
    request : HttpRequest
        `all` in its query shows ended ones too.

    Returns
    -------
    HttpResponse
        Of the participants whom the account may see.
    """
    return _queries(request, {})


@require_POST
def step(request: HttpRequest, query: int) -> HttpResponse:
    """Take a step of a query.

    Parameters
    ----------
    request : HttpRequest
        With the step and words.
    query : int
        Its number.

    Returns
    -------
    HttpResponse
        The list.

    Raises
    ------
    Http404
        If there is no such query, or it concerns somebody whom the account may not see.
    """
    state, word = desk.state(), request.POST.get("do", "")
    found = state.oversight.queries.get(query)
    if found is None or word not in STEPS:
        raise Http404
    asked_for(request, found.scope.participant)
    form = StepForm(request.POST, auto_id=f"{query}-{word}-%s")
    if form.is_valid():
        kind = STEPS[word]
        said = {"text": form.cleaned_data["text"]} if hasattr(kind, "text") else {}
        act = kind(found.scope.participant, query, desk.today(), **said)
        if is_done(request, form, act, f"Query {query} is {MOVES[kind].to.lower()}."):
            return redirect("queries")
    return _queries(request, {(query, word): form})


def _queries(request: HttpRequest, bound: Mapping[tuple[int, str], forms.Form]) -> HttpResponse:
    """List the queries with the steps that the account may take."""
    state, actor, on = desk.state(), actor_of(request), desk.today()
    mine = seen_by(actor, state)
    numbers = {each.number for each in mine}
    found = [each for each in state.oversight.queries.values()
             if each.scope.participant in numbers]  # fmt: skip
    is_all = "all" in request.GET
    shown = [(each, _asked_about(state, each), each.age_days(on), [*_steps(each, actor, bound)])
             for each in found if is_all or not each.has_ended]  # fmt: skip
    checks = tuple(check for each in mine for check in _checks(state, each, on))
    open_of = Counter(check.participant for check in unasked(state, checks))
    context = {"queries": shown, "all": len(found), "is_all": is_all,
               "ended": sum(each.has_ended for each in found),
               "waiting": [(each, open_of[each.number]) for each in mine
                           if open_of[each.number]]}  # fmt: skip
    return render(request, "web/queries.html", context, status=REFUSED if bound else 200)


def _asked_about(state: TrialState, query: Query) -> str:
    """Give the words of the field that a query is about; empty: of more than a field."""
    scope, records = query.scope, desk.desk().records()
    if not scope.field or not 0 < scope.sequence <= len(records):
        return ""
    return said_of(state.study, records[scope.sequence - 1].happening.payload, scope.field).whole


def _checks(state: TrialState, here: ParticipantState, on: date) -> tuple[DataCheck, ...]:
    """Check a participant by the version of the protocol in force at the site."""
    return data_checks(state.as_at(here.site), here, on)


def _steps(
    query: Query, actor: Actor, bound: Mapping[tuple[int, str], forms.Form]
) -> Iterator[tuple[str, forms.Form]]:
    """Give the steps that lead on from where a query stands."""
    for word, kind in STEPS.items():
        form = bound.get((query.number, word))
        if form or (query.state in MOVES[kind].starts and may_do(actor, kind)):
            yield word, form or StepForm(auto_id=f"{query.number}-{word}-%s")


@require_http_methods(["GET", "HEAD", "POST"])
def oversight(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is asked, held and signed of a participant; ask, freeze, lock and open again.

    Parameters
    ----------
    request : HttpRequest
        A POST names what to do.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        With the forms that the account may send.

    Raises
    ------
    Http404
        If the form is none.
    """
    state, here = asked_for(request, number)
    bound: dict[str, forms.Form] = {}
    waiting = unasked(state, _checks(state, here, desk.today()))
    if request.method == "POST" and "check" in request.POST:
        return _raised(request, number, waiting)
    if request.method == "POST":
        word = request.POST.get("do", "")
        if word not in HOLDS:
            raise Http404
        says, _, _, make = HOLDS[word]
        form = _form(state, here, word, request.POST)
        if form.is_valid():
            act = make(number, desk.today(), form.cleaned_data)
            if is_done(request, form, act, f"{says}: done for {number}."):
                return redirect("participant_oversight", number=number)
        bound = {word: form}
    context = {
        "participant": here,
        "page": "oversight",
        "queries": [each for each in state.oversight.queries.values()
                    if each.scope.participant == number],
        "holds": _holds(state, number),
        "signatures": [each for each in state.oversight.signatures
                       if each.target.subject == number],
        "deeds": [*_deeds(state, here, actor_of(request), bound)],
        "checks": waiting,
        "may_ask": may_do(actor_of(request), RaiseQuery),
        "on": desk.today(),
    }  # fmt: skip
    return render(request, "web/oversight.html", context, status=REFUSED if bound else 200)


def _raised(
    request: HttpRequest, number: str, waiting: tuple[DataCheck, ...]
) -> HttpResponseRedirect:
    """Raise a data check as a query; one that was raised meanwhile is not raised again."""
    found = next((each for each in waiting if each.name == request.POST["check"]), None)
    if found is None:
        messages.warning(request, "This data check waits no longer.")
    else:
        act = RaiseQuery(number, desk.today(), found.says, found.part, kind="System")
        form = NoForm(request.POST)
        if form.is_valid() and not is_done(request, form, act, "The query is raised."):
            messages.warning(request, form.errors.as_text())
    return redirect("participant_oversight", number=number)


def _holds(state: TrialState, number: str) -> list[object]:
    """Give what is frozen or locked of a participant, or around the participant."""
    around = holds_over(state, Scope(number))
    inside = [each for each in state.oversight.holds.values()
              if each.scope.participant == number and each not in around]  # fmt: skip
    return [*around, *inside]


def _deeds(
    state: TrialState, here: ParticipantState, actor: Actor, bound: Mapping[str, forms.Form]
) -> Iterator[tuple[str, str, forms.Form]]:
    """Give the forms that the account may send."""
    for word, (says, act, _, _) in HOLDS.items():
        if word in bound or may_do(actor, act):
            yield word, says, bound.get(word) or _form(state, here, word, None)


def _form(state: TrialState, here: ParticipantState, word: str, given: Any) -> forms.Form:
    """Give one form."""
    return HOLDS[word][2](given, parts=[*parts(state, here.number)], auto_id=f"{word}-%s")
