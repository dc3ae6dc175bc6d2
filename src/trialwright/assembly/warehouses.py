"""Populations that people name, opened: an embedded DuckDB file, PostgreSQL, or Spark."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

import ibis
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from sqlglot.expressions import CTE, Table

from trialwright.assembly.cdm_tables import elsewhere, held_in, quoted, require_types
from trialwright.assembly.populations import Population, viewed
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.warehouse.recorded import rows_of

NEEDED = ("person", "measurement", "condition_occurrence", "drug_exposure", "concept")
"""Tables without which nobody can be screened."""

READ = (
    *NEEDED, "observation_period", "procedure_occurrence", "observation", "concept_ancestor",
    "episode", "episode_event",
)  # fmt: skip
"""Tables that are read where they are there; those that are not are named to who asks."""

BESIDE = ("concept_relationship", "drug_strength")
"""Vocabulary tables that are read where they are there: rows that need them are doubts else."""

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person": ("person_id", "gender_concept_id", "year_of_birth"),
        "measurement": (
            "measurement_id", "person_id", "measurement_concept_id", "measurement_date",
            "value_as_number",
        ),
        "condition_occurrence": (
            "condition_occurrence_id", "person_id", "condition_concept_id", "condition_start_date",
        ),
        "drug_exposure": (
            "drug_exposure_id", "person_id", "drug_concept_id", "drug_exposure_start_date",
            "drug_exposure_end_date",
        ),
        "procedure_occurrence": (
            "procedure_occurrence_id", "person_id", "procedure_concept_id", "procedure_date",
        ),
        "observation": (
            "observation_id", "person_id", "observation_concept_id", "observation_date",
        ),
        "observation_period": (
            "observation_period_id", "person_id", "observation_period_start_date",
            "observation_period_end_date",
        ),
        "concept": ("concept_id", "vocabulary_id", "concept_code"),
    }
)  # fmt: skip
"""Columns without which what a table holds would pass for not recorded; of OMOP CDM 5.4."""

ENGINES = ("duckdb", "postgresql", "spark")
"""Schemes of a population's address."""


@contextmanager
def opened(
    address: str, note: Callable[[], None] = lambda: None, *, is_known: bool = False
) -> Iterator[Population]:
    """Open a population; nothing in it is changed.

    Parameters
    ----------
    address : str
        `duckdb:///path/to/file.duckdb`, `postgresql://user@host/database`, or
        `spark:///path/to/folder` of Parquet tables, one file or folder each. `?schema=cdm,vocab` at
        the end of the first two names the schemas that hold the tables, the first that has one
        first. The password of a database comes from its usual place (`PGPASSWORD`, a password
        file), not from the address.
    note : callable () -> None
        Called after each table that the engine has worked out.
    is_known : bool
        Whether somebody has opened it already: its rows are not looked through again.

    Yields
    ------
    Population
        Closed again afterwards.

    Raises
    ------
    Refusal
        If the address is of another form, nothing is there, it cannot be opened, a table or a
        column is missing, each that is, no concept is there, or a person is not one row.
    """
    engine = urlsplit(address).scheme
    if engine not in ENGINES:
        allowed = ", ".join(f"{each}://" for each in ENGINES)
        raise refuse(
            "population", f"the address {engine or '(without a scheme)'}", allowed, "Correct it"
        )
    logging.getLogger("py4j").setLevel(logging.ERROR)
    plain, schemas = _address(address)
    try:
        connection = _CONNECT[engine](plain)
        held = held_in(connection, (*READ, *BESIDE), schemas)
    except _errors() as wrong:
        raise refuse(
            "population",
            f"it cannot be opened ({_first_line(wrong)})",
            "a population to read",
            "Correct it",
        ) from None
    # A selection from a selection stays one: merged, each column is worked out anew in every place
    # that names it, and statements grow a hundredfold.
    fused, ibis.options.sql.fuse_selects = ibis.options.sql.fuse_selects, False
    try:
        tables = held.tables
        missing = ", ".join(name for name in NEEDED if name not in tables)
        if missing:
            do = "Name the database" + ("" if "person" in tables else elsewhere(connection))
            raise refuse("population", f"no table {missing}", "OMOP CDM 5.4, to be read", do)
        _require_columns(tables)
        require_types(tables, is_text_a_day=engine != "postgresql")
        gaps = () if is_known else _gaps(tables)
        part = viewed(connection, tables, held.selections)
        yield Population(tables, connection, note, part, gaps=gaps, selections=held.selections)
    except _unreadable() as wrong:
        raise refuse(
            "population", f"it cannot be read to the end ({_first_line(wrong)})",
            "tables with the types of OMOP CDM 5.4, room for the work, and a steady connection",
            "Correct what is named",
        ) from wrong  # fmt: skip
    finally:
        ibis.options.sql.fuse_selects = fused
        connection.disconnect()


