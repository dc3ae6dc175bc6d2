"""Reading a case: strict JSON, exact numbers, every fault at once."""

import json
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.questions.reading import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    Case,
    Gathering,
    read_case,
    read_json,
)
from trialwright.terms.errors import Refusal, refuse


class Blood(Case):
    """A case with numbers of both kinds.

    Attributes
    ----------
    value : Decimal
        Exact.
    count : int
        Whole.
    """

    value: Decimal
    count: int = 0


@pytest.mark.parametrize("text", ["0.1", "31.2", "37.44", "0.30000000000000004", "1e-30", "1E+2"])
def test_a_number_with_a_point_is_read_to_the_digit(text):
    """No binary float comes between the file and the rule."""
    case = read_case(Blood, read_json(f'{{"value": {text}}}'))

    assert case.value == Decimal(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_decimals_survive_reading(number):
    """What stands in the text is what the rule gets."""
    assert read_json(f"[{number:f}]") == [number]


@pytest.mark.parametrize("text", ["2.0", "2.5", "1e2", '"2"', "true"])
def test_a_whole_number_is_written_as_one(text):
    """Nothing is rounded, and no text is taken for a number that counts."""
    with pytest.raises(Refusal) as refused:
        read_case(Blood, read_json(f'{{"value": 1, "count": {text}}}'))

    assert refused.value.faults[0].where == "count"


def test_numbers_that_no_trial_holds_are_read_where_they_are_allowed():
    """Other software prints rates such as 2.4e-143; a case of a question has none."""
    assert read_json("[2.4e-143]", most_power=324) == [Decimal("2.4e-143")]
    with pytest.raises(Refusal, match="between 1e-30 and 1e30"):
        read_json("[2.4e-143]")


@given(st.integers(0, MOST_DEPTH + 5), st.sampled_from(["[]", "{}"]))
def test_nesting_is_counted_as_deep_as_it_is(depth, brackets):
    """The limit is the limit, for lists and for objects."""
    opening = "[" if brackets == "[]" else '{"a":'
    text = opening * depth + "1" + brackets[1] * depth
    if depth <= MOST_DEPTH:
        read_json(text)
        return

    with pytest.raises(Refusal, match="nesting deeper"):
        read_json(text)


def test_brackets_inside_text_are_no_nesting():
    """Quotes and backslashes are read as JSON reads them."""
    text = json.dumps({"id": '[{"\\' * 100})

    assert read_json(text) == {"id": '[{"\\' * 100}


def test_a_text_beyond_the_limit_is_refused_by_its_length():
    """The length is known before anything is parsed."""
    with pytest.raises(Refusal, match="5000001 characters"):
        read_json(" " * (MOST_CHARACTERS + 1))


@pytest.mark.parametrize(
    "text",
    [
        "{" + ",".join(f'"k{number}": 1' for number in range(300_000)) + "}",
        '{"a": "' + '\\"' * 2_400_000,
        "[" + "[]," * 1_600_000 + "[]]",
        "[" * 4_900_000,
        '{"a": "' + "[" * 4_900_000 + '"}',
    ],
    ids=["many names", "an open text", "many lists", "deep", "brackets in text"],
)
def test_hostile_texts_of_five_megabytes_are_read_or_refused_soon(text):
    """Time grows with the length and not with its square."""
    begun = time.perf_counter()

    with suppress(Refusal):
        read_json(text)

    assert time.perf_counter() - begun < 20


def test_every_name_that_stands_twice_is_named():
    """Both of them, not the first alone."""
    with pytest.raises(Refusal) as refused:
        read_json('{"a": 1, "b": 1, "a": 2, "b": 2, "c": 3}')

    assert [fault.where for fault in refused.value.faults] == ["a", "b"]


def test_gathered_faults_carry_the_path_of_their_part():
    """A part that is good is kept, and those that are not are refused together."""
    gathered = Gathering()
    with gathered.at("visits.0"):
        raise refuse("day", "x", "y", "z")
    with gathered.at("visits.1"):
        pass
    with gathered.at("visits.2"):
        raise refuse("visits.2.target", "x", "y", "z")
    with gathered.at(""):
        raise refuse("baseline", "x", "y", "z")

    with pytest.raises(Refusal) as refused:
        gathered.end()

    places = [fault.where for fault in refused.value.faults]
    assert places == ["visits.0.day", "visits.2.target", "baseline"]


def test_nothing_gathered_is_nothing_refused():
    """The end of a good case is silent."""
    assert Gathering().end() is None
