"""Reference cases of survival curves and exact intervals, by R."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import isclose
from typing import Any

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.kaplan_meier import (
    kaplan_meier,
    landmark,
    quantile,
    reverse_kaplan_meier,
)
from trialwright.endpoints.proportions import clopper_pearson
from trialwright.endpoints.restricted_mean import restricted_mean
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library

NEAR, EXACT = 1e-6, 1e-9
"""Relative differences up to which survival statistics and exact intervals agree."""


def are_curves(parsed: Any) -> bool:
    """Say whether a file has survival times with what is said of each group.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    bool
        By the fields of every case.
    """
    cases = parsed.get("cases") if isinstance(parsed, Mapping) else None
    return isinstance(cases, Mapping) and any(
        isinstance(case, Mapping) and "input" in case and "groups" in case
        for case in cases.values()
    )


def curves(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare Kaplan-Meier curves, quantiles, limits and follow-up with R's.

    Parameters
    ----------
    parsed : object
        The file as JSON, with the times in it.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a case.
    """
    for name, case in parsed["cases"].items():
        given = case["input"]
        groups = given["group"] or ["All"] * len(given["time"])
        wrong: list[str] = []
        for group, said in case["groups"].items():
            own = [place for place, each in enumerate(groups) if _is_group(group, str(each))]
            times = [float(given["time"][place]) for place in own]
            events = [given["status"][place] == 1 for place in own]
            wrong += [f"{group}: {each}" for each in curve_differences(times, events, said)]
        events = [each == 1 for each in given["status"]]
        times = [float(each) for each in given["time"]]
        wrong += follow_up_differences(times, events, case.get("reverse_km_median_followup"))
        yield Comparison(name, not wrong, says="; ".join(wrong))


def intervals(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare exact limits of proportions with R's.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a case.
    """
    for case in parsed["cases"]:
        found = clopper_pearson(case["x"], case["n"], float(case["conf_level"]))
        wrong = apart("limits", found, [case["lower"], case["upper"]], EXACT)
        name = f"{case['x']} of {case['n']} at {case['conf_level']}"
        yield Comparison(name, not wrong, says="; ".join(wrong))


def curve_differences(
    times: Sequence[float], events: Sequence[bool], said: Mapping[str, Any]
) -> Iterator[str]:
    """Compare quantiles, landmarks and the restricted mean of one group with R's.

    Parameters
    ----------
    times, events : sequence, shape (participants,)
        Of the group.
    said : mapping of str to object
        What R says, on each scale of the limits.

    Yields
    ------
    str
        One a number that differs.
    """
    for scale in ("log-log", "log", "plain"):
        curve = kaplan_meier(times, events, Conventions(conf_type=scale))
        for word, share in (("median", 0.5), ("q25", 0.25), ("q75", 0.75)):
            found = quantile(curve, share)
            wanted = [said[scale][f"{word}{end}"] for end in ("", "_lower", "_upper")]
            yield from apart(f"{scale} {word}", (found.time, found.lower, found.upper), wanted)
        for row in said[scale].get("landmark", ()):
            at = landmark(curve, float(row["time"]))
            told = (float(at.at_risk), at.survival, at.std_error, at.lower, at.upper)
            wanted = [row[key] for key in ("n_risk", "surv", "std_err", "lower", "upper")]
            yield from apart(f"{scale} S({row['time']})", told, wanted)
    mean = said.get("rmean")
    if mean:
        area = restricted_mean(kaplan_meier(times, events, Conventions()), float(mean["tau"]))
        yield from apart("rmean", (area.mean, area.std_error), (mean["rmst"], mean["se"]))


def follow_up_differences(
    times: Sequence[float], events: Sequence[bool], said: Mapping[str, Any] | None
) -> list[str]:
    """Compare the median follow-up with R's.

    Parameters
    ----------
    times, events : sequence, shape (participants,)
        Of everybody.
    said : mapping of str to object, or None
        Median and limits; None: nothing is said.

    Returns
    -------
    list of str
        One a number that differs.
    """
    if not said:
        return []
    median = quantile(reverse_kaplan_meier(times, events, Conventions()), 0.5)
    told = (median.time, median.lower, median.upper)
    return apart("follow-up", told, [said[end] for end in ("median", "lower", "upper")])


def apart(
    what: str, found: Sequence[float | None], wanted: Sequence[Any], most: float = NEAR
) -> list[str]:
    """Say which numbers differ by more than a share of what is expected.

    Parameters
    ----------
    what : str
        What they are.
    found, wanted : sequence of float or None
        In one order.
    most : float
        Greatest share.

    Returns
    -------
    list of str
        One a number that differs.
    """
    return [
        f"{what} {one}, expected {other}"
        for one, other in zip(found, wanted, strict=True)
        if not _is_near(one, other, most)
    ]


def _is_near(found: float | None, wanted: Any, most: float) -> bool:
    """Compare two numbers; none is none, and a word is no number."""
    if found is None or not isinstance(wanted, int | float | Decimal):
        return found is wanted
    return isclose(found, float(wanted), rel_tol=most, abs_tol=most * most)


def _is_group(name: str, member: str) -> bool:
    """Say whether a participant's group is the one named, e.g. `B` of `grpB`."""
    return name == member or name.endswith(member)
