"""Rows of arrays put together by what they have in common, and joined to others that share it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.operations as ops
import numpy as np
from numpy.typing import NDArray

from trialwright.warehouse.arrays import Array, Column
from trialwright.warehouse.keys import Keys, Numbers, in_order

_SPARSE = 2
"""Keys that may be so many times as many as rows are ranked; others are looked up in a table."""

_NONE = -1

_FITS = 2**62


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows in groups.

    Attributes
    ----------
    of_row : array of int
        The group of each row, from 0.
    one_of : array of int
        One row of each group.
    first_of : array of int, or None
        The first row of each group where groups follow each other; None: they do not.
    """

    of_row: NDArray[np.intp]
    one_of: NDArray[np.intp]
    first_of: NDArray[np.intp] | None = None

    @property
    def many(self) -> int:
        """How many groups there are."""
        return self.one_of.size


def grouped(columns: Sequence[Column]) -> Groups:
    """Put rows in groups.

    Parameters
    ----------
    columns : sequence of Column
        What rows of a group agree in; at least one.

    Returns
    -------
    Groups
        In the order of their keys.
    """
    keys = Keys(columns)
    size = keys.own.size
    if size and (keys.own[1:] >= keys.own[:-1]).all():
        return _following(keys.own)
    if keys.room > _SPARSE * size:
        return _ranked(keys.own)
    row_of = np.full(keys.room, _NONE, dtype=np.intp)
    row_of[keys.own] = np.arange(size)
    one_of = row_of.take(np.flatnonzero(row_of >= 0))
    row_of[keys.own[one_of]] = np.arange(one_of.size)
    return Groups(row_of[keys.own], one_of)


def _following(own: Numbers) -> Groups:
    """Put rows in groups that follow each other already."""
    is_first = np.ones(own.size, dtype=bool)
    np.not_equal(own[1:], own[:-1], out=is_first[1:])
    first_of = np.flatnonzero(is_first)
    of_row = np.cumsum(is_first, dtype=np.intp)
    of_row -= 1
    return Groups(of_row, np.append(first_of[1:] - 1, own.size - 1), first_of)


def _ranked(own: Numbers) -> Groups:
    """Put rows in groups by ranking their keys."""
    rows = in_order(own)
    ranked = own.take(rows)
    is_last = np.ones(own.size, dtype=bool)
    np.not_equal(ranked[1:], ranked[:-1], out=is_last[:-1])
    of_row = np.zeros(own.size, dtype=np.intp)
    of_row[rows[1:]] = np.cumsum(is_last[:-1], dtype=np.int32)
    return Groups(of_row, rows.take(np.flatnonzero(is_last)))


