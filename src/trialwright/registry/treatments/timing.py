"""When an agent is given: what its words state, as values; doses, intervals, counts, lengths."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.treatments.times import cycle_length, cycles_of, lengths_in, number_of
from trialwright.registry.treatments.words import Word

LEAST_ROUND = 14
"""Shortest round of days on and days off read as a cycle: `5 days on, 2 days off` is a week."""


@dataclass(frozen=True, slots=True)
class Given:
    """When an agent is given, as its words state it.

    Attributes
    ----------
    days : tuple of DayRange
        Days of the cycle.
    cycles : CycleRange
        Cycles they apply to.
    dose : str
        As written; empty when not stated.
    assumptions : tuple of str
        What was assumed.
    """

    days: tuple[DayRange, ...]
    cycles: CycleRange
    dose: str = ""
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timed:
    """What the words of one agent state.

    Attributes
    ----------
    given : tuple of Given
        Its days, group by group.
    length : int, days
        Length of a cycle that follows from days on and days off; 0 when none does.
    every : int, days
        What `every 3 weeks` beside the days says; the cycle must have this length. 0: nothing.
    until : int
        How many of the words this is read from; those behind it are not understood.
    """

    given: tuple[Given, ...]
    length: int
    every: int
    until: int


def interval_of(words: Sequence[Word]) -> int:
    """Give the days of `every 3 weeks`.

    Parameters
    ----------
    words : sequence of Word
        Those that stand with one agent.

    Returns
    -------
    int, days
        0 when no interval is stated, -1 when it cannot be said.
    """
    found = [each for each in words if each.kind == "every"]
    if not found:
        return 0
    number = re.search(r"\d{1,3}", found[0].words)
    lengths = lengths_in(found[0].words)
    if len(found) == 1 and lengths:
        return lengths[0]
    if len(found) == 1 and number and re.search(r"(?i)(?:w|wks?|weekly)$", found[0].words):
        return 7 * int(number[0])
    if len(found) == 1 and number and re.search(r"(?i)d$", found[0].words):
        return int(number[0])
    return -1


def dose_of(words: Sequence[Word]) -> str:
    """Give the dose.

    Parameters
    ----------
    words : sequence of Word
        Those that stand with one agent.

    Returns
    -------
    str
        As written; several joined by semicolons, empty when none is stated.
    """
    doses = tuple(dict.fromkeys(each.words for each in words if each.kind == "dose"))
    return doses[0] if len(doses) == 1 else "; ".join(doses)


def count_of(words: str) -> int:
    """Give how many cycles `for up to 6 cycles` counts.

    Parameters
    ----------
    words : str
        As `treatment_times.COUNT` finds them.

    Returns
    -------
    int
        0 when it cannot be said.
    """
    bare = re.sub(r"\(\d{1,3}\)", "", words)
    found = re.search(
        r"(?i)(?:\bx ?|\bof |\bto |\bfor |\bmost |maximum |max\.? )(\d{1,3}|[a-z]+) ", bare
    )
    numbers = re.findall(r"\d{1,3}", bare)
    if numbers:
        return int(numbers[0])
    try:
        return number_of(found[1]) if found else 0
    except KeyError:
        return 0


def stated_length(word: Word) -> int:
    """Give the cycle length that a word states.

    Parameters
    ----------
    word : Word
        Of any kind.

    Returns
    -------
    int, days
        0 when it states none.
    """
    match word.kind:
        case "length" | "count":
            return cycle_length(word.words)
        case "cycles":
            return cycles_of(word.words).length
        case "out_of":
            found = re.search(r"(?:every|each) (.+)", word.words, re.IGNORECASE)
            length = cycle_length(found[1]) if found else 0
            return length if length >= LEAST_ROUND else 0
        case _:
            return 0
