"""Tables that people name, opened: CSV or one sheet of a workbook, with the mapping beside it."""

import io
import re
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from trialwright.assembly.files import open_bundle, read_text
from trialwright.casebook.participant import Casebook
from trialwright.intake.partly_read import PartlyReadError
from trialwright.intake.table_cells import Cell, Percent, Unreadable
from trialwright.intake.table_files import TableIntake, joined, read_table
from trialwright.intake.table_mapping import SoundPart, read_mapping
from trialwright.intake.table_text import Layout, Line, csv_lines
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, Refusal

MOST_WORKBOOK_BYTES = 1_000_000_000
"""Largest workbook read, bytes unpacked."""

MOST_SHARED_BYTES = 20_000_000
"""Most that the parts of a workbook beside its sheets unpack to, bytes: they are held in memory."""

MOST_LINE_SIGNS = 1_000_000
"""Longest line of a text file, signs."""

WORKBOOKS = frozenset({".xlsx", ".xlsm"})
"""Endings of workbooks."""


_TABLES = WORKBOOKS | {".csv", ".tsv", ".gz", ".xls"}
"""Endings of no mapping, whose lines would be shown as its faults."""


def read_table_file(path: Path, mapping: Path, study: Study) -> TableIntake:
    """Read a table that somebody named.

    Parameters
    ----------
    path : Path
        CSV in UTF-8, compressed by gzip (`.gz`) or not, or a workbook (`.xlsx`, `.xlsm`).
    mapping : Path
        YAML that says what its columns mean.
    study : Study
        Whose vocabulary the mapping speaks.

    Returns
    -------
    TableIntake
        Casebooks and counts.

    Raises
    ------
    PartlyReadError
        With every fault of the mapping and of the table, and what could be read.
    Refusal
        If a file cannot be opened, or what is wrong with the mapping leaves open how the table is
        read.
    """
    if mapping.suffix.lower() in _TABLES:
        fault = Fault("", "a table", "a mapping in YAML", "Give the table, then its mapping",
                      mapping.name)  # fmt: skip
        raise Refusal([fault])
    faults: tuple[Fault, ...] = ()
    try:
        sound = SoundPart(read_mapping(read_text(mapping), study, mapping.name))
    except PartlyReadError as refused:
        if refused.read is None:
            raise Refusal((*refused.faults, *_undecoded(path))) from None
        sound, faults = refused.read, refused.faults
    declared = sound.mapping
    try:
        with table_lines(path, declared) as lines:
            found = read_table(lines, declared, study, path.name, table_kind(path), sound.strange)
    except PartlyReadError as refused:
        raise PartlyReadError((*faults, *refused.faults), refused.read) from None
    except Refusal as refused:
        raise Refusal((*faults, *refused.faults)) from None
    if faults:
        raise PartlyReadError(faults, found)
    return found


def _undecoded(path: Path) -> tuple[Fault, ...]:
    """Give what keeps a text file from being read, whatever its columns mean."""
    if path.suffix.lower() in WORKBOOKS:
        return ()
    try:
        with (
            open_bundle(path) as stream,
            io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text,
        ):
            deque(_text(text, path), maxlen=0)
    except Refusal as refused:
        return refused.faults
    return ()


def table_kind(path: Path) -> str:
    """Give the kind of source of what a table holds.

    Parameters
    ----------
    path : Path
        Its name says it.

    Returns
    -------
    str
        `xlsx` or `csv`.
    """
    return "xlsx" if path.suffix.lower() in WORKBOOKS else "csv"


@contextmanager
def table_lines(path: Path, declared: Layout) -> Iterator[Iterator[Line]]:
    """Open a table, to be read row by row.

    Parameters
    ----------
    path : Path
        As in `read_table_file`.
    declared : Layout
        Sheet and separator.

    Yields
    ------
    iterator of Line
        The headings among them.

    Raises
    ------
    Refusal
        If the file cannot be opened.
    """
    if path.suffix.lower() in WORKBOOKS:
        with _sheet(path, declared) as lines:
            yield lines
        return
    with (
        open_bundle(path) as stream,
        io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text,
    ):
        yield csv_lines(_text(text, path), declared.separator, path.name)


def read_tables(tables: Sequence[tuple[Path, Path]], study: Study) -> tuple[TableIntake, ...]:
    """Read tables, each by its mapping.

    Parameters
    ----------
    tables : sequence of (Path, Path)
        Each table with its mapping.
    study : Study
        Whose vocabulary the mappings speak.

    Returns
    -------
    tuple of TableIntake
        In the order given.

    Raises
    ------
    Refusal
        With every fault of every table and its mapping; where there is any, with everybody of whom
        what could be read of the tables gives two birth dates or two sexes.
    """
    intakes: list[TableIntake] = []
    faults: list[Fault] = []
    for path, mapping in tables:
        try:
            intakes.append(read_table_file(path, mapping, study))
        except PartlyReadError as refused:
            faults += refused.faults
            intakes += [refused.read] if refused.read is not None else []
        except Refusal as refused:
            faults += refused.faults
    if faults:
        try:
            joined(intakes)
        except Refusal as refused:
            faults += refused.faults
        raise Refusal(faults)
    return tuple(intakes)


def read_table_files(tables: Sequence[tuple[Path, Path]], study: Study) -> Mapping[str, Casebook]:
    """Read tables of the same participants, such as people, results and treatments.

    Parameters
    ----------
    tables : sequence of (Path, Path)
        Each table with its mapping.
    study : Study
        Whose vocabulary the mappings speak.

    Returns
    -------
    mapping of str to Casebook
        By study number.

    Raises
    ------
    Refusal
        With every fault of every table; where there is none, with everybody of whom tables give
        two birth dates or two sexes.
    """
    return joined(read_tables(tables, study))


