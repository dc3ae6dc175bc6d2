"""Where records that may decide stand, by number: leaves name a place, and evidence looks it up.

The last result of a term and the first of its day have places of their own; others are numbered as
leaves name them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import ibis
from ibis.expr.types import Value

from trialwright.eligibility.context import Context

_ENDS = 2
"""The last result of a term and the first of its day have places."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record of every person that was gathered.

    Attributes
    ----------
    name : str
        Begins the names of the columns of its parts.
    kind : int
        `records.PRESENT`, `TREATED` or `OBSERVED`, whose number tells the rest; 0: none of them.
    on : str
        Column of its day.
    """

    name: str
    kind: int
    on: str


class Places:
    """Numbers of places.

    Parameters
    ----------
    numbers : mapping of str to int
        Of terms and medicines.
    """

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._first = _ENDS * len(numbers)
        self._found: dict[Place, int] = {}

    def of(self, place: Place) -> int:
        """Give the number of a place, a new one to a new place.

        Parameters
        ----------
        place : Place
            The place.

        Returns
        -------
        int
            From 0.
        """
        return self._found.setdefault(place, self._first + len(self._found))

    def __iter__(self) -> Iterator[tuple[Place, int]]:
        """Give the places that were named, with their numbers."""
        return iter(self._found.items())


def end_of(term: int, *, is_first: bool) -> int:
    """Give the place of the last result of a term, or of the first of its day.

    Parameters
    ----------
    term : int
        Number of the term.
    is_first : bool
        Whether the first of the day is meant.

    Returns
    -------
    int
        From 0.
    """
    return _ENDS * term + is_first


def last_of(fact: str, context: Context, *, is_first: bool = False) -> Value:
    """Give the place of the last result of a term.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    context : Context
        Vocabulary, in the order of `staging.numbers_of`.
    is_first : bool
        Whether the first of its day is meant.

    Returns
    -------
    Value
        A whole number.
    """
    number = tuple(context.terms).index(fact)
    return ibis.literal(end_of(number, is_first=is_first), "int16")
