"""Reference cases of the endpoints of single participants."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from trialwright.endpoints.attained import (
    RESPONSES,
    clinical_benefit,
    duration_of_response,
    objective_response,
)
from trialwright.endpoints.follow_up import Assessed, FollowUp, TimeToEvent
from trialwright.endpoints.progression import counting_every_event, progression_free_survival
from trialwright.endpoints.survival import overall_survival
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_numbers import put_each
from trialwright.questions.reference_responses import DAY_1, on, response_of, settings_with
from trialwright.response.best import Seen, best_response
from trialwright.terms.dates import days_after

LATER = days_after(DAY_1, 10_000)

BASELINES = ("has_baseline", "baseline", "baseline_adequate", "baseline_assessment")
"""Names of the field that says whether there was an assessment before treatment."""

READ = (
    "assessments",
    "death_day",
    "new_therapy_day",
    "last_alive_day",
    "clinical_pd_day",
    "interval_days",
    "cbr_min_days",
    *BASELINES,
)
"""Fields of a follow-up that are read."""

INTERVAL_DAYS = 56
"""Days between planned assessments where a case names none: every 8 weeks."""

POLICIES = ("settings", "policy")
"""Fields of a case that may hold settings of the censoring rules by their names."""

NAMED: Mapping[str, str] = MappingProxyType(
    {
        "cbr": "clinical_benefit",
        "orr": "objective_response",
        "duration_of_response": "dor",
        "dor_days": "dor",
        "pfs_days": "pfs",
        "os_days": "os",
    }
)
"""Other names of the answers."""


def are_endpoints(parsed: Any) -> bool:
    """Say whether a file has follow-ups of participants.

    Parameters
    ----------
    parsed : object
        The file as JSON.

    Returns
    -------
    bool
        Whether an input lists assessments.
    """
    cases = parsed.get("cases") if isinstance(parsed, Mapping) else None
    return isinstance(cases, list) and any(
        isinstance(each, Mapping)
        and isinstance(each.get("input"), Mapping)
        and "assessments" in each["input"]
        for each in cases
    )


def endpoints(parsed: Any, library: Library) -> Iterator[Comparison]:
    """Compare survival times, duration of response and benefit of single participants.

    Parameters
    ----------
    parsed : object
        The file as JSON.
    library : Library
        Not needed here.

    Returns
    -------
    iterator of Comparison
        One a case; fields of another package's answer are for information, and what is not known
        here of the input or the answer is named.
    """
    return put_each(parsed["cases"], ("input", "expected"), _compared)


def _compared(name: str, case: Mapping[str, Any]) -> Comparison:
    """Compare one participant."""
    given, expected = case["input"], case["expected"]
    policy = {
        key: value
        for where in (case, given)
        for each in POLICIES
        if isinstance(where.get(each), Mapping)
        for key, value in where[each].items()
    }
    known = {each: policy[each] for each in policy if each in EndpointSettings.model_fields}
    found = _endpoints(given, EndpointSettings(**known))
    asked = {each: NAMED.get(each, each) for each in expected}
    wrong = [
        f"{each} {found[mine]}, expected {expected[each]}"
        for each, mine in asked.items()
        if mine in found and not _holds(found[mine], expected[each])
    ]
    if not any(mine in found for mine in asked.values()):
        wrong.append("`expected` names no field that is known here")
    strange = [each for each, mine in asked.items() if mine not in found and each != "note"]
    strange += [f"input {each}" for each in given if each not in (*READ, *POLICIES)]
    strange += [f"policy {each}" for each in policy if each not in known]
    return Comparison(name, not wrong, says="; ".join(wrong), uncompared=tuple(strange))


def _endpoints(given: Mapping[str, Any], settings: EndpointSettings) -> dict[str, Any]:
    """Judge one participant."""
    follow_up = FollowUp(
        DAY_1,
        LATER,
        tuple(
            Assessed(on(one["day"]), response_of(one["overall"])) for one in given["assessments"]
        ),
        died=_day(given.get("death_day")),
        new_therapy=_day(given.get("new_therapy_day")),
        last_alive=_day(given.get("last_alive_day")),
        has_baseline=all(given[each] is not False for each in BASELINES if each in given),
        clinical_progression=_day(given.get("clinical_pd_day")),
    )
    every = given.get("interval_days", INTERVAL_DAYS)
    counting_ne = settings.model_copy(update={"not_evaluable_is_adequate": True})
    response = settings_with()
    visits = [Seen(one.on, one.overall) for one in follow_up.assessed()]
    best = best_response(visits, DAY_1, response, confirm=False, new_therapy=follow_up.new_therapy)
    responded = next((one.on for one in best.counted if one.overall in RESPONSES), None)
    found: dict[str, Any] = {
        "pfs": progression_free_survival(follow_up, every, settings),
        "pfs_sensitivity": progression_free_survival(
            follow_up, every, counting_every_event(settings)
        ),
        "admiralonco_pfs_day": progression_free_survival(follow_up, every, counting_ne).days,
        "os": overall_survival(follow_up),
        "dor": None
        if responded is None
        else duration_of_response(follow_up, responded, every, settings),
        "objective_response": objective_response(follow_up, best.response, "").answer == "yes",
    }
    least, week = given.get("cbr_min_days"), 7
    if least is not None:
        weeks, early = -(-least // week), -least % week
        response = settings_with(clinical_benefit_weeks=weeks)
        settings = settings.model_copy(update={"clinical_benefit_window_days": early})
    benefit = clinical_benefit(follow_up, best.response, best.because, response, settings)
    found["clinical_benefit"] = benefit.answer == "yes"
    return found


def _holds(found: Any, wanted: Any) -> bool:
    """Compare a time with what is expected of it, or a yes and no."""
    if not isinstance(found, TimeToEvent) or wanted is None:
        return bool(found == wanted)
    if not isinstance(wanted, Mapping):
        return bool(found.days == wanted)
    ends = (found.on - DAY_1).days + 1
    shown = {
        "event": found.outcome == "event",
        "day": ends,
        "days": found.days,
        "aval": found.days,
        "start_day": ends - found.days + 1,
        "reason": found.rule,
    }
    return all(shown[field] == wanted[field] for field in shown if field in wanted)


def _day(day: int | None) -> date | None:
    """Turn a study day into a date, unless there is none."""
    return None if day is None else on(day)
