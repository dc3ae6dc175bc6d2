"""Data checks become queries: what is found, with its form; what was asked is found no more."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.conduct import conftest as say

from trialwright.assembly.protocols import shipped
from trialwright.casebook.adverse_events import AdverseEvent, EventSigns
from trialwright.casebook.facts import Observation
from trialwright.casebook.tumours import Response, TargetLesion
from trialwright.conduct.acts import OpenTrial, RecordTumourBaseline
from trialwright.conduct.data_checks import data_checks, unasked
from trialwright.conduct.query_acts import CancelQuery, RaiseQuery
from trialwright.conduct.records import read, write
from trialwright.conduct.roles import Actor
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

COORDINATOR = Actor("c.meyer", "coordinator", "mgh")
DAY = say.FIRST_DOSE + timedelta(days=70)


@pytest.fixture(scope="module")
def trial():
    """Tell of six targets, one a small node, another method, another response, another grade."""
    study = shipped("nct03959891").study
    few = tuple(each for each in study.criteria if each.id in say.FEW)
    made = say.Trial(study.model_copy(update={"criteria": few}))
    made.do(OpenTrial(say.OPENED))
    made.complete("P-1", "P-2")
    diarrhea = say.toxicity("P-1", term="Diarrhea", grade=1, day=6)
    seen = replace(diarrhea.event, signs=EventSigns(stools_over_baseline=8))
    made.do(replace(diarrhea, event=seen))
    found = say.disease("P-1").baseline
    more = tuple(
        TargetLesion(f"T{place}", organ, is_node=organ == "NODE", mm=Decimal(mm))
        for place, organ, mm in ((2, "LUNG", 30), (3, "NODE", 12), (4, "LIVER", 25),
                                 (5, "KIDNEY", 21), (6, "LUNG", 22))
    )  # fmt: skip
    made.do(RecordTumourBaseline("P-1", replace(found, targets=(*found.targets, *more))))
    assessed = say.scan("P-1", 8)
    readings = {each.label: each.mm for each in (*found.targets, *more)}
    made.do(replace(assessed, assessment=replace(
        assessed.assessment, targets=readings, method="MRI", recorded_overall=Response.CR,
    )))  # fmt: skip
    return made


def found_of(trial, number="P-1", on=DAY):
    """Check a participant."""
    state = trial.live
    return data_checks(state, state.participants[number], on)


def test_each_thing_that_does_not_fit_is_found_with_its_form(trial):
    """RECIST 1.1: at most five targets, nodes from 15 mm, one method; CTCAE: 8 stools, grade 3."""
    found = {(each.part, each.says) for each in found_of(trial)}

    for part, words in (
        ("baseline", "6 target lesions; at most 5"),
        ("baseline", "T3: target node of 12 mm short axis; at least 15 mm"),
        ("assessments", "imaged by MRI, baseline by CT SCAN"),
        ("assessments", "recorded as CR, derived as SD: reconcile"),
        ("adverse_events", "entered as grade 1, what is recorded gives 3: Diarrhea (CTCAE 5.0)"),
    ):
        assert [says for where, says in found if where == part and words in says], words
    dated = [says for where, says in found if where == "assessments"]
    week_8 = (say.FIRST_DOSE + timedelta(weeks=8)).isoformat()
    assert all(says.startswith(week_8) for says in dated)


def test_nothing_is_found_of_somebody_of_whom_everything_fits(trial):
    """P-2 has doses alone."""
    assert found_of(trial, "P-2") == ()


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [
        ("900", "g/dL", "Hemoglobin 900 g/dL on 2026-03-01 lies outside 2 to 25 g/dL, "),
        ("9", "mg/mL", "Hemoglobin 9 mg/mL on 2026-03-01 lies outside "),
        ("9", "s", "Hemoglobin 9 s on 2026-03-01 does not convert to g/dL"),
        ("9", "g/dL", ""),
        ("90", "g/L", ""),
    ],
)
def test_a_result_that_can_hardly_be_true_is_asked_about(trial, value, unit, says):
    """In its own unit; one on the window's side of every limit is not."""
    state, on = trial.live, date(2026, 3, 1)
    day = PartialDate("2026-03-01", on, on)
    seen = Observation("hemoglobin", Quantity.read(value, unit), day, Source("person", "report 1"))
    here = state.participants["P-2"]
    here = replace(here, casebook=replace(here.casebook, observations=(seen,)))

    found = data_checks(state, here, DAY)
    before = data_checks(state, here, on - timedelta(days=1))

    assert [each.part for each in found] == ["casebook"] * bool(says)
    assert all(each.says.startswith(says) for each in found)
    assert before == ()


def test_later_days_are_not_looked_at(trial):
    """Before the scan only the baseline and the event are checked."""
    before = found_of(trial, on=say.FIRST_DOSE + timedelta(days=20))

    assert {each.part for each in before} == {"baseline", "adverse_events"}


def test_what_was_asked_is_not_asked_again(trial):
    """A coordinator raises one as a query of the system; the others wait."""
    checks = found_of(trial)
    one = checks[0]
    trial.do(RaiseQuery("P-1", DAY, one.says, one.part, kind="System"), COORDINATOR)

    query = trial.live.oversight.queries[1]
    assert (query.kind, query.steps[0].role, query.steps[0].text) == (
        "System", "coordinator", one.says)  # fmt: skip
    assert unasked(trial.live, found_of(trial)) == checks[1:]
    assert len({each.name for each in checks}) == len(checks)


def test_an_event_of_an_older_ledger_is_read_as_it_was():
    """Its payload has no signs."""
    event = say.toxicity("P-1").event
    older = {name: value for name, value in write(event).items() if name != "signs"}

    assert read(AdverseEvent, older) == event
    seen = replace(event, signs=EventSigns(body_surface_percent=Decimal("12.5")))
    assert read(AdverseEvent, write(seen)) == seen


def test_a_coordinator_closes_no_query(trial):
    """Raising and answering, not settling."""
    with pytest.raises(Refusal, match="the role coordinator"):
        trial.do(CancelQuery("P-1", 1, DAY, "mine"), COORDINATOR)


def test_a_dose_of_another_amount_than_planned_is_asked_about():
    """200 mg are planned and 2000 mg told as given: kept, for it may have happened, and asked."""
    study = shipped("nct03959891").study
    few = tuple(each for each in study.criteria if each.id in say.FEW)
    made = say.Trial(study.model_copy(update={"criteria": few}))
    made.do(OpenTrial(say.OPENED))
    made.enrol("P-1")
    doses = say.doses(made.live, "P-1")
    one, two, *_ = (each for each in doses.doses if each.agent == "ipatasertib")
    much = replace(two, amount=Quantity(two.amount.value * 10, two.amount.unit))
    made.do(replace(doses, on=say.WINDOW_OVER, doses=(one, much)))

    (found,) = [each for each in found_of(made, on=say.WINDOW_OVER) if each.part == "doses"]

    assert found.says == (
        f"ipatasertib {much.amount} on {much.on} is told as given, where {two.amount} is planned; "
        "check the amount and what became of it"
    )
