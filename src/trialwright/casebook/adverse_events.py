"""Adverse events of one participant, as recorded: grade, dates, seriousness, attribution."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal, shorten
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence

GRADES = range(1, 6)
"""CTCAE grades; 5 is death from the event (CTCAE v5.0, introduction)."""

SeriousBecause = Literal[
    "death",
    "life-threatening",
    "hospitalisation",
    "disability",
    "congenital anomaly",
    "medically important",
]
"""What makes an event serious (ICH E2A, section II B; 21 CFR 312.32 (a))."""


Limits = Literal["nothing", "instrumental ADL", "self care ADL"]
"""Which activities of daily living an event limits."""

Degree = Literal["none", "mild", "moderate", "severe"]
"""How severe symptoms are, or an increase in ostomy output."""


@dataclass(frozen=True, slots=True)
class EventSigns:
    """What was seen of an event at its worst, as far as CTCAE grades by it.

    Attributes
    ----------
    stools_over_baseline : int or None, stools a day
        Increase over the usual number; None when not recorded.
    ostomy_output, symptoms : {'none', 'mild', 'moderate', 'severe'} or None
        Increase in ostomy output; symptoms of a rash.
    body_surface_percent : Decimal or None, % of body surface
        Area of a rash.
    limits : {'nothing', 'instrumental ADL', 'self care ADL'} or None
        Activities it limits.
    relieved_by_rest, hospitalization_indicated, life_threatening : bool or None
        None when not recorded.
    """

    stools_over_baseline: int | None = None
    ostomy_output: Degree | None = None
    symptoms: Degree | None = None
    body_surface_percent: Decimal | None = None
    limits: Limits | None = None
    relieved_by_rest: bool | None = None
    hospitalization_indicated: bool | None = None
    life_threatening: bool | None = None


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One adverse event. Grade, seriousness and attribution are three different things.

    Attributes
    ----------
    term : str
        CTCAE term, e.g. `Febrile neutropenia`.
    grade : int or None
        Highest CTCAE grade, 1-5; None when not recorded.
    started, ended : PartialDate or None
        First and last day; no `ended` means going on or not known to have ended.
    is_serious : bool or None
        The regulatory yes or no; None when not recorded.
    related_to : tuple of str, or None
        Study agents it is attributed to; empty: related to none of them; None: not recorded.
    source : Source
        Where it stands.
    highest_grade_hours : int or None, hours
        How long the highest grade lasted in all; None while it lasts, or when not recorded.
    serious_because : tuple of str, or None
        Each of `SeriousBecause` that applies; None when not recorded.
    is_expected : bool or None
        Whether the reference safety information names it; None when not recorded.
    sponsor_aware_on : date or None
        Day on which the sponsor first knew of it: day 0 of reporting clocks.
    signs : EventSigns or None
        What was seen of it, by which the grade entered is checked; None when not recorded.

    Raises
    ------
    Refusal
        If the term is empty, the grade no CTCAE grade, the hours negative, if the event ended
        before it started, or if it has a criterion of seriousness and is not serious.
    """

    term: str
    grade: int | None
    started: PartialDate | None
    ended: PartialDate | None
    is_serious: bool | None
    related_to: tuple[str, ...] | None
    source: Source
    highest_grade_hours: int | None = None
    serious_because: tuple[SeriousBecause, ...] | None = None
    is_expected: bool | None = None
    sponsor_aware_on: date | None = None
    signs: EventSigns | None = None

    def __post_init__(self) -> None:
        """Refuse what is no adverse event."""
        faults = tuple(self._faults())
        if faults:
            raise Refusal(faults)

    @property
    def evidence(self) -> Evidence:
        """The event as evidence of a verdict."""
        value = "grade not recorded" if self.grade is None else f"grade {self.grade}"
        return Evidence(self.term, value, str(self.started or ""), self.source)

    def _faults(self) -> Iterator[Fault]:
        """Find what contradicts itself."""
        if not self.term.strip():
            yield Fault("term", "an empty term", "a CTCAE term", "Name the event")
        if self.grade is not None and self.grade not in GRADES:
            yield Fault("grade", shorten(self.grade), "1 to 5, or none", "Correct the grade")
        if self.highest_grade_hours is not None and self.highest_grade_hours < 0:
            found = f"{self.highest_grade_hours} hours"
            yield Fault("highest_grade_hours", found, "0 or more", "Correct the duration")
        if self.serious_because and self.is_serious is False:
            found = f"{', '.join(self.serious_because)}, and not serious"
            yield Fault("serious_because", found, "criteria of a serious event",
                        "Correct the seriousness or its criteria")  # fmt: skip
        if self.started and self.ended and self.ended.latest < self.started.earliest:
            yield Fault(
                "ended",
                f"{self.ended}, before the start {self.started}",
                "the start or later",
                "Correct one of the dates",
            )
