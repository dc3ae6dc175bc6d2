"""Endpoints of a trial: of each participant, and by group, at one data cutoff."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from trialwright.casebook.tumours import Response
from trialwright.endpoints.analysis_sets import AnalysisSet, SetFacts, SetName, analysis_sets
from trialwright.endpoints.attained import CLINICAL_BENEFIT, OBJECTIVE_RESPONSE
from trialwright.endpoints.conventions import Conventions, conventions_of
from trialwright.endpoints.counts import EventCount, count_events
from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.endpoints.hazards import Compared, Hazards, hazards
from trialwright.endpoints.kaplan_meier import (
    KaplanMeier,
    Landmark,
    Quantile,
    kaplan_meier,
    landmark,
    quantile,
    reverse_kaplan_meier,
)
from trialwright.endpoints.log_rank import LogRank, log_rank
from trialwright.endpoints.progression import ENDPOINT as PROGRESSION_FREE
from trialwright.endpoints.proportions import Attained, Proportion, proportion
from trialwright.endpoints.survival import ENDPOINT as OVERALL
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.response.best import BestResponse
from trialwright.response.queries import Query
from trialwright.response.timepoint import TimepointResponse

DURATION_SET = "responders"
"""Those of the response-evaluable set whose best response is CR or PR."""


@dataclass(frozen=True, slots=True)
class PersonOutcome:
    """The endpoints of one participant.

    Attributes
    ----------
    participant : str
        Study number.
    arm : str
        As assigned.
    dose_level : int
        As assigned, 1 = lowest.
    subgroups : mapping of str to str
        For each treatment of the protocol's subgroups, `recorded` or `none recorded` before the
        first dose.
    facts : SetFacts
        What decides on analysis sets.
    timepoints : tuple of TimepointResponse
        By date; empty without a baseline.
    best : BestResponse
        Best overall response, confirmed when the protocol asks for it.
    confirmed, unconfirmed : BestResponse
        With and without confirmation.
    response, benefit : Attained
        Objective response and clinical benefit.
    progression_free, overall, duration : TimeToEvent or None
        None for somebody not treated, with dates that contradict each other, and for the duration
        without a response.
    left_out : str
        Why the times are not given; empty when they are.
    queries : tuple of Query
        What somebody should look at; they change nothing.
    """

    participant: str
    arm: str
    dose_level: int
    subgroups: Mapping[str, str]
    facts: SetFacts
    timepoints: tuple[TimepointResponse, ...]
    best: BestResponse
    confirmed: BestResponse
    unconfirmed: BestResponse
    response: Attained
    benefit: Attained
    progression_free: TimeToEvent | None
    overall: TimeToEvent | None
    duration: TimeToEvent | None
    left_out: str = ""
    queries: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeOutcome:
    """A time-to-event endpoint in one analysis set.

    Attributes
    ----------
    endpoint, analysis_set : str
        Their names.
    count : EventCount
        Events and censored, by rule.
    answers : mapping of str to TimeToEvent
        Of each member, by study number.
    left_out : mapping of str to str
        Why a member of the set has no answer, by study number.
    curve : KaplanMeier
        In days, day 1 = 1.
    median : Quantile
        With Brookmeyer-Crowley limits.
    follow_up : Quantile
        Median follow-up by reverse Kaplan-Meier.
    landmarks : tuple of Landmark
        On the protocol's days.
    """

    endpoint: str
    analysis_set: str
    count: EventCount
    answers: Mapping[str, TimeToEvent]
    left_out: Mapping[str, str]
    curve: KaplanMeier
    median: Quantile
    follow_up: Quantile
    landmarks: tuple[Landmark, ...]


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """The endpoints of one group of participants.

    Attributes
    ----------
    by, group : str
        What it is grouped by, e.g. `arm`, and which group, e.g. `C`; `all` and `all` for everybody.
    sets : mapping of str to AnalysisSet
        Every analysis set of the group.
    best : mapping of Response to int
        Best overall responses of the response-evaluable set, every one of them, 0 included.
    response, benefit : Proportion
        Objective response of the response-evaluable set; clinical benefit of the benefit-evaluable.
    progression_free, overall : TimeOutcome
        Of the safety set, from the first dose.
    duration : TimeOutcome
        Of the responders, from their first response.
    """

    by: str
    group: str
    sets: Mapping[SetName, AnalysisSet]
    best: Mapping[Response, int]
    response: Proportion
    benefit: Proportion
    progression_free: TimeOutcome
    overall: TimeOutcome
    duration: TimeOutcome


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The endpoints of a trial at a data cutoff.

    Attributes
    ----------
    cutoff : date
        Data up to this day count.
    label : str
        `illustrative, ...` when the registry page states no endpoint settings; else empty.
    conventions : Conventions
        How every statistic is given.
    people : mapping of str to PersonOutcome
        Everybody assigned to a dose level, by study number, in the order of assignment.
    groups : tuple of GroupOutcome
        Everybody, then by arm, dose level, and each treatment of the protocol's subgroups.
    between_arms : mapping of str to LogRank
        For each endpoint in time, the test between arms; they were not randomised.
    hazards : tuple of Hazards
        For each endpoint in time, by dose level and by each treatment of the protocol's subgroups.
    """

    cutoff: date
    label: str
    conventions: Conventions
    people: Mapping[str, PersonOutcome]
    groups: tuple[GroupOutcome, ...]
    between_arms: Mapping[str, LogRank] = field(default_factory=dict)
    hazards: tuple[Hazards, ...] = ()

    def group(self, by: str, group: str) -> GroupOutcome | None:
        """Find a group.

        Parameters
        ----------
        by, group : str
            E.g. `arm` and `C`.

        Returns
        -------
        GroupOutcome or None
            None when nobody is in it.
        """
        return next((each for each in self.groups if (each.by, each.group) == (by, group)), None)


