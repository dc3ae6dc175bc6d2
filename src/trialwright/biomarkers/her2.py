"""HER2 by immunohistochemistry and in-situ hybridisation, by two guidelines.

References
----------
.. [1] Wolff AC et al. (2013). J Clin Oncol 2013;31(31):3997-4013. doi:10.1200/JCO.2013.50.9984
.. [2] Wolff AC et al. (2018). J Clin Oncol 2018;36(20):2105-2122. doi:10.1200/JCO.2018.77.8738
"""

from collections.abc import Callable
from decimal import Decimal

from trialwright.casebook.stains import Ish, Stain
from trialwright.terms.markers import Status

_RATIO, _COPIES, _MANY_COPIES = Decimal(2), Decimal(4), Decimal(6)
"""Cuts of both guidelines: HER2 to CEP17, and signals of HER2 a cell."""

_NEGATIVE, _EQUIVOCAL, _POSITIVE = 1, 2, 3  # highest negative, the equivocal, and positive score
_MANY_WITHOUT_RATIO, _LAST_GROUP = 3, 5  # many copies at a low ratio; both low


def her2_2013(stain: Stain) -> tuple[Status, str]:
    """Say the status by the guideline of 2013 [1]_.

    Parameters
    ----------
    stain : Stain
        Of HER2; a score of another laboratory is shown and not counted.

    Returns
    -------
    status : str
        Positive when one of the two tests is; an equivocal one is settled by the other.
    because : str
        Score and signals.
    """
    return _for_each_score(stain, _by_2013)


def her2_2018(stain: Stain) -> tuple[Status, str]:
    """Say the status by the guideline of 2018 [2]_, in which score and signals decide together.

    Parameters
    ----------
    stain : Stain
        Of HER2; a score of another laboratory is shown and not counted.

    Returns
    -------
    status : str
        Unknown where the copies of HER2 are not told and would decide.
    because : str
        Score and signals.
    """
    return _for_each_score(stain, _by_2018)


def _for_each_score(
    stain: Stain, rule: Callable[[int | None, Ish | None], Status]
) -> tuple[Status, str]:
    """Apply a rule to every score that a reading may mean; they must agree."""
    scores: list[int | None] = [None]
    if stain.score is not None:
        scores = [*range(int(stain.score.low), int(stain.score.high) + 1)]
    found = {rule(score, stain.ish) for score in scores}
    said = ", ".join(_said(stain))
    if len(found) == 1:
        return found.pop(), said
    return "unknown", f"{said}: {' or '.join(sorted(found))}, by the score it is"


def _said(stain: Stain) -> tuple[str, ...]:
    """Say what was read."""
    parts = [f"IHC {stain.score}+" if stain.score else "IHC without a score"]
    if stain.outside_score:
        parts.append(f"another laboratory {stain.outside_score}+, not counted")
    ish = stain.ish
    if ish is None:
        return (*parts, "no ISH")
    parts.append("ISH without a ratio" if ish.ratio is None else f"ISH ratio {ish.ratio:f}")
    parts.append("copies not told" if ish.copies is None else f"{ish.copies:f} copies")
    return tuple(parts)


def _by_2013(score: int | None, ish: Ish | None) -> Status:
    """Combine the two tests: a positive one decides, then a negative one."""
    tests = (_ihc(score), _ish_2013(ish))
    for status in ("positive", "negative", "equivocal"):
        if status in tests:
            return status
    return "unknown"


def _ihc(score: int | None) -> Status:
    """Say the status of a score."""
    if score is None:
        return "unknown"
    if score <= _NEGATIVE:
        return "negative"
    return "equivocal" if score == _EQUIVOCAL else "positive"


def _ish_2013(ish: Ish | None) -> Status:
    """Say the status of the signals; without copies, the ratio alone decides."""
    if ish is None or (ish.ratio is None and ish.copies is None):
        return "unknown"
    if (ish.ratio or 0) >= _RATIO or (ish.copies or 0) >= _MANY_COPIES:
        return "positive"
    return "equivocal" if (ish.copies or 0) >= _COPIES else "negative"


def _by_2018(score: int | None, ish: Ish | None) -> Status:
    """Say the status by score and ISH group."""
    if score == _POSITIVE:
        return "positive"
    if ish is None or ish.ratio is None:
        return _ihc(score)
    if ish.copies is not None:
        return _by_group(score, _group(ish.ratio, ish.copies))
    possible = (1, 2) if ish.ratio >= _RATIO else (3, 4, 5)
    found = {_by_group(score, group) for group in possible}
    return found.pop() if len(found) == 1 else "unknown"


def _group(ratio: Decimal, copies: Decimal) -> int:
    """Give the group of the signals, 1 to 5."""
    if ratio >= _RATIO:
        return 1 if copies >= _COPIES else 2
    if copies >= _MANY_COPIES:
        return 3
    return 4 if copies >= _COPIES else 5


def _by_group(score: int | None, group: int) -> Status:
    """Say the status of a group: 1 and 5 alone, the others with a score below 3+."""
    if group == 1:
        return "positive"
    if group == _LAST_GROUP:
        return "negative"
    if score is None:
        return "unknown"
    return "positive" if group == _MANY_WITHOUT_RATIO and score == _EQUIVOCAL else "negative"
