"""Outcomes of a trial kept in memory: responses, sets and endpoints at a data cutoff."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trialwright.casebook.course import SubsequentTherapy, SurvivalContact
from trialwright.casebook.course_ends import Death, OffTreatment
from trialwright.casebook.tumours import Certainty
from trialwright.conduct.acts import RecordTumourAssessment, Redact
from trialwright.conduct.clinical_acts import (
    ContactSurvival,
    EndTreatment,
    RecordDeath,
    RecordSubsequentTherapy,
)
from trialwright.conduct.folding import fold
from trialwright.conduct.outcomes import outcomes
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

CHART = Source("person", "chart")
CUTOFF = date(2026, 12, 31)


def _scan(say, number, week, mm, *, new=()):
    """Give an assessment without an equivocal lesion, unless one is asked for."""
    act = say.scan(number, week, mm)
    return RecordTumourAssessment(number, replace(act.assessment, new_lesions=new))


@pytest.fixture
def followed(trial, say):
    """Give three participants: a response that lasts, stable disease, and nobody's scan."""
    trial.complete("P-1", "P-2", "P-3")
    trial.do(say.disease("P-1"))
    trial.do(say.disease("P-2"))
    for week, mm in ((8, "14"), (16, "14"), (24, "14")):
        trial.do(_scan(say, "P-1", week, mm))
    trial.do(_scan(say, "P-2", 8, "20"))
    return trial


def _leave(trial, number, on):
    """End treatment."""
    last = max(dose.on for dose in trial.live.participants[number].doses if dose.was_taken)
    trial.do(EndTreatment(number, on, OffTreatment(on, "progression", last, CHART)))


def test_each_participant_has_response_benefit_and_times(followed, say):
    """20.5 mm to 14 mm is PR at week 8, kept to week 24; 20 mm is stable."""
    found = outcomes(followed.state, CUTOFF)
    first, second, third = found.people.values()

    assert [visit.overall for visit in first.timepoints] == ["PR", "PR", "PR"]
    assert (first.best.response, first.confirmed.response) == ("PR", "PR")
    assert first.confirmed.confirmed_on == say.FIRST_DOSE + timedelta(weeks=16)
    assert (first.response.answer, first.benefit.answer) == ("yes", "yes")
    assert (first.progression_free.days, first.duration.days) == (169, 113)
    assert (second.best.response, second.response.answer, second.duration) == (
        "SD", "not yet", None)  # fmt: skip
    assert (third.best.response, third.progression_free.days) == ("NE", 1)


def test_sets_and_rates_follow(followed):
    """Three treated, two with a baseline and a scan: 1 of 2 responded, 1 of 2 had benefit."""
    everybody = outcomes(followed.state, CUTOFF).group("all", "all")

    assert {name: each.members for name, each in everybody.sets.items()} == {
        "safety": ("P-1", "P-2", "P-3"),
        "DLT-evaluable": ("P-1", "P-2", "P-3"),
        "response-evaluable": ("P-1", "P-2"),
        "benefit-evaluable": ("P-1", "P-2"),
        "per-protocol": ("P-1", "P-2"),
    }
    assert everybody.sets["per-protocol"].excluded == {
        "P-3": "no tumour assessment before treatment"
    }
    assert (everybody.response.having, everybody.response.participants) == (1, 2)
    assert (everybody.benefit.having, everybody.benefit.open) == (1, 1)
    assert (everybody.best["PR"], everybody.best["SD"], everybody.best["CR"]) == (1, 1, 0)
    assert everybody.progression_free.count.events == 0


def test_groups_are_arms_levels_and_the_protocols_subgroups(followed):
    """Nobody of this trial took a CDK4/6 inhibitor on record."""
    found = outcomes(followed.state, CUTOFF)

    assert [(each.by, each.group) for each in found.groups] == [
        ("all", "all"), ("arm", "A"), ("dose level", "A 1"), ("cdk46-inhibitor", "none recorded"),
    ]  # fmt: skip
    assert found.group("arm", "B") is None


def test_what_happens_after_the_cutoff_changes_nothing(followed, say):
    """A later scan and a later death leave every answer as it was, whenever asked."""
    cutoff = say.FIRST_DOSE + timedelta(weeks=17)
    before = outcomes(followed.state, cutoff)
    late = say.FIRST_DOSE + timedelta(weeks=40)
    followed.do(_scan(say, "P-2", 32, "40"))
    _leave(followed, "P-1", late)
    died = Death(PartialDate.of(late), "disease under study", CHART)
    followed.do(RecordDeath("P-1", late, died))

    assert outcomes(followed.state, cutoff) == before
    assert outcomes(followed.state, late) != before


