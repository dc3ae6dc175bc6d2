"""The dose-escalation design as written in the protocol: its name and all its numbers.

One record a design; `name` tells which. A setting that stands in no file has its published default,
and a setting without a published default has none here either.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Data
from trialwright.protocol.escalation_models import BlrmDesign, CrmDesign, TiteCrmDesign
from trialwright.protocol.escalation_settings import (
    AnyDesign,
    PositiveCount,
    Probability,
    TargetDesign,
)

ThreePlusThreeVariant = Literal["no-de-escalation", "de-escalate-top-stops-at-three", "six-at-mtd"]
"""What tells one 3+3 from another; the words alone name at least three designs.

`no-de-escalation`: two DLTs stop the trial, the MTD is the level below, be it with three or six
participants. `de-escalate-top-stops-at-three`: the level below is filled to six first; 0/3 at the
top level ends the trial there. `six-at-mtd`: as before, and the top level needs six as well.
"""


class ThreePlusThreeDesign(AnyDesign):
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


class _IntervalDesign(TargetDesign):
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


class TiteBoinDesign(_IntervalDesign):
    """TITE-BOIN, BOIN with participants who are still in their DLT window.

    Attributes
    ----------
    name : {'TITE-BOIN'}
        The design, by its name in the catalogue of `escalation`.
    window_days : int, days
        Length of the DLT window.
    pending : {'imputation', 'effective-number'}
        How those pending are counted: by the DLTs they are taken to have still to come, or by their
        follow-up as a part of a participant.
    most_pending : Decimal
        Part of the participants at a level above which accrual waits.
    leaves_early : bool
        Whether a level is left downward at once when no follow-up can change that.
    p_saf : Decimal or None, probability
        Greatest DLT rate that is too low; none: 0.6 times the target, as published.
    p_tox : Decimal or None, probability
        Least DLT rate that is too high; none: 1.4 times the target, as published.
    """

    name: Literal["TITE-BOIN"]
    window_days: PositiveCount
    pending: Literal["imputation", "effective-number"]
    most_pending: Probability = Decimal("0.5")
    leaves_early: bool = True
    p_saf: Probability | None = None
    p_tox: Probability | None = None


class RollingSixDesign(AnyDesign):
    """The rolling six.

    Attributes
    ----------
    name : {'rolling-six'}
        The design, by its name in the catalogue of `escalation`.
    cohort_size : {1}
        Participants a decision is about; the design asks again for the next.
    """

    name: Literal["rolling-six"]
    cohort_size: Literal[1] = 1


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


class DecisionTableDesign(TargetDesign):
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


class BoinCombinationsDesign(AnyDesign):
    """BOIN for two agents, on a grid of their doses.

    The dose levels of the ladder are the combinations, row by row: the first agent at its lowest
    dose with every dose of the second, then at its next.

    Attributes
    ----------
    name : {'BOIN-combinations'}
        The design, by its name in the catalogue of `escalation`.
    rows, columns : int
        Doses of the first and of the second agent.
    starting_level : {1}
        Number of the first combination: the lowest doses of both.
    target : Decimal, probability
        Target toxicity rate: the DLT probability that the MTD should have.
    max_n : int, participants
        Participants at which the escalation ends.
    cohort_size : int, participants
        Participants in a cohort; the last one is cut at `max_n`.
    eliminate : Decimal or None, probability
        A combination, and all at least as high in both agents, are closed when the posterior
        probability (uniform prior) that its DLT rate is above the target is greater than this;
        none: never.
    favour_tried : bool
        Whether participants treated at a neighbour count in its favour.
    """

    name: Literal["BOIN-combinations"]
    rows: PositiveCount
    columns: PositiveCount
    starting_level: Literal[1] = 1
    target: Probability
    max_n: PositiveCount
    cohort_size: PositiveCount = 3
    eliminate: Probability | None = Decimal("0.95")
    favour_tried: bool = True

    @property
    def title(self) -> str:
        """Name with the grid and the target."""
        return f"{self.name} {self.rows}x{self.columns} for a target of {self.target:f}"


EscalationDesign = Annotated[
    ThreePlusThreeDesign
    | BoinDesign
    | KeyboardDesign
    | MtpiDesign
    | Mtpi2Design
    | I3Plus3Design
    | DecisionTableDesign
    | CrmDesign
    | BlrmDesign
    | TiteCrmDesign
    | TiteBoinDesign
    | RollingSixDesign
    | BoinCombinationsDesign,
    Field(discriminator="name"),
]
"""How dose levels are climbed: one record a design, told by its name."""

DESIGNS: tuple[type[AnyDesign], ...] = (
    ThreePlusThreeDesign,
    BoinDesign,
    KeyboardDesign,
    MtpiDesign,
    Mtpi2Design,
    I3Plus3Design,
    DecisionTableDesign,
    CrmDesign,
    BlrmDesign,
    TiteCrmDesign,
    TiteBoinDesign,
    RollingSixDesign,
    BoinCombinationsDesign,
)
"""The records that `EscalationDesign` may be."""