def shared(population: Population) -> Population:
    """Leave room for other processes that read the same DuckDB file at the same time.

    Parameters
    ----------
    population : Population
        As `opened` gives it.

    Returns
    -------
    Population
        Read by one thread, of which little is kept from part to part; who is told of its steps is
        told no more, for others take steps too.
    """
    population.connection.raw_sql("SET threads = 1")
    population.connection.raw_sql(f"SET memory_limit = '{_SHARED}'")
    return replace(population, note=lambda: None)


def alone(population: Population) -> None:
    """Give a DuckDB file all of its room again, when no other process reads it any more.

    Parameters
    ----------
    population : Population
        As `shared` gave it.
    """
    population.connection.raw_sql("RESET threads")
    population.connection.raw_sql(f"SET memory_limit = '{_MEMORY}'")


def _address(address: str) -> tuple[str, tuple[str, ...]]:
    """Part an address from the schemas that it names."""
    place, _, query = address.partition("?")
    asked = query.split("&")
    named = [unquote(each.removeprefix(_SCHEMA)) for each in asked if each.startswith(_SCHEMA)]
    if not named or urlsplit(address).scheme == "spark":
        return address, ()
    rest = "&".join(each for each in asked if not each.startswith(_SCHEMA))
    schemas = (each.strip() for each in ",".join(named).split(","))
    return f"{place}?{rest}" if rest else place, tuple(each for each in schemas if each)


_SCHEMA = "schema="
"""Begins what an address says of schemas."""


