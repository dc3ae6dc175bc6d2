"""3+3 in its three named variants.

Cohorts of three; 0/3 escalates, 1/3 opens a second cohort, at most 1/6 escalates, two DLTs at a
level close it at once [1]_. What happens then, and at the top level, differs between protocols
and between programs, so the variant is part of the name:

=================================  ====================================  =====================
variant                            a level is closed                     0/3 at the top level
=================================  ====================================  =====================
`no-de-escalation`                 stop; the MTD is the level below      stop; it is the MTD
`de-escalate-top-stops-at-three`   fill the level below to six, and so   stop; it is the MTD
                                   on down until at most 1/6
`six-at-mtd`                       the same                              a second cohort first
=================================  ====================================  =====================

References
----------
.. [1] Storer BE. Design and analysis of phase I clinical trials. Biometrics 1989;45(3):925-937.
   doi:10.2307/2531693
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from trialwright.escalation import meeting
from trialwright.escalation.decision import (
    Act,
    Decision,
    LevelCount,
    MtdEstimate,
    is_level,
    question_faults,
)
from trialwright.protocol.escalation_design import ThreePlusThreeVariant
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

COHORT = 3
"""Participants in a cohort; the design is named after it."""

MOST = 2 * COHORT
"""Participants at a dose level: one cohort, and one expansion."""

CLOSING = 2
"""DLTs at which a dose level is closed, whoever is still pending."""

VARIANTS: tuple[str, ...] = get_args(ThreePlusThreeVariant)
"""Names of the variants, as the protocol file writes them."""


@dataclass(frozen=True, slots=True)
class ThreePlusThree:
    """3+3: cohorts of three, one expansion to six, no level skipped.

    Below the level in question, every level must have been cleared by the rule (0/3, or at most
    1/6); above it, every level tried must have been closed. Other histories are refused: they are
    deviations, and what follows from a deviation is decided by people.

    Attributes
    ----------
    levels : int
        Number of dose levels, numbered from 1 (lowest).
    variant : {'no-de-escalation', 'de-escalate-top-stops-at-three', 'six-at-mtd'}
        Which 3+3; see the table of this module.
    starting_level : int
        Dose level of the first cohort; the levels below it are there for de-escalation.

    Raises
    ------
    Refusal
        If there is no level, the variant has another name, or the trial starts off the ladder.
    """

    levels: int
    variant: ThreePlusThreeVariant
    starting_level: int = 1

    def __post_init__(self) -> None:
        """Refuse a design without ladder, variant or starting level, all faults at once."""
        faults = []
        if not is_level(self.levels, self.levels):
            found = f"{shorten(self.levels)} dose levels"
            faults.append(Fault("levels", found, "a whole number from 1", "Count the dose levels"))
        elif not is_level(self.starting_level, self.levels):
            found, ladder = f"dose level {shorten(self.starting_level)}", f"1-{self.levels}"
            faults.append(Fault("starting_level", found, ladder, "Start at a level of the ladder"))
        if self.variant not in VARIANTS:
            do = "Name the variant: 3+3 alone means at least three designs"
            found = f"variant {shorten(repr(self.variant))}"
            faults.append(Fault("variant", found, ", ".join(VARIANTS), do))
        if faults:
            raise Refusal(faults)

    @property
    def name(self) -> str:
        """Name with the variant; there is no bare 3+3."""
        return f"3+3 {self.variant}"

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
            Two DLTs at the level decide at once; otherwise whoever is pending is waited for.

        Raises
        ------
        Refusal
            If `at` is no level of the ladder, a level holds more than six participants, a level
            below was left without being cleared, or one above was left without being closed.
        """
        faults = question_faults(seen, at, self.levels) or self._history_faults(seen, at)
        if faults:
            raise Refusal(faults)
        here = seen[at - 1]
        if here.dlts >= CLOSING:
            return self._close(seen, at)
        decided = self._weigh(seen, at)
        places = max(0, decided.cohort_size - here.pending) if decided.level == at else 0
        held = meeting.waiting(here.pending, places) if here.pending else None
        if held is None:
            return decided
        act, rule, says = held
        return self._answer(act, at, rule, f"{meeting.tally(seen, at)}, {says}", places)

    def select_mtd(self, seen: Sequence[LevelCount]) -> MtdEstimate:
        """Estimate the MTD once the escalation has stopped.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level.

        Returns
        -------
        MtdEstimate
            The highest level cleared below a closed one, or the top level; with six participants
            where the variant asks for six.

        Raises
        ------
        Refusal
            If the escalation has not stopped, or 3+3 cannot have led to these counts.
        """
        at = self._last_level(seen)
        decided = self.next_dose(seen, at)
        if decided.act != "stop":
            raise refuse(
                f"dose level {at}",
                f"the escalation has not stopped ({decided.because})",
                "counts of a finished escalation",
                "Ask for the next dose instead",
            )
        return MtdEstimate(decided.mtd, decided.because)

    def _weigh(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide at a level with at most one DLT, as if nobody were pending."""
        here, tally = seen[at - 1], meeting.tally(seen, at)
        match here.dlts, here.evaluable:
            case _, 6:
                return self._clear(seen, at, "at-most-1-of-6")
            case 0, 3 if self._needs_six(seen, at):
                says = f"{tally}, the MTD needs six: 3 more at this level"
                return self._answer("expand", at, "mtd-needs-six", says, COHORT)
            case 0, 3:
                return self._clear(seen, at, "0-of-3")
            case 1, 3:
                return self._answer(
                    "expand", at, "1-of-3", f"{tally}: 3 more at this level", COHORT
                )
            case _, evaluable:
                more = (COHORT if evaluable < COHORT else MOST) - evaluable
                says = f"{tally}, cohort not complete: {more} more at this level"
                return self._answer("stay", at, meeting.INCOMPLETE, says, more)

    def _clear(self, seen: Sequence[LevelCount], at: int, rule: str) -> Decision:
        """Leave a cleared level: upward, or stop when nothing above is open."""
        tally = meeting.tally(seen, at)
        if at == self.levels:
            return self._stop(at, rule, f"{tally}, the top level")
        if seen[at].dlts >= CLOSING:
            return self._stop(at, rule, f"{tally}, {meeting.tally(seen, at + 1)}")
        says = f"{tally}: escalate, next cohort of {COHORT} at dose level {at + 1}"
        return self._answer("escalate", at + 1, rule, says, COHORT)

    def _close(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Leave a level with two DLTs or more: downward, or stop."""
        rule, tally = "two-dlts", meeting.tally(seen, at)
        if seen[at - 1].pending:
            tally += f" ({seen[at - 1].pending} still in the DLT window, which changes nothing)"
        if at == 1:
            return self._stop(None, rule, f"{tally}, the lowest level")
        below = seen[at - 2]
        tally += f", {meeting.tally(seen, at - 1)}"
        if below.evaluable == MOST:
            return self._stop(at - 1, rule, tally)
        if self.variant == "no-de-escalation":
            return self._stop(at - 1 if below.evaluable else None, rule, tally)
        says = f"{tally}: de-escalate, {COHORT} more at dose level {at - 1}"
        return self._answer("de-escalate", at - 1, rule, says, COHORT)

    def _needs_six(self, seen: Sequence[LevelCount], at: int) -> bool:
        """Say whether 0/3 is too few to take a level as the MTD when nothing above is open."""
        if at == self.levels:
            return self.variant == "six-at-mtd"
        return seen[at].dlts >= CLOSING

    def _stop(self, mtd: int | None, rule: str, tally: str) -> Decision:
        """End the escalation with the estimate of the MTD."""
        says = f"{tally}: stop, {meeting.mtd_said(mtd)}"
        return replace(self._answer("stop", None, rule, says), mtd=mtd)

    def _answer(
        self, act: Act, level: int | None, rule: str, says: str, cohort_size: int = 0
    ) -> Decision:
        """Give a decision that names the variant and the rule in its sentence."""
        return Decision(act, level, f"{says} ({self.name}, rule {rule})", rule, cohort_size)

    def _last_level(self, seen: Sequence[LevelCount]) -> int:
        """Find the level of the last cohort from the counts alone."""
        tried = [level for level, count in enumerate(seen, start=1) if count.treated]
        if not tried:
            return self.starting_level
        closed = [level for level in tried if seen[level - 1].dlts >= CLOSING]
        if not closed:
            return tried[-1]
        lowest = closed[0]
        goes_down = self.variant != "no-de-escalation" and lowest - 1 in tried
        return lowest - 1 if goes_down else lowest

    def _history_faults(self, seen: Sequence[LevelCount], at: int) -> tuple[Fault, ...]:
        """Name each level whose counts the rule cannot have led to."""
        tried = [level for level, count in enumerate(seen, start=1) if count.treated]
        reached = max([self.starting_level, *tried])
        levels = range(1, self.levels + 1)
        faults = [self._level_fault(seen, level, at, reached) for level in levels]
        return tuple(fault for fault in faults if fault)

    def _level_fault(
        self, seen: Sequence[LevelCount], level: int, at: int, reached: int
    ) -> Fault | None:
        """Find what is wrong with one level when the last cohort was treated at another or here."""
        if seen[level - 1].treated > MOST:
            return _crowded(seen, level)
        if level < at:
            return self._not_cleared(seen, level)
        if at < level <= reached:
            return self._not_closed(seen, level, at)
        is_returned_to = level == at and self.starting_level <= at < reached
        return _left(seen, at) if is_returned_to and seen[at - 1].evaluable < COHORT else None

    def _not_cleared(self, seen: Sequence[LevelCount], level: int) -> Fault | None:
        """Find a level that was left upward though neither 0/3 nor at most 1/6 was seen."""
        count = seen[level - 1]
        if level < self.starting_level and not count.treated:
            return None
        is_cleared = (count.evaluable, count.dlts) in ((3, 0), (6, 0), (6, 1))
        return None if is_cleared and not count.pending else _left(seen, level)

    def _not_closed(self, seen: Sequence[LevelCount], level: int, at: int) -> Fault | None:
        """Find a level above the one in question that was left though still open."""
        if self.variant != "no-de-escalation" and seen[level - 1].dlts >= CLOSING:
            return None
        return Fault(
            f"dose level {level}",
            f"{meeting.tally(seen, level)}, above dose level {at} which is asked about",
            "two DLTs or more at each level above"
            if self.variant != "no-de-escalation"
            else "nobody above: this variant never goes back to a lower level",
            "Ask at the dose level of the last cohort",
        )


def _crowded(seen: Sequence[LevelCount], level: int) -> Fault:
    """Say that a level has more participants than the design ever treats there."""
    count = seen[level - 1]
    return Fault(
        f"dose level {level}",
        f"{count.evaluable} evaluable and {count.pending} pending participants",
        f"at most {MOST} at a dose level",
        meeting.DEVIATED,
    )


def _left(seen: Sequence[LevelCount], level: int) -> Fault:
    """Say that a level was left before the rule allowed it."""
    pending = seen[level - 1].pending
    waiting = f", {pending} still in the DLT window" if pending else ""
    return Fault(
        f"dose level {level}",
        f"left upward with {meeting.tally(seen, level)}{waiting}",
        "0/3, or at most 1/6, with nobody in the DLT window",
        meeting.DEVIATED,
    )
