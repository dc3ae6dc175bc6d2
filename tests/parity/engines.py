"""The engines a hospital may have, each with the same rows, opened as the product opens them."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg import sql

from trialwright.assembly.populations import Population
from trialwright.assembly.warehouses import opened

Tables = Mapping[str, pa.Table]


@contextmanager
def in_duckdb(folder: Path, tables: Tables) -> Iterator[Population]:
    """Open rows in a DuckDB file."""
    path = folder / "hospital.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as written:
        for name, rows in tables.items():
            written.register("arrived", rows)
            written.execute(f'CREATE TABLE "{name}" AS SELECT * FROM arrived')  # noqa: S608
            written.unregister("arrived")
    with opened(f"duckdb://{path}") as population:
        yield population


@contextmanager
def in_spark(folder: Path, tables: Tables) -> Iterator[Population]:
    """Open rows in Spark, on this machine."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is none on this machine")
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install '.[spark]'")
    hospital = folder / "hospital"
    shutil.rmtree(hospital, ignore_errors=True)
    hospital.mkdir()
    for name, rows in tables.items():
        pq.write_table(rows, hospital / f"{name}.parquet")
    with opened(f"spark://{hospital}") as population:
        yield population


@contextmanager
def in_postgres(address: str, tables: Tables) -> Iterator[Population]:
    """Open rows in PostgreSQL."""
    with psycopg.connect(address, autocommit=True) as written:
        written.execute("DROP SCHEMA public CASCADE")
        written.execute("CREATE SCHEMA public")
        for name, rows in tables.items():
            _copy(written, name, rows)
        written.execute("ANALYZE")
    with opened(address) as population:
        yield population


def _copy(connection: Any, name: str, rows: pa.Table) -> None:
    """Write one table to PostgreSQL."""
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(each.name), sql.SQL(_SQL_TYPES[str(each.type)]))
        for each in rows.schema
    ]
    table = sql.Identifier(name)
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(columns)))
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
        for row in rows.to_pylist():
            copy.write_row(tuple(row.values()))


_SQL_TYPES = {
    "int64": "bigint",
    "double": "double precision",
    "date32[day]": "date",
    "string": "text",
    "timestamp[us]": "timestamp",
}
