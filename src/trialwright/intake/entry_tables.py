"""Tables of visits, adverse events and central readings, by a mapping that people confirm."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.course import Visit
from trialwright.intake.lesion_rows import (
    LESION_FIELDS,
    LESION_WORDS,
    LesionRow,
    made_lesion,
    read_lesion_field,
)
from trialwright.intake.look_alikes import require_ascii, require_one_script
from trialwright.intake.partly_read import ANYBODY, PartlyReadError
from trialwright.intake.table_cells import Cell, CellReader
from trialwright.intake.table_text import Line
from trialwright.protocol.data import Data, frozen
from trialwright.protocol.faults import told
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.terms.errors import Fault, Refusal, refuse, shape
from trialwright.terms.sources import Source

Column = Annotated[str, Field(min_length=1, max_length=200)]
Word = Annotated[str, Field(max_length=200)]

EntryKind = Literal["visits", "adverse-events", "central-readings"]
"""What a table can hold an entry of in each row."""

FIELDS: Mapping[str, Mapping[str, bool]] = MappingProxyType(
    {
        "visits": {"code": True, "day": True, "outcome": False},
        "adverse-events": {
            "term": True, "grade": True, "started": True, "ended": False, "is_serious": False,
            "related_to": False,
        },
        "central-readings": LESION_FIELDS,
    }
)  # fmt: skip
"""Fields of an entry, and whether a column of it must be named."""

OUR_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "outcome": ("done", "missed", "not applicable"),
        "is_serious": ("yes", "no"),
        **LESION_WORDS,
    }
)
"""What coded fields say in our words."""

Entry = Visit | AdverseEvent | LesionRow


class EntryMapping(Data):
    """What the columns of a table of entries mean.

    Attributes
    ----------
    kind : {'visits', 'adverse-events', 'central-readings'}
        What stands in each row.
    participant : str
        Column of the study number.
    columns : dict of str to str
        Field to the heading of its column.
    words : dict of str to dict of str to str
        Of coded fields (`OUR_WORDS`, and `related_to`), what cells say in our words, e.g.
        `{is_serious: {"Y": "yes"}}`; other cells must say our words.
    between : str
        What stands between several agents, or several fragments of a lesion, in one cell.
    decimal : {'point', 'comma'}
        The decimal sign; visits and adverse events hold whole numbers alone.
    dates : str
        How days are written, as in a mapping of facts.
    separator : {'comma', 'semicolon', 'tab'}
        What separates the columns of a CSV file.
    sheet : str
        Sheet of a workbook; empty: its only one.
    missing : tuple of str
        What cells say when nothing is recorded.
    """

    kind: EntryKind
    participant: Column
    columns: dict[str, Column]
    words: dict[str, dict[Word, Word]] = Field(default_factory=dict)
    between: Annotated[str, Field(min_length=1, max_length=3)] = ";"
    decimal: Literal["point", "comma"] = "point"
    dates: Literal["YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "DD-MMM-YYYY"] = (
        "YYYY-MM-DD"
    )
    separator: Literal["comma", "semicolon", "tab"] = "comma"
    sheet: Annotated[str, Field(max_length=31)] = ""
    missing: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read.

    Attributes
    ----------
    line : int
        Where it stands.
    participant : str
        Study number.
    entry : Visit, AdverseEvent or LesionRow
        What it holds.
    """

    line: int
    participant: str
    entry: Entry


def read_entry_mapping(text: str, file: str = "") -> EntryMapping:
    """Read a mapping.

    Parameters
    ----------
    text : str
        One YAML document.
    file : str
        Name shown in faults.

    Returns
    -------
    EntryMapping
        What the columns mean.

    Raises
    ------
    Refusal
        With every fault of the YAML, and every field that is unknown or lacks its column.
    """
    plain, faults = gather_yaml(text, file)
    try:
        mapping = EntryMapping.model_validate(frozen(plain.value), strict=True)
    except ValidationError as invalid:
        raise Refusal([*faults, *told(invalid, plain, file)]) from None
    faults += [replace(each, file=file) for each in _misfits(mapping)]
    if faults:
        raise Refusal(faults)
    return mapping


def _misfits(mapping: EntryMapping) -> Iterator[Fault]:
    """Find fields that are unknown or lack their column, and words that are not ours."""
    fields = FIELDS[mapping.kind]
    for name in {*mapping.columns, *mapping.words} - set(fields):
        yield Fault(name, "an unknown field", ", ".join(fields), "Correct the name")
    for name, is_needed in fields.items():
        if is_needed and name not in mapping.columns:
            yield Fault(f"columns.{name}", "nothing", "the heading of its column", "Name it")
    for name, words in mapping.words.items():
        for word in words.values():
            if name in OUR_WORDS and word not in OUR_WORDS[name]:
                allowed = ", ".join(OUR_WORDS[name])
                yield Fault(f"words.{name}", "another word", allowed, "Correct the word")


