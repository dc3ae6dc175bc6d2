"""FHIR tumour marker observations: percentages and scores of ER and PR, score and signals of HER2.

References
----------
.. [1] HL7 mCODE Implementation Guide, profile Tumor Marker Test; LOINC.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeVar

from trialwright.casebook.stains import MOST_HER2_SCORE, MOST_PERCENT, Ish, Span, Stain
from trialwright.intake.codings import codes_of, words_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.intake.ihc_scores import read_her2_score
from trialwright.intake.partly_read import PartlyReadError
from trialwright.intake.told_scores import scores_told, unit_of
from trialwright.terms.codes import Code
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.terms.sources import Source


def _loinc(*codes: str) -> frozenset[Code]:
    """Give codes of LOINC."""
    return frozenset(Code("LOINC", each) for each in codes)


HORMONES: Mapping[str, frozenset[Code]] = MappingProxyType(
    {
        "ER": _loinc("85329-1", "85337-4", "16112-5", "40556-3"),
        "PR": _loinc("85325-9", "85339-0", "16113-3", "40557-1"),
    }
)
"""Protein to the codes under which its percentage, or its status alone, is told."""

_PERCENT = _loinc("85329-1", "85325-9")
"""Codes of a percentage and of nothing else."""

_SCORE = _loinc("85319-2", "18474-7")
"""HER2 by immune stain."""

_RATIO = _loinc("49683-6", "85318-4", "96893-3", "31150-6")
"""HER2 by in-situ hybridisation; a ratio is one of HER2 to CEP17."""

_COPIES = _loinc("74860-8")
"""Copies of HER2 a nucleus."""

_HER2 = _SCORE | _RATIO | _COPIES | _loinc("48676-1", "74885-5")

STATUS_ALONE = "a status without the value it was derived from"
BOUNDS_ALONE = "a ratio of which bounds alone are told"
NO_SPECIMEN = "without a specimen"
NO_VALUE = "no value recorded"
"""Why an observation is left aside."""

_NO_UNIT = re.compile(r"|1|\{?(score|ratio)\}?", re.IGNORECASE)
_A_NUCLEUS = re.compile(
    r"|1|\{?(#|copies|copy|signals)\}?(/\{?(nucleus|nuclei|cell)\}?)?", re.IGNORECASE
)
_DO = "Read the report, and enter the result by hand"
_Told = TypeVar("_Told")


def protein_of(resource: Element) -> str:
    """Say which protein an observation is about.

    Parameters
    ----------
    resource : Element
        An Observation.

    Returns
    -------
    str
        `ER`, `PR` or `HER2`; empty for none of them.

    Raises
    ------
    Refusal
        If a code has another form.
    """
    codes = {*codes_of(resource.inner("code"))}
    named = (
        name for name, own in (*HORMONES.items(), ("HER2", _HER2)) if not own.isdisjoint(codes)
    )
    return next(named, "")


def read_stain(resource: Element, protein: str) -> Stain | str:
    """Read a stain from an observation that counts.

    Parameters
    ----------
    resource : Element
        The Observation.
    protein : str
        As `protein_of` gives it.

    Returns
    -------
    Stain or str
        With the reference of its specimen as material; or why it is left aside. Of HER2 one
        observation tells a part: `joined` puts score and signals together.

    Raises
    ------
    Refusal
        If a value is none that a stain gives, or has an unknown unit.
    """
    source = Source("fhir", resource.where)
    try:
        read = _her2(resource) if protein == "HER2" else _hormone(resource)
        if isinstance(read, str):
            return read
        material = specimen_of(resource)
        if not material:
            return NO_SPECIMEN
        on = civil(resource, "effectiveDateTime") or civil(resource, "issued")
        return Stain(material, protein, "read", on, source, **read)
    except Refusal as refused:
        raise Refusal(
            each if each.where.startswith(resource.where) else replace(each, where=resource.where)
            for each in refused.faults
        ) from None


def specimen_of(resource: Element) -> str:
    """Give the specimen that a result is of.

    Parameters
    ----------
    resource : Element
        An Observation.

    Returns
    -------
    str
        Its reference, else the label by which it is named; empty when there is neither.

    Raises
    ------
    Refusal
        If it has another form.
    """
    found = resource.inner("specimen")
    if found is None:
        return ""
    named = found.inner("identifier")
    return found.text("reference") or (named.text("value") if named else "")


def tells_signals(part: Element) -> bool:
    """Say whether a part tells the signals of HER2 as a number or a ratio, and not in a word.

    Parameters
    ----------
    part : Element
        An Observation or component.

    Returns
    -------
    bool
        A code of in-situ hybridisation, with a `valueRatio` or a `valueQuantity`.

    Raises
    ------
    Refusal
        If a code has another form.
    """
    is_ish = not _RATIO.isdisjoint(codes_of(part.inner("code")))
    return is_ish and ("valueRatio" in part or "valueQuantity" in part)


def signals_of(part: Element) -> Ish | str:
    """Give the signals of HER2 that a part and its components tell.

    Parameters
    ----------
    part : Element
        An Observation or component.

    Returns
    -------
    Ish or str
        Why there are none that are exact, where there are none.

    Raises
    ------
    Refusal
        If a value is no number, or has another unit.
    """
    read = _her2(part)
    return read if isinstance(read, str) else read["ish"] or STATUS_ALONE


def joined(stains: Iterable[Stain]) -> tuple[Stain, ...]:
    """Put what was read of HER2 in one material together, for its rules need score and signals.

    Parameters
    ----------
    stains : iterable of Stain
        As read, of any protein.

    Returns
    -------
    tuple of Stain
        One of HER2 for each material, on the last of its days; the others as they are.

    Raises
    ------
    PartlyReadError
        If two observations of HER2 in one material tell the same part differently; with the other
        stains.
    """
    found: list[Stain] = []
    parts: dict[str, list[Stain]] = {}
    for each in stains:
        if each.analyte == "HER2":
            parts.setdefault(each.material, []).append(each)
        else:
            found.append(each)
    faults: list[Fault] = []
    for own in parts.values():
        try:
            found.append(_together(own))
        except Refusal as refused:
            faults += refused.faults
    if faults:
        raise PartlyReadError(faults, tuple(found))
    return tuple(found)


def _together(parts: Sequence[Stain]) -> Stain:
    """Join the parts of one material."""
    ratio = _only([each.ish.ratio for each in parts if each.ish], parts)
    copies = _only([each.ish.copies for each in parts if each.ish], parts)
    days = [each.on for each in parts if each.on]
    return replace(
        parts[0],
        on=max(days, key=_last) if days else None,
        score=_only([each.score for each in parts], parts),
        percent=_only([each.percent for each in parts], parts),
        ish=None if ratio is None and copies is None else Ish(ratio, copies),
    )


def _last(day: PartialDate) -> tuple[object, object]:
    """Order days by their end."""
    return day.latest, day.earliest


def _only(told: Sequence[_Told | None], parts: Sequence[Stain]) -> _Told | None:
    """Give the one value that is told, if any; two that differ are refused."""
    values = [each for each in told if each is not None]
    if any(each != values[0] for each in values):
        found = f"{len(values)} values of HER2 in one specimen that differ"
        raise refuse(parts[-1].source.place, found, "one", "Ask which of them holds")
    return values[0] if values else None


_Parts = Mapping[str, Any]
"""What was read of a stain, by the part of it."""


def _hormone(resource: Element) -> _Parts | str:
    """Read a percentage, and scores beside it or alone; a status alone is none."""
    scores = scores_told(resource)
    found = resource.inner("valueQuantity")
    if found is not None and unit_of(found) == "%":
        return {"percent": _span(found, MOST_PERCENT), **scores}
    if _PERCENT.isdisjoint(codes_of(resource.inner("code"))):
        return scores or STATUS_ALONE
    if found is None and "dataAbsentReason" in resource:
        return scores or NO_VALUE
    raise refuse(resource.where, "no percentage", "valueQuantity in %", _DO)


def _her2(resource: Element) -> _Parts | str:
    """Read score, ratio and copies from an observation and its components."""
    score: Span | None = None
    percent: Span | None = None
    numbers: dict[str, Decimal] = {}
    aside = ""
    for part in (resource, *resource.inners("component")):
        codes = {*codes_of(part.inner("code"))}
        if not codes.isdisjoint(_SCORE):
            score, percent = _score(part)
        elif not codes.isdisjoint(_RATIO):
            ratio = _ratio(part)
            if isinstance(ratio, Decimal):
                numbers["ratio"] = ratio
            aside = aside or (ratio if isinstance(ratio, str) else "")
        elif not codes.isdisjoint(_COPIES):
            numbers["copies"] = _number(part, _A_NUCLEUS, "copies a nucleus")
    if numbers:
        ish = Ish(numbers.get("ratio"), numbers.get("copies"))
        return {"score": score, "percent": percent, "ish": ish}
    told = {"score": score, "percent": percent, "ish": None}
    return told if score or percent else aside or STATUS_ALONE


def _score(part: Element) -> tuple[Span | None, Span | None]:
    """Read the score of a stain, or the percentage stained; a status is neither."""
    whole = part.number("valueInteger")
    if whole is not None:
        return Span.exactly(whole), None
    found = part.inner("valueQuantity")
    if found is not None:
        if unit_of(found) == "%":
            return None, _span(found, MOST_PERCENT)
        if not _NO_UNIT.fullmatch(unit_of(found)):
            raise refuse(part.where, "a score with a unit", "0 to 3 without one, or %", _DO)
        span = _span(found, MOST_HER2_SCORE)
        if any(each != each.to_integral_value() for each in (span.low, span.high)):
            raise refuse(part.where, "a score between two scores", "0, 1, 2 or 3", _DO)
        return span, None
    concept = part.inner("valueCodeableConcept")
    written = words_of(concept) if concept else (part.text("valueString"),)
    scored = next((each for each in written if re.match("[0-9]", each)), "")
    return (read_her2_score(scored).score, None) if scored else (None, None)


def _ratio(part: Element) -> Decimal | str:
    """Read a ratio; one of bounds alone is none."""
    found = part.inner("valueRatio")
    if found is None:
        if part.inner("valueQuantity") is None:
            return ""
        return _number(part, _NO_UNIT, "a ratio")
    ends = [found.inner(name) for name in ("numerator", "denominator")]
    if any(each is not None and each.text("comparator") for each in ends):
        return BOUNDS_ALONE
    above, below = (each.number("value") if each else None for each in ends)
    if above is None or not below:
        raise refuse(part.path("valueRatio"), "no ratio", "two numbers above 0", _DO)
    return above / below


def _number(part: Element, units: re.Pattern[str], what: str) -> Decimal:
    """Read an exact number in one of several units."""
    found = part.inner("valueQuantity")
    number = found.number("value") if found else None
    if found is None or number is None or found.text("comparator"):
        raise refuse(part.where, "no exact number", what, _DO)
    if not units.fullmatch(unit_of(found)):
        raise refuse(part.where, "another unit", what, _DO)
    return number


def _span(found: Element, most: int) -> Span:
    """Give a quantity with its comparator: one end of it may be open."""
    number, sign = found.number("value"), found.text("comparator")
    if number is None:
        raise refuse(found.where, "no number", "a value", _DO)
    if sign in ("", "="):
        return Span.exactly(number)
    if sign in (">", ">="):
        return Span(number, Decimal(most), is_above_low=sign == ">")
    if sign in ("<", "<="):
        return Span(Decimal(0), number, is_below_high=sign == "<")
    raise refuse(found.path("comparator"), "another comparator", "<, <=, >= or >", _DO)
