"""Counts of events in an analysis set."""

from datetime import date

import pytest

from trialwright.endpoints.counts import count_events
from trialwright.endpoints.follow_up import TimeToEvent
from trialwright.terms.errors import Refusal


def _answer(outcome, rule, endpoint="progression-free survival"):
    """Give an answer of one participant."""
    return TimeToEvent(endpoint, outcome, date(2026, 3, 1), 60, rule, "because")


def test_events_and_rules_are_counted():
    """Each participant counts once, as event or censored, under the rule that decided."""
    answers = {
        "01-001": _answer("event", "PD"),
        "01-002": _answer("censored", "NO EVENT"),
        "01-003": _answer("event", "PD"),
        "01-004": _answer("event", "DEATH"),
    }

    counted = count_events("treated", answers)

    assert (counted.participants, counted.events, counted.censored) == (4, 3, 1)
    assert counted.by_rule == (("PD", 2), ("DEATH", 1), ("NO EVENT", 1))
    assert counted.because == (
        "3 of 4 participants in the analysis set treated had an event of progression-free "
        "survival, 1 censored (PD 2, DEATH 1, NO EVENT 1)."
    )


def test_an_empty_set_is_said():
    """Nobody in the set is an answer, not an error."""
    counted = count_events("responders", {})

    assert (counted.participants, counted.events, counted.censored) == (0, 0, 0)
    assert counted.because == "No participant in the analysis set responders."


def test_endpoints_are_not_mixed():
    """PFS and OS answers cannot be counted together."""
    answers = {"a": _answer("event", "PD"), "b": _answer("event", "DEATH", "overall survival")}

    with pytest.raises(Refusal, match="overall survival and progression-free survival"):
        count_events("treated", answers)


def test_one_participant_is_told_in_the_singular():
    """The set and the endpoint keep their names."""
    counted = count_events("treated", {"a": _answer("censored", "NO EVENT")})

    assert (counted.analysis_set, counted.endpoint) == ("treated", "progression-free survival")
    assert counted.because == (
        "0 of 1 participant in the analysis set treated had an event of progression-free survival, "
        "1 censored (NO EVENT 1)."
    )


def test_rules_as_often_as_each_other_come_by_name():
    """The commonest first, whatever the order of participants."""
    rules = ["PD", "NO EVENT", "DEATH", "PD", "DEATH"]
    answers = {str(place): _answer("event", rule) for place, rule in enumerate(rules)}

    assert count_events("treated", answers).by_rule == (("DEATH", 2), ("PD", 2), ("NO EVENT", 1))


def test_mixed_endpoints_say_what_to_do():
    """With both names, in order."""
    answers = {"a": _answer("event", "PD"), "b": _answer("event", "DEATH", "overall survival")}

    with pytest.raises(Refusal) as refused:
        count_events("treated", answers)

    fault = refused.value.faults[0]
    assert (fault.where, fault.found, fault.allowed, fault.do) == (
        "answers",
        "overall survival and progression-free survival",
        "answers of one endpoint",
        "Count each by itself",
    )