def _text(lines: io.TextIOWrapper, path: Path) -> Iterator[str]:
    """Give the lines of a text file, whatever ends them."""
    line = 0
    try:
        while text := lines.readline(MOST_LINE_SIGNS + 1):
            line += 1
            if len(text) > MOST_LINE_SIGNS:
                raise Refusal([Fault("", "a longer line", f"up to {MOST_LINE_SIGNS} signs",
                                     "Give a table in CSV", path.name, line)])  # fmt: skip
            yield text
    except zlib.error:
        fault = Fault("", "cannot be unpacked", "a readable file", "Correct the file", path.name)
        raise Refusal([fault]) from None
    except UnicodeDecodeError as wrong:
        place = line + 1 + len(_LINE_END.findall(wrong.object[: wrong.start]))
        found, do = _other_kind(path) or (f"the byte 0x{wrong.object[wrong.start]:02x}", _AS_UTF8)
        raise Refusal([Fault("", found, "UTF-8 text", do, path.name, place)]) from None


_LINE_END = re.compile(rb"\r\n|\r|\n")
_AS_UTF8 = "Save the file as UTF-8"
_KINDS = {
    b"PK\x03\x04": ("a packed file, perhaps a workbook", "Give a workbook its name, .xlsx"),
    b"\xd0\xcf\x11\xe0": ("perhaps an older workbook", "Save it as .xlsx or CSV in UTF-8"),
    b"\xff\xfe": ("UTF-16, which spreadsheets call Unicode text", _AS_UTF8),
    b"\xfe\xff": ("UTF-16, which spreadsheets call Unicode text", _AS_UTF8),
}
"""Of a file that is no text in UTF-8: its first bytes, what it is, and what to do."""


def _other_kind(path: Path) -> tuple[str, str] | None:
    """Say what a file is whose first bytes are known, and what to do."""
    with open_bundle(path) as stream:
        first = stream.read(4)
    return next((says for begins, says in _KINDS.items() if first.startswith(begins)), None)


@contextmanager
def _sheet(path: Path, mapping: Layout) -> Iterator[Iterator[Line]]:
    """Open one sheet of a workbook, to be read row by row."""
    try:
        import openpyxl  # takes long to load, and comes with the extra `reports`
    except ModuleNotFoundError:
        fault = Fault(
            "", "a workbook", "CSV, or an installation with the extra reports",
            "Save it as CSV, or run: pip install 'trialwright[reports]'", path.name,
        )  # fmt: skip
        raise Refusal([fault]) from None
    with ExitStack() as opened:
        try:
            _refuse_size(path)
            file = opened.enter_context(path.open("rb"))  # openpyxl leaves a broken one open
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            opened.enter_context(closing(book))
        except Refusal:
            raise
        except Exception:  # noqa: BLE001 - openpyxl raises whatever the parts of a broken file raise
            raise _unreadable(path) from None
        names = [each.title for each in book.worksheets]
        chosen = mapping.sheet or (names[0] if len(names) == 1 else "")
        if chosen not in names:
            hidden = sum(each.sheet_state != "visible" for each in book.worksheets)
            held = f"{len(names)} sheets" + (f", {hidden} of them hidden" if hidden else "")
            found = "no such sheet" if mapping.sheet else held
            fault = Fault("sheet", found, "one sheet", "Name it in the mapping", path.name)
            raise Refusal([fault])
        yield _lines(book[chosen], path)


def _unreadable(path: Path) -> Refusal:
    """Say that a workbook cannot be read."""
    fault = Fault("", "no workbook that can be read", "XLSX", "Save it again", path.name)
    return Refusal([fault])


def _refuse_size(path: Path) -> None:
    """Refuse a workbook that unpacks to more than any table holds."""
    with ZipFile(path) as packed:
        sizes = {each.filename: each.file_size for each in packed.infolist()}
    shared = sum(size for name, size in sizes.items() if not name.startswith("xl/worksheets/"))
    for what, size, most in (
        ("unpacked", sum(sizes.values()), MOST_WORKBOOK_BYTES),
        ("unpacked beside its sheets", shared, MOST_SHARED_BYTES),
    ):
        if size > most:
            found, do = f"{size} bytes {what}", "Split it, or save it as CSV"
            raise Refusal([Fault("", found, f"up to {most}", do, path.name)])


def _lines(sheet: Any, path: Path) -> Iterator[Line]:
    """Give the rows of a sheet that hold something."""
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    try:
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = [_cell(each) for each in row]
            while cells and (cells[-1] is None or str(cells[-1]).isspace() or cells[-1] == ""):
                cells.pop()
            if cells:
                yield Line(number, tuple(cells), is_trimmed=True)
    except Exception:  # noqa: BLE001 - as on opening
        raise _unreadable(path) from None


_LITERAL = re.compile(r'"[^"]*"|\\.')
"""Parts of a format of a spreadsheet that are shown as they stand: a % there multiplies nothing."""


def _cell(found: Any) -> Cell:
    """Give what a cell of a sheet holds."""
    value, kind = found.value, getattr(found, "data_type", "n")
    if kind == "f":
        return Unreadable("a formula")
    if kind == "e":
        return Unreadable("an error of the spreadsheet")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Percent(value) if "%" in _LITERAL.sub("", found.number_format) else value
    if value is None or isinstance(value, str | bool | date):
        return value
    return Unreadable("a time, or another kind of value")
