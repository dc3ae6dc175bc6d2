"""The one way in which a page does something: an act, the gateway, and what came of it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from trialwright.conduct.acts import Act
from trialwright.terms.errors import Refusal
from trialwright.web.desk import desk
from trialwright.web.forms import put
from trialwright.web.roles import actor_of

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
    try:
        done = desk().gateway.execute(act, actor_of(request))
    except Refusal as refused:
        put(form, refused)
        return False
    head = done.receipt
    messages.success(
        request, f"{says} Recorded as entry {head.sequence}; receipt {head.hash[:16]}."
    )
    return True
