"""Values derived from others, each in one stated form."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal

MICROMOLES_PER_MG_DL = Fraction(8842, 100)
"""Creatinine: umol/L to the mg/dL."""

_FEMALE = Fraction(85, 100)
_MILLIONTH = Decimal("0.000001")


def creatinine_clearance(
    age: int, weight_kg: Fraction, creatinine_mg_dl: Fraction, sex: Literal["female", "male"]
) -> Fraction:
    """Calculate creatinine clearance by Cockcroft and Gault's formula [1]_, in its mg/dL form.

    Parameters
    ----------
    age : int, years
        Completed.
    weight_kg : Fraction, kg
        Actual weight.
    creatinine_mg_dl : Fraction, mg/dL
        In serum, above 0.
    sex : {'female', 'male'}
        As recorded.

    Returns
    -------
    Fraction, mL/min
        Exact, not rounded and not per body surface.

    References
    ----------
    .. [1] Cockcroft DW, Gault MH. Nephron 1976;16:31-41. doi:10.1159/000180580
    """
    factor = _FEMALE if sex == "female" else Fraction(1)
    return (140 - age) * weight_kg * factor / (72 * creatinine_mg_dl)


def qtcf(qt_ms: Fraction, rr_ms: Fraction) -> Fraction:
    """Correct a QT interval by Fridericia's formula [1]_.

    Parameters
    ----------
    qt_ms, rr_ms : Fraction, ms
        QT and RR of one instant, RR above 0.

    Returns
    -------
    Fraction, ms
        QT / (RR / 1000)^(1/3), rounded to a millionth.

    References
    ----------
    .. [1] Fridericia LS. Acta Med Scand 1920;53:469-486. doi:10.1111/j.0954-6820.1920.tb18266.x
    """
    with localcontext() as exact:
        exact.prec = 40
        seconds = Decimal(rr_ms.numerator) / Decimal(rr_ms.denominator) / 1000
        root = seconds ** (Decimal(1) / 3)
        corrected = Decimal(qt_ms.numerator) / Decimal(qt_ms.denominator) / root
        return Fraction(corrected.quantize(_MILLIONTH))
