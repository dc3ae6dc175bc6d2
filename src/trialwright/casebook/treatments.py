"""Medicines and other treatments that a participant was given before or beside the study."""

from dataclasses import dataclass
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.intents import Intent
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence

StopReason = Literal["progression", "toxicity", "completed", "refused", "other"]
"""Why a treatment ended."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One record of a medicine or treatment given.

    Attributes
    ----------
    medicine : str
        Name among the protocol's medicines, e.g. `palbociclib`.
    since, until : PartialDate or None
        First and last dose; None when not recorded.
    is_ongoing : bool or None
        True: recorded as going on; False: recorded as ended; None: the record does not say.
    source : Source
        Where it stands.
    intent : {'metastatic', 'adjuvant', 'neoadjuvant'} or None
        Setting; None when not recorded.
    stopped_for : {'progression', 'toxicity', 'completed', 'refused', 'other'} or None
        Why it ended; None when not recorded.
    is_local : bool
        Applied to skin, eye or the like, and not expected in the blood.
    changed : PartialDate or None
        Day of the last change of dose, when one is recorded.
    recorded : PartialDate or None
        When it was put on record.
    """

    medicine: str
    since: PartialDate | None
    until: PartialDate | None
    is_ongoing: bool | None
    source: Source
    intent: Intent | None = None
    stopped_for: StopReason | None = None
    is_local: bool = False
    changed: PartialDate | None = None
    recorded: PartialDate | None = None

    @property
    def evidence(self) -> Evidence:
        """The treatment as evidence of a verdict; dated by its last dose, else by its first."""
        first = f"since {self.since}" if self.since else ""
        last = f"last dose {self.until}" if self.until else ""
        state = {True: "going on", False: "ended", None: "end not recorded"}[self.is_ongoing]
        value = ", ".join(part for part in (first, last or state) if part)
        dated = self.until or self.since or self.recorded
        return Evidence(self.medicine, value, str(dated) if dated else "", self.source)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A specimen of the tumour that can be used.

    Attributes
    ----------
    form : {'block', 'slides', 'biopsy'}
        Paraffin block, unstained slides, or a biopsy taken before treatment.
    number : int or None
        How many; None when not recorded.
    thickness_um : str
        Of slides, as recorded; empty when it is not.
    on : PartialDate or None
        Day of collection.
    source : Source
        Where it stands.
    """

    form: Literal["block", "slides", "biopsy"]
    number: int | None
    thickness_um: str
    on: PartialDate | None
    source: Source

    @property
    def evidence(self) -> Evidence:
        """The specimen as evidence of a verdict."""
        number = "" if self.number is None else f"{self.number} "
        cut = f" of {self.thickness_um} um" if self.thickness_um else ""
        return Evidence("specimen", f"{number}{self.form}{cut}", str(self.on or ""), self.source)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A span over which a record is known to be complete: what is not in it did not happen.

    Attributes
    ----------
    since : PartialDate or None
        Its first day; None: from birth.
    until : PartialDate
        Its last day.
    source : Source
        The observation period or the person who says so.
    """

    since: PartialDate | None
    until: PartialDate
    source: Source
