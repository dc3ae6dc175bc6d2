r"""TITE-BOIN, BOIN with participants who are still in their DLT window.

At a level with n participants, of whom m are pending, s is the follow-up of those pending in
windows (days over the length of the window, summed up), y the DLTs so far. The DLT rate is
estimated

* by `imputation` [1]_: :math:`(y + r (m - s)) / n`, where every pending participant is taken to
  have the DLT still to come with odds :math:`r = (y + \phi/2) / (n - m - y + 1 - \phi/2)`, those of
  the posterior mean of the others for a prior Beta(phi/2, 1 - phi/2);
* by `effective-number` [2]_: :math:`y / (n - m + s)`;

and compared with the limits of BOIN:

1. a level is closed, with all above, as in BOIN, with everybody pending counted as if there came
   no DLT; from a closed level one goes to the highest that is open, or stops;
2. with `leaves_early` a level is left downward, whoever is pending, when y / n is above lambda_d:
   no follow-up can change that;
3. accrual waits when more than `most_pending` of the participants at the level are pending;
4. else escalate when the rate is at most lambda_e, de-escalate when it is above lambda_d, stay
   otherwise. Imputed DLTs alone move nothing: with `imputation`, de-escalation also needs y / n of
   at least the target, escalation y / n below it. At the lowest level with a rate above lambda_d,
   accrual waits while somebody is pending;
5. where one would stay and `stop_at` participants were treated at the level, or `max_n` in all, the
   escalation waits for those pending, and stops.

Without follow-up, from counts alone, whoever is pending is waited for as in BOIN.

References
----------
.. [1] Yuan Y, Lin R, Li D, Nie L, Warren KE. Time-to-event Bayesian optimal interval design to
   accelerate phase I trials. Clin Cancer Res 2018;24(20):4921-4930.
   doi:10.1158/1078-0432.CCR-18-0246
.. [2] Lin R, Yuan Y. Time-to-event model-assisted designs for dose-finding trials with delayed
   toxicity. Biostatistics 2020;21(4):807-824. doi:10.1093/biostatistics/kxz007
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from trialwright.escalation import meeting
from trialwright.escalation.boin_rule import EQUAL, BoinRule
from trialwright.escalation.decision import Decision, LevelCount, question_faults
from trialwright.escalation.follow_up import FollowedUp
from trialwright.escalation.going_on import while_pending
from trialwright.escalation.isotonic import Floats, Ints
from trialwright.escalation.known import Answers, Bools, Known, of_level, places_left
from trialwright.escalation.settings import cohort_faults, probability_faults
from trialwright.terms.errors import Fault, Refusal, shorten

Pending = Literal["imputation", "effective-number"]
"""How those pending are counted."""


class _Rate(NamedTuple):
    """The estimated DLT rate of a level, what it was made of, and which moves it may lead to."""

    rate: float
    says: str
    may_rise: bool
    may_fall: bool


@dataclass(frozen=True, kw_only=True)
class TiteBoin(BoinRule):
    """BOIN that need not wait for everybody.

    Attributes
    ----------
    window_days : int, days
        Length of the DLT window.
    pending : {'imputation', 'effective-number'}
        How those pending are counted.
    most_pending : float
        Part of the participants at a level above which accrual waits.
    leaves_early : bool
        Whether a level is left at once when no follow-up can change that.

    Raises
    ------
    Refusal
        If a setting is none.
    """

    window_days: int
    pending: Pending
    most_pending: float = 0.5
    leaves_early: bool = True

    short: ClassVar[str] = "TITE-BOIN"

    def next_dose_followed(self, data: FollowedUp) -> Decision:
        """Decide what follows, with some participants pending.

        Parameters
        ----------
        data : FollowedUp
            Counts and follow-up.

        Returns
        -------
        Decision
            With its reason; `wait` where accrual waits.

        Raises
        ------
        Refusal
            If too many participants were treated, or a level was skipped.
        """
        seen, at = data.seen, data.at
        missing = self._missing(seen, at)
        held = meeting.waiting(0, missing)
        if held and seen[at - 1].treated and not self._is_closed(seen, at):
            act, rule, says = held
            return self._answer(seen, at, (act, at, rule), says, missing)
        return self.next_dose_with(seen, at, data.days)

    def next_dose_with(
        self, seen: Sequence[LevelCount], at: int, days: Sequence[float]
    ) -> Decision:
        """Decide from counts and sums of follow-up, however many of a cohort are in.

        Parameters
        ----------
        seen : sequence of LevelCount, lowest level first
            Evaluable and pending participants, and DLTs.
        at : int
            Dose level of the last cohort.
        days : sequence of float, days, lowest level first
            Follow-up of those pending, summed up by level.

        Returns
        -------
        Decision
            With its reason; `wait` where accrual waits.

        Raises
        ------
        Refusal
            If `at` is no level of the ladder, too many participants were treated, a level was
            skipped, or follow-up does not fit those pending.
        """
        faults = (
            *question_faults(seen, at, self.levels),
            *self._follow_up_faults(seen, days),
        )
        faults = faults or tuple(self.history_faults(seen))
        if faults:
            raise Refusal(faults)
        here = seen[at - 1]
        if self._is_closed(seen, at):
            return self._leave_highest_closed(seen, at)
        if not here.treated:
            return self._go(seen, at, at, "first-cohort", "nobody treated yet")
        is_over = here.dlts - self.lambda_d * here.treated > EQUAL
        if self.leaves_early and is_over and at > 1:
            says = f"{here.dlts}/{here.treated} treated is above lambda_d {self.lambda_d:.4f}"
            if here.pending:
                says = f"{says} ({here.pending} still in the DLT window, which changes nothing)"
            return self._go(seen, at, at - 1, "de-escalate", says)
        if here.pending > self.most_pending * here.treated:
            says = f"{here.pending} of {here.treated} still in the DLT window: wait"
            return self._answer(seen, at, ("wait", at, "too-many-pending"), says)
        return self._compared(seen, at, self._rate(here, days[at - 1] / self.window_days))

    def answers_followed(self, known: Known) -> tuple[Answers, Bools]:
        """Decide what follows in many trials at once, as `next_dose_followed` in each of them.

        Parameters
        ----------
        known : Known
            Trials on one day of each.

        Returns
        -------
        answers : Answers
            One a trial.
        is_settled : ndarray of bool, shape (trials,)
            Everywhere.
        """
        seen, at = known.seen, known.at(self.starting_level)
        treated = seen.treated
        first_closed = self._first_closed(treated.astype(np.int16), seen.dlts.astype(np.int16))
        is_closed, here = first_closed <= at, of_level(treated, at)
        missing = places_left(treated, at, self.cohort_size, self.max_n)
        missing = np.where((here > 0) & ~is_closed, missing, 0)
        level, is_held = self._compared_in(known, at, first_closed)
        level, is_held = np.where(is_closed, first_closed - 1, level), is_held & ~is_closed
        found = while_pending(self, known, at, level, missing, is_held)
        return found, np.ones(len(known), dtype=np.bool_)

    def _compared_in(self, known: Known, at: Ints, first_closed: Ints) -> tuple[Ints, Bools]:
        """Give the level that follows from open levels in many trials, and where accrual waits."""
        evaluable, dlts, pending = (of_level(each, at) for each in known.seen)
        here, followed = evaluable + pending, of_level(known.days_pending(), at) / self.window_days
        rate, is_low = self._rate_in((evaluable, dlts, pending), followed)
        up = np.where((at < self.levels) & (at + 1 < first_closed), at + 1, at)
        is_up, is_down = rate - self.lambda_e <= EQUAL, rate - self.lambda_d > EQUAL
        if self.pending == "imputation":
            is_up, is_down = is_up & is_low, is_down & ~is_low
        is_held = (pending > self.most_pending * here) | (is_down & (at == 1) & (pending > 0))
        level = np.where(is_up, up, np.where(is_down, np.maximum(at - 1, 1), at))
        if self.leaves_early:
            leaves = (dlts - self.lambda_d * here > EQUAL) & (at > 1)
            level, is_held = np.where(leaves, at - 1, level), is_held & ~leaves
        is_first = here == 0
        return np.where(is_first, at, level), is_held & ~is_first

    def _rate_in(self, counts: tuple[Ints, Ints, Ints], followed: Floats) -> tuple[Floats, Bools]:
        """Estimate the DLT rates of levels, as `_rate` does, and say where the DLTs are few."""
        evaluable, dlts, pending = counts
        treated = np.maximum(evaluable + pending, 1)
        if self.pending == "effective-number":
            effective = evaluable + followed
            rate = np.where(effective > 0, dlts / np.where(effective > 0, effective, 1), 0.0)
        else:
            prior = self.target / 2
            odds = (dlts + prior) / (evaluable - dlts + 1 - prior)
            rate = (dlts + odds * (pending - followed)) / treated
        return rate, dlts < self.target * treated

    def first_closed(self, seen: Sequence[LevelCount]) -> int | None:
        """Give the lowest closed level.

        Parameters
        ----------
        seen : sequence of LevelCount
            Counts by dose level.

        Returns
        -------
        int or None
            None when all are open.
        """
        levels = range(1, self.levels + 1)
        return next((level for level in levels if self._closes(seen, level)), None)

    def _rate(self, here: LevelCount, followed: float) -> _Rate:
        """Estimate the DLT rate of a level with follow-up in windows."""
        if self.pending == "effective-number":
            effective = here.evaluable + followed
            rate = here.dlts / effective
            says = f"{here.dlts}/{effective:.4g} effective = {rate:.4f}"
            return _Rate(rate, says, may_rise=True, may_fall=True)
        prior = self.target / 2
        odds = (here.dlts + prior) / (here.evaluable - here.dlts + 1 - prior)
        imputed = odds * (here.pending - followed)
        rate = (here.dlts + imputed) / here.treated
        says = f"({here.dlts} + {imputed:.4f} imputed)/{here.treated} = {rate:.4f}"
        is_low = here.dlts < self.target * here.treated
        return _Rate(rate, says, may_rise=is_low, may_fall=not is_low)

    def _compared(self, seen: Sequence[LevelCount], at: int, found: _Rate) -> Decision:
        """Compare the rate with the limits."""
        here, rate, says = seen[at - 1], found.rate, found.says
        if found.may_rise and rate - self.lambda_e <= EQUAL:
            says = f"{says} is not above lambda_e {self.lambda_e:.4f}"
            level, rule, note = self._step(seen, at, "E")
            return self._go(seen, at, level, rule, f"{says}{note}")
        if found.may_fall and rate - self.lambda_d > EQUAL:
            says = f"{says} is above lambda_d {self.lambda_d:.4f}"
            if at == 1 and here.pending:
                says = f"{says}, the lowest level, {here.pending} still in the DLT window: wait"
                return self._answer(seen, at, ("wait", at, "lowest-level-pending"), says)
            level, rule, note = self._step(seen, at, "D")
            return self._go(seen, at, level, rule, f"{says}{note}")
        between = f"neither leads down nor up (lambda_e {self.lambda_e:.4f}, lambda_d"
        return self._go(seen, at, at, "stay", f"{says} {between} {self.lambda_d:.4f})")

    def _leave_highest_closed(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Leave a closed level for the highest that is open, or stop without an MTD."""
        closed = self.first_closed(seen) or at
        says = f"{self._why_closed(seen[closed - 1])} closes dose level {closed} and above"
        if closed == 1:
            return self._stop(seen, at, "lowest-level-closed", says, has_mtd=False)
        return self._go(seen, at, closed - 1, "close", says)

    def _go(
        self, seen: Sequence[LevelCount], at: int, level: int, rule: str, says: str
    ) -> Decision:
        """Open the next cohort at a level, or end when there were enough participants."""
        left, pending = self.max_n - meeting.treated(seen), meeting.pending(seen)
        here = seen[at - 1].treated
        is_enough = level == at and self.stop_at is not None and here >= self.stop_at
        if left > 0 and not is_enough:
            size = min(self.cohort_size, left)
            act = meeting.step_of(level, at)
            says = f"{says}: {act}, next cohort of {size} at dose level {level}"
            return self._answer(seen, at, (act, level, rule), says, size)
        says = f"{says}, {here if left > 0 else self.max_n} participants were treated"
        if pending:
            says = f"{says}, {pending} still in the DLT window: wait"
            return self._answer(seen, at, ("wait", at, "pending"), says)
        return self._stop(seen, at, "enough-at-level" if left > 0 else "max-n", says)

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none."""
        yield from BoinRule._setting_faults(self)
        yield from cohort_faults(self.window_days, name="window_days")
        yield from probability_faults(most_pending=self.most_pending)
        if self.pending not in ("imputation", "effective-number"):
            allowed, do = "imputation, effective-number", "Choose one of them"
            yield Fault("pending", shorten(repr(self.pending)), allowed, do)
        if self.titration:
            do = "Begin with cohorts"
            yield Fault("titration", "true", "false: the design is defined for cohorts", do)

    def _follow_up_faults(
        self, seen: Sequence[LevelCount], days: Sequence[float]
    ) -> Iterator[Fault]:
        """Find follow-up that does not fit those pending."""
        if len(days) != len(seen):
            found = f"follow-up for {len(days)} dose levels"
            do = "Give one sum of days for each dose level"
            yield Fault("days", found, f"{len(seen)} sums of days", do)
            return
        for level, (count, each) in enumerate(zip(seen, days, strict=True), start=1):
            if not 0 <= each <= count.pending * self.window_days:
                found = f"{shorten(each)} days for {count.pending} pending participants"
                do = "Add up the days of those pending, each at most the window"
                most = f"0-{count.pending * self.window_days:g}"
                yield Fault(f"days, dose level {level}", found, most, do)
