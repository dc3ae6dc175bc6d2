r"""BOIN for combinations of two agents.

The doses of the first agent are the rows of a grid, those of the second its columns. At a
combination with n participants of whom y had a DLT, the limits of BOIN say whether to escalate,
stay or de-escalate [1]_. Escalation raises one agent by one dose, de-escalation lowers one: of the
neighbours that are on the grid and, upward, not closed, that with the greatest probability
:math:`P(\lambda_e < p < \lambda_d)` for the posterior of its DLT rate p with a prior Beta(0.5,
0.5); with `favour_tried` 0.0005 is added for each participant treated there, as the R package
`BOIN` does. Of two that are equal, that which changes the first agent is taken; `tied` gives the
other, for numbers as if one were drawn. Where there is no such neighbour the next cohort is treated
at the same combination. A combination is closed, with all that are at least as high in both agents,
as in BOIN; when the lowest is closed the escalation stops without an MTD. It ends when `max_n`
participants were treated.

Nobody is treated at a closed combination. Where a DLT told later closes one below that of the last
cohort, and the rule would stay, or go down to one that is closed, the next cohort goes to the
nearest that is open: of those in no agent above, that with the fewest doses less; of equal ones
that with the greatest probability, as above.

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

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from trialwright.escalation.bivariate import rising_both_ways
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

Bools = NDArray[np.bool_]

STEPS_UP, STEPS_DOWN = ((1, 0), (0, 1)), ((-1, 0), (0, -1))
"""Changes of both agents: the first agent first."""


@dataclass(frozen=True, kw_only=True)
class CombinationRule:
    """What BOIN does on a grid of two agents, for many states at once.

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
        left = self.max_n - evaluable.sum(axis=1, dtype=np.int64)
        closed = self.closed(evaluable, dlts)
        level = np.where(left > 0, self.neighbours(evaluable, dlts, at, closed), 0)
        return level, np.where(level > 0, np.minimum(self.cohort_size, left), 0)

    def neighbours(self, evaluable: Counts, dlts: Counts, at: Ints, closed: Bools) -> Ints:
        """Give where the rule leads, whatever the number of participants.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, combinations)
            Counts.
        at : ndarray of int, shape (states,)
            Combination of the last cohort.
        closed : ndarray of bool, shape (states, rows, columns)
            Combinations at which nobody is treated any more.

        Returns
        -------
        ndarray of int, shape (states,)
            Combination; 0 where the lowest is closed.
        """
        states = np.arange(len(at))
        letters, scores = self._judged(evaluable, dlts, at)
        up = self._neighbour(at, scores, closed, STEPS_UP)
        down = self._neighbour(at, scores, np.zeros_like(closed), STEPS_DOWN)
        level = np.where(letters == ESCALATE, up, np.where(letters >= DE_ESCALATE, down, at))
        is_lost = closed[states, *np.divmod(level - 1, self.columns)]
        if is_lost.any():
            level[is_lost] = self._nearest_open(at[is_lost], scores[is_lost], closed[is_lost])
        return np.where(closed[:, 0, 0], 0, level)

    def tied(self, evaluable: Counts, dlts: Counts, at: Ints) -> Ints:
        """Give the combination that is as good as the one the rule leads to, where there is one.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, combinations)
            Counts.
        at : ndarray of int, shape (states,)
            Combination of the last cohort.

        Returns
        -------
        ndarray of int, shape (states,)
            The neighbour that changes the second agent, with the same probability; 0 = none.
        """
        closed, none = self.closed(evaluable, dlts), np.zeros_like(at)
        letters, scores = self._judged(evaluable, dlts, at)
        up = self._equal(at, scores, closed, STEPS_UP)
        down = self._equal(at, scores, closed, STEPS_DOWN)
        return np.where(letters == ESCALATE, up, np.where(letters >= DE_ESCALATE, down, none))

    def _judged(self, evaluable: Counts, dlts: Counts, at: Ints) -> tuple[NDArray[np.int8], Floats]:
        """Give what the table of BOIN says of the last cohorts, and what neighbours weigh."""
        states = np.arange(len(at))
        letters = table_of(self.boin).letters[evaluable[states, at - 1], dlts[states, at - 1]]
        scores = self._score_table[evaluable, dlts]
        return letters, scores.reshape(-1, self.rows, self.columns)

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
        closed = self.closed(evaluable, dlts)
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

    def closed(self, evaluable: Counts, dlts: Counts) -> Bools:
        """Mark the combinations that are closed, by themselves or by a lower one.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (states, combinations)
            Counts.

        Returns
        -------
        ndarray of bool, shape (states, rows, columns)
            True where nobody is treated any more.
        """
        most = max(self.max_n, int(evaluable.max(initial=0)))  # people may treat more than max_n
        wide = self.boin if most == self.max_n else replace(self.boin, max_n=most)
        itself = table_of(wide).letters[evaluable, dlts] == CLOSE
        grid = itself.reshape(-1, self.rows, self.columns)
        along = np.logical_or.accumulate(np.logical_or.accumulate(grid, axis=1), axis=2)
        return np.asarray(along, dtype=np.bool_)

    def _neighbour(
        self, at: Ints, scores: Floats, closed: Bools, steps: tuple[tuple[int, int], ...]
    ) -> Ints:
        """Choose a neighbour of each combination; the combination itself where there is none."""
        found, numbers = self._ways(at, scores, closed, steps)
        best = np.argmax(found, axis=0)[None]  # of equal ones the first
        is_none = np.isinf(found.max(axis=0))
        return np.where(is_none, at, np.take_along_axis(numbers, best, axis=0)[0])

    def _equal(
        self, at: Ints, scores: Floats, closed: Bools, steps: tuple[tuple[int, int], ...]
    ) -> Ints:
        """Give the neighbour that is as good as the one chosen; 0 where there is none."""
        (first, second), (_, other) = self._ways(at, scores, closed, steps)
        return np.where((first == second) & np.isfinite(first), other, 0)

    def _ways(
        self, at: Ints, scores: Floats, closed: Bools, steps: tuple[tuple[int, int], ...]
    ) -> tuple[Floats, Ints]:
        """Give what each neighbour is chosen by, -inf where it is none, and its number."""
        row, column = np.divmod(at - 1, self.columns)
        states, found, numbers = np.arange(len(at)), [], []
        for of_first, of_second in steps:
            to_row, to_column = row + of_first, column + of_second
            is_on = (to_row >= 0) & (to_row < self.rows)
            is_on &= (to_column >= 0) & (to_column < self.columns)
            to_row, to_column = np.where(is_on, to_row, row), np.where(is_on, to_column, column)
            may = is_on & ~closed[states, to_row, to_column]
            found.append(np.where(may, scores[states, to_row, to_column], -np.inf))
            numbers.append(to_row * self.columns + to_column + 1)
        return np.array(found), np.array(numbers)

    def _nearest_open(self, at: Ints, scores: Floats, closed: Bools) -> Ints:
        """Choose, of the open combinations in no agent above each, the one fewest doses below."""
        row, column = (each[:, None, None] for each in np.divmod(at - 1, self.columns))
        rows, columns = np.indices((self.rows, self.columns))
        doses = row - rows + column - columns
        may = (rows <= row) & (columns <= column) & ~closed
        fewest = np.where(may, doses, self.levels).min(axis=(1, 2), keepdims=True)
        best = np.where(may & (doses == fewest), scores, -np.inf).reshape(len(at), -1)
        return np.asarray(np.argmax(best, axis=1) + 1, dtype=np.int64)

    @cached_property
    def _score_table(self) -> Floats:
        """Give what a neighbour is chosen by, for each number of participants and DLTs there."""
        total, toxic = np.indices((self.max_n + 1, self.max_n + 1), dtype=np.float64)
        toxic = np.minimum(toxic, total)
        low, high = self.boin.lambda_e, self.boin.lambda_d
        inside = betainc(toxic + 0.5, total - toxic + 0.5, high)
        inside -= betainc(toxic + 0.5, total - toxic + 0.5, low)
        return np.asarray(inside + FOR_EACH * total * self.favour_tried, dtype=np.float64)

    def _grid(self, counts: Counts) -> Floats:
        """Give counts as matrices of both agents."""
        return counts.reshape(-1, self.rows, self.columns).astype(np.float64)
