"""The dose meeting of BOIN for combinations of two agents.

What is decided stands in `combination_rule`; here it is decided for one trial, with what is still
pending or missing, and with its reason in words.

References
----------
.. [1] Lin R, Yin G. Bayesian optimal interval design for dose finding in drug-combination trials.
   Stat Methods Med Res 2017;26(5):2155-2167. doi:10.1177/0962280215594494
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.escalation import meeting
from trialwright.escalation.combination_rule import Bools, CombinationRule
from trialwright.escalation.decision import Act, Decision, LevelCount, MtdEstimate, question_faults
from trialwright.escalation.states import Counts
from trialwright.escalation.tally_rule import DE_ESCALATE, table_of
from trialwright.terms.errors import Refusal

_NONE_OPEN = "no combination that was tried is open"
"""Why there is no MTD."""


@dataclass(frozen=True, kw_only=True)
class BoinCombinations(CombinationRule):
    """BOIN on a grid of two agents; see `combination_rule` for what it does when."""

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
        closed = self._closed_for(seen).ravel()
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
        closed = self._closed_for(seen)
        missing = 0 if closed[*self._place(at)] else self._missing(seen, at)
        held = meeting.waiting(meeting.pending(seen), missing)
        if held and not self._leaves_at_once(seen, at, missing):
            act, rule, says = held
            return self._answer(seen, at, (act, at, rule), says, missing)
        return self._decided(seen, at, closed)

    def _decided(self, seen: Sequence[LevelCount], at: int, closed: Bools) -> Decision:
        """Decide after a complete cohort, or one that leads downward whatever becomes of it."""
        why = self._why(seen, at, closed)
        left = self.max_n - meeting.treated(seen)
        level = int(self.neighbours(*_arrays(seen), np.array([at]), closed[None])[0])
        if not level or left <= 0:
            mtd = self.estimate_mtd(seen).level
            rule = "max-n" if level else "lowest-closed"
            says = f"{why}: stop, {meeting.mtd_said(mtd)}"
            return self._answer(seen, at, ("stop", None, rule), says, mtd=mtd)
        act, size = self._step(at, level), min(self.cohort_size, left)
        rule = "close" if closed[*self._place(at)] else act
        says = f"{why}: {act}, next cohort of {size} at {self._told(level)}"
        return self._answer(seen, at, (act, level, rule), says, size)

    def _leaves_at_once(self, seen: Sequence[LevelCount], at: int, missing: int) -> bool:
        """Say whether a combination is left downward whatever becomes of those who are awaited."""
        surely = self.closed(*_arrays(seen, awaited=True))[0]
        if surely[0, 0]:
            return True
        if meeting.treated(seen) >= self.max_n:
            return False
        here = seen[at - 1]
        complete = table_of(self.boin).letters[here.treated + missing, here.dlts]
        is_toxic = at > 1 and bool(complete >= DE_ESCALATE)
        return is_toxic or bool(surely[*self._place(at)])

    def _why(self, seen: Sequence[LevelCount], at: int, closed: Bools) -> str:
        """Say how the tally lies to the limits, what is closed, and whom nobody waits for."""
        here = seen[at - 1]
        parts = [self.boin.comparison(here.evaluable, here.dlts)] if here.evaluable else []
        row, column = self._place(at)
        if closed[row, column]:
            lower = closed[: row + 1, : column + 1]
            first = self.level(*(int(each) + 1 for each in np.argwhere(lower)[0]))
            own = f"{seen[first - 1]} DLT" if first != at else "its tally"
            where = f" at {self._told(first)}" if first != at else ""
            parts.append(f"{own}{where} closes {self._told(at)}")
        if still := meeting.pending(seen):
            parts.append(f"whatever becomes of {still} still in the DLT window")
        return ", ".join(parts)

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
        is_over = meeting.treated(seen) >= self.max_n or bool(self.closed(*_arrays(seen))[0, 0, 0])
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
        nearest = f"{self._told(level)} is nearest to {self.target:g}" if level else _NONE_OPEN
        return MtdEstimate(level, f"isotonic estimates {rates}; {nearest}")

    def _missing(self, seen: Sequence[LevelCount], at: int) -> int:
        """Count the places of the cohort at a combination that are still to be filled."""
        return meeting.places_left(seen, at, self.cohort_size, self.max_n)

    def _closed_for(self, seen: Sequence[LevelCount]) -> Bools:
        """Mark what is closed by those evaluable, or whatever becomes of those pending."""
        now, surely = (self.closed(*_arrays(seen, awaited=each))[0] for each in (False, True))
        return np.asarray(now | surely, dtype=np.bool_)

    def _step(self, at: int, level: int) -> Act:
        """Name the step from one combination to another."""
        return meeting.step_of(sum(self.combination(level)), sum(self.combination(at)))

    def _answer(
        self,
        seen: Sequence[LevelCount],
        at: int,
        decided: tuple[Act, int | None, str],
        says: str,
        cohort_size: int = 0,
        mtd: int | None = None,
    ) -> Decision:
        """Give a decision whose sentence begins with the tally and ends with design and rule."""
        tally = f"{seen[at - 1]} DLT at {self._told(at)}"
        return meeting.said(self.name, tally, decided, says, cohort_size, mtd)

    def _place(self, level: int) -> tuple[int, int]:
        """Give row and column of a combination, counted from 0."""
        return divmod(level - 1, self.columns)

    def _told(self, level: int) -> str:
        """Name a combination by its doses."""
        first, second = self.combination(level)
        return f"combination ({first}, {second})"


def _arrays(seen: Sequence[LevelCount], *, awaited: bool = False) -> tuple[Counts, Counts]:
    """Give counts as one state; those pending are left out, or counted as without a DLT."""
    participants = [each.treated if awaited else each.evaluable for each in seen]
    return np.array([participants], dtype=np.int16), np.array(
        [[count.dlts for count in seen]], dtype=np.int16
    )
