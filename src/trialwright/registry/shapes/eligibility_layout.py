"""The layout of an eligibility text: which lines stand together, and which of them are bullets."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trialwright.registry.lines import Line

WIDEST = 120
"""Longest line of a text that was wrapped to a width; registries wrap at some 95 characters."""

_SIGN = re.compile(
    r"(?:(?P<bullet>[•·▪◦‣●○■□➢✓*–—-])"
    r"|(?P<number>\(?[0-9]{1,2}[.)])"
    r"|(?P<letter>\(?(?:[a-z]|[ivx]{2,4})[.)]|\([A-Z]\)|[A-Z][.)](?=\s+[A-Z0-9<>≥≤(])))"
    r"\s+(?=\S)"
)
_STUCK = re.compile(r"(?P<bullet>-{1,2})(?=[^\s0-9-])")
_ESCAPED = re.compile(r"""\\([!-/:-@\[-`{-~])""")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together: a bullet with the lines it was wrapped to, or a paragraph.

    Attributes
    ----------
    lines : tuple of Line
        At least one.
    sign : {'', 'bullet', 'number', 'letter', 'stuck'}
        Which kind of sign it begins with; `stuck` is a hyphen without a blank behind it.
    sign_length : int, characters
        The sign and the blanks behind it.
    """

    lines: tuple[Line, ...]
    sign: str = ""
    sign_length: int = 0

    @property
    def column(self) -> int:
        """Where it begins, characters from the left."""
        return self.lines[0].start

    @property
    def words(self) -> str:
        """The words without the sign, white space single."""
        first, *others = self.lines
        parts = (first.words[self.sign_length :], *(line.words for line in others))
        return " ".join(" ".join(parts).split())

    @property
    def verbatim(self) -> str:
        """The lines as they stand, without the blanks around them."""
        return "\n".join(line.words for line in self.lines)


def unescaped(words: str) -> str:
    r"""Take the backslashes from signs that Markdown would read.

    Parameters
    ----------
    words : str
        E.g. `ANC \> 1500`.

    Returns
    -------
    str
        E.g. `ANC > 1500`.
    """
    return _ESCAPED.sub(r"\1", words)


def blocks_of(lines: Iterable[Line], is_heading: Callable[[str], bool]) -> tuple[Block, ...]:
    """Put together the lines of a text that belong together.

    Parameters
    ----------
    lines : iterable of Line
        The lines of one text, in order.
    is_heading : callable
        Says whether a line is a heading, which stands alone whatever is around it.

    Returns
    -------
    tuple of Block
        Every line in one of them.
    """
    given = tuple(lines)
    width = max((_end(line) for line in given), default=0)
    blocks: list[list[Line]] = []
    for line in given:
        is_new = (
            not blocks
            or line.is_after_blank
            or is_heading(_unsigned(line.words))
            or is_heading(_unsigned(blocks[-1][0].words))
            or _begins(line, blocks[-1], width)
        )
        if is_new:
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return tuple(_block(tuple(each)) for each in blocks)


def _block(lines: tuple[Line, ...]) -> Block:
    """Find the sign that a block begins with."""
    words = lines[0].words
    if sign := _SIGN.match(words):
        return Block(lines, sign.lastgroup or "", sign.end())
    if stuck := _STUCK.match(words):
        return Block(lines, "stuck", stuck.end())
    return Block(lines)


def _unsigned(words: str) -> str:
    """Give a line without the sign of a bullet."""
    sign = _SIGN.match(words)
    return words[sign.end() :] if sign else words


def _begins(line: Line, above: list[Line], width: int) -> bool:
    """Say whether a line that follows another without an empty line begins something new."""
    is_broken = above[-1].words.endswith(":") or _is_broken_off(above[-1], line, width)
    if _SIGN.match(above[0].words) is None:
        return is_broken
    if _SIGN.match(line.words):
        return line.start <= above[0].start or is_broken
    return line.start <= above[0].start and is_broken


def _is_broken_off(above: Line, line: Line, width: int) -> bool:
    """Say whether a line ends before it is full, so that the next one was begun on purpose."""
    first_word = line.words.split(maxsplit=1)[0]
    return width > WIDEST or _end(above) + 1 + len(first_word) <= width


def _end(line: Line) -> int:
    """Give the character after the last of a line."""
    return line.start + len(line.words)
