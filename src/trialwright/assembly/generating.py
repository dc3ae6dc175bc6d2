"""Writing a generated population: the generators are seeded here, the files are opened here.

Each block of people has a generator of its own, spawned from the one seed by the block's number.
So the same seed gives the same people in every format, every size and every size of batch.
"""

import csv
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.virtual.facts_table import COLUMNS, facts_of
from trialwright.virtual.fhir_bundle import by_kind, fhir_bundle
from trialwright.virtual.omop_schema import TABLES
from trialwright.virtual.omop_tables import omop_tables, vocabulary_tables
from trialwright.virtual.patients import Patient, patients_of
from trialwright.virtual.people import BLOCK, Plan
from trialwright.virtual.population import Block, draw_block

Format = Literal["omop", "fhir", "csv", "ndjson"]
"""How a population is written."""

MOST_PATIENTS = 1_000_000
"""Largest population."""

MOST_SINGLY = 100_000
"""Largest population in the formats that are written a patient at a time."""

DATABASE_SUFFIXES = frozenset({".duckdb", ".db"})
"""Endings of a path for which OMOP tables go to one DuckDB file instead of a folder."""

BLOCKS_TOGETHER = 50
"""Blocks written together: 50,000 people."""

_MEMORY = "700MB"  # of DuckDB; the batch beside it needs as much again

Advance = Callable[[int], None]
"""Told how many more people have been written."""


@dataclass(frozen=True, slots=True)
class Order:
    """What population is asked for.

    Attributes
    ----------
    patients : int
        How many, 1 to `MOST_PATIENTS`.
    seed : int
        Not negative; the same seed gives the same people.
    screening : date
        The day around which records are drawn.
    cancer_share : float
        Share with breast cancer, 0 to 1.
    """

    patients: int
    seed: int
    screening: date
    cancer_share: float = 0.25


def blocks(order: Order) -> Iterator[Block]:
    """Draw a population, block by block.

    Parameters
    ----------
    order : Order
        What population.

    Yields
    ------
    Block
        Up to 1,000 people each.
    """
    plan = Plan(order.screening, order.cancer_share)
    for number in range(-(-order.patients // BLOCK)):
        spawned = np.random.SeedSequence(order.seed, spawn_key=(number,))
        size = min(BLOCK, order.patients - number * BLOCK)
        yield draw_block(np.random.Generator(np.random.PCG64(spawned)), number, plan, size)


def omop_batches(order: Order, together: int = BLOCKS_TOGETHER) -> Iterator[Mapping[str, pa.Table]]:
    """Draw a population as OMOP tables, batch by batch.

    Parameters
    ----------
    order : Order
        What population.
    together : int
        Blocks in a batch.

    Yields
    ------
    mapping of str to pyarrow.Table
        The rows of the people of a batch, by table.
    """
    held: list[Mapping[str, pa.Table]] = []
    for block in blocks(order):
        held.append(omop_tables(block))
        if len(held) == together:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def generate(
    order: Order,
    path: Path,
    form: Format,
    advance: Advance,
    tables: Literal["parquet", "csv"] = "parquet",
) -> None:
    """Draw a population and write it to a new path, whole or not at all.

    Parameters
    ----------
    order : Order
        What population.
    path : Path
        A file for `csv`, and for `omop` when it ends in `.duckdb` or `.db`; else a folder.
    form : {'omop', 'fhir', 'csv', 'ndjson'}
        How it is written.
    advance : callable
        Told how many more people have been written.
    tables : {'parquet', 'csv'}
        Files of a folder of OMOP tables.

    Raises
    ------
    Refusal
        If there is something at the path, its folder is not there, or the population is out of
        range.
    """
    _refuse_order(order, path, form)
    begun = path.with_name(f".{path.name}.begun")
    _remove(begun)
    try:
        if form == "omop" and path.suffix in DATABASE_SUFFIXES:
            _write_duckdb(order, begun, advance)
        elif form == "omop":
            _write_folder(order, begun, tables, advance)
        elif form == "csv":
            _write_facts(order, begun, advance)
        elif form == "fhir":
            _write_bundles(order, begun, advance)
        else:
            _write_export(order, begun, advance)
        begun.rename(path)
    except BaseException:
        _remove(begun)
        raise


def write_postgres(order: Order, connection: Any, advance: Advance, schema: str = "public") -> None:
    """Draw a population into OMOP tables of a PostgreSQL database.

    Parameters
    ----------
    order : Order
        What population.
    connection : psycopg.Connection
        Opened by the caller, who commits.
    advance : callable
        Told how many more people have been written.
    schema : str
        Schema in which the tables are made; it must be there, and they must not.
    """
    from psycopg import sql

    with connection.cursor() as cursor:
        for name, columns in TABLES.items():
            defined = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(each.name), sql.SQL(_SQL_TYPES[each.type]))
                for each in columns
            )
            cursor.execute(
                sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(schema, name), defined)
            )
        for batch in _batches_with_vocabulary(order, 10):
            for name, rows in batch.items():
                into = sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER true)")
                with cursor.copy(into.format(sql.Identifier(schema, name))) as copy:
                    copy.write(_as_csv(rows))
            advance(_people_in(batch))


_SQL_TYPES = {
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
    pa.string(): "TEXT",
    pa.float64(): "DOUBLE PRECISION",
    pa.timestamp("us"): "TIMESTAMP",
}


