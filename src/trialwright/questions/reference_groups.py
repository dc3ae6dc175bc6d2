"""Reference cases of groups: log-rank test and Cox regression, by R."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from trialwright.endpoints.conventions import Conventions, Ties
from trialwright.endpoints.cox import CoxFit, cox
from trialwright.endpoints.log_rank import log_rank
from trialwright.questions.reference_numbers import apart

BEYOND = 10
"""A log hazard ratio so large is that of a likelihood without a maximum, where R stopped."""

FIELDS = {
    "coefficient": "coef",
    "std_error": "se",
    "hazard_ratio": "hr",
    "lower": "lower95",
    "upper": "upper95",
    "p": "p_wald",
}
"""Fields of a term to their names in R's answer."""

TIES: tuple[Ties, ...] = ("efron", "breslow")


def group_differences(
    times: Sequence[float], seen: Sequence[bool], groups: Sequence[str], case: Mapping[str, Any]
) -> Iterator[str]:
    """Compare the tests between the groups of a case.

    Parameters
    ----------
    times, seen : sequence, shape (participants,)
        Times and whether the event was seen.
    groups : sequence of str, shape (participants,)
        Group of each participant, as the case names it.
    case : mapping of str to object
        What R says: `groups`, `logrank`, `peto_peto_rho1`, `cox_efron`,
        `cox_breslow`.

    Yields
    ------
    str
        One a number that differs.
    """
    yield from _tested(times, seen, groups, case.get("logrank"))
    peto = case.get("peto_peto_rho1")
    if peto:
        test = log_rank(times, seen, groups, rho=1)
        yield from apart("Peto", (test.chi_square, test.p), [peto["chisq"], peto["p"]])
    for ties in TIES:
        said = case.get(f"cox_{ties}")
        if said:
            others = [name for name in case["groups"] if name != said["ref"]]
            columns = np.array([[float(each == name) for name in others] for each in groups])
            fit = cox(times, seen, columns, others, Conventions(), ties=ties)
            yield from (f"Cox {ties}: {each}" for each in fit_differences(fit, said))


def _tested(
    times: Sequence[float], seen: Sequence[bool], groups: Sequence[str], said: Any
) -> Iterator[str]:
    """Compare the log-rank test."""
    if not said:
        return
    test = log_rank(times, seen, groups)
    yield from apart(
        "log-rank",
        (test.chi_square, float(test.df), test.p, *map(float, test.observed), *test.expected),
        [said["chisq"], said["df"], said["p"], *said["observed"], *said["expected"]],
    )


def fit_differences(fit: CoxFit, said: Mapping[str, Any]) -> Iterator[str]:
    """Compare a Cox regression field by field; one that has no estimate agrees with none.

    Parameters
    ----------
    fit : CoxFit
        What was found.
    said : mapping of str to object
        What R says.

    Yields
    ------
    str
        One a number that differs.
    """
    if not fit.is_estimable:
        if not said.get("monotone") and abs(float(_listed(said["coef"])[0])) < BEYOND:
            yield f"not estimable, expected {said['coef']}"
        return
    for field, name in FIELDS.items():
        if name in said:
            mine = [getattr(each, field) for each in fit.terms]
            yield from apart(name, mine, _listed(said[name]))
    whole = (("loglik", fit.log_likelihood), ("score_chisq", fit.score_chi_square),
             ("lrt_chisq", fit.ratio_chi_square))  # fmt: skip
    for name, found in whole:
        if name in said:
            yield from apart(name, _listed(found), _listed(said[name]))


def _listed(value: Any) -> list[Any]:
    """Give a number, or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]
