"""Limits as sets of allowed numbers, in one unit, so that two ways of writing one limit are equal.

A limit is cut into one-sided edges: the allowed numbers end there. An exclusion is turned round, a
strict bound on whole numbers is written as the next one, and a bound that every value satisfies
(ECOG from 0) is no edge at all. Numbers are exact; a length in months is a span of days.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from trialwright.registry.amending.limit import Limit
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import SUBSTANCES, Quantity

Side = Literal["from", "up to", "outside"]
"""Whether allowed numbers begin here, end here, or lie outside a stretch."""

Order = Literal["less", "same", "more", "unclear"]
"""How the first of two edges compares with the second."""

_WHOLE = frozenset({"performance", "prior-lines"})
_DAYS = {"hours": Fraction(1, 24), "days": Fraction(1), "weeks": Fraction(7)}
_MONTHS = {"months": 1, "years": 12}
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Edge:
    """Where the allowed numbers of a limit end.

    Attributes
    ----------
    side : {'from', 'up to', 'outside'}
        Which way the allowed numbers lie.
    number : Decimal
        The number as written.
    is_strict : bool
        Whether the number itself is not allowed.
    limit : Limit
        The limit it belongs to.
    """

    side: Side
    number: Decimal
    is_strict: bool
    limit: Limit

    @property
    def unit(self) -> str:
        """The unit as written."""
        return self.limit.unit


def edges_of(limit: Limit) -> tuple[Edge, ...]:
    """Give the edges of a limit's allowed numbers.

    Parameters
    ----------
    limit : Limit
        Any limit of numbers.

    Returns
    -------
    tuple of Edge
        None, one, or a lower and an upper one.
    """
    low = _bound(limit.at_least, limit.above)
    high = _bound(limit.at_most, limit.below)
    if limit.sense == "excluded":
        if low and high:
            return (Edge("outside", low[0], not low[1], limit),)
        low, high = _turned(high), _turned(low)
    found = []
    if low:
        found.append(_edge("from", *low, limit))
    if high:
        found.append(_edge("up to", *high, limit))
    return tuple(edge for edge in found if not _is_empty(edge))


def _bound(closed: Decimal | None, is_open: Decimal | None) -> tuple[Decimal, bool] | None:
    """Give one bound with its strictness."""
    if closed is not None:
        return closed, False
    return (is_open, True) if is_open is not None else None


def _turned(bound: tuple[Decimal, bool] | None) -> tuple[Decimal, bool] | None:
    """Turn a bound round: what is kept out above 450 is allowed up to 450."""
    return (bound[0], not bound[1]) if bound else None


def _edge(side: Side, number: Decimal, is_strict: bool, limit: Limit) -> Edge:
    """Give an edge; of whole numbers, `below 3` is `up to 2`."""
    if is_strict and limit.kind in _WHOLE and number == number.to_integral_value():
        step = 1 if side == "from" else -1
        return Edge(side, number + step, is_strict=False, limit=limit)
    return Edge(side, number, is_strict, limit)


def _is_empty(edge: Edge) -> bool:
    """Say whether every value satisfies an edge."""
    limit = edge.limit
    if limit.kind == "prior-lines" or (
        limit.kind == "performance" and limit.subject not in ("Karnofsky", "Lansky")
    ):
        top = 5 if limit.kind == "performance" else None
        if edge.side == "from":
            return edge.number <= 0
        return top is not None and edge.number >= top
    return limit.kind == "performance" and edge.side == "up to" and edge.number >= 100


def order(one: Edge, other: Edge) -> Order:
    """Compare two edges of the same side by where they lie.

    Parameters
    ----------
    one, other : Edge
        Edges of the same subject and side.

    Returns
    -------
    {'less', 'same', 'more', 'unclear'}
        Whether the first lies lower; `unclear` when their units do not convert, one has none, or
        months of unknown length overlap.
    """
    here, there = _numbers(one, other)
    if here is None or there is None:
        return "unclear"
    if here == there and (here[0] == here[1] or one.unit == other.unit):
        return _strictness(one, other)
    if here[1] < there[0]:
        return "less"
    if there[1] < here[0]:
        return "more"
    return "unclear"


def reach(edge: Edge) -> tuple[Fraction, Fraction, bool]:
    """Give a key by which the times of a version are ranked.

    Parameters
    ----------
    edge : Edge
        An edge of a time.

    Returns
    -------
    tuple of (Fraction, Fraction, bool)
        Longest and shortest number of days that it may mean, half-lives counted as they are; and
        whether it leaves more out than its number says.
    """
    known = edge.unit in _DAYS or edge.unit in _MONTHS
    low, high = _days(edge) if known else _point(Fraction(edge.number))
    return high, low, edge.is_strict == (edge.side == "from")


def _strictness(one: Edge, other: Edge) -> Order:
    """Compare edges at the same number: a lower edge that leaves it out lies higher."""
    if one.is_strict == other.is_strict:
        return "same"
    is_more = one.is_strict if one.side == "from" else other.is_strict
    return "more" if is_more else "less"


_Span = tuple[Fraction, Fraction]


def _numbers(one: Edge, other: Edge) -> tuple[_Span | None, _Span | None]:
    """Give both numbers in one unit, each as the span in which it surely lies."""
    if one.limit.times != other.limit.times:
        return None, None
    if one.unit == other.unit:
        return _point(Fraction(one.number)), _point(Fraction(other.number))
    units = {one.unit, other.unit}
    if units <= _MONTHS.keys():
        return tuple(_point(Fraction(each.number) * _MONTHS[each.unit]) for each in (one, other))  # type: ignore[return-value]
    if units <= _DAYS.keys() | _MONTHS.keys():
        return _days(one), _days(other)
    if "" in units:
        return None, None
    there = in_unit_of(one, other)
    return (None, None) if there is None else (_point(there), _point(Fraction(other.number)))


def _point(number: Fraction) -> _Span:
    """Give the span of a number that is known exactly."""
    return number, number


def _days(edge: Edge) -> _Span:
    """Give a length of time in days: the shortest and the longest that so many months may have."""
    if edge.unit in _DAYS:
        return _point(Fraction(edge.number) * _DAYS[edge.unit])
    months = Fraction(edge.number) * _MONTHS[edge.unit]
    if months.denominator != 1:
        return months * 28, months * 31
    return _shortest(int(months)), _longest(int(months))


def _shortest(months: int) -> Fraction:
    """Give the fewest days that consecutive months have."""
    years, rest = divmod(months, 12)
    return Fraction(365 * years + min(_runs(rest)))


def _longest(months: int) -> Fraction:
    """Give the most days that consecutive months have, a leap day among them."""
    years, rest = divmod(months, 12)
    leap = 1 if months > 1 else 0
    return Fraction(365 * years + years // 4 + max(_runs(rest)) + (leap if rest or years else 0))


def _runs(months: int) -> list[int]:
    """Give the days of so many consecutive months from each month of a year."""
    return [
        sum(_MONTH_LENGTHS[(first + step) % 12] for step in range(months)) for first in range(12)
    ]


def in_unit_of(edge: Edge, other: Edge) -> Fraction | None:
    """Give the number of an edge in the unit of another.

    Parameters
    ----------
    edge, other : Edge
        Edges of the same subject.

    Returns
    -------
    Fraction or None
        Exact; None when the units do not convert, or one is not stated.
    """
    if edge.unit == other.unit:
        return Fraction(edge.number)
    if not edge.unit or not other.unit or edge.limit.kind != "limit":
        return None
    try:
        return Quantity(edge.number, edge.unit).exact_in(other.unit, _substance(edge.limit.subject))
    except Refusal:
        return None


def _substance(fact: str) -> str:
    """Name the substance of a fact, where mass and amount convert for it."""
    words = fact.split("-")
    if "hba1c" in words:
        return "hba1c"
    if "clearance" in words:
        return ""
    return next((word for word in words if word in SUBSTANCES), "")
