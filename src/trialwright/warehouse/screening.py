"""Every person of a warehouse against every criterion: verdicts, and the records that decide.

Verdicts are those of `eligibility.screening` for the casebook of the same rows: 0 not met, 1
unknown, 2 met, 3 not applicable; an exclusion is met when it is absent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.operations as ops
from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context, LaboratoryRange
from trialwright.protocol.criteria import Anchor, Criterion, leaves
from trialwright.protocol.leaf_rules import Leaf as LeafRule
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.warehouse.columns import (
    MET,
    NOT_APPLICABLE,
    PARTS,
    Gathered,
    Leaf,
    LeafColumns,
    Record,
    Staged,
    among,
    choose,
    chosen,
    nothing,
    together,
    verdict,
)
from trialwright.warehouse.gathering import wide
from trialwright.warehouse.leaves import Numbered, facts, numbered, packed, unpacked, wanted
from trialwright.warehouse.recorded import Warehouse, numbered_rows
from trialwright.warehouse.staging import people, staged
from trialwright.warehouse.trees import LEAF_KINDS, compiled, if_people_agree, needs_person
from trialwright.warehouse.words import with_value

Keep = Callable[[Any], Any]
"""Makes the engine work a table out once and keep it."""

_SOURCES = ("measurements", "words", "conditions", "treatments", "coverage")
_ANCHORS: tuple[Anchor, ...] = ("consent", "screening", "registration", "first_dose")


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the criteria say of every person.

    Attributes
    ----------
    criteria : tuple of str
        Ids, in the order of the protocol.
    decidable : tuple of str
        Those of which a record decides something.
    verdicts : ibis table
        person_id; for each criterion its verdict (0 not met, 1 unknown, 2 met, 3 not applicable),
        for an arm to which it applies, and `<id>_record`: the verdict if people answer in the
        participant's favour.
    study : Study
        The protocol.
    answers : ibis table
        person_id, sex and the verdicts of the leaves, two bits each, in words.
    numbered : Numbered
        The leaves.
    stages : mapping of date to Staged
        Facts by the day judged.
    """

    criteria: tuple[str, ...]
    decidable: tuple[str, ...]
    verdicts: Any
    study: Study
    answers: Table
    numbered: Numbered
    stages: Mapping[date, Staged]

    def evidence(self, criterion: Criterion) -> Table:
        """Give the verdict of every person on one criterion, with the record that decides it.

        Parameters
        ----------
        criterion : Criterion
            One that has a rule.

        Returns
        -------
        Table
            person_id, criterion, verdict (0 not met, 1 unknown, 2 met, 3 not applicable), record
            (`measurement/123`), on and value; null where nothing is on record, and for whom it
            does not concern.
        """
        numbers = self.numbered.of_criterion[criterion.id]
        some = [(number, self.numbered.leaves[number]) for number in sorted(set(numbers.values()))]
        stage = self.stages[some[0][1].context.day]  # a criterion has one anchor
        asked = [pair for pair in some if not needs_person(pair[1].rule)]
        gathered = _gathered(_narrowed(stage, asked, self.study), asked, lambda table: table)
        found = {number: _leaf(each, gathered).record for number, each in asked}
        parts = {
            f"{part}_{number}": getattr(record, part)
            for number, record in found.items()
            for part in PARTS
            if getattr(record, part) is not None
        }
        verdicts = self.verdicts.select("person_id", verdict=self.verdicts[criterion.id])
        answers = unpacked(self.answers, numbers.values(), self.numbered)
        joined = _joined(_joined(verdicts, answers), gathered.select("person_id", **parts))
        has = {
            f"has_{number}": joined[f"row_{number}"].notnull()
            for number in found
            if f"row_{number}" in parts
        }
        return _told(criterion, joined.mutate(**has), numbers, parts, stage)


