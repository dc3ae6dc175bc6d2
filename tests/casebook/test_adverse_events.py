"""Adverse events as recorded: what contradicts itself is refused."""

import pytest

from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence

SOURCE = Source("csv", "row 7")


def event(**fields):
    """Make an event; dates may be given as text."""
    given = {
        "term": "Nausea",
        "grade": 2,
        "started": "2026-03-02",
        "ended": None,
        "is_serious": None,
        "related_to": None,
        "source": SOURCE,
        **fields,
    }
    for name in ("started", "ended"):
        given[name] = given[name] and PartialDate.parse(given[name])
    return AdverseEvent(**given)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"term": " "}, "term"),
        ({"grade": 0}, "grade"),
        ({"grade": 6}, "grade"),
        ({"highest_grade_hours": -1}, "highest_grade_hours"),
        ({"ended": "2026-03-01"}, "ended"),
        ({"ended": "2026-02"}, "ended"),
    ],
)
def test_an_event_that_contradicts_itself_is_refused(fields, where):
    """Each contradiction is named at its field."""
    with pytest.raises(Refusal) as refused:
        event(**fields)

    assert [fault.where for fault in refused.value.faults] == [where]


def test_all_contradictions_are_named_at_once():
    """An event is refused once, with every fault."""
    with pytest.raises(Refusal) as refused:
        event(term="", grade=9, ended="2020")

    assert [fault.where for fault in refused.value.faults] == ["term", "grade", "ended"]


@pytest.mark.parametrize(
    "fields",
    [
        {"grade": 1},
        {"grade": 5},
        {"grade": None},
        {"highest_grade_hours": 0},
        {"ended": "2026-03-02"},
        {"ended": "2026-03"},
        {"started": None, "ended": "2026-03-01"},
    ],
)
def test_an_event_may_be_incomplete(fields):
    """What is not recorded is None, and a date may be partial."""
    made = event(**fields)

    assert made == event(**fields)


@pytest.mark.parametrize(
    ("fields", "value", "on"),
    [
        ({}, "grade 2", "2026-03-02"),
        ({"grade": None, "started": None}, "grade not recorded", ""),
        ({"started": "2026-03"}, "grade 2", "2026-03"),
    ],
)
def test_an_event_is_evidence(fields, value, on):
    """A verdict can point to the event."""
    assert event(**fields).evidence == Evidence("Nausea", value, on, SOURCE)


def test_a_criterion_of_seriousness_makes_no_event_that_is_not_serious():
    """One of the two is mistaken."""
    with pytest.raises(Refusal) as refused:
        event(is_serious=False, serious_because=("death",))

    assert refused.value.faults[0].where == "serious_because"
