"""Settling what the sentences of one arm say together: one cycle length, one set of days an agent.

Where they differ, nothing is chosen: both stay text for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeVar

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.draft_arms import DosingLine
from trialwright.registry.lines import Stretch
from trialwright.registry.spans import Kept, Span
from trialwright.registry.treatments.agents import Mention
from trialwright.registry.treatments.agents_table import MEMBERS
from trialwright.registry.treatments.clauses import Statement

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement with the words it was read from.

    Attributes
    ----------
    statement : Statement
        What they state.
    words : Stretch
        Where they stand.
    is_title : bool
        Whether they are of the arm's title, which is kept whole as such.
    is_strict : bool
        Whether the whole sentence was read by the strict reader.
    designators : tuple of str
        Cohorts, parts and schedules named in the clause.
    """

    statement: Statement
    words: Stretch
    is_title: bool = False
    is_strict: bool = False
    designators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What an arm states.

    Attributes
    ----------
    dosing : tuple of DosingLine
        In the order of the record.
    cycle_days : int or None, days
        Length of a cycle; None when not stated, or stated twice and differently.
    most_cycles : int or None
        Greatest number of cycles.
    until : tuple of str
        What ends treatment.
    kept : tuple of Kept
        What was not understood.
    spans : tuple of Span
        One for each statement.
    agents : tuple of str
        Every agent named.
    """

    dosing: tuple[DosingLine, ...]
    cycle_days: int | None
    most_cycles: int | None
    until: tuple[str, ...]
    kept: tuple[Kept, ...]
    spans: tuple[Span, ...]
    agents: tuple[str, ...]


def settle(label: str, placed: Sequence[Placed], named: Sequence[Mention]) -> Settled:
    """Settle what an arm states.

    Parameters
    ----------
    label : str
        Of the arm.
    placed : sequence of Placed
        Its statements, in order.
    named : sequence of Mention
        The agents it names, in order.

    Returns
    -------
    Settled
        With everything that differs kept.
    """
    length, sized = _sized(placed)
    fitted = [_fitted(each, length, is_cyclic=_is_cyclic(placed, length)) for each in sized]
    final = [_doubted(each, length) for each in _in_tune(_in_parts(fitted))]
    is_doubted = any({*each.statement.doubtful} - {length} for each in placed)
    names = _names(named)
    spans = tuple(_span(each, label) for each in final)
    understood = [each for each in final if not each.statement.because]
    lines = [line for each in understood for line in _lines(each, names)]
    most = _only([each.statement.most for each in understood if each.statement.most])
    return Settled(
        _merged(lines),
        None if is_doubted else length,
        most,
        _only([each.statement.until for each in understood if each.statement.until]) or (),
        tuple(
            Kept(span, each.words.words, each.statement.because)
            for each, span in zip(final, spans, strict=True)
            if span.standing == "kept"
        ),
        spans,
        _agents(named, names, lines),
    )


def _agents(
    named: Sequence[Mention], names: dict[str, str], lines: Sequence[DosingLine]
) -> tuple[str, ...]:
    """Give every agent named, those too that only the strict reader knows as such."""
    keys = {each.key for each in named}
    found = {
        names[each.key].lower(): names[each.key]
        for each in named
        if not MEMBERS.get(each.key.rstrip("s"), frozenset()) & keys
    }
    for choice in (choice for line in lines for choice in line.choices):
        found.setdefault(choice.lower(), choice)
    return tuple(found.values())


def _only(values: Sequence[_Value]) -> _Value | None:
    """Give the value that all share."""
    return values[0] if values and all(each == values[0] for each in values) else None


def _kept(placed: Placed, because: str) -> Placed:
    """Keep a statement."""
    kept = Statement(placed.statement.start, placed.statement.end, because=because)
    return replace(placed, statement=kept)


def _sized(placed: Sequence[Placed]) -> tuple[int | None, list[Placed]]:
    """Give the length of a cycle; two lengths leave all days of the arm to people."""
    lengths = sorted({length for each in placed for length in each.statement.lengths})
    if len(lengths) > 1:
        because = f"the arm states cycles of {_said(lengths)} days; which holds is not clear"
        return None, [
            _kept(each, because) if each.statement.lengths or each.statement.lines else each
            for each in placed
        ]
    if lengths:
        return lengths[0], list(placed)
    every = {each.statement.every for each in placed if _is_round(each.statement)}
    return (every.pop() if len(every) == 1 else None), list(placed)


def _said(lengths: Sequence[int]) -> str:
    """Say lengths."""
    return " and ".join(map(str, lengths))


def _doubted(placed: Placed, length: int | None) -> Placed:
    """Say where kept words state another length than the rest of the arm."""
    other = set(placed.statement.doubtful) - {length}
    if length is None or not other:
        return placed
    said = _said(sorted({length, *other}))
    because = f"{placed.statement.because}; the arm states cycles of {said} days, so none is read"
    return replace(placed, statement=replace(placed.statement, because=because))


def _is_round(statement: Statement) -> bool:
    """Say whether `days 1-14 every 21 days` states a cycle: several days that fit."""
    days = [day for line in statement.lines for day in line.days]
    is_several = len(days) > 1 or any(day.first < day.last for day in days)
    return is_several and max(day.last for day in days) <= statement.every


def _is_cyclic(placed: Sequence[Placed], length: int | None) -> bool:
    """Say whether the arm names a cycle anywhere."""
    return length is not None or any(each.statement.is_cyclic for each in placed)


def _fitted(each: Placed, length: int | None, *, is_cyclic: bool) -> Placed:
    """Keep dosing days that do not fit the cycle."""
    statement = each.statement
    if not statement.lines:
        return each
    last = max(day.last for line in statement.lines for day in line.days)
    if length is not None and last > length:
        return _kept(each, f"day {last} is past the end of the {length}-day cycle")
    if statement.every and statement.every != length:
        said = f"a {length}-day cycle" if length else "a cycle whose length is not stated"
        return _kept(each, f"the days repeat at intervals, beside {said}")
    if not is_cyclic and not each.is_strict:
        return _kept(each, "no cycle is named for these days")
    return each


def _in_parts(placed: Sequence[Placed]) -> list[Placed]:
    """Keep dosing that is said of one part, where the arm has several."""
    sorts: dict[str, set[str]] = {}
    for each in placed:
        for said in each.designators:
            sort, _, which = said.removeprefix("dose ").rpartition(" ")
            sorts.setdefault(sort.rstrip("s"), set()).add(which)
    several = {sort for sort, which in sorts.items() if len(which) > 1 and sort != "level"}
    return [
        _kept(each, f"it is said of {each.designators[0]} alone, and the arm has several")
        if each.statement.lines and _sorts(each) & several
        else each
        for each in placed
    ]


def _sorts(placed: Placed) -> set[str]:
    """Give the sorts of parts that a clause names."""
    return {
        said.removeprefix("dose ").rpartition(" ")[0].rstrip("s") for said in placed.designators
    }


def _in_tune(placed: Sequence[Placed]) -> list[Placed]:
    """Keep statements that give one agent different days in one cycle."""
    dosed: dict[str, dict[tuple[tuple[DayRange, ...], CycleRange], set[int]]] = {}
    for place, each in enumerate(placed):
        for line in each.statement.lines:
            agent = dosed.setdefault("|".join(line.choices).lower(), {})
            agent.setdefault((line.days, line.cycles), set()).add(place)
    torn: set[int] = set()
    for agent in dosed.values():
        for (one, mine), (other, theirs) in combinations(agent.items(), 2):
            if _meet(one[1], other[1]):
                torn |= mine | theirs
    because = "the arm gives this agent on different days in different places"
    return [_kept(each, because) if place in torn else each for place, each in enumerate(placed)]


def _meet(one: CycleRange, other: CycleRange) -> bool:
    """Say whether two ranges of cycles share one."""
    first = max(one.first, other.first)
    return one.holds(first) and other.holds(first)


def _names(named: Sequence[Mention]) -> dict[str, str]:
    """Give each agent one name as the record writes it: the generic one where it stands there."""
    names: dict[str, str] = {}
    for each in named:
        if each.key not in names or (
            each.words.lower() == each.key and names[each.key].lower() != each.key
        ):
            names[each.key] = each.words
    return names


def _lines(placed: Placed, names: dict[str, str]) -> list[DosingLine]:
    """Give the dosing lines under the names of the record."""
    if placed.is_strict:
        return list(placed.statement.lines)
    return [
        replace(
            line,
            agent=names.get(line.agent, line.agent),
            choices=tuple(names.get(each, each) for each in line.choices),
            line=placed.words.line,
        )
        for line in placed.statement.lines
    ]


def _merged(lines: Sequence[DosingLine]) -> tuple[DosingLine, ...]:
    """Join lines that say the same days of the same agent."""
    merged: dict[tuple[str, tuple[DayRange, ...], CycleRange], DosingLine] = {}
    for line in lines:
        key = (line.agent.lower(), line.days, line.cycles)
        before = merged.get(key)
        if before is None:
            merged[key] = line
            continue
        doses = dict.fromkeys(each for each in (before.dose, line.dose) if each)
        merged[key] = replace(
            before,
            route=_one(before.route, line.route) or "",
            times_a_day=_one(before.times_a_day, line.times_a_day),
            assumptions=tuple(each for each in before.assumptions if each in line.assumptions),
            dose="; ".join(doses),
        )
    return tuple(merged.values())


def _one(one: _Value, other: _Value) -> _Value | None:
    """Give the value of two that is stated; None when they differ."""
    if one and other:
        return one if one == other else None
    return one or other


def _span(placed: Placed, label: str) -> Span:
    """Give the place of a statement and what became of it."""
    statement = placed.statement
    if placed.is_title and statement.because:
        return placed.words.span("arm title", f"arms.{label}.title")
    if statement.because:
        return placed.words.span("arm sentence")
    if statement.lines:
        return placed.words.span("treatment", f"arms.{label}.dosing")
    if not statement.lengths and statement.until:
        return placed.words.span("end of treatment", f"arms.{label}.until")
    return placed.words.span("cycles", f"arms.{label}.cycle_days")
