"""Numbers, days of a cycle, cycles and cycle lengths in the words of treatment texts.

The patterns expect single spaces and plain hyphens (`treatment_words.plain`); they ignore case.
"""

import re
from dataclasses import dataclass
from typing import Literal

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.dosing import MOST_DAY

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fourteen": 14,
    "fifteen": 15,
    "twenty-one": 21,
    "twenty-eight": 28,
    "twenty one": 21,
    "twenty eight": 28,
}
NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
"""A number in digits or words."""

UNIT = r"(?:days?|weeks?|wks?)"
TIME = rf"(?:{NUMBER}(?: \(\d{{1,3}}\))?[ -]?{UNIT})"
"""A number of days or weeks; `two (2) weeks` too."""

_UNITS_AFTER = (
    r"(?! ?-? ?(?:m?c?g|ug|µg|kg|ml|cc|c?gy|m?iu|units?|%|weeks?|wks?|months?|years?|hours?|hrs?"
    r"|h|min|minutes?|mins?|days?|cycles?|courses?|doses?|tablets?|capsules?|times|x|patients?"
    r"|subjects?|participants?|mg/\S*)(?!\w))"
)
_DAY = rf"\d{{1,3}}(?![\w]|[./]\d|,\d{{3}}|\^){_UNITS_AFTER}"
_DAY_WORD = r"(?:days? |day|d ?)"
_DAY_ITEM = (
    rf"{_DAY}(?: ?(?:-|through|thru|to) ?(?:and including )?{_DAY_WORD}?{_DAY})?(?! ?[-/] ?\d)"
)
_DAY_JOIN = r"(?:, ?and | and |, ?& ?| ?& ?|, ?| ?\+ ?)(?:on )?(?:and )?"
DAYS = rf"(?:days? ?#?|d(?=\d)|d (?=\d)){_DAY_ITEM}(?:{_DAY_JOIN}{_DAY_WORD}?{_DAY_ITEM}){{0,30}}"
"""`days 1-5, 8 and 15`, `D1-D14`, `day 1 to day 21`, `Day 1 and Day 15`."""

FIRST_DAYS = rf"(?:the )?(?:first|1st) (?:day|{NUMBER} (?:consecutive )?days)(?= (?:of|in) )"
"""`the first day`, `the first 14 days` of something."""

_CYCLE = r"(?:(?:treatment|dosing|chemotherapy|study|therapy) )?(?:cycles?|courses?)"
_ONLY_CYCLE = r"(?:(?:treatment|dosing|chemotherapy|study|therapy) )?cycles?"
_EACH = r"(?:each|every|all|any|per|an?|the|one)"
_LONG = rf"(?:{TIME}(?: \({TIME}\))?[ -])"
_NAMED = (
    r"(?:(?:treatment )?(?:cycles?|courses?) ?#?|c(?=\d))\d{1,3}"
    r"(?: ?(?:-|to|through) ?(?:cycle |c)?\d{1,3})?"
    r"(?:(?:, ?and | and |, ?| ?& ?)(?:cycle |c)?\d{1,3}"
    r"(?!\d| ?(?:mg|-? ?days?|weeks?|g\b|%))){0,12}"
)
_ON = (
    r"(?:,? and (?:(?:each|every|all) cycles? thereafter|beyond|onwards?|later|thereafter|higher"
    r"|(?:all )?(?:subsequent|following|later|"
    r"further)(?: cycles)?|each (?:subsequent|following)(?: cycle)?)|,? onwards?|,? or later"
    r"|\+| and above)"
)
CYCLES = (
    r"c\d{1,2}(?=d\d)"
    rf"|{_NAMED}{_ON}?(?!\w)"
    rf"|(?:(?:all|each|every|the|in) )?(?:subsequent|following|later|additional|other|remaining)"
    rf" {_LONG}?{_CYCLE}(?: thereafter)?(?!\w)"
    rf"|(?:each|every|all) {_LONG}?{_CYCLE},? thereafter(?!\w)"
    rf"|(?:the )?first {_LONG}?(?:{NUMBER} )?{_CYCLE}(?!\w)"
    rf"|(?:{_EACH} )?(?:repeated |repeating |continuous )?{_LONG}{_ONLY_CYCLE}(?!\w)(?! \d)"
    rf"|{_EACH} {_CYCLE}(?!\w)(?! ?[(=]? ?{TIME}| \d)"
)
"""Cycles by number, `each cycle`, `subsequent cycles`, `a 28-day cycle`."""

