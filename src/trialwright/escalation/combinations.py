r"""BOIN for combinations of two agents.

The doses of the first agent are the rows of a grid, those of the second its columns. At a
combination with n participants of whom y had a DLT, the limits of BOIN say whether to escalate,
stay or de-escalate [1]_. Escalation raises one agent by one dose, de-escalation lowers one: of the
neighbours that are on the grid and, upward, not closed, that with the greatest probability
:math:`P(\lambda_e < p < \lambda_d)` for the posterior of its DLT rate p with a prior
Beta(0.5, 0.5); with `favour_tried` 0.0005 is added for each participant treated there, as the R
package `BOIN` does. Of two that are equal, that which changes the first agent is taken. Where there
is no such neighbour the next cohort is treated at the same combination. A combination is closed,
with all that are at least as high in both agents, as in BOIN; when the lowest is closed the
escalation stops without an MTD. It ends when `max_n` participants were treated.

The MTD is that of the combinations tried and not closed whose estimate is nearest to the target,
the estimates (y + 0.05) / (n + 0.1) of all combinations being made rising in both agents with the
weights n + 0.1. Each is moved up by 1e-5 for each dose above 0 of either agent; of two that are
equally near, that with less of the second agent is taken.

Combinations are numbered row by row from 1, so that exact operating characteristics take them for
dose levels.

References
----------
.. [1] Lin R, Yin G. Bayesian optimal interval design for dose finding in drug-combination trials.
   Stat Methods Med Res 2017;26(5):2155-2167. doi:10.1177/0962280215594494
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from trialwright.escalation import meeting
from trialwright.escalation.bivariate import rising_both_ways
from trialwright.escalation.decision import Decision, LevelCount, MtdEstimate, question_faults
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.isotonic import PRIOR, Floats, Ints
from trialwright.escalation.settings import cohort_faults
from trialwright.escalation.states import Counts
from trialwright.escalation.tally_rule import CLOSE, DE_ESCALATE, ESCALATE, table_of
from trialwright.terms.errors import Refusal

FOR_EACH = 0.0005
"""What each participant of a neighbour adds to its probability, where those tried are favoured."""

TIE = 1e-5
"""How far a dose of either agent moves an estimate up."""

STEPS_UP, STEPS_DOWN = ((1, 0), (0, 1)), ((-1, 0), (0, -1))
"""Changes of both agents: the first agent first."""


@dataclass(frozen=True, kw_only=True)
class BoinCombinations:
    """BOIN on a grid of two agents.

    Attributes
    ----------
    rows, columns : int
        Doses of the first and of the second agent.
    target : float, probability
        Target toxicity rate.
    max_n : int, participants
        Participants at which the escalation ends.
    cohort_size : int, participants
        Participants in a cohort; the last one is cut at `max_n`.
    eliminate : float or None, probability
        Posterior probability of too many DLTs above which a combination is closed; None: never.
    favour_tried : bool
        Whether participants treated at a neighbour count in its favour.

    Raises
    ------
    Refusal
        If a setting is none.
    """

    rows: int
    columns: int
    target: float
    max_n: int
    cohort_size: int = 3
    eliminate: float | None = 0.95
    favour_tried: bool = True

    def __post_init__(self) -> None:
        """Refuse settings that are none."""
        faults = [
            *cohort_faults(self.rows, name="rows"),
            *cohort_faults(self.columns, name="columns"),
        ]
        if faults:
            raise Refusal(faults)
        _ = self.boin

    @cached_property
    def boin(self) -> Boin:
        """Give the design by whose table each combination is judged.

        Returns
        -------
        Boin
            BOIN for as many levels as there are combinations.
        """
        return Boin(
            levels=self.levels,
            target=self.target,
            max_n=self.max_n,
            cohort_size=self.cohort_size,
            eliminate=self.eliminate,
        )

    @property
    def levels(self) -> int:
        """Number of combinations."""
        return self.rows * self.columns

    @property
    def starting_level(self) -> int:
        """Number of the combination of the first cohort: the lowest doses of both."""
        return 1

    @property
    def name(self) -> str:
        """Name with grid and target."""
        return f"BOIN {self.rows}x{self.columns} {self.target:g}"

    def level(self, first: int, second: int) -> int:
        """Give the number of a combination.

        Parameters
        ----------
        first, second : int
            Doses of both agents, counted from 1.

        Returns
        -------
        int
            Its number, row by row from 1.
        """
        return (first - 1) * self.columns + second

    def combination(self, level: int) -> tuple[int, int]:
        """Give the doses of a combination.

        Parameters
        ----------
        level : int
            Its number.

        Returns
        -------
        tuple of int
            Doses of both agents, counted from 1.
        """
        first, second = divmod(level - 1, self.columns)
        return first + 1, second + 1

    def open_levels(self, seen: Sequence[LevelCount]) -> tuple[int, ...]:
        """Give the combinations that are not closed.

        Parameters
        ----------
        seen : sequence of LevelCount, by number of the combination
            What was seen at each.

        Returns
        -------
        tuple of int
            Their numbers, rising.
        """
        closed = self._closed(*_arrays(seen))[0].ravel()
        return tuple(level for level in range(1, self.levels + 1) if not closed[level - 1])

    def next_dose(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide what follows the last cohort.

        Parameters
        ----------
        seen : sequence of LevelCount, by number of the combination
            What was seen at each.
        at : int
            Combination of the last cohort.

        Returns
        -------
        Decision
            With its reason; whoever is pending is waited for.

        Raises
        ------
        Refusal
            If `at` is no combination, or more than `max_n` participants were treated.
        """
        faults = question_faults(seen, at, self.levels) or tuple(
            meeting.crowding_faults(seen, self.max_n)
        )
        if faults:
            raise Refusal(faults)
        tally = f"{seen[at - 1]} DLT at {self._told(at)}"
        missing = meeting.places_left(seen, at, self.cohort_size, self.max_n)
        held = meeting.waiting(meeting.pending(seen), missing)
        if held:
            act, rule, says = held
            return meeting.said(self.name, tally, (act, at, rule), says, missing)
        counts = _arrays(seen)
        level, size = (int(each[0]) for each in self._moves(*counts, np.array([at])))
        here = seen[at - 1]
        why = self.boin.comparison(here.evaluable, here.dlts)
        if not level:
            mtd = self.estimate_mtd(seen).level
            is_closed = bool(self._closed(*counts)[0, 0, 0])
            rule = "lowest-closed" if is_closed else "max-n"
            says = f"{why}: stop, {meeting.mtd_said(mtd)}"
            return meeting.said(self.name, tally, ("stop", None, rule), says, mtd=mtd)
        act = meeting.step_of(sum(self.combination(level)), sum(self.combination(at)))
        says = f"{why}: {act}, next cohort of {size} at {self._told(level)}"
        return meeting.said(self.name, tally, (act, level, act), says, size)

    def select_mtd(self, seen: Sequence[LevelCount]) -> MtdEstimate:
        """Estimate the MTD once the escalation has stopped.

        Parameters
        ----------
        seen : sequence of LevelCount, by number of the combination
            What was seen at each.

        Returns
        -------
        MtdEstimate
            Number of the combination; see `combination`.

        Raises
        ------
        Refusal
            If the escalation cannot have stopped with these counts.
        """
        faults = question_faults(seen, 1, self.levels)
        if faults:
            raise Refusal(faults)
        is_over = meeting.treated(seen) >= self.max_n or self._closed(*_arrays(seen))[0, 0, 0]
        if meeting.pending(seen) or not is_over:
            raise meeting.not_stopped(f"{meeting.treated(seen)} of {self.max_n} participants")
        return self.estimate_mtd(seen)

    def estimate_mtd(self, seen: Sequence[LevelCount]) -> MtdEstimate:
        """Estimate the MTD from counts, whether the escalation has stopped or not.

        Parameters
        ----------
        seen : sequence of LevelCount, by number of the combination
            What was seen at each; whoever is pending is not counted.

        Returns
        -------
        MtdEstimate
            With the estimated DLT rates.
        """
        counts = _arrays(seen)
        rates = ", ".join(f"{each:.4f}" for each in self.estimates(*counts)[0].ravel())
        level = int(self.mtds(*counts)[0]) or None
        found = "no combination is open" if level is None else f"{self._told(level)} is nearest"
        return MtdEstimate(level, f"isotonic estimates {rates}; {found} to {self.target:g}")

    def moves(self, evaluable: Counts, dlts: Counts, at: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Decide what follows complete cohorts, for many states at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, combinations)
            Counts, the last cohort included.
        at : ndarray of int, shape (states,)
            Combination of the last cohort.
        last : ndarray of int, shape (states, 2)
            Not looked at.

        Returns
        -------
        level, size : ndarray of int, shape (states,)
            Combination of the next cohort, 0 = stop, and its participants.
        """
        return self._moves(evaluable, dlts, at)

    def mtds(self, evaluable: Counts, dlts: Counts) -> Ints:
        """Estimate the MTD of many finished escalations at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, combinations)
            Counts.

        Returns
        -------
        ndarray of int, shape (states,)
            Number of the combination; 0 = none.
        """
        rows, columns = np.indices((self.rows, self.columns)) + 1
        moved = self.estimates(evaluable, dlts) + TIE * (rows + columns)
        closed = self._closed(evaluable, dlts)
        may = (self._grid(evaluable) > 0) & ~closed
        gaps = np.where(may, np.abs(moved - self.target), np.inf)
        by_column = gaps.swapaxes(1, 2).reshape(len(gaps), -1)  # of equal ones the lower column
        second, first = np.divmod(np.argmin(by_column, axis=1), self.rows)
        level = first * self.columns + second + 1
        return np.where(np.isinf(by_column.min(axis=1)), 0, level).astype(np.int64)

    def estimates(self, evaluable: Counts, dlts: Counts) -> Floats:
        """Estimate the DLT rates of many trials at once, rising in both agents.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, combinations)
            Counts.

        Returns
        -------
        ndarray of float, shape (states, rows, columns)
            Of all combinations, tried or not.
        """
        weights = self._grid(evaluable) + 2 * PRIOR
        return rising_both_ways((self._grid(dlts) + PRIOR) / weights, weights)

    def _moves(self, evaluable: Counts, dlts: Counts, at: Ints) -> tuple[Ints, Ints]:
        """Decide for many states."""
        states = np.arange(len(at))
        letters = table_of(self.boin).letters[evaluable[states, at - 1], dlts[states, at - 1]]
        scores, closed = self._scores(evaluable, dlts), self._closed(evaluable, dlts)
        up = self._neighbour(at, scores, closed, STEPS_UP)
        down = self._neighbour(at, scores, np.zeros_like(closed), STEPS_DOWN)
        level = np.where(letters == ESCALATE, up, np.where(letters >= DE_ESCALATE, down, at))
        left = self.max_n - evaluable.sum(axis=1, dtype=np.int64)
        level = np.where((left <= 0) | closed[:, 0, 0], 0, level)
        return level, np.where(level > 0, np.minimum(self.cohort_size, left), 0)

    def _neighbour(
        self,
        at: Ints,
        scores: Floats,
        closed: NDArray[np.bool_],
        steps: tuple[tuple[int, int], ...],
    ) -> Ints:
        """Choose a neighbour of each combination; the combination itself where there is none."""
        row, column = np.divmod(at - 1, self.columns)
        states, best, chosen = np.arange(len(at)), np.full(len(at), -np.inf), at.copy()
        for of_first, of_second in steps:
            to_row, to_column = row + of_first, column + of_second
            is_on = (to_row >= 0) & (to_row < self.rows)
            is_on &= (to_column >= 0) & (to_column < self.columns)
            to_row, to_column = np.where(is_on, to_row, row), np.where(is_on, to_column, column)
            score = scores[states, to_row, to_column]
            is_better = is_on & ~closed[states, to_row, to_column] & (score > best)
            best = np.where(is_better, score, best)
            chosen = np.where(is_better, to_row * self.columns + to_column + 1, chosen)
        return chosen

    def _scores(self, evaluable: Counts, dlts: Counts) -> Floats:
        """Give what neighbours are chosen by."""
        return self._score_table[evaluable, dlts].reshape(-1, self.rows, self.columns)

    @cached_property
    def _score_table(self) -> Floats:
        """Give what a neighbour is chosen by, for each number of participants and DLTs there."""
        total, toxic = np.indices((self.max_n + 1, self.max_n + 1), dtype=np.float64)
        toxic = np.minimum(toxic, total)
        low, high = self.boin.lambda_e, self.boin.lambda_d
        inside = betainc(toxic + 0.5, total - toxic + 0.5, high)
        inside -= betainc(toxic + 0.5, total - toxic + 0.5, low)
        return np.asarray(inside + FOR_EACH * total * self.favour_tried, dtype=np.float64)

    def _closed(self, evaluable: Counts, dlts: Counts) -> NDArray[np.bool_]:
        """Mark the combinations that are closed, by themselves or by a lower one."""
        itself = table_of(self.boin).letters[evaluable, dlts] == CLOSE
        grid = itself.reshape(-1, self.rows, self.columns)
        along = np.logical_or.accumulate(np.logical_or.accumulate(grid, axis=1), axis=2)
        return np.asarray(along, dtype=np.bool_)

    def _grid(self, counts: Counts) -> Floats:
        """Give counts as matrices of both agents."""
        return counts.reshape(-1, self.rows, self.columns).astype(np.float64)

    def _told(self, level: int) -> str:
        """Name a combination by its doses."""
        first, second = self.combination(level)
        return f"combination ({first}, {second})"


def _arrays(seen: Sequence[LevelCount]) -> tuple[Counts, Counts]:
    """Give counts as one state."""
    evaluable = np.array([[count.evaluable for count in seen]], dtype=np.int16)
    return evaluable, np.array([[count.dlts for count in seen]], dtype=np.int16)
