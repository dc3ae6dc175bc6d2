"""What one clause of treatment text states: agents with their days, and how long a cycle is.

A clause is cut at its agents. Days belong to the agent named before them; a clause that says
otherwise, or has a word that makes it hold only for some, stays text for people.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trialwright.registry.dosing import SHARED_DAYS, Unclear
from trialwright.registry.draft_arms import DosingLine
from trialwright.registry.treatments.agents import AgentNames, Mention
from trialwright.registry.treatments.days import timed
from trialwright.registry.treatments.segments import Segment, segments_of
from trialwright.registry.treatments.times import lengths_in
from trialwright.registry.treatments.timing import Given, count_of, stated_length
from trialwright.registry.treatments.words import CAVEAT, CONDITION, Word, words_of

_NOTHING = frozenset({"fill", "sign", "join"})
_PREFIX = frozenset({"fill", "sign", "join", "designator", "route", "dose", "often", "weekly"})
_CYCLE_KINDS = frozenset({"length", "cycles", "count", "out_of", "until"})
_ENDS = {
    "progress": "disease progression",
    "pd": "disease progression",
    "relapse": "relapse",
    "toxicit": "unacceptable toxicity",
    "consent": "withdrawal of consent",
    "death": "death",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A run of a clause, and what it states.

    Attributes
    ----------
    start, end : int
        Where, characters of the plain text.
    lines : tuple of DosingLine
        Agents by their keys.
    lengths : tuple of int, days
        Cycle lengths that the run states.
    doubtful : tuple of int, days
        Cycle lengths that it states for some, or for one cycle, only.
    every : int, days
        What `every 3 weeks` beside the days says; 0: nothing.
    until : tuple of str
        What ends treatment.
    most : int or None
        Most cycles of the arm.
    is_cyclic : bool
        Whether the run names a cycle.
    because : str
        Why it is kept; empty when it is understood.
    """

    start: int
    end: int
    lines: tuple[DosingLine, ...] = ()
    lengths: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()
    every: int = 0
    until: tuple[str, ...] = ()
    most: int | None = None
    is_cyclic: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """What a clause states.

    Attributes
    ----------
    statements : tuple of Statement
        They hold every sign that is no space.
    agents : tuple of Mention
        Agents it names, in order.
    designators : tuple of str
        Cohorts, parts and schedules that it names, in lower case.
    """

    statements: tuple[Statement, ...]
    agents: tuple[Mention, ...]
    designators: tuple[str, ...]


def read_clause(text: str, names: AgentNames, topic: Mention | None = None) -> Clause:
    """Read one clause.

    Parameters
    ----------
    text : str
        As `treatment_words.plain` gives it.
    names : AgentNames
        Names of agents.
    topic : Mention or None
        The agent that the line is about, where the clause may name none.

    Returns
    -------
    Clause
        What it states.
    """
    words = words_of(text, names)
    agents = tuple(each.mention for each in words if each.mention is not None)
    designators = tuple(each.words.lower() for each in words if each.kind == "designator")
    if not words:
        return Clause((), (), ())
    if barrier := _barrier(words):
        because = f"'{barrier.words}' may make the rest hold for some, or at some time, only"
        kept = (
            Statement(words[0].start, words[-1].end, doubtful=_doubtful(words), because=because),
        )
        is_mild = barrier.kind == CAVEAT
        return Clause(_cycles_of(words, because) if is_mild else kept, agents, designators)
    if not agents:
        return Clause(_without_agent(words, topic), (), designators)
    lead = _lead(words)
    segments = segments_of(words)
    if len(segments) > 1:
        segments = tuple(map(_uncounted, segments))
    statements = [each for segment in segments for each in _stated(segment, lead)]
    return Clause(_repeated(statements, words), agents, designators)


def _repeated(statements: list[Statement], words: Sequence[Word]) -> tuple[Statement, ...]:
    """Let `, every 3 weeks` at the end of a clause be said of all its agents."""
    told = [each for each in words if each.kind != "sign"][-2:]
    if [each.kind for each in told] != ["join", "every"] or told[0].words != ",":
        return tuple(statements)
    every = max(each.every for each in statements)
    return tuple(replace(each, every=every) if each.lines else each for each in statements)


