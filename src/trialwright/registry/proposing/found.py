"""What was found in a line, before it becomes a proposal."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from trialwright.registry.proposing.amounts import Bound, Side

Kind: TypeAlias = Literal[
    "limit", "age", "sex", "performance", "life-expectancy", "wash-out", "prior-lines"
]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that the words state, of any kind.

    Attributes
    ----------
    kind : str
        As proposals name it.
    start, end : int, characters
        Of the levelled text.
    sides : tuple of (str, Decimal)
        Bounds with their numbers; none for a sex.
    fields : dict
        What else its proposal holds, e.g. `fact` and `unit`.
    because : str
        What was taken from elsewhere in the sentence; empty: everything stands side by side.
    """

    kind: Kind
    start: int
    end: int
    sides: tuple[tuple[Side, Decimal], ...]
    fields: dict[str, Any] = field(default_factory=dict)
    because: str = ""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A limit that was seen and is not proposed.

    Attributes
    ----------
    kind : str
        As proposals name it.
    fact : str
        What is limited; empty where the kind says it.
    start, end : int, characters
        Of the levelled text.
    because : str
        Why it stays text.
    """

    kind: Kind
    fact: str
    start: int
    end: int
    because: str


Found: TypeAlias = Limit | Doubtful


def sides_of(bound: Bound) -> tuple[tuple[Side, Decimal], ...]:
    """Give the sides of a bound with their numbers.

    Parameters
    ----------
    bound : Bound
        As read.

    Returns
    -------
    tuple of (str, Decimal)
        Empty when a number can be read in two ways, or its ends are crossed.
    """
    numbers = [(side, amount.number) for side, amount in bound.sides]
    known = tuple((side, number) for side, number in numbers if number is not None)
    if len(known) != len(numbers):
        return ()
    low = [number for side, number in known if side in ("at_least", "above")]
    high = [number for side, number in known if side in ("at_most", "below")]
    if len(low) > 1 or len(high) > 1 or (low and high and low[0] > high[0]):
        return ()
    return known


def joined_ranges(found: list[Found], text: str) -> list[Found]:
    """Make `> 100 and < 500` one limit with two bounds.

    Parameters
    ----------
    found : list of Limit or Doubtful
        Of one kind, in the order of the line.
    text : str
        The line, levelled.

    Returns
    -------
    list of Limit or Doubtful
        Bounds that `or` joins, or that leave no range between them, stay two limits.
    """
    joined: list[Found] = []
    for each in found:
        last = joined[-1] if joined else None
        if isinstance(last, Limit) and isinstance(each, Limit) and _make_a_range(last, each, text):
            both = (*last.sides, *each.sides)
            because = last.because or each.because
            joined[-1] = replace(last, end=each.end, sides=both, because=because)
        else:
            joined.append(each)
    return joined


def _make_a_range(one: Limit, other: Limit, text: str) -> bool:
    """Say whether two bounds that `and` joins leave a range between them."""
    between = text[one.end : other.start].strip(" ,") if one.end <= other.start else "overlapping"
    if between not in ("and", "but", "") or len(one.sides) != 1 or len(other.sides) != 1:
        return False
    if one.fields.get("given") or one.fields != {**other.fields, **_given(one)}:
        return False
    (side, number), (second_side, second) = one.sides[0], other.sides[0]
    is_low, is_second_low = side in _LOW, second_side in _LOW
    if is_low == is_second_low:
        return False
    return number < second if is_low else second < number


_LOW = ("at_least", "above")


def _given(limit: Limit) -> dict[str, Any]:
    """Give the circumstance of a limit, where its kind has one."""
    return {"given": limit.fields["given"]} if "given" in limit.fields else {}
