"""Numbers that words state beside the limits: grades, spans of time, sizes, counts.

They bound something that no typed limit holds (`stable for at least one month`, `grade 3 or
higher`), so a change in one of them is never a matter of wording.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Bounds = Literal["from", "up to", "exactly", "as stated"]
"""Whether the words name a least or a greatest number, one number, or do not say which."""

_NUMERALS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?|{'|'.join(_NUMERALS)})"
_LEAST = r"at ?least|(?:a )?minimum(?: of)?|no less than|not less than|>\s?/?=|=>|≥"
_OVER = r"more than|greater than|longer than|over|above|exceed(?:s|ing)?|older than|>(?!\s?/?=)"
_MOST = r"at most|no more than|not more than|up to|(?:a )?maximum(?: of)?|within|<\s?/?=|=<|≤"
_UNDER = r"less than|fewer than|under|below|younger than|shorter than|<(?!\s?/?=)"
_UNIT = (
    r"(?:hours?|days?|weeks?|wks?|months?|mos?|years?|yrs?|cycles?|half-?\s?li(?:fe|ves)|%|percent"
    r"|mm|cm|um|µm|mg|g|kg|mL|slides?|unstained slides?|lesions?|doses?|times|ECGs?"
    r"|lines?|regimens?)"
)
_HIGHER = r"(?:or|and) (?:higher|greater|more|above|worse|older|longer|over)"
_LOWER = r"(?:or|and) (?:lower|less|below|better|younger|fewer|under)"
_GRADE = re.compile(
    r"\b(?:CTCAE\s+)?(?:(?P<sign>>\s?/?=|<\s?/?=|=<|=>|≥|≤|>|<)\s*)?grades?\s*"
    r"(?P<inner>>\s?/?=|<\s?/?=|=<|=>|≥|≤|>|<|at least|greater than|less than|more than)?\s*"
    r"(?P<first>[0-5]|[IV]{1,3})\b"
    r"(?:\s*(?:-|–|to|or|/|and)\s*(?P<last>[0-5]|[IV]{1,3})\b)?"
    rf"(?:,?\s*(?:(?P<higher>{_HIGHER})|(?P<lower>{_LOWER})))?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?:\b|(?<=\s)|(?<=\())(?:(?P<least>{_LEAST})|(?P<over>{_OVER})|(?P<most>{_MOST})"
    rf"|(?P<under>{_UNDER})|(?P<lasting>for(?: a)?))?\s*"
    rf"(?P<number>(?<![\w.]){_NUMBER})(?:\s?(?:-|–|to)\s?(?P<last>{_NUMBER}))?"
    rf"[\s-]*(?P<unit>{_UNIT})(?![\w])"
    rf"(?:,?\s*(?:(?P<higher>{_HIGHER})|(?P<lower>{_LOWER})))?",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_TIMES = {
    "h": ("time", Fraction(1, 24)), "d": ("time", Fraction(1)), "w": ("time", Fraction(7)),
    "mo": ("months", Fraction(1)), "y": ("months", Fraction(12)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A number that words state.

    Attributes
    ----------
    unit : str
        `grade`, `time` (days), `months`, or the unit as written, in the singular.
    bounds : {'from', 'up to', 'exactly', 'as stated'}
        How the number bounds.
    number : Fraction
        The number, in days or months for a time; the lower one of a range.
    last : Fraction or None
        The upper one of a range.
    is_strict : bool
        Whether the number itself lies outside.
    words : str
        As written.
    start, end : int, characters
        Where it stands.
    """

    unit: str
    bounds: Bounds
    number: Fraction
    last: Fraction | None
    is_strict: bool
    words: str
    start: int
    end: int

    @property
    def meaning(self) -> tuple[object, ...]:
        """What two mentions have in common that say the same."""
        return self.unit, self.bounds, self.number, self.last, self.is_strict


def mentions_in(text: str, masked: tuple[tuple[int, int], ...] = ()) -> tuple[Mention, ...]:
    """Find the numbers with a unit, and the grades, of a text.

    Parameters
    ----------
    text : str
        Words of a clause.
    masked : tuple of (int, int)
        Stretches that typed limits cover already.

    Returns
    -------
    tuple of Mention
        In order.
    """
    found = [*_grades(text), *_counts(text)]
    free = (
        each
        for each in found
        if not any(start < each.end and each.start < end for start, end in masked)
    )
    return tuple(sorted(free, key=lambda each: each.start))


def _grades(text: str) -> Iterator[Mention]:
    """Find grades of toxicity."""
    for found in _GRADE.finditer(text):
        sign = (found["sign"] or found["inner"] or "").replace(" ", "").lower()
        first = _grade(found["first"])
        last = _grade(found["last"]) if found["last"] else None
        bounds: Bounds = "exactly"
        is_strict = sign in (">", "<", "greaterthan", "lessthan", "morethan")
        if found["higher"] or sign.startswith((">", "=>", "≥", "atleast", "greater", "more")):
            bounds = "from"
        elif found["lower"] or sign.startswith(("<", "=<", "≤", "less")):
            bounds = "up to"
        if is_strict:  # grades are whole numbers
            first += 1 if bounds == "from" else -1
        words = " ".join(found[0].split())
        yield Mention(
            "grade",
            bounds,
            Fraction(first),
            _span(last),
            is_strict=False,
            words=words,
            start=found.start(),
            end=found.end(),
        )


def _grade(written: str) -> int:
    """Read a grade."""
    return int(written) if written.isdigit() else _ROMAN.get(written.lower(), 0)


def _span(last: int | None) -> Fraction | None:
    """Give the end of a range."""
    return None if last is None else Fraction(last)


def _counts(text: str) -> Iterator[Mention]:
    """Find numbers with a unit."""
    for found in _COUNT.finditer(text):
        unit, factor = _unit(found["unit"].lower())
        last = found["last"]
        bounds, is_strict = _bounds(found)
        yield Mention(
            unit,
            bounds,
            _number(found["number"]) * factor,
            _number(last) * factor if last else None,
            is_strict,
            " ".join(found[0].split()),
            *found.span(),
        )


def _bounds(found: re.Match[str]) -> tuple[Bounds, bool]:
    """Say how a number bounds, and whether strictly."""
    if found["least"] or found["higher"] or found["lasting"]:
        return "from", False
    if found["over"]:
        return "from", True
    if found["most"] or found["lower"]:
        return "up to", False
    if found["under"]:
        return "up to", True
    return "as stated", False


def _number(written: str) -> Fraction:
    """Read a number in digits or in words."""
    plain = written.lower().replace(",", "")
    return Fraction(_NUMERALS[plain]) if plain in _NUMERALS else Fraction(plain)


def _unit(written: str) -> tuple[str, Fraction]:
    """Give the unit in the singular, a time in days or months."""
    plain = written.removesuffix("s")
    if plain == "percent":
        return "%", Fraction(1)
    if plain.startswith("half"):
        return "half-life", Fraction(1)
    for short, names in (("h", ("hour",)), ("d", ("day",)), ("w", ("week", "wk")),
                         ("mo", ("month", "mo")), ("y", ("year", "yr"))):  # fmt: skip
        if plain in names:
            return _TIMES[short]
    return plain, Fraction(1)
