"""Dosage of a medicine: when, whether it is applied locally, and whether two dosages differ.

A dose is compared and never shown: it is free text as often as not.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import Any

from trialwright.casebook.treatments import Treatment
from trialwright.intake.codings import codes_of, words_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.terms.codes import Code
from trialwright.terms.dates import PartialDate

_LOCAL_ROUTES = frozenset(
    Code("SNOMEDCT", code) for code in ("6064005", "54485002", "10547007", "16857009")
)
"""Topical, ophthalmic, otic and vaginal route."""

_LOCAL_WORDS = re.compile(
    r"\b(?:topical(?:ly)?|shampoo|cream|ointment|lotion|gel|(?:eye|ear) drops?|ophthalmic|otic"
    r"|vaginal(?:ly)?|intravitreal|intracameral|nasal spray|mouth ?wash|mouth rinse)\b",
    re.IGNORECASE,
)
_SYSTEMIC_WORDS = re.compile(
    r"\b(?:oral(?:ly)?|by mouth|po|(?<!vaginal )(?:tablets?|capsules?|softgels?)|soft gel"
    r"|(?<!not )swallow\w*|(?<!intravitreal )(?<!intracameral )inject\w*|infus\w*"
    r"|intravenous(?:ly)?|iv|intramuscular(?:ly)?|subcutaneous(?:ly)?)\b",
    re.IGNORECASE,
)
"""Words of a medicine that is taken: beside them `gel` is a capsule, and `cream` another one."""

_AMOUNTS = ("doseAndRate", "dose", "rateQuantity")
_GAP_DAYS = 1
_MOST_DAYS = 36_525  # a hundred years
_CLOSED_UP = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a medicine is taken, and how often.

    Attributes
    ----------
    coded : str
        Amounts and timing as coded; empty when they are not.
    worded : str
        The same in words; empty when there are none.
    """

    coded: str = ""
    worded: str = ""

    def is_same_as(self, other: "Dose") -> bool | None:
        """Say whether two dosages are one.

        Parameters
        ----------
        other : Dose
            The dosage of another record.

        Returns
        -------
        bool or None
            None when one of them is not recorded in the form of the other.
        """
        for here, there in ((self.coded, other.coded), (self.worded, other.worded)):
            if here and there:
                return here == there
        return None


_DAYS = {"h": Decimal(1) / 24, "d": Decimal(1), "wk": Decimal(7), "mo": Decimal(28),
         "a": Decimal(365)}  # fmt: skip
"""Units of a duration in days, a month and a year at their shortest."""

NO_DOSE = Dose()
"""Nothing recorded of the dosage."""


def dosages_of(resource: Element) -> tuple[Element, ...]:
    """Give the dosages of a medication resource, one or several, under any of their names.

    Parameters
    ----------
    resource : Element
        A medication resource.

    Returns
    -------
    tuple of Element
        Empty when nothing is recorded.

    Raises
    ------
    Refusal
        If they have another form.
    """
    name = "dosage" if "dosage" in resource else "dosageInstruction"
    if isinstance(resource.content.get(name), list):
        return resource.inners(name)
    one = resource.inner(name)
    return (one,) if one else ()


def days_bounded(repeat: Element) -> int | None:
    """Give for how many days a dosage is ordered at least.

    Parameters
    ----------
    repeat : Element
        The `repeat` of its timing.

    Returns
    -------
    int or None, days
        The duration, or the lower end of its range, begun days included; None when neither is
        recorded in a unit of time.

    Raises
    ------
    Refusal
        If one has another form.
    """
    lasting, span = repeat.inner("boundsDuration"), repeat.inner("boundsRange")
    if lasting is None and span is not None:
        lasting = span.inner("low")
    if lasting is None:
        return None
    value = lasting.number("value")
    unit = _DAYS.get(lasting.text("code") or lasting.text("unit"))
    if value is None or unit is None or not 0 < value * unit <= _MOST_DAYS:
        return None
    return ceil(value * unit)


