"""Each bound of a criterion is shown by an example that lies at it."""

from decimal import Decimal

import pytest
from tests.eligibility.casebooks import MEDICINES, TERMS

from trialwright.eligibility.boundaries import unshown
from trialwright.eligibility.checks import check
from trialwright.protocol.criteria import Criterion, Example
from trialwright.protocol.vocabulary import Term

VOCABULARY = {
    **TERMS,
    "ast": Term(says="AST", kind="observation", unit="U/L"),
    "alt": Term(says="ALT", kind="observation", unit="U/L"),
    "qtcf": Term(says="QTcF", kind="observation", unit="ms"),
    "qt": Term(says="QT", kind="observation", unit="ms"),
    "rr": Term(says="RR", kind="observation", unit="ms"),
    "creatinine": Term(says="Creatinine", kind="observation", unit="mg/dL", substance="creatinine"),
    "weight": Term(says="Weight", kind="observation", unit="kg"),
}
LOW = {"kind": "observation", "fact": "hemoglobin", "unit": "g/dL", "at_least": 9}
TIMES = {"kind": "multiple", "fact": "ast", "times": "ULN", "below": 3}
QTCF = {"kind": "qtcf", "fact": "qtcf", "qt": "qt", "rr": "rr", "above": 470}
CLEARANCE = {"kind": "clearance", "creatinine": "creatinine", "weight": "weight", "at_least": 30}
MEAN = {"kind": "observation", "fact": "hemoglobin", "unit": "g/dL", "at_least": 9,
        "pick": "mean", "of": 2}  # fmt: skip


def exact(rule):
    """Give a rule with its bounds as exact numbers."""
    sides = ("at_least", "above", "at_most", "below")
    return {name: Decimal(str(each)) if name in sides else each for name, each in rule.items()}


def faults(study, rule, *examples):
    """Give the faults of a criterion with examples."""
    given = tuple(Example(given=each, answer="unknown") for each in examples)
    made = Criterion.model_validate(
        {"id": "I01", "says": "x", "place": "x", "kind": "rule", "rule": rule, "examples": given}
    )
    return [fault.found for fault in unshown(study(made, terms=VOCABULARY))]


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        (LOW, {"hemoglobin": 9}),
        (LOW, {"hemoglobin": "90 g/L"}),
        (LOW, {"hemoglobin": "12 g/dL, 40 days before; 9 g/dL"}),
        (MEAN, {"hemoglobin": "8 g/dL; 10 g/dL"}),
        (TIMES, {"ast": "120 U/L, ULN 40"}),
        (TIMES, {"ast": "99 U/L, ULN 33"}),
        ({**TIMES, "times": "LLN"}, {"ast": "30 U/L, LLN 10"}),
        (QTCF, {"qtcf": "465 ms; 470 ms; 475 ms"}),
        (CLEARANCE, {"sex": "male", "age": 80, "weight": 72, "creatinine": 2}),
        (CLEARANCE, {"sex": "male", "age": 80, "weight": "72000 g", "creatinine": "20 mg/L"}),
        (CLEARANCE, {"sex": "male", "age": 80, "weight": 72, "creatinine": "176.84 umol/L"}),
        (
            {**CLEARANCE, "at_least": 120},
            {"sex": "male", "age": 80, "weight": 72, "creatinine": "0.5 mg/dL"},
        ),
        ({"kind": "age", "above": 60}, {"age": 60}),
        ({"kind": "not", "rule": exact(LOW)}, {"hemoglobin": 9}),
    ],
)
def test_an_example_at_the_bound_shows_it(study, rule, example):
    """In whatever unit, and exactly."""
    assert faults(study, exact(rule), {}, example) == []


@pytest.mark.parametrize(
    ("rule", "example", "told"),
    [
        (LOW, {"hemoglobin": "8.9 g/dL"}, "hemoglobin at least 9 g/dL"),
        (LOW, {"hemoglobin": "<9 g/dL"}, "hemoglobin at least 9 g/dL"),
        (LOW, {"hemoglobin": "9 mg/dL"}, "hemoglobin at least 9 g/dL"),
        (LOW, {"hemoglobin": "9 mm[Hg]"}, "hemoglobin at least 9 g/dL"),
        (LOW, {"hemoglobin": "nine"}, "hemoglobin at least 9 g/dL"),
        (LOW, {"hemoglobin": None}, "hemoglobin at least 9 g/dL"),
        (MEAN, {"hemoglobin": "9 g/dL; 10 g/dL"}, "hemoglobin at least 9 g/dL"),
        (TIMES, {"ast": "119 U/L, ULN 40"}, "ast below 3 x ULN"),
        (TIMES, {"ast": "120 U/L"}, "ast below 3 x ULN"),
        (TIMES, {"ast": "120 U/L, LLN 40"}, "ast below 3 x ULN"),
        (TIMES, {"ast": "120 U/L, ULN 0"}, "ast below 3 x ULN"),
        (QTCF, {"qtcf": "470 ms; 471 ms; 470 ms"}, "qtcf above 470"),
        (QTCF, {"qtcf": None}, "qtcf above 470"),
        (CLEARANCE, {"sex": "female", "age": 80, "weight": 72, "creatinine": 2},
         "creatinine clearance at least 30"),
        (CLEARANCE, {"age": 80, "weight": 72, "creatinine": 2},
         "creatinine clearance at least 30"),
        (CLEARANCE, {"sex": "male", "age": 80, "weight": 72, "creatinine": 0},
         "creatinine clearance at least 30"),
        ({"kind": "age", "above": 60}, {"age": 61}, "age above 60"),
        ({"kind": "age", "above": 60}, {"age": None}, "age above 60"),
    ],
)  # fmt: skip
def test_a_bound_that_no_example_lies_at_is_found(study, rule, example, told):
    """Near it is not at it, and a value that cannot be compared is nowhere."""
    assert faults(study, exact(rule), example) == [f"I01 has no example at the bound: {told}"]


