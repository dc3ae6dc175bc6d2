r"""BOIN, the Bayesian optimal interval design.

With a target toxicity rate :math:`\phi`, the greatest rate that is too low :math:`\phi_1` and the
least that is too high :math:`\phi_2`, the limits

.. math::
    \lambda_e = \log\frac{1-\phi_1}{1-\phi} \Big/ \log\frac{\phi(1-\phi_1)}{\phi_1(1-\phi)},\qquad
    \lambda_d = \log\frac{1-\phi}{1-\phi_2} \Big/ \log\frac{\phi_2(1-\phi)}{\phi(1-\phi_2)}

make wrong decisions least likely. With y DLTs in n participants the design escalates when
:math:`y \le \lambda_e n`, de-escalates when :math:`y > \lambda_d n`, and else stays. Within 1e-12
DLTs an observed rate equals a limit: at :math:`\lambda_e` it escalates, at :math:`\lambda_d` it
stays.

Titration: single participants climb from the starting level, one at each, until the first DLT or
the top level; then the cohort there is filled, and cohorts follow.

References
----------
.. [1] Liu S, Yuan Y. Bayesian optimal interval designs for phase I clinical trials. JRSS C
   2015;64(3):507-523. doi:10.1111/rssc.12089
.. [2] Yuan Y, Hess KR, Hilsenbeck SG, Gilbert MR. Bayesian optimal interval design: a simple and
   well-performing design for phase I oncology trials. Clin Cancer Res 2016;22(17):4291-4301.
   doi:10.1158/1078-0432.CCR-16-0592
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.escalation import meeting
from trialwright.escalation.decision import Decision, LevelCount
from trialwright.escalation.isotonic import Ints, likelihood_boundary
from trialwright.escalation.settings import probability_faults
from trialwright.escalation.tally_design import Letter, TallyDesign
from trialwright.terms.errors import Fault

EQUAL = 1e-12
"""DLTs within which a limit times the number of participants is met, not exceeded."""


@dataclass(frozen=True, kw_only=True)
class BoinRule(TallyDesign):
    """BOIN with elimination, extra safety, early stop, bounded MTD and titration.

    Attributes
    ----------
    p_saf, p_tox : float or None, probability
        Greatest DLT rate that is too low, least that is too high; None: 0.6 and 1.4 times the
        target, as published.
    titration : bool
        Whether single participants climb first.

    Raises
    ------
    Refusal
        If a setting is none, or the target is not between `p_saf` and `p_tox`.
    """

    p_saf: float | None = None
    p_tox: float | None = None
    titration: bool = False

    @property
    def lambda_e(self) -> float:
        """Observed DLT rate up to which the design escalates."""
        low = 0.6 * self.target if self.p_saf is None else self.p_saf
        return likelihood_boundary(low, self.target)

    @property
    def lambda_d(self) -> float:
        """Observed DLT rate above which the design de-escalates."""
        return likelihood_boundary(self.target, self._too_high)

    @property
    def _too_high(self) -> float:
        """Give the least DLT rate that is too high."""
        return 1.4 * self.target if self.p_tox is None else self.p_tox

    def rule(self, evaluable: int, dlts: int) -> Letter:
        """Compare the observed rate with both limits.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        {'E', 'S', 'D'}
            As the module says.
        """
        if dlts - self.lambda_e * evaluable <= EQUAL:
            return "E"
        return "D" if dlts - self.lambda_d * evaluable > EQUAL else "S"

    def comparison(self, evaluable: int, dlts: int) -> str:
        """Say how the observed rate lies to the limits.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        str
            With the rate and the limits.
        """
        rate, low, high = (
            f"{number:.4f}" for number in (dlts / evaluable, self.lambda_e, self.lambda_d)
        )
        match self.rule(evaluable, dlts):
            case "E":
                return f"{dlts}/{evaluable} = {rate} is not above lambda_e {low}"
            case "D":
                return f"{dlts}/{evaluable} = {rate} is above lambda_d {high}"
            case _:
                return (
                    f"{dlts}/{evaluable} = {rate} is above lambda_e {low} "
                    f"and not above lambda_d {high}"
                )

    def first_size(self) -> int:
        """Give the participants of the first cohort: one with titration.

        Returns
        -------
        int
            Participants.
        """
        return 1 if self.titration else self.cohort_size

    def mtd_limit(self) -> float:
        """Give lambda_d where the MTD is bounded.

        Returns
        -------
        float
            Infinite when it is not.
        """
        return self.lambda_d if self.bound_mtd else float("inf")

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none, and a target out of place."""
        yield from TallyDesign._setting_faults(self)
        wrong = list(probability_faults(p_saf=self.p_saf, p_tox=self.p_tox))
        yield from wrong
        if wrong or any(probability_faults(target=self.target)):
            return
        if self.p_saf is not None and self.p_saf >= self.target:
            most = f"below the target {self.target:g}"
            yield Fault("p_saf", f"{self.p_saf:g}", most, "Take a rate that is too low")
        if not self.target < self._too_high < 1:
            least = f"above the target {self.target:g} and below 1"
            yield Fault("p_tox", f"{self._too_high:g}", least, "Take a rate that is too high")

    def _is_climbing(self, seen: Sequence[LevelCount], at: int) -> bool:
        """Say whether so far single participants alone were treated, the last one at a level."""
        tried = [level for level, count in enumerate(seen, start=1) if count.treated]
        is_single = all(seen[level - 1].treated == 1 for level in tried)
        return self.titration and self.cohort_size > 1 and is_single and tried[-1:] == [at]

    def _missing(self, seen: Sequence[LevelCount], at: int) -> int:
        """Count the places still to be filled; after a climb cohorts may stand on one more."""
        if not self.titration or self.cohort_size == 1 or not seen[at - 1].treated:
            return TallyDesign._missing(self, seen, at)
        left = max(0, self.max_n - meeting.treated(seen))
        over = seen[at - 1].treated % self.cohort_size
        return 0 if over <= 1 else min(self.cohort_size - over, left)

    def _climbing(self, seen: Sequence[LevelCount], at: int) -> Decision | None:
        """Decide after a single participant of the climb."""
        if not self._is_climbing(seen, at):
            return None
        here = seen[at - 1]
        if not here.dlts and at < self.levels:
            says = f"no DLT in single participants so far: escalate, 1 at dose level {at + 1}"
            return self._answer(seen, at, ("escalate", at + 1, "titration"), says, 1)
        left = self.max_n - meeting.treated(seen)
        size = min(self.cohort_size - 1, left)
        why = "the first DLT" if here.dlts else "the top level without a DLT"
        says = f"{why} ends the climb of single participants: {size} more at dose level {at}"
        return self._answer(seen, at, ("stay", at, "titration-ends"), says, size)

    def _moves_climbing(
        self,
        state: tuple[NDArray[np.int16], NDArray[np.int16], Ints],
        level: Ints,
        size: Ints,
    ) -> tuple[Ints, Ints]:
        """Change what follows while single participants climb."""
        if not self.titration or self.cohort_size == 1:
            return level, size
        evaluable, dlts, at = state
        highest = self.levels - np.argmax(evaluable[:, ::-1] > 0, axis=1)
        climbing = (evaluable <= 1).all(axis=1) & (highest == at)
        goes_on = climbing & (dlts.sum(axis=1) == 0) & (at < self.levels)
        left = self.max_n - evaluable.sum(axis=1, dtype=np.int64)
        level = np.where(goes_on, at + 1, np.where(climbing, at, level))
        filled = np.where(climbing, np.minimum(self.cohort_size - 1, left), size)
        return level, np.where(goes_on, 1, filled)
