"""A trial in progress, for looking at: invented participants in every arm, told as acts.

Everything is counted from one day, so the trial is always in progress on the day it is made for.
Nothing here decides anything; every act goes through the gateway, which may refuse it.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from trialwright.assembly import ledgers, shelf, story
from trialwright.assembly.demo_biomarkers import biomarker_acts
from trialwright.assembly.demo_readings import (
    READ_CENTRALLY,
    READERS_NAMES,
    READING,
    central_acts,
)
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import load
from trialwright.assembly.records_in import read_records
from trialwright.assembly.serving import DEMO_SOURCE
from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.conduct.acts import (
    Act,
    Assign,
    DecideDose,
    OpenTrial,
    RecordAdverseEvent,
    RecordFacts,
    RecordTumourAssessment,
    RecordTumourBaseline,
    Register,
    Screen,
)
from trialwright.conduct.delegating import tasks_of
from trialwright.conduct.delegation_acts import EVERY_SITE, Delegate
from trialwright.conduct.roles import Actor
from trialwright.protocol.reading import ReadProtocol
from trialwright.protocol.study import Study
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.visits.dosing_days import dosing_calendar

OPERATOR = Actor("o.silva", "operator", EVERY_SITE)

ACCOUNTS = (
    story.COORDINATOR,
    story.INVESTIGATOR,
    story.CHIEF,
    Actor("d.ivanova", "data-manager", story.SITE),
    Actor("m.tanaka", "monitor", story.SITE),
    Actor("s.kowalski", "statistician", story.SITE),
    Actor("q.brandt", "sponsor", story.SITE),
    Actor("x.duarte", "inspector", story.SITE),
    *READING,
    OPERATOR,
)
"""Invented people of the demo, one for each role."""

NAMES = {
    "c.meyer": "Clara Meyer",
    "i.okafor": "Ifeoma Okafor",
    "p.lindqvist": "Per Lindqvist",
    "d.ivanova": "Daria Ivanova",
    "m.tanaka": "Mio Tanaka",
    "s.kowalski": "Stefan Kowalski",
    "q.brandt": "Quirin Brandt",
    **READERS_NAMES,
}
"""Invented names, as signatures print them."""

_CONSENTED, _SCREENED, _REGISTERED = -10, -6, -4
"""Days from the first dose, as in the story of the first participant."""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented participant.

    Attributes
    ----------
    number, arm : str
        Study number, and the arm screened for.
    level : int or None
        Dose level at which the participant is treated; None while in screening.
    first_dose : int, days
        Planned first dose, from the day of the demo.
    until : str
        Last step taken: `consent`, `failure`, `eligible` or `treated`.
    choice : mapping of str to str
        Agents chosen where the arm offers several.
    dlt_day, ended_day : int or None, days
        Day of treatment on which a dose-limiting toxicity began, and last day of treatment.
    """

    number: str
    arm: str
    level: int | None
    first_dose: int
    until: str = "treated"
    choice: Mapping[str, str] = field(default_factory=dict)
    dlt_day: int | None = None
    ended_day: int | None = None


_LETROZOLE = {"aromatase-inhibitor-daily": "letrozole"}
_EXEMESTANE = {"aromatase-inhibitor-daily": "exemestane"}

PEOPLE = (
    Person("MGH-001", "A", 1, -140, ended_day=112),
    Person("MGH-002", "A", 1, -137, ended_day=56),
    Person("MGH-003", "A", 1, -133, ended_day=84),
    Person("MGH-004", "A", 2, -95),
    Person("MGH-005", "A", 2, -92, dlt_day=15, ended_day=20),
    Person("MGH-006", "A", 2, -88),
    Person("MGH-007", "B", 1, -40, choice=_LETROZOLE),
    Person("MGH-008", "B", 1, -37, choice=_EXEMESTANE),
    Person("MGH-009", "B", 1, -33, choice=_LETROZOLE),
    Person("MGH-010", "A", 2, -23),
    Person("MGH-011", "A", 2, -12),
    Person("MGH-012", "C", 1, -9),
    Person("MGH-013", "C", None, -2, "failure"),
    Person("MGH-014", "A", 2, 2),
    Person("MGH-015", "C", None, 3, "eligible"),
    Person("MGH-016", "C", None, 5, "consent"),
)
"""Everybody, in the order of consent."""

