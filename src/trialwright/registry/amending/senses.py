"""What a clause does: asks for something, keeps out, lets in, defines or explains."""

import re
from typing import Literal

Sense = Literal["required", "excluded", "allowed", "defined", "explained"]
"""What a clause does: asks for something, keeps out, lets in what its criterion would keep out (or
restricts nobody), says what another clause means, or explains without deciding."""

_EXPLAINS = re.compile(
    r"^\W*(?:because\b|since\b|as part of\b|these (?:participants|patients|agents) (?:are|will)\b"
    r"|appropriate studies\b|therefore\b|the reason\b|for (?:more )?information\b|please\b"
    r"|this is because\b|the safety of\b|it is important\b|medical reference)",
    re.IGNORECASE,
)
_EXCEPTS = re.compile(r"^\W*(?:unless|except|with the exception of|other than)\b", re.IGNORECASE)
KEEPS_OUT = re.compile(
    r"\b(?:excluded|ineligible|not (?:be )?(?:eligible|allowed|permitted|acceptable|enrolled))\b",
    re.IGNORECASE,
)
"""Words by which those whom a clause describes are kept out, in whichever list it stands."""

_LETS_IN = re.compile(
    r"(?<!not )(?<!not be )\b(?:eligible|allowed|permitted|(?:is|are|be|also) acceptable"
    r"|may be (?:included|enrolled))\b"
    r"|\b(?:no (?:upper )?limit|will not count|would not count|not required|not needed|exempt)\b",
    re.IGNORECASE,
)
_NOT_FIRST = re.compile(
    r"^\W*(?:(?:patients?|participants?|subjects?|wom[ae]n)\s+)?"
    r"(?:no\b|not\b|must not\b|may not\b|should not\b|without\b|absence of\b|free of\b"
    r"|(?:who )?(?:(?:must|should|may|will) )?(?:have|has|be|do|does|are|is|must|should|may)"
    r" (?:not|no)\b)"
    r"(?!\s+(?:more|less|greater)\b)",
    re.IGNORECASE,
)
_SPARES = re.compile(r"\b(?:considered|regarded|deemed)\b.*\bnot\b", re.IGNORECASE | re.DOTALL)
_DEFINES = re.compile(
    r"\b(?:defined (?:as|by)|refers? to|(?:is|are) considered|will count as|counts? as|means)\b",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_CONDITION = re.compile(r"\b(?:provided|if|only|as long as|unless|must)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:must|should|required?|requires|needs?|has to|have to|only|at least|no|not|will)\b",
    re.IGNORECASE,
)
_NOTES = re.compile(r"^\W*(?:note|nb)\b", re.IGNORECASE)


def sense_of(text: str, *, is_exclusion: bool, is_head: bool, is_sentence: bool) -> Sense:
    """Say what a clause does.

    Parameters
    ----------
    text : str
        Its words.
    is_exclusion : bool
        Whether it stands in the list of exclusions.
    is_head : bool
        Whether it is the first of its criterion.
    is_sentence : bool
        Whether it follows another sentence of the same bullet.

    Returns
    -------
    str
        A sentence after the first that neither asks nor forbids is taken as a definition.
    """
    if not is_head and _EXPLAINS.match(text):
        return "explained"
    if _EXCEPTS.match(text):
        return "allowed"
    outside = _IN_BRACKETS.sub(" ", text)
    if KEEPS_OUT.search(outside):
        return "excluded"
    if _LETS_IN.search(outside):
        return "allowed"
    if not is_head and _SPARES.search(text):
        return "allowed"
    if not is_head and _tells(text, is_inclusion=not is_exclusion, is_sentence=is_sentence):
        return "defined"
    is_turned = bool(_NOT_FIRST.match(text))
    return "excluded" if is_exclusion != is_turned else "required"


def _tells(text: str, *, is_inclusion: bool, is_sentence: bool) -> bool:
    """Say whether a later clause tells what another means, and asks for nothing by itself."""
    if _DEFINES.search(text) or _NOTES.match(text):
        return True
    return is_sentence and is_inclusion and not _ASKS.search(text)


def is_conditional(text: str) -> bool:
    """Say whether what a clause lets in holds only under a condition.

    Parameters
    ----------
    text : str
        Its words.

    Returns
    -------
    bool
        True for `provided`, `if`, `only` and the like.
    """
    return bool(_CONDITION.search(text))


def turned_words(text: str) -> tuple[int, int] | None:
    """Give where the negation stands with which a clause begins.

    Parameters
    ----------
    text : str
        Its words.

    Returns
    -------
    tuple of (int, int) or None
        Its sense says the negation; None when there is none.
    """
    found = _NOT_FIRST.match(text)
    return found.span() if found else None
