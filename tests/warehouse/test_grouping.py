"""Keys of rows: those that agree in every column have one number, and others find it."""

import numpy as np
import pytest

from trialwright.warehouse.algebra import Column
from trialwright.warehouse.grouping import Keys

ROWS = 40
CLOSE = np.arange(ROWS) % 7
APART = (np.arange(ROWS) % 5 - 2) * 10**13
WIDE = (np.arange(ROWS) % 3) * 10**12 + 5
SOME = (np.arange(ROWS) % 20) * 101
OTHER = (np.arange(ROWS) % 20) * 97


def columns(*values):
    """Make columns without nulls."""
    return [Column(np.asarray(each, dtype=np.int64)) for each in values]


HELD = {
    "close": (CLOSE,),
    "apart": (APART,),
    "both": (APART, CLOSE),
    "two apart": (APART, WIDE),
    "three": (WIDE, APART, CLOSE),
    "too many together": (SOME, OTHER),
    "too many with a third": (SOME, OTHER, CLOSE),
}
"""Numbers that a table of keys holds, and such as are searched."""


@pytest.mark.parametrize("values", HELD.values(), ids=HELD)
def test_rows_of_one_key_have_one_number_and_find_it_again(values):
    """The least key too; a key that does not occur, or is beyond those that do, is none."""
    keys = Keys(columns(*values))
    rows = list(zip(*values, strict=True))
    others = [np.append(each, [each.max() + 1, each.min() - 1, each.min() + 1]) for each in values]

    found = keys.of(columns(*others))

    number = dict(zip(rows, keys.own.tolist(), strict=True))
    assert len(set(number.values())) == len(number)
    assert 0 in number.values()
    assert max(number.values()) < keys.room
    wanted = [number.get(each, -1) for each in zip(*others, strict=True)]
    assert found.tolist() == wanted
    assert found.dtype == np.int64
    assert -1 in wanted


def test_no_rows_have_no_key():
    """So that others find none."""
    keys = Keys(columns([], []))

    assert keys.own.tolist() == []
    assert keys.of(columns([1, 2], [3, 4])).tolist() == [-1, -1]


def test_nulls_are_a_key_of_their_own():
    """Beside negative numbers too, of which none stands for null."""
    known = np.array([True, False, True, False, True])
    held = [Column(np.array([-1, 0, 0, 7, -1]), known)]

    own = Keys(held).own.tolist()

    assert own[1] == own[3]
    assert own[0] == own[4]
    assert len(set(own)) == 3


def test_rows_of_which_nothing_is_known_have_one_key():
    """Which those find that are known of nothing either."""
    nothing = Column(np.array([3, 4]), np.array([False, False]))
    keys = Keys([nothing])

    assert len(set(keys.own.tolist())) == 1
    assert keys.of([nothing]).tolist() == keys.own.tolist()
