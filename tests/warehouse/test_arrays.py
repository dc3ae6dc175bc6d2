"""Columns of rows: values, which of them are known, and rows filled in one after another."""

import numpy as np
import pytest

from trialwright.warehouse.arrays import Column, Filling, together

SOME_KNOWN = Column(np.array([True, False, True]), np.array([True, True, False]))
ALL_KNOWN = Column(np.array([7, 8, 9], np.int16))
FOR_ALL = Column(np.asarray(5, np.int8))
NULL_FOR_ALL = Column(np.asarray(5, np.int8), np.False_)


def held(column, rows):
    """Give one value a row, None where it is not known."""
    values = np.broadcast_to(column.values.astype(object), rows)
    return np.where(np.broadcast_to(column.known_all(), rows), values, None).tolist()


def test_a_truth_that_is_not_known_does_not_hold():
    """Whatever stands in its place."""
    assert SOME_KNOWN.holds().tolist() == [True, False, False]
    assert Column(np.array([True, False])).holds().tolist() == [True, False]


@pytest.mark.parametrize("some", [slice(1, 3), np.array([1, 2])])
def test_a_part_holds_the_rows_asked_for(some):
    """By a span and by places; one value for all stays one."""
    assert held(SOME_KNOWN.part(some), 2) == [False, None]
    assert held(ALL_KNOWN.part(some), 2) == [8, 9]
    assert ALL_KNOWN.part(some).known is None
    assert np.ndim(FOR_ALL.part(some).values) == 0
    assert np.ndim(NULL_FOR_ALL.part(some).known) == 0


def test_one_row_is_a_value_for_all_of_the_same_type():
    """A word stays one."""
    words = Column(np.array(["no", "yes"], object), np.array([False, True]))

    assert ALL_KNOWN.one(1).is_one
    assert (ALL_KNOWN.one(1).values, ALL_KNOWN.one(1).values.dtype) == (8, np.int16)
    assert ALL_KNOWN.one(1).known is None
    assert [bool(SOME_KNOWN.one(row).known) for row in range(3)] == [True, True, False]
    assert (words.one(1).values.item(), bool(words.one(1).known)) == ("yes", True)


def test_what_is_known_of_all_or_of_none_is_said_once():
    """Of some it is said of each; of one value for all there is nothing to say anew."""
    values = np.array([1, 2], np.int16)
    all_of_them, none = (Column(values, np.array([each, each])) for each in (True, False))

    assert all_of_them.plain().known is None
    assert all_of_them.plain().values.tolist() == [1, 2]
    assert none.plain().is_one
    assert held(none.plain(), 2) == [None, None]
    assert none.plain().values.dtype == np.int16
    assert SOME_KNOWN.plain() is SOME_KNOWN
    assert ALL_KNOWN.plain() is ALL_KNOWN
    assert NULL_FOR_ALL.plain() is NULL_FOR_ALL


def test_rows_of_which_all_are_known_are_marked_so():
    """One value for all holds for other rows as well, and is left as it is."""
    assert ALL_KNOWN.marked().known.tolist() == [True, True, True]
    assert ALL_KNOWN.marked().known.dtype == np.bool_
    assert ALL_KNOWN.marked().values.tolist() == [7, 8, 9]
    assert SOME_KNOWN.marked() is SOME_KNOWN
    assert FOR_ALL.marked() is FOR_ALL
    assert NULL_FOR_ALL.marked() is NULL_FOR_ALL


def test_columns_under_each_other_keep_their_nulls():
    """Also where only one of them has any, or says so for all of its rows."""
    none = Column(np.array([1, 2], np.int16), np.False_)

    both = together([ALL_KNOWN, none, ALL_KNOWN])

    assert held(both, 8) == [7, 8, 9, None, None, 7, 8, 9]
    assert together([ALL_KNOWN, ALL_KNOWN]).values.tolist() == [7, 8, 9] * 2
    assert together([ALL_KNOWN, ALL_KNOWN]).known is None


def test_rows_are_filled_in_whatever_order_they_come():
    """What is known of all, of some and of none, and one value for all of a part."""
    filling = Filling(7)

    filling.fill(np.array([6, 0]), Column(np.array([60, 1], np.int8)))
    filling.fill(slice(1, 4), Column(np.array([2, 3, 4], np.int8), np.array([True, False, True])))
    filling.fill(np.array([4]), Column(np.asarray(5, np.int8), np.False_))
    filling.fill(np.array([5]), Column(np.asarray(6, np.int8)))

    found = filling.filled()
    assert held(found, 7) == [1, 2, None, 4, None, 6, 60]
    assert (found.values.dtype, found.known.dtype) == (np.int8, np.bool_)


@pytest.mark.parametrize("wide", [2**40, 300])
def test_a_later_part_may_need_wider_numbers(wide):
    """Nothing is cut off, whichever comes first."""
    parts = [Column(np.array([1], np.int8)), Column(np.array([wide], np.int64))]
    for order in ((0, 1), (1, 0)):
        filling = Filling(2)
        for place in order:
            filling.fill(slice(place, place + 1), parts[place])

        found = filling.filled()
        assert found.values.tolist() == [1, wide]
        assert found.values.dtype == np.int64
        assert found.known is None


def test_nothing_to_fill_is_an_empty_column():
    """Of no rows at all."""
    found = Filling(0).filled()

    assert found.values.size == 0
    assert found.known is None
