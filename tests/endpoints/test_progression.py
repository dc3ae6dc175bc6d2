"""Progression-free survival: events, censoring rules, and their order."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.tumours import Response
from trialwright.endpoints.follow_up import Assessed, FollowUp
from trialwright.endpoints.progression import (
    counting_every_event,
    missed_between,
    progression_free_survival,
)
from trialwright.endpoints.survival import overall_survival
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.terms.errors import Refusal

DAY_1 = date(2026, 1, 1)
LATER = 2000


def _on(day):
    """Give the date of a study day."""
    return None if day is None else DAY_1 + timedelta(day - 1)


def _follow(*assessed, died=None, therapy=None, cutoff=LATER, **more):
    """Give a follow-up from (day, response) pairs and study days."""
    return FollowUp(
        DAY_1,
        _on(cutoff),
        tuple(Assessed(_on(day), Response(overall)) for day, overall in assessed),
        died=_on(died),
        new_therapy=_on(therapy),
        **more,
    )


def _pfs(follow_up, **settings):
    """Judge with assessments planned every 56 days."""
    answer = progression_free_survival(follow_up, 56, EndpointSettings(**settings))
    return answer.outcome, answer.days, answer.rule


def test_shared_cases_agree(shared):
    """Every published PFS and OS case has its outcome, day and reason."""
    path = shared / "reference" / "recist" / "endpoint_cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    found, expected = {}, {}
    for case in cases:
        given_ = case["input"]
        follow_up = _follow(
            *((one["day"], one["overall"]) for one in given_["assessments"]),
            died=given_["death_day"],
            therapy=given_["new_therapy_day"],
            last_alive=_on(given_["last_alive_day"]),
            clinical_progression=_on(given_.get("clinical_pd_day")),
        )
        plain, every = EndpointSettings(), given_["interval_days"]
        answers = {
            "pfs": progression_free_survival(follow_up, every, plain),
            "pfs_sensitivity": progression_free_survival(
                follow_up, every, counting_every_event(plain)
            ),
            "os": overall_survival(follow_up),
        }
        for name, answer in answers.items():
            wanted = case["expected"].get(name)
            if wanted:
                expected[case["id"], name] = wanted
                shown = {
                    "event": answer.outcome == "event",
                    "day": answer.days,
                    "reason": answer.rule,
                }
                found[case["id"], name] = {field: shown[field] for field in wanted}

    assert found == expected
    assert len(found) >= 11


@pytest.mark.parametrize(
    ("follow_up", "answer"),
    [
        (_follow((57, "SD"), (113, "PD")), ("event", 113, "PD")),
        (_follow((57, "SD"), (113, "PD"), (169, "SD")), ("event", 113, "PD")),
        (_follow((57, "PD"), died=57), ("event", 57, "PD")),
        (_follow((57, "SD"), died=100), ("event", 100, "DEATH")),
        (_follow(died=40), ("event", 40, "DEATH")),
        (_follow(died=1), ("event", 1, "DEATH")),
        (_follow((57, "SD"), (113, "PR")), ("censored", 113, "NO EVENT")),
        (_follow((57, "NON-CR/NON-PD")), ("censored", 57, "NO EVENT")),
        (_follow(), ("censored", 1, "NO ADEQUATE ASSESSMENT")),
        (_follow((57, "NE")), ("censored", 1, "NO ADEQUATE ASSESSMENT")),
        (_follow((57, "SD"), (113, "NE")), ("censored", 57, "NO EVENT")),
        (_follow((57, "NE"), (57, "SD")), ("censored", 57, "NO EVENT")),
        (_follow((57, "SD"), (57, "PD")), ("event", 57, "PD")),
    ],
)
def test_the_first_event_or_the_last_adequate_assessment_counts(follow_up, answer):
    """Progression or death, whichever is first; else the last assessment that was not NE."""
    assert _pfs(follow_up) == answer


@pytest.mark.parametrize(
    ("follow_up", "answer"),
    [
        (_follow((57, "SD"), (169, "PD")), ("event", 169, "PD")),
        (_follow((57, "SD"), (170, "PD")), ("censored", 57, "PD after >=2 missed assessments")),
        (_follow((57, "SD"), (225, "PD")), ("censored", 57, "PD after >=2 missed assessments")),
        (_follow((57, "SD"), died=169), ("event", 169, "DEATH")),
        (_follow((57, "SD"), died=226), ("censored", 57, "DEATH after >=2 missed assessments")),
        (_follow(died=113), ("event", 113, "DEATH")),
        (_follow(died=200), ("censored", 1, "DEATH after >=2 missed assessments")),
        (_follow((281, "PD")), ("censored", 1, "PD after >=2 missed assessments")),
        (_follow((57, "SD"), (281, "SD"), (337, "PD")), ("event", 337, "PD")),
        (
            _follow((57, "SD"), (113, "NE"), (169, "NE"), (225, "PD")),
            ("censored", 57, "PD after >=2 missed assessments"),
        ),
        (_follow((57, "SD"), (200, "SD"), died=200), ("event", 200, "DEATH")),
    ],
)
def test_an_event_after_two_missed_assessments_is_censored(follow_up, answer):
    """Follow-up ends at the last adequate assessment before the gap; NE does not fill it."""
    assert _pfs(follow_up) == answer


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        ({}, ("censored", 57, "PD after >=2 missed assessments")),
        ({"missed_assessments": 3}, ("event", 173, "PD")),
        ({"missed_assessments": None}, ("event", 173, "PD")),
        ({"missed_assessments": 1}, ("censored", 57, "PD after >=1 missed assessments")),
        ({"assessment_window_days": 3}, ("censored", 57, "PD after >=2 missed assessments")),
        ({"assessment_window_days": 4}, ("event", 173, "PD")),
    ],
)
def test_how_many_missed_assessments_censor_is_a_setting(settings, answer):
    """Day 173 is four days after the second planned assessment since day 57."""
    assert _pfs(_follow((57, "SD"), (173, "PD")), **settings) == answer


@pytest.mark.parametrize(
    ("gap", "window", "missed"),
    [
        *[(0, 0, 0), (1, 0, 0), (56, 0, 0), (57, 0, 1), (112, 0, 1), (113, 0, 2), (169, 0, 3)],
        *[(63, 7, 0), (64, 7, 1), (119, 7, 1), (120, 7, 2), (3, 7, 0)],
    ],
)
def test_planned_assessments_that_went_by_are_missed(gap, window, missed):
    """An assessment is missed once its planned day and window are over."""
    assert missed_between(DAY_1, DAY_1 + timedelta(gap), 56, window) == missed


NEW_THERAPY = "NEW THERAPY before PD"


@pytest.mark.parametrize(
    ("follow_up", "answer"),
    [
        (_follow((57, "SD"), (113, "PD"), therapy=80), ("censored", 57, NEW_THERAPY)),
        (_follow((57, "SD"), (113, "PD"), therapy=113), ("event", 113, "PD")),
        (_follow((57, "SD"), (113, "PD"), therapy=114), ("event", 113, "PD")),
        (_follow((57, "SD"), (113, "SD"), therapy=80), ("censored", 57, NEW_THERAPY)),
        (_follow((57, "SD"), (113, "SD"), therapy=113), ("censored", 113, NEW_THERAPY)),
        (_follow((57, "SD"), died=100, therapy=80), ("censored", 57, NEW_THERAPY)),
        (_follow((57, "PD"), therapy=30), ("censored", 1, NEW_THERAPY)),
        (_follow((57, "SD"), (281, "PD"), therapy=200), ("censored", 57, NEW_THERAPY)),
    ],
)
def test_new_therapy_before_progression_ends_follow_up(follow_up, answer):
    """What is seen under another therapy is not this one's; the same day still is."""
    assert _pfs(follow_up) == answer


