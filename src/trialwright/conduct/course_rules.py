"""The course of a participant as a table: what must be reached, and what ends what.

Consented, screened or screen-failed, registered, assigned, on treatment, off treatment, in
follow-up, off study or dead. After an end, what happened before it can still be entered late.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from trialwright.conduct.acts import (
    Act,
    Assign,
    Attest,
    RecordAdverseEvent,
    RecordDoses,
    RecordFacts,
    RecordTumourAssessment,
    RecordTumourBaseline,
    Register,
    Screen,
)
from trialwright.conduct.amendment_acts import RecordReconsent
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.biomarker_acts import RecordMaterials
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    CountDrug,
    DelayCycle,
    EndStudy,
    EndTreatment,
    RecordDeath,
    RecordForm,
    RecordMedicine,
    RecordPregnancy,
    RecordProgression,
    RecordSubsequentTherapy,
    RecordVisit,
    ScreenFail,
)
from trialwright.conduct.course_stages import milestones, stage_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.errors import Fault, Refusal

Day = tuple[str, date]
"""Path of a date in an act, and the earliest day it may mean."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What an act needs of the course, and what it may not follow.

    Attributes
    ----------
    days : callable (act) -> iterator of (str, date)
        Days of what is entered, each with its path.
    needs : tuple of str
        Milestones that must be reached.
    bars : tuple of str
        Milestones after which the act is refused, whatever its days.
    ends : tuple of str
        Milestones on whose last day what is entered must have happened.
    """

    days: Callable[[Any], Iterator[Day]]
    needs: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    ends: tuple[str, ...] = ("screen failure", "end of study", "death")


def _on(act: Any) -> Iterator[Day]:
    """Give the day of the act itself."""
    yield "on", act.on


def _doses(act: RecordDoses) -> Iterator[Day]:
    """Give the day of each dose."""
    for place, dose in enumerate(act.doses):
        yield f"doses.{place}.on", dose.on


def _event(act: RecordAdverseEvent) -> Iterator[Day]:
    """Give the first day of an adverse event."""
    if act.event.started:
        yield "event.started", act.event.started.earliest


def _facts(act: RecordFacts | RecordForm) -> Iterator[Day]:
    """Give the day of each fact, and that from which each condition or treatment was known."""
    for place, seen in enumerate(act.observations):
        yield f"observations.{place}.on", seen.on.earliest
    for place, condition in enumerate(act.conditions):
        if since := condition.since or condition.recorded:
            yield f"conditions.{place}.since", since.earliest
    for place, treatment in enumerate(act.treatments):
        if treatment.since:
            yield f"treatments.{place}.since", treatment.since.earliest
    for place, specimen in enumerate(act.specimens):
        if specimen.on:
            yield f"specimens.{place}.on", specimen.on.earliest


def _materials(act: RecordMaterials) -> Iterator[Day]:
    """Give the day of each material that was taken; what is made of it may come later."""
    for place, each in enumerate(act.materials):
        if each.on and not each.made_of:
            yield f"materials.{place}.on", each.on.earliest


def _form(act: RecordForm) -> Iterator[Day]:
    """Give the day of each entry of a form."""
    yield from _facts(act)
    for place, other in enumerate(act.others):
        if other.on:
            yield f"others.{place}.on", other.on.earliest


def _entry(act: Any) -> Iterator[Day]:
    """Give the days of an entry of the course."""
    for name in ("on", "since", "dispensed_on", "counted_on", "alive_on", "known_on"):
        found = getattr(act.entry, name, None)
        if found is not None:
            yield f"entry.{name}", found if isinstance(found, date) else found.earliest


COURSE: Mapping[type, Passage] = MappingProxyType(
    {
        Screen: Passage(_on),
        RecordReconsent: Passage(_on),
        Register: Passage(_on, bars=("screen failure", "end of study")),
        Assign: Passage(_on, bars=("end of study",)),
        AssignBackfill: Passage(_on, bars=("end of study",)),
        Attest: Passage(lambda act: iter([("attestation.on", act.attestation.on.earliest)])),
        RecordFacts: Passage(_facts),
        RecordForm: Passage(_form),
        RecordMaterials: Passage(_materials),
        RecordDoses: Passage(_doses, ends=("end of treatment", "end of study", "death")),
        RecordAdverseEvent: Passage(_event),
        RecordTumourBaseline: Passage(_on),
        RecordTumourAssessment: Passage(_on),
        ScreenFail: Passage(_entry, bars=("screen failure", "registration"),
                            ends=("end of study", "death")),
        RecordVisit: Passage(_entry),
        RecordMedicine: Passage(_entry),
        CountDrug: Passage(_entry, needs=("assignment",), ends=("end of study",)),
        RecordProgression: Passage(_entry, needs=("first dose",)),
        RecordSubsequentTherapy: Passage(_entry, needs=("end of treatment",)),
        ContactSurvival: Passage(_entry, needs=("registration",)),
        RecordPregnancy: Passage(_entry, ends=("screen failure", "end of study")),
        EndTreatment: Passage(_entry, needs=("assignment",), bars=("end of treatment",),
                              ends=("end of study",)),
        EndStudy: Passage(_entry, bars=("screen failure", "end of study", "death")),
        DelayCycle: Passage(lambda act: iter(()), needs=("first dose",),
                            bars=("end of treatment", "end of study", "death")),
        RecordDeath: Passage(_entry, bars=("death",), ends=()),
    }
)  # fmt: skip
"""Act to its place in the course; an act that is not named here may be done at any time."""

_TO_REACH: Mapping[str, str] = MappingProxyType(
    {
        "registration": "Register the participant first",
        "assignment": "Assign the participant first",
        "first dose": "Record the doses first",
        "end of treatment": "Record the end of treatment first",
    }
)


def require_course(
    state: TrialState,
    act: Act,
    before: Act | None = None,
) -> None:
    """Refuse an act that does not fit where a participant stands.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked; an act about nobody known is left to its own decision.
    before : Act or None
        For a correction: the record as it stands. What it needs and what bars it is not asked
        again, for no correction changes that. A day of it that the correction leaves as it is may
        lie after an end entered later: that is no worse than before. None: the act is entered now.

    Raises
    ------
    Refusal
        Naming each milestone that is missing, bars the act, or lies before a day of the entry.
    """
    passage = COURSE.get(type(act))
    here = state.participants.get(getattr(act, "participant", ""))
    if passage is None or here is None:
        return
    reached = milestones(here)
    faults: list[Fault] = []
    if before is None:
        faults += [*_missing(passage, here, reached), *_barred(passage, here, reached)]
    kept = _left(passage, act, before)
    days = [each for each in passage.days(act) if each not in kept]
    faults += [_too_late(*each) for each in _after_ends(passage, days, reached)]
    if "end of treatment" in passage.ends:
        faults += _never_treated(here, days)
    if faults:
        raise Refusal(faults)


def days_after_ends(here: ParticipantState, act: Act) -> tuple[str, ...]:
    """Say which days of an entry lie after the end of something.

    Parameters
    ----------
    here : ParticipantState
        The participant, with everything on record.
    act : Act
        The entry.

    Returns
    -------
    tuple of str
        A sentence for each day and end.
    """
    passage = COURSE.get(type(act))
    if passage is None:
        return ()
    return tuple(
        f"{where} is {day.isoformat()}, after the {end} ({last.isoformat()}): one of them is wrong"
        for where, day, end, last in _after_ends(passage, passage.days(act), milestones(here))
    )


def _left(passage: Passage, act: Act, before: Act | None) -> frozenset[Day]:
    """Give the days of a record that its correction leaves as they were."""
    if before is None:
        return frozenset()
    taken = _taken(act) - _taken(before)  # a dose that counts as taken now says more of its day
    return frozenset(each for each in passage.days(before) if each[0] not in taken)


def _taken(act: Act) -> frozenset[str]:
    """Give the paths of the days of doses that were taken."""
    if not isinstance(act, RecordDoses):
        return frozenset()
    days = zip(_doses(act), act.doses, strict=True)
    return frozenset(where for (where, _), dose in days if dose.was_taken)


def _after_ends(
    passage: Passage, days: Iterable[Day], reached: Mapping[str, date]
) -> Iterator[tuple[str, date, str, date]]:
    """Give each day that lies after an end, with that end and its day."""
    for where, day in days:
        for end in passage.ends:
            if end in reached and day > reached[end]:
                yield where, day, end, reached[end]


def _missing(
    passage: Passage, here: ParticipantState, reached: Mapping[str, date]
) -> Iterator[Fault]:
    """Name what must be reached first."""
    for each in passage.needs:
        if each not in reached:
            yield Fault("participant", f"{here.number}, {stage_of(here).name}",
                        f"a participant with {_article(each)} {each}", _TO_REACH[each])  # fmt: skip


def _barred(
    passage: Passage, here: ParticipantState, reached: Mapping[str, date]
) -> Iterator[Fault]:
    """Name what bars the act."""
    for each in passage.bars:
        if each in reached:
            yield Fault(
                "participant",
                f"{here.number}, {each} on {reached[each].isoformat()}",
                f"a participant without {_article(each)} {each}",
                "Correct that entry, with the reason, if it is wrong",
            )


def _too_late(where: str, day: date, end: str, last: date) -> Fault:
    """Say that what is entered lies after an end."""
    found = f"{day.isoformat()}, after the {end} ({last.isoformat()})"
    do = f"Correct the day; or correct the {end}, with the reason, if it is wrong"
    return Fault(where, found, f"{last.isoformat()} or earlier", do)


def _never_treated(here: ParticipantState, days: Iterable[Day]) -> Iterator[Fault]:
    """Refuse a dose of somebody of whom it is recorded that no dose was ever taken."""
    ended = here.course.off_treatment
    if ended is None or ended.last_dose is not None:
        return
    for where, day in days:
        if day <= ended.on:  # a later one is named already
            yield Fault(where, f"{day.isoformat()}, and treatment ended without a dose",
                        "no dose", "Correct the end of treatment, with the reason")  # fmt: skip


def _article(milestone: str) -> str:
    """Give the article of a milestone."""
    return "an" if milestone[0] in "aeiou" else "a"
