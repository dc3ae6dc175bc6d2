"""Response: every call from lesions with its reason, pictures of efficacy, and biomarkers."""

from datetime import date
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.assembly.shown_reports import course_of, report_of
from trialwright.conduct.outcomes import responses_of
from trialwright.reports.biomarker_tables import FAMILIES, STATES
from trialwright.reports.efficacy_tables import BEST, QUERIES, TIMES
from trialwright.web import desk
from trialwright.web.biomarkers_entered import entered, records_of
from trialwright.web.paging import page_of
from trialwright.web.pictures import asked_of, cutoff_of, in_page, participant_address
from trialwright.web.responses_now import responses_now
from trialwright.web.roles import actor_of, seen_by
from trialwright.web.screens.participants import asked_for

ABOVE = (BEST, TIMES, QUERIES)
"""Tables that stand beside the pictures; the others stand in the report."""

BELOW = (FAMILIES, STATES)
"""Tables of biomarkers that stand in the report alone."""


@require_safe
def response(request: HttpRequest) -> HttpResponse:
    """Show where each participant stands, then the pictures of efficacy with their tables.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query.

    Returns
    -------
    HttpResponse
        Of the participants whom the account may see.
    """
    asked = asked_of(request, "efficacy")
    made, _ = report_of(desk.desk(), asked)
    wanted = [each for each in made.sections if each.picture or each.heading in ABOVE]
    state = desk.desk().state_on(asked.cutoff)
    context = {
        "now": [*responses_now(state, seen_by(actor_of(request), state), asked.cutoff)],
        "confirms": state.study.response.confirm,
        "report": made,
        "kind": "efficacy",
        "cutoff": asked.cutoff,
        "on": desk.today(),
        "parts": [*in_page(wanted)],
    }
    return render(request, "web/response.html", context)


@require_safe
def biomarkers(request: HttpRequest) -> HttpResponse:
    """Show who was assayed, every marker against every endpoint, pictures, and who entered what.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query.

    Returns
    -------
    HttpResponse
        Of the participants whom the account may see; states with their reasons stand in the report.
    """
    asked = asked_of(request, "biomarkers")
    made, _ = report_of(desk.desk(), asked)
    wanted = [each for each in made.sections if each.heading not in BELOW]
    context = {
        "report": made,
        "kind": "biomarkers",
        "cutoff": asked.cutoff,
        "on": desk.today(),
        "parts": [*in_page(wanted)],
        "rows": _entered(request, asked.cutoff),
    }
    return render(request, "web/biomarkers.html", context)


def _entered(request: HttpRequest, cutoff: date) -> Page[Any]:
    """Give a page of the entries about biomarkers up to a day, newest first."""
    state = desk.state()
    found = [each for here in seen_by(actor_of(request), state) for each in records_of(here)
             if each.happening.on <= cutoff]  # fmt: skip
    found.sort(key=lambda each: each.sequence, reverse=True)
    page: Page[Any] = page_of(request, "entries", found)
    page.object_list = [entered(state, each) for each in page.object_list]
    return page


@require_safe
def course(request: HttpRequest, number: str) -> HttpResponse:
    """Show the course of a participant day by day, and every response with its reason.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query.
    number : str
        Study number.

    Returns
    -------
    HttpResponse
        Before the first dose without a picture.
    """
    state, here = asked_for(request, number)
    cutoff = cutoff_of(request)
    drawn = course_of(desk.desk(), number, cutoff, participant_address())
    context = {
        "participant": here,
        "page": "course",
        "cutoff": cutoff,
        "on": desk.today(),
        "parts": [*in_page([drawn] if drawn else [])],
        "calls": responses_of(state.study, here, cutoff),
        "has_readers": state.study.response.evaluation.review == "two-readers",
    }
    return render(request, "web/course.html", context)
