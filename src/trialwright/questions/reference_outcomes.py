"""Reference cases of the endpoints of single participants."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from trialwright.casebook.tumours import Response
from trialwright.endpoints.attained import clinical_benefit
from trialwright.endpoints.follow_up import Assessed, FollowUp, TimeToEvent
from trialwright.endpoints.progression import counting_every_event, progression_free_survival
from trialwright.endpoints.survival import overall_survival
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.questions.comparing import Comparison
from trialwright.questions.library import Library
from trialwright.questions.reference_responses import DAY_1, answers_have, on, settings_with
from trialwright.response.best import Seen, best_response
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Refusal

LATER = days_after(DAY_1, 10_000)


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
    counting_ne = EndpointSettings(not_evaluable_is_adequate=True)
    found: dict[str, Any] = {
        "pfs": progression_free_survival(follow_up, every, settings),
        "pfs_sensitivity": progression_free_survival(
            follow_up, every, counting_every_event(settings)
        ),
        "admiralonco_pfs_day": progression_free_survival(follow_up, every, counting_ne).days,
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


def _day(day: int | None) -> date | None:
    """Turn a study day into a date, unless there is none."""
    return None if day is None else on(day)
