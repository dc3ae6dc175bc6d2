"""Reference cases of endpoints, survival curves and exact intervals."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import isclose
from typing import Any

from trialwright.casebook.tumours import Response
from trialwright.endpoints.attained import clinical_benefit
from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.follow_up import Assessed, FollowUp, TimeToEvent
from trialwright.endpoints.kaplan_meier import (
    kaplan_meier,
    landmark,
    quantile,
    reverse_kaplan_meier,
)
from trialwright.endpoints.progression import counting_every_event, progression_free_survival
from trialwright.endpoints.proportions import clopper_pearson
from trialwright.endpoints.survival import overall_survival
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_responses import DAY_1, answers_have, on, settings_with
from trialwright.response.best import Seen, best_response
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Refusal

LATER = days_after(DAY_1, 10_000)
NEAR, EXACT = 1e-6, 1e-9
"""Relative differences up to which survival statistics and exact intervals agree."""


def are_endpoints(parsed: Any) -> bool:
    """Say whether a file has follow-ups of participants.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    bool
        By the fields of every case.
    """
    return answers_have(parsed, ("pfs", "os", "clinical_benefit", "dor"))


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


def endpoints(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare survival times and clinical benefit of single participants.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Yields
    ------
    Comparison
        One a case; fields of another package's answer are for information.
    """
    for case in parsed["cases"]:
        expected = case["expected"]
        try:
            found = _endpoints(case["input"])
        except Refusal as refused:
            yield Comparison(str(case["id"]), agrees=False, says=f"refused: {refused}")
            continue
        wrong = [
            f"{name} {found[name]}, expected {wanted}"
            for name, wanted in expected.items()
            if name in found and not _holds(found[name], wanted)
        ]
        strange = tuple(name for name in expected if name not in found)
        yield Comparison(str(case["id"]), not wrong, says="; ".join(wrong), uncompared=strange)


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
        One a case; restricted means are not compared.
    """
    for name, case in parsed["cases"].items():
        given = case["input"]
        groups = given["group"] or ["All"] * len(given["time"])
        wrong: list[str] = []
        for group, said in case["groups"].items():
            own = [place for place, each in enumerate(groups) if _is_group(group, str(each))]
            times = [float(given["time"][place]) for place in own]
            events = [given["status"][place] == 1 for place in own]
            wrong += [f"{group}: {each}" for each in _curve(times, events, said)]
        events = [each == 1 for each in given["status"]]
        follow_up = reverse_kaplan_meier([float(each) for each in given["time"]], events,
                                         Conventions())  # fmt: skip
        said = case.get("reverse_km_median_followup")
        if said:
            median = quantile(follow_up, 0.5)
            told = (median.time, median.lower, median.upper)
            wrong += _apart("follow-up", told, [said[end] for end in ("median", "lower", "upper")])
        yield Comparison(name, not wrong, says="; ".join(wrong), uncompared=("rmean",))


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
        wrong = _apart("limits", found, [case["lower"], case["upper"]], EXACT)
        name = f"{case['x']} of {case['n']} at {case['conf_level']}"
        yield Comparison(name, not wrong, says="; ".join(wrong))


def _endpoints(given: Mapping[str, Any]) -> dict[str, Any]:
    """Judge one participant."""
    settings = EndpointSettings()
    follow_up = FollowUp(
        DAY_1,
        LATER,
        tuple(Assessed(on(one["day"]), Response(one["overall"])) for one in given["assessments"]),
        died=_day(given.get("death_day")),
        new_therapy=_day(given.get("new_therapy_day")),
        last_alive=_day(given.get("last_alive_day")),
        has_baseline=bool(given.get("has_baseline", True)),
        clinical_progression=_day(given.get("clinical_pd_day")),
    )
    every = given["interval_days"]
    found: dict[str, Any] = {
        "pfs": progression_free_survival(follow_up, every, settings),
        "pfs_sensitivity": progression_free_survival(
            follow_up, every, counting_every_event(settings)
        ),
        "os": overall_survival(follow_up),
    }
    response = settings_with()
    least, week = given.get("cbr_min_days"), 7
    if least is not None:
        weeks, early = -(-least // week), -least % week
        response = settings_with(clinical_benefit_weeks=weeks)
        settings = EndpointSettings(clinical_benefit_window_days=early)
    visits = [Seen(one.on, one.overall) for one in follow_up.assessed()]
    best = best_response(visits, DAY_1, response, confirm=False, new_therapy=follow_up.new_therapy)
    benefit = clinical_benefit(follow_up, best.response, best.because, response, settings)
    found["clinical_benefit"] = benefit.answer == "yes"
    return found


def _holds(found: Any, wanted: Any) -> bool:
    """Compare a time with what is expected of it, or a yes and no."""
    if not isinstance(found, TimeToEvent) or not isinstance(wanted, Mapping):
        return bool(found == wanted)
    shown = {"event": found.outcome == "event", "day": found.days, "reason": found.rule}
    return all(shown[field] == wanted[field] for field in shown if field in wanted)


def _curve(times: list[float], events: list[bool], said: Mapping[str, Any]) -> Iterator[str]:
    """Compare the quantiles and landmarks of one group on each scale."""
    for scale in ("log-log", "log", "plain"):
        curve = kaplan_meier(times, events, Conventions(conf_type=scale))
        for word, share in (("median", 0.5), ("q25", 0.25), ("q75", 0.75)):
            found = quantile(curve, share)
            wanted = [said[scale][f"{word}{end}"] for end in ("", "_lower", "_upper")]
            yield from _apart(f"{scale} {word}", (found.time, found.lower, found.upper), wanted)
        for row in said[scale].get("landmark", ()):
            at = landmark(curve, float(row["time"]))
            told = (float(at.at_risk), at.survival, at.std_error, at.lower, at.upper)
            wanted = [row[key] for key in ("n_risk", "surv", "std_err", "lower", "upper")]
            yield from _apart(f"{scale} S({row['time']})", told, wanted)


def _apart(
    what: str, found: Sequence[float | None], wanted: Sequence[Any], most: float = NEAR
) -> list[str]:
    """Say which numbers differ by more than a share of what is expected."""
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


def _day(day: int | None) -> date | None:
    """Turn a study day into a date, unless there is none."""
    return None if day is None else on(day)
