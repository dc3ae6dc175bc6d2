"""Acts on the cohort of an arm: opened, held, resumed and closed by people. Data only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenCohort:
    """Let participants into a cohort that is planned, or again into one that people closed.

    Attributes
    ----------
    arm : str
        Arm id; the cohort of its open dose level is meant.
    on : date
        Day from which it holds.
    reason : str
        Why; may be empty for a planned cohort.
    """

    arm: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HoldCohort:
    """Let nobody into a cohort for now and take no dose decision; held places stay held.

    Attributes
    ----------
    arm : str
        Arm id.
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the cohort is.
    """

    arm: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ResumeCohort:
    """Go on with a cohort that is on hold.

    Attributes
    ----------
    arm : str
        Arm id.
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the cohort is.
    """

    arm: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CloseCohort:
    """Let nobody into a cohort any more; places that are held go back to the wait list.

    Attributes
    ----------
    arm : str
        Arm id.
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the cohort is.
    """

    arm: str
    on: date
    reason: str


CohortMove = OpenCohort | HoldCohort | ResumeCohort | CloseCohort
"""What people change about a cohort."""
