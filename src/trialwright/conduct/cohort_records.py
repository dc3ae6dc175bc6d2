"""What is kept of cohorts beside the open one: those decided upon, and what people changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Outcome = Literal["escalate", "stay", "de-escalate", "stop", "redacted"]
"""What a dose decision did to the dose level; `redacted`: the next level can no longer be read."""


@dataclass(frozen=True, slots=True)
class DecidedCohort:
    """A cohort on which a dose meeting has decided.

    Attributes
    ----------
    number : int
        Counted from 1 in its arm.
    level : int
        Dose level, 1 = lowest.
    assigned : tuple of str
        Study numbers assigned to it.
    opened_on, decided_on : date or None
        Its days; the first is None when it is not known.
    outcome : {'escalate', 'stay', 'de-escalate', 'stop', 'redacted'}
        Where the decision went from its level.
    because : str
        The design's reason.
    """

    number: int
    level: int
    assigned: tuple[str, ...]
    opened_on: date | None
    decided_on: date
    outcome: Outcome
    because: str


@dataclass(frozen=True, slots=True)
class CohortChange:
    """A recorded act of people on a cohort.

    Attributes
    ----------
    change : {'opened', 'held', 'resumed', 'closed'}
        What it did.
    cohort : int
        Number of the cohort in its arm.
    on : date
        Day from which it holds.
    reason : str
        As given; may be empty for an opening.
    sequence : int
        The happening.
    """

    change: str
    cohort: int
    on: date
    reason: str
    sequence: int

    def __str__(self) -> str:
        """Say it, with the day, the happening and the reason."""
        why = f": {self.reason}" if self.reason else ""
        return f"{self.change} on {self.on.isoformat()} by entry {self.sequence}{why}"


def outcome_of(level: int, after: int | None) -> Outcome:
    """Say where a dose decision went.

    Parameters
    ----------
    level : int
        Dose level of the cohort decided upon.
    after : int or None
        Dose level that it opened; None: none, the escalation has stopped.

    Returns
    -------
    Outcome
        One word.
    """
    if after is None:
        return "stop"
    if after == level:
        return "stay"
    return "escalate" if after > level else "de-escalate"


def change_at(changes: Sequence[CohortChange], as_of: date) -> CohortChange | None:
    """Give the change of a cohort that holds on a day.

    Parameters
    ----------
    changes : sequence of CohortChange
        Of one cohort, in ledger order, which is the order of their days.
    as_of : date
        The day; what changed on it counts.

    Returns
    -------
    CohortChange or None
        None when people have changed nothing by then.
    """
    held = [each for each in changes if each.on <= as_of]
    return held[-1] if held else None
