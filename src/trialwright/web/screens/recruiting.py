"""Statuses of the trial and its sites, and the acts that change them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from trialwright.conduct.acts import Act, OpenTrial
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.recruiting import SITE_MOVES, TRIAL_MOVES
from trialwright.conduct.recruiting_acts import (
    CloseSite,
    CloseTrial,
    OpenSite,
    ReopenSite,
    ReopenTrial,
    SuspendSite,
    SuspendTrial,
)
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState
from trialwright.conduct.statuses import InForce, StatusChange
from trialwright.web import desk
from trialwright.web.doing import REFUSED, is_done
from trialwright.web.forms import MoveForm
from trialwright.web.roles import actor_of, may_do

TRIAL: dict[str, Callable[[date, str], Act]] = {
    "open": OpenTrial, "suspend": SuspendTrial, "close": CloseTrial, "reopen": ReopenTrial,
}  # fmt: skip
"""Word of a form to the act on the trial."""

SITE: dict[str, Callable[[str, date, str], Act]] = {
    "open": OpenSite, "suspend": SuspendSite, "close": CloseSite, "reopen": ReopenSite,
}  # fmt: skip
"""Word of a form to the act on a site."""


@dataclass(frozen=True, slots=True)
class Status:
    """The trial or a site with its status.

    Attributes
    ----------
    id, name : str
        The site's; empty id for the trial.
    now : InForce
        What is in force, and by which act.
    changes : tuple of StatusChange
        Newest first.
    moves : tuple of (str, MoveForm)
        What the account may do with it.
    """

    id: str
    name: str
    now: InForce
    changes: tuple[StatusChange, ...]
    moves: tuple[tuple[str, MoveForm], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def statuses(request: HttpRequest) -> HttpResponse:
    """Show the statuses, and change one.

    Parameters
    ----------
    request : HttpRequest
        A POST changes a status.

    Returns
    -------
    HttpResponse
        With a form for each act that the account may do and that leads anywhere.
    """
    form = MoveForm(request.POST or None, auto_id=_id_of(request.POST.get("site", ""),
                                                         request.POST.get("move", "")))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        act = _act(form)
        if act is None:
            form.add_error(None, "There is no such act. Choose one of the buttons below.")
        elif is_done(request, form, act, "The status is changed."):
            return redirect("recruiting")
    state, on, actor = desk.state(), desk.today(), actor_of(request)
    shown = [*_statuses(state, on, actor, form if form.is_bound else None)]
    return render(
        request, "web/recruiting.html", {"statuses": shown, "state": state},
        status=REFUSED if form.is_bound else 200,
    )  # fmt: skip


def _id_of(site: str, move: str) -> str:
    """Give the pattern of the ids of a form's fields, another one for each form of the page."""
    return f"{site or 'trial'}-{move}-%s"


def _act(form: MoveForm) -> Act | None:
    """Give the act that a form asks for."""
    entered = form.cleaned_data
    on, reason, site = entered["on"], entered["reason"].strip(), entered["site"]
    if site:
        of_site = SITE.get(entered["move"])
        return of_site(site, on, reason) if of_site else None
    of_trial = TRIAL.get(entered["move"])
    return of_trial(on, reason) if of_trial else None


def _statuses(
    state: TrialState, on: date, actor: Actor, bound: MoveForm | None
) -> Iterator[Status]:
    """Give the trial's status, then that of each site."""
    now = statuses_on(state, on)
    nct = state.study.identifiers.nct
    yield Status(
        "",
        nct,
        now.trial,
        state.trial_changes[::-1],
        _moves("", now.trial, on, actor, bound, is_open=state.opened_on is not None),
    )
    for site in state.study.sites:
        changes = state.site_changes.get(site.id, ())[::-1]
        moves = _moves(site.id, now.sites[site.id], on, actor, bound, is_open=False)
        yield Status(site.id, site.name, now.sites[site.id], changes,
                     moves if state.opened_on else ())  # fmt: skip


def _moves(
    site: str, now: InForce, on: date, actor: Actor, bound: MoveForm | None, *, is_open: bool
) -> tuple[tuple[str, MoveForm], ...]:
    """Give the acts that lead from a status, with a form each."""
    table = SITE_MOVES if site else TRIAL_MOVES
    words = {act: word for word, act in (SITE if site else TRIAL).items()}
    offered = [words[act] for act, move in table.items()
               if now.status in move.starts and may_do(actor, act)]  # fmt: skip
    if not site and not is_open and may_do(actor, OpenTrial):
        offered = ["open"]
    return tuple((word, _form(site, word, on, bound)) for word in offered)


def _form(site: str, word: str, on: date, bound: MoveForm | None) -> MoveForm:
    """Give an empty form, or the one that was refused."""
    if bound is not None and (bound.data.get("site", ""), bound.data.get("move")) == (site, word):
        return bound
    return MoveForm(initial={"move": word, "site": site, "on": on}, auto_id=_id_of(site, word))
