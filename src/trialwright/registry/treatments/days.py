"""On which days of which cycles an agent is given, from the words that stand with it.

Words that are not known, or that say two things, leave all of them to people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.dosing import EVERY_CYCLE, MOST_DAY, Unclear
from trialwright.registry.treatments.rounds import OF, ROUNDS, read_round
from trialwright.registry.treatments.times import Cycles, cycles_of, days_of, lengths_in
from trialwright.registry.treatments.timing import (
    LEAST_ROUND,
    Given,
    Timed,
    count_of,
    dose_of,
    interval_of,
)
from trialwright.registry.treatments.words import CAVEAT, CONDITION, Word

_DATED = frozenset({"days", "first_days"})
_TIMED = _DATED | ROUNDS | {"off", "cycles"}
_REPEATS = frozenset({"on_off", "weekly_off", "for", "weekly", "some_a_week"})
_CYCLIC = frozenset({"cycles", "length"})
_BEFORE_DAYS = frozenset(
    {"word", "number", "odd", "odd_length", "place", "out_of", CONDITION, CAVEAT}
)
_ENDINGS = frozenset({"until", "till"})
_STOPS = frozenset(
    {
        "word",
        "till",
        "or",
        "seen",
        "odd_length",
        "number",
        "odd",
        "place",
        "start",
        CONDITION,
        CAVEAT,
        "out_of",
    }
)
_SECOND_DOSE = frozenset({"dose"})
_SECOND = _SECOND_DOSE | {"weekly", "every", "often", "some_a_week"}
_TO = frozenset({",", ":", "on", "(", "-", "at", "the"})


@dataclass(frozen=True, slots=True)
class _Group:
    """Days with the cycles that stand with them."""

    place: int
    days: tuple[DayRange, ...]
    cycles: Cycles | None


def timed(words: Sequence[Word], lead: Word | None = None) -> Timed | Unclear:
    """Read when an agent is given.

    Parameters
    ----------
    words : sequence of Word
        Those that stand with one agent, without its name.
    lead : Word or None
        The cycles that the whole clause is about.

    Returns
    -------
    Timed or Unclear
        Unclear where no day is stated, or a word stands among the days that is not known.
    """
    end = next((place for place, each in enumerate(words) if each.kind in _ENDINGS), len(words))
    if any(each.kind in _DATED | ROUNDS for each in words[end:]):
        return Unclear("days stand behind what ends the treatment")
    last = max((place for place, each in enumerate(words[:end]) if each.kind in _TIMED), default=-1)
    if not any(each.kind in _DATED | ROUNDS for each in words):
        return Unclear("no days of a cycle are stated for it")
    if barrier := _barrier(words[:end], last):
        return barrier
    groups = _groups(words, lead)
    if isinstance(groups, Unclear):
        return groups
    if lead is not None and not groups:
        return Unclear(f"'{lead.words}': what is given in these cycles is not clear")
    read = _dated(words, groups) if groups else read_round(words)
    if isinstance(read, Unclear):
        return read
    limited = _limited(words, read)
    return replace(limited, until=_end(words, last))


def _barrier(words: Sequence[Word], last: int) -> Unclear | None:
    """Find a word that may change what the days mean."""
    for place, each in enumerate(words):
        if each.kind == "or":
            return Unclear(f"'{each.words}': one of several, which is not said")
        if each.kind == "place":
            return Unclear(f"'{each.words}': days of weeks or months are not read")
        if each.kind == "seen":
            return Unclear(f"'{each.words}': these may be days of something else")
        if place < last and each.kind in _BEFORE_DAYS:
            return Unclear(f"'{each.words}' before the days is not understood")
    behind = [each for each in words[last + 1 :] if each.kind not in {"join", "sign"}]
    if behind and behind[0].kind in {"number", "odd"}:
        return Unclear(f"'{behind[0].words}' beside the days is not understood")
    return _goes_on(words, last)


def _goes_on(words: Sequence[Word], last: int) -> Unclear | None:
    """Find a second dosing behind the days: `then 2 mg/kg weekly`, `, 2 mg/kg weekly`."""
    has_dose = any(each.kind == "dose" for each in words[: last + 1])
    behind = [each for each in words[last + 1 :] if each.kind not in {"sign", "fill"}]
    for join, after in pairwise(behind):
        is_list = join.words.lower() in {",", "/"}
        is_new = after.kind in (_SECOND_DOSE if is_list else _SECOND)
        if join.kind == "join" and is_new and (has_dose or not is_list):
            return Unclear(f"'{join.words} {after.words}': the days do not say all")
    return None


def _end(words: Sequence[Word], last: int) -> int:
    """Give how many of the words are understood."""
    for place in range(last + 1, len(words)):
        if words[place].kind in _STOPS:
            while place - 1 > last and words[place - 1].kind in {"join", "fill", "sign"}:
                place -= 1
            return place
    return len(words)


def _groups(words: Sequence[Word], lead: Word | None) -> list[_Group] | Unclear:
    """Give the days, each with its cycles."""
    groups: list[_Group] = []
    taken: set[int] = set()
    for place, each in enumerate(words):
        if each.kind not in _DATED:
            continue
        days = days_of(each.words)
        if not days:
            return Unclear(f"'{each.words}' are no days in order from 1 to {MOST_DAY}, each once")
        if doubt := _begun(words, place, days) or _of_else(words, place):
            return doubt
        bound = _bound(words, place, taken)
        taken |= {bound} if bound is not None else set()
        stated = None if bound is None else cycles_of(words[bound].words)
        if lead is not None and (stated is None or stated.which == "every"):
            stated = cycles_of(lead.words)
        groups.append(_Group(place, days, stated))
    for place, each in enumerate(words):
        if each.kind == "cycles" and place not in taken and cycles_of(each.words).which != "every":
            return Unclear(f"'{each.words}': what is given in these cycles is not clear")
    return groups


def _begun(words: Sequence[Word], place: int, days: tuple[DayRange, ...]) -> Unclear | None:
    """Say whether the days only tell when dosing begins or ends."""
    before = [each for each in words[max(0, place - 3) : place] if each.kind != "fill"]
    start = before[-1] if before and before[-1].kind == "start" else None
    is_range = len(days) == 1 and days[0].first < days[0].last
    if start is not None and not (start.words.lower() == "from" and is_range):
        return Unclear(f"'{start.words} {words[place].words}': these are not all days")
    after = [*words[place + 1 : place + 3]]
    goes_on = after and (
        after[0].kind == "start"
        or after[0].words == "+"
        or (after[0].words.lower() == "on" and (len(after) < 2 or after[1].kind == "sign"))
        or (len(after) == 2 and after[0].kind == "join" and after[1].kind == "start")
    )
    return (
        Unclear(f"'{words[place].words} {after[0].words}': these are not all days")
        if goes_on
        else None
    )


def _of_else(words: Sequence[Word], place: int) -> Unclear | None:
    """Say whether they are days of something else than a cycle."""
    behind = [each for each in words[place + 1 :] if each.words.lower() not in {"the", "a"}][:2]
    if len(behind) == 2 and behind[0].words.lower() == "of" and behind[1].kind not in _CYCLIC:
        return Unclear(f"'{words[place].words} of {behind[1].words}': these are no days of a cycle")
    return None


def _bound(words: Sequence[Word], place: int, taken: set[int]) -> int | None:
    """Find the cycles of the days: behind them after `of`, before them, or close behind."""
    after, linked = place + 1, False
    while after < len(words) and words[after].words.lower() in OF:
        after, linked = after + 1, True
    behind = after if after < len(words) and words[after].kind == "cycles" else None
    before = place - 1
    while before >= 0 and words[before].words.lower() in _TO:
        before -= 1
    ahead = before if before >= 0 and words[before].kind == "cycles" else None
    if behind is not None and linked:
        return behind
    if ahead is not None and ahead not in taken:
        return ahead
    return behind


def _dated(words: Sequence[Word], groups: list[_Group]) -> Timed | Unclear:
    """Give the days that are stated by number."""
    if problem := _off_tune(words, groups):
        return problem
    given: list[Given] = []
    before: int | None = 0
    start = 0
    is_named = any(each.kind == "cycles" for each in words)
    for group in groups:
        cycles = group.cycles or Cycles("every", CycleRange())
        span = cycles.span
        if cycles.which == "unclear" or (cycles.which == "subsequent" and not before):
            return Unclear("which cycles these are is not clear")
        if cycles.which == "subsequent" and before:
            span = CycleRange(first=before + 1)
        near = words if len(groups) == 1 else words[start : group.place]
        dose = dose_of(near) or (given[-1].dose if given else "")
        assumptions = () if is_named or group.cycles else (EVERY_CYCLE,)
        given.append(Given(group.days, span, dose, assumptions))
        before, start = span.last, group.place + 1
    joined = _joined(words, groups, given)
    length = _length(words, groups)
    if isinstance(joined, Unclear):
        return joined
    if 0 < length < LEAST_ROUND:
        return Unclear(f"days on and off that make {length} days are no cycle as known here")
    return Timed(joined, length, interval_of(words), len(words))


def _off_tune(words: Sequence[Word], groups: list[_Group]) -> Unclear | None:
    """Say where days on and off, `weekly` or `for 14 days` do not fit the days by number."""
    days = [each for group in groups for each in group.days]
    for each in words:
        if each.kind in _REPEATS and not _in_time(each, days):
            return Unclear(f"'{each.words}' does not fit the days")
    return None


def _in_time(repeat: Word, days: Sequence[DayRange]) -> bool:
    """Say whether days by number fit what says how they repeat."""
    only = days[0] if len(days) == 1 else None
    match repeat.kind:
        case "on_off":
            return only is not None and (1, lengths_in(repeat.words)[0]) == (only.first, only.last)
        case "for":
            long = lengths_in(repeat.words)[0]
            return only is not None and long == only.last - only.first + 1
        case "weekly":
            return len(days) > 1 and all(
                day.first == day.last and (day.first - days[0].first) % 7 == 0 for day in days
            )
        case "some_a_week":
            return all(day.first == day.last for day in days)
        case _:
            return False


def _joined(
    words: Sequence[Word], groups: list[_Group], given: list[Given]
) -> tuple[Given, ...] | Unclear:
    """Join groups of the same cycles; those that meet in some cycle must not differ."""
    joined = [given[0]]
    for (before, after), each in zip(pairwise(groups), given[1:], strict=True):
        last = joined[-1]
        if any(_meet(other.cycles, each.cycles) for other in joined[:-1]):
            return Unclear("two statements of days meet in one cycle")
        if not _meet(last.cycles, each.cycles):
            joined.append(each)
            continue
        between = words[before.place + 1 : after.place]
        is_list = all(word.kind in {"join", "fill", "sign", "cycles", "dose"} for word in between)
        if last.cycles != each.cycles or last.days[-1].last >= each.days[0].first or not is_list:
            return Unclear("two statements of days meet in one cycle")
        if last.dose != each.dose and each.dose:
            return Unclear("two doses on different days of one cycle")
        cycles_stated = last.assumptions and each.assumptions
        joined[-1] = replace(last, days=(*last.days, *each.days), assumptions=cycles_stated or ())
    return tuple(joined)


def _meet(one: CycleRange, other: CycleRange) -> bool:
    """Say whether two ranges of cycles share one."""
    first = max(one.first, other.first)
    return one.holds(first) and other.holds(first)


def _length(words: Sequence[Word], groups: list[_Group]) -> int:
    """Give the length that follows from `days 1-21 followed by 7 days off`."""
    for each in words:
        if each.kind == "on_off":
            return sum(lengths_in(each.words))
        if each.kind == "off" and len(groups) == 1 and len(groups[0].days) == 1:
            only = groups[0].days[0]
            off = sum(lengths_in(each.words))
            return only.last + off if only.first == 1 and only.last > 1 else 0
    return 0


def _limited(words: Sequence[Word], read: Timed) -> Timed:
    """End open cycles where the agent is given `for 6 cycles`."""
    counts = {most for each in words if each.kind == "count" and (most := count_of(each.words))}
    if len(counts) != 1:
        return read
    most = counts.pop()
    return replace(
        read,
        given=tuple(
            replace(each, cycles=CycleRange(first=each.cycles.first, last=most))
            if each.cycles.last is None and each.cycles.first <= most
            else each
            for each in read.given
        ),
    )
