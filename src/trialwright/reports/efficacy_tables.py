"""Tables of efficacy: analysis sets, best response with rates, survival, and listings."""

from collections.abc import Iterator, Mapping, Sequence

from trialwright.conduct.state import TrialState
from trialwright.endpoints.analysis_sets import AnalysisSet, SetName
from trialwright.endpoints.attained import CLINICAL_BENEFIT, OBJECTIVE_RESPONSE
from trialwright.endpoints.conventions import conventions_of
from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.endpoints.kaplan_meier import KaplanMeier, kaplan_meier, landmark, quantile
from trialwright.endpoints.proportions import Proportion, proportion
from trialwright.reports.outcomes import ORDER, Outcome, change_of
from trialwright.reports.results import ALL, Result, counted, told

SETS = "Analysis sets"
EXCLUDED = "Excluded from analysis sets"
BEST = "Best overall response, objective response and clinical benefit"
SURVIVAL = "Progression-free and overall survival"
RESPONSES = "Tumour responses (RECIST 1.1) with reasons"
TIMES = "Time to event with reasons"

LANDMARKS_MONTHS = (6, 12)
"""Months at which survival is given."""

DAYS_A_MONTH = 365.25 / 12
"""Length of a month in days."""

Groups = Mapping[str, tuple[Outcome, ...]]


def by_group(found: Sequence[Outcome]) -> Groups:
    """Give outcomes by arm and dose level, and all of them.

    Parameters
    ----------
    found : sequence of Outcome
        Of the safety set.

    Returns
    -------
    mapping of str to tuple of Outcome
        In order; the last is everybody.
    """
    names = dict.fromkeys(each.member.group for each in found)
    groups = {name: tuple(each for each in found if each.member.group == name) for name in names}
    return {**groups, ALL: tuple(found)}


def sets_table(sets: Mapping[SetName, AnalysisSet], groups: Groups) -> Iterator[Result]:
    """Count the analysis sets, and list why somebody is not in one.

    Parameters
    ----------
    sets : mapping of str to AnalysisSet
        By name.
    groups : mapping of str to tuple of Outcome
        As `by_group` gives them.

    Yields
    ------
    Result
        Counts by group; one row a participant and set excluded from.
    """
    for name, each in sets.items():
        for group, inside in groups.items():
            number = sum(one.member.number in each.members for one in inside)
            yield counted(SETS, name, group, number, len(inside))
        for participant, reason in each.excluded.items():
            yield told(EXCLUDED, f"{participant} / {name}", "because", reason)


def best_table(
    state: TrialState, sets: Mapping[SetName, AnalysisSet], groups: Groups
) -> Iterator[Result]:
    """Count best responses, and give the rates with their exact limits.

    Parameters
    ----------
    state : TrialState
        Gives the confidence level.
    sets : mapping of str to AnalysisSet
        Rates are counted in the response-evaluable and the benefit-evaluable set.
    groups : mapping of str to tuple of Outcome
        As `by_group` gives them.

    Yields
    ------
    Result
        Best responses among all treated; a rate shown as `1/3, 33.3 % (0.8 to 90.6)`.
    """
    level = float(state.study.endpoint_settings.conf_level)
    for group, inside in groups.items():
        for response in ORDER:
            number = sum(each.best.response is response for each in inside)
            yield counted(BEST, str(response), group, number, len(inside))
        for name, of_set in _RATES:
            members = sets[of_set].members
            counts = {
                each.member.number: each.responded if name == "ORR" else each.benefited
                for each in inside
                if each.member.number in members
            }
            endpoint = OBJECTIVE_RESPONSE if name == "ORR" else CLINICAL_BENEFIT
            yield from _rate(name, group, proportion(endpoint, of_set, counts, level))


_RATES: tuple[tuple[str, SetName], ...] = (
    ("ORR", "response-evaluable"),
    ("CBR", "benefit-evaluable"),
)


def _rate(name: str, group: str, found: Proportion) -> Iterator[Result]:
    """Give a rate, its limits, and how many can still attain it."""
    method = f"{found.method}, {100 * found.conf_level:g} %, {found.analysis_set} set"
    row = f"{name} ({100 * found.conf_level:g} % exact limits)"
    shown = "not estimable"
    if found.estimate is not None and found.lower is not None and found.upper is not None:
        shown = (
            f"{found.having}/{found.participants}, {100 * found.estimate:.1f} %"
            f" ({100 * found.lower:.1f} to {100 * found.upper:.1f})"
        )
    yield Result(BEST, row, group, "proportion", found.estimate, found.participants, method, shown)
    for end, value in (("lower limit", found.lower), ("upper limit", found.upper)):
        yield Result(BEST, row, group, end, value, found.participants, method, shown)
    yield counted(BEST, f"{name}: can still attain it", group, found.open, found.participants)


