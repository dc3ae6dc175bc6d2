"""What is told to programs: typed, so that the schemas are made from it."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from trialwright.questions.answering import FaultTold


class Told(BaseModel):
    """An answer to a program."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Faults(Told):
    """Why something was not answered or not done.

    Attributes
    ----------
    faults : tuple of FaultTold
        Every fault: where, found, allowed, do.
    """

    faults: tuple[FaultTold, ...]


class HeadTold(Told):
    """A signed head of the chain: to be kept by whoever acted.

    Attributes
    ----------
    trial : str
        The trial.
    first, sequence : int
        First and last entry of what was recorded.
    hash : str
        Hash of the last one, and so of everything before it.
    signed_at : str
        Time of entry, UTC.
    key_id : str
        Digest of the public key.
    signature : str
        Ed25519 signature.
    """

    trial: str
    first: int
    sequence: int
    hash: str
    signed_at: str
    key_id: str
    signature: str


class DoneTold(Told):
    """An act that was done.

    Attributes
    ----------
    act : str
        Its name.
    subject : str
        Whom or what it concerns.
    recorded : tuple of str
        What was recorded, in order.
    fell_due : tuple of str
        What had fallen due and was recorded before it.
    is_repeated : bool
        Whether it had been done before under the same key, and was not done again.
    receipt : HeadTold
        With `sequence`, `hash` and signature.
    """

    act: str
    subject: str
    recorded: tuple[str, ...]
    fell_due: tuple[str, ...]
    is_repeated: bool
    receipt: HeadTold


class TrialTold(Told):
    """The trial.

    Attributes
    ----------
    trial : str
        NCT number.
    protocol : str
        Digest of the protocol in force.
    is_demo : bool
        Whether its entries are invented.
    opened_on : date or None
        Day on which it was opened.
    sequence : int
        Newest entry.
    arms, sites : tuple of str
        Their ids.
    """

    trial: str
    protocol: str
    is_demo: bool
    opened_on: date | None
    sequence: int
    arms: tuple[str, ...]
    sites: tuple[str, ...]


class ParticipantTold(Told):
    """Where a participant stands.

    Attributes
    ----------
    number, site : str
        Study number and site.
    step : str
        How far the participant came, in a phrase.
    consented_on, registered_on, first_dose_planned_on, first_dose_on, assigned_on : date or None
        Days.
    arm : str
        As registered; empty before.
    dose_level : int or None
        1 = lowest.
    choice : dict of str to str
        Agents chosen where the arm offers several.
    screened_for : tuple of str
        Arms, in order.
    adverse_events, doses, assessments : int
        How many are recorded.
    entries : tuple of int
        Where they stand in the ledger.
    """

    number: str
    site: str
    step: str
    consented_on: date
    registered_on: date | None
    first_dose_planned_on: date | None
    first_dose_on: date | None
    assigned_on: date | None
    arm: str
    dose_level: int | None
    choice: dict[str, str]
    screened_for: tuple[str, ...]
    adverse_events: int
    doses: int
    assessments: int
    entries: tuple[int, ...]


class ParticipantsTold(Told):
    """Everybody whom the account sees.

    Attributes
    ----------
    as_of : date
        What happened later is left out.
    participants : tuple of ParticipantTold
        In the order of consent.
    """

    as_of: date
    participants: tuple[ParticipantTold, ...]


class VisitTold(Told):
    """A planned visit.

    Attributes
    ----------
    code, what : str
        E.g. `C1D8`, and the assessment.
    on, earliest, latest : date
        Planned day and window.
    because : str
        The rule that made it.
    """

    code: str
    what: str
    on: date
    earliest: date
    latest: date
    because: str


class CalendarTold(Told):
    """What is planned for a participant.

    Attributes
    ----------
    participant : str
        Study number.
    as_of : date
        What happened later is left out.
    visits : tuple of VisitTold
        By day; empty while no first dose is planned.
    """

    participant: str
    as_of: date
    visits: tuple[VisitTold, ...]


class DueTold(Told):
    """A visit of which nothing is recorded yet.

    Attributes
    ----------
    participant, code : str
        Who, which.
    on, earliest, latest : date
        Planned day and window.
    standing : {'due', 'overdue'}
        Whether its window is open or over.
    because : str
        What made the day.
    says, label : str
        What is examined; `illustrative, ...` when the registry page states no such visit.
    follows_treatment : bool
        Whether the visit is one after treatment.
    """

    participant: str
    code: str
    on: date
    earliest: date
    latest: date
    standing: Literal["due", "overdue"]
    because: str
    says: str
    label: str
    follows_treatment: bool


class DueListTold(Told):
    """What is due.

    Attributes
    ----------
    as_of : date
        The day.
    due : tuple of DueTold
        The one whose window ends first comes first.
    """

    as_of: date
    due: tuple[DueTold, ...]


class EntryTold(Told):
    """An entry of the ledger.

    Attributes
    ----------
    sequence : int
        Place in the chain.
    entered_at : str
        Time of entry, UTC.
    actor, role, site : str
        Who, as what, where.
    source : str or dict
        Through which door.
    protocol, software : str
        By which rules.
    act, subject, reason : str
        What was done to whom, and why a value changed.
    on : date
        Day of the happening.
    payload : dict
        Everything recorded; what was redacted reads as null.
    """

    sequence: int
    entered_at: str
    actor: str
    role: str
    site: str
    source: str | dict[str, Any] | None
    protocol: str
    software: str
    act: str
    subject: str
    on: date
    reason: str | None
    payload: dict[str, Any]


class EntriesTold(Told):
    """A page of the ledger.

    Attributes
    ----------
    after : int
        Where the page begins.
    entries : tuple of EntryTold
        In ledger order; those of participants whom the account does not see are left out.
    next_after : int or None
        Where the next page begins; None: this is the last.
    """

    after: int
    entries: tuple[EntryTold, ...]
    next_after: int | None


class VerifiedTold(Told):
    """What verifying the ledger came to.

    Attributes
    ----------
    is_intact : bool
        Whether every chain is what was entered and signed.
    reports : tuple of str
        One for each trial of the ledger.
    """

    is_intact: bool
    reports: tuple[str, ...]


class QuestionTold(Told):
    """A question that can be asked.

    Attributes
    ----------
    name, says : str
        Its name, and what it answers.
    """

    name: str
    says: str


class QuestionsTold(Told):
    """The questions.

    Attributes
    ----------
    questions : tuple of QuestionTold
        By name.
    """

    questions: tuple[QuestionTold, ...]
