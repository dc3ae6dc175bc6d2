"""Keys of rows as numbers: which rows agree, and in which order they stand."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trialwright.warehouse.arrays import Array, Column

Numbers = NDArray[np.int64]

_ROOM = 2**20
"""A table of so many places is made, however few the rows."""

_SPREAD = 16
"""A table of keys has up to so many places for each row."""

_NONE = -1

_SHORT = 16
"""Bits of numbers that are put in order without comparing them."""

_SPAN = 2**63
"""Numbers that lie so far apart fit in no number when they are counted from the least."""


class Keys:
    """Numbers of the keys of rows: rows have one number that agree in every column.

    Parameters
    ----------
    columns : sequence of Column
        At least one, each with one value a row; a null is a value of its own.
    others : int
        How many other rows are asked for.

    Attributes
    ----------
    own : array of int
        The number of each row.
    room : int
        Above every number.
    """

    def __init__(self, columns: Sequence[Column], others: int = 0) -> None:
        size = columns[0].values.size
        most = _SPREAD * max(size, others) + _ROOM
        self._stages: list[tuple[Array | int, int, Array | None]] = []
        self.own, self.room = np.zeros(size, dtype=np.int64), 1
        for each in columns:
            values = _with_nulls(each)
            least, span = _span(values)
            levels: Array | int = least
            if span > most:
                levels = _levels(values)
                span = levels.size
            if isinstance(levels, int):
                told = values.astype(np.int64, copy=False) - least
            else:
                told = _told(values, levels, span)
            self.own = told if self.room == 1 else self.own * span + told
            self.room *= max(span, 1)
            packed = None
            if self.room > most:
                packed = _levels(self.own)
                self.own = np.searchsorted(packed, self.own)
                self.room = packed.size
            self._stages.append((levels, span, packed))

    def of(self, columns: Sequence[Column]) -> Numbers:
        """Give the numbers of other rows.

        Parameters
        ----------
        columns : sequence of Column
            As many.

        Returns
        -------
        array of int
            `-1` for a key that does not occur.
        """
        found = np.zeros(columns[0].values.size, dtype=np.int64)
        is_none = np.zeros(found.size, dtype=bool)
        for each, (levels, span, packed) in zip(columns, self._stages, strict=True):
            told = _told(_with_nulls(each), levels, span)
            is_none |= told < 0
            found = found * span + told
            if packed is not None:
                found = _told(found, packed, packed.size)
                is_none |= found < 0
        found[is_none] = _NONE
        return found


def _with_nulls(column: Column) -> Array:
    """Give values of which none stands for nothing but null."""
    if column.known is None:
        return column.values
    known = np.broadcast_to(column.known, column.values.shape)
    least = column.values[known].min(initial=0)
    return np.where(known, column.values, least - 1)


def _span(values: Array) -> tuple[int, int]:
    """Give the least of whole numbers, and room from it to the greatest."""
    if not values.size:
        return 0, 0
    least = int(values.min())
    return least, int(values.max()) - least + 1


def _levels(values: Array) -> Array:
    """Give the values that occur, in order; sorting them is faster than `unique` is."""
    ranked = values.take(in_order(values))
    is_new = np.ones(ranked.size, dtype=bool)
    is_new[1:] = ranked[1:] != ranked[:-1]
    return ranked.take(np.flatnonzero(is_new))


def _told(values: Array, levels: Array | int, span: int) -> Numbers:
    """Give numbers of values from 0; `-1` for others than those known."""
    if isinstance(levels, int):
        if not span:
            return np.full(values.size, _NONE, dtype=np.int64)
        found = values.astype(np.int64, copy=False) - levels
        is_other = found.view(np.uint64) >= span  # a negative number is a large one
    else:
        found = np.searchsorted(levels, values)
        found[found == levels.size] = 0
        is_other = levels[found] != values
    if is_other.any():
        found[is_other] = _NONE
    return found


def ordered(keys: Sequence[Array]) -> NDArray[np.intp]:
    """Give rows in the order of their keys; rows with the same keys stay in theirs.

    Parameters
    ----------
    keys : sequence of array
        At least one, each with one value a row; the first counts most.

    Returns
    -------
    array of int
        Places of rows.
    """
    found = None
    for each in keys[::-1]:
        found = in_order(each, found)
    return found  # type: ignore[return-value]


def in_order(values: Array, found: NDArray[np.intp] | None = None) -> NDArray[np.intp]:
    """Give the places of values from the least to the greatest.

    Whole numbers are put in order by 16 bits after the other, from the last: NumPy counts such
    short ones instead of comparing them.

    Parameters
    ----------
    values : array
        Without nulls.
    found : array of int, or None
        Their places in an order that equal values keep; None: that in which they stand.

    Returns
    -------
    array of int
        One a value.
    """
    least, span = _span(values) if values.dtype.kind in "bi" else (0, _SPAN)
    if span >= _SPAN:
        return _then(values, found)
    from_0 = values.astype(np.int64, copy=False) - least
    for place in range(0, max(span - 1, 1).bit_length(), _SHORT):
        found = _then((from_0 >> place).astype(np.uint16), found)
    return found  # type: ignore[return-value]


def _then(values: Array, found: NDArray[np.intp] | None) -> NDArray[np.intp]:
    """Put places in the order of values, those of equal ones in that in which they were found."""
    if found is None:
        return np.argsort(values, kind="stable")
    return found.take(np.argsort(values.take(found), kind="stable"))
