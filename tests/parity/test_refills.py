"""Supplies of an oral diabetes medicine that follow each other, as hospitals record them (E10)."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from tests.parity.comparing import Asked, compared, judged
from tests.parity.engines import in_duckdb, in_postgres, in_spark

from trialwright.virtual.omop_schema import TABLES

AS_OF = date(2026, 3, 5)
ANCHORS = {"consent": AS_OF, "screening": AS_OF, "registration": AS_OF, "first_dose": AS_OF}
METFORMIN, SITAGLIPTIN, BOTH = 11, 12, 13
CONCEPTS = ((METFORMIN, "6809"), (SITAGLIPTIN, "593411"), (BOTH, "729717"))
PRESENT, UNKNOWN, ABSENT = 0, 1, 2
"""What an exclusion reads: its criterion is not met, unknown or met."""


def before(days):
    """Give the day so many days before the day judged."""
    return AS_OF - timedelta(days)


def supplies(*spans, medicine=METFORMIN):
    """Give exposures by how many days before the day judged they begin and end."""
    return [
        {
            "drug_concept_id": medicine,
            "drug_exposure_start_date": before(since),
            "drug_exposure_end_date": None if until is None else before(until),
        }
        for since, until in spans
    ]


CASES = [
    # the first on record is a start, a later one of its course is none
    ("none", ABSENT, []),
    ("first", PRESENT, supplies((5, -25))),
    ("first, long ago", ABSENT, supplies((14, -16))),
    ("a supply each 30 days", UNKNOWN,
     supplies((95, 66), (65, 36), (35, 6), (5, -25))),
    ("a supply each 90 days", UNKNOWN, supplies((275, 186), (185, 96), (95, 6), (5, -85))),
    ("as they were entered, late ones first", UNKNOWN, supplies((5, -25), (35, 6), (65, 36))),
    ("begun within two weeks, twice", PRESENT, supplies((12, 6), (5, -25))),
    ("begun within two weeks, twice on a day", PRESENT, supplies((5, -25), (5, -85))),
    ("two strengths from the first day on", UNKNOWN,
     supplies((35, 6), (35, 6), (5, -25), (5, -25))),
    # gaps
    ("a gap of 30 days", UNKNOWN, supplies((65, 35), (5, -25))),
    ("a gap of 31 days", PRESENT, supplies((65, 36), (5, -25))),
    ("a long supply beside a short one", UNKNOWN, supplies((300, 10), (200, 190), (5, -25))),
    ("once for a day, years ago", PRESENT, supplies((2000, 2000), (5, -25))),
    # ends that nobody recorded
    ("an earlier one without an end", UNKNOWN, supplies((300, None), (5, -25))),
    ("both without an end", UNKNOWN, supplies((300, None), (5, None))),
    ("the later one without an end", UNKNOWN, supplies((35, 6), (5, None))),
    ("supplied, and no longer", ABSENT, supplies((35, 6), (5, 1))),
    # other medicines
    ("another one added", PRESENT,
     supplies((300, None)) + supplies((5, -25), medicine=SITAGLIPTIN)),
    ("switched to both in one", PRESENT, supplies((35, 6)) + supplies((5, -25), medicine=BOTH)),
    ("both supplied again", UNKNOWN,
     [*supplies((35, 6)), *supplies((35, 6), medicine=SITAGLIPTIN),
      *supplies((5, -25), medicine=BOTH)]),
    ("one goes on, another is new", PRESENT,
     supplies((35, 6), (5, -25)) + supplies((4, -26), medicine=SITAGLIPTIN)),
]  # fmt: skip


def tables_of(cases):
    """Give the tables of a hospital in which each case is a person with a complete record."""
    rows = {name: [] for name in TABLES}
    rows["concept"] = [
        {"concept_id": each, "vocabulary_id": "RxNorm", "concept_code": code, "domain_id": "Drug"}
        for each, code in CONCEPTS
    ]
    rows["concept_ancestor"] = [
        {"ancestor_concept_id": each, "descendant_concept_id": BOTH}
        for each in (METFORMIN, SITAGLIPTIN)
    ]
    for number, (*_, some) in enumerate(cases, start=1):
        person = {"person_id": number}
        rows["person"].append({**person, "gender_concept_id": 8532, "year_of_birth": 1960})
        rows["observation_period"].append(
            {**person, "observation_period_id": number,
             "observation_period_start_date": date(2010, 1, 1),
             "observation_period_end_date": date(2026, 12, 31)}
        )  # fmt: skip
        for each in some:
            exposure = {"drug_exposure_id": len(rows["drug_exposure"]) + 1}
            rows["drug_exposure"].append({**person, **each, **exposure})
    return {name: pa.Table.from_pylist(rows[name], TABLES[name]) for name in TABLES}


def answers(study, population, tables):
    """Give the judge's answers of E10 by person, once the hospital gave the same, with its rows."""
    criteria = tuple(each for each in study.criteria if each.id == "E10")
    asked = Asked(study.model_copy(update={"criteria": criteria}), AS_OF, ANCHORS)
    expected = judged(asked, tables, population)
    difference = compared(asked, expected, population)

    assert difference.told == []
    return {person: answer for (person, arm, _), (answer, *_) in expected.items() if arm == "A"}


@pytest.fixture(scope="module")
def found(shipped, tmp_path_factory):
    """Give the answers, alike in DuckDB."""
    tables = tables_of(CASES)
    with in_duckdb(tmp_path_factory.mktemp("refills"), tables) as population:
        return answers(shipped, population, tables)


@pytest.mark.parametrize("case", range(len(CASES)), ids=[name for name, *_ in CASES])
def test_a_supply_that_follows_another_is_asked_about(found, case):
    """It keeps nobody out and lets nobody in; a start, a restart and a switch keep out."""
    assert found[case + 1] == CASES[case][1]


def test_postgresql_answers_alike(shipped, postgres):
    """It orders and counts days by its own rules."""
    tables = tables_of(CASES)
    with in_postgres(postgres, tables) as population:
        told = answers(shipped, population, tables)

    assert list(told.values()) == [expected for _, expected, _ in CASES]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Spark leaves its sockets to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_answers_alike(shipped, tmp_path):
    """From Parquet files."""
    tables = tables_of(CASES)
    with in_spark(tmp_path, tables) as population:
        told = answers(shipped, population, tables)

    assert list(told.values()) == [expected for _, expected, _ in CASES]
