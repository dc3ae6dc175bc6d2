"""Populations that people name, opened: an embedded DuckDB file, PostgreSQL, or Spark."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import ibis

from trialwright.terms.errors import refuse

NEEDED = ("person", "measurement", "condition_occurrence", "drug_exposure", "concept")
"""Tables without which nobody can be screened."""

READ = (*NEEDED, "observation_period", "procedure_occurrence", "observation", "concept_ancestor")
"""Tables that are read where they are there."""

ENGINES = ("duckdb", "postgresql", "spark")
"""Schemes of a population's address."""


@dataclass(frozen=True, slots=True)
class Population:
    """An open population.

    Attributes
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP CDM 5.4 by name.
    connection : ibis backend
        What keeps worked-out tables, as long as it is open.
    note : callable () -> None
        Called after each table that the engine has worked out.
    """

    tables: Mapping[str, Any]
    connection: Any
    note: Callable[[], None] = lambda: None

    def keep(self, table: Any) -> Any:
        """Make the engine work a table out once and keep it.

        Parameters
        ----------
        table : ibis table
            Any expression.

        Returns
        -------
        ibis table
            The same rows, worked out.
        """
        engine = self.connection
        engine._run_pre_execute_hooks(table)  # registers tables of this process; Spark's cache not
        if engine.name == "pyspark":
            kept = table.cache()
        else:
            # Ibis's own create_table writes the statement several times over, which took longer
            # than the work itself.
            name = f"trialwright_{uuid4().hex}"
            engine.raw_sql(f"CREATE TEMPORARY TABLE {name} AS {engine.compile(table)}")
            kept = engine.table(name, database=_TEMPORARY[engine.name](engine))
        self.note()
        return kept


_TEMPORARY: Mapping[str, Callable[[Any], Any]] = {
    "duckdb": lambda _: ("temp", "main"),
    "postgres": lambda engine: engine._session_temp_db,
}
"""Where an engine keeps temporary tables."""


@contextmanager
def opened(address: str, note: Callable[[], None] = lambda: None) -> Iterator[Population]:
    """Open a population; nothing in it is changed.

    Parameters
    ----------
    address : str
        `duckdb:///path/to/file.duckdb`, `postgresql://user@host/database`, or
        `spark:///path/to/folder` of Parquet tables, one file or folder each. The password of a
        database comes from its usual place (`PGPASSWORD`, a password file), not from the address.
    note : callable () -> None
        Called after each table that the engine has worked out.

    Yields
    ------
    Population
        Closed again afterwards.

    Raises
    ------
    Refusal
        If the address is of another form, nothing is there, it cannot be opened, or a table is
        missing.
    """
    engine = urlsplit(address).scheme
    if engine not in ENGINES:
        allowed = ", ".join(f"{each}://" for each in ENGINES)
        raise refuse(
            "population", f"the address {engine or '(without a scheme)'}", allowed, "Correct it"
        )
    # A selection from a selection stays one: merged, each column is worked out anew in every place
    # that names it, and statements grow a hundredfold.
    logging.getLogger("py4j").setLevel(logging.ERROR)
    try:
        connection = _CONNECT[engine](address)
        there = set(connection.list_tables())
    except _errors() as wrong:
        first = str(wrong).strip().splitlines()[0] if str(wrong).strip() else type(wrong).__name__
        raise refuse(
            "population", f"it cannot be opened ({first})", "a population to read", "Correct it"
        ) from None
    fused, ibis.options.sql.fuse_selects = ibis.options.sql.fuse_selects, False
    try:
        missing = ", ".join(name for name in NEEDED if name not in there)
        if missing:
            raise refuse("population", f"no table {missing}", "OMOP CDM 5.4", "Name the database")
        tables = {name: connection.table(name) for name in READ if name in there}
        yield Population(tables, connection, note)
    finally:
        ibis.options.sql.fuse_selects = fused
        connection.disconnect()


def _errors() -> tuple[type[Exception], ...]:
    """Give what the engines raise when they cannot open something."""
    import duckdb
    import psycopg

    own = OSError, RuntimeError, ValueError
    return *own, duckdb.Error, psycopg.Error, ibis.common.exceptions.IbisError


def _duckdb(address: str) -> Any:
    """Open a DuckDB file to read."""
    path = Path(address.removeprefix("duckdb://"))
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    return ibis.duckdb.connect(path, read_only=True)


def _postgresql(address: str) -> Any:
    """Connect to PostgreSQL."""
    return ibis.connect(address.replace("postgresql://", "postgres://", 1))


def _spark(address: str) -> Any:
    """Start Spark on this machine over a folder of Parquet tables."""
    from pyspark.sql import SparkSession

    folder = Path(address.removeprefix("spark://"))
    if not folder.is_dir():
        raise FileNotFoundError(f"no folder {folder}")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("trialwright")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "4g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for path in sorted(folder.iterdir()):
        if path.stem in READ:
            session.read.parquet(str(path)).createOrReplaceTempView(path.stem)
    return ibis.pyspark.connect(session)


_CONNECT: Mapping[str, Callable[[str], Any]] = {
    "duckdb": _duckdb,
    "postgresql": _postgresql,
    "spark": _spark,
}
