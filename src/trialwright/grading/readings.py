"""One result ready to be compared, and the limits of a criterion in its unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trialwright.grading.criteria import SIDES, Criterion, Limb, Limit
from trialwright.terms.bounds import Bounds
from trialwright.terms.errors import refuse
from trialwright.terms.quantities import Quantity, comparable


@dataclass(frozen=True, slots=True)
class Reading:
    """One result, ready to be compared.

    Attributes
    ----------
    number : Fraction
        The value; calcium already corrected for albumin when the criterion asks for it.
    unit : str
        UCUM unit of every number here.
    comparator : str
        Empty, or `<`, `<=`, `>`, `>=` when the laboratory reports a limit.
    references : mapping of str to Fraction
        `ULN`, `LLN`, `baseline`, as far as recorded.
    facts : mapping of str to bool
        Recorded facts.
    is_baseline : bool
        Whether the result is itself the baseline: then limbs counted from it are left out.
    """

    number: Fraction
    unit: str
    comparator: str
    references: Mapping[str, Fraction]
    facts: Mapping[str, bool]
    is_baseline: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A limb with its limits in the unit of the value.

    Attributes
    ----------
    limb : Limb
        As the table prints it.
    when : mapping of str to bool
        Those of the limb's conditions that count here.
    bounds : Bounds
        The limits that are known.
    lacking : tuple of str
        References not recorded without which a limit is unknown: `uln`, `lln`, `baseline`.
    """

    limb: Limb
    when: Mapping[str, bool]
    bounds: Bounds
    lacking: tuple[str, ...]


def amount_in(amounts: Sequence[Quantity], unit: str, substance: str) -> Fraction:
    """Give the limit that CTCAE prints for the unit family of a value.

    Parameters
    ----------
    amounts : sequence of Quantity
        One for each unit family printed.
    unit : str
        UCUM unit of the value.
    substance : str
        Used only when no printed amount is of that family.

    Returns
    -------
    Fraction
        In `unit`.

    Raises
    ------
    Refusal
        If the unit measures something else.
    """
    for amount in amounts:
        if amount.unit == unit:
            return Fraction(amount.value)
    # Equivalents are counted from the amount of substance, so the printed mmol/L come first.
    molar_first = sorted(amounts, key=lambda amount: "eq" in unit and "mol" not in amount.unit)
    for named in ("", substance):
        for amount in molar_first:
            if comparable(amount.unit, unit, named):
                return amount.exact_in(unit, named)
    printed = ", ".join("no unit" if amount.unit == "1" else amount.unit for amount in amounts)
    raise refuse(
        "unit", f"{unit or 'no unit'} is no unit of this test", printed, "Correct the unit"
    )


def place(criterion: Criterion, reading: Reading) -> tuple[Placed, ...]:
    """Bring the limits of every limb into the unit of a result.

    Parameters
    ----------
    criterion : Criterion
        The criteria of the term.
    reading : Reading
        The result.

    Returns
    -------
    tuple of Placed
        Without limbs counted from a baseline that is the result itself. Without limbs counted
        from a baseline that is not recorded, unless their condition is (`if on anticoagulation`).

    Raises
    ------
    Refusal
        If the unit is none of this test.
    """
    placed = []
    for limb in criterion.limbs:
        if limb.needs_baseline and _is_left_out(limb, reading):
            continue
        known: dict[str, Fraction] = {}
        lacking = []
        for side, limit in limb.limits.items():
            number = _in_unit(limit, criterion, reading)
            if number is None:
                lacking.append(limit.of.lower())
            else:
                known[side] = number
        bounds = Bounds(*(known.get(side) for side in SIDES))
        placed.append(Placed(limb, limb.when, bounds, tuple(dict.fromkeys(lacking))))
    return tuple(placed)


def _is_left_out(limb: Limb, reading: Reading) -> bool:
    """Say whether a limb counted from the baseline does not apply."""
    if reading.is_baseline:
        return True
    is_recorded = bool(limb.when) and all(name in reading.facts for name in limb.when)
    return "baseline" not in reading.references and not is_recorded


def _in_unit(limit: Limit, criterion: Criterion, reading: Reading) -> Fraction | None:
    """Give a limit in the unit of the result; None when its reference is not recorded."""
    number = Fraction(0)
    if limit.of:
        reference = reading.references.get(limit.of)
        if reference is None:
            return None
        number = limit.factor * reference
    if limit.amounts:
        number += amount_in(limit.amounts, reading.unit, criterion.substance)
    return number
