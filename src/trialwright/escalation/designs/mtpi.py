"""The modified toxicity probability interval design, mTPI.

Three intervals, from 0 to `target - epsilon_1`, from there to `target + epsilon_2` (the
equivalence interval) and from there to 1, are compared by the unit probability mass of the
posterior Beta(1 + y, 1 + n - y): probability divided by width. When the lowest has the greatest
the design escalates, when the highest has it de-escalates, else it stays. Of two that are equal the
higher is taken.

References
----------
.. [1] Ji Y, Liu P, Li Y, Bekele BN. A modified toxicity probability interval method for
   dose-finding trials. Clin Trials 2010;7(6):653-663. doi:10.1177/1740774510382799
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from trialwright.escalation.keys import Keys, three_intervals
from trialwright.escalation.settings import interval_faults
from trialwright.escalation.tally_design import Letter, TallyDesign
from trialwright.terms.errors import Fault


@dataclass(frozen=True, kw_only=True)
class Mtpi(TallyDesign):
    """The modified toxicity probability interval design, mTPI.

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

    short: ClassVar[str] = "mTPI"

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
    return three_intervals(low, high)
