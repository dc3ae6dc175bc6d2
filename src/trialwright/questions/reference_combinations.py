"""Reference cases of BOIN for two agents: MTDs, isotonic estimates and next combinations."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import LevelCount
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import each_case, first_difference

ROUNDED = 0.0051
"""Greatest difference of an estimate that was rounded to two decimals."""

TARGET = 0.3
"""Target of the cases that name none, as the call in the file says."""

Case = Mapping[str, Any]


def selected(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare MTDs, any of those listed, and isotonic estimates to two decimals.

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
    yield from each_case(parsed["next_dose"], ("n", "y", "dose_now"), _next_differences)


def _design(case: Case) -> BoinCombinations:
    """Make the design of a case."""
    return BoinCombinations(
        rows=len(case["n"]),
        columns=len(case["n"][0]),
        target=case.get("target", TARGET),
        max_n=int(np.sum(case["n"])) + 3,
    )


def _mtd_differences(case: Case) -> Iterator[str]:
    """Name MTD and estimates when they differ."""
    design = _design(case)
    counts = [np.array(case[name], np.int16).reshape(1, -1) for name in ("n", "y")]
    level = int(design.mtds(*counts)[0])
    mtd = list(design.combination(level)) if level else None
    if mtd is None and case["mtd"]:
        yield f"no MTD, expected {case['mtd']}"
    elif mtd is not None and mtd not in (case["mtd"] or []):
        yield f"MTD {mtd}, expected {case['mtd']}"
    if case.get("isotonic"):
        found = design.estimates(*counts)[0].ravel().tolist()
        expected = np.array(case["isotonic"], dtype=float).ravel().tolist()
        for place, (one, other) in enumerate(zip(found, expected, strict=True), start=1):
            yield first_difference(f"estimate {place}", one, other, ROUNDED)


def _next_differences(case: Case) -> Iterator[str]:
    """Name the next combination when it differs from either choice among neighbours that tie."""
    found, swapped = _next(case), _next(_swapped(case))
    other = None if swapped is None else swapped[::-1]
    if case["next_dose"] not in (found, other):
        told = first_difference("next_dose", found, case["next_dose"], 0)
        yield f"{told}, which is closed" if _is_closed(case) else told


def _next(case: Case) -> list[int] | None:
    """Give the next combination of a case; ties change the first agent."""
    design = _design(case)
    level = design.next_dose(_seen(case), design.level(*case["dose_now"])).level
    return None if level is None else list(design.combination(level))


def _is_closed(case: Case) -> bool:
    """Say whether nobody may be treated any more where a case sends the next participants."""
    design, expected = _design(case), case["next_dose"]
    is_pair = isinstance(expected, list) and len(expected) == 2
    return is_pair and design.level(*expected) not in design.open_levels(_seen(case))


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
