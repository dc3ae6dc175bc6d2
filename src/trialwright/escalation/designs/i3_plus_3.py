"""The i3+3 design.

With y DLTs in n participants and the equivalence interval from `target - epsilon_1` to
`target + epsilon_2`, limits included:

===========================================  ===================
observed rate                                then
===========================================  ===================
y/n below the interval                       escalate
y/n in the interval                          stay
y/n above it, and (y - 1)/n below it         stay
y/n above it, and (y - 1)/n in or above it   de-escalate
===========================================  ===================

The third line is what makes the design: where one DLT less would mean escalation, there are too few
participants to know.

References
----------
.. [1] Liu M, Wang SJ, Ji Y. The i3+3 design for phase I clinical trials. J Biopharm Stat
   2020;30(2):294-304. doi:10.1080/10543406.2019.1636811
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from trialwright.escalation.settings import interval_faults
from trialwright.escalation.tally_design import Letter, TallyDesign
from trialwright.terms.errors import Fault

EQUAL = 1e-9
"""DLTs within which a limit times the number of participants is met."""


@dataclass(frozen=True, kw_only=True)
class I3Plus3(TallyDesign):
    """The i3+3 design.

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

    short: ClassVar[str] = "i3+3"

    def rule(self, evaluable: int, dlts: int) -> Letter:
        """Compare the observed rate, and that with one DLT less, with the interval.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        {'E', 'S', 'D'}
            As the table of the module says.
        """
        if self._is_below(evaluable, dlts):
            return "E"
        if dlts - (self.target + self.epsilon_2) * evaluable <= EQUAL:
            return "S"
        return "S" if self._is_below(evaluable, dlts - 1) else "D"

    def comparison(self, evaluable: int, dlts: int) -> str:
        """Say how the observed rate lies to the interval.

        Parameters
        ----------
        evaluable, dlts : int
            Tally.

        Returns
        -------
        str
            With the rates and the limits.
        """
        low, high = self.target - self.epsilon_1, self.target + self.epsilon_2
        interval = f"the equivalence interval {low:.4g}-{high:.4g}"
        says = f"{dlts}/{evaluable} = {dlts / evaluable:.4f} is"
        if self._is_below(evaluable, dlts):
            return f"{says} below {interval}"
        if dlts - high * evaluable <= EQUAL:
            return f"{says} in {interval}"
        less = f"{dlts - 1}/{evaluable} = {(dlts - 1) / evaluable:.4f}"
        where = "below it" if self._is_below(evaluable, dlts - 1) else "not below it"
        return f"{says} above {interval} and {less} {where}"

    def _is_below(self, evaluable: int, dlts: int) -> bool:
        """Say whether an observed rate is below the equivalence interval."""
        return dlts - (self.target - self.epsilon_1) * evaluable < -EQUAL

    def _setting_faults(self) -> Iterator[Fault]:
        """Find every setting that is none, and an interval that leaves no room."""
        yield from TallyDesign._setting_faults(self)
        yield from interval_faults(self.target, epsilon_1=self.epsilon_1, epsilon_2=self.epsilon_2)
