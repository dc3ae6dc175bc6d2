"""Dose-escalation designs that fit a model of all dose levels, as written in the protocol."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Number, PositiveNumber
from trialwright.protocol.escalation_settings import (
    AnyDesign,
    PositiveCount,
    Probability,
    TargetDesign,
)


class CrmDesign(TargetDesign):
    """The continual reassessment method, CRM.

    Attributes
    ----------
    name : {'CRM'}
        The design, by its name in the catalogue of `escalation`.
    skeleton : tuple of Decimal, probabilities
        Prior guesses of the DLT rate, one a dose level, each above the one before.
    model : {'power', 'logistic'}
        How the DLT rate follows from the skeleton and the parameter.
    prior_variance : Decimal
        Variance of the normal prior of the parameter, whose mean is 0.
    intercept : Decimal
        Fixed intercept of the logistic model.
    estimate : {'plug-in', 'posterior-mean'}
        DLT rate at the posterior mean of the parameter, or posterior mean of the DLT rate.
    no_skipping : bool
        Whether the next level is at most one above the last.
    coherent : bool
        Whether the level is never raised right after a cohort whose DLT rate was at or above the
        target.
    mtd_tried : bool
        Whether the MTD must be a level somebody was treated at.
    safety_stop : Decimal or None, probability
        The escalation stops, with no MTD, when the posterior probability that the DLT rate of the
        lowest level is above the target is greater than this; none: it never stops so.
    """

    name: Literal["CRM"]
    skeleton: Annotated[tuple[Probability, ...], Field(min_length=1)]
    model: Literal["power", "logistic"] = "power"
    prior_variance: Annotated[Number, Field(gt=0)] = Decimal("1.34")
    intercept: Number = Decimal(3)
    estimate: Literal["plug-in", "posterior-mean"] = "plug-in"
    no_skipping: bool = True
    coherent: bool = True
    mtd_tried: bool = True
    safety_stop: Probability | None = None


class TiteCrmDesign(TargetDesign):
    """TITE-CRM, the CRM with participants who are still in their DLT window.

    Attributes
    ----------
    name : {'TITE-CRM'}
        The design, by its name in the catalogue of `escalation`.
    skeleton : tuple of Decimal, probabilities
        Prior guesses of the DLT rate, one a dose level, each above the one before.
    window_days : int, days
        Length of the DLT window.
    weights : {'linear', 'adaptive'}
        How follow-up is weighed: by the part of the window, or by the times of the DLTs so far.
    most_pending : Decimal or None
        Part of the participants at a level above which accrual waits; none: it never does.
    model : {'power', 'logistic'}
        How the DLT rate follows from the skeleton and the parameter.
    prior_variance : Decimal
        Variance of the normal prior of the parameter, whose mean is 0.
    intercept : Decimal
        Fixed intercept of the logistic model.
    no_skipping : bool
        Whether the next level is at most one above the last.
    coherent : bool
        Whether the level is never raised right after a cohort whose DLT rate so far was at or above
        the target.
    mtd_tried : bool
        Whether the MTD must be a level somebody was treated at.
    safety_stop : Decimal or None, probability
        The escalation stops, with no MTD, when the posterior probability that the DLT rate of the
        lowest level is above the target is greater than this; none: it never stops so.
    """

    name: Literal["TITE-CRM"]
    skeleton: Annotated[tuple[Probability, ...], Field(min_length=1)]
    window_days: PositiveCount
    weights: Literal["linear", "adaptive"] = "linear"
    most_pending: Probability | None = None
    model: Literal["power", "logistic"] = "power"
    prior_variance: Annotated[Number, Field(gt=0)] = Decimal("1.34")
    intercept: Number = Decimal(3)
    no_skipping: bool = True
    coherent: bool = True
    mtd_tried: bool = True
    safety_stop: Probability | None = None


class BlrmDesign(AnyDesign):
    """The Bayesian logistic regression model, BLRM, with escalation with overdose control, EWOC.

    Attributes
    ----------
    name : {'BLRM'}
        The design, by its name in the catalogue of `escalation`.
    doses : tuple of Decimal
        Dose of each level, each above the one before, in one unit.
    reference_dose : Decimal
        Dose at which the intercept is the logit of the DLT rate, in that unit.
    prior_mean, prior_sd : tuple of Decimal, two numbers
        Prior means and standard deviations of the intercept and of the logarithm of the slope.
    prior_correlation : Decimal
        Prior correlation of both.
    target_low, target_high : Decimal, probabilities
        Limits of the target interval of the DLT rate.
    ewoc : Decimal, probability
        Greatest probability of a DLT rate above the target interval at a level that is given.
    choose : {'target-probability', 'highest'}
        Which of the levels that may be given is taken: that with the greatest probability of the
        target interval, or the highest.
    max_n : int, participants
        Participants at which the escalation ends.
    cohort_size : int, participants
        Participants in a cohort; the last one is cut at `max_n`.
    stop_at : int or None, participants
        Participants at one level at which the escalation ends when the rule would treat the next
        cohort there too; none: it goes on to `max_n`.
    stop_probability : Decimal or None, probability
        The escalation also ends when the rule would treat the next cohort at the same level, and
        the probability of the target interval there is at least this; none: it does not.
    stop_from : int, participants
        Participants at the level from which it can end so.
    no_skipping : bool
        Whether the next level is at most one above the last.
    mtd_tried : bool
        Whether the MTD must be a level somebody was treated at.
    """

    name: Literal["BLRM"]
    doses: Annotated[tuple[PositiveNumber, ...], Field(min_length=1)]
    reference_dose: PositiveNumber
    prior_mean: tuple[Number, Number]
    prior_sd: tuple[PositiveNumber, PositiveNumber]
    prior_correlation: Annotated[Number, Field(gt=-1, lt=1)] = Decimal(0)
    target_low: Probability
    target_high: Probability
    ewoc: Probability = Decimal("0.25")
    choose: Literal["target-probability", "highest"] = "target-probability"
    max_n: PositiveCount
    cohort_size: PositiveCount = 3
    stop_at: PositiveCount | None = None
    stop_probability: Probability | None = None
    stop_from: PositiveCount = 6
    no_skipping: bool = True
    mtd_tried: bool = True

    @property
    def title(self) -> str:
        """Name with the target interval."""
        return f"{super().title} for a target of {self.target_low:f} to {self.target_high:f}"
