"""Designs that compare how likely intervals of the DLT rate are: keyboard, mTPI, mTPI-2.

They differ in how the rates beside the interval around the target are divided, which `keys` does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from trialwright.escalation.keys import Keys
from trialwright.escalation.settings import interval_faults
from trialwright.escalation.tally_design import Letter, TallyDesign
from trialwright.terms.errors import Fault


@dataclass(frozen=True, kw_only=True)
class KeyDesign(TallyDesign):
    """A design that goes by the likeliest interval of the DLT rate.

    Attributes
    ----------
    eliminate_from : int, participants
        Evaluable participants from which a level can be closed: one, as published.
    reach : tuple of str
        Class variable: settings that say how far the interval around the target reaches below and
        above it.
    divided : callable
        Class variable: makes the intervals of the limits of that around the target.
    interval, target_interval : str
        Class variables: what the paper calls an interval, and that around the target.
    """

    eliminate_from: int = 1

    reach: ClassVar[tuple[str, str]]
    divided: ClassVar["staticmethod[[float, float], Keys]"]
    interval: ClassVar[str] = "interval"
    target_interval: ClassVar[str] = "the equivalence interval"

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
        keys = self._keys()
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
        keys = self._keys()
        strongest, masses = keys.strongest(evaluable, dlts), keys.masses(evaluable, dlts)
        says = (
            f"the likeliest {self.interval} {keys.told(strongest)} (mass {masses[strongest]:.4f})"
        )
        if strongest == keys.target:
            return f"{says} is {self.target_interval}"
        side = "below" if strongest < keys.target else "above"
        return (
            f"{says} is {side} {self.target_interval} {keys.told(keys.target)} "
            f"(mass {masses[keys.target]:.4f})"
        )

    def _keys(self) -> Keys:
        """Divide the DLT rates."""
        below, above = (getattr(self, name) for name in self.reach)
        return _divided(self.divided, self.target - below, self.target + above)

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none, and an interval that leaves no room."""
        yield from TallyDesign._setting_faults(self)
        yield from interval_faults(
            self.target, **{each: getattr(self, each) for each in self.reach}
        )


@cache
def _divided(divided: Callable[[float, float], Keys], low: float, high: float) -> Keys:
    """Divide the DLT rates once."""
    return divided(low, high)