_IS = (
    r"(?: (?:length|duration))?(?: (?:time|period))?"
    r" ?(?:=|:|is|are|was|were|of|lasts?|lasted|lasting|equals|will be|will last|is defined as"
    r"|was defined as|defined as|consists? of|consisted of|consisting of|comprises?|comprised"
    r"|every|(?:is |are |was |were )?(?:given|administered) every|q)? ?"
)
_REPEAT = r" (?:(?:is|are|was|were|to be|will be) )?repeat(?:s|ed|ing)?(?: every| q)? ?"
_COURSE_IS = (
    r"(?:s? ?(?:=|(?:is|are|was|were|every|lasts?|lasted) )"
    r"|s? (?:length|duration)(?: is| of| was)? )"
)
_NO_MORE = (
    r"(?!\w)(?! ?-? ?(?:on|off|out|of (?:dos|treat|rest|ther|each|every)"
    r"|in(?! (?:length|duration))|then|followed))"
)
_ONE = r"(?:=|is|are|equals?|as|defined as|is defined as|constitutes?|makes?)"
_REPEATED = (
    r"(?:(?:treatment|therapy|regimen|chemotherapy|dosing|combination|schedule|cycle|course)s?)"
)
LENGTH = (
    rf"(?:{_EACH} |1 )?{_ONLY_CYCLE}(?! ?\d){_IS}\(?(?:a |an )?{TIME}(?: ?\({TIME}\))?\)?"
    rf"{_NO_MORE}(?: in (?:length|duration)| long)?"
    rf"|(?:{_EACH} |1 )?course{_COURSE_IS}{TIME}{_NO_MORE}(?: in (?:length|duration)| long)?"
    rf"|{_REPEATED}{_REPEAT}(?:{TIME}{_NO_MORE}|weekly(?!\w))"
    rf"|(?:every |each |q ?|over )?{TIME} ?\(?{_ONE} ?(?:1|one|a|each) {_CYCLE}(?!\w)\)?"
    rf"|(?:every |each |q ?|over )?{TIME} ?\((?:(?:1|one|each|per|a) )?{_CYCLE}\)"
)
"""Words that state the length of a cycle without naming which days."""

ODD_LENGTH = (
    rf"(?:the )?first {_CYCLE}{_IS}\(?{TIME}\)?|(?:the )?first {_CYCLE} ?\({TIME}\)"
    rf"|{_NAMED} ?\({TIME}\)"
)
"""Words that state the length of one cycle among others."""

COUNT = (
    rf"(?:for |x ?)?(?:a )?(?:up to|maximum of|max(?:imum)?\.?|at most)(?: a)?(?: maximum| total)?"
    rf"(?: of)? {NUMBER}(?: \(\d{{1,3}}\))? {_LONG}?{_CYCLE}(?!\w)"
    rf"|(?:for |x ?)(?:a total of )?{NUMBER}(?: \(\d{{1,3}}\))? (?:more )?{_LONG}?{_CYCLE}(?!\w)"
)
"""How many cycles are given."""

_REST = (
    r"(?:(?:of )?(?:off|rest|break|recovery|no (?:treatment|drug|dosing|therapy)"
    r"|without (?:treatment|therapy|drug|dosing|medication|study drug))"
    r"|(?:drug|treatment|dose|dosing)[- ](?:free|holiday|off|rest))"
    r"(?:[ -](?:of )?(?:treatment|therapy|drug|study drug|period|interval|phase|weeks?|dosing"
    r"|chemotherapy))*"
)
OFF = (
    rf"(?:(?:and |then |with |plus )?(?:followed by )?(?:a |an )?){TIME}(?: of)?[ -]{_REST}(?!\w)"
    rf"|(?:and |then |with )?(?:followed by )?(?:a |an )?(?:rest|break)(?: period)? of {TIME}"
    rf"|(?:and |then )?off (?:treatment |therapy |drug )?for {TIME}"
)
"""Days without treatment at the end of a cycle."""

_PART = r"(?: ?[,/;:] ?| ?\(| - | ?-? ?| )(?:and |then |& )?"
ON_OFF = (
    rf"{TIME}[ -]on(?: (?:treatment|therapy|drug|study drug|medication|dosing))?{_PART}(?:{OFF})"
    rf"|(?:for |x ?|times )(?:the )?{NUMBER}(?: \(\d{{1,3}}\))?"
    rf" (?:consecutive |continuous |straight )?{UNIT}"
    rf"(?: on)?(?: (?:of )?(?:treatment|therapy|drug|dosing))?{_PART}(?:{OFF})"
)
"""`3 weeks on, 1 week off`, `for 21 days followed by 7 days off`."""

WEEKLY_OFF = (
    rf"(?:(?:once )?weekly|once (?:a|per) week|qw|q week|every week),?"
    rf" ?(?:x|for|times) ?{NUMBER}(?: (?:doses|times))?{_PART}(?:{OFF})"
)
"""`weekly x 3, 1 week off`."""

ODD_COUNT = rf"{NUMBER} {_LONG}?(?:treatment )?(?:cycles|courses)(?: ?\({TIME}\))?"
"""A number of cycles that is no count of those given."""

OUT_OF = (
    rf"(?:for |on )?{NUMBER} (?:consecutive )?{UNIT}? ?(?:out )?of (?:every |each )?{TIME}"
    r"(?! ?-? ?cyc)"
)
"""`14 days out of every 21 days`: which days is not stated."""

