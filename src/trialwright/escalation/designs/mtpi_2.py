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

from dataclasses import dataclass
from typing import ClassVar

from trialwright.escalation.key_design import KeyDesign
from trialwright.escalation.keys import keys_around


@dataclass(frozen=True, kw_only=True)
class Mtpi2(KeyDesign):
    """The second modified toxicity probability interval design, mTPI-2.

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

    short: ClassVar[str] = "mTPI-2"
    reach: ClassVar[tuple[str, str]] = ("epsilon_1", "epsilon_2")
    divided = staticmethod(keys_around)
