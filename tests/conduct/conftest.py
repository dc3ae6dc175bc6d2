"""A trial kept in memory: acts are decided and folded as the gateway does, without a database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from tests.conduct import (
    amending_history,
    biomarker_story,
    central_story,
    clinical_story,
    overseeing,
)
from tests.conduct.slot_history import slot_acts

from trialwright.assembly.gateway import SYSTEM
from trialwright.assembly.protocols import shipped
from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.tumours import (
    Certainty,
    NewLesion,
    NonTargetLesion,
    NonTargetWord,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.account_changes import account_changed
from trialwright.conduct.acts import (
    Act,
    Assign,
    Attest,
    Consent,
    DecideDose,
    OpenTrial,
    RecordAdverseEvent,
    RecordDoses,
    RecordException,
    RecordFacts,
    RecordTumourAssessment,
    RecordTumourBaseline,
    Register,
    Screen,
)
from trialwright.conduct.deciding import decide
from trialwright.conduct.folding import apply, fold
from trialwright.conduct.happenings import Happening, Recorded
from trialwright.conduct.recruiting_acts import (
    CloseSite,
    CloseTrial,
    OpenSite,
    ReopenSite,
    ReopenTrial,
    SuspendSite,
    SuspendTrial,
)
from trialwright.conduct.roles import Actor
from trialwright.conduct.slot_holding import fallen_due
from trialwright.conduct.state import TrialState
from trialwright.ledger.flatten import assemble, flatten
from trialwright.protocol.study import Site, Study
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.visits.dosing_days import dosing_calendar

OPENED = date(2026, 1, 5)
CONSENTED = date(2026, 2, 2)
REGISTERED = date(2026, 2, 5)
FIRST_DOSE = date(2026, 2, 9)
WINDOW_OVER = FIRST_DOSE + timedelta(days=28)
PERSON = Source("person", "chart")
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
INVESTIGATOR = Actor("i.vestigator", "investigator", "mgh")
FEW = ("I04", "I18", "E11")
"""Criteria of the small protocol: an observation, an answer and an exclusion."""


@dataclass
class Trial:
    """A trial in motion.

    Attributes
    ----------
    study : Study
        The protocol.
    records : list of Recorded
        The ledger; payloads went through JSON as in a real one.
    live : TrialState
        Folded act by act.
    """

    study: Study
    records: list[Recorded] = field(default_factory=list)
    live: TrialState = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.live = TrialState(self.study)

    @property
    def state(self) -> TrialState:
        """The state, folded from the beginning."""
        return fold(self.study, self.records)

    def do(self, act: Act, actor: Actor | None = None) -> tuple[Happening, ...]:
        """Decide an act and record what comes of it."""
        by = actor or (INVESTIGATOR if isinstance(act, Attest) else CHIEF)
        due = fallen_due(self.live, act)
        before, kept = self.live, len(self.records)
        for happening in due:
            self.append(happening, SYSTEM)
        try:
            happenings = decide(self.live, act, by)
        except Refusal:
            self.live = before
            del self.records[kept:]
            raise
        for happening in happenings:
            self.append(happening, by)
        return happenings

    def append(self, happening: Happening, by: Actor = CHIEF) -> None:
        """Record a happening; a redaction erases its field first, as the ledger does."""
        payload = json.loads(json.dumps(happening.payload))
        record = Recorded(
            len(self.records) + 1,
            "2026-11-22T12:00:00.000Z",
            by.account,
            by.role,
            by.site,
            "test",
            hashlib.sha256(b"protocol").hexdigest(),
            "0",
            replace(happening, payload=payload),
        )
        if happening.act == "redacted":
            self._erase(payload["sequence"], payload["field"])
            self.records.append(record)
            self.live = self.state
        else:
            self.records.append(record)
            self.live = apply(self.live, record)

    def fields(self, sequence: int) -> list[str]:
        """Name every field of a happening that can be redacted."""
        return ["reason", "source", *flatten(self.records[sequence - 1].happening.payload)]

    def _erase(self, sequence: int, path: str) -> None:
        """Read a field as null from now on."""
        record = self.records[sequence - 1]
        if path == "reason":
            record = replace(record, happening=replace(record.happening, reason=""))
        elif path != "source":
            leaves = flatten(record.happening.payload)
            assert path in leaves, path
            left = assemble({**leaves, path: None})
            record = replace(record, happening=replace(record.happening, payload=left))
        self.records[sequence - 1] = record

    def enrol(
        self,
        number: str,
        arm: str = "A",
        choice: Mapping[str, str] | None = None,
        *,
        on: date = REGISTERED,
        first_dose: date = FIRST_DOSE,
    ) -> None:
        """Consent, record, answer, register and assign a participant."""
        self.screen(number)
        self.do(Register(number, arm, on, first_dose))
        self.do(Assign(number, on, choice or {}))

    def screen(self, number: str) -> None:
        """Consent, record and answer for a participant, so that every criterion is met."""
        self.do(Consent(number, CONSENTED))
        self.do(facts(number))
        self.do(answer(number, "informed-consent", "yes"))

    def treat(self, number: str, *, days: int = 28, status: str = "given") -> None:
        """Record the doses of ipatasertib planned in the first days; the rest was held."""
        self.do(doses(self.live, number, days=days, status=status))

    def complete(self, *numbers: str, on: date = REGISTERED, first_dose: date = FIRST_DOSE) -> None:
        """Enrol participants in arm A and treat them through their window."""
        for number in numbers:
            self.enrol(number, on=on, first_dose=first_dose)
            self.treat(number)


def facts(number: str, *, ecog: int = 1, on: date = CONSENTED) -> RecordFacts:
    """Give a birth date, sex, performance status and the absence of pregnancy."""
    day = PartialDate.of(on)
    return RecordFacts(
        number,
        on,
        PartialDate.parse("1960-04-01"),
        "female",
        (Observation("ecog", Quantity(Decimal(ecog), "{score}"), day, PERSON),),
        (Condition("pregnancy", is_present=False, since=None, until=None, source=PERSON,
                   recorded=day),),
    )  # fmt: skip


def answer(
    number: str,
    question: str,
    said: str,
    *,
    reason: str = "",
    role: str = "investigator",
    on: date = CONSENTED,
) -> Attest:
    """Give an answer of a person."""
    day = PartialDate.of(on)
    return Attest(number, Attestation(question, said, reason, role, day, PERSON))


def exception(
    number: str,
    criterion: str = "E11",
    *,
    sort: Literal["exception", "deviation"] = "exception",
    granted_by: str = "IRB 2026-17",
    on: date = CONSENTED,
    reason: str = "test not read yet",
) -> RecordException:
    """Give an exception granted beforehand."""
    return RecordException(number, criterion, sort, granted_by, on, reason)


def doses(
    state: TrialState, number: str, *, days: int = 28, status: str = "given", on: date | None = None
) -> RecordDoses:
    """Give doses of ipatasertib as planned for so many days, and held until the window is over."""
    here = state.participants[number]
    arm, start = state.study.required_arm(here.arm), here.first_dose_planned_on or FIRST_DOSE
    start = max(start, here.assigned_on or start)
    planned = dosing_calendar(
        arm, state.study.agents, 28, start, 1, choice=here.choice, dose_level=here.dose_level
    )
    taken = [dose for dose in planned if dose.agent == "ipatasertib"]
    return RecordDoses(
        number,
        on or start + timedelta(days=28),
        tuple(
            DoseGiven(each.agent, each.on, each.amount, status, PERSON)
            if each.day <= days
            else DoseGiven(each.agent, each.on, None, "held", PERSON, "other")
            for each in taken
        ),
    )


def first_of(planned: RecordDoses) -> RecordDoses:
    """Give the first of some doses alone."""
    return replace(planned, doses=planned.doses[:1])


def toxicity(
    number: str,
    *,
    grade: int | None = 3,
    term: str = "Rash maculo-papular",
    day: int = 10,
    start: date = FIRST_DOSE,
    on: date | None = None,
) -> RecordAdverseEvent:
    """Give an adverse event of a study day, related to ipatasertib."""
    began = PartialDate.of(start + timedelta(days=day - 1))
    event = AdverseEvent(
        term, grade, began, None, is_serious=False, related_to=("ipatasertib",), source=PERSON
    )
    return RecordAdverseEvent(number, on or start + timedelta(days=28), event)


def disease(number: str, on: date = CONSENTED) -> RecordTumourBaseline:
    """Give the disease before treatment."""
    return RecordTumourBaseline(
        number,
        TumourBaseline(
            on,
            (TargetLesion("T1", "LIVER", is_node=False, mm=Decimal("20.5")),),
            (NonTargetLesion("N1", "BONE", is_node=False),),
            PERSON,
            "CT SCAN",
        ),
    )


def scan(number: str, week: int, mm: str = "15.25") -> RecordTumourAssessment:
    """Give an assessment some weeks after the first dose."""
    return RecordTumourAssessment(
        number,
        TumourAssessment(
            FIRST_DOSE + timedelta(weeks=week),
            {"T1": Decimal(mm)},
            {"N1": NonTargetWord.PRESENT},
            (NewLesion(Certainty.EQUIVOCAL, "LUNG", "X1"),),
            PERSON,
        ),
    )


def meeting(arm: str = "A", on: date = WINDOW_OVER) -> DecideDose:
    """Give the act of a dose meeting with data up to its day."""
    return DecideDose(arm, on, on)


def backfilled(trial: Trial, number: str) -> None:
    """Record somebody as backfilled in arm B, as a protocol with backfill allows."""
    trial.screen(number)
    trial.do(Register(number, "B", WINDOW_OVER, WINDOW_OVER))
    payload = {"arm": "B", "dose_level": 1, "choice": {}, "because": "open", "first_day": []}
    trial.append(Happening("backfilled", number, WINDOW_OVER, payload))


def long_history(study: Study) -> Trial:
    """Give a trial in which every act was done at least once."""
    trial = Trial(study)
    trial.do(OpenTrial(OPENED))
    trial.complete("P-1", "P-2", "P-3")
    trial.do(Screen("P-1", "B", REGISTERED, FIRST_DOSE))
    trial.do(toxicity("P-1", grade=2))
    trial.do(disease("P-1"))
    trial.do(scan("P-1", 8))
    trial.do(scan("P-1", 16, "12.5"))
    trial.do(meeting())
    clinical_story.tell(trial)
    biomarker_story.tell(trial)
    central_story.tell(trial, "P-1", CONSENTED, FIRST_DOSE)
    trial.screen("P-4")
    trial.do(exception("P-4"))
    trial.do(Register("P-4", "A", WINDOW_OVER, WINDOW_OVER))
    trial.do(Assign("P-4", WINDOW_OVER))
    backfilled(trial, "P-19")
    for act in (
        OpenSite("elsewhere", WINDOW_OVER, "initiation visit"),
        SuspendSite("elsewhere", WINDOW_OVER, "no pharmacist"),
        CloseSite("elsewhere", WINDOW_OVER, "no pharmacist found"),
        SuspendTrial(WINDOW_OVER, "safety review"),
        CloseTrial(WINDOW_OVER, "sponsor's decision"),
        ReopenTrial(WINDOW_OVER, "sponsor's decision taken back"),
        ReopenSite("mgh", WINDOW_OVER, "with the trial"),
        *slot_acts(WINDOW_OVER),
    ):
        trial.do(act)
    trial.enrol("P-9", "C")
    trial.do(first_of(doses(trial.state, "P-9", on=WINDOW_OVER)))
    overseeing.oversee(trial, OPENED, WINDOW_OVER)
    amending_history.do_amendments(trial, WINDOW_OVER)
    trial.append(account_changed("c.meyer", "locked", WINDOW_OVER))
    return trial


@pytest.fixture(scope="session")
def protocol() -> Study:
    """Give the shipped protocol."""
    return shipped("nct03959891").study


@pytest.fixture(scope="session")
def study(protocol: Study) -> Study:
    """Give the shipped protocol with three of its criteria, and an invented site beside its own."""
    invented = Site(id="elsewhere", name="Invented Hospital", status="not yet active")
    few = amending_history.with_few_criteria(protocol, FEW)
    return few.model_copy(update={"sites": (*protocol.sites, invented)})


@pytest.fixture
def trial(study: Study) -> Trial:
    """Give a trial that is open and has nobody in it."""
    made = Trial(study)
    made.do(OpenTrial(OPENED))
    return made


@pytest.fixture
def history(study: Study) -> Trial:
    """Give a trial in which every act was done at least once."""
    return long_history(study)


@pytest.fixture(scope="session")
def say():
    """Give the makers of acts by name."""
    return Sayings()


class Sayings:
    """The makers of acts."""

    facts = staticmethod(facts)
    answer = staticmethod(answer)
    exception = staticmethod(exception)
    doses = staticmethod(doses)
    toxicity = staticmethod(toxicity)
    disease = staticmethod(disease)
    scan = staticmethod(scan)
    meeting = staticmethod(meeting)
    history = staticmethod(long_history)
    empty = Trial
    OPENING = OpenTrial(OPENED)
    OPENED, CONSENTED, REGISTERED = OPENED, CONSENTED, REGISTERED
    FIRST_DOSE, WINDOW_OVER = FIRST_DOSE, WINDOW_OVER
    CHIEF, INVESTIGATOR = CHIEF, INVESTIGATOR
