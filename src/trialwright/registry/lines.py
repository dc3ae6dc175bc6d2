"""A record kept as text, cut into lines that know their place; odd texts are refused here."""

import re
from dataclasses import dataclass

from trialwright.registry.spans import Span
from trialwright.terms.errors import Fault, Refusal

MOST_CHARACTERS = 1_000_000
"""Largest text read, characters; the first trial's page has some 13,000."""

MOST_LINES = 20_000
"""Most lines with words read; the first trial's page has 68."""

_LINE_END = re.compile("\r\n|\r|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that stand together on one line.

    Attributes
    ----------
    words : str
        Verbatim, without the white space around them.
    line : int
        Line of the text, counted from 1; lines without words count too.
    start : int
        Character of the line at which they begin, counted from 0.
    field : str
        In a JSON record, the path of the value whose text the lines are counted in.
    """

    words: str
    line: int
    start: int
    field: str = ""

    @property
    def plain(self) -> str:
        """The words with single spaces, for matching."""
        return " ".join(self.words.split())

    def span(self, kind: str, became: str = "") -> Span:
        """Give their place, understood as a part of the draft, or kept.

        Parameters
        ----------
        kind : str
            What they are.
        became : str
            The part they became; empty: kept as text.

        Returns
        -------
        Span
            Of all the words.
        """
        return Span(
            self.line,
            self.start,
            self.line,
            self.start + len(self.words),
            kind,
            "understood" if became else "kept",
            became or "kept",
            self.field,
        )


@dataclass(frozen=True, slots=True)
class Line(Stretch):
    """One line with words.

    Attributes
    ----------
    is_after_blank : bool
        Whether a line without words, or nothing, stands before it.
    """

    is_after_blank: bool = False


def lines_of(text: str, file: str = "", field: str = "") -> tuple[Line, ...]:
    """Cut a text into its lines with words.

    Parameters
    ----------
    text : str
        Lines end with LF, CRLF or a bare CR (old exports have them); all three are read alike. A
        byte order mark at the beginning is passed over.
    file : str
        Name shown in faults.
    field : str
        In a JSON record, the path of the value that holds the text.

    Returns
    -------
    tuple of Line
        At least one.

    Raises
    ------
    Refusal
        If the text has no words, is too long, or holds zero bytes or signs that are no UTF-8.
    """
    plain = text.removeprefix("\ufeff")
    _refuse_shape(plain, file)
    lines: list[Line] = []
    is_after_blank = True
    for number, whole in enumerate(_LINE_END.split(plain), start=1):
        words = whole.strip()
        if words:
            start = len(whole) - len(whole.lstrip())
            lines.append(Line(words, number, start, field, is_after_blank))
        is_after_blank = not words
    if len(lines) > MOST_LINES:
        raise Refusal([_too_many(len(lines), file)])
    return tuple(lines)


def _refuse_shape(text: str, file: str) -> None:
    """Refuse what costs or misleads, every fault at once."""
    faults = []
    if not text.strip():
        faults.append(
            Fault("", "a text without words", "the text of a trial page", "Give the page", file)
        )
    if len(text) > MOST_CHARACTERS:
        size = f"{len(text)} characters"
        faults.append(
            Fault("", size, f"up to {MOST_CHARACTERS}", "Give the text of one trial page", file)
        )
    surrogate = _SURROGATE.search(text)
    for found, place in (
        ("a zero byte", text.find("\x00")),
        ("a sign that is no UTF-8", surrogate.start() if surrogate else -1),
    ):
        if place >= 0:
            line = len(_LINE_END.findall(text, 0, place)) + 1
            faults.append(Fault("", found, "UTF-8 text", "Save the page as UTF-8", file, line))
    if faults:
        raise Refusal(faults)


def _too_many(lines: int, file: str) -> Fault:
    """Say that the text has more lines than a page has."""
    return Fault(
        "",
        f"{lines} lines with words",
        f"up to {MOST_LINES}",
        "Give the text of one trial page",
        file,
    )
