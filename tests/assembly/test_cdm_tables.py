"""A hospital's tables, whatever their case, schema and types."""

from datetime import date

import duckdb
import pytest

from trialwright.assembly.warehouses import opened
from trialwright.terms.errors import Refusal

TABLES = {
    "person": "person_id BIGINT, gender_concept_id BIGINT, year_of_birth BIGINT",
    "measurement": (
        "measurement_id BIGINT, person_id BIGINT, measurement_concept_id BIGINT,"
        " measurement_date DATE, value_as_number DOUBLE"
    ),
    "condition_occurrence": (
        "condition_occurrence_id BIGINT, person_id BIGINT, condition_concept_id BIGINT,"
        " condition_start_date DATE"
    ),
    "drug_exposure": (
        "drug_exposure_id BIGINT, person_id BIGINT, drug_concept_id BIGINT,"
        " drug_exposure_start_date DATE, drug_exposure_end_date DATE"
    ),
    "concept": "concept_id BIGINT, vocabulary_id VARCHAR, concept_code VARCHAR",
}
"""The tables and columns without which nobody is screened."""


@pytest.fixture
def written(tmp_path):
    """Write the tables with their definitions changed, and give the address."""

    def write(changed=lambda said: said, schema="main"):
        path = tmp_path / "site.duckdb"
        with duckdb.connect(path) as connection:
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            for name, columns in TABLES.items():
                told = changed(f"{name} ({columns})")
                connection.execute(f'CREATE TABLE "{schema}".{told}')
            person = changed("person")
            connection.execute(f'INSERT INTO "{schema}".{person} VALUES (7, 8532, 1961)')  # noqa: S608
            concept = changed("concept")
            connection.execute(f"INSERT INTO \"{schema}\".{concept} VALUES (1, 'LOINC', '1-8')")  # noqa: S608
        return f"duckdb://{path}"

    return write


def people(address):
    """Give the persons of a population, of everybody and of a part."""
    with opened(address) as population:
        population.show((1, 9))
        return [
            tables["person"].to_pyarrow().to_pylist()
            for tables in (population.tables, population.part)
        ]


WOMAN = {"person_id": 7, "gender_concept_id": 8532, "year_of_birth": 1961}


def test_names_in_capitals_are_the_same_names(written):
    """Of tables and of columns."""
    assert people(written(str.upper)) == [[WOMAN], [WOMAN]]


def test_the_address_may_name_a_schema(written):
    """Without it, there is nothing to read."""
    address = written(schema="my cdm")

    assert people(f"{address}?schema=my%20cdm") == [[WOMAN], [WOMAN]]
    with pytest.raises(Refusal, match="no table person"):
        people(address)
    with pytest.raises(Refusal, match="cannot be opened"):
        people(f"{address}?schema=none")


def test_numbers_as_text_are_refused_each_by_name(written):
    """Words that are ids, such as that of a vocabulary, are text anyway."""
    address = written(lambda said: said.replace("BIGINT", "VARCHAR").replace("DOUBLE", "VARCHAR"))

    with pytest.raises(Refusal) as refused:
        people(address)
    told = [each.found for each in refused.value.faults]
    assert "column person_id of table person is text" in told
    assert "column value_as_number of table measurement is text" in told
    assert not any("vocabulary_id" in each for each in told)


def test_days_as_text_are_read(written):
    """One that is none is a row without a day."""
    from trialwright.warehouse.cells import day

    address = written(lambda said: said.replace("DATE", "VARCHAR"))
    with duckdb.connect(address.removeprefix("duckdb://")) as connection:
        for number, on in enumerate(("2026-03-02", "02/03/2026", "", None), start=1):
            connection.execute("INSERT INTO measurement VALUES (?, 7, 1, ?, 2)", [number, on])
    with opened(address) as population:
        table = population.tables["measurement"]
        days = table.order_by("measurement_id").select(on=day(table, "measurement_date"))
        found = days.to_pyarrow()["on"].to_pylist()

    assert found == [date(2026, 3, 2), None, None, None]


def test_text_that_nobody_reads_is_no_fault(written):
    """A number of a load, and the days of the vocabulary."""
    address = written()
    path = address.removeprefix("duckdb://")
    with duckdb.connect(path) as connection:
        connection.execute("ALTER TABLE person ADD COLUMN etl_batch_id VARCHAR")
        connection.execute("ALTER TABLE concept ADD COLUMN valid_start_date VARCHAR")

    assert people(address)[0][0]["person_id"] == 7
