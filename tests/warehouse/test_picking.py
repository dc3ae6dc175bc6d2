"""One of two values, row by row: as `numpy.where` gives them, whatever their types."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy

from trialwright.warehouse.picking import picked

KINDS = ("bool", "int8", "int16", "int32", "int64", "uint8", "float64")


def same(found, expected):
    """Say whether two arrays agree in values and type."""
    return found.dtype == expected.dtype and np.array_equal(found, expected, equal_nan=True)


@given(st.data(), st.sampled_from(KINDS))
def test_picks_as_where_does(data, kind):
    """Whichever one or the other is one for all."""
    rows = data.draw(st.integers(0, 20))
    holds = data.draw(of_numpy.arrays(np.bool_, rows))
    one = data.draw(of_numpy.arrays(kind, data.draw(st.sampled_from([(), (rows,)]))))
    other = data.draw(of_numpy.arrays(kind, data.draw(st.sampled_from([(), (rows,)]))))
    with np.errstate(invalid="ignore"):
        assert same(picked(holds, one, other), np.where(holds, one, other))


@pytest.mark.parametrize(("one", "other"), [("int8", "int64"), ("bool", "int8")])
def test_two_types_become_the_wider(one, other):
    """As numbers of two types do elsewhere."""
    holds = np.array([True, False])
    first, second = np.array([1, 0], one), np.array([5, 7], other)
    assert same(picked(holds, first, second), np.where(holds, first, second))


def test_words_are_picked():
    """They are no bits."""
    holds = np.array([True, False])
    found = picked(holds, np.array(["a", "b"], object), np.array(["c", "d"], object))
    assert found.tolist() == ["a", "d"]
