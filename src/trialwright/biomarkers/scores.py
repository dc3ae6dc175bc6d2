"""H-score and Allred score, from percentages and intensity; never where a part is missing."""

from decimal import Decimal

from trialwright.casebook.stains import Stain

_PROPORTIONS = (
    (Decimal(1), 2),
    (Decimal(10), 3),
    (Decimal(100) / 3, 4),
    (Decimal(200) / 3, 5),
)
"""Percent stained above which (for the first: from which on) a proportion score begins."""

_INTENSITIES = {"none": 0, "weak": 1, "moderate": 2, "strong": 3}


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
    low = _proportion(stained.low, is_above=stained.is_above_low)
    high = _proportion(stained.high, is_below=stained.is_below_high)
    if low != high or stain.intensity in (None, "none"):
        return None
    return low + _INTENSITIES[stain.intensity]


def _proportion(percent: Decimal, *, is_above: bool = False, is_below: bool = False) -> int:
    """Give the proportion score of a percentage, or of what lies next to it."""
    if percent < 1 or (percent == 1 and is_below):
        return 1 if percent > 0 or is_above else 0
    scored = 2
    for above, score in _PROPORTIONS[1:]:
        if percent > above or (percent == above and is_above):
            scored = score
    return scored
