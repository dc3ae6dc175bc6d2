"""The delegation log: who may do what, at which site, from when to when."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from trialwright.conduct.delegating import may_delegate, tasks_of
from trialwright.conduct.delegation_acts import EVERY_SITE, Delegate, EndDelegation
from trialwright.conduct.delegation_records import Delegation
from trialwright.conduct.roles import GRANTED, OPERATOR, Actor
from trialwright.conduct.state import TrialState
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import OPEN, day_field, reason_field
from trialwright.web.roles import CHOSEN, PERSON, actor_of, choices_of, may_do

_ROLES = sorted({role for roles in GRANTED.values() for role in roles if tasks_of(role)})


def _said(name: str) -> str:
    """Say a role or task in words."""
    return name.replace("-", " ").capitalize()


class DelegateForm(forms.Form):
    """A row of the delegation log."""

    account = forms.ChoiceField(
        label="Account", help_text="Whoever has none yet gets a one-time link from the operator."
    )
    name = forms.CharField(
        label="Name as printed", help_text="It stands beside signatures.", max_length=200
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[OPEN, *((each, _said(each)) for each in _ROLES)],
    )
    site = forms.ChoiceField(label="Site")
    tasks = forms.MultipleChoiceField(
        label="Tasks",
        help_text="Of the role chosen; one task may stand under several roles.",
        widget=forms.CheckboxSelectMultiple,
    )
    since = day_field("First day")
    until = day_field("Last day", "Empty: until it is ended.", required=False)
    trained_on = day_field("Day of the training for these tasks", "On the first day or before.")
    on = day_field("Day of the act")

    def __init__(self, *given: Any, state: TrialState, **named: Any) -> None:
        super().__init__(*given, **named)
        people = User.objects.filter(standing__kind=PERSON).order_by("username")
        names = [each.username for each in people]
        sites = [(each.id, each.name) for each in state.study.sites]
        for field, choices in (
            ("account", [OPEN, *((each, each) for each in names)]),
            ("site", [*sites, (EVERY_SITE, "All sites")]),
            ("tasks", [(_said(role), [(f"{role}/{task}", _said(task))
                                      for task in sorted(tasks_of(role))]) for role in _ROLES]),
        ):  # fmt: skip
            self.fields[field].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse tasks that stand under another role than the one chosen.

        Returns
        -------
        dict of str to object
            As entered; the tasks without the role.
        """
        entered = super().clean() or {}
        chosen = [each.split("/") for each in entered.get("tasks", ())]
        role = entered.get("role", "")
        others = [f"{_said(task)} under {_said(under)}" for under, task in chosen if under != role]
        if others and role:
            self.add_error("tasks", f"Chosen: {', '.join(others)}. Delegate tasks of the role "
                           f"chosen above: {_said(role)}.")  # fmt: skip
        entered["tasks"] = tuple(task for _, task in chosen)
        return entered


class EndForm(forms.Form):
    """The end of a row."""

    on = day_field("Last day")
    reason = reason_field("Why it ends.")


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Show the log, and add a row.

    Parameters
    ----------
    request : HttpRequest
        A POST delegates.

    Returns
    -------
    HttpResponse
        With a form for whoever can delegate today.
    """
    state, on = desk.state(), desk.today()
    initial = {"on": on, "since": on, "trained_on": on}
    form = DelegateForm(request.POST or None, state=state, initial=initial)
    if request.method == "POST" and form.is_valid():
        act = Delegate(**form.cleaned_data)
        if is_done(request, form, act, f"{act.account} may act as {act.role} at {act.site}."):
            return redirect("delegations")
    return _shown(request, form, None, None)


@require_POST
def end(request: HttpRequest, row: int) -> HttpResponse:
    """End a row.

    Parameters
    ----------
    request : HttpRequest
        With day and reason.
    row : int
        Its number.

    Returns
    -------
    HttpResponse
        The log.
    """
    form = EndForm(request.POST, auto_id=f"end-{row}-%s")
    if form.is_valid():
        act = EndDelegation(row, form.cleaned_data["on"], form.cleaned_data["reason"])
        if is_done(request, form, act, f"Delegation {row} ends."):
            return redirect("delegations")
    on = desk.today()
    fresh = DelegateForm(state=desk.state(), initial={"on": on, "since": on, "trained_on": on})
    return _shown(request, fresh, row, form)


@require_POST
def acting(request: HttpRequest) -> HttpResponse:
    """Choose in which of several roles the session goes on.

    Parameters
    ----------
    request : HttpRequest
        With role and site as one word each; what is not delegated is left out.

    Returns
    -------
    HttpResponse
        The first page of that role.
    """
    wanted = request.POST.get("as", "").split(" ")
    if wanted in [[each.role, each.site] for each in choices_of(request)]:
        request.session[CHOSEN] = wanted
    return redirect("home")


def _shown(
    request: HttpRequest, form: DelegateForm, row: int | None, ending: EndForm | None
) -> HttpResponse:
    """Show the log with its forms."""
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    rows = [
        (each, _word(each, on), _ending(each, on, actor, row, ending))
        for each in state.oversight.delegations[::-1]
    ]
    is_bound = form.is_bound or ending is not None
    context = {
        "rows": rows,
        "form": form if _offers(state, actor, on) else None,
        "is_operator": actor.role == OPERATOR,
        "state": state,
    }
    return render(request, "web/delegations.html", context, status=REFUSED if is_bound else 200)


def _offers(state: TrialState, actor: Actor, on: date) -> bool:
    """Say whether a form is offered: to the operator while nobody else can delegate."""
    if actor.role == OPERATOR:
        return not may_delegate(state, on)
    return may_do(actor, Delegate)


def _word(row: Delegation, on: date) -> str:
    """Say whether a row is in force."""
    if row.since > on:
        return "not yet active"
    return "active" if row.holds_on(on) else "ended"


def _ending(
    row: Delegation, on: date, actor: Actor, wanted: int | None, ending: EndForm | None
) -> EndForm | None:
    """Give the form that ends a row, where the account may."""
    if wanted == row.number:
        return ending
    if not may_do(actor, EndDelegation) or not row.holds_on(on):
        return None
    return EndForm(initial={"on": on}, auto_id=f"end-{row.number}-%s")
