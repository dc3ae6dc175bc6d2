"""A trial in progress, for looking at: invented participants in every arm, told as acts.

Everything is counted from one day, so the trial is always in progress on the day it is made for.
Nothing here decides anything; every act goes through the gateway, which may refuse it.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from trialwright.assembly import ledgers, shelf, story
from trialwright.assembly.demo_biomarkers import biomarker_acts
from trialwright.assembly.demo_course_acts import as_screened, course_acts, doses_of
from trialwright.assembly.demo_readings import (
    READ_CENTRALLY,
    READERS_NAMES,
    READING,
    central_acts,
)
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.gateway import Step as Entered
from trialwright.assembly.protocols import load
from trialwright.assembly.records_in import read_records
from trialwright.assembly.serving import DEMO_SOURCE
from trialwright.casebook.course_ends import ScreenFailure
from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.conduct.acts import (
    Act,
    Assign,
    DecideDose,
    OpenTrial,
    RecordFacts,
    Register,
    Screen,
)
from trialwright.conduct.clinical_acts import ScreenFail
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
    ended_day : int or None, days
        Last day of treatment.
    """

    number: str
    arm: str
    level: int | None
    first_dose: int
    until: str = "treated"
    choice: Mapping[str, str] = field(default_factory=dict)
    ended_day: int | None = None


_LETROZOLE = {"aromatase-inhibitor-daily": "letrozole"}
_EXEMESTANE = {"aromatase-inhibitor-daily": "exemestane"}

PEOPLE = (
    Person("MGH-001", "A", 1, -272, ended_day=112),
    Person("MGH-002", "A", 1, -268, ended_day=56),
    Person("MGH-003", "A", 1, -262, ended_day=224),
    Person("MGH-004", "A", 2, -151),
    Person("MGH-005", "A", 2, -148, ended_day=20),
    Person("MGH-006", "A", 2, -145),
    Person("MGH-007", "B", 1, -122, choice=_LETROZOLE),
    Person("MGH-008", "B", 1, -119, choice=_EXEMESTANE),
    Person("MGH-009", "B", 1, -115, choice=_LETROZOLE, ended_day=56),
    Person("MGH-010", "A", 2, -23),
    Person("MGH-011", "A", 2, -12),
    Person("MGH-012", "C", 1, -9),
    Person("MGH-013", "C", None, -2, "failure"),
    Person("MGH-014", "A", 2, 2),
    Person("MGH-015", "C", None, 3, "eligible"),
    Person("MGH-016", "C", None, 5, "consent"),
)
"""Everybody, in the order of consent."""

_MEETINGS = (("A", -165), ("A", -112))
"""Dose decisions taken: arm, and days from the day of the demo."""

_OPENED = -287
_ALONE = (OpenTrial, Delegate, Register, Assign, DecideDose)
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
    for (day, actor, is_alone), group in groupby(steps, key=_sitting):
        clock.turn_to(day)
        if is_alone:
            for step in group:
                gateway.execute(step.act, actor)
        else:
            acts = [Entered(step.act, {}, "", 0) for step in group]
            gateway.execute_whole(acts, actor)


def _sitting(step: _Step) -> tuple[date, Actor, bool]:
    """Say which entries one person makes in one sitting; places and doses are decided alone."""
    return step.on, step.actor, isinstance(step.act, _ALONE)


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
        casebook = _records(study, person.number, first_dose)
        seen = course_acts(person.number, casebook, first_dose, person.ended_day)
        yield from (_Step(*each) for each in seen)
        if person.number == READ_CENTRALLY:
            moved = first_dose - story.FIRST_DOSE
            yield from (_Step(*each) for each in central_acts(person.number, moved))
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
    if person.until == "failure":
        ended = ScreenFailure(screened, ("I04",), Source("person", "screening log"))
        yield _Step(screened, ScreenFail(person.number, screened, ended), story.COORDINATOR)


def _records(study: Study, number: str, first_dose: date) -> Casebook:
    """Read the example's records, moved in time so that its first dose falls on a day."""
    moved = first_dose - story.FIRST_DOSE

    def later(found: re.Match[str]) -> str:
        """Move one day."""
        return (date.fromisoformat(found[1]) + moved).isoformat()

    text = _DAY.sub(later, shelf.text("patients", "example-participant.json"))
    return as_screened(number, read_records(io.BytesIO(text.encode()), study, number).casebook)


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
    arm = study.required_arm(person.arm)
    planned = dosing_calendar(
        arm, study.agents, study.cycle_days, first_dose,
        days // study.cycle_days + 1, choice=person.choice, dose_level=person.level,
    )  # fmt: skip
    begin = first_dose
    while begin <= last:
        end = min(begin + timedelta(days=_RECORDED_EVERY - 1), last)
        part = tuple(dose for dose in planned if begin <= dose.on <= end)
        told = story.doses_taken(person.number, part, end)
        own = doses_of(person.number, told, first_dose, arm)
        yield _Step(end, own, story.COORDINATOR)
        begin = end + timedelta(days=1)
