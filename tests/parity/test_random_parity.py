"""Judging one participant and screening a hospital agree where the rows and the rules are drawn.

The rows hold every trap of the tables, at and beside every bound; the rules are those of the first
protocol, and trees drawn at random. Compared are the answer and the first record of its evidence,
of every participant, arm and criterion.
"""

from collections import Counter
from datetime import date, timedelta

import pyarrow.compute as pc
import pytest
from tests.parity.comparing import Asked, compared, judged
from tests.parity.engines import in_duckdb, in_postgres, in_spark
from tests.parity.random_rows import random_rows
from tests.parity.random_trees import LABORATORY, random_study
from tests.sizes import SUITES, sized

BATCH = 500 if SUITES else 100
"""People of one call of an engine."""

BATCHES = sized(40, default=1)
"""Batches of each suite: 20,000 people, a tenth of them, or one small batch."""

FEW = sized(300, default=40)
"""People for Spark, which takes longest to compile."""

CRITERIA = 12
"""Criteria of a drawn study."""

DAY = date(2026, 3, 2)
ANCHORS = {
    "consent": DAY - timedelta(4),
    "screening": DAY,
    "registration": DAY + timedelta(3),
    "first_dose": DAY + timedelta(7),
}


def as_of(seed):
    """Give the day up to which facts count: among, at, before and after the anchors."""
    return DAY + timedelta((3, 0, 10, -6)[seed % 4])


def of_protocol(shipped, seed):
    """Ask for the criteria of the first protocol."""
    return Asked(shipped, as_of(seed), ANCHORS)


def of_trees(shipped, seed):
    """Ask for criteria drawn at random."""
    return Asked(random_study(shipped, seed, CRITERIA), as_of(seed), ANCHORS, LABORATORY)


@pytest.mark.sized
@pytest.mark.parametrize("seed", range(1, BATCHES + 1))
@pytest.mark.parametrize("ask", [of_protocol, of_trees])
def test_judge_duckdb_and_postgresql_agree(ask, seed, shipped, request, tmp_path):
    """The same answer, by the same record, one at a time and all at once.

    PostgreSQL plans these statements for longer than all the rest takes: it is asked in the long
    suites alone.
    """
    asked = ask(shipped, seed)
    tables = random_rows(asked.study, seed, BATCH, DAY)

    with in_duckdb(tmp_path, tables) as population:
        expected = judged(asked, tables, population)
        assert compared(asked, expected, population).told == []
    if SUITES:
        with in_postgres(request.getfixturevalue("postgres"), tables) as population:
            assert compared(asked, expected, population).told == []

    answered = Counter(answer for answer, _, _ in expected.values())
    assert len(expected) == BATCH * len(asked.study.arms) * len(asked.study.criteria)
    assert min(answered[each] for each in (0, 1, 2)) > len(expected) // 100


LARGE = 2**50
"""A day and an id as large as this fit in no number of 64 bits together."""


def test_ids_that_fill_a_number_decide_nothing(shipped, tmp_path):
    """All criteria of the first protocol, over results that are numbered so."""
    asked = of_protocol(shipped, 7)
    tables = dict(random_rows(asked.study, 7, FEW, DAY))
    place = tables["measurement"].schema.get_field_index("measurement_id")
    larger = pc.add(tables["measurement"]["measurement_id"], LARGE)
    tables["measurement"] = tables["measurement"].set_column(place, "measurement_id", larger)

    with in_duckdb(tmp_path, tables) as population:
        expected = judged(asked, tables, population)
        by_duckdb = compared(asked, expected, population)

    assert by_duckdb.compared == FEW * len(asked.study.arms) * len(asked.study.criteria)
    assert by_duckdb.told == []


ASKED_OF_SPARK = ("I01", "I06", "I10", "E04", "E06")
"""Criteria of most kinds of rules."""


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # Spark leaves its sockets to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_judge_and_spark_agree(shipped, tmp_path):
    """A third engine, for fewer people and criteria: it plans for long what it soon works out."""
    criteria = tuple(
        each for each in shipped.criteria if SUITES == "full" or each.id in ASKED_OF_SPARK
    )
    asked = of_protocol(shipped.model_copy(update={"criteria": criteria}), 5)
    tables = random_rows(asked.study, 5, FEW, DAY)

    with in_spark(tmp_path, tables) as population:
        expected = judged(asked, tables, population)
        by_spark = compared(asked, expected, population)

    assert by_spark.compared == FEW * len(asked.study.arms) * len(criteria)
    assert by_spark.told == []
