"""Which agent is given on which day of a cycle, as rows and columns."""

from dataclasses import dataclass

from trialwright.registry.draft_arms import cycles_say, days_say
from trialwright.registry.record import Record, RecordArm, RecordDosing
from trialwright.registry.writing.arm_words import given_of, in_order

LONGEST_STRIP = 42
"""Longest cycle drawn day by day, days; a longer one is told in words alone."""

_ROUTES = {
    "PO": "by mouth (PO)",
    "IM": "into a muscle (IM)",
    "IV": "into a vein (IV)",
    "SC": "under the skin (SC)",
}
_OFTEN = {"QD": "once daily", "BID": "twice daily", "TID": "three times daily"}


@dataclass(frozen=True, slots=True)
class StripRow:
    """One line of an arm's treatment over the days of a cycle.

    Attributes
    ----------
    agent : str
        What is given, e.g. `Fulvestrant`.
    how : str
        Route and how often, in plain words; empty when not stated.
    when : str
        Days and cycles in words.
    is_studied : bool
        Whether the trial escalates or studies it.
    given : tuple of bool
        For each day of the cycle; empty when the cycle is too long to be drawn.
    """

    agent: str
    how: str
    when: str
    is_studied: bool
    given: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The cycle of an arm.

    Attributes
    ----------
    days : tuple of int
        Days drawn, from 1; empty when the cycle is too long to be drawn.
    weeks : tuple of (int, int)
        Each week with the number of its days, the last may be short.
    rows : tuple of StripRow
        Line by line.
    """

    days: tuple[int, ...]
    weeks: tuple[tuple[int, int], ...]
    rows: tuple[StripRow, ...]


def strip_of(record: Record, arm: RecordArm) -> Strip:
    """Draw the cycle of an arm.

    Parameters
    ----------
    record : Record
        The record that the arm belongs to.
    arm : RecordArm
        One of its arms.

    Returns
    -------
    Strip
        Without rows when the arm has no lines.
    """
    length = _drawn(record, arm)
    weeks = [(place + 1, min(7, length - first)) for place, first in enumerate(range(0, length, 7))]
    rows = tuple(_row(record, line, length) for line in arm.dosing)
    return Strip(tuple(range(1, length + 1)), tuple(weeks), rows)


def _drawn(record: Record, arm: RecordArm) -> int:
    """Give the number of days drawn; 0 when there are too many, or a line goes beyond them."""
    length = record.cycle_days or 0
    last = max((days.last for line in arm.dosing for days in line.days), default=0)
    return length if last <= length <= LONGEST_STRIP else 0


def _row(record: Record, line: RecordDosing, length: int) -> StripRow:
    """Draw one line."""
    given = given_of(record, line)
    agents = [record.agents.get(each.agent) for each in line.choices]
    how = [_ROUTES.get(given.route, given.route), _OFTEN.get(given.often, given.often)]
    said = given.says
    days = in_order(line.days)
    return StripRow(
        said[:1].upper() + said[1:],
        ", ".join(words for words in how if words),
        f"{days_say(days)} of {cycles_say(line.cycles)}",
        any(agent is not None and agent.is_investigational for agent in agents),
        tuple(any(each.first <= day <= each.last for each in days) for day in range(1, length + 1)),
    )
