"""`calendar`: the dosing days and visits of a participant who starts on a given day."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from trialwright.questions.answering import Answer
from trialwright.questions.library import Library
from trialwright.questions.reading import Case
from trialwright.visits.dosing_days import PlannedDose, dosing_calendar
from trialwright.visits.windows import PlannedVisit, visit_calendar


class CalendarCase(Case):
    """Whose calendar is asked for.

    Attributes
    ----------
    protocol : str
        Name of a shipped protocol.
    arm : str
        Arm id.
    start : date
        C1D1.
    cycles : int
        How many cycles.
    dose_level : int or None
        Dose level, 1 = lowest; without one the escalated agent has no amount.
    choice : mapping of str to str
        Agent chosen for each line that offers several, by the line's id.
    """

    protocol: str = "nct03959891"
    arm: str
    start: date
    cycles: Annotated[int, Field(ge=1, le=200)] = 3
    dose_level: int | None = None
    choice: dict[str, str] = Field(default_factory=dict)


class CalendarAnswer(Answer):
    """A calendar.

    Attributes
    ----------
    protocol, arm : str
        Whose calendar it is.
    doses : tuple of PlannedDose
        By date, each with the line of the protocol that made it.
    visits : tuple of PlannedVisit
        By date, with their windows.
    because : str
        Whose calendar it is and when it begins.
    """

    protocol: str
    arm: str
    doses: tuple[PlannedDose, ...]
    visits: tuple[PlannedVisit, ...]
    because: str


def answer(case: CalendarCase, library: Library) -> dict[str, Any]:
    """Lay out the calendar.

    Parameters
    ----------
    case : CalendarCase
        Arm, start and number of cycles.
    library : Library
        Gives the protocol.

    Returns
    -------
    dict of str to object
        `doses` and `visits`, each with the protocol line that made it.

    Raises
    ------
    Refusal
        If the arm does not exist, or a choice is missing.
    """
    study = library.study(case.protocol)
    arm = study.required_arm(case.arm)
    doses = dosing_calendar(
        arm,
        study.agents,
        study.cycle_days,
        case.start,
        case.cycles,
        choice=case.choice,
        dose_level=case.dose_level,
    )
    visits = visit_calendar(study.assessments, arm, study.cycle_days, case.start, case.cycles)
    return CalendarAnswer(
        protocol=study.identifiers.nct,
        arm=arm.id,
        doses=doses,
        visits=visits,
        because=f"arm {arm.id} of {study.identifiers.nct}, C1D1 on {case.start.isoformat()}",
    ).told()
