"""What a dose design is asked and what it answers: counts by dose level, decision, MTD estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from trialwright.terms.errors import Fault, Refusal, shorten

Act = Literal["escalate", "stay", "expand", "de-escalate", "wait", "stop"]
"""What to do next. `stay` completes a cohort, or treats the next at the same level; `expand` is the
3+3's word for its second cohort at a level; `wait` takes no dose decision while participants are in
the DLT window; `stop` ends the escalation."""


@dataclass(frozen=True, slots=True)
class LevelCount:
    """What was seen at one dose level.

    Attributes
    ----------
    evaluable : int
        DLT-evaluable participants: had a DLT, or were followed through the DLT window.
    dlts : int
        How many of them had a DLT.
    pending : int
        Participants in the DLT window without a DLT so far: neither 0 nor 1.

    Raises
    ------
    Refusal
        If a count is no whole number, is negative, or there are more DLTs than evaluable
        participants.
    """

    evaluable: int
    dlts: int
    pending: int = 0

    def __post_init__(self) -> None:
        """Refuse counts that nobody can have counted, all at once."""
        counts = (
            ("evaluable", self.evaluable),
            ("dlts", self.dlts),
            ("pending", self.pending),
        )
        faults = [fault for where, count in counts for fault in _count_faults(where, count)]
        if not faults and self.dlts > self.evaluable:
            found = f"{self.dlts} DLTs in {self.evaluable} evaluable participants"
            most = f"at most {self.evaluable}"
            faults = [Fault("dlts", found, most, "Count whoever had a DLT as evaluable")]
        if faults:
            raise Refusal(faults)

    @property
    def treated(self) -> int:
        """Participants counted at the level, whether evaluable or still pending."""
        return self.evaluable + self.pending

    def __str__(self) -> str:
        """Say the tally, e.g. `1/3` for one DLT in three evaluable participants."""
        return f"{self.dlts}/{self.evaluable}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a design, never a bare level.

    Attributes
    ----------
    act : {'escalate', 'stay', 'expand', 'de-escalate', 'wait', 'stop'}
        What to do next.
    level : int or None
        Dose level of the next participants, 1 = lowest; None when the escalation stops.
    because : str
        The sentence shown at the dose meeting: tally, rule, and what follows.
    rule : str
        Short name of the rule that decided, e.g. `1-of-3`.
    cohort_size : int
        Participants who may be enrolled at `level` next. While waiting: the places of the running
        cohort still open.
    mtd : int or None
        Dose level estimated as the MTD, only ever when the act is `stop`; None with `stop` says
        that no level is estimated to be tolerable. The RP2D is chosen by people and stands
        elsewhere.
    """

    act: Act
    level: int | None
    because: str
    rule: str
    cohort_size: int = 0
    mtd: int | None = None


@dataclass(frozen=True, slots=True)
class MtdEstimate:
    """The maximum tolerated dose as a design estimates it from a finished escalation.

    Attributes
    ----------
    level : int or None
        Dose level, 1 = lowest; None when no level is estimated to be tolerable.
    because : str
        The tallies and the rule it follows from.
    """

    level: int | None
    because: str


class Design(Protocol):
    """What every dose-escalation design can be asked; tests/conformance holds each to it."""

    @property
    def name(self) -> str:
        """Full name with the variant, as shown to people, e.g. `3+3 six-at-mtd`."""

    @property
    def levels(self) -> int:
        """Number of dose levels, numbered from 1 (lowest)."""

    @property
    def starting_level(self) -> int:
        """Dose level of the first cohort."""

    def next_dose(self, seen: Sequence[LevelCount], at: int) -> Decision:
        """Decide what follows the last cohort.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level so far.
        at : int
            Dose level of the last cohort (before the first cohort: the starting level).

        Returns
        -------
        Decision
            With its reason.

        Raises
        ------
        Refusal
            If the design cannot have led to these counts.
        """

    def select_mtd(self, seen: Sequence[LevelCount]) -> MtdEstimate:
        """Estimate the MTD once the escalation has stopped.

        Parameters
        ----------
        seen : sequence of LevelCount, length `levels`, lowest level first
            What was seen at each dose level.

        Returns
        -------
        MtdEstimate
            With its reason.

        Raises
        ------
        Refusal
            If the escalation has not stopped.
        """


def looks_back(design: Design) -> bool:
    """Say whether the decisions of a design depend on the last cohort by itself.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.

    Returns
    -------
    bool
        True when `next_dose` takes the counts of the last cohort as its third argument.
    """
    return bool(getattr(design, "looks_back", False))


def decide(
    design: Design, seen: Sequence[LevelCount], at: int, last: LevelCount | None = None
) -> Decision:
    """Ask any design, with the last cohort where it looks at it.

    Parameters
    ----------
    design : Design
        Any design of the catalogue.
    seen : sequence of LevelCount, length `design.levels`, lowest level first
        What was seen at each dose level so far.
    at : int
        Dose level of the last cohort.
    last : LevelCount or None
        Counts of the last cohort alone.

    Returns
    -------
    Decision
        With its reason.

    Raises
    ------
    Refusal
        If the design cannot have led to these counts.
    """
    if looks_back(design):
        return cast(_LookingBack, design).next_dose(seen, at, last)
    return design.next_dose(seen, at)


class _LookingBack(Protocol):
    """A design that looks at the last cohort."""

    def next_dose(
        self, seen: Sequence[LevelCount], at: int, last: LevelCount | None
    ) -> Decision: ...


def question_faults(seen: Sequence[LevelCount], at: int, levels: int) -> tuple[Fault, ...]:
    """Find what is wrong with a question put to any design.

    Parameters
    ----------
    seen : sequence of LevelCount
        Counts by dose level as given.
    at : int
        Dose level of the last cohort as given.
    levels : int
        Number of dose levels of the design.

    Returns
    -------
    tuple of Fault
        Empty when there is one count a level and `at` is one of the levels.
    """
    faults = []
    if len(seen) != levels:
        found = f"counts for {len(seen)} dose levels"
        faults.append(
            Fault("seen", found, f"{levels} counts", "Give one count for each dose level")
        )
    if not is_level(at, levels):
        found = f"dose level {shorten(at)}"
        faults.append(Fault("at", found, f"1-{levels}", "Name the dose level of the last cohort"))
    return tuple(faults)


def is_level(level: object, levels: int) -> bool:
    """Say whether a value is the number of a dose level.

    Parameters
    ----------
    level : object
        The value found; `True` and `1.0` are no dose levels.
    levels : int
        Number of dose levels.

    Returns
    -------
    bool
        True for a whole number from 1 to `levels`.
    """
    return isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= levels


def _count_faults(where: str, count: object) -> list[Fault]:
    """Find what is wrong with one count."""
    allowed = "a whole number from 0"
    if isinstance(count, bool) or not isinstance(count, int):
        found = f"{shorten(count)} of type {type(count).__name__}"
        return [Fault(where, found, allowed, "Count participants")]
    if count < 0:
        return [Fault(where, str(count), allowed, "Count participants")]
    return []
