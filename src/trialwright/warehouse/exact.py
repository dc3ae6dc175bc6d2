"""Exact comparisons in a database: integers of millionths against bounds that are fractions."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import ibis

from trialwright.protocol.rule_parts import Bounded
from trialwright.terms.omop import PLACES

NOT_MET, UNKNOWN, MET, NOT_APPLICABLE = 0, 1, 2, 3
"""Verdicts as the database holds them; `all` is the least, `any` the greatest."""

MILLION: int = 10**PLACES
"""Numbers are held as integers of this many parts."""

COMPARATORS = ("", "<", "<=", ">=", ">")
"""Comparators by the number under which they are held; any other number is no comparator."""


def verdict(number: int) -> Any:
    """Give a verdict as a constant.

    Parameters
    ----------
    number : int
        0, 1, 2 or 3.

    Returns
    -------
    ibis value
        One byte wide.
    """
    return ibis.literal(number, "int8")


def yes_no(is_so: Any) -> Any:
    """Give met where something is so, and not met elsewhere.

    Parameters
    ----------
    is_so : ibis value
        True or false, never null.

    Returns
    -------
    ibis value
        2 or 0.
    """
    return ibis.ifelse(is_so, verdict(MET), verdict(NOT_MET))


@dataclass(frozen=True, slots=True)
class Line:
    """A number of a row, comparable with bounds exactly.

    Attributes
    ----------
    below, at_most, above, at_least : callable (Fraction) -> ibis value
        Whether the number lies so to a bound.
    """

    below: Callable[[Fraction], Any]
    at_most: Callable[[Fraction], Any]
    above: Callable[[Fraction], Any]
    at_least: Callable[[Fraction], Any]


def of_unit(micro: Any, scale: Fraction, shift: Fraction) -> Line:
    """Compare a number held in one unit with bounds in another.

    Parameters
    ----------
    micro : ibis value
        Millionths in the unit of the row.
    scale, shift : Fraction
        What turns that unit into the unit of the bounds; scale above 0.

    Returns
    -------
    Line
        Each bound becomes a whole number of millionths, so that nothing is rounded.
    """

    def edge(bound: Fraction) -> Fraction:
        return (bound - shift) / scale * MILLION

    return Line(
        lambda bound: micro <= ceil(edge(bound)) - 1,
        lambda bound: micro <= floor(edge(bound)),
        lambda bound: micro >= floor(edge(bound)) + 1,
        lambda bound: micro >= ceil(edge(bound)),
    )


def of_ratio(number: Any, whole: Any) -> Line:
    """Compare the ratio of two numbers of a row with bounds.

    Parameters
    ----------
    number, whole : ibis value
        Whole numbers in one unit; `whole` above 0.

    Returns
    -------
    Line
        By multiplication, so that nothing is rounded.
    """

    def sides(bound: Fraction) -> tuple[Any, Any]:
        return number * bound.denominator, whole * bound.numerator

    return Line(
        lambda bound: sides(bound)[0] < sides(bound)[1],
        lambda bound: sides(bound)[0] <= sides(bound)[1],
        lambda bound: sides(bound)[0] > sides(bound)[1],
        lambda bound: sides(bound)[0] >= sides(bound)[1],
    )


def hold(rule: Bounded, line: Line, comparator: Any) -> Any:
    """Say whether a number, or the interval a comparator makes of it, lies within bounds.

    Parameters
    ----------
    rule : Bounded
        The bounds.
    line : Line
        The number.
    comparator : ibis value
        Its place in `COMPARATORS`.

    Returns
    -------
    ibis value
        0, 1 or 2, as `terms.bounds.Bounds.hold` answers.
    """
    low, is_low_strict = _lower(rule)
    high, is_high_strict = _upper(rule)
    inside = [] if low is None else [line.above(low) if is_low_strict else line.at_least(low)]
    inside += [] if high is None else [line.below(high) if is_high_strict else line.at_most(high)]
    exact = yes_no(inside[0] & inside[1] if len(inside) > 1 else inside[0])
    if low is not None and high is not None and _is_empty(rule, low, high):
        return ibis.ifelse(comparator == 0, exact, verdict(NOT_MET))
    return ibis.cases(
        (comparator == 0, exact),
        (comparator == 1, _downwards(line, low, high, is_low_strict, is_high_strict, is_open=True)),
        (
            comparator == 2,
            _downwards(line, low, high, is_low_strict, is_high_strict, is_open=False),
        ),
        (comparator == 3, _upwards(line, low, high, is_low_strict, is_high_strict, is_open=False)),
        (comparator == 4, _upwards(line, low, high, is_low_strict, is_high_strict, is_open=True)),
        else_=verdict(UNKNOWN),
    )


def _lower(rule: Bounded) -> tuple[Fraction | None, bool]:
    """Give the lower bound and whether it is strict."""
    if rule.above is not None:
        return Fraction(rule.above), True
    return (None if rule.at_least is None else Fraction(rule.at_least)), False


def _upper(rule: Bounded) -> tuple[Fraction | None, bool]:
    """Give the upper bound and whether it is strict."""
    if rule.below is not None:
        return Fraction(rule.below), True
    return (None if rule.at_most is None else Fraction(rule.at_most)), False


def _is_empty(rule: Bounded, low: Fraction, high: Fraction) -> bool:
    """Say whether the bounds leave no number at all."""
    return low > high or (low == high and (rule.above is not None or rule.below is not None))


def _downwards(
    line: Line,
    low: Fraction | None,
    high: Fraction | None,
    is_low_strict: bool,  # a fact of the bound
    is_high_strict: bool,
    *,
    is_open: bool,
) -> Any:
    """Judge everything below a number, and the number itself unless open."""
    if low is not None:
        is_apart = line.at_most(low) if is_open or is_low_strict else line.below(low)
        return ibis.ifelse(is_apart, verdict(NOT_MET), verdict(UNKNOWN))
    if high is None:
        return verdict(UNKNOWN)
    is_within = line.below(high) if is_high_strict and not is_open else line.at_most(high)
    return ibis.ifelse(is_within, verdict(MET), verdict(UNKNOWN))


def _upwards(
    line: Line,
    low: Fraction | None,
    high: Fraction | None,
    is_low_strict: bool,
    is_high_strict: bool,
    *,
    is_open: bool,
) -> Any:
    """Judge everything above a number, and the number itself unless open."""
    if high is not None:
        is_apart = line.at_least(high) if is_open or is_high_strict else line.above(high)
        return ibis.ifelse(is_apart, verdict(NOT_MET), verdict(UNKNOWN))
    if low is None:
        return verdict(UNKNOWN)
    is_within = line.above(low) if is_low_strict and not is_open else line.at_least(low)
    return ibis.ifelse(is_within, verdict(MET), verdict(UNKNOWN))
