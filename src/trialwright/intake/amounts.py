"""Amounts of records: number, unit and comparator as reported, held to the term's unit and window.

Nothing is converted here: the value stays in the unit of the report, and what cannot be true in
that unit is a question to a person, never a guess at another unit.
"""

import re
from decimal import Decimal

from trialwright.intake.elements import Element, at
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Refusal, refuse, shape
from trialwright.terms.quantities import Quantity, comparable, is_score, ucum

UCUM_SYSTEM = "http://unitsofmeasure.org"

_COMPARATORS = ("", "<", "<=", ">=", ">")
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_DO_ASK = "Ask the laboratory or the clinic, and correct the record where it comes from"


def amount(found: Element, term: Term) -> Quantity:
    """Read a FHIR Quantity as an amount of a term.

    Parameters
    ----------
    found : Element
        With value, unit or code, perhaps a comparator.
    term : Term
        What is measured.

    Returns
    -------
    Quantity
        As reported.

    Raises
    ------
    Refusal
        If there is no number, or the unit is missing, unknown, of another kind than the term's,
        or contradicts itself, or if the number cannot be true in its unit.
    """
    number = found.number("value")
    if number is None:
        raise refuse(found.path("value"), "no number", "a number", _DO_ASK)
    comparator = found.text("comparator")
    if comparator not in _COMPARATORS:
        raise refuse(
            found.path("comparator"), f"of the form {shape(comparator)!r}", "<, <=, >=, >", _DO_ASK
        )
    return checked(number, _unit(found, term), comparator, term, found.where)


def checked(number: Decimal, unit: str, comparator: str, term: Term, where: str) -> Quantity:
    """Hold a number in its unit to what can be true of a term.

    Parameters
    ----------
    number : Decimal
        As reported.
    unit : str
        UCUM.
    comparator : str
        Empty, `<`, `<=`, `>=` or `>`.
    term : Term
        What is measured.
    where : str
        Place of the value.

    Returns
    -------
    Quantity
        As reported.

    Raises
    ------
    Refusal
        If the unit is of another kind than the term's, or the number is outside its window.
    """
    with at(where):
        read = Quantity(number, unit, comparator)
    if not term.unit:
        return read
    if not comparable(unit, term.unit, term.substance):
        found = f"{_ANNOTATION.sub('{…}', unit)} does not convert"
        raise refuse(where, found, f"a unit that converts to {term.unit}", _DO_ASK)
    inside, window = read.exact_in(term.unit, term.substance), term.plausible
    if window and not window.holds(inside):
        raise refuse(
            where,
            f"{read} can hardly be true (is the unit right?)",
            f"{window.at_least:f} to {window.at_most:f} {term.unit}",
            _DO_ASK,
        )
    return read


def _unit(found: Element, term: Term) -> str:
    """Give the unit of a quantity in UCUM; the code decides, the text must not contradict it."""
    is_ucum = found.text("system") in ("", UCUM_SYSTEM)
    code, written = (found.text("code") if is_ucum else ""), found.text("unit")
    chosen = code or written
    if is_score(term.unit) and (not chosen or is_score(chosen)):
        return term.unit
    if not chosen:
        raise refuse(found.where, "a number without a unit", f"{term.unit} or another", _DO_ASK)
    unit = _readable(chosen)
    if not unit:
        raise refuse(
            found.path("code" if code else "unit"),
            f"text of the form {shape(chosen)!r} is no unit",
            "UCUM, e.g. g/dL, 10*3/uL, U/L",
            _DO_ASK,
        )
    said = _readable(written) if code and written else ""
    if said and not is_score(said) and not _is_same(said, unit, term.substance):
        raise refuse(
            found.where,
            f"a unit text that is not {_ANNOTATION.sub('{…}', unit)}",
            "one unit",
            _DO_ASK,
        )
    return unit


def _readable(written: str) -> str:
    """Give a unit in UCUM; empty when it is none."""
    try:
        return ucum(written)
    except Refusal:
        return ""


def _is_same(unit: str, other: str, substance: str) -> bool:
    """Say whether two units are of one kind and size."""
    if unit == other:
        return True
    if not comparable(unit, other, substance):
        return False
    return Quantity(Decimal(1), unit).exact_in(other, substance) == 1


def bound(found: Element | None, unit: str) -> Decimal | None:
    """Give one end of a range, when it is in the unit of the result or in one of the same size.

    A limit without a unit is in that of its result, as laboratories send them.

    Parameters
    ----------
    found : Element or None
        A FHIR Quantity.
    unit : str
        UCUM unit of the result.

    Returns
    -------
    Decimal or None
        None for an open end, one with a comparator, and one in a unit of another size: 9 to
        38 ukat/L beside a result in U/L is more likely a wrong unit than a limit of 2280 U/L.

    Raises
    ------
    Refusal
        If it has another form.
    """
    if found is None or "comparator" in found:
        return None
    number = found.number("value")
    if number is None:
        return None
    said = found.text("code") or found.text("unit")
    if not said:
        return number
    written = _readable(said)
    return number if written and _is_same(written, unit, "") else None