def _doubtful(words: Sequence[Word]) -> tuple[int, ...]:
    """Give the cycle lengths that words state for some, or for one cycle."""
    lengths = (
        (*lengths_in(each.words),) if each.kind == "odd_length" else (stated_length(each),)
        for each in words
    )
    return tuple(length for found in lengths for length in found if length)


def _lead(words: Sequence[Word]) -> Word | None:
    """Give the cycles that a clause is about: `Cycle 1: ...`."""
    is_lead = len(words) > 1 and words[0].kind == "cycles" and words[1].words == ":"
    return words[0] if is_lead else None


def _barrier(words: Sequence[Word]) -> Word | None:
    """Find a condition, or else a caveat; behind `until ...` they tell of the end, not of days."""
    ends = (place for place, each in enumerate(words) if each.kind in {"until", "till"})
    told = words[: next(ends, len(words))]
    for kind in (CONDITION, CAVEAT):
        for each in told:
            if each.kind == kind:
                return each
    return None


def _without_agent(words: tuple[Word, ...], topic: Mention | None) -> tuple[Statement, ...]:
    """Read a clause that names no agent: of the line's agent, or of cycles."""
    if topic is not None:
        agent = Word("agent", words[0].start, words[0].start, topic.words, topic.key, topic)
        is_known = all(each.kind not in {"word", "number", "seen", "start"} for each in words)
        read = _stated(Segment((agent, *words), (agent,)))
        if is_known and any(each.lines for each in read):
            return read
    return _cycles_of(words, "it names no agent and no cycle as known here")


def _uncounted(segment: Segment) -> Segment:
    """Take `for 6 cycles` as words not known: of which agent it is said is not clear."""
    words = (replace(each, kind="word") if each.kind == "count" else each for each in segment.words)
    return replace(segment, words=tuple(words))


def _stated(segment: Segment, lead: Word | None = None) -> tuple[Statement, ...]:
    """Read a segment: its dosing lines, what stands behind them, or why it is kept."""
    others = tuple(each for each in segment.words if each.kind != "agent")
    first = segment.agents[0]
    prefix = [each for each in others if each.end <= first.start and first.end > first.start]
    odd = next((each for each in prefix if not _may_lead(each)), None)
    group = _grouped(segment.agents, segment.words)
    read = timed(tuple(each for each in others if each is not lead), lead)
    because = segment.because
    if not because and odd is not None:
        because = f"'{odd.words}' before the agent is not understood"
    if not because and isinstance(group, Unclear):
        because = group.because
    if not because and isinstance(read, Unclear):
        because = f"{first.words}: {read.because}"
    if because or isinstance(read, Unclear) or isinstance(group, Unclear):
        return _cycles_of(segment.words, because)
    lines = _lines(group, others, read.given)
    spoken = [each for each in others if each is not lead]
    until = spoken[read.until].start if read.until < len(spoken) else None
    inside = tuple(each for each in segment.words if until is None or each.start < until)
    behind = tuple(each for each in segment.words if until is not None and each.start >= until)
    understood = Statement(
        inside[0].start,
        inside[-1].end,
        lines,
        tuple(length for length in (read.length, *map(stated_length, inside)) if length),
        every=read.every,
        until=_until(inside),
        is_cyclic=_is_cyclic(inside),
    )
    return (understood, *_cycles_of(behind, "these words behind the treatment are not understood"))


def _may_lead(word: Word) -> bool:
    """Say whether a word may stand before the agent without changing what is said of it."""
    return word.kind in _PREFIX or word.kind in {"days", "first_days", "cycles", "length"}


def _grouped(agents: tuple[Word, ...], words: Sequence[Word]) -> tuple[Word, ...] | Unclear:
    """Give the agents of a group, a second name in parentheses passed over."""
    first, *others = agents
    kept = [first]
    for each in others:
        if each.value == kept[-1].value:
            continue
        opened = [word.words for word in words if kept[-1].end <= word.start < each.start]
        if "(" in opened and ")" not in opened:
            return Unclear(f"{first.words}: which agents are meant in parentheses is not clear")
        kept.append(each)
    return tuple(kept)


