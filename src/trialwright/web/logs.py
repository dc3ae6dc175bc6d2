"""Logs as JSON lines: which route answered how, and never what was in it.

Addresses, form fields and messages of exceptions can hold what a person typed, so none of them is
written: a fault is told by its type and the lines it passed through.
"""

import json
import logging
import traceback
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.http import HttpRequest, HttpResponse

OWN = "trialwright.web"
"""Logger whose messages are written; of all others only that they spoke."""


class Lines(logging.Formatter):
    """Writes a record as one line of JSON, without words that a person may have typed."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record.

        Parameters
        ----------
        record : LogRecord
            Any.

        Returns
        -------
        str
            JSON on one line.
        """
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        if record.name == OWN:
            line["says"] = record.getMessage()
            line |= getattr(record, "told", {})
        status = getattr(record, "status_code", None)
        if status is not None:
            line["status"] = status
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
            passed = traceback.extract_tb(record.exc_info[2])
            line["through"] = [f"{each.name}:{each.lineno}" for each in passed[-5:]]
        return json.dumps(line)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {
        OWN: {"handlers": ["lines"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "axes": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
        "waitress": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
    },
}
"""Everything goes to standard error as lines of JSON."""


class RequestLog:
    """Writes one line for each request: route, status, milliseconds, account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request and write its line.

        Parameters
        ----------
        request : HttpRequest
            Any.

        Returns
        -------
        HttpResponse
            As the page gave it.
        """
        began = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        user = getattr(request, "user", None)
        told = {
            "route": match.view_name if match else "",
            "method": request.method,
            "status": response.status_code,
            "ms": round(1000 * (perf_counter() - began)),
            "account": user.get_username() if user is not None else "",
        }
        if not request.path.startswith("/static/"):
            logging.getLogger(OWN).info("answered", extra={"told": told})
        return response
