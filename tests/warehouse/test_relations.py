"""Tables worked out over arrays hold the rows that a database gives."""

import random
from datetime import date, datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pytest

from trialwright.warehouse.bits import of_all, of_any
from trialwright.warehouse.columns import choose
from trialwright.warehouse.relations import planned
from trialwright.warehouse.rows import read_rows

NEW_YEAR = datetime.fromisoformat("2025-01-01")

MANY = 3000
"""Rows enough for people to have several, some of them of one day."""


def rows_of(seed, people):
    """Give rows of some people, in no order, with nulls."""
    chance = random.Random(seed)  # noqa: S311 - draws rows, keeps no secret
    days = [date(2025, 1, 1) + timedelta(each) for each in range(40)]
    return pa.table(
        {
            "person_id": pa.array([chance.choice(people) for _ in range(MANY)], pa.int64()),
            "term": pa.array([chance.randrange(5) for _ in range(MANY)], pa.int16()),
            "on": pa.array([chance.choice(days) for _ in range(MANY)], pa.date32()),
            "at": pa.array(
                [
                    chance.choice([None, NEW_YEAR + timedelta(hours=each % 24)])
                    for each in range(MANY)
                ],
                pa.timestamp("us"),
            ),
            "code": pa.array(chance.sample(range(10**12, 10**12 + 10 * MANY), MANY), pa.int64()),
            "micro": pa.array(
                [chance.choice([None, chance.randrange(-(10**9), 10**9)]) for _ in range(MANY)],
                pa.int64(),
            ),
            "word": pa.array([chance.randrange(2**40) for _ in range(MANY)], pa.int64()),
            "is_sure": pa.array([chance.choice([True, False, None]) for _ in range(MANY)]),
            "number": pa.array([chance.randrange(6) for _ in range(MANY)], pa.int16()),
        }
    )


HELD = {
    "close": rows_of(1, range(400, 900)),
    "apart": rows_of(2, [each * 10**13 + 400 for each in range(-40, 40)] + [500, 501]),
    "none": rows_of(1, [7]).slice(0, 0),
}
"""Numbers of people that lie close together, far apart, and nobody."""


def grouped(t):
    """Reduce rows in every way that rules ask for."""
    is_late = t.on >= ibis.literal(date(2025, 1, 20), "date")
    return t.group_by("person_id", "term").agg(
        last=t.code.max(),
        first=t.code.min(where=is_late),
        newest=t.on.max(),
        known=t.micro.count(where=t.is_sure),
        rows=t.code.count(),
        sum=t.micro.sum(where=is_late & t.is_sure),
        any=of_any(t.word),
        all=of_all(t.word),
        days=t.on.nunique(where=t.is_sure),
        at_last=t.word.argmax(t.code),
        at_first=t.word.argmin(t.code, where=is_late),
        half=(t.code.max() & 1023) + 1,
    )


def windowed(t):
    """Ask of rows what they owe to the others of their person."""
    own = ibis.window(group_by=t.person_id)
    by_day = [t.on, t.code.desc()]
    marked = t.mutate(
        place=ibis.row_number().over(ibis.window(group_by=t.person_id, order_by=by_day)),
        before=t.on.lag().over(ibis.window(group_by=t.person_id, order_by=by_day)),
        so_far=t.word.sum().over(ibis.cumulative_window(group_by=t.person_id, order_by=by_day)),
        newest=t.on.max().over(own),
    )
    marked = marked.filter(marked.place < 3)
    return marked.mutate(
        since=marked.on.delta(marked.before, unit="day"), is_newest=marked.on == marked.newest
    )


def joined(t, how):
    """Put rows beside those of another table, which may be none, one or several."""
    other = t.filter(t.term == 2).select("person_id", "at", beside="code")
    both = t.inner_join(other, ["person_id", "at"]) if how == "inner" else t.left_join(
        other.rename(its="person_id", then="at"), [("person_id", "its"), ("at", "then")]
    )  # fmt: skip
    return both.select("person_id", "term", "code", "beside", more=both.beside + 1)


