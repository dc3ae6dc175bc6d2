"""Variant allele fractions from read counts: their change, with limits.

Limits take reads for independent. Reads of one molecule are not: counts of molecules (unique
molecular identifiers) should be given where the assay has them, and limits from raw reads are
narrower than the truth.

References
----------
.. [1] Wilson EB. J Am Stat Assoc 1927;22(158):209-212. doi:10.1080/01621459.1927.10502953
.. [2] Newcombe RG. Stat Med 1998;17(8):873-890, method 10.
   doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
.. [3] Przyborowski J, Wilenski H. Biometrika 1940;31(3-4):313-323. doi:10.1093/biomet/31.3-4.313
"""

import math
from dataclasses import dataclass

from scipy.stats import binomtest

from trialwright.biomarkers.changes import ChangeState
from trialwright.endpoints.proportions import clopper_pearson
from trialwright.predictors.exact import TwoByTwo, fisher_p
from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Reads:
    """Reads of one variant in one specimen.

    Attributes
    ----------
    altered, total : int
        Reads (better: molecules) with the variant, and all at its position.
    limit : float
        Smallest allele fraction that the assay detects, 0 to 1.
    """

    altered: int
    total: int
    limit: float

    def __post_init__(self) -> None:
        """Refuse counts that no assay gives."""
        if not 0 <= self.altered <= self.total:
            raise refuse("reads", f"{self.altered} of {self.total}", "0 or more, at most all",
                         "Give the reads with the variant and all reads")  # fmt: skip
        if not 0 <= self.limit <= 1:
            raise refuse("limit", f"{self.limit}", "from 0 to 1", "Give 0.1 % as 0.001")

    @property
    def fraction(self) -> float | None:
        """The variant allele fraction; None where nothing was read."""
        return self.altered / self.total if self.total else None

    @property
    def is_detected(self) -> bool:
        """Whether the fraction reaches the limit, on at least one read."""
        return bool(self.altered) and self.altered >= self.limit * self.total


@dataclass(frozen=True, slots=True)
class FractionChange:
    """Change of one variant allele fraction.

    Attributes
    ----------
    state : ChangeState
        What became of the variant.
    before, after : float or None
        Fractions; None where nothing was read.
    difference, difference_lower, difference_upper : float or None
        After less before, with Newcombe's limits [2]_.
    ratio, ratio_lower, ratio_upper : float or None
        After over before, with conditional exact limits for rare variants [3]_; infinite where
        the variant was not read before.
    p : float or None
        Fisher's two-sided p-value.
    conf_level : float
        Of each pair of limits.
    because : str
        The answer in a sentence.
    """

    state: ChangeState
    before: float | None
    after: float | None
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    ratio: float | None
    ratio_lower: float | None
    ratio_upper: float | None
    p: float | None
    conf_level: float
    because: str


def fraction_change(before: Reads, after: Reads, conf_level: float = 0.95) -> FractionChange:
    """Say how a variant allele fraction changed.

    Parameters
    ----------
    before, after : Reads
        Of the earlier and the later specimen.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    FractionChange
        `lost` and `emergent` only where the assay that saw nothing would have seen the other
        specimen's fraction; otherwise `undetermined`.
    """
    one, two = before.fraction, after.fraction
    if one is None or two is None:
        which = "before" if one is None else "after"
        because = f"undetermined: nothing was read {which}."
        nothing, state = (None, None, None), ChangeState.UNDETERMINED
        return FractionChange(state, one, two, *nothing, *nothing, None, conf_level, because)
    low, high = _newcombe(before, after, conf_level)
    ratio, ratio_low, ratio_high = _ratio(before, after, conf_level)
    p = fisher_p(TwoByTwo(before.altered, before.total, after.altered, after.total))
    state = _state(before, after, low, high)
    because = (
        f"{state}: {before.altered}/{before.total} = {100 * one:.3g} % before "
        f"(limit {100 * before.limit:.3g} %), {after.altered}/{after.total} = {100 * two:.3g} % "
        f"after (limit {100 * after.limit:.3g} %); change {100 * (two - one):+.3g} points "
        f"({100 * low:+.3g} to {100 * high:+.3g}, Newcombe), ratio {ratio:.3g} "
        f"({ratio_low:.3g} to {ratio_high:.3g}, conditional exact), Fisher p = {p:.3g}; "
        f"{100 * conf_level:.10g} % limits, reads taken as independent."
    )
    return FractionChange(state, one, two, two - one, low, high, ratio, ratio_low, ratio_high, p,
                          conf_level, because)  # fmt: skip


def _state(before: Reads, after: Reads, low: float, high: float) -> ChangeState:
    """Say what became of the variant."""
    match before.is_detected, after.is_detected:
        case True, True:
            if low > 0:
                return ChangeState.UP
            return ChangeState.DOWN if high < 0 else ChangeState.PERSISTENT
        case True, False if _would_see(after, before):
            return ChangeState.LOST
        case False, True if _would_see(before, after):
            return ChangeState.EMERGENT
        case False, False:
            return ChangeState.ABSENT
        case _:
            return ChangeState.UNDETERMINED


def _would_see(silent: Reads, detected: Reads) -> bool:
    """Say whether the assay that saw nothing would have seen what the other one did.

    Its limit lies at or below the other's fraction, and so many reads as it has would have missed
    a variant of that fraction in fewer than one specimen of twenty.
    """
    fraction = detected.altered / detected.total
    return silent.limit <= fraction and (1 - fraction) ** silent.total < MISSED


MISSED = 0.05
"""Chance of reading no variant molecule above which a silent specimen says nothing."""


def _newcombe(before: Reads, after: Reads, conf_level: float) -> tuple[float, float]:
    """Give the limits of the difference from the two Wilson intervals [1]_."""
    one, two = before.altered / before.total, after.altered / after.total
    (low_one, high_one), (low_two, high_two) = (
        binomtest(each.altered, each.total).proportion_ci(conf_level, method="wilson")
        for each in (before, after)
    )
    gap = two - one
    return (
        float(gap - math.hypot(two - low_two, high_one - one)),
        float(gap + math.hypot(high_two - two, one - low_one)),
    )


def _ratio(before: Reads, after: Reads, conf_level: float) -> tuple[float, float, float]:
    """Give the ratio of two rare fractions: the share of later reads given their sum [3]_."""
    together = before.altered + after.altered
    if not together:
        return math.nan, 0.0, math.inf
    low, high = clopper_pearson(after.altered, together, conf_level)
    scale = before.total / after.total
    estimate = after.altered / before.altered * scale if before.altered else math.inf
    return estimate, _odds(low) * scale, _odds(high) * scale


def _odds(share: float) -> float:
    """Give the odds of a share."""
    return share / (1 - share) if share < 1 else math.inf
