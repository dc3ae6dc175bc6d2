"""What is followed up of one participant, and what a time-to-event answer looks like."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.casebook.tumours import Response
from trialwright.terms.errors import Fault, Refusal

Outcome = Literal["event", "censored"]
"""Whether the event was seen by the data cutoff."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """One tumour assessment with its overall response.

    Attributes
    ----------
    on : date
        Day of the assessment.
    overall : Response
        Overall response of the visit.
    progression_on : date or None
        For PD, the day to which it is dated, when that is an earlier scan.
    """

    on: date
    overall: Response
    progression_on: date | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The facts that endpoints of one participant rest on.

    Attributes
    ----------
    start : date
        Day 1: the first dose, or randomisation where there is one.
    cutoff : date
        Data cutoff; later facts are not looked at.
    assessments : tuple of Assessed
        After baseline, in any order.
    died, new_therapy, last_alive : date or None
        Death; first dose of other anticancer therapy; last day known alive. None when not
        recorded.
    has_baseline : bool
        Whether there was an adequate tumour assessment before treatment.
    clinical_progression : date or None
        Progression by symptoms alone; named in reasons, never an event.
    """

    start: date
    cutoff: date
    assessments: tuple[Assessed, ...] = ()
    died: date | None = None
    new_therapy: date | None = None
    last_alive: date | None = None
    has_baseline: bool = True
    clinical_progression: date | None = None

    def __post_init__(self) -> None:
        """Refuse dates that contradict each other, all at once."""
        faults = tuple(self._contradictions())
        if faults:
            raise Refusal(faults)

    def _contradictions(self) -> Iterator[Fault]:
        """Name each date that cannot be true beside the others."""
        named = [
            ("cutoff", self.cutoff),
            ("died", self.died),
            ("new_therapy", self.new_therapy),
            ("last_alive", self.last_alive),
        ]
        named += [(f"assessments.{one.on}", one.on) for one in self.assessments]
        for where, on in named:
            if on is not None and on < self.start:
                yield Fault(
                    where, f"{on}, before day 1", f"{self.start} or later", "Correct the date"
                )
            if on is not None and self.died is not None and on > self.died and where != "cutoff":
                yield Fault(
                    where, f"{on}, after death", f"{self.died} or earlier", "Correct the date"
                )
        for one in self.assessments:
            if one.progression_on is not None and not self.start <= one.progression_on <= one.on:
                yield Fault(
                    f"assessments.{one.on}.progression_on",
                    f"{one.progression_on}",
                    f"{self.start} to {one.on}",
                    "Correct the date",
                )

    def known(self, on: date | None) -> date | None:
        """Give a date unless it lies after the data cutoff.

        Parameters
        ----------
        on : date or None
            A date of this participant.

        Returns
        -------
        date or None
            None when there is none, or it is not known yet at the cutoff.
        """
        return on if on is not None and on <= self.cutoff else None

    def assessed(self) -> tuple[Assessed, ...]:
        """Give the assessments up to the data cutoff.

        Returns
        -------
        tuple of Assessed
            Oldest first.
        """
        known = [one for one in self.assessments if one.on <= self.cutoff]
        return tuple(sorted(known, key=lambda one: one.on))


@dataclass(frozen=True, slots=True)
class TimeToEvent:
    """A time-to-event answer of one participant.

    Attributes
    ----------
    endpoint : str
        E.g. `progression-free survival`.
    outcome : {'event', 'censored'}
        Whether the event was seen.
    on : date
        Day of the event, or last day of follow-up.
    days : int, days from day 1, day 1 = 1
        ADaM's AVAL: `on` minus day 1, plus 1.
    rule : str
        Short name of the rule that decided, e.g. `PD after >=2 missed assessments`.
    because : str
        The reason, with dates.
    """

    endpoint: str
    outcome: Outcome
    on: date
    days: int
    rule: str
    because: str


def study_day(start: date, on: date) -> int:
    """Count a day from day 1; for days at or after it.

    Parameters
    ----------
    start, on : date
        Day 1 and the day.

    Returns
    -------
    int, days
        1 on day 1.
    """
    return (on - start).days + 1