def _told(
    criterion: Criterion,
    marked: Table,
    numbers: Mapping[LeafRule, int],
    parts: Mapping[str, Value],
    stage: Staged,
) -> Table:
    """Give the record that decides a criterion, in words."""
    if criterion.rule is None:
        raise TypeError(f"{criterion.id} has no rule")
    branch = compiled(criterion.rule, marked, numbers)
    pick = _concerned(criterion, marked.sex, branch.pick, nothing("int16"))
    picked = marked.mutate(pick=pick)

    def record(number: int) -> Record:
        mine = {part: f"{part}_{number}" for part in PARTS if f"{part}_{number}" in parts}
        return Record(**{part: picked[name] for part, name in mine.items()})

    found = chosen(*((picked.pick == number, record(number)) for number in set(numbers.values())))
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


def _narrowed(stage: Staged, asked: Sequence[tuple[int, Leaf]], study: Study) -> Staged:
    """Give the facts that some leaves ask for: few, so that each is found fast."""
    named = {name for _, each in asked for name in facts(each.rule)}
    terms = [stage.numbers[name] for name in sorted(named)]
    members = [
        stage.numbers[member] for name in sorted(named) for member in study.terms[name].members
    ]
    conditions, treatments, results = stage.conditions, stage.treatments, stage.measurements
    return replace(
        stage,
        conditions=conditions.filter(among(conditions.term, terms)),
        treatments=treatments.filter(among(treatments.term, members)),
        measurements=results.filter(among(results.term, terms)),
        bits={each.name: stage.bits[each.name] for _, each in asked if each.name in stage.bits},
    )


def _noting(stage: Staged, gathered: Gathered) -> Table:
    """Give columns of facts as they would be gathered, to see which a verdict asks for."""
    kinds = {name: str(each) for name, each in stage.people.schema().items()}
    for columns in gathered.values():
        kinds |= {name: str(each.type()) for name, each in columns.items()}
    for name in stage.bits:
        kinds |= {f"{name}_code": "int8", f"{name}_split": "boolean"}
    return ibis.table(kinds, name="noted")


class _Optional:
    """Columns of facts, of which those that no verdict asks for are null."""

    def __init__(self, table: Table, gathered: Gathered) -> None:
        self._table = table
        self._kinds = {
            name: each.type() for columns in gathered.values() for name, each in columns.items()
        }

    def __getitem__(self, name: str) -> Value:
        """Give a column, or null."""
        if name in self._table.columns:
            return self._table[name]
        return ibis.null(self._kinds[name])

    def __getattr__(self, name: str) -> Any:
        """Give a column, or what a table can do."""
        return getattr(self._table, name)


def _joined(left: Table, right: Table) -> Table:
    """Put columns of the same persons beside others."""
    renamed = right.rename(same_person="person_id")
    return left.inner_join(renamed, [("person_id", "same_person")]).drop("same_person")


def _leaf(leaf: Leaf, gathered: Any) -> LeafColumns:
    """Give the columns of a leaf over facts gathered."""
    kind = LEAF_KINDS[leaf.rule.kind]
    found: LeafColumns = kind.verdict(leaf.rule, leaf.name, gathered, leaf.context)
    return found


def _gathered(
    stage: Staged, some: Sequence[tuple[int, Leaf]], keep: Keep, *, is_whole: bool = True
) -> Any:
    """Gather the facts that leaves of one day ask for; else those that verdicts alone ask for."""
    gathered = together(
        *(
            LEAF_KINDS[each.rule.kind].gather(each.rule, each.name, stage, each.context)
            for _, each in some
        )
    )
    sources = {name: getattr(stage, name) for name in _SOURCES}
    if is_whole:
        return wide(stage.people, sources, gathered, stage.bits, keep)
    asked: set[str] = set()
    noting = _noting(stage, gathered)
    for _, each in some:
        found = _leaf(each, noting).verdict
        asked |= {field.name for field in found.op().find(ops.Field)}
    only = {
        source: {name: each for name, each in columns.items() if name in asked}
        for source, columns in gathered.items()
    }
    return _Optional(wide(stage.people, sources, only, stage.bits, keep), gathered)