def test_new_therapy_can_be_left_out_of_sight():
    """With `ignore` the later progression is an event."""
    follow_up = _follow((57, "SD"), (113, "PD"), therapy=80)

    assert _pfs(follow_up, new_therapy="ignore") == ("event", 113, "PD")


def test_ne_as_adequate_is_a_setting():
    """Some published derivations take NE as the last assessment."""
    follow_up = _follow((57, "SD"), (113, "NE"))

    assert _pfs(follow_up, not_evaluable_is_adequate=True) == ("censored", 113, "NO EVENT")


def test_without_a_baseline_no_assessment_is_adequate():
    """Progression cannot be judged without a baseline; an early death is an event."""
    seen = (57, "SD"), (113, "PD")

    assert _pfs(_follow(*seen, has_baseline=False)) == ("censored", 1, "NO ADEQUATE ASSESSMENT")
    assert _pfs(_follow(*seen, died=113, has_baseline=False)) == ("event", 113, "DEATH")


def test_a_progression_dated_back_counts_on_the_first_scan():
    """The scan that first showed the new lesion is the day of the event."""
    scans = (
        Assessed(_on(57), Response.SD),
        Assessed(_on(113), Response.PD, progression_on=_on(57)),
    )

    answer = progression_free_survival(FollowUp(DAY_1, _on(LATER), scans), 56, EndpointSettings())

    assert (answer.outcome, answer.days) == ("event", 57)
    assert "confirmed on" in answer.because


