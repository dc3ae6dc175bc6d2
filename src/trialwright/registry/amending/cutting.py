"""Where the words of a criterion are cut into clauses, and for which part of the trial they are."""

import re
from dataclasses import dataclass

_CUT = re.compile(
    r"(?:^|\s)\*{1,6}\s+"
    r"|\n\s*(?:[-*•]|\d+[.)])\s+"
    r"|(?<=[.;])\s+(?=(?-i:[\"(A-Z0-9]))"
    r"|(?<=[.;)])\s+(?=\((?-i:[A-Z]))"
    r"|,?\s+or\s+(?=(?:those|patients|participants|subjects)\b)"
    r"|:\s+(?=\*|\n)"
    r"|,?\s+(?=(?:unless|except|with the exception of|other than)\b)",
    re.IGNORECASE,
)
_FOR_ARMS = re.compile(
    r"^\W*(?:for |in )?(?:patients (?:in|on|enrolled (?:in|on)) )?(?:arms?|cohorts?|parts?) "
    r"[A-Z0-9]\b(?:(?:, and |, | and | or )[A-Z0-9]\b)*(?: only| patients)?\s*[:,)]\s*",
    re.IGNORECASE,
)
_PART = re.compile(
    r"^\W*(?:(?-i:(?=[^:a-z]*(?:PART|PHASE|COHORT|ARM|STEP|STAGE|GROUP|EXPANSION|ESCALATION"
    r"|REGISTRATION|RANDOMI[SZ]ATION|SCREENING|STRATUM))[A-Z][A-Z0-9 ,/&()'-]*):\s+"
    r"|(?:for |in )?(?:arms?|cohorts?|parts?|phases?|groups?|stages?)"
    r" (?:[IV]+[ab]?|\d+[ab]?|[A-Z])\b"
    r"(?:[ ,/&-]*(?:and|or|only|patients|expansion|cohorts?|[IV]+[ab]?|\d+[ab]?|[A-Z]))*\s*:\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words between two cuts.

    Attributes
    ----------
    start : int, characters
        Where they stand in the criterion's words.
    text : str
        The words, without a sign of a list and a label of arms or parts.
    part : str
        The label before them, e.g. `PART A`; empty when there is none, or the criterion's arms say
        it.
    is_sentence : bool
        Whether they follow another sentence of the same bullet.
    """

    start: int
    text: str
    part: str
    is_sentence: bool


def stretches_of(words: str, *, has_arms: bool) -> list[Stretch]:
    """Cut words at list signs and sentence ends.

    Parameters
    ----------
    words : str
        Of a criterion.
    has_arms : bool
        Whether the arms it names are known already.

    Returns
    -------
    list of Stretch
        In order.
    """
    cuts = [(0, 0, ""), *((each.start(), each.end(), each[0]) for each in _CUT.finditer(words))]
    ends = [start for start, _, _ in cuts[1:]] + [len(words)]
    found = []
    for (before, begin, sign), end in zip(cuts, ends, strict=True):
        arms = _FOR_ARMS.match(words[begin:end]) if has_arms else None
        begin += arms.end() if arms else 0
        label = _label(words[begin:end])
        part = " ".join(words[begin : begin + label].strip(" :").split())
        begin += label
        text = words[begin:end].strip()
        begin = words.find(text, begin) if text else begin
        if any(each.isalnum() for each in text):
            is_sentence = not sign.strip() and words[:before].rstrip().endswith((".", ";", ")"))
            found.append(Stretch(begin, text, part, is_sentence))
    return found


def _label(text: str) -> int:
    """Give the length of a label of parts before words; 0 when there is none."""
    found = _PART.match(text)
    return found.end() if found else 0
