"""Facts of a participant: what was measured, diagnosed or answered, when, and where it stands."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence


@dataclass(frozen=True, slots=True)
class ReferenceRange:
    """A laboratory's own range for a group of people.

    Attributes
    ----------
    low, high : Decimal or None
        Its ends, included, in the unit of the value beside which it stands; None: open.
    group : str
        To whom it applies, e.g. `postmenopausal`; empty: to everybody.
    """

    low: Decimal | None
    high: Decimal | None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One measurement, score or finding.

    Attributes
    ----------
    term : str
        Name in the protocol's vocabulary, e.g. `hemoglobin`.
    value : Quantity or str
        Amount with unit, or the coded answer (`positive`).
    on : PartialDate
        Day of the specimen or examination.
    source : Source
        Where it stands.
    low, high : Decimal or None
        The laboratory's own reference range, in the unit of `value`.
    ranges : tuple of ReferenceRange
        Ranges of the laboratory for named groups of people, in the unit of `value`.
    at : str
        Instant as recorded (ISO 8601), where the record gives more than a day; empty otherwise.
    method : str
        How it was examined, by the protocol's name of the method, e.g. `spiral-ct`; empty when
        not recorded.
    about : tuple of str
        Records of which it speaks, e.g. `Condition/123`; empty: of the participant.
    """

    term: str
    value: Quantity | str
    on: PartialDate
    source: Source
    low: Decimal | None = None
    high: Decimal | None = None
    ranges: tuple[ReferenceRange, ...] = ()
    at: str = ""
    method: str = ""
    about: tuple[str, ...] = ()

    @property
    def evidence(self) -> Evidence:
        """The observation as evidence of a verdict."""
        return Evidence(self.term, str(self.value), str(self.on), self.source)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition or past procedure, recorded as present or as absent.

    Attributes
    ----------
    term : str
        Name in the protocol's vocabulary, e.g. `cns-metastasis`.
    is_present : bool
        False only when somebody recorded that it is absent.
    since, until : PartialDate or None
        When it began and ended; no `until` means going on or not known to have ended.
    source : Source
        Where it stands.
    recorded : PartialDate or None
        When it was put on record.
    is_confirmed : bool
        False for a suspicion: neither presence nor absence, yet silence no longer.
    """

    term: str
    is_present: bool
    since: PartialDate | None
    until: PartialDate | None
    source: Source
    recorded: PartialDate | None = None
    is_confirmed: bool = True

    @property
    def evidence(self) -> Evidence:
        """The condition as evidence of a verdict."""
        dated = self.since or self.recorded
        value = "present" if self.is_present else "absent"
        value = value if self.is_confirmed else "suspected"
        return Evidence(self.term, value, str(dated) if dated else "", self.source)


@dataclass(frozen=True, slots=True)
class History(Condition):
    """A condition told as something that was, at some time before it was put on record.

    Nobody says when it was, or whether it goes on.
    """


@dataclass(frozen=True, slots=True)
class Attestation:
    """A question answered by a person who answers for it.

    Attributes
    ----------
    question : str
        Name of the attested item in the protocol, e.g. `informed-consent`.
    answer : {'yes', 'no'}
        What the person answered; an open question has no attestation.
    reason : str
        Why, in the person's words; kept out of messages and exports that do not need it.
    role : str
        Role in which the person answered, e.g. `investigator`.
    on : PartialDate
        Day of the answer.
    source : Source
        The person's account or the document.
    """

    question: str
    answer: Literal["yes", "no"]
    reason: str
    role: str
    on: PartialDate
    source: Source

    @property
    def evidence(self) -> Evidence:
        """The answer as evidence of a verdict."""
        return Evidence(self.question, f"{self.answer} ({self.role})", str(self.on), self.source)
