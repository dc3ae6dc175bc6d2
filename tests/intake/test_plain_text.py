"""Plain JSON is read at once; everything else is left to the slower reader."""

import io
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import sized

from trialwright.intake import bundle_stream, plain_text
from trialwright.intake.plain_text import PlainText, is_shallow

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='[]{}"\\a\n,:'),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='[]{}"\\a'), inner),
)


def depth(value):
    """Count the levels of a value."""
    if not isinstance(value, dict | list):
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return 1 + max((depth(each) for each in inside), default=0)


def read(text, values=1000):
    """Read a text, if it is plain."""
    plain = PlainText(text, 10, values, 20)
    found = plain.value()
    return found if plain.was_plain else "not plain"


@given(value=VALUES, most=st.integers(1, 6))
def test_the_depth_is_that_of_the_value(value, most):
    """Brackets inside texts, escapes and empty brackets change nothing."""
    assert is_shallow(json.dumps(value).encode(), most) is (depth(value) <= most)


@pytest.mark.parametrize("colon", [":", " : ", "\n:\t", "\r\n : "])
def test_a_name_and_its_colon_may_stand_apart(colon):
    """Names are counted by their colons, wherever these stand; a text may begin with one."""
    text = '{"a"%s":", "b"%s{"c"%s": d", "e"%s"\\":"}}'.replace("%s", colon)

    assert read(text.encode()) == {"a": ":", "b": {"c": ": d", "e": '":'}}


@pytest.mark.sized
@settings(max_examples=sized(1000, 30))
@given(value=VALUES)
def test_plain_text_is_read_as_the_language_reads_it(value):
    """Nothing is lost of what is plain."""
    if depth(value) <= 10 and not any(len(str(n)) > 20 for n in whole_numbers(value)):
        assert read(json.dumps(value).encode()) == value


def whole_numbers(value):
    """List the numbers in a value."""
    if isinstance(value, dict):
        return [n for each in value.values() for n in whole_numbers(each)]
    if isinstance(value, list):
        return [n for each in value for n in whole_numbers(each)]
    return [value] if isinstance(value, int) else []


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"NaN",
        b"[-Infinity]",
        b'{"a": 1, "a": 1}',
        b'[{"a": 1, "a": 1}, ":"]',
        b'{"a" :1, "a":1}',
        b'{"a":1, "a"\n:1}',
        b'{"a":1, "a"\t:1, "b"\r:1, "b":1}',
        b"[" * 11 + b"]" * 11,
        b"[" * 5000,
        b"123456789012345678901",
        b"1e9999999999",
        b'"\xff"',
        b"[}",
        b"01",
        b"1 2",
        b'"a\nb"',
    ],
)
def test_what_is_not_plain_is_left_to_the_slower_reader(text):
    """It is neither read wrongly nor refused here."""
    assert read(text) == "not plain"


def test_too_many_values_are_not_plain():
    """The limit of an entry holds here too."""
    assert read(b"[1,2,3,4,5,6,7,8,9]", values=5) == "not plain"


@pytest.mark.parametrize("text", [b"[1.0,1.0,1.0]", b"[[],[]]", b'[{"a": {}}, {}]'])
def test_what_would_fill_the_memory_is_not_plain(text, monkeypatch):
    """Commas and brackets are counted before anything is read."""
    assert read(text) != "not plain"

    monkeypatch.setattr(plain_text, "MOST_SIGNS", 2)
    assert read(text) == "not plain"


def test_decimals_keep_their_digits():
    """As written, zeros at the end too."""
    assert str(read(b"1.50")) == "1.50"
    assert isinstance(read(b"1.0"), Decimal)


@pytest.mark.parametrize("most", [0, 10**9])
def test_both_readers_give_the_same_entries(most, monkeypatch):
    """A fault in the last entry comes after the entries before it, each given once."""
    monkeypatch.setattr(bundle_stream, "MOST_AT_ONCE", most)
    entries = b'[{"a": 1.0}, [2], {"a": 3, "a": 4}]'
    text = b'{"resourceType": "Bundle", "entry": ' + entries + b', "type": "batch"}'
    stream = bundle_stream.BundleStream(io.BytesIO(text))
    found = list(stream)

    assert [each.place for each in found] == [0, 1, 2]
    assert [len(each.faults) for each in found] == [0, 0, 1]
    assert stream.outline == {"resourceType": "Bundle", "entry": True, "type": "batch"}
