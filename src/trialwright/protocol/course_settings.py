"""What the conduct of a participant's course needs of the protocol."""

from typing import Annotated, Literal

from pydantic import Field

from trialwright.protocol.data import Data, Illustrated, Name
from trialwright.protocol.schedule import Days


class HoldRule(Data):
    """Which doses not taken as planned are made up, so that later cycles move.

    Attributes
    ----------
    held_days_of : tuple of Name
        Agents; a day on which a dose of one or more of them was held adds a day to its cycle.
    with_reduced : bool
        Whether a day on which a dose was reduced adds one too.
    """

    held_days_of: Annotated[tuple[Name, ...], Field(min_length=1)]
    with_reduced: bool = False


class CourseSettings(Illustrated):
    """What is watched while participants are on study.

    Attributes
    ----------
    warned_medicines : tuple of Name
        Terms of the kind `treatment`: whoever records a medicine of such a set is warned, and the
        record is kept. Empty: nobody is warned.
    late_cycle : {'later cycles move', 'planned dates stay'}
        What a delayed cycle does to those after it. Assessments that recur by weeks keep their
        days, for they count from C1D1.
    holds_move_cycles : HoldRule or None
        Which held days are made up before the next cycle begins. None: a hold moves nothing.
    follow_up_window_days : int, days
        How far from the planned day a visit after the end of treatment may lie, on either side.
    """

    warned_medicines: tuple[Name, ...] = ()
    late_cycle: Literal["later cycles move", "planned dates stay"] = "later cycles move"
    holds_move_cycles: HoldRule | None = None
    follow_up_window_days: Days = 7
