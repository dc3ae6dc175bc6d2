"""Columns of rows as arrays: values, and which of them are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """Values, one a row or one for all.

    Attributes
    ----------
    values : array
        Days are days since 1970; decimals are whole numbers.
    known : array of bool, or None
        Which are not null; None: all.
    """

    values: Array
    known: Array | None = None

    def holds(self) -> Array:
        """Say which truths hold; a null does not.

        Returns
        -------
        array of bool
            One a value.
        """
        found: Array = self.values if self.known is None else self.values & self.known
        return found

    @property
    def is_one(self) -> bool:
        """Whether it is one value for all rows."""
        return not np.ndim(self.values) and (self.known is None or not np.ndim(self.known))

    def known_all(self) -> Array:
        """Say which are not null.

        Returns
        -------
        array of bool
            One for all where none is null.
        """
        return np.True_ if self.known is None else self.known  # type: ignore[return-value]

    def part(self, some: "slice | Array") -> "Column":
        """Give the values of some rows.

        Parameters
        ----------
        some : slice or array of int
            Their places.

        Returns
        -------
        Column
            One value for all stays one.
        """
        return Column(
            _some(self.values, some), None if self.known is None else _some(self.known, some)
        )

    def one(self, row: int) -> "Column":
        """Give the value of one row, as one for all.

        Parameters
        ----------
        row : int
            Its place.

        Returns
        -------
        Column
            One value.
        """
        value = self.values[row : row + 1].reshape(())  # of the same type, a word too
        return Column(value, None if self.known is None else self.known[row])

    def plain(self) -> "Column":
        """Give the same values, and say nothing of each of them where all are known, or none is.

        Returns
        -------
        Column
            Where none is known, one null for all.
        """
        if self.known is None or not np.ndim(self.known):
            return self
        if self.known.all():
            return Column(self.values)
        if self.known.any():
            return self
        return Column(np.zeros((), self.values.dtype), np.False_)  # type: ignore[arg-type]

    def marked(self) -> "Column":
        """Give the same values, and say of each that it is known where all are.

        Returns
        -------
        Column
            Of which nothing follows for other rows, of which some may not be known.
        """
        if self.known is not None or not np.ndim(self.values):
            return self
        return Column(self.values, np.ones(self.values.shape, dtype=bool))


def _some(values: Array, some: "slice | Array") -> Array:
    """Give values of some rows; one for all stays one."""
    if not np.ndim(values):
        return values
    return values[some] if isinstance(some, slice) else values.take(some)


def together(columns: Sequence[Column]) -> Column:
    """Put columns under each other.

    Parameters
    ----------
    columns : sequence of Column
        At least one, each with one value a row.

    Returns
    -------
    Column
        Of all the rows.
    """
    values = np.concatenate([each.values for each in columns])
    if all(each.known is None for each in columns):
        return Column(values)
    known = [np.broadcast_to(each.known_all(), each.values.shape) for each in columns]
    return Column(values, np.concatenate(known))


class Filling:
    """A column that is filled with the values of some rows after those of others.

    Parameters
    ----------
    rows : int
        How many there are: each is filled in the end.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._values: Array | None = None
        self._known: Array | None = None

    def fill(self, some: "slice | Array", found: Column) -> None:
        """Fill in the values of some rows.

        Parameters
        ----------
        some : slice or array of int
            Their places.
        found : Column
            One value for each of them, or one for all.
        """
        kind = found.values.dtype
        if self._values is None:
            self._values = np.empty(self._rows, kind)
        elif self._values.dtype != kind:
            self._values = self._values.astype(
                np.promote_types(self._values.dtype, kind), copy=False
            )
        self._values[some] = found.values
        if found.known is not None:
            if self._known is None:
                self._known = np.ones(self._rows, dtype=bool)
            self._known[some] = found.known

    def filled(self) -> Column:
        """Give the column.

        Returns
        -------
        Column
            One value a row.
        """
        return Column(np.empty(0) if self._values is None else self._values, self._known)
