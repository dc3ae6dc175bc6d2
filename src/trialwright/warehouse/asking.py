"""The facts that leaves ask for, in one row a person, and the answers of leaves over them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.operations as ops
from ibis.expr.types import Table, Value

from trialwright.warehouse.columns import PARTS, Gathered, Leaf, LeafColumns, Staged, together
from trialwright.warehouse.gathering import Packed, aggregated, wide
from trialwright.warehouse.trees import LEAF_KINDS

Keep = Callable[[Any], Any]
"""Makes the engine work a table out once and keep it."""

_SOURCES = ("measurements", "words", "conditions", "treatments", "coverage")


def beside(left: Table, right: Table) -> Table:
    """Put columns of the same persons beside others.

    Parameters
    ----------
    left, right : Table
        One row a person, of the same persons; columns of `right` that `left` has are left out.

    Returns
    -------
    Table
        Columns of both.
    """
    kept = [name for name in right.columns if name not in left.columns]
    renamed = right.select(*kept, same_person="person_id")
    return left.inner_join(renamed, [("person_id", "same_person")]).drop("same_person")


def leaf_columns(leaf: Leaf, gathered: Any) -> LeafColumns:
    """Give the answer of a leaf.

    Parameters
    ----------
    leaf : Leaf
        The rule.
    gathered : Table
        The facts that it asks for.

    Returns
    -------
    LeafColumns
        Over `gathered`.
    """
    kind = LEAF_KINDS[leaf.rule.kind]
    found: LeafColumns = kind.verdict(leaf.rule, leaf.name, gathered, leaf.context)
    return found


@dataclass(frozen=True, slots=True)
class Held:
    """All facts that leaves of one day ask for, each gathered once and kept.

    Attributes
    ----------
    stage : Staged
        Facts of that day.
    gathered : tuple of Packed
        One row a person.
    noted : Table
        The columns of all of them; without rows.
    """

    stage: Staged
    gathered: tuple[Packed, ...]
    noted: Table

    def beside(self, people: Table, some: Iterable[Leaf]) -> Any:
        """Put the facts that the records of leaves ask for beside persons.

        Parameters
        ----------
        people : Table
            One row a person, with the columns of `Staged.people`.
        some : iterable of Leaf
            The leaves.

        Returns
        -------
        Table
            As `gathering.wide` gives it: no table that is not asked for is joined.
        """
        asked: set[str] = set()
        for each in some:
            record = leaf_columns(each, self.noted).record
            for part in PARTS:
                asked |= _fields(getattr(record, part))
        return _Optional(
            wide(people, self.gathered, self.stage.words, self.stage.bits, asked), self.noted
        )


def held(stage: Staged, some: Sequence[tuple[int, Leaf]], keep: Keep) -> Held:
    """Gather all facts that leaves of one day ask for.

    Parameters
    ----------
    stage : Staged
        Facts of that day.
    some : sequence of (int, Leaf)
        Leaves with their numbers.
    keep : callable (ibis table) -> ibis table
        Makes the engine work a table out once and keep it.

    Returns
    -------
    Held
        For evidence.
    """
    gathered = _asked(stage, some)
    return Held(stage, aggregated(_sources(stage), gathered, keep), _noting(stage, gathered))


def _sources(stage: Staged) -> dict[str, Table]:
    """Give staged tables by the names that rules use."""
    return {name: getattr(stage, name) for name in _SOURCES}


def _fields(value: Value | None) -> set[str]:
    """Give the names of the columns of which a value is made."""
    if value is None:
        return set()
    return {field.name for field in value.op().find(ops.Field)}


def for_verdicts(stage: Staged, some: Sequence[tuple[int, Leaf]], keep: Keep) -> Any:
    """Gather the facts that verdicts of leaves of one day ask for.

    Parameters
    ----------
    stage : Staged
        Facts of that day.
    some : sequence of (int, Leaf)
        Leaves with their numbers.
    keep : callable (ibis table) -> ibis table
        Makes the engine work a table out once and keep it.

    Returns
    -------
    Table
        As `gathering.wide` gives it; columns that records alone ask for are null.
    """
    gathered = _asked(stage, some)
    noted = _noting(stage, gathered)
    asked: set[str] = set()
    for _, each in some:
        asked |= _fields(leaf_columns(each, noted).verdict)
    only = {
        source: {name: each for name, each in columns.items() if name in asked}
        for source, columns in gathered.items()
    }
    packed = aggregated(_sources(stage), only, keep)
    return _Optional(wide(stage.people, packed, stage.words, stage.bits), noted)


def _asked(stage: Staged, some: Sequence[tuple[int, Leaf]]) -> Gathered:
    """Give the columns that leaves ask for."""
    return together(
        *(
            LEAF_KINDS[each.rule.kind].gather(each.rule, each.name, stage, each.context)
            for _, each in some
        )
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

    def __init__(self, table: Table, noted: Table) -> None:
        self._table, self._noted = table, noted

    def __getitem__(self, name: str) -> Value:
        """Give a column, or null."""
        if name in self._table.columns:
            return self._table[name]
        return ibis.null(self._noted[name].type())

    def __getattr__(self, name: str) -> Any:
        """Give a column, or what a table can do."""
        return getattr(self._table, name)
