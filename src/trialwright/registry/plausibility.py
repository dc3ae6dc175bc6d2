"""Whether a limit can be meant as it is written: its unit, and the size of its number."""

from decimal import Decimal
from fractions import Fraction

from trialwright.protocol.proposals import LimitProposal
from trialwright.registry.proposing.analytes import BY_FACT, Analyte
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, comparable

_NO_UNIT = ("", "1", "/min")  # a ratio has none, and a heart rate is counted per minute everywhere
_AT_THE_BEDSIDE = {
    *("lvef", "shortening-fraction", "global-longitudinal-strain", "qtcf", "qtcb", "qtc", "qt"),
    *("pr-interval", "qrs", "systolic-pressure", "diastolic-pressure", "blood-pressure"),
    *("heart-rate", "respiratory-rate", "temperature", "weight", "height", "bmi"),
    *("body-surface-area", "oxygen-saturation", "fev1", "fvc", "dlco"),
}
_BOUNDS = ("at_least", "above", "at_most", "below")
_KINDS = {
    "count": ("/L",),
    "mass/volume": ("g/L",),
    "amount/volume": ("mol/L", "eq/L"),
    "amount/amount": ("mol/mol",),
    "activity": ("U/L", "[IU]/L", "kat/L"),
    "clearance": ("mL/min", "mL/min/{1.73_m2}", "mL/min/m2"),
    "mass/day": ("g/d",),
    "mass/mass": ("g/g", "g/mol"),
    "grams": ("g",),
    "percent": ("%",),
    "rate": ("/min",),
    "time": ("s",),
    "copies": ("{copies}/mL",),
    "volume": ("L",),
}
"""Kinds of amount of which an analyte may have several, each with units that convert to it."""


def needs_unit(fact: str) -> bool:
    """Say whether a limit on a fact means nothing without a unit.

    Parameters
    ----------
    fact : str
        E.g. `hba1c`.

    Returns
    -------
    bool
        False for ratios such as the INR, for a heart rate, and for what is not known here.
    """
    analyte = BY_FACT.get(fact)
    return analyte is not None and analyte.unit not in _NO_UNIT


def is_laboratory_value(fact: str) -> bool:
    """Say whether a fact is measured in a laboratory, so that a value of it grows old.

    Parameters
    ----------
    fact : str
        E.g. `hemoglobin`.

    Returns
    -------
    bool
        False for what is measured at the bedside, such as a blood pressure or an ECG interval, and
        for what is not known here.
    """
    return fact in BY_FACT and fact not in _AT_THE_BEDSIDE


def implausible(limit: LimitProposal) -> str:
    """Say why a limit cannot be meant as it is written.

    Parameters
    ----------
    limit : LimitProposal
        With a unit, and no multiple.

    Returns
    -------
    str
        The reason, for the middle of a sentence; empty when the limit can be meant so.
    """
    analyte = BY_FACT.get(limit.fact)
    if analyte is None:
        return ""
    numbers = [number for name in _BOUNDS if (number := getattr(limit, name)) is not None]
    return next((why for number in numbers if (why := _outside(number, limit, analyte))), "")


def _outside(number: Decimal, limit: LimitProposal, analyte: Analyte) -> str:
    """Say why one bound cannot be meant."""
    try:
        usual = Quantity(number, limit.unit).exact_in(analyte.unit, analyte.substance)
    except Refusal:
        if any(_is_of_kind(limit.unit, kind) for kind in analyte.measures):
            return ""  # it is given so, and its size cannot be compared here
        return f"is in {limit.unit}, in which {analyte.says.lower()} is not measured"
    low, high = Fraction(analyte.low), Fraction(analyte.high)
    if low <= usual <= high:
        return ""
    return (
        f"is {float(usual):.6g} {analyte.unit}; a limit on {analyte.says.lower()} lies between"
        f" {analyte.low} and {analyte.high} {analyte.unit}"
    )


def _is_of_kind(unit: str, kind: str) -> bool:
    """Say whether a unit measures a kind of amount."""
    return any(comparable(unit, known) for known in _KINDS.get(kind, ()))
