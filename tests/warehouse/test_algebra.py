"""Expressions worked out over arrays give what a database gives."""

from datetime import date
from decimal import Decimal
from itertools import product

import ibis
import numpy as np
import pyarrow as pa
import pytest

from trialwright.warehouse.arrays import Column
from trialwright.warehouse.columns import choose
from trialwright.warehouse.people import People
from trialwright.warehouse.programs import Program
from trialwright.warehouse.rows import read

TRUTHS = (True, False, None)
NUMBERS = (0, 1, 2, None)
ROWS = pa.table(
    {
        name: pa.array(values, kind)
        for (name, kind), values in zip(
            (("a", pa.bool_()), ("b", pa.bool_()), ("x", pa.int8()), ("y", pa.int64())),
            zip(*product(TRUTHS, TRUTHS, NUMBERS, NUMBERS), strict=True),
            strict=True,
        )
    }
)
"""Every combination, nulls included."""

DAYS = [date(2026, 1, 1), date(2026, 1, 2), date(1969, 12, 31), None]
ROWS = ROWS.append_column(
    "d", pa.array([DAYS[row % len(DAYS)] for row in range(ROWS.num_rows)], pa.date32())
)


def expressions(t):
    """Give one expression for each way in which rules put columns together."""
    return {
        "both": t.a & t.b,
        "either": t.a | t.b,
        "both_of_one_known": t.a & t.x.isnull(),
        "both_of_other_known": t.x.isnull() & t.a,
        "either_of_one_known": t.a | t.x.isnull(),
        "either_of_other_known": t.x.isnull() | t.a,
        "not_it": ~t.a,
        "case": choose((t.a, t.x), (t.b, t.y), otherwise=7),
        "case_null": choose((t.a & t.b, t.x), otherwise=ibis.null("int8")),
        "first": ibis.coalesce(t.x, t.y, 9),
        "first_null": ibis.coalesce(t.x, t.y),
        "none_for_one": t.x.nullif(ibis.literal(1, "int8")),
        "none_for_other": t.y.nullif(t.x),
        "is_null": t.x.isnull(),
        "not_null": (t.x + t.y).notnull(),
        "equal": t.x == t.y,
        "less": t.x < t.y,
        "at_most": t.x <= t.y,
        "differs": t.x != t.y,
        "among": t.x.isin([0, 2]),
        "sum": t.x + t.y * 3 - 1,
        "less_it": 1 - t.x,
        "of_no_whole_number": t.y.cast("float64") * 2.5,
        "bits": ((t.y << 5) | 3) & 97,
        "shifted": t.y >> 1,
        "parts": (t.y - 5) // 2,
        "least": ibis.least(t.x.fill_null(1), t.y.fill_null(0)),
        "greatest": ibis.greatest(t.x.fill_null(1), t.y.fill_null(0)),
        "least_known": ibis.least(t.x, t.y),
        "greatest_known": ibis.greatest(t.y, t.x, t.y - 1),
        "least_of_one_known": ibis.least(t.x, 1),
        "greatest_of_other_known": ibis.greatest(1, t.y),
        "floor": ((t.y.cast("float64") - 3) / 2).floor() * 10**17 + 1,
        "round": ((t.y.cast("float64") - 3) / 2).round() * 10**17 + 1,
        "round_up": (t.y.cast("float64") / 2).round() * 10**17 + 1,
        "late": t.d >= ibis.literal(date(2026, 1, 2), "date"),
        "early": t.d < ibis.literal(date(1970, 1, 1), "date"),
        "truth": choose((t.a, t.b), (t.x == 1, True), otherwise=False),
        "wide_case": choose((t.a, t.y + 2**60 + 1), otherwise=t.x),
        "wider": t.x.cast("int64") * 10**12,
    }


@pytest.fixture(scope="module")
def by_database():
    """Give what DuckDB finds."""
    connection = ibis.duckdb.connect()
    table = connection.create_table("t", ROWS)
    return table.select(**expressions(table)).to_pyarrow().to_pydict()


NOTED = ibis.table({name: str(kind) for name, kind in ibis.memtable(ROWS).schema().items()}, "t")