@pytest.mark.parametrize(
    ("cutoff", "answer"),
    [
        (56, ("censored", 1, "NO ADEQUATE ASSESSMENT")),
        (57, ("censored", 57, "NO EVENT")),
        (112, ("censored", 57, "NO EVENT")),
        (113, ("event", 113, "PD")),
    ],
)
def test_nothing_after_the_data_cutoff_is_looked_at(cutoff, answer):
    """The answer at a cutoff knows the facts up to that day, included."""
    assert _pfs(_follow((57, "SD"), (113, "PD"), died=130, cutoff=cutoff)) == answer


def test_clinical_progression_is_named_and_no_event():
    """Progression by symptoms alone stands in the reason of the censoring."""
    follow_up = _follow((57, "SD"), clinical_progression=_on(80))

    answer = progression_free_survival(follow_up, 56, EndpointSettings())

    assert answer.outcome == "censored"
    assert f"clinical progression on {_on(80)} without imaging is no event" in answer.because


def test_an_interval_of_no_days_is_refused():
    """Missed assessments cannot be counted without an interval; one day is the least."""
    with pytest.raises(Refusal):
        progression_free_survival(_follow(), 0, EndpointSettings())

    assert progression_free_survival(_follow(), 1, EndpointSettings()).days == 1


@pytest.mark.parametrize(
    ("follow_up", "because"),
    [
        (
            _follow((57, "SD"), (113, "PD")),
            "Event on day 113: progression on 2026-04-23; 0 planned assessments missed since the "
            "last adequate assessment on 2026-02-26, fewer than 2 are allowed.",
        ),
        (
            _follow(died=60),
            "Event on day 60: death on 2026-03-01; 1 planned assessment missed since day 1 "
            "(2026-01-01), fewer than 2 are allowed.",
        ),
        (
            _follow((57, "SD"), (113, "PD"), therapy=80),
            "Censored on day 57: new anticancer therapy began on 2026-03-21, before progression "
            "on 2026-04-23; last adequate assessment on 2026-02-26.",
        ),
        (
            _follow(cutoff=100),
            "Censored on day 1: no progression and no death by the data cutoff of 2026-04-10; no "
            "adequate assessment after baseline, so at day 1.",
        ),
    ],
)
def test_the_reason_tells_the_whole_rule(follow_up, because):
    """Dates, gap and rule stand in one sentence."""
    assert progression_free_survival(follow_up, 56, EndpointSettings()).because == because


@given(
    seen=st.lists(
        st.tuples(st.integers(1, 500), st.sampled_from(["CR", "PR", "SD", "PD", "NE"])), max_size=6
    ),
    therapy=st.none() | st.integers(1, 500),
    died=st.none() | st.integers(500, 600),
    cutoff=st.integers(1, 700),
)
def test_follow_up_lies_between_day_1_and_the_cutoff(seen, therapy, died, cutoff):
    """No answer lies outside, each has a reason, and the sensitivity rule only adds events."""
    follow_up = _follow(*seen, therapy=therapy, died=died, cutoff=cutoff)
    settings = EndpointSettings()

    answer = progression_free_survival(follow_up, 56, settings)
    forgiving = progression_free_survival(follow_up, 56, counting_every_event(settings))

    assert DAY_1 <= answer.on <= _on(cutoff)
    assert answer.days == (answer.on - DAY_1).days + 1
    assert f"on day {answer.days}: " in answer.because
    assert answer.outcome == "censored" or forgiving == answer or forgiving.outcome == "event"
    assert forgiving.on >= answer.on
