"""Calculated numbers in words: never so that they seem to lie on a bound that they miss."""

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.eligibility.laboratory import observing

from trialwright.eligibility.telling import plain, told_number


@pytest.mark.parametrize(
    ("number", "digits", "told"),
    [
        ("3", 4, "3"),
        ("2.5", 4, "2.5"),
        ("2.123456", 4, "2.123"),
        # one digit more where four would say 3, and as many as it takes
        ("2.99961234", 4, "2.9996"),
        ("2.99999996", 4, "2.99999996"),
        ("3.00004", 4, "3.00004"),
        # no more than fifteen, which is what a number on a page holds
        ("2.99999999999999", 4, "2.99999999999999"),
        ("2.999999999999999", 4, "3"),
    ],
)
def test_a_number_beside_its_bound_is_told_beside_it(number, digits, told):
    """Under 3 times ULN, 2.99961 is not told as 3."""
    assert told_number(Fraction(number), observing(below=Decimal(3)), digits) == told


def test_four_digits_are_told_unless_others_are_asked():
    """As a laboratory reports."""
    assert told_number(Fraction("2.123456"), observing(below=Decimal(3))) == "2.123"


@pytest.mark.parametrize(
    ("number", "told"), [("1500", "1500"), ("0.3", "0.3"), ("123456789", "123500000")]
)
def test_a_number_is_told_without_an_exponent(number, told):
    """Rounded to the digits asked."""
    assert plain(Fraction(number), 4) == told