def summarise(
    people: Sequence[PersonOutcome], settings: EndpointSettings, cutoff: date
) -> Outcomes:
    """Count the endpoints of everybody and of each group.

    Parameters
    ----------
    people : sequence of PersonOutcome
        In the order in which they are shown.
    settings : EndpointSettings
        Conventions, subgroups and landmarks.
    cutoff : date
        Data up to this day were looked at.

    Returns
    -------
    Outcomes
        Equal for equal arguments.
    """
    groups = [_group("all", "all", people, settings)] if people else []
    for by, place_of in _groupings(settings):
        for name in sorted({place_of(one) for one in people}):
            own = [one for one in people if place_of(one) == name]
            groups.append(_group(by, name, own, settings))
    tested = {
        PROGRESSION_FREE: [(one.arm, one.progression_free) for one in people],
        OVERALL: [(one.arm, one.overall) for one in people],
    }
    return Outcomes(
        cutoff,
        settings.label,
        conventions_of(settings),
        {one.participant: one for one in people},
        tuple(groups),
        {endpoint: _between(rows) for endpoint, rows in tested.items()},
        tuple(_hazards(people, settings)),
    )


def time_outcome(
    endpoint: str,
    analysis_set: str,
    answers: Mapping[str, TimeToEvent],
    left_out: Mapping[str, str],
    settings: EndpointSettings,
) -> TimeOutcome:
    """Estimate a time-to-event endpoint in one analysis set.

    Parameters
    ----------
    endpoint, analysis_set : str
        Their names.
    answers : mapping of str to TimeToEvent
        By study number.
    left_out : mapping of str to str
        Members without an answer, with the reason.
    settings : EndpointSettings
        Conventions and landmarks.

    Returns
    -------
    TimeOutcome
        With the curve, its median and the follow-up.
    """
    days = [float(one.days) for one in answers.values()]
    had_event = [one.outcome == "event" for one in answers.values()]
    conventions = conventions_of(settings)
    curve = kaplan_meier(days, had_event, conventions)
    return TimeOutcome(
        endpoint,
        analysis_set,
        count_events(analysis_set, answers),
        answers,
        left_out,
        curve,
        quantile(curve, 0.5),
        quantile(reverse_kaplan_meier(days, had_event, conventions), 0.5),
        tuple(landmark(curve, day) for day in settings.landmark_days),
    )


