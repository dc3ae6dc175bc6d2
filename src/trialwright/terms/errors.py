"""Errors in one form: where it is, what was found, what is allowed, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was given.

    Attributes
    ----------
    where : str
        Path of the value, e.g. `arms.C.dosing.2.days`; for a file, relative to its root.
    found : str
        What stands there, shortened; never a name, birth date or free text of a participant.
    allowed : str
        What may stand there.
    do : str
        What to do about it, as an imperative sentence.
    file : str
        Name of the file, or empty when the value came from no file.
    line : int
        Line in that file, counted from 1; 0 when no line is known.
    """

    where: str
    found: str
    allowed: str
    do: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """Say the fault on one line, as `file:line: where: found. Allowed: ... Do ...`."""
        place = self.file
        if self.line:
            place = f"{place}:{self.line}" if place else f"line {self.line}"
        head = ": ".join(part for part in (place, self.where) if part)
        return f"{head}: {self.found}. Allowed: {self.allowed}. {self.do}."


class Refusal(Exception):
    """What was asked cannot be answered or done; every fault found is named at once.

    Attributes
    ----------
    faults : tuple of Fault
        At least one.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def refuse(where: str, found: str, allowed: str, do: str) -> Refusal:
    """Give the refusal for one fault.

    Parameters
    ----------
    where, found, allowed, do : str
        As in `Fault`.

    Returns
    -------
    Refusal
        To be raised by the caller.
    """
    return Refusal([Fault(where, found, allowed, do)])


def shorten(text: object, most: int = 60) -> str:
    """Show a value in a message without flooding it.

    Parameters
    ----------
    text : object
        The value found; control characters are shown escaped.
    most : int
        Longest text shown, characters.

    Returns
    -------
    str
        The value on one line, cut with `…` when it is longer.
    """
    whole = repr(text) if not isinstance(text, str) else text
    plain = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in whole[: most * 2])
    return plain if len(plain) <= most else plain[: most - 1] + "…"