def _refuse_order(order: Order, path: Path, form: Format) -> None:
    """Refuse a population that cannot be written, or a path that cannot take it."""
    most = MOST_PATIENTS if form == "omop" else MOST_SINGLY
    faults = []
    if not 1 <= order.patients <= most:
        faults.append(Fault("patients", str(order.patients), f"1 to {most} as {form}",
                            "Ask for fewer, or for OMOP tables"))  # fmt: skip
    if order.seed < 0:
        faults.append(Fault("seed", str(order.seed), "0 or more", "Choose another seed"))
    if not 0 <= order.cancer_share <= 1:
        faults.append(Fault("cancer-share", str(order.cancer_share), "0 to 1", "Give a share"))
    if not date(1990, 1, 1) <= order.screening <= date(2200, 1, 1):
        faults.append(Fault("screening", str(order.screening), "a day from 1990 to 2200",
                            "Give the day of screening"))  # fmt: skip
    if path.exists() or path.is_symlink():
        faults.append(Fault("out", "is there already", "a new path",
                            "Choose another name", path.name))  # fmt: skip
    elif not path.parent.is_dir():
        faults.append(Fault("out", "its folder is not there", "a path in a folder that is there",
                            "Make the folder first", path.name))  # fmt: skip
    if faults:
        raise Refusal(faults)


def _batches_with_vocabulary(order: Order, together: int) -> Iterator[Mapping[str, pa.Table]]:
    """Give the vocabulary, then the batches of people."""
    yield vocabulary_tables()
    yield from omop_batches(order, together)


def _joined(held: list[Mapping[str, pa.Table]]) -> Mapping[str, pa.Table]:
    """Put the rows of some blocks together."""
    return {name: pa.concat_tables([each[name] for each in held]) for name in held[0]}


def _people_in(batch: Mapping[str, pa.Table]) -> int:
    """Count the people of a batch."""
    return batch["person"].num_rows if "person" in batch else 0


def _write_duckdb(order: Order, path: Path, advance: Advance) -> None:
    """Write OMOP tables into a new DuckDB file."""
    import duckdb

    try:
        with duckdb.connect(str(path)) as database:
            _fill(database, order, advance)
            database.execute("CHECKPOINT")  # when closed it is tried too, and fails in silence
    except duckdb.Error as failed:
        why = str(failed).partition("\n")[0]
        do = "Make room, or name another place, and run it again"
        raise refuse("out", f"it cannot be written ({why})", "room for the file", do) from None


def _fill(database: Any, order: Order, advance: Advance) -> None:
    """Make the tables of a DuckDB database and write a population into them."""
    database.execute(f"SET memory_limit = '{_MEMORY}'")
    for name, schema in TABLES.items():
        columns = ", ".join(f"{each.name} {_DUCKDB_TYPES[each.type]}" for each in schema)
        database.execute(f"CREATE TABLE {name} ({columns})")
    for batch in _batches_with_vocabulary(order, BLOCKS_TOGETHER):
        for name, rows in batch.items():
            database.register("batch", rows)
            database.execute(f"INSERT INTO {name} SELECT * FROM batch")  # noqa: S608
            database.unregister("batch")
        advance(_people_in(batch))


_DUCKDB_TYPES = _SQL_TYPES | {pa.string(): "VARCHAR", pa.float64(): "DOUBLE"}


def _write_folder(
    order: Order, folder: Path, tables: Literal["parquet", "csv"], advance: Advance
) -> None:
    """Write OMOP tables as one file a table."""
    folder.mkdir()
    kind = pyarrow.parquet.ParquetWriter if tables == "parquet" else pyarrow.csv.CSVWriter
    with ExitStack() as opened:
        files = {
            name: opened.enter_context(kind(folder / f"{name}.{tables}", schema))
            for name, schema in TABLES.items()
        }
        for batch in _batches_with_vocabulary(order, BLOCKS_TOGETHER):
            for name, rows in batch.items():
                files[name].write_table(rows)
            advance(_people_in(batch))


def _as_csv(rows: pa.Table) -> bytes:
    """Give rows as CSV; a null is an empty field."""
    text = BytesIO()
    pyarrow.csv.write_csv(rows, text)
    return text.getvalue()


def _patients(order: Order, advance: Advance) -> Iterator[Patient]:
    """Give the patients one by one, and tell of each block that is done."""
    for block in blocks(order):
        yield from patients_of(block)
        advance(len(block.people.year))


def _write_facts(order: Order, path: Path, advance: Advance) -> None:
    """Write the flat table."""
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for patient in _patients(order, advance):
            writer.writerows(facts_of(patient))


def _write_bundles(order: Order, folder: Path, advance: Advance) -> None:
    """Write one bundle a patient."""
    folder.mkdir()
    for patient in _patients(order, advance):
        text = json.dumps(fhir_bundle(patient), ensure_ascii=False)
        (folder / f"patient-{patient.person_id:07}.json").write_text(text, encoding="utf-8")


def _write_export(order: Order, folder: Path, advance: Advance) -> None:
    """Write one file a kind of resource, one resource a line, as a bulk export does."""
    folder.mkdir()
    with ExitStack() as opened:
        files: dict[str, Any] = {}
        for patient in _patients(order, advance):
            for kind, resources in by_kind(patient).items():
                if kind not in files:
                    files[kind] = opened.enter_context(_new_text(folder / f"{kind}.ndjson"))
                for resource in resources:
                    files[kind].write(json.dumps(resource, ensure_ascii=False) + "\n")


@contextmanager
def _new_text(path: Path) -> Iterator[Any]:
    """Open a new text file."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        yield file


def _remove(path: Path) -> None:
    """Remove what an earlier attempt left."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
