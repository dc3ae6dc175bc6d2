"""Rows of words, written under one another."""

from collections.abc import Iterator, Sequence


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Write rows under one another.

    Parameters
    ----------
    rows : sequence of sequence of str
        Equally many cells each.

    Yields
    ------
    str
        A line for each row, its columns as wide as their widest cell.
    """
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()
