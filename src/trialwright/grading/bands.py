"""Values of each grade, as far as they follow from a laboratory's limits alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from trialwright.grading.criteria import Criterion
from trialwright.grading.readings import Placed, Reading, place


@dataclass(frozen=True, slots=True)
class GradeBand:
    """Values that have one grade.

    Attributes
    ----------
    grade : int
        1 to 5.
    low, high : Fraction or None
        From where to where, in the unit asked for; None: without an end.
    """

    grade: int
    low: Fraction | None
    high: Fraction | None


def grade_bands(
    criterion: Criterion,
    unit: str,
    references: Mapping[str, Fraction],
    facts: Mapping[str, bool],
) -> tuple[GradeBand, ...]:
    """Give the values of each grade, for somebody whose value before treatment was normal.

    Parameters
    ----------
    criterion : Criterion
        The criteria of the term.
    unit : str
        UCUM unit of the limits.
    references : mapping of str to Fraction
        `ULN` and `LLN` as far as known, in that unit.
    facts : mapping of str to bool
        What is known of every value, e.g. `fasting`.

    Returns
    -------
    tuple of GradeBand
        By grade; without what follows from management or symptoms, and without a limb whose
        normal limit is not known.

    Raises
    ------
    Refusal
        If the unit is none of this test.
    """
    known = {"baseline_abnormal": False, **facts}
    reading = Reading(Fraction(0), unit, "", references, known, is_baseline=True)
    bands = [
        _band(each)
        for each in place(criterion, reading)
        if each.limb.limits and not each.lacking and _holds(each.when, known)
    ]
    return tuple(sorted(bands, key=lambda band: band.grade))


def _holds(when: Mapping[str, bool], known: Mapping[str, bool]) -> bool:
    """Say whether every condition of a limb is known to hold."""
    return all(known.get(name) is wanted for name, wanted in when.items())


def _band(one: Placed) -> GradeBand:
    """Give the values between the limits of a limb."""
    bounds = one.bounds
    low = bounds.at_least if bounds.at_least is not None else bounds.above
    high = bounds.at_most if bounds.at_most is not None else bounds.below
    return GradeBand(one.limb.grade, low, high)