_MEETINGS = (("A", -104), ("A", -59))
"""Dose decisions taken: arm, and days from the day of the demo."""

_OPENED = -155
_RECORDED_EVERY = 14
"""Days of treatment that are entered at once."""

_DAY = re.compile(r"\b(20[0-9]{2}-[01][0-9]-[0-3][0-9])")


@dataclass(frozen=True, slots=True)
class _Step:
    """An act on its day, by whom."""

    on: date
    act: Act
    actor: Actor


@dataclass(slots=True)
class _Told:
    """A clock that tells the days of the story: each entry half a minute after the one before."""

    on: date
    entries: int = 0

    def turn_to(self, on: date) -> None:
        """Go on to another day."""
        if on != self.on:
            self.on, self.entries = on, 0

    def __call__(self) -> str:
        """Give the time of an entry."""
        self.entries += 1
        minutes, seconds = divmod(30 * self.entries, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{self.on.isoformat()}T{8 + hours:02d}:{minutes:02d}:{seconds:02d}.000Z"


def make_demo_trial(folder: Path, on: date) -> None:
    """Make the ledger of a trial that is in progress on a day.

    Parameters
    ----------
    folder : Path
        A folder without a ledger.
    on : date
        The day.

    Raises
    ------
    Refusal
        If there is a ledger, or the protocol no longer lets the story happen.
    """
    protocol = load("nct03959891")
    steps = sorted(_steps(protocol, on), key=lambda step: step.on)
    clock = _Told(steps[0].on)
    gateway = Gateway(ledgers.make_file(folder), protocol, clock, DEMO_SOURCE)
    for step in steps:
        clock.turn_to(step.on)
        gateway.execute(step.act, step.actor)


def _steps(protocol: ReadProtocol, on: date) -> Iterator[_Step]:
    """Give every act of the story up to a day."""
    opened = on + timedelta(days=_OPENED)
    yield from _delegated(opened)
    yield _Step(opened, OpenTrial(opened, "Site initiation visit"), story.CHIEF)
    for person in PEOPLE:
        yield from (step for step in _of(person, protocol.study, on) if step.on <= on)
    for arm, days in _MEETINGS:
        day = on + timedelta(days=days)
        yield _Step(day, DecideDose(arm, day, day), story.CHIEF)


def _delegated(on: date) -> Iterator[_Step]:
    """Give the delegation log: the operator begins it with the principal investigator."""
    people = sorted((each for each in ACCOUNTS if each.account in NAMES),
                    key=lambda each: each != story.CHIEF)  # fmt: skip
    for each in people:
        tasks = tuple(sorted(tasks_of(each.role)))
        site = story.SITE if each.role in ("coordinator", "investigator") else EVERY_SITE
        act = Delegate(each.account, NAMES[each.account], each.role, site, tasks, on, None, on, on)
        yield _Step(on, act, OPERATOR if each == story.CHIEF else story.CHIEF)


def _of(person: Person, study: Study, on: date) -> Iterator[_Step]:
    """Give what happens to one participant."""
    first_dose = on + timedelta(days=person.first_dose)
    yield from _screening(person, study, first_dose)
    if person.until == "treated":
        registered = first_dose + timedelta(days=_REGISTERED)
        register = Register(person.number, person.arm, registered, first_dose)
        yield _Step(registered, register, story.INVESTIGATOR)
        assign = Assign(person.number, registered, person.choice)
        yield _Step(registered, assign, story.COORDINATOR)
        yield from _treatment(person, study, first_dose, on)
        yield from _observed(person, first_dose)
        for act in biomarker_acts(person.number, first_dose):
            yield _Step(act.on, act, story.COORDINATOR)


def _screening(person: Person, study: Study, first_dose: date) -> Iterator[_Step]:
    """Give consent, records and answers, as far as the participant came."""
    consented = first_dose + timedelta(days=_CONSENTED)
    screened = first_dose + timedelta(days=_SCREENED)
    casebook = _records(study, person.number, first_dose)
    for act in story.consent_and_facts(person.number, casebook, consented, screened):
        yield _Step(act.on, act, story.COORDINATOR)
    if person.until == "failure":
        yield _Step(screened, _unfit(person.number, screened), story.INVESTIGATOR)
    if person.until in ("eligible", "treated"):
        absent = story.absences(person.number, screened)
        yield _Step(screened, absent, story.INVESTIGATOR)
        for answer in story.attestations(person.number, screened):
            yield _Step(screened, answer, story.INVESTIGATOR)
    screen = Screen(person.number, person.arm, screened, first_dose)
    yield _Step(screened, screen, story.COORDINATOR)


def _records(study: Study, number: str, first_dose: date) -> Casebook:
    """Read the example's records, moved in time so that its first dose falls on a day."""
    moved = first_dose - story.FIRST_DOSE

    def later(found: re.Match[str]) -> str:
        """Move one day."""
        return (date.fromisoformat(found[1]) + moved).isoformat()

    text = _DAY.sub(later, shelf.text("patients", "example-participant.json"))
    return read_records(io.BytesIO(text.encode()), study, number).casebook


def _unfit(number: str, on: date) -> RecordFacts:
    """Give a finding that keeps a participant out: ECOG performance status 3."""
    found = Observation(
        "ecog", Quantity(Decimal(3), "{score}"), PartialDate.of(on), Source("person", "interview")
    )
    return RecordFacts(number, on, observations=(found,))


def _treatment(person: Person, study: Study, first_dose: date, on: date) -> Iterator[_Step]:
    """Give the doses taken, entered every two weeks."""
    last = first_dose + timedelta(days=person.ended_day - 1) if person.ended_day else on
    days = (last - first_dose).days + 1
    if days < 1:
        return
    planned = dosing_calendar(
        study.required_arm(person.arm), study.agents, study.cycle_days, first_dose,
        days // study.cycle_days + 1, choice=person.choice, dose_level=person.level,
    )  # fmt: skip
    held_from = first_dose + timedelta(days=person.dlt_day - 1) if person.dlt_day else None
    begin = first_dose
    while begin <= last:
        end = min(begin + timedelta(days=_RECORDED_EVERY - 1), last)
        part = tuple(dose for dose in planned if begin <= dose.on <= end)
        yield _Step(end, story.doses_taken(person.number, part, end, held_from), story.COORDINATOR)
        begin = end + timedelta(days=1)


def _observed(person: Person, first_dose: date) -> Iterator[_Step]:
    """Give adverse events and tumour assessments."""
    number = person.number
    mild = replace(story.event("Diarrhea", 1, first_dose + timedelta(days=5), 6), is_serious=False)
    entered = first_dose + timedelta(days=14)
    yield _Step(entered, RecordAdverseEvent(number, entered, mild), story.COORDINATOR)
    if person.dlt_day:
        began = first_dose + timedelta(days=person.dlt_day - 1)
        limiting = replace(story.event("Hyperglycemia", 3, began, 9), is_serious=True)
        entered = began + timedelta(days=10)
        yield _Step(entered, RecordAdverseEvent(number, entered, limiting), story.COORDINATOR)
    moved = first_dose - story.FIRST_DOSE
    baseline = replace(story.tumour_baseline(), on=story.SCREENING + moved)
    yield _Step(baseline.on, RecordTumourBaseline(number, baseline), story.INVESTIGATOR)
    for assessment in story.tumour_assessments()[: 2 if number == story.FIRST else 1]:
        there = replace(assessment, on=assessment.on + moved)
        if person.ended_day is None or (there.on - first_dose).days <= person.ended_day:
            yield _Step(there.on, RecordTumourAssessment(number, there), story.INVESTIGATOR)
    if number == READ_CENTRALLY:
        yield from (_Step(*each) for each in central_acts(number, moved))
