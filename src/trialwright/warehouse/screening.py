"""Every person of a warehouse against every criterion: verdicts, and the records that decide.

Verdicts are those of `eligibility.screening` for the casebook of the same rows: 0 not met, 1
unknown, 2 met, 3 not applicable; an exclusion is met when it is absent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from ibis.expr.types import Table, Value

from trialwright.eligibility.context import LaboratoryRange
from trialwright.protocol.criteria import Anchor, Criterion, leaves
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.warehouse.arrays import Column, together
from trialwright.warehouse.arrow import array_of
from trialwright.warehouse.asking import Held, held
from trialwright.warehouse.columns import MET, NOT_APPLICABLE, Leaf, Staged, nothing, verdict
from trialwright.warehouse.deciding import recorded
from trialwright.warehouse.evidence import Decided, told
from trialwright.warehouse.leaves import Numbered, facts, wanted
from trialwright.warehouse.people import People, Sheet, plain
from trialwright.warehouse.programs import BLOCK, Program
from trialwright.warehouse.recorded import Warehouse
from trialwright.warehouse.rows import Engine
from trialwright.warehouse.staging import people, staged
from trialwright.warehouse.surveying import Survey, asked, surveyed
from trialwright.warehouse.trees import compiled, concerned, if_people_agree, needs_person


class Matrix:
    """What the criteria say of every person.

    Parameters
    ----------
    study : Study
        The protocol.
    found : Numbered
        The leaves of its criteria.
    held : mapping of date to Held
        Facts by the day judged.
    persons : ibis table
        The columns of `columns.Staged.people`, kept by the engine.
    engine : Engine
        Works tables out.

    Attributes
    ----------
    criteria : tuple of str
        Ids, in the order of the protocol.
    decidable : tuple of str
        Those of which a record decides something.
    """

    def __init__(
        self,
        study: Study,
        found: Numbered,
        held: Mapping[date, Held],
        persons: Table,
        engine: Engine,
    ) -> None:
        self._study, self._found, self._held = study, found, held
        self._persons, self._engine = persons, engine
        self.criteria = tuple(each.id for each in study.criteria)
        self.decidable = tuple(
            each.id
            for each in study.criteria
            if any(not needs_person(leaf) for leaf in leaves(each.rule))
        )
        self._records: dict[date, tuple[Table, ...]] = {}
        self._verdicts = {
            day: Program(_verdicts(self._of(day), held.get(day), found)) for day in self._days
        }
        self._places: dict[date, Program] = {}

    @property
    def _days(self) -> Sequence[date]:
        """The days judged; at least one, on which criteria without a rule are."""
        return sorted(self._held) or [date.min]

    def _of(self, day: date) -> Sequence[Criterion]:
        """Give the criteria that are judged on a day."""
        return [each for each in self._study.criteria if self._day_of(each) == day]

    def _day_of(self, criterion: Criterion) -> date:
        """Give the day on which a criterion is judged: it has one anchor."""
        numbers = self._found.of_criterion[criterion.id].values()
        days = (self._found.leaves[number].context.day for number in numbers)
        return next(days, self._days[0])

    def recorded(self) -> None:
        """Make the engine gather what evidence asks for."""
        for day, each in self._held.items():
            if day not in self._records:
                self._records[day] = recorded(each, self._engine)
                self._places[day] = Program(_places(self._of(day), each, self._found))

    def part(self) -> "Part":
        """Judge the people whose facts the engine holds now.

        Returns
        -------
        Part
            Their verdicts.
        """
        persons = self._engine.rows(self._persons)
        people = People(persons.columns["person_id"].values)
        columns: dict[str, Column] = {}
        sheets = {day: each.sheet(persons, self._engine) for day, each in self._held.items()}
        for day, program in self._verdicts.items():
            columns |= _worked_out(program, sheets.get(day, plain(persons)), len(people))
        return Part(self, people, sheets, columns)

    def told(self, part: "Part", criteria: Sequence[Criterion]) -> Iterator[pa.RecordBatch]:
        """Tell the records that decide criteria.

        Parameters
        ----------
        part : Part
            The people.
        criteria : sequence of Criterion
            Those without a rule are left out.

        Yields
        ------
        RecordBatch
            As `Part.evidence` gives them.
        """
        self.recorded()
        asked = [each for each in criteria if each.rule is not None]
        for day, facts_of in self._held.items():
            mine = [each.id for each in asked if self._day_of(each) == day]
            if mine:
                places = _worked_out(self._places[day], part.sheets[day], len(part.people))
                decided = [Decided(name, part.columns[name].values, places[name]) for name in mine]
                records = [self._engine.rows(each) for each in self._records[day]]
                yield from told(part.people, decided, records, facts_of.stage)


@dataclass(frozen=True, slots=True)
class Part:
    """Verdicts on some people.

    Attributes
    ----------
    matrix : Matrix
        Of which they are a part.
    people : People
        Who.
    sheets : mapping of date to Sheet
        Facts by the day judged.
    columns : mapping of str to Column
        For each criterion its verdict, and `<id>_record`.
    """

    matrix: Matrix
    people: People
    sheets: Mapping[date, Sheet]
    columns: Mapping[str, Column]

    def verdicts(self) -> pa.RecordBatch:
        """Give the verdicts.

        Returns
        -------
        RecordBatch
            person_id; for each criterion its verdict (0 not met, 1 unknown, 2 met, 3 not
            applicable), for an arm to which it applies, and `<id>_record`: the verdict if people
            answer in the participant's favour.
        """
        found = {"person_id": array_of(self.people.ids)}
        for name in self.matrix.criteria:
            for each in (name, f"{name}_record"):
                found[each] = array_of(self.columns[each].values.astype(np.int8, copy=False))
        return pa.RecordBatch.from_pydict(found)

    def evidence(self, *criteria: Criterion) -> Iterator[pa.RecordBatch]:
        """Give the verdict of every person on criteria, with the record that decides each.

        Parameters
        ----------
        *criteria : Criterion
            At least one that has a rule; others are left out.

        Yields
        ------
        RecordBatch
            Of each criterion: person_id, criterion, verdict (0 not met, 1 unknown, 2 met, 3 not
            applicable), record (`measurement/123`), on and value; null where nothing is on record,
            and for whom it does not concern.
        """
        return self.matrix.told(self, criteria)


def _worked_out(program: Program, facts: Sheet, people: int) -> dict[str, Column]:
    """Work columns out, block by block."""
    blocks = []
    for first in range(0, max(people, 1), BLOCK):
        some = slice(first, min(first + BLOCK, people))
        given = {name: facts.column(name, some) for name in program.asked}
        blocks.append(program.run(given, some.stop - some.start))
    return {name: together([each[name] for each in blocks]) for name in blocks[0]}


def screened(
    tables: Mapping[str, Any],
    study: Study,
    meanings: Meanings,
    as_of: date,
    anchors: Mapping[Anchor, date],
    engine: Engine,
    laboratory: tuple[LaboratoryRange, ...] = (),
    survey: Survey | None = None,
) -> Matrix:
    """Judge every criterion for every person.

    Parameters
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP CDM 5.4 by name.
    study : Study
        The protocol.
    meanings : Meanings
        What the site's concept ids stand for.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        The named days; one that is not named falls on `as_of`.
    engine : Engine
        Works tables out.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.
    survey : Survey or None
        Of everybody, where `tables` hold the rows of some; None: of these tables.

    Returns
    -------
    Matrix
        One row a person.
    """
    found = asked(study, as_of, anchors, laboratory)
    survey = survey or surveyed(tables, study, meanings, found)
    warehouse = Warehouse(tables, survey.numbering, meanings, engine.keep, engine.let_go)
    persons = engine.keep(people(warehouse))
    days_held: dict[date, Held] = {}
    for day in found.days:
        some = found.on(day)
        stage = _staged(warehouse, study, day, [each for _, each in some], survey)
        days_held[day] = held(replace(stage, people=persons), some, engine)
    return Matrix(study, found, days_held, persons, engine)


def _staged(
    warehouse: Warehouse, study: Study, day: date, some: Sequence[Leaf], survey: Survey
) -> Staged:
    """Stage the facts that leaves of one day ask for."""
    named = [name for each in some for name in facts(each.rule)]
    return staged(
        warehouse,
        study,
        day,
        wanted(some, study),
        frozenset(name for name in named if study.terms[name].kind == "condition"),
        frozenset(member for name in named for member in study.terms[name].members),
        survey.combinations,
        is_undated=survey.is_undated,
    )


def _verdicts(
    criteria: Sequence[Criterion], held: Held | None, found: Numbered
) -> dict[str, Value]:
    """Give the verdict of criteria of one day; the root of an exclusion is turned around here."""
    columns: dict[str, Value] = {}
    sex = ibis.table({"sex": "string"}, name="noted").sex
    for criterion in criteria:
        name, both = criterion.id, [verdict(MET), verdict(MET)]
        if criterion.rule is not None and held is not None:
            numbers, is_good = found.of_criterion[name], not criterion.is_exclusion
            both = [
                compiled(criterion.rule, held.leaves, numbers).verdict,
                if_people_agree(criterion.rule, held.leaves, numbers, is_good=is_good),
            ]
            if criterion.is_exclusion:
                both = [(MET - each).cast("int8") for each in both]
        for column, each in zip((name, f"{name}_record"), both, strict=True):
            columns[column] = concerned(criterion, sex, each, verdict(NOT_APPLICABLE))
    return columns


def _places(criteria: Sequence[Criterion], held: Held, found: Numbered) -> dict[str, Value]:
    """Give the places of the records that decide criteria of one day."""
    sex = ibis.table({"sex": "string"}, name="noted").sex
    return {
        each.id: concerned(
            each,
            sex,
            compiled(each.rule, held.leaves, found.of_criterion[each.id]).pick,
            nothing("int16"),
        ).cast("int16")
        for each in criteria
        if each.rule is not None
    }
