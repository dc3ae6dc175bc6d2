"""Reference cases of BOIN for two agents: MTDs, isotonic estimates and next combinations."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.isotonic import Floats
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import each_case, first_difference

ROUNDED = 0.0051
"""Greatest difference of an estimate that was rounded to two decimals."""

TARGET = 0.3
"""Target of the cases that name none, as the call in the file says."""

Case = Mapping[str, Any]


def selected(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare MTDs, next combinations, and isotonic estimates to two decimals.

    Where combinations tie any of them agrees: an MTD, when its estimate is as near to the target to
    the two decimals to which the package rounds before it selects; a next combination, when it is
    chosen with the agents in either order. No combination is None, or a list of None or 99.

    Parameters
    ----------
    parsed : object
        The file.
    library : Library
        Not asked.

    Returns
    -------
    iterator of Comparison
        One for each case of `select`, then one for each of `next_dose`.
    """
    yield from each_case(parsed["select"], ("n", "y", "mtd"), _mtd_differences)
    yield from each_case(parsed.get("next_dose"), ("n", "y", "dose_now"), _next_differences)


def _design(case: Case) -> BoinCombinations:
    """Make the design of a case; the package knows the next combination after any number."""
    return BoinCombinations(
        rows=len(case["n"]),
        columns=len(case["n"][0]),
        target=case.get("target", TARGET),
        max_n=int(np.sum(case["n"])) + 1,
        cohort_size=1,
    )


def _mtd_differences(case: Case) -> Iterator[str]:
    """Name MTD and estimates when they differ."""
    design, listed = _design(case), case["mtd"]
    counts = [np.array(case[name], np.int16).reshape(1, -1) for name in ("n", "y")]
    level = int(design.mtds(*counts)[0])
    mtd = list(design.combination(level)) if level else None
    estimates = design.estimates(*counts)[0]
    expected = _pairs(listed)
    tried = [each for each in expected if case["n"][each[0] - 1][each[1] - 1]]
    is_tied = mtd and any(_is_as_near(estimates, mtd, each, design.target) for each in tried)
    closed = [each for each in expected if _is_closed(case, each)]
    if mtd is None and expected:
        yield f"no MTD, expected {listed}"
    elif mtd is not None and mtd not in expected and (closed or not is_tied):
        yield f"MTD {mtd}, expected {listed}{', which is closed' if closed else ''}"
    if case.get("isotonic"):
        printed = np.array(case["isotonic"], dtype=float).ravel().tolist()
        pairs = zip(estimates.ravel().tolist(), printed, strict=True)
        for place, (one, other) in enumerate(pairs, start=1):
            if not math.isnan(other):  # nobody was treated there
                yield first_difference(f"estimate {place}", one, other, ROUNDED)


def _pairs(listed: Any) -> list[list[int]]:
    """Give the combinations of a list, or of one alone; 99, null or NA stands for none."""
    alone = isinstance(listed, list) and not any(isinstance(each, list) for each in listed)
    pairs = [listed] if alone else listed if isinstance(listed, list) else []
    return [each for each in pairs if each and not {None, 99, "NA"} & set(each)]


def _is_as_near(estimates: Floats, one: Sequence[int], other: Sequence[int], target: float) -> bool:
    """Say whether two estimates are equally near to a target, to two decimals."""
    near, far = (abs(round(float(estimates[a - 1, b - 1]), 2) - target) for a, b in (one, other))
    return math.isclose(near, far, abs_tol=1e-9)


def _next_differences(case: Case) -> Iterator[str]:
    """Name the next combination when it differs from either choice among neighbours that tie."""
    found, swapped = _next(case), _next(_swapped(case))
    other = None if swapped is None else swapped[::-1]
    expected = next(iter(_pairs(case["next_dose"])), None)
    if expected not in (found, other):
        told = first_difference("next_dose", found, expected, 0)
        yield f"{told}, which is closed" if expected and _is_closed(case, expected) else told


def _next(case: Case) -> list[int] | None:
    """Give the next combination of a case; ties change the first agent."""
    design = _design(case)
    level = design.next_dose(_seen(case), design.level(*case["dose_now"])).level
    return None if level is None else list(design.combination(level))


def _is_closed(case: Case, combination: Sequence[int]) -> bool:
    """Say whether nobody may be treated any more at a combination."""
    design = _design(case)
    return design.level(*combination) not in design.open_levels(_seen(case))


def _seen(case: Case) -> list[LevelCount]:
    """Give the counts of a case by the number of the combination."""
    return [
        LevelCount(treated, dlts)
        for row in zip(case["n"], case["y"], strict=True)
        for treated, dlts in zip(*row, strict=True)
    ]


def _swapped(case: Case) -> Case:
    """Give a case with its agents swapped, so that ties change the second."""
    return {
        **case,
        "n": np.array(case["n"]).T.tolist(),
        "y": np.array(case["y"]).T.tolist(),
        "dose_now": case["dose_now"][::-1],
    }
