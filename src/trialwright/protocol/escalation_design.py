"""The dose-escalation design as written in the protocol: its name and all its numbers.

One record a design; `name` tells which. A setting that stands in no file has its published default,
and a setting without a published default has none here either.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from trialwright.protocol.data import Data, Illustrated, Number

ThreePlusThreeVariant = Literal["no-de-escalation", "de-escalate-top-stops-at-three", "six-at-mtd"]
"""What tells one 3+3 from another; the words alone name at least three designs.

`no-de-escalation`: two DLTs stop the trial, the MTD is the level below, be it with three or six
participants. `de-escalate-top-stops-at-three`: the level below is filled to six first; 0/3 at the
top level ends the trial there. `six-at-mtd`: as before, and the top level needs six as well.
"""


def _probability(number: Decimal) -> Decimal:
    """Refuse what is no probability, and say what a percentage would be."""
    if 0 < number < 1:
        return number
    meant = f" (did you mean {(number / 100).normalize():f}?)" if 2 < number < 100 else ""
    raise ValueError(f"{number:f}: a probability above 0 and below 1{meant}")


Probability = Annotated[
    Number,
    AfterValidator(_probability),
    WithJsonSchema(
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, mode="validation"
    ),
]
"""An exact decimal number above 0 and below 1."""

PositiveCount = Annotated[int, Field(ge=1, le=1000)]
"""A number of participants or of a dose level."""


class _Design(Illustrated):
    """What every design has.

    Attributes
    ----------
    starting_level : int, 1 = lowest dose level of the ladder
        Dose level of the first cohort. Levels below it are kept for de-escalation.
    """

    starting_level: Annotated[int, Field(ge=1)] = 1

    @property
    def title(self) -> str:
        """The design as shown to people, with what tells it from others of its name."""
        return str(getattr(self, "name", ""))


class ThreePlusThreeDesign(_Design):
    """The 3+3; there is none without its variant.

    Attributes
    ----------
    name : {'3+3'}
        The design, by its name in the catalogue of `escalation`.
    variant : {'no-de-escalation', 'de-escalate-top-stops-at-three', 'six-at-mtd'}
        Which 3+3; it has no default.
    starting_level : int, 1 = lowest dose level of the ladder
        Dose level of the first cohort. Levels below it are kept for de-escalation.
    cohort_size : {3}
        Participants in a cohort; the design is defined for three only.
    """

    name: Literal["3+3"]
    variant: ThreePlusThreeVariant
    cohort_size: Literal[3] = 3

    @property
    def title(self) -> str:
        """Name with the variant."""
        return f"{self.name} {self.variant}"


class _TargetDesign(_Design):
    """What every design has that aims at a target toxicity rate.

    Attributes
    ----------
    target : Decimal, probability
        Target toxicity rate: the DLT probability that the MTD should have.
    max_n : int, participants
        Participants at which the escalation ends.
    cohort_size : int, participants
        Participants in a cohort; the last one is cut at `max_n`.
    stop_at : int or None, participants
        Participants at one level at which the escalation ends when the rule would treat the next
        cohort there too; none: it goes on to `max_n`.
    """

    target: Probability
    max_n: PositiveCount
    cohort_size: PositiveCount = 3
    stop_at: PositiveCount | None = None

    @property
    def title(self) -> str:
        """Name with the target."""
        return f"{super().title} for a target of {self.target:f}"


class _IntervalDesign(_TargetDesign):
    """What every design has that decides by the tally at the level of the last cohort.

    Attributes
    ----------
    eliminate : Decimal or None, probability
        A level and all above are closed when the posterior probability (uniform prior) that its
        DLT rate is above the target is greater than this; none: no level is ever closed.
    eliminate_from : int, participants
        Evaluable participants at a level from which it can be closed.
    extra_safe : bool
        Whether the escalation stops at a smaller probability when it is the lowest level.
    offset : Decimal, probability
        How much smaller.
    bound_mtd : bool
        Whether the MTD must have an estimated DLT rate below the de-escalation limit of BOIN.
    """

    eliminate: Probability | None = Decimal("0.95")
    eliminate_from: PositiveCount = 3
    extra_safe: bool = False
    offset: Probability = Decimal("0.05")
    bound_mtd: bool = False


class BoinDesign(_IntervalDesign):
    """BOIN, the Bayesian optimal interval design.

    Attributes
    ----------
    name : {'BOIN'}
        The design, by its name in the catalogue of `escalation`.
    p_saf : Decimal or None, probability
        Greatest DLT rate that is too low; none: 0.6 times the target, as published.
    p_tox : Decimal or None, probability
        Least DLT rate that is too high; none: 1.4 times the target, as published.
    titration : bool
        Whether single participants climb until the first DLT or the top level; then the cohort at
        that level is filled, and cohorts follow.
    """

    name: Literal["BOIN"]
    p_saf: Probability | None = None
    p_tox: Probability | None = None
    titration: bool = False


class KeyboardDesign(_IntervalDesign):
    """The keyboard design.

    Attributes
    ----------
    name : {'keyboard'}
        The design, by its name in the catalogue of `escalation`.
    margin_left, margin_right : Decimal, probability
        How far the target key reaches below and above the target.
    eliminate_from : int, participants
        Evaluable participants at a level from which it can be closed.
    """

    name: Literal["keyboard"]
    margin_left: Probability = Decimal("0.05")
    margin_right: Probability = Decimal("0.05")
    eliminate_from: PositiveCount = 1


class MtpiDesign(_IntervalDesign):
    """The modified toxicity probability interval design, mTPI.

    Attributes
    ----------
    name : {'mTPI'}
        The design, by its name in the catalogue of `escalation`.
    epsilon_1, epsilon_2 : Decimal, probability
        How far the equivalence interval reaches below and above the target.
    eliminate_from : int, participants
        Evaluable participants at a level from which it can be closed.
    """

    name: Literal["mTPI"]
    epsilon_1: Probability = Decimal("0.05")
    epsilon_2: Probability = Decimal("0.05")
    eliminate_from: PositiveCount = 1


class Mtpi2Design(_IntervalDesign):
    """The second modified toxicity probability interval design, mTPI-2.

    Attributes
    ----------
    name : {'mTPI-2'}
        The design, by its name in the catalogue of `escalation`.
    epsilon_1, epsilon_2 : Decimal, probability
        How far the equivalence interval reaches below and above the target.
    eliminate_from : int, participants
        Evaluable participants at a level from which it can be closed.
    """

    name: Literal["mTPI-2"]
    epsilon_1: Probability = Decimal("0.05")
    epsilon_2: Probability = Decimal("0.05")
    eliminate_from: PositiveCount = 1


class I3Plus3Design(_IntervalDesign):
    """The i3+3 design.

    Attributes
    ----------
    name : {'i3+3'}
        The design, by its name in the catalogue of `escalation`.
    epsilon_1, epsilon_2 : Decimal, probability
        How far the equivalence interval reaches below and above the target.
    """

    name: Literal["i3+3"]
    epsilon_1: Probability = Decimal("0.05")
    epsilon_2: Probability = Decimal("0.05")


class TableRow(Data):
    """One row of an uploaded decision table.

    Attributes
    ----------
    evaluable : int, participants
        DLT-evaluable participants at the level of the last cohort.
    decisions : str
        One letter for 0, 1, 2 ... DLTs: E escalate, S stay, D de-escalate, U de-escalate and close
        the level and all above.
    """

    evaluable: PositiveCount
    decisions: Annotated[str, Field(pattern=r"^[ESDU]+$", max_length=1001)]


class DecisionTableDesign(_TargetDesign):
    """A decision table that the protocol brings along.

    Attributes
    ----------
    name : {'decision-table'}
        The design, by its name in the catalogue of `escalation`.
    rows : tuple of TableRow
        One row for each number of evaluable participants at which a decision can fall.
    """

    name: Literal["decision-table"]
    rows: Annotated[tuple[TableRow, ...], Field(min_length=1)]


class CrmDesign(_TargetDesign):
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


EscalationDesign = Annotated[
    ThreePlusThreeDesign
    | BoinDesign
    | KeyboardDesign
    | MtpiDesign
    | Mtpi2Design
    | I3Plus3Design
    | DecisionTableDesign
    | CrmDesign,
    Field(discriminator="name"),
]
"""How dose levels are climbed: one record a design, told by its name."""

DESIGNS: tuple[type[_Design], ...] = (
    ThreePlusThreeDesign,
    BoinDesign,
    KeyboardDesign,
    MtpiDesign,
    Mtpi2Design,
    I3Plus3Design,
    DecisionTableDesign,
    CrmDesign,
)
"""The records that `EscalationDesign` may be."""
