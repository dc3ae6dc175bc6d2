"""Where a participant stands in the course: the milestones reached, and the stage they come to."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from trialwright.conduct.state import ParticipantState


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a participant stands in the course.

    Attributes
    ----------
    name : str
        `consented`, `screened`, `screen-failed`, `registered`, `assigned`, `on treatment`,
        `off treatment`, `follow-up`, `off study` or `dead`.
    because : str
        What led there, with its day.
    """

    name: str
    because: str


class Placed(Protocol):
    """A visit that says where in the course it stands."""

    @property
    def follows_treatment(self) -> bool:
        """Whether it is a visit after treatment."""


def milestones(here: ParticipantState) -> dict[str, date]:
    """Give the milestones that a participant has reached.

    Parameters
    ----------
    here : ParticipantState
        Where the participant stands.

    Returns
    -------
    dict of str to date
        The last day that each may mean; for the end of treatment, the last dose.
    """
    course = here.course
    ended, died = course.off_treatment, course.death
    found = {
        "screen failure": course.screen_failure.on if course.screen_failure else None,
        "registration": here.registered_on,
        "assignment": here.assigned_on,
        "first dose": here.first_dose_on,
        "end of treatment": (ended.last_dose or ended.on) if ended else None,
        "end of study": course.off_study.on if course.off_study else None,
        "death": died.on.latest if died else None,
    }
    return {name: day for name, day in found.items() if day is not None}


ENDED = frozenset({"dead", "off study", "screen-failed"})
"""Stages after which no visit is planned and no consent is asked."""


def waits_for_end(here: ParticipantState, visit: Placed) -> bool:
    """Say whether a visit is recorded only once the end of treatment is.

    Parameters
    ----------
    here : ParticipantState
        The participant.
    visit : Placed
        On record or planned.

    Returns
    -------
    bool
        True of a visit after treatment while no end of treatment is on record.
    """
    return visit.follows_treatment and here.course.off_treatment is None


def stage_of(here: ParticipantState) -> Stage:
    """Say where a participant stands in the course.

    Parameters
    ----------
    here : ParticipantState
        Of a state folded up to the day asked about.

    Returns
    -------
    Stage
        The furthest stage reached, and what led there.
    """
    reached, course = milestones(here), here.course
    if course.death:
        return Stage("dead", f"died {course.death.on}, {course.death.cause}")
    for name, milestone in (("off study", "end of study"), ("screen-failed", "screen failure")):
        if milestone in reached:
            return Stage(name, f"{milestone} on {reached[milestone].isoformat()}")
    if course.off_treatment:
        ended = course.off_treatment
        because = f"end of treatment on {ended.on.isoformat()}: {ended.cause}"
        followed = [each.visit.on for each in course.visits if each.visit.code.startswith("FU-")]
        contacts = [each.alive_on for each in course.contacts if each.alive_on > ended.on]
        is_followed = bool(contacts) or any(followed)
        return Stage("follow-up" if is_followed else "off treatment", because)
    for name, milestone in (("on treatment", "first dose"), ("assigned", "assignment"),
                            ("registered", "registration")):  # fmt: skip
        if milestone in reached:
            return Stage(name, f"{milestone} on {reached[milestone].isoformat()}")
    if here.screened_for:
        return Stage("screened", f"screened for arm {', '.join(dict.fromkeys(here.screened_for))}")
    return Stage("consented", f"consented on {here.consented_on.isoformat()}")
