"""The graded reference values that stand outside the repository."""

import json
from decimal import Decimal

import pytest

from trialwright.grading.laboratory import grade
from trialwright.terms.quantities import Quantity

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def cases(shared):
    """Give the reference cases with exact numbers."""
    text = (shared / "reference" / "ctcae" / "lab_grades_v5.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)


def answer(rules, case):
    """Grade one reference case."""
    return grade(
        rules,
        case["term"],
        Quantity(Decimal(case["value"]), case["unit"]),
        test=case["test"],
        lln=case.get("lln"),
        uln=case.get("uln"),
        baseline=case.get("baseline"),
        context=case.get("context"),
        version=case.get("version", "5.0"),
    )


@pytest.mark.parametrize("group", ["cases", "v4_03_hyperglycemia"])
def test_every_reference_case_has_its_grade(rules, cases, group):
    """Version 5.0 in context, and fasting glucose of 4.03; the ambiguous case agrees too."""
    found = {case["id"]: answer(rules, case).grade for case in cases[group]}

    assert found == {case["id"]: case["grade"] for case in cases[group]}


def test_the_value_alone_gives_what_laboratory_only_coders_take(rules, cases):
    """Equal to admiral wherever it has the term, but for the reading of 'if abnormal'."""
    known = [case for case in cases["cases"] if case["admiral_lab_only"] is not None]

    different = {
        case["id"]
        for case in known
        if answer(rules, case).lab_only_grade != case["admiral_lab_only"]
    }

    assert different == {"L181"}  # fibrinogen: read here as an abnormal baseline


def test_every_difference_from_the_value_alone_is_explained(rules, cases):
    """A grade that the context moved says why."""
    findings = [answer(rules, case) for case in cases["cases"]]

    unexplained = [
        found.because
        for found in findings
        if bool(found.differs_because) is (found.grade == found.lab_only_grade)
    ]

    assert unexplained == []
