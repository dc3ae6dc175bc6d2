"""Acts that verify data against their source, and freeze, lock and unlock them. Data only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DataPoint:
    """One value that was entered.

    Attributes
    ----------
    sequence : int
        The happening that holds it.
    field : str
        Its path there, e.g. `payload/event/grade`.
    """

    sequence: int
    field: str


@dataclass(frozen=True, slots=True)
class VerifySource:
    """Say that data points were compared with their source and agree with it.

    Attributes
    ----------
    participant : str
        Study number.
    on : date
        Day of the act.
    points : tuple of DataPoint
        At least one.
    """

    participant: str
    on: date
    points: tuple[DataPoint, ...]


@dataclass(frozen=True, slots=True)
class Freeze:
    """Let nothing be entered or corrected for now, e.g. for a data cutoff.

    Attributes
    ----------
    participant : str
        Study number; empty: the whole trial.
    on : date
        Day of the act.
    part : str
        A form by its name; empty for a data point, the participant or the trial.
    sequence, field : int and str
        The happening and path of a data point; 0 and empty otherwise.
    """

    participant: str
    on: date
    part: str = ""
    sequence: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """Let nothing be entered, corrected or asked any more.

    Attributes
    ----------
    participant : str
        Study number; empty: the whole trial.
    on : date
        Day of the act.
    part : str
        A form by its name; empty for a data point, the participant or the trial.
    sequence, field : int and str
        The happening and path of a data point; 0 and empty otherwise.
    """

    participant: str
    on: date
    part: str = ""
    sequence: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class Unlock:
    """Open again what is frozen or locked; signatures on it become void and are kept.

    Attributes
    ----------
    participant : str
        Study number; empty: the whole trial.
    on : date
        Day of the act.
    reason : str
        Why.
    part : str
        A form by its name; empty for a data point, the participant or the trial.
    sequence, field : int and str
        The happening and path of a data point; 0 and empty otherwise.
    """

    participant: str
    on: date
    reason: str
    part: str = ""
    sequence: int = 0
    field: str = ""


Holding = Freeze | Lock | Unlock
"""What closes data or opens them again."""
