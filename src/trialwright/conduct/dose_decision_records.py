"""Dose decisions and RP2Ds as the ledger holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trialwright.terms.canonical import Json


@dataclass(frozen=True, slots=True)
class DoseDecision:
    """One dose decision as recorded.

    Attributes
    ----------
    sequence : int
        The happening.
    arm : str
        Arm id.
    on : date
        Day of the dose meeting.
    payload : mapping of str to Json
        What was recorded: advice, what was decided, and the inputs frozen at the data cutoff.
    reason : str
        Why the advice was not followed; empty when it was.
    """

    sequence: int
    arm: str
    on: date
    payload: Mapping[str, Json]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChosenRp2d:
    """The recommended phase 2 dose of an arm, chosen by people; never the MTD, which is estimated.

    Attributes
    ----------
    sequence : int
        The happening.
    arm : str
        Arm id.
    level : int or None
        Dose level, 1 = lowest; None when a redaction took it.
    on : date
        Day of the choice.
    mtd : int or None
        Dose level that the design estimates as the MTD.
    reason : str
        Why this level.
    """

    sequence: int
    arm: str
    level: int | None
    on: date
    mtd: int | None
    reason: str
