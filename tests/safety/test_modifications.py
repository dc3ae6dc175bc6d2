"""What the protocol proposes for an agent: worked by hand from four rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from trialwright.protocol.safety_settings import DoseModification
from trialwright.safety.modifications import propose

AGENT = "ipatasertib"


def rule(name, **fields):
    """Make a rule for ipatasertib."""
    return DoseModification(id=name, says=name, agents=(AGENT,), **fields)


RULES = (
    rule("rash", terms=("Rash maculo-papular",), least_grade=3, most_grade=3, action="hold",
         levels_lower=1, longest_hold_days=28),
    rule("first", terms=("Hyperglycemia",), least_grade=3, most_grade=3, occurrence=1,
         action="hold"),
    rule("second", terms=("Hyperglycemia",), least_grade=3, most_grade=3, occurrence=2,
         action="reduce", levels_lower=1),
    rule("any", least_grade=4, action="discontinue"),
)  # fmt: skip
RASH = {"term": "Rash maculo-papular", "started": "2026-03-01"}


def first(events, as_of=date(2026, 3, 20)):
    """Give the strongest proposal."""
    return propose(AGENT, RULES, events, as_of)[0]


@pytest.mark.parametrize(
    ("ended", "as_of", "action", "levels"),
    [
        (None, date(2026, 3, 10), "hold", 0),
        (None, date(2026, 3, 29), "hold", 0),
        (None, date(2026, 3, 30), "discontinue", 0),
        ("2026-03-08", date(2026, 3, 10), "resume", 1),
        ("2026-03-08", date(2026, 3, 7), "hold", 0),
        (None, date(2026, 2, 28), "continue", 0),
    ],
)
def test_an_event_is_held_then_resumed_lower_and_ends_treatment_when_it_lasts(
    event, ended, as_of, action, levels
):
    """28 days are the longest hold; the 29th ends it."""
    found = first([event(**RASH, ended=ended)], as_of)

    assert (found.action, found.levels_lower) == (action, levels)


def test_a_second_event_of_the_term_is_treated_otherwise(event):
    """The first is held at the same dose, the second reduces."""
    earlier = event(term="Hyperglycemia", started="2026-02-20", ended="2026-02-24")
    later = event(term="hyperglycemia", started="2026-03-10", ended="2026-03-12")

    actions = {each.rule: each.action for each in propose(AGENT, RULES, [later, earlier],
                                                          date(2026, 3, 20))}  # fmt: skip

    assert actions == {"first": "resume", "second": "reduce"}


@pytest.mark.parametrize(
    ("fields", "action"),
    [
        ({"grade": 2}, "continue"),
        ({"grade": 3}, "hold"),
        ({"related_to": ("palbociclib",)}, "continue"),
        ({"related_to": None}, "undecided"),
        ({"grade": None}, "undecided"),
        ({"term": "Nausea", "grade": 3}, "continue"),
        ({"term": "Nausea", "grade": 4}, "discontinue"),
    ],
)
def test_grade_attribution_and_term_decide(event, fields, action):
    """Rules without terms concern every term that no other names."""
    found = first([event(**{**RASH, **fields})])

    assert found.action == action
    assert bool(found.missing) is (action == "undecided")


def test_the_strongest_proposal_comes_first(event):
    """Discontinue before hold."""
    events = [event(**RASH), event(term="Nausea", grade=4)]

    assert [each.action for each in propose(AGENT, RULES, events, date(2026, 3, 20))] == [
        "discontinue",
        "hold",
    ]


def test_a_proposal_names_rule_event_and_grade(event):
    """Never without its reason."""
    found = first([event(**RASH, ended="2026-03-08")])

    assert found.because == (
        "resume ipatasertib 1 dose level lower by rule rash (rash): Rash maculo-papular: grade 3, "
        "grades 3 to 3 count; related to ipatasertib; it ended on 2026-03-08"
    )
    assert found.evidence[0].what == "Rash maculo-papular"


@pytest.mark.parametrize(
    "fields",
    [
        {"least_grade": 3, "most_grade": 2, "action": "hold"},
        {"least_grade": 3, "action": "reduce"},
        {"least_grade": 3, "action": "discontinue", "levels_lower": 1},
        {"least_grade": 3, "action": "reduce", "levels_lower": 1, "longest_hold_days": 7},
    ],
)
def test_a_rule_that_contradicts_itself_is_no_rule(fields):
    """Parts without use are refused when the file is read."""
    with pytest.raises(ValidationError):
        rule("odd", **fields)


@given(st.permutations(range(4)))
def test_the_order_of_entry_changes_nothing(event, order):
    """Of any four events."""
    events = [
        event(**RASH),
        event(term="Hyperglycemia", started="2026-02-20"),
        event(term="Hyperglycemia", started="2026-03-10"),
        event(term="Nausea", grade=4),
    ]
    shuffled = [events[place] for place in order]

    found = [propose(AGENT, RULES, each, date(2026, 3, 20)) for each in (events, shuffled)]

    assert {each.because for each in found[0]} == {each.because for each in found[1]}
