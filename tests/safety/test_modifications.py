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


@pytest.mark.parametrize(
    ("first_on", "second_on", "actions"),
    [
        ("2026-02-20", "2026-03-10", ["first: hold", "second: reduce"]),
        ("2026-02", "2026-03-10", ["first: hold", "second: reduce"]),
        ("2026-03", "2026-03-10", ["first: undecided", "second: undecided"] * 2),
        ("2026-03-10", "2026-03-10", ["first: undecided", "second: undecided"] * 2),
    ],
)
def test_which_event_came_first_is_told_by_days_or_not_at_all(event, first_on, second_on, actions):
    """Of two on one day, or in one month, neither is taken for the first."""
    events = [event(term="Hyperglycemia", started=day) for day in (first_on, second_on)]

    for each in (events, events[::-1]):
        found = propose(AGENT, RULES, each, date(2026, 3, 20))
        assert sorted(f"{one.rule}: {one.action}" for one in found) == sorted(actions)


def test_events_that_the_days_do_not_order_are_told_with_what_is_missing(event):
    """The places it may have, and what would decide."""
    events = [event(term="Hyperglycemia", started=day) for day in ("2026-03", "2026-03-10")]

    found = first(events)

    assert found.because == (
        "undecided ipatasertib by rule first (first): Hyperglycemia: event 1 to 2 of the term, "
        "event 1 counts, and the days do not tell which began first"
    )
    assert found.missing == ("which event of the term began first",)


@pytest.mark.parametrize("unknown", [{"grade": None}, {"started": None}])
@pytest.mark.parametrize("whose", [0, 1])
def test_an_event_without_grade_or_day_leaves_the_order_open(event, unknown, whose):
    """Whichever of the two it is: it may be the first."""
    days = ("2026-02-20", "2026-03-10")
    events = [
        event(**{"term": "Hyperglycemia", "started": day, **(unknown if place == whose else {})})
        for place, day in enumerate(days)
    ]

    found = propose(AGENT, RULES, events, date(2026, 3, 20))

    assert {each.action for each in found} == {"undecided"}
    known = [each for each in found if "grade" not in each.missing]
    assert known[0].because == (
        "undecided ipatasertib by rule first (first): Hyperglycemia: event 1 of the term counts, "
        "grades or days are not recorded"
    )
    assert known[0].missing == ("grade and onset of each",)


def test_events_below_the_grade_of_a_rule_are_not_counted(event):
    """Grade 2 before grade 3: the one of grade 3 is the first that counts; grade 4 counts too."""
    mild = event(term="Hyperglycemia", grade=2, started="2026-02-01")
    severe = event(term="Hyperglycemia", grade=3, started="2026-02-20")
    grave = event(term="Hyperglycemia", grade=4, started="2026-02-10")

    assert [each.rule for each in propose(AGENT, RULES, [mild, severe], date(2026, 3, 20))] == [
        "first"
    ]
    assert [each.rule for each in propose(AGENT, RULES, [grave, severe], date(2026, 3, 20))] == [
        "second"
    ]


@pytest.mark.parametrize(
    ("started", "as_of", "action", "told", "missing"),
    [
        ("2026-02", date(2026, 3, 1), "hold", "it goes on as of 2026-03-01", ()),
        (
            "2026-02",
            date(2026, 3, 10),
            "hold",
            "it goes on as of 2026-03-10; since when is not recorded, 28 days is the longest hold",
            ("day of onset",),
        ),
        (
            "2026-02",
            date(2026, 3, 29),
            "discontinue",
            "it has lasted at least 29 days, 28 days is the longest hold",
            (),
        ),
        (
            "2026-03-01",
            date(2026, 3, 31),
            "discontinue",
            "it has lasted 30 days, 28 days is the longest hold",
            (),
        ),
        (
            None,
            date(2026, 3, 10),
            "hold",
            "it goes on as of 2026-03-10; since when is not recorded, 28 days is the longest hold",
            ("day of onset",),
        ),
    ],
)
def test_a_hold_is_too_long_only_when_each_day_it_may_have_begun_says_so(
    event, started, as_of, action, told, missing
):
    """An onset known to the month ends no treatment while it may be recent."""
    found = first([event(**{**RASH, "started": started})], as_of)

    assert (found.action, found.levels_lower) == (action, 0)
    assert found.because.endswith(f"related to ipatasertib; {told}")
    assert found.missing == missing


