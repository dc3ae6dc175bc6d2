"""Coded answers of results: what a code says, in words that rules compare."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from trialwright.terms.codes import Code

ANSWERS: Mapping[Code, str] = MappingProxyType(
    {
        Code("SNOMEDCT", "10828004"): "positive",
        Code("SNOMEDCT", "260385009"): "negative",
        Code("SNOMEDCT", "42425007"): "equivocal",
        Code("SNOMEDCT", "82334004"): "indeterminate",
        Code("SNOMEDCT", "260373001"): "positive",  # detected
        Code("SNOMEDCT", "260415000"): "negative",  # not detected
        Code("SNOMEDCT", "52101004"): "positive",  # present
        Code("SNOMEDCT", "2667000"): "negative",  # absent
        # how a disease has gone, as mCODE codes it
        Code("SNOMEDCT", "268910001"): "improved",
        Code("SNOMEDCT", "359746009"): "stable",
        Code("SNOMEDCT", "271299001"): "worsened",
        Code("SNOMEDCT", "709137006"): "indeterminate",  # nobody could tell
        # LOINC answers of interpretation fields
        Code("LOINC", "LA6576-8"): "positive",
        Code("LOINC", "LA6577-6"): "negative",
        Code("LOINC", "LA11884-6"): "indeterminate",
        Code("LOINC", "LA11882-0"): "positive",  # detected
        Code("LOINC", "LA11883-8"): "negative",  # not detected
        Code("LOINC", "LA11885-3"): "equivocal",
        Code("LOINC", "LA15255-5"): "positive",  # reactive
        Code("LOINC", "LA15256-3"): "negative",  # not reactive
        Code("SNOMEDCT", "11214006"): "positive",  # reactive
        Code("LOINC", "LA9633-4"): "positive",  # present
        Code("LOINC", "LA9634-2"): "negative",  # absent
        # whether somebody is pregnant (LOINC 82810-3)
        Code("SNOMEDCT", "77386006"): "positive",
        Code("SNOMEDCT", "60001007"): "negative",
        Code("LOINC", "LA15173-0"): "positive",
        Code("LOINC", "LA26683-5"): "negative",
    }
)
"""What an answer code says."""

SCORES: Mapping[Code, int] = MappingProxyType(
    {
        # LOINC answers to 89247-1, ECOG performance status: 0 is fully active, 5 is dead
        Code("LOINC", "LA9622-7"): 0,
        Code("LOINC", "LA9623-5"): 1,
        Code("LOINC", "LA9624-3"): 2,
        Code("LOINC", "LA9625-0"): 3,
        Code("LOINC", "LA9626-8"): 4,
        Code("LOINC", "LA9627-6"): 5,
        # grades of ECOG performance status, findings of SNOMED CT, as first versions of mCODE list
        Code("SNOMEDCT", "425389002"): 0,
        Code("SNOMEDCT", "422512005"): 1,
        Code("SNOMEDCT", "422894000"): 2,
        Code("SNOMEDCT", "423053003"): 3,
        Code("SNOMEDCT", "423237006"): 4,
        Code("SNOMEDCT", "423409001"): 5,
    }
)
"""The score that an answer code means, of a term that is a score."""

SCORED = frozenset({Code("LOINC", "85319-2"), Code("LOINC", "18474-7")})
"""Codes of immunohistochemistry of HER2, whose answers carry a score from 0 to 3+."""

UNSURE = frozenset({"equivocal", "indeterminate"})
"""Answers that say that the test did not decide."""

DENIED = frozenset({"negative", *UNSURE})
"""Answers beside which a condition is not surely present."""

IN_QUESTION = "in question"
"""Value of a result that a person must settle first; it is no answer, and no silence."""

_SCORE = re.compile(
    r"(?<![0-9.])([0-3])\s?\+|(?:\bihc|\bscore)\D{0,3}\b(0)\b|^\s*(0)\s*$", re.IGNORECASE
)
_AGREES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "0": frozenset({"negative"}),
        "1+": frozenset({"negative"}),
        "2+": UNSURE,
        "3+": frozenset({"positive"}),
    }
)


def scored(word: str, written: Iterable[str]) -> str:
    """Give the score that the words beside a coded answer carry, if both can be right.

    Parameters
    ----------
    word : str
        The coded answer as a word; empty when there is none.
    written : iterable of str
        Words beside it.

    Returns
    -------
    str
        `0`, `1+`, `2+` or `3+`; the word where none carries a score; `in question` where scores
        differ or contradict the word.
    """
    scores = {_score(each) for each in written} - {""}
    if not scores:
        return word
    score = scores.pop()
    is_told = word in {"negative", "positive", *UNSURE}
    is_contradicted = is_told and word not in _AGREES[score]
    return IN_QUESTION if scores or is_contradicted else score


def _score(text: str) -> str:
    """Give the score that words carry; empty when they carry none."""
    found = _SCORE.search(text)
    if not found:
        return ""
    return f"{found.group(1)}+" if found.group(1) not in (None, "0") else "0"
