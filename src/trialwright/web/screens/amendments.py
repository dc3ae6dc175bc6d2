"""Versions of the protocol: recorded with what they change, put in force, and consented to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from trialwright.assembly.amending import amendment_to
from trialwright.assembly.protocols import check
from trialwright.conduct.amending import MOST_DAYS
from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol
from trialwright.conduct.amendment_records import Activation
from trialwright.conduct.delegation_acts import EVERY_SITE
from trialwright.conduct.state import TrialState
from trialwright.protocol.reading import read_study
from trialwright.terms.errors import Refusal
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done, is_made, is_rehearsed
from trialwright.web.forms import day_field, reason_field
from trialwright.web.roles import actor_of, may_do, seen_by
from trialwright.web.version_names import name_of, names_of, reconsents_named

MOST_SIGNS = 1_000_000
"""Longest text of a protocol that a page takes; the shipped one has a tenth of it."""


class AmendForm(forms.Form):
    """A new version of the protocol: a file, or its text."""

    file = forms.FileField(
        label="File of the new version", required=False,
        help_text="As it is written, YAML. It is read into the field below.",
    )  # fmt: skip
    text = forms.CharField(
        label="Text of the new version", required=False, max_length=MOST_SIGNS, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip
    on = day_field("Day of the amendment")
    reason = reason_field("Why the protocol is amended.")
    consent_within = forms.IntegerField(
        label="Participants consent again within, days", required=False,
        min_value=0, max_value=MOST_DAYS,
        help_text="Counted from the activation at their site. Empty: nobody needs to.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Take the text from the file, where one is sent.

        Returns
        -------
        dict of str to object
            With the text.
        """
        entered = super().clean() or {}
        sent = entered.get("file")
        if sent is not None:
            self._take(sent, entered)
        if not entered.get("text") and not self.errors:
            self.add_error("text", "Choose a file, or paste the text.")
        return entered

    def _take(self, sent: Any, entered: dict[str, Any]) -> None:
        """Put the text of a file in the field, so that the page shows it again."""
        try:
            if sent.size > MOST_SIGNS:
                raise ValidationError(f"Up to {MOST_SIGNS} bytes.")
            entered["text"] = sent.read().decode("utf-8")
        except UnicodeDecodeError:
            self.add_error("file", "The file is no text in UTF-8.")
        except ValidationError as refused:
            self.add_error("file", refused)
        else:
            shown = cast(QueryDict, self.data).copy()
            shown["text"] = entered["text"]
            self.data = shown

    @property
    def act(self) -> AmendProtocol:
        """The act, with what the version changes; raises Refusal where it cannot be read."""
        entered = self.cleaned_data
        read = read_study(entered["text"], "the new version")
        faults = check(read)
        if faults:
            raise Refusal(faults)
        return amendment_to(desk.desk().gateway, read, entered["on"], entered["reason"],
                            entered["consent_within"])  # fmt: skip


class ActivateForm(forms.Form):
    """A version that comes into force."""

    version = forms.TypedChoiceField(label="Version", coerce=int)
    site = forms.ChoiceField(
        label="Where", help_text="First for the trial as a whole, then site by site."
    )
    on = day_field("First day")
    reason = reason_field(
        "What it rests on, e.g. the vote of the ethics committee.", required=False
    )

    def __init__(self, *given: Any, state: TrialState, **named: Any) -> None:
        super().__init__(*given, **named)
        versions = state.amendments.versions[1:]
        sites = versions[-1].study.sites if versions else state.study.sites
        for field, choices in (
            ("version", [(each.number, name_of(each)) for each in versions]),
            ("site", [(EVERY_SITE, "The trial as a whole"),
                      *((each.id, each.name) for each in sites)]),
        ):  # fmt: skip
            self.fields[field].choices = choices  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Place:
    """A site, or the trial as a whole, with the version in force.

    Attributes
    ----------
    says : str
        Its name.
    now : str
        The version in force today.
    activations : tuple of (Activation, str)
        What came into force there, in the order of days, each with the name of its version.
    """

    says: str
    now: str
    activations: tuple[tuple[Activation, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def amendments(request: HttpRequest) -> HttpResponse:
    """Show the versions of the protocol, record one, and put one in force.

    Parameters
    ----------
    request : HttpRequest
        A POST names what to do: `look` shows what a version changes and records nothing, `amend`
        records it, `activate` puts it in force.

    Returns
    -------
    HttpResponse
        With the forms that the account may send.
    """
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    word = request.POST.get("do", "")
    is_amending = word in ("look", "amend")
    amend = AmendForm(request.POST if is_amending else None, request.FILES or None,
                      initial={"on": on}, auto_id="amend-%s")  # fmt: skip
    activate = ActivateForm(
        request.POST if word == "activate" else None, state=state,
        initial={"on": on, "site": EVERY_SITE}, auto_id="activate-%s",
    )  # fmt: skip
    looked = None
    if word == "look" and amend.is_valid() and is_rehearsed(request, amend, lambda: amend.act):
        looked = amend.act
    elif word == "amend" and amend.is_valid():
        if is_made(request, amend, lambda: amend.act, "The new version is on record."):
            return redirect("amendments")
    elif word == "activate" and activate.is_valid():
        act = ActivateAmendment(**activate.cleaned_data)
        if is_done(request, activate, act, f"Version {names_of(state)[act.version]} is in force."):
            return redirect("amendments")
    numbers = {each.number for each in seen_by(actor, state)}
    versions = state.amendments.versions
    context = {
        "state": state, "versions": versions[::-1], "looked": looked, "on": on,
        "places": [*_places(state, on)] if versions else [],
        "due": reconsents_named(state, on, numbers),
        "amend": amend if may_do(actor, AmendProtocol) else None,
        "activate": activate if len(versions) > 1 and may_do(actor, ActivateAmendment) else None,
    }  # fmt: skip
    is_refused = (amend.is_bound or activate.is_bound) and looked is None
    return render(request, "web/amendments.html", context, status=REFUSED if is_refused else 200)


def _places(state: TrialState, on: date) -> Iterator[Place]:
    """Give where which version is in force."""
    held, names = state.amendments, names_of(state)
    sites = [(each.id, each.name) for each in held.versions[-1].study.sites]
    for site, says in ((EVERY_SITE, "The trial as a whole"), *sites):
        now = held.at(site, on)
        begun = [(each, names[each.version]) for each in held.activations.get(site, ())]
        yield Place(says, name_of(now) if now else "", tuple(begun))
