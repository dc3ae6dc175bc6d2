"""The story that the demo tells: invented people, days and findings, as acts.

Nothing here decides anything; every act goes through the gateway.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.tumours import (
    Certainty,
    NewLesion,
    NonTargetLesion,
    NonTargetWord,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.acts import Act, Attest, Consent, RecordDoses, RecordFacts
from trialwright.conduct.roles import Actor
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.visits.dosing_days import PlannedDose

CONSENT = date(2026, 2, 27)
SCREENING = date(2026, 3, 3)
REGISTRATION = date(2026, 3, 5)
FIRST_DOSE = date(2026, 3, 9)
WINDOW_OVER = date(2026, 4, 6)
"""The day after the last of 28 days from the first dose."""

TOLD = date(2026, 6, 29)
"""Day of the last tumour assessment; the story is told, and entered, on it."""

ANCHORS: dict[Anchor, date] = {
    "consent": CONSENT,
    "screening": SCREENING,
    "registration": REGISTRATION,
    "first_dose": FIRST_DOSE,
}

SITE = "mgh"
COORDINATOR = Actor("c.meyer", "coordinator", SITE)
INVESTIGATOR = Actor("i.okafor", "investigator", SITE)
CHIEF = Actor("p.lindqvist", "principal-investigator", SITE)

FIRST = "MGH-001"
SIMULATED = ("MGH-002", "MGH-003")
BESIDE = "MGH-900"
"""Study number of whoever is read from a bundle that was named."""

ARM = "A"

_PERSON = Source("person", "interview and chart")
_ABSENT = ("cns-metastasis", "second-malignancy", "hiv", "pregnancy")
_YES = (
    "her2-negative", "advanced-disease", "prior-lines", "evaluable-disease", "therapies-stopped",
    "informed-consent", "good-candidate", "archival-tissue", "record-complete",
)  # fmt: skip
_NO = (
    "recent-therapy", "unrecovered-toxicity", "akt-inhibitor-taken", "cyp3a-strong-taken",
    "uncontrolled-illness", "gi-impairment", "cardiac-history", "qt-risk", "gi-toxicity",
    "effusion", "diabetes-insulin", "diabetes-oral-unstable",
    "childbearing-potential", "cdk46-intolerance", "precluding-condition", "contraindication",
)  # fmt: skip


def consent_and_facts(
    participant: str, casebook: Casebook, consented: date = CONSENT, entered: date = SCREENING
) -> tuple[Act, ...]:
    """Give the acts that bring a participant and what records hold of them into the trial.

    Parameters
    ----------
    participant : str
        Study number.
    casebook : Casebook
        As read from records.
    consented, entered : date
        Day of consent, and day on which the records came in.

    Returns
    -------
    tuple of Act
        Consent, then facts.
    """
    return (
        Consent(participant, consented),
        RecordFacts(
            participant,
            entered,
            casebook.born,
            casebook.sex,
            casebook.observations,
            casebook.conditions,
            casebook.treatments,
            casebook.specimens,
            casebook.coverage,
            tuple(sorted(casebook.unsettled)),
        ),
    )


def absences(participant: str, on: date = SCREENING) -> RecordFacts:
    """Give what the investigator recorded as absent.

    Parameters
    ----------
    participant : str
        Study number.
    on : date
        Day of the record.

    Returns
    -------
    RecordFacts
        Conditions of which the record is silent.
    """
    day = PartialDate.of(on)
    absent = tuple(
        Condition(term, is_present=False, since=None, until=None, source=_PERSON, recorded=day)
        for term in _ABSENT
    )
    return RecordFacts(participant, on, conditions=absent)


def attestations(participant: str, on: date = SCREENING) -> Iterator[Attest]:
    """Give the investigator's answers.

    Parameters
    ----------
    participant : str
        Study number.
    on : date
        Day of the answers.

    Yields
    ------
    Attest
        One for each question.
    """
    day = PartialDate.of(on)
    for question in _YES:
        yield Attest(participant, Attestation(question, "yes", "", "investigator", day, _PERSON))
    for question in _NO:
        yield Attest(participant, Attestation(question, "no", "", "investigator", day, _PERSON))


def doses_taken(
    participant: str, planned: tuple[PlannedDose, ...], up_to: date, held_from: date | None = None
) -> RecordDoses:
    """Give the doses of a participant who took what was planned, until treatment was held.

    Parameters
    ----------
    participant : str
        Study number.
    planned : tuple of PlannedDose
        The calendar.
    up_to : date
        Last day recorded.
    held_from : date or None
        From this day ipatasertib was held.

    Returns
    -------
    RecordDoses
        One record for each planned dose.
    """
    source = Source("person", "drug diary")
    doses = []
    for dose in planned:
        is_held = held_from is not None and dose.on >= held_from and dose.agent == "ipatasertib"
        if dose.on <= up_to:
            amount, status = (None, "held") if is_held else (dose.amount, "given")
            reason = "adverse event" if is_held else None
            doses.append(DoseGiven(dose.agent, dose.on, amount, status, source, reason))  # type: ignore[arg-type]
    return RecordDoses(participant, up_to, tuple(doses))


def neutrophils() -> Observation:
    """Give a neutrophil count of cycle 1, day 15.

    Returns
    -------
    Observation
        0.9 x 10*3/uL, with that laboratory's own range.
    """
    return Observation(
        "anc",
        Quantity(Decimal("0.9"), "10*3/uL"),
        PartialDate.of(FIRST_DOSE + timedelta(days=14)),
        Source("person", "laboratory report C1D15"),
        Decimal("1.8"),
        Decimal("7.5"),
    )


def glucose() -> Observation:
    """Give a fasting glucose of cycle 1, day 15.

    Returns
    -------
    Observation
        268 mg/dL, with that laboratory's own range.
    """
    return Observation(
        "fasting-glucose",
        Quantity(Decimal(268), "mg/dL"),
        PartialDate.of(FIRST_DOSE + timedelta(days=14)),
        Source("person", "laboratory report C1D15"),
        Decimal(70),
        Decimal(100),
    )


def event(term: str, grade: int | None, started: date, days: int) -> AdverseEvent:
    """Give an adverse event related to ipatasertib.

    Parameters
    ----------
    term : str
        CTCAE term.
    grade : int or None
        As graded; None when it could not be.
    started : date
        First day.
    days : int
        How long it lasted.

    Returns
    -------
    AdverseEvent
        Not serious; attributed to ipatasertib.
    """
    return AdverseEvent(
        term,
        grade,
        PartialDate.of(started),
        PartialDate.of(started + timedelta(days=days)),
        is_serious=False,
        related_to=("ipatasertib",),
        source=Source("person", "visit C1D15"),
        highest_grade_hours=24 * days,
    )


def tumour_baseline() -> TumourBaseline:
    """Give the disease before treatment.

    Returns
    -------
    TumourBaseline
        Two targets (62 mm in sum) and one bone lesion.
    """
    return TumourBaseline(
        SCREENING,
        (
            TargetLesion("T1", "LUNG", is_node=False, mm=Decimal(38)),
            TargetLesion("T2", "LYMPH NODE", is_node=True, mm=Decimal(24)),
        ),
        (NonTargetLesion("N1", "BONE", is_node=False),),
        Source("person", "CT report"),
        "CT SCAN",
    )


def tumour_assessments() -> tuple[TumourAssessment, ...]:
    """Give the assessments at weeks 8 and 16.

    Returns
    -------
    tuple of TumourAssessment
        A response, then a new lesion.
    """
    source = Source("person", "CT report")
    return (
        TumourAssessment(
            FIRST_DOSE + timedelta(weeks=8),
            {"T1": Decimal("24.4"), "T2": Decimal(19)},
            {"N1": NonTargetWord.PRESENT},
            (),
            source,
        ),
        TumourAssessment(
            FIRST_DOSE + timedelta(weeks=16),
            {"T1": Decimal("24.0"), "T2": Decimal(18)},
            {"N1": NonTargetWord.PRESENT},
            (NewLesion(Certainty.UNEQUIVOCAL, "LIVER", "NEW1"),),
            source,
        ),
    )


def illustrative(study: Study) -> tuple[str, ...]:
    """Say which parts of a protocol the registry page does not state.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    tuple of str
        Short phrases.
    """
    arm = study.arms[0]
    doses = "/".join(f"{dose:f}" for dose in arm.ladder.doses)
    unit = study.agents[arm.ladder.agent].dose_unit
    named = (
        (arm.ladder.label, f"dose levels of {arm.ladder.agent} ({doses} {unit} in arm {arm.id})"),
        (arm.escalation.label, f"design ({arm.escalation.title})"),
        (arm.dlt_window.label, f"DLT window ({arm.dlt_window.days} days in arm {arm.id})"),
        (study.dlt.label, "DLT definition"),
        (study.sample_size.label, f"sample size ({study.sample_size.participants})"),
        (study.assignment.label, "rule of assignment"),
        (study.slots.label, "slots and their wait list") if study.slots else ("", ""),
        (study.response.label, "response settings"),
        (study.endpoint_settings.label, "censoring rules"),
        (study.assessments[0].label, "visits and their windows") if study.assessments else ("", ""),
    )
    return tuple(says for label, says in named if label)
