"""The records that decide: of every person and criterion one, over facts gathered once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import ibis
from ibis.expr.types import Table, Value

from trialwright.protocol.criteria import Criterion
from trialwright.warehouse.asking import Held, Keep, beside, held, leaf_columns
from trialwright.warehouse.columns import PARTS, Leaf, Record, Staged, chosen, nothing
from trialwright.warehouse.leaves import Numbered, unpacked
from trialwright.warehouse.records import found, recorded
from trialwright.warehouse.trees import compiled, concerned, needs_person
from trialwright.warehouse.words import with_value

_TOLD = ("person_id", "criterion", "verdict", "record", "on", "value")

_TOGETHER = 6
"""Criteria whose records are picked in one statement: few, so that its columns fit in a processor's
memory; and not one by one, so that tables that several ask for are joined once."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What the leaves judged on one day rest on.

    Attributes
    ----------
    people : Table
        The columns of `Staged.people`, the verdicts of leaves in words, and of each criterion.
    gathered : Held
        The facts that leaves ask for.
    records : Table
        As `records.recorded` gives them.
    """

    people: Table
    gathered: Held
    records: Table


@dataclass(frozen=True, slots=True)
class Evidence:
    """What decides each criterion.

    Attributes
    ----------
    answers : Table
        person_id, sex, the verdicts of the leaves, two bits each, in words, and for each
        criterion its verdict.
    numbered : Numbered
        The leaves.
    stages : mapping of date to Staged
        Facts by the day judged.
    keep : callable (ibis table) -> ibis table
        Makes the engine work a table out once and keep it.
    days : dict of date to _Day
        By the day judged, what is gathered when it is first asked for.
    """

    answers: Table
    numbered: Numbered
    stages: Mapping[date, Staged]
    keep: Keep
    days: dict[date, _Day] = field(default_factory=dict)

    def of(self, criteria: Sequence[Criterion]) -> Table:
        """Give the verdict of every person on criteria, with the record that decides each.

        Parameters
        ----------
        criteria : sequence of Criterion
            At least one; those that have no rule are left out.

        Returns
        -------
        Table
            As `screening.Matrix.evidence` gives it.
        """
        by_day: dict[date, list[Criterion]] = {}
        for each in criteria:
            if each.rule is not None:
                by_day.setdefault(self._day_of(each), []).append(each)
        told = [self._told(day, some) for day, some in by_day.items()]
        return told[0] if len(told) == 1 else ibis.union(*told, distinct=False)

    def _leaves(self, criterion: Criterion) -> dict[int, Leaf]:
        """Give the leaves of a criterion by number."""
        numbers = self.numbered.of_criterion[criterion.id].values()
        return {number: self.numbered.leaves[number] for number in sorted(set(numbers))}

    def _day_of(self, criterion: Criterion) -> date:
        """Give the day on which a criterion is judged: it has one anchor."""
        return next(iter(self._leaves(criterion).values())).context.day

    def _told(self, day: date, criteria: Sequence[Criterion]) -> Table:
        """Give the records that decide criteria of one day, in words."""
        stage = self.stages[day]
        if day not in self.days:
            people = self.keep(beside(stage.people, self.answers))
            gathered = held(stage, self.numbered.on(day), self.keep)
            self.days[day] = _Day(people, gathered, recorded(stage, self.keep))
        rows = []
        for first in range(0, len(criteria), _TOGETHER):
            some = criteria[first : first + _TOGETHER]
            picked = self.keep(self._picked(self.days[day], some))
            rows += [_row_each(picked, each) for each in some]
        every = rows[0] if len(rows) == 1 else ibis.union(*rows, distinct=False)
        told = found(every, stage, self.days[day].records)
        told = told.mutate(record=stage.numbering.named(told.row))
        return with_value(told, stage.shapes).select(*_TOLD)

    def _picked(self, day: _Day, criteria: Sequence[Criterion]) -> Table:
        """Give the parts of the records that decide criteria, one row a person."""
        asked = {number: leaf for each in criteria for number, leaf in self._leaves(each).items()}
        people = day.people
        answers = people.select(
            *("person_id", "sex", "born_first", "born_last", *(each.id for each in criteria)),
            **unpacked(people, asked, self.numbered),
        )
        recorded = {n: leaf for n, leaf in asked.items() if not needs_person(leaf.rule)}
        facts = day.gathered.beside(answers, recorded.values())
        parts = {
            f"{part}_{number}": value
            for number, leaf in recorded.items()
            for part, value in _parts(leaf_columns(leaf, facts).record).items()
        }
        verdicts = [f"verdict_{number}" for number in asked]
        names = [each.id for each in criteria]
        known = facts.select("person_id", "sex", *names, *verdicts, **parts)
        has = {
            f"has_{number}": known[f"row_{number}"].notnull()
            for number in recorded
            if f"row_{number}" in parts
        }
        marked = known.mutate(**has)
        picks = marked.mutate(**{f"pick_{each.id}": self._pick(each, marked) for each in criteria})
        chosen_parts = {
            f"{each.id}_{part}": value
            for each in criteria
            for part, value in self._chosen(each, picks).items()
        }
        return picks.select("person_id", *names, **chosen_parts)

    def _pick(self, criterion: Criterion, marked: Table) -> Value:
        """Give the number of the leaf whose record decides a criterion."""
        if criterion.rule is None:
            raise TypeError(f"{criterion.id} has no rule")
        branch = compiled(criterion.rule, marked, self.numbered.of_criterion[criterion.id])
        return concerned(criterion, marked.sex, branch.pick, nothing("int16"))

    def _chosen(self, criterion: Criterion, picks: Table) -> dict[str, Value]:
        """Give the parts of the record that decides a criterion."""
        pick = picks[f"pick_{criterion.id}"]
        cases = [(pick == number, _record(picks, number)) for number in self._leaves(criterion)]
        return {part: value.cast(PARTS[part]) for part, value in _parts(chosen(*cases)).items()}


def _parts(record: Record) -> dict[str, Value]:
    """Give the parts that a record has."""
    return {part: getattr(record, part) for part in PARTS if getattr(record, part) is not None}


def _record(table: Table, number: int) -> Record:
    """Give the record of a leaf from columns of its parts."""
    names = {part: f"{part}_{number}" for part in PARTS}
    return Record(**{part: table[name] for part, name in names.items() if name in table.columns})


def _row_each(picked: Table, criterion: Criterion) -> Table:
    """Give the record that decides one criterion, one row a person."""
    return picked.select(
        "person_id",
        criterion=ibis.literal(criterion.id),
        verdict=picked[criterion.id],
        **{part: _either(picked, f"{criterion.id}_{part}", kind) for part, kind in PARTS.items()},
    )


def _either(table: Table, name: str, kind: str) -> Value:
    """Give a column as a type; null where the table has none."""
    return table[name].cast(kind) if name in table.columns else nothing(kind)
