"""The second modified toxicity probability interval design, mTPI-2.

As mTPI, but the intervals below and above the equivalence interval are divided into intervals of
its width, so that none wins only by being wide. The decision is that of the interval with the
greatest unit probability mass of the posterior Beta(1 + y, 1 + n - y): below the equivalence
interval escalate, above it de-escalate, on it stay. Of two that are equal the higher is taken.

References
----------
.. [1] Guo W, Wang SJ, Yang S, Lynn H, Ji Y. A Bayesian interval dose-finding design addressing
   Ockham's razor: mTPI-2. Contemp Clin Trials 2017;58:23-33. doi:10.1016/j.cct.2017.04.006
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from trialwright.escalation.keys import Keys, keys_around
from trialwright.escalation.settings import interval_faults
from trialwright.escalation.tally_design import Letter, TallyDesign
from trialwright.terms.errors import Fault


@dataclass(frozen=True, kw_only=True)
class Mtpi2(TallyDesign):
    """The second modified toxicity probability interval design, mTPI-2.

    Attributes
    ----------
    epsilon_1, epsilon_2 : float, probability
        How far the equivalence interval reaches below and above the target.
    eliminate_from : int, participants
        Evaluable participants from which a level can be closed: one, as published.

    Raises
    ------
    Refusal
        If a setting is none, or the equivalence interval reaches to 0 or 1.
    """

    epsilon_1: float = 0.05
    epsilon_2: float = 0.05
    eliminate_from: int = 1

    short: ClassVar[str] = "mTPI-2"

    def rule(self, evaluable: int, dlts: int) -> Letter:
        """Compare the likeliest interval with that around the target.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        {'E', 'S', 'D'}
            E when it lies below, D when it lies above.
        """
        keys = _keys(self.target - self.epsilon_1, self.target + self.epsilon_2)
        strongest = keys.strongest(evaluable, dlts)
        return "E" if strongest < keys.target else "D" if strongest > keys.target else "S"

    def comparison(self, evaluable: int, dlts: int) -> str:
        """Say which interval is likeliest, by how much, and where it lies.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        str
            With the limits and the unit probability masses.
        """
        keys = _keys(self.target - self.epsilon_1, self.target + self.epsilon_2)
        strongest, masses = keys.strongest(evaluable, dlts), keys.masses(evaluable, dlts)
        says = f"the likeliest interval {keys.told(strongest)} (mass {masses[strongest]:.4f})"
        if strongest == keys.target:
            return f"{says} is the equivalence interval"
        side = "below" if strongest < keys.target else "above"
        return (
            f"{says} is {side} the equivalence interval {keys.told(keys.target)} "
            f"(mass {masses[keys.target]:.4f})"
        )

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none, and an interval that leaves no room."""
        yield from TallyDesign._setting_faults(self)
        yield from interval_faults(self.target, epsilon_1=self.epsilon_1, epsilon_2=self.epsilon_2)


@cache
def _keys(low: float, high: float) -> Keys:
    """Make the intervals once."""
    return keys_around(low, high)
