"""What a query, a verification or a lock is about is said as people do."""

import pytest
from tests.conduct.overseeing import by, sequence_of

from trialwright.conduct.locking_acts import DataPoint, Freeze, Lock, VerifySource
from trialwright.conduct.query_acts import RaiseQuery
from trialwright.conduct.scopes import Scope, in_words
from trialwright.terms.errors import Refusal

MONITOR, MANAGER = by("monitor"), by("data-manager")
GRADE = "payload/event/grade"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("payload/event/grade", "grade"),
        ("payload/born", "born"),
        ("payload/observations/#0/value/value", "observations 1, value"),
        ("payload/entry/source/place", "source, place"),
        ("payload/baseline/targets/#11/mm", "targets 12, mm"),
        ("adverse_events/0/related_to/1", "adverse events 1, related to 2"),
        ("payload/event", "event"),
        ("payload", "the whole entry"),
        ("reason", "reason"),
        ("baseline", "baseline"),
    ],
)
def test_a_path_is_said_in_words(path, words):
    """Of a line of a list its place, counted from one; nothing that only a program reads."""
    assert in_words(path) == words


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        (Scope(), "the trial"),
        (Scope("P-1"), "P-1"),
        (Scope("P-1", "adverse_events"), "adverse events of P-1"),
        (Scope("P-1", "adverse_events", 7, GRADE), "grade in entry 7 of P-1"),
    ],
)
def test_a_scope_names_its_place(scope, says):
    """At each level."""
    assert str(scope) == says


def test_refusals_of_locks_hold_no_path(trial, say):
    """A hold again, a query in the way, a second verification, an entry into what is held."""
    trial.complete("P-1")
    trial.do(say.toxicity("P-1"))
    event, day = sequence_of(trial, "adverse_event_recorded"), say.WINDOW_OVER
    point = {"participant": "P-1", "on": day, "sequence": event, "field": GRADE}
    trial.do(VerifySource("P-1", day, (DataPoint(event, GRADE),)), MONITOR)
    trial.do(RaiseQuery("P-1", day, "grade?", sequence=event, field=GRADE), MONITOR)
    trial.do(Freeze(**point), MONITOR)
    told = {}
    for name, act, by_whom in (
        ("again", Freeze(**point), MONITOR),
        ("asked", Lock(**point), MANAGER),
        ("verified", VerifySource("P-1", day, (DataPoint(event, GRADE),)), MONITOR),
    ):
        with pytest.raises(Refusal) as refused:
            trial.do(act, by_whom)
        told[name] = str(refused.value)
    trial.do(Lock("P-1", day, "doses"), MANAGER)
    with pytest.raises(Refusal) as refused:
        trial.treat("P-1")
    told["entered"] = str(refused.value)

    assert f"grade in entry {event} of P-1 is frozen since {day}" in told["again"]
    assert f"Open, about grade in entry {event} of P-1" in told["asked"]
    assert f"grade in entry {event} of P-1, verified already" in told["verified"]
    assert f"doses of P-1 is locked since {day}" in told["entered"]
    assert not [each for each in told.values() if "payload" in each or "happening" in each]
