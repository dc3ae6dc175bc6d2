"""An arm in words: the record's own where they are kept, else sentences that its reader reads.

The sentences keep to the grammar of `registry.dosing` and `registry.outline`. What that grammar
cannot say (an agent that begins in a later cycle, an alternative of agents without a class) is said
all the same, and a reader keeps it as text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from trialwright.protocol.arms import CycleRange, DayRange
from trialwright.registry.record import Record, RecordArm, RecordDosing

_ROUTES = {
    "PO": "orally (PO)",
    "IM": "intramuscularly (IM)",
    "IV": "intravenously (IV)",
    "SC": "subcutaneously (SC)",
}
_OFTEN = {
    "QD": "once daily (QD)",
    "BID": "twice daily (BID)",
    "TID": "three times daily (TID)",
}
_SAID_OFTEN = {"once daily": "QD", "twice daily": "BID", "three times daily": "TID"}
_HOW_OFTEN = re.compile("|".join(rf"\b{words}\b" for words in (*_SAID_OFTEN, *_OFTEN)))
_LABEL = re.compile(r"ARM [A-Z0-9]{1,3}:\s*", re.IGNORECASE)
_END = re.compile(r"(?:Treatment ends at )?(.+?)\.?")


@dataclass(frozen=True, slots=True)
class Given:
    """Agents given alike: one, or several of which one is chosen.

    Attributes
    ----------
    names : tuple of str
        The agents as people call them, in the middle of a sentence.
    agent_class : str
        Class that all of several belong to; empty otherwise.
    route : {'', 'PO', 'IM', 'IV', 'SC'}
        How they are given; empty when not stated, or not the same for all.
    often : {'', 'QD', 'BID', 'TID'}
        How often on each of their days; empty when not stated.
    """

    names: tuple[str, ...]
    agent_class: str
    route: str
    often: str

    @property
    def says(self) -> str:
        """The agents, e.g. `aromatase inhibitor (letrozole or exemestane)`."""
        if len(self.names) == 1:
            return self.names[0]
        several = listed(self.names, "or")
        return f"{self.agent_class} ({several})" if self.agent_class else several


def words_of_arm(record: Record, arm: RecordArm) -> str:
    """Give the treatment of an arm in words, on one line.

    Parameters
    ----------
    record : Record
        The record that the arm belongs to.
    arm : RecordArm
        One of its arms.

    Returns
    -------
    str
        The record's own words where they are kept; else sentences made from its lines; else its
        name. Empty when the record states none of them.
    """
    if arm.source_text is not None and arm.source_text.strip():
        kept = one_line(arm.source_text)
        label = _LABEL.match(kept)
        return kept[label.end() :] if label else kept
    return sentences_of_arm(record, arm) or one_line(arm.says or arm.title)


def sentences_of_arm(record: Record, arm: RecordArm) -> str:
    """Make the sentences on an arm's treatment from its lines.

    Parameters
    ----------
    record : Record
        The record that the arm belongs to.
    arm : RecordArm
        One of its arms.

    Returns
    -------
    str
        One sentence for each agent, then one on the cycles; empty when the arm has no lines.
    """
    lines: dict[Given, list[RecordDosing]] = {}
    for line in arm.dosing:
        lines.setdefault(given_of(record, line), []).append(line)
    explained: set[str] = set()
    sentences = [
        f"Patients {'also ' if place else ''}receive {_treatment(given, of_it, explained)}."
        for place, (given, of_it) in enumerate(lines.items())
    ]
    if sentences and record.cycle_days is not None:
        sentences.append(_cycles_repeat(record, record.cycle_days))
    return " ".join(sentences)


def given_of(record: Record, line: RecordDosing) -> Given:
    """Give the agents of a dosing line, with what is stated of how they are given.

    Parameters
    ----------
    record : Record
        The record that the line belongs to.
    line : RecordDosing
        One line of an arm.

    Returns
    -------
    Given
        How often is read from the line's words; a line that says two ways states none.
    """
    agents = [record.agents.get(each.agent) for each in line.choices]
    names = tuple(
        _within(agent.says if agent else each.agent)
        for agent, each in zip(agents, line.choices, strict=True)
    )
    classes = {agent.agent_class if agent else "" for agent in agents}
    routes = {agent.route if agent else "" for agent in agents}
    often = {_SAID_OFTEN.get(words, words) for words in _HOW_OFTEN.findall(line.says)}
    return Given(
        names,
        _within(classes.pop()) if len(names) > 1 and len(classes) == 1 else "",
        routes.pop() if len(routes) == 1 else "",
        often.pop() if len(often) == 1 else "",
    )


def title_of(arm: RecordArm) -> str:
    """Give the name of an arm.

    Parameters
    ----------
    arm : RecordArm
        Any arm.

    Returns
    -------
    str
        Its title in the record, else `Arm A`.
    """
    return arm.title or f"Arm {arm.id}"


def in_order(days: Sequence[DayRange]) -> tuple[DayRange, ...]:
    """Put days of a cycle in order, each once.

    Parameters
    ----------
    days : sequence of DayRange
        In any order; they may overlap.

    Returns
    -------
    tuple of DayRange
        As given where they are in order and apart; else the same days in as few ranges as can be.
    """
    apart = all(one.last < other.first for one, other in pairwise(days))
    if apart:
        return tuple(days)
    ranges: list[DayRange] = []
    for day in sorted({day for each in days for day in range(each.first, each.last + 1)}):
        if ranges and day == ranges[-1].last + 1:
            ranges[-1] = DayRange(first=ranges[-1].first, last=day)
        else:
            ranges.append(DayRange(first=day, last=day))
    return tuple(ranges)


def one_line(words: str) -> str:
    """Put words on one line, white space single.

    Parameters
    ----------
    words : str
        Any words.

    Returns
    -------
    str
        Without line ends.
    """
    return " ".join(words.split())


def listed(words: Sequence[str], joined_by: str) -> str:
    """Join words as a list in a sentence.

    Parameters
    ----------
    words : sequence of str
        At least one.
    joined_by : {'and', 'or'}
        What stands before the last.

    Returns
    -------
    str
        `a`, `a or b`, `a, b, or c`.
    """
    if len(words) < 3:
        return f" {joined_by} ".join(words)
    return f"{', '.join(words[:-1])}, {joined_by} {words[-1]}"


def _within(name: str) -> str:
    """Give a name as it stands inside a sentence: `Fulvestrant` small, `GDC-0068` as it is."""
    plain = one_line(name)
    is_word = plain[1:].islower() and not any(sign.isdigit() for sign in plain)
    return plain[:1].lower() + plain[1:] if is_word else plain


def _treatment(given: Given, lines: Sequence[RecordDosing], explained: set[str]) -> str:
    """Say an agent with its route, how often, and on which days of which cycles."""
    parts = [given.says]
    for short, words in ((given.route, _ROUTES), (given.often, _OFTEN)):
        if short:
            parts.append(short if short in explained else words.get(short, short))
            explained.add(short)
    before: int | None = 0
    timing = []
    for line in sorted(lines, key=lambda each: each.cycles.first):
        timing.append(f"{_on_days(line.days)} of {_of_cycles(line.cycles, before)}")
        before = line.cycles.last
    return " ".join([*parts, " and ".join(timing)])


def _on_days(days: Sequence[DayRange]) -> str:
    """Say days of a cycle: `on day 1`, `on days 1-21`, `on days 1, 8, and 15`."""
    ordered = in_order(days)
    said = [f"{each.first}" if each.first == each.last else f"{each.first}-{each.last}"
            for each in ordered]  # fmt: skip
    is_one = len(ordered) == 1 and ordered[0].first == ordered[0].last
    return f"on {'day' if is_one else 'days'} {listed(said, 'and')}"


def _of_cycles(cycles: CycleRange, before: int | None) -> str:
    """Say cycles; those after the last one named before are the subsequent ones."""
    if cycles.last is None:
        if cycles.first == 1:
            return "each cycle"
        follows = before is not None and cycles.first == before + 1
        return "subsequent cycles" if follows else f"each cycle from cycle {cycles.first}"
    if cycles.first == cycles.last:
        return f"cycle {cycles.first}"
    return f"cycles {cycles.first}-{cycles.last}"


def _cycles_repeat(record: Record, days: int) -> str:
    """Say how long a cycle is, and what ends treatment where that is stated."""
    ends = [each.says for each in record.stop_rules if each.ends == "treatment"]
    said = [_within(found[1]) for each in ends if (found := _END.fullmatch(one_line(each)))]
    absence = f" in the absence of {' or '.join(said)}" if said else ""
    return f"Cycles repeat every {days} days{absence}."
