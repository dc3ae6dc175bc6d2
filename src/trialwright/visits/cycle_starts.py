"""On which day each cycle begins when some were delayed or held, and what made it that day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.terms.dates import days_after
from trialwright.terms.errors import refuse
from trialwright.visits.held_days import HeldDay, holds_in_words, made_up

LateCycle = Literal["later cycles move", "planned dates stay"]
"""Whether a delayed cycle moves those after it, or they keep the days first planned."""


@dataclass(frozen=True, slots=True)
class CycleStart:
    """The first day of a cycle.

    Attributes
    ----------
    cycle : int
        Counted from 1.
    on : date
        Its day 1.
    because : str
        What made it that day.
    """

    cycle: int
    on: date
    because: str


def cycle_starts(
    start: date,
    cycle_days: int,
    cycles: int,
    delayed: Mapping[int, date] | None = None,
    rule: LateCycle = "later cycles move",
    held: Sequence[HeldDay] = (),
) -> tuple[CycleStart, ...]:
    """Lay out the first days of the cycles.

    Parameters
    ----------
    start : date
        C1D1.
    cycle_days : int, days
        Length of a cycle.
    cycles : int
        How many, from the first.
    delayed : mapping of int to date, or None
        Cycle from the second on to the day on which it begins instead of the planned one.
    rule : {'later cycles move', 'planned dates stay'}
        What the protocol says of the cycles after a delayed one, or after one with holds.
    held : sequence of HeldDay
        Days that the protocol has made up, each once, in order. A delay is the last word: it holds
        the days held before it, and adds nothing to them.

    Returns
    -------
    tuple of CycleStart
        In order. Where planned dates stay, the delayed cycle is cut short by the next one; a delay
        that reaches the next one's first planned day moves that too.

    Raises
    ------
    Refusal
        If there is no cycle, or a day lies outside the calendar.
    """
    if cycles < 1 or cycle_days < 1:
        raise refuse("cycles", f"{cycles} cycles of {cycle_days} days", "1 or more of each",
                     "Correct the numbers")  # fmt: skip
    moved = delayed or {}
    starts = [CycleStart(1, start, f"first dose on {start.isoformat()}")]
    holds = ""
    for cycle in range(2, cycles + 1):
        before = starts[-1]
        over = days_after(before.on, cycle_days)
        first_planned = days_after(start, (cycle - 1) * cycle_days)
        stays = rule == "planned dates stay" and before.on < first_planned
        planned, moved_by = made_up(before.on, first_planned if stays else over, held)
        if stays or before.cycle in moved:  # then what was held before is behind this day
            holds = ""
        holds = "; ".join(filter(None, (holds, holds_in_words(moved_by))))
        word = "moved by"
        if cycle in moved:
            on, word = moved[cycle], "which takes in"
            because = f"cycle {cycle} begins on {on.isoformat()} instead of {planned.isoformat()}"
        elif stays and first_planned != over:
            on, because = planned, f"as first planned from {start.isoformat()}"
        else:
            on = planned
            because = f"{cycle_days} days after cycle {before.cycle} on {before.on.isoformat()}"
        because = f"{because}; {word} {holds}" if holds else because
        starts.append(CycleStart(cycle, on, f"{because}; {rule}" if moved or holds else because))
    return tuple(starts)
