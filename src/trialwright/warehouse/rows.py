"""Rows of tables as arrays, and the engine that works tables out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr.types import Table
from numpy.typing import NDArray

from trialwright.warehouse.algebra import Column


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table.

    Attributes
    ----------
    columns : mapping of str to Column
        By name, one value a row.
    size : int
        How many rows there are.
    """

    columns: Mapping[str, Column]
    size: int

    def some(self, which: NDArray[np.integer]) -> "Rows":
        """Give some of the rows.

        Parameters
        ----------
        which : array of int
            Their places.

        Returns
        -------
        Rows
            In that order.
        """
        return Rows({name: each.part(which) for name, each in self.columns.items()}, which.size)


class Engine(Protocol):
    """What works tables out, of the people of one part after another."""

    def keep(self, table: Table) -> Table:
        """Work a table out once and keep it, of each part in turn.

        Parameters
        ----------
        table : ibis table
            Any expression over tables of a hospital, or over such as were kept.

        Returns
        -------
        ibis table
            The same rows, worked out; those of the part at hand.
        """
        ...

    def let_go(self, table: Table) -> None:
        """Let go of a table: what is worked out from here on does not read it.

        Parameters
        ----------
        table : ibis table
            As `keep` gave it.
        """
        ...

    def rows(self, table: Table) -> Rows:
        """Give what was kept, of the part at hand.

        Parameters
        ----------
        table : ibis table
            As `keep` gave it.

        Returns
        -------
        Rows
            In any order.
        """
        ...


def read_rows(table: pa.Table) -> Rows:
    """Read a table.

    Parameters
    ----------
    table : pyarrow Table
        As an engine gives it.

    Returns
    -------
    Rows
        Columns as `read` reads them.
    """
    return Rows({name: read(table[name]) for name in table.column_names}, table.num_rows)


def read(column: pa.ChunkedArray) -> Column:
    """Read a column.

    Parameters
    ----------
    column : ChunkedArray
        Numbers, truths, days, instants, or words.

    Returns
    -------
    Column
        Decimals as whole numbers, days as days and instants as microseconds since 1970; 0 or None
        where null.
    """
    known = None if not column.null_count else column.is_valid().to_numpy()
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return Column(column.to_numpy(), known)
    if pa.types.is_decimal(kind):
        return Column(_whole(column), known)
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us")).cast(pa.int64())
    if pa.types.is_date(kind):
        column = column.cast(pa.date32()).cast(pa.int32())
    if known is None:
        return Column(column.to_numpy())
    if pa.types.is_boolean(kind):
        return Column(pc.fill_null(column, False).to_numpy(), known)  # noqa: FBT003
    return Column(_with_zeros(column, known), known)


def _with_zeros(column: pa.ChunkedArray, known: NDArray[np.bool_]) -> NDArray[Any]:
    """Give numbers of one width, 0 where they are not known: their bits are set to none there."""
    of_kind = np.dtype(column.type.to_pandas_dtype())
    bits = np.dtype(f"i{of_kind.itemsize}")
    found = np.empty(len(column), bits)
    first = 0
    for each in column.chunks:
        some = slice(first, first := first + len(each))
        _, values = each.buffers()
        stored = np.frombuffer(values, bits)[each.offset : each.offset + len(each)]
        np.multiply(stored, known[some], out=found[some])
    return found.view(of_kind)


def _whole(column: pa.ChunkedArray) -> NDArray[Any]:
    """Give decimals without places as whole numbers, however large."""
    try:
        found: NDArray[Any] = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
    except pa.ArrowInvalid:
        found = np.array([int(each or 0) for each in column.to_pylist()], dtype=object)
    return found
