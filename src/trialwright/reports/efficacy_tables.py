"""Tables of efficacy: analysis sets, best response with rates, survival, and listings."""

from collections.abc import Iterator, Mapping

from trialwright.casebook.tumours import Response
from trialwright.conduct.state import TrialState
from trialwright.endpoints.outcomes import GroupOutcome, Outcomes, TimeOutcome
from trialwright.endpoints.proportions import Proportion
from trialwright.reports.members import group_name
from trialwright.reports.results import ALL, Result, counted, told
from trialwright.response.timepoint import TimepointResponse
from trialwright.terms.dates import DAYS_A_MONTH

SETS = "Analysis sets"
EXCLUDED = "Excluded from analysis sets"
BEST = "Best overall response, objective response and clinical benefit"
TIMES = "Progression-free survival, overall survival and duration of response"
BEST_BETWEEN = "Best overall response, by arm and prior treatment"
TIMES_BETWEEN = "PFS, OS and duration of response, by arm and prior treatment"
HAZARDS = "Hazard ratios by dose level and prior treatment, stratified by arm"
RESPONSES = "Tumour responses (RECIST 1.1) with reasons"
REASONS = "Time to event with reasons"
QUERIES = "Questions to the sites"

_BEST = (
    "CR: complete response; PR: partial response; SD: stable disease; PD: progressive disease; "
    "NE: not evaluable; NON-CR/NON-PD: neither, where no lesion is a target. "
    "ORR: objective response rate; CBR: clinical benefit rate; both of the evaluable. "
    "Can still attain it: without it so far, and may have it at a later cutoff.",
)
_TIMES = (
    "PFS: progression-free survival; OS: overall survival; both by Kaplan-Meier, with limits in "
    "brackets. NE: not estimable. 0 at risk: nobody was still followed on that day.",
)
NOTES: Mapping[str, tuple[str, ...]] = {
    BEST: _BEST, BEST_BETWEEN: _BEST, TIMES: _TIMES, TIMES_BETWEEN: _TIMES,
}  # fmt: skip
"""What the abbreviations of each table mean."""

ORDER = (
    Response.CR,
    Response.PR,
    Response.SD,
    Response.NON_CR_NON_PD,
    Response.PD,
    Response.NE,
)
"""Best responses as tables list them."""

Groups = Mapping[str, GroupOutcome]


def by_level(state: TrialState, found: Outcomes) -> Groups:
    """Give the outcomes by arm and dose level, and of everybody.

    Parameters
    ----------
    state : TrialState
        Gives the doses of the protocol.
    found : Outcomes
        At the data cutoff.

    Returns
    -------
    mapping of str to GroupOutcome
        By the names of the groups of a report; the last is everybody.
    """
    named: dict[str, GroupOutcome] = {}
    for each in found.groups:
        if each.by == "dose level":
            arm, _, level = each.group.partition(" ")
            named[group_name(state, arm, int(level))] = each
    everybody = found.group("all", "all")
    return {**named, ALL: everybody} if everybody is not None else {}


def by_arm_and_treatment(state: TrialState, found: Outcomes) -> Groups:
    """Give the outcomes by arm, and by each treatment of the protocol's subgroups.

    Parameters
    ----------
    state : TrialState
        Gives the words of the protocol for treatments.
    found : Outcomes
        At the data cutoff.

    Returns
    -------
    mapping of str to GroupOutcome
        By the names of the groups, e.g. `arm A` and `prior CDK4/6 inhibitor recorded`.
    """
    terms = state.study.terms
    return {
        f"prior {terms[each.by].says} {each.group}"
        if each.by in terms
        else f"arm {each.group}": each
        for each in found.groups
        if each.by == "arm" or each.by in terms
    }


def change_of(visit: TimepointResponse) -> float | None:
    """Give the change of the sum of diameters from baseline in percent, for a picture.

    Parameters
    ----------
    visit : TimepointResponse
        One assessment.

    Returns
    -------
    float or None, %
        None when a target lesion was not evaluated, there is none, or the baseline sum is 0.
    """
    if visit.sum_mm is None or not visit.baseline_mm:
        return None
    return float(100 * (visit.sum_mm - visit.baseline_mm) / visit.baseline_mm)


