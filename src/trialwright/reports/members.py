"""Who stands in the tables of a report, by arm and dose level, and what each brings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.conduct.dlt_statuses import DltStatus, dlt_status
from trialwright.conduct.remembered import remembered
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.grading.criteria import american
from trialwright.reports.results import ALL
from trialwright.safety.dlt import DltVerdict
from trialwright.safety.exposure import Exposure, exposure
from trialwright.terms.verdicts import Answer
from trialwright.visits.dosing_days import dosing_calendar


@dataclass(frozen=True, slots=True)
class Member:
    """A treated participant.

    Attributes
    ----------
    here : ParticipantState
        What was recorded.
    group : str
        Arm and dose level in words.
    first_dose : date
        Day 1.
    status : DltStatus
        DLT verdicts and evaluability.
    exposures : tuple of Exposure
        One for each agent planned.
    events : tuple of (AdverseEvent, DltVerdict)
        Those that may have begun on or after day 1, up to the cutoff.
    """

    here: ParticipantState
    group: str
    first_dose: date
    status: DltStatus
    exposures: tuple[Exposure, ...]
    events: tuple[tuple[AdverseEvent, DltVerdict], ...]

    @property
    def number(self) -> str:
        """The study number."""
        return self.here.number

    @property
    def has_dlt(self) -> bool:
        """Whether a DLT is certain."""
        return any(verdict.answer is Answer.MET for verdict in self.status.verdicts)


def names_of_terms(found: Iterable[Member], printed: Mapping[str, str]) -> dict[str, str]:
    """Give the terms of adverse events on record, each with the name under which it is counted.

    Parameters
    ----------
    found : iterable of Member
        The safety set, or a part of it.
    printed : mapping of str to str
        CTCAE term, in lower case and American spelling, as CTCAE prints it.

    Returns
    -------
    dict of str to str
        Term, in lower case and American spelling, to the term of CTCAE; of a term that CTCAE does
        not have, to the first in the alphabet of the ways in which it was entered.
    """
    entered: dict[str, set[str]] = {}
    for member in found:
        for event, _ in member.events:
            entered.setdefault(american(event.term), set()).add(event.term)
    return {plain: printed.get(plain, min(words)) for plain, words in entered.items()}


def worst_grades(member: Member) -> dict[str, int]:
    """Give the worst grade of each term that somebody had.

    Parameters
    ----------
    member : Member
        Who.

    Returns
    -------
    dict of str to int
        Term, in lower case and American spelling, to its grade; 0 when none is recorded.
    """
    worst: dict[str, int] = {}
    for event, _ in member.events:
        plain = american(event.term)
        worst[plain] = max(worst.get(plain, 0), event.grade or 0)
    return worst


def members(state: TrialState, cutoff: date) -> tuple[Member, ...]:
    """Give the treated participants: the safety set.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    tuple of Member
        By arm, dose level and study number.
    """
    found = [
        _member(state, here, here.first_dose_on, cutoff)
        for here in state.participants.values()
        if here.arm and here.dose_level and here.first_dose_on and here.first_dose_on <= cutoff
    ]
    return tuple(
        sorted(found, key=lambda each: (each.here.arm, each.here.dose_level or 0, each.number))
    )


def grouped(found: Sequence[Member]) -> Mapping[str, tuple[Member, ...]]:
    """Give the members by arm and dose level, and all of them.

    Parameters
    ----------
    found : sequence of Member
        As `members` gives them.

    Returns
    -------
    mapping of str to tuple of Member
        In order; the last is everybody.
    """
    names = dict.fromkeys(each.group for each in found)
    groups = {name: tuple(each for each in found if each.group == name) for name in names}
    return {**groups, ALL: tuple(found)}


def group_name(state: TrialState, arm: str, level: int) -> str:
    """Name an arm with a dose level.

    Parameters
    ----------
    state : TrialState
        Gives the doses of the protocol.
    arm : str
        Arm id.
    level : int
        Dose level, 1 = lowest.

    Returns
    -------
    str
        E.g. `A1: 200 mg`.
    """
    dose = state.study.required_arm(arm).ladder.said(level, state.study.agents)
    return f"{arm}{level}: {dose}"


def treated_until(here: ParticipantState, cutoff: date) -> date:
    """Give the last day of treatment that counts.

    Parameters
    ----------
    here : ParticipantState
        Who.
    cutoff : date
        Data up to this day count.

    Returns
    -------
    date
        The last dose of somebody off treatment, else the last recorded dose day, held ones
        included; never after the cutoff.
    """
    ended = here.course.off_treatment
    if ended is not None and ended.on <= cutoff:
        return min(ended.last_dose or ended.on, cutoff)
    recorded = [dose.on for dose in here.doses if dose.on <= cutoff]
    return max(recorded, default=cutoff)


@dataclass(frozen=True, slots=True)
class _Brought:
    """What follows from one participant's record alone, as `Member` has it."""

    group: str
    status: DltStatus
    exposures: tuple[Exposure, ...]
    events: tuple[tuple[AdverseEvent, DltVerdict], ...]


def _member(state: TrialState, here: ParticipantState, first: date, cutoff: date) -> Member:
    """Gather what one participant brings."""
    found = _brought(state, here, cutoff)
    return Member(here, found.group, first, found.status, found.exposures, found.events)


@remembered
def _brought(state: TrialState, here: ParticipantState, cutoff: date) -> _Brought:
    """Work out what somebody treated brings."""
    first = cast(date, here.first_dose_on)
    arm = state.study.required_arm(here.arm)
    level = here.dose_level or 0
    until = treated_until(here, cutoff)
    cycles = (until - first).days // state.study.cycle_days + 1
    planned = dosing_calendar(
        arm,
        state.study.agents,
        state.study.cycle_days,
        first,
        cycles,
        choice=here.choice,
        dose_level=level,
    )
    agents = dict.fromkeys(each.agent for each in planned)
    exposures = tuple(
        exposure(
            agent,
            state.study.agents[agent].dose_unit,
            [(each.on, each.amount) for each in planned if each.agent == agent],
            here.doses,
            until,
        )
        for agent in agents
    )
    status = dlt_status(state, here, cutoff)
    events = tuple(
        (event, verdict)
        for event, verdict in zip(here.adverse_events, status.verdicts, strict=False)
        if _is_emergent(event, first, cutoff)
    )
    return _Brought(group_name(state, here.arm, level), status, exposures, events)


def _is_emergent(event: AdverseEvent, first: date, cutoff: date) -> bool:
    """Say whether an event may have begun from day 1 to the cutoff; unknown days count."""
    if event.started is None:
        return True
    return event.started.latest >= first and event.started.earliest <= cutoff