@pytest.mark.parametrize("name", expressions(NOTED))
def test_arrays_give_what_a_database_gives(name, by_database):
    """Over every combination of truths and numbers."""
    program = Program({name: expressions(NOTED)[name]})

    given = {each: read(ROWS[each]) for each in program.asked}
    found = program.run(given, ROWS.num_rows)[name]

    values = np.where(np.broadcast_to(found.known_all(), ROWS.num_rows), found.values, None)
    assert values.tolist() == by_database[name]
    assert [type(each) for each in values.tolist()] == [type(each) for each in by_database[name]]


def test_what_is_shared_is_worked_out_once():
    """A column, a constant, their sum, two more constants, and both products."""
    noted = ibis.table({"y": "int64"}, name="noted")
    twice = noted.y + 1

    program = Program({"one": twice * 2, "other": twice * 3})

    assert len(program._steps) == 7


def test_products_stay_exact_beyond_sixty_four_bits():
    """In 64 bits they would be some other numbers."""
    noted = ibis.table({"y": "decimal(38, 0)", "z": "int64"}, name="noted")
    program = Program({"much": noted.y * noted.z * 10**6})

    given = {"y": Column(np.array([9 * 10**17, -2, 5])), "z": Column(np.array([10**13, 7, 0]))}
    found = program.run(given, 3)["much"]

    assert found.values.tolist() == [9 * 10**36, -14 * 10**6, 0]


def test_products_of_small_numbers_are_exact_however_they_are_held():
    """Beside a decimal constant too."""
    noted = ibis.table({"y": "decimal(38, 0)"}, name="noted")
    three = ibis.literal(Decimal(3), "decimal(38, 0)")
    program = Program({"much": noted.y * three, "more": three + noted.y})

    given = {"y": Column(np.array([2, -5, 0], object))}
    found = program.run(given, 3)

    assert found["much"].values.tolist() == [6, -15, 0]
    assert found["more"].values.tolist() == [5, -2, 3]


def test_a_step_that_is_not_known_says_which():
    """A kind of rule that puts columns together in a new way is told at once."""
    noted = ibis.table({"s": "string"}, name="noted")

    with pytest.raises(TypeError, match="Uppercase is not worked out"):
        Program({"said": noted.s.upper()})


def test_a_choice_of_wide_numbers_stays_exact():
    """Thirty-five digits, of which a floating number keeps sixteen."""
    noted = ibis.table({"y": "decimal(38, 0)", "is_it": "boolean"}, name="noted")
    none = ibis.null("decimal(38, 0)")
    program = Program({"much": choose((noted.is_it, noted.y * 10**18), otherwise=none)})

    numbers = np.array([10**16 + 1, 10**16 + 3, 5], object)
    given = {"y": Column(numbers), "is_it": Column(np.array([True, True, False]))}
    found = program.run(given, 3)["much"]

    assert found.values[:2].tolist() == [(10**16 + 1) * 10**18, (10**16 + 3) * 10**18]
    assert found.known.tolist() == [True, True, False]


def test_words_are_compared_and_chosen():
    """A null is no word, and equal to none."""
    noted = ibis.table({"sex": "string"}, name="noted")
    other = choose((noted.sex == "female", "male"), (noted.sex == "male", "female"), otherwise="")
    program = Program({"is_female": noted.sex == "female", "other": other})

    sexes = Column(np.array(["female", "male", ""], object), np.array([True, True, False]))
    found = program.run({"sex": sexes}, 3)

    assert found["is_female"].holds().tolist() == [True, False, False]
    assert found["is_female"].known.tolist() == [True, True, False]
    assert found["other"].values.tolist() == ["male", "female", ""]


def test_a_number_with_decimals_becomes_no_whole_one():
    """Engines round halves each in their own way, so that rules round before they ask."""
    noted = ibis.table({"x": "float64", "n": "float32"}, name="noted")

    with pytest.raises(TypeError, match="a cast to int64 is not worked out"):
        Program({"whole": noted.x.cast("int64")})
    wide = Program({"wide": noted.n.cast("float64")}).run({"n": Column(np.float32([0.5]))}, 1)
    assert wide["wide"].values.tolist() == [0.5]
    assert wide["wide"].values.dtype == np.float64


@pytest.mark.parametrize("ids", [[5, 3, 9], [10**15, 7, -4]])
def test_people_are_found_by_their_numbers(ids):
    """Numbers close together by a table, others by search."""
    people = People(np.array(ids))
    asked = Column(np.array([*ids[::-1], 6, -9, 10**16, ids[0]]), np.array([True] * 6 + [False]))

    assert people.places(asked).tolist() == [2, 1, 0, -1, -1, -1, -1]
