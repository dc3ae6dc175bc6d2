"""Tables worked out over arrays hold the rows that a database gives."""

import random
from datetime import date, datetime, timedelta

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.warehouse.arrays import Column
from trialwright.warehouse.bits import of_all, of_any
from trialwright.warehouse.columns import choose
from trialwright.warehouse.grouping import grouped as grouped_rows
from trialwright.warehouse.keys import Keys, ordered
from trialwright.warehouse.relations import planned
from trialwright.warehouse.rows import read, read_rows

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


SPARSE = rows_of(3, range(0, 10**6, 331))

HELD = {
    "close": rows_of(1, range(400, 900)),
    "apart": rows_of(2, [each * 10**13 + 400 for each in range(-40, 40)] + [500, 501]),
    "sparse": SPARSE,
    "sorted": SPARSE.sort_by("person_id"),
    "none": rows_of(1, [7]).slice(0, 0),
}
"""Numbers of people that lie close together, far apart, between both, in order, and nobody."""


SCHEMA = ibis.memtable(SPARSE).schema()


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
        latest=t.on.max().over(ibis.cumulative_window(group_by=t.person_id, order_by=t.code)),
        most=t.micro.max().over(ibis.cumulative_window(group_by=t.person_id, order_by=t.code)),
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


def told_by_term(t):
    """Ask so much of single terms that rows of each are worked out by themselves."""
    return t.select(
        "code",
        **{
            f"of_{term}_{number}": choose(
                (
                    (t.term == term) & t.is_sure & (t.micro > number * 10**8),
                    t.word & (2**number - 1),
                ),
                (t.term.isin([term, 4]) & t.micro.isnull(), t.micro.fill_null(number) + t.term),
                otherwise=0,
            )
            for term in range(20)
            for number in range(-1, 3)
        },
    )


def unread(t):
    """Ask of single terms whether nothing is known, below a selection that names them anew."""
    named = t.select("code", "micro", what=t.term)
    return named.select(
        "code",
        **{
            f"of_{term}_{word}": (named.what == term) & is_so
            for term in range(20)
            for word, is_so in (("none", named.micro.isnull()), ("some", named.micro.notnull()))
        },
    )


def in_order(t):
    """Group rows that are grouped already, and those that follow from them."""
    each = t.group_by("person_id", "term").agg(
        word=of_any(t.word), last=t.code.max(), micro=t.micro.sum()
    )
    return each.group_by("person_id").agg(
        any=of_any(each.word),
        all=of_all(each.word),
        most=each["last"].max(),
        least=each["last"].min(),
        at_most=each.word.argmax(each["last"]),
        sure=each["last"].max(where=each.term > 2),
    )


