"""The demo: the first protocol and one participant, all the way, each step with its reason.

Each step is one call into the room that owns it; this module wires and tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from trialwright.assembly import ledgers, shelf, story
from trialwright.assembly.files import read_text
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.protocols import load
from trialwright.assembly.records_in import read_example, read_named
from trialwright.assembly.tampering import change_a_grade
from trialwright.assembly.telling import counted, intake_told, promises, spans
from trialwright.casebook.facts import Observation
from trialwright.conduct.acts import (
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
from trialwright.conduct.dlt_statuses import dlt_status
from trialwright.conduct.dose_meeting import prepare
from trialwright.conduct.screening import judge
from trialwright.eligibility.screening import Screening, screen
from trialwright.endpoints.counts import count_events
from trialwright.endpoints.follow_up import Assessed, FollowUp
from trialwright.endpoints.progression import progression_free_survival
from trialwright.grading.findings import GradeFinding
from trialwright.grading.laboratory import grade_observation
from trialwright.intake.outcome import Intake
from trialwright.protocol.reading import ReadProtocol
from trialwright.registry.compare import compare
from trialwright.registry.page import read_page
from trialwright.response.timepoint import timepoint_responses
from trialwright.terms.errors import Refusal, refuse
from trialwright.visits.dosing_days import PlannedDose, dosing_calendar
from trialwright.visits.windows import visit_calendar


@dataclass(frozen=True, slots=True)
class Chapter:
    """One step of the account.

    Attributes
    ----------
    title : str
        What is done.
    lines : tuple of str
        What came of it, with the reasons.
    """

    title: str
    lines: tuple[str, ...]


def demo(
    folder: Path, page: Path | None = None, records: Path | None = None, patient: str = ""
) -> Iterator[Chapter]:
    """Take the first protocol and one participant all the way.

    Parameters
    ----------
    folder : Path
        Empty folder for the ledger, its key and its checkpoint.
    page : Path or None
        Registry page to read and compare with the shipped protocol.
    records : Path or None
        FHIR R4 records of one participant to read and screen beside the shipped example.
    patient : str
        `Patient/<id>` or id of the one meant; needed where the records are of several.

    Yields
    ------
    Chapter
        As each step is done.

    Raises
    ------
    Refusal
        If a file that was named cannot be read, or the folder holds a ledger; nothing is told then.
    """
    protocol = load("nct03959891")
    study = protocol.study
    compared = None if page is None else _the_page(protocol, page)
    beside = None if records is None else read_named(records, study, story.BESIDE, patient)
    told = _Demo(folder, protocol)  # what was named can be taken: only now a ledger is made
    yield Chapter(f"The protocol: {study.identifiers.nct}, phase {study.phase}", promises(protocol))
    if compared is not None:
        yield compared
    yield told.records(beside)
    yield told.screening()
    yield told.answers()
    yield told.registration()
    yield told.calendar()
    yield told.on_study()
    yield told.cohort()
    yield told.dose_meeting()
    yield told.tumours()
    yield told.ledger()
    yield told.tampering()


def _the_page(protocol: ReadProtocol, page: Path) -> Chapter:
    """Say how the registry page and the shipped protocol differ."""
    draft = read_page(read_text(page), page.name)
    compared = compare(draft, protocol.study)
    return Chapter(
        f"The registry page {page.name}, read and compared",
        (
            *(each.says for each in compared.agreements),
            *(each.says for each in compared.differences),
        ),
    )


def _told_at() -> str:
    """Give the clock of the story: everything is entered on its last day."""
    return f"{story.TOLD.isoformat()}T12:00:00.000Z"


class _Demo:
    """One run of the story on its own ledger."""

    def __init__(self, folder: Path, protocol: ReadProtocol) -> None:
        self.protocol = protocol
        self.study = protocol.study
        self.store = ledgers.make_file(folder)
        self.gateway = Gateway(self.store, protocol, _told_at, "demo")
        self.simulation = Gateway(self.store, protocol, _told_at, "simulation")
        self.example = read_example(self.study, story.FIRST)
        self.planned: tuple[PlannedDose, ...] = ()

    def records(self, beside: Intake | None) -> Chapter:
        """Open the trial and bring one participant's records in."""
        self.gateway.execute(OpenTrial(story.CONSENT), story.CHIEF)
        acts = story.consent_and_facts(story.FIRST, self.example.casebook)
        self.gateway.execute_all(acts, story.COORDINATOR)
        lines = intake_told(story.FIRST, self.example)
        if beside is not None:
            # Its name is not shown: exports are often named after the patient.
            lines += intake_told(f"{story.BESIDE}, the records that were named", beside)
            judged = screen(
                self.study, beside.casebook, story.ARM, story.REGISTRATION, story.ANCHORS
            )
            lines.append(f"{story.BESIDE}, {judged.because}; {counted(judged)}")
        return Chapter("Records in: one FHIR R4 bundle becomes a casebook", tuple(lines))

    def screening(self) -> Chapter:
        """Screen from the record alone, and be refused registration."""
        self.gateway.execute(
            Screen(story.FIRST, story.ARM, story.SCREENING, story.FIRST_DOSE), story.COORDINATOR
        )
        lines = []
        for arm in self.study.arms:
            judged = self._judged(arm.id)
            lines.append(f"{judged.because}; {counted(judged)}")
        register = Register(story.FIRST, story.ARM, story.REGISTRATION, story.FIRST_DOSE)
        lines.append(f"Registering now is refused: {self._refused(register)}")
        return Chapter("Screening from the record alone", tuple(lines))

    def _refused(self, act: Register) -> str:
        """Try an act that must be refused, and give the first reason."""
        try:
            self.gateway.execute(act, story.INVESTIGATOR)
        except Refusal as refused:
            first = refused.faults[0]
            return (
                f"{len(refused.faults)} criteria stand in the way, first {first.where}: {first.do}"
            )
        raise refuse_story("registration without a complete checklist was not refused")

    def answers(self) -> Chapter:
        """Record what is absent and what a person answers for, and screen again."""
        self.gateway.execute(story.absences(story.FIRST), story.INVESTIGATOR)
        self.gateway.execute_all(tuple(story.attestations(story.FIRST)), story.INVESTIGATOR)
        judged = self._judged(story.ARM)
        lines = [
            f"{each.criterion}  {each.word:<14} {each.finding.because}" for each in judged.verdicts
        ]
        others = (self._judged(arm.id) for arm in self.study.arms)
        return Chapter(
            "Every criterion with its reason, after the investigator's answers",
            (*lines, *(f"{each.because}; {counted(each)}" for each in others)),
        )

    def registration(self) -> Chapter:
        """Register with the checklist, and assign arm and dose level."""
        register = Register(story.FIRST, story.ARM, story.REGISTRATION, story.FIRST_DOSE)
        done = self.gateway.execute(register, story.INVESTIGATOR)
        self.gateway.execute(Assign(story.FIRST, story.REGISTRATION), story.COORDINATOR)
        here = self.gateway.state().participants[story.FIRST]
        arm = self.study.required_arm(here.arm)
        level = here.dose_level or 0
        dose = arm.ladder.said(level, self.study.agents)
        agents = " + ".join(arm.ladder.agents)
        return Chapter(
            "Registration and assignment",
            (
                f"{story.FIRST} registered on {story.REGISTRATION}: "
                f"{done.happenings[0].payload['because']}",
                f"assigned to arm {arm.id}, dose level {level}: {agents} {dose} "
                f"({arm.ladder.label})",
                done.receipt_said,
            ),
        )

    def calendar(self) -> Chapter:
        """Lay out cycles 1 to 3 with real dates."""
        here = self.gateway.state().participants[story.FIRST]
        arm = self.study.required_arm(here.arm)
        self.planned = dosing_calendar(
            arm,
            self.study.agents,
            self.study.cycle_days,
            story.FIRST_DOSE,
            3,
            choice=here.choice,
            dose_level=here.dose_level,
        )
        visits = visit_calendar(
            self.study.assessments, arm, self.study.cycle_days, story.FIRST_DOSE, 3
        )
        lines = [
            *spans(self.planned),
            *(
                f"{visit.on} C{visit.cycle}D{visit.day} {visit.says}, "
                f"window {visit.earliest} to {visit.latest} ({visit.label})"
                for visit in visits
                if visit.assessment in ("tumour-assessment", "fasting-glucose")
            ),
        ]
        return Chapter(f"Calendar of cycles 1-3, arm {arm.id}", tuple(lines))

    def on_study(self) -> Chapter:
        """Grade two laboratory values and judge both events against the DLT definition."""
        day_15 = story.FIRST_DOSE + timedelta(days=14)
        taken = story.doses_taken(story.FIRST, self.planned, story.WINDOW_OVER, day_15)
        self.gateway.execute(taken, story.COORDINATOR)
        lines = []
        for term, test, seen, days in (
            ("Neutrophil count decreased", "", story.neutrophils(), 4),
            ("Hyperglycemia", "GLUC fasting", story.glucose(), 9),
        ):
            graded = self._graded(term, test, seen)
            self.gateway.execute(
                RecordFacts(story.FIRST, story.WINDOW_OVER, observations=(seen,)), story.COORDINATOR
            )
            found = story.event(term, graded.grade, day_15, days)
            self.gateway.execute(
                RecordAdverseEvent(story.FIRST, story.WINDOW_OVER, found), story.COORDINATOR
            )
            lines.append(graded.because)
        state = self.gateway.state()
        status = dlt_status(state, state.participants[story.FIRST], story.WINDOW_OVER)
        lines += [f"DLT {each.answer}: {each.because} ({each.label})" for each in status.verdicts]
        lines.append(f"{story.FIRST} {status.evaluable.state}: {status.evaluable.because}")
        return Chapter("On study: laboratory, adverse events, DLT", tuple(lines))

    def _graded(self, term: str, test: str, seen: Observation) -> GradeFinding:
        """Grade a laboratory value by the criteria that the protocol names for the term."""
        version = self.study.dlt.graded_by.get(term, self.study.dlt.ctcae)
        return grade_observation(shelf.lab_rules(), term, seen, test=test, version=version)

    def cohort(self) -> Chapter:
        """Complete the cohort with two simulated participants, through the same gateway."""
        for number in story.SIMULATED:
            facts = story.consent_and_facts(number, self.example.casebook)
            self.simulation.execute_all(facts, story.COORDINATOR)
            self.simulation.execute(story.absences(number), story.INVESTIGATOR)
            self.simulation.execute_all(tuple(story.attestations(number)), story.INVESTIGATOR)
            self.simulation.execute(
                Register(number, story.ARM, story.REGISTRATION, story.FIRST_DOSE),
                story.INVESTIGATOR,
            )
            self.simulation.execute(Assign(number, story.REGISTRATION), story.COORDINATOR)
            self.simulation.execute(
                story.doses_taken(number, self.planned, story.WINDOW_OVER), story.COORDINATOR
            )
        early = story.FIRST_DOSE + timedelta(days=20)
        waiting = prepare(self.gateway.state_at(as_of=story.WINDOW_OVER), story.ARM, early)
        return Chapter(
            "Two simulated participants complete the cohort",
            (
                f"{', '.join(story.SIMULATED)}: the example's facts under new numbers, "
                "through the same gateway",
                f"asked as of {early}: {waiting.decision.act}: {waiting.decision.because}",
            ),
        )

    def dose_meeting(self) -> Chapter:
        """Take the dose decision, and take it again from the record."""
        act = DecideDose(story.ARM, story.WINDOW_OVER, story.WINDOW_OVER)
        done = self.gateway.execute(act, story.CHIEF)
        decided = done.happenings[0].payload
        before = self.gateway.state_at(known_at=done.receipt.sequence - 1)
        again = prepare(before, story.ARM, story.WINDOW_OVER)
        same = "the same" if again.decision.because == decided["because"] else "ANOTHER"
        people = tuple(
            f"{each.participant}: {each.evaluable.state}: {each.evaluable.because}"
            for each in again.statuses
        )
        label = self.study.required_arm(story.ARM).escalation.label
        return Chapter(
            "Dose meeting",
            (
                *people,
                f"{decided['act']}: {decided['because']} ({label})",
                f"recomputed from the ledger up to happening {done.receipt.sequence - 1}: "
                f"{same} answer",
            ),
        )

    def tumours(self) -> Chapter:
        """Judge two tumour assessments, and progression-free survival."""
        baseline, assessments = story.tumour_baseline(), story.tumour_assessments()
        self.gateway.execute(RecordTumourBaseline(story.FIRST, baseline), story.INVESTIGATOR)
        for assessment in assessments:
            act = RecordTumourAssessment(story.FIRST, assessment)
            self.gateway.execute(act, story.INVESTIGATOR)
        here = self.gateway.state().participants[story.FIRST]
        judged = timepoint_responses(baseline, here.assessments, self.study.response)
        cutoff = assessments[-1].on + timedelta(days=7)
        follow_up = FollowUp(
            start=here.first_dose_on or story.FIRST_DOSE,
            cutoff=cutoff,
            assessments=tuple(
                Assessed(each.on, each.overall, each.progression_on) for each in judged
            ),
            last_alive=assessments[-1].on,
        )
        every_days = 7 * self.study.response.assessment_every_weeks
        survival = progression_free_survival(follow_up, every_days, self.study.endpoint_settings)
        counted = count_events("treated participants with a baseline", {story.FIRST: survival})
        return Chapter(
            "Tumour assessments by RECIST 1.1, and progression-free survival",
            (
                *(f"{each.on}: {each.overall}: {each.because}" for each in judged),
                f"PFS of {story.FIRST}, data cutoff {cutoff}: {survival.because}",
                counted.because,
            ),
        )

    def ledger(self) -> Chapter:
        """Verify the ledger."""
        report = self.store.verify(self.gateway.trial, every_signature=True)
        return Chapter("The ledger, verified", tuple(str(report).splitlines()))

    def tampering(self) -> Chapter:
        """Change one row behind the ledger's back, and verify again."""
        changed = change_a_grade(self.store.path)
        report = self.store.verify(self.gateway.trial)
        if report.is_intact:
            raise refuse_story("a changed row was not found")
        told = tuple(str(report).splitlines())
        return Chapter(
            "One row changed behind its back, with the guards put back after", (changed, *told)
        )

    def _judged(self, arm: str) -> Screening:
        """Judge the first participant for an arm on the day of registration."""
        return judge(self.gateway.state(), story.FIRST, arm, story.REGISTRATION, story.FIRST_DOSE)


def refuse_story(why: str) -> Refusal:
    """Give the refusal of a demo that did not go as it must.

    Parameters
    ----------
    why : str
        What did not happen.

    Returns
    -------
    Refusal
        To be raised.
    """
    return refuse("demo", why, "the story as told", "Report this as a fault of the software")
