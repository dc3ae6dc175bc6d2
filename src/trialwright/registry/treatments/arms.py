"""The treatment of arms in the free words of any record.

Each sentence is first tried as the strict sentence of cancer.gov (`outline`, `dosing`); what that
does not read is cut into clauses for the free reader (`treatment_clauses`). What an arm says in
several places is then settled: two lengths of a cycle, or two sets of days of one agent, are left
to people.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trialwright.registry.dosing import Unclear, read_treatment
from trialwright.registry.draft_arms import DosingLine, DraftArm
from trialwright.registry.lines import Stretch
from trialwright.registry.outline import ArmWords, read_arms
from trialwright.registry.spans import Span
from trialwright.registry.treatments.agents import (
    AgentNames,
    Mention,
    aliases,
    mentions,
    names_and,
    names_with,
)
from trialwright.registry.treatments.clauses import Statement, read_clause
from trialwright.registry.treatments.settling import Placed, settle
from trialwright.registry.treatments.words import plain

MOST_LINE = 20_000
"""Longest line read, characters; a longer one is kept."""

_HEADING = re.compile(r"\s*INTERVENTION\s+(\w+)\s*:\s*", re.IGNORECASE)
_TOPIC = re.compile(r"[ ®™*]*(?:\([^()]{1,60}\) ?)?(?::| -)")
_AS_IN = re.compile(r"\bas in arm\b", re.IGNORECASE)
_CHOICE = re.compile(r"\b(?:one|any|either) of\b", re.IGNORECASE)
_ABBREVIATED = r"(?<![A-Za-z]\.[A-Za-z]\.)(?<!\bvs\.)(?<!\bno\.)(?<!\bmax\.)(?<!\bDr\.)"
_SENTENCE_END = re.compile(rf"(?<=[.!?]){_ABBREVIATED}\s+(?=[A-Z])")
_CLAUSE_END = re.compile(rf"(?<=;)\s+|(?<=[.!?]){_ABBREVIATED}\s+(?=[A-Z0-9•*-])|\s+(?=[•▪●]\s)|\n")


@dataclass(frozen=True, slots=True)
class ArmText:
    """One arm of a record, its treatment not yet read.

    Attributes
    ----------
    label : str
        `A`, `1`: how the arm is called in the draft.
    title : str
        Its name in the record; empty where the label is all.
    type : str
        The record's word for what it is, e.g. `EXPERIMENTAL`; empty when not stated.
    line : int
        Where it begins.
    lines : tuple of Stretch
        What the record says of it, line by line. The first may be the title, which may state
        treatment too; it is told by being equal to `title`.
    """

    label: str
    title: str
    type: str
    line: int
    lines: tuple[Stretch, ...]


def read_treatments(
    arms: Sequence[ArmText], agents: Sequence[str] = ()
) -> tuple[tuple[DraftArm, tuple[Span, ...]], ...]:
    """Read the treatment of arms; what is not understood is kept.

    Parameters
    ----------
    arms : sequence of ArmText
        In the order of the record.
    agents : sequence of str
        Names of the interventions that the record lists.

    Returns
    -------
    tuple of (DraftArm, tuple of Span)
        Each arm with spans that hold each sign of its lines that is no white space, once.
    """
    names = _names(arms, agents)
    strict = tuple(ArmWords(each.label, each.line, _sentences(each)) for each in arms)
    known = {arm.label: arm.dosing for arm, _ in read_arms(strict) if not arm.kept}
    read = tuple(_read(each, names, known) for each in arms)
    if not any(_AS_IN.search(line.words) for arm in arms for line in arm.lines if _is_read(line)):
        return read
    known |= {arm.label: arm.dosing for arm, _ in read if not arm.kept}
    return tuple(_read(each, names, known) for each in arms)


def arm_texts_of_line_list(lines: Sequence[str], field: str) -> tuple[ArmText, ...]:
    """Cut a list of lines into arms at `INTERVENTION n:`.

    Parameters
    ----------
    lines : sequence of str
        The lines, the first of them line 1.
    field : str
        Path of the list in the record.

    Returns
    -------
    tuple of ArmText
        Label `n`; title the first line with words below the heading, which is also the first of
        its lines. The headings, and what stands before the first, are in no arm.
    """
    arms: list[ArmText] = []
    for number, whole in enumerate(lines, start=1):
        words = whole.strip()
        if heading := _HEADING.fullmatch(whole):
            arms.append(ArmText(heading[1], "", "", number, ()))
        elif words and arms:
            stretch = Stretch(words, number, len(whole) - len(whole.lstrip()), field)
            last = arms[-1]
            title = last.title or stretch.plain
            arms[-1] = replace(last, title=title, lines=(*last.lines, stretch))
    return tuple(arms)


def _names(arms: Sequence[ArmText], agents: Sequence[str]) -> AgentNames:
    """Give the names of agents: shipped, listed, and second names that the arms give."""
    names = names_with(agents)
    lines = (plain(line.words)[0] for arm in arms for line in arm.lines if _is_read(line))
    pairs = tuple(dict.fromkeys(pair for line in lines for pair in aliases(line, names)))
    return names_and(names, pairs) if pairs else names


def _is_read(line: Stretch) -> bool:
    """Say whether a line is short enough to be read."""
    return len(line.words) <= MOST_LINE


def _sentences(arm: ArmText) -> tuple[Stretch, ...]:
    """Cut an arm's lines into sentences."""
    return tuple(each for line in arm.lines if _is_read(line) for each in _cut(line, _SENTENCE_END))