def test_every_bound_of_a_criterion_is_named_in_one_fault(study):
    """Two sides of one rule, and two rules; each once."""
    both = {**exact(LOW), "at_most": Decimal(16)}
    rule = {"kind": "all", "of": (both, exact(TIMES), exact(TIMES))}

    assert faults(study, rule, {"hemoglobin": 9}) == [
        "I01 has no example at the bound: hemoglobin at most 16 g/dL, ast below 3 x ULN"
    ]


def test_a_bound_that_facts_share_is_shown_by_one_of_them(study):
    """AST and ALT are asked alike; a bound of its own is not."""
    alike = {"kind": "all", "of": (exact(TIMES), exact({**TIMES, "fact": "alt"}))}
    other = {"kind": "all", "of": (exact(TIMES), exact({**TIMES, "fact": "alt", "below": 5}))}

    assert faults(study, alike, {"alt": "120 U/L, ULN 40"}) == []
    assert faults(study, alike, {}) == ["I01 has no example at the bound: ast or alt below 3 x ULN"]
    assert faults(study, other, {"ast": "120 U/L, ULN 40"}) == [
        "I01 has no example at the bound: alt below 5 x ULN"
    ]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"kind": "age", "above": "60.5"}, "nobody is 60.5 years old"),
        ({"kind": "observation", "fact": "hemoglobin", "unit": "g/dL", "at_least": 2}, "plausible"),
        ({"kind": "observation", "fact": "hemoglobin", "unit": "g/L", "at_most": 250}, "plausible"),
        ({"kind": "observation", "fact": "hemoglobin", "unit": "mmol/L", "at_least": 1},
         "1 mmol/L is 1.6 g/dL, less than is plausible"),
        ({"kind": "lines", "fact": "endocrine", "at_least": 1}, "lines are counted, not given"),
        ({"kind": "condition", "fact": "hiv", "expect": "present"}, "no bound"),
    ],
)  # fmt: skip
def test_a_bound_out_of_reach_needs_no_example(study, rule, reason):
    """No example can lie there, or nothing plausible lies beyond."""
    assert faults(study, exact(rule), {}) == [], reason


def test_a_strict_bound_at_the_edge_of_what_is_plausible_is_in_reach(study):
    """2 is plausible, and not above 2."""
    rule = {"kind": "observation", "fact": "hemoglobin", "unit": "g/dL", "above": 2}

    assert faults(study, exact(rule), {}) == [
        "I01 has no example at the bound: hemoglobin above 2 g/dL"
    ]


@pytest.mark.parametrize(("fact", "unit"), [("potassium", "mmol/L"), ("hemoglobin", "mm[Hg]")])
@pytest.mark.parametrize("side", ["at_least", "at_most"])
def test_every_bound_is_in_reach_where_no_window_says_what_is_plausible(study, fact, unit, side):
    """None is given, or its unit cannot be compared with that of the bound."""
    rule = {"kind": "observation", "fact": fact, "unit": unit, side: 3}

    assert faults(study, exact(rule), {}) == [
        f"I01 has no example at the bound: {fact} {side.replace('_', ' ')} 3 {unit}"
    ]


def test_a_bound_after_a_rule_without_one_is_looked_at_too(study):
    """HIV first, then hemoglobin."""
    hiv = {"kind": "condition", "fact": "hiv", "expect": "absent"}
    rule = {"kind": "all", "of": (hiv, exact(LOW))}

    assert faults(study, rule, {}) == [
        "I01 has no example at the bound: hemoglobin at least 9 g/dL"
    ]


def test_an_example_that_names_a_medicine_shows_a_bound(study):
    """Its result lies at the bound, whatever else the participant was given."""
    given = {"kind": "treatment", "fact": "endocrine", "when": "ever"}
    rule = {"kind": "all", "of": (given, exact(LOW))}
    example = Example(given={"hemoglobin": 9, "letrozole": "ongoing"}, answer="met")
    made = Criterion.model_validate(
        {"id": "I01", "says": "x", "place": "x", "kind": "rule", "rule": rule,
         "examples": (example,)}
    )  # fmt: skip
    asked = study(made, terms=VOCABULARY)

    assert [*unshown(asked.model_copy(update={"medicines": MEDICINES}))] == []


def test_the_check_of_the_protocol_finds_it(study):
    """With its place and what to do, when nothing else is wrong."""
    answers = [("met", 10), ("not met", 8), ("unknown", None)]
    examples = tuple(Example(given={"hemoglobin": n}, answer=word) for word, n in answers)
    made = Criterion.model_validate(
        {"id": "I01", "says": "x", "place": "x", "kind": "rule", "rule": exact(LOW),
         "examples": examples}
    )  # fmt: skip

    assert [str(fault) for fault in check(study(made, terms=VOCABULARY))] == [
        "criteria.0.examples: I01 has no example at the bound: hemoglobin at least 9 g/dL. "
        "Allowed: for each bound, an example whose value is the bound. Add one."
    ]
