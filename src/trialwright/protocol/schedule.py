"""Assessments, follow-up, duties and stop rules as data."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trialwright.protocol.arms import CycleDay, CycleRange
from trialwright.protocol.criteria import ArmId, CriterionId
from trialwright.protocol.data import Illustrated, Name, Text

Days = Annotated[int, Field(ge=0, le=400)]
"""A number of days."""


class Window(Illustrated):
    """How far from the planned day a visit may lie.

    Attributes
    ----------
    before_days, after_days : int, days
        Allowed deviation, both ends included.
    """

    before_days: Days
    after_days: Days


class Assessment(Illustrated):
    """Something examined at planned times.

    Attributes
    ----------
    id : Name
        Short name.
    says : str
        What is examined.
    days : tuple of int
        Days of the cycle; empty when it recurs by weeks.
    cycles : CycleRange
        Cycles to which the days apply.
    every_weeks : int or None, weeks
        Interval from the first dose; None when it follows cycle days.
    arms : tuple of str
        Arms it applies to; empty: every arm.
    window : Window
        How far from the planned day it may lie.
    """

    id: Name
    says: Text
    days: tuple[CycleDay, ...] = ()
    cycles: CycleRange = CycleRange()
    every_weeks: Annotated[int, Field(ge=1, le=104)] | None = None
    arms: tuple[ArmId, ...] = ()
    window: Window

    @model_validator(mode="after")
    def _one_timing(self) -> Self:
        """Refuse no timing, and two timings."""
        if bool(self.days) == (self.every_weeks is not None):
            raise ValueError("has two timings, or none: either days or every_weeks")
        return self


class FollowUp(Illustrated):
    """What follows the end of treatment.

    Attributes
    ----------
    first_after_days : int, days
        Safety visit after the last dose.
    then_every_months : int, months
        Interval of the visits after that.
    """

    first_after_days: Annotated[int, Field(ge=1, le=400)]
    then_every_months: Annotated[int, Field(ge=1, le=60)]


class Obligation(Illustrated):
    """A duty that lasts while on study, or beyond.

    Attributes
    ----------
    id : Name
        Short name.
    says : str
        The duty in words.
    criterion : str
        The criterion that it follows from.
    starts : {'consent', 'registration', 'first_dose'}
        When it begins.
    weeks_after_last_dose : int, weeks
        How long it lasts after the last dose; 0: until then.
    """

    id: Name
    says: Text
    criterion: CriterionId
    starts: Literal["consent", "registration", "first_dose"]
    weeks_after_last_dose: Annotated[int, Field(ge=0, le=520)] = 0


class StopRule(Illustrated):
    """What ends treatment or the trial.

    Attributes
    ----------
    id : Name
        Short name.
    says : str
        The rule in words.
    ends : {'treatment', 'arm', 'trial'}
        What it ends.
    """

    id: Name
    says: Text
    ends: Literal["treatment", "arm", "trial"]
