"""Doses of the study agents that one participant took, and those that were held."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence

DoseStatus = Literal["given", "held", "reduced"]
"""Taken as planned, not taken, or taken at less than planned."""


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """What became of one dose on one day.

    Attributes
    ----------
    agent : str
        Name of the agent in the protocol.
    on : date
        Civil day.
    amount : Quantity or None
        What was taken; None or 0 when the dose was held.
    status : {'given', 'held', 'reduced'}
        `reduced`: taken, and less than planned.
    source : Source
        Where it stands.

    Raises
    ------
    Refusal
        If the amount and the status contradict each other, or the amount is no exact amount.
    """

    agent: str
    on: date
    amount: Quantity | None
    status: DoseStatus
    source: Source

    def __post_init__(self) -> None:
        """Refuse an amount that contradicts the status."""
        faults = tuple(self._faults())
        if faults:
            raise Refusal(faults)

    @property
    def was_taken(self) -> bool:
        """Whether anything was taken on that day; a reduced dose was."""
        return self.status != "held"

    @property
    def evidence(self) -> Evidence:
        """The dose as evidence of a verdict."""
        value = f"{self.amount} {self.status}" if self.was_taken else "held"
        return Evidence(self.agent, value, self.on.isoformat(), self.source)

    def _faults(self) -> Iterator[Fault]:
        """Find what contradicts itself."""
        if self.amount is not None and (self.amount.value < 0 or self.amount.comparator):
            found = shorten(str(self.amount))
            yield Fault("amount", found, "an exact amount, 0 or more", "Correct the amount")
            return
        is_nothing = self.amount is None or self.amount.value == 0
        if is_nothing == self.was_taken:
            yield Fault(
                "status",
                f"{self.status} with {'no amount' if is_nothing else self.amount}",
                "held with no amount; given or reduced with an amount above 0",
                "Correct the amount or the status",
            )