def days_timed(
    resource: Element, *, is_over: bool
) -> tuple[PartialDate | None, PartialDate | None]:
    """Give the span of a statement that is dated by the timing of its dosages alone.

    Parameters
    ----------
    resource : Element
        A MedicationStatement.
    is_over : bool
        Whether it has ended: then the last time at which it was taken is its end.

    Returns
    -------
    tuple of PartialDate or None
        Start and end of the bounds, else the first and the last time; None where none is recorded.

    Raises
    ------
    Refusal
        If one has another form.
    """
    starts: list[PartialDate] = []
    ends: list[PartialDate] = []
    for each in dosages_of(resource):
        timing = each.inner("timing")
        if timing is None:
            continue
        repeat = timing.inner("repeat")
        bounds = repeat.inner("boundsPeriod") if repeat else None
        start, end = (civil(bounds, name) if bounds else None for name in ("start", "end"))
        times = timing.content.get("event")
        events = [
            civil(Element({"event": one}, timing.where), "event")
            for one in (times if isinstance(times, list) else ())
        ]
        starts += [day for day in (start, *events) if day is not None]
        ends += [day for day in (end, *(events if is_over else ())) if day is not None]
    first = min(starts, key=lambda day: day.earliest, default=None)
    return first, max(ends, key=lambda day: day.latest, default=None)


def dose_of(dosages: Iterable[Element]) -> Dose:
    """Give the dose in a form that compares.

    Parameters
    ----------
    dosages : iterable of Element
        Of one record.

    Returns
    -------
    Dose
        Empty when nothing is recorded.

    Raises
    ------
    Refusal
        If a text has another form.
    """
    given = tuple(dosages)
    coded = [_coded(each.content) for each in given]
    worded = [_CLOSED_UP.sub(" ", each.text("text")).casefold() for each in given]
    return Dose(
        json.dumps(coded, sort_keys=True, default=str) if any(coded) else "",
        "; ".join(sorted(worded)) if any(worded) else "",
    )


def _coded(content: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is coded of an amount and its timing, without the span of the whole course."""
    kept = {
        name: content[name] for name in ("doseAndRate", "dose", "rateQuantity") if content.get(name)
    }
    timing = content.get("timing")
    if kept and isinstance(timing, dict):
        repeat = timing.get("repeat")
        if isinstance(repeat, dict):
            kept["repeat"] = {
                name: value for name, value in repeat.items() if not name.startswith("bounds")
            }
        kept["timing"] = timing.get("code")
    return kept


def is_local(dosages: Iterable[Element], words: Iterable[str]) -> bool:
    """Say whether a medicine is applied to skin, eye or the like.

    Parameters
    ----------
    dosages : iterable of Element
        Of one record.
    words : iterable of str
        Words of the product, which may name its form.

    Returns
    -------
    bool
        By every route that is recorded; where none is, by the words of product and dosage, unless
        they say as well that it is taken: a soft gel capsule is swallowed.

    Raises
    ------
    Refusal
        If a route has another form.
    """
    given = tuple(dosages)
    routes = [route for each in given if (route := each.inner("route")) is not None]
    if routes:
        return all(_is_local_route(route) for route in routes)
    said = (*words, *(each.text("text") for each in given))
    is_taken = any(_SYSTEMIC_WORDS.search(each) for each in said)
    return not is_taken and any(_LOCAL_WORDS.search(each) for each in said)


def _is_local_route(route: Element) -> bool:
    """Say whether a route is one of local application."""
    is_coded = bool(_LOCAL_ROUTES.intersection(codes_of(route)))
    return is_coded or any(_LOCAL_WORDS.search(each) for each in words_of(route))


def with_changes(taken: Iterable[tuple[Treatment, Dose]]) -> tuple[Treatment, ...]:
    """Give treatments with the day on which the dose was last changed, as far as records show it.

    Parameters
    ----------
    taken : iterable of Treatment and Dose
        Records of one participant.

    Returns
    -------
    tuple of Treatment
        In the same order. Where a record follows one of the same medicine with another dose, the
        dose was changed at its start; where it carries on the same dose without a gap, the dose
        is as old as that of the earlier record.
    """
    given = list(taken)
    changed = [record.changed for record, _ in given]
    dated = sorted(
        (record.medicine, record.since.earliest, place)
        for place, (record, _) in enumerate(given)
        if record.since is not None and not record.is_local
    )
    for (medicine, begun, before), (same, later, after) in pairwise(dated):
        if medicine != same or begun == later:
            continue
        is_same = given[before][1].is_same_as(given[after][1])
        if is_same is False:
            changed[after] = given[after][0].since
        elif is_same and _carries_on(given[before][0], given[after][0]):
            changed[after] = changed[before] or given[before][0].since
    return tuple(
        record if day == record.changed else replace(record, changed=day)
        for (record, _), day in zip(given, changed, strict=True)
    )


def _carries_on(earlier: Treatment, later: Treatment) -> bool:
    """Say whether a record begins before the one before it has been over for more than a day."""
    if earlier.until is None:
        return bool(earlier.is_ongoing)
    begun = later.since
    return begun is not None and begun.latest <= earlier.until.earliest + timedelta(days=_GAP_DAYS)
