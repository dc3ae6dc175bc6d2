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

from dataclasses import dataclass
from typing import ClassVar

from trialwright.escalation.key_design import KeyDesign
from trialwright.escalation.keys import three_intervals


@dataclass(frozen=True, kw_only=True)
class Mtpi(KeyDesign):
    """The modified toxicity probability interval design, mTPI.

    Attributes
    ----------
    epsilon_1, epsilon_2 : float, probability
        How far the equivalence interval reaches below and above the target.

    Raises
    ------
    Refusal
        If a setting is none, or the equivalence interval reaches to 0 or 1.
    """

    epsilon_1: float = 0.05
    epsilon_2: float = 0.05

    short: ClassVar[str] = "mTPI"
    reach: ClassVar[tuple[str, str]] = ("epsilon_1", "epsilon_2")
    divided = staticmethod(three_intervals)