def _groupings(
    settings: EndpointSettings,
) -> tuple[tuple[str, Callable[[PersonOutcome], str]], ...]:
    """Give what results are grouped by, with how the group of somebody is found."""

    def of_subgroup(name: str) -> Callable[[PersonOutcome], str]:
        return lambda one: one.subgroups[name]

    return (
        ("arm", lambda one: one.arm),
        ("dose level", lambda one: f"{one.arm} {one.dose_level}"),
        *((name, of_subgroup(name)) for name in settings.subgroups),
    )


def _group(
    by: str, group: str, people: Sequence[PersonOutcome], settings: EndpointSettings
) -> GroupOutcome:
    """Count one group."""
    sets = analysis_sets([one.facts for one in people], settings)
    known = {one.participant: one for one in people}
    level = float(settings.conf_level)

    def members(name: SetName) -> list[PersonOutcome]:
        return [known[number] for number in sets[name].members]

    evaluable, treated = members("response-evaluable"), members("safety")
    best = Counter(one.best.response for one in evaluable)
    return GroupOutcome(
        by,
        group,
        sets,
        {response: best[response] for response in Response},
        proportion(
            OBJECTIVE_RESPONSE,
            "response-evaluable",
            {one.participant: one.response for one in evaluable},
            level,
        ),
        proportion(
            CLINICAL_BENEFIT,
            "benefit-evaluable",
            {one.participant: one.benefit for one in members("benefit-evaluable")},
            level,
        ),
        _times(PROGRESSION_FREE, treated, lambda one: one.progression_free, settings),
        _times(OVERALL, treated, lambda one: one.overall, settings),
        _durations(evaluable, settings),
    )


def _times(
    endpoint: str,
    people: Sequence[PersonOutcome],
    asked: Callable[[PersonOutcome], TimeToEvent | None],
    settings: EndpointSettings,
) -> TimeOutcome:
    """Estimate an endpoint of the safety set."""
    found = {one.participant: asked(one) for one in people}
    answers = {number: answer for number, answer in found.items() if answer is not None}
    left = {one.participant: one.left_out for one in people if one.participant not in answers}
    return time_outcome(endpoint, "safety", answers, left, settings)


def _durations(people: Sequence[PersonOutcome], settings: EndpointSettings) -> TimeOutcome:
    """Estimate the duration of response of those who responded."""
    found = {one.participant: one.duration for one in people if one.response.answer == "yes"}
    answers = {number: answer for number, answer in found.items() if answer is not None}
    left = {one.participant: one.left_out for one in people
            if one.participant in found and one.participant not in answers}  # fmt: skip
    return time_outcome("duration of response", DURATION_SET, answers, left, settings)


def _hazards(people: Sequence[PersonOutcome], settings: EndpointSettings) -> Iterator[Hazards]:
    """Compare dose levels, and those with and without each treatment of the subgroups."""
    conventions = conventions_of(settings)

    def level_of(one: PersonOutcome) -> str:
        return f"level {one.dose_level}"

    groupings = [("dose level", level_of), *_groupings(settings)[2:]]
    for by, place_of in groupings:
        for endpoint, answers in (
            (PROGRESSION_FREE, [(one, one.progression_free) for one in people]),
            (OVERALL, [(one, one.overall) for one in people]),
        ):
            compared = [
                Compared(one.arm, place_of(one), answer)
                for one, answer in answers
                if answer is not None
            ]
            yield hazards(endpoint, by, compared, conventions)


def _between(rows: Sequence[tuple[str, TimeToEvent | None]]) -> LogRank:
    """Test between arms."""
    told = [(arm, answer) for arm, answer in rows if answer is not None]
    return log_rank(
        [float(answer.days) for _, answer in told],
        [answer.outcome == "event" for _, answer in told],
        [arm for arm, _ in told],
    )
