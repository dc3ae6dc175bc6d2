"""The dose meeting of the continual reassessment method, CRM, power or logistic.

What is decided stands in `crm_rule`; here it is decided for one trial, with what is still pending
or missing, and with its reason in words.

References
----------
.. [1] O'Quigley J, Pepe M, Fisher L. Continual reassessment method: a practical design for phase 1
   clinical trials in cancer. Biometrics 1990;46(1):33-48. doi:10.2307/2531628
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trialwright.escalation import meeting
from trialwright.escalation.crm_rule import CrmRule, Recommended
from trialwright.escalation.decision import (
    Act,
    Decision,
    LevelCount,
    MtdEstimate,
    question_faults,
)
from trialwright.escalation.states import Counts
from trialwright.terms.errors import Fault, Refusal

SHOWN = 1e-10
"""Change of an estimate at which it is exact enough to be shown."""


@dataclass(frozen=True, kw_only=True)
class CrmMeeting(CrmRule):
    """CRM by converged quadrature; see `crm_rule` for what it does when."""

    def next_dose(
        self, seen: Sequence[LevelCount], at: int, last: LevelCount | None = None
    ) -> Decision:
        """Decide what follows the last cohort.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            DLT-evaluable participants; those in the DLT window without a DLT are `pending`.
        at : int
            Dose level of the last cohort, 1 to `levels`.
        last : LevelCount or None
            Counts of the last cohort alone. None: everybody at that level was treated in it.

        Returns
        -------
        Decision
            With its reason; whoever is pending is waited for.

        Raises
        ------
        Refusal
            If `at` is no level of the ladder, more than `max_n` participants were treated, or the
            last cohort has more participants or DLTs than its level.
        """
        faults = question_faults(seen, at, self.levels) or tuple(
            self._history_faults(seen, at, last)
        )
        if faults:
            raise Refusal(faults)
        missing = self._missing(seen, at)
        held = meeting.waiting(meeting.pending(seen), missing)
        if held:
            act, rule, says = held
            return self._answer(seen, at, (act, at, rule), says, missing)
        return self._decided(seen, at, seen[at - 1] if last is None else last)

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
        faults = question_faults(seen, 1, self.levels) or tuple(self._history_faults(seen, 1, None))
        if faults:
            raise Refusal(faults)
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
            With the estimated DLT rates.
        """
        found = _recommended_once(self, *meeting.rows(seen))
        says = f"estimated DLT rates {self._shown(found)}"
        mtd = int(self.mtds_of(found, _evaluable(seen))[0])
        if mtd:
            tried = " of the levels tried" if self.mtd_tried else ""
            return MtdEstimate(
                mtd, f"{says}; dose level {mtd}{tried} is nearest to {self.target:g}"
            )
        return MtdEstimate(None, f"{says}; {self._tail(found)}")

    def _decided(self, seen: Sequence[LevelCount], at: int, last: LevelCount) -> Decision:
        """Decide after a complete cohort."""
        found = _recommended_once(self, *meeting.rows(seen))
        says = f"estimated DLT rates {self._shown(found)}"
        if self.safety_stop is not None and found.too_toxic[0] > self.safety_stop:
            says = f"{self._tail(found)}: stop, no dose level is estimated to be tolerable"
            return self._answer(seen, at, ("stop", None, "safety-stop"), says)
        left, nearest = self.max_n - meeting.treated(seen), int(found.level[0])
        if left <= 0:
            return self._stop(seen, at, "max-n", f"{says}, {self.max_n} participants were treated")
        says = f"{says}, dose level {nearest} is nearest to {self.target:g}"
        level, rule, note = self._held_back(nearest, at, last)
        if level == at and self.stop_at is not None and seen[at - 1].evaluable >= self.stop_at:
            says = f"{says}{note}, {self.stop_at} participants were treated at this level"
            return self._stop(seen, at, "enough-at-level", says)
        size = min(self.cohort_size, left)
        act = meeting.step_of(level, at)
        says = f"{says}{note}: {act}, next cohort of {size} at dose level {level}"
        return self._answer(seen, at, (act, level, rule), says, size)

    def _held_back(self, nearest: int, at: int, last: LevelCount) -> tuple[int, str, str]:
        """Hold the recommended level back, with the rule and what it adds to the reason."""
        if self.coherent and nearest > at and last.dlts >= self.target * last.evaluable:
            return at, "coherent", f", but the last cohort had {last} DLT: not raised"
        if self.no_skipping and nearest > at + 1:
            return at + 1, "no-skipping", f", but no level is skipped: dose level {at + 1}"
        return nearest, "nearest-to-target", ""

    def _can_have_stopped(self, seen: Sequence[LevelCount]) -> bool:
        """Say whether the escalation can have stopped with these counts."""
        if meeting.pending(seen) or not meeting.treated(seen):
            return False
        found = _recommended_once(self, *meeting.rows(seen))
        if self.safety_stop is not None and found.too_toxic[0] > self.safety_stop:
            return True
        nearest = int(found.level[0])
        return meeting.treated(seen) >= self.max_n or any(
            self._stays_enough(count, nearest - level) for level, count in enumerate(seen, start=1)
        )

    def _stays_enough(self, here: LevelCount, above: int) -> bool:
        """Say whether a level can have held the nearest one back until it had enough."""
        is_held = above == 0 or (above > 0 and self.coherent and here.dlts > 0)
        return self.stop_at is not None and here.evaluable >= self.stop_at and is_held

    def _stop(self, seen: Sequence[LevelCount], at: int, rule: str, says: str) -> Decision:
        """End the escalation with the estimate of the MTD."""
        mtd = self.estimate_mtd(seen).level
        says = f"{says}: stop, {meeting.mtd_said(mtd)}"
        return self._answer(seen, at, ("stop", None, rule), says, mtd=mtd)

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
        return meeting.said(self.name, meeting.tally(seen, at), decided, says, cohort_size, mtd)

    def _shown(self, found: Recommended) -> str:
        """Show the estimated DLT rates."""
        return ", ".join(f"{rate:.4f}" for rate in found.rates[0].tolist())

    def _tail(self, found: Recommended) -> str:
        """Say how sure it is that the lowest level is too toxic."""
        limit = f", above {self.safety_stop:g}" if self.safety_stop else ""
        return f"P(DLT rate of dose level 1 > {self.target:g}) = {found.too_toxic[0]:.4f}{limit}"

    def _missing(self, seen: Sequence[LevelCount], at: int) -> int:
        """Count the places of the cohort at a level that are still to be filled."""
        return meeting.places_left(seen, at, self.cohort_size, self.max_n)

    def _history_faults(
        self, seen: Sequence[LevelCount], at: int, last: LevelCount | None
    ) -> Iterator[Fault]:
        """Name what the design cannot have led to."""
        yield from meeting.crowding_faults(seen, self.max_n)
        here = seen[at - 1]
        if last and (last.evaluable > here.evaluable or last.dlts > here.dlts):
            found = f"{last} DLT in the last cohort, {here} at its dose level"
            yield Fault("last", found, "no more than at its dose level", "Correct the counts")


@lru_cache(maxsize=10_000)
def _recommended_once(
    design: CrmMeeting, evaluable: tuple[int, ...], dlts: tuple[int, ...]
) -> Recommended:
    """Ask the model for one state, and remember the answer."""
    return design.recommended(
        np.array([evaluable], dtype=np.int16), np.array([dlts], dtype=np.int16), SHOWN
    )


def _evaluable(seen: Sequence[LevelCount]) -> Counts:
    """Give the participants by dose level as one state."""
    return np.array([[count.evaluable for count in seen]], dtype=np.int16)
