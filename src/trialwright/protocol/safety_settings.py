"""Dose modifications and reporting clocks as data."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.data import Data, Illustrated, Name, Text
from trialwright.protocol.dlt_definition import Grade

Criterion = Literal[
    "death",
    "life-threatening",
    "hospitalisation",
    "disability",
    "congenital anomaly",
    "medically important",
]
"""What makes an event serious (ICH E2A, section II B)."""


class DoseModification(Illustrated):
    """What the protocol proposes for an agent when an adverse event occurs.

    Attributes
    ----------
    id : Name
        Short name, shown with each proposal.
    says : str
        The rule in words.
    agents : tuple of Name
        Agents it concerns.
    terms : tuple of str
        CTCAE terms it concerns; empty: every term that no other rule for the agent names.
    least_grade, most_grade : int
        Grades it concerns, both included.
    occurrence : int or None
        Which event of the term with such a grade or a higher one; None: each of them.
    must_be_related : bool
        Whether the event must be related to the agent.
    action : {'hold', 'reduce', 'discontinue'}
        What is proposed while the event goes on. After a hold, the agent is resumed when the event
        is over, by `levels_lower` dose levels lower.
    levels_lower : int
        For `reduce`, and for what follows a hold.
    longest_hold_days : int or None, days
        A hold that lasts longer becomes a discontinuation; None: no limit.
    """

    id: Name
    says: Text
    agents: Annotated[tuple[Name, ...], Field(min_length=1)]
    terms: tuple[str, ...] = ()
    least_grade: Grade
    most_grade: Grade = 5
    occurrence: Annotated[int, Field(ge=1, le=9)] | None = None
    must_be_related: bool = True
    action: Literal["hold", "reduce", "discontinue"]
    levels_lower: Annotated[int, Field(ge=0, le=9)] = 0
    longest_hold_days: Annotated[int, Field(ge=1, le=400)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse grades in the wrong order, and parts that the action has no use for."""
        if self.most_grade < self.least_grade:
            raise ValueError("ends with a lower grade than it begins with: grades in order")
        if (self.action == "reduce") and not self.levels_lower:
            raise ValueError("reduces by no level: levels_lower of 1 or more")
        if self.action == "discontinue" and self.levels_lower:
            raise ValueError("discontinues, and has no use for levels_lower")
        if self.longest_hold_days is not None and self.action != "hold":
            raise ValueError("holds nothing, and has no use for longest_hold_days")
        return self


class ReportingClock(Illustrated):
    """Until when a serious adverse event must be reported.

    Attributes
    ----------
    id : Name
        Short name, shown with each date.
    says : str
        The rule in words, with its source.
    to : str
        Who is told.
    criteria : tuple of str
        Criteria of seriousness of which one must apply; empty: any serious event.
    must_be_unexpected, must_be_related : bool
        Whether it counts only when the reference safety information does not name it, or only when
        it is related to a study agent.
    days : int, calendar days
        From day 0, the day on which the sponsor first knew of it; the last day counts.
    """

    id: Name
    says: Text
    to: Text
    criteria: tuple[Criterion, ...] = ()
    must_be_unexpected: bool = False
    must_be_related: bool = False
    days: Annotated[int, Field(ge=0, le=400)]


class LabGrading(Data):
    """A measured fact that is graded by CTCAE.

    Attributes
    ----------
    fact : Name
        Term of the vocabulary, of kind `observation`.
    terms : tuple of str
        CTCAE terms as which it is graded, by the version that the DLT definition names.
    test : str
        What grading must know of the test, e.g. `GLUC fasting`; empty: nothing.
    """

    fact: Name
    terms: Annotated[tuple[Text, ...], Field(min_length=1)]
    test: str = ""


class SafetySettings(Data):
    """What the protocol proposes and watches when adverse events occur.

    Attributes
    ----------
    laboratory : tuple of LabGrading
        Which measured facts are graded as which terms.
    modifications : tuple of DoseModification
        Proposals; people decide.
    clocks : tuple of ReportingClock
        Of serious adverse events.
    """

    laboratory: tuple[LabGrading, ...] = ()
    modifications: tuple[DoseModification, ...] = ()
    clocks: tuple[ReportingClock, ...] = ()
