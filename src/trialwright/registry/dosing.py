"""The sentence that gives an arm's agents: route, times a day, days of which cycles.

A sentence is read whole or not at all: one part that the patterns do not cover leaves all of it to
people, for that part may change the meaning of the rest.
"""

import re
from dataclasses import dataclass, replace

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.draft_arms import DosingLine

MOST_DAY = 400
"""Greatest day of a cycle that a protocol can hold (`protocol.arms.CycleDay`)."""

EVERY_CYCLE = "No cycle is named for these days: read as every cycle."
SHARED_DAYS = "The days stand once, after the last agent joined: read as the days of each."

_ROUTES = {"orally": "PO", "intramuscularly": "IM", "intravenously": "IV", "subcutaneously": "SC"}
_TIMES = {"once daily": 1, "twice daily": 2, "three times daily": 3, "QD": 1, "BID": 2, "TID": 3}
_ROUTE_WORDS = "|".join(rf"{words} \({short}\)|{words}" for words, short in _ROUTES.items())
_DAYS = r"\d{1,3}(?:-\d{1,3})?(?:(?:, and |, | and )\d{1,3}(?:-\d{1,3})?)*"
_CYCLES = (
    r"cycle \d{1,3}|cycles \d{1,3}-\d{1,3}|each cycle|every cycle|all cycles|"
    r"(?:all )?subsequent cycles"
)
_TIMING = rf"on days? (?:{_DAYS})(?: of (?:{_CYCLES}))?"
_ITEM = re.compile(
    r"(?P<agent>[A-Za-z][\w-]*(?: (?!and\b|or\b|with\b|on\b|as\b)[A-Za-z0-9][\w-]*){0,4}?)"
    r"(?: \((?P<choices>[^()]*)\))?"
    rf" (?P<route>{_ROUTE_WORDS}|PO|IM|IV|SC)"
    r"(?: (?P<often>once daily \(QD\)|twice daily \(BID\)|three times daily \(TID\)"
    r"|once daily|twice daily|three times daily|QD|BID|TID))?"
    rf"(?: (?:(?P<timing>{_TIMING}(?: and {_TIMING})*)|as in arm (?P<as_in>\w+)))?"
    r"(?=,? and |, |$)"
)
_JOIN = re.compile(r",? and |, ")
_ONE_TIMING = re.compile(rf"on days? (?P<days>{_DAYS})(?: of (?P<cycles>{_CYCLES}))?")
_RECEIVE = re.compile(r"Patients (?:also )?receive (?P<rest>.+)\.")
_CHOICES = re.compile(r"[A-Za-z][\w-]*(?:, [A-Za-z][\w-]*)*,? or [A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why a sentence was not understood.

    Attributes
    ----------
    because : str
        The part that was not understood, and why.
    """

    because: str


@dataclass(frozen=True, slots=True)
class _Given:
    """One agent of a sentence, before its days are resolved."""

    agent: str
    choices: tuple[str, ...]
    route: str
    times_a_day: int | None
    timing: str
    as_in: str
    is_shared: bool = False


def read_treatment(
    words: str, line: int, known: dict[str, tuple[DosingLine, ...]]
) -> tuple[DosingLine, ...] | Unclear:
    """Read a sentence such as `Patients receive X IM on day 1 of each cycle, and Y as in arm A`.

    Parameters
    ----------
    words : str
        One sentence, white space single.
    line : int
        Line of the record.
    known : dict of str to tuple of DosingLine
        Arms read so far, for `as in arm A`; an arm with a sentence not understood is not among
        them.

    Returns
    -------
    tuple of DosingLine, or Unclear
        The lines, in the order of the sentence.
    """
    receive = _RECEIVE.fullmatch(words)
    if receive is None:
        return Unclear("it is no sentence of the form 'Patients receive ... .'")
    given = _items(receive["rest"].replace("–", "-"))
    if isinstance(given, Unclear):
        return given
    lines: list[DosingLine] = []
    for each in _shared(given):
        resolved = _as_in(each, line, known) if each.as_in else _timed(each, line)
        if isinstance(resolved, Unclear):
            return resolved
        lines.extend(resolved)
    return tuple(lines)


def _items(rest: str) -> "tuple[_Given, ...] | Unclear":
    """Cut a list of agents into its parts."""
    given: list[_Given] = []
    place = 0
    while True:
        found = _ITEM.match(rest, place)
        if found is None:
            part = f"'{rest[place:]}' is no agent with route, times and days as known here"
            return Unclear(part if place < len(rest) else "the list ends without an agent")
        choices = _choices(found["agent"], found["choices"])
        if isinstance(choices, Unclear):
            return choices
        given.append(
            _Given(
                found["agent"],
                choices,
                _ROUTES.get(found["route"].split(" ")[0], found["route"]),
                _TIMES[found["often"].split(" (")[0]] if found["often"] else None,
                found["timing"] or "",
                found["as_in"] or "",
            )
        )
        if found.end() == len(rest):
            return tuple(given)
        join = _JOIN.match(rest, found.end())
        place = join.end() if join else len(rest)


def _choices(agent: str, inside: str | None) -> tuple[str, ...] | Unclear:
    """Give the agents of which one is given."""
    if inside is None:
        return (agent,)
    if _CHOICES.fullmatch(inside) is None:
        return Unclear(f"'({inside})' is no choice of the form 'x, y, or z'")
    return tuple(re.split(r",? or |, ", inside))


def _shared(given: tuple[_Given, ...]) -> tuple[_Given, ...]:
    """Let agents without days take the days that follow (`x PO QD and y PO QD on days 1-28`)."""
    resolved: list[_Given] = []
    for each in reversed(given):
        after = resolved[-1] if resolved else None
        if not each.timing and not each.as_in and after is not None and after.timing:
            each = replace(each, timing=after.timing, is_shared=True)
        resolved.append(each)
    return tuple(reversed(resolved))


def _as_in(
    each: _Given, line: int, known: dict[str, tuple[DosingLine, ...]]
) -> tuple[DosingLine, ...] | Unclear:
    """Give the lines of another arm for the same agent by the same route."""
    same = tuple(
        replace(
            other,
            times_a_day=each.times_a_day or other.times_a_day,
            as_in=each.as_in,
            line=line,
        )
        for other in known.get(each.as_in, ())
        if (other.choices, other.route) == (each.choices, each.route)
    )
    if same:
        return same
    return Unclear(
        f"'as in arm {each.as_in}': no such arm was wholly understood that gives {each.agent}"
        f" {each.route}"
    )


def _timed(each: _Given, line: int) -> tuple[DosingLine, ...] | Unclear:
    """Give one line for each group of days."""
    if not each.timing:
        return Unclear(f"no days are given for {each.agent}")
    lines: list[DosingLine] = []
    last: int | None = 0
    for found in _ONE_TIMING.finditer(each.timing):
        days = _days(found["days"])
        cycles = _cycles(found["cycles"] or "", last)
        if isinstance(days, Unclear):
            return days
        if cycles is None:
            return Unclear(f"'{found[0]}': which cycles these are is not clear")
        unnamed = () if found["cycles"] else (EVERY_CYCLE,)
        assumed = (*unnamed, SHARED_DAYS) if each.is_shared else unnamed
        lines.append(
            DosingLine(
                each.agent,
                each.choices,
                each.route,
                each.times_a_day,
                days,
                cycles,
                "",
                assumed,
                line,
            )
        )
        last = cycles.last
    return tuple(lines)


def _days(words: str) -> tuple[DayRange, ...] | Unclear:
    """Read `1`, `1-28`, `1 and 15`, `1, 8, and 15`."""
    days: list[DayRange] = []
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", words):
        begins, ends = int(first), int(last or first)
        if not 1 <= begins <= ends <= MOST_DAY:
            return Unclear(f"'{words}' are no days in order from 1 to {MOST_DAY}")
        if days and begins <= days[-1].last:
            return Unclear(f"'{words}' are no days in order, each once")
        days.append(DayRange(first=begins, last=ends))
    return tuple(days)


def _cycles(words: str, before: int | None) -> CycleRange | None:
    """Read which cycles; `subsequent` ones follow the last cycle named before."""
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if "subsequent" in words:
        return CycleRange(first=before + 1) if before else None
    if not numbers:
        return CycleRange()
    first, last = numbers[0], numbers[-1]
    return CycleRange(first=first, last=last) if 1 <= first <= last else None
