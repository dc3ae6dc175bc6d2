"""Parquet files joined as they are: what each holds is copied, and only its place is told anew.

A Parquet file ends in a footer that tells where each column of each of its groups of rows begins.
Arrow writes such files and joins none, short of decoding and encoding every value.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

_MAGIC = b"PAR1"
_LENGTH = 4

_OF_COLUMN = ("file_offset", "offset_index_offset", "column_index_offset")
"""Places told of a column of a group."""

_OF_CHUNK = (
    "data_page_offset", "dictionary_page_offset", "index_page_offset", "bloom_filter_offset",
)  # fmt: skip
"""Places told of what a column holds."""


def joined(pieces: Sequence[Path], whole: Path) -> None:
    """Join Parquet files.

    Parameters
    ----------
    pieces : sequence of Path
        At least one, all of the same columns.
    whole : Path
        New file: their rows under each other.
    """
    footer: Any = None
    with whole.open("xb") as stream:
        stream.write(_MAGIC)
        for piece in pieces:
            with piece.open("rb") as part:
                found, ends = _footer(part)
                groups = [_moved(each, stream.tell() - len(_MAGIC)) for each in found.row_groups]
                _copy(part, ends, stream)
            if footer is None:
                footer = found
            else:
                footer.row_groups = [*footer.row_groups, *groups]
                footer.num_rows += found.num_rows
        for ordinal, group in enumerate(footer.row_groups):
            group.ordinal = ordinal
        told = bytes(footer.to_bytes())
        stream.write(told + len(told).to_bytes(_LENGTH, "little") + _MAGIC)


def _footer(part: BinaryIO) -> tuple[Any, int]:
    """Read the footer of a file, and where it begins."""
    from fastparquet.cencoding import from_buffer  # imports pandas: a quarter of a second

    end = part.seek(0, 2) - _LENGTH - len(_MAGIC)
    part.seek(end)
    begin = end - int.from_bytes(part.read(_LENGTH), "little")
    part.seek(begin)
    found = from_buffer(part.read(end - begin), "FileMetaData")
    for column in found.schema:
        if column.converted_type is not None:  # tells the same, and fastparquet writes it soundly
            column.logicalType = None
    return found, begin


def _copy(part: BinaryIO, ends: int, stream: BinaryIO) -> None:
    """Copy what a file holds between its first word and its footer."""
    part.seek(len(_MAGIC))
    left = ends - len(_MAGIC)
    while left:
        block = part.read(min(left, shutil.COPY_BUFSIZE))  # type: ignore[attr-defined]
        stream.write(block)
        left -= len(block)


def _moved(group: Any, by: int) -> Any:
    """Move what is told of a group of rows."""
    _move(group, ("file_offset",), by)
    for column in group.columns:
        _move(column, _OF_COLUMN, by)
        _move(column.meta_data, _OF_CHUNK, by)
    return group


def _move(told: Any, names: Sequence[str], by: int) -> None:
    """Move places in a file; where one is not told, it is 0 or nothing."""
    for name in names:
        if getattr(told, name, None):
            setattr(told, name, getattr(told, name) + by)
