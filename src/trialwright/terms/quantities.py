"""Amounts with UCUM units, compared exactly.

Values are decimal, factors are exact fractions, so a limit is a limit: 3.0 x 40 U/L is 120 U/L.
Mass, amount and equivalents of a substance convert when the substance is named: its molar mass
and charge stand here with their source and are never guessed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from trialwright.terms.errors import Refusal, refuse, shape, shorten
from trialwright.terms.units import SPELLINGS, Measure, measured, ucum

__all__ = ["SPELLINGS", "SUBSTANCES", "Quantity", "Substance", "comparable", "decimal", "ucum"]


@dataclass(frozen=True, slots=True)
class Substance:
    """How mass relates to amount for one substance.

    Attributes
    ----------
    grams_per_mole : Fraction, g/mol
        The molar mass that conversions use.
    source : str
        Where the factor comes from.
    charge : int
        Size of the ion's charge, equivalents per mole; 0 where equivalents mean nothing.
    """

    grams_per_mole: Fraction
    source: str
    charge: int = 0


SUBSTANCES = {
    # 17.1 umol/L per mg/dL, the factor laboratories use; 584.66 g/mol would give 17.104.
    "bilirubin": Substance(Fraction(10_000_000, 17_100), "17.1 umol/L per mg/dL, pinned"),
    "glucose": Substance(Fraction("180.16"), "1 mmol/L = 18.016 mg/dL"),
    # 88.42 umol/L per mg/dL, as Cockcroft-Gault in mg/dL is stated for this product.
    "creatinine": Substance(Fraction(10_000_000, 88_420), "88.42 umol/L per mg/dL, pinned"),
    "hemoglobin": Substance(Fraction("16114"), "monomer, 16114 g/mol"),
    "calcium": Substance(Fraction("40.078"), "standard atomic weight", charge=2),
    "magnesium": Substance(Fraction("24.305"), "standard atomic weight", charge=2),
    "potassium": Substance(Fraction("39.0983"), "standard atomic weight", charge=1),
    "sodium": Substance(Fraction("22.98976928"), "standard atomic weight", charge=1),
    "chloride": Substance(Fraction("35.45"), "standard atomic weight", charge=1),
    "cholesterol": Substance(Fraction("386.65"), "C27H46O"),
    "triglycerides": Substance(Fraction("885.4"), "triolein, C57H104O6"),
    "urate": Substance(Fraction("168.11"), "C5H4N4O3"),
    "estradiol": Substance(Fraction("272.38"), "C18H24O2"),
}
"""Molar masses and charges by name of the substance."""

_SLOPE, _OFFSET = Fraction("0.09148"), Fraction("2.152")
_HBA1C = {
    ("mmol/mol", "%"): (_SLOPE, _OFFSET),
    ("%", "mmol/mol"): (1 / _SLOPE, -_OFFSET / _SLOPE),
    ("%", "%"): (Fraction(1), Fraction(0)),
    ("mmol/mol", "mmol/mol"): (Fraction(1), Fraction(0)),
}
"""Scale and shift. NGSP % = 0.09148 x IFCC mmol/mol + 2.152 (NGSP/IFCC master equation)."""

_UNCHANGED = Fraction(1), Fraction(0)
"""Scale and shift between a unit and itself."""

_ANNOTATION = re.compile(r"\{[^{}]*\}")
_AMOUNT_RATIO = re.compile(r"mol/[a-z]?mol")
_ENZYME_UNIT = Fraction(1, 60_000_000)
"""One U in mol/s: it turns over 1 umol in a minute."""

_COMPARATORS = ("", "<", "<=", ">=", ">")
_WRITTEN = re.compile(r"(<=|>=|<|>)?\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*(\S.*)?")
_REACH = 100  # powers of ten on each side; a longer number is a mistake and slow to compare


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount with its unit.

    Attributes
    ----------
    value : Decimal
        The number as reported; finite.
    unit : str
        UCUM, e.g. `10*3/uL`, `mg/dL`, `{score}`; `1` for a plain number.
    comparator : str
        Empty, or `<`, `<=`, `>=`, `>` when the laboratory reports a limit: an interval.
    """

    value: Decimal
    unit: str
    comparator: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no amount, and drop the sign of a negative zero."""
        if not isinstance(self.value, Decimal):
            raise TypeError(f"a value of type {type(self.value).__name__} is not decimal")
        if not self.value.is_finite() or not is_of_moderate_length(self.value):
            raise refuse(
                "value",
                f"{shorten(str(self.value))} is no amount",
                "a finite number of moderate length",
                "Correct the number",
            )
        if not self.value:
            object.__setattr__(self, "value", self.value.copy_abs())
        if self.comparator not in _COMPARATORS:
            raise refuse(
                "comparator", shorten(self.comparator), "<, <=, >=, > or none", "Correct the sign"
            )

    @classmethod
    def read(cls, text: str, unit: str = "") -> "Quantity":
        """Read `90 g/L`, `<0.3 mg/dL` or, with a unit given apart, `90`.

        Parameters
        ----------
        text : str
            Optional comparator, number with a decimal point, optional unit.
        unit : str
            Unit to take when the text names none.

        Returns
        -------
        Quantity
            With the unit as written, everyday spellings turned to UCUM.

        Raises
        ------
        Refusal
            If there is no number, or no unit in either place.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if not found or not (found.group(3) or unit):
            raise refuse(
                "quantity",
                f"text of the form {shape(text)!r} is no amount with a unit",
                "a number with a decimal point and a UCUM unit, e.g. 9.5 g/dL",
                "Add the unit, or correct the number",
            )
        return cls(decimal(found.group(2)), ucum(found.group(3) or unit), found.group(1) or "")

    def __str__(self) -> str:
        """Say the amount, e.g. `>=1 %`."""
        return f"{self.comparator}{self.value:f} {self.unit}".rstrip()

    def exact_in(self, unit: str, substance: str = "") -> Fraction:
        """Give the number in another unit, exactly.

        Parameters
        ----------
        unit : str
            UCUM unit wanted.
        substance : str
            Name in `SUBSTANCES` (or `hba1c`), needed between mass and amount.

        Returns
        -------
        Fraction
            The value in that unit; the comparator is unchanged.

        Raises
        ------
        Refusal
            If the units measure different things, or no factor is named for the substance.
        """
        conversion = _conversion(self.unit, unit, substance)
        if conversion is _UNCHANGED:
            return Fraction(self.value)
        scale, shift = conversion
        return Fraction(self.value) * scale + shift

    def to(self, unit: str, substance: str = "") -> "Quantity":
        """Convert for display, rounded to 12 significant digits.

        Parameters
        ----------
        unit, substance : str
            As in `exact_in`, which decides comparisons; this does not.

        Returns
        -------
        Quantity
            In the unit wanted.

        Raises
        ------
        Refusal
            As `exact_in`.
        """
        exact = self.exact_in(unit, substance)
        shown = Decimal(f"{Decimal(exact.numerator) / Decimal(exact.denominator):.12g}")
        return Quantity(shown, ucum(unit), self.comparator)