def _concerned(criterion: Criterion, sex: Value, answer: Value, other: Value) -> Value:
    """Give an answer for whom a criterion concerns."""
    if criterion.sex is None:
        return answer
    is_other = (sex != criterion.sex).fill_null(False)  # noqa: FBT003
    return choose((is_other, other), otherwise=answer)


def screened(
    tables: Mapping[str, Any],
    study: Study,
    meanings: Meanings,
    as_of: date,
    anchors: Mapping[Anchor, date],
    keep: Keep,
    laboratory: tuple[LaboratoryRange, ...] = (),
    whole: Mapping[str, Any] | None = None,
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
    keep : callable (ibis table) -> ibis table
        Makes the engine work a table out once and keep it.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.
    whole : mapping of str to ibis table or None
        The same tables with the rows of everybody, where `tables` are those of some; None: the
        same.

    Returns
    -------
    Matrix
        One row a person.
    """
    whole = whole or tables
    warehouse = Warehouse(tables, whole, numbered_rows(whole), meanings, keep)
    days = dict.fromkeys(_ANCHORS, as_of) | dict(anchors)
    found = numbered(study, _contexts(study, as_of, days, laboratory))
    stages, answers = {}, people(warehouse).select("person_id", "sex")
    for day in sorted({each.context.day for each in found.leaves}):
        some = found.on(day)
        stages[day] = _staged(warehouse, study, day, [each for _, each in some])
        gathered = _gathered(stages[day], some, keep, is_whole=False)
        columns = packed({n: _leaf(each, gathered).verdict for n, each in some}, found)
        answers = _joined(answers, gathered.select("person_id", **columns))
    answers = keep(answers)
    return Matrix(
        tuple(each.id for each in study.criteria),
        tuple(
            each.id
            for each in study.criteria
            if any(not needs_person(leaf) for leaf in leaves(each.rule))
        ),
        keep(_verdicts(study, answers, found)),
        study,
        answers,
        found,
        stages,
    )


def _staged(warehouse: Warehouse, study: Study, day: date, some: Sequence[Leaf]) -> Staged:
    """Stage the facts that leaves of one day ask for."""
    named = [name for each in some for name in facts(each.rule)]
    return staged(
        warehouse,
        study,
        day,
        wanted(some, study),
        frozenset(name for name in named if study.terms[name].kind == "condition"),
        frozenset(member for name in named for member in study.terms[name].members),
    )


def _contexts(
    study: Study,
    as_of: date,
    days: Mapping[Anchor, date],
    laboratory: tuple[LaboratoryRange, ...],
) -> dict[str, Context]:
    """Give the circumstances of each anchor; no rule asks for the arm."""
    asked = study.completeness or ""
    return {
        anchor: Context("", as_of, days, anchor, study.terms, study.medicines, asked, laboratory)
        for anchor in _ANCHORS
    }


def _verdicts(study: Study, answers: Table, found: Numbered) -> Table:
    """Give the verdict of every criterion; the root of an exclusion is turned around here."""
    columns: dict[str, Value] = {}
    answers = unpacked(answers, range(len(found.leaves)), found)
    for criterion in study.criteria:
        name, both = criterion.id, [verdict(MET), verdict(MET)]
        if criterion.rule is not None:
            numbers, is_good = found.of_criterion[name], not criterion.is_exclusion
            both = [
                compiled(criterion.rule, answers, numbers).verdict,
                if_people_agree(criterion.rule, answers, numbers, is_good=is_good),
            ]
            if criterion.is_exclusion:
                both = [(MET - each).cast("int8") for each in both]
        for column, each in zip((name, f"{name}_record"), both, strict=True):
            columns[column] = _concerned(criterion, answers.sex, each, verdict(NOT_APPLICABLE))
    return answers.select("person_id", **columns)
