"""Which results of a fact may be the newest, how they leave their window, and what one says."""

import time
from dataclasses import replace
from datetime import date

import pytest
from tests.eligibility.casebooks import DAY, book
from tests.eligibility.laboratory import context, observing, result

from trialwright.eligibility.kinds.observation import judge
from trialwright.eligibility.newest import instant, leaving
from trialwright.terms.sources import Source


def answer(asked, *facts):
    """Judge facts and give the answer."""
    return str(judge(asked, book(*facts), context()).answer)


def test_results_that_disagree_leave_their_window_too():
    """With 28 days, those of 2 March leave it on 31 March: then both are too old."""
    facts = [result("hemoglobin", value) for value in ("8 g/dL", "9 g/dL")]
    finding = judge(observing(within_days=28, at_least=9), book(*facts), context())

    assert (finding.answer, finding.turns_on) == ("unknown", (date(2026, 3, 31),))


@pytest.mark.parametrize(
    ("fact", "unit", "bound", "value", "expected"),
    [
        # 2 to 25 g/dL can be true, whatever the unit of the rule
        ("hemoglobin", "g/L", 90, "90 g/L", "met"),
        ("hemoglobin", "g/L", 90, "9 g/dL", "met"),
        ("hemoglobin", "g/L", 90, "89 g/L", "not met"),
        ("hemoglobin", "g/L", 90, "250 g/L", "met"),
        ("hemoglobin", "g/L", 90, "250.01 g/L", "unknown"),
        ("hemoglobin", "g/L", 90, "90 g/dL", "unknown"),
        # 20 to 1500 mg/dL of glucose, 18.016 mg/dL to the mmol/L
        ("glucose", "mmol/L", 5, "5 mmol/L", "met"),
        ("glucose", "mmol/L", 5, "90.08 mg/dL", "met"),
        ("glucose", "mmol/L", 5, "90 mg/dL", "not met"),
        ("glucose", "mmol/L", 5, "1.1 mmol/L", "unknown"),
        ("glucose", "mmol/L", 5, "84 mmol/L", "unknown"),
    ],
)
def test_what_can_be_true_is_asked_in_the_unit_of_the_term(fact, unit, bound, value, expected):
    """Its ends included; the bound of the rule may be in another unit."""
    assert answer(observing(fact, unit, at_least=bound), result(fact, value)) == expected


def test_what_could_not_be_read_is_named_as_missing():
    """It is on record, and a person has to read it."""
    unread = replace(book(), unsettled=frozenset({"hemoglobin"}))
    finding = judge(observing(), unread, context())

    assert (finding.answer, finding.missing) == ("unknown", ("hemoglobin",))
    assert finding.because == "Hemoglobin: something on record could not be read"


@pytest.mark.parametrize("pick", [{}, {"pick": "mean", "of": 2}])
def test_what_could_not_be_read_may_be_newer(pick):
    """Unless somebody has entered the newest by hand."""
    read = result("hemoglobin", "9 g/dL")
    unread = replace(book(read, read), unsettled=frozenset({"hemoglobin"}))
    entered = replace(read, source=Source("person", "laboratory report"))
    finding = judge(observing(**pick), unread, context())

    assert judge(observing(**pick), book(read, read), context()).answer == "met"
    assert (finding.answer, finding.missing) == ("unknown", ("hemoglobin",))
    assert set(finding.evidence) == {read.evidence}
    assert finding.because.endswith(
        "; a result on record that could not be read may be newer (Hemoglobin)"
    )
    settled = replace(unread, observations=(entered, entered))
    assert judge(observing(**pick), settled, context()).answer == "met"


def test_a_result_that_left_its_window_today_turns_no_more():
    """The days on which an answer turns lie after the anchor; the day before, it was to come."""
    found = result("hemoglobin", "9 g/dL", "2026-02-04")

    assert leaving(found, 28, context()) == ()
    assert leaving(found, 28, context(as_of=date(2026, 3, 4))) == (DAY,)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_an_instant_is_the_same_wherever_it_is_read(monkeypatch, zone):
    """Without a time zone it is as the clock showed, in the time zone of no computer."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        shown = [
            instant(result("hemoglobin", "9 g/dL", at=f"2026-03-02T08:30:00{offset}"))
            for offset in ("", "+01:00", "Z")
        ]
    finally:
        monkeypatch.undo()
        time.tzset()

    assert shown == [f"2026-03-02T{hour}:30:00.000000" for hour in ("08", "07", "08")]


def at(value, instant, on=""):
    """Make a hemoglobin of an instant, on the day that it writes unless another is given."""
    return result("hemoglobin", f"{value} g/dL", on or instant[:10], at=instant)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # the later of one day, in whatever order they came in
        ([at(8, "2026-03-02T08:00:00-05:00"), at(9, "2026-03-02T14:00:00-05:00")], "met"),
        ([at(9, "2026-03-02T14:00:00-05:00"), at(8, "2026-03-02T08:00:00-05:00")], "met"),
        ([at(8, "2026-03-02T14:00:00-05:00"), at(9, "2026-03-02T18:59:59.999Z")], "not met"),
        # by another offset the later one is of the day before
        ([at(8, "2026-03-02T23:30:00-05:00"), at(9, "2026-03-03T01:00:00Z")], "not met"),
        ([at(8, "2026-03-02T20:30:00-05:00"), at(9, "2026-03-03T02:00:00Z")], "met"),
        # 15 minutes later, two days before by the clock: zones lie up to 26 hours apart
        ([at(8, "2026-03-01T22:45:00-12:00"), at(9, "2026-03-03T00:30:00+14:00")], "not met"),
        ([at(8, "2026-03-01T22:15:00-12:00"), at(9, "2026-03-03T00:30:00+14:00")], "met"),
        # one instant twice, a clock without a zone, and a day alone decide nothing
        ([at(8, "2026-03-02T14:00:00-05:00"), at(9, "2026-03-02T19:00:00Z")], "unknown"),
        ([at(8, "2026-03-02T08:00:00"), at(9, "2026-03-02T14:00:00")], "unknown"),
        ([at(8, "2026-03-02T08:00:00-05:00"), result("hemoglobin", "9 g/dL")], "unknown"),
        # a day alone of the day before is older
        ([result("hemoglobin", "8 g/dL", "2026-03-01"), at(9, "2026-03-02T00:10:00Z")], "met"),
        ([at(8, "0001-01-01T00:00:00+14:00")], "not met"),
    ],
)
def test_of_results_of_one_day_the_later_instant_counts(facts, expected):
    """A result repeated in the afternoon replaces that of the morning."""
    assert answer(observing(at_least=9), *facts) == expected
