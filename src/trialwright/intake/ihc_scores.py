"""Scores of stained tissue as people write them: read in full, or refused with the reason.

A text is taken apart into a score and remarks. A remark that is not known, and one of which it is
not clear what it is about, refuses the whole text: no part of it is dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar, cast

from trialwright.casebook.stains import MOST_PERCENT, Intensity, Ish, Pattern, Span
from trialwright.terms.errors import Refusal, refuse, shape

_MOST_SIGNS = 80  # longer text is no score

_MISSING = MappingProxyType(
    {
        "": "not recorded",
        "na": "not recorded",
        "n/a": "not recorded",
        "nan": "not recorded",
        "not available": "not available",
        "[not available]": "not available",
        "not applicable": "not applicable",
        "[not applicable]": "not applicable",
        "unknown": "not available",
        "unk/nd": "not available",
        "not done": "not done",
        "not performed": "not done",
        "not done (decalcified)": "not done",
        "test failure": "failed",
        "failed": "failed",
    }
)
"""Text that says why there is no score."""

_PATTERNS: Mapping[str, Pattern] = MappingProxyType(
    {
        "focal": "focal",
        "heterogenous": "heterogeneous",
        "heterogeneous": "heterogeneous",
    }
)
"""Words about the spread of a stain, as written."""

_WRITTEN_OTHERWISE = str.maketrans(
    {chr(sign + 0xFEE0): chr(sign) for sign in range(0x21, 0x7F)}  # of full width
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
    | {"\u2265": ">=", "\u2264": "<="}
)
"""Signs that have another form and mean the same: nothing that would make a digit of a footnote."""

_NUMBER = r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,3}|,[0-9]{1,2})?"
_PERCENT = re.compile(
    rf"(?P<sign>[<>]=?|)\s?(?P<low>{_NUMBER})(?:\s?%?\s?(?:-|to)\s?(?P<high>{_NUMBER}))?\s?%?"
    r"(?: \((?P<intensity>weak|moderate|strong)(?: intensity)?\))?",
    re.IGNORECASE,
)
_SCORE = r"([0-3])(?:-([0-3]))?(?:\s?\+)?"
_HER2 = re.compile(rf"{_SCORE}(?: \((?P<remark>[^()]*)\))?")
_MEANS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"negative": (0, 1), "equivocal": (2, 2), "positive": (3, 3)}
)
"""Words that repeat a score, and the scores that they repeat."""

_TOTAL = re.compile(rf"(?P<number>{_NUMBER})(?:\s?/\s?(?P<most>[0-9]{{1,3}}))?")
_OUTSIDE_SCORE = re.compile(rf"(?:outside {_SCORE}|{_SCORE} outside)")
_POSITIVE_PART = re.compile(rf"({_NUMBER})-({_NUMBER})% pos(?:itive)?")
_RATIO = re.compile(
    rf"(?P<ratio>{_NUMBER})(?:, CN (?P<copies>{_NUMBER}))?(?P<remarks>(?: \([^()]*\))*)"
)
_REMARKS = (
    (re.compile(rf"CN ({_NUMBER})"), "copies"),
    (re.compile(rf"OSH CN ({_NUMBER})"), "outside_copies"),
    (re.compile(rf"(?:Outside: |same sample OSH )({_NUMBER})"), "outside_ratio"),
)
"""Remarks beside a ratio, and what each gives."""

_ALLOWED_PERCENT = "a percentage, e.g. 70, 30-60, >60, 1 (weak intensity)"
_ALLOWED_HER2 = "0 to 3+, e.g. 0, 2+, 0-1+, 1+ (focal), 3+ (2+ outside)"
_ALLOWED_RATIO = "a ratio, e.g. 2.5, 2.5 (CN 3), 1.7 (Outside: 2.4)"
_DO = "Ask the pathologist, and enter the values field by field"

_Given = TypeVar("_Given")


@dataclass(frozen=True, slots=True)
class PercentScore:
    """Percent of cells stained, as read.

    Attributes
    ----------
    percent : Span or None, %
        None when there is none.
    intensity : {'weak', 'moderate', 'strong'} or None
        Where it is said.
    missing : str
        Why there is none: not recorded, not available, not applicable, not done, failed; empty
        when there is one.
    """

    percent: Span | None
    intensity: Intensity | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Her2Score:
    """HER2 by immunohistochemistry, as read.

    Attributes
    ----------
    score : Span or None
        0 to 3, of the laboratory that reads.
    outside : Span or None
        The same of another laboratory.
    pattern : {'', 'focal', 'heterogeneous'}
        How the stain is spread.
    positive_percent : Span or None, %
        Part of a heterogeneous tumour that has the score.
    missing : str
        Why there is none; empty when there is one.
    """

    score: Span | None
    outside: Span | None = None
    pattern: Pattern = ""
    positive_percent: Span | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class RatioScore:
    """HER2 by in-situ hybridisation, as read.

    Attributes
    ----------
    ish : Ish or None
        Ratio and copies.
    missing : str
        Why there is none; empty when there is one.
    """

    ish: Ish | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class TotalScore:
    """H-score or Allred score told as one number, as read.

    Attributes
    ----------
    number : Decimal or None
        None when there is none.
    missing : str
        Why there is none; empty when there is one.
    """

    number: Decimal | None
    missing: str = ""


def read_percent(written: str) -> PercentScore:
    """Read a percentage of stained cells.

    Parameters
    ----------
    written : str
        E.g. `70`, `>60`, `30-60`, `1 (weak intensity)`, `Not Available`.

    Returns
    -------
    PercentScore
        An open end reaches to 0 or 100 %.

    Raises
    ------
    Refusal
        If it is something else, or more than 100 %.
    """
    text = _plain(written)
    missing = _MISSING.get(text.casefold())
    if missing is not None:
        return PercentScore(None, missing=missing)
    found = _PERCENT.fullmatch(text)
    if not found or (found["sign"] and found["high"]):
        raise _refused(text, "no percentage", _ALLOWED_PERCENT)
    intensity = cast(Intensity, found["intensity"].casefold()) if found["intensity"] else None
    return PercentScore(_percent_span(text, found), intensity)


def read_her2_score(written: str) -> Her2Score:
    """Read a score of HER2.

    Parameters
    ----------
    written : str
        E.g. `2+`, `0-1+`, `1+ (focal)`, `3+ (2+ outside)`, `3+ (outside)`.

    Returns
    -------
    Her2Score
        A score that is said to be another laboratory's does not stand as one's own.

    Raises
    ------
    Refusal
        If it is something else.
    """
    text = _plain(written)
    missing = _MISSING.get(text.casefold())
    if missing is not None:
        return Her2Score(None, missing=missing)
    found = _HER2.fullmatch(text)
    if not found:
        raise _refused(text, "no score", _ALLOWED_HER2)
    score = _score_span(text, found[1], found[2])
    remark = found["remark"] or ""
    if not remark:
        return Her2Score(score)
    if remark == "outside":
        return Her2Score(None, outside=score)
    return _remarked(text, score, remark)


def read_ratio(written: str) -> RatioScore:
    """Read a ratio of HER2 to CEP17.

    Parameters
    ----------
    written : str
        E.g. `2.5`, `2.5 (CN 3)`, `4.0, CN 9.7`, `1.7 (Outside: 2.4)`, `Not done (decalcified)`.

    Returns
    -------
    RatioScore
        With copies of HER2 a cell (`CN`) and the numbers of another laboratory (`OSH`).

    Raises
    ------
    Refusal
        If it is something else, gives two ratios, a ratio of 0, a test that failed beside a ratio,
        or names another laboratory without its number.
    """
    text = _plain(written)
    missing = _MISSING.get(text.casefold())
    if missing is not None:
        return RatioScore(None, missing)
    found = _RATIO.fullmatch(text)
    if not found:
        raise _refused(text, _unread_ratio(text), _ALLOWED_RATIO)
    numbers: dict[str, Decimal] = {"ratio": _decimal(found["ratio"])}
    if found["copies"]:
        numbers["copies"] = _decimal(found["copies"])
    if not numbers["ratio"]:
        raise _refused(text, "a ratio of 0", _ALLOWED_RATIO)
    pattern: Pattern = ""
    for remark in re.findall(r"\(([^()]*)\)", found["remarks"]):
        pattern = _PATTERNS.get(remark.casefold(), pattern)
        if remark.casefold() in _PATTERNS:
            continue
        name, number = _ratio_remark(text, remark)
        if name in numbers:
            raise _refused(text, "one number twice", _ALLOWED_RATIO)
        numbers[name] = number
    return RatioScore(_checked(text, lambda: Ish(**numbers, pattern=pattern), _ALLOWED_RATIO))


def read_total(written: str, most: int) -> TotalScore:
    """Read an H-score or an Allred score that is told as one number.

    Parameters
    ----------
    written : str
        E.g. `180`, `7`, `7/8`, `Not done`.
    most : int
        The highest score there is: 300 or 8.

    Returns
    -------
    TotalScore
        Whether there is such a score is for the stain to say.

    Raises
    ------
    Refusal
        If it is something else, as a range is, or out of another number than the highest.
    """
    text = _plain(written)
    missing = _MISSING.get(text.casefold())
    if missing is not None:
        return TotalScore(None, missing)
    found = _TOTAL.fullmatch(text)
    if not found or (found["most"] and int(found["most"]) != most):
        raise _refused(text, "no score", f"one number up to {most}, or that out of {most}")
    return TotalScore(_decimal(found["number"]))


def _plain(written: str) -> str:
    """Give a text with single blanks; one that is far too long is no score."""
    text = " ".join(written[: _MOST_SIGNS + 1].translate(_WRITTEN_OTHERWISE).split())
    if len(text) > _MOST_SIGNS:
        raise _refused(text, "a long text", f"up to {_MOST_SIGNS} signs")
    return text


def _decimal(written: str) -> Decimal:
    """Give a number; a comma before one or two digits is the decimal comma."""
    return Decimal(written.replace(",", "."))


def _refused(text: str, found: str, allowed: str) -> Refusal:
    """Refuse a text, showing its form and no more of it."""
    return refuse("", f"{found} in {shape(text, _MOST_SIGNS)!r}", allowed, _DO)


def _checked(text: str, make: Callable[[], _Given], allowed: str) -> _Given:
    """Make a value; what is wrong with its numbers is said of the text."""
    try:
        return make()
    except Refusal as refused:
        raise _refused(text, refused.faults[0].found, allowed) from None


def _percent_span(text: str, found: re.Match[str]) -> Span:
    """Give the span of a percentage."""
    low, high = _decimal(found["low"]), _decimal(found["high"] or found["low"])
    sign = found["sign"]
    ends = {
        "": (low, high),
        ">": (low, Decimal(MOST_PERCENT)),
        ">=": (low, Decimal(MOST_PERCENT)),
        "<": (Decimal(0), low),
        "<=": (Decimal(0), low),
    }[sign]
    if high > MOST_PERCENT:
        raise _refused(text, "more than 100 %", _ALLOWED_PERCENT)
    return _checked(text, lambda: Span(*ends, sign == ">", sign == "<"), _ALLOWED_PERCENT)


def _score_span(text: str, low: str, high: str | None) -> Span:
    """Give the span of a score."""
    ends = Decimal(low), Decimal(high or low)
    return _checked(text, lambda: Span(*ends), _ALLOWED_HER2)


def _remarked(text: str, score: Span, remark: str) -> Her2Score:
    """Give a score with its remark."""
    outside = _OUTSIDE_SCORE.fullmatch(remark)
    if outside:
        low, high = (outside[1], outside[2]) if outside[1] else (outside[3], outside[4])
        return Her2Score(score, outside=_score_span(text, low, high))
    if remark.casefold() in _MEANS:
        lowest, highest = _MEANS[remark.casefold()]
        if not lowest <= score.low <= score.high <= highest:
            raise _refused(text, "a word that contradicts the score", _ALLOWED_HER2)
        return Her2Score(score)
    word, _, rest = remark.partition(" ")
    pattern = _PATTERNS.get(word.casefold())
    part = _POSITIVE_PART.fullmatch(rest)
    if pattern is None or (rest and not part):
        raise _refused(text, "a remark that is not known", _ALLOWED_HER2)
    if part is None:
        return Her2Score(score, pattern=pattern)
    ends = _decimal(part[1]), _decimal(part[2])
    if ends[1] > MOST_PERCENT:
        raise _refused(text, "more than 100 %", _ALLOWED_HER2)
    span = _checked(text, lambda: Span(*ends), _ALLOWED_HER2)
    return Her2Score(score, pattern=pattern, positive_percent=span)


def _unread_ratio(text: str) -> str:
    """Say what is wrong with a text that is no ratio."""
    if re.fullmatch(rf"{_NUMBER}(?:, ?{_NUMBER})+", text):
        return "two ratios"
    if re.search(r"fail", text, re.IGNORECASE):
        return "a test that failed beside a ratio"
    return "no ratio"


def _ratio_remark(text: str, remark: str) -> tuple[str, Decimal]:
    """Give what a remark beside a ratio says."""
    for form, name in _REMARKS:
        found = form.fullmatch(remark)
        if found:
            return name, _decimal(found[1])
    if re.match(r"OSH\b|outside\b", remark, re.IGNORECASE):
        raise _refused(text, "another laboratory, and not which number is its", _ALLOWED_RATIO)
    raise _refused(text, "a remark that is not known", _ALLOWED_RATIO)
