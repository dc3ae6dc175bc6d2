"""The rolling six: like the 3+3, but participants are enrolled while others are in the DLT window.

Two to six participants may be at risk together at a level; where the next one goes depends on how
many were enrolled there, how many of them are evaluable, and how many had a DLT [1]_:

=========  ==========================  ==================================================
DLTs       evaluable of enrolled       next participant
=========  ==========================  ==================================================
0          3/3, 4/4, 5/5, 5/6 or 6/6   the level above
0          else, fewer than six        the same level
0          else, six                   waits
1          6/6                         the level above
1          else, fewer than six        the same level
1          else, six                   waits
2 or more  any                         the level below, which is filled to six in the same way
=========  ==========================  ==================================================

Where no level above is open (the top level, or two DLTs above), three or four without a DLT are too
few: the level is filled until five are evaluable without a DLT, or six with at most one; then it
is the MTD. The levels below the lowest with two DLTs or more are the only candidates.

A decision is about the next participant; it is asked again for the one after.

References
----------
.. [1] Skolnik JM, et al. Shortening the timeline of pediatric phase I trials: the rolling six
   design. J Clin Oncol 2008;26(2):190-195. doi:10.1200/JCO.2007.12.7712
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.escalation import meeting
from trialwright.escalation.decision import (
    Act,
    Decision,
    LevelCount,
    MtdEstimate,
    question_faults,
)
from trialwright.escalation.settings import ladder_faults
from trialwright.terms.errors import Fault, Refusal

MOST = 6
"""Participants at a dose level; the design is named after it."""

CLOSING = 2
"""DLTs at which a dose level is closed, whoever is still pending."""

FEWEST = 3
"""Evaluable participants without a DLT, nobody pending, from which a level is left upward."""

ENOUGH = 5
"""Evaluable participants without a DLT from which a sixth, still pending, changes nothing."""


@dataclass(frozen=True, slots=True)
class RollingSix:
    """The rolling six: up to six participants at a level, some of them pending.

    Below the level in question, every level must have been cleared by the rule; above it, every
    level tried must have been closed. Other histories are refused: they are deviations, and what
    follows from a deviation is decided by people.

    Attributes
    ----------
    levels : int
        Number of dose levels, numbered from 1 (lowest).
    starting_level : int
        Dose level of the first participant; the levels below it are there for de-escalation.

    Raises
    ------
    Refusal
        If there is no level, or the trial starts off the ladder.
    """

    levels: int
    starting_level: int = 1

    def __post_init__(self) -> None:
        """Refuse a design without ladder or starting level."""
        faults = tuple(ladder_faults(self.levels, self.starting_level))
        if faults:
            raise Refusal(faults)

    @property
    def name(self) -> str:
        """Name of the design."""
        return "rolling-six"

    def next_dose(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide where the next participant goes.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            DLT-evaluable participants; those in the DLT window without a DLT are `pending`.
        at : int
            Dose level of the last participant, 1 to `levels`.

        Returns
        -------
        Decision
            With its reason; `wait` while six were enrolled and their outcomes can still change
            what follows.

        Raises
        ------
        Refusal
            If `at` is no level of the ladder, a level holds more than six participants, a level
            below was left without being cleared, or one above was left without being closed.
        """
        faults = question_faults(seen, at, self.levels) or self._history_faults(seen, at)
        if faults:
            raise Refusal(faults)
        here, tally = seen[at - 1], meeting.tally(seen, at)
        if here.dlts >= CLOSING:
            return self._close(seen, at)
        if self._is_cleared(seen, at):
            return self._clear(seen, at)
        if here.treated == MOST:
            says = f"six enrolled, {here.pending} still in the DLT window: wait"
            return meeting.said(self.name, tally, ("wait", at, "six-enrolled"), says)
        rule = "one-dlt" if here.dlts else "fewer-than-six"
        says = f"{here.treated} of six enrolled: one more at this level"
        return meeting.said(self.name, tally, ("stay", at, rule), says, 1)

    def select_mtd(self, seen: Sequence[LevelCount]) -> MtdEstimate:
        """Estimate the MTD once the escalation has stopped.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level.

        Returns
        -------
        MtdEstimate
            The level cleared with five or six participants below a closed one, or the top level.

        Raises
        ------
        Refusal
            If the escalation has not stopped, or the rolling six cannot have led to these counts.
        """
        decided = self.next_dose(seen, self._last_level(seen))
        if decided.act != "stop":
            raise meeting.not_stopped(decided.because)
        return MtdEstimate(decided.mtd, decided.because)

    def _is_cleared(self, seen: Sequence[LevelCount], at: int) -> bool:
        """Say whether a level can be left upward, or be the MTD where nothing above is open."""
        here = seen[at - 1]
        if here.dlts:
            return here.evaluable == MOST
        if here.evaluable >= ENOUGH:
            return True
        is_last = at == self.levels or seen[at].dlts >= CLOSING
        return not is_last and not here.pending and here.evaluable >= FEWEST

    def _clear(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Leave a cleared level: upward, or stop when nothing above is open."""
        tally, rule = meeting.tally(seen, at), "one-of-six" if seen[at - 1].dlts else "no-dlts"
        if at == self.levels:
            return self._stop(at, rule, tally, "the top level")
        if seen[at].dlts >= CLOSING:
            return self._stop(at, rule, tally, meeting.tally(seen, at + 1))
        says = f"cleared: escalate, one at dose level {at + 1}"
        return meeting.said(self.name, tally, ("escalate", at + 1, rule), says, 1)

    def _close(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Leave a level with two DLTs or more: downward, or stop."""
        tally = meeting.tally(seen, at)
        if seen[at - 1].pending:
            tally += f" ({seen[at - 1].pending} still in the DLT window, which changes nothing)"
        if at == 1:
            return self._stop(None, "two-dlts", tally, "the lowest level")
        if self._is_cleared(seen, at - 1):
            return self._stop(at - 1, "two-dlts", tally, meeting.tally(seen, at - 1))
        says = f"de-escalate, one more at dose level {at - 1}"
        return meeting.said(self.name, tally, ("de-escalate", at - 1, "two-dlts"), says, 1)

    def _stop(self, mtd: int | None, rule: str, tally: str, says: str) -> Decision:
        """End the escalation with the estimate of the MTD."""
        stop: tuple[Act, int | None, str] = ("stop", None, rule)
        says = f"{says}: stop, {meeting.mtd_said(mtd)}"
        return meeting.said(self.name, tally, stop, says, mtd=mtd)

    def _last_level(self, seen: Sequence[LevelCount]) -> int:
        """Find the level in question from the counts alone."""
        tried = [level for level, count in enumerate(seen, start=1) if count.treated]
        closed = [level for level in tried if seen[level - 1].dlts >= CLOSING]
        if closed:
            return closed[0] - 1 if closed[0] - 1 in tried else closed[0]
        return max(tried, default=self.starting_level)

    def _history_faults(self, seen: Sequence[LevelCount], at: int) -> tuple[Fault, ...]:
        """Name each level whose counts the rule cannot have led to."""
        tried = [level for level, count in enumerate(seen, start=1) if count.treated]
        reached = max([self.starting_level, *tried])
        faults = []
        for level in range(1, self.levels + 1):
            count = seen[level - 1]
            if count.treated > MOST:
                found = f"{count.evaluable} evaluable and {count.pending} pending participants"
                faults.append(_fault(level, found, f"at most {MOST} at a dose level"))
            elif level < at and not self._was_cleared(count, level):
                found = f"left upward with {meeting.tally(seen, level)}, {count.pending} pending"
                faults.append(_fault(level, found, "three to six without a DLT, or one in six"))
            elif at < level <= reached and count.dlts < CLOSING:
                found = f"{meeting.tally(seen, level)}, above dose level {at} which is asked about"
                faults.append(_fault(level, found, "two DLTs or more at each level above"))
        return tuple(faults)

    def _was_cleared(self, count: LevelCount, level: int) -> bool:
        """Say whether a level can have been left upward, or was never entered."""
        if not count.treated:
            return level < self.starting_level
        if count.dlts:
            return count.dlts == 1 and count.evaluable == MOST
        return count.evaluable >= (ENOUGH if count.pending else FEWEST)


def _fault(level: int, found: str, allowed: str) -> Fault:
    """Say that the rule cannot have led to the counts of a level."""
    return Fault(f"dose level {level}", found, allowed, meeting.DEVIATED)
