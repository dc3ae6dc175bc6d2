"""Acts about a participant's course: forms, visits, medicines, end of treatment, follow-up.

Data only. Each carries the day of its entry; the days of what is entered stand in the entry, so
that what became known late can be entered late.
"""

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
from trialwright.casebook.facts import Condition, Observation
from trialwright.casebook.treatments import Specimen, Treatment
from trialwright.terms.canonical import Json


@dataclass(frozen=True, slots=True)
class RecordForm:
    """Enter a form: medical history, prior therapy, laboratory, vital signs, ECG or specimens.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    form : str
        Its name, one of `FORMS`.
    visit : str
        Code of the visit to which it belongs, e.g. `C1D8`.
    observations, conditions, treatments, specimens : tuple
        What the protocol's vocabulary names; rules read these.
    others : tuple of OtherEntry
        What it does not name; kept and shown, read by no rule.
    """

    participant: str
    on: date
    form: str
    visit: str
    observations: tuple[Observation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    others: tuple[OtherEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreenFail:
    """Record that screening ended without registration.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : ScreenFailure
        Day and the criteria that were not met.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: ScreenFailure
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """Record what became of a visit.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : Visit
        Code, outcome and day.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: Visit
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordMedicine:
    """Record a medicine taken beside the study treatment.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : ConcomitantMedicine
        Name and dates.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: ConcomitantMedicine
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountDrug:
    """Record units of an agent handed out and brought back.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : DrugCount
        Agent, numbers and days.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: DrugCount
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordProgression:
    """Record progression judged without imaging.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : ClinicalProgression
        Its day.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: ClinicalProgression
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordSubsequentTherapy:
    """Record anti-cancer therapy after the study treatment.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : SubsequentTherapy
        Name and dates.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: SubsequentTherapy
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContactSurvival:
    """Record that the participant was alive on a day.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : SurvivalContact
        The day and how it is known.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: SurvivalContact
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordPregnancy:
    """Record a pregnancy that became known.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : Pregnancy
        Of whom, since when known, and what became of it.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: Pregnancy
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordDeath:
    """Record the participant's death.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : Death
        Date as known, and category of the cause.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: Death
    note: str = ""


@dataclass(frozen=True, slots=True)
class EndTreatment:
    """End the study treatment of a participant.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : OffTreatment
        Day, category and last dose.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: OffTreatment
    note: str = ""


@dataclass(frozen=True, slots=True)
class EndStudy:
    """End all follow-up of a participant.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : OffStudy
        Day and category.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: OffStudy
    note: str = ""


@dataclass(frozen=True, slots=True)
class DelayCycle:
    """Let a cycle begin on another day than planned.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    entry : CycleDelay
        Cycle, day and category.
    note : str
        In words, where it can be redacted alone; may be empty.
    """

    participant: str
    on: date
    entry: CycleDelay
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correct:
    """Correct a recorded value; the first one stays in the ledger.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of the correction.
    sequence : int
        Happening that holds the value; for a value corrected before, still the first one.
    field : str
        Its path, e.g. `payload/event/grade` or `payload/event/ended`.
    old : Json
        The value as it was shown to whoever corrects, so that nobody corrects unseen.
    new : Json
        What is to count.
    reason : str
        Why.
    """

    participant: str
    on: date
    sequence: int
    field: str
    old: Json
    new: Json
    reason: str


EntryAct = (
    ScreenFail
    | RecordVisit
    | RecordMedicine
    | CountDrug
    | RecordProgression
    | RecordSubsequentTherapy
    | ContactSurvival
    | RecordPregnancy
    | RecordDeath
    | DelayCycle
    | EndTreatment
    | EndStudy
)
"""Acts that record one entry of the course."""

ClinicalAct = RecordForm | EntryAct | Correct
"""Acts about the course of one participant."""
