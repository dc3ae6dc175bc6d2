"""Proportions of an analysis set, with exact limits.

References
----------
.. [1] Clopper CJ, Pearson ES. Biometrika 1934;26(4):404-413. doi:10.1093/biomet/26.4.404
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scipy.stats import binomtest

from trialwright.terms.errors import refuse


@dataclass(frozen=True, slots=True)
class Proportion:
    """How many of an analysis set had something.

    Attributes
    ----------
    endpoint : str
        E.g. `objective response rate`.
    analysis_set : str
        Name of the set.
    having, participants : int
        How many had it, of how many.
    estimate, lower, upper : float or None
        Proportion and Clopper-Pearson limits; None for an empty set.
    conf_level : float
        Confidence level of the limits.
    method : str
        `Clopper-Pearson`.
    because : str
        The answer in a sentence.
    reasons : mapping of str to str
        Why each participant has it or not, by study number.
    """

    endpoint: str
    analysis_set: str
    having: int
    participants: int
    estimate: float | None
    lower: float | None
    upper: float | None
    conf_level: float
    method: str
    because: str
    reasons: Mapping[str, str]


def clopper_pearson(having: int, participants: int, conf_level: float) -> tuple[float, float]:
    """Give the exact limits of a proportion [1]_.

    Parameters
    ----------
    having, participants : int
        How many, of how many; at least one participant.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    tuple of (float, float)
        Lower and upper limit.

    Raises
    ------
    Refusal
        If there is no participant, more have it than there are, or the level is no probability.
    """
    if participants < 1 or not 0 <= having <= participants:
        raise refuse("having", f"{having} of {participants}",
                     "0 or more, at most the participants, who are 1 or more",
                     "Correct the counts")  # fmt: skip
    if not 0 < conf_level < 1:
        raise refuse("conf_level", f"{conf_level}", "above 0 and below 1", "Give it as 0.95")
    interval = binomtest(having, participants).proportion_ci(conf_level, method="exact")
    return float(interval.low), float(interval.high)


def proportion(
    endpoint: str, analysis_set: str, answers: Mapping[str, tuple[bool, str]], conf_level: float
) -> Proportion:
    """Count an endpoint in an analysis set.

    Parameters
    ----------
    endpoint, analysis_set : str
        Their names.
    answers : mapping of str to (bool, str)
        For each participant of the set, by study number: whether they have it, and why.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Proportion
        An empty set is not estimable.
    """
    having, total = sum(has for has, _ in answers.values()), len(answers)
    reasons = {number: why for number, (_, why) in answers.items()}
    method, level = "Clopper-Pearson", f"{100 * conf_level:.10g} %"
    if not total:
        because = f"{endpoint}: not estimable, nobody is in the analysis set {analysis_set}."
        return Proportion(endpoint, analysis_set, 0, 0, None, None, None, conf_level, method,
                          because, reasons)  # fmt: skip
    lower, upper = clopper_pearson(having, total, conf_level)
    estimate = having / total
    because = (
        f"{endpoint}: {having} of {total} in the analysis set {analysis_set}, "
        f"{100 * estimate:.1f} % ({level} {method} {100 * lower:.1f} % to {100 * upper:.1f} %)."
    )
    return Proportion(endpoint, analysis_set, having, total, estimate, lower, upper, conf_level,
                      method, because, reasons)  # fmt: skip
