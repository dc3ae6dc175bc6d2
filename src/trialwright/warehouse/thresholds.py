"""Bounds as whole millionths: where on a line of recorded numbers an answer turns.

Computed exactly before any query runs, so that a database compares whole numbers alone.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from trialwright.protocol.vocabulary import Term
from trialwright.terms.bounds import Bounds
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.warehouse.columns import MET, MILLION, NOT_MET, UNKNOWN, Shape

FARTHEST = 2**63 - 1
"""Greatest whole number that databases compare fast."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What turns a number of one unit into another: scale, then shift.

    Attributes
    ----------
    scale, shift : Fraction
        Exact; scale above 0.
    """

    scale: Fraction
    shift: Fraction

    def back(self, bound: Fraction) -> Fraction:
        """Give a bound in millionths of the unit that is turned.

        Parameters
        ----------
        bound : Fraction
            In the unit wanted.

        Returns
        -------
        Fraction
            Exact.
        """
        return (bound - self.shift) / self.scale * MILLION


def conversion(given: str, wanted: str, substance: str) -> Conversion | None:
    """Give what turns one unit into another.

    Parameters
    ----------
    given, wanted : str
        UCUM units.
    substance : str
        Name under which mass and amount convert; may be empty.

    Returns
    -------
    Conversion or None
        None when they do not convert.
    """
    try:
        shift = Quantity(Decimal(0), given).exact_in(wanted, substance)
        scale = Quantity(Decimal(1), given).exact_in(wanted, substance) - shift
    except Refusal:
        return None
    return Conversion(scale, shift) if scale > 0 else None


@dataclass(frozen=True, slots=True)
class Edge:
    """A number at which an answer turns.

    Attributes
    ----------
    bound : Fraction
        The number.
    is_below : bool
        Whether the number itself has the answer of those below it.
    """

    bound: Fraction
    is_below: bool


@dataclass(frozen=True, slots=True)
class Turns:
    """Answers along the line of numbers, which turn at most twice.

    Attributes
    ----------
    first, second : Edge or None
        Where they turn; None: nothing lies below the first, or beyond the second.
    below, between, beyond : int
        Verdicts.
    """

    first: Edge | None
    second: Edge | None
    below: int
    between: int
    beyond: int

    def steps(self, turned: Conversion) -> "Steps":
        """Give the answers along whole millionths of a unit.

        Parameters
        ----------
        turned : Conversion
            From that unit to that of the edges.

        Returns
        -------
        Steps
            The same answers.
        """
        first, second = -FARTHEST, FARTHEST
        if self.first is not None:
            edge = turned.back(self.first.bound)
            first = floor(edge) + 1 if self.first.is_below else ceil(edge)
        if self.second is not None:
            edge = turned.back(self.second.bound)
            second = floor(edge) if self.second.is_below else ceil(edge) - 1
        return Steps(_held(first), _held(second), self.below, self.between, self.beyond)


@dataclass(frozen=True, slots=True)
class Steps:
    """Answers along whole millionths.

    Attributes
    ----------
    first : int
        Numbers below it have the answer `below`.
    second : int
        Other numbers up to it have the answer `between`, the rest `beyond`.
    below, between, beyond : int
        Verdicts.
    """

    first: int
    second: int
    below: int
    between: int
    beyond: int


_EVERYWHERE = Turns(None, None, MET, MET, MET)
"""Of bounds that leave every number, as a range from 0 on leaves whatever is measured."""


def all_of_them(number: int) -> Steps:
    """Give one answer for every number.

    Parameters
    ----------
    number : int
        Verdict.

    Returns
    -------
    Steps
        That turn nowhere.
    """
    return Steps(0, 0, number, number, number)


def within(bounds: Bounds, unit: str, shape: Shape, term: Term) -> Steps | None:
    """Give the answers of bounds along the numbers of a shape.

    Parameters
    ----------
    bounds : Bounds
        The bounds.
    unit : str
        Their unit.
    shape : Shape
        How results are recorded.
    term : Term
        Of what.

    Returns
    -------
    Steps or None
        None for what is no amount, and for a unit that does not convert.
    """
    turned = conversion(shape.unit, unit, term.substance) if shape.unit else None
    if turned is None or conversion(shape.unit, term.unit, term.substance) is None:
        return None
    return turns(bounds, shape.comparator).steps(turned)


def turns(bounds: Bounds, comparator: str) -> Turns:
    """Give the answers of bounds along the numbers, as `Bounds.hold` answers.

    Parameters
    ----------
    bounds : Bounds
        The bounds.
    comparator : str
        Of the numbers; empty: they are exact.

    Returns
    -------
    Turns
        In the unit of the bounds.
    """
    if comparator == "":
        return Turns(_floor(bounds), _ceiling(bounds), NOT_MET, MET, NOT_MET)
    if _is_empty(bounds):
        return Turns(None, None, NOT_MET, NOT_MET, NOT_MET)
    is_open = comparator in ("<", ">")
    if comparator in ("<", "<="):
        return _downwards(bounds, is_open=is_open)
    return _upwards(bounds, is_open=is_open)


def _floor(bounds: Bounds) -> Edge | None:
    """Give where numbers begin to lie inside."""
    if bounds.at_least is not None:
        return Edge(bounds.at_least, is_below=False)
    return None if bounds.above is None else Edge(bounds.above, is_below=True)


def _ceiling(bounds: Bounds) -> Edge | None:
    """Give where numbers cease to lie inside."""
    if bounds.at_most is not None:
        return Edge(bounds.at_most, is_below=True)
    return None if bounds.below is None else Edge(bounds.below, is_below=False)


def _downwards(bounds: Bounds, *, is_open: bool) -> Turns:
    """Give the answers of everything below a number, and the number itself unless open."""
    floor_edge, ceiling = _floor(bounds), _ceiling(bounds)
    if floor_edge is not None:
        edge = Edge(floor_edge.bound, floor_edge.is_below or is_open)
        return Turns(edge, None, NOT_MET, UNKNOWN, UNKNOWN)
    if ceiling is None:
        return _EVERYWHERE
    return Turns(Edge(ceiling.bound, ceiling.is_below or is_open), None, MET, UNKNOWN, UNKNOWN)


def _upwards(bounds: Bounds, *, is_open: bool) -> Turns:
    """Give the answers of everything above a number, and the number itself unless open."""
    floor_edge, ceiling = _floor(bounds), _ceiling(bounds)
    if ceiling is not None:
        edge = Edge(ceiling.bound, ceiling.is_below and not is_open)
        return Turns(edge, None, UNKNOWN, NOT_MET, NOT_MET)
    if floor_edge is None:
        return _EVERYWHERE
    edge = Edge(floor_edge.bound, floor_edge.is_below and not is_open)
    return Turns(edge, None, UNKNOWN, MET, MET)


def _is_empty(bounds: Bounds) -> bool:
    """Say whether the bounds leave no number at all."""
    low = bounds.above if bounds.at_least is None else bounds.at_least
    high = bounds.below if bounds.at_most is None else bounds.at_most
    if low is None or high is None:
        return False
    return low > high or (low == high and None in (bounds.at_least, bounds.at_most))


def _held(number: int) -> int:
    """Keep a number among those that databases compare fast."""
    return max(-FARTHEST, min(number, FARTHEST))


def plausible_of(term: Term, shape: Shape) -> tuple[int, int]:
    """Give the numbers of a shape that can be true.

    Parameters
    ----------
    term : Term
        Of what.
    shape : Shape
        How results are recorded.

    Returns
    -------
    tuple of int
        Least and greatest, in millionths; nothing can, in a unit that does not convert.
    """
    turned = conversion(shape.unit, term.unit, term.substance) if shape.unit else None
    if turned is None:
        return FARTHEST, -FARTHEST
    if term.plausible is None:
        return -FARTHEST, FARTHEST
    least, greatest = Fraction(term.plausible.at_least), Fraction(term.plausible.at_most)
    return _held(ceil(turned.back(least))), _held(floor(turned.back(greatest)))


def may_be_zero(term: Term, shape: Shape) -> bool:
    """Say whether none at all can be true though it lies below the numbers that can.

    Parameters
    ----------
    term : Term
        Of what.
    shape : Shape
        How results are recorded.

    Returns
    -------
    bool
        False in a unit that does not convert, or in which 0 is another number of the term's unit.
    """
    if term.plausible is None or not term.plausible.or_zero or not shape.unit:
        return False
    turned = conversion(shape.unit, term.unit, term.substance)
    return turned is not None and turned.back(Fraction(0)) == 0
