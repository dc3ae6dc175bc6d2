"""The one way in which a page does something: an act, the gateway, and what came of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from trialwright.assembly.requests import Request
from trialwright.conduct.acts import Act
from trialwright.conduct.deciding import decide
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Refusal
from trialwright.web.desk import desk, state
from trialwright.web.forms import put
from trialwright.web.roles import actor_of

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
"""Field of the token of a form."""

SECRETS = frozenset(
    {"password", "code", "again", "new_password", "password1", "password2", "oldpassword"}
)
"""Fields of which nothing is kept, not even a digest, and nothing is handed back."""

REFUSED = 422
"""HTTP status of a page that shows a refusal."""


def is_done(request: HttpRequest, form: forms.Form, act: Act, says: str) -> bool:
    """Do an act by the gateway, and say what came of it.

    Parameters
    ----------
    request : HttpRequest
        Whose account acts.
    form : Form
        Bound; receives the faults of a refusal.
    act : Act
        What is asked.
    says : str
        What to say once it is done.

    Returns
    -------
    bool
        False: refused, and nothing was recorded.
    """
    return is_made(request, form, lambda: act, says)


def is_made(request: HttpRequest, form: forms.Form, make: Callable[[], Act], says: str) -> bool:
    """Do an act that is made of a form first, and say what came of it.

    Parameters
    ----------
    request : HttpRequest
        Whose account acts.
    form : Form
        Bound; receives the faults of a refusal.
    make : callable () -> Act
        Reads the form; may refuse it.
    says : str
        What to say once it is done; what the record calls for is said beside it.

    Returns
    -------
    bool
        False: refused, and nothing was recorded.
    """
    try:
        actor = actor_of(request)
        done = desk().gateway.execute(make(), actor, sent_by(request, actor.account))
    except Refusal as refused:
        put(form, refused)
        return False
    if done.is_repeated:
        messages.info(
            request,
            "This form was sent twice and recorded once: it was on record already, as entry "
            f"{done.receipt.sequence}. To record the same once more, fill in the form anew.",
        )
        return True
    for each in done.happenings:
        for called_for in cast("list[str]", each.payload.get("says") or ()):
            messages.warning(request, f"{called_for[:1].upper()}{called_for[1:]}.")
    head = done.receipt
    messages.success(
        request, f"{says} Recorded as entry {head.sequence}; receipt {head.hash[:16]}."
    )
    return True


def sent_by(request: HttpRequest, account: str) -> Request | None:
    """Give the request of a form, so that a form that is sent twice is recorded once.

    Every showing of a page has a token of its own in its forms: what comes with the same token, to
    the same place and with the same words, is the same form again.

    Parameters
    ----------
    request : HttpRequest
        A POST.
    account : str
        Who sends it.

    Returns
    -------
    Request or None
        None: the form has no token, as of a program that was let in without one.
    """
    token = request.POST.get(TOKEN, "")
    if not token:
        return None
    given: dict[str, Json] = {
        name: list(values)
        for name, values in request.POST.lists()
        if name != TOKEN and name not in SECRETS
    }
    sent = Request.of(desk().secret, account, f"{request.path} {token}", "form", given)
    return replace(sent, number=sent.content, door="page")


def is_rehearsed(request: HttpRequest, form: forms.Form, make: Callable[[], Act]) -> bool:
    """Decide an act on the state as it stands, and record nothing.

    Parameters
    ----------
    request : HttpRequest
        Whose account would act.
    form : Form
        Bound; receives the faults of a refusal.
    make : callable () -> Act
        Reads the form; may refuse it.

    Returns
    -------
    bool
        False: it would be refused. The gateway decides anew when it is done.
    """
    try:
        decide(state(), make(), actor_of(request))
    except Refusal as refused:
        put(form, refused)
        return False
    return True
