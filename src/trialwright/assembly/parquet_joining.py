"""Parquet files joined as they are: what each holds is copied, and only its place is told anew.

A Parquet file ends in a footer that tells where each column of each of its groups of rows begins.
Arrow writes such files and joins none, short of decoding and encoding every value.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from trialwright.assembly.thrift_compact import LIST, STRUCT, Field, read_struct, write_struct

_MAGIC = b"PAR1"
_LENGTH = 4

_ROWS, _GROUPS = 3, 4
"""Fields of a footer."""

_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
"""Fields of a group of rows."""

_CHUNK_OFFSET, _CHUNK, _OFFSET_INDEX, _COLUMN_INDEX = 2, 3, 4, 6
"""Fields of a column of a group."""

_PAGE_OFFSETS = (9, 10, 11, 14)
"""Fields of what is told of it: where its pages, its index, its dictionary and its filter begin."""


def joined(pieces: Sequence[Path], whole: Path) -> None:
    """Join Parquet files.

    Parameters
    ----------
    pieces : sequence of Path
        At least one, all of the same columns.
    whole : Path
        New file: their rows under each other.
    """
    footer: dict[int, Field] = {}
    groups: list[Any] = []
    with whole.open("xb") as stream:
        stream.write(_MAGIC)
        for piece in pieces:
            with piece.open("rb") as part:
                found, ends = _footer(part)
                _copy(part, ends, stream, groups, found)
            if footer:
                rows = footer[_ROWS]
                footer[_ROWS] = Field(rows.kind, rows.value + found[_ROWS].value)
            else:
                footer = dict(found)
        footer[_GROUPS] = Field(LIST, (STRUCT, groups))
        told = write_struct(footer)
        stream.write(told + len(told).to_bytes(_LENGTH, "little") + _MAGIC)


def _footer(part: BinaryIO) -> tuple[Mapping[int, Field], int]:
    """Read the footer of a file, and where it begins."""
    end = part.seek(0, 2) - _LENGTH - len(_MAGIC)
    part.seek(end)
    begin = end - int.from_bytes(part.read(_LENGTH), "little")
    part.seek(begin)
    return read_struct(part.read(end - begin)), begin


def _copy(
    part: BinaryIO, ends: int, stream: BinaryIO, groups: list[Any], found: Mapping[int, Field]
) -> None:
    """Copy what a file holds, and say where its groups of rows now are."""
    by = stream.tell() - len(_MAGIC)
    for group in found[_GROUPS].value[1]:
        _move(group, (_GROUP_OFFSET,), by)
        if _ORDINAL in group:
            group[_ORDINAL] = Field(group[_ORDINAL].kind, len(groups))
        for column in group[_COLUMNS].value[1]:
            _move(column, (_CHUNK_OFFSET, _OFFSET_INDEX, _COLUMN_INDEX), by)
            _move(column[_CHUNK].value, _PAGE_OFFSETS, by)
        groups.append(group)
    part.seek(len(_MAGIC))
    left = ends - len(_MAGIC)
    while left:
        block = part.read(min(left, shutil.COPY_BUFSIZE))  # type: ignore[attr-defined]
        stream.write(block)
        left -= len(block)


def _move(struct: dict[int, Field], offsets: Sequence[int], by: int) -> None:
    """Move places in a file; 0 is none."""
    for each in offsets:
        if each in struct and struct[each].value:
            struct[each] = Field(struct[each].kind, struct[each].value + by)