def read_entries(
    lines: Iterable[Line], mapping: EntryMapping, file: str, source: Callable[[int], Source]
) -> tuple[Row, ...]:
    """Read a table of entries.

    Parameters
    ----------
    lines : iterable of Line
        The headings first.
    mapping : EntryMapping
        What the columns mean.
    file : str
        Name of the file, for faults.
    source : callable (int) -> Source
        Origin of what stands in a line.

    Returns
    -------
    tuple of Row
        One for each row of the table.

    Raises
    ------
    PartlyReadError
        With every cell that cannot be read, by line and column, and the rows that could be.
    Refusal
        If a heading is missing, or stands twice.
    """
    rest = iter(lines)
    first = next(rest, None)
    headings = [str(each).strip() for each in first.cells] if first else []
    named = {"participant": mapping.participant, **mapping.columns}
    faults = [
        Fault(heading, "no such heading, or several", "one column of this heading",
              "Correct the name or `separator` in the mapping, or take out what stands above the "
              "headings", file, first.number if first else 1)
        for heading in named.values()
        if headings.count(heading.strip()) != 1
    ]  # fmt: skip
    if faults:
        raise Refusal(faults)
    places = {name: headings.index(heading.strip()) for name, heading in named.items()}
    rows: list[Row] = []
    whose: set[str] = set()
    for line in rest:
        try:
            rows.append(_row(line, places, len(headings), mapping, source(line.number)))
        except Refusal as refused:
            whose.add(_whose(line, places["participant"], len(headings), mapping))
            faults += [
                replace(each, where=named.get(each.where, each.where), file=file, line=line.number)
                for each in refused.faults
            ]
    if faults:
        raise PartlyReadError(faults, tuple(rows), whose)
    return tuple(rows)


def _whose(line: Line, place: int, width: int, mapping: EntryMapping) -> str:
    """Give the study number of a row that cannot be read, where it tells one."""
    held = len(line.cells)
    if place >= held or held > width or (held < width and not line.is_trimmed):
        return ANYBODY
    try:
        return require_ascii(CellReader(mapping).text(line.cells[place]))
    except Refusal:
        return ANYBODY


def _row(
    line: Line, places: Mapping[str, int], width: int, mapping: EntryMapping, source: Source
) -> Row:
    """Read one row, every fault of it at once."""
    held = len(line.cells)
    if held > width or (held < width and not line.is_trimmed):
        raise refuse("", f"{held} cells", f"{width}, as there are headings", "Correct the row")
    cells = {name: line.cells[at] if at < held else None for name, at in places.items()}
    read, faults = _Cells(mapping), list[Fault]()
    found: dict[str, Any] = {}
    for name, cell in cells.items():
        try:
            found[name] = read.field(name, cell)
        except Refusal as refused:
            faults += [replace(each, where=name) for each in refused.faults]
    if not faults:
        faults += [
            Fault(name, "nothing", "a value", "Add it")
            for name, is_needed in {"participant": True, **FIELDS[mapping.kind]}.items()
            if is_needed and found[name] is None and not _may_be_empty(name, mapping.kind)
        ]
    if faults:
        raise Refusal(faults)
    participant = str(found.pop("participant"))
    return Row(line.number, participant, _made(mapping, found, source))


_MAY_BE_EMPTY = frozenset({"grade", "started", "lesion", "is_node", "reading"})
"""Fields whose column must be named although a cell may be empty; what a lesion needs depends on
its row."""


def _may_be_empty(name: str, kind: EntryKind) -> bool:
    """Say whether a cell may be empty; missed visits have no day, and every image has one."""
    return name in _MAY_BE_EMPTY or (name == "day" and kind == "visits")


def _made(mapping: EntryMapping, found: Mapping[str, Any], source: Source) -> Entry:
    """Make the entry, by its own checks."""
    if mapping.kind == "central-readings":
        return made_lesion(found, mapping, source)
    if mapping.kind == "visits":
        outcome: Any = found.get("outcome") or ("done" if found["day"] else None)
        if outcome is None:
            raise refuse("outcome", "neither a day nor an outcome", ", ".join(OUR_WORDS["outcome"]),
                         "Say what became of the visit")  # fmt: skip
        day = found["day"]
        return Visit(found["code"], outcome, cast("date | None", day.latest if day else None),
                     source)  # fmt: skip
    return AdverseEvent(
        found["term"], found["grade"], found["started"], found.get("ended"),
        found.get("is_serious"), found.get("related_to"), source,
    )  # fmt: skip


class _Cells:
    """Reads the cells of entries by their fields."""

    def __init__(self, mapping: EntryMapping) -> None:
        self._cells, self._mapping = CellReader(mapping), mapping

    def field(self, name: str, cell: Cell) -> Any:
        """Read a field; None for nothing recorded."""
        if name in ("day", "started", "ended"):
            day, _ = self._cells.day(cell)
            if name == "day" and day is not None and not day.is_complete:
                raise refuse(name, "a day that is not complete", "a whole day", "Complete it")
            return day
        said = self._cells.text(cell)
        if not said:
            return None
        if name == "participant":
            return require_ascii(said)
        if name == "term":
            return require_one_script(said)
        if name == "grade":
            return self._grade(said)
        if name == "related_to":
            parts = [each.strip() for each in said.split(self._mapping.between)]
            words = self._mapping.words.get(name, {})
            return () if parts == ["none"] else tuple(words.get(each, each) for each in parts)
        if name == "reading":
            return read_lesion_field(said, self._mapping.words.get(name, {}))
        if name in OUR_WORDS:
            return self._word(name, said)
        return said

    def _grade(self, said: str) -> int:
        """Read a grade of CTCAE."""
        if said in ("1", "2", "3", "4", "5"):
            return int(said)
        raise refuse("grade", f"text of the form {shape(said)!r}", "1 to 5", "Correct the grade")

    def _word(self, name: str, said: str) -> Any:
        """Read a coded field as ours."""
        word = self._mapping.words.get(name, {}).get(said, said)
        if word not in OUR_WORDS[name]:
            raise refuse(name, f"text of the form {shape(said)!r}", ", ".join(OUR_WORDS[name]),
                         "Say in `words` what it means")  # fmt: skip
        return word == "yes" if OUR_WORDS[name] == ("yes", "no") else word
