"""The places of an arm: asked for, held, given back; with the wait list and what ended."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from trialwright.conduct.acts import Act
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_acts import (
    LinkSlot,
    RefuseSlot,
    ReleaseSlot,
    RequestSlot,
    ReserveSlot,
    WithdrawSlot,
)
from trialwright.conduct.slot_board import board, slot_word
from trialwright.conduct.slot_holding import ending, held_until
from trialwright.conduct.slot_records import SlotRequest
from trialwright.conduct.state import TrialState
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import day_field, reason_field
from trialwright.web.roles import actor_of, may_do, sees_site


class RequestForm(forms.Form):
    """Asks for a place."""

    reference = forms.CharField(
        label="Study number, or a request id before consent",
        help_text="E.g. MGH-017 or request-17. Never a name.", max_length=30,
    )  # fmt: skip
    site = forms.ChoiceField(label="Site")
    on = day_field("Day of the request")

    def __init__(self, *given: Any, state: TrialState, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        sites = [(each.id, each.name) for each in state.study.sites if sees_site(actor, each.id)]
        self.fields["site"].choices = sites  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A day and a reason."""

    reference = forms.CharField(widget=forms.HiddenInput, max_length=30)
    on = day_field("Day")
    reason = reason_field("Shown with the request.", required=False)


class LinkForm(forms.Form):
    """For whom a request was made."""

    reference = forms.CharField(widget=forms.HiddenInput, max_length=30)
    participant = forms.CharField(label="Study number", max_length=14)
    on = day_field("Day")


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done with a request.

    Attributes
    ----------
    says, done : str
        Words of the button, and of what came of it.
    act : type
        The act.
    form : type
        Its fields.
    words : frozenset of str
        Where a request stands to which it is offered; what is allowed, the act decides.
    make : callable (entered) -> Act
        Reads the form.
    """

    says: str
    done: str
    act: type
    form: type[forms.Form]
    words: frozenset[str]
    make: Callable[[Mapping[str, Any]], Act]


_WAITING = frozenset({"requested"})
_HELD = frozenset({"reserved", "consented", "screening", "eligible"})

DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "reserve": Deed(
            "Hold a place", "A place is held for", ReserveSlot, ReasonForm, _WAITING,
            lambda given: ReserveSlot(given["reference"], given["on"], given["reason"]),
        ),
        "release": Deed(
            "Give the place back", "The place is given back by", ReleaseSlot, ReasonForm, _HELD,
            lambda given: ReleaseSlot(given["reference"], given["on"], given["reason"]),
        ),
        "withdraw": Deed(
            "Withdraw the request", "Withdrawn:", WithdrawSlot, ReasonForm, _WAITING,
            lambda given: WithdrawSlot(given["reference"], given["on"], given["reason"]),
        ),
        "refuse": Deed(
            "Refuse the request", "Refused:", RefuseSlot, ReasonForm, _WAITING,
            lambda given: RefuseSlot(given["reference"], given["on"], given["reason"]),
        ),
        "link": Deed(
            "Say for whom", "Linked:", LinkSlot, LinkForm, _WAITING | {"reserved"},
            lambda given: LinkSlot(given["reference"], given["participant"], given["on"]),
        ),
    }
)  # fmt: skip
"""Word of an address to what it does with a request."""


@require_safe
def places(request: HttpRequest, arm: str) -> HttpResponse:
    """Show the requests of an arm, with the forms that the account may send.

    Parameters
    ----------
    request : HttpRequest
        Any.
    arm : str
        Arm id.

    Returns
    -------
    HttpResponse
        Requests of other sites without forms.
    """
    return _shown(request, arm, "", None)


@require_POST
def act(request: HttpRequest, arm: str, deed: str) -> HttpResponse:
    """Ask for a place, or do something with a request.

    Parameters
    ----------
    request : HttpRequest
        With the fields of the form.
    arm : str
        Arm id.
    deed : str
        `request`, or one of `DEEDS`.

    Returns
    -------
    HttpResponse
        The page of the arm.

    Raises
    ------
    Http404
        If there is no such arm or deed.
    """
    state, actor = desk.state(), actor_of(request)
    if state.study.arm(arm) is None or (deed != "request" and deed not in DEEDS):
        raise Http404
    form: forms.Form
    if deed == "request":
        form = RequestForm(request.POST, state=state, actor=actor)
    else:
        reference = request.POST.get("reference", "")
        form = DEEDS[deed].form(request.POST, auto_id=f"{reference}-{deed}-%s")
    if form.is_valid():
        entered = form.cleaned_data
        if deed == "request":
            asked: Act = RequestSlot(entered["reference"], arm, entered["site"], entered["on"])
            says = f"{entered['reference']} waits for a place in arm {arm}."
        else:
            asked = DEEDS[deed].make(entered)
            says = f"{DEEDS[deed].done} {entered['reference']}."
        if is_done(request, form, asked, says):
            return redirect("places", arm=arm)
    return _shown(request, arm, deed, form)


def _shown(request: HttpRequest, arm: str, deed: str, bound: forms.Form | None) -> HttpResponse:
    """Show the page of an arm."""
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    shown = next((each for each in board(state, on).arms if each.arm == arm), None)
    if shown is None:
        raise Http404
    fresh = RequestForm(state=state, actor=actor, initial={"on": on})
    rows = [(each, slot_word(state, each, on), _until(state, each, on),
             [*_deeds(state, each, actor, deed, bound)])
            for each in state.slots.every(arm)]  # fmt: skip
    context = {
        "arm": shown, "rows": rows, "on": on,
        "form": (bound if deed == "request" else fresh) if may_do(actor, RequestSlot) else None,
        "lost": bound if bound is not None and deed not in ("", "request") and not any(
            form is bound for *_, deeds in rows for _, _, form in deeds) else None,
        "study": state.study, "policy": state.study.slots,
    }  # fmt: skip
    return render(request, "web/places.html", context, status=REFUSED if bound else 200)


def _until(state: TrialState, asked: SlotRequest, on: date) -> date | None:
    """Give the last day on which a place is held that can be lost."""
    can_be_lost = slot_word(state, asked, on) in _HELD - {"eligible"}
    return held_until(state, asked, on) if can_be_lost else None


def _deeds(
    state: TrialState, asked: SlotRequest, actor: Actor, deed: str, bound: forms.Form | None
) -> Iterator[tuple[str, Deed, forms.Form]]:
    """Give what the account may do with a request as it stands."""
    on = desk.today()
    word = slot_word(state, asked, on)
    for name, each in DEEDS.items():
        is_bound = bound is not None and (deed, bound.data.get("reference")) == (
            name, asked.reference
        )  # fmt: skip
        offered = word in each.words and may_do(actor, each.act) and sees_site(actor, asked.site)
        if name == "link" and asked.participant:
            continue
        if bound is not None and is_bound:
            yield name, each, bound
        elif offered and ending(state, asked, on) is None:
            initial = {"reference": asked.reference, "on": on}
            yield name, each, each.form(initial=initial,
                                        auto_id=f"{asked.reference}-{name}-%s")  # fmt: skip