def decimal(text: str) -> Decimal:
    """Read a decimal number with a point; refuse anything else.

    Parameters
    ----------
    text : str
        E.g. `9.50`. Thousands separators, exponents, NaN and Infinity are refused.

    Returns
    -------
    Decimal
        With the digits as written; a negative zero is zero.

    Raises
    ------
    Refusal
        If the text is no such number.
    """
    if re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", text):
        number = Decimal(text)
        return number if number else number.copy_abs()
    raise refuse(
        "number",
        f"text of the form {shape(text)!r} is no plain decimal number",
        "digits with at most one decimal point, up to 30 on each side",
        "Write it out, e.g. 1500 or 0.3",
    )


def is_score(unit: str) -> bool:
    """Say whether a unit is a bare annotation, as `{score}`, or the plain 1.

    Parameters
    ----------
    unit : str
        UCUM.

    Returns
    -------
    bool
        True when a bare whole number is an amount in it.
    """
    return unit == "1" or _ANNOTATION.fullmatch(unit) is not None


def comparable(unit: str, other: str, substance: str = "") -> bool:
    """Say whether one unit converts to another.

    Parameters
    ----------
    unit, other : str
        UCUM units.
    substance : str
        Name in `SUBSTANCES`, or empty.

    Returns
    -------
    bool
        False also when the conversion would need a substance that is not named.
    """
    try:
        _conversion(unit, other, substance)
    except Refusal:
        return False
    return True


