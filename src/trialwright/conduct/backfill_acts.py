"""The act on participants beside the cohorts. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class AssignBackfill:
    """Give a registered participant a dose level below the running cohort, beside the cohorts.

    Attributes
    ----------
    participant : str
        Study number.
    level : int
        Dose level, 1 = lowest; of those open for backfilling the one that the protocol takes.
    on : date
        Day of the assignment.
    choice : mapping of str to str
        Agent chosen for each line of the arm that offers several.
    """

    participant: str
    level: int
    on: date
    choice: Mapping[str, str] = field(default_factory=dict)
