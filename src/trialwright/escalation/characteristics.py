"""Operating characteristics of a walked design: weights times probabilities, nothing more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from scipy.sparse import csr_matrix

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.states import Counts, Floats, Ints, Pass
from trialwright.terms.errors import Fault, Refusal, shorten

Rate = int | float | Decimal | Fraction
"""A true DLT rate: a probability, 0 to 1."""

AT_ONCE = 500_000
"""Probabilities worked out at once when there are many scenarios: 4 MB."""


@dataclass(frozen=True, slots=True)
class OperatingCharacteristics:
    """How a design behaves when the true DLT rates are known.

    Attributes
    ----------
    true_rates : tuple of float
        True DLT rate of each dose level, lowest level first.
    p_no_mtd : float
        Probability that no dose level is estimated as the MTD.
    p_select : tuple of float
        Probability of each dose level to be estimated as the MTD.
    expected_n, expected_dlt : tuple of float
        Expected evaluable participants and DLTs at each dose level at the end, those counted
        before the walk began included.
    total : float
        Sum of the probabilities of all endings; 1 but for rounding.
    terminal_states : int
        Number of different endings.
    paths : int
        Number of sequences of cohort results that were merged into them.
    """

    true_rates: tuple[float, ...]
    p_no_mtd: float
    p_select: tuple[float, ...]
    expected_n: tuple[float, ...]
    expected_dlt: tuple[float, ...]
    total: float
    terminal_states: int
    paths: int

    @property
    def expected_total_n(self) -> float:
        """Expected evaluable participants in the whole escalation."""
        return math.fsum(self.expected_n)

    @property
    def expected_total_dlt(self) -> float:
        """Expected DLTs in the whole escalation."""
        return math.fsum(self.expected_dlt)


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations between trials, so that simulations can be held to exact numbers.

    Attributes
    ----------
    evaluable, dlts : tuple of float
        Of the participants and the DLTs at each dose level.
    total_evaluable, total_dlts : float
        Of those in the whole escalation.
    """

    evaluable: tuple[float, ...]
    dlts: tuple[float, ...]
    total_evaluable: float
    total_dlts: float


def checked(true_rates: Sequence[Rate], levels: int) -> tuple[float, ...]:
    """Take the true rates of a scenario, or refuse them all at once.

    Parameters
    ----------
    true_rates : sequence of int, float, Decimal or Fraction
        As given.
    levels : int
        Number of dose levels.

    Returns
    -------
    tuple of float
        One rate a dose level.

    Raises
    ------
    Refusal
        If there is another number of rates than dose levels, or a rate is no probability.
    """
    faults = []
    if len(true_rates) != levels:
        found = f"{len(true_rates)} rates for {levels} dose levels"
        faults.append(Fault("true_rates", found, f"{levels} rates", "Give one rate a dose level"))
    for level, rate in enumerate(true_rates, start=1):
        if not _is_probability(rate):
            where, allowed = f"true_rates, dose level {level}", "a probability from 0 to 1"
            faults.append(Fault(where, shorten(rate), allowed, "Write 25 % as 0.25"))
    if faults:
        raise Refusal(faults)
    return tuple(float(rate) for rate in true_rates)


def characteristics(
    found: Pass, mtds: Ints, start: Sequence[LevelCount], rates: Sequence[float]
) -> OperatingCharacteristics:
    """Weigh the endings of a walk in one scenario.

    Parameters
    ----------
    found : Pass
        The endings.
    mtds : ndarray of int, shape (endings,)
        Dose level estimated as the MTD; 0 = none.
    start : sequence of LevelCount
        Counts at which the walk began.
    rates : sequence of float
        True DLT rate of each dose level.

    Returns
    -------
    OperatingCharacteristics
        Exact but for rounding.
    """
    chances = chances_of(found, start, rates)
    ended = found.ended
    return _told(
        found,
        rates,
        np.bincount(mtds, chances, len(rates) + 1).astype(np.float64),
        chances @ ended.evaluable,
        chances @ ended.dlts,
        float(chances.sum()),
    )