def told(t):
    """Ask what a table of this process says of the number of each row; of 4 it says two things."""
    says = ibis.memtable(
        pa.table(
            {
                "number": pa.array([0, 1, 4, 4, 5, 9], pa.int16()),
                "edge": pa.array([0, 10**8, -(10**8), 5, None, 6], pa.int64()),
                "said": pa.array([10, 11, 12, 13, None, 14], pa.int64()),
                "is_own": pa.array([True, False, False, True, None, True]),
            }
        )
    )
    both = t.inner_join(says, "number")
    both = both.mutate(micro=both.micro.fill_null(both.said))
    return both.select(
        "person_id",
        "code",
        "said",
        "micro",
        answer=choose(
            (both.is_own & (both.micro < both.edge), both.said),
            (both.edge == 5, both.word),
            otherwise=both.micro,
        ),
        either=both.is_own | (both.micro > both.edge),
    )


ASKED = {
    "some": lambda t: t.filter(t.is_sure, t.term.isin([1, 3])).select("code", twice=t.micro * 2),
    "grouped": grouped,
    "windowed": windowed,
    "inner": lambda t: joined(t, "inner"),
    "left": lambda t: joined(t, "left"),
    "told": told,
    "once": lambda t: t.select("person_id", "term").distinct(),
    "under": lambda t: ibis.union(
        t.select("code", n=t.term.cast("int64")), t.select("code", n=t.micro), distinct=False
    ),
    "of_groups": lambda t: (
        t.group_by("person_id", "term")
        .agg(last=t.code.max())
        .group_by("person_id")
        .agg(terms=ibis._.term.count(), most=ibis._["last"].max())
    ),
}


def listed(rows):
    """Give rows as tuples in order, whatever the order of columns."""
    return sorted(zip(*(rows[name] for name in sorted(rows)), strict=True), key=repr)


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("asked", ASKED)
def test_arrays_hold_the_rows_that_a_database_gives(name, asked):
    """Nulls, rows of one key and keys without a row included."""
    connection = ibis.duckdb.connect()
    by_database = ASKED[asked](connection.create_table("t", HELD[name])).to_pyarrow()
    table = ibis.table(connection.table("t").schema(), name="t")

    found = planned(ASKED[asked](table))({"t": read_rows(HELD[name])}.__getitem__)

    wanted = read_rows(by_database)
    columns = [
        {
            each: np.where(np.broadcast_to(column.known_all(), rows.size), column.values, None)
            for each, column in rows.columns.items()
        }
        for rows in (found, wanted)
    ]
    assert found.size == wanted.size
    assert listed(columns[0]) == listed(columns[1])


def test_a_table_may_tell_of_more_numbers_than_fit_in_sixteen_bits():
    """Each row beside what is told of its own number, in whatever order they come."""
    many = 2**15 + 10
    says = pa.table({"number": pa.array(range(many), pa.int32()), "said": pa.array(range(many))})
    t = ibis.table({"number": "int32", "code": "int64"}, name="t")
    both = t.inner_join(ibis.memtable(says), "number").select("code", "said")
    plan = planned(both.select("code", twice=both.said * 2))
    numbers = np.random.default_rng(1).permutation(many)

    rows = read_rows(pa.table({"number": pa.array(numbers, pa.int32()), "code": numbers}))
    found = plan({"t": rows}.__getitem__)

    assert found.size == many
    assert np.array_equal(found.columns["twice"].values, 2 * found.columns["code"].values)


def test_what_no_rule_asks_for_is_refused():
    """A plan names what it does not know before any row is read."""
    t = ibis.table({"person_id": "int64", "word": "int64"}, name="t")

    with pytest.raises(TypeError, match="StandardDev is not worked out over arrays"):
        planned(t.group_by("person_id").agg(spread=t.word.std()))
