"""The Bayesian logistic regression model, BLRM, with escalation with overdose control, EWOC.

What is decided stands in `blrm_rule`; here it is decided for one trial, with what is still pending
or missing, and with its reason in words.

References
----------
.. [1] Neuenschwander B, Branson M, Gsponer T. Critical aspects of the Bayesian approach to phase I
   cancer trials. Stat Med 2008;27(13):2420-2439. doi:10.1002/sim.3230
.. [2] Babb J, Rogatko A, Zacks S. Cancer phase I clinical trials: efficient dose escalation with
   overdose control. Stat Med 1998;17(10):1103-1120.
   doi:10.1002/(SICI)1097-0258(19980530)17:10<1103::AID-SIM793>3.0.CO;2-9
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trialwright.escalation import meeting
from trialwright.escalation.blrm_rule import BlrmRule, Weighed
from trialwright.escalation.decision import (
    Decision,
    LevelCount,
    MtdEstimate,
    question_faults,
)
from trialwright.terms.errors import Refusal

SHOWN = 1e-6
"""Change of a probability at which it is exact enough to be shown with four decimals."""


@dataclass(frozen=True, kw_only=True)
class Blrm(BlrmRule):
    """BLRM with EWOC, by converged quadrature; see `blrm_rule` for what it does when."""

    def next_dose(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide what follows the last cohort.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            DLT-evaluable participants; those in the DLT window without a DLT are `pending`.
        at : int
            Dose level of the last cohort, 1 to `levels`.

        Returns
        -------
        Decision
            With its reason; whoever is pending is waited for.

        Raises
        ------
        Refusal
            If `at` is no level of the ladder, or more than `max_n` participants were treated.
        """
        self._refuse(seen, at)
        missing = meeting.places_left(seen, at, self.cohort_size, self.max_n)
        held = meeting.waiting(meeting.pending(seen), missing)
        if held:
            act, rule, says = held
            return meeting.said(self.name, meeting.tally(seen, at), (act, at, rule), says, missing)
        return self._decided(seen, at)

    def select_mtd(self, seen: Sequence[LevelCount]) -> MtdEstimate:
        """Estimate the MTD once the escalation has stopped.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level.

        Returns
        -------
        MtdEstimate
            The level the model recommends.

        Raises
        ------
        Refusal
            If the escalation cannot have stopped with these counts, or somebody is pending.
        """
        self._refuse(seen, 1)
        if not self._can_have_stopped(seen):
            raise meeting.not_stopped(f"{meeting.treated(seen)} of {self.max_n} participants")
        return self.estimate_mtd(seen)

    def estimate_mtd(self, seen: Sequence[LevelCount]) -> MtdEstimate:
        """Estimate the MTD from counts, whether the escalation has stopped or not.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level; whoever is pending is not counted.

        Returns
        -------
        MtdEstimate
            With the probabilities of the levels.
        """
        evaluable, dlts = meeting.rows(seen)
        tried = tuple(bool(each) or not self.mtd_tried for each in evaluable)
        found = _weighed_once(self, evaluable, dlts, tried)
        level = int(found.level[0]) or None
        if level is None:
            return MtdEstimate(None, f"{self._shown(found)}; no level tried is open")
        among = " of the levels tried" if self.mtd_tried else ""
        says = f"{self._shown(found)}; dose level {level}{among} is {self._why(found, level)}"
        return MtdEstimate(level, says)

    def _refuse(self, seen: Sequence[LevelCount], at: int) -> None:
        """Refuse what the design cannot have led to."""
        faults = question_faults(seen, at, self.levels) or tuple(
            meeting.crowding_faults(seen, self.max_n)
        )
        if faults:
            raise Refusal(faults)

    def _decided(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide after a complete cohort."""
        found, tally = self._weighed(seen, at), meeting.tally(seen, at)
        says = self._shown(found)
        left, level = self.max_n - meeting.treated(seen), int(found.level[0])
        if not level:
            return self._stop(
                seen, at, "lowest-level-closed", f"{says}, the lowest level is closed"
            )
        if left <= 0:
            return self._stop(seen, at, "max-n", f"{says}, {self.max_n} participants were treated")
        says = f"{says}, dose level {level} is {self._why(found, level)}"
        here, target = seen[at - 1].evaluable, float(found.found.target[0, at - 1])
        if level == at and self._is_enough(np.array([here]), np.array([target]))[0]:
            why = f"{says}, {here} participants were treated at this level"
            return self._stop(seen, at, "enough-at-level", why)
        size = min(self.cohort_size, left)
        act = meeting.step_of(level, at)
        says = f"{says}: {act}, next cohort of {size} at dose level {level}"
        may_follow = self.candidates(np.array([at]))[0]
        is_held = bool((may_follow & ~self.is_open(found.found.over[0])).any())
        rule = "ewoc" if is_held else self.choose
        return meeting.said(self.name, tally, (act, level, rule), says, size)

    def _stop(self, seen: Sequence[LevelCount], at: int, rule: str, says: str) -> Decision:
        """End the escalation with the estimate of the MTD."""
        mtd = self.estimate_mtd(seen).level
        says = f"{says}: stop, {meeting.mtd_said(mtd)}"
        return meeting.said(self.name, meeting.tally(seen, at), ("stop", None, rule), says, mtd=mtd)

    def _can_have_stopped(self, seen: Sequence[LevelCount]) -> bool:
        """Say whether the escalation can have stopped with these counts."""
        if meeting.pending(seen) or not meeting.treated(seen):
            return False
        tried = [level for level, count in enumerate(seen, start=1) if count.evaluable]
        return meeting.treated(seen) >= self.max_n or any(
            self._stops_at(seen, level) for level in tried
        )

    def _stops_at(self, seen: Sequence[LevelCount], at: int) -> bool:
        """Say whether a last cohort at a level would have stopped the escalation."""
        found = self._weighed(seen, at)
        here, target = np.array([seen[at - 1].evaluable]), found.found.target[:, at - 1]
        level = int(found.level[0])
        return not level or (level == at and bool(self._is_enough(here, target)[0]))

    def _weighed(self, seen: Sequence[LevelCount], at: int) -> Weighed:
        """Ask the model what may follow a cohort at a level."""
        candidates = self.candidates(np.array([at]))[0]
        return _weighed_once(self, *meeting.rows(seen), tuple(map(bool, candidates)))

    def _why(self, found: Weighed, level: int) -> str:
        """Say why a level is recommended."""
        if self.choose == "highest":
            return "the highest open one that may follow"
        return f"the open one with the greatest P(target), {found.found.target[0, level - 1]:.4f}"

    def _shown(self, found: Weighed) -> str:
        """Show the probabilities of overdose with their limit."""
        over = ", ".join(f"{each:.4f}" for each in found.found.over[0].tolist())
        return f"P(DLT rate > {self.target_high:g}) by level {over}, open up to {self.ewoc:g}"


@lru_cache(maxsize=10_000)
def _weighed_once(
    design: Blrm, evaluable: tuple[int, ...], dlts: tuple[int, ...], candidates: tuple[bool, ...]
) -> Weighed:
    """Ask the model for one state, and remember the answer."""
    return design.weighed(
        np.array([evaluable], dtype=np.int16),
        np.array([dlts], dtype=np.int16),
        np.array([candidates], dtype=np.bool_),
        SHOWN,
    )