def survival_table(state: TrialState, groups: Groups) -> Iterator[Result]:
    """Give events, medians with limits, and survival at landmarks.

    Parameters
    ----------
    state : TrialState
        Gives the conventions.
    groups : mapping of str to tuple of Outcome
        As `by_group` gives them.

    Yields
    ------
    Result
        Medians in months; `NE` where not estimable. The convention stands with each.
    """
    for name in ("PFS", "OS"):
        for group, inside in groups.items():
            answers = [each.pfs if name == "PFS" else each.os for each in inside]
            events = sum(each.outcome == "event" for each in answers)
            yield counted(SURVIVAL, f"{name}: events", group, events, len(inside))
            yield from _curve_rows(name, group, curve_of(state, answers))


def curve_of(state: TrialState, answers: Sequence[TimeToEvent]) -> KaplanMeier:
    """Estimate a survival curve in days by the conventions of the protocol.

    Parameters
    ----------
    state : TrialState
        Gives the conventions.
    answers : sequence of TimeToEvent
        One for each participant.

    Returns
    -------
    KaplanMeier
        Times in days, day 1 counted as 1.
    """
    times = [float(each.days) for each in answers]
    seen = [each.outcome == "event" for each in answers]
    return kaplan_meier(times, seen, conventions_of(state.study.endpoint_settings))


def _curve_rows(name: str, group: str, curve: KaplanMeier) -> Iterator[Result]:
    """Give the median and the landmarks of a curve."""
    method = f"Kaplan-Meier; {curve.conventions}"
    found = quantile(curve, 0.5)
    months = [_months(each) for each in (found.time, found.lower, found.upper)]
    shown = f"{_or_ne(months[0])} ({_or_ne(months[1])} to {_or_ne(months[2])})"
    row, number = f"{name}: median in months", curve.participants
    for statistic, value in zip(("median", "lower limit", "upper limit"), months, strict=True):
        yield Result(SURVIVAL, row, group, statistic, value, number, method, shown)
    for month in LANDMARKS_MONTHS:
        at = landmark(curve, month * DAYS_A_MONTH)
        row = f"{name}: at {month} months, %"
        parts = [None if each is None else 100 * each for each in
                 (at.survival, at.lower, at.upper)]  # fmt: skip
        shown = f"{_or_ne(parts[0])} ({_or_ne(parts[1])} to {_or_ne(parts[2])})"
        last = max(curve.times, default=0.0)
        if last < month * DAYS_A_MONTH:
            parts, shown = [None, None, None], "not reached by follow-up"
        for statistic, value in zip(("survival", "lower limit", "upper limit"), parts, strict=True):
            yield Result(SURVIVAL, row, group, statistic, value, at.at_risk, method, shown)


def _months(days: float | None) -> float | None:
    """Give days in months."""
    return None if days is None else days / DAYS_A_MONTH


def _or_ne(number: float | None) -> str:
    """Write a number with one digit after the point, or that it is not estimable."""
    return "NE" if number is None else f"{number:.1f}"


def response_listing(found: Sequence[Outcome]) -> Iterator[Result]:
    """List every assessment with its reason, and the best response.

    Parameters
    ----------
    found : sequence of Outcome
        Of the safety set.

    Yields
    ------
    Result
        One row an assessment, then one for the best response.
    """
    for each in found:
        for visit in each.visits:
            row = f"{each.member.number} / {visit.on.isoformat()}"
            change = change_of(visit)
            total = "-" if visit.sum_mm is None else f"{visit.sum_mm.normalize():f} mm"
            yield told(RESPONSES, row, "overall", str(visit.overall))
            yield told(RESPONSES, row, "sum", total)
            yield told(RESPONSES, row, "change", visit.change_from_baseline if change else "-")
            yield told(RESPONSES, row, "because", visit.because)
        row = f"{each.member.number} / best"
        yield told(RESPONSES, row, "overall", str(each.best.response))
        yield told(RESPONSES, row, "because", each.best.because)


def time_listing(found: Sequence[Outcome]) -> Iterator[Result]:
    """List time to event of each participant with the rule that decided.

    Parameters
    ----------
    found : sequence of Outcome
        Of the safety set.

    Yields
    ------
    Result
        One row a participant and endpoint.
    """
    for each in found:
        for name, answer in (("PFS", each.pfs), ("OS", each.os)):
            row = f"{each.member.number} / {name}"
            yield told(TIMES, row, "outcome", answer.outcome)
            yield told(TIMES, row, "days", str(answer.days))
            yield told(TIMES, row, "rule", answer.rule)
            yield told(TIMES, row, "because", answer.because)
