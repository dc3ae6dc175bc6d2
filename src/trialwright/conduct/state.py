"""The state of the trial: what the happenings so far come to, as of any day.

State(as_of, known_at) is the fold of the ledger; nothing else is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from trialwright.biomarkers.records import NO_BIOMARKERS, BiomarkerRecord
from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.exposure import DoseGiven
from trialwright.casebook.participant import Casebook
from trialwright.casebook.tumours import TumourAssessment, TumourBaseline
from trialwright.conduct.amendment_records import Amendments, ProtocolVersion
from trialwright.conduct.awaiting import Held
from trialwright.conduct.central_records import NO_CENTRAL_REVIEW, CentralReview
from trialwright.conduct.cohort_records import DecidedCohort
from trialwright.conduct.course import NOTHING_RECORDED, Course
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.oversight_records import Oversight
from trialwright.conduct.scopes import in_words
from trialwright.conduct.slot_records import SlotBook
from trialwright.conduct.statuses import StatusChange
from trialwright.protocol.study import Study
from trialwright.terms.canonical import Json

Record = TypeVar("Record")


def changed(record: Record, **changes: Any) -> Record:
    """Copy a frozen record with some fields changed.

    Several times as fast as `dataclasses.replace`, for a fold copies several records a happening;
    the record's own checks are not asked again.

    Parameters
    ----------
    record : Record
        A dataclass without slots.
    **changes : object
        New values by field.

    Returns
    -------
    Record
        A new one; the one given is unchanged.
    """
    copied = object.__new__(type(record))
    held = copied.__dict__
    held.update(record.__dict__)
    held.update(changes)
    return copied


def complete(record: object, **changes: Any) -> None:
    """Set fields of a frozen record that was made just now and that nobody else holds yet.

    Parameters
    ----------
    record : object
        As `changed` gave it.
    **changes : object
        Values by field.
    """
    record.__dict__.update(changes)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a happening put in place of a recorded value.

    Attributes
    ----------
    by : int
        The happening that corrects.
    field : str
        Path of the value in the happening that is corrected.
    value : Json
        What counts from then on.
    is_lost : bool
        Whether that value was redacted in its turn.
    """

    by: int
    field: str
    value: Json
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A part of a happening that was redacted and on which the state would have rested.

    Attributes
    ----------
    sequence : int
        The happening.
    act : str
        What was done in it.
    field : str
        Path of what was erased; never its content.
    """

    sequence: int
    act: str
    field: str

    def __str__(self) -> str:
        """Name the place."""
        return f"{in_words(self.field)} in entry {self.sequence} ({in_words(self.act)})"


@dataclass(frozen=True)
class ParticipantState:
    """Where one participant stands.

    Attributes
    ----------
    number : str
        Study number.
    site : str
        Site that consented the participant.
    consented_on : date
        Day of consent.
    casebook : Casebook
        Facts for eligibility.
    excepted : tuple of str
        Criteria for which an exception or deviation stands on record.
    screened_for : tuple of str
        Arms screened for, in order.
    registered_on, first_dose_planned_on : date or None
        Registration, and the first dose planned at it.
    arm, dose_level : str and int or None
        As registered and assigned.
    assigned_on : date or None
        Day of the assignment.
    choice : mapping of str to str
        Agents chosen where the arm offers several.
    is_backfilled : bool
        Whether the dose level was given beside the cohorts.
    doses, adverse_events, baseline, assessments : records of the casebook
        What was recorded on study.
    unreadable : tuple of Lost
        What can no longer be read of this participant, because it was redacted.
    entries : tuple of (int, str)
        Sequence and act of every happening of this participant.
    course : Course
        What was recorded of the participant's course: visits, end of treatment, follow-up.
    biomarkers : BiomarkerRecord
        Materials, sequencing and stains.
    central_review : CentralReview
        What independent readers read, and what the adjudicator decided.
    records : tuple of Recorded
        Those happenings as the ledger holds them; a correction reads them again.
    """

    number: str
    site: str
    consented_on: date
    casebook: Casebook
    excepted: tuple[str, ...] = ()
    screened_for: tuple[str, ...] = ()
    registered_on: date | None = None
    first_dose_planned_on: date | None = None
    arm: str = ""
    dose_level: int | None = None
    assigned_on: date | None = None
    choice: Mapping[str, str] = field(default_factory=dict)
    is_backfilled: bool = False
    doses: tuple[DoseGiven, ...] = ()
    adverse_events: tuple[AdverseEvent, ...] = ()
    baseline: TumourBaseline | None = None
    assessments: tuple[TumourAssessment, ...] = ()
    unreadable: tuple[Lost, ...] = ()
    entries: tuple[tuple[int, str], ...] = ()
    course: Course = NOTHING_RECORDED
    biomarkers: BiomarkerRecord = NO_BIOMARKERS
    central_review: CentralReview = NO_CENTRAL_REVIEW
    records: tuple[Recorded, ...] = field(default=(), compare=False, repr=False)

    @property
    def first_dose_on(self) -> date | None:
        """Day of the first dose of any study agent that was taken."""
        taken = [dose.on for dose in self.doses if dose.was_taken]
        return min(taken, default=None)


@dataclass(frozen=True)
class Cohort:
    """The dose level that is open in an arm.

    Attributes
    ----------
    level : int or None
        Dose level, 1 = lowest; None when the escalation has stopped.
    size : int
        Participants for whom it was opened; whoever turns out not evaluable is replaced.
    last_level : int
        Dose level of the last cohort.
    because : str
        Why this level is open.
    assigned : tuple of str
        Study numbers assigned since it was opened.
    opened_on : date or None
        Day on which it was opened.
    counted : mapping of str to str
        How each participant of the arm was counted in the decision that opened it.
    number : int
        Counted from 1 in its arm.
    earlier : tuple of DecidedCohort
        The cohorts of the arm before it.
    """

    level: int | None
    size: int
    last_level: int
    because: str
    assigned: tuple[str, ...] = ()
    opened_on: date | None = None
    counted: Mapping[str, str] = field(default_factory=dict)
    number: int = 1
    earlier: tuple[DecidedCohort, ...] = ()


@dataclass(frozen=True)
class TrialState:
    """Where the trial stands.

    Attributes
    ----------
    study : Study
        The protocol in force for the trial as a whole; `as_at` gives that of a site.
    opened_on : date or None
        Day on which the trial was opened.
    participants : Held of ParticipantState
        By study number.
    cohorts : mapping of str to Cohort
        By arm: what is open.
    sequence : int
        Last happening that is part of this state.
    erased : mapping of int to frozenset of str
        Fields that redactions erased, by happening, whenever it was done.
    unreadable : tuple of Lost
        What redactions took from decisions on which places and dose levels rest.
    trial_changes : tuple of StatusChange
        What opened, suspended, closed or reopened the trial, in ledger order.
    site_changes : mapping of str to tuple of StatusChange
        The same of each site, by its id; the closing of the trial closes every site.
    oversight : Oversight
        Who may do what, and what is vouched for.
    corrected : mapping of int to tuple of Correction
        Corrections in ledger order, by the happening they correct.
    slots : SlotBook
        Requests for places, and what people changed about cohorts.
    amendments : Amendments
        Versions of the protocol, and where each is in force.
    """

    study: Study
    opened_on: date | None = None
    participants: Held[ParticipantState] = field(default_factory=Held)
    cohorts: Mapping[str, Cohort] = field(default_factory=dict)
    sequence: int = 0
    erased: Mapping[int, frozenset[str]] = field(default_factory=dict)
    unreadable: tuple[Lost, ...] = ()
    trial_changes: tuple[StatusChange, ...] = ()
    site_changes: Mapping[str, tuple[StatusChange, ...]] = field(default_factory=dict)
    oversight: Oversight = field(default_factory=Oversight)
    corrected: Mapping[int, tuple[Correction, ...]] = field(default_factory=dict)
    slots: SlotBook = field(default_factory=SlotBook)
    amendments: Amendments = field(default_factory=Amendments)

    def of_arm(self, arm: str) -> tuple[ParticipantState, ...]:
        """Give the participants assigned to an arm.

        Parameters
        ----------
        arm : str
            Arm id.

        Returns
        -------
        tuple of ParticipantState
            In the order of their assignment.
        """
        return tuple(
            each
            for each in self.participants.values()
            if each.arm == arm and each.dose_level is not None
        )

    def under(self, version: ProtocolVersion | None) -> "TrialState":
        """Give a state in which a version of the protocol is in force.

        Parameters
        ----------
        version : ProtocolVersion or None
            None: as it is.

        Returns
        -------
        TrialState
            Nothing else differs.
        """
        return self if version is None else changed(self, study=version.study)

    def as_at(self, site: str, day: date | None = None) -> "TrialState":
        """Give a state in which the version in force at a site holds.

        Parameters
        ----------
        site : str
            Id of a site; `all-sites`: what holds for the trial as a whole.
        day : date or None
            The day; None: the version activated last.

        Returns
        -------
        TrialState
            Nothing else differs.
        """
        return self.under(self.amendments.at(site, day))

    def with_participant(self, participant: ParticipantState) -> "TrialState":
        """Give a state in which one participant stands as said.

        Parameters
        ----------
        participant : ParticipantState
            New or changed.

        Returns
        -------
        TrialState
            A new one; this one is unchanged.
        """
        participants = self.participants.with_entry(participant.number, participant)
        return changed(self, participants=participants)

    def with_site_change(self, site: str, change: StatusChange) -> "TrialState":
        """Give a state in which the status of a site has changed.

        Parameters
        ----------
        site : str
            Its id.
        change : StatusChange
            What changed it.

        Returns
        -------
        TrialState
            A new one; this one is unchanged.
        """
        changes = (*self.site_changes.get(site, ()), change)
        return changed(self, site_changes={**self.site_changes, site: changes})


def visible(
    records: Iterable[Recorded], as_of: date | None = None, known_at: int | None = None
) -> Iterable[Recorded]:
    """Give the records that count at a day and a place in the ledger.

    Parameters
    ----------
    records : iterable of Recorded
        In ledger order.
    as_of : date or None
        Happenings of later days are left out; None: none is.
    known_at : int or None
        Entries after this sequence number are left out; None: none is.

    Yields
    ------
    Recorded
        In ledger order.
    """
    for record in records:
        if known_at is not None and record.sequence > known_at:
            return
        if as_of is None or record.happening.on <= as_of:
            yield record
