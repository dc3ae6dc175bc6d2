"""One fact of a table: its cells together, and every fault of them at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TypeAlias, TypeVar

from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.treatments import Treatment
from trialwright.intake.table_cells import Cell, CellReader, Written
from trialwright.intake.table_mapping import Named, Places, kind_of, words_of
from trialwright.protocol.study import Study
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, shape
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.terms.units import ucum

Fact: TypeAlias = Observation | Condition | Treatment
"""What an entry may give."""

NO_VALUE, NOT_GIVEN = "no value", "recorded as not given"
"""Why an entry is left aside."""

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Entry:
    """Cells that speak of one fact.

    Attributes
    ----------
    named : Named
        The fact, and how it is written.
    places : Places
        In which columns its parts stand.
    row : mapping of str to Cell
        Cells by heading.
    source : Source
        Where it stands.
    has_row : bool
        Whether the row is there for this fact alone, so that it stands without any value.
    """

    named: Named
    places: Places
    row: Mapping[str, Cell]
    source: Source
    has_row: bool


class FactReader:
    """Reads entries.

    Parameters
    ----------
    cells : CellReader
        Reads single cells.
    study : Study
        Whose vocabulary the mapping speaks.
    """

    def __init__(self, cells: CellReader, study: Study) -> None:
        self._cells, self._study = cells, study

    def fact(self, entry: Entry) -> Fact | str:
        """Read the fact of an entry.

        Parameters
        ----------
        entry : Entry
            Its cells.

        Returns
        -------
        Observation, Condition, Treatment or str
            The fact, or why the entry is left aside.

        Raises
        ------
        Refusal
            With every cell that cannot be read.
        """
        reading = _Reading(self._cells, entry)
        match kind_of(entry.named.term, self._study):
            case "observation":
                found: Fact | str = reading.amount(self._study.terms[entry.named.term].unit)
            case "finding":
                found = reading.finding(words_of(entry.named, self._study))
            case "condition":
                found = reading.condition(words_of(entry.named, self._study))
            case _:
                found = reading.treatment(words_of(entry.named, self._study))
        if reading.faults:
            raise Refusal(reading.faults)
        return found


class _Reading:
    """Reads the cells of one entry and gathers their faults."""

    def __init__(self, cells: CellReader, entry: Entry) -> None:
        self._cells, self._entry = cells, entry
        self._term, self._source = entry.named.term, entry.source
        self.faults: list[Fault] = []

    def amount(self, unit_of_term: str) -> Observation | str:
        """Read a measured result."""
        written = self._cell("value", self._cells.amount)
        if written is None and not self.faults:
            return NO_VALUE
        comparator = self._comparator(written)
        unit = self._unit(written, unit_of_term) if written else ""
        low, high = self._end("low", unit), self._end("high", unit)
        if low is not None and high is not None and low > high:
            self._fault("low", "a range that ends below its beginning", "low, then high")
        on, at = self._required_day()
        if written is None or on is None or not unit:
            return NO_VALUE
        value = self._made(lambda: Quantity(written.number, unit, comparator))
        return Observation(self._term, value or "", on, self._source, low, high, at=at)

    def finding(self, words: Mapping[str, str]) -> Observation | str:
        """Read a coded result."""
        word = self._word(words)
        if word is None and not self.faults:
            return NO_VALUE
        on, at = self._required_day()
        if word is None or on is None:
            return NO_VALUE
        return Observation(self._term, word, on, self._source, at=at)

    def condition(self, words: Mapping[str, str]) -> Condition | str:
        """Read whether a condition is present."""
        on, until = self._span()
        word = self._state(words, "present", is_dated=bool(on or until))
        if word is None:
            return NO_VALUE
        if word == "absent":
            return Condition(self._term, False, None, None, self._source, recorded=on)  # noqa: FBT003
        is_sure = word == "present"
        return Condition(self._term, True, on, until, self._source, is_confirmed=is_sure)  # noqa: FBT003

    def treatment(self, words: Mapping[str, str]) -> Treatment | str:
        """Read a treatment given."""
        since, until = self._span()
        word = self._state(words, "given", is_dated=bool(since or until))
        if word is None:
            return NO_VALUE
        if word == "not given":
            return NOT_GIVEN
        if word == "ongoing" and until is not None:
            self._fault("until", "a last day of a treatment that goes on", "one of the two")
        is_ended = word == "ended" or until is not None
        is_ongoing = True if word == "ongoing" else (False if is_ended else None)
        return Treatment(self._term, since, until, is_ongoing, self._source)

    def _fault(self, part: str, found: str, allowed: str, do: str = "Correct the cell") -> None:
        """Note a fault of a part."""
        column = getattr(self._entry.places, part) or self._entry.places.value
        self.faults.append(Fault(column, found, allowed, do))

    def _cell(self, part: str, read: Callable[[Cell], _Read | None]) -> _Read | None:
        """Read a part; None where it has no column, says nothing, or cannot be read."""
        column = getattr(self._entry.places, part)
        if not column:
            return None
        try:
            return read(self._entry.row[column])
        except Refusal as refused:
            self.faults += [replace(each, where=column) for each in refused.faults]
            return None

    def _made(self, make: Callable[[], _Read]) -> _Read | None:
        """Make something of the value."""
        try:
            return make()
        except Refusal as refused:
            column = self._entry.places.value
            self.faults += [replace(each, where=column) for each in refused.faults]
            return None

    def _comparator(self, written: Written | None) -> str:
        """Give the comparator, from either place."""
        apart = self._cell("comparator", self._cells.comparator) or ""
        beside = written.comparator if written else ""
        if apart and beside and apart != beside:
            self._fault("comparator", "another sign than beside the number", "one sign")
        return apart or beside

    def _unit(self, written: Written, unit_of_term: str) -> str:
        """Give the unit in UCUM: beside the number, in its column, or declared."""
        apart = self._cell("unit", self._cells.text) or ""
        given = [self._made(partial(_unit_of, text)) for text in (written.unit, apart) if text]
        if len(given) > 1 and given[0] != given[1]:
            self._fault("unit", "another unit than beside the number", "one unit")
        if given:
            return given[0] or ""
        score = unit_of_term if unit_of_term.startswith("{") else ""
        unit = ucum(self._entry.named.in_unit) if self._entry.named.in_unit else score
        if not unit:
            self._fault("unit", "a number without a unit", "UCUM, e.g. g/dL", "Add the unit")
        return unit

    def _end(self, part: str, unit: str) -> Decimal | None:
        """Read an end of the reference range."""
        found = self._cell(part, self._cells.amount)
        if found is not None and (found.comparator or found.unit not in {"", unit}):
            self._fault(part, "more than a number", "a number in the unit of the value")
        return found.number if found else None

    def _day(self, part: str) -> tuple[PartialDate | None, str]:
        """Read a day with its time."""
        return self._cell(part, self._cells.day) or (None, "")

    def _required_day(self) -> tuple[PartialDate | None, str]:
        """Read the day of a result, which has one."""
        before = len(self.faults)
        on, at = self._day("day")
        if on is None and len(self.faults) == before:
            self._fault("day", "a result without a day", "its day", "Add the day")
        return on, at

    def _span(self) -> tuple[PartialDate | None, PartialDate | None]:
        """Read first and last day."""
        on, until = self._day("day")[0], self._day("until")[0]
        if on is not None and until is not None and until.latest < on.earliest:
            self._fault("until", "a last day before the first", "days in order")
        return on, until

    def _word(self, words: Mapping[str, str]) -> str | None:
        """Read a word, as ours."""
        said = self._cell("value", self._cells.text)
        if not said:
            return None
        word = words.get(said)
        if word is None:
            found = f"text of the form {shape(said)!r}"
            do = "Correct it, or add what it means to `answers`, or to `missing`"
            self._fault("value", found, ", ".join(sorted(words)), do)
        return word

    def _state(self, words: Mapping[str, str], usual: str, *, is_dated: bool) -> str | None:
        """Read a word; where there is no column of it, standing there says the usual one."""
        if self._entry.places.value:
            return self._word(words)
        return usual if self._entry.has_row or is_dated else None


def _unit_of(text: str) -> str:
    """Read a unit; of what is none only the form is shown, for a cell may hold a name."""
    try:
        return ucum(text)
    except Refusal as refused:
        found = f"text of the form {shape(text)!r} is no unit"
        raise Refusal(replace(each, found=found) for each in refused.faults) from None
