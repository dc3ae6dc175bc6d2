"""Tables of results, conditions and treatments to casebooks, by a mapping that people declare.

Every cell that is named has one fate: it gives a fact, or it is left aside by a named reason, or
the table is refused with every fault at once. Values stay as written; whether they can be true is
for the rules to judge.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeVar

from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Treatment
from trialwright.intake.partly_read import PartlyReadError
from trialwright.intake.table_cells import Cell, CellReader
from trialwright.intake.table_facts import Entry, Fact, FactReader
from trialwright.intake.table_mapping import Named, TableMapping
from trialwright.intake.table_text import Line
from trialwright.protocol.strict_yaml import MOST_FAULTS
from trialwright.protocol.study import Study
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.sources import Source

NOT_NAMED, NO_NAME = "not in the mapping", "no name"
"""Why a row of the long form is left aside."""

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class TableIntake:
    """What a table gave.

    Every entry has one fate: `entries == used + sum(ignored)`. An entry is a row of the long form,
    and a row's columns of one fact in the wide form.

    Attributes
    ----------
    casebooks : mapping of str to Casebook
        By study number, in the order of the table.
    entries : int
        Entries that were read.
    used : int
        Entries that gave a fact.
    ignored : mapping of str to int
        Entries left aside, by reason.
    """

    casebooks: Mapping[str, Casebook]
    entries: int
    used: int
    ignored: Mapping[str, int]


@dataclass(slots=True)
class _Person:
    """What has been read of one participant."""

    born: PartialDate | None = None
    sex: Literal["female", "male"] | None = None
    source: Source | None = None
    facts: list[Fact] = field(default_factory=list)

    def casebook(self, participant: str) -> Casebook:
        """Make the casebook."""
        return Casebook(
            participant,
            self.born,
            self.sex,
            observations=tuple(each for each in self.facts if isinstance(each, Observation)),
            conditions=tuple(each for each in self.facts if isinstance(each, Condition)),
            treatments=tuple(each for each in self.facts if isinstance(each, Treatment)),
            person=self.source,
        )


def read_table(
    lines: Iterable[Line],
    mapping: TableMapping,
    study: Study,
    file: str,
    kind: str = "csv",
    strange: Collection[Named] = (),
) -> TableIntake:
    """Read a table, row by row.

    Parameters
    ----------
    lines : iterable of Line
        The rows, the headings among them.
    mapping : TableMapping
        What the columns mean.
    study : Study
        Whose vocabulary the mapping speaks.
    file : str
        Name of the file: facts and faults name it.
    kind : str
        Kind of source of the facts.
    strange : collection of Named
        Facts of the mapping that mean nothing to the protocol: their cells are not read.

    Returns
    -------
    TableIntake
        Casebooks and counts; memory grows with the facts, not with the table.

    Raises
    ------
    PartlyReadError
        With every cell that cannot be read, and what could be.
    Refusal
        With every fault of the headings.
    """
    return _Table(mapping, study, file, kind, strange).read(iter(lines))


def joined(intakes: Sequence[TableIntake]) -> Mapping[str, Casebook]:
    """Put together what several tables say of the same participants.

    Parameters
    ----------
    intakes : sequence of TableIntake
        In the order in which their facts come in.

    Returns
    -------
    mapping of str to Casebook
        By study number.

    Raises
    ------
    Refusal
        With every participant of whom tables give two birth dates or two sexes.
    """
    found: dict[str, Casebook] = {}
    faults: list[Fault] = []
    for intake in intakes:
        for participant, casebook in intake.casebooks.items():
            known = found.get(participant)
            if known is None:
                found[participant] = casebook
                continue
            faults += _two_answers(known, casebook)
            found[participant] = replace(
                known,
                born=known.born or casebook.born,
                sex=known.sex or casebook.sex,
                person=known.person or casebook.person,
            ).with_facts(casebook.observations, casebook.conditions, (), casebook.treatments)
    if faults:
        raise Refusal(_foremost(faults, ""))
    return MappingProxyType(found)


def _two_answers(one: Casebook, other: Casebook) -> Iterator[Fault]:
    """Name what two tables say differently of one participant."""
    for part in ("born", "sex"):
        given = {getattr(one, part), getattr(other, part)} - {None}
        if len(given) > 1:
            found = f"two answers, at {one.person} and {other.person}"
            yield Fault(part, found, "one", "Correct one of the tables")


class _Table:
    """Reads one table."""

    def __init__(
        self, mapping: TableMapping, study: Study, file: str, kind: str, strange: Collection[Named]
    ) -> None:
        self._mapping, self._file, self._kind, self._strange = mapping, file, kind, strange
        self._cells = CellReader(mapping)
        self._facts = FactReader(self._cells, study)
        self._places: dict[str, int] = {}
        self._width = 0
        self._people: dict[str, _Person] = {}
        self._faults: list[Fault] = []
        self._ignored: Counter[str] = Counter()
        self._entries = self._used = 0

    def read(self, lines: Iterator[Line]) -> TableIntake:
        """Read all rows."""
        self._read_headings(lines)
        for line in lines:
            left_out = self._width - len(line.cells)
            if left_out == 0 or (left_out > 0 and line.is_trimmed):
                self._read_line(line)
            else:
                found = f"{len(line.cells)} cells"
                do = "Quote cells with the separator in them, or declare `separator`, `decimal`"
                self._fault("", found, f"{self._width}, as there are headings", do, line.number)
        read = TableIntake(
            MappingProxyType({name: each.casebook(name) for name, each in self._people.items()}),
            self._entries,
            self._used,
            MappingProxyType(dict(self._ignored)),
        )
        if self._faults:
            raise PartlyReadError(_foremost(self._faults, self._file), read)
        return read

    def _fault(self, where: str, found: str, allowed: str, do: str, line: int) -> None:
        """Note a fault."""
        self._faults.append(Fault(where, found, allowed, do, self._file, line))

    def _read_headings(self, lines: Iterator[Line]) -> None:
        """Find the columns."""
        first = next((each for each in lines if each.number >= self._mapping.heading), None)
        if first is None:
            allowed = "a row of headings" if self._mapping.heading == 1 else "as many rows"
            self._fault("", "no row", allowed, "Give the table", self._mapping.heading)
            raise Refusal(self._faults)
        number = first.number
        headings = [str(each).strip() for each in first.cells]
        for column in self._mapping.columns:
            times = headings.count(column.strip())
            if times != 1:
                found = "this heading several times" if times else "no such heading"
                do = "Correct the mapping: `separator`, `heading`, or the name of the column"
                self._fault(column, found, "one column of this heading", do, number)
            else:
                self._places[column] = headings.index(column.strip())
        self._width = len(headings)
        if self._faults:
            raise Refusal(_foremost(self._faults, self._file))

    def _read_line(self, line: Line) -> None:
        """Read one row."""
        held = len(line.cells)
        row = {
            column: line.cells[place] if place < held else None
            for column, place in self._places.items()
        }
        source = Source(self._kind, f"{self._file}:{line.number}")
        participant = self._read_cell(self._mapping.participant, row, self._cells.text, line)
        if participant is None:
            return
        if not participant:
            column = self._mapping.participant
            self._fault(column, "nothing", "the study number", "Add it", line.number)
            return
        if not (participant.isascii() and participant.isprintable()):
            found = "a sign that looks like another, or like none"
            allowed, do = "letters, digits and signs of ASCII", "Type the study number again"
            self._fault(self._mapping.participant, found, allowed, do, line.number)
            return
        person = self._people.setdefault(participant, _Person())
        self._read_person(row, person, source, line)
        for entry in self._listed(row, source, line):
            self._entries += 1
            if entry.named not in self._strange:
                self._read_entry(entry, person, line)

    def _read_cell(
        self, column: str, row: Mapping[str, Cell], read: Callable[[Cell], _Read], line: Line
    ) -> _Read | None:
        """Read a cell; None where it cannot be read."""
        try:
            return read(row[column])
        except Refusal as refused:
            self._place(refused, line, column)
            return None

    def _place(self, refused: Refusal, line: Line, column: str = "") -> None:
        """Note faults of a row."""
        self._faults += [
            replace(each, where=column or each.where, file=self._file, line=line.number)
            for each in refused.faults
        ]

    def _listed(self, row: Mapping[str, Cell], source: Source, line: Line) -> Iterator[Entry]:
        """Give the entries of a row."""
        long = self._mapping.long
        if long is not None:
            name = self._read_cell(long.term, row, self._cells.text, line)
            if name in long.names:
                yield Entry(long.names[name], long, row, source, has_row=True)
            elif name is not None:
                self._entries += 1
                self._ignored[NOT_NAMED if name else NO_NAME] += 1
        for column in self._mapping.wide:
            heading = column.value or column.day
            place = Source(source.kind, f"{source.place}:{heading}" if heading else source.place)
            yield Entry(column, column, row, place, has_row=False)

    def _read_entry(self, entry: Entry, person: _Person, line: Line) -> None:
        """Read the fact of an entry, and count its fate."""
        try:
            fact = self._facts.fact(entry)
        except Refusal as refused:
            self._place(refused, line)
            return
        if isinstance(fact, str):
            self._ignored[fact] += 1
            return
        self._used += 1
        person.facts.append(fact)

    def _read_person(
        self, row: Mapping[str, Cell], person: _Person, source: Source, line: Line
    ) -> None:
        """Read birth date and sex; rows of one participant may not differ."""
        mapping = self._mapping
        if mapping.born:
            born, _ = self._read_cell(mapping.born, row, self._cells.day, line) or (None, "")
            if born and person.born and born != person.born:
                self._differs(mapping.born, line)
            person.born = person.born or born
        if mapping.sex:
            said = self._read_cell(mapping.sex, row, self._cells.text, line)
            sex = mapping.sexes.get(said or "")
            if sex and person.sex and sex != person.sex:
                self._differs(mapping.sex, line)
            person.sex = person.sex or sex
        if person.source is None and (person.born or person.sex):
            person.source = source

    def _differs(self, column: str, line: Line) -> None:
        """Note that a row says something else of its participant than an earlier one."""
        found, allowed = "another answer than in an earlier row", "one for each participant"
        self._fault(column, found, allowed, "Correct one of the rows", line.number)


def _foremost(faults: Sequence[Fault], file: str) -> list[Fault]:
    """Give no more faults than people read."""
    more = len(faults) - MOST_FAULTS
    if more <= 0:
        return list(faults)
    last = Fault("", f"{more} more faults", "none", "Correct these first", file)
    return [*faults[:MOST_FAULTS], last]
