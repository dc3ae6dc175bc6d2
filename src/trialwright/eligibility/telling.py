"""Calculated numbers in words, with as many digits as their bounds need."""

from decimal import Decimal
from fractions import Fraction

from trialwright.protocol.rule_parts import Bounded

_MOST_DIGITS = 15


def told_number(number: Fraction, rule: Bounded, digits: int = 4) -> str:
    """Say a number rounded, but never so that it seems to lie on a bound that it misses.

    Parameters
    ----------
    number : Fraction
        In the unit of the bounds.
    rule : Bounded
        Any rule with bounds.
    digits : int
        Significant digits where no bound is near.

    Returns
    -------
    str
        E.g. `30.02`; 2.99996 beside a bound of 3 stays `2.99996`.
    """
    bounds = {
        Fraction(bound)
        for bound in (rule.at_least, rule.above, rule.at_most, rule.below)
        if bound is not None and Fraction(bound) != number
    }
    told = plain(number, digits)
    while digits < _MOST_DIGITS and Fraction(told) in bounds:
        digits += 1
        told = plain(number, digits)
    return told


def plain(number: Fraction, digits: int) -> str:
    """Say a number rounded, without an exponent.

    Parameters
    ----------
    number : Fraction
        Any.
    digits : int
        Significant digits.

    Returns
    -------
    str
        E.g. `1500`, `0.3`.
    """
    return f"{Decimal(f'{float(number):.{digits}g}'):f}"
