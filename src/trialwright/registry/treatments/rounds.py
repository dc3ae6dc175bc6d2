"""Days on and days off: `3 weeks on, 1 week off`, `weekly x 3, 1 week off`, `for 14 days of`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.dosing import MOST_DAY, Unclear
from trialwright.registry.treatments.times import cycles_of, lengths_in, number_of
from trialwright.registry.treatments.timing import LEAST_ROUND, Given, Timed, dose_of, interval_of
from trialwright.registry.treatments.words import Word

FIRST_DAY = "The first of these days is not written: read as day 1 of the cycle."

ROUNDS = frozenset({"on_off", "weekly_off", "for"})
"""Kinds of words that state days on, and mostly days off."""

OF = frozenset({"of", "in", "during", "for", "on", "the", "per", "within", "("})
"""Small words between days and their cycles."""


def read_round(words: Sequence[Word]) -> Timed | Unclear:
    """Give the days of `3 weeks on, 1 week off` and its kin.

    Parameters
    ----------
    words : sequence of Word
        Those that stand with one agent; no days by number among them.

    Returns
    -------
    Timed or Unclear
        Unclear where daily or weekly is not stated, or two rounds are.
    """
    rounds = [each for each in words if each.kind in ROUNDS]
    if len(rounds) != 1 or any(each.kind == "off" for each in words):
        return Unclear("the days on and the days off are not clear")
    only = rounds[0]
    match only.kind:
        case "weekly_off":
            read = _weekly_off(only)
        case "on_off":
            read = _on_off(only, words)
        case _:
            read = _for_of(only, words)
    if isinstance(read, Unclear):
        return read
    return replace(read, given=tuple(replace(each, dose=dose_of(words)) for each in read.given))


def _weekly_off(only: Word) -> Timed | Unclear:
    """Read `weekly x 3, 1 week off`."""
    count = re.search(r"(?:x|for|times) ?(\w+)", only.words, re.IGNORECASE)
    off = lengths_in(only.words)
    if count is None or len(off) != 1:
        return Unclear(f"'{only.words}' is not clear")
    weeks = number_of(count[1])
    return _on_days(_weekly_days(weeks), 7 * weeks + off[0], 0)


def _on_off(only: Word, words: Sequence[Word]) -> Timed | Unclear:
    """Read `3 weeks on, 1 week off`."""
    lengths = lengths_in(only.words)
    if len(lengths) != 2 or any(each.kind == "every" for each in words):
        return Unclear(f"'{only.words}' is not clear")
    days = _filled(lengths[0], words)
    return days if isinstance(days, Unclear) else _on_days(days, sum(lengths), 0)


def _for_of(only: Word, words: Sequence[Word]) -> Timed | Unclear:
    """Read `for 21 days of each 28-day cycle`; that they are the first 21 is an assumption."""
    (count,) = lengths_in(only.words)
    place = words.index(only) + 1
    while place < len(words) and words[place].words.lower() in OF | {",", "a", "every", "each"}:
        place += 1
    behind = words[place] if place < len(words) else None
    every = interval_of([behind]) if behind else 0
    length = cycles_of(behind.words).length if behind and behind.kind == "cycles" else every
    if behind is None or length <= count or any(each.kind == "out_of" for each in words):
        return Unclear(f"'{only.words}': of which cycle, and from which day, is not clear")
    days = _filled(count, words)
    if isinstance(days, Unclear):
        return days
    read = _on_days(days, 0, every)
    if isinstance(read, Unclear):
        return read
    return replace(
        read, given=tuple(replace(each, assumptions=(FIRST_DAY,)) for each in read.given)
    )


def _filled(count: int, words: Sequence[Word]) -> tuple[DayRange, ...] | Unclear:
    """Give the days of a stretch of dosing: each of them, or one a week."""
    kinds = {each.kind for each in words}
    if "some_a_week" in kinds:
        return Unclear("on which days of the week is not stated")
    if "weekly" in kinds:
        if count % 7 or "often" in kinds:
            return Unclear("on which days of the week is not stated")
        return _weekly_days(count // 7)
    is_daily = "often" in kinds or any(
        (each.kind == "route" and each.value == "PO") or "consecutive" in each.words.lower()
        for each in words
    )
    if not is_daily or count > MOST_DAY:
        return Unclear("whether it is given daily or weekly is not stated")
    return (DayRange(first=1, last=count),) if count else Unclear("no days are left")


def _weekly_days(weeks: int) -> tuple[DayRange, ...]:
    """Give one day a week, from day 1."""
    return tuple(
        DayRange(first=day, last=day) for day in range(1, 7 * min(weeks, MOST_DAY // 7) + 1, 7)
    )


def _on_days(days: tuple[DayRange, ...], length: int, every: int) -> Timed | Unclear:
    """Give days of every cycle."""
    if not days or (length and not LEAST_ROUND <= length <= MOST_DAY):
        return Unclear("these days on and off are no cycle as known here")
    return Timed((Given(days, CycleRange()),), length, every, 0)
