r"""BOIN with participants who are still in their DLT window, TITE-BOIN.

At a level with n participants, of whom m are pending and were followed for t days in all, of a
window of w days, the effective number is n - m + t / w. The DLT rate y over the effective number
is compared with the limits of BOIN:

1. a level is closed, with all above, as in BOIN, with everybody pending counted as if there came
   no DLT; from a closed level one goes to the highest that is open, or stops;
2. accrual waits when more than `most_pending` of the participants at the level are pending;
3. else escalate when the rate is at most lambda_e, de-escalate when it is above lambda_d, stay
   otherwise; at the lowest level with a rate above lambda_d, accrual waits while somebody is
   pending;
4. where one would stay and `stop_at` participants were treated at the level, the escalation stops.

References
----------
.. [1] Yuan Y, Lin R, Li D, Nie L, Warren KE. Time-to-event Bayesian optimal interval design to
   accelerate phase I trials. Clin Cancer Res 2018;24(20):4921-4930.
   doi:10.1158/1078-0432.CCR-18-0246
.. [2] Lin R, Yuan Y. Time-to-event model-assisted designs for dose-finding trials with delayed
   toxicity. Biostatistics 2020;21(4):807-824. doi:10.1093/biostatistics/kxz007
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trialwright.escalation.decision import Act, Decision, LevelCount, question_faults
from trialwright.escalation.designs.boin import EQUAL, Boin
from trialwright.terms.errors import Fault, Refusal, shorten


@dataclass(frozen=True, slots=True)
class TiteBoin:
    """BOIN that need not wait for everybody.

    Attributes
    ----------
    boin : Boin
        Limits, closed levels, cohorts and end.
    window : float, days
        Length of the DLT window.
    most_pending : float
        Part of the participants at a level above which accrual waits.

    Raises
    ------
    Refusal
        If the window or the part is none.
    """

    boin: Boin
    window: float
    most_pending: float = 0.5

    def __post_init__(self) -> None:
        """Refuse settings that are none, all at once."""
        faults = []
        if not self.window > 0:
            do = "Give the days of the DLT window"
            faults.append(Fault("window", shorten(self.window), "a number above 0", do))
        if not 0 < self.most_pending < 1:
            do = "Write half of the participants as 0.5"
            allowed = "a number above 0 and below 1"
            faults.append(Fault("most_pending", shorten(self.most_pending), allowed, do))
        if faults:
            raise Refusal(faults)

    @property
    def name(self) -> str:
        """Name with the target."""
        return f"TITE-{self.boin.name}"

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
        tallies = enumerate(seen, start=1)
        letters = ((level, self.boin.letter(each.treated, each.dlts)) for level, each in tallies)
        return next((level for level, letter in letters if letter == "U"), None)

    def next_dose(self, seen: Sequence[LevelCount], at: int, followed: Sequence[float]) -> Decision:
        """Decide what follows, with some participants pending.

        Parameters
        ----------
        seen : sequence of LevelCount, lowest level first
            Evaluable and pending participants, and DLTs.
        at : int
            Dose level of the last cohort.
        followed : sequence of float, days, lowest level first
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
            *question_faults(seen, at, self.boin.levels),
            *self._follow_up_faults(seen, followed),
        )
        faults = faults or tuple(self.boin.history_faults(seen))
        if faults:
            raise Refusal(faults)
        closed = self.first_closed(seen)
        if closed is not None and closed <= at:
            says = f"dose level {closed} and above are closed"
            if closed == 1:
                says = f"{says}: stop, no dose level is estimated to be tolerable"
                return self._answer(seen, at, ("stop", None, "lowest-level-closed"), says)
            return self._go(seen, at, closed - 1, "close", says)
        here = seen[at - 1]
        if here.pending > self.most_pending * here.treated:
            says = f"{here.pending} of {here.treated} still in the DLT window: wait"
            return self._answer(seen, at, ("wait", at, "too-many-pending"), says)
        if not here.treated:
            return self._go(seen, at, at, "first-cohort", "nobody treated yet")
        effective = here.evaluable + followed[at - 1] / self.window
        return self._compared(seen, at, effective, closed)

    def _compared(
        self, seen: Sequence[LevelCount], at: int, effective: float, closed: int | None
    ) -> Decision:
        """Compare the rate over the effective number with the limits."""
        here, boin = seen[at - 1], self.boin
        says = f"{here.dlts}/{effective:.4g} effective = {here.dlts / effective:.4f} is"
        if here.dlts <= boin.lambda_e * effective:
            says = f"{says} not above lambda_e {boin.lambda_e:.4f}"
            if at == boin.levels:
                return self._go(seen, at, at, "top-level", f"{says}, the top level")
            if closed == at + 1:
                says = f"{says}, dose level {at + 1} is closed"
                return self._go(seen, at, at, "level-above-closed", says)
            return self._go(seen, at, at + 1, "escalate", says)
        if here.dlts - boin.lambda_d * effective > EQUAL:
            says = f"{says} above lambda_d {boin.lambda_d:.4f}"
            if at > 1:
                return self._go(seen, at, at - 1, "de-escalate", says)
            if here.pending:
                says = f"{says}, the lowest level, {here.pending} still in the DLT window: wait"
                return self._answer(seen, at, ("wait", at, "lowest-level-pending"), says)
            return self._go(seen, at, at, "lowest-level", f"{says}, the lowest level")
        says = f"{says} above lambda_e {boin.lambda_e:.4f} and not above lambda_d"
        return self._go(seen, at, at, "stay", f"{says} {boin.lambda_d:.4f}")

    def _go(
        self, seen: Sequence[LevelCount], at: int, level: int, rule: str, says: str
    ) -> Decision:
        """Open the next cohort at a level, or stop when there were enough participants."""
        boin, pending = self.boin, sum(count.pending for count in seen)
        left = boin.max_n - sum(count.treated for count in seen)
        is_enough = (
            level == at and boin.stop_at is not None and seen[at - 1].treated >= boin.stop_at
        )
        if left <= 0 or is_enough:
            why = f"{says}, {boin.stop_at if left > 0 else boin.max_n} participants were treated"
            if pending:
                says = f"{why}, {pending} still in the DLT window: wait"
                return self._answer(seen, at, ("wait", at, "pending"), says)
            mtd = boin.estimate_mtd(seen).level
            is_none = "no dose level is estimated to be tolerable"
            estimate = is_none if mtd is None else f"the MTD is estimated at dose level {mtd}"
            decided: tuple[Act, int | None, str] = ("stop", None, "enough")
            return replace(self._answer(seen, at, decided, f"{why}: stop, {estimate}"), mtd=mtd)
        size = min(boin.cohort_size, left)
        act: Act = "escalate" if level > at else "stay" if level == at else "de-escalate"
        says = f"{says}: {act}, next cohort of {size} at dose level {level}"
        return self._answer(seen, at, (act, level, rule), says, size)

    def _answer(
        self,
        seen: Sequence[LevelCount],
        at: int,
        decided: tuple[Act, int | None, str],
        says: str,
        cohort_size: int = 0,
    ) -> Decision:
        """Give a decision whose sentence begins with the tally and ends with design and rule."""
        act, level, rule = decided
        because = f"{seen[at - 1]} DLT at dose level {at}, {says} ({self.name}, rule {rule})"
        return Decision(act, level, because, rule, cohort_size)

    def _follow_up_faults(
        self, seen: Sequence[LevelCount], followed: Sequence[float]
    ) -> Iterator[Fault]:
        """Find follow-up that does not fit those pending."""
        if len(followed) != len(seen):
            found = f"follow-up for {len(followed)} dose levels"
            do = "Give one sum of days for each dose level"
            yield Fault("followed", found, f"{len(seen)} sums of days", do)
            return
        for level, (count, days) in enumerate(zip(seen, followed, strict=True), start=1):
            if not 0 <= days <= count.pending * self.window:
                found = f"{shorten(days)} days for {count.pending} pending participants"
                do = "Add up the days of those pending, each at most the window"
                most = f"0-{count.pending * self.window:g}"
                yield Fault(f"followed, dose level {level}", found, most, do)
