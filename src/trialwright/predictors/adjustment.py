"""The covariates an estimate is adjusted for, as columns beside the marker."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.predictors.basis import Counted
from trialwright.terms.errors import refuse

ARM = "arm"
"""The name by which the arm is asked for among the covariates."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Columns of a regression: the marker first.

    Attributes
    ----------
    columns : ndarray of float, shape (counted, terms)
        In their own units.
    names : tuple of str, shape (terms,)
        The marker, then `arm B` beside the first arm, then the covariates.
    left_out : tuple of str
        Covariates that are the same for everybody counted.
    """

    columns: NDArray[np.float64]
    names: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def is_informative(self) -> bool:
        """Whether both altered and not altered are among the counted."""
        return bool(len(self.columns)) and self.columns[:, 0].min() < self.columns[:, 0].max()

    @property
    def scaled(self) -> tuple[NDArray[np.float64], float]:
        """Columns of mean 0 and spread 1, and the spread that the marker had."""
        spread = self.columns.std(0)
        return (self.columns - self.columns.mean(0)) / spread, float(spread[0])

    def __str__(self) -> str:
        """Say what is adjusted for."""
        said = f"adjusted for {', '.join(self.names[1:])}" if self.names[1:] else "not adjusted"
        if self.left_out:
            said += f" (the same for everybody: {', '.join(self.left_out)})"
        return said


def adjustment(counted: Counted, adjusted_for: tuple[str, ...]) -> Adjustment:
    """Put the marker and the covariates side by side.

    Parameters
    ----------
    counted : Counted
        Who is counted.
    adjusted_for : tuple of str
        `arm` and names of the cohort's covariates; may be empty.

    Returns
    -------
    Adjustment
        Without covariates that are the same for everybody, which are named.

    Raises
    ------
    Refusal
        If the cohort has no such covariate, or one is no number for somebody.
    """
    names, columns, left_out = [counted.basis.marker], [counted.altered.astype(np.float64)], []
    for each in adjusted_for:
        found = _columns(counted, each)
        if not found:
            left_out.append(each)
        names += found
        columns += found.values()
    return Adjustment(np.column_stack(columns), tuple(names), tuple(left_out))


def _columns(counted: Counted, name: str) -> dict[str, NDArray[np.float64]]:
    """Give the columns of one covariate that differ between participants."""
    if name == ARM:
        arms = np.array(counted.arms)
        return {f"arm {arm}": (arms == arm).astype(np.float64) for arm in counted.basis.arms[1:]}
    if name not in counted.covariates:
        raise refuse("adjusted_for", name, ", ".join([ARM, *counted.covariates]),
                     "Give the covariate with the cohort, or do not adjust for it")  # fmt: skip
    column = counted.covariates[name]
    if not np.isfinite(column).all():
        raise refuse(f"covariates.{name}", "a number that is none", "finite numbers",
                     "Leave out participants without it, or do not adjust for it")  # fmt: skip
    return {name: column} if len(set(column.tolist())) > 1 else {}
