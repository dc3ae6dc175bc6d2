"""Elements are of one type, or refused with their place."""

from decimal import Decimal

import pytest

from trialwright.intake.elements import Element, at, element_of
from trialwright.terms.errors import Refusal, refuse

HELD = Element({"a": {}, "t": " x ", "n": 5, "d": Decimal("1.50"), "b": True, "l": [{}]}, "here")


def test_each_type_is_given_as_it_is():
    """Texts lose blanks around them; numbers are decimal with their digits."""
    assert HELD.text("t") == "x"
    assert HELD.number("n") == Decimal(5)
    assert str(HELD.number("d")) == "1.50"
    assert HELD.truth("b") is True
    assert HELD.inner("a") == Element({}, "here.a")
    assert HELD.inners("l") == (Element({}, "here.l[0]"),)


@pytest.mark.parametrize("content", [{}, {"x": None}])
def test_null_counts_as_absent(content):
    """What is null is not there."""
    held = Element(content, "here")

    assert "x" not in held
    assert (held.text("x"), held.number("x"), held.truth("x")) == ("", None, None)
    assert (held.inner("x"), held.inners("x")) == (None, ())


@pytest.mark.parametrize(
    ("asked", "name", "found"),
    [
        ("text", "n", "a number"),
        ("text", "a", "an object"),
        ("number", "t", "a text"),
        ("number", "b", "true or false"),
        ("truth", "n", "a number"),
        ("inner", "l", "a list"),
        ("inner", "t", "a text"),
        ("inners", "a", "an object"),
    ],
)
def test_another_type_is_refused_without_its_value(asked, name, found):
    """The refusal names place and type, and never the value."""
    with pytest.raises(Refusal) as caught:
        getattr(HELD, asked)(name)

    assert (caught.value.faults[0].where, caught.value.faults[0].found) == (f"here.{name}", found)


def test_a_member_of_another_type_is_refused_with_its_place():
    """A list of objects holds objects alone; null is none."""
    with pytest.raises(Refusal) as caught:
        Element({"l": [{}, None]}, "here").inners("l")

    assert str(caught.value).startswith("here.l[1]: null")


def test_what_is_no_object_is_no_element():
    """An entry that is a text is refused with its place."""
    with pytest.raises(Refusal) as caught:
        element_of("text", "entry[0]")

    assert str(caught.value).startswith("entry[0]: a text")
    assert element_of({}, "entry[0]") == Element({}, "entry[0]")


def test_a_refusal_from_below_gets_the_place():
    """What a word of the house refuses is told with the place in the record."""
    with pytest.raises(Refusal) as caught, at("entry[3]"):
        raise refuse("unit", "found", "allowed", "Do it")

    assert caught.value.faults[0].where == "entry[3]"
