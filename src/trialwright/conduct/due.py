"""What is due and overdue on a day: visits with their windows, and obligations in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from trialwright.casebook.tumours import TumourAssessment
from trialwright.conduct.course_stages import ENDED, stage_of
from trialwright.conduct.planning import code_of, planned_visits
from trialwright.conduct.remembered import remembered
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.conduct.treatment_ends import TreatmentOver, treatment_over
from trialwright.protocol.study import Study
from trialwright.visits.follow_up import Duty, duties, follow_up_calendar


@dataclass(frozen=True, slots=True)
class DatedVisit:
    """A visit with the days on which it may be made.

    Attributes
    ----------
    code : str
        E.g. `C1D8`.
    on : date
        The planned day.
    earliest, latest : date
        First and last allowed day.
    because : str
        What made the day.
    says : str
        What is examined.
    label : str
        `illustrative, ...` when the registry page states no such visit or window; else empty.
    assessment : str
        Id of the assessment in the protocol; `follow-up` after treatment.
    follows_treatment : bool
        Whether it is of the follow-up of the protocol, which begins with the end of treatment.
    """

    code: str
    on: date
    earliest: date
    latest: date
    because: str
    says: str
    label: str = ""
    assessment: str = "follow-up"
    follows_treatment: bool = False


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit of which nothing is recorded yet.

    Attributes
    ----------
    participant : str
        Study number.
    code : str
        Of the visit, e.g. `C1D8`.
    on : date
        The planned day.
    earliest, latest : date
        First and last allowed day.
    standing : {'due', 'overdue'}
        Whether its window is open or over.
    because : str
        What made the day, and how long the window stays open or has been over.
    says : str
        What is examined.
    label : str
        `illustrative, ...` when the registry page states no such visit or window; else empty.
    follows_treatment : bool
        Whether it is of the follow-up of the protocol, which begins with the end of treatment.
    """

    participant: str
    code: str
    on: date
    earliest: date
    latest: date
    standing: Literal["due", "overdue"]
    because: str
    says: str = ""
    label: str = ""
    follows_treatment: bool = False


def due_visits(state: TrialState, as_of: date) -> tuple[DueVisit, ...]:
    """List the visits that are due or overdue.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to that day.
    as_of : date
        The day.

    Returns
    -------
    tuple of DueVisit
        The one whose window ends first comes first. Of several assessments of one visit, each has
        its line. Visits planned after treatment is over (`treatment_over`) are replaced by
        follow-up; nobody who is screen-failed, off study or dead has any.
    """
    found = [
        each
        for here in state.participants.values()
        for each in due_of(state.as_at(here.site), here, as_of)
    ]
    return tuple(sorted(found, key=lambda each: (each.latest, each.participant, each.code)))


def obligations_of(state: TrialState, here: ParticipantState) -> tuple[Duty, ...]:
    """Date the obligations of a participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.

    Returns
    -------
    tuple of Duty
        E.g. contraception until 8 weeks after the last dose; the end is open while treatment
        goes on.
    """
    ended = here.course.off_treatment
    return duties(
        state.study.obligations,
        consented=here.consented_on,
        registered=here.registered_on,
        first_dose=here.first_dose_on,
        last_dose=ended.last_dose if ended else None,
    )


def planned_until(state: TrialState, here: ParticipantState, day: date) -> Iterator[DatedVisit]:
    """Plan the visits of a participant up to a day, on treatment and after it.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    day : date
        How far; visits of the cycle in which it lies may go beyond.

    Yields
    ------
    DatedVisit
        By the version of the protocol in force at the site; none for anybody who is
        screen-failed, off study or dead.
    """
    if stage_of(here).name in ENDED:
        return
    yield from _planned(state.as_at(here.site), here, day)


@remembered
def due_of(state: TrialState, here: ParticipantState, as_of: date) -> tuple[DueVisit, ...]:
    """List the visits of one participant that are due or overdue.

    Parameters
    ----------
    state : TrialState
        Of the trial, as the version of the protocol in force at the site has it (`as_at`).
    here : ParticipantState
        The participant.
    as_of : date
        The day.

    Returns
    -------
    tuple of DueVisit
        By their planned day; of several assessments of one visit, each has its line.
    """
    return tuple(_due(state, here, as_of))


