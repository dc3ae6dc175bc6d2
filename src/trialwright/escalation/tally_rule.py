"""What all designs share that decide by the tally at the level of the last cohort.

Such a design is a table: for n DLT-evaluable participants with y DLTs it says E escalate, S stay,
D de-escalate, or U: de-escalate and close the level and all above. What is around the table is the
same for each of them and stands here: the ladder, closed levels, cohorts, and when it ends.

In this order:

1. a level is *closed* (U) when n is at least `eliminate_from` and P(p > target) > `eliminate`, for
   a uniform prior; all levels above are closed with it. When the lowest is closed the escalation
   stops without an MTD; with `extra_safe` it does so at `eliminate` - `offset` already;
2. it stops when `max_n` participants were treated;
3. E goes one level up, unless that is closed or off the ladder; D and U go one down, unless there
   is none; a level above a closed one is left for the highest that is open; else the next cohort is
   treated at the same level;
4. where the next cohort would be treated at the same level and `stop_at` participants were treated
   there, it stops.

The MTD is a step of its own: isotonic regression over the levels that are not closed.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trialwright.escalation.beta_tail import probability_above
from trialwright.escalation.isotonic import (
    Floats,
    Ints,
    isotonic_estimates,
    likelihood_boundary,
    nearest_to_target,
)
from trialwright.escalation.settings import (
    cohort_faults,
    hold_as_tuples,
    ladder_faults,
    probability_faults,
)
from trialwright.terms.errors import Fault, Refusal

Letter = Literal["E", "S", "D", "U"]
"""E escalate, S stay, D de-escalate, U de-escalate and close the level and all above."""

NEVER, ESCALATE, STAY, DE_ESCALATE, CLOSE = range(5)
"""Letters of the table as numbers; `NEVER` stands where no tally is."""

LETTERS: tuple[Letter, ...] = ("E", "S", "D", "U")
"""From the mildest to the most severe, in the order of their numbers."""


class Boundary(NamedTuple):
    """One row of the table in words of numbers of DLTs.

    Attributes
    ----------
    evaluable : int
        DLT-evaluable participants at the level.
    escalate_at_most, de_escalate_at_least, close_at_least : int or None
        DLTs; None where no number leads there.
    """

    evaluable: int
    escalate_at_most: int | None
    de_escalate_at_least: int | None
    close_at_least: int | None


class Table(NamedTuple):
    """The table of a design as arrays, by evaluable participants and DLTs.

    Attributes
    ----------
    letters : ndarray of int
        E, S, D and U as numbers.
    stops_lowest : ndarray of bool
        Tallies of the lowest level at which `extra_safe` stops the escalation.
    """

    letters: NDArray[np.int8]
    stops_lowest: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class TallyRule(ABC):
    """A table of tallies with what is around it, for one tally and for many states at once.

    Attributes
    ----------
    levels : int
        Number of dose levels, numbered from 1 (lowest).
    target : float, probability
        Target toxicity rate.
    max_n : int, participants
        Participants at which the escalation ends.
    cohort_size : int, participants
        Participants in a cohort; the last one is cut at `max_n`.
    starting_level : int
        Dose level of the first cohort.
    stop_at : int or None, participants
        Participants at one level at which the escalation ends when the next cohort would be
        treated there too.
    eliminate : float or None, probability
        Posterior probability of too many DLTs above which a level is closed; None: never.
    eliminate_from : int, participants
        Evaluable participants from which a level can be closed.
    extra_safe : bool
        Whether the escalation stops earlier when it is the lowest level.
    offset : float, probability
        How much smaller the probability is then.
    bound_mtd : bool
        Whether the MTD must be estimated below the de-escalation limit of BOIN.

    Raises
    ------
    Refusal
        If a setting is none, all at once.
    """

    levels: int
    target: float
    max_n: int
    cohort_size: int = 3
    starting_level: int = 1
    stop_at: int | None = None
    eliminate: float | None = 0.95
    eliminate_from: int = 3
    extra_safe: bool = False
    offset: float = 0.05
    bound_mtd: bool = False

    short: ClassVar[str] = ""
    """Its name in the catalogue."""

    def __post_init__(self) -> None:
        """Refuse settings that are none, all at once; lists are held as tuples."""
        hold_as_tuples(self)
        faults = tuple(self._setting_faults())
        if faults:
            raise Refusal(faults)

    @property
    def name(self) -> str:
        """Name with the target."""
        return f"{self.short} {self.target:g}"

    # --- what each design says for itself ---------------------------------------------

    looks_back: ClassVar[bool] = False
    """Whether decisions depend on the last cohort by itself."""

    @abstractmethod
    def rule(self, evaluable: int, dlts: int) -> Letter:
        """Say E, S or D for a tally, closing aside.

        Parameters
        ----------
        evaluable, dlts : int
            Tally at the level of the last cohort.

        Returns
        -------
        {'E', 'S', 'D', 'U'}
            U only where the table itself closes levels.
        """

    @abstractmethod
    def comparison(self, evaluable: int, dlts: int) -> str:
        """Say in words and numbers why the rule says so.

        Parameters
        ----------
        evaluable, dlts : int
            Tally at the level of the last cohort.

        Returns
        -------
        str
            A part of the sentence of the dose meeting.
        """

    def first_size(self) -> int:
        """Give the participants of the first cohort.

        Returns
        -------
        int
            The cohort size, where the design does not begin with single participants.
        """
        return self.cohort_size

    def mtd_limit(self) -> float:
        """Give the estimated DLT rate below which the MTD must lie.

        Returns
        -------
        float
            Infinite when it is not bounded.
        """
        if not self.bound_mtd:
            return float("inf")
        return likelihood_boundary(self.target, 1.4 * self.target)

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none."""
        yield from ladder_faults(self.levels, self.starting_level)
        yield from cohort_faults(self.max_n, self.cohort_size, self.stop_at)
        yield from probability_faults(
            target=self.target, eliminate=self.eliminate, offset=self.offset
        )
        yield from cohort_faults(self.eliminate_from, name="eliminate_from")

    # --- the table ----------------------------------------------------------------------

    def letter(self, evaluable: int, dlts: int) -> Letter:
        """Say E, S, D or U for a tally, from the table.

        Parameters
        ----------
        evaluable, dlts : int
            Tally of a level; above `max_n`, which people may have treated, as the table would say
            if it went on.

        Returns
        -------
        {'E', 'S', 'D', 'U'}
            What the table says.
        """
        if evaluable > self.max_n:
            above = float(probability_above(self.target, evaluable, dlts))
            is_tally = evaluable >= self.eliminate_from and self.eliminate is not None
            closes = is_tally and above > (self.eliminate or 0)
            return "U" if closes else self.rule(evaluable, dlts)
        return LETTERS[int(table_of(self).letters[evaluable, dlts]) - 1]

    def boundaries(self) -> tuple[Boundary, ...]:
        """Give the table as numbers of DLTs.

        Returns
        -------
        tuple of Boundary
            One row for 1 to `max_n` evaluable participants. `de_escalate_at_least` counts the
            tallies that close a level too.
        """
        rows = []
        for evaluable in range(1, self.max_n + 1):
            row = table_of(self).letters[evaluable, : evaluable + 1]
            up, down, close = row == ESCALATE, row >= DE_ESCALATE, row == CLOSE
            rows.append(
                Boundary(
                    evaluable,
                    int(np.flatnonzero(up)[-1]) if up.any() else None,
                    int(np.argmax(down)) if down.any() else None,
                    int(np.argmax(close)) if close.any() else None,
                )
            )
        return tuple(rows)

    # --- many states at once ------------------------------------------------------------

    def moves(
        self, evaluable: NDArray[np.int16], dlts: NDArray[np.int16], at: Ints, last: Ints
    ) -> tuple[Ints, Ints]:
        """Decide what follows complete cohorts, for many states at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level, the last cohort included.
        at : ndarray of int, shape (states,)
            Dose level of the last cohort.
        last : ndarray of int, shape (states, 2)
            Not looked at.

        Returns
        -------
        level, size : ndarray of int, shape (states,)
            Dose level of the next cohort, 0 = stop, and its participants.
        """
        table, rows = table_of(self), np.arange(len(at))
        here, toxic = evaluable[rows, at - 1], dlts[rows, at - 1]
        letters = table.letters[here, toxic]
        first_closed = self._first_closed(evaluable, dlts)
        is_down = (letters >= DE_ESCALATE) & (at > 1)
        level = np.minimum(at + (letters == ESCALATE) - is_down, np.maximum(first_closed - 1, 1))
        left = self.max_n - evaluable.sum(axis=1, dtype=np.int64)
        size = np.minimum(self.cohort_size, left)
        level, size = self._moves_climbing((evaluable, dlts, at), level, size)
        stops = (left <= 0) | (first_closed == 1) | ((at == 1) & table.stops_lowest[here, toxic])
        if self.stop_at is not None:
            stops |= (level == at) & (here >= self.stop_at)
        return np.where(stops, 0, level), np.where(stops, 0, size)

    def mtds(self, evaluable: NDArray[np.int16], dlts: NDArray[np.int16]) -> Ints:
        """Estimate the MTD of many finished escalations at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.

        Returns
        -------
        ndarray of int, shape (states,)
            Dose level; 0 = none.
        """
        estimates = isotonic_estimates(evaluable, dlts, self.admissible(evaluable, dlts))
        return nearest_to_target(estimates, self.target, self.mtd_limit())

    def _moves_climbing(
        self,
        state: tuple[NDArray[np.int16], NDArray[np.int16], Ints],
        level: Ints,
        size: Ints,
    ) -> tuple[Ints, Ints]:
        """Change what follows while single participants climb."""
        return level, size

    def _first_closed(self, evaluable: NDArray[np.int16], dlts: NDArray[np.int16]) -> Ints:
        """Give the lowest closed level of each state; one above the ladder when none is."""
        is_closed = table_of(self).letters[evaluable, dlts] == CLOSE
        lowest = np.argmax(is_closed, axis=1) + 1
        return np.where(is_closed.any(axis=1), lowest, self.levels + 1)

    def admissible(
        self, evaluable: NDArray[np.int16], dlts: NDArray[np.int16]
    ) -> NDArray[np.bool_]:
        """Mark the levels that were tried and are not closed.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, levels)
            Counts by dose level.

        Returns
        -------
        ndarray of bool, shape (states, levels)
            None when the lowest is closed, or stops the escalation by `extra_safe`.
        """
        is_open = np.arange(1, self.levels + 1) < self._first_closed(evaluable, dlts)[:, None]
        stops = table_of(self).stops_lowest[evaluable[:, 0], dlts[:, 0]]
        return np.asarray((evaluable > 0) & is_open & ~stops[:, None], dtype=np.bool_)


@cache
def table_of(design: TallyRule) -> Table:
    """Tabulate a design once.

    Parameters
    ----------
    design : TallyRule
        Any design that is a table of tallies.

    Returns
    -------
    Table
        By evaluable participants, up to `max_n`, and DLTs.
    """
    size = design.max_n + 1
    evaluable, dlts = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    letters = np.full((size, size), NEVER, dtype=np.int8)
    for each in range(size):
        for toxic in range(each + 1):
            letters[each, toxic] = LETTERS.index(design.rule(each, toxic)) + 1 if each else STAY
    stops_lowest = np.zeros((size, size), dtype=np.bool_)
    if design.eliminate is not None:
        is_tally = (dlts <= evaluable) & (evaluable >= design.eliminate_from)
        above: Floats = probability_above(design.target, np.maximum(evaluable, dlts), dlts)
        letters[is_tally & (above > design.eliminate)] = CLOSE
        if design.extra_safe:
            stops_lowest = is_tally & (above > design.eliminate - design.offset)
    return Table(letters, stops_lowest)
