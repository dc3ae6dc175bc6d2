"""Pages that say why something is not shown."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from trialwright.web.unsent import can_be_handed_back, handed_back


def _refused(request: HttpRequest, status: int, head: str, *lines: str) -> HttpResponse:
    """Say why."""
    return render(request, "web/refused.html", {"head": head, "lines": lines}, status=status)


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """Say that there is no such page.

    Parameters
    ----------
    request : HttpRequest
        Any.
    exception : object
        As Django hands it; not shown.

    Returns
    -------
    HttpResponse
        404.
    """
    return _refused(
        request, 404, "There is no such page",
        "The address is of no page of this trial, or of a participant of another site.",
    )  # fmt: skip


def forbidden(request: HttpRequest, seen_by: Collection[str]) -> HttpResponse:
    """Say that the role may not see a page, and which may.

    Parameters
    ----------
    request : HttpRequest
        Any.
    seen_by : collection of str
        Roles that may.

    Returns
    -------
    HttpResponse
        403.
    """
    roles = ", ".join(sorted(role.replace("-", " ") for role in seen_by))
    return _refused(
        request, 403, "This page is not for your role",
        f"It is for: {roles}.", "Ask somebody who holds such a role.",
    )  # fmt: skip


def no_role(request: HttpRequest) -> HttpResponse:
    """Say that an account has no role.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        403.
    """
    return _refused(
        request, 403, "Your account has no role in this trial today",
        "The delegation log gives you no task today.",
        "Ask the principal investigator to delegate one. Where there is no principal investigator "
        "yet, the operator begins the log on the page Delegation log.",
    )  # fmt: skip


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """Say that more was sent than is read.

    Parameters
    ----------
    request : HttpRequest
        Any.
    most : int, bytes
        What is read.

    Returns
    -------
    HttpResponse
        413.
    """
    return _refused(
        request, 413, "The file is too large", "It was not read, and nothing was recorded.",
        f"A page takes up to {most // 1_000_000} MB. Split the file, or import it by the command.",
    )  # fmt: skip


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came without its token.

    Parameters
    ----------
    request : HttpRequest
        Any.
    reason : str
        As Django hands it; not shown.

    Returns
    -------
    HttpResponse
        403, with what was typed where it can be handed back.
    """
    if can_be_handed_back(request):
        return handed_back(request)
    return _refused(
        request, 403, "The form could not be taken", "Nothing was recorded.",
        "It was open for too long or in another session. Go back, load the page again, and send "
        "it again.",
    )  # fmt: skip


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the software failed.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        500.
    """
    return HttpResponse(
        "The software failed, and nothing was recorded. Report the time to the operator.",
        status=500, content_type="text/plain; charset=utf-8",
    )  # fmt: skip
