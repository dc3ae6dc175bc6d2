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

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from trialwright.escalation.keys import Keys, keys_around
from trialwright.escalation.settings import interval_faults
from trialwright.escalation.tally_design import Letter, TallyDesign
from trialwright.terms.errors import Fault


@dataclass(frozen=True, kw_only=True)
class Keyboard(TallyDesign):
    """The keyboard design.

    Attributes
    ----------
    margin_left, margin_right : float, probability
        How far the target key reaches below and above the target.
    eliminate_from : int, participants
        Evaluable participants from which a level can be closed: one, as published.

    Raises
    ------
    Refusal
        If a setting is none, or the target key reaches to 0 or 1.
    """

    margin_left: float = 0.05
    margin_right: float = 0.05
    eliminate_from: int = 1

    short: ClassVar[str] = "keyboard"

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
        keys = _keys(self.target - self.margin_left, self.target + self.margin_right)
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
        keys = _keys(self.target - self.margin_left, self.target + self.margin_right)
        strongest, masses = keys.strongest(evaluable, dlts), keys.masses(evaluable, dlts)
        says = f"the likeliest key {keys.told(strongest)} (mass {masses[strongest]:.4f})"
        if strongest == keys.target:
            return f"{says} is the target key"
        side = "below" if strongest < keys.target else "above"
        return (
            f"{says} is {side} the target key {keys.told(keys.target)} "
            f"(mass {masses[keys.target]:.4f})"
        )

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none, and an interval that leaves no room."""
        yield from TallyDesign._setting_faults(self)
        yield from interval_faults(
            self.target, margin_left=self.margin_left, margin_right=self.margin_right
        )


@cache
def _keys(low: float, high: float) -> Keys:
    """Make the intervals once."""
    return keys_around(low, high)
