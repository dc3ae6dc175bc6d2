"""Cox regression by Newton's method, with ties by Efron or Breslow.

References
----------
.. [1] Cox DR. J R Stat Soc B 1972;34(2):187-220. doi:10.1111/j.2517-6161.1972.tb00899.x
.. [2] Efron B. J Am Stat Assoc 1977;72:557-565. doi:10.1080/01621459.1977.10480613
.. [3] Breslow N. Biometrics 1974;30(1):89-99. doi:10.2307/2529620
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtri

from trialwright.endpoints.conventions import Conventions, Ties
from trialwright.endpoints.kaplan_meier import Floats, required_times
from trialwright.terms.errors import refuse

STEPS = 50
"""A likelihood with a maximum needs fewer than ten Newton steps; one without never stands still."""

STANDS_STILL = 1e-9
"""Largest change of a linear predictor in a last step: the estimate has converged."""

SINGULAR = 1e12
"""An information matrix of scaled covariates whose least direction has lost more than this, beside
its own largest one or the largest one at the start, holds no estimate."""


NO_MAXIMUM = (
    "the likelihood has no maximum: a covariate orders the events perfectly, or says what others "
    "say"
)

NOBODY_BESIDE = "a covariate is the same for all who were at risk together at an event"


@dataclass(frozen=True, slots=True)
class CoxTerm:
    """One covariate.

    Attributes
    ----------
    name : str
        The covariate, e.g. `arm C` beside `arm A`.
    coefficient, std_error : float
        Log hazard ratio and its standard error.
    hazard_ratio, lower, upper, p : float
        Hazard ratio, its Wald limits and p-value.
    """

    name: str
    coefficient: float
    std_error: float
    hazard_ratio: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True, slots=True)
class CoxFit:
    """The answer of a Cox regression.

    Attributes
    ----------
    participants, events : int
        How many, and how many of them had the event.
    terms : tuple of CoxTerm
        One for each covariate; empty when not estimable.
    log_likelihood : tuple of (float, float) or None
        Partial log likelihood without covariates and at the estimate; None when not estimable.
    score_chi_square, ratio_chi_square, p : float or None
        Score and likelihood ratio statistics, and the p-value of the latter.
    ties : {'efron', 'breslow'}
        How events of one day were taken.
    conventions : Conventions
        Of which `conf_level` gives the limits.
    because : str
        The answer in a sentence, with ties and conventions, or why it is not estimable.
    """

    participants: int
    events: int
    terms: tuple[CoxTerm, ...]
    log_likelihood: tuple[float, float] | None
    score_chi_square: float | None
    ratio_chi_square: float | None
    p: float | None
    ties: Ties
    conventions: Conventions
    because: str

    @property
    def is_estimable(self) -> bool:
        """Whether the likelihood has a maximum."""
        return bool(self.terms)


@dataclass(frozen=True, slots=True)
class _Risk:
    """One stratum by descending time, so that a risk set is the first so many rows.

    For each event: `event_rows` is its row, `ends` the size of its risk set, `day` the place of
    its day among the days with events, `part` the share of that day's events gone before it.
    """

    covariates: Floats
    event_rows: NDArray[np.intp]
    ends: NDArray[np.intp]
    day: NDArray[np.intp]
    part: Floats


def cox(
    times: Sequence[float] | Floats,
    had_event: Sequence[bool] | NDArray[np.bool_],
    covariates: Floats,
    names: Sequence[str],
    conventions: Conventions,
    *,
    ties: Ties | None = None,
    strata: Sequence[str] | None = None,
) -> CoxFit:
    """Estimate hazard ratios [1]_.

    Parameters
    ----------
    times, had_event : sequence, shape (participants,)
        As `kaplan_meier` takes them.
    covariates : ndarray of float, shape (participants, terms)
        One column for each covariate; 0 and 1 for a group beside its reference.
    names : sequence of str, shape (terms,)
        Names of the columns.
    conventions : Conventions
        Level of the limits; of the ties too, unless they are given.
    ties : {'efron', 'breslow'} or None
        Efron [2]_ or Breslow [3]_; None: by the convention.
    strata : sequence of str, shape (participants,), or None
        Groups with baseline hazards of their own.

    Returns
    -------
    CoxFit
        Not estimable without an event, with covariates that say the same, one that is the same in
        every risk set, or when the likelihood grows for ever: a group without any event is one
        example.

    Raises
    ------
    Refusal
        If the shapes differ, or a number is none.
    """
    when, seen = required_times(times, had_event)
    x = np.asarray(covariates, dtype=np.float64)
    if x.shape != (len(when), len(names)) or (strata is not None and len(strata) != len(when)):
        raise refuse("covariates", f"shape {x.shape}, {len(names)} names",
                     f"shape ({len(when)}, names), a stratum for each time",
                     "Give every covariate of every participant")  # fmt: skip
    if not np.isfinite(x).all():
        raise refuse("covariates", "a number that is none", "finite numbers",
                     "Leave out participants without the covariate")  # fmt: skip
    taken = ties or conventions.ties
    events = int(seen.sum())
    scale = x.std(0) if len(x) else np.zeros(len(names))
    if not events or not names or not scale.all():
        why = "no event was seen" if not events else "a covariate is the same for everybody"
        return _no_fit(len(when), events, taken, conventions, why)
    scaled = (x - x.mean(0)) / scale
    strata_of = np.zeros(len(when)) if strata is None else np.unique(strata, return_inverse=True)[1]
    compared = [
        own & (when >= when[own & seen].min())
        for own in (strata_of == each for each in np.unique(strata_of))
        if seen[own].any()
    ]
    if not np.any([np.ptp(x[own], axis=0) > 0 for own in compared], axis=0).all():
        return _no_fit(len(when), events, taken, conventions, NOBODY_BESIDE)
    risks = [_risk(when[own], seen[own], scaled[own], taken) for own in compared]
    found = _climb(risks, len(names))
    if found is None:
        return _no_fit(len(when), events, taken, conventions, NO_MAXIMUM)
    return _fitted(found, scale, names, len(when), events, taken, conventions)


@dataclass(frozen=True, slots=True)
class _Maximum:
    """Where Newton's method stood still, in scaled covariates."""

    beta: Floats
    covariance: Floats
    log_likelihood: tuple[float, float]
    score_chi_square: float


