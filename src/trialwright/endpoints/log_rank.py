"""Log-rank test between groups.

References
----------
.. [1] Peto R, Peto J. J R Stat Soc A 1972;135(2):185-207. doi:10.2307/2344317
.. [2] Harrington DP, Fleming TR. Biometrika 1982;69(3):553-566. doi:10.1093/biomet/69.3.553
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from trialwright.endpoints.kaplan_meier import Floats, distinct, required_times
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class LogRank:
    """The answer of a log-rank test.

    Attributes
    ----------
    groups : tuple of str, shape (groups,)
        Names, in order.
    participants, observed : tuple of int, shape (groups,)
        Members and events of each group.
    expected : tuple of float, shape (groups,)
        Events expected if all groups had one survival curve.
    chi_square, p : float or None
        Statistic and p-value; None when not estimable.
    df : int
        Degrees of freedom.
    because : str
        The answer in a sentence.
    """

    groups: tuple[str, ...]
    participants: tuple[int, ...]
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float | None
    p: float | None
    df: int
    because: str


def log_rank(
    times: Sequence[float] | Floats,
    had_event: Sequence[bool] | NDArray[np.bool_],
    groups: Sequence[str],
    *,
    rho: float = 0,
) -> LogRank:
    """Test whether groups share one survival curve [1]_.

    Parameters
    ----------
    times, had_event : sequence, shape (participants,)
        As `kaplan_meier` takes them.
    groups : sequence of str, shape (participants,)
        Group of each participant.
    rho : float, 0 or more
        Each day weighs as the survival of all just before it, to this power [2]_: 0 is the
        log-rank test, 1 that of Peto and Peto, in which early events weigh more.

    Returns
    -------
    LogRank
        `expected` counts events without weights. Not estimable with fewer than two groups that
        could have had an event.

    Raises
    ------
    Refusal
        If the lengths differ, a time is negative or no number, or `rho` is.
    """
    if not 0 <= rho < np.inf:
        raise refuse("rho", f"{rho}", "0 or more", "0 is the log-rank test, 1 that of Peto")
    when, seen = required_times(times, had_event)
    if len(groups) != len(when):
        raise refuse("groups", f"{len(groups)} for {len(when)} times", "one for each time",
                     "Give the group of every participant")  # fmt: skip
    names = sorted(set(groups))
    place = {name: at for at, name in enumerate(names)}
    member = np.fromiter(map(place.__getitem__, groups), np.intp, len(when))
    at_risk, died = _by_day(when, seen, member, len(names))
    everybody, events = at_risk.sum(1), died.sum(1)
    by_day = at_risk * (events / np.maximum(everybody, 1))[:, None]
    expected, observed = by_day.sum(0), died.sum(0)
    after = np.cumprod(1 - events / np.maximum(everybody, 1))
    weight = np.concatenate(([1.0], after[:-1]))[: len(after)] ** rho
    spread = _variance(at_risk, everybody, events, weight)
    kept = np.flatnonzero(expected > 0)
    found: tuple[float | None, float | None] = (None, None)
    if len(kept) > 1:
        gap = (weight @ (died - by_day))[kept[1:]]
        within = spread[np.ix_(kept[1:], kept[1:])]
        if np.linalg.matrix_rank(within) == len(gap):
            chi_square = float(gap @ np.linalg.solve(within, gap))
            found = (chi_square, float(chdtrc(len(gap), chi_square)))
    df = max(len(kept) - 1, 0)
    return LogRank(
        tuple(names),
        tuple(np.bincount(member, minlength=len(names)).tolist()),
        tuple(int(one) for one in observed),
        tuple(expected.tolist()),
        *found,
        df,
        _sentence(*found, df, rho),
    )


def _by_day(
    when: Floats, seen: NDArray[np.bool_], member: NDArray[np.intp], groups: int
) -> tuple[Floats, Floats]:
    """Count who is at risk and who has the event, by day and group."""
    days, place = distinct(when)
    size = len(days) * groups
    cell = place * groups + member
    ended = np.bincount(cell, minlength=size).reshape(len(days), groups)
    died = np.bincount(cell[seen], minlength=size).reshape(len(days), groups)
    at_risk = ended.sum(0) - ended.cumsum(0) + ended
    is_event = died.any(1)
    return at_risk[is_event].astype(np.float64), died[is_event].astype(np.float64)


def _variance(at_risk: Floats, everybody: Floats, events: Floats, weight: Floats) -> Floats:
    """Give the hypergeometric covariance of the weighed events of each group, over days."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = events * (everybody - events) / (everybody**2 * (everybody - 1))
    factor[everybody <= 1] = 0
    weighed = at_risk * (weight**2 * factor)[:, None]
    covariance: Floats = np.diag((weighed * everybody[:, None]).sum(0)) - weighed.T @ at_risk
    return covariance


def _sentence(chi_square: float | None, p: float | None, df: int, rho: float) -> str:
    """Say the answer."""
    name = f"Log-rank test, weighed by survival to the power {rho:g}" if rho else "Log-rank test"
    if chi_square is None:
        return f"{name}: not estimable, fewer than two groups could have had an event."
    return f"{name}: chi-square {chi_square:.6g} on {df} df, p = {p:.6g}."
