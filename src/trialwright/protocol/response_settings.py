"""Response settings: every switch on which RECIST 1.1 implementations differ, stated."""

from typing import Literal

from trialwright.protocol.data import Illustrated, Number


class ResponseSettings(Illustrated):
    """How tumour response is read.

    Attributes
    ----------
    criteria : {'RECIST 1.1'}
        The guideline in force.
    continuing_pr : bool
        After a PR a time point stays PR until progression (EORTC clarification); otherwise each
        visit is read against baseline.
    confirm : bool
        Whether best overall response needs confirmation.
    confirm_after_days : int, days
        Least days between a response and its confirmation.
    stable_disease_days : int, days
        Least days from day 1 for a best response of stable disease.
    clinical_benefit_weeks : int, weeks
        Least duration of stable disease that counts as clinical benefit.
    assessment_every_weeks : int, weeks
        Planned interval between tumour assessments.
    measurable_conventional_mm, measurable_spiral_mm : Number, mm
        Least longest diameter of a measurable lesion, by imaging technique.
    bone_only_allowed : bool
        Whether bone lesions without measurable disease are accepted.
    """

    criteria: Literal["RECIST 1.1"] = "RECIST 1.1"
    continuing_pr: bool = True
    confirm: bool = False
    confirm_after_days: int = 28
    stable_disease_days: int = 42
    clinical_benefit_weeks: int = 24
    assessment_every_weeks: int = 8
    measurable_conventional_mm: Number
    measurable_spiral_mm: Number
    bone_only_allowed: bool
