"""What anybody sees: the trial's public record, questions to ask oneself, and the theme."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from trialwright.assembly.recruiting import with_statuses
from trialwright.conduct.in_force import statuses_on
from trialwright.protocol.criteria import Criterion
from trialwright.registry.record import record_of
from trialwright.registry.writing.page_view import View, view_of
from trialwright.web import desk
from trialwright.web.furniture import THEME_COOKIE, THEMES
from trialwright.web.roles import STUDY, first_page_of, standing_of

_A_YEAR = 365 * 24 * 3600

ANSWERS = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion as a question.

    Attributes
    ----------
    id, says : str
        As in the protocol.
    answer : str
        `yes`, `no` or `unknown`.
    speaks_against : bool
        Whether the answer may keep somebody out.
    for_arms : str
        Arms that it is asked for; empty: all.
    """

    id: str
    says: str
    answer: str
    speaks_against: bool
    for_arms: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first page of whoever asks.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        A redirection.
    """
    return redirect(first_page_of(request))


@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """Show the public record with the statuses in force.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    HttpResponse
        Without anything of participants; roles of the study are led to the criteria as files.
    """
    standing = standing_of(request)
    offers = standing is not None and standing.role in STUDY
    return render(request, "web/trial.html", {"page": _record(), "offers_files": offers})


def _record() -> View:
    """Give the public record of the trial as of today."""
    state = desk.state()
    statuses = statuses_on(state, desk.today())
    return view_of(with_statuses(record_of(state.study), statuses))


def prescreen(request: HttpRequest) -> HttpResponse:
    """Ask the criteria as questions, and say which answers may speak against; nothing is stored.

    Parameters
    ----------
    request : HttpRequest
        Answers are sent in its body, so that they stand in no address and no log.

    Returns
    -------
    HttpResponse
        The questions, with what the answers come to once there are any.
    """
    study = desk.state().study
    asked = [_asked(each, request) for each in study.criteria if each.kind != "note"]
    return render(
        request,
        "web/prescreen.html",
        {
            "inclusion": [each for each in asked if not each.id.startswith("E")],
            "exclusion": [each for each in asked if each.id.startswith("E")],
            "asked": asked,
            "against": [each for each in asked if each.speaks_against],
            "open": [each for each in asked if each.answer == "unknown"],
            "is_answered": request.method == "POST",
            "answers": (("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")),
        },
    )


def _asked(criterion: Criterion, request: HttpRequest) -> Asked:
    """Read the answer to one criterion."""
    given = request.POST.get(criterion.id, "unknown")
    answer = given if given in ANSWERS else "unknown"
    against = "yes" if criterion.is_exclusion else "no"
    arms = f"arm {', '.join(criterion.arms)} only" if criterion.arms else ""
    return Asked(criterion.id, criterion.says, answer, answer == against, arms)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that was chosen, in a cookie.

    Parameters
    ----------
    request : HttpRequest
        With the theme, and the page to go back to.

    Returns
    -------
    HttpResponse
        A redirection.
    """
    after = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(after, allowed_hosts=None)
    response = redirect(after if is_here and after else "home")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=_A_YEAR, samesite="Lax", httponly=True)
    return response
