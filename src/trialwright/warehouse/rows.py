"""Rows of tables as arrays, and the engine that works tables out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from ibis.expr.types import Table
from numpy.typing import NDArray

from trialwright.warehouse.arrays import Column
from trialwright.warehouse.arrow import known_of, numbers_of


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
    known, kind = known_of(column), column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return Column(_words(column), known)
    if pa.types.is_decimal(kind):
        return Column(_whole(column), known)
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us"))
    if pa.types.is_date(kind):
        column = column.cast(pa.date32())
    return Column(numbers_of(column, known), known)


def _words(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Give words, None where there is none: few occur, each often."""
    told = column.dictionary_encode()
    found = np.empty(len(column), dtype=object)
    first = 0
    for each in told.chunks:
        words = np.array([*each.dictionary.to_pylist(), None], dtype=object)
        codes = pa.chunked_array([each.indices])
        known = known_of(codes)
        places = numbers_of(codes, known)
        if known is not None:
            places[~known] = words.size - 1
        found[first : first + len(each)] = words.take(places)
        first += len(each)
    return found


def _whole(column: pa.ChunkedArray) -> NDArray[Any]:
    """Give decimals without places as whole numbers, however large."""
    try:
        found: NDArray[Any] = numbers_of(column.cast(pa.int64()), known_of(column))
    except pa.ArrowInvalid:
        found = np.array([int(each or 0) for each in column.to_pylist()], dtype=object)
    return found