def _risk(when: Floats, seen: NDArray[np.bool_], x: Floats, ties: Ties) -> _Risk:
    """Order one stratum by descending time and find each event's risk set."""
    order = np.argsort(-when, kind="stable")
    when, seen, x = when[order], seen[order], x[order]
    rows = np.flatnonzero(seen)
    ends = np.searchsorted(-when, -when[rows], side="right")
    _, day, count = np.unique(ends, return_inverse=True, return_counts=True)
    before = np.arange(len(rows)) - np.concatenate(([0], np.cumsum(count)[:-1]))[day]
    part = before / count[day] if ties == "efron" else np.zeros(len(rows))
    return _Risk(x, rows, ends, day, part)


def _climb(risks: Sequence[_Risk], terms: int) -> _Maximum | None:
    """Go up the likelihood until the estimate stands still; None when it never does."""
    beta = np.zeros(terms)
    level, score, information = _likelihood(risks, beta)
    at_start = float(np.linalg.norm(information, 2))
    if _is_singular(information, at_start):
        return None
    start, score_chi_square = level, float(score @ np.linalg.solve(information, score))
    reach = max(float(np.abs(risk.covariates).max()) for risk in risks)
    for _ in range(STEPS):
        if _is_singular(information, at_start):
            return None
        step = np.linalg.solve(information, score)
        tried = _likelihood(risks, beta + step)
        while not tried[0] >= level - abs(level) * STANDS_STILL:
            step = step / 2
            tried = _likelihood(risks, beta + step)
        beta, (level, score, information) = beta + step, tried
        if float(np.abs(step).sum()) * reach < STANDS_STILL:
            covariance: Floats = np.linalg.inv(information).astype(np.float64)
            return _Maximum(beta, covariance, (start, level), score_chi_square)
    return None


