"""How long a hospital takes to screen, beside the exported cohort, run by OHDSI's engine.

    .venv/bin/python benchmarks/exported_cohort.py [--people 10000]

The same generated people, in one DuckDB file: every criterion for all arms, with verdicts and
counts, and then the cohort that `protocol export --to circe` writes for that file, run by
ohdsi-circepy, which says yes or no for those criteria that a cohort can say. Each runs in a process
of its own; time is that of the processor.
"""

import argparse
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import ibis
from circe.cohortdefinition import CohortExpression
from circe.execution import build_cohort
from hospital import Taken, _taken, apart, hospital

from trialwright.assembly.generating import Order, generate
from trialwright.assembly.protocols import shipped
from trialwright.assembly.warehouses import opened
from trialwright.registry.writing.circe import write_circe
from trialwright.warehouse.meanings import read_site

LACKING = (
    ("concept", "invalid_reason", "VARCHAR"),
    ("person", "gender_source_concept_id", "BIGINT"),
    ("person", "race_source_concept_id", "BIGINT"),
    ("person", "ethnicity_source_concept_id", "BIGINT"),
    ("person", "birth_datetime", "TIMESTAMP"),
    ("condition_occurrence", "visit_occurrence_id", "BIGINT"),
    ("procedure_occurrence", "visit_occurrence_id", "BIGINT"),
    ("drug_exposure", "visit_occurrence_id", "BIGINT"),
    ("measurement", "visit_occurrence_id", "BIGINT"),
    ("observation", "visit_occurrence_id", "BIGINT"),
)
"""Columns of OMOP CDM 5.4 that OHDSI's engine reads and the generator has nothing for."""


def cohort(path: Path) -> Taken:
    """Build the exported cohort, its concepts looked up first."""

    def work() -> int:
        study = shipped("nct03959891").study
        with opened(f"duckdb://{path}") as population:
            written = write_circe(study, read_site(population.tables, study))
        engine = ibis.duckdb.connect(path)
        made = build_cohort(
            CohortExpression.model_validate(written.expression),
            backend=engine, cdm_schema="main", cohort_id=1,
        )  # fmt: skip
        print(f"  in the cohort: {made.count().execute()}, "
              f"inclusion rules: {len(written.expression['InclusionRules'])}")  # fmt: skip
        return engine.table("person").count().execute()

    return _taken(work)


def main() -> None:
    """Print both."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=10_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hospital.duckdb"
        order = Order(given.people, 7, date(2026, 3, 2), 0.5)
        generate(order, path, "omop", lambda done: None, "parquet")
        with duckdb.connect(path) as written:
            for table, column, kind in LACKING:
                written.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
        ours, theirs = apart(hospital, path, None), apart(cohort, path)
    for name, taken in (("35 criteria, 3 arms", ours), ("cohort, circepy", theirs)):
        print(f"{name:20} {taken.cpu:7.1f} CPU s {taken.wall:7.1f} s {taken.memory:6} MB")
    print(f"circepy / this: {theirs.cpu / ours.cpu:.1f}")


if __name__ == "__main__":
    main()
