"""Dates of FHIR as civil dates: the day as written, in the offset in which it was written.

A result of 23:40 in its own place is of that day, whatever day it was elsewhere; no time zone is
converted. A period, and an end of which only the bounds are known, is the interval of its days.
"""

import re
from datetime import date

from trialwright.intake.elements import Element, at
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import refuse, shape

_FORM = re.compile(
    r"(?P<day>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?P<time>T[0-9]{2}:[0-9]{2}(?::[0-9]{2}"
    r"(?:\.[0-9]{1,12})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?)"
)
"""FHIR R4 date, dateTime and instant; a time without seconds or offset is taken too."""


def civil(resource: Element, name: str) -> PartialDate | None:
    """Read a date, date with time, or instant.

    Parameters
    ----------
    resource : Element
        Where it stands.
    name : str
        Name of the child, e.g. `effectiveDateTime`.

    Returns
    -------
    PartialDate or None
        The civil day, month or year; None when nothing stands there.

    Raises
    ------
    Refusal
        If it is no date of FHIR; its digits are not shown.
    """
    written = resource.text(name)
    if not written:
        return None
    found = _FORM.fullmatch(written)
    if not found:
        raise refuse(
            resource.path(name),
            f"text of the form {shape(written)!r} is no date",
            "ISO 8601, e.g. 2026-03-14, 2026-03 or 2026-03-14T09:30:00-05:00",
            "Ask where the record comes from for the day",
        )
    with at(resource.path(name)):
        return PartialDate.parse(found["day"].removesuffix(found["time"] or ""))


def period(element: Element) -> PartialDate:
    """Read a period in which a measurement was made.

    Parameters
    ----------
    element : Element
        A FHIR Period.

    Returns
    -------
    PartialDate
        From the first day to the last.

    Raises
    ------
    Refusal
        If it lacks an end, or ends before it begins.
    """
    start, end = civil(element, "start"), civil(element, "end")
    if start is None or end is None or end.latest < start.earliest:
        raise refuse(
            element.where,
            "a period without start or end, or that ends before it starts",
            "both, in order",
            "Ask where the record comes from for the day",
        )
    return start if start == end else between(start.earliest, end.latest)


def between(earliest: date | None, latest: date | None) -> PartialDate:
    """Give a day of which only the bounds are known.

    Parameters
    ----------
    earliest, latest : date or None
        None where there is no bound.

    Returns
    -------
    PartialDate
        Written as an ISO 8601 interval, with `..` for an open side.
    """
    if earliest is not None and earliest == latest:
        return PartialDate.of(earliest)
    text = f"{earliest or '..'}/{latest or '..'}"
    return PartialDate(text, earliest or date.min, latest or date.max)
