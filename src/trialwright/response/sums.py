"""Sums of diameters, their nadir, and changes said exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trialwright.response.lesions import LesionSize

MOST_DECIMALS = 3
"""A change in percent that needs more decimals is cut after the first."""


@dataclass(frozen=True, slots=True)
class DiameterSum:
    """The sum of the target lesions' diameters on one day.

    Attributes
    ----------
    on : date
        Day of the assessment.
    measured : int, 0.001 mm
        Sum over the lesions that were evaluated.
    lesions : tuple of LesionSize
        All target lesions of the baseline.
    """

    on: date
    measured: int
    lesions: tuple[LesionSize, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of the target lesions that were not evaluated."""
        return tuple(lesion.label for lesion in self.lesions if not lesion.is_evaluated)

    @property
    def is_complete(self) -> bool:
        """Whether every target lesion was evaluated; only such a sum can become the nadir."""
        return None not in [lesion.extent for lesion in self.lesions]

    @property
    def readings(self) -> str:
        """The readings in words, e.g. `T1 42 mm, T2 28 mm`."""
        return ", ".join(lesion.says for lesion in self.lesions)


def add_up(on: date, lesions: Sequence[LesionSize]) -> DiameterSum:
    """Add the diameters of the lesions that were evaluated.

    Parameters
    ----------
    on : date
        Day of the assessment.
    lesions : sequence of LesionSize
        All target lesions of the baseline.

    Returns
    -------
    DiameterSum
        Complete only when every lesion was evaluated.
    """
    measured = sum(lesion.adds for lesion in lesions if lesion.adds is not None)
    return DiameterSum(on, measured, tuple(lesions))


def nadir_of(sums: Sequence[DiameterSum]) -> DiameterSum:
    """Find the smallest complete sum so far, baseline included (RECIST 1.1 section 4.3.1).

    Parameters
    ----------
    sums : sequence of DiameterSum, oldest first
        The first is the baseline, which is always complete.

    Returns
    -------
    DiameterSum
        The earliest of the smallest; a partial sum never becomes the nadir.
    """
    return min((each for each in sums if each.is_complete), key=lambda each: each.measured)


def percent_text(now: int, before: int) -> str:
    """Say a change in percent, exactly.

    Parameters
    ----------
    now, before : int, 0.001 mm
        The sum and the sum it is compared with.

    Returns
    -------
    str
        E.g. `-30 %`, `+12.5 %`. Digits are cut, never rounded, and `…` stands where digits
        follow: `+19.9… %` is below 20 %.
    """
    if before == 0:
        return "no percentage of 0 mm"
    change = 100 * (now - before)
    sign = "-" if change < 0 else "+" if change else ""
    digits, rest = divmod(abs(change) * 10**MOST_DECIMALS, before)
    if not rest:
        whole, part = divmod(digits, 10**MOST_DECIMALS)
        decimals = f".{part:0{MOST_DECIMALS}d}".rstrip("0") if part else ""
        return f"{sign}{whole}{decimals} %"
    whole, tenth = divmod(digits // 10 ** (MOST_DECIMALS - 1), 10)
    return f"{sign}{whole}.{tenth}… %"
