"""One text for one value, whatever the order of keys; no binary float decides a digest."""

import hashlib
import json
from collections import OrderedDict
from datetime import date
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.canonical import canonical, digest
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.verdicts import Answer

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


class _Level(IntEnum):
    """A whole number with a name."""

    LOW = 1


def _reversed(value):
    """Turn the order of every mapping around."""
    match value:
        case dict():
            return {key: _reversed(value[key]) for key in reversed(value)}
        case list():
            return [_reversed(inner) for inner in value]
        case _:
            return value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        ({"a": {"d": 1, "c": 2}}, '{"a":{"c":2,"d":1}}'),
        ([False, 0, 1, True], "[false,0,1,true]"),
        ((1, 2), "[1,2]"),
        ("1.50", '"1.50"'),
        ("µmol/L", '"µmol/L"'),
        ("a\nb\x00", '"a\\nb\\u0000"'),
        ("", '""'),
        (-0, "0"),
        (10**299, "1" + "0" * 299),
        (MappingProxyType({"a": OrderedDict(b=())}), '{"a":{"b":[]}}'),
        ({"answer": Answer.NOT_MET, "level": _Level.LOW}, '{"answer":"not met","level":1}'),
    ],
)
def test_value_has_one_text(value, text):
    """Keys sorted, no spaces, signs as they are, and nothing but JSON."""
    assert canonical(value) == text


@given(JSON)
def test_order_of_keys_never_matters(value):
    """Two mappings with equal content have one text and so one digest."""
    assert canonical(value) == canonical(_reversed(value))


@given(JSON)
def test_text_reads_back_as_the_value(value):
    """Nothing is lost on the way to text."""
    assert json.loads(canonical(value)) == value


@given(JSON, JSON)
def test_different_values_have_different_texts(one, other):
    """True and 1 stay apart, as do "1.5" and "1.50"."""
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)

    assert (canonical(one) == canonical(other)) is same


def test_spelling_of_a_number_in_text_is_kept():
    """Decimal numbers travel as text: 1.5 and 1.50 are two records of two readings."""
    assert canonical({"dose": "1.5"}) != canonical({"dose": "1.50"})


ALLOWED = "text, whole numbers, true, false, null, lists and mappings"


@pytest.mark.parametrize(
    ("value", "where", "kind"),
    [
        (0.1, "value", "float"),
        (float("nan"), "value", "float"),
        ({"doses": [1, {"mg": 2.5}]}, "value.doses.1.mg", "float"),
        ((1, Decimal("1.5")), "value.1", "Decimal"),
        ({"on": date(2026, 1, 1)}, "value.on", "date"),
        ({"a": b"x"}, "value.a", "bytes"),
        ({"a": {1, 2}}, "value.a", "set"),
    ],
)
def test_value_without_canonical_text_is_refused_with_its_place(value, where, kind):
    """A float, a date or a Decimal is refused where it stands, never rounded or guessed."""
    with pytest.raises(Refusal) as refused:
        canonical(value)

    assert refused.value.faults == (
        Fault(where, f"a value of type {kind}", ALLOWED, "Write decimal numbers as text"),
    )


@pytest.mark.parametrize(("key", "kind"), [(1, "int"), (True, "bool"), (None, "NoneType")])
def test_key_that_is_no_text_is_refused(key, kind):
    """JSON would turn the key 1 into "1" silently, and two keys into one."""
    with pytest.raises(Refusal) as refused:
        canonical({"a": [{key: 1}]})

    assert refused.value.faults == (
        Fault("value.a.0", f"a key of type {kind}", "text", "Name the key in text"),
    )


@pytest.mark.parametrize(
    ("value", "where"), [({"a": "x\ud800"}, "value.a"), ({"\udfff": 1}, "value")]
)
def test_half_a_surrogate_pair_is_refused(value, where):
    """Text that no database can store as UTF-8 is refused before it is hashed."""
    with pytest.raises(Refusal) as refused:
        canonical(value)

    assert refused.value.faults == (
        Fault(where, "text with half a surrogate pair", "Unicode text", "Correct the text"),
    )


@pytest.mark.parametrize("number", [10**300, -(10**300), pytest.param(10**5000, id="5001 digits")])
def test_whole_number_that_others_cannot_read_is_refused(number):
    """Python itself refuses to write 5,000 digits; a refusal says so instead of a traceback."""
    with pytest.raises(Refusal) as refused:
        canonical([number])

    assert refused.value.faults == (
        Fault("value.0", "a whole number beyond 300 digits", "fewer digits", "Write it as text"),
    )


def _nested(levels):
    """Make lists inside lists."""
    value = 1
    for _ in range(levels):
        value = [value]
    return value


def test_hundred_levels_are_written():
    """The deepest value allowed is written."""
    assert canonical(_nested(100)) == "[" * 100 + "1" + "]" * 100


def test_hundred_levels_of_mappings_are_written():
    """Mappings count as levels like lists do."""
    value = 1
    for _ in range(100):
        value = {"a": value}

    assert canonical(value) == '{"a":' * 100 + "1" + "}" * 100
    with pytest.raises(Refusal):
        canonical([value])


def _inside_itself():
    """Make a list that holds itself."""
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value", [_nested(101), _nested(200_000), _inside_itself()], ids=["101", "200000", "itself"]
)
def test_bottomless_value_is_refused(value):
    """Deep nesting and a value inside itself are refused, not a RecursionError."""
    with pytest.raises(Refusal) as refused:
        canonical(value)

    place = ("value" + ".0" * 101)[:60]
    assert refused.value.faults == (
        Fault(place, "a value inside itself or very deep", "100 levels", "Flatten it"),
    )


def test_bottomless_mapping_is_refused():
    """Mappings count as levels too."""
    value = {}
    value["a"] = value

    with pytest.raises(Refusal, match="very deep"):
        canonical(value)


def test_long_key_does_not_flood_the_place():
    """A key of a million signs is shortened in the message."""
    with pytest.raises(Refusal) as refused:
        canonical({"k" * 1_000_000: 0.5})

    assert refused.value.faults[0].where == "value." + "k" * 59 + "…"


def test_digest_is_sha_256_of_utf_8():
    """The digest of `abc` is the one of FIPS 180-4, appendix B.1."""
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("text", ["", "µ", "a\nb", "\U0001f9ea"])
def test_digest_is_over_the_bytes_in_utf_8(text):
    """Signs beyond ASCII are hashed in UTF-8."""
    assert digest(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_digest_of_any_text_is_given():
    """Half a surrogate pair from a damaged file has a digest of its own."""
    assert digest("\ud800") == hashlib.sha256(b"\xed\xa0\x80").hexdigest()


def test_digest_of_a_record_is_stable():
    """A digest written today must be found again in ten years."""
    record = {"dose": "1.50", "on": "2026-03-14", "levels": [1, 2], "dlt": False}

    text = canonical(record)

    assert text == '{"dlt":false,"dose":"1.50","levels":[1,2],"on":"2026-03-14"}'
    assert digest(text) == "de2a6790c517426d5e63c3d6e879a0e0cacbcf64f9c03c9a910633b518b7747f"
