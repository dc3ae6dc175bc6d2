"""Replies to programs: JSON, with every fault as it is told to people."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from trialwright.questions.asking import told
from trialwright.questions.reading import read_json
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

View = Callable[..., HttpResponse]

DONE, CREATED = 200, 201
UNAUTHORISED, FORBIDDEN, NOT_FOUND, WRONG_METHOD = 401, 403, 404, 405
REFUSED, UNREADABLE = 409, 422
"""HTTP statuses: `REFUSED` was understood and is not done, `UNREADABLE` has not the form asked."""

MOST_BYTES = 2_500_000
"""Largest body read; below the limit of Django, which answers with a page."""


def faulty(status: int, faults: Sequence[Fault]) -> HttpResponse:
    """Say what is wrong.

    Parameters
    ----------
    status : int
        HTTP status.
    faults : sequence of Fault
        At least one.

    Returns
    -------
    HttpResponse
        With `faults`: where, found, allowed, do.
    """
    return JsonResponse({"faults": [told(each) for each in faults]}, status=status)


def unauthorised() -> HttpResponse:
    """Say that no token came, or none that can be used.

    Returns
    -------
    HttpResponse
        401.
    """
    reply = faulty(UNAUTHORISED, [
        Fault("Authorization", "no token that can be used", "Bearer, and a token that runs",
              "Make a token under Tokens, on the pages")
    ])  # fmt: skip
    reply["WWW-Authenticate"] = "Bearer"
    return reply


def not_for_role(roles: Collection[str]) -> HttpResponse:
    """Say which roles may.

    Parameters
    ----------
    roles : collection of str
        Who may.

    Returns
    -------
    HttpResponse
        403.
    """
    return faulty(FORBIDDEN, [
        Fault("role", "another role", ", ".join(sorted(roles)), "Ask somebody in such a role")
    ])  # fmt: skip


def missing(where: str, what: str) -> HttpResponse:
    """Say that there is no such thing, or that the account may not see it.

    Parameters
    ----------
    where, what : str
        Place, and what stands there when it is found.

    Returns
    -------
    HttpResponse
        404; the same whether it is missing or of another site.
    """
    return faulty(NOT_FOUND, [Fault(where, "none that this account sees", what, "Look it up")])


def programs(method: str, *, query: Collection[str] = ()) -> Callable[[View], View]:
    """Make a view for programs: one method, a known query, refusals in JSON.

    Parameters
    ----------
    method : str
        `GET` or `POST`.
    query : collection of str
        Names that may stand in the query.

    Returns
    -------
    callable
        Decorates the view. Cookies count for nothing here, so no token of a form is asked for.
    """
    allowed = ("GET", "HEAD") if method == "GET" else (method,)

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **place: Any) -> HttpResponse:
            if request.method not in allowed:
                return _wrong_method(request, allowed)
            try:
                _require_query(request, query)
                return view(request, **place)
            except Refusal as refused:
                return faulty(UNREADABLE, refused.faults)

        return answer

    return decorate


def body_of(request: HttpRequest) -> Any:
    """Read the JSON that a program sent, by the one strict reader.

    Parameters
    ----------
    request : HttpRequest
        With its body unread.

    Returns
    -------
    object
        Mappings, lists, text, int, Decimal, bool, None.

    Raises
    ------
    Refusal
        If it is not JSON in UTF-8, or too large; its size is asked before it is read.
    """
    if request.content_type != "application/json":
        raise refuse("Content-Type", shorten(request.content_type or "nothing"),
                     "application/json", "Send JSON")  # fmt: skip
    size = request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdecimal() or int(size) > MOST_BYTES:
        raise refuse("body", f"{shorten(size)} bytes", f"up to {MOST_BYTES}", "Send less at a time")
    try:
        return read_json(request.body.decode())
    except UnicodeDecodeError:
        raise refuse("body", "bytes that are not UTF-8", "JSON in UTF-8", "Correct it") from None


def _wrong_method(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    """Say which methods there are."""
    fault = Fault("method", shorten(request.method or ""), ", ".join(allowed), "Use one of these")
    reply = faulty(WRONG_METHOD, [fault])
    reply["Allow"] = ", ".join(allowed)
    return reply


def _require_query(request: HttpRequest, known: Collection[str]) -> None:
    """Refuse what would be passed over in silence: unknown names, and names given twice."""
    faults = [
        Fault(shorten(name), "not a name of this query", ", ".join(known) or "none", "Leave it out")
        for name in request.GET
        if name not in known
    ] + [
        Fault(name, "given twice", "once", "Give it once")
        for name in known
        if len(request.GET.getlist(name)) > 1
    ]
    if faults:
        raise Refusal(faults)
