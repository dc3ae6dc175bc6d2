"""The records that decide: of every person and criterion one, over facts gathered once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis
from ibis.expr.types import Table, Value

from trialwright.protocol.criteria import Criterion
from trialwright.warehouse.asking import Held, Keep, beside, held, leaf_columns
from trialwright.warehouse.columns import PARTS, Record, Staged, chosen, nothing
from trialwright.warehouse.leaves import Numbered, unpacked
from trialwright.warehouse.trees import compiled, concerned, needs_person
from trialwright.warehouse.words import with_value


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
    held : dict of date to (Table, Held)
        By the day judged, the persons with their answers, and the facts that leaves ask for; each
        is gathered when it is first asked for.
    """

    answers: Table
    numbered: Numbered
    stages: Mapping[date, Staged]
    keep: Keep
    held: dict[date, tuple[Table, Held]] = field(default_factory=dict)

    def of(self, criterion: Criterion) -> Table:
        """Give the verdict of every person on one criterion, with the record that decides it.

        Parameters
        ----------
        criterion : Criterion
            One that has a rule.

        Returns
        -------
        Table
            As `screening.Matrix.evidence` gives it.
        """
        if criterion.rule is None:
            raise TypeError(f"{criterion.id} has no rule")
        numbers = self.numbered.of_criterion[criterion.id]
        leaves = {number: self.numbered.leaves[number] for number in sorted({*numbers.values()})}
        day = next(iter(leaves.values())).context.day  # a criterion has one anchor
        people, gathered = self._held(day)
        recorded = {n: leaf for n, leaf in leaves.items() if not needs_person(leaf.rule)}
        answers = people.select(
            "person_id",
            "sex",
            "born_first",
            "born_last",
            verdict=people[criterion.id],
            **unpacked(people, leaves, self.numbered),
        )
        facts = gathered.beside(answers, recorded.values())
        parts = {
            f"{part}_{number}": value
            for number, leaf in recorded.items()
            for part, value in _parts(leaf_columns(leaf, facts).record).items()
        }
        verdicts = [f"verdict_{number}" for number in leaves]
        answers = facts.select("person_id", "sex", "verdict", *verdicts, **parts)
        has = {
            f"has_{number}": answers[f"row_{number}"].notnull()
            for number in leaves
            if f"row_{number}" in parts
        }
        marked = answers.mutate(**has)
        branch = compiled(criterion.rule, marked, numbers)
        pick = concerned(criterion, marked.sex, branch.pick, nothing("int16"))
        return _told(criterion, marked.mutate(pick=pick), list(leaves), self.stages[day])

    def _held(self, day: date) -> tuple[Table, Held]:
        """Give answers and facts of every person as one day knows them."""
        if day not in self.held:
            stage = self.stages[day]
            people = self.keep(beside(stage.people, self.answers))
            self.held[day] = people, held(stage, self.numbered.on(day), self.keep)
        return self.held[day]


def _parts(record: Record) -> dict[str, Value]:
    """Give the parts that a record has."""
    return {part: getattr(record, part) for part in PARTS if getattr(record, part) is not None}


def _told(criterion: Criterion, picked: Table, numbers: list[int], stage: Staged) -> Table:
    """Give the record of the leaf that decides a criterion, in words."""
    records = {
        number: Record(
            **{
                part: picked[f"{part}_{number}"]
                for part in PARTS
                if f"{part}_{number}" in picked.columns
            }
        )
        for number in numbers
    }
    found = chosen(*((picked.pick == number, record) for number, record in records.items()))
    row, on, value, micro, shape = (
        nothing(kind) if getattr(found, part) is None else getattr(found, part).cast(kind)
        for part, kind in PARTS.items()
    )
    told = picked.select(
        "person_id", "verdict", row=row, on=on, value=value, micro=micro, shape=shape
    )
    seen = told.left_join(stage.firsts, [("row", "first")]).drop("first")
    told = seen.select(
        "person_id",
        "on",
        "value",
        criterion=ibis.literal(criterion.id),
        verdict=seen.verdict.cast("int8"),
        record=stage.numbering.named(seen.row),
        micro=ibis.coalesce(seen.micro, seen.first_micro),
        shape=ibis.coalesce(seen["shape"], seen.first_shape),
    )
    names = ("person_id", "criterion", "verdict", "record", "on", "value")
    return with_value(told, stage.shapes).select(*names)