def sets_table(groups: Groups) -> Iterator[Result]:
    """Count the analysis sets, and list why somebody is not in one.

    Parameters
    ----------
    groups : mapping of str to GroupOutcome
        As `by_level` gives them.

    Yields
    ------
    Result
        Counts by group among those assigned; one row a participant and set excluded from.
    """
    for group, each in groups.items():
        for name, inside in each.sets.items():
            of = len(inside.members) + len(inside.excluded)
            yield counted(SETS, name, group, len(inside.members), of)
    for name, inside in groups[ALL].sets.items() if groups else ():
        for participant, reason in inside.excluded.items():
            yield told(EXCLUDED, f"{participant} / {name}", "because", reason)


def best_table(groups: Groups, table: str = BEST) -> Iterator[Result]:
    """Count best responses, and give the rates with their exact limits.

    Parameters
    ----------
    groups : mapping of str to GroupOutcome
        As `by_level` or `by_arm_and_treatment` gives them.
    table : str
        Name of the table.

    Yields
    ------
    Result
        Best responses in the response-evaluable set; a rate shown as `1/3, 33.3 % (0.8 to 90.6)`.
    """
    for group, each in groups.items():
        size = len(each.sets["response-evaluable"].members)
        for response in ORDER:
            yield counted(table, str(response), group, each.best[response], size)
        for name, rate in (("ORR", each.response), ("CBR", each.benefit)):
            yield from _rate(table, name, group, rate)


def _rate(table: str, name: str, group: str, found: Proportion) -> Iterator[Result]:
    """Give a rate, its limits, and how many can still attain it."""
    level = f"{100 * found.conf_level:g} %"
    method = f"{found.method}, {level}, {found.analysis_set} set"
    row, shown = f"{name} ({level} exact limits)", "not estimable"
    if found.estimate is not None and found.lower is not None and found.upper is not None:
        shown = (
            f"{found.having}/{found.participants}, {100 * found.estimate:.1f} %"
            f" ({100 * found.lower:.1f} to {100 * found.upper:.1f})"
        )
    for statistic, value in (
        ("proportion", found.estimate),
        ("lower limit", found.lower),
        ("upper limit", found.upper),
    ):
        yield Result(table, row, group, statistic, value, found.participants, method, shown)
    yield counted(table, f"{name}: can still attain it", group, found.open, found.participants)


def times_table(groups: Groups, table: str = TIMES) -> Iterator[Result]:
    """Give events, medians with limits, follow-up, and survival at the protocol's landmarks.

    Parameters
    ----------
    groups : mapping of str to GroupOutcome
        As `by_level` or `by_arm_and_treatment` gives them.
    table : str
        Name of the table.

    Yields
    ------
    Result
        In months of 365.25/12 days; `NE` where not estimable. The convention is the method of each.
    """
    for group, each in groups.items():
        for name, found in (
            ("PFS", each.progression_free),
            ("OS", each.overall),
            ("Duration of response", each.duration),
        ):
            yield from _time_rows(table, name, group, found)


def _time_rows(table: str, name: str, group: str, found: TimeOutcome) -> Iterator[Result]:
    """Give one endpoint of one group."""
    size = len(found.answers)
    yield counted(table, f"{name}: events", group, found.curve.events, size)
    method = f"Kaplan-Meier, {found.analysis_set} set; {found.curve.conventions}"
    for row, quantile in (
        (f"{name}: median in months", found.median),
        (f"{name}: median follow-up in months", found.follow_up),
    ):
        months = [
            None if each is None else each / DAYS_A_MONTH
            for each in (quantile.time, quantile.lower, quantile.upper)
        ]
        yield from _with_limits(table, row, group, "median", months, (size, method))
    for at in found.landmarks:
        parts = [None if each is None else 100 * each for each in (at.survival, at.lower, at.upper)]
        row = f"{name}: on day {at.time:g}, %"
        yield from _with_limits(table, row, group, "survival", parts, (at.at_risk, method))


