"""Mappings in layers: they behave as dicts that are copied for each entry."""

from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.layered import Layered


@given(st.lists(st.tuples(st.integers(0, 60), st.integers()), max_size=200))
def test_every_copy_stays_what_a_dict_was_then(entries):
    """Whatever comes in, each copy equals the dict of that moment, in the same order."""
    plain, layered, kept = {}, Layered(), []
    for key, value in entries:
        plain = {**plain, key: value}
        layered = layered.with_entry(key, value)
        kept.append((plain, layered))

    for was, held in kept:
        assert held == was
        assert list(held.items()) == list(was.items())
        assert len(held) == len(was)
        assert [key in held for key in range(61)] == [key in was for key in range(61)]
        assert held.get(61, "none") == "none"
