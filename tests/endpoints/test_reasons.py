"""The reason of each endpoint of one participant, whole: days, rule and what was left aside."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from trialwright.casebook.tumours import Response
from trialwright.endpoints.attained import (
    clinical_benefit,
    duration_of_response,
    objective_response,
)
from trialwright.endpoints.follow_up import Assessed, FollowUp
from trialwright.endpoints.progression import progression_free_survival
from trialwright.endpoints.survival import overall_survival
from trialwright.protocol.endpoint_settings import EndpointSettings
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.terms.errors import Refusal

DAY_1 = date(2026, 1, 1)
RESPONSE = ResponseSettings(
    measurable_conventional_mm=Decimal(20), measurable_spiral_mm=Decimal(10), bone_only_allowed=True
)


def _on(day):
    """Give the date of a study day."""
    return None if day is None else DAY_1 + timedelta(day - 1)


def _follow(*assessed, cutoff=2000, died=None, therapy=None, **more):
    """Give a follow-up from (day, response) or (day, response, dated to) and study days."""
    seen = tuple(
        Assessed(_on(day), Response(word), *(_on(each) for each in dated))
        for day, word, *dated in assessed
    )
    dates = {"died": _on(died), "new_therapy": _on(therapy)}
    return FollowUp(DAY_1, _on(cutoff), seen, **dates, **more)


SINCE = "missed since the last adequate assessment on 2026-02-26"


@pytest.mark.parametrize(
    ("follow_up", "because"),
    [
        (
            _follow((57, "SD"), (113, "PD")),
            f"Event on day 113: progression on 2026-04-23; 0 planned assessments {SINCE}, fewer "
            "than 2 are allowed.",
        ),
        (
            _follow((57, "SD"), (120, "PD")),
            f"Event on day 120: progression on 2026-04-30; 1 planned assessment {SINCE}, fewer "
            "than 2 are allowed.",
        ),
        (
            _follow((57, "SD"), (113, "SD"), (169, "PD", 113)),
            f"Event on day 113: progression on 2026-04-23 (confirmed on 2026-06-18 and dated "
            f"back); 0 planned assessments {SINCE}, fewer than 2 are allowed.",
        ),
        (
            _follow(died=40),
            "Event on day 40: death on 2026-02-09; 0 planned assessments missed since day 1 "
            "(2026-01-01), fewer than 2 are allowed.",
        ),
        (
            _follow((57, "SD"), died=200),
            f"Censored on day 57: death on 2026-07-19 came after 2 planned assessments {SINCE}, "
            "every 56 days being planned; with 2 or more, follow-up ends at the last adequate "
            "assessment on 2026-02-26.",
        ),
        (
            _follow(died=200),
            "Censored on day 1: death on 2026-07-19 came after 3 planned assessments missed since "
            "day 1 (2026-01-01), every 56 days being planned; with 2 or more, follow-up ends at "
            "day 1 (2026-01-01).",
        ),
        (
            _follow((57, "SD"), (113, "PD"), therapy=80),
            "Censored on day 57: new anticancer therapy began on 2026-03-21, before progression on "
            "2026-04-23; last adequate assessment on 2026-02-26.",
        ),
        (
            _follow((57, "SD"), therapy=80),
            "Censored on day 57: new anticancer therapy began on 2026-03-21; last adequate "
            "assessment on 2026-02-26.",
        ),
        (
            _follow(therapy=80),
            "Censored on day 1: new anticancer therapy began on 2026-03-21; no adequate assessment "
            "after baseline, so at day 1.",
        ),
        (
            _follow((57, "SD"), cutoff=100, clinical_progression=_on(80)),
            "Censored on day 57: no progression and no death by the data cutoff of 2026-04-10 "
            "(clinical progression on 2026-03-21 without imaging is no event); last adequate "
            "assessment on 2026-02-26.",
        ),
        (
            _follow((57, "PD"), cutoff=100, has_baseline=False),
            "Censored on day 1: no progression and no death by the data cutoff of 2026-04-10; no "
            "adequate assessment at baseline, so at day 1.",
        ),
    ],
)
def test_progression_free_survival_tells_the_event_and_the_gap_before_it(follow_up, because):
    """Each rule with its days; counts of one are singular."""
    assert progression_free_survival(follow_up, 56, EndpointSettings()).because == because


def test_a_gap_of_any_length_can_be_allowed():
    """Without a limit the reason says so."""
    settings = EndpointSettings(missed_assessments=None)

    found = progression_free_survival(_follow((57, "SD"), (400, "PD")), 56, settings)

    assert found.because == (
        f"Event on day 400: progression on 2027-02-04; 6 planned assessments {SINCE}, any gap is "
        "allowed."
    )


def test_without_a_baseline_only_death_is_an_event():
    """Nothing was there to progress from, so a PD before the death is not looked at."""
    found = progression_free_survival(
        _follow((57, "PD"), died=80, has_baseline=False), 56, EndpointSettings()
    )

    assert (found.outcome, found.days, found.rule) == ("event", 80, "DEATH")


def test_an_interval_of_one_day_is_the_least():
    """None at all is refused with what to do."""
    assert progression_free_survival(_follow((2, "PD")), 1, EndpointSettings()).days == 2
    with pytest.raises(Refusal) as refused:
        progression_free_survival(_follow(), 0, EndpointSettings())

    fault = refused.value.faults[0]
    assert (fault.where, fault.found, fault.allowed, fault.do) == (
        "every_days", "0", "1 day or more", "Correct the interval")  # fmt: skip


@pytest.mark.parametrize(
    ("follow_up", "because"),
    [
        (_follow(died=130), "Event on day 130: death on 2026-05-10."),
        (
            _follow(cutoff=90),
            "Censored on day 1: no death by the data cutoff of 2026-03-31; last known alive from "
            "day 1 on 2026-01-01.",
        ),
        (
            _follow((57, "SD"), cutoff=90),
            "Censored on day 57: no death by the data cutoff of 2026-03-31; last known alive from "
            "a tumour assessment on 2026-02-26.",
        ),
        (
            _follow(cutoff=90, therapy=80),
            "Censored on day 80: no death by the data cutoff of 2026-03-31; last known alive from "
            "the start of new therapy on 2026-03-21.",
        ),
        (
            _follow(cutoff=90, last_alive=_on(85)),
            "Censored on day 85: no death by the data cutoff of 2026-03-31; last known alive from "
            "the last contact on 2026-03-26.",
        ),
        (
            _follow((57, "SD"), cutoff=90, last_alive=_on(57)),
            "Censored on day 57: no death by the data cutoff of 2026-03-31; last known alive from "
            "a tumour assessment on 2026-02-26.",
        ),
        (
            _follow((57, "SD"), cutoff=90, died=130),
            "Censored on day 90: alive at the data cutoff of 2026-03-31, known from the death on "
            "2026-05-10.",
        ),
        (
            _follow((57, "SD"), (120, "SD"), cutoff=90),
            "Censored on day 90: alive at the data cutoff of 2026-03-31, known from a tumour "
            "assessment on 2026-04-30.",
        ),
    ],
)
def test_survival_tells_from_what_somebody_is_known_to_be_alive(follow_up, because):
    """Death, the last sign of life, or one after the cutoff."""
    found = overall_survival(follow_up)

    assert (found.endpoint, found.because) == ("overall survival", because)
    assert found.on == _on(found.days)
    assert found.rule == ("DEATH" if found.outcome == "event" else "ALIVE")


@pytest.mark.parametrize(
    ("follow_up", "answer", "because"),
    [
        (_follow((57, "SD")), "not yet", "SD. The course goes on at the cutoff."),
        (
            _follow((57, "SD"), (169, "PD", 113), died=200),
            "no",
            "SD. The course ended: progression on 2026-04-23.",
        ),
        (_follow((57, "SD"), died=80), "no", "SD. The course ended: death on 2026-03-21."),
        (
            _follow((57, "SD"), (113, "PD"), therapy=80),
            "no",
            "SD. The course ended: other anticancer therapy on 2026-03-21.",
        ),
        (
            _follow((57, "SD"), cutoff=100, therapy=101),
            "not yet",
            "SD. The course goes on at the cutoff.",
        ),
    ],
)
def test_a_course_ends_with_what_came_first(follow_up, answer, because):
    """Progression, death or other therapy, each only when it is known at the cutoff."""
    found = objective_response(follow_up, Response.SD, "SD.")

    assert (found.answer, found.because) == (answer, because)


@pytest.mark.parametrize(
    ("follow_up", "window", "answer", "because"),
    [
        (
            _follow((57, "SD"), (169, "SD")),
            0,
            "yes",
            "SD on 2026-06-18, 168 days after day 1; 24 weeks are asked for.",
        ),
        (
            _follow((57, "SD"), (113, "PD")),
            0,
            "no",
            "SD on 2026-02-26, 56 days after day 1; 24 weeks are asked for; progression on "
            "2026-04-23.",
        ),
        (
            _follow((57, "SD"), (160, "PR")),
            7,
            "not yet",
            "PR on 2026-06-09, 159 days after day 1; 24 weeks less a window of 7 days are asked "
            "for; the course goes on at the cutoff.",
        ),
        (
            _follow((57, "PD")),
            0,
            "no",
            "no visit without progression; 24 weeks are asked for; progression on 2026-02-26.",
        ),
        (
            _follow((57, "NE")),
            0,
            "not yet",
            "no visit without progression; 24 weeks are asked for; the course goes on at the "
            "cutoff.",
        ),
        (
            _follow((57, "SD"), (169, "SD"), (225, "PD", 169)),
            0,
            "no",
            "SD on 2026-02-26, 56 days after day 1; 24 weeks are asked for; progression on "
            "2026-06-18.",
        ),
    ],
)
def test_benefit_tells_the_last_visit_without_progression(follow_up, window, answer, because):
    """How long it lasted, what is asked for, and what ended the course."""
    settings = EndpointSettings(clinical_benefit_window_days=window)

    found = clinical_benefit(follow_up, Response.SD, "best.", RESPONSE, settings)

    assert (found.answer, found.because) == (answer, because)


def test_a_response_keeps_the_reason_of_the_best_response():
    """Objective response and benefit say why it is CR or PR."""
    follow_up = _follow((57, "PR"))

    assert objective_response(follow_up, Response.PR, "why.").because == "why."
    benefit = clinical_benefit(follow_up, Response.PR, "why.", RESPONSE, EndpointSettings())
    assert benefit.because == "why."


@pytest.mark.parametrize(
    ("follow_up", "answer"),
    [
        (_follow((57, "SD"), (113, "PR"), (169, "PD"), therapy=100), ("event", 57, "PD")),
        (_follow((113, "PR"), therapy=113), ("censored", 1, "NEW THERAPY before PD")),
        (_follow((113, "PR"), last_alive=_on(100)), ("censored", 1, "NO EVENT")),
        (_follow((113, "PR"), (225, "PD", 169)), ("event", 57, "PD")),
        (_follow((113, "PR"), (169, "PD", 113)), ("event", 1, "PD")),
    ],
)
def test_what_lay_before_a_response_does_not_end_it(follow_up, answer):
    """Dates from the day of the response on count, that day among them."""
    found = duration_of_response(follow_up, _on(113), 56, EndpointSettings())

    assert (found.outcome, found.days, found.rule) == answer
    assert found.endpoint == "duration of response"


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        (
            {"died": _on(-1), "last_alive": _on(5)},
            [
                ("died", "2025-12-30, before day 1", "2026-01-01 or later"),
                ("last_alive", "2026-01-05, after death", "2025-12-30 or earlier"),
            ],
        ),
        (
            {
                "died": _on(60),
                "new_therapy": _on(61),
                "assessments": (Assessed(_on(62), Response.PD, _on(63)),),
            },
            [
                ("new_therapy", "2026-03-02, after death", "2026-03-01 or earlier"),
                ("assessments.2026-03-03", "2026-03-03, after death", "2026-03-01 or earlier"),
                (
                    "assessments.2026-03-03.progression_on",
                    "2026-03-04",
                    "2026-01-01 to 2026-03-03",
                ),
            ],
        ),
    ],
)
def test_dates_that_contradict_each_other_say_what_is_allowed(facts, faults):
    """Every one of them with its place, and what to do."""
    with pytest.raises(Refusal) as refused:
        FollowUp(DAY_1, _on(2000), **facts)

    assert [(one.where, one.found, one.allowed) for one in refused.value.faults] == faults
    assert {one.do for one in refused.value.faults} == {"Correct the date"}
