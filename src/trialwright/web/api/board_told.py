"""The cohort board as it is told to programs."""

from datetime import date

from trialwright.web.api.told import Told


class SlotTold(Told):
    """A place of a dose level.

    Attributes
    ----------
    state, because : str
        Where it stands, and why: of an untaken place `free`, or as its cohort while that takes
        nobody.
    reference, participant, site : str
        For whom; empty for one that is untaken.
    until : date or None
        Last day on which it is held.
    """

    state: str
    because: str
    reference: str
    participant: str
    site: str
    until: date | None


class LevelTold(Told):
    """A dose level of an arm.

    Attributes
    ----------
    level : int
        1 = lowest.
    dose, state, because : str
        Amount and unit; where its cohort stands, and why.
    slots : tuple of SlotTold
        Participants, then held places, then untaken ones.
    """

    level: int
    dose: str
    state: str
    because: str
    slots: tuple[SlotTold, ...]


class ArmTold(Told):
    """An arm of the board.

    Attributes
    ----------
    arm, says, state : str
        Its id, its sentence, and where its open cohort stands.
    free, waiting : int
        Places that can be given now, and requests that wait.
    next_free_on : date or None
        Forecast of the next free place.
    next_free_because : str
        What it rests on.
    levels : tuple of LevelTold
        Its dose levels.
    """

    arm: str
    says: str
    state: str
    free: int
    waiting: int
    next_free_on: date | None
    next_free_because: str
    levels: tuple[LevelTold, ...]


class BoardTold(Told):
    """The cohort board.

    Attributes
    ----------
    as_of : date
        The day.
    policy : str
        How the wait list is ordered; empty: the protocol declares none.
    arms : tuple of ArmTold
        In the order of the protocol.
    """

    as_of: date
    policy: str
    arms: tuple[ArmTold, ...]
