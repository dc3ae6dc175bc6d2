"""The words of a record with their signs made equal, for matching; every sign knows its place."""

import re
from dataclasses import dataclass

_WIDE = "\uff1e\uff1c\uff1d\uff05\uff08\uff09\uff0c\uff1b\uff1a\uff0b"
_ALIKE = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00d7\u2715\u2716\u2a09\u2a2f", "x"),
    **dict.fromkeys("\u2022\u2023\u2043\u25aa\u25cf\u25e6\u00b7\u2219", "\u2022"),
    **dict.fromkeys("\u00b5\u03bc", "u"),
    **dict.fromkeys("\u2265\u2267\u2a7e\u2273", "\u2265"),
    **dict.fromkeys("\u2264\u2266\u2a7d\u2272", "\u2264"),
    **dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u2033", '"'),
    **dict.fromkeys("\u00b0\u00ba\u02da", "\u00b0"),
    **dict.fromkeys("\u2044\u2215\uff0f", "/"),
    **dict(zip(_WIDE, "><=%(),;:+", strict=True)),
    "\u2217": "*",
    "\u3001": ",",
}  # fmt: skip
_CAPITALS = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_SIGNS = str.maketrans(_ALIKE | _CAPITALS)

_ENTITIES = {
    "&gt;": ">",
    "&lt;": "<",
    "&ge;": "\u2265",
    "&le;": "\u2264",
    "&#62;": ">",
    "&#60;": "<",
    "&#8805;": "\u2265",
    "&#8804;": "\u2264",
    "&amp;": "&",
    "&nbsp;": " ",
    "&#160;": " ",
    "&times;": "x",
    "&micro;": "u",
    "&#181;": "u",
    "&#956;": "u",
}
_FACTOR = r"(?:i?uln|unl|upper|the |institution|local|lab|lln|lower|normal|x )"
_SUB_BULLET = rf"\s\*{{1,6}}\s+(?=[a-z])(?!{_FACTOR})"
_UNEVEN = re.compile(
    _SUB_BULLET
    + r"|\s\s+|[^\S ]|\\(?=[-<>=*~^_#+.!()\[\]{}|`&])|"
    + "|".join(map(re.escape, _ENTITIES))
)
_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*[-*\u2022](?=\s)")


@dataclass(frozen=True, slots=True)
class Levelled:
    """Words made equal.

    Attributes
    ----------
    words : str
        As they stand in the record.
    text : str
        For matching: small letters, white space single, signs that mean the same equal. A line
        feed stands where a new paragraph or list begins.
    places : tuple of int, characters
        Where each sign of `text` stands in `words`, and at last the length of `words`.
    """

    words: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the record of a stretch of the levelled text.

        Parameters
        ----------
        start, end : int, characters
            Of the levelled text; `end` itself excluded, after `start`.

        Returns
        -------
        tuple of (int, int)
            Of the record's words.
        """
        return self.places[start], self.places[end - 1] + 1

    def cut(self, start: int, end: int) -> str:
        """Give the record's own words of a stretch of the levelled text.

        Parameters
        ----------
        start, end : int, characters
            Of the levelled text; `end` itself excluded, after `start`.

        Returns
        -------
        str
            Verbatim.
        """
        first, last = self.span(start, end)
        return self.words[first:last]


def levelled(words: str) -> Levelled:
    r"""Make signs that mean the same equal, letters small and white space single.

    Parameters
    ----------
    words : str
        As they stand in the record.

    Returns
    -------
    Levelled
        A backslash before a sign (ClinicalTrials.gov writes ``\>``) is left out, an entity
        (``&gt;``) is its sign, and a star between words begins a line, as in the bullets of a
        bullet. Signs that were garbled (``³`` for a lost ``≥``) stay as they are:
        they are never read as a comparator.
    """
    plain = words.translate(_SIGNS)
    text: list[str] = []
    places: list[int] = []
    at = 0
    for found in _UNEVEN.finditer(plain):
        text.append(plain[at : found.start()])
        places.extend(range(at, found.start()))
        level = _level(plain, found)
        text.append(level)
        places.extend([found.start()] * len(level))
        at = found.end()
    text.append(plain[at:])
    places.extend(range(at, len(plain) + 1))
    return Levelled(words, "".join(text), tuple(places))


def _level(plain: str, found: re.Match[str]) -> str:
    """Give what stands for an uneven stretch."""
    if found[0] == "\\":
        return ""
    if found[0] in _ENTITIES:
        return _ENTITIES[found[0]]
    if "*" in found[0]:
        return "\n"
    return "\n" if _PARAGRAPH.match(plain, found.start()) or found[0].count("\n") > 1 else " "
