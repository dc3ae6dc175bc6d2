"""CSV text to lines of cells: any line ends, quoted cells, and a line number for each."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, Protocol

from trialwright.intake.table_cells import Cell
from trialwright.terms.errors import Fault, Refusal, shorten

Separator = Literal["comma", "semicolon", "tab"]

SEPARATORS: Mapping[Separator, str] = MappingProxyType(
    {"comma": ",", "semicolon": ";", "tab": "\t"}
)
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


def csv_lines(text: Iterable[str], separator: Separator, file: str = "") -> Iterator[Line]:
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
        Lines of empty cells are left out; a quoted cell may go over several lines.

    Raises
    ------
    Refusal
        If quotes do not close where a cell ends, or a cell is larger than any value.
    """
    reader = csv.reader(text, delimiter=SEPARATORS[separator], strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
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


def separator_of(text: str, headings: Sequence[str]) -> Separator:
    """Say what separates the columns of a table whose headings are known.

    Parameters
    ----------
    text : str
        Of the table.
    headings : sequence of str
        Those that it must have.

    Returns
    -------
    {'comma', 'semicolon', 'tab'}
        The one that parts the first line into them; a comma where none does.
    """
    first = next(iter(text.splitlines()), "")
    for word in SEPARATORS:
        names = {each.strip().strip('"') for each in first.split(SEPARATORS[word])}
        if names.issuperset(headings):
            return word
    return "comma"


@dataclass(frozen=True, slots=True)
class Headed:
    """A small table with a heading, read whole.

    Attributes
    ----------
    names : tuple of str
        The heading.
    rows : tuple of (int, dict of str to str)
        Line and cells of each row by name; cells that a row lacks at its end are empty.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def headed(text: str, file: str = "") -> Headed:
    """Read CSV whose first line names the columns.

    Parameters
    ----------
    text : str
        The table, columns separated by commas.
    file : str
        Name shown in faults.

    Returns
    -------
    Headed
        Without names or rows when there is no line.

    Raises
    ------
    Refusal
        As `csv_lines`; if a column is named twice, or a row has more cells than there are columns.
    """
    lines = list(csv_lines(io.StringIO(text, newline=""), "comma", file))
    names = tuple(str(cell) for cell in lines[0].cells) if lines else ()
    faults = [
        Fault("columns", f"{shorten(name)}, named twice", "each column once", "Correct", file, 1)
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    rows = []
    for line in lines[1:]:
        cells = [str(cell) for cell in line.cells]
        if len(cells) > len(names):
            found, allowed = f"{len(cells)} cells", f"up to {len(names)}, as in the heading"
            faults.append(Fault("row", found, allowed, "Correct the row", file, line.number))
        cells += [""] * (len(names) - len(cells))
        rows.append((line.number, dict(zip(names, cells, strict=False))))
    if faults:
        raise Refusal(faults)
    return Headed(names, tuple(rows))
