"""What people add to a dose decision, and the choice of the RP2D. Data only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Override:
    """What people decide against the advice of the design.

    Attributes
    ----------
    level : int or None
        Dose level chosen, 1 = lowest; None: the escalation ends.
    cohort_size : int
        Participants who may be enrolled at it; 0 when the escalation ends.
    reason : str
        Why the advice is not followed.
    """

    level: int | None
    cohort_size: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChooseRp2d:
    """Record the recommended phase 2 dose that people chose; the MTD is the design's estimate.

    Attributes
    ----------
    arm : str
        Arm id.
    level : int
        Dose level chosen, 1 = lowest.
    on : date
        Day of the choice.
    reason : str
        Why this level.
    """

    arm: str
    level: int
    on: date
    reason: str
