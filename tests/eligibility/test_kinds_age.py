"""Age in completed years on the anchor's day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.eligibility.casebooks import TERMS, book, context

from trialwright.eligibility.kinds.age import check, judge, say, turning_birthdays
from trialwright.protocol.leaf_rules import AgeRule
from trialwright.terms.dates import PartialDate
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Answer


def rule(**sides):
    """Make a rule: above 60 years unless said otherwise."""
    sides = sides or {"above": 60}
    return AgeRule(kind="age", **{name: Decimal(bound) for name, bound in sides.items()})


@pytest.mark.parametrize(
    ("born", "expected", "age"),
    [
        ("1965-03-05", "met", "61"),
        ("1965-03-06", "not met", "60"),
        ("1966-03-05", "not met", "60"),
        ("1964", "met", "61 or 62"),
        ("1965", "unknown", "60 or 61"),
        ("1965-02", "met", "61"),
        ("1965-03", "unknown", "60 or 61"),
        ("1965-04", "not met", "60"),
        ("2026-03-05", "not met", "0"),
    ],
)
def test_completed_years_on_the_day_of_registration_decide(born, expected, age):
    """61 is above 60, 60 is not; a birth date that straddles the limit leaves it open."""
    finding = judge(rule(), book(born=born), context())

    assert finding.answer == expected
    is_so = {"met": "", "not met": "not ", "unknown": "perhaps "}[expected]
    assert finding.because == (f"age {age} years at registration 2026-03-05, {is_so}above 60 years")
    assert finding.missing == (("age",) if expected == "unknown" else ())


@pytest.mark.parametrize(
    ("sides", "expected"),
    [({"at_least": 61}, "met"), ({"at_most": 60}, "not met"), ({"below": 62}, "met")],
)
def test_each_bound_is_exact(sides, expected):
    """Somebody of 61 is at least 61 and below 62."""
    assert judge(rule(**sides), book(born="1965-03-05"), context()).answer == expected


def test_the_birth_date_is_not_told():
    """The age is enough, in the reason and in the evidence."""
    finding = judge(rule(), book(born="1965-03-05"), context())

    assert "1965" not in f"{finding.because} {finding.evidence}"
    assert str(finding.evidence[0]) == "age 61 a on 2026-03-05 [derived birth date]"


def test_the_record_of_the_person_is_the_source_of_the_age():
    """Where the record has one."""
    known = replace(book(born="1965-03-05"), person=Source("fhir", "Patient/1"))

    assert str(judge(rule(), known, context()).evidence[0]) == (
        "age 61 a on 2026-03-05 [fhir Patient/1]"
    )


def test_age_is_counted_on_the_anchor_of_the_criterion():
    """Who turns 61 between registration and first dose is 60 for a criterion of registration."""
    young, days = book(born="1965-03-08"), {"first_dose": date(2026, 3, 9)}

    assert judge(rule(), young, context(**days)).answer == "not met"
    assert judge(rule(), young, context(anchor="first_dose", **days)).answer == "met"


@pytest.mark.parametrize(
    ("sides", "born", "days"),
    [
        ({"above": 60}, "1965-03-06", ["2026-03-06"]),
        ({"above": 60}, "1965-03-05", []),  # 61 today: it has turned
        ({"at_least": 18, "at_most": 75}, "2000-01-15", ["2076-01-15"]),
        ({"at_least": 18, "below": 75}, "2010-01-15", ["2028-01-15", "2085-01-15"]),
        ({"at_least": 61}, "1965-03-06", ["2026-03-06"]),
        ({"above": 60}, "1965-03", ["2026-03-31"]),
        ({"above": 60}, "1965-04", ["2026-04-01", "2026-04-30"]),
        ({"at_least": 1}, "2025-06-01", ["2026-06-01"]),
        ({"at_least": 30}, "1996-02-29", []),
        ({"at_least": 31}, "1996-02-29", ["2027-03-01"]),
        ({"at_least": 32}, "1996-02-29", ["2028-02-29"]),
    ],
)
def test_the_answer_turns_on_the_birthday_that_crosses_a_bound(sides, born, days):
    """And on no other; a partial birth date has two such days; 29 February completes on 1 March."""
    finding = judge(rule(**sides), book(born=born), context())

    assert [day.isoformat() for day in finding.turns_on] == days


@pytest.mark.parametrize(
    ("born", "days"), [("9939-03-05", ["9999-03-05"]), ("9940-03-05", []), ("9999", [])]
)
def test_a_birthday_past_the_end_of_the_calendar_is_none(born, days):
    """The calendar ends with the year 9999, which some records hold for a date not known."""
    found = turning_birthdays(
        PartialDate.parse(born),
        date(2026, 3, 5),
        [60],
        lambda years: Answer.MET if years >= 60 else Answer.NOT_MET,
    )

    assert [day.isoformat() for day in found] == days


@pytest.mark.parametrize("born", ["1965-03-06", "1996-02-29", "1940-12-31"])
def test_judged_on_the_day_it_turns_the_answer_is_another(born):
    """And on the day before it is not."""
    asked = rule(above=29, below=75)
    before = judge(asked, book(born=born), context(as_of=date(2000, 1, 1)))
    [first, *_] = before.turns_on

    eve = judge(asked, book(born=born), context(as_of=first - timedelta(days=1)))
    there = judge(asked, book(born=born), context(as_of=first))

    assert eve.answer == before.answer != there.answer


@pytest.mark.parametrize(
    ("born", "expected", "because"),
    [
        ("1895-03-06", "met", "age 130 years at registration 2026-03-05, above 60 years"),
        ("1895-03-05", "unknown", "age 131 years at registration can hardly be true"),
        ("1800", "unknown", "age 225 or 226 years at registration can hardly be true"),
        ("2026-03-06", "unknown", "age -1 years at registration can hardly be true"),
        ("9999", "unknown", "age -7974 or -7973 years at registration can hardly be true"),
        # this year, on a day that may lie ahead
        ("2026", "not met", "age -1 or 0 years at registration 2026-03-05, not above 60 years"),
    ],
)
def test_an_age_that_can_hardly_be_true_is_asked_about(born, expected, because):
    """Nobody is that old, nor born after registration: some records hold such days for unknown."""
    finding = judge(rule(), book(born=born), context())

    assert (finding.answer, finding.because) == (expected, because)
    assert finding.missing == (("age",) if expected == "unknown" else ())
    assert len(finding.evidence) == 1
    if expected == "unknown":
        assert judge(rule(below=75), book(born=born), context()).answer == "unknown"


def test_without_a_birth_date_age_is_unknown():
    """It is named as missing."""
    finding = judge(rule(), book(), context())

    assert (finding.answer, finding.missing) == ("unknown", ("age",))
    assert finding.because == "date of birth: not recorded"


def test_without_the_anchor_age_is_unknown():
    """The day that is missing is named, and no other stands in for it."""
    finding = judge(rule(), book(born="1950"), context(anchor="first_dose"))

    assert (finding.answer, finding.missing) == ("unknown", ("first_dose",))
    assert finding.because == "age: the day of first dose is not known"


def test_a_rule_is_said_in_words():
    """With its bounds."""
    assert say(rule(at_least=18, below=80), TERMS) == "age at least 18 and below 80 years"


@pytest.mark.parametrize(
    ("sides", "found"),
    [
        ({"above": 60}, []),
        ({"at_least": 0, "at_most": 130}, []),
        ({"above": 60, "below": 50}, ["age above 60 and below 50, which nothing can be"]),
        ({"at_least": 180}, ["an age bound outside 0 to 130 years"]),
        ({"above": -1}, ["an age bound outside 0 to 130 years"]),
    ],
)
def test_bounds_that_no_age_meets_are_one_fault(sides, found):
    """They cross, or lie where nobody is."""
    assert [what for what, _, _ in check(rule(**sides), TERMS)] == found
