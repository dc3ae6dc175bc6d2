"""What ends screening, treatment, follow-up or life, as recorded of a participant."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.sources import Source

CauseOfDeath = Literal["disease under study", "adverse event", "other", "unknown"]
"""Category of the cause."""

TreatmentEnd = Literal[
    "progression",
    "unacceptable toxicity",
    "participant's decision",
    "investigator's decision",
    "pregnancy",
    "death",
    "lost to follow-up",
    "other",
]
"""Why treatment ended; the first two are the stop rules of the registry page."""

StudyEnd = Literal[
    "completed", "consent withdrawn", "lost to follow-up", "sponsor's decision", "other"
]
"""Why a participant left the study; death has an act of its own."""


@dataclass(frozen=True, slots=True)
class ScreenFailure:
    """Screening ended without registration.

    Attributes
    ----------
    on : date
        Day of the decision.
    criteria : tuple of str
        Ids of the criteria that kept the participant out; empty when it was something else.
    source : Source
        Where it stands.
    """

    on: date
    criteria: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Death:
    """The participant's death.

    Attributes
    ----------
    on : PartialDate
        Day, month or year of it, as known.
    cause : {'disease under study', 'adverse event', 'other', 'unknown'}
        Category of the cause.
    source : Source
        Where it stands.
    """

    on: PartialDate
    cause: CauseOfDeath
    source: Source


@dataclass(frozen=True, slots=True)
class OffTreatment:
    """The end of the study treatment.

    Attributes
    ----------
    on : date
        Day of the decision.
    cause : str
        Its category: progression, unacceptable toxicity, or another of `TreatmentEnd`.
    last_dose : date or None
        Last day on which any agent was taken; None when none ever was.
    source : Source
        Where it stands.

    Raises
    ------
    Refusal
        If the last dose lies after the decision.
    """

    on: date
    cause: TreatmentEnd
    last_dose: date | None
    source: Source

    def __post_init__(self) -> None:
        """Refuse a last dose after the end."""
        if self.last_dose is not None and self.last_dose > self.on:
            raise Refusal([Fault("last_dose", f"{self.last_dose.isoformat()}, after the end",
                                 f"{self.on.isoformat()} or earlier",
                                 "Correct one of the days")])  # fmt: skip


@dataclass(frozen=True, slots=True)
class OffStudy:
    """The end of all follow-up.

    Attributes
    ----------
    on : date
        Day from which nothing more is collected.
    cause : str
        Its category, one of `StudyEnd`.
    source : Source
        Where it stands.
    """

    on: date
    cause: StudyEnd
    source: Source
