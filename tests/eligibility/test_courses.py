"""Records that go on from others: a supply that follows another begins nothing, and may change."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eligibility.casebooks import DAY, TERMS, book, context, took, when

from trialwright.eligibility.courses import first_of_courses
from trialwright.eligibility.kinds.treatment import judge, say
from trialwright.eligibility.last_dose import last_dose
from trialwright.protocol.event_rules import TreatmentRule
from trialwright.protocol.vocabulary import Medicine, Term

MEDICINES = {name: Medicine(says=name.title()) for name in ("metformin", "sitagliptin")}
SETS = {**TERMS, "oral": Term(says="Oral medicine", kind="treatment", members=tuple(MEDICINES))}


def rule(**fields):
    """Ask whether a medicine was begun or changed within 13 days; silence is absence."""
    asked = {"when": "started-within", "days": 13, "not_recorded": "absent", **fields}
    return TreatmentRule(kind="treatment", fact="oral", **asked)


def ago(days):
    """Give the day so many days before the day judged, as text."""
    return None if days is None else (DAY - timedelta(days=days)).isoformat()


def took_from(since, until=None, medicine="metformin", **more):
    """Give a record by how many days before the day judged it begins and ends."""
    return took(medicine, ago(since), ago(until), **more)


def found(asked, *facts):
    """Judge facts in a context that knows the medicines."""
    return judge(asked, book(*facts), replace(context(terms=SETS), medicines=MEDICINES))


def answer(*facts, **fields):
    """Judge facts and give the answer."""
    return str(found(rule(**fields), *facts).answer)


NOW = took_from(5, is_ongoing=True)
CHANGED = replace(NOW, changed=when(ago(5)))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # nothing on record before it
        ([NOW], "met"),
        ([took_from(14, is_ongoing=True)], "not met"),
        # a supply that follows another: whether the dose is the same, nobody says
        ([took_from(35, 6), NOW], "unknown"),
        ([took_from(95, 65), took_from(65, 35), took_from(35, 6), NOW], "unknown"),
        ([took_from(35, 35), NOW], "unknown"),
        ([took_from(36, 36), NOW], "met"),
        ([took_from(400, 200), NOW], "met"),
        # the course itself is new
        ([took_from(13, 6), NOW], "met"),
        ([took_from(14, 6), NOW], "unknown"),
        ([took_from(35, 13), took_from(12, 6), NOW], "unknown"),
        # an earlier one without an end, or without a beginning, reaches every later one
        ([took_from(900, is_ongoing=True), NOW], "unknown"),
        ([took_from(900), NOW], "unknown"),
        ([took_from(None, 6), NOW], "unknown"),
        ([took_from(None, 36), NOW], "met"),
        # ended on an unknown day, which was put on record
        ([replace(took_from(900, is_ongoing=False), recorded=when(ago(36))), NOW], "met"),
        ([replace(took_from(900, is_ongoing=False), recorded=when(ago(35))), NOW], "unknown"),
        # another medicine is a switch, or is added
        ([took_from(900, is_ongoing=True, medicine="sitagliptin"), NOW], "met"),
        # one taken on the skin is not the same
        ([took_from(900, is_ongoing=True, is_local=True), NOW], "met"),
        # a change that is recorded stays one
        ([took_from(35, 6), CHANGED], "met"),
        # a supply that has ended is none that was begun and goes on
        ([took_from(35, 6), took_from(5, 1)], "not met"),
        # both end long before
        ([took_from(95, 65), took_from(65, 35)], "not met"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", [1, -1])
def test_a_record_that_follows_another_is_asked_about(facts, expected, order):
    """Whatever order the records stand in; a first start, a switch and a restart are starts."""
    assert answer(*facts[::order]) == expected


@pytest.mark.parametrize(
    ("gap", "expected"), [(28, "met"), (29, "unknown"), (30, "unknown"), (90, "unknown")]
)
def test_the_protocol_says_how_long_a_gap_goes_on(gap, expected):
    """Up to and including that day."""
    assert answer(took_from(60, 34), NOW, refill_gap_days=gap) == expected


def test_a_partial_day_may_reach_a_later_record():
    """An end in January may be its last day, 28 days before; a beginning in February its first."""
    ended = took("metformin", ago(300), "2026-01")
    began = took("metformin", "2026-02", None, is_ongoing=True)

    assert answer(ended, NOW, refill_gap_days=27) == "met"
    assert answer(ended, NOW, refill_gap_days=28) == "unknown"
    assert answer(began) == "unknown"
    assert answer(began, NOW) == "unknown"


def test_a_dose_as_old_as_a_supply_is_as_old_as_what_that_goes_on_from():
    """The last two say the same dose; whether the one before them was of that dose, nobody says."""
    first, second = took_from(35, 9), took_from(8, 6)
    third = replace(NOW, changed=when(ago(8)))

    assert answer(first, second, third) == "unknown"
    assert answer(second, third) == "met"
    assert answer(first, replace(second, changed=when(ago(8))), third) == "met"


def test_the_reason_names_what_it_may_go_on_from_and_both_are_evidence():
    """So that somebody can look both up."""
    finding = found(rule(), took_from(35, 6), NOW)

    assert finding.because == (
        "Metformin since 2026-02-28, going on, on this dose for 5 days before 2026-03-05, or "
        "longer: it may go on unchanged from a record since 2026-01-29"
    )
    assert [each.value for each in finding.evidence] == [
        "since 2026-02-28, going on", "since 2026-01-29, last dose 2026-02-27",
    ]  # fmt: skip
    assert finding.missing == ("oral",)


def test_a_first_day_that_is_not_recorded_is_told_so():
    """It may have been any day."""
    told = found(rule(), took_from(None, 6), NOW).because

    assert told.endswith("it may go on unchanged from a record without a first day")


def test_the_answer_turns_when_the_record_itself_is_two_weeks_old():
    """By then the dose is old enough, whatever it goes on from."""
    first, second = took_from(35, 6), NOW
    finding = found(rule(), first, second)

    assert finding.turns_on == (DAY + timedelta(days=9),)
    at_turn = replace(context(terms=SETS, as_of=finding.turns_on[0]), medicines=MEDICINES)
    assert str(judge(rule(), book(first, second), at_turn).answer) == "not met"


def test_a_gap_that_nothing_asks_for_is_refused():
    """Where the dose is not asked for."""
    with pytest.raises(ValueError, match="gap between supplies that nothing asks for"):
        rule(when="now", days=None, refill_gap_days=60)


def test_a_rule_says_its_gap():
    """Beside the time that it asks for."""
    assert say(rule(refill_gap_days=60), SETS) == (
        "Oral medicine going on, begun or changed within 13 days (what follows within 60 days may "
        "go on unchanged)"
    )


DAYS = st.integers(0, 60)
RECORDS = st.lists(
    st.builds(
        lambda since, more, name: took_from(since + more, None if more == 9 else since, name),
        DAYS,
        st.integers(0, 9),
        st.sampled_from(sorted(MEDICINES)),
    ),
    max_size=8,
    unique_by=lambda each: (each.medicine, str(each.since), str(each.until)),
)


@given(records=RECORDS, gap=st.integers(0, 12))
def test_courses_are_what_can_be_walked_from_record_to_record(records, gap):
    """From each record back to any that reaches it, again and again."""
    firsts = first_of_courses(records, gap, DAY)

    for record in records:
        reached = {record}
        while (
            more := {
                other
                for other in records
                for one in reached
                if other.medicine == one.medicine
                and other.since.earliest <= one.since.earliest
                and (one.since.earliest - last_dose(other, DAY).latest).days <= gap
            }
            - reached
        ):
            reached |= more
        earliest = min(each.since.earliest for each in reached)
        assert firsts[record].since.earliest == earliest
