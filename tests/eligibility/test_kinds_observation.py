"""An observation within bounds: the latest one, exactly compared, or unknown with the reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eligibility.casebooks import DAY, TERMS, book, context, seen
from tests.eligibility.laboratory import observing as rule

from trialwright.eligibility.kinds.observation import check, judge, say


def answer(asked, *facts, **circumstances):
    """Judge facts and give the answer."""
    return str(judge(asked, book(*facts), context(**circumstances)).answer)


@pytest.mark.parametrize(
    ("sides", "value", "expected"),
    [
        ({"at_least": 9}, "9 g/dL", "met"),
        ({"at_least": 9}, "8.9999 g/dL", "not met"),
        ({"above": 9}, "9 g/dL", "not met"),
        ({"above": 9}, "9.0001 g/dL", "met"),
        ({"at_most": 9}, "9 g/dL", "met"),
        ({"at_most": 9}, "9.0001 g/dL", "not met"),
        ({"below": 9}, "9 g/dL", "not met"),
        ({"below": 9}, "8.9999 g/dL", "met"),
        ({"at_least": 9, "at_most": 12}, "12 g/dL", "met"),
        ({"at_least": 9, "at_most": 12}, "12.1 g/dL", "not met"),
        ({"at_least": 9, "at_most": 12}, "8.9 g/dL", "not met"),
        ({"above": 9, "below": 12}, "12 g/dL", "not met"),
    ],
)
def test_bounds_include_or_exclude_their_number(sides, value, expected):
    """At least and at most include the limit; above and below do not."""
    assert answer(rule(**sides), seen("hemoglobin", value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("90 g/L", "met"),
        ("89.999 g/L", "not met"),
        ("5.6 mmol/L", "met"),
        ("5.5 mmol/L", "not met"),
    ],
)
def test_values_are_compared_in_the_unit_of_the_bounds(value, expected):
    """g/L converts by ten, mmol/L by the molar mass that the term names."""
    finding = judge(rule(), book(seen("hemoglobin", value)), context())

    assert finding.answer == expected
    assert f"Hemoglobin {value} on 2026-03-02 (= " in finding.because
    assert [str(fact) for fact in finding.evidence] == [
        f"hemoglobin {value} on 2026-03-02 [fhir Observation/1]"
    ]


@pytest.mark.parametrize(
    ("sides", "value", "expected"),
    [
        ({"at_least": 9}, ">10 g/dL", "met"),
        ({"at_least": 9}, ">8 g/dL", "unknown"),
        ({"at_least": 9}, "<9 g/dL", "not met"),
        ({"at_least": 9}, "<=9 g/dL", "unknown"),
        ({"below": 9}, "<9 g/dL", "met"),
        ({"below": 9}, ">=9 g/dL", "not met"),
        ({"below": 9}, "<10 g/dL", "unknown"),
    ],
)
def test_a_comparator_is_an_interval(sides, value, expected):
    """`<0.3` may be anything below 0.3; a limit inside the interval leaves it open."""
    finding = judge(rule(**sides), book(seen("hemoglobin", value)), context())

    assert finding.answer == expected
    assert finding.missing == (("hemoglobin",) if expected == "unknown" else ())


def test_a_fact_that_is_not_recorded_is_unknown():
    """Silence names the fact and the day, and is neither yes nor no."""
    finding = judge(rule(), book(seen("ecog", "0 {score}")), context())

    assert finding.answer == "unknown"
    assert finding.because == "Hemoglobin: not recorded by 2026-03-05"
    assert finding.missing == ("hemoglobin",)


def test_zero_is_a_value():
    """ECOG 0, the fittest participant, is no missing value."""
    asked = rule("ecog", "{score}", at_least=0, at_most=2)

    assert answer(asked, seen("ecog", "0 {score}")) == "met"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("(in question)", "is no amount"),
        ("(positive)", "is no amount"),
        ("9 mm[Hg]", "cannot be turned into"),
        ("95 g/dL", "can hardly be true"),
        ("0.095 g/dL", "can hardly be true"),
        (">30 g/dL", "can hardly be true"),
    ],
)
def test_a_value_that_cannot_be_compared_is_unknown(value, reason):
    """A result in question, a coded word, another unit and an impossible amount decide nothing."""
    finding = judge(rule(), book(seen("hemoglobin", value)), context())

    assert finding.answer == "unknown"
    assert reason in finding.because
    assert finding.missing == ("hemoglobin",)
    assert len(finding.evidence) == 1


def test_an_amount_without_a_named_substance_is_not_converted():
    """Milliequivalents of potassium need its charge: without it nothing is guessed."""
    asked = rule("potassium", "mmol/L", at_least=3)

    assert answer(asked, seen("potassium", "4 mmol/L")) == "met"
    assert answer(asked, seen("potassium", "4 meq/L")) == "unknown"


def test_a_result_in_question_hides_older_results():
    """The newest result is not settled, so an older one does not silently take its place."""
    older = seen("hemoglobin", "12 g/dL", "2026-02-20")

    assert answer(rule(), older, seen("hemoglobin", "(in question)")) == "unknown"
    assert answer(rule(), seen("hemoglobin", "(in question)", "2026-02-19"), older) == "met"


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_result_counts(order):
    """In whatever order results came in."""
    facts = [
        seen("hemoglobin", "12 g/dL", "2026-02-20"),
        seen("hemoglobin", "8 g/dL", "2026-03-02"),
    ]

    assert answer(rule(), *facts[::order]) == "not met"


def test_results_of_one_day_that_disagree_are_unknown():
    """Both are named; neither is taken for the later one."""
    facts = (seen("hemoglobin", "9.1 g/dL", place="1"), seen("hemoglobin", "8.9 g/dL", place="2"))
    finding = judge(rule(), book(*facts), context())

    assert (finding.answer, finding.missing) == ("unknown", ("hemoglobin",))
    assert finding.because == (
        "results that may be the latest disagree: "
        "Hemoglobin 9.1 g/dL on 2026-03-02, at least 9 g/dL; "
        "Hemoglobin 8.9 g/dL on 2026-03-02, not at least 9 g/dL"
    )
    assert [fact.source.place for fact in finding.evidence] == ["Observation/1", "Observation/2"]


def test_results_of_one_day_that_agree_are_decided():
    """Two values on the same side of the limit are no contradiction."""
    facts = (seen("hemoglobin", "9.1 g/dL"), seen("hemoglobin", "95 g/L"))

    assert answer(rule(), *facts) == "met"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-03-05", "met"),
        ("2026-03-06", "unknown"),
        ("2027", "unknown"),
        ("2026-02", "met"),
        ("2026-03", "unknown"),
        ("2026", "unknown"),
    ],
)
def test_a_result_from_the_future_never_counts(on, expected):
    """Nor does one whose partial date leaves open whether it lies ahead."""
    assert answer(rule(), seen("hemoglobin", "12 g/dL", on)) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-02-15", "not met"),  # certainly older than 1 March: the exact one decides
        ("2026-01", "not met"),
        ("2026-02", "not met"),
        ("2026-03-01", "unknown"),  # the same day
        ("2025", "not met"),
    ],
)
def test_a_partial_date_that_is_certainly_older_does_not_count(on, expected):
    """A result of February gives way to one of 1 March, though its day is not known."""
    latest = seen("hemoglobin", "8 g/dL", "2026-03-01")

    assert answer(rule(), seen("hemoglobin", "12 g/dL", on), latest) == expected


@pytest.mark.parametrize("order", [1, -1])
def test_a_partial_date_that_may_be_the_latest_must_agree(order):
    """A result of some day of February may be later than one of 14 February."""
    exact = seen("hemoglobin", "8 g/dL", "2026-02-14")
    partial = {value: seen("hemoglobin", value, "2026-02") for value in ("12 g/dL", "7 g/dL")}

    assert answer(rule(), *[exact, partial["12 g/dL"]][::order]) == "unknown"
    assert answer(rule(), *[exact, partial["7 g/dL"]][::order]) == "not met"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2026-02-05", "met"),
        ("2026-02-04", "unknown"),
        ("2026-02", "unknown"),
        ("2026-03-05", "met"),
        ("2025", "unknown"),
    ],
)
def test_a_result_older_than_the_window_is_unknown(on, expected):
    """28 days before registration count, both ends included; old news is no news."""
    finding = judge(rule(within_days=28), book(seen("hemoglobin", "12 g/dL", on)), context())

    assert finding.answer == expected
    assert ("older than 28 days" in finding.because) is (expected == "unknown")
    assert len(finding.evidence) == 1
    assert finding.missing == (("hemoglobin",) if expected == "unknown" else ())


@pytest.mark.parametrize(
    ("on", "is_old"),
    [("2026-02-04", "is"), ("2026-01", "is"), ("2026-02", "may be"), ("2025", "is"), ("2026", "")],
)
def test_the_reason_says_whether_a_result_is_or_may_be_too_old(on, is_old):
    """A partial date may straddle the beginning of the window, or the day judged."""
    finding = judge(rule(within_days=28), book(seen("hemoglobin", "12 g/dL", on)), context())
    why = f"{is_old} older than 28 days" if is_old else "may be later than 2026-03-05"

    assert finding.because == f"Hemoglobin 12 g/dL on {on}: {why}"


def test_a_partial_date_that_ends_where_the_window_begins_may_be_in_it():
    """February ends on the first day that counts."""
    fact = seen("hemoglobin", "12 g/dL", "2026-02")
    finding = judge(rule(within_days=5), book(fact), context())

    assert finding.because.endswith("may be older than 5 days")


def test_a_window_reaches_back_from_the_anchor_of_the_criterion():
    """The same result is fresh at screening and too old at the planned first dose."""
    fact = seen("hemoglobin", "12 g/dL", "2026-03-02")
    days = {"screening": date(2026, 3, 2), "first_dose": date(2026, 3, 9)}

    assert answer(rule(within_days=5), fact, anchor="screening", **days) == "met"
    assert answer(rule(within_days=5), fact, anchor="first_dose", **days) == "unknown"


def test_a_window_without_its_anchor_is_unknown():
    """No other day stands in for the planned first dose."""
    fact = seen("hemoglobin", "12 g/dL")
    finding = judge(rule(within_days=28), book(fact), context(anchor="first_dose"))

    assert finding.answer == "unknown"
    assert "the day of first dose is not known" in finding.because


def test_results_after_the_anchor_do_not_change_what_was_judged_there():
    """Asked again under treatment, a criterion of registration stands on results up to that day."""
    facts = (
        seen("hemoglobin", "12 g/dL", "2026-03-02"),
        seen("hemoglobin", "7 g/dL", "2026-03-20"),
    )
    later = {"as_of": date(2026, 4, 1)}

    assert answer(rule(), *facts, **later, registration=DAY) == "met"
    assert answer(rule(), *facts, **later) == "not met"
    assert answer(rule(), *facts, **later, anchor="first_dose") == "not met"


@given(st.permutations(range(4)))
def test_the_order_in_which_results_came_in_never_changes_the_answer(order):
    """Exact, partial and equal dates are judged the same in any order."""
    facts = [
        seen("hemoglobin", "12 g/dL", "2026-02-14"),
        seen("hemoglobin", "11 g/dL", "2026-02"),
        seen("hemoglobin", "10 g/dL", "2026-02-20"),
        seen("hemoglobin", "8 g/dL", "2026-01-31"),
    ]

    assert answer(rule(), *(facts[place] for place in order)) == "met"


def test_the_reason_says_value_date_and_bounds():
    """Read aloud it says whether it is right."""
    finding = judge(rule(), book(seen("hemoglobin", "8.9 g/dL")), context())

    assert finding.because == "Hemoglobin 8.9 g/dL on 2026-03-02, not at least 9 g/dL"


def test_a_rule_is_said_in_words():
    """With its window, when it has one."""
    assert say(rule(), TERMS) == "latest Hemoglobin at least 9 g/dL"
    assert (
        say(rule(within_days=28, above=9, at_most=12), TERMS)
        == "latest Hemoglobin above 9 and at most 12 g/dL within 28 days"
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (rule(), None),
        (rule(unit="g/L", at_least=90), None),
        (rule(unit="mmol/L", at_least=5), None),
        (rule(unit="mm[Hg]"), "hemoglobin bounded in mm[Hg], recorded in g/dL"),
        (rule(unit="nonsense"), "hemoglobin bounded in nonsense, recorded in g/dL"),
        (rule("potassium", "meq/L"), "potassium bounded in meq/L, recorded in mmol/L"),
        (
            rule(at_least=12, at_most=9),
            "hemoglobin at least 12 and at most 9, which nothing can be",
        ),
        (rule(above=9, at_most=9), "hemoglobin above 9 and at most 9, which nothing can be"),
        (rule(at_least=9, at_most=9), None),
        (rule(unit="mg/dL", at_least=10), "hemoglobin at least 10 mg/dL"),
        (rule(unit="g/dL", at_least=90), "hemoglobin at least 90 g/dL"),
        (rule(unit="g/dL", at_most=90), "hemoglobin at most 90 g/dL"),
        (rule(unit="g/dL", below=1), "hemoglobin below 1 g/dL"),
        (rule(unit="g/dL", above="25.1"), "hemoglobin above 25.1 g/dL"),
        (rule(pick="mean", of=2, methods=("mri",)), "methods of a mean of hemoglobin"),
        (rule(pick="worst", methods=("mri",)), None),
        (rule(at_least=2, at_most=25), None),
    ],
)
def test_a_rule_that_can_never_be_right_is_one_fault(asked, found):
    """A unit of another kind, bounds that cross, a bound where no value can be true."""
    faults = list(check(asked, TERMS))

    assert [what for what, _, _ in faults] == ([found] if found else [])
    assert all(allowed and do for _, allowed, do in faults)
