"""The facts that leaves ask for, in one row a person, and the answers of leaves over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.operations as ops
from ibis.expr.types import Table, Value

from trialwright.warehouse.columns import Gathered, Leaf, LeafColumns, Staged, together
from trialwright.warehouse.gathering import Packed, aggregated, own_table
from trialwright.warehouse.people import Sheet, sheet
from trialwright.warehouse.places import Place, Places
from trialwright.warehouse.rows import Engine, Rows
from trialwright.warehouse.trees import LEAF_KINDS

_SOURCES = (
    "measurements", "words", "undated", "conditions", "treatments", "coverage", "people",
)  # fmt: skip


def leaf_columns(leaf: Leaf, gathered: Any) -> LeafColumns:
    """Give the answer of a leaf.

    Parameters
    ----------
    leaf : Leaf
        The rule.
    gathered : Facts
        What it asks for.

    Returns
    -------
    LeafColumns
        Over `gathered`.
    """
    kind = LEAF_KINDS[leaf.rule.kind]
    found: LeafColumns = kind.verdict(leaf.rule, leaf.name, gathered, leaf.context)
    return found


class Facts:
    """Facts of every person, and the places of the records that may decide.

    Parameters
    ----------
    table : Table
        One row a person.
    places : Places
        Numbers the places.
    """

    def __init__(self, table: Table, places: Places) -> None:
        self._table, self._places = table, places

    def place(self, name: str, kind: int = 0, on: str = "") -> Value:
        """Give the place of a record that was gathered.

        Parameters
        ----------
        name : str
            Begins the names of the columns that hold its parts: `<name>_row` its number, and unless
            it is told by its number alone `<name>_on`, `<name>_micro` and `<name>_shape`.
        kind : int
            `PRESENT`, `TREATED` or `OBSERVED`: its number tells the rest; 0: it does not.
        on : str
            Column of its day; empty: `<name>_on`.

        Returns
        -------
        Value
            A whole number.
        """
        return ibis.literal(self._places.of(Place(name, kind, on or f"{name}_on")), "int16")

    def __getitem__(self, name: str) -> Value:
        """Give a column."""
        return self._table[name]

    def __getattr__(self, name: str) -> Any:
        """Give a column."""
        return getattr(self._table, name)


@dataclass(frozen=True, slots=True)
class Held:
    """All facts that leaves of one day ask for, and what leaves say of them.

    Attributes
    ----------
    stage : Staged
        Facts of that day.
    gathered : Gathered
        What leaves ask for, by staged table.
    parts : tuple of Packed
        What their answers rest on, worked out by the engine: one row a person.
    places : Places
        Of records.
    leaves : mapping of int to LeafColumns
        By their numbers, over columns of the names in `gathered`.
    """

    stage: Staged
    gathered: Gathered
    parts: tuple[Packed, ...]
    places: Places
    leaves: Mapping[int, LeafColumns]

    def table_of(self, source: str) -> Table:
        """Give the table from which leaves gather.

        Parameters
        ----------
        source : str
            Its name in `gathered`.

        Returns
        -------
        Table
            A staged table, or a rule's own.
        """
        found = _sources(self.stage).get(source)
        return own_table(self.gathered[source]) if found is None else found

    def sheet(self, persons: Rows, engine: Engine) -> Sheet:
        """Read the facts of the people at hand.

        Parameters
        ----------
        persons : Rows
            The columns of `Staged.people`.
        engine : Engine
            Holds what was gathered.

        Returns
        -------
        Sheet
            In the order of `persons`.
        """
        gathered = [(each, engine.rows(each.table)) for each in self.parts]
        return sheet(persons, gathered, engine.rows(self.stage.words), self.stage.bits)


def held(stage: Staged, some: Sequence[tuple[int, Leaf]], engine: Engine) -> Held:
    """Gather the facts that answers of leaves of one day rest on.

    Parameters
    ----------
    stage : Staged
        Facts of that day.
    some : sequence of (int, Leaf)
        Leaves with their numbers.
    engine : Engine
        Works tables out.

    Returns
    -------
    Held
        What evidence alone asks for is not gathered yet.
    """
    gathered, places = _asked(stage, some), Places(stage.numbers)
    facts = Facts(_noting(stage, gathered), places)
    leaves = {number: leaf_columns(each, facts) for number, each in some}
    asked: set[str] = set()
    for each in leaves.values():
        asked |= _fields(each.verdict) | _fields(each.record)
    only = {
        source: {name: each for name, each in columns.items() if name in asked}
        for source, columns in gathered.items()
    }
    return Held(stage, gathered, aggregated(_sources(stage), only, engine.keep), places, leaves)


def _sources(stage: Staged) -> dict[str, Table]:
    """Give staged tables by the names that rules use."""
    tables = {name: getattr(stage, name) for name in _SOURCES}
    return {name: each for name, each in tables.items() if each is not None}


def _fields(value: Value | None) -> set[str]:
    """Give the names of the columns of which a value is made."""
    if value is None:
        return set()
    return {field.name for field in value.op().find(ops.Field)}


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