def _cut(stretch: Stretch, end: re.Pattern[str]) -> list[Stretch]:
    """Cut words where a pattern finds the space between two parts."""
    parts = []
    place = 0
    for found in [*end.finditer(stretch.words), None]:
        until = found.start() if found else len(stretch.words)
        words = stretch.words[place:until].strip()
        if words:
            start = stretch.words.index(words, place)
            parts.append(replace(stretch, words=words, start=stretch.start + start))
        place = found.end() if found else until
    return parts


def _read(
    arm: ArmText, names: AgentNames, known: dict[str, tuple[DosingLine, ...]]
) -> tuple[DraftArm, tuple[Span, ...]]:
    """Read one arm."""
    placed: list[Placed] = []
    named: list[Mention] = []
    for place, line in enumerate(arm.lines):
        is_title = place == 0 and line.plain == " ".join(arm.title.split())
        found, agents = _line(line, names, known)
        placed.extend(replace(each, is_title=is_title) for each in found)
        named.extend(agents)
    meant = settle(arm.label, placed, named)
    words = (each.words for each in arm.lines[1 if placed and placed[0].is_title else 0 :])
    draft = DraftArm(
        arm.label,
        meant.dosing,
        meant.cycle_days,
        meant.most_cycles,
        meant.until,
        meant.kept,
        arm.line,
        arm.title,
        arm.type,
        "\n".join(words),
        meant.agents,
    )
    return draft, meant.spans


def _line(
    line: Stretch, names: AgentNames, known: dict[str, tuple[DosingLine, ...]]
) -> tuple[list[Placed], list[Mention]]:
    """Read one line, sentence by sentence."""
    if not _is_read(line):
        because = f"it is longer than {MOST_LINE} characters"
        return [Placed(Statement(0, len(line.words), because=because), line)], []
    placed: list[Placed] = []
    named: list[Mention] = []
    topic = _topic(line, names)
    for words in _cut(line, _SENTENCE_END):
        strict = _strict(words, known)
        if strict is not None:
            placed.append(Placed(strict, words, is_strict=True))
            named.extend(mentions(words.plain, names))
            continue
        for clause in _cut(words, _CLAUSE_END) if not _CHOICE.search(words.words) else [words]:
            found, agents = _clause(clause, names, topic)
            placed.extend(found)
            named.extend(agents)
            if topic is not None and any(each.key != topic.key for each in agents):
                topic = None
    return placed, named


def _topic(line: Stretch, names: AgentNames) -> Mention | None:
    """Give the agent that a line is about: `Docetaxel: ...`."""
    text, _ = plain(line.words[:200])
    found = mentions(text, names)
    if found and found[0].start == 0 and _TOPIC.match(text, found[0].end):
        return found[0]
    return None


def _strict(sentence: Stretch, known: dict[str, tuple[DosingLine, ...]]) -> Statement | None:
    """Read a sentence as cancer.gov words it, whole; None when it is no such one."""
    whole = (0, len(sentence.words))
    lines = read_treatment(sentence.plain, sentence.line, known)
    if not isinstance(lines, Unclear):
        return Statement(*whole, lines)
    ((arm, _),) = read_arms([ArmWords("", sentence.line, (sentence,))])
    if arm.cycle_days is None:
        return None
    return Statement(
        *whole,
        lengths=(arm.cycle_days,),
        until=arm.until,
        most=arm.most_cycles,
        is_cyclic=True,
    )


def _clause(
    clause: Stretch, names: AgentNames, topic: Mention | None
) -> tuple[list[Placed], tuple[Mention, ...]]:
    """Read one clause; its statements are put back in the record's own signs."""
    text, places = plain(clause.words)
    read = read_clause(text, names, topic)
    placed = []
    for each in read.statements:
        first, last = places[each.start], places[each.end - 1] + 1
        words = replace(clause, words=clause.words[first:last], start=clause.start + first)
        placed.append(Placed(each, words, designators=read.designators))
    return placed, read.agents
