"""How many days doses were held in a cycle, and on which day it is over then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from trialwright.terms.dates import days_after


@dataclass(frozen=True, slots=True)
class HeldDay:
    """A day on which a dose was held.

    Attributes
    ----------
    on : date
        The day.
    says : str
        What was held on it, e.g. `ipatasertib held`.
    """

    on: date
    says: str


def made_up(begun: date, over: date, held: Iterable[HeldDay]) -> tuple[date, tuple[HeldDay, ...]]:
    """Make up the held days of a cycle after its last day.

    Parameters
    ----------
    begun : date
        First day of the cycle.
    over : date
        The day after its last one, had no dose been held.
    held : iterable of HeldDay
        Each day once, in order.

    Returns
    -------
    tuple of date and tuple of HeldDay
        The day after the last one made up, and the days that moved it. A day held among those made
        up is made up too; one before the cycle or after it is left out.
    """
    moved_by = []
    for each in held:
        if begun <= each.on < over:
            over = days_after(over, 1)
            moved_by.append(each)
    return over, tuple(moved_by)


def holds_in_words(held: Sequence[HeldDay]) -> str:
    """Say which holds there were.

    Parameters
    ----------
    held : sequence of HeldDay
        In order.

    Returns
    -------
    str
        Days in a row as one hold, e.g. `ipatasertib held from 2026-02-20 to 2026-02-24 (5 days)`;
        empty when there was none.
    """
    return ", ".join(_holds(held))


def _holds(held: Sequence[HeldDay]) -> Iterator[str]:
    """Say each hold: days in a row on which the same was held."""
    rows = enumerate(held)
    for (says, _), row in groupby(rows, lambda at: (at[1].says, at[1].on.toordinal() - at[0])):
        days = [each.on.isoformat() for _, each in row]
        if len(days) == 1:
            yield f"{says} on {days[0]} (1 day)"
        else:
            yield f"{says} from {days[0]} to {days[-1]} ({len(days)} days)"
