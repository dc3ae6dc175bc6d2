"""Kaplan-Meier: the curve with its limits, quantiles, landmarks and follow-up.

References
----------
.. [1] Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481. doi:10.2307/2281868
.. [2] Brookmeyer R, Crowley J. Biometrics 1982;38(1):29-41. doi:10.2307/2530286
.. [3] Schemper M, Smith TL. Control Clin Trials 1996;17(4):343-346.
   doi:10.1016/0197-2456(96)00075-X
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from trialwright.endpoints.conventions import Conventions
from trialwright.terms.errors import refuse

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

AS_EQUAL = math.sqrt(float(np.finfo(np.float64).eps))
"""Probabilities closer than this are one: R's tolerance in `quantile.survfit`."""


MOST_DAYS = 100_000
"""Whole times up to here are counted without sorting; a life has fewer days."""


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """A Kaplan-Meier curve; its columns have one entry for each day that somebody's time ends on.

    Attributes
    ----------
    conventions : Conventions
        How limits and quantiles are given.
    participants, events : int
        How many stand in the curve, and how many of them had the event.
    times : tuple of float, shape (days,)
        Days on which somebody had the event or was censored, ascending.
    at_risk : tuple of int, shape (days,)
        Participants still followed just before the day.
    died, censored : tuple of int, shape (days,)
        Events, and ends of follow-up without one, on the day.
    survival : tuple of float, shape (days,)
        S(t) from that day on.
    spread : tuple of (float or None), shape (days,)
        Greenwood's standard error of log S(t); None where S(t) is 0.
    lower, upper : tuple of (float or None), shape (days,)
        Pointwise confidence limits of S(t); None where S(t) is 0.
    """

    conventions: Conventions
    participants: int
    events: int
    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    died: tuple[int, ...]
    censored: tuple[int, ...]
    survival: tuple[float, ...]
    spread: tuple[float | None, ...]
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Quantile:
    """A time by which a share of the participants had the event.

    Attributes
    ----------
    share : float
        0.5 for the median.
    time, lower, upper : float or None
        Estimate and Brookmeyer-Crowley limits; None when not estimable.
    conventions : Conventions
        How they are given.
    because : str
        The answer in a sentence, with the conventions.
    """

    share: float
    time: float | None
    lower: float | None
    upper: float | None
    conventions: Conventions
    because: str


@dataclass(frozen=True, slots=True)
class Landmark:
    """S(t) at one time.

    Attributes
    ----------
    time : float
        The time asked for.
    at_risk : int
        Participants still followed just before it.
    survival, std_error, lower, upper : float or None
        Estimate, its standard error and limits; None when not estimable.
    conventions : Conventions
        How they are given.
    because : str
        The answer in a sentence, with the conventions.
    """

    time: float
    at_risk: int
    survival: float | None
    std_error: float | None
    lower: float | None
    upper: float | None
    conventions: Conventions
    because: str


def kaplan_meier(
    times: Sequence[float] | Floats,
    had_event: Sequence[bool] | NDArray[np.bool_],
    conventions: Conventions,
) -> KaplanMeier:
    """Estimate survival by Kaplan and Meier [1]_.

    Parameters
    ----------
    times : sequence of float, shape (participants,)
        Time to the event or to the end of follow-up, e.g. in days; 0 or more.
    had_event : sequence of bool, shape (participants,)
        Whether the event was seen then. Events of a day come before censorings of that day.
    conventions : Conventions
        Scale and level of the limits.

    Returns
    -------
    KaplanMeier
        Without any column when there is no participant.

    Raises
    ------
    Refusal
        If the lengths differ, or a time is negative or no number.
    """
    when, seen = required_times(times, had_event)
    days, place = distinct(when)
    everybody = np.bincount(place, minlength=len(days)).astype(np.int64)
    died = np.bincount(place[seen], minlength=len(days)).astype(np.int64)
    at_risk = len(when) - np.cumsum(everybody) + everybody
    survival: Floats = np.cumprod((at_risk - died) / at_risk).astype(np.float64)
    with np.errstate(divide="ignore"):
        gone = died / (at_risk * (at_risk - died).astype(np.float64))
        spread: Floats = np.sqrt(np.cumsum(gone)).astype(np.float64)
    lower, upper = limits(survival, spread, conventions)
    return KaplanMeier(
        conventions,
        len(when),
        int(seen.sum()),
        tuple(days.tolist()),
        tuple(at_risk.tolist()),
        tuple(died.tolist()),
        tuple((everybody - died).tolist()),
        tuple(survival.tolist()),
        _or_none(spread),
        _or_none(lower),
        _or_none(upper),
    )


