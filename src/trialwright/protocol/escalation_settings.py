"""What the records of dose-escalation designs share: names, ladder, participants, target."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from trialwright.protocol.data import Data, Illustrated, Number


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


class Backfilling(Data):
    """Lower dose levels kept open for whoever arrives while the running cohort is full.

    Attributes
    ----------
    cap : int, participants
        Participants at a level, of cohorts and backfilled, at which it is closed for backfilling.
    needs_response : bool
        Whether a level is open only once a response was seen there.
    choice : {'highest', 'lowest'}
        Which of several open levels is taken.
    """

    cap: PositiveCount
    needs_response: bool = True
    choice: Literal["highest", "lowest"] = "highest"


class AnyDesign(Illustrated):
    """What every design has.

    Attributes
    ----------
    backfill : Backfilling or None
        Lower levels kept open; none: nobody is backfilled. For designs that are tables of tallies.
    starting_level : int, 1 = lowest dose level of the ladder
        Dose level of the first cohort. Levels below it are kept for de-escalation.
    """

    backfill: Backfilling | None = None
    starting_level: Annotated[int, Field(ge=1)] = 1

    @property
    def title(self) -> str:
        """The design as shown to people, with what tells it from others of its name."""
        return str(getattr(self, "name", ""))


class TargetDesign(AnyDesign):
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
