"""A hospital of a few rows, screened by a few rules."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa

from trialwright.assembly.protocols import shipped
from trialwright.assembly.warehouses import Population
from trialwright.protocol.criteria import Criterion, Rule
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.virtual.omop_schema import TABLES
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.screening import screened

DAY = date(2026, 3, 2)
"""The day judged, and every anchor."""

NOT_MET, UNKNOWN, MET = 0, 1, 2

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def before(days: int) -> date:
    """Give the day so many days before the day judged; a negative number lies after it."""
    return DAY - timedelta(days)


def hospital(rows: Rows) -> Population:
    """Open rows in DuckDB, in memory; a table without rows is empty."""
    connection = ibis.duckdb.connect()
    tables = {
        name: connection.create_table(name, pa.Table.from_pylist(list(rows.get(name, ())), schema))
        for name, schema in TABLES.items()
    }
    return Population(tables, connection)


def answers(
    rule: Rule, rows: Rows, terms: Mapping[str, Term], medicines: Mapping[str, Medicine] = {}
) -> dict[int, tuple[int, str | None]]:
    """Give the verdict and the deciding row of every person who has a row."""
    criterion = Criterion(id="I01", says="Asked.", place="nowhere", kind="rule", rule=rule)
    study = shipped("nct03959891").study.model_copy(
        update={"terms": dict(terms), "medicines": dict(medicines), "criteria": (criterion,)}
    )
    people = sorted(
        {row["person_id"] for each in rows.values() for row in each if "person_id" in row}
    )
    persons = [{"person_id": each, "gender_concept_id": 8532, "year_of_birth": 1970}
               for each in people]  # fmt: skip
    population = hospital({**rows, "person": persons})
    meanings = read_meanings(population.tables, study)
    anchors = {"registration": DAY}
    matrix = screened(population.tables, study, meanings, DAY, anchors, population.keep)
    found = [row for rows in matrix.part().evidence(criterion) for row in rows.to_pylist()]
    return {each["person_id"]: (each["verdict"], each["record"]) for each in found}
