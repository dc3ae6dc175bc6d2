r"""TITE-CRM, the CRM with participants who are still in their DLT window.

Whoever is pending counts by the part of the window behind them; the weights and the model stand in
`tite_model`. The model recommends the level whose DLT rate, at the posterior mean of the parameter,
is nearest to the target (of two that are equally near the lower). From there to the next level:

1. with `safety_stop` the escalation stops, without an MTD, when the posterior probability that the
   DLT rate of the lowest level is above the target is greater than that;
2. with `most_pending` accrual waits when more than that part of the participants at the level of
   the last cohort are pending, unless the model recommends a lower level;
3. with `no_skipping` the next level is at most one above the last; with `coherent` the level is not
   raised when the DLTs of the last cohort so far are at or above the target rate of its
   participants, those pending included;
4. when `max_n` participants were treated, or `stop_at` at the level of the last cohort and the next
   would go there too, those pending are waited for; then it stops with the MTD of the CRM.

Without follow-up, from counts alone, whoever is pending is waited for as in the CRM.

References
----------
.. [1] Cheung YK, Chappell R. Sequential designs for phase I clinical trials with late-onset
   toxicities. Biometrics 2000;56(4):1177-1182. doi:10.1111/j.0006-341X.2000.01177.x
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trialwright.escalation import meeting
from trialwright.escalation.crm_meeting import CrmMeeting
from trialwright.escalation.crm_model import PANELS
from trialwright.escalation.decision import Act, Decision, LevelCount, question_faults
from trialwright.escalation.follow_up import FollowedUp
from trialwright.escalation.going_on import while_pending
from trialwright.escalation.isotonic import Ints
from trialwright.escalation.known import Answers, Bools, Known, of_level, places_left
from trialwright.escalation.settings import cohort_faults, probability_faults
from trialwright.escalation.tite_many import estimated
from trialwright.escalation.tite_model import Scheme, TiteEstimate, tite_estimate
from trialwright.terms.errors import Fault, Refusal, shorten

UNSURE = 1e-9
"""Distance to another decision below which a trial is decided by itself: ten times the change at
which the quadrature of one trial stops."""


@dataclass(frozen=True, kw_only=True)
class TiteCrm(CrmMeeting):
    """CRM that need not wait for everybody.

    Attributes
    ----------
    window_days : int, days
        Length of the DLT window.
    weights : {'linear', 'adaptive'}
        How follow-up is weighed.
    most_pending : float or None
        Part of the participants at a level above which accrual waits; None: it never does.
    estimate : {'plug-in'}
        The DLT rate at the posterior mean of the parameter, as published.

    Raises
    ------
    Refusal
        If a setting is none.
    """

    window_days: int
    weights: Scheme = "linear"
    most_pending: float | None = None
    estimate: Literal["plug-in"] = "plug-in"

    @property
    def name(self) -> str:
        """Name with model, weights and target."""
        return f"TITE-CRM {self.model} {self.weights} {self.target:g}"

    def next_dose_followed(self, data: FollowedUp) -> Decision:
        """Decide what follows, with some participants pending.

        Parameters
        ----------
        data : FollowedUp
            Counts and follow-up.

        Returns
        -------
        Decision
            With its reason.

        Raises
        ------
        Refusal
            If more than `max_n` participants were treated.
        """
        seen, at = data.seen, data.at
        faults = question_faults(seen, at, self.levels) or tuple(
            meeting.crowding_faults(seen, self.max_n)
        )
        if faults:
            raise Refusal(faults)
        missing = self._missing(seen, at)
        held = meeting.waiting(0, missing)
        if held:
            act, rule, says = held
            return self._answer(seen, at, (act, at, rule), says, missing)
        found = tite_estimate(self.curve, data.watched, self.window_days, self.weights)
        return self._recommended_while_pending(data, found)

    def _recommended_while_pending(self, data: FollowedUp, found: TiteEstimate) -> Decision:
        """Decide after a complete cohort, of whom some may be pending."""
        seen, at = data.seen, data.at
        pending = meeting.pending(seen)
        says = f"{pending} still in the DLT window, " if pending else ""
        says += f"estimated DLT rates {', '.join(f'{each:.4f}' for each in found.rates)}"
        if self.safety_stop is not None and found.too_toxic > self.safety_stop:
            tail = f"P(DLT rate of dose level 1 > {self.target:g}) = {found.too_toxic:.4f}"
            says = f"{says}, {tail}, above {self.safety_stop:g}: stop"
            return self._answer(seen, at, ("stop", None, "safety-stop"), says)
        here, left = seen[at - 1], self.max_n - meeting.treated(seen)
        says = f"{says}, dose level {found.level} is nearest to {self.target:g}"
        if left > 0 and found.level >= at and self._is_too_pending(here):
            says = f"{says}, but {here.pending} of {here.treated} at this level are pending: wait"
            return self._answer(seen, at, ("wait", at, "too-many-pending"), says)
        level, rule, note = self._held_back(found.level, at, _whole(data.last or here))
        is_enough = level == at and self.stop_at is not None and here.treated >= self.stop_at
        if left > 0 and not is_enough:
            size = min(self.cohort_size, left)
            act: Act = meeting.step_of(level, at)
            says = f"{says}{note}: {act}, next cohort of {size} at dose level {level}"
            return self._answer(seen, at, (act, level, rule), says, size)
        enough = f"{self.max_n} participants" if left <= 0 else f"{here.treated} at this level"
        says = f"{says}{note}, {enough} were treated"
        if pending:
            return self._answer(
                seen, at, ("wait", at, "pending"), f"{says}: wait for those pending"
            )
        return self._stop(seen, at, "max-n" if left <= 0 else "enough-at-level", says)

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
            False where the finest of three grids leaves more than one decision open.
        """
        seen, at = known.seen, known.at(self.starting_level)
        missing = places_left(seen.treated, at, self.cohort_size, self.max_n)
        left = self.max_n - seen.treated.sum(axis=1)
        asks = (missing == 0) & ((left > 0) | (self.safety_stop is not None))
        nearest, level, is_settled = self._recommended_in(known, np.flatnonzero(asks), at)
        is_held = np.zeros(len(known), dtype=np.bool_)
        if self.most_pending is not None:
            here, still = of_level(seen.treated, at), of_level(seen.pending, at)
            is_held = (nearest >= at) & (still > self.most_pending * here)
        return while_pending(self, known, at, level, missing, is_held), is_settled

    def _recommended_in(self, known: Known, asks: Ints, at: Ints) -> tuple[Ints, Ints, Bools]:
        """Give the nearest level, the one allowed (0 = stop for safety), and where both are sure.

        Trials that need not be asked get the level of their last cohort.
        """
        nearest, level, is_settled = at.copy(), at.copy(), np.ones(len(at), dtype=np.bool_)
        if not len(asks):
            return nearest, level, is_settled
        for panels in (PANELS, 2 * PANELS):
            some = known.only(asks)
            rates, too_toxic, change = estimated(self.curve, some, self.weights, panels)
            gap = self._gaps(rates, too_toxic)
            nearest[asks] = np.argmin(np.abs(rates - self.target), axis=1) + 1
            last = np.column_stack([some.last.treated, some.last.dlts])
            level[asks] = self._next(nearest[asks], too_toxic, at[asks], last)
            is_settled[asks] = gap > np.maximum(10 * change, UNSURE)
            asks = asks[~is_settled[asks]]
            if not len(asks):
                break
        return nearest, level, is_settled

    def _is_too_pending(self, here: LevelCount) -> bool:
        """Say whether accrual waits for the follow-up of a level."""
        return self.most_pending is not None and here.pending > self.most_pending * here.treated

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none."""
        yield from CrmMeeting._setting_faults(self)
        yield from cohort_faults(self.window_days, name="window_days")
        yield from probability_faults(most_pending=self.most_pending)
        if self.weights not in ("linear", "adaptive"):
            allowed, do = "linear, adaptive", "Choose one of them"
            yield Fault("weights", shorten(repr(self.weights)), allowed, do)
        if self.estimate != "plug-in":
            do = "Take the rate at the posterior mean of the parameter"
            yield Fault("estimate", shorten(repr(self.estimate)), "plug-in", do)


def _whole(last: LevelCount) -> LevelCount:
    """Count those pending of a cohort as participants without a DLT so far."""
    return LevelCount(last.treated, last.dlts)
