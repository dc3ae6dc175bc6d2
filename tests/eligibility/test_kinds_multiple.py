"""A multiple of the limit of normal: exactly compared, on the result's own range."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.eligibility.casebooks import book
from tests.eligibility.laboratory import LABORATORY, context, line, result

from trialwright.eligibility.kinds.multiple import check, judge, say
from trialwright.protocol.leaf_rules import MultipleRule


def rule(fact="ast", times="ULN", within_days=None, **sides):
    """Make a rule: below 3 x ULN of AST unless said otherwise."""
    sides = {name: Decimal(str(bound)) for name, bound in (sides or {"below": 3}).items()}
    return MultipleRule(kind="multiple", fact=fact, times=times, within_days=within_days, **sides)


def answer(asked, *facts, lines=()):
    """Judge facts and give the answer."""
    return str(judge(asked, book(*facts), context(*lines)).answer)


def test_exactly_three_times_the_limit_is_not_below_it():
    """120 of 40 U/L is 3.0 x ULN: strict means that it fails, and the reason says so."""
    finding = judge(rule(), book(result("ast", "120 U/L", high=40)), context())

    assert finding.answer == "not met"
    assert finding.because == (
        "AST 120 U/L on 2026-03-02 = 3 x ULN (40 U/L, own range), not below 3 x ULN"
    )
    assert [str(fact) for fact in finding.evidence] == [
        "ast 120 U/L on 2026-03-02 [fhir Observation/1]"
    ]


@pytest.mark.parametrize(
    ("sides", "value", "high", "expected"),
    [
        ({"below": 3}, "119.999999 U/L", "40", "met"),
        ({"below": 3}, "120.000001 U/L", "40", "not met"),
        ({"at_most": 3}, "120 U/L", "40", "met"),
        ({"at_most": "2.5"}, "82.5 U/L", "33", "met"),
        ({"below": 3}, "105.6 U/L", "35.2", "not met"),  # floats: 105.6 / 35.2 < 3
        ({"below": 3}, "0.9 U/L", "0.3", "not met"),
        ({"at_least": 1, "below": 3}, "40 U/L", "40", "met"),
        ({"above": 1}, "40 U/L", "40", "not met"),
        ({"below": 3}, "0 U/L", "40", "met"),
    ],
)
def test_multiples_are_compared_exactly(sides, value, high, expected):
    """Value against bound times limit, without rounding; 0 is a value."""
    assert answer(rule(**sides), result("ast", value, high=high)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<120 U/L", "met"),
        ("<=120 U/L", "unknown"),
        (">=120 U/L", "not met"),
        (">10 U/L", "unknown"),
    ],
)
def test_a_comparator_is_an_interval(value, expected):
    """Under 120 of 40 U/L is under 3 x ULN; over 10 may be anything."""
    assert answer(rule(), result("ast", value, high=40)) == expected


def test_a_multiple_just_under_its_bound_is_not_told_as_the_bound():
    """Rounded to `3 x ULN, below 3 x ULN` nobody could say whether it is right."""
    finding = judge(rule(), book(result("ast", "119.9996 U/L", high=40)), context())

    assert "= 2.99999 x ULN (40 U/L, own range), below 3 x ULN" in finding.because


def test_without_any_limit_of_normal_nothing_is_decided():
    """The reason names the limit that is missing, and no usual value stands in for it."""
    finding = judge(rule(), book(result("ast", "20 U/L", low=5)), context())

    assert (finding.answer, finding.missing) == ("unknown", ("ast",))
    assert finding.because == "AST 20 U/L on 2026-03-02: its ULN is not recorded"


def test_the_own_range_goes_before_the_table_of_the_institution():
    """The table serves only results that carry no limit."""
    lines = (line("ast", "U/L", high=20),)

    assert answer(rule(), result("ast", "100 U/L", high=40), lines=lines) == "met"
    assert answer(rule(), result("ast", "100 U/L"), lines=lines) == "not met"


BY_SEX = ((None, 34, "female"), (None, 45, "male"))


@pytest.mark.parametrize(
    ("sex", "fields", "expected"),
    [
        ("female", {"groups": BY_SEX}, "not met"),
        ("male", {"groups": BY_SEX}, "met"),
        (None, {"groups": BY_SEX}, "unknown"),
        ("female", {"groups": ((None, 45, "male"),)}, "unknown"),
        # a range for everybody goes before, and one without the end asked for is none
        ("female", {"groups": BY_SEX, "high": 45}, "met"),
        ("male", {"groups": BY_SEX, "low": 5}, "met"),
        ("female", {"groups": ((10, None, "female"), *BY_SEX)}, "not met"),
        ("female", {"groups": ((10, None, "female"),)}, "unknown"),
    ],
)
def test_a_range_for_the_sex_of_the_participant_gives_the_limit(sex, fields, expected):
    """120 U/L is under 3 times 45 and over 3 times 34; whose sex is not recorded has neither."""
    found = book(result("ast", "120 U/L", **fields), sex=sex)

    assert str(judge(rule(), found, context()).answer) == expected


def test_a_range_for_the_sex_goes_before_the_table_of_the_institution():
    """The table stands in where the result has no limit for the participant."""
    lines = (line("ast", "U/L", high=20),)
    found = result("ast", "100 U/L", groups=BY_SEX)

    answers = [
        str(judge(rule(), book(found, sex=sex), context(*lines)).answer) for sex in ("female", None)
    ]

    assert answers == ["met", "not met"]


def test_the_table_of_the_institution_is_converted_and_named():
    """1.2 mg/dL of bilirubin is 20.52 umol/L: three times that is not below three times."""
    lines = (line("bilirubin", "umol/L", high="20.52", source="2026 edition, line 7"),)
    found = result("bilirubin", "3.6 mg/dL")
    finding = judge(rule("bilirubin"), book(found), context(*lines))

    assert finding.answer == "not met"
    assert "(1.2 mg/dL, institution's table 2026 edition, line 7)" in finding.because
    assert answer(rule("bilirubin"), result("bilirubin", "3.599 mg/dL"), lines=lines) == "met"


@pytest.mark.parametrize(
    "other",
    [
        line("ast", "U/L", high=40, group="pregnant"),
        line("ast", "U/L", low=5),
        line("bilirubin", "mg/dL", high=40),
        line("ast", "mg/dL", high=40),
    ],
)
def test_a_line_for_a_group_or_of_something_else_gives_no_limit(other):
    """Of another group, without the end asked for, of another fact, in a unit of another kind."""
    assert answer(rule(), result("ast", "20 U/L"), lines=(other,)) == "unknown"


def test_a_result_in_another_unit_keeps_its_own_range():
    """Range and result share the unit; the evidence shows the result in that of the term."""
    found = result("bilirubin", "51.3 umol/L", high="17.1")
    finding = judge(rule("bilirubin"), book(found), context())

    assert finding.answer == "not met"
    assert finding.evidence[0].converted == "3 mg/dL"
    assert "(= 3 mg/dL) = 3 x ULN (17.1 umol/L, own range)" in finding.because


def test_a_unit_with_a_zero_of_its_own_is_not_converted_first():
    """84 of 42 mmol/mol of HbA1c is 2 x ULN as written, though it is not twice the percentage."""
    asked = rule("hba1c", at_least=2)

    assert answer(asked, result("hba1c", "84 mmol/mol", high=42)) == "met"
    assert answer(asked, result("hba1c", "83.99 mmol/mol", high=42)) == "not met"


@pytest.mark.parametrize("high", [0, -1])
def test_a_limit_of_nothing_has_no_multiples(high):
    """It decides nothing, and divides nothing."""
    finding = judge(rule(), book(result("ast", "20 U/L", high=high)), context())

    assert finding.answer == "unknown"
    assert finding.because.endswith("its ULN is not above 0")


def test_the_lower_limit_is_another_limit():
    """At least 0.5 x LLN looks at the lower end."""
    asked = rule(times="LLN", at_least="0.5")

    assert answer(asked, result("ast", "20 U/L", low=40, high=10)) == "met"
    assert answer(asked, result("ast", "19.99 U/L", low=40, high=10)) == "not met"
    assert answer(asked, result("ast", "20 U/L", high=10)) == "unknown"


def test_the_lower_limit_is_taken_from_the_table_too():
    """By its lower end, also where the table gives both."""
    asked = rule(times="LLN", at_least="0.5")
    lines = (line("ast", "U/L", low=10, high=40),)

    assert answer(asked, result("ast", "5 U/L"), lines=lines) == "met"
    assert answer(asked, result("ast", "4.99 U/L"), lines=lines) == "not met"
    assert answer(asked, result("ast", "5 U/L"), lines=(line("ast", "U/L", high=40),)) == "unknown"


@pytest.mark.parametrize("high", [0, -1])
def test_a_limit_of_nothing_in_the_table_has_no_multiples(high):
    """Nor does a result without a range of its own."""
    lines = (line("ast", "U/L", high=high),)
    finding = judge(rule(), book(result("ast", "20 U/L")), context(*lines))

    assert finding.answer == "unknown"
    assert finding.because.endswith("its ULN is not above 0")


def test_what_would_decide_is_named_while_it_is_open():
    """A result below 200 U/L is below 3 x 40 or not; one of 100 is."""
    still_open = judge(rule(), book(result("ast", "<200 U/L", high=40)), context())
    decided = judge(rule(), book(result("ast", "100 U/L", high=40)), context())

    assert (still_open.answer, still_open.missing) == ("unknown", ("ast",))
    assert (decided.answer, decided.missing) == ("met", ())


def test_results_of_one_day_must_agree_on_the_answer():
    """Two laboratories with two limits may; the last to arrive is the evidence."""
    first = result("ast", "100 U/L", high=40, place="1")

    agreeing = judge(rule(), book(first, result("ast", "50 U/L", high=20, place="2")), context())
    differing = judge(rule(), book(first, result("ast", "50 U/L", high=10, place="3")), context())

    assert (agreeing.answer, differing.answer) == ("met", "unknown")
    assert [fact.source.place for fact in agreeing.evidence] == ["Observation/2"]
    assert [fact.source.place for fact in differing.evidence] == ["Observation/1", "Observation/3"]


def test_nothing_recorded_and_what_could_not_be_read_are_told_apart():
    """Neither is an answer."""
    empty = judge(rule(), book(), context())
    unread = judge(rule(), replace(book(), unsettled=frozenset({"ast"})), context())

    assert (empty.answer, unread.answer) == ("unknown", "unknown")
    assert empty.because == "AST: not recorded by 2026-03-05"
    assert unread.because == "AST: something on record could not be read"


def test_a_windowed_result_turns_on_the_day_it_leaves_the_window():
    """A result of 2 March counts for 14 days, and no longer from 17 March on."""
    finding = judge(rule(within_days=14), book(result("ast", "100 U/L", high=40)), context())

    assert (finding.answer, finding.turns_on) == ("met", (date(2026, 3, 17),))


@pytest.mark.parametrize("value", ["(in question)", "20 mg/dL", "20001 U/L"])
def test_a_value_that_cannot_be_compared_is_unknown(value):
    """A value in question, in another unit, or that can hardly be true."""
    assert answer(rule(), result("ast", value, high=40)) == "unknown"


def test_a_rule_is_said_in_words():
    """With its limit and window."""
    assert say(rule(), LABORATORY) == "latest AST below 3 x ULN"
    assert say(rule(times="LLN", within_days=7), LABORATORY) == (
        "latest AST below 3 x LLN within 7 days"
    )


@pytest.mark.parametrize(
    ("sides", "found"),
    [
        ({"below": 3}, []),
        ({"at_most": 100}, []),
        ({"above": "0.1", "below": 1}, []),
        ({"below": "100.1"}, ["ast below 100.1 x ULN"]),
        ({"above": 0}, ["ast above 0 x ULN"]),
        ({"at_least": 5, "below": 3}, ["ast at least 5 and below 3, which nothing can be"]),
    ],
)
def test_a_bound_that_is_no_multiple_is_one_fault(sides, found):
    """120 x ULN is a bound in U/L that lost its unit."""
    faults = list(check(rule(**sides), LABORATORY))

    assert [what for what, _, _ in faults] == found
    assert all(allowed and do for _, allowed, do in faults)
