"""Reference cases of the CRM: estimates, next doses, and calibrated skeletons."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from trialwright.escalation.crm_limits import rate_limits
from trialwright.escalation.crm_model import CrmModel, skeleton_around
from trialwright.escalation.crm_rule import CrmRule
from trialwright.escalation.follow_up import Watched
from trialwright.escalation.tite_model import tite_estimate
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_arguments import model_of
from trialwright.questions.reference_numbers import each_case, first_difference
from trialwright.terms.errors import Refusal

WITHIN = {"bayes": 1e-6, "mle": 1e-4}
"""Greatest difference of an estimate or a DLT rate."""

OF_INTERVALS = 1e-4
"""Greatest difference of a posterior variance, or of a limit of a DLT rate; `integrate` of R was
6.7e-5 off."""

WEIGHTS = 1e-9
"""Greatest difference of the weight of a participant."""

PENDING = 2e-5
"""Greatest difference of an estimate or a DLT rate while participants are pending."""

SKELETON = 1e-6
"""Greatest difference of a skeleton."""

CONVERGED = 768
"""Panels with which an estimate is compared."""

Case = Mapping[str, Any]


def estimates(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare CRM estimates and next doses; a case with `error` agrees when it is refused.

    Parameters
    ----------
    parsed : object
        The file, with `datasets` and `skeletons` that its cases name.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each case.
    """
    wanted = ("data", "skeleton", "target", "model", "method")
    return each_case(parsed["cases"], wanted, partial(_differences, parsed))


def _differences(parsed: Any, case: Case) -> Iterator[str]:
    """Name each number of a case that differs."""
    skeleton = tuple(float(rate) for rate in parsed["skeletons"][case["skeleton"]])
    data = parsed["datasets"][case["data"] - 1]
    evaluable, dlts = (np.zeros(len(skeleton), dtype=np.int16) for _ in range(2))
    for level, toxic in zip(data["level"], data["tox"], strict=True):
        evaluable[level - 1] += 1
        dlts[level - 1] += toxic
    try:
        design = CrmRule(
            levels=len(skeleton),
            target=case["target"],
            skeleton=skeleton,
            max_n=max(1, len(data["level"])),
            model=model_of(case["model"]),
        )
        estimate = _estimate(design, case["method"], evaluable, dlts)
    except Refusal as refused:
        if not case.get("error"):
            yield f"refused: {refused}"
        return
    if case.get("error"):
        yield f"estimate {estimate}, expected a refusal ({case['error']})"
        return
    rates = design.curve.rates(estimate)[0]
    within = WITHIN[case["method"]]
    yield first_difference("estimate", estimate, case["estimate"], within)
    yield first_difference("ptox", rates.tolist(), case["ptox"], within)
    if "post_var" in case and case["method"] == "bayes":
        found = rate_limits(design.curve, evaluable, dlts)
        yield first_difference("post_var", found.variance, case["post_var"], OF_INTERVALS)
        yield first_difference("ptox_lo90", found.low.tolist(), case["ptox_lo90"], OF_INTERVALS)
        yield first_difference("ptox_hi90", found.high.tolist(), case["ptox_hi90"], OF_INTERVALS)
    nearest = int(np.argmin(np.abs(rates - design.target))) + 1
    yield first_difference("next_dose", nearest, case["next_dose"], 0)


def _estimate(design: CrmRule, method: str, evaluable: Any, dlts: Any) -> float:
    """Estimate the parameter."""
    if method == "mle":
        return design.curve.mle(evaluable, dlts)
    return float(design.curve.posterior(evaluable[None], dlts[None], CONVERGED).mean[0])


def pending(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare TITE-CRM: weights, estimates, DLT rates and next doses.

    Parameters
    ----------
    parsed : object
        The file, with `skeletons` that its cases name.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each case.
    """
    wanted = ("skeleton", "target", "level", "tox", "followup", "obswin", "scheme", "model")
    return each_case(parsed["cases"], wanted, partial(_pending_differences, parsed))


def _pending_differences(parsed: Any, case: Case) -> Iterator[str]:
    """Name each number of a case that differs."""
    skeleton = tuple(float(rate) for rate in parsed["skeletons"][case["skeleton"]])
    people = zip(case["level"], case["tox"], case["followup"], strict=True)
    try:
        found = tite_estimate(
            CrmModel(skeleton, case["target"], model_of(case["model"])),
            [Watched(level, bool(toxic), followed) for level, toxic, followed in people],
            case["obswin"],
            case["scheme"],
        )
    except Refusal as refused:
        if not case.get("error"):
            yield f"refused: {refused}"
        return
    if case.get("error"):
        yield f"estimate {found.mean}, expected a refusal ({case['error']})"
        return
    if "weights" in case:
        yield first_difference("weights", found.weights, case["weights"], WEIGHTS)
    yield first_difference("estimate", found.mean, case["estimate"], PENDING)
    yield first_difference("ptox", found.rates, case["ptox"], PENDING)
    yield first_difference("next_dose", found.level, case["next_dose"], 0)


def skeletons(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare skeletons by indifference intervals; a refusal of arguments agrees.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each case.
    """
    wanted = ("halfwidth", "target", "nu", "nlevel", "model")
    return each_case(parsed["cases"], wanted, _skeleton_differences)


def _skeleton_differences(case: Case) -> Iterator[str]:
    """Name the first prior guess that differs."""
    try:
        found = skeleton_around(
            case["halfwidth"], case["target"], case["nu"], case["nlevel"], model_of(case["model"])
        )
    except Refusal as refused:
        expected = case.get("skeleton")
        if not case.get("error") and _is_skeleton(expected, case["nlevel"]):
            yield f"refused: {refused}"
        return
    if case.get("error"):
        yield f"skeleton {found}, expected a refusal ({case['error']})"
        return
    yield first_difference("skeleton", found, case["skeleton"], SKELETON)


def _is_skeleton(expected: Any, levels: int) -> bool:
    """Say whether a list is a skeleton: packages give zeros or null for impossible arguments."""
    if not isinstance(expected, list) or len(expected) != levels or None in expected:
        return False
    around = [0, *expected, 1]
    return all(low < high for low, high in pairwise(around))
