"""Response settings: every switch on which RECIST 1.1 implementations differ, stated."""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Illustrated, Number
from trialwright.protocol.evaluation_settings import EvaluationSettings


class ResponseSettings(Illustrated):
    """How tumour response is read.

    Attributes
    ----------
    criteria : {'RECIST 1.1'}
        The guideline in force.
    continuing_pr : bool
        After a PR a time point stays PR until progression (EORTC clarification); otherwise each
        visit is read against baseline.
    reappearing_after_cr : {'PD', 'by-growth'}
        Whether a lesion, other than a node, that is seen again after an overall CR is progression
        at any size (EORTC clarification), or joins the sum and is judged by its growth.
    confirm : bool
        Whether best overall response needs confirmation.
    confirm_after_days : int, days
        Least days between a response and its confirmation.
    not_evaluable_between : int
        How many visits of NE may lie between a response and its confirmation.
    stable_disease_days : int, days
        Least days from its anchor for a best response of stable disease.
    stable_disease_from : {'first-dose', 'assignment', 'baseline'}
        The anchor: the first dose, the day of the assignment, or that of the baseline imaging.
    stable_disease_met_by : {'visit', 'follow-up'}
        Whether a visit without progression must reach those days, or the last visit whatever it
        shows, a later progression included.
    pr_after_cr : {'SD', 'PR', 'PD'}
        What PR or SD straight after an unconfirmed CR means (RECIST 1.1 Table 3 and its note):
        the CR stays unconfirmed and counts as SD, the CR was a PR, or the disease came back.
    clinical_benefit_weeks : int, weeks
        Least duration of stable disease that counts as clinical benefit.
    assessment_every_weeks : int, weeks
        Planned interval between tumour assessments.
    measurable_conventional_mm, measurable_spiral_mm : Number, mm
        Least longest diameter of a measurable lesion, by imaging technique.
    bone_only_allowed : bool
        Whether bone lesions without measurable disease are accepted.
    evaluation : EvaluationSettings
        Who evaluates, what calls for adjudication, and whose reading each endpoint rests on; the
        investigator alone by default.
    """

    criteria: Literal["RECIST 1.1"] = "RECIST 1.1"
    continuing_pr: bool = True
    reappearing_after_cr: Literal["PD", "by-growth"] = "PD"
    confirm: bool = False
    confirm_after_days: int = 28
    not_evaluable_between: Annotated[int, Field(ge=0)] = 1
    stable_disease_days: int = 42
    stable_disease_from: Literal["first-dose", "assignment", "baseline"] = "first-dose"
    stable_disease_met_by: Literal["visit", "follow-up"] = "visit"
    pr_after_cr: Literal["SD", "PR", "PD"] = "SD"
    clinical_benefit_weeks: int = 24
    assessment_every_weeks: int = 8
    measurable_conventional_mm: Number
    measurable_spiral_mm: Number
    bone_only_allowed: bool
    evaluation: EvaluationSettings = EvaluationSettings()
