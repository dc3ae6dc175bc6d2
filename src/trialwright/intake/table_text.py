"""CSV text to lines of cells: any line ends, quoted cells, and a line number for each."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from trialwright.intake.table_cells import Cell
from trialwright.terms.errors import Fault, Refusal

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""What separates columns, by the words of a mapping."""


class Layout(Protocol):
    """Where the rows of a table stand; a mapping declares it."""

    @property
    def separator(self) -> Literal["comma", "semicolon", "tab"]:
        """What separates the columns of a CSV file."""

    @property
    def sheet(self) -> str:
        """Sheet of a workbook; empty: its only one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table.

    Attributes
    ----------
    number : int
        Where it begins, counted from 1.
    cells : tuple of Cell
        From left to right.
    is_trimmed : bool
        Whether empty cells at its end are left out, as in a workbook.
    """

    number: int
    cells: tuple[Cell, ...]
    is_trimmed: bool = False


def csv_lines(
    text: Iterable[str], separator: Literal["comma", "semicolon", "tab"], file: str = ""
) -> Iterator[Line]:
    """Split CSV text into lines of cells.

    Parameters
    ----------
    text : iterable of str
        Its lines with their ends, whichever those are: LF, CRLF, or CR alone.
    separator : {'comma', 'semicolon', 'tab'}
        What separates the columns.
    file : str
        Name shown in faults.

    Yields
    ------
    Line
        Empty lines are left out; a quoted cell may go over several lines.

    Raises
    ------
    Refusal
        If quotes do not close where a cell ends, or a cell is larger than any value.
    """
    reader = csv.reader(text, delimiter=SEPARATORS[separator], strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield Line(begins, tuple(cells))
            begins = reader.line_num + 1
    except csv.Error as wrong:
        fault = Fault(
            "",
            f"no CSV ({wrong})",
            'cells separated by one sign; quoted with ", doubled inside them',
            "Correct the line, or declare `separator`",
            file,
            begins,
        )
        raise Refusal([fault]) from None
