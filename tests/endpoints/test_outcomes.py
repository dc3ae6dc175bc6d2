"""Endpoints of a trial, counted by group: who stands in which set, curve and comparison."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from trialwright.casebook.tumours import Response
from trialwright.endpoints.analysis_sets import SetFacts
from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.endpoints.kaplan_meier import kaplan_meier, landmark, quantile
from trialwright.endpoints.log_rank import log_rank
from trialwright.endpoints.outcomes import PersonOutcome, summarise, time_outcome
from trialwright.endpoints.proportions import Attained, clopper_pearson
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.response.best import BestResponse

DAY_1, CUTOFF = date(2026, 1, 1), date(2026, 12, 31)
SETTINGS = EndpointSettings(
    landmark_days=(50, 100), subgroups=("fulvestrant",), conf_level=Decimal("0.9")
)


@dataclass(frozen=True)
class One:
    """A participant in a few words: arm, level, days of PFS, OS and response, with the event."""

    number: str
    arm: str = "A"
    level: int = 1
    best: str = "SD"
    pfs: tuple[int, str] | None = (60, "event")
    os: tuple[int, str] | None = (90, "censored")
    dor: tuple[int, str] | None = None
    benefit: str = "no"
    had: str = "none recorded"
    left_out: str = ""

    def outcome(self) -> PersonOutcome:
        """Give the endpoints."""
        best = BestResponse(
            Response(self.best),
            DAY_1,
            None,
            is_confirmation_required=False,
            counted=(),
            because="best.",
            queries=(),
        )
        return PersonOutcome(
            self.number,
            self.arm,
            self.level,
            {"fulvestrant": self.had},
            SetFacts(
                self.number,
                DAY_1,
                counts_for_dlt=True,
                dlt_because="",
                has_baseline=True,
                has_targets=True,
                assessed=1,
            ),
            (),
            best,
            best,
            best,
            Attained("yes" if self.best in ("CR", "PR") else "no", "best."),
            Attained(self.benefit, "why"),
            _answer("progression-free survival", self.pfs),
            _answer("overall survival", self.os),
            _answer("duration of response", self.dor),
            self.left_out,
        )


def _answer(endpoint: str, told: tuple[int, str] | None) -> TimeToEvent | None:
    """Give a time to event."""
    if told is None:
        return None
    days, outcome = told
    return TimeToEvent(endpoint, outcome, DAY_1 + timedelta(days - 1), days, "RULE", "why")


PEOPLE = (
    One("001", "B", 2, "PR", (80, "event"), (200, "event"), (30, "event"), "yes", "recorded"),
    One("002", "A", 1, "SD", (40, "event"), (90, "censored"), benefit="yes"),
    One("003", "A", 2, "CR", (90, "censored"), (90, "censored"), None, "yes", left_out="no dates"),
    One("004", "B", 1, "PD", None, None, left_out="dates contradict", had="recorded"),
)


def _people(*changed: PersonOutcome) -> list[PersonOutcome]:
    """Give the participants, some of them changed."""
    instead = {one.participant: one for one in changed}
    return [instead.get(one.number, one.outcome()) for one in PEOPLE]


def test_groups_come_by_arm_dose_level_and_treatment_before():
    """Everybody first, then each grouping with its groups by name."""
    found = summarise(_people(), SETTINGS, CUTOFF)

    assert [(each.by, each.group) for each in found.groups] == [
        ("all", "all"),
        ("arm", "A"),
        ("arm", "B"),
        ("dose level", "A 1"),
        ("dose level", "A 2"),
        ("dose level", "B 1"),
        ("dose level", "B 2"),
        ("fulvestrant", "none recorded"),
        ("fulvestrant", "recorded"),
    ]
    members = {group.group: group.sets["safety"].members for group in found.groups}
    assert members["B"] == ("001", "004")
    assert members["A 2"] == ("003",)
    assert members["recorded"] == ("001", "004")
    assert found.group("arm", "B") is found.groups[2]
    assert found.group("dose level", "B") is None
    assert (found.cutoff, list(found.people)) == (CUTOFF, ["001", "002", "003", "004"])
    assert found.conventions == Conventions(conf_level=0.9)
    assert found.label == SETTINGS.label


def test_nobody_gives_no_group():
    """A trial before its first participant has no groups, and tests that say why."""
    found = summarise([], SETTINGS, CUTOFF)

    assert (found.groups, found.people) == ((), {})
    assert {name: test.p for name, test in found.between_arms.items()} == {
        "progression-free survival": None,
        "overall survival": None,
    }


def test_responses_and_benefit_are_counted_in_their_own_sets():
    """Without measurable disease somebody counts for benefit and not for response."""
    bone = PEOPLE[1].outcome()
    bone = replace(bone, facts=replace(bone.facts, has_targets=False))

    whole = summarise(_people(bone), SETTINGS, CUTOFF).groups[0]

    assert (whole.response.having, whole.response.participants) == (2, 3)
    assert (whole.benefit.having, whole.benefit.participants) == (3, 4)
    assert (whole.response.lower, whole.response.upper) == clopper_pearson(2, 3, 0.9)
    assert (whole.response.endpoint, whole.response.analysis_set) == (
        "objective response rate", "response-evaluable")  # fmt: skip
    assert (whole.benefit.endpoint, whole.benefit.analysis_set) == (
        "clinical benefit rate", "benefit-evaluable")  # fmt: skip
    assert list(whole.response.answers) == ["001", "003", "004"]
    assert (whole.benefit.lower, whole.benefit.upper) == clopper_pearson(3, 4, 0.9)
    assert whole.best == {
        Response.CR: 1,
        Response.PR: 1,
        Response.SD: 0,
        Response.PD: 1,
        Response.NE: 0,
        Response.NON_CR_NON_PD: 0,
    }


def test_times_are_those_of_the_treated_with_who_is_left_out():
    """Progression-free and overall survival of the safety set, each with its own answers."""
    untreated = PEOPLE[1].outcome()
    untreated = replace(untreated, facts=replace(untreated.facts, first_dose_on=None))

    whole = summarise(_people(untreated), SETTINGS, CUTOFF).groups[0]

    free, overall = whole.progression_free, whole.overall
    assert (free.endpoint, overall.endpoint) == ("progression-free survival", "overall survival")
    assert (free.analysis_set, overall.analysis_set) == ("safety", "safety")
    assert {number: answer.days for number, answer in free.answers.items()} == {
        "001": 80, "003": 90}  # fmt: skip
    assert {number: answer.days for number, answer in overall.answers.items()} == {
        "001": 200, "003": 90}  # fmt: skip
    assert free.left_out == overall.left_out == {"004": "dates contradict"}
    assert (free.count.events, free.count.censored) == (1, 1)


def test_durations_are_those_of_the_responders():
    """Somebody who did not respond is not left out: nobody asks; a responder without dates is."""
    duration = summarise(_people(), SETTINGS, CUTOFF).groups[0].duration

    assert (duration.endpoint, duration.analysis_set) == ("duration of response", "responders")
    assert {number: answer.days for number, answer in duration.answers.items()} == {"001": 30}
    assert duration.left_out == {"003": "no dates"}


def test_an_endpoint_in_time_has_its_curve_median_follow_up_and_landmarks():
    """Events of days 10 and 30, a censoring on day 20: by Kaplan and Meier, and by the reverse.

    The reverse curve is 1/2 from day 20 to its end on day 30: R's midpoint is day 25.
    """
    answers = {
        "001": _answer("overall survival", (10, "event")),
        "002": _answer("overall survival", (20, "censored")),
        "003": _answer("overall survival", (30, "event")),
    }
    settings = EndpointSettings(landmark_days=(15, 25), conf_level=Decimal("0.8"))

    found = time_outcome("overall survival", "safety", answers, {"004": "why"}, settings)

    conventions = Conventions(conf_level=0.8)
    curve = kaplan_meier([10, 20, 30], [True, False, True], conventions)
    assert found.curve == curve
    assert found.median == quantile(curve, 0.5)
    assert found.median.time == 30
    assert (found.follow_up.time, found.follow_up.share) == ((20 + 30) / 2, 0.5)
    assert found.follow_up.conventions == conventions
    assert found.landmarks == (landmark(curve, 15), landmark(curve, 25))
    assert (found.endpoint, found.analysis_set) == ("overall survival", "safety")
    assert (found.answers, found.left_out) == (answers, {"004": "why"})
    assert (found.count.analysis_set, found.count.events, found.count.participants) == (
        "safety", 2, 3)  # fmt: skip


def test_arms_are_compared_in_each_endpoint_by_its_own_times():
    """Those without an answer are left aside."""
    found = summarise(_people(), SETTINGS, CUTOFF).between_arms

    assert found == {
        "progression-free survival": log_rank([80, 40, 90], [True, True, False], ["B", "A", "A"]),
        "overall survival": log_rank([200, 90, 90], [True, False, False], ["B", "A", "A"]),
    }


def test_dose_levels_and_treatments_are_compared_within_arms():
    """For each grouping both endpoints; the groups are named, the arms are strata."""
    found = summarise(_people(), SETTINGS, CUTOFF).hazards

    assert [(each.by, each.endpoint) for each in found] == [
        ("dose level", "progression-free survival"),
        ("dose level", "overall survival"),
        ("fulvestrant", "progression-free survival"),
        ("fulvestrant", "overall survival"),
    ]
    level, _, before, _ = found
    assert (level.reference, level.participants) == ("level 1", {"level 1": 1, "level 2": 2})
    assert level.events == {"level 1": 1, "level 2": 1}
    assert (before.reference, before.participants) == (
        "none recorded", {"none recorded": 2, "recorded": 1})  # fmt: skip
    assert found[1].events == {"level 1": 0, "level 2": 1}
    assert {each.fit.conventions for each in found} == {Conventions(conf_level=0.9)}


def test_an_arm_is_a_stratum():
    """Within arm A level 2 progresses first, and between arms nothing is compared."""
    people = [
        One("001", "A", 1, pfs=(50, "event")).outcome(),
        One("002", "A", 2, pfs=(40, "event")).outcome(),
        One("003", "A", 2, pfs=(60, "event")).outcome(),
        One("004", "B", 1, pfs=(1, "event")).outcome(),
    ]

    fit = summarise(people, SETTINGS, CUTOFF).hazards[0].fit

    assert fit.terms[0].hazard_ratio == pytest.approx(0.5**0.5)


def test_without_subgroups_only_dose_levels_are_compared():
    """The protocol names the treatments; without them there are two comparisons."""
    found = summarise(_people(), EndpointSettings(), CUTOFF)

    assert {each.by for each in found.hazards} == {"dose level"}
    assert {each.by for each in found.groups} == {"all", "arm", "dose level"}
    assert isinstance(found.people, Mapping)
