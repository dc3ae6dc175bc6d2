"""Two independent readers and an adjudicator, for a trial kept in memory."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from trialwright.casebook.tumours import (
    NonTargetLesion,
    NonTargetWord,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.conduct.acts import RecordTumourAssessment, RecordTumourBaseline
from trialwright.conduct.central_records import Adjudicate
from trialwright.conduct.roles import Actor
from trialwright.protocol.evaluation_settings import EvaluationSettings
from trialwright.terms.sources import Source

FIRST = Actor("r.one", "reader", "mgh")
SECOND = Actor("r.two", "reader", "mgh")
THIRD = Actor("a.judge", "adjudicator", "mgh")
WHO = {"reader 1": FIRST, "reader 2": SECOND, "adjudicator": THIRD}
FILM = Source("person", "film")


def reviewed(study, **settings):
    """Give a protocol with two readers."""
    evaluation = EvaluationSettings(review="two-readers", **settings)
    response = study.response.model_copy(update={"evaluation": evaluation})
    return study.model_copy(update={"response": response})


def lesions(number, evaluator, on, label="R1"):
    """Give the lesions that a reader chose: one of 20 mm."""
    baseline = TumourBaseline(
        on,
        (TargetLesion(label, "LIVER", is_node=False, mm=Decimal(20)),),
        (NonTargetLesion("B1", "BONE", is_node=False),),
        FILM,
    )
    return RecordTumourBaseline(number, baseline, evaluator)


def reading(number, evaluator, on, mm, label="R1"):
    """Give a reading of that lesion."""
    assessment = TumourAssessment(on, {label: Decimal(mm)}, {"B1": NonTargetWord.PRESENT}, (), FILM)
    return RecordTumourAssessment(number, assessment, evaluator)


def choice(number, on, chosen="reader 1", reason="clearer margins"):
    """Give the decision of the adjudicator."""
    return Adjudicate(number, on, chosen, reason)


def read(trial, number, evaluator, baseline_on, visits):
    """Let one evaluator read the baseline and visits."""
    by = WHO[evaluator]
    trial.do(lesions(number, evaluator, baseline_on), by)
    for on, mm in visits:
        trial.do(reading(number, evaluator, on, mm), by)


def tell(trial, number, baseline_on, first_dose):
    """Do every act of central review once, under a protocol that has it."""
    before = trial.live.study
    trial.live = replace(trial.live, study=reviewed(before))
    week_8 = first_dose + timedelta(weeks=8)
    read(trial, number, "reader 1", baseline_on, [(week_8, "14")])
    read(trial, number, "reader 2", baseline_on, [(week_8, "19")])
    trial.do(choice(number, week_8), THIRD)
    trial.live = replace(trial.live, study=before)