def test_a_death_entered_late_counts_on_its_day(followed, say):
    """A death before the cutoff counts for it, although it was entered after it."""
    died_on, cutoff = (say.FIRST_DOSE + timedelta(weeks=each) for each in (12, 13))
    entered = say.FIRST_DOSE + timedelta(weeks=30)
    died = Death(PartialDate.of(died_on), "disease under study", CHART)
    followed.do(RecordDeath("P-2", entered, died))

    second = outcomes(followed.state, cutoff).people["P-2"]

    assert (second.overall.outcome, second.overall.on) == ("event", died_on)
    assert (second.progression_free.rule, second.progression_free.days) == ("DEATH", 85)


def test_a_death_of_which_the_month_is_known_stands_after_the_last_contact(followed, say):
    """Alive on 10 June, dead in June: the 10th is the first possible day, and a query says so."""
    alive = SurvivalContact(date(2026, 6, 10), "telephone", CHART)
    followed.do(ContactSurvival("P-2", date(2026, 7, 1), alive))
    died = Death(PartialDate.parse("2026-06"), "unknown", CHART)
    followed.do(RecordDeath("P-2", date(2026, 7, 1), died))

    second = outcomes(followed.state, CUTOFF).people["P-2"]

    assert (second.overall.outcome, second.overall.on) == ("event", date(2026, 6, 10))
    assert any("only 2026-06 is recorded" in query.says for query in second.queries)


def test_other_therapy_ends_the_course(followed, say):
    """Therapy begun before the second scan leaves the later PR out, and censors."""
    began = say.FIRST_DOSE + timedelta(weeks=10)
    _leave(followed, "P-1", began)
    therapy = SubsequentTherapy("capecitabine", PartialDate.of(began), None, CHART)
    followed.do(RecordSubsequentTherapy("P-1", began, therapy))

    first = outcomes(followed.state, CUTOFF).people["P-1"]

    assert (first.unconfirmed.response, first.confirmed.response) == ("PR", "SD")
    assert (first.progression_free.rule, first.progression_free.days) == (
        "NEW THERAPY before PD", 57)  # fmt: skip


def test_a_progression_dated_back_ends_the_course_there(trial, say):
    """An equivocal lesion at week 8, certain at week 16: PD on the day of week 8, no PR before."""
    trial.complete("P-1")
    trial.do(say.disease("P-1"))
    trial.do(say.scan("P-1", 8, "14"))
    sure = say.scan("P-1", 16, "14")
    lesion = replace(sure.assessment.new_lesions[0], certainty=Certainty.UNEQUIVOCAL)
    trial.do(_scan(say, "P-1", 16, "14", new=(lesion,)))

    first = outcomes(trial.state, CUTOFF).people["P-1"]

    assert (first.best.response, first.best.on) == ("PD", say.FIRST_DOSE + timedelta(weeks=8))
    assert (first.progression_free.days, first.response.answer) == (57, "no")


def test_a_redacted_reading_leaves_the_participant_out_with_the_reason(followed):
    """Nobody knows what the scan showed: no response is given, and no time."""
    record = next(each for each in followed.records if each.happening.act == "tumour_assessed")
    field = next(each for each in followed.fields(record.sequence) if each.endswith("targets/T1"))
    followed.do(Redact("P-1", CUTOFF, record.sequence, field, "entered by mistake"))

    found = outcomes(followed.state, CUTOFF)
    first, sets = found.people["P-1"], found.group("all", "all").sets

    assert "was redacted" in sets["response-evaluable"].excluded["P-1"]
    assert "was redacted" in first.left_out
    assert first.progression_free is None


def test_the_order_of_entry_changes_nothing(study, say):
    """Two participants entered in turn, or one after the other, have the same answers."""

    def told(acts):
        trial = say.empty(study)
        trial.do(say.OPENING)
        trial.complete("P-1", "P-2")
        for number in ("P-1", "P-2"):
            trial.do(say.disease(number))
        for act in acts:
            trial.do(act)
        return outcomes(trial.state, CUTOFF)

    scans = [_scan(say, number, week, "14") for number in ("P-1", "P-2") for week in (8, 16)]

    assert told(scans) == told(scans[::-1]) == told(scans[1::2] + scans[::2])


def test_the_same_state_asked_again_gives_the_same_answers(followed):
    """Folded anew from the ledger, and known at its last entry."""
    anew = fold(followed.study, followed.records, None, len(followed.records))

    assert outcomes(anew, CUTOFF) == outcomes(followed.state, CUTOFF)


def test_a_second_assessment_of_a_day_is_refused_not_counted(followed, say):
    """An assessment entered twice never gets into the trial."""
    with pytest.raises(Refusal):
        followed.do(_scan(say, "P-1", 8, "14"))


def test_nobody_gives_no_group(trial):
    """Before anybody is assigned there is nothing to count."""
    found = outcomes(trial.state, CUTOFF)

    assert (found.groups, dict(found.people)) == ((), {})
