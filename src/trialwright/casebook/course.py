"""What is recorded of a participant's course: visits, medicines, end of treatment, follow-up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

AFTER_TREATMENT = re.compile(r"END|FU-[1-9][0-9]?")
"""Codes of visits after treatment: `END` of the end itself, `FU-1` of the safety visit, `FU-2` and
so on of the follow-up of the protocol."""

VISIT_CODE = re.compile(
    r"SCREENING|UNSCHEDULED|W[1-9][0-9]{0,2}|C[1-9][0-9]{0,2}D[1-9][0-9]{0,2}|"
    + AFTER_TREATMENT.pattern
)
"""Codes of visits: a cycle day such as `C1D8`, a week such as `W8` for what recurs by weeks, and
those of `AFTER_TREATMENT`."""

VisitOutcome = Literal["done", "missed", "not applicable"]
"""What became of a visit."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A planned or unscheduled visit and what became of it.

    Attributes
    ----------
    code : str
        E.g. `C1D8`, `SCREENING`, `FU-1`.
    outcome : {'done', 'missed', 'not applicable'}
        What became of it.
    on : date or None
        Day on which it was done; None for one that was not.
    source : Source
        Where it stands.

    Raises
    ------
    Refusal
        If the code has another form, or outcome and day contradict each other.
    """

    code: str
    outcome: VisitOutcome
    on: date | None
    source: Source

    @property
    def follows_treatment(self) -> bool:
        """Whether it is a visit after treatment."""
        return AFTER_TREATMENT.fullmatch(self.code) is not None

    def __post_init__(self) -> None:
        """Refuse what is no visit."""
        faults = tuple(self._faults())
        if faults:
            raise Refusal(faults)

    def _faults(self) -> Iterator[Fault]:
        """Find what contradicts itself."""
        if not VISIT_CODE.fullmatch(self.code):
            yield Fault("code", "something of another form",
                        "a cycle day such as C1D8, a week such as W8, SCREENING, UNSCHEDULED, "
                        "END, FU-1, FU-2 ...",
                        "Name the visit by its code")  # fmt: skip
        if (self.outcome == "done") != (self.on is not None):
            found = f"{self.outcome}, {'with a day' if self.on else 'without its day'}"
            yield Fault("on", found, "a day for a visit that was done, none for another",
                        "Correct the outcome or the day")  # fmt: skip


@dataclass(frozen=True, slots=True)
class CycleDelay:
    """A cycle that begins on another day than planned.

    Attributes
    ----------
    cycle : int
        The second or a later one.
    begins_on : date
        Its day 1 from now on.
    cause : {'toxicity', "participant's wish", 'logistics', 'other'}
        Category of the cause.
    source : Source
        Where it stands.

    Raises
    ------
    Refusal
        If the cycle is the first one: that begins with the first dose.
    """

    cycle: int
    begins_on: date
    cause: Literal["toxicity", "participant's wish", "logistics", "other"]
    source: Source

    def __post_init__(self) -> None:
        """Refuse the first cycle."""
        if self.cycle < 2:
            raise Refusal([Fault("cycle", shorten(self.cycle), "2 or later",
                                 "The first cycle begins with the first dose")])  # fmt: skip


@dataclass(frozen=True, slots=True)
class OtherEntry:
    """An entry of a form for which the protocol's vocabulary has no name; no rule reads it.

    Attributes
    ----------
    name : str
        As written, e.g. `blood pressure, systolic`.
    value : Quantity or str
        Amount with unit, or words.
    on : PartialDate or None
        Its day; None when not recorded.
    source : Source
        Where it stands.
    """

    name: str
    value: Quantity | str
    on: PartialDate | None
    source: Source


@dataclass(frozen=True, slots=True)
class ConcomitantMedicine:
    """A medicine taken beside the study treatment.

    Attributes
    ----------
    name : str
        As written; compared with the names and synonyms of the protocol's medicines.
    since, until : PartialDate or None
        First and last dose; None when not recorded.
    is_ongoing : bool or None
        Whether it goes on; None when not recorded.
    source : Source
        Where it stands.

    Raises
    ------
    Refusal
        If it has no name, or ended before it began.
    """

    name: str
    since: PartialDate | None
    until: PartialDate | None
    is_ongoing: bool | None
    source: Source

    def __post_init__(self) -> None:
        """Refuse a medicine without a name, and an end before the beginning."""
        faults = [*_nameless(self.name), *_backwards(self.since, self.until)]
        if faults:
            raise Refusal(faults)


@dataclass(frozen=True, slots=True)
class DrugCount:
    """Units of an agent handed out and brought back.

    Attributes
    ----------
    agent : str
        Name of the agent in the protocol.
    dispensed_on : date
        Day on which they were handed out.
    dispensed : int, units
        Tablets or vials handed out.
    counted_on : date or None
        Day of the count; None while nothing was brought back.
    returned : int or None, units
        Brought back; None while not counted.
    expected : int or None, units
        Units to be taken between the two days, as entered; None when the doses recorded are to
        say it.
    source : Source
        Where it stands.
    units_a_dose : int or None, units
        Taken at one dose; None when not entered, which counts as 1.

    Raises
    ------
    Refusal
        If a number is negative, more came back than was handed out, or the count lies before.
    """

    agent: str
    dispensed_on: date
    dispensed: int
    counted_on: date | None
    returned: int | None
    expected: int | None
    source: Source
    units_a_dose: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        faults = tuple(self._faults())
        if faults:
            raise Refusal(faults)

    def _faults(self) -> Iterator[Fault]:
        """Find what contradicts itself."""
        if self.dispensed < 1:
            yield Fault("dispensed", shorten(self.dispensed), "1 or more", "Correct the number")
        if self.expected is not None and self.expected < 0:
            yield Fault("expected", shorten(self.expected), "0 or more", "Correct the number")
        if self.units_a_dose is not None and self.units_a_dose < 1:
            yield Fault("units_a_dose", shorten(self.units_a_dose), "1 or more",
                        "Correct the number")  # fmt: skip
        if (self.returned is None) != (self.counted_on is None):
            yield Fault("returned", "a count without its day, or a day without its count",
                        "both, or none while nothing was brought back", "Give both")  # fmt: skip
        elif self.returned is not None and not 0 <= self.returned <= self.dispensed:
            yield Fault("returned", f"{self.returned} of {self.dispensed}",
                        f"0 to {self.dispensed}", "Count again")  # fmt: skip
        if self.counted_on is not None and self.counted_on < self.dispensed_on:
            yield Fault("counted_on", f"{self.counted_on.isoformat()}, before they were dispensed",
                        f"{self.dispensed_on.isoformat()} or later", "Correct the day")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClinicalProgression:
    """Progression judged without imaging.

    Attributes
    ----------
    on : PartialDate
        Day of the judgement.
    source : Source
        Where it stands.
    """

    on: PartialDate
    source: Source


@dataclass(frozen=True, slots=True)
class SubsequentTherapy:
    """Anti-cancer therapy after the study treatment.

    Attributes
    ----------
    name : str
        As written.
    since, until : PartialDate or None
        First and last dose; None when not recorded.
    source : Source
        Where it stands.

    Raises
    ------
    Refusal
        If it has no name, or ended before it began.
    """

    name: str
    since: PartialDate | None
    until: PartialDate | None
    source: Source

    def __post_init__(self) -> None:
        """Refuse a therapy without a name, and an end before the beginning."""
        faults = [*_nameless(self.name), *_backwards(self.since, self.until)]
        if faults:
            raise Refusal(faults)


@dataclass(frozen=True, slots=True)
class SurvivalContact:
    """A day on which the participant was known to be alive.

    Attributes
    ----------
    alive_on : date
        That day.
    how : {'visit', 'telephone', 'record'}
        How it is known.
    source : Source
        Where it stands.
    """

    alive_on: date
    how: Literal["visit", "telephone", "record"]
    source: Source


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """A pregnancy that became known on study.

    Attributes
    ----------
    of : {'participant', 'partner'}
        Who is pregnant.
    known_on : date
        Day on which it became known.
    outcome : {'ongoing', 'birth', 'loss', 'unknown'}
        What became of it, as far as known.
    source : Source
        Where it stands.
    """

    of: Literal["participant", "partner"]
    known_on: date
    outcome: Literal["ongoing", "birth", "loss", "unknown"]
    source: Source


def _nameless(name: str) -> Iterator[Fault]:
    """Refuse an empty name."""
    if not name.strip():
        yield Fault("name", "nothing", "a name", "Give the name as it stands in the record")


def _backwards(since: PartialDate | None, until: PartialDate | None) -> Iterator[Fault]:
    """Refuse an end that certainly lies before the beginning."""
    if since and until and until.latest < since.earliest:
        yield Fault("until", f"{until}, before {since}", f"{since} or later",
                    "Correct one of the dates")  # fmt: skip
