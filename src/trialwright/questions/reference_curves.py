"""Reference cases of survival curves and exact intervals, by R."""

from collections.abc import Iterator, Mapping, Sequence
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
from trialwright.questions.reference_groups import group_differences
from trialwright.questions.reference_numbers import EXACT, apart, put_each

ABOUT = ("name", "unit", "n", "events", "conf_level", "rows", "input", "note")
"""Fields of a case that say what it is about."""

COMPARED = (
    "groups",
    "reverse_km_median_followup",
    "logrank",
    "peto_peto_rho1",
    "cox_efron",
    "cox_breslow",
)
"""Fields of a case that are compared."""


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
    yield from put_each(parsed["cases"], ("input", "groups"), _curve)


def _curve(name: str, case: Mapping[str, Any]) -> Comparison:
    """Compare one case."""
    given = case["input"]
    members = [str(each) for each in given.get("group") or ["All"] * len(given["time"])]
    named = {each: _group(each, case["groups"]) for each in set(members)}
    groups = [named[each] for each in members]
    times = [float(each) for each in given["time"]]
    events = [each == 1 for each in given["status"]]
    wrong = [] if case["groups"] else ["names no group, so nothing was compared"]
    for group, said in case["groups"].items():
        own = [place for place, each in enumerate(groups) if each == group]
        mine = [times[at] for at in own], [events[at] for at in own]
        wrong += [f"{group}: {each}" for each in curve_differences(*mine, said)]
    wrong += follow_up_differences(times, events, case.get("reverse_km_median_followup"))
    wrong += group_differences(times, events, groups, case)
    strange = tuple(each for each in case if each not in (*ABOUT, *COMPARED))
    return Comparison(name, not wrong, says="; ".join(wrong), uncompared=strange)


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
    yield from put_each(parsed["cases"], ("x", "n", "conf_level"), _interval)


def _interval(name: str, case: Mapping[str, Any]) -> Comparison:
    """Compare the limits of one proportion."""
    found = clopper_pearson(case["x"], case["n"], float(case["conf_level"]))
    wrong = apart("limits", found, [case["lower"], case["upper"]], EXACT)
    told = f"{case['x']} of {case['n']} at {case['conf_level']}"
    return Comparison(told, not wrong, says="; ".join(wrong))


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


def _group(member: str, groups: Mapping[str, Any]) -> str:
    """Give the group of a participant as the case names it, e.g. `grpB` of `B`."""
    if member in groups:
        return member
    return next((each for each in groups if each.endswith(member)), member)
