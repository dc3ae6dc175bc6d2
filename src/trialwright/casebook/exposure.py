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

DoseReason = Literal[
    "adverse event", "participant's decision", "forgotten", "not available", "other"
]
"""Why a dose was held or reduced."""


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
    reason : str or None
        Why it was held or reduced, one of `DoseReason`; None when not recorded, and of a dose
        taken as planned.

    Raises
    ------
    Refusal
        If the amount and the status contradict each other, the amount is no exact amount, or a
        dose taken as planned has a reason not to be.
    """

    agent: str
    on: date
    amount: Quantity | None
    status: DoseStatus
    source: Source
    reason: DoseReason | None = None

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
        if self.status == "given" and self.reason is not None:
            yield Fault("reason", f"{self.reason}, of a dose taken as planned",
                        "a reason for a dose held or reduced",
                        "Correct the status or the reason")  # fmt: skip
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