def _is_singular(information: Floats, at_start: float) -> bool:
    """Say whether some direction holds no information; a single covariate has only one."""
    directions = np.linalg.svd(information, compute_uv=False)
    return bool(max(at_start, directions[0]) >= SINGULAR * directions[-1])


def _likelihood(risks: Sequence[_Risk], beta: Floats) -> tuple[float, Floats, Floats]:
    """Give the partial log likelihood, its slope and its curvature, summed over strata."""
    terms = len(beta)
    level, score, information = 0.0, np.zeros(terms), np.zeros((terms, terms))
    with np.errstate(divide="ignore", invalid="ignore"):  # a step too far, which is halved
        for risk in risks:
            own_level, own_score, own_information = _stratum(risk, beta)
            level += own_level
            score += own_score
            information += own_information
    return level, score, information


def _stratum(risk: _Risk, beta: Floats) -> tuple[float, Floats, Floats]:
    """Give the same of one stratum."""
    x, rows, terms = risk.covariates, risk.event_rows, len(beta)
    predictor = x @ beta
    top = float(predictor.max())
    weight = np.exp(predictor - top)
    first = weight[:, None] * x
    own = first[rows]
    s0 = _left(weight, weight[rows], risk)
    mean = np.stack([_left(first[:, i], own[:, i], risk) / s0 for i in range(terms)], axis=1)
    information = np.empty((terms, terms))
    for i in range(terms):
        for j in range(i + 1):
            s2 = _left(first[:, i] * x[:, j], own[:, i] * x[rows, j], risk)
            information[i, j] = information[j, i] = (s2 / s0 - mean[:, i] * mean[:, j]).sum()
    level = float((predictor[rows] - top - np.log(s0)).sum())
    return level, (x[rows] - mean).sum(0), information


def _left(column: Floats, own: Floats, risk: _Risk) -> Floats:
    """Sum a column over each event's risk set, less the part of its day's events gone before."""
    total: Floats = np.cumsum(column)[risk.ends - 1]
    if risk.part.any():
        total = total - risk.part * np.bincount(risk.day, own)[risk.day]
    return total


def _fitted(
    found: _Maximum,
    scale: Floats,
    names: Sequence[str],
    participants: int,
    events: int,
    ties: Ties,
    conventions: Conventions,
) -> CoxFit:
    """Give the answer in the covariates' own units."""
    beta, error = found.beta / scale, np.sqrt(np.diag(found.covariance)) / scale
    z = float(ndtri((1 + conventions.conf_level) / 2))
    terms = tuple(
        CoxTerm(
            name,
            float(each),
            float(se),
            float(np.exp(each)),
            float(np.exp(each - z * se)),
            float(np.exp(each + z * se)),
            float(chdtrc(1, (each / se) ** 2)),
        )
        for name, each, se in zip(names, beta, error, strict=True)
    )
    ratio = 2 * (found.log_likelihood[1] - found.log_likelihood[0])
    said = "; ".join(
        f"{each.name}: hazard ratio {each.hazard_ratio:.6g} "
        f"({each.lower:.6g} to {each.upper:.6g}), p = {each.p:.6g}"
        for each in terms
    )
    because = (
        f"Cox, ties {ties}: {said} ({conventions.level} Wald limits; "
        f"convention {conventions.convention})."
    )
    return CoxFit(participants, events, terms, found.log_likelihood, found.score_chi_square,
                  ratio, float(chdtrc(len(names), ratio)), ties, conventions, because)  # fmt: skip


def _no_fit(
    participants: int, events: int, ties: Ties, conventions: Conventions, why: str
) -> CoxFit:
    """Say that and why nothing can be estimated."""
    because = f"Cox, ties {ties}: not estimable, {why} (convention {conventions.convention})."
    return CoxFit(participants, events, (), None, None, None, None, ties, conventions, because)
