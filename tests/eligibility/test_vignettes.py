"""Eight patients of the data folder: the criteria that rules decide without asking a person."""

import json

import pytest

from trialwright.eligibility.screening import verdict
from trialwright.intake.bundle import read_bundle
from trialwright.terms.dates import PartialDate

BY_RULE = ("I04", "I10", "I11", "I12", "I13", "I16", "I17")
"""Criteria whose rules read observations alone."""


@pytest.fixture(scope="module")
def cases(shared):
    """Give each case with its expectations."""
    written = (shared / "reference/eligibility/expected.json").read_text(encoding="utf-8")
    return json.loads(written)["cases"]


def judged(case, shared, study):
    """Give the verdict on every criterion of one case, by id."""
    days = {
        "screening": case["screening_date"],
        "registration": case["registration_date"],
        "first_dose": case["first_dose_date"],
    }
    anchors = {name: PartialDate.parse(day).earliest for name, day in days.items()}
    with (shared / "reference/eligibility" / case["bundle"]).open("rb") as stream:
        casebook = read_bundle(stream, study.terms, "P-1", case["patient"]).casebook
    as_of = PartialDate.parse(case["as_of"]).earliest
    return {
        criterion.id: verdict(criterion, study, casebook, "A", as_of, anchors)
        for criterion in study.criteria
    }


def test_rules_decide_the_vignettes_as_expected(cases, shared, shipped):
    """Cells with one right answer, of criteria that need no person."""
    differing = []
    for case in cases:
        found = judged(case, shared, shipped)
        for criterion in BY_RULE:
            expected = case["expected"][criterion]
            if found[criterion].word != expected:
                differing.append((case["id"], criterion, found[criterion].finding.because))

    assert len(cases) >= 8
    assert differing == []


def test_pregnancy_that_nobody_recorded_is_accepted_as_unknown(cases, shared, shipped):
    """Silence is unknown by this protocol, which the vignettes leave to it."""
    for case in cases:
        found = judged(case, shared, shipped)["E11"].word

        assert found in case["arguable"]["E11"]["accept"]


def test_a_blood_pressure_in_a_panel_excludes(cases, shared, shipped):
    """161 mmHg stands in a component of a panel, and is present whatever else is not known."""
    [case] = [case for case in cases if case["title"] == "SBP 161"]

    assert case["expected"]["E06"] == "present"
    assert judged(case, shared, shipped)["E06"].word == "present"


def test_no_rule_contradicts_a_cell_with_one_right_answer(cases, shared, shipped):
    """What still asks a person is unknown, and never the opposite answer."""
    opposite = []
    for case in cases:
        for criterion, found in judged(case, shared, shipped).items():
            expected = case["expected"].get(criterion)
            if isinstance(expected, str) and found.word not in (expected, "unknown"):
                opposite.append((case["id"], criterion, found.word, expected))

    assert opposite == []
