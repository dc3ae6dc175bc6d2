"""Headings among eligibility criteria: which list begins, and which headings may end one."""

import re
from typing import Literal, TypeAlias

List: TypeAlias = Literal["inclusion", "exclusion"]
"""A list of criteria."""

MOST_HEADING = 160
"""Longest line taken for a heading of a list, characters."""

_BEFORE = (
    r"(?:(?:key|main|major|general|primary|principal|selected|core|additional|other|further|partial"
    r"|specific|common|basic|overall|patient|participant|subject|study|trial)s?\s+){0,3}"
)
_SCOPE = (
    r"(?:\s*[-–,]?\s*(?:for\s+)?(?:the\s+)?"
    r"(?:part|phase|cohort|arm|stage|step|group|period|portion)s?\s+[A-Za-z0-9]{1,4}"
    r"(?:\s*(?:and|or|&|/|,)\s*[A-Za-z0-9]{1,4})*)"
)
_AFTER = rf"(?P<after>(?:\s*\([^()]{{1,100}}\))?(?:{_SCOPE}?\s*[:.]?|\s+[^.:;]{{1,80}}:|\s*[-–]*))"
_INCLUSION = re.compile(
    rf"{_BEFORE}(?:inclusion(?:ary)?\s+criteri(?:a|on)|criteria\s+for\s+inclusion"
    rf"|inclusions?(?=\s*:)){_AFTER}",
    re.IGNORECASE,
)
_EXCLUSION = re.compile(
    rf"{_BEFORE}(?:(?:exclusion(?:ary)?|non[- ]?inclusion)\s+criteri(?:a|on)"
    rf"|criteria\s+for\s+exclusion|exclusions?(?=\s*:)){_AFTER}",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    rf"[*_# ]*{_BEFORE}(?:inclusion|exclusion)\s+criteria(?:\s*\([^()]{{1,100}}\))?\s*:"
    r"[*_ ]*\s(?=\s*\S)",
    re.IGNORECASE,
)
_OTHER_LIST = re.compile(r"inclusion|exclusion", re.IGNORECASE)
_PDQ = re.compile(
    r"(?:disease characteristics|patient characteristics|prior(?:/|, | and | )?concurrent therapy)"
    r":?",
    re.IGNORECASE,
)
_ANY_END = r"withdraw|discontinu|stopping|removal|off[- ](?:study|treatment|trial)"
_TURNS = {
    "inclusion": re.compile(
        rf"exclu(?!ding)|ineligib|not\s+(?:be\s+)?eligible|non-?eligib|prohibit|contraindic|{_ANY_END}",
        re.IGNORECASE,
    ),
    "exclusion": re.compile(rf"\binclusion|\b(?<!not )eligib|{_ANY_END}", re.IGNORECASE),
}
_EXCEPTS = re.compile(
    r"except|unless|allow|permitted|not\s+(?:required|excluded)|must\s+not", re.IGNORECASE
)
_SAME = {"inclusion": re.compile("inclusion|eligib", re.I), "exclusion": re.compile("exclu", re.I)}
_CRITERIA = re.compile(r"criteri", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;,!?]$")


def bare(words: str) -> str:
    """Take the emphasis from a heading.

    Parameters
    ----------
    words : str
        E.g. `**Inclusion Criteria:**`.

    Returns
    -------
    str
        Without asterisks, underscores and hashes around it.
    """
    return " ".join(words.split()).strip("*_# ")


def list_begun(words: str) -> List | None:
    """Say which list of criteria a line begins.

    Parameters
    ----------
    words : str
        The whole line.

    Returns
    -------
    {'inclusion', 'exclusion'} or None
        None for any other line, and for one that names both lists.
    """
    plain = bare(words)
    if len(plain) > MOST_HEADING:
        return None
    inclusion, exclusion = _INCLUSION.fullmatch(plain), _EXCLUSION.fullmatch(plain)
    found = inclusion or exclusion
    if found is None or _OTHER_LIST.search(found["after"]):
        return None
    return "inclusion" if inclusion else "exclusion"


def scope_of(words: str) -> str:
    """Say what a heading of a list says beside the list's name.

    Parameters
    ----------
    words : str
        A line for which `list_begun` names a list.

    Returns
    -------
    str
        E.g. `for expansion phase`; empty when it says no more.
    """
    plain = bare(words)
    found = _INCLUSION.fullmatch(plain) or _EXCLUSION.fullmatch(plain)
    return found["after"].strip(" :.-–") if found else ""


def heading_before(words: str) -> int:
    """Find where words begin that stand behind a heading of a list on the same line.

    Parameters
    ----------
    words : str
        A whole line.

    Returns
    -------
    int, characters
        Length of the heading; 0 when the line does not begin with one, or holds no more.
    """
    found = _BEGINNING.match(words)
    return found.end() if found and list_begun(words[: found.end()]) else 0


def is_pdq(words: str) -> bool:
    """Say whether a line is a heading of the Physician Data Query, which names no list.

    Parameters
    ----------
    words : str
        The whole line.

    Returns
    -------
    bool
        True for `DISEASE CHARACTERISTICS:` and the two that follow it there.
    """
    return _PDQ.fullmatch(bare(words)) is not None


def is_heading(words: str) -> bool:
    """Say whether a line is a heading of a list.

    Parameters
    ----------
    words : str
        The whole line.

    Returns
    -------
    bool
        True also where it names no list.
    """
    return list_begun(words) is not None or is_pdq(words)


def is_inner_heading(words: str) -> bool:
    """Say whether a line without a bullet looks like a heading inside a list.

    Parameters
    ----------
    words : str
        The whole line.

    Returns
    -------
    bool
        True for a line that ends with a colon, and for a short one that ends like no sentence.
    """
    plain = bare(words)
    return plain.endswith(":") or (len(plain) <= 60 and not _SENTENCE_END.search(plain))


def may_end(list_name: List, words: str, *, is_alone: bool) -> bool:
    """Say whether a heading inside a list may mean that what follows is not of that list.

    Parameters
    ----------
    list_name : {'inclusion', 'exclusion'}
        The list.
    words : str
        The heading.
    is_alone : bool
        Whether the line is a heading for certain, as it has no bullet among bullets; else words
        such as `except` may as well be those of a criterion, and do not count.

    Returns
    -------
    bool
        True for words of the other list, of an exception or of the end of treatment.
    """
    if _TURNS[list_name].search(words) or (is_alone and _EXCEPTS.search(words)):
        return True
    return bool(_CRITERIA.search(words)) and not _SAME[list_name].search(words)
