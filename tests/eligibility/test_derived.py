"""Values derived from others, in the one form that is stated."""

from fractions import Fraction
from math import cbrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.eligibility.derived import MICROMOLES_PER_MG_DL, creatinine_clearance, qtcf
from trialwright.terms.quantities import Quantity, decimal


def test_cockcroft_and_gault_in_mg_dl():
    """The published form by hand: (140 - 60) x 72 / (72 x 1) is 80 mL/min for a man of 72 kg."""
    assert creatinine_clearance(60, Fraction(72), Fraction(1), "male") == 80
    assert creatinine_clearance(60, Fraction(72), Fraction(1), "female") == 68


def test_the_form_in_umol_would_turn_the_verdict():
    """82 years, 48 kg, 1.095 mg/dL: 30.02 by the mg/dL form, 29.90 by the umol/L form."""
    stated = creatinine_clearance(82, Fraction(48), Fraction("1.095"), "female")
    naive = (140 - 82) * Fraction(48) * Fraction("1.04") / (Fraction("1.095") * Fraction("88.42"))

    assert (f"{float(stated):.2f}", f"{float(naive):.2f}") == ("30.02", "29.90")
    assert naive < 30 <= stated


def test_micromoles_convert_by_the_factor_that_the_formula_states():
    """The conversion of creatinine and the constant of the formula are one number."""
    one = Quantity(decimal("88.42"), "umol/L").exact_in("mg/dL", "creatinine")

    assert one == 1
    assert Fraction("88.42") == MICROMOLES_PER_MG_DL


@pytest.mark.parametrize(
    ("qt", "rr", "expected"),
    [
        (400, 1000, "400"),
        (450, 1000, "450"),
        (400, 512, "500"),  # the cube root of 0.512 is 0.8
        (400, 729, "444.444444"),
        (380, 800, "409.342591"),
        (303, 1257, "280.757179"),  # twelve digits on the way would give ...178
    ],
)
def test_fridericia_to_a_millionth(qt, rr, expected):
    """Exact where the root is, else rounded to a millionth of a millisecond."""
    assert qtcf(Fraction(qt), Fraction(rr)) == Fraction(expected)


@given(
    st.integers(150_000_000, 900_000_000),
    st.integers(200_000_000, 3_000_000_000),
)
def test_fridericia_is_the_nearest_millionth(qt, rr):
    """Half a millionth off at most, judged by whole numbers: QT^3 x 1000 against QTcF^3 x RR."""
    in_ms = Fraction(qt, 10**6), Fraction(rr, 10**6)
    found, half = qtcf(*in_ms), Fraction(1, 2 * 10**6)

    assert (found * 10**6).denominator == 1
    assert (found - half) ** 3 * in_ms[1] <= in_ms[0] ** 3 * 1000
    assert in_ms[0] ** 3 * 1000 <= (found + half) ** 3 * in_ms[1]
    assert float(found) == pytest.approx(qt / 10**6 / cbrt(rr / 10**9), abs=1e-6)
