"""Structures in Thrift's compact form, as the footers of Parquet files are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
"""Kinds of values."""

_WHOLE = (I16, I32, I64)
_STOP, _MORE, _SEVEN, _LONG = 0, 0x80, 0x7F, 15


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a structure.

    Attributes
    ----------
    kind : int
        Of its value.
    value : object
        A truth, a whole number, bytes, a structure as a dict by numbers of fields, or, of a list,
        the kind of its elements and they.
    """

    kind: int
    value: Any


def read_struct(data: bytes) -> dict[int, Field]:
    """Read a structure.

    Parameters
    ----------
    data : bytes
        As Thrift wrote it.

    Returns
    -------
    dict of int to Field
        By number.

    Raises
    ------
    ValueError
        If it holds a map, of which Parquet has none.
    """
    return _struct(BytesIO(data))


def write_struct(fields: Mapping[int, Field]) -> bytes:
    """Write a structure.

    Parameters
    ----------
    fields : mapping of int to Field
        By number.

    Returns
    -------
    bytes
        What `read_struct` reads.
    """
    told, last = bytearray(), 0
    for number, field in sorted(fields.items()):
        step = number - last
        if 0 < step <= _LONG:
            told.append(step << 4 | field.kind)
        else:
            told += bytes([field.kind]) + _folded(number)
        told += b"" if field.kind in (TRUE, FALSE) else _told(field.kind, field.value)
        last = number
    return bytes([*told, _STOP])


def _struct(data: BytesIO) -> dict[int, Field]:
    """Read a structure up to its end."""
    fields: dict[int, Field] = {}
    number = 0
    while (head := data.read(1)[0]) != _STOP:
        step, kind = head >> 4, head & _LONG
        number = number + step if step else _unfolded(data)
        value = kind == TRUE if kind in (TRUE, FALSE) else _value(data, kind)
        fields[number] = Field(kind, value)
    return fields


def _value(data: BytesIO, kind: int) -> Any:
    """Read a value; a truth in a list is a byte."""
    if kind in (TRUE, FALSE, BYTE):
        return data.read(1)[0]
    if kind in _WHOLE:
        return _unfolded(data)
    if kind == DOUBLE:
        return data.read(8)
    if kind == BINARY:
        return data.read(_number(data))
    if kind in (LIST, SET):
        head = data.read(1)[0]
        many, of = head >> 4, head & _LONG
        many = _number(data) if many == _LONG else many
        return of, [_value(data, of) for _ in range(many)]
    if kind == STRUCT:
        return _struct(data)
    raise ValueError(f"kind {kind} is not read")


def _told(kind: int, value: Any) -> bytes:
    """Write a value."""
    if kind in (TRUE, FALSE, BYTE):
        return bytes([value])
    if kind in _WHOLE:
        return _folded(value)
    if kind == DOUBLE:
        return bytes(value)
    if kind == BINARY:
        return _counted(len(value)) + bytes(value)
    if kind == STRUCT:
        return write_struct(value)
    of, each = value
    head = bytes([min(len(each), _LONG) << 4 | of])
    head += _counted(len(each)) if len(each) >= _LONG else b""
    return head + b"".join(_told(of, one) for one in each)


def _number(data: BytesIO) -> int:
    """Read a number from 0, seven bits a byte, the lowest first."""
    found, bits = 0, 0
    while (byte := data.read(1)[0]) & _MORE:
        found |= (byte & _SEVEN) << bits
        bits += 7
    return found | byte << bits


def _counted(number: int) -> bytes:
    """Write a number from 0."""
    told = bytearray()
    while number > _SEVEN:
        told.append(number & _SEVEN | _MORE)
        number >>= 7
    return bytes([*told, number])


def _unfolded(data: BytesIO) -> int:
    """Read a number of either sign: 0, -1, 1, -2 and so on are told as 0, 1, 2, 3."""
    found = _number(data)
    return found >> 1 ^ -(found & 1)


def _folded(number: int) -> bytes:
    """Write a number of either sign."""
    return _counted(2 * number if number >= 0 else -2 * number - 1)
