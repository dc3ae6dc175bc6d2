"""Amounts with UCUM units, compared exactly.

Values are decimal, factors are exact fractions, so a limit is a limit: 3.0 x 40 U/L is 120 U/L.
Units are read by `ucumvert` (UCUM); a short table of everyday spellings stands before it, because
`K/uL` is kelvin and `G/L` is gauss to UCUM. Mass to amount of substance needs the substance: its
factor is named here with its source and never guessed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from trialwright.terms.errors import Refusal, refuse, shorten

SPELLINGS = {
    "K/uL": "10*3/uL",
    "k/uL": "10*3/uL",
    "K/mm3": "10*3/mm3",
    "10^3/uL": "10*3/uL",
    "10^9/L": "10*9/L",
    "x10^9/L": "10*9/L",
    "x10(9)/L": "10*9/L",
    "x10*9/L": "10*9/L",
    "x10(3)/uL": "10*3/uL",
    "G/L": "10*9/L",
    "10e9/L": "10*9/L",
    "cells/uL": "/uL",
    "cells/mm3": "/mm3",
    "mm^3": "mm3",
    "/mm^3": "/mm3",
    "IU/L": "U/L",
    "mIU/mL": "m[IU]/mL",
    "mmHg": "mm[Hg]",
    "mcg/dL": "ug/dL",
    "µmol/L": "umol/L",
    "μmol/L": "umol/L",
    "µL": "uL",
    "bpm": "/min",
    "years": "a",
    "days": "d",
    "weeks": "wk",
    "msec": "ms",
}
"""Everyday spelling to UCUM. Each entry has one meaning in a laboratory report."""


@dataclass(frozen=True, slots=True)
class Substance:
    """How mass relates to amount for one substance.

    Attributes
    ----------
    grams_per_mole : Fraction, g/mol
        The molar mass that conversions use.
    source : str
        Where the factor comes from.
    """

    grams_per_mole: Fraction
    source: str


SUBSTANCES = {
    # 17.1 umol/L per mg/dL, the factor laboratories use; 584.66 g/mol would give 17.104.
    "bilirubin": Substance(Fraction(10_000_000, 17_100), "17.1 umol/L per mg/dL, pinned"),
    "glucose": Substance(Fraction("180.16"), "1 mmol/L = 18.016 mg/dL"),
    # 88.42 umol/L per mg/dL, as Cockcroft-Gault in mg/dL is stated for this product.
    "creatinine": Substance(Fraction(10_000_000, 88_420), "88.42 umol/L per mg/dL, pinned"),
    "hemoglobin": Substance(Fraction("16114"), "monomer, 16114 g/mol"),
    "calcium": Substance(Fraction("40.078"), "standard atomic weight"),
    "magnesium": Substance(Fraction("24.305"), "standard atomic weight"),
    "cholesterol": Substance(Fraction("386.65"), "C27H46O"),
    "triglycerides": Substance(Fraction("885.4"), "triolein, as laboratories convert"),
    "urate": Substance(Fraction("168.11"), "C5H4N4O3"),
    "estradiol": Substance(Fraction("272.38"), "C18H24O2"),
}
"""Molar masses by name of the substance."""

_HBA1C = (Fraction("0.09148"), Fraction("2.152"))
"""NGSP % = 0.09148 x IFCC mmol/mol + 2.152 (NGSP/IFCC master equation)."""

_COMPARATORS = ("", "<", "<=", ">=", ">")
_WRITTEN = re.compile(r"(<=|>=|<|>)?\s*([+-]?\d+(?:\.\d+)?)\s*(\S.*)?")


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
        """Refuse what is no amount."""
        if not self.value.is_finite():
            raise refuse("value", f"{self.value} is no amount", "a finite number", "Correct it")
        if self.comparator not in _COMPARATORS:
            raise refuse(
                "comparator", shorten(self.comparator), "<, <=, >=, > or none", "Correct it"
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
        written = (found.group(3) or unit) if found else ""
        if not found or not written:
            raise refuse(
                "quantity",
                f"{shorten(text)!r} is no amount with a unit",
                "a number with a decimal point and a UCUM unit, e.g. 9.5 g/dL",
                "Add the unit, or correct the number",
            )
        return cls(decimal(found.group(2)), ucum(written), found.group(1) or "")

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
        scale, shift = _conversion(ucum(self.unit), ucum(unit), substance)
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
        With the digits as written.

    Raises
    ------
    Refusal
        If the text is no such number.
    """
    if text.isascii() and re.fullmatch(r"[+-]?\d{1,30}(\.\d{1,30})?", text):
        try:
            return Decimal(text)
        except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
            pass
    raise refuse(
        "number",
        f"{shorten(text)!r} is no plain decimal number",
        "digits with at most one decimal point, up to 30 on each side",
        "Write it out, e.g. 1500 or 0.3",
    )


