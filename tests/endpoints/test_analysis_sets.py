"""Analysis sets: who is in, and why the others are not."""

from dataclasses import replace
from datetime import date

import pytest

from trialwright.endpoints.analysis_sets import SetFacts, analysis_sets
from trialwright.protocol.endpoint_settings import EndpointSettings

PLAIN = SetFacts(
    "001",
    first_dose_on=date(2026, 1, 1),
    counts_for_dlt=True,
    dlt_because="window completed",
    has_baseline=True,
    has_targets=True,
    assessed=1,
)
ALL = {"safety", "DLT-evaluable", "response-evaluable", "benefit-evaluable", "per-protocol"}


def _out_of(one, **settings):
    """Give the sets a participant is not in, each with its reason."""
    sets = analysis_sets([one], EndpointSettings(**settings))
    assert set(sets) == ALL
    return {name: each.excluded[one.participant] for name, each in sets.items() if each.excluded}


@pytest.mark.parametrize(
    ("changes", "out", "reason"),
    [
        ({}, set(), ""),
        ({"first_dose_on": None}, ALL, "no dose of a study agent was taken"),
        ({"counts_for_dlt": False, "dlt_because": "pending"}, {"DLT-evaluable"}, "pending"),
        ({"has_targets": False}, {"response-evaluable"}, "no measurable disease at baseline"),
        (
            {"has_baseline": False},
            {"response-evaluable", "benefit-evaluable", "per-protocol"},
            "no tumour assessment before treatment",
        ),
        (
            {"assessed": 0},
            {"response-evaluable", "benefit-evaluable", "per-protocol"},
            "no tumour assessment after baseline",
        ),
        (
            {"lost": "payload of happening 7 was redacted"},
            {"response-evaluable", "benefit-evaluable", "per-protocol"},
            "payload of happening 7 was redacted",
        ),
        ({"excepted": ("I04",)}, {"per-protocol"}, "entered with an exception to I04"),
    ],
)
def test_each_rule_excludes_for_its_reason(changes, out, reason):
    """A missing dose, baseline, assessment or target lesion, and an exception."""
    found = _out_of(replace(PLAIN, **changes))

    assert set(found) == out
    assert set(found.values()) <= {reason}


def test_an_early_end_stands_for_an_assessment_unless_the_protocol_says_otherwise():
    """Death before the first scan is a course without a response, not a missing one."""
    early = replace(PLAIN, assessed=0, early_end="death on 2026-01-20")

    assert _out_of(early) == {}
    assert (
        "death on 2026-01-20 does not stand for one"
        in (_out_of(early, early_end_is_evaluable=False)["response-evaluable"])
    )


def test_a_set_says_its_rule_and_its_counts():
    """Members in order, the counts and the rule in words."""
    people = [PLAIN, replace(PLAIN, participant="002", first_dose_on=None)]

    safety = analysis_sets(people, EndpointSettings())["safety"]

    assert (safety.members, set(safety.excluded)) == (("001",), {"002"})
    assert safety.because == "safety: 1 of 2 participants; 1 excluded."
    assert safety.rule == "took at least one dose of a study agent"


BENEFIT = (
    "took a dose of a study agent, had a tumour assessment before treatment and an assessment "
    "after it"
)


@pytest.mark.parametrize(
    ("early", "benefit"),
    [(True, f"{BENEFIT}, or progression or death before the first one"), (False, BENEFIT)],
)
def test_every_set_has_its_rule_in_words(early, benefit):
    """The words follow the setting on early ends; where nobody is excluded none is counted."""
    sets = analysis_sets([PLAIN], EndpointSettings(early_end_is_evaluable=early))

    assert {name: each.rule for name, each in sets.items()} == {
        "safety": "took at least one dose of a study agent",
        "DLT-evaluable": "took a dose, and had a DLT or completed the DLT window with enough doses",
        "response-evaluable": f"{benefit}; had measurable disease",
        "benefit-evaluable": benefit,
        "per-protocol": f"{benefit}; entered without an exception to any criterion",
    }
    assert {name: each.name for name, each in sets.items()} == {name: name for name in ALL}
    assert sets["per-protocol"].because == "per-protocol: 1 of 1 participants."


def test_exceptions_and_early_ends_are_told_in_full():
    """Every criterion excepted, and what does not stand for an assessment."""
    excepted = replace(PLAIN, excepted=("I04", "E02"))
    early = replace(PLAIN, assessed=0, early_end="death on 2026-01-20")

    assert _out_of(excepted) == {"per-protocol": "entered with an exception to I04, E02"}
    assert set(_out_of(early, early_end_is_evaluable=False).values()) == {
        "no tumour assessment after baseline; death on 2026-01-20 does not stand for one"
    }
