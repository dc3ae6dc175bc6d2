"""Queries: the states of ODM v2, who they are about, and how old they are."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.conduct.overseeing import by, sequence_of

from trialwright.conduct.locking_acts import Freeze, Lock
from trialwright.conduct.query_acts import (
    AnswerQuery,
    CancelQuery,
    CloseQuery,
    OpenQuery,
    RaiseQuery,
    ReopenQuery,
    ResolveQuery,
)
from trialwright.terms.errors import Refusal

MONITOR, COORDINATOR, MANAGER = by("monitor"), by("coordinator"), by("data-manager")
GRADE = "payload/event/grade"
MOVES = {
    "open": (OpenQuery, MONITOR),
    "answer": (AnswerQuery, COORDINATOR),
    "close": (CloseQuery, MONITOR),
    "reopen": (ReopenQuery, MONITOR),
    "resolve": (ResolveQuery, MANAGER),
    "cancel": (CancelQuery, MANAGER),
}
LEADS = {
    ("Candidate", "open"): "Open",
    ("Candidate", "cancel"): "Cancelled",
    ("Open", "answer"): "Answered",
    ("Open", "resolve"): "Resolved",
    ("Open", "cancel"): "Cancelled",
    ("Answered", "close"): "Closed",
    ("Answered", "reopen"): "Open",
    ("Answered", "resolve"): "Resolved",
}
"""ODM v2.0: Candidate and Open begin, Closed, Resolved and Cancelled end."""

WAY = {
    "Candidate": [],
    "Open": ["open"],
    "Answered": ["open", "answer"],
    "Closed": ["open", "answer", "close"],
    "Cancelled": ["cancel"],
    "Resolved": ["open", "resolve"],
}


@pytest.fixture
def asked(trial, say):
    """Give a trial with an adverse event of P-1."""
    trial.complete("P-1")
    trial.do(say.toxicity("P-1"))
    return trial


def move(trial, word, day, number=1, text="words", participant="P-1"):
    """Do one step of a query."""
    kind, actor = MOVES[word]
    told = (participant, number, day) if kind is OpenQuery else (participant, number, day, text)
    trial.do(kind(*told), actor)


@pytest.mark.parametrize("word", MOVES)
@pytest.mark.parametrize("state", WAY)
def test_each_act_leads_from_its_states_alone(asked, say, state, word):
    """All 36 pairs; what has ended stays ended."""
    day = say.WINDOW_OVER
    asked.do(RaiseQuery("P-1", day, "why?", as_candidate=True), MONITOR)
    for step in WAY[state]:
        move(asked, step, day)
    assert asked.live.oversight.queries[1].state == state
    if (state, word) in LEADS:
        move(asked, word, day)
        assert asked.live.oversight.queries[1].state == LEADS[state, word]
        return

    before = len(asked.records)
    with pytest.raises(Refusal, match=f"query 1: {state} since"):
        move(asked, word, day)
    assert len(asked.records) == before


def test_a_query_is_about_a_data_point_a_form_or_a_participant(asked, say):
    """The form of a data point is known from its entry; the question can be redacted."""
    day, event = say.WINDOW_OVER, sequence_of(asked, "adverse_event_recorded")
    asked.do(RaiseQuery("P-1", day, "grade?", sequence=event, field=GRADE), MONITOR)
    asked.do(RaiseQuery("P-1", day, "doses?", part="doses", kind="System"), MANAGER)
    asked.do(RaiseQuery("P-1", day, "whose?"), MANAGER)

    queries = asked.live.oversight.queries
    assert [str(each.scope) for each in queries.values()] == [
        f"grade in entry {event} of P-1",
        "doses of P-1",
        "P-1",
    ]
    assert queries[1].scope.part == "adverse_events"
    assert [each.kind for each in queries.values()] == ["Manual", "System", "Manual"]
    assert asked.records[-3].happening.reason == "grade?"
    assert "grade?" not in repr(asked.records[-3].happening.payload)


def test_each_step_keeps_who_took_it(asked, say):
    """Raised by the monitor, answered by the coordinator."""
    day = say.WINDOW_OVER
    asked.do(RaiseQuery("P-1", day, "why?"), MONITOR)
    move(asked, "answer", day + timedelta(days=2), text="because")

    steps = asked.live.oversight.queries[1].steps
    assert [(each.state, each.role, each.text) for each in steps] == [
        ("Open", "monitor", "why?"),
        ("Answered", "coordinator", "because"),
    ]


def test_age_is_counted_in_days_until_it_ends(asked, say):
    """0 on the day of raising; a closed query ages no further."""
    day = say.WINDOW_OVER
    asked.do(RaiseQuery("P-1", day, "why?"), MONITOR)
    later = [day + timedelta(days=days) for days in (-1, 0, 3, 10)]
    assert [asked.live.oversight.queries[1].age_days(each) for each in later] == [0, 0, 3, 10]
    move(asked, "answer", day + timedelta(days=4))
    assert asked.live.oversight.queries[1].age_days(later[-1]) == 10

    move(asked, "close", day + timedelta(days=6))

    assert [asked.live.oversight.queries[1].age_days(each) for each in later] == [0, 0, 3, 6]


@pytest.mark.parametrize(
    ("changed", "wheres"),
    [
        ({"text": " "}, ["text"]),
        ({"part": "poems"}, ["part"]),
        ({"sequence": 999, "field": GRADE}, ["sequence"]),
        ({"sequence": 2, "field": GRADE}, ["sequence"]),  # the consent holds no data point
        ({"sequence": 3, "field": "reason"}, ["field"]),
        ({"field": GRADE}, ["sequence"]),
        ({"part": "doses", "sequence": 3, "field": "payload/born"}, ["part"]),
        ({"participant": "P-77"}, ["participant"]),
    ],
)
def test_a_query_about_nothing_is_refused(asked, say, changed, wheres):
    """Nothing asked, or a place that is none."""
    act = replace(RaiseQuery("P-1", say.WINDOW_OVER, "why?"), **changed)

    with pytest.raises(Refusal) as refused:
        asked.do(act, MONITOR)

    assert [each.where for each in refused.value.faults] == wheres


@pytest.mark.parametrize("word", ["answer", "reopen", "resolve", "cancel"])
def test_a_step_that_needs_words_is_refused_without(asked, say, word):
    """An answer says something, and so does whoever reopens or cancels."""
    day = say.WINDOW_OVER
    asked.do(RaiseQuery("P-1", day, "why?"), MONITOR)
    if word == "reopen":
        move(asked, "answer", day)

    with pytest.raises(Refusal, match="text: nothing"):
        move(asked, word, day, text="\n")


def test_a_step_before_the_last_one_and_of_another_participant_is_refused(asked, say):
    """Days follow one another; the study number guards against a wrong number."""
    day = say.WINDOW_OVER
    asked.do(RaiseQuery("P-1", day, "why?"), MONITOR)
    asked.screen("P-2")

    with pytest.raises(Refusal, match="before it became Open"):
        move(asked, "answer", day - timedelta(days=1))
    with pytest.raises(Refusal, match="query 1 of P-2"):
        move(asked, "answer", day, participant="P-2")
    with pytest.raises(Refusal, match="query 9 of P-1"):
        move(asked, "answer", day, number=9)


def test_what_is_frozen_may_be_asked_about_and_what_is_locked_may_not(asked, say):
    """A freeze holds the data, a lock the questions too."""
    day = say.WINDOW_OVER
    asked.do(Freeze("P-1", day), MANAGER)
    asked.do(RaiseQuery("P-1", day, "why?"), MONITOR)
    move(asked, "cancel", day)
    asked.do(Lock("P-1", day), MANAGER)

    with pytest.raises(Refusal, match="P-1 is locked since"):
        asked.do(RaiseQuery("P-1", day, "why?", part="doses"), MONITOR)
