"""Lower dose levels kept open while the escalation waits or goes on: backfilling.

Participants who arrive while the running cohort is full are treated at a level below it that is
*open*: somebody was treated there, a response was seen there (where the protocol asks for one),
fewer than `cap` participants are there, and it is *safe*. A level is safe when its tally, or its
tally together with that of the level above, does not lead downward; above a level that is not safe
none is.

Everybody counts: a decision takes the tallies of all levels from the lowest to the current one,
with the backfilled participants whose outcome is known. Where lower levels *conflict* with the
current one (it says E and one of them does not, or one of them says D or U), the tallies from the
highest such level up to the current one are added, and the sum decides: E one level up, S stay, and
D or U down to the highest level up to which the sum does not lead downward; if there is none, below
the conflicting level.

Unlike the paper's program, a level that its own tally closes (U) stays closed with all above,
whatever the sum says.

References
----------
.. [1] Zhao Y, Yuan Y, Korn EL, Freidlin B. Backfilling patients in phase I dose-escalation trials
   using Bayesian optimal interval design (BOIN). Clin Cancer Res 2024;30(4):673-679.
   doi:10.1158/1078-0432.CCR-23-2585
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trialwright.escalation import meeting
from trialwright.escalation.decision import Decision, LevelCount, question_faults
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.escalation.isotonic import Ints
from trialwright.escalation.settings import cohort_faults
from trialwright.escalation.tally_design import TallyDesign
from trialwright.escalation.tally_rule import CLOSE, DE_ESCALATE, ESCALATE, STAY, table_of
from trialwright.terms.errors import Fault, Refusal, refuse

Choice = Literal["highest", "lowest"]
"""Which of several open levels the next participant is treated at."""

Bools = NDArray[np.bool_]


class OpenLevel(NamedTuple):
    """Whether a level is open for backfilling.

    Attributes
    ----------
    level : int
        Dose level, 1 = lowest.
    is_open : bool
        Whether the next participant may be treated there.
    because : str
        Why, with the numbers.
    """

    level: int
    is_open: bool
    because: str


class Moved(NamedTuple):
    """What follows complete cohorts, for many trials at once.

    Attributes
    ----------
    level, size : ndarray of int, shape (trials,)
        Dose level of the next cohort, 0 = stop, and its participants.
    conflict : ndarray of int, shape (trials,)
        Lowest level whose tally was added up, 0 = no conflict.
    """

    level: Ints
    size: Ints
    conflict: Ints


@dataclass(frozen=True, kw_only=True)
class Backfill:
    """A design that is a table of tallies, with lower levels kept open.

    Attributes
    ----------
    design : TallyDesign
        BOIN, keyboard, mTPI, mTPI-2, i3+3 or a decision table. Its `max_n` counts the participants
        of cohorts, not those backfilled.
    cap : int, participants
        Participants at a level, of cohorts and backfilled, at which it is closed for backfilling.
    needs_response : bool
        Whether a level is open only once a response was seen there.
    choice : {'highest', 'lowest'}
        Which of several open levels is taken.

    Raises
    ------
    Refusal
        If the cap is no count, the design is no table of tallies, or an uploaded table has no row
        for a number of participants that cohorts and those backfilled can come to.
    """

    design: TallyDesign
    cap: int
    needs_response: bool = True
    choice: Choice = "highest"

    def __post_init__(self) -> None:
        """Refuse settings that are none."""
        if not isinstance(self.design, TallyDesign):
            found = getattr(self.design, "name", type(self.design).__name__)
            allowed = "BOIN, keyboard, mTPI, mTPI-2, i3+3 or a decision table"
            do = "Take a design that says E, S, D or U for the tally of a level"
            raise refuse("design", found, allowed, do)
        faults = tuple(cohort_faults(self.cap, name="cap")) or tuple(self._row_faults())
        if faults:
            raise Refusal(faults)

    @property
    def name(self) -> str:
        """Name of the design, with the cap."""
        return f"{self.design.name}, backfilled up to {self.cap} a level"

    @cached_property
    def _wide(self) -> TallyDesign:
        """Give the design with a table for the tallies of all levels together."""
        return replace(self.design, max_n=self._most)

    @property
    def _most(self) -> int:
        """Give the most participants that cohorts and those backfilled come to."""
        return self.design.max_n + (self.design.levels - 1) * self.cap

    def _row_faults(self) -> Iterator[Fault]:
        """Find numbers of participants for which an uploaded table has no row."""
        if isinstance(self.design, UploadedTable):
            sizes = {evaluable for evaluable, _ in self.design.rows}
            missing = [each for each in range(1, self._most + 1) if each not in sizes]
            if missing:
                found = f"no row for {missing[0]} evaluable participants"
                more = f", nor for {len(missing) - 1} of the other numbers" if missing[1:] else ""
                allowed = f"a row for each number from 1 to {self._most}: tallies are added up"
                do = "Add the rows, or leave backfill out"
                yield Fault("rows", f"{found}{more}", allowed, do)

    # --- many trials at once --------------------------------------------------------------

    def moves(self, treated: Ints, evaluable: Ints, dlts: Ints, at: Ints) -> Moved:
        """Decide what follows complete cohorts, for many trials at once.

        Parameters
        ----------
        treated : ndarray of int, shape (trials,)
            Participants of cohorts so far.
        evaluable, dlts : ndarray of int, shape (trials, levels)
            Counts by dose level, of cohorts and backfilled.
        at : ndarray of int, shape (trials,)
            Dose level of the last cohort.

        Returns
        -------
        Moved
            With the conflicts.
        """
        table, rows, levels = table_of(self._wide), np.arange(len(at)), self.design.levels
        ladder = np.arange(1, levels + 1)
        letters = np.where(evaluable > 0, table.letters[evaluable, dlts], ESCALATE)
        own = letters[rows, at - 1]
        is_worse = letters >= np.where(own == ESCALATE, STAY, DE_ESCALATE)[:, None]
        conflicts = is_worse & (ladder < at[:, None])
        conflict = np.max(np.where(conflicts, ladder, 0), axis=1)
        added = (ladder >= conflict[:, None]) & (ladder <= at[:, None])
        sums = [np.cumsum(np.where(added, each, 0), axis=1) for each in (evaluable, dlts)]
        up_to = table.letters[sums[0], sums[1]]
        letter = np.where(conflict > 0, up_to[rows, at - 1], own)
        is_safe = added & (up_to < DE_ESCALATE)
        safe = np.max(np.where(is_safe, ladder, conflict[:, None] - 1), axis=1)
        down = np.where(conflict > 0, np.minimum(safe, at), at - 1)
        level = np.where(letter == ESCALATE, at + 1, np.where(letter >= DE_ESCALATE, down, at))
        is_closed = letters == CLOSE
        closed = np.where(is_closed.any(axis=1), np.argmax(is_closed, axis=1) + 1, levels + 1)
        level = np.clip(np.minimum(level, closed - 1), 1, levels)
        left = self.design.max_n - treated
        stops = (left <= 0) | (closed == 1)
        stops |= (at == 1) & table.stops_lowest[evaluable[:, 0], dlts[:, 0]]
        if self.design.stop_at is not None:
            stops |= (level == at) & (evaluable[rows, at - 1] >= self.design.stop_at)
        size = np.minimum(self.design.cohort_size, left)
        return Moved(np.where(stops, 0, level), np.where(stops, 0, size), conflict)

    def mtds(self, evaluable: NDArray[np.int16], dlts: NDArray[np.int16]) -> Ints:
        """Estimate the MTD of many finished trials at once.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (trials, levels)
            Counts by dose level, of cohorts and backfilled.

        Returns
        -------
        ndarray of int, shape (trials,)
            Dose level; 0 = none.
        """
        return self._wide.mtds(evaluable, dlts)

    def safe_levels(self, evaluable: Ints, dlts: Ints, at: Ints) -> Bools:
        """Mark the levels below the current one at which backfilling is safe.

        Parameters
        ----------
        evaluable, dlts : ndarray of int, shape (trials, levels)
            Counts by dose level of everybody whose outcome is known, those of the running cohort
            included.
        at : ndarray of int, shape (trials,)
            Dose level of the running cohort.

        Returns
        -------
        ndarray of bool, shape (trials, levels)
            Tried, safe, and no lower level unsafe.
        """
        letters = table_of(self._wide).letters
        above = [np.append(each[:, 1:], 0 * each[:, :1], axis=1) for each in (evaluable, dlts)]
        with_next = letters[evaluable + above[0], dlts + above[1]]
        is_unsafe = (letters[evaluable, dlts] >= DE_ESCALATE) & (with_next >= DE_ESCALATE)
        is_tried = evaluable > 0
        is_below = np.arange(1, self.design.levels + 1) < at[:, None]
        return np.asarray(~np.logical_or.accumulate(is_unsafe, axis=1) & is_tried & is_below)

    # --- one trial, in words --------------------------------------------------------------

    def open_levels(
        self,
        cohorts: Sequence[LevelCount],
        backfilled: Sequence[LevelCount],
        at: int,
        responses: Sequence[int],
    ) -> tuple[OpenLevel, ...]:
        """Say at which levels the next participant may be treated while the cohort is full.

        Parameters
        ----------
        cohorts, backfilled : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level so far.
        at : int
            Dose level of the running cohort.
        responses : sequence of int, length `levels`
            Participants with a response at each level.

        Returns
        -------
        tuple of OpenLevel
            Of every level below the running cohort.

        Raises
        ------
        Refusal
            If counts are not those of this ladder.
        """
        self._check(cohorts, backfilled, at)
        if len(responses) != self.design.levels:
            found = f"responses for {len(responses)} dose levels"
            do = "Give one number for each dose level"
            raise refuse("responses", found, f"{self.design.levels} numbers", do)
        evaluable, dlts = _together(cohorts, backfilled)
        safe = self.safe_levels(evaluable, dlts, np.array([at]))[0]
        found_levels = []
        for level in range(1, at):
            treated = cohorts[level - 1].treated + backfilled[level - 1].treated
            tally = f"{dlts[0, level - 1]}/{evaluable[0, level - 1]} DLT"
            if not evaluable[0, level - 1]:
                says = "nobody's outcome is known here"
            elif not safe[level - 1]:
                says = f"{tally}: it, or a level below, leads downward, also with the level above"
            elif self.needs_response and not responses[level - 1]:
                says = f"{tally}, and no response was seen here yet"
            elif treated >= self.cap:
                says = f"{treated} participants are here, the cap is {self.cap}"
            else:
                says = f"{tally}, {treated} of {self.cap} participants"
                found_levels.append(OpenLevel(level, is_open=True, because=says))
                continue
            found_levels.append(OpenLevel(level, is_open=False, because=says))
        return tuple(found_levels)

    def next_dose(
        self, cohorts: Sequence[LevelCount], backfilled: Sequence[LevelCount], at: int
    ) -> Decision:
        """Decide what follows the last cohort.

        Parameters
        ----------
        cohorts, backfilled : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level so far, of cohorts and of those backfilled.
        at : int
            Dose level of the last cohort.

        Returns
        -------
        Decision
            With its reason. Backfilled participants are not waited for; a level that they have
            closed takes nobody, be the cohort complete or not.

        Raises
        ------
        Refusal
            If the design cannot have led to these counts.
        """
        self._check(cohorts, backfilled, at)
        alone = self.design.next_dose(cohorts, at)
        evaluable, dlts = _together(cohorts, backfilled)
        if alone.act == "wait" or alone.rule == meeting.INCOMPLETE:
            closed = self._first_closed(evaluable[0, :at], dlts[0, :at])
            if not closed:
                return alone
            everybody = cohorts[0].treated + backfilled[0].treated
            is_lost = table_of(self._wide).letters[everybody, dlts[0, 0]] == CLOSE
            if cohorts[at - 1].pending and not is_lost:
                return self._waiting(evaluable, dlts, at, closed)
        treated = np.array([meeting.treated(cohorts)])
        moved = self.moves(treated, evaluable, dlts, np.array([at]))
        level, size, first = (int(each[0]) for each in moved)
        return self._worded(evaluable[0], dlts[0], (at, level, size, first))

    def _first_closed(self, evaluable: Ints, dlts: Ints) -> int:
        """Give the lowest of some levels that everybody's tally closes; 0 when none is."""
        is_closed = table_of(self._wide).letters[evaluable, dlts] == CLOSE
        return int(np.argmax(is_closed)) + 1 if is_closed.any() else 0

    def _waiting(self, evaluable: Ints, dlts: Ints, at: int, closed: int) -> Decision:
        """Wait for a cohort at a level that is closed since; nobody is enrolled meanwhile."""
        toxic, known = int(dlts[0, closed - 1]), int(evaluable[0, closed - 1])
        tally = f"{dlts[0, at - 1]}/{evaluable[0, at - 1]} DLT at dose level {at}"
        says = f"{toxic}/{known} at dose level {closed} close it and all above: wait for those in "
        says += "the DLT window, nobody more in this cohort"
        return meeting.said(self.name, tally, ("wait", at, "closed-since"), says)

    def _worded(self, evaluable: Ints, dlts: Ints, moved: tuple[int, int, int, int]) -> Decision:
        """Give a decision with its reason."""
        at, level, size, first = moved
        counts = [LevelCount(int(n), int(y)) for n, y in zip(evaluable, dlts, strict=True)]
        tally, says = meeting.tally(counts, at), ""
        n, y = int(evaluable[at - 1]), int(dlts[at - 1])
        if first:
            n, y = int(evaluable[first - 1 : at].sum()), int(dlts[first - 1 : at].sum())
            tallies = ", ".join(
                f"{counts[each - 1]} at dose level {each}" for each in range(first, at)
            )
            says = f"in conflict with {tallies}: together {y}/{n}, "
        says += self._wide.comparison(n, y)
        if not level:
            mtd = self._wide.estimate_mtd(counts).level
            says = f"{says}: stop, {meeting.mtd_said(mtd)}"
            return meeting.said(self.name, tally, ("stop", None, "stop"), says, mtd=mtd)
        act = meeting.step_of(level, at)
        rule = f"conflict-{act}" if first else act
        says = f"{says}: {act}, next cohort of {size} at dose level {level}"
        return meeting.said(self.name, tally, (act, level, rule), says, size)

    def _check(
        self, cohorts: Sequence[LevelCount], backfilled: Sequence[LevelCount], at: int
    ) -> None:
        """Refuse what is no question to this design."""
        levels = self.design.levels
        faults = [*question_faults(cohorts, at, levels), *question_faults(backfilled, 1, levels)]
        faults = faults or [*self.design.history_faults(cohorts)]
        faults = faults or [*self._backfill_faults(cohorts, backfilled)]
        if faults:
            raise Refusal(faults)

    def _backfill_faults(
        self, cohorts: Sequence[LevelCount], backfilled: Sequence[LevelCount]
    ) -> Iterator[Fault]:
        """Find levels that cannot have been backfilled."""
        highest = max((n for n, each in enumerate(cohorts, 1) if each.treated), default=0)
        for level, (cohort, more) in enumerate(zip(cohorts, backfilled, strict=True), start=1):
            found = f"{more.treated} backfilled participants"
            if more.treated and (not cohort.treated or level >= highest):
                allowed = "none: it is not below a level that a cohort was treated at"
                do = "Correct the counts, or record the deviation"
                yield Fault(f"dose level {level}", found, allowed, do)
            elif more.treated > self.cap:
                do = "Correct the counts, or record the deviation"
                yield Fault(f"dose level {level}", found, f"at most {self.cap}", do)


def _together(cohorts: Sequence[LevelCount], backfilled: Sequence[LevelCount]) -> tuple[Ints, Ints]:
    """Add the counts of cohorts and of those backfilled; arrays of shape (1, levels)."""
    pairs = list(zip(cohorts, backfilled, strict=True))
    evaluable = np.array([[one.evaluable + other.evaluable for one, other in pairs]])
    return evaluable, np.array([[one.dlts + other.dlts for one, other in pairs]])
