"""Arrays as Arrow has them, and back, by their bytes.

Arrow's own ways between both import pandas with the first array, whether or not there is a frame:
a third of a second in each process that screens.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.operations as ops
import numpy as np
import pyarrow as pa
from ibis.expr.schema import Schema
from ibis.expr.types import Table
from ibis.formats.pyarrow import PyArrowTableProxy
from ibis.util import gen_name
from numpy.typing import NDArray


def array_of(values: NDArray[Any]) -> pa.Array:
    """Give numbers as Arrow has them, without a copy.

    Parameters
    ----------
    values : array of int or float
        None of them null; truths are bytes here and bits there, and are not taken.

    Returns
    -------
    Array
        Of the same type.
    """
    kind = pa.from_numpy_dtype(values.dtype)
    values = np.ascontiguousarray(values)
    return pa.Array.from_buffers(kind, values.size, [None, pa.py_buffer(values)])


def column_of(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Give values as a column.

    Parameters
    ----------
    values : sequence of int, bool, str or None
        In the order of rows.
    kind : DataType
        Whole numbers of a width, truths, or text.

    Returns
    -------
    Array
        With a null for None.
    """
    is_known = np.array([each is not None for each in values], dtype=bool)
    known = None if is_known.all() else _bits(is_known)
    if pa.types.is_string(kind):
        parts = [b"" if each is None else str(each).encode() for each in values]
        ends = np.cumsum([0, *map(len, parts)], dtype=np.int32)
        buffers = [known, pa.py_buffer(ends), pa.py_buffer(b"".join(parts))]
    elif pa.types.is_boolean(kind):
        buffers = [known, _bits(np.array([bool(each) for each in values], dtype=bool))]
    else:
        of_kind = np.dtype(kind.to_pandas_dtype())
        numbers = np.array([0 if each is None else each for each in values], dtype=of_kind)
        buffers = [known, pa.py_buffer(numbers)]
    return pa.Array.from_buffers(kind, len(values), buffers)


def _bits(truths: NDArray[np.bool_]) -> pa.Buffer:
    """Give truths as Arrow has them, eight in a byte."""
    return pa.py_buffer(np.packbits(truths, bitorder="little"))


def table_of(columns: Mapping[str, pa.Array]) -> Table:
    """Give columns as a table of this process.

    Parameters
    ----------
    columns : mapping of str to Array
        By name, of one length.

    Returns
    -------
    ibis table
        As `ibis.memtable` gives it, which imports all kinds of tables that there are.
    """
    held = pa.table(dict(columns))
    proxy = PyArrowTableProxy(held)
    name = gen_name("pyarrow_memtable")
    return ops.InMemoryTable(name, Schema.from_pyarrow(held.schema), proxy).to_expr()


def known_of(column: pa.ChunkedArray) -> NDArray[np.bool_] | None:
    """Say which values are known.

    Parameters
    ----------
    column : ChunkedArray
        Of any type.

    Returns
    -------
    array of bool, or None
        None: all.
    """
    if not column.null_count:
        return None
    found = np.ones(len(column), dtype=bool)
    for some, each in _pieces(column):
        bits = each.buffers()[0]
        if bits is not None:
            found[some] = _truths(bits, each)
    return found


def numbers_of(column: pa.ChunkedArray, known: NDArray[np.bool_] | None) -> NDArray[Any]:
    """Give numbers of one width, or truths.

    Parameters
    ----------
    column : ChunkedArray
        Whole or floating numbers, days, instants, or truths.
    known : array of bool, or None
        As `known_of` gives it.

    Returns
    -------
    array
        As Arrow stores them; 0 where they are not known, whatever it stores there.
    """
    is_truth = pa.types.is_boolean(column.type)
    kind = np.dtype(bool if is_truth else f"i{column.type.bit_width // 8}")
    found = np.empty(len(column), kind)
    for some, each in _pieces(column):
        stored = each.buffers()[1]
        values = _truths(stored, each) if is_truth else _of(stored, kind, each)
        if known is None:
            found[some] = values
        else:
            np.multiply(values, known[some], out=found[some])
    floats = pa.types.is_floating(column.type)
    return found.view(f"f{kind.itemsize}") if floats else found


def _pieces(column: pa.ChunkedArray) -> list[tuple[slice, pa.Array]]:
    """Give the pieces of a column that hold something, with their places."""
    ends = np.cumsum([0, *(len(each) for each in column.chunks)]).tolist()
    places = map(slice, ends, ends[1:])
    return [pair for pair in zip(places, column.chunks, strict=True) if len(pair[1])]


def _truths(bits: pa.Buffer, piece: pa.Array) -> NDArray[np.bool_]:
    """Read bits of a piece."""
    end = piece.offset + len(piece)
    read = np.unpackbits(np.frombuffer(bits, np.uint8), count=end, bitorder="little")
    return read[piece.offset :].view(bool)


def _of(stored: pa.Buffer, kind: np.dtype[Any], piece: pa.Array) -> NDArray[Any]:
    """Read numbers of a piece."""
    return np.frombuffer(stored, kind)[piece.offset : piece.offset + len(piece)]