def _lines(
    agents: tuple[Word, ...], words: Sequence[Word], given: Sequence[Given]
) -> tuple[DosingLine, ...]:
    """Give one line for each agent and group of days."""
    routes = {each.value for each in words if each.kind == "route"}
    often = {int(each.value) for each in words if each.kind == "often"}
    lines = []
    for agent in agents:
        is_own = agent is agents[-1]
        shared = () if len(agents) == 1 else (SHARED_DAYS,)
        for each in given:
            lines.append(
                DosingLine(
                    agent.value,
                    (agent.value,),
                    routes.copy().pop() if is_own and len(routes) == 1 else "",
                    often.copy().pop() if is_own and len(often) == 1 else None,
                    each.days,
                    each.cycles,
                    "",
                    (*each.assumptions, *shared),
                    0,
                    each.dose if is_own else "",
                )
            )
    return tuple(lines)


def _is_cyclic(words: Sequence[Word]) -> bool:
    """Say whether words name a cycle."""
    return any(
        each.kind in {"cycles", "length", "count", "on_off", "weekly_off", "off"} for each in words
    )


def _until(words: Sequence[Word]) -> tuple[str, ...]:
    """Give what ends treatment."""
    said = " ".join(each.words.lower() for each in words if each.kind == "until")
    found = {end: said.find(sign) for sign, end in _ENDS.items() if re.search(rf"\b{sign}", said)}
    return tuple(dict.fromkeys(sorted(found, key=lambda end: found[end])))


def _cycles_of(words: Sequence[Word], because: str) -> tuple[Statement, ...]:
    """Keep words, except for those that state how long cycles are, how many, and what ends them."""
    runs: list[tuple[bool, list[Word]]] = []
    for each in words:
        is_cycles = each.kind in _CYCLE_KINDS and (
            each.kind == "until"
            or bool(stated_length(each))
            or (each.kind == "count" and not any(word.kind == "agent" for word in words))
        )
        if runs and (runs[-1][0] == is_cycles or each.kind == "sign"):
            runs[-1][1].append(each)
        else:
            runs.append((is_cycles, [each]))
    runs = _tidied(runs)
    return tuple(
        _cycle_statement(run)
        if is_cycles
        else Statement(run[0].start, run[-1].end, doubtful=_odd(run), because=because)
        for is_cycles, run in runs
    )


def _odd(run: Sequence[Word]) -> tuple[int, ...]:
    """Give the lengths that words state for one cycle."""
    return _doubtful([each for each in run if each.kind == "odd_length"])


def _tidied(runs: list[tuple[bool, list[Word]]]) -> list[tuple[bool, list[Word]]]:
    """Join runs of nothing but small words with the cycles beside them."""
    tidied: list[tuple[bool, list[Word]]] = []
    states = any(is_cycles and any(map(stated_length, run)) for is_cycles, run in runs)
    rest = [each for is_cycles, run in runs if not is_cycles for each in run]
    ends = any(is_cycles for is_cycles, _ in runs) and all(each.kind in _NOTHING for each in rest)
    if not states and not ends:
        return [(False, [each for _, run in runs for each in run])] if runs else []
    for is_cycles, run in runs:
        is_small = not is_cycles and all(each.kind in _NOTHING for each in run)
        if tidied and tidied[-1][0] and (is_small or is_cycles):
            tidied[-1][1].extend(run)
        elif tidied and is_cycles and all(each.kind in _NOTHING for each in tidied[-1][1]):
            tidied[-1] = (True, [*tidied[-1][1], *run])
        else:
            tidied.append((is_cycles, list(run)))
    return tidied


def _cycle_statement(run: Sequence[Word]) -> Statement:
    """Give what a run of words says of cycles."""
    counts = {most for each in run if each.kind == "count" and (most := count_of(each.words))}
    return Statement(
        run[0].start,
        run[-1].end,
        lengths=tuple(length for each in run if (length := stated_length(each))),
        until=_until(run),
        most=counts.pop() if len(counts) == 1 else None,
        is_cyclic=True,
    )
