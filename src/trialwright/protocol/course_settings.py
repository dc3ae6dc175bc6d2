"""What the conduct of a participant's course needs of the protocol."""

from typing import Literal

from trialwright.protocol.data import Illustrated, Name
from trialwright.protocol.schedule import Days


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
    follow_up_window_days : int, days
        How far from the planned day a visit after the end of treatment may lie, on either side.
    """

    warned_medicines: tuple[Name, ...] = ()
    late_cycle: Literal["later cycles move", "planned dates stay"] = "later cycles move"
    follow_up_window_days: Days = 7
