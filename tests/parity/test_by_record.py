"""What a record alone says, judged one at a time, is what a hospital is screened to.

So those one fact away are the same people, and what each lacks is what would decide.
"""

import pytest
from tests.parity.engines import in_duckdb, in_postgres, in_spark
from tests.parity.random_rows import random_rows
from tests.parity.test_random_parity import DAY, of_protocol, of_trees
from tests.sizes import SUITES, sized

from trialwright.eligibility.lacking import lacking
from trialwright.intake.omop import read_persons
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.person_rows import rows_of_people
from trialwright.warehouse.screening import screened

NUMBERS = {Answer.NOT_MET: 0, Answer.UNKNOWN: 1, Answer.MET: 2, Answer.NOT_APPLICABLE: 3}
PEOPLE = sized(500, default=40)


def by_everybody(asked, population, meanings):
    """Give the verdict of each record by person and criterion, as everybody is screened."""
    matrix = screened(
        population.tables, asked.study, meanings, asked.as_of, asked.anchors, population,
        asked.laboratory,
    )  # fmt: skip
    return {
        (row["person_id"], each): row[f"{each}_record"]
        for row in matrix.part().verdicts().to_pylist()
        for each in matrix.criteria
    }


def by_one(asked, population, meanings, people):
    """Give the same, and what is lacking, of each person by her rows read back."""
    read = (rows for _, rows in rows_of_people(population.tables, people))
    return {
        (person, each.id): lacking(
            each, asked.study, casebook, asked.as_of, asked.anchors, asked.laboratory
        )
        for person, casebook in read_persons(read, asked.study, meanings, asked.as_of)
        for each in asked.study.criteria
    }


def differences(asked, population):
    """Give where the two differ, and what was found one at a time."""
    meanings = read_meanings(population.tables, asked.study)
    expected = by_everybody(asked, population, meanings)
    found = by_one(asked, population, meanings, {person for person, _ in expected})
    told = {key: NUMBERS[each.finding.answer] for key, each in found.items()}

    return [
        (key, expected[key], told.get(key)) for key in expected if expected[key] != told[key]
    ], found


@pytest.mark.sized
@pytest.mark.parametrize("seed", range(1, sized(20, default=1) + 1))
@pytest.mark.parametrize("ask", [of_protocol, of_trees])
def test_a_record_read_back_says_what_the_screening_said(ask, seed, shipped, request, tmp_path):
    """Of every criterion; who is open lacks at least one fact, and nobody else lacks any."""
    asked = ask(shipped, seed)
    tables = random_rows(asked.study, seed, PEOPLE, DAY)

    with in_duckdb(tmp_path, tables) as population:
        differing, found = differences(asked, population)
    if SUITES:
        with in_postgres(request.getfixturevalue("postgres"), tables) as population:
            assert differences(asked, population) == (differing, found)

    assert differing == []
    answers = [each.finding.answer for each in found.values()]
    assert min(answers.count(each) for each in (Answer.MET, Answer.NOT_MET)) > 0
    assert {bool(each.lacks) for each in found.values()} == {True, False}
    for each in found.values():
        assert bool(each.lacks) == (each.finding.answer is Answer.UNKNOWN)


def test_postgresql_gives_the_same_rows_back(shipped, postgres, tmp_path):
    """Cell for cell, as DuckDB does."""
    tables = random_rows(shipped, 3, 20, DAY)
    people = tables["person"]["person_id"].to_pylist()

    with in_duckdb(tmp_path, tables) as population:
        mine = sorted_rows(population, people)
    with in_postgres(postgres, tables) as population:
        theirs = sorted_rows(population, people)

    assert [person for person, _ in mine] == sorted(people)
    assert theirs == mine


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Spark leaves its sockets to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_gives_the_same_rows_back(shipped, tmp_path):
    """Cell for cell, as DuckDB does."""
    tables = random_rows(shipped, 3, 20, DAY)
    people = tables["person"]["person_id"].to_pylist()

    with in_duckdb(tmp_path, tables) as population:
        mine = sorted_rows(population, people)
    with in_spark(tmp_path, tables) as population:
        theirs = sorted_rows(population, people)

    assert theirs == mine


def sorted_rows(population, people):
    """Give the rows of people, those of a table in the order of all their cells."""
    return [
        (person, {name: sorted(some, key=repr) for name, some in rows.items()})
        for person, rows in rows_of_people(population.tables, people)
    ]
