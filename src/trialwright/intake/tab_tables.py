"""Tables of sequencing results as text: any line ends, one heading, every fault at once."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from trialwright.intake.partly_read import PartlyReadError
from trialwright.protocol.strict_yaml import MOST_FAULTS
from trialwright.terms.errors import Fault, Refusal, refuse, shape, shorten

MOST_ROWS = 200_000
"""Most rows of a table that are read: each takes a kilobyte of memory."""

MOST_COLUMNS = 20_000
"""Most columns of a table."""

_ENOUGH_FAULTS = 1000
"""Faults after which nothing more of a file is looked at; few of them are named."""

EMPTY = frozenset({"", "NA", "N/A", "NaN", ".", "[Not Available]"})
"""What stands in a cell of which nothing is known."""

_MOST_DIGITS = 9  # of a number of reads or a position
_NUMBER = re.compile(rf"([0-9]{{1,{_MOST_DIGITS}}})(\.0+)?")

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class TabRow:
    """One row of a table.

    Attributes
    ----------
    line : int
        Where it stands, counted from 1.
    cells : mapping of str to str
        By heading.
    """

    line: int
    cells: Mapping[str, str]

    def text(self, name: str) -> str:
        """Give a cell without blanks around it.

        Parameters
        ----------
        name : str
            Heading.

        Returns
        -------
        str
            Empty when nothing is known or the table has no such column.
        """
        value = self.cells.get(name, "").strip()
        return "" if value in EMPTY else value

    def number(self, name: str) -> int | None:
        """Give a whole number.

        Parameters
        ----------
        name : str
            Heading.

        Returns
        -------
        int or None
            None when nothing is known.

        Raises
        ------
        Refusal
            If something else stands there.
        """
        value = self.text(name)
        if not value:
            return None
        found = _NUMBER.fullmatch(value)
        if not found:
            raise refuse(name, shape(value), "a whole number, or NA", "Correct the cell")
        return int(found[1])


@dataclass(frozen=True, slots=True)
class TabTable:
    """A table with its heading.

    Attributes
    ----------
    file : str
        Name shown in faults.
    names : tuple of str
        The heading.
    rows : tuple of TabRow
        In the order of the file.
    heading_line : int
        Where the heading stands, counted from 1.
    """

    file: str
    names: tuple[str, ...]
    rows: tuple[TabRow, ...]
    heading_line: int


def read_tab(text: str, file: str, required: Sequence[str] = ()) -> TabTable:
    r"""Take a text apart into rows of cells.

    Parameters
    ----------
    text : str
        Cells separated by tabs; lines end with LF, CRLF or CR alone. Lines that begin with `#` and
        empty ones are left out, and quotes are signs like others.
    file : str
        Name shown in faults.
    required : sequence of str
        Headings that must be there.

    Returns
    -------
    TabTable
        Heading and rows.

    Raises
    ------
    PartlyReadError
        With every row that has another number of cells, and the table without them.
    Refusal
        With every fault of the heading.
    """
    ended = io.StringIO(text.removeprefix("\ufeff"), newline=None)  # one line at a time
    lines = (
        (number, line.removesuffix("\n").split("\t"))
        for number, line in enumerate(ended, 1)
        if line.strip() and not line.startswith("#")
    )
    return table_of(lines, file, required)


def table_of(
    lines: Iterable[tuple[int, Sequence[str]]], file: str, required: Sequence[str] = ()
) -> TabTable:
    """Take lines of cells as a heading and rows.

    Parameters
    ----------
    lines : iterable of (int, sequence of str)
        Number and cells of each.
    file : str
        Name shown in faults.
    required : sequence of str
        Headings that must be there.

    Returns
    -------
    TabTable
        Heading and rows.

    Raises
    ------
    PartlyReadError
        With every row that has another number of cells, and the table without them.
    Refusal
        With every fault of the heading.
    """
    left = iter(lines)
    number, first = next(left, (0, ()))
    if not first:
        raise Refusal([Fault("", "no heading", "a heading and rows", "Give the file", file)])
    names = tuple(name.strip() for name in first)
    faults = [*_of_heading(names, required)]
    refuse_all([replace(each, line=number) for each in faults], file)
    rows: list[TabRow] = []
    for place, cells in left:
        if len(cells) != len(names):
            allowed = f"{len(names)}, as there are headings"
            faults.append(Fault("", f"{len(cells)} cells", allowed, "Correct the line", "", place))
        elif len(rows) == MOST_ROWS:
            found, allowed = f"more than {MOST_ROWS} rows", f"up to {MOST_ROWS} rows"
            faults.append(Fault("", found, allowed, "Give the file in parts", "", place))
            break
        else:
            rows.append(TabRow(place, dict(zip(names, cells, strict=True))))
        if len(faults) == _ENOUGH_FAULTS:
            break
    table = TabTable(file, names, tuple(rows), number)
    if faults:
        raise PartlyReadError(_named(faults, file), table)
    return table


def _of_heading(names: Sequence[str], required: Sequence[str]) -> Iterator[Fault]:
    """Find headings that are missing or stand twice, and too many of them."""
    if len(names) > MOST_COLUMNS:
        found, allowed = f"{len(names)} columns", f"up to {MOST_COLUMNS} columns"
        yield Fault("", found, allowed, "Give the file in parts")
        return
    for name in required:
        if name not in names:
            yield Fault(name, "no such heading", "a column of this name", "Add the column")
    for name, times in Counter(names).items():
        for _ in range(times - 1):
            yield Fault(shorten(name), "this heading twice", "one column", "Rename one of them")


def each_row(table: TabTable, read: Callable[[TabRow], _Read]) -> tuple[tuple[TabRow, _Read], ...]:
    """Read every row of a table.

    Parameters
    ----------
    table : TabTable
        The table.
    read : callable
        Reads one row, or raises a refusal.

    Returns
    -------
    tuple of (TabRow, object)
        Each row with what it gives.

    Raises
    ------
    PartlyReadError
        With the faults of every row that could not be read, each with its file and line; and what
        the others give.
    """
    found, faults = [], []
    for row in table.rows:
        try:
            found.append((row, read(row)))
        except Refusal as refused:
            faults += [replace(each, line=row.line) for each in refused.faults]
            if len(faults) >= _ENOUGH_FAULTS:
                break
    if faults:
        raise PartlyReadError(_named(faults, table.file), tuple(found))
    return tuple(found)


def refuse_all(faults: Sequence[Fault], file: str) -> None:
    """Refuse a file that has faults, naming no more of them than people read.

    Parameters
    ----------
    faults : sequence of Fault
        With their lines.
    file : str
        Its name.

    Raises
    ------
    Refusal
        If there is any.
    """
    if faults:
        raise Refusal(_named(faults, file))


def _named(faults: Sequence[Fault], file: str) -> list[Fault]:
    """Give no more faults of a file than people read."""
    named = [replace(each, file=file) for each in faults[:MOST_FAULTS]]
    more = len(faults) - MOST_FAULTS
    if more > 0:
        at_least = "at least " if len(faults) >= _ENOUGH_FAULTS else ""
        named.append(
            Fault("", f"{at_least}{more} more faults", "none", "Correct these first", file)
        )
    return named


def by_name(table: TabTable, name: str) -> Mapping[str, TabRow]:
    """Give the rows of a table by a column that holds each value once.

    Parameters
    ----------
    table : TabTable
        The table.
    name : str
        Heading.

    Returns
    -------
    mapping of str to TabRow
        In the order of the file.

    Raises
    ------
    Refusal
        With every row without a value, or with one that stands in an earlier row.
    """
    found: dict[str, TabRow] = {}
    faults: list[Fault] = []
    for row in table.rows:
        value = row.text(name)
        if not value or value in found:
            what = f"again what stands in line {found[value].line}" if value else "nothing"
            faults.append(Fault(name, what, "a value of its own", "Correct the row", "", row.line))
        found.setdefault(value, row)
    refuse_all(faults, table.file)
    return MappingProxyType(found)
