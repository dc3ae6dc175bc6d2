"""A hospital screened part by part, and one whose ids are large, give the same answers."""

import shutil

import duckdb
import ibis
import pytest
from tests.parity.people import ANCHORS, AS_OF, write

from trialwright.assembly.protocols import shipped
from trialwright.assembly.warehouses import opened
from trialwright.protocol.criteria import leaves
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.screening import screened
from trialwright.warehouse.surveying import asked, surveyed

PEOPLE = 60
TABLES = {
    "person": (),
    "observation_period": ("observation_period_id",),
    "measurement": ("measurement_id",),
    "observation": ("observation_id",),
    "condition_occurrence": ("condition_occurrence_id",),
    "drug_exposure": ("drug_exposure_id",),
    "procedure_occurrence": ("procedure_occurrence_id",),
}
LARGE = 2**50
ASKED = ("I01", "I10", "I14", "I15", "E04")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Give a small population."""
    path = tmp_path_factory.mktemp("parts") / "people.duckdb"
    write(path, PEOPLE)
    return path


@pytest.fixture(scope="module")
def study():
    """Give a protocol of a few criteria, of most kinds."""
    whole = shipped("nct03959891").study
    asked = tuple(each for each in whole.criteria if each.id in ASKED)
    assert len({leaf.kind for each in asked for leaf in leaves(each.rule)}) > 6
    return whole.model_copy(update={"criteria": asked})


def told(path, study, size):
    """Screen a population by parts of a size."""
    matrix, found = None, []
    with opened(f"duckdb://{path}") as population:
        meanings = read_meanings(population.tables, study)
        survey = surveyed(population.tables, study, meanings, asked(study, AS_OF, ANCHORS, ()))
        parts = population.edges(size)
        for part in parts:
            population.show(part)
            if matrix is None:
                matrix = screened(
                    population.part, study, meanings, AS_OF, ANCHORS, population, (), survey
                )
            told = matrix.part().evidence(*study.criteria)
            found += [row for rows in told for row in rows.to_pylist()]
    return len(parts), sorted(found, key=lambda row: (row["criterion"], row["person_id"]))


@pytest.fixture(scope="module")
def whole(file, study):
    """Give the answers of all people at once."""
    parts, found = told(file, study, PEOPLE)
    assert parts == 1
    assert len(found) == PEOPLE * len(ASKED)
    return found


def test_parts_add_up_to_the_whole(file, study, whole):
    """Seven parts: each person once, with the same verdict, record, day and value."""
    parts, found = told(file, study, 9)

    assert parts == 7
    assert found == whole


@pytest.mark.parametrize(("size", "apart"), [(PEOPLE, 1), (9, 1_000_003)])
def test_rows_of_people_who_are_not_there_are_nobody_elses(file, study, size, apart, tmp_path):
    """Half of the people left and their rows stayed: what stays to the others stays the same."""
    rows = [name for name in TABLES if name != "person"]
    answers = []
    for name, left in (("gone", ["person"]), ("whole", ["person", *rows])):
        path = tmp_path / f"{name}.duckdb"
        shutil.copy(file, path)
        with duckdb.connect(path) as written:
            for table in ("person", *rows):
                written.execute(f"UPDATE {table} SET person_id = person_id * {apart}")  # noqa: S608
            for table in left:
                written.execute(f"DELETE FROM {table} WHERE person_id % 2 = 0")  # noqa: S608
        answers.append(told(path, study, size)[1])

    assert len(answers[0]) == PEOPLE // 2 * len(ASKED)
    assert answers[0] == answers[1]


def test_ids_of_any_size_order_records(file, study, whole, tmp_path):
    """Ids that do not fit beside a day in one number change nothing but their own digits."""
    path = tmp_path / "large.duckdb"
    written = ibis.duckdb.connect(path)
    written.attach(file, name="small", read_only=True)
    for (table,) in written.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall():
        changed = ", ".join(f"{name} + {LARGE} AS {name}" for name in TABLES.get(table, ()))
        replaced = f" REPLACE ({changed})" if changed else ""
        written.raw_sql(f"CREATE TABLE {table} AS SELECT *{replaced} FROM small.{table}")  # noqa: S608
    written.disconnect()

    _, found = told(path, study, PEOPLE)

    def smaller(record):
        table, number = record.split("/")
        return f"{table}/{int(number) - (LARGE if table != 'person' else 0)}"

    for row in found:
        row["record"] = row["record"] and smaller(row["record"])
    assert found == whole
