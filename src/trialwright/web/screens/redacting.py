"""Redaction: what would be erased and what rests on it is shown first; then it is gone for good."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from trialwright.conduct.acts import Redact, SettleRedaction
from trialwright.conduct.deciding import decide
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.legible import Legible
from trialwright.conduct.roles import GRANTED, Actor
from trialwright.conduct.state import Lost, TrialState
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Refusal
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.flat import points_of
from trialwright.web.forms import reason_field, sentence
from trialwright.web.point_words import said_of
from trialwright.web.roles import actor_of, may_do, sees


class EraseForm(forms.Form):
    """Why a field is erased."""

    reason = reason_field("Why it is erased, without repeating what is erased.")


class SettleForm(forms.Form):
    """Why what was lost is settled."""

    reason = reason_field("Under which entry it stands again, or why nothing takes its place.")


@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, sequence: int) -> HttpResponse:
    """Show the fields of an entry, what erasing one of them would take, and erase it.

    Parameters
    ----------
    request : HttpRequest
        The field stands in its query; a POST erases it, or settles what was lost.
    sequence : int
        The entry.

    Returns
    -------
    HttpResponse
        Nothing is erased before the preview was sent back with a reason.

    Raises
    ------
    Http404
        If there is no such entry or field, or it concerns somebody whom the account may not see.
    """
    state, actor = desk.state(), actor_of(request)
    record = _record(state, sequence)
    here = state.participants.get(record.happening.subject)
    if here is not None and not sees(actor, here):
        raise Http404
    fields, field = dict(_fields(state, record)), request.GET.get("field", "")
    if field and field not in fields:
        raise Http404
    given: Any = request.POST if request.method == "POST" else None
    word = request.POST.get("do", "")
    erase = EraseForm(given if word == "erase" else None, auto_id="erase-%s")
    settle = SettleForm(given if word == "settle" else None, auto_id="settle-%s")
    done = record.happening
    if field and erase.is_valid():
        act = Redact(done.subject, desk.today(), sequence, field, erase.cleaned_data["reason"])
        if is_done(request, erase, act, f"A field of entry {sequence} is erased for good."):
            return redirect("inspect_entry", sequence=sequence)
    if settle.is_valid():
        what = SettleRedaction(done.subject, desk.today(), sequence, settle.cleaned_data["reason"])
        if is_done(request, settle, what, f"The redaction of entry {sequence} is settled."):
            return redirect("inspect_entry", sequence=sequence)
    open_ones = [each for each in here.unreadable if each.sequence == sequence] if here else []
    said = {each: _words(state, record, each) for each in fields}
    context = {
        "record": record, "says": said.get(field), "field": field,
        "offered": [(each, said[each], stands) for each, stands in fields.items()],
        "value": fields.get(field),
        "lost": _lost(state, record, field) if field else (),
        "erase": erase if may_do(actor, Redact) else None,
        "in_the_way": _in_the_way(state, record, field, actor) if field else [],
        "open": open_ones, "settle": settle if may_do(actor, SettleRedaction) else None,
        "granted": sorted(GRANTED["Redact"]),
        "erased": {each: _words(state, record, each)
                   for each in sorted(state.erased.get(sequence, ()))},
        "participant": here,
    }  # fmt: skip
    is_bound = erase.is_bound or settle.is_bound
    return render(request, "web/redact.html", context, status=REFUSED if is_bound else 200)


def _record(state: TrialState, sequence: int) -> Recorded:
    """Give an entry."""
    if not 1 <= sequence <= state.sequence:
        raise Http404
    records = desk.desk().records()
    return records[sequence - 1]


def _fields(state: TrialState, record: Recorded) -> Iterator[tuple[str, Json]]:
    """Give every field that can be erased, with what stands in it."""
    done, erased = record.happening, state.erased.get(record.sequence, frozenset())
    if done.reason and "reason" not in erased:
        yield "reason", done.reason
    if record.source and "source" not in erased:
        yield "source", str(record.source)
    for field, value in points_of(done.payload):
        if value not in (None, [], {}) and field not in erased:
            yield field, value


def _words(state: TrialState, record: Recorded, field: str) -> str:
    """Give the words of a field of an entry, or of what stands around it."""
    if field in ("reason", "source"):
        return f"{field.capitalize()} of the entry"
    return said_of(state.study, record.happening.payload, field).whole


def _lost(state: TrialState, record: Recorded, field: str) -> tuple[Lost, ...]:
    """Give what the state would stop to count."""
    before = state.erased.get(record.sequence, frozenset())
    held = {each.field for each in Legible(record, before).lost}
    after = Legible(record, before | {field}).lost
    return tuple(each for each in after if each.field not in held)


def _in_the_way(state: TrialState, record: Recorded, field: str, actor: Actor) -> list[str]:
    """Say why the field cannot be erased; empty: nothing is in the way but a reason."""
    done = record.happening
    try:
        act = Redact(done.subject, desk.today(), record.sequence, field, "asked beforehand")
        decide(state, act, actor)
    except Refusal as refused:
        return [sentence(fault) for fault in refused.faults]
    return []
