"""Judging one participant and screening a hospital agree: verdict and deciding row."""

import duckdb
import pytest
from tests.parity.engines import in_postgres
from tests.parity.people import ANCHORS, AS_OF, rows_of, write
from tests.sizes import sized

from trialwright.assembly.warehouses import opened
from trialwright.eligibility.screening import verdict
from trialwright.intake.omop import read_person
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.screening import screened

pytestmark = pytest.mark.sized

NUMBERS = {"not met": 0, "unknown": 1, "met": 2, "not applicable": 3}
PATIENTS = sized(20_000, default=500)
BATCH = 500
"""People whom the judge is asked about together."""


def screen(address, study):
    """Give verdict, deciding record and its day of every person, by criterion."""
    found = {}
    with opened(address) as population:
        meanings = read_meanings(population.tables, study)
        matrix = screened(population.tables, study, meanings, AS_OF, ANCHORS, population)
        part = matrix.part()
        for each in study.criteria:
            for rows in part.evidence(each):
                for row in rows.to_pylist():
                    told = row["verdict"], row["record"], row["on"]
                    found.setdefault(row["person_id"], {})[each.id] = told
    return meanings, found


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    """Give a generated population as a file of DuckDB."""
    path = tmp_path_factory.mktemp("parity") / "people.duckdb"
    write(path, PATIENTS)
    return path


@pytest.fixture(scope="module")
def by_duckdb(population, shipped):
    """Give what DuckDB finds."""
    return screen(f"duckdb://{population}", shipped)


def test_the_judge_and_duckdb_agree(population, by_duckdb, shipped):
    """Every criterion of every person: the same verdict, and the same row that decides it."""
    meanings, found = by_duckdb
    connection = duckdb.connect(str(population), read_only=True)
    differing = []
    for first in range(1, PATIENTS + 1, BATCH):
        for person, rows in rows_of(connection, first, first + BATCH - 1).items():
            casebook = read_person(rows, shipped, meanings, str(person)).casebook
            for each in shipped.criteria:
                arm = (each.arms or ("A",))[0]
                finding = verdict(each, shipped, casebook, arm, AS_OF, ANCHORS).finding
                place = finding.evidence[0].source.place if finding.evidence else None
                mine = found[person].get(each.id, (NUMBERS["met"], None, None))[:2]
                if mine != (NUMBERS[str(finding.answer)], place):
                    differing.append((person, each.id, mine, str(finding.answer), place))

    assert len(found) == PATIENTS
    assert differing == []


def test_each_verdict_occurs(by_duckdb, shipped):
    """A population that decides nothing would agree too: most rules show met and not met."""
    seen = {
        each.id: {row[each.id][0] for row in by_duckdb[1].values()}
        for each in shipped.criteria
        if each.rule is not None
    }

    both = [name for name, answers in seen.items() if {0, 2} <= answers]

    assert {"I01", "I02", "I04", "I10", "I11", "I12", "I13", "I14", "I15", "I16", "I17"} <= {*both}
    assert {"E01", "E03", "E11", "E13"} <= {*both}
    # E02 and E06 have parts that people alone answer: a record excludes, and never clears
    assert all({0, 1} <= seen[name] for name in ("E02", "E06"))


@pytest.mark.long
def test_postgresql_finds_the_same(by_duckdb, population, shipped, postgres):
    """The same expressions on another engine."""
    with duckdb.connect(str(population), read_only=True) as source:
        names = [name for (name,) in source.execute("SHOW TABLES").fetchall()]
        tables = {
            name: source.execute(f"SELECT * FROM {name}").to_arrow_table()  # noqa: S608
            for name in names
        }

    with in_postgres(postgres, tables):
        _, found = screen(postgres, shipped)

    assert found == by_duckdb[1]
