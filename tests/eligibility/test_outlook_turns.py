"""The days on which an outlook turns that lie in the record alone: ends, months, look-backs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eligibility.casebooks import (
    DAY,
    MEDICINES,
    TERMS,
    book,
    covers,
    had,
    said,
    seen,
    taken,
    took,
    when,
)

from trialwright.casebook.treatments import Coverage
from trialwright.eligibility.outlook import outlook
from trialwright.eligibility.screening import screen_arms
from trialwright.protocol.criteria import Criterion

COMPLETE = {"not_recorded": "absent-if-complete", "look_back_days": 20}
TISSUE = {"kind": "specimen", "fact": "tissue", "accepts": ({"form": "block", "at_least": 1},)}
TAKING = {"kind": "treatment", "fact": "endocrine", "when": "now", "not_recorded": "absent"}
LINES = {"kind": "lines", "fact": "endocrine", "at_most": Decimal(1), "least_days": 21}


def after(days):
    """Give the day so many days after the day judged."""
    return DAY + timedelta(days=days)


def text(days):
    """Give that day as text."""
    return after(days).isoformat()


def criterion(name, rule, **fields):
    """Make a criterion."""
    made = {"id": name, "says": "x", "place": "x", "kind": "rule", "rule": rule, **fields}
    return Criterion.model_validate(made)


@pytest.fixture
def look(study):
    """Give the outlook of one criterion for arm A, registration and first dose days from today."""

    def ahead(rule, *facts, name="I01", anchor="registration", registration=0, first_dose=4):
        asked = criterion(name, rule, anchor=anchor)
        made = study(asked, terms=TERMS).model_copy(
            update={"medicines": MEDICINES, "completeness": "complete"}
        )
        days = {"registration": after(registration), "first_dose": after(first_dose)}
        return outlook(made, book(*facts), DAY, days)[0]

    return ahead


def test_tissue_of_a_month_is_there_when_the_month_has_passed(look):
    """Taken in March: on 31 March it has been."""
    found = look(TISSUE, taken("block", on="2026-03"))

    assert (found.overall, found.first_eligible_on) == ("cannot tell yet", date(2026, 3, 31))


@pytest.mark.parametrize(("anchor", "on"), [("registration", 10), ("first_dose", 6)])
def test_a_record_that_goes_on_is_complete_once_it_covers_the_look_back(look, anchor, on):
    """Complete for ten days today and for twenty in ten days; counted from the day asked about."""
    free = {"kind": "condition", "fact": "hiv", "expect": "absent", **COMPLETE}
    found = look(free, covers(text(-10), text(0)), anchor=anchor)

    assert (found.overall, found.first_eligible_on) == ("cannot tell yet", after(on))


def test_a_record_that_has_ended_never_covers_a_look_back(look):
    """Nor does one that covers it from the start turn."""
    free = {"kind": "condition", "fact": "hiv", "expect": "absent", **COMPLETE}
    ended = look(free, covers(text(-10), text(-1)))
    whole = look(free, covers(text(-20), text(0)))

    assert (ended.first_eligible_on, ended.changes) == (None, False)
    assert (whole.first_eligible_on, whole.changes) == (DAY, False)


def test_of_treatments_that_are_over_the_rest_of_the_record_is_asked(look):
    """Letrozole ended long ago; whether anything else is taken is known in ten days."""
    off = {"kind": "treatment", "fact": "endocrine", "when": "within", "days": 14, **COMPLETE}
    found = look(
        off, took("letrozole", "2025-01-01", "2025-06-01"), covers(text(-10), text(0)), name="E02"
    )

    assert (found.overall, found.first_eligible_on) == ("cannot tell yet", after(10))


@pytest.mark.parametrize("anchor", ["registration", "first_dose"])
def test_a_treatment_that_goes_on_becomes_a_line_when_it_has_lasted(look, anchor):
    """Twenty-one days of a second line, first and last day included, are too many lines then."""
    facts = (
        took("letrozole", "2025-01-01", "2025-06-01", intent="metastatic"),
        took("tamoxifen", text(-10), is_ongoing=True, intent="metastatic"),
    )
    found = look(LINES, *facts, anchor=anchor)

    assert (found.overall, found.expires_on) == ("eligible", after(10))


def test_a_line_that_is_long_enough_today_turns_no_more(look):
    """Its length was reached before, and where no length is asked none is waited for."""
    facts = took("tamoxifen", text(-20), is_ongoing=True, intent="metastatic")

    assert not look(LINES, facts).changes
    assert not look({**LINES, "least_days": 0}, facts).changes


@pytest.mark.parametrize(("until", "open_on"), [(0, 1), (1, 2), (3, 4)])
@pytest.mark.parametrize("anchor", ["registration", "first_dose"])
def test_what_is_taken_until_a_day_is_over_on_the_next(look, anchor, until, open_on):
    """Also where the first dose is asked about, which lies days later than registration."""
    found = look(TAKING, took("letrozole", "2025-06-01", text(until)), name="E02", anchor=anchor)

    assert (found.overall, found.first_eligible_on) == ("not eligible", after(open_on))


def test_in_the_month_of_a_last_dose_it_is_perhaps_over(look):
    """From its second day on, of which the answer about the first dose speaks too."""
    ends = took("letrozole", "2025-06-01", "2026-04")
    found = look(TAKING, ends, name="E02", anchor="first_dose")

    assert (found.overall, found.no_longer_out_on) == ("not eligible", date(2026, 4, 2))
    assert found.first_eligible_on == date(2026, 5, 1)


def test_a_treatment_put_on_record_as_ended_later_is_over_then(look):
    """Until that day it may have gone on."""
    ended = took("letrozole", "2025-06-01", is_ongoing=False, recorded=when(text(8)))
    found = look(TAKING, ended, name="E02")

    assert (found.overall, found.first_eligible_on) == ("cannot tell yet", after(8))


def test_from_a_registration_that_has_passed_what_came_since_is_reached(look):
    """A result of the day before yesterday did not count for a registration before it."""
    low = {"kind": "observation", "fact": "hemoglobin", "unit": "g/dL", "at_least": Decimal(9)}
    found = look(low, seen("hemoglobin", "12 g/dL", text(-2)), registration=-5, first_dose=-1)

    assert (found.overall, found.first_eligible_on) == ("cannot tell yet", after(-2))


def test_before_today_the_first_dose_reaches_what_came_since(look):
    """Tissue taken today is there for a first dose of today, with registration the day before."""
    taken_today = taken("block", on=text(0))
    found = look(TISSUE, taken_today, anchor="first_dose", registration=-3, first_dose=-2)

    assert (found.overall, found.first_eligible_on) == ("cannot tell yet", after(-1))


def test_an_observation_period_ends_after_a_registration_that_has_passed(look):
    """It was complete then; it no longer was on the day after its end."""
    free = {"kind": "condition", "fact": "hiv", "expect": "absent", **COMPLETE}
    found = look(free, covers(text(-60), text(-2)), registration=-5, first_dose=-1)

    assert (found.overall, found.first_eligible_on) == ("eligible", after(-5))
    assert found.expires_on == after(-1)


SPAN = 45
"""How many days of registration are looked at."""

LENGTHS = st.integers(1, 20)

RULES = st.one_of(
    st.just(TISSUE),
    st.builds(lambda days: {**LINES, "least_days": days}, LENGTHS),
    st.sampled_from(["now", "ever"]).map(
        lambda asked: {"kind": "condition", "fact": "hiv", "expect": "absent", "when": asked}
    ),
    LENGTHS.map(
        lambda days: {"kind": "condition", "fact": "hiv", "expect": "absent", "when": "within",
                      "within_days": days}
    ),
    st.builds(lambda when: {**TAKING, "when": when}, st.sampled_from(["now", "ever"])),
    st.builds(
        lambda when, days: {**TAKING, "when": when, "days": days},
        st.sampled_from(["within", "started-within"]), LENGTHS,
    ),
)  # fmt: skip

DAYS = st.one_of(
    st.none(), st.integers(-30, 40).map(text), st.sampled_from(["2026-02", "2026-03", "2026-04"])
)

TREATMENTS = st.builds(
    took, st.sampled_from(["letrozole", "tamoxifen"]), DAYS, DAYS,
    is_ongoing=st.sampled_from([None, True, False]), intent=st.just("metastatic"),
    changed=DAYS.map(when), recorded=DAYS.map(when),
)  # fmt: skip

FACTS = {
    "specimen": st.builds(lambda on: taken("block", on=on), DAYS),
    "condition": st.builds(had, st.just("hiv"), DAYS, DAYS, DAYS, is_present=st.booleans()),
    "treatment": TREATMENTS,
    "lines": TREATMENTS,
}
"""What decides each kind of rule."""

COMPLETENESS = st.one_of(
    st.builds(lambda on: covers(text(on), text(0)), st.integers(-25, -1)),
    st.builds(lambda on: said("complete", "yes", on=text(on)), st.integers(-3, 0)),
)


@st.composite
def asked(draw):
    """Draw a rule with facts that may decide it."""
    rule = draw(RULES)
    if rule["kind"] in ("condition", "treatment") and draw(st.booleans()):
        rule = {**rule, **COMPLETE}
    facts = draw(st.lists(FACTS[rule["kind"]], max_size=2))
    return rule, facts + draw(st.lists(COMPLETENESS, max_size=1))


@settings(max_examples=200, deadline=None)
@given(
    case=asked(),
    anchor=st.sampled_from(["registration", "first_dose"]),
    registration=st.sampled_from([-3, 0, 5]),
    gap=st.integers(0, 6),
)
def test_looking_at_every_day_finds_no_other_days(shipped, case, anchor, registration, gap):
    """Of facts by the day, the month or without a date, before today and after it."""
    rule, facts = case
    made = shipped.model_copy(
        update={"criteria": (criterion("I01", rule, anchor=anchor),), "obligations": (),
                "terms": TERMS, "medicines": MEDICINES, "completeness": "complete",
                "arms": shipped.arms[:1]}
    )  # fmt: skip
    anchors = {"registration": after(registration), "first_dose": after(registration + gap)}
    [found] = outlook(made, book(*facts), DAY, anchors, at_most_days=SPAN)

    known = [each for each in facts if not _is_later(each)]

    def stands(day):
        """Give what the criterion comes to with registration on a day."""
        last = max(day, 0)
        moved = {"registration": after(day), "first_dose": after(day + gap)}
        going_on = [
            covers(str(each.since), text(last)) if isinstance(each, Coverage) else each
            for each in known
        ]
        [arm] = screen_arms(made, book(*going_on), after(last), moved).screenings
        return arm.overall

    days = range(registration, registration + SPAN + 1)
    ahead = {day: stands(day) for day in days}
    opens = next((day for day in days if ahead[day] == "eligible"), None)
    later = [] if opens is None else [day for day in days if day > opens]
    closes = next((day for day in later if ahead[day] != "eligible"), None)

    assert found.first_eligible_on == (None if opens is None else after(opens))
    assert found.expires_on == (None if closes is None else after(closes))


def _is_later(fact):
    """Say whether a fact is certainly known only after the day judged."""
    first = getattr(fact, "on", None) or getattr(fact, "since", None)
    first = first or getattr(fact, "recorded", None)
    return first is not None and first.earliest > DAY