class Reductions:
    """One value a group, of columns of its rows.

    Parameters
    ----------
    groups : Groups
        Rows in groups.
    given : mapping of str to Column
        Columns by name.
    """

    def __init__(self, groups: Groups, given: Mapping[str, Column]) -> None:
        self._groups, self._given = groups, given
        self._rows: dict[tuple[str, ...], NDArray[np.intp]] = {}
        self._best: dict[tuple[str, str, str], NDArray[np.intp]] = {}
        self._most: dict[tuple[Any, ...], Array] = {}

    def of(self, node: ops.Reduction, arg: str, key: str, where: str) -> Column:
        """Reduce a column.

        Parameters
        ----------
        node : Reduction
            How, as `parts_of` knows it.
        arg, key, where : str
            Names of its columns; empty: none.

        Returns
        -------
        Column
            One value a group; null where no row counts.
        """
        match node:
            case ops.ArgMax() | ops.ArgMin():
                ufunc = np.maximum if isinstance(node, ops.ArgMax) else np.minimum
                return self._at_best(arg, key, where, ufunc)
            case ops.Count():
                rows = self._of_rows(arg, where)
                counted = np.bincount(self._groups.of_row[rows], minlength=self._groups.many)
                return Column(counted.astype(np.int64))
            case ops.CountDistinct():
                return self._distinct(arg, where)
            case ops.Sum():
                return self._sum(arg, where)
            case ops.Max() | ops.Min():
                return self._put(
                    arg, where, np.maximum if isinstance(node, ops.Max) else np.minimum
                )
            case _:
                return self._put(arg, where, _BITS[node.__func_name__])

    def _of_rows(self, *names: str) -> NDArray[np.intp] | slice:
        """Give the rows of which the first columns are known, and the last holds."""
        *columns, where = names
        names = (*dict.fromkeys(columns), where)
        if names not in self._rows:
            holds = self._given[where].holds() if where else np.True_
            for each in columns:
                holds = holds & self._given[each].known_all()
            if np.ndim(holds) == 0 and holds:
                return slice(None)
            self._rows[names] = np.flatnonzero(np.broadcast_to(holds, self._groups.of_row.shape))
        return self._rows[names]

    def _put(self, arg: str, where: str, ufunc: Any) -> Column:
        """Put values of the rows of each group together."""
        found = self._together(arg, ufunc, arg, where)
        rows = self._of_rows(arg, where)
        return Column(found, self._seen(rows, self._groups.of_row[rows]))

    def _together(self, arg: str, ufunc: Any, *asked: str) -> Array:
        """Give what values of rows come to for each group; no value where no row counts."""
        name = (arg, ufunc, *asked)
        if name not in self._most:
            rows = self._of_rows(*asked)
            values, first_of = self._given[arg].values[rows], self._groups.first_of
            if first_of is not None and isinstance(rows, slice):
                found = ufunc.reduceat(values, first_of)
            else:
                of_row = self._groups.of_row[rows]
                found = np.zeros(self._groups.many, dtype=values.dtype)
                found[of_row] = values
                ufunc.at(found, of_row, values)
            self._most[name] = found
        return self._most[name]

    def _seen(self, rows: Any, of_row: NDArray[np.intp]) -> Array | None:
        """Say which groups have a row; None: all."""
        if isinstance(rows, slice):
            return None
        seen = np.zeros(self._groups.many, dtype=bool)
        seen[of_row] = True
        return None if seen.all() else seen

    def _at_best(self, arg: str, key: str, where: str, ufunc: Any) -> Column:
        """Give the value of the row with the greatest or least key, among those with a value."""
        own = [arg] if self._given[arg].known is not None else []
        name = ("".join(own), key, f"{where} {ufunc.__name__}")
        if name not in self._best:
            asked = (*own, key, where)
            rows, most = self._of_rows(*asked), self._together(key, ufunc, *asked)
            of_row = self._groups.of_row[rows]
            is_best = np.flatnonzero(self._given[key].values[rows] == most[of_row])
            best = np.full(self._groups.many, _NONE, dtype=np.intp)
            best[of_row[is_best]] = is_best if isinstance(rows, slice) else rows[is_best]
            self._best[name] = best
        return taken(self._given[arg], self._best[name])

    def _sum(self, arg: str, where: str) -> Column:
        """Add whole numbers, however large."""
        rows = self._of_rows(arg, where)
        values, of_row = self._given[arg].values[rows], self._groups.of_row[rows]
        is_small = values.dtype.kind != "O" and values.size * _farthest(values) < _FITS
        kind = np.int64 if is_small else object
        found = np.zeros(self._groups.many, dtype=kind)
        np.add.at(found, of_row, values.astype(kind))
        return Column(found, self._seen(rows, of_row))

    def _distinct(self, arg: str, where: str) -> Column:
        """Count the different values of each group."""
        rows = self._of_rows(arg, where)
        of_row = self._groups.of_row[rows]
        pairs = grouped([Column(of_row), Column(self._given[arg].values[rows])])
        counted = np.bincount(of_row[pairs.one_of], minlength=self._groups.many)
        return Column(counted.astype(np.int64))


def parts_of(node: ops.Value) -> tuple[ops.Value | None, ...]:
    """Give what is worked out over many rows its three parts.

    Parameters
    ----------
    node : Value
        A reduction, or the function of a window.

    Returns
    -------
    tuple of (Value or None)
        What is reduced, by what the row is found, and which rows count.

    Raises
    ------
    TypeError
        If no rule has asked for it so far.
    """
    is_known = isinstance(node, _KNOWN) or getattr(node, "__func_name__", "") in _BITS
    if not is_known:
        raise TypeError(f"{type(node).__name__} is not worked out over arrays")
    arg = node.args[0] if isinstance(node, ops.AggUDF) else getattr(node, "arg", None)
    return arg, getattr(node, "key", None), getattr(node, "where", None)


_KNOWN = (
    ops.ArgMax, ops.ArgMin, ops.Count, ops.CountDistinct, ops.Sum, ops.Max, ops.Min, ops.RowNumber,
    ops.Lag,
)  # fmt: skip

_BITS: Mapping[str, Any] = {"bit_or": np.bitwise_or, "bit_and": np.bitwise_and}


def _farthest(values: Array) -> int:
    """Give how far from 0 whole numbers are."""
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


def taken(column: Column, rows: NDArray[np.int64]) -> Column:
    """Give the values of some rows.

    Parameters
    ----------
    column : Column
        One value a row.
    rows : array of int
        Their places; `-1`: none, which is null.

    Returns
    -------
    Column
        One value a place.
    """
    is_one = rows >= 0
    if is_one.all():
        return column.part(rows)
    if not column.values.size:
        return Column(np.zeros(rows.size, dtype=column.values.dtype), is_one)
    found = column.part(np.maximum(rows, 0))
    return Column(found.values, is_one if found.known is None else is_one & found.known)