def ucum(unit: str) -> str:
    """Turn an everyday spelling into UCUM and refuse what is neither.

    Parameters
    ----------
    unit : str
        As found in a record or a protocol.

    Returns
    -------
    str
        A unit that `ucumvert` reads; annotations such as `{score}` stay.

    Raises
    ------
    Refusal
        If the text is no unit.
    """
    plain = unit.strip()
    spelled = SPELLINGS.get(plain, plain)
    _magnitude(spelled)
    return spelled


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
        _conversion(ucum(unit), ucum(other), substance)
    except Refusal:
        return False
    return True


@lru_cache(maxsize=4096)
def _conversion(unit: str, wanted: str, substance: str) -> tuple[Fraction, Fraction]:
    """Give scale and shift of a conversion, both exact."""
    if unit == wanted:
        return Fraction(1), Fraction(0)
    here, there = _magnitude(unit), _magnitude(wanted)
    if substance == "hba1c" and {unit, wanted} == {"%", "mmol/mol"}:
        slope, offset = _HBA1C
        return (slope, offset) if wanted == "%" else (1 / slope, -offset / slope)
    is_annotated = "{" in unit + wanted
    if here.dimensionality == there.dimensionality and not is_annotated:
        return _exact(here, there), Fraction(0)
    molar = SUBSTANCES.get(substance)
    if molar and not is_annotated:
        per_mole = _exact_or_none(here / _magnitude("mol") * _magnitude("g"), there)
        if per_mole is not None:
            return per_mole * molar.grams_per_mole, Fraction(0)
        per_gram = _exact_or_none(here / _magnitude("g") * _magnitude("mol"), there)
        if per_gram is not None:
            return per_gram / molar.grams_per_mole, Fraction(0)
    raise refuse(
        "unit",
        f"{unit} cannot be turned into {wanted}" + (f" for {substance}" if substance else ""),
        "units of one kind, or mass and amount of a substance whose molar mass is named",
        "Correct the unit, or name the substance",
    )


def _exact_or_none(here: Any, there: Any) -> Fraction | None:
    """Give the factor when both measure the same thing."""
    return _exact(here, there) if here.dimensionality == there.dimensionality else None


def _exact(here: Any, there: Any) -> Fraction:
    """Give the factor between two units; UCUM factors have fewer than 13 digits."""
    return Fraction(f"{(here / there).to_base_units().magnitude:.12g}")


@cache
def _registry() -> Any:
    """Make the UCUM registry once, when the first unit is read (0.4 s)."""
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()


@lru_cache(maxsize=1024)
def _magnitude(unit: str) -> Any:
    """Read a UCUM unit as a pint quantity."""
    annotated = re.sub(r"\{[^{}]*\}", "", unit)
    try:
        if len(unit) > 40 or not unit:
            raise ValueError
        if annotated in ("", "1"):
            return _registry().Quantity(1, "")
        return _registry().from_ucum(annotated if annotated[0] != "/" else f"1{annotated}")
    except Exception as unreadable:  # the parser raises many kinds; all mean the same
        raise refuse(
            "unit",
            f"{shorten(unit)!r} is no unit",
            "UCUM, e.g. g/dL, 10*3/uL, U/L, mm[Hg], {score}",
            "Write the unit in UCUM",
        ) from unreadable
