"""Proportions of an analysis set, with exact limits.

References
----------
.. [1] Clopper CJ, Pearson ES. Biometrika 1934;26(4):404-413. doi:10.1093/biomet/26.4.404
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scipy.special import betaincinv

from trialwright.terms.errors import refuse

METHOD = "Clopper-Pearson"


@dataclass(frozen=True, slots=True)
class Attained:
    """Whether one participant attained an endpoint.

    Attributes
    ----------
    answer : {'yes', 'no', 'not yet'}
        `not yet`: it can still come at a later cutoff; counted as not attained.
    because : str
        The reason, with days.
    """

    answer: Literal["yes", "no", "not yet"]
    because: str


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
    open : int
        How many of those without it can still attain it at a later cutoff.
    estimate, lower, upper : float or None
        Proportion and Clopper-Pearson limits; None for an empty set.
    conf_level : float
        Confidence level of the limits.
    method : str
        `Clopper-Pearson`.
    because : str
        The answer in a sentence.
    answers : mapping of str to Attained
        Whether and why each participant has it, by study number.
    """

    endpoint: str
    analysis_set: str
    having: int
    participants: int
    open: int
    estimate: float | None
    lower: float | None
    upper: float | None
    conf_level: float
    method: str
    because: str
    answers: Mapping[str, Attained]


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
    tail, without = (1 - conf_level) / 2, participants - having
    lower = float(betaincinv(having, without + 1, tail)) if having else 0.0
    upper = float(betaincinv(having + 1, without, 1 - tail)) if without else 1.0
    return lower, upper


def proportion(
    endpoint: str, analysis_set: str, answers: Mapping[str, Attained], conf_level: float
) -> Proportion:
    """Count an endpoint in an analysis set.

    Parameters
    ----------
    endpoint, analysis_set : str
        Their names.
    answers : mapping of str to Attained
        For each participant of the set, by study number.
    conf_level : float
        Above 0 and below 1.

    Returns
    -------
    Proportion
        An empty set is not estimable.
    """
    said = [each.answer for each in answers.values()]
    having, still, total = said.count("yes"), said.count("not yet"), len(said)
    if total:
        lower, upper = clopper_pearson(having, total, conf_level)
        because = (
            f"{endpoint}: {having} of {total} in the analysis set {analysis_set}, "
            f"{100 * having / total:.1f} % ({100 * conf_level:.10g} % {METHOD} "
            f"{100 * lower:.1f} % to {100 * upper:.1f} %)"
        )
        because += f"; {still} can still attain it." if still else "."
    else:
        because = f"{endpoint}: not estimable, nobody is in the analysis set {analysis_set}."
    return Proportion(
        endpoint=endpoint,
        analysis_set=analysis_set,
        having=having,
        participants=total,
        open=still,
        estimate=having / total if total else None,
        lower=lower if total else None,
        upper=upper if total else None,
        conf_level=conf_level,
        method=METHOD,
        because=because,
        answers=answers,
    )
