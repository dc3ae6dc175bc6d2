"""The bullet of a criterion, cut into its head and its nested sub-bullets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from trialwright.registry.draft import DraftCriterion, Part
from trialwright.registry.lines import Line
from trialwright.registry.spans import Span

BULLET = re.compile(r"[•*-]\s+(?=\S)")
"""The sign at the beginning of a bullet's line."""

_SIGN = re.compile(r"(?<=\s)\*{1,6}(?=\s+\S)")
_FACTOR = re.compile(r"\s+(?:[0-9]|ULN\b|LLN\b)")
_FOR_ARMS = re.compile(r"For arms? ([A-Z](?:(?:, and |, | and )[A-Z])*) only:", re.IGNORECASE)


@dataclass(slots=True)
class _Growing:
    """A part whose sub-bullets are still to come."""

    start: int
    end: int
    words: str
    depth: int
    parts: list["_Growing"] = field(default_factory=list)


def read_bullet(line: Line, list_name: str, number: int) -> DraftCriterion:
    """Read one criterion from its bullet.

    Parameters
    ----------
    line : Line
        The whole bullet, its sign included.
    list_name : {'inclusion', 'exclusion'}
        The list it stands in.
    number : int
        Its place in that list, counted from 1.

    Returns
    -------
    DraftCriterion
        With its words verbatim and as a tree. Depth is the depth that the record marks; whether
        sub-bullets are alternatives is not decided here.
    """
    sign = BULLET.match(line.words)
    words_at = sign.end() if sign else 0
    criterion = f"{'I' if list_name == 'inclusion' else 'E'}{number:02d}"
    words = line.words[words_at:]
    named = _FOR_ARMS.match(words)
    return DraftCriterion(
        criterion,
        words,
        f"{list_name} bullet {number}, line {line.line}",
        _frozen(_tree(line.words, words_at), line, f"criteria.{criterion}", f"{list_name} bullet"),
        tuple(re.findall(r"\b[A-Z]\b", named[1].upper())) if named else (),
    )


def parts_of(part: Part) -> Iterator[Part]:
    """Give a part and every part below it, in the order of the record.

    Parameters
    ----------
    part : Part
        A criterion's head, or a sub-bullet.

    Yields
    ------
    Part
        Each once.
    """
    yield part
    for below in part.parts:
        yield from parts_of(below)


def depth_doubt(criterion: DraftCriterion) -> str:
    """Say where the depth that the record marks may not be the depth that is meant.

    Parameters
    ----------
    criterion : DraftCriterion
        As read.

    Returns
    -------
    str
        Empty when no sub-bullet announces a list that is not marked as one below it.
    """
    parts = tuple(parts_of(criterion.head))
    for part, following in pairwise(parts):
        if part.depth and part.words.endswith(":") and following.depth <= part.depth:
            return (
                f"{criterion.id} has a sub-bullet that ends with a colon, and what follows is"
                " marked at the same depth: which of them belong together is for people to say."
            )
    return ""


def _tree(words: str, words_at: int) -> _Growing:
    """Grow the tree of one bullet; sub-bullets begin after a colon."""
    signs = list(_signs(words, words_at))
    ends = [sign.start() for sign in signs] + [len(words)]
    head = _Growing(0, len(words[: ends[0]].rstrip()), words[words_at : ends[0]].strip(), 0)
    above = [head]
    for sign, end in zip(signs, ends[1:], strict=True):
        inside = words[sign.end() : end]
        part = _Growing(
            sign.start(), sign.end() + len(inside.rstrip()), inside.strip(), len(sign[0])
        )
        while above[-1].depth >= part.depth:
            above.pop()
        above[-1].parts.append(part)
        above.append(part)
    return head


def _signs(words: str, words_at: int) -> Iterator[re.Match[str]]:
    """Find the signs of sub-bullets: the first after a colon, none between factors (`3 * ULN`)."""
    is_open = False
    for sign in _SIGN.finditer(words, words_at):
        before = _sign_before(words, sign.start())
        is_open = is_open or before == ":"
        is_factor = before.isdigit() and _FACTOR.match(words, sign.end())
        if is_open and not is_factor:
            yield sign


def _sign_before(words: str, place: int) -> str:
    """Give the last sign before a place that is no white space; empty when there is none."""
    while place and words[place - 1].isspace():
        place -= 1
    return words[place - 1] if place else ""


def _frozen(part: _Growing, line: Line, became: str, kind: str) -> Part:
    """Freeze a grown tree, giving each part its span and its path."""
    return Part(
        part.words,
        part.depth,
        Span(
            line.line,
            line.start + part.start,
            line.line,
            line.start + part.end,
            kind,
            "understood",
            became,
        ),
        tuple(
            _frozen(below, line, f"{became}.{place}", kind)
            for place, below in enumerate(part.parts, start=1)
        ),
    )
