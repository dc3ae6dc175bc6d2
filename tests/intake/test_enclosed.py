"""Results inside a report or panel: whose they are, on which day, and when they count."""

import pytest
from tests.intake.conftest import HER

from trialwright.terms.answers import IN_QUESTION

HB = {"value": 9.5, "unit": "g/dL"}
MODIFIER = [{"url": "https://ehr.example.org/not", "valueBoolean": True}]


@pytest.fixture
def report(observed):
    """Give a maker of reports that contain a hemoglobin of 9.5 g/dL under `#hb`."""

    def make(inside=None, **elements):
        """Add or replace elements of the report, and of what it contains."""
        result = observed("718-7", id="hb", valueQuantity=HB, effectiveDateTime=None)
        return {
            "resourceType": "DiagnosticReport",
            "id": "d1",
            "status": "final",
            "subject": {"reference": f"Patient/{HER}"},
            "effectiveDateTime": "2026-03-02",
            "contained": [result | (inside or {})],
            "result": [{"reference": "#hb"}],
        } | elements

    return make


def held(found):
    """Give value and day of each result."""
    return [(str(each.value), str(each.on)) for each in found.casebook.observations]


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "appended"])
def test_a_result_inside_a_final_report_is_one(read, patient, report, status):
    """On the day of the report, named by it and by its own id."""
    found = read(patient, report(status=status))

    assert held(found) == [("9.5 g/dL", "2026-03-02")]
    assert str(found.casebook.observations[0].source) == "fhir DiagnosticReport/d1#hb"
    assert (found.used, found.questions) == (2, ())


@pytest.mark.parametrize("status", ["registered", "preliminary", "cancelled", "entered-in-error"])
def test_a_result_inside_another_report_is_none(read, patient, report, status):
    """Whatever its own status says."""
    found = read(patient, report(status=status))

    assert held(found) == []
    assert found.ignored == {f"DiagnosticReport: {status}": 1}


def test_a_result_that_is_not_final_inside_a_final_report_is_none(read, patient, report):
    """As beside it."""
    found = read(patient, report({"status": "preliminary"}))

    assert held(found) == []
    assert found.ignored == {"DiagnosticReport: preliminary": 1}


def test_a_result_has_its_own_day(read, patient, report):
    """Where it has one; the report is later."""
    found = read(patient, report({"effectiveDateTime": "2026-02-27"}))

    assert held(found) == [("9.5 g/dL", "2026-02-27")]


@pytest.mark.parametrize(
    ("inside", "outside", "where"),
    [
        ({}, {"status": "partial"}, "status"),
        ({}, {"status": "unknown"}, "status"),
        ({"status": "unknown"}, {}, "contained[0].status"),
        ({}, {"status": None}, "status"),
        ({"subject": {"reference": "Patient/other"}}, {}, "contained[0].subject"),
        ({"focus": [{"reference": "Patient/other"}]}, {}, "contained[0].subject"),
        ({"id": "other"}, {}, "contained[0].id"),
        ({"modifierExtension": MODIFIER}, {}, "contained[0].modifierExtension"),
    ],
)
def test_a_doubt_leaves_a_result_inside_in_question(read, patient, report, inside, outside, where):
    """It may be another's, withdrawn, or of no report: it is no number, and no silence."""
    found = read(patient, report(inside, **outside))

    assert held(found) == [(IN_QUESTION, "2026-03-02")]
    assert [each.fault.where for each in found.questions] == [f"entry[1].resource.{where}"]


def test_a_result_without_a_subject_is_its_reports(read, patient, report):
    """A contained resource need not repeat it."""
    found = read(patient, report({"subject": None}))

    assert held(found) == [("9.5 g/dL", "2026-03-02")]


def test_a_report_of_another_patient_gives_nothing(read, patient, report):
    """Nor do results inside it."""
    other = {"resourceType": "Patient", "id": "other", "birthDate": "1960"}
    found = read(
        patient, other, report({"subject": None}, subject={"reference": "Patient/other"}),
        patient=f"Patient/{HER}",
    )  # fmt: skip

    assert held(found) == []
    assert found.ignored["DiagnosticReport: another patient's"] == 1


@pytest.mark.parametrize("code", ["58410-2", "718-7"])
def test_a_panel_gives_the_members_it_contains(read, patient, observed, code):
    """Whether or not the panel is of the vocabulary; a member of a member too."""
    member = observed("751-8", id="anc", valueQuantity={"value": 2, "unit": "10*3/uL"})
    between = observed("57021-8", id="cbc", hasMember=[{"reference": "#anc"}])
    panel = observed(code, contained=[between, member], hasMember=[{"reference": "#cbc"}])
    found = read(patient, panel)

    assert held(found) == [("2 10*3/uL", "2026-03-02")]
    assert found.questions == ()


def test_a_report_of_results_of_other_kinds_holds_none_of_the_terms(read, patient, report):
    """It is counted as such."""
    found = read(patient, report({"code": {"text": "something"}}))

    assert found.ignored == {"DiagnosticReport: not in the vocabulary": 1}
