"""H-score and Allred score: from percentages and intensity, and held against those told."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.casebook.stains import Span, Stain

_PROPORTIONS = (
    (Decimal(1), 2),
    (Decimal(10), 3),
    (Decimal(100) / 3, 4),
    (Decimal(200) / 3, 5),
)
"""Percent stained above which (for the first: from which on) a proportion score begins."""

_INTENSITIES = {"none": 0, "weak": 1, "moderate": 2, "strong": 3}
_WEAK, _STRONG = 1, 3


@dataclass(frozen=True, slots=True)
class Apart:
    """A score that was told, and cannot follow from what was told beside it.

    Attributes
    ----------
    score : {'H-score', 'Allred'}
        Which score.
    told : Decimal
        As it was told.
    derived : Span
        What percentages and intensity of the same stain allow.
    """

    score: Literal["H-score", "Allred"]
    told: Decimal
    derived: Span

    def __str__(self) -> str:
        """Say both, e.g. `Allred told as 3, 6-8 by percentage and intensity`."""
        return f"{self.score} told as {self.told:f}, {self.derived} by percentage and intensity"


def apart(stain: Stain) -> tuple[Apart, ...]:
    """Hold the scores that were told against the percentages and intensity beside them.

    Parameters
    ----------
    stain : Stain
        As read.

    Returns
    -------
    tuple of Apart
        Scores that percentages and intensity do not allow, to the digit. Where only the percentage
        of stained cells is told, every intensity is allowed.
    """
    return tuple(_apart(stain))


def share_in_question(stain: Stain) -> str:
    """Ask of a percentage between 0 and 1 whether it is a share: 0.6 for 60 percent.

    Parameters
    ----------
    stain : Stain
        As read.

    Returns
    -------
    str
        Both, e.g. `0.6% stained, or 60%`; empty where there is nothing to ask. Pathologists tell
        whole percents, and less than one as `<1%`.
    """
    told = stain.stained
    if told is None or told.low != told.high or not 0 < told.low < 1:
        return ""
    return f"{told.low}% stained, or {told.low.scaleb(2).normalize():f}%"


def _apart(stain: Stain) -> Iterator[Apart]:
    """Give the scores told that lie outside of what the rest allows."""
    scores: tuple[tuple[Literal["H-score", "Allred"], Decimal | int | None, Span | None], ...] = (
        ("H-score", stain.h_score, _possible_h_score(stain)),
        ("Allred", stain.allred, _possible_allred(stain)),
    )
    for score, told, possible in scores:
        if told is None or possible is None:
            continue
        number = Decimal(told)
        if possible.is_at_least(number) is False or possible.is_more_than(number):
            yield Apart(score, number, possible)


def _possible_h_score(stain: Stain) -> Span | None:
    """Give what the H-score may be: all stained cells weak, to all of them strong."""
    exact = h_score(stain)
    if exact is not None:
        return Span.exactly(exact)
    stained = stain.stained
    if stained is None:
        return None
    low, high = _WEAK * stained.low, _STRONG * stained.high
    return Span(low, high, stained.is_above_low, stained.is_below_high)


def _possible_allred(stain: Stain) -> Span | None:
    """Give what the Allred score may be; of cells without stain it is 0."""
    stained = stain.stained
    if stained is None:
        return None
    low, high = _proportions(stained)
    told = _INTENSITIES[stain.intensity or "none"]
    weakest, strongest = (told, told) if told else (_WEAK, _STRONG)
    return Span(Decimal(low + weakest if low else 0), Decimal(high + strongest if high else 0))


def h_score(stain: Stain) -> Decimal | None:
    """Add up the stained cells, each weighed by its intensity.

    Parameters
    ----------
    stain : Stain
        With the percentages of weakly, moderately and strongly stained cells.

    Returns
    -------
    Decimal or None, 0 to 300
        1 x weak + 2 x moderate + 3 x strong [1]_; None when the percentages are not told.

    References
    ----------
    .. [1] McCarty KS et al. Arch Pathol Lab Med 1985;109(8):716-721.
    """
    if stain.weak is None or stain.moderate is None or stain.strong is None:
        return None
    return stain.weak + 2 * stain.moderate + 3 * stain.strong


def allred(stain: Stain) -> int | None:
    """Add the score of the proportion to that of the intensity.

    Parameters
    ----------
    stain : Stain
        With percent stained and intensity.

    Returns
    -------
    int or None, 0 or 2 to 8
        Proportion 0 (none), 1 (under 1 %), 2 (to 10 %), 3 (to a third), 4 (to two thirds), 5
        (above) plus intensity 0 to 3 [1]_. None when a part is missing, or the percentage may
        belong to two scores, or cells are stained and the intensity is said to be none.

    References
    ----------
    .. [1] Harvey JM et al. J Clin Oncol 1999;17(5):1474-1481. doi:10.1200/JCO.1999.17.5.1474
    """
    stained = stain.stained
    if stained is None:
        return None
    if stained.high == 0:
        return 0 if stain.intensity in (None, "none") else None
    low, high = _proportions(stained)
    if low != high or stain.intensity in (None, "none"):
        return None
    return low + _INTENSITIES[stain.intensity]


def _proportions(stained: Span) -> tuple[int, int]:
    """Give the lowest and the highest proportion score of a percentage."""
    low = _proportion(stained.low, is_above=stained.is_above_low)
    return low, _proportion(stained.high, is_below=stained.is_below_high)


def _proportion(percent: Decimal, *, is_above: bool = False, is_below: bool = False) -> int:
    """Give the proportion score of a percentage, or of what lies next to it."""
    if percent < 1 or (percent == 1 and is_below):
        return 1 if percent > 0 or is_above else 0
    scored = 2
    for above, score in _PROPORTIONS[1:]:
        if percent > above or (percent == above and is_above):
            scored = score
    return scored