def _due(state: TrialState, here: ParticipantState, as_of: date) -> Iterator[DueVisit]:
    """Give each visit whose window has opened and of which nothing is recorded."""
    recorded = {each.visit.code for each in here.course.visits}
    for each in planned_until(state, here, as_of):
        if each.code in recorded or each.earliest > as_of:
            continue
        if assessment_at(state, here, each) is not None:
            continue
        days = (each.latest - as_of).days
        said = f"window ends in {days} days" if days >= 0 else f"window over for {-days} days"
        yield DueVisit(
            here.number,
            each.code,
            each.on,
            each.earliest,
            each.latest,
            "due" if days >= 0 else "overdue",
            f"{each.because}; {said}",
            each.says,
            each.label,
            each.follows_treatment,
        )


def tumour_assessments(study: Study) -> frozenset[str]:
    """Name the planned assessments at which the tumours are read.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    frozenset of str
        Ids of those that recur as often as the settings of the response say.
    """
    weeks = study.response.assessment_every_weeks
    return frozenset(each.id for each in study.assessments if each.every_weeks == weeks)


def assessment_at(
    state: TrialState, here: ParticipantState, visit: DatedVisit
) -> TumourAssessment | None:
    """Find the assessment of the tumours that was made at a visit planned for one.

    Parameters
    ----------
    state : TrialState
        Whose protocol is in force at the site.
    here : ParticipantState
        The participant.
    visit : DatedVisit
        The visit.

    Returns
    -------
    TumourAssessment or None
        The first of the investigator's own in its window: what was read needs no record of its
        visit. None outside the window, where that record says what became of the visit, and for
        a visit at which something else is examined.
    """
    if visit.assessment not in tumour_assessments(state.study):
        return None
    inside = (each for each in here.assessments if visit.earliest <= each.on <= visit.latest)
    return min(inside, key=lambda each: each.on, default=None)


def calendar_of(
    state: TrialState, here: ParticipantState, cycles: int, until: date, on: date
) -> tuple[DatedVisit, ...]:
    """Lay out the calendar of a participant: visits on treatment, and follow-up once it is over.

    Parameters
    ----------
    state : TrialState
        Whose protocol is in force at the site.
    here : ParticipantState
        The participant.
    cycles : int
        How many cycles, from the first; may be 0.
    until : date
        Follow-up visits whose window begins by this day are given.
    on : date
        What happened up to this day counts.

    Returns
    -------
    tuple of DatedVisit
        By planned day; of the dead, of those off study and after treatment is over without the
        visits that were planned then. Empty while no first dose is planned.
    """
    over = treatment_over(state, here, on)
    last = over.after if over else _ended_on(here)
    visits = [
        DatedVisit(
            code_of(state, here, each),
            each.on,
            each.earliest,
            each.latest,
            each.because,
            each.says,
            each.label,
            each.assessment,
        )
        for each in (planned_visits(state, here, cycles) if cycles else ())
        if last is None or each.on <= last
    ]
    if over is not None and stage_of(here).name not in ENDED:
        visits += _follow_up(state, over, until)
    return tuple(sorted(visits, key=lambda each: each.on))


def _ended_on(here: ParticipantState) -> date | None:
    """Give the last possible day of whoever died or left the study."""
    days = [here.course.death.on.latest] if here.course.death else []
    days += [here.course.off_study.on] if here.course.off_study else []
    return min(days, default=None)


@remembered
def _planned(state: TrialState, here: ParticipantState, as_of: date) -> tuple[DatedVisit, ...]:
    """Plan the visits up to a day, on treatment and after it."""
    return calendar_of(state, here, cycles_to(state, here, as_of), as_of, as_of)


def cycles_to(state: TrialState, here: ParticipantState, day: date) -> int:
    """Count the cycles that may have a visit up to a day.

    Parameters
    ----------
    state : TrialState
        Whose protocol is in force at the site.
    here : ParticipantState
        The participant.
    day : date
        The day.

    Returns
    -------
    int
        One more than begin by then, for a window opens before its day; 0 before the first dose.
    """
    start = here.first_dose_on or here.first_dose_planned_on
    return 0 if start is None or start > day else (day - start).days // state.study.cycle_days + 2


def _follow_up(state: TrialState, over: TreatmentOver, until: date) -> Iterator[DatedVisit]:
    """Plan the visits after the last dose; of somebody who took none, after the end."""
    reach = timedelta(days=state.study.course.follow_up_window_days)
    visits = follow_up_calendar(state.study.follow_up, over.last_dose, until + reach)
    for place, each in enumerate(visits, start=1):
        yield DatedVisit(
            f"FU-{place}",
            each.on,
            each.on - reach,
            each.on + reach,
            f"{each.says}, {each.because}; {over.because}",
            each.says,
            each.label,
            follows_treatment=True,
        )
