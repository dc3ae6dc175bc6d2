"""Signs that look like others: a name with one of them is another name, and nobody sees it."""

import re
import unicodedata

from trialwright.terms.errors import Refusal, refuse, shape

_WORD = re.compile(r"[^\W\d_]+")


def require_ascii(said: str, where: str = "") -> str:
    """Give a study number or a label; refuse signs beyond ASCII.

    Parameters
    ----------
    said : str
        As a file gives it.
    where : str
        Its column, for the fault.

    Returns
    -------
    str
        The same.

    Raises
    ------
    Refusal
        If a sign is none of ASCII, or cannot be seen.
    """
    if said.isascii() and said.isprintable():
        return said
    raise _refused(said, where, "letters, digits and signs of ASCII")


def require_one_script(said: str, where: str = "") -> str:
    """Give a term; refuse a word whose letters are of two scripts.

    Parameters
    ----------
    said : str
        As a file gives it.
    where : str
        Its column, for the fault.

    Returns
    -------
    str
        The same.

    Raises
    ------
    Refusal
        If a word has Latin letters beside others, such as a Cyrillic `a`, or a sign that cannot be
        seen.
    """
    words = _WORD.findall(said)
    scripts = ({unicodedata.name(sign, "?").split()[0] for sign in word} for word in words)
    if said.isprintable() and all(len(each) < 2 or "LATIN" not in each for each in scripts):
        return said
    raise _refused(said, where, "words each of one script")


def _refused(said: str, where: str, allowed: str) -> Refusal:
    """Say that a sign is not what it looks like."""
    found = f"a sign that looks like another, or like none, in {shape(said)!r}"
    return refuse(where, found, allowed, "Type it again")
