"""Whether a limit can be meant as it is written: its unit, and the size of its number."""

from decimal import Decimal
from fractions import Fraction

from trialwright.protocol.proposals import LimitProposal
from trialwright.registry.proposing.analytes import BY_FACT, Analyte
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity

_NO_UNIT = ("", "1")
_BOUNDS = ("at_least", "above", "at_most", "below")


def needs_unit(fact: str) -> bool:
    """Say whether a limit on a fact means nothing without a unit.

    Parameters
    ----------
    fact : str
        E.g. `hba1c`.

    Returns
    -------
    bool
        False for ratios such as the INR, and for what is not known here.
    """
    analyte = BY_FACT.get(fact)
    return analyte is not None and analyte.unit not in _NO_UNIT


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
        return f"is in {limit.unit}, in which {analyte.says.lower()} is not measured"
    low, high = Fraction(analyte.low), Fraction(analyte.high)
    if low <= usual <= high:
        return ""
    return (
        f"is {float(usual):.6g} {analyte.unit}; a limit on {analyte.says.lower()} lies between"
        f" {analyte.low} and {analyte.high} {analyte.unit}"
    )
