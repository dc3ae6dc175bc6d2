"""Cutting a clause at its agents: which words are said of which of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from trialwright.registry.treatments.words import Word

_LINKS = frozenset({"and", ",", ", and", "+", "&", "plus", "/"})
_DAYS = frozenset({"days", "first_days", "on_off", "weekly_off", "for"})
_THEN = frozenset({"followed by", "then", "and then"})
_IN_TURN = "one treatment follows another; in which cycles each is given is not clear"
_LEADS = frozenset({"fill", "dose", "route", "often", "weekly"})


@dataclass(frozen=True, slots=True)
class Segment:
    """The words about one agent, or about agents joined by `and`.

    Attributes
    ----------
    words : tuple of Word
        All of them, the agents too.
    agents : tuple of Word
        The agents.
    because : str
        Why it is not clear what the words say of the agents; empty when it is.
    """

    words: tuple[Word, ...]
    agents: tuple[Word, ...]
    because: str = ""


def segments_of(words: tuple[Word, ...]) -> tuple[Segment, ...]:
    """Cut a clause before each agent, or group of agents.

    Parameters
    ----------
    words : tuple of Word
        At least one agent among them.

    Returns
    -------
    tuple of Segment
        They hold every word, in order.
    """
    heads = [place for place, each in enumerate(words) if each.kind == "agent"]
    groups: list[list[int]] = [[heads[0]]]
    for before, place in pairwise(heads):
        if _is_linked(words[before + 1 : place]):
            groups[-1].append(place)
        else:
            groups.append([place])
    cuts = [0, *(_cut(words, last[-1] + 1, first[0]) for last, first in _pairs(groups))]
    ends = [*cuts[1:], len(words)]
    segments = [
        Segment(words[start:end], tuple(words[place] for place in group))
        for group, start, end in zip(groups, cuts, ends, strict=True)
    ]
    doubted = _doubted(segments, words, groups)
    spoken = [each for each in words if each.kind not in {"sign", "fill"}]
    if spoken[-1].words.lower() in _THEN:
        doubted[-1] = replace(doubted[-1], because=_IN_TURN)
    return tuple(doubted)


def _pairs(groups: list[list[int]]) -> list[tuple[list[int], list[int]]]:
    """Give each group with the one behind it."""
    return list(pairwise(groups))


def _is_linked(between: Sequence[Word]) -> bool:
    """Say whether two agents stand together: nothing but `and`, commas, a parenthesis."""
    return all(
        each.words.lower() in _LINKS if each.kind == "join" else each.kind in {"sign", "or"}
        for each in between
    )


def _cut(words: Sequence[Word], least: int, head: int) -> int:
    """Find where the words about an agent begin: at the join before it, its dose included."""
    place = head
    while place > least and words[place - 1].kind in _LEADS:
        place -= 1
    if place > least and words[place - 1].kind in {"join", "or"}:
        while place > least and words[place - 1].kind in {"join", "or"}:
            place -= 1
        return place
    place = head
    while place > least and (words[place - 1].kind == "fill" or words[place - 1].words == "("):
        place -= 1
    return place


def _doubted(
    segments: list[Segment], words: Sequence[Word], groups: list[list[int]]
) -> list[Segment]:
    """Mark segments whose days may be those of another agent."""
    doubted = list(segments)
    head = words[: groups[0][0]]
    if any(each.kind in _DAYS for each in head) and len(groups) > 1:
        because = "the days stand before several agents; whose they are is not clear"
        doubted = [replace(each, because=because) for each in doubted]
    if any(each.words.lower() in _THEN for each in head):
        doubted[0] = replace(doubted[0], because=_IN_TURN)
    for place, (before, after) in enumerate(pairwise(segments)):
        lead = [each.words.lower() for each in after.words if each.kind == "join"][:2]
        if {*lead} & _THEN and any(each.kind in {"count", "for"} for each in before.words):
            doubted[place] = replace(doubted[place], because=_IN_TURN)
            doubted[place + 1] = replace(doubted[place + 1], because=_IN_TURN)
        if any(each.kind == "or" and each.end <= after.agents[0].start for each in after.words):
            because = f"{before.agents[-1].words} or {after.agents[0].words}: which is not said"
            doubted[place] = replace(doubted[place], because=because)
            doubted[place + 1] = replace(doubted[place + 1], because=because)
        if after.words[0].kind not in {"join", "or"} and _leads_on(before.words):
            because = "the days stand between two agents; whose they are is not clear"
            doubted[place] = replace(doubted[place], because=because)
            doubted[place + 1] = replace(doubted[place + 1], because=because)
    return doubted


def _leads_on(words: Sequence[Word]) -> bool:
    """Say whether the last words are days, with no `and` between them and the next agent."""
    for each in reversed(words):
        if each.kind in _DAYS:
            return True
        if each.kind not in {"fill", "cycles", "start"}:
            return False
    return False
