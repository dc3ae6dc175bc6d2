"""A population that is open: tables worked out of it, part by part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import Any
from uuid import uuid4

import ibis
import ibis.expr.operations as ops
import numpy as np
from numpy.typing import NDArray

from trialwright.warehouse.cells import column
from trialwright.warehouse.relations import planned
from trialwright.warehouse.rows import Rows, read, read_rows

PART = 50_000
"""People who are screened together."""

Edge = tuple[int, int]
"""First and last person of a part."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A step of the work: a table is worked out, or let go of.

    Attributes
    ----------
    name : str
        Of the table.
    table : ibis table
        What it is: tables of this process live in an engine as long as what names them.
    work_out : callable () -> object
        Does it again, of the part at hand.
    """

    name: str
    table: Any
    work_out: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Population:
    """An open population: `warehouse.rows.Engine` over its tables.

    Rows of a DuckDB file are in this very process. They are read from it once and what follows of
    them is worked out over arrays; PostgreSQL and Spark work all of it out themselves.

    Attributes
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP CDM 5.4 by name, of everybody.
    connection : ibis backend
        What keeps worked-out tables, as long as it is open.
    note : callable () -> None
        Called after each table that was worked out.
    part : mapping of str to ibis table
        The same tables, of the people of one part: everybody until `show` is asked.
    kept : list of _Kept
        Worked-out tables, in order.
    held : dict of str to Rows
        Those that are arrays, of the part at hand, by name.
    gaps : tuple of str
        A sentence for each table that would be read and is not there, or holds nothing.
    selections : mapping of str to str
        The statement that gives each table, in SQL.
    """

    tables: Mapping[str, Any]
    connection: Any
    note: Callable[[], None] = lambda: None
    part: Mapping[str, Any] = field(default_factory=dict)
    kept: list[_Kept] = field(default_factory=list)
    held: dict[str, Rows] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    selections: Mapping[str, str] = field(default_factory=dict)

    def keep(self, table: Any) -> Any:
        """Work a table out once and keep it, of each part in turn.

        Parameters
        ----------
        table : ibis table
            Any expression.

        Returns
        -------
        ibis table
            The same rows, worked out; those of the part at hand.
        """
        engine, name = self.connection, f"trialwright_{uuid4().hex}"
        # Ibis's own create_table writes the statement several times over, which took longer than
        # the work itself.
        if engine.name == "duckdb":
            work_out = self._in_arrays(name, table)
        else:
            engine._run_pre_execute_hooks(table)  # registers tables of this process
            if engine.name == "pyspark":  # of which its cache has none
                return self._checked_in(name, table)
            statement = f"CREATE TEMPORARY TABLE {name} AS {engine.compile(table)}"
            work_out = partial(engine.raw_sql, statement)
        self.kept.append(_Kept(name, table, work_out))
        work_out()
        self.note()
        if engine.name == "duckdb":
            return ibis.table(table.schema(), name=name)
        return engine.table(name, database=_TEMPORARY[engine.name](engine))

    def let_go(self, table: Any) -> None:
        """Let go of a table of arrays: what is worked out from here on does not read it.

        Parameters
        ----------
        table : ibis table
            As `keep` gave it.
        """
        name = table.get_name()
        if name in self.held:
            drop = partial(self.held.pop, name)
            self.kept.append(_Kept(name, table, drop))  # of each part in turn
            drop()

    def rows(self, table: Any) -> Rows:
        """Give what was kept, of the part at hand.

        Parameters
        ----------
        table : ibis table
            As `keep` gave it.

        Returns
        -------
        Rows
            In any order.
        """
        found = self.held.get(table.get_name())
        return read_rows(table.to_pyarrow()) if found is None else found

    def _in_arrays(self, name: str, table: Any) -> Callable[[], None]:
        """Say how a table is worked out as arrays: read from the file, or of such as were read."""
        engine, held = self.connection, self.held
        if table.op().find(ops.DatabaseTable):
            engine._run_pre_execute_hooks(table)  # registers tables of this process
            statement = engine.compile(table)

            def read_it() -> None:
                held[name] = read_rows(engine.con.sql(statement).to_arrow_table())

            return read_it
        plan = planned(table)

        def work_out() -> None:
            held[name] = plan(held.__getitem__)

        return work_out

    def _checked_in(self, name: str, table: Any) -> Any:
        """Work a table out in Spark, which else plans all that led to it again each time."""
        rows = self.connection._session.sql(self.connection.compile(table))
        rows.localCheckpoint(eager=True).createOrReplaceTempView(name)
        self.note()
        return self.connection.table(name)

    def edges(self, size: int = PART, shares: int = 1) -> Sequence[Edge | None]:
        """Cut the people into parts, in the order of their numbers.

        Parameters
        ----------
        size : int
            People of a part, at most.
        shares : int
            Several parts are a multiple of it, so that each of so many processes has as many; the
            last are cut in two, so that none waits for long for another's.

        Returns
        -------
        sequence of (int, int) or None
            First and last person of each part; None for everybody: an engine that cuts its work
            itself has one part.
        """
        if self.part is self.tables:
            return [None]
        person = self.tables["person"]
        asked = person.select(person_id=column(person, "person_id", "int64"))
        ids = np.sort(read(asked.to_pyarrow_batches().read_all()["person_id"]).values)
        if not ids.size:
            return []
        many = ceil(ids.size / size)
        if many == 1:
            return _edges(ids, size)
        many = ceil(many / shares) * shares
        size = ceil(ids.size / many)
        last = size * (many - shares) if shares > 1 else ids.size
        return _edges(ids[:last], size) + _edges(ids[last:], ceil(size / 2))

    def show(self, edge: Edge | None) -> None:
        """Take the people of one part; what was kept of another is worked out of them again.

        Parameters
        ----------
        edge : (int, int) or None
            As `edges` gives it.
        """
        self.held.clear()
        if edge is not None:
            _show(self.connection, self.part, self.selections, edge)
        for each in self.kept:
            if self.connection.name != "duckdb":
                self.connection.raw_sql(f"DROP TABLE {each.name}")
            each.work_out()
            self.note()


_PART = "trialwright_part_"
"""Begins the names of views of the tables of one part."""


def _edges(ids: NDArray[np.int64], size: int) -> list[Edge]:
    """Give the first and last person of each part."""
    parts = (ids[first : first + size] for first in range(0, ids.size, size))
    return [(int(part[0]), int(part[-1])) for part in parts]


def viewed(
    connection: Any, tables: Mapping[str, Any], selections: Mapping[str, str]
) -> Mapping[str, Any]:
    """Give views of the tables that hold people, to be narrowed to some.

    Parameters
    ----------
    connection : ibis backend
        Open.
    tables : mapping of str to ibis table
        Tables of OMOP by name.
    selections : mapping of str to str
        The statement that gives each, in SQL.

    Returns
    -------
    mapping of str to ibis table
        The same tables where the engine cuts its work itself.
    """
    if connection.name not in _TEMPORARY:
        return tables
    held = {name: table for name, table in tables.items() if "person_id" in table.columns}
    for name in held:
        connection.raw_sql(_view(name, selections[name]))
    home = _TEMPORARY[connection.name](connection)
    return dict(tables) | {name: connection.table(f"{_PART}{name}", database=home) for name in held}


def _show(
    connection: Any, part: Mapping[str, Any], selections: Mapping[str, str], edge: Edge
) -> None:
    """Narrow the views to the people from one number to another."""
    first, last = edge
    for name, table in part.items():
        if "person_id" in table.columns:
            held = f"SELECT * FROM ({selections[name]}) AS held"  # noqa: S608
            some = f"{held} WHERE person_id BETWEEN {first:d} AND {last:d}"
            connection.raw_sql(_view(name, some))


def _view(name: str, selected: str) -> str:
    """Write the statement that shows a table, one of `READ`, or some of its rows."""
    return f"CREATE OR REPLACE TEMPORARY VIEW {_PART}{name} AS {selected}"


_TEMPORARY: Mapping[str, Callable[[Any], Any]] = {
    "duckdb": lambda _: ("temp", "main"),
    "postgres": lambda engine: engine._session_temp_db,
}
"""Where an engine keeps temporary tables."""
