"""Readings of lesions as records write them: one text for one reading, and back."""

from decimal import Decimal

from trialwright.casebook.tumours import (
    Merged,
    NonTargetReading,
    NonTargetWord,
    Split,
    TargetReading,
    TargetWord,
    require_lengths,
)
from trialwright.terms.canonical import Json
from trialwright.terms.errors import refuse, shorten
from trialwright.terms.quantities import decimal


def read_target(recorded: object, where: str) -> TargetReading:
    """Read a target lesion's reading as records write it.

    Parameters
    ----------
    recorded : object
        Millimetres as a whole number, a Decimal or a decimal text; a word of `TargetWord`;
        `MERGED:<label>`; or a list of the fragments' millimetres.
    where : str
        Path of the value, for the message.

    Returns
    -------
    TargetReading
        The reading.

    Raises
    ------
    Refusal
        If it is none of these.
    """
    if isinstance(recorded, list | tuple):
        return Split(tuple(_millimetres(fragment, where) for fragment in recorded))
    if isinstance(recorded, str):
        if recorded in set(TargetWord):
            return TargetWord(recorded)
        if recorded.startswith("MERGED:"):
            return Merged(recorded.removeprefix("MERGED:").strip())
    return _millimetres(recorded, where)


def read_nontarget(recorded: object, where: str) -> NonTargetReading:
    """Read a non-target lesion's reading as records write it.

    Parameters
    ----------
    recorded : object
        A word of `NonTargetWord`, or millimetres as `read_target` takes them.
    where : str
        Path of the value, for the message.

    Returns
    -------
    NonTargetReading
        The reading.

    Raises
    ------
    Refusal
        If it is neither.
    """
    if isinstance(recorded, str) and recorded in set(NonTargetWord):
        return NonTargetWord(recorded)
    return _millimetres(recorded, where)


def record_reading(reading: TargetReading | NonTargetReading) -> Json:
    """Write a reading so that `read_target` or `read_nontarget` gives it back.

    Parameters
    ----------
    reading : TargetReading or NonTargetReading
        The reading.

    Returns
    -------
    Json
        Text, or a list of texts for fragments; never a binary float.
    """
    match reading:
        case Split():
            return [f"{fragment:f}" for fragment in reading.fragments]
        case Merged():
            return f"MERGED:{reading.into}"
        case Decimal():
            return f"{reading:f}"
        case _:
            return reading.value


def _millimetres(recorded: object, where: str) -> Decimal:
    """Read a number of millimetres; a binary float is refused, for 0.1 has no exact one."""
    if isinstance(recorded, Decimal):
        mm = recorded
    elif isinstance(recorded, int) and not isinstance(recorded, bool):
        mm = Decimal(recorded)
    elif isinstance(recorded, str) and recorded[:1].isdigit():
        mm = decimal(recorded)
    else:
        raise refuse(
            where,
            f"{shorten(recorded)} is no reading of a lesion",
            "millimetres as a decimal number, or one of the agreed words",
            "Correct the reading",
        )
    require_lengths((mm,), where)
    return mm
