"""What the conduct of a participant's course needs of the protocol."""

from trialwright.protocol.data import Illustrated, Name


class CourseSettings(Illustrated):
    """What is watched while participants are on study.

    Attributes
    ----------
    warned_medicines : tuple of Name
        Terms of the kind `treatment`: whoever records a medicine of such a set is warned, and the
        record is kept. Empty: nobody is warned.
    """

    warned_medicines: tuple[Name, ...] = ()
