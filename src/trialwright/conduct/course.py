"""What was recorded of a participant's course, and where each entry can be found again."""

from dataclasses import dataclass
from datetime import date

from trialwright.casebook.course import (
    ClinicalProgression,
    ConcomitantMedicine,
    CycleDelay,
    DrugCount,
    OtherEntry,
    Pregnancy,
    SubsequentTherapy,
    SurvivalContact,
    Visit,
)
from trialwright.casebook.course_ends import Death, OffStudy, OffTreatment, ScreenFailure


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """The window of a visit as it was planned when the visit was recorded.

    Attributes
    ----------
    assessment : str
        Id of the assessment.
    on : date
        The planned day.
    earliest, latest : date
        First and last allowed day, both included.
    """

    assessment: str
    on: date
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A visit with the windows planned for it.

    Attributes
    ----------
    sequence : int
        The happening.
    visit : Visit
        What became of it.
    windows : tuple of PlannedWindow
        One for each assessment planned at it; empty for a visit that the protocol does not plan.
    """

    sequence: int
    visit: Visit
    windows: tuple[PlannedWindow, ...]

    @property
    def deviations(self) -> tuple[str, ...]:
        """How the visit departs from the protocol: missed, or out of a window, and by how much."""
        return departures(self.visit, self.windows)


@dataclass(frozen=True, slots=True)
class Filed:
    """Where an entry stands.

    Attributes
    ----------
    sequence : int
        The happening.
    form : str
        Name of the form.
    visit : str
        Code of the visit; empty for what belongs to none.
    """

    sequence: int
    form: str
    visit: str


@dataclass(frozen=True)
class Course:
    """What was recorded of a participant's course.

    Attributes
    ----------
    screen_failure, off_treatment, off_study, death : record or None
        What ended screening, treatment, follow-up or life.
    visits : tuple of VisitEntry
        In ledger order.
    delays, medicines, counts, progressions, therapies, contacts, pregnancies, others : tuple
        The entries of each kind, in ledger order.
    filed : tuple of Filed
        Form and visit of every entry.
    """

    screen_failure: ScreenFailure | None = None
    off_treatment: OffTreatment | None = None
    off_study: OffStudy | None = None
    death: Death | None = None
    visits: tuple[VisitEntry, ...] = ()
    delays: tuple[CycleDelay, ...] = ()
    medicines: tuple[ConcomitantMedicine, ...] = ()
    counts: tuple[DrugCount, ...] = ()
    progressions: tuple[ClinicalProgression, ...] = ()
    therapies: tuple[SubsequentTherapy, ...] = ()
    contacts: tuple[SurvivalContact, ...] = ()
    pregnancies: tuple[Pregnancy, ...] = ()
    others: tuple[OtherEntry, ...] = ()
    filed: tuple[Filed, ...] = ()

    def find(self, form: str = "", visit: str = "") -> tuple[Filed, ...]:
        """Find entries by form and visit.

        Parameters
        ----------
        form, visit : str
            Empty: any.

        Returns
        -------
        tuple of Filed
            In ledger order.
        """
        return tuple(
            each for each in self.filed if form in ("", each.form) and visit in ("", each.visit)
        )


NOTHING_RECORDED = Course()
"""The course of somebody of whom nothing was recorded yet."""


def departures(visit: Visit, windows: tuple[PlannedWindow, ...]) -> tuple[str, ...]:
    """Say how a visit departs from what was planned.

    Parameters
    ----------
    visit : Visit
        What became of it.
    windows : tuple of PlannedWindow
        One for each assessment planned at it.

    Returns
    -------
    tuple of str
        A sentence for each assessment out of its window or missed; empty when there is none.
    """
    if visit.outcome == "not applicable":
        return ()
    return tuple(
        f"deviation: {visit.code} {each.assessment} {said}; planned on {each.on.isoformat()}, "
        f"window {each.earliest.isoformat()} to {each.latest.isoformat()}"
        for each in windows
        if (said := _departure(visit, each))
    )


def _departure(visit: Visit, window: PlannedWindow) -> str:
    """Say how one assessment departs from its window; empty when it does not."""
    if visit.on is None:
        return "was missed"
    early, late = (window.earliest - visit.on).days, (visit.on - window.latest).days
    if early > 0:
        return f"was done on {visit.on.isoformat()}, {_days(early)} too early"
    return f"was done on {visit.on.isoformat()}, {_days(late)} too late" if late > 0 else ""


def _days(days: int) -> str:
    """Say a number of days."""
    return "1 day" if days == 1 else f"{days} days"