ASKED = {
    "by_term": told_by_term,
    "unread": unread,
    "at_best_where": lambda t: t.group_by("person_id").agg(
        at_most=t.word.argmax(t.code, where=t.is_sure), sure=t.is_sure.count(where=t.is_sure)
    ),
    "in_order": in_order,
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


@pytest.mark.parametrize("first", [pc.is_null, pc.is_valid])
@pytest.mark.parametrize("asked", ["told", "by_term", "unread"])
def test_what_the_first_rows_have_in_common_is_not_taken_for_all(asked, first):
    """A plan runs for part after part: the first without a number, or with all of them."""
    table = ibis.table({name: str(kind) for name, kind in SCHEMA.items()}, name="t")
    plan = planned(ASKED[asked](table))
    parts = [HELD["close"].filter(first(HELD["close"]["micro"])), HELD["close"]]

    for part in (*parts, *parts[::-1]):
        found = plan({"t": read_rows(part)}.__getitem__)
        fresh = planned(ASKED[asked](table))({"t": read_rows(part)}.__getitem__)
        assert found.size == fresh.size
        for name, column in fresh.columns.items():
            known = np.broadcast_to(column.known_all(), fresh.size)
            assert (np.broadcast_to(found.columns[name].known_all(), fresh.size) == known).all()
            assert (found.columns[name].values == column.values)[known].all()


@given(rows=st.integers(0, 40), chance=st.randoms(use_true_random=False), keys=st.integers(1, 4))
def test_rows_are_in_the_order_of_their_keys(rows, chance, keys):
    """Keys of any width, several in one number where they fit; equal ones keep their order."""
    widths = [chance.choice([1, 2, 12, 30, 47, 62]) for _ in range(keys)]
    columns = [
        np.array([chance.randrange(-(2**width) // 2, 2**width // 2 + 1) for _ in range(rows)])
        for width in widths
    ]
    columns = [each.astype(np.int64) for each in columns]

    assert ordered(columns).tolist() == np.lexsort(columns[::-1]).tolist()


@pytest.mark.parametrize(
    "keys", [[np.array([2**63 - 1, -(2**63), 0])], [np.array([2, 10**30, -1], dtype=object)]]
)
def test_rows_are_in_the_order_of_any_numbers(keys):
    """Of those that fit beside no row, and of such as no machine has."""
    assert ordered(keys).tolist() == np.lexsort(keys[::-1]).tolist()


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.bool_])
def test_narrow_numbers_from_one_end_to_the_other_are_keys(kind):
    """The greatest less the least fits in no number of their width."""
    ends = [False, True] if kind is np.bool_ else [np.iinfo(kind).min, np.iinfo(kind).max]
    values = np.array([ends[1], ends[0], ends[1], ends[0], ends[1]], dtype=kind)

    found = grouped_rows([Column(values)])

    assert found.of_row.tolist() == [1, 0, 1, 0, 1]
    assert (
        Keys([Column(values)]).of([Column(values[:2])]).tolist()
        == Keys([Column(values)]).own[:2].tolist()
    )


def test_numbers_that_are_not_known_are_read_as_none():
    """Whatever an engine left in their place, in pieces and from their middle."""
    whole = pa.array([1, None, 3, None, 5, 6, None], pa.int64())
    pieces = pa.chunked_array([whole.slice(1, 3), whole.slice(4, 0), whole.slice(3)])
    found = read(pieces)

    assert found.values.tolist() == [0, 3, 0, 0, 5, 6, 0]
    assert found.known.tolist() == [False, True, False, False, True, True, False]
    days = read(pa.chunked_array([pa.array([None, date(1970, 1, 3)])]))
    assert (days.values.tolist(), days.values.dtype) == ([0, 2], np.int32)
    halves = read(pa.chunked_array([pa.array([0.5, None])]))
    assert (halves.values.tolist(), halves.values.dtype) == ([0.5, 0.0], np.float64)


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


def test_numbers_that_a_table_in_order_does_not_tell_are_left_out():
    """Those after its last, and those below its first."""
    says = pa.table({"number": pa.array([0, 1], pa.int16()), "said": pa.array([7, 8])})
    t = ibis.table({"number": "int16", "code": "int64"}, name="t")
    both = t.inner_join(ibis.memtable(says), "number").select("code", "said")
    plan = planned(both.select("code", twice=both.said * 2))

    rows = read_rows(pa.table({"number": pa.array([1, 2, -1, 0], pa.int16()), "code": range(4)}))
    found = plan({"t": rows}.__getitem__)

    assert dict(zip(found.columns["code"].values, found.columns["twice"].values, strict=True)) == {
        0: 16,
        3: 14,
    }


def test_what_no_rule_asks_for_is_refused():
    """A plan names what it does not know before any row is read."""
    t = ibis.table({"person_id": "int64", "word": "int64"}, name="t")

    with pytest.raises(TypeError, match="StandardDev is not worked out over arrays"):
        planned(t.group_by("person_id").agg(spread=t.word.std()))


def test_a_window_that_no_rule_asks_for_is_refused():
    """By the name of what is asked of the rows."""
    t = ibis.table({"person_id": "int64", "word": "int64"}, name="t")
    own = ibis.window(group_by=t.person_id, order_by=t.word)

    with pytest.raises(TypeError, match="MinRank is not worked out over such rows"):
        planned(t.mutate(rank=ibis.rank().over(own)))
