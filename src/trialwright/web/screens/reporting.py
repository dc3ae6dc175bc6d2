"""Reports of the trial: the safety review and the interim efficacy report, as page and as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trialwright.assembly.shown_reports import file_of, report_of
from trialwright.assembly.trial_reports import TITLES, ReportKind
from trialwright.web import desk
from trialwright.web.pictures import asked_of, cutoff_of, in_page

FILES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
"""Files of a report, and what browsers take them for."""


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query.

    Returns
    -------
    HttpResponse
        With the cutoff up to which they are asked for.
    """
    context = {
        "titles": TITLES, "cutoff": cutoff_of(request), "on": desk.today(), "files": FILES,
    }  # fmt: skip
    return render(request, "web/reports.html", context)


@require_safe
def report(request: HttpRequest, kind: str) -> HttpResponse:
    """Show a report as a page.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query.
    kind : str
        `safety`, `efficacy` or `biomarkers`.

    Returns
    -------
    HttpResponse
        Stamped with cutoff, ledger head and digest of the protocol.

    Raises
    ------
    Http404
        If there is no such report.
    """
    asked = asked_of(request, _known(kind))
    made, _ = report_of(desk.desk(), asked)
    context = {
        "report": made,
        "kind": kind,
        "cutoff": asked.cutoff,
        "on": desk.today(),
        "parts": [*in_page(made.sections)],
        "files": FILES,
    }
    return render(request, "web/report.html", context)


@require_safe
def report_file(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """Give a report as a file to keep.

    Parameters
    ----------
    request : HttpRequest
        The data cutoff may stand in its query.
    kind : str
        `safety`, `efficacy` or `biomarkers`.
    ending : str
        `html`, `pdf` or `csv`.

    Returns
    -------
    HttpResponse
        The same bytes as long as the ledger does not grow.

    Raises
    ------
    Http404
        If there is no such report or file.
    """
    asked = asked_of(request, _known(kind))
    if ending not in FILES:
        raise Http404
    response = HttpResponse(file_of(desk.desk(), asked, ending), content_type=FILES[ending])
    name = f"{kind}-{asked.cutoff.isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _known(kind: str) -> ReportKind:
    """Take the name of a report from an address."""
    for each in TITLES:
        if each == kind:
            return each
    raise Http404