def characteristics_of_many(
    found: Pass,
    mtds: Ints,
    start: Sequence[LevelCount],
    scenarios: Sequence[Sequence[float]],
) -> tuple[OperatingCharacteristics, ...]:
    """Weigh the endings of a walk in many scenarios at once.

    Parameters
    ----------
    found : Pass
        The endings.
    mtds : ndarray of int, shape (endings,)
        Dose level estimated as the MTD; 0 = none.
    start : sequence of LevelCount
        Counts at which the walk began.
    scenarios : sequence of sequence of float
        True DLT rates of each scenario.

    Returns
    -------
    tuple of OperatingCharacteristics
        One for each scenario.
    """
    if not scenarios:
        return ()
    levels = len(start)
    low, high = (_Half.of(found, start, part) for part in _split(levels))
    # What counts at the lower levels needs the upper ones only summed up, and the other way round.
    both, across = np.unique(mtds * len(low) + low.places, return_inverse=True)
    shape = (len(both), len(high))
    weights = csr_matrix((found.ended.weight, (across, high.places)), shape=shape)
    selects, lows = both // len(low), both % len(low)
    select = csr_matrix((np.ones(len(both)), (selects, np.arange(len(both)))))
    select.resize((levels + 1, len(both)))
    to_low = csr_matrix((np.ones(len(both)), (lows, np.arange(len(both)))))
    told: list[OperatingCharacteristics] = []
    step = max(1, AT_ONCE // len(both))
    for place in range(0, len(scenarios), step):
        rates = np.asarray(scenarios[place : place + step], dtype=np.float64).T
        of_low, of_high = low.chances(rates), high.chances(rates)
        with_low = (weights @ of_high) * of_low[lows]
        with_high = (weights.T @ of_low[lows]) * of_high
        selected = select @ with_low
        parts = ((low, to_low @ with_low), (high, with_high))
        evaluable = np.concatenate([half.evaluable @ chances for half, chances in parts])
        dlts = np.concatenate([half.dlts @ chances for half, chances in parts])
        totals = selected.sum(axis=0)
        told += [
            _told(found, rates_of, selected[:, column], evaluable[:, column], dlts[:, column],
                  float(totals[column]))
            for column, rates_of in enumerate(scenarios[place : place + step])
        ]  # fmt: skip
    return tuple(told)


@dataclass(frozen=True)
class _Half:
    """Some dose levels of all endings: many endings share what was seen there.

    Attributes
    ----------
    levels : slice
        Which dose levels.
    evaluable, dlts : sparse matrix, shape (levels, distinct)
        Counts at the end, each combination once.
    new_dlts, others : ndarray of int, shape (distinct, levels)
        DLTs, and participants without one, since the walk began.
    places : ndarray of int, shape (endings,)
        Which of them each ending has.
    """

    levels: slice
    evaluable: csr_matrix
    dlts: csr_matrix
    new_dlts: Counts
    others: Counts
    places: Ints

    @classmethod
    def of(cls, found: Pass, start: Sequence[LevelCount], levels: slice) -> "_Half":
        """Gather what the endings share at some dose levels."""
        dlts, others = (each[:, levels] for each in _since(found, start))
        places, first = np.zeros(len(dlts), dtype=np.int64), np.zeros(1, dtype=np.int64)
        for column in (*dlts.T, *others.T):
            _, first, places = np.unique(
                places * (int(column.max()) + 1) + column, return_index=True, return_inverse=True
            )
        counts = (found.ended.evaluable, found.ended.dlts)
        evaluable, toxic = (csr_matrix(each[first, levels].T.astype(float)) for each in counts)
        return cls(levels, evaluable, toxic, dlts[first], others[first], places)

    def __len__(self) -> int:
        """Count the combinations."""
        return len(self.new_dlts)

    def chances(self, rates: Floats) -> Floats:
        """Give the part of the probability that comes from these levels, by combination."""
        chances = np.ones((len(self), rates.shape[1]))
        for rate, dlts, others in zip(
            rates[self.levels], self.new_dlts.T, self.others.T, strict=True
        ):
            chances *= (rate ** np.arange(dlts.max() + 1)[:, None])[dlts]
            chances *= ((1 - rate) ** np.arange(others.max() + 1)[:, None])[others]
        return chances


def _split(levels: int) -> tuple[slice, slice]:
    """Part the ladder into a lower and an upper half."""
    half = (levels + 1) // 2
    return slice(0, half), slice(half, levels)


def share_of_trials_overdosing(
    found: Pass,
    start: Sequence[LevelCount],
    rates: Sequence[float],
    target: float,
    more_than: float,
) -> float:
    """Give the probability that more than so many participants are treated above the target.

    Parameters
    ----------
    found : Pass
        The endings.
    start : sequence of LevelCount
        Counts at which the walk began.
    rates : sequence of float
        True DLT rate of each dose level.
    target : float, probability
        Target toxicity rate.
    more_than : float, participants
        The limit.

    Returns
    -------
    float
        A probability.
    """
    above = found.ended.evaluable[:, np.asarray(rates) > target].sum(axis=1)
    return float(chances_of(found, start, rates)[above > more_than].sum())


def spread(found: Pass, start: Sequence[LevelCount], rates: Sequence[float]) -> Spread:
    """Give how much participants and DLTs differ between trials in one scenario.

    Parameters
    ----------
    found : Pass
        The endings.
    start : sequence of LevelCount
        Counts at which the walk began.
    rates : sequence of float
        True DLT rate of each dose level.

    Returns
    -------
    Spread
        Standard deviations.
    """
    chances = chances_of(found, start, rates)

    def deviations(counts: Counts) -> tuple[float, ...]:
        """Give the standard deviation of each column."""
        exact = counts.astype(np.float64)
        squares = chances @ (exact - chances @ exact) ** 2
        return tuple(np.sqrt(squares).tolist())

    evaluable, dlts = found.ended.evaluable, found.ended.dlts
    return Spread(
        deviations(evaluable),
        deviations(dlts),
        *(deviations(each.sum(axis=1, keepdims=True))[0] for each in (evaluable, dlts)),
    )


def chances_of(found: Pass, start: Sequence[LevelCount], rates: Sequence[float]) -> Floats:
    """Give the probability of each ending, given the counts at which the walk began.

    Parameters
    ----------
    found : Pass
        The endings.
    start : sequence of LevelCount
        Counts at which the walk began.
    rates : sequence of float
        True DLT rate of each dose level.

    Returns
    -------
    ndarray of float, shape (endings,)
        They add up to 1, but for rounding.
    """
    dlts, others = _since(found, start)
    chances = found.ended.weight.copy()
    for level, rate in enumerate(rates):
        most = np.arange(1 + int(max(dlts[:, level].max(), others[:, level].max())))
        chances *= (rate**most)[dlts[:, level]]
        chances *= ((1.0 - rate) ** most)[others[:, level]]
    return chances


def _since(found: Pass, start: Sequence[LevelCount]) -> tuple[Counts, Counts]:
    """Count DLTs, and participants without one, since the walk began."""
    ended = found.ended
    dlts = ended.dlts - np.array([count.dlts for count in start], dtype=np.int16)
    evaluable = ended.evaluable - np.array([count.evaluable for count in start], dtype=np.int16)
    return dlts, evaluable - dlts


def _told(
    found: Pass,
    rates: Sequence[float],
    selected: Floats,
    evaluable: Floats,
    dlts: Floats,
    total: float,
) -> OperatingCharacteristics:
    """Put the sums of one scenario into words."""
    return OperatingCharacteristics(
        true_rates=tuple(rates),
        p_no_mtd=float(selected[0]),
        p_select=tuple(selected[1:].tolist()),
        expected_n=tuple(evaluable.tolist()),
        expected_dlt=tuple(dlts.tolist()),
        total=total,
        terminal_states=len(found.ended),
        paths=int(found.ended.paths.sum()),
    )


def _is_probability(rate: object) -> bool:
    """Say whether a value is a number from 0 to 1."""
    if isinstance(rate, bool) or not isinstance(rate, (int, float, Decimal, Fraction)):
        return False
    if isinstance(rate, Decimal) and not rate.is_finite():
        return False
    return 0 <= rate <= 1
