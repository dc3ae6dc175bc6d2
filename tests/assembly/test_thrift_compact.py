"""Structures in Thrift's compact form, by the examples of its specification and by writing back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.assembly.thrift_compact import (
    BINARY,
    BYTE,
    DOUBLE,
    FALSE,
    I16,
    I32,
    I64,
    LIST,
    STRUCT,
    TRUE,
    Field,
    read_struct,
    write_struct,
)

WHOLE = st.integers(-(2**63), 2**63 - 1)


def fields(values):
    """Give structures of some values."""
    made = values.map(lambda each: Field(*each))
    return st.dictionaries(st.integers(1, 300), made, max_size=6)


VALUES = st.recursive(
    st.one_of(
        st.sampled_from([(TRUE, True), (FALSE, False)]),
        st.tuples(st.just(BYTE), st.integers(0, 255)),
        st.tuples(st.sampled_from([I16, I32, I64]), WHOLE),
        st.tuples(st.just(DOUBLE), st.binary(min_size=8, max_size=8)),
        st.tuples(st.just(BINARY), st.binary()),
        st.tuples(st.just(LIST), st.tuples(st.just(I32), st.lists(WHOLE, max_size=20))),
    ),
    lambda inner: st.tuples(st.just(STRUCT), fields(inner)),
    max_leaves=20,
)


@given(fields(VALUES))
def test_what_is_written_is_read_back(struct):
    """Every kind, near and far field numbers, short and long lists."""
    assert read_struct(write_struct(struct)) == dict(sorted(struct.items()))


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (Field(I32, 50399), "15be930600"),  # the specification's example of a folded number
        (Field(I64, -1), "160100"),
        (Field(TRUE, True), "1100"),  # noqa: FBT003
        (Field(BINARY, b"ab"), "1802616200"),
        (Field(LIST, (I32, [1, 2])), "1925020400"),
    ],
)
def test_fields_are_told_as_thrift_tells_them(field, told):
    """One field of number 1."""
    assert write_struct({1: field}).hex() == told


def test_a_map_is_not_read():
    """Footers of Parquet hold none."""
    with pytest.raises(ValueError, match="kind 11"):
        read_struct(bytes.fromhex("1b00"))
