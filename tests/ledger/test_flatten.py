"""Payloads taken apart and put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.ledger.flatten import assemble, flatten
from trialwright.terms.errors import Refusal

KEYS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}", fullmatch=True)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)
PAYLOADS = st.dictionaries(KEYS, VALUES, max_size=6)


def same(one: object, other: object) -> bool:
    """Compare values without taking true for 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


@given(PAYLOADS)
def test_any_payload_comes_back_exactly(payload):
    """Whatever may be recorded re-assembles with the same types, keys and order."""
    assert same(assemble(flatten(payload)), payload)


@given(PAYLOADS, PAYLOADS)
def test_different_payloads_have_different_leaves(one, other):
    """Leaves are a faithful picture: only equal payloads have equal leaves."""
    leaves = sorted((path, repr(leaf)) for path, leaf in flatten(one).items())
    others = sorted((path, repr(leaf)) for path, leaf in flatten(other).items())

    assert (leaves == others) is same(one, other)


@pytest.mark.parametrize(
    ("payload", "leaves"),
    [
        ({}, {"payload": {}}),
        ({"dose": {"value": "2.5"}}, {"payload/dose/value": "2.5"}),
        ({"days": ["x"]}, {"payload/days/#0": "x"}),
        ({"days": {"0": "x"}}, {"payload/days/0": "x"}),
        ({"days": {"_0.-": []}}, {"payload/days/_0.-": []}),
        ({"mapping": {}, "none": None}, {"payload/mapping": {}, "payload/none": None}),
    ],
)
def test_each_leaf_has_its_path(payload, leaves):
    """A list and a mapping with number-like keys have different paths."""
    assert flatten(payload) == leaves


@pytest.mark.parametrize(
    ("payload", "where"),
    [
        ({"dose": 0.1}, "payload/dose"),
        ({"dose": {"of": [1, float("nan")]}}, "payload/dose/of/#1"),
        ({"seed": 2**53}, "payload/seed"),
        ({"seed": -(2**53)}, "payload/seed"),
        ({"seed": 10**5000}, "payload/seed"),
        ({"note": "half \ud800"}, "payload/note"),
        ({"who": {"Müller": 1}}, "payload/who"),
        ({"who": {"": 1}}, "payload/who"),
        ({"who": {"a" * 65: 1}}, "payload/who"),
        ({"who": {'a"b': 1}}, "payload/who"),
        ({"who": {"a\\b": 1}}, "payload/who"),
        ({"who": {"ab\n": 1}}, "payload/who"),
        ({"who": {"Jane Muller": 1}}, "payload/who"),
        ({"who": {"a/b": 1}}, "payload/who"),
        ({"who": {"#0": 1}}, "payload/who"),
        ({"who": {"a~b": 1}}, "payload/who"),
        ({"who": {"-a": 1}}, "payload/who"),
        ({"who": {3: 1}}, "payload/who"),
        ({"raw": b"x"}, "payload/raw"),
        ({"set": {1, 2}}, "payload/set"),
    ],
)
def test_what_has_no_exact_form_is_refused_by_its_path(payload, where):
    """The fault names the path, and a key typed by a person is not repeated in it."""
    with pytest.raises(Refusal) as refused:
        flatten(payload)

    assert [fault.where for fault in refused.value.faults] == [where]
    assert "ller" not in str(refused.value)


def test_all_faults_are_told_at_once():
    """A payload with two faults names both."""
    with pytest.raises(Refusal) as refused:
        flatten({"a": 0.5, "b": [b"x"]})

    assert [fault.where for fault in refused.value.faults] == ["payload/a", "payload/b/#0"]


def test_nesting_is_bounded():
    """Endless nesting is refused, not followed until the stack ends."""
    payload: dict = {}
    for _ in range(5000):
        payload = {"in": payload}

    with pytest.raises(Refusal, match="at most 32 levels"):
        flatten(payload)


def test_thirty_two_levels_are_recorded():
    """The deepest allowed payload comes back."""
    payload: dict = {"in": 1}
    for _ in range(31):
        payload = {"in": payload}

    assert assemble(flatten(payload)) == payload


def test_paths_are_bounded():
    """A thousand signs are recorded, one more is refused: no database's index takes any length."""
    payload: dict = {"k" * 63: 1}
    for _ in range(13):
        payload = {"in": {"k" * 63: payload}}
    (path,) = flatten(payload)
    left = 1000 - len(path) - 1

    assert len(next(iter(flatten({"a" * left: payload})))) == 1000
    with pytest.raises(Refusal, match="a path of over 1,000 signs"):
        flatten({"a" * (left + 1): payload})


def test_a_payload_is_a_mapping():
    """A bare list is no payload."""
    with pytest.raises(Refusal, match="a mapping of names"):
        flatten([1, 2])  # type: ignore[arg-type]


def test_tuples_come_back_as_lists():
    """JSON has one kind of list."""
    assert assemble(flatten({"days": (1, (2, 3))})) == {"days": [1, [2, 3]]}


def test_a_redacted_root_reads_as_an_empty_payload():
    """An empty payload whose one leaf was erased is still a mapping."""
    assert assemble({"payload": None}) == {}


@pytest.mark.parametrize(
    "leaves",
    [
        {"payload/a": 1, "payload/a/b": 2},
        {"payload/a/b": 2, "payload/a": 1},
        {"payload/a/#1": 1},
        {"payload/a/#0": 1, "payload/a/b": 2},
        {"payload": "text"},
        {"elsewhere/a": 1, "payload/a": 1},
    ],
)
def test_leaves_that_contradict_one_another_are_refused(leaves):
    """A torn record is never put together by guessing."""
    with pytest.raises(Refusal, match="make no payload"):
        assemble(leaves)
