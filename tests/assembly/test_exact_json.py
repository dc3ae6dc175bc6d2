"""JSON with exact numbers."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.assembly.exact_json import exact_json
from trialwright.questions.reading import read_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.decimals(min_value=-(10**9), max_value=10**9, places=4)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, st.integers(0, 4))
def test_what_is_written_reads_back_to_the_digit(value, indent):
    """Names, texts, decimals and nesting survive, indented or not."""
    text = exact_json(value, indent)

    assert read_json(text) == value
    json.loads(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("9.50"), "9.50"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.1"), "0.1"),
        (date(2026, 3, 9), '"2026-03-09"'),
        ((1, "a"), '[1, "a"]'),
        ({}, "{}"),
        ([], "[]"),
    ],
)
def test_each_kind_has_its_form(value, text):
    """Decimals keep their digits and have no exponent."""
    assert exact_json(value) == text


def test_an_indented_text_is_the_one_that_json_writes():
    """People read it as any other JSON."""
    value = {"a": [1, {"b": None}], "c": [], "d": {}}

    assert exact_json(value, 2) == json.dumps(value, indent=2)


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, {"a": object()}])
def test_what_has_no_exact_form_is_no_json(value):
    """A wrong type is a fault of the program, not a text."""
    with pytest.raises((TypeError, ValueError)):
        exact_json(value)