FOR = (
    rf"(?:for |x ?)(?:a total of )?{NUMBER}(?: \(\d{{1,3}}\))?"
    rf" ?(?:consecutive |continuous )?{UNIT}(?!\w)"
)
"""`for 14 days`."""

_TIMES = re.compile(
    rf"({NUMBER})(?: \(\d{{1,3}}\))? ?-?(?:consecutive |continuous |straight )?({UNIT})",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(\d{1,3})(?: ?(?:-|through|thru|to) ?(?:and including )?(?:days? |day|d ?)?(\d{1,3}))?",
    re.IGNORECASE,
)
_BEYOND = re.compile(rf"{_ON}$", re.IGNORECASE)
_LATER = re.compile(r"subsequent|following|later|additional|other|remaining|thereafter")
_ONLY_NUMBERS = re.compile(r"\d{1,3}")
_NUMBER = re.compile(NUMBER, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cycles:
    """Which cycles words name, and how long they say a cycle is.

    Attributes
    ----------
    which : {'every', 'named', 'subsequent', 'unclear'}
        Every cycle, those of `span`, those after the ones named before, or not to be said.
    span : CycleRange
        The cycles named.
    length : int, days
        Length of a cycle; 0 when these words do not state it.
    """

    which: Literal["every", "named", "subsequent", "unclear"]
    span: CycleRange
    length: int = 0


def number_of(words: str) -> int:
    """Read a number in digits or words.

    Parameters
    ----------
    words : str
        As `NUMBER` finds it.

    Returns
    -------
    int
        At least 0.
    """
    return int(words) if words.isdigit() else _NUMBERS[words.lower()]


def lengths_in(words: str) -> tuple[int, ...]:
    """Give each number of days or weeks in words.

    Parameters
    ----------
    words : str
        As a pattern of this module found them.

    Returns
    -------
    tuple of int, days
        In order, equal ones too.
    """
    return tuple(
        number_of(number) * (1 if unit.lower().startswith("d") else 7)
        for number, unit in _TIMES.findall(words)
    )


def cycle_length(words: str) -> int:
    """Read the length of a cycle.

    Parameters
    ----------
    words : str
        As `LENGTH` or `CYCLES` finds them.

    Returns
    -------
    int, days
        0 when the words state none, or two that differ, or none that a protocol can hold.
    """
    if words.lower().endswith("weekly"):
        return 7
    found = tuple(set(lengths_in(words)))
    return found[0] if len(found) == 1 and 2 <= found[0] <= MOST_DAY else 0


def days_of(words: str) -> tuple[DayRange, ...]:
    """Read days of a cycle.

    Parameters
    ----------
    words : str
        As `DAYS` or `FIRST_DAYS` finds them.

    Returns
    -------
    tuple of DayRange
        Empty when they are no days in order, each once.
    """
    if "first" in words.lower() or "1st" in words.lower():
        count = [number_of(each) for each in _NUMBER.findall(re.sub(r"(?i)1st", "", words))]
        return (DayRange(first=1, last=count[0] if count else 1),) if count != [0] else ()
    days: list[DayRange] = []
    for first, last in _RANGE.findall(words):
        begins, ends = int(first), int(last or first)
        if not 1 <= begins <= ends <= MOST_DAY or (days and begins <= days[-1].last):
            return ()
        days.append(DayRange(first=begins, last=ends))
    return tuple(days)


def cycles_of(words: str) -> Cycles:
    """Read which cycles are named.

    Parameters
    ----------
    words : str
        As `CYCLES` finds them.

    Returns
    -------
    Cycles
        `unclear` when numbers are not in order or leave a gap.
    """
    plain = words.lower()
    bare = _TIMES.sub("", plain)
    length = cycle_length(plain)
    if _LATER.search(bare) and not _ONLY_NUMBERS.search(bare):
        return Cycles("subsequent", CycleRange(), length)
    if "first" in bare:
        count = [number_of(each) for each in _NUMBER.findall(bare)]
        return _named(1, count[0] if count else 1, length)
    numbers = [int(each) for each in _ONLY_NUMBERS.findall(bare)]
    if not numbers:
        return Cycles("every", CycleRange(), length)
    if _BEYOND.search(plain):
        return _named(numbers[0], None, length) if len(numbers) == 1 else _unclear()
    is_range = re.search(r"\d ?(?:-|to|through) ?", bare) and len(numbers) == 2
    if not is_range and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return _unclear()
    return _named(numbers[0], numbers[-1], length)


def _named(first: int, last: int | None, length: int) -> Cycles:
    """Give cycles by number."""
    if first < 1 or (last is not None and last < first):
        return _unclear()
    return Cycles("named", CycleRange(first=first, last=last), length)


def _unclear() -> Cycles:
    """Say that which cycles are meant is not to be said."""
    return Cycles("unclear", CycleRange())