def _convert(given: str, asked: str, substance: str) -> tuple[Fraction, Fraction]:
    """Give scale and shift of a conversion, both exact."""
    unit, wanted = ucum(given), ucum(asked)
    if unit == wanted:
        return _UNCHANGED
    if substance == "hba1c":
        linear = _HBA1C.get((_ANNOTATION.sub("", unit), _ANNOTATION.sub("", wanted)))
    else:
        linear = _linear(unit, wanted, substance)
    if linear is None:
        raise refuse(
            "unit",
            f"{unit} cannot be turned into {wanted}" + (f" for {substance}" if substance else ""),
            "units of one kind, or mass and amount of a substance whose molar mass is named",
            "Correct the unit, or name the substance",
        )
    return linear


_conversion = lru_cache(maxsize=4096)(_convert)
"""Conversions computed before."""


def _linear(unit: str, wanted: str, substance: str) -> tuple[Fraction, Fraction] | None:
    """Give scale and shift from UCUM's definitions and a substance's; None when they differ."""
    if bool(_AMOUNT_RATIO.search(unit)) != bool(_AMOUNT_RATIO.search(wanted)):
        return None  # a ratio of amounts is not a percentage of mass: 53 mmol/mol is not 5.3 %
    here, there = measured(unit), measured(wanted)
    bridge = _bridge(_difference(here, there), substance)
    if bridge is None:
        return None
    return bridge * here.scale / there.scale, (here.shift - there.shift) / there.scale


def _difference(here: Measure, there: Measure) -> dict[str, int]:
    """Give the powers of the kinds that one unit has more of than another."""
    powers = dict(here.kinds)
    for kind, power in there.kinds:
        powers[kind] = powers.get(kind, 0) - power
    return {kind: power for kind, power in powers.items() if power}


def _bridge(difference: dict[str, int], substance: str) -> Fraction | None:
    """Give the factor that turns one kind into another; 1 for the same kind, None for none."""
    if not difference:
        return Fraction(1)
    if difference == {"mol": 1, "s": -1, "[IU]": -1}:
        return 1 / _ENZYME_UNIT
    if difference == {"mol": -1, "s": 1, "[IU]": 1}:
        return _ENZYME_UNIT
    moles = _moles(substance)
    gained = [kind for kind, power in difference.items() if power == 1 and kind in moles]
    lost = [kind for kind, power in difference.items() if power == -1 and kind in moles]
    if len(difference) == 2 and gained and lost:
        return moles[gained[0]] / moles[lost[0]]
    return None


def _moles(substance: str) -> dict[str, Fraction]:
    """Give how many moles of a substance are in a gram, a mole and an equivalent."""
    named = SUBSTANCES.get(substance)
    if named is None:
        return {}
    moles = {"g": 1 / named.grams_per_mole, "mol": Fraction(1)}
    return moles | ({"eq": Fraction(1, named.charge)} if named.charge else {})


def is_of_moderate_length(value: Decimal) -> bool:
    """Say whether a number can be compared without building millions of digits.

    Parameters
    ----------
    value : Decimal
        A number; infinity and what is none have no length.

    Returns
    -------
    bool
        False for one of more than 200 digits, and for one more than 100 powers of ten from 1.
    """
    return abs(value.adjusted()) <= _REACH and len(value.as_tuple().digits) <= 2 * _REACH