def _gaps(tables: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of which tables nothing is known; refuse a population whose people are not rows."""
    person = tables["person"].person_id
    [counted] = rows_of(
        tables["person"].aggregate(
            rows=person.count(where=person.notnull()),
            people=person.nunique(),
            blank=tables["person"].count(where=person.isnull()),
        )
    )
    rows, people, blank = (counted[name] for name in ("rows", "people", "blank"))
    told = ("without person_id", blank), ("too many: a person_id stands in several", rows - people)
    faults = [
        Fault("population", f"{many} rows of table person {says}",
              "one row a person, as OMOP CDM 5.4 has it", "Correct the table")
        for says, many in told
        if many
    ]  # fmt: skip
    some = ibis.union(
        *(tables[name].select(name=ibis.literal(name)).limit(1) for name in tables), distinct=False
    )
    held = {each["name"] for each in rows_of(some)}
    empty = [name for name in tables if name not in held]
    if "concept" in empty:
        faults.append(
            Fault("population", "table concept is empty", "the site's vocabulary", "Load it")
        )
    if faults:
        raise Refusal(faults)
    return (
        *(f"no table {name}: nothing of it is known" for name in READ if name not in tables),
        *(f"table {name} is empty: nothing of it is known" for name in empty if name != "person"),
    )


def _require_columns(tables: Mapping[str, Any]) -> None:
    """Refuse a population with tables that lack a column."""
    faults = [
        Fault("population", f"no column {name} in table {table}", "OMOP CDM 5.4", "Add the column")
        for table, names in COLUMNS.items()
        if table in tables
        for name in names
        if name not in tables[table].columns
    ]
    if faults:
        raise Refusal(faults)


def _errors() -> tuple[type[Exception], ...]:
    """Give what the engines raise when they cannot open something."""
    import duckdb
    import psycopg

    own = OSError, RuntimeError, ValueError
    return *own, duckdb.Error, psycopg.Error, ibis.common.exceptions.IbisError


def _unreadable() -> tuple[type[Exception], ...]:
    """Give what the engines raise when what they hold cannot be read; not what is asked wrongly."""
    import duckdb
    import psycopg

    of_duckdb = duckdb.ConversionException, duckdb.IOException, duckdb.OutOfMemoryException
    return *of_duckdb, duckdb.OutOfRangeException, psycopg.DataError, psycopg.OperationalError


def _first_line(wrong: Exception) -> str:
    """Give the first line of what an engine says."""
    said = str(wrong).strip()
    return said.splitlines()[0] if said else type(wrong).__name__


def _duckdb(address: str) -> Any:
    """Open a DuckDB file to read."""
    path = Path(address.removeprefix("duckdb://"))
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    connection = ibis.duckdb.connect(path, read_only=True)
    # Statements are written in the order in which they run best; guesses of how many rows a step
    # leaves are far off after a few steps. Values packed for a group and unpacked again cost more.
    left_out = "join_order,build_side_probe_side,compressed_materialization"
    connection.raw_sql(f"SET disabled_optimizers = '{left_out}'")
    # What was read of the file stays in memory up to here, and no longer than there is room.
    connection.raw_sql(f"SET memory_limit = '{_MEMORY}'")
    connection.raw_sql("SET enable_progress_bar = false")
    connection.compiler = _Compiler()
    connection._register_in_memory_table = partial(write_table, connection)
    return connection


def write_table(connection: Any, table: Any) -> None:
    """Write a table of this process as a temporary one of DuckDB, once.

    Registered as Arrow has it, it would import all of Arrow's kinds of data, and pandas.

    Parameters
    ----------
    connection : ibis backend
        Of DuckDB.
    table : InMemoryTable
        Of whole numbers and words.
    """
    rows = table.data.to_pyarrow(table.schema)
    columns = (
        f"unnest([{', '.join(map(_literal, rows[name].to_pylist()))}]::{_KINDS[str(kind)]}[])"
        f" AS {quoted(name)}"
        for name, kind in table.schema.items()
    )
    named = f"CREATE TEMPORARY TABLE IF NOT EXISTS {quoted(table.name)}"
    connection.con.execute(f"{named} AS SELECT {', '.join(columns)}")


def _literal(value: int | str | None) -> str:
    """Write a value in a statement."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


_KINDS = {"string": "VARCHAR", "int64": "BIGINT", "int32": "INTEGER", "int16": "SMALLINT"}
"""Types of DuckDB by those of Ibis."""

_TWICE = 2

_MEMORY = "1GB"
"""Room of DuckDB for tables, and for the parts of its file that it keeps."""

_SHARED = "192MB"
"""The same for one of several processes: a part is read once, and what was read gives way."""


class _Compiler(DuckDBCompiler):  # type: ignore[misc]  # Ibis is not typed
    """Writes `argmax` and `argmin` by DuckDB's own functions, many times faster than by an order.

    Ibis orders rows by a key made into bytes, so that a null may be the answer; here none is ever
    asked for: a stand-in takes its place where one may occur.
    """

    def to_sqlglot(self, *given: Any, **named: Any) -> Any:
        """Let DuckDB read again what is named twice, for it would keep all of it first.

        Where something is named more often, planning it so often takes longer than keeping it.
        """
        statement = super().to_sqlglot(*given, **named)
        often = Counter(each.name for each in statement.find_all(Table))
        shared = list(statement.find_all(CTE))
        if all(often[each.alias] <= _TWICE for each in shared):
            for each in shared:
                each.set("materialized", False)  # noqa: FBT003
        return statement

    def visit_ArgMin(self, _: object, *, arg: Any, key: Any, where: Any) -> Any:  # noqa: N802
        return self.agg.arg_min(arg, key, where=where)

    def visit_ArgMax(self, _: object, *, arg: Any, key: Any, where: Any) -> Any:  # noqa: N802
        return self.agg.arg_max(arg, key, where=where)


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
        if path.stem.lower() in (*READ, *BESIDE):
            session.read.parquet(str(path)).createOrReplaceTempView(path.stem.lower())
    return ibis.pyspark.connect(session)


_CONNECT: Mapping[str, Callable[[str], Any]] = {
    "duckdb": _duckdb,
    "postgresql": _postgresql,
    "spark": _spark,
}
