"""What recorded facts of a participant contradict each other, as corrections may leave them."""

from collections.abc import Iterable, Iterator
from typing import Any

from trialwright.conduct.acts import RecordAdverseEvent, RecordDoses, RecordTumourAssessment
from trialwright.conduct.biomarker_acts import RecordSequencing, RecordStain
from trialwright.conduct.biomarkers import against_material
from trialwright.conduct.central_records import ADJUDICATOR, READERS, Evaluator
from trialwright.conduct.clinical import HAPPENING, against_course
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    CountDrug,
    DelayCycle,
    RecordMedicine,
    RecordPregnancy,
    RecordProgression,
    RecordSubsequentTherapy,
    RecordVisit,
)
from trialwright.conduct.course_rules import days_after_ends
from trialwright.conduct.observing import before_baseline, reading_of
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.terms.errors import Fault, shorten

Named = tuple[str, Any]
"""Name of an entry, and the act that records it."""


def contradictions(
    state: TrialState, here: ParticipantState, acts: Iterable[Named]
) -> Iterator[tuple[str, Fault]]:
    """Name entries that would be refused beside what is recorded elsewhere of the participant.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    here : ParticipantState
        The participant.
    acts : iterable of (str, act)
        What is on record, by the name of each entry.

    Yields
    ------
    tuple of str and Fault
        Name of the entry, and what contradicts it.
    """
    for name, act in acts:
        found: Iterable[Fault] = ()
        if isinstance(act, RecordTumourAssessment):
            found = before_baseline(here, act)
        elif isinstance(act, RecordSequencing | RecordStain):
            found = against_material(here, act)
        elif type(act) in HAPPENING:
            found = against_course(state, here, act)
        yield from ((name, each) for each in found)


def made_by(
    before: Iterable[tuple[str, Fault]], after: Iterable[tuple[str, Fault]], own: str
) -> list[Fault]:
    """Name the contradictions that a correction would bring about, or change and leave.

    Parameters
    ----------
    before, after : iterable of (str, Fault)
        Without and with the correction, as of `contradictions`.
    own : str
        Name of the happening that is corrected; what contradicts it is asked of its own.

    Returns
    -------
    list of Fault
        One for each entry and contradiction.
    """
    stood = [*before]
    return [
        Fault("new", f"with it {name} cannot be true: {fault.where} "
              f"{fault.found}", "a value that contradicts no other entry",
              f"Correct {name} first, with the reason, if it is the wrong one")
        for name, fault in after
        if name != own and (name, fault) not in stood
    ]  # fmt: skip


def stood_before(standing: Iterable[Fault]) -> tuple[str, ...]:
    """Say what stood before a correction and was not held against it.

    Parameters
    ----------
    standing : iterable of Fault
        As of the record before it.

    Returns
    -------
    tuple of str
        A sentence for each.
    """
    return tuple(f"{each.where}: {each.found}: it stood before, and something of it is wrong"
                 for each in standing)  # fmt: skip


def told_contradictions(state: TrialState, here: ParticipantState) -> Iterator[str]:
    """Say which facts on record contradict each other, to be asked about.

    Parameters
    ----------
    state : TrialState
        Of which the protocol counts.
    here : ParticipantState
        The participant.

    Yields
    ------
    str
        A sentence for each; also for a day that lies after an end.
    """
    acts = [*_held(here)]
    for name, fault in contradictions(state, here, acts):
        if fault.where == "assessment" and name == "assessment":
            continue  # told with the response of the visit
        yield f"{name}: {fault.where} {fault.found}: one of them is wrong"
    for name, act in acts:
        for says in days_after_ends(here, act):
            yield f"{name}: {says}"


def _held(here: ParticipantState) -> Iterator[Named]:
    """Give what is on record as acts, with the day of the consent for that of their entry."""
    number, on, course = here.number, here.consented_on, here.course
    yield "doses", RecordDoses(number, on, here.doses)
    for event in here.adverse_events:
        yield "adverse event", RecordAdverseEvent(number, on, event)
    evaluators: tuple[Evaluator, ...] = ("", *READERS, ADJUDICATOR)
    for evaluator in evaluators:
        for read in reading_of(here, evaluator).assessments:
            by = f" by {evaluator}" if evaluator else ""
            yield f"assessment{by}", RecordTumourAssessment(number, read, evaluator)
    for run in here.biomarkers.runs:
        yield f"run {shorten(run.id)}", RecordSequencing(number, on, run)
    for stain in here.biomarkers.stains:
        yield f"stain {shorten(stain.analyte)}", RecordStain(number, on, stain)
    for visit in course.visits:
        yield f"visit {visit.visit.code}", RecordVisit(number, on, visit.visit)
    for name, act, entries in (
        ("medicine", RecordMedicine, course.medicines),
        ("progression", RecordProgression, course.progressions),
        ("later therapy", RecordSubsequentTherapy, course.therapies),
        ("survival contact", ContactSurvival, course.contacts),
        ("pregnancy", RecordPregnancy, course.pregnancies),
        ("drug count", CountDrug, course.counts),
        ("delay of a cycle", DelayCycle, course.delays),
    ):
        made: Any = act
        for entry in entries:
            yield name, made(number, on, entry)
