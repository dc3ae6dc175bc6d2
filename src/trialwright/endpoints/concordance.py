"""Two raters of the same participants: how often they agree, and how far beyond chance.

References
----------
.. [1] Cohen J. Educ Psychol Meas 1960;20(1):37-46. doi:10.1177/001316446002000104
.. [2] Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72(5):323-327. doi:10.1037/h0028106
.. [3] Clopper CJ, Pearson ES. Biometrika 1934;26(4):404-413. doi:10.1093/biomet/26.4.404
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from trialwright.casebook.tumours import Response
from trialwright.endpoints.proportions import clopper_pearson


@dataclass(frozen=True, slots=True)
class Concordance:
    """How two readers agree on best overall response.

    Attributes
    ----------
    table : mapping of (Response, Response) to int
        Participants by the answer of reader 1 and of reader 2; pairs that occur.
    agreeing, of : int
        Participants with equal answers, of those read by both.
    estimate, lower, upper : float or None
        Share that agrees with its Clopper-Pearson limits [3]_; None of nobody.
    kappa, kappa_lower, kappa_upper : float or None
        Agreement beyond chance [1]_ with large-sample limits [2]_; None where it is not estimable.
    conf_level : float
        Of all limits.
    because : str
        The answer in a sentence.
    """

    table: Mapping[tuple[Response, Response], int]
    agreeing: int
    of: int
    estimate: float | None
    lower: float | None
    upper: float | None
    kappa: float | None
    kappa_lower: float | None
    kappa_upper: float | None
    conf_level: float
    because: str


def concordance(
    pairs: Sequence[tuple[Response, Response]], conf_level: float = 0.95
) -> Concordance:
    """Compare the best overall responses of two readers.

    Parameters
    ----------
    pairs : sequence of (Response, Response)
        One a participant whom both readers finished, in any order.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Concordance
        With limits where they can be given.
    """
    counted = Counter(pairs)
    order = [each for each in Response if any(each in pair for pair in counted)]
    agreeing, of = sum(counted[each, each] for each in order), len(pairs)
    shares = [[counted[one, other] for other in order] for one in order]
    kappa, low, high = kappa_of(shares, conf_level)
    if not of:
        because = "Nobody was finished by both readers."
        return Concordance({}, 0, 0, None, None, None, None, None, None, conf_level, because)
    lower, upper = clopper_pearson(agreeing, of, conf_level)
    said = "kappa not estimable"
    if kappa is not None:
        said = f"kappa {kappa:.3f} ({low:.3f} to {high:.3f})"
    because = (
        f"Best overall response: the readers agree on {agreeing}/{of} = "
        f"{100 * agreeing / of:.1f} % ({100 * lower:.1f} % to {100 * upper:.1f} %); {said}; "
        f"{100 * conf_level:.10g} % limits, of the share Clopper-Pearson, of kappa by its "
        "large-sample error."
    )
    table = {pair: counted[pair] for pair in sorted(counted)}
    return Concordance(table, agreeing, of, agreeing / of, lower, upper, kappa, low, high,
                       conf_level, because)  # fmt: skip


def kappa_of(
    table: Sequence[Sequence[int]], conf_level: float
) -> tuple[float | None, float | None, float | None]:
    """Give Cohen's kappa with limits by its error away from chance [2]_.

    Parameters
    ----------
    table : sequence of sequence of int, shape (answers, answers)
        Participants by the answer of the first rater, then of the second.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    tuple of float or None
        Kappa, lower and upper limit; None of nobody, and where both say the same of everybody.
    """
    total = sum(sum(row) for row in table)
    if not total:
        return None, None, None
    share = np.array(table, dtype=np.float64) / total
    rows, columns = share.sum(1), share.sum(0)
    observed, expected = float(np.trace(share)), float(rows @ columns)
    if expected == 1:
        return None, None, None
    kappa = (observed - expected) / (1 - expected)
    weight = np.add.outer(columns, rows)  # of cell (i, j): column share of i, row share of j
    agreed = float((np.diag(share) * (1 - np.diag(weight) * (1 - kappa)) ** 2).sum())
    off = share - np.diag(np.diag(share))
    apart = (1 - kappa) ** 2 * float((off * weight**2).sum())
    variance = agreed + apart - (kappa - expected * (1 - kappa)) ** 2
    error = float(np.sqrt(max(variance, 0.0) / total)) / (1 - expected)
    half = float(ndtri((1 + conf_level) / 2)) * error
    return kappa, max(-1.0, kappa - half), min(1.0, kappa + half)
