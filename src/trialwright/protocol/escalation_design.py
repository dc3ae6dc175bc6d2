"""The dose-escalation design as written in the protocol: its name, its variant, its numbers."""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Illustrated

ThreePlusThreeVariant = Literal["no-de-escalation", "de-escalate-top-stops-at-three", "six-at-mtd"]
"""What tells one 3+3 from another; the words alone name at least three designs.

`no-de-escalation`: two DLTs stop the trial, the MTD is the level below, be it with three or six
participants. `de-escalate-top-stops-at-three`: the level below is filled to six first; 0/3 at the
top level ends the trial there. `six-at-mtd`: as before, and the top level needs six as well.
"""


class EscalationDesign(Illustrated):
    """How dose levels are climbed; there is no 3+3 without its variant.

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
    starting_level: Annotated[int, Field(ge=1)] = 1
    cohort_size: Literal[3] = 3