def reverse_kaplan_meier(
    times: Sequence[float] | Floats,
    had_event: Sequence[bool] | NDArray[np.bool_],
    conventions: Conventions,
) -> KaplanMeier:
    """Estimate follow-up: the end of follow-up is the event, the event ends it unseen [3]_.

    Parameters
    ----------
    times, had_event : array_like, shape (participants,)
        As `kaplan_meier` takes them.
    conventions : Conventions
        Of the limits and the median.

    Returns
    -------
    KaplanMeier
        Its median is the median follow-up.
    """
    when, seen = required_times(times, had_event)
    return kaplan_meier(when, ~seen, conventions)


def limits(survival: Floats, spread: Floats, conventions: Conventions) -> tuple[Floats, Floats]:
    """Give the pointwise confidence limits of S(t).

    Parameters
    ----------
    survival, spread : ndarray of float, shape (days,)
        S(t) and the standard error of its logarithm.
    conventions : Conventions
        Scale and level.

    Returns
    -------
    tuple of two ndarray of float, shape (days,)
        Lower and upper, cut at 0 and 1; 1 where S(t) is 1, NaN where it is 0.
    """
    z = float(ndtri((1 + conventions.conf_level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        if conventions.conf_type == "plain":
            lower, upper = survival * (1 - z * spread), survival * (1 + z * spread)
        elif conventions.conf_type == "log":
            lower, upper = survival * np.exp(-z * spread), survival * np.exp(z * spread)
        else:
            turn = np.exp(z * spread / np.log(survival))
            lower, upper = survival ** (1 / turn), survival**turn
    for each in (lower, upper):
        np.clip(each, 0, 1, out=each)
        each[survival == 1] = 1
        each[survival == 0] = np.nan
    return lower, upper


def quantile(curve: KaplanMeier, share: float) -> Quantile:
    """Give the time by which a share of the participants had the event, with its limits [2]_.

    Parameters
    ----------
    curve : KaplanMeier
        The curve.
    share : float
        Above 0 and below 1; 0.5 for the median.

    Returns
    -------
    Quantile
        The first time at which S(t) is below 1 - share. Where S(t) is exactly that for a while,
        the midpoint of that while; to the end of the curve, R's midpoint or none by SAS. The
        limits are the times at which the limits of S(t) cross 1 - share in the same way.

    Raises
    ------
    Refusal
        If the share is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise refuse("share", f"{share}", "above 0 and below 1", "Give 0.5 for the median")
    time, lower, upper = (
        _crossing(curve, column, share) for column in (curve.survival, curve.lower, curve.upper)
    )
    name = "Median" if share == 0.5 else f"{100 * share:g} % quantile"
    given = f"{_or_ne(time)} ({_or_ne(lower)} to {_or_ne(upper)}; {curve.conventions})"
    return Quantile(share, time, lower, upper, curve.conventions, f"{name} {given}.")


def landmark(curve: KaplanMeier, time: float) -> Landmark:
    """Give S(t) at one time.

    Parameters
    ----------
    curve : KaplanMeier
        The curve.
    time : float
        0 or later, in the unit of the curve.

    Returns
    -------
    Landmark
        Past the last time of a curve that is above 0, R's convention carries S(t) on, and that of
        SAS gives no estimate.

    Raises
    ------
    Refusal
        If the time is negative.
    """
    if time < 0:
        raise refuse("time", f"{time}", "0 or later", "Give a time after the start")
    place = int(np.searchsorted(curve.times, time, side="right")) - 1
    after = int(np.searchsorted(curve.times, time, side="left"))
    at_risk = curve.at_risk[after] if after < len(curve.times) else 0
    is_past = not curve.times or (time > curve.times[-1] and curve.survival[-1] > 0)
    found: tuple[float | None, float | None, float | None, float | None]
    if not curve.participants or (is_past and curve.conventions.convention == "SAS"):
        found = (None, None, None, None)
    elif place < 0:
        found = (1.0, 0.0, 1.0, 1.0)
    else:
        survival = curve.survival[place]
        spread = curve.spread[place]
        error = None if spread is None else survival * spread
        found = (survival, error, curve.lower[place], curve.upper[place])
    survived, error, lower, upper = found
    given = f"{_or_ne(survived)} ({_or_ne(lower)} to {_or_ne(upper)}; {curve.conventions})"
    because = f"S({time:g}) {given}, {at_risk} at risk."
    return Landmark(time, at_risk, survived, error, lower, upper, curve.conventions, because)


def distinct(when: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Give the distinct times, and which of them each participant's is.

    Parameters
    ----------
    when : ndarray of float, shape (participants,)
        Times, 0 or more.

    Returns
    -------
    tuple of (ndarray of float, shape (days,); ndarray of int, shape (participants,))
        Ascending; whole days, which most times are, need no sorting.
    """
    if len(when) and when.max() <= MOST_DAYS:
        whole = when.astype(np.intp)
        if (whole == when).all():
            is_there = np.bincount(whole) > 0
            rank = np.cumsum(is_there) - 1
            return np.flatnonzero(is_there).astype(np.float64), rank[whole]
    order = np.argsort(when)
    ordered = when[order]
    is_new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    place = np.empty(len(when), dtype=np.intp)
    place[order] = np.cumsum(is_new) - 1
    return ordered[is_new], place


def required_times(
    times: Sequence[float] | Floats, had_event: Sequence[bool] | NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Give times and events as arrays.

    Parameters
    ----------
    times, had_event : array_like, shape (participants,)
        As `kaplan_meier` takes them.

    Returns
    -------
    tuple of (ndarray of float, ndarray of bool), shape (participants,)
        Of one length.

    Raises
    ------
    Refusal
        If the lengths differ, or a time is negative or no number.
    """
    when, seen = np.asarray(times, dtype=np.float64), np.asarray(had_event, dtype=np.bool_)
    if when.shape != seen.shape or when.ndim != 1:
        raise refuse("had_event", f"{seen.size} for {when.size} times", "one for each time",
                     "Give both of every participant")  # fmt: skip
    if not (np.isfinite(when) & (when >= 0)).all():
        raise refuse("times", "a time below 0, or none", "numbers from 0 on", "Correct the times")
    return when, seen


def _crossing(curve: KaplanMeier, column: Sequence[float | None], share: float) -> float | None:
    """Find when a column falls to 1 - share; None when it never does."""
    values = np.array(column, dtype=np.float64)
    known = ~np.isnan(values)
    level, times = 1 - share, np.array(curve.times)
    reached = np.flatnonzero(known & (values <= level + AS_EQUAL))
    if not len(reached):
        return None
    first = float(times[reached[0]])
    passed = np.flatnonzero(known & (values < level - AS_EQUAL))
    if len(passed):
        return (first + float(times[passed[0]])) / 2
    if not known[-1] or curve.conventions.convention == "SAS":
        return None if curve.conventions.convention == "SAS" else first
    return (first + float(times[-1])) / 2


def _or_none(values: Floats) -> tuple[float | None, ...]:
    """Give None for what is no finite number."""
    told: list[float | None] = values.tolist()
    for place in np.flatnonzero(~np.isfinite(values)):
        told[place] = None
    return tuple(told)


def _or_ne(value: float | None) -> str:
    """Say a number, or that it is not estimable."""
    return "NE" if value is None else f"{value:.6g}"
