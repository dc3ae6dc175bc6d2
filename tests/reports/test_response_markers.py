"""Biomarkers in the report of efficacy: P-1, P-2 and P-3 of the trial of `test_trial_reports`.

P-2 carries AKT1 E17K and responded, P-1 was sequenced without a finding and was not assessed,
P-3 has stable disease and no specimen.
"""

from dataclasses import replace

import numpy as np
import pytest
from tests.conduct.biomarker_story import materials, sequencing
from tests.reports.test_trial_reports import CUTOFF, STAMP, told_trial

from trialwright.assembly.marker_sections import untested_notes
from trialwright.assembly.trial_reports import make_report
from trialwright.predictors.markers import Cohort, Marker, Responses
from trialwright.predictors.survey import Plan, Question, survey
from trialwright.reports.biomarker_tables import ASSAYED, RESPONSE
from trialwright.terms.errors import Refusal

SAID = "objective response"


@pytest.fixture(scope="module")
def efficacy():
    """Give the report of efficacy and its frame."""
    trial = told_trial()
    for number in ("P-1", "P-2"):
        trial.do(materials(number))
    trial.do(sequencing("P-2"))
    nothing = sequencing("P-1", "R-2")
    trial.do(replace(nothing, run=replace(nothing.run, calls=())))
    return make_report(trial.state, "efficacy", STAMP, CUTOFF)


def cells(results, table, row):
    """Give what stands in a row."""
    return {each.group: each.shown for each in results if (each.table, each.row) == (table, row)}


def test_denominators_stand_before_what_was_found(efficacy):
    """Three took a dose, two were sequenced; who was not is never unaltered."""
    _, results = efficacy

    shown = cells(results, ASSAYED, "akt1-tissue")
    assert (shown["participants"], shown["not assayed"]) == ("3", "1")
    assert (shown["not altered"], shown["altered"]) == ("1", "1")
    assert shown["altered of known"] == "1/2 (50 %)"


def test_a_marker_stands_beside_response_with_everybody_who_is_left_out(efficacy):
    """Of the two who were assessed one is not assayed; one altered participant responded."""
    _, results = efficacy

    shown = cells(results, RESPONSE, f"akt1-tissue / {SAID}")
    assert shown["counted"] == "1/2"
    assert (shown["altered: yes"], shown["not altered: yes"]) == ("1/1", "0/0")
    assert shown["left out"] == "1 not assayed"
    assert shown["smallest attainable p"] == "1"
    assert shown["p"] == "not tested"


def test_the_report_says_how_far_it_carries_and_where_the_rest_stands(efficacy):
    """One arm; nothing can be tested, and why."""
    report, _ = efficacy
    notes = " ".join(report.notes)

    assert "cannot be separated here: those counted are of one arm." in notes
    assert f"stand in the report of biomarkers up to {CUTOFF}." in notes
    assert "No marker can be tested at this data cutoff" in notes
    assert (
        f"No marker can be tested against {SAID}: of 1 participants counted at most, 1 attained "
        "it, and where all are alike no marker tells them apart." in notes
    )


def test_a_protocol_without_markers_has_no_such_section():
    """Neither tables nor notes."""
    trial = told_trial()
    settings = trial.study.biomarkers.model_copy(update={"markers": ()})
    state = replace(trial.state, study=trial.study.model_copy(update={"biomarkers": settings}))

    report, results = make_report(state, "efficacy", STAMP, CUTOFF)

    assert {ASSAYED, RESPONSE}.isdisjoint(each.table for each in results)
    assert not any("iomarker" in each for each in report.notes)


def asked(altered, responded, plan):
    """Set one marker of 20 participants against response."""
    cohort = Cohort("response-evaluable", tuple(f"P-{place}" for place in range(20)), ("A",) * 20)
    calls = ("altered",) * altered + ("not altered",) * (20 - altered)
    answers = ("yes",) * responded + ("no",) * (20 - responded)
    marker = Marker("akt1", "tissue DNA", calls, "pre-specified")
    question = Question(cohort, Responses(SAID, answers), (marker,))
    return survey([question], plan, np.random.default_rng(1))


def test_exact_tests_are_the_same_without_permutations():
    """The report of efficacy permutes nothing, and its p-values are those of the whole one."""
    (short,), (whole,) = (asked(5, 8, Plan(permutations=each)) for each in (0, 50))

    assert short.tests[0].p == whole.tests[0].p
    assert short.tests[0].discovery == whole.tests[0].discovery
    assert (short.tests[0].family_wise, short.max_t) == (None, None)
    assert short.method.endswith("nothing was permuted.")


@pytest.mark.parametrize(
    ("altered", "responded", "says"),
    [
        (5, 0, "none attained it, and where all are alike"),
        (5, 20, "20 attained it, and where all are alike"),
        (1, 5, "5 attained it; however the outcomes had fallen, no p below"),
    ],
)
def test_why_nothing_can_be_tested_is_said(altered, responded, says):
    """All alike, or too few."""
    first, note = untested_notes(asked(altered, responded, Plan(permutations=0)))

    assert first.startswith("No marker can be tested at this data cutoff")
    assert says in note


def test_what_can_be_tested_needs_no_note():
    """5/5 against 3/15."""
    assert [*untested_notes(asked(5, 8, Plan(permutations=0)))] == []


def test_a_column_of_reasons_has_one_for_each_participant():
    """Else a reason would be another participant's."""
    marker = Marker("akt1", "cfDNA", ("altered",) * 20, lacking=("",) * 19)
    cohort = Cohort("all", tuple(f"P-{place}" for place in range(20)), ("A",) * 20)
    question = Question(cohort, Responses(SAID, ("yes",) * 20), (marker,))

    with pytest.raises(Refusal, match="lacking: 19 entries"):
        survey([question], Plan(permutations=0), np.random.default_rng(1))