def _with_limits(
    table: str,
    row: str,
    group: str,
    statistic: str,
    parts: list[float | None],
    about: tuple[int, str],
) -> Iterator[Result]:
    """Give an estimate and its two limits, shown together; one on which nobody stands says so."""
    first, lower, upper = ("NE" if each is None else f"{each:.1f}" for each in parts)
    carried = "" if about[0] else ", 0 at risk"
    shown = "NE" if parts[0] is None else f"{first} ({lower} to {upper}){carried}"
    for name, value in zip((statistic, "lower limit", "upper limit"), parts, strict=True):
        yield Result(table, row, group, name, value, about[0], about[1], shown)


def hazard_table(found: Outcomes) -> Iterator[Result]:
    """Give the hazard ratios between dose levels, and by each treatment of the subgroups.

    Parameters
    ----------
    found : Outcomes
        At the data cutoff.

    Yields
    ------
    Result
        One row a group beside the first one, with participants and events of both; `NE` where the
        likelihood has no maximum, with the reason.
    """
    for each in found.hazards:
        terms = dict(zip([name for name in each.participants if name != each.reference],
                         each.fit.terms, strict=False))  # fmt: skip
        for name, size in each.participants.items():
            row = f"{each.endpoint} by {each.by} / {name}"
            events = each.events[name]
            yield Result(HAZARDS, row, "events", "n", events, size, "", f"{events} in {size}")
            if name == each.reference:
                yield Result(HAZARDS, row, "hazard ratio", "reference", 1, size, "", "reference")
                continue
            term = terms.get(name)
            level = f"{100 * each.fit.conventions.conf_level:g} % Wald limits"
            method = f"Cox, ties {each.fit.ties}, stratified by arm, {level}"
            shown = "NE" if term is None else (
                f"{term.hazard_ratio:.2f} ({term.lower:.2f} to {term.upper:.2f})"
            )  # fmt: skip
            value = None if term is None else term.hazard_ratio
            yield Result(HAZARDS, row, "hazard ratio", "hazard ratio", value, size, method, shown)
            yield Result(HAZARDS, row, "because", "reason", each.fit.because, size, "",
                         each.fit.because)  # fmt: skip


def response_listing(found: Outcomes) -> Iterator[Result]:
    """List every assessment with its reason, and the best response.

    Parameters
    ----------
    found : Outcomes
        At the data cutoff.

    Yields
    ------
    Result
        One row an assessment, then one for the best response of each participant.
    """
    for number, each in found.people.items():
        for visit in each.timepoints:
            row = f"{number} / {visit.on.isoformat()}"
            total = "-" if visit.sum_mm is None else f"{visit.sum_mm.normalize():f} mm"
            yield told(RESPONSES, row, "overall", str(visit.overall))
            yield told(RESPONSES, row, "sum", total)
            yield told(RESPONSES, row, "change", visit.change_from_baseline or "-")
            yield told(RESPONSES, row, "because", visit.because)
        row = f"{number} / best"
        yield told(RESPONSES, row, "overall", str(each.best.response))
        yield told(RESPONSES, row, "because", each.best.because)


def time_listing(found: Outcomes) -> Iterator[Result]:
    """List time to event of each participant with the rule that decided.

    Parameters
    ----------
    found : Outcomes
        At the data cutoff.

    Yields
    ------
    Result
        One row a participant and endpoint; why somebody has none.
    """
    for number, each in found.people.items():
        for name, answer in (("PFS", each.progression_free), ("OS", each.overall)):
            row = f"{number} / {name}"
            yield told(REASONS, row, "outcome", answer.outcome if answer else "none")
            yield told(REASONS, row, "days", str(answer.days) if answer else "-")
            yield told(REASONS, row, "rule", answer.rule if answer else "-")
            yield told(REASONS, row, "because", answer.because if answer else each.left_out)


def query_listing(found: Outcomes) -> Iterator[Result]:
    """List what somebody should look at.

    Parameters
    ----------
    found : Outcomes
        At the data cutoff.

    Yields
    ------
    Result
        One row a query; they change no answer.
    """
    for number, each in found.people.items():
        for place, query in enumerate(each.queries, start=1):
            row = f"{number} / {place}"
            yield told(QUERIES, row, "about", query.about)
            yield told(QUERIES, row, "asks", query.says)
