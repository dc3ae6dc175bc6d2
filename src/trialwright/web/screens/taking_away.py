"""The whole record of the trial, taken away in forms that other software reads."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from trialwright.submission.odm import OdmVersion
from trialwright.web import desk
from trialwright.web.roles import actor_of, sees_everybody

ODM_VERSIONS = ("1.3.2", "2.0")
"""Versions of CDISC ODM in which the record is written."""


@require_safe
def lines(request: HttpRequest) -> StreamingHttpResponse:
    """Give the whole ledger, enough to verify it without this software.

    Parameters
    ----------
    request : HttpRequest
        Any.

    Returns
    -------
    StreamingHttpResponse
        JSON Lines.
    """
    _require_every_site(request)
    response = StreamingHttpResponse(
        (f"{line}\n" for line in desk.desk().export_lines()), content_type="application/x-ndjson"
    )
    response["Content-Disposition"] = 'attachment; filename="ledger.jsonl"'
    return response


@require_safe
def odm(request: HttpRequest, version: str) -> HttpResponse:
    """Give the whole record as CDISC ODM-XML, with an audit record for each entry.

    Parameters
    ----------
    request : HttpRequest
        Any.
    version : str
        Of ODM, one of `ODM_VERSIONS`.

    Returns
    -------
    HttpResponse
        XML in UTF-8.

    Raises
    ------
    Http404
        If there is no such version, or the account may not see every participant.
    """
    if version not in ODM_VERSIONS:
        raise Http404
    _require_every_site(request)
    text = desk.desk().export_odm(cast(OdmVersion, version))
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trial-odm-{version}.xml"'
    return response


def _require_every_site(request: HttpRequest) -> None:
    """Hand the whole record to those alone who may see every participant."""
    if not sees_everybody(actor_of(request), desk.state()):
        raise Http404
