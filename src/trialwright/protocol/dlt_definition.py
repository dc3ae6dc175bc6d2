"""The definition of a dose-limiting toxicity as data."""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Data, Illustrated, Name, Text

Grade = Annotated[int, Field(ge=1, le=5)]
"""CTCAE grade."""


class DltRule(Data):
    """One kind of event that is dose-limiting.

    Attributes
    ----------
    id : Name
        Short name, shown with each verdict.
    says : str
        The rule in words.
    terms : tuple of str
        CTCAE terms it concerns; empty: every term that no other rule names.
    least_grade : int
        The grade from which it counts.
    least_hours : int or None, hours
        How long the grade must have lasted; None: at once.
    """

    id: Name
    says: Text
    terms: tuple[str, ...] = ()
    least_grade: Grade
    least_hours: Annotated[int, Field(ge=1, le=2000)] | None = None


class DelayedStart(Data):
    """Failure to begin a cycle in time as a dose-limiting toxicity.

    Attributes
    ----------
    id : Name
        Short name, shown with each verdict.
    says : str
        The rule in words.
    cycle : int
        Which cycle, counted from 1.
    most_days_late : int, days
        So many days after the planned day it may still begin; a later beginning counts.
    """

    id: Name
    says: Text
    cycle: Annotated[int, Field(ge=2, le=99)] = 2
    most_days_late: Annotated[int, Field(ge=0, le=400)]


class DltDefinition(Illustrated):
    """Which adverse events are dose-limiting.

    Attributes
    ----------
    ctcae : {'5.0'}
        Version by which events are graded.
    graded_by : mapping of str to {'4.03', '5.0'}
        Terms graded by another version than `ctcae`.
    must_be_related : bool
        Whether the event must be related to a study agent.
    attributed_to : tuple of Name
        Agents to one of which it must be related; empty: any study agent.
    delayed_start : DelayedStart or None
        A cycle that toxicity keeps from beginning in time; None: that is no DLT.
    rules : tuple of DltRule
        Alternatives; one that holds is enough.
    """

    ctcae: Literal["5.0"]
    graded_by: dict[str, Literal["4.03", "5.0"]] = Field(default_factory=dict)
    must_be_related: bool
    attributed_to: tuple[Name, ...] = ()
    delayed_start: DelayedStart | None = None
    rules: Annotated[tuple[DltRule, ...], Field(min_length=1)]
