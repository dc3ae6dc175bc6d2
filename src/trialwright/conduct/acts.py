"""Acts: what a person, a file or a simulation asks to be done. Data only; `deciding` decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.facts import Attestation, Condition, Observation
from trialwright.casebook.treatments import Coverage, Specimen, Treatment
from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.conduct.amendment_acts import AmendingAct
from trialwright.conduct.backfill_acts import AssignBackfill
from trialwright.conduct.biomarker_acts import BiomarkerAct
from trialwright.conduct.central_records import INVESTIGATOR, Adjudicate, Evaluator
from trialwright.conduct.clinical_acts import ClinicalAct
from trialwright.conduct.cohort_acts import CohortMove
from trialwright.conduct.delegation_acts import Delegate, EndDelegation
from trialwright.conduct.dose_decision_acts import ChooseRp2d, Override
from trialwright.conduct.locking_acts import Holding, VerifySource
from trialwright.conduct.query_acts import QueryMove, RaiseQuery
from trialwright.conduct.recruiting_acts import SiteMove, TrialMove
from trialwright.conduct.signing_acts import Sign
from trialwright.conduct.slot_acts import SlotAct
from trialwright.terms.dates import PartialDate


@dataclass(frozen=True, slots=True)
class OpenTrial:
    """Open the trial under its protocol.

    Attributes
    ----------
    on : date
        Day of the act.
    reason : str
        What it rests on, e.g. the site initiation visit; may be empty.
    """

    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """Record that a participant consented; from here on the study number is known.

    Attributes
    ----------
    participant : str
        New study number.
    on : date
        Day of the signature.
    """

    participant: str
    on: date


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """Put facts into a participant's casebook.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of the import or entry.
    born : PartialDate or None
        Date of birth, when it comes with the facts.
    sex : str or None
        Recorded sex, when it comes with the facts.
    observations, conditions, treatments, specimens : tuple
        The facts.
    coverage : tuple of Coverage
        Spans over which the record is known to be complete.
    unsettled : tuple of str
        Terms and medicines of which something on record could not be read.
    """

    participant: str
    on: date
    born: PartialDate | None = None
    sex: str | None = None
    observations: tuple[Observation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    unsettled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attest:
    """Answer a question of the protocol and answer for it.

    Attributes
    ----------
    participant : str
        Study number.
    attestation : Attestation
        Question, answer, reason, role and day.
    """

    participant: str
    attestation: Attestation

    @property
    def on(self) -> date:
        """Day of the answer."""
        return self.attestation.on.latest


@dataclass(frozen=True, slots=True)
class RecordException:
    """Put on record that a participant may be registered although a criterion is not met.

    The verdict on the criterion stays what it is: this is no approval that the protocol allows,
    but a deviation from it, or an exception granted beforehand, with who granted it.

    Attributes
    ----------
    participant : str
        Study number.
    criterion : str
        The one criterion concerned.
    sort : {'exception', 'deviation'}
        Granted before registration, or found afterwards.
    granted_by : str
        Board or office that granted it, and its reference; never a participant's name.
    on : date
        Day of the record.
    reason : str
        Why.
    """

    participant: str
    criterion: str
    sort: Literal["exception", "deviation"]
    granted_by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Screen:
    """Judge every criterion for one arm and keep the result.

    Attributes
    ----------
    participant, arm : str
        Who, for which arm.
    on : date
        Day of the judgement.
    first_dose_on : date or None
        Planned first dose, from which some criteria look back.
    """

    participant: str
    arm: str
    on: date
    first_dose_on: date | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """Register a participant whose eligibility checklist is complete.

    Attributes
    ----------
    participant, arm : str
        Who, for which arm.
    on : date
        Day of registration.
    first_dose_on : date
        Planned first dose.
    """

    participant: str
    arm: str
    on: date
    first_dose_on: date


@dataclass(frozen=True, slots=True)
class Assign:
    """Give a registered participant the dose level that is open in the arm.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of the assignment.
    choice : mapping of str to str
        Agent chosen for each line of the arm that offers several.
    """

    participant: str
    on: date
    choice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordDoses:
    """Record doses taken or held.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    doses : tuple of DoseGiven
        At least one.
    """

    participant: str
    on: date
    doses: tuple[DoseGiven, ...]


@dataclass(frozen=True, slots=True)
class RecordAdverseEvent:
    """Record an adverse event.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of entry.
    event : AdverseEvent
        Term, grade, dates, attribution.
    """

    participant: str
    on: date
    event: AdverseEvent


@dataclass(frozen=True, slots=True)
class RecordTumourBaseline:
    """Record all disease before treatment.

    Attributes
    ----------
    participant : str
        Study number.
    baseline : TumourBaseline
        Targets and non-targets.
    evaluator : {'', 'reader 1', 'reader 2', 'adjudicator'}
        Who read it; empty: the investigator.
    """

    participant: str
    baseline: TumourBaseline
    evaluator: Evaluator = INVESTIGATOR

    @property
    def on(self) -> date:
        """Day of the baseline imaging."""
        return self.baseline.on


@dataclass(frozen=True, slots=True)
class RecordTumourAssessment:
    """Record a tumour assessment.

    Attributes
    ----------
    participant : str
        Study number.
    assessment : TumourAssessment
        Readings and new lesions.
    evaluator : {'', 'reader 1', 'reader 2', 'adjudicator'}
        Who read it; empty: the investigator.
    """

    participant: str
    assessment: TumourAssessment
    evaluator: Evaluator = INVESTIGATOR

    @property
    def on(self) -> date:
        """Day of the assessment."""
        return self.assessment.on


@dataclass(frozen=True, slots=True)
class DecideDose:
    """Take the dose decision of an arm by its design.

    Attributes
    ----------
    arm : str
        Arm id.
    on : date
        Day of the dose meeting.
    cutoff : date
        Data up to this day count.
    override : Override or None
        What people decide against the advice of the design; None: they follow it.
    minutes : str
        Minutes of the dose meeting; never a participant's name.
    attended : tuple of str
        Accounts of who attended.
    """

    arm: str
    on: date
    cutoff: date
    override: Override | None = None
    minutes: str = ""
    attended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Redact:
    """Erase one field in which a name or the like was entered by mistake.

    Attributes
    ----------
    participant : str
        Study number that the happening concerns; or the trial's NCT number or the id of a site,
        when it changed the status of that.
    on : date
        Day of the redaction.
    sequence : int
        Happening that holds the field.
    field : str
        Its path: `reason`, `source`, or a leaf of the payload such as `payload/event/source/place`.
    reason : str
        Why it is erased, without repeating what is erased.
    """

    participant: str
    on: date
    sequence: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class SettleRedaction:
    """Say that what a redaction took is recorded again, or need not be.

    Attributes
    ----------
    participant : str
        Study number that the happening concerns.
    on : date
        Day of the act.
    sequence : int
        Happening that lost a part.
    reason : str
        Under which happening it stands again, or why nothing takes its place.
    """

    participant: str
    on: date
    sequence: int
    reason: str


Act = (
    OpenTrial | TrialMove | SiteMove | Consent | RecordFacts | Attest | RecordException | Screen
    | Register | Assign | RecordDoses | RecordAdverseEvent | RecordTumourBaseline
    | RecordTumourAssessment | Adjudicate | DecideDose | Redact | SettleRedaction | Delegate
    | EndDelegation | Sign | RaiseQuery | QueryMove | VerifySource | Holding | ChooseRp2d
    | ClinicalAct | BiomarkerAct | SlotAct | CohortMove | AmendingAct | AssignBackfill
)  # fmt: skip
"""Everything that can be asked."""
