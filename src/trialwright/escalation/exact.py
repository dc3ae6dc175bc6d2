"""Exact operating characteristics, without simulation.

A decision depends on the counts by dose level and on the level of the last cohort. So all orders
of events that lead to the same counts are one state, and one forward pass over states, cohort by
cohort, reaches every way the trial can end. The probability of an ending is

    c * product over levels of p^dlts * (1 - p)^(evaluable - dlts)

where c, a whole number, adds up the binomial coefficients along all paths and knows nothing of the
scenario: one walk answers for any number of scenarios.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from trialwright.escalation.decision import Decision, Design, LevelCount
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

Rate = int | float | Decimal | Fraction
"""A true DLT rate: a probability, 0 to 1."""

MOST_STATES = 1_000_000
"""States a walk may reach before it is refused; a design that never stops meets this limit."""

_Key = TypeVar("_Key")

Counts = tuple[LevelCount, ...]
"""Counts by dose level, lowest level first."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A state the trial can reach, with the decision taken there.

    Attributes
    ----------
    seen : tuple of LevelCount
        Counts by dose level.
    at : int
        Dose level of the last cohort.
    decision : Decision
        What the design decided.
    """

    seen: Counts
    at: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Ending:
    """A way the trial can end.

    Attributes
    ----------
    seen : tuple of LevelCount
        Counts by dose level.
    mtd : int or None
        Dose level estimated as the MTD; None when there is none.
    weight : int
        Sum over all paths of the product of binomial coefficients.
    paths : int
        How many sequences of cohort results (DLTs in each cohort) end here.
    """

    seen: Counts
    mtd: int | None
    weight: int
    paths: int


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
class Walk:
    """Everything a trial under a design can come to.

    Attributes
    ----------
    start : tuple of LevelCount
        Counts at which the walk began.
    reached : tuple of Reached
        Every state in which the design was asked, with its decision, early states first.
    endings : tuple of Ending
        Every way the trial can end.
    """

    start: Counts
    reached: tuple[Reached, ...]
    endings: tuple[Ending, ...]

    def under(self, true_rates: Sequence[Rate]) -> OperatingCharacteristics:
        """Give the operating characteristics in one scenario.

        Parameters
        ----------
        true_rates : sequence of int, float, Decimal or Fraction, length = dose levels
            True DLT rate of each dose level, probabilities from 0 to 1, lowest level first.

        Returns
        -------
        OperatingCharacteristics
            Exact but for the rounding of binary floating point, about 1e-15.

        Raises
        ------
        Refusal
            If there is another number of rates than dose levels, or a rate is no probability.
        """
        rates = _checked(true_rates, len(self.start))
        chances = [self._chance(ending, rates) for ending in self.endings]
        levels = range(len(self.start))
        ended = list(zip(self.endings, chances, strict=True))

        def select(mtd: int | None) -> float:
            return math.fsum(chance for ending, chance in ended if ending.mtd == mtd)

        return OperatingCharacteristics(
            true_rates=rates,
            p_no_mtd=select(None),
            p_select=tuple(select(level + 1) for level in levels),
            expected_n=tuple(
                math.fsum(chance * ending.seen[level].evaluable for ending, chance in ended)
                for level in levels
            ),
            expected_dlt=tuple(
                math.fsum(chance * ending.seen[level].dlts for ending, chance in ended)
                for level in levels
            ),
            total=math.fsum(chances),
            terminal_states=len(self.endings),
            paths=sum(ending.paths for ending in self.endings),
        )

    def _chance(self, ending: Ending, rates: Sequence[float]) -> float:
        """Give the probability of one ending, given the counts at which the walk began."""
        chance = float(ending.weight)
        for before, after, rate in zip(self.start, ending.seen, rates, strict=True):
            dlts = after.dlts - before.dlts
            others = after.evaluable - before.evaluable - dlts
            chance *= rate**dlts * (1.0 - rate) ** others
        return chance


def operating_characteristics(
    design: Design, true_rates: Sequence[Rate]
) -> OperatingCharacteristics:
    """Give the exact operating characteristics of a design in one scenario.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    true_rates : sequence of int, float, Decimal or Fraction, length `design.levels`
        True DLT rate of each dose level, probabilities from 0 to 1, lowest level first.

    Returns
    -------
    OperatingCharacteristics
        For several scenarios take `walk(design)` once and ask it for each.

    Raises
    ------
    Refusal
        As `walk` and `Walk.under`.
    """
    return walk(design).under(true_rates)


def walk(
    design: Design,
    seen: Sequence[LevelCount] | None = None,
    at: int | None = None,
    most_states: int = MOST_STATES,
) -> Walk:
    """Follow a design through every result every cohort can have.

    Parameters
    ----------
    design : Design
        Any design whose decisions depend on the counts and the level of the last cohort alone.
    seen : sequence of LevelCount or None
        Counts of a running trial, nobody pending; None starts before the first cohort.
    at : int or None
        Dose level of its last cohort; None is the starting level.
    most_states : int
        States after which the walk is given up.

    Returns
    -------
    Walk
        Every reachable state and every ending.

    Raises
    ------
    Refusal
        If somebody is still pending, the design refuses the counts or does not go on, or the
        states are too many.
    """
    start = tuple(seen) if seen is not None else (LevelCount(0, 0),) * design.levels
    _refuse_pending(start)
    reached: list[Reached] = []
    ended: dict[tuple[Counts, int | None], tuple[int, int]] = {}
    frontier = {(start, design.starting_level if at is None else at): (1, 1)}
    while frontier:
        following: dict[tuple[Counts, int], tuple[int, int]] = {}
        for (counts, last), (weight, paths) in frontier.items():
            decision = design.next_dose(counts, last)
            reached.append(Reached(counts, last, decision))
            if decision.level is None:
                _add(ended, (counts, decision.mtd), weight, paths)
                continue
            for ways, after in _cohort_results(counts, decision.level, decision.cohort_size):
                _add(following, (after, decision.level), weight * ways, paths)
        if len(reached) + len(following) > most_states:
            allowed, do = f"at most {most_states} states", "Simulate instead"
            raise refuse(design.name, "more states than the walk may reach", allowed, do)
        frontier = following
    endings = tuple(Ending(*key, *value) for key, value in ended.items())
    return Walk(start, tuple(reached), endings)


def _refuse_pending(start: Counts) -> None:
    """Refuse to walk on from counts that are not final."""
    faults = [
        Fault(
            f"dose level {level}",
            f"{count.pending} still in the DLT window",
            "nobody pending",
            "Wait, or ask once with a DLT and once without for each of them",
        )
        for level, count in enumerate(start, start=1)
        if count.pending
    ]
    if faults:
        raise Refusal(faults)


def _cohort_results(counts: Counts, level: int, size: int) -> Iterator[tuple[int, Counts]]:
    """Give each result of the next cohort, with the number of ways it comes about."""
    if size < 1:
        raise refuse(
            f"dose level {level}",
            "the design neither stops nor enrols",
            "a cohort of at least one participant",
            "Correct the design",
        )
    before = counts[level - 1]
    for dlts in range(size + 1):
        count = LevelCount(before.evaluable + size, before.dlts + dlts)
        yield math.comb(size, dlts), (*counts[: level - 1], count, *counts[level:])


def _add(states: dict[_Key, tuple[int, int]], key: _Key, weight: int, paths: int) -> None:
    """Merge a way into the state it leads to."""
    weight_so_far, paths_so_far = states.get(key, (0, 0))
    states[key] = (weight_so_far + weight, paths_so_far + paths)


def _checked(true_rates: Sequence[Rate], levels: int) -> tuple[float, ...]:
    """Take the true rates of a scenario, or refuse them all at once."""
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


def _is_probability(rate: object) -> bool:
    """Say whether a value is a number from 0 to 1."""
    if isinstance(rate, bool) or not isinstance(rate, (int, float, Decimal, Fraction)):
        return False
    if isinstance(rate, Decimal) and not rate.is_finite():
        return False
    return 0 <= rate <= 1
