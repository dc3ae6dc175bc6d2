"""The keyboard design.

The range of the DLT rate is divided into keys as wide as the target key, from `target -
margin_left` to `target + margin_right`. The key with the greatest unit probability mass of the
posterior Beta(1 + y, 1 + n - y) is the strongest: below the target key the design escalates, above
it de-escalates, on it stays. Of two equally strong keys the higher is taken. A level can be closed
from the first participant on: 2/2 closes it at a target of 0.30.

References
----------
.. [1] Yan F, Mandrekar SJ, Yuan Y. Keyboard: a novel Bayesian toxicity probability interval design
   for phase I clinical trials. Clin Cancer Res 2017;23(15):3994-4003.
   doi:10.1158/1078-0432.CCR-17-0220
"""

from dataclasses import dataclass
from typing import ClassVar

from trialwright.escalation.key_design import KeyDesign
from trialwright.escalation.keys import keys_around


@dataclass(frozen=True, kw_only=True)
class Keyboard(KeyDesign):
    """The keyboard design.

    Attributes
    ----------
    margin_left, margin_right : float, probability
        How far the target key reaches below and above the target.

    Raises
    ------
    Refusal
        If a setting is none, or the target key reaches to 0 or 1.
    """

    margin_left: float = 0.05
    margin_right: float = 0.05

    short: ClassVar[str] = "keyboard"
    reach: ClassVar[tuple[str, str]] = ("margin_left", "margin_right")
    divided = staticmethod(keys_around)
    interval: ClassVar[str] = "key"
    target_interval: ClassVar[str] = "the target key"
