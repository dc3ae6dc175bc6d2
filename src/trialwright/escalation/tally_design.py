"""The dose meeting of every design that decides by the tally at the level of the last cohort.

What is decided stands in `tally_rule`; here it is decided for one trial, with what is still
pending or missing, and with its reason in words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from trialwright.escalation import meeting
from trialwright.escalation.beta_tail import probability_above
from trialwright.escalation.decision import (
    Act,
    Decision,
    LevelCount,
    MtdEstimate,
    question_faults,
)
from trialwright.escalation.isotonic import isotonic_estimates, nearest_to_target
from trialwright.escalation.tally_rule import Letter, TallyRule, table_of
from trialwright.terms.errors import Fault, Refusal

__all__ = ["Letter", "TallyDesign"]


@dataclass(frozen=True, kw_only=True)
class TallyDesign(TallyRule):
    """A design that is a table of tallies; see `tally_rule` for what it does when."""

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
            With its reason. A level that is closed whatever becomes of those pending is left at
            once; else they are waited for.

        Raises
        ------
        Refusal
            If `at` is no level of the ladder, more than `max_n` participants were treated, or a
            level was skipped.
        """
        faults = question_faults(seen, at, self.levels) or tuple(self.history_faults(seen))
        if faults:
            raise Refusal(faults)
        here = seen[at - 1]
        if self._is_closed(seen, at):
            return self._leave_closed(seen, at)
        missing = self._missing(seen, at)
        if (here.pending or missing) and self._must_leave(seen, at, missing):
            return self._leave_early(seen, at, here.treated + missing)
        held = meeting.waiting(here.pending, missing)
        if held:
            act, rule, says = held
            return self._answer(seen, at, (act, at, rule), says, missing)
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
            By isotonic regression over the levels that are not closed.

        Raises
        ------
        Refusal
            If the escalation cannot have stopped with these counts, or somebody is pending.
        """
        faults = question_faults(seen, 1, self.levels) or tuple(self.history_faults(seen))
        if faults:
            raise Refusal(faults)
        tried = [level for level, count in enumerate(seen, start=1) if count.treated]
        has_stopped = any(self.next_dose(seen, at).act == "stop" for at in tried)
        if meeting.pending(seen) or not has_stopped:
            raise meeting.not_stopped(_tallies(seen))
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
            With the isotonic estimates.
        """
        evaluable = np.array([[count.evaluable for count in seen]], dtype=np.int16)
        dlts = np.array([[count.dlts for count in seen]], dtype=np.int16)
        admissible = self.admissible(evaluable, dlts)
        estimates = isotonic_estimates(evaluable, dlts, admissible)
        mtd = int(nearest_to_target(estimates, self.target, self.mtd_limit())[0])
        if not admissible.any():
            return MtdEstimate(None, f"{_tallies(seen)}: no dose level is open that was tried")
        shown = ", ".join(
            f"{rate:.4f} at dose level {level}"
            for level, rate in enumerate(estimates[0].tolist(), start=1)
            if rate == rate
        )
        says = f"{_tallies(seen)}: isotonic estimates {shown}"
        if not mtd:
            return MtdEstimate(None, f"{says}; none is below {self.mtd_limit():.4f}")
        return MtdEstimate(mtd, f"{says}; dose level {mtd} is nearest to {self.target:g}")

    def _decided(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide after a complete cohort at a level that is not closed."""
        here = seen[at - 1]
        if at == 1 and table_of(self).stops_lowest[here.evaluable, here.dlts]:
            says = f"{self._tail(here)}, above the {self.eliminate or 1:g} - {self.offset:g} of"
            return self._stop(seen, at, "extra-safe", f"{says} the lowest level", has_mtd=False)
        left = self.max_n - meeting.treated(seen)
        if left <= 0:
            return self._stop(seen, at, "max-n", f"{self.max_n} participants were treated")
        climbing = self._climbing(seen, at)
        if climbing is not None:
            return climbing
        letter = self.letter(here.evaluable, here.dlts)
        why = self.comparison(here.evaluable, here.dlts)
        level, rule, note = self._step(seen, at, letter)
        if level == at and self.stop_at is not None and here.evaluable >= self.stop_at:
            says = f"{why}{note}: {self.stop_at} participants were treated at this level"
            return self._stop(seen, at, "enough-at-level", says)
        size = min(self.cohort_size, left)
        act = meeting.step_of(level, at)
        says = f"{why}{note}: {act}, next cohort of {size} at dose level {level}"
        return self._answer(seen, at, (act, level, rule), says, size)

    def _step(self, seen: Sequence[LevelCount], at: int, letter: Letter) -> tuple[int, str, str]:
        """Turn a letter into a level, with the rule and what the ladder adds to the reason."""
        if letter == "E" and at == self.levels:
            return at, "top-level", ", the top level"
        if letter == "E" and self._is_closed(seen, at + 1):
            return at, "level-above-closed", f", dose level {at + 1} is closed"
        if letter == "D" and at == 1:
            return at, "lowest-level", ", the lowest level"
        return {"E": (at + 1, "escalate", ""), "S": (at, "stay", "")}.get(
            letter, (at - 1, "de-escalate", "")
        )

    def _climbing(self, seen: Sequence[LevelCount], at: int) -> Decision | None:
        """Decide while single participants climb; None for a design without that phase."""
        return None

    def _leave_closed(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Leave a closed level: for the highest that is open, or stop without an MTD."""
        closed = next(level for level in range(1, at + 1) if self._closes(seen, level))
        says = f"{self._why_closed(seen[closed - 1])} closes dose level {closed} and above"
        if closed < at:
            says = f"{seen[closed - 1]} DLT at dose level {closed}, {says}"
        if seen[at - 1].pending:
            says += f" ({seen[at - 1].pending} still in the DLT window, which changes nothing)"
        if closed == 1:
            return self._stop(seen, at, "lowest-level-closed", says, has_mtd=False)
        left = self.max_n - meeting.treated(seen)
        if left <= 0 and not meeting.pending(seen):
            return self._stop(seen, at, "max-n", f"{says}, {self.max_n} participants were treated")
        if left <= 0:
            return self._answer(seen, at, ("wait", at, "pending"), f"{says}: wait for the last")
        size = min(self.cohort_size, left)
        says = f"{says}: de-escalate, next cohort of {size} at dose level {closed - 1}"
        return self._answer(seen, at, ("de-escalate", closed - 1, "close"), says, size)

    def _must_leave(self, seen: Sequence[LevelCount], at: int, missing: int) -> bool:
        """Say whether a cohort leads downward even if nobody else of it has a DLT."""
        here = seen[at - 1]
        is_over = not here.treated or meeting.treated(seen) >= self.max_n
        return at > 1 and not is_over and self.letter(here.treated + missing, here.dlts) in "DU"

    def _leave_early(self, seen: Sequence[LevelCount], at: int, complete: int) -> Decision:
        """Leave a level downward before its cohort is complete."""
        dlts = seen[at - 1].dlts
        size = min(self.cohort_size, self.max_n - meeting.treated(seen))
        says = (
            f"even {dlts}/{complete} leads downward ({self.comparison(complete, dlts)}): "
            f"de-escalate, next cohort of {size} at dose level {at - 1}"
        )
        return self._answer(seen, at, ("de-escalate", at - 1, "de-escalate"), says, size)

    def _why_closed(self, here: LevelCount) -> str:
        """Say why a tally closes a level."""
        return f"{self._tail(here)}, above {self.eliminate or 1:g},"

    def _tail(self, here: LevelCount) -> str:
        """Say how sure it is that a level is too toxic."""
        above = float(probability_above(self.target, here.treated, here.dlts))
        return f"P(DLT rate > {self.target:g}) = {above:.4f}"

    def _stop(
        self,
        seen: Sequence[LevelCount],
        at: int,
        rule: str,
        says: str,
        *,
        has_mtd: bool = True,
    ) -> Decision:
        """End the escalation with the estimate of the MTD."""
        estimate = self.estimate_mtd(seen) if has_mtd else MtdEstimate(None, "")
        says = f"{says}: stop, {meeting.mtd_said(estimate.level)}"
        return self._answer(seen, at, ("stop", None, rule), says, mtd=estimate.level)

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

    def _missing(self, seen: Sequence[LevelCount], at: int) -> int:
        """Count the places of the cohort at a level that are still to be filled."""
        size = self.cohort_size if meeting.treated(seen) else self.first_size()
        return meeting.places_left(seen, at, size, self.max_n)

    def _closes(self, seen: Sequence[LevelCount], level: int) -> bool:
        """Say whether the tally of a level closes it, whatever becomes of those pending."""
        here = seen[level - 1]
        return self.letter(here.treated, here.dlts) == "U" if here.treated else False

    def _is_closed(self, seen: Sequence[LevelCount], level: int) -> bool:
        """Say whether a level is closed, by its own tally or by that of a level below."""
        return any(self._closes(seen, each) for each in range(1, level + 1))

    def history_faults(self, seen: Sequence[LevelCount]) -> Iterator[Fault]:
        """Name what the design cannot have led to.

        Parameters
        ----------
        seen : sequence of LevelCount
            Counts by dose level.

        Yields
        ------
        Fault
            Too many participants, or a level skipped.
        """
        yield from meeting.crowding_faults(seen, self.max_n)
        tried = [level for level, count in enumerate(seen, start=1) if count.treated]
        for level in range(self.starting_level, max(tried, default=0)):
            if not seen[level - 1].treated:
                yield Fault(
                    f"dose level {level}",
                    f"nobody was treated, though dose level {level + 1} or above was tried",
                    "no level skipped",
                    meeting.DEVIATED,
                )


def _tallies(seen: Sequence[LevelCount]) -> str:
    """Say the tallies of the levels that were tried."""
    return ", ".join(
        meeting.tally(seen, level) for level, count in enumerate(seen, start=1) if count.treated
    )
