"""What was typed into a form that could not be taken: it is handed back, and kept nowhere else.

A session that ended, or a sign-in in another tab, makes a form void whose fields took somebody half
an hour. The answer holds them once more, so that they are sent again once somebody is signed in.
Nothing of them is stored here, and nothing is recorded.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from trialwright.web.doing import SECRETS, TOKEN

STATUS = 403
"""HTTP status of the answer."""


def can_be_handed_back(request: HttpRequest) -> bool:
    """Say whether the fields of a form may stand in the answer.

    Parameters
    ----------
    request : HttpRequest
        That is not taken.

    Returns
    -------
    bool
        Of a form of these pages alone, by the browser's word: what another site sends would be
        shown as if its reader had typed it. Not of one with a file, or with a password.
    """
    if request.method != "POST" or request.headers.get("HX-Request"):
        return False
    host = urlsplit(request.headers.get("Origin", "")).netloc
    if not host or host != request.get_host() or request.FILES:
        return False
    return bool(_typed(request)) and SECRETS.isdisjoint(request.POST)


def handed_back(request: HttpRequest) -> HttpResponse:
    """Answer with what was typed, to be sent again.

    Parameters
    ----------
    request : HttpRequest
        Of which `can_be_handed_back` is true.

    Returns
    -------
    HttpResponse
        403, with every field in a form that goes to the same address; no browser keeps it.
    """
    context = {
        "fields": [(name, value) for name, values in _typed(request).items() for value in values],
        "at": request.get_full_path(),
    }
    answer = render(request, "web/unsent.html", context, status=STATUS)
    answer["Cache-Control"] = "no-store"
    return answer


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """Give the fields that came, without the token."""
    return {
        str(name): [str(each) for each in values]
        for name, values in request.POST.lists()
        if name != TOKEN
    }
