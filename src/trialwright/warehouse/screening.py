"""Every person of a warehouse against every criterion: verdicts, and the records that decide.

Verdicts are those of `eligibility.screening` for the casebook of the same rows: 0 not met, 1
unknown, 2 met, 3 not applicable; an exclusion is met when it is absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context, LaboratoryRange
from trialwright.protocol.criteria import Anchor, Criterion, leaves
from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.warehouse.asking import Keep, beside, for_verdicts, leaf_columns
from trialwright.warehouse.columns import MET, NOT_APPLICABLE, Leaf, Staged, verdict
from trialwright.warehouse.evidence import Evidence
from trialwright.warehouse.leaves import Numbered, facts, numbered, packed, unpacked, wanted
from trialwright.warehouse.recorded import Warehouse, numbered_rows
from trialwright.warehouse.staging import people, staged
from trialwright.warehouse.trees import compiled, concerned, if_people_agree, needs_person

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
    records : Evidence
        The records that decide.
    """

    criteria: tuple[str, ...]
    decidable: tuple[str, ...]
    verdicts: Any
    records: Evidence

    def evidence(self, *criteria: Criterion) -> Table:
        """Give the verdict of every person on criteria, with the record that decides each.

        Parameters
        ----------
        *criteria : Criterion
            At least one that has a rule; others are left out.

        Returns
        -------
        Table
            person_id, criterion, verdict (0 not met, 1 unknown, 2 met, 3 not applicable), record
            (`measurement/123`), on and value; null where nothing is on record, and for whom it
            does not concern.
        """
        return self.records.of(criteria)


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
        gathered = for_verdicts(stages[day], some, keep)
        columns = packed({n: leaf_columns(each, gathered).verdict for n, each in some}, found)
        answers = beside(answers, gathered.select("person_id", **columns))
    answers = keep(answers)
    verdicts = keep(_verdicts(study, answers, found))
    return Matrix(
        tuple(each.id for each in study.criteria),
        tuple(
            each.id
            for each in study.criteria
            if any(not needs_person(leaf) for leaf in leaves(each.rule))
        ),
        verdicts,
        Evidence(beside(answers, verdicts), found, stages, keep),
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
    every = range(len(found.leaves))
    answers = answers.select("person_id", "sex", **unpacked(answers, every, found))
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
            columns[column] = concerned(criterion, answers.sex, each, verdict(NOT_APPLICABLE))
    return answers.select("person_id", **columns)
