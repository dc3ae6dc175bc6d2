"""Tables of numbers, written as aligned text, CSV, Markdown and plain values."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.escalation.behaviour import Measure

Cell = str | int | float | Measure | None
"""What stands in a table; None where nothing does."""

PLACES = 4
"""Digits after the point in tables for people; CSV and JSON have all."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table.

    Attributes
    ----------
    name : str
        Above it.
    columns : tuple of str
        Their names.
    rows : tuple of tuple of Cell
        One cell a column.
    notes : tuple of str
        What it rests on.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def shown(cell: Cell) -> str:
    """Write a cell for people.

    Parameters
    ----------
    cell : Cell
        Anything that stands in a table.

    Returns
    -------
    str
        Four digits after the point; a simulated number with its Monte Carlo standard error.
    """
    match cell:
        case None:
            return ""
        case Measure(value, mcse):
            error = f" ± {mcse:.{PLACES}f}" if mcse else ""
            return f"{value:.{PLACES}f}{error}"
        case float():
            return f"{cell:.{PLACES}f}"
        case _:
            return str(cell)


def number_columns(sheet: Sheet) -> list[bool]:
    """Say which columns hold numbers.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    list of bool
        One a column; of a table without rows none does.
    """
    found = [_is_number(column) for column in zip(*sheet.rows, strict=True)]
    return found or [False] * len(sheet.columns)


def as_text(sheet: Sheet) -> str:
    """Write a table as aligned text.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    str
        Numbers to the right, words to the left; notes below.
    """
    cells = [[shown(cell) for cell in row] for row in sheet.rows]
    widths = [
        max(map(len, column)) for column in zip(sheet.columns, *cells, strict=True)
    ]  # fmt: skip
    right = number_columns(sheet)
    lines = [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in (list(sheet.columns), *cells)
    ]
    return "\n".join([sheet.name, *lines, *(f"  {note}" for note in sheet.notes)])


def as_csv(sheet: Sheet) -> str:
    """Write a table as CSV, every digit of its numbers.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    str
        A column with Monte Carlo standard errors follows each that has simulated numbers.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    names, rows = _widened(sheet)
    writer.writerow(names)
    writer.writerows(rows)
    return stream.getvalue()


def as_records(sheet: Sheet) -> list[dict[str, str | int | float | None]]:
    """Give the rows of a table as plain records, for JSON.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    list of dict
        One a row, by the names of its columns; as `as_csv`.
    """
    names, rows = _widened(sheet)
    return [dict(zip(names, row, strict=True)) for row in rows]


def as_markdown(sheet: Sheet) -> str:
    """Write a table in Markdown.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    str
        Without its name; notes below.
    """
    marks = ["---:" if each else "---" for each in number_columns(sheet)]
    rows = [list(sheet.columns), marks, *([shown(cell) for cell in row] for row in sheet.rows)]
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join([*lines, *(f"\n{note}" for note in sheet.notes)])


def _widened(sheet: Sheet) -> tuple[list[str], list[list[str | int | float | None]]]:
    """Give numbers and their standard errors in columns of their own."""
    is_simulated = [
        any(isinstance(cell, Measure) and cell.mcse for cell in column)
        for column in zip(*sheet.rows, strict=True)
    ] or [False] * len(sheet.columns)
    names: list[str] = []
    for name, simulated in zip(sheet.columns, is_simulated, strict=True):
        names += [name, f"{name} mcse"] if simulated else [name]
    rows = []
    for row in sheet.rows:
        wide: list[str | int | float | None] = []
        for cell, simulated in zip(row, is_simulated, strict=True):
            value, mcse = (cell.value, cell.mcse) if isinstance(cell, Measure) else (cell, None)
            wide += [value, mcse] if simulated else [value]
        rows.append(wide)
    return names, rows


def _is_number(column: Sequence[Cell]) -> bool:
    """Say whether a column holds numbers."""
    told = [cell for cell in column if cell is not None]
    return bool(told) and all(isinstance(cell, int | float | Measure) for cell in told)