@pytest.mark.parametrize(
    ("started", "ended", "action", "levels", "told", "missing"),
    [
        ("2026-03-01", "2026-03-29", "resume", 1, "it ended on 2026-03-29", ()),
        (
            "2026-03-01", "2026-03-30", "discontinue", 0,
            "it lasted 29 days, 28 days is the longest hold", (),
        ),
        (
            "2026-02", "2026-03-29", "discontinue", 0,
            "it lasted at least 29 days, 28 days is the longest hold", (),
        ),
        (
            "2026-02", "2026-03-28", "undecided", 0,
            "it ended on 2026-03-28; how long it lasted is not recorded, 28 days is the longest "
            "hold",
            ("days of onset and end",),
        ),
        ("2026-02", "2026-02", "resume", 1, "it ended on 2026-02", ()),
        (
            "2026-03-01", "2026-03", "undecided", 0,
            "it ended on 2026-03; how long it lasted is not recorded, 28 days is the longest hold",
            ("days of onset and end",),
        ),
        (
            None, "2026-03-05", "undecided", 0,
            "it ended on 2026-03-05; how long it lasted is not recorded, 28 days is the longest "
            "hold",
            ("days of onset and end",),
        ),
    ],
)  # fmt: skip
def test_a_hold_that_lasted_too_long_stays_a_discontinuation_once_it_is_over(
    event, started, ended, action, levels, told, missing
):
    """Recording the end of the event does not bring the agent back."""
    found = first([event(**{**RASH, "started": started}, ended=ended)], date(2026, 4, 20))

    assert (found.action, found.levels_lower, found.missing) == (action, levels, missing)
    assert found.because.endswith(f"related to ipatasertib; {told}")


def test_a_hold_without_a_limit_is_told_by_what_goes_on(event):
    """And one that is over resumes at the same dose, on the day it ended."""
    severe = {"term": "Hyperglycemia", "started": "2026-02-20"}

    assert [
        first([event(**severe, ended=ended)], date(2026, 3, 20)).because
        for ended in (None, "2026-03-20", "2026-03")
    ] == [
        f"{proposed} by rule first (first): Hyperglycemia: grade 3, grades 3 to 3 count; "
        f"related to ipatasertib; event 1 of the term, event 1 counts; {when}"
        for proposed, when in (
            ("hold ipatasertib", "it goes on as of 2026-03-20"),
            ("resume ipatasertib", "it ended on 2026-03-20"),
            ("hold ipatasertib", "it goes on as of 2026-03-20"),  # 2026-03 may end later
        )
    ]


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        (
            {"term": "Nausea", "grade": 4},
            "discontinue ipatasertib by rule any (any): Nausea: grade 4, grades 4 to 5 count; "
            "related to ipatasertib; for good",
        ),
        (
            {"term": "Nausea", "grade": None},
            "undecided ipatasertib by rule any (any): Nausea: the grade is not recorded, "
            "grades 4 to 5 count",
        ),
        (
            {"term": "Nausea", "grade": 4, "related_to": None},
            "undecided ipatasertib by rule any (any): Nausea: attribution is not recorded",
        ),
        (
            {"term": "Nausea", "grade": 4, "related_to": ("palbociclib", "ipatasertib")},
            "discontinue ipatasertib by rule any (any): Nausea: grade 4, grades 4 to 5 count; "
            "related to palbociclib, ipatasertib; for good",
        ),
    ],
)
def test_a_proposal_says_what_decided_it(event, fields, because):
    """Agent, rule, event and each answer."""
    found = first([event(**fields)])

    assert (found.because, found.agent, found.levels_lower) == (because, AGENT, 0)
    asked = {"grade": ("grade",), "related_to": ("attribution",)}
    missing = [asked[name] for name, value in fields.items() if value is None]
    assert found.missing == (missing[0] if missing else ())


def test_where_no_rule_applies_the_agent_goes_on(event):
    """With the day up to which that was looked at."""
    (found,) = propose(AGENT, RULES, [event(**RASH, grade=1)], date(2026, 3, 20))

    assert (found.agent, found.action, found.levels_lower) == (AGENT, "continue", 0)
    assert found.because == ("no rule on ipatasertib applies to an event recorded as of 2026-03-20")
    assert (found.rule, found.label, found.evidence) == ("", "", ())


def test_an_event_of_the_day_asked_counts(event):
    """It has begun."""
    assert first([event(**RASH)], date(2026, 3, 1)).action == "hold"


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_reductions_the_larger_comes_first(event, order):
    """Levels lower decide between proposals of one kind; the label of a rule is kept."""
    rules = [
        rule(f"by-{levels}", least_grade=3, action="reduce", levels_lower=levels,
             origin="not_in_registry")
        for levels in (1, 2)
    ]  # fmt: skip

    found = propose(AGENT, rules[::order], [event()], date(2026, 3, 20))

    assert [each.levels_lower for each in found] == [2, 1]
    assert found[0].because.startswith("reduce ipatasertib 2 dose levels lower by rule by-2")
    assert found[0].because.endswith("; from the next dose on")
    assert {each.label for each in found} == {"illustrative, not from the registry"}


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
