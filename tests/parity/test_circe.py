"""The cohort that is exported for a site, run there by another author's engine, loses nobody.

The engine is ohdsi-circepy. Tables lack what the remarks of the export say a cohort cannot read:
units in words alone, comparators, what has ended, what is applied locally.
"""

from datetime import date

import duckdb
import ibis
import pytest
from circe.cohortdefinition import CohortExpression
from circe.execution import build_cohort
from tests.sizes import SUITES, sized

from trialwright.assembly.generating import Order, generate
from trialwright.assembly.hospital import Order as Screening
from trialwright.assembly.hospital import screen_hospital
from trialwright.assembly.warehouses import opened
from trialwright.registry.writing.circe import write_circe
from trialwright.warehouse.meanings import read_site

DAY = date(2026, 3, 5)
MET = 2
FEW = ("I10", "I14", "E04", "E11")
"""Criteria that are run with everything else: a number, a ratio, a medicine, a condition."""

BEYOND_A_COHORT = (
    f"UPDATE observation_period SET observation_period_end_date = DATE '{DAY}'",  # noqa: S608
    f"DELETE FROM observation_period WHERE observation_period_start_date >= DATE '{DAY}'",  # noqa: S608
    "DELETE FROM measurement WHERE unit_concept_id IS NULL AND value_as_number IS NOT NULL",
    "DELETE FROM measurement WHERE operator_concept_id IS NOT NULL",
    f"DELETE FROM condition_occurrence WHERE condition_end_date <= DATE '{DAY}'",  # noqa: S608
    "DELETE FROM drug_exposure WHERE route_concept_id IS NOT NULL",
)
"""The period ends on the day judged, and nothing is left that only the product can read."""

OF_THE_MODEL = (
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
"""Columns of OMOP CDM 5.4 that the other engine reads and the generator has nothing for."""


@pytest.fixture(scope="module")
def hospital(tmp_path_factory, shipped):
    """Give a hospital in a DuckDB file, and the folder of its verdicts."""
    folder = tmp_path_factory.mktemp("circe")
    path = folder / "hospital.duckdb"
    generate(
        Order(sized(5000, 500), 7, date(2026, 3, 2), 0.5),
        path, "omop", lambda done: None, "parquet",
    )  # fmt: skip
    with duckdb.connect(path) as written:
        for statement in BEYOND_A_COHORT:
            written.execute(statement)
        for table, column, kind in OF_THE_MODEL:
            written.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    arms = tuple(each.id for each in shipped.arms)
    order = Screening(f"duckdb://{path}", arms, DAY, DAY, None)
    screen_hospital(order, shipped, folder / "found", lambda done, steps: None)
    return path, folder / "found"


def lost_and_kept(hospital, study, site, criteria):
    """Run inclusion rules, each by itself, and count those whom the record lets in."""
    path, found = hospital
    expression = write_circe(study, site).expression
    lost, kept = {}, {}
    engine = ibis.duckdb.connect(path)
    for rule in expression["InclusionRules"]:
        criterion = rule["name"].split()[0]
        if criterion not in criteria:
            continue
        cohort = build_cohort(
            CohortExpression.model_validate(expression | {"InclusionRules": [rule]}),
            backend=engine, cdm_schema="main", cohort_id=1,
        )  # fmt: skip
        engine.con.register("cohort", cohort.to_pyarrow())
        lost[criterion], kept[criterion] = engine.con.execute(
            f"""
            SELECT count(*) FILTER (WHERE c.person_id IS NULL AND v.{criterion}_record = {MET}),
                   count(*) FILTER (WHERE c.person_id IS NOT NULL AND v.{criterion}_record = {MET})
            FROM '{found}/verdicts.parquet' v
            SEMI JOIN observation_period USING (person_id)
            LEFT JOIN cohort c USING (person_id)
            """  # noqa: S608
        ).fetchone()
    engine.disconnect()
    return lost, kept


@pytest.mark.sized
def test_a_cohort_in_a_sites_own_concepts_loses_nobody_whom_a_criterion_lets_in(hospital, shipped):
    """Each inclusion rule by itself, against the verdicts of the same people."""
    with opened(f"duckdb://{hospital[0]}") as population:
        site = read_site(population.tables, shipped)
    criteria = [each.id for each in shipped.criteria] if SUITES else FEW

    lost, kept = lost_and_kept(hospital, shipped, site, criteria)

    assert {criterion: number for criterion, number in lost.items() if number} == {}
    assert all(kept.values())
    assert len(kept) == (18 if SUITES else len(FEW))


@pytest.mark.sized
def test_a_cohort_by_codes_alone_has_to_be_looked_up_first(hospital, shipped):
    """With concept id 0 the results of everybody are missed, as the export says."""
    lost, kept = lost_and_kept(hospital, shipped, None, ["I10"])

    assert lost["I10"] > 50
    assert kept["I10"] == 0
