"""Letters for the arms of a record, as a protocol names them."""

import re
from collections.abc import Sequence
from string import ascii_uppercase

from trialwright.terms.errors import shorten

MOST_ARMS = len(ascii_uppercase)
"""Most arms of a protocol: each bears one capital letter (`protocol.criteria.ArmId`)."""

_LETTER = re.compile(r"\barm\s+(?P<letter>(?-i:[A-Z]))(?![\w'/])", re.IGNORECASE)
_ROMAN = re.compile(r"\barm\s+(?-i:II|III|IV|VI{0,3}|IX)\b", re.IGNORECASE)
_ONLY_LETTER = re.compile(r"\s*arm\s+[A-Z]\s*:?\s*", re.IGNORECASE)


def letters_for(titles: Sequence[str]) -> tuple[str, ...]:
    """Give each arm its letter.

    Parameters
    ----------
    titles : sequence of str
        What the record calls its arms, in its order.

    Returns
    -------
    tuple of str
        The letter that one title alone names (`Arm A`, `ARM C: ...`); else the next free one in the
        order of the record; empty past the last letter.
    """
    named = [named_letter(title) for title in titles]
    if any(_ROMAN.search(title) for title in titles):  # Arm I is the first, not the ninth
        named = [letter if letter not in {"I", "V", "X"} else "" for letter in named]
    own = [letter if named.count(letter) == 1 else "" for letter in named]
    free = iter([letter for letter in ascii_uppercase if letter not in own])
    return tuple(letter or next(free, "") for letter in own)


def lettering_remark(titles: Sequence[str], letters: Sequence[str]) -> str:
    """Say which letters the record does not give itself.

    Parameters
    ----------
    titles : sequence of str
        What the record calls its arms.
    letters : sequence of str
        As `letters_for` gives them.

    Returns
    -------
    str
        Empty when every arm bears its own letter.
    """
    given = [
        f"{letter} is '{shorten(title)}'"
        for title, letter in zip(titles, letters, strict=True)
        if letter and named_letter(title) != letter
    ]
    if not given:
        return ""
    return f"The record names these arms without a letter; in its order, {', '.join(given)}."


def is_letter_alone(title: str) -> bool:
    """Say whether a title is no more than the letter.

    Parameters
    ----------
    title : str
        What the record calls an arm.

    Returns
    -------
    bool
        True for `Arm A`.
    """
    return _ONLY_LETTER.fullmatch(title) is not None


def named_letter(title: str) -> str:
    """Give the one letter that a title names.

    Parameters
    ----------
    title : str
        What the record calls an arm.

    Returns
    -------
    str
        Empty when it names none or several.
    """
    letters = {found["letter"] for found in _LETTER.finditer(title)}
    return letters.pop() if len(letters) == 1 else ""
