"""Errors in one form: where it is, what was found, what is allowed, what to do."""

import reprlib
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal


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
        head = ": ".join(part for part in (place, self.where, self.found) if part)
        return _on_one_line(f"{head}. Allowed: {self.allowed}. {self.do}.")


class Refusal(Exception):
    """What was asked cannot be answered or done; every fault found is named at once.

    Attributes
    ----------
    faults : tuple of Fault
        At least one.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("a refusal names at least one fault")
        super().__init__(self.faults)  # so that it survives pickling between processes

    def __str__(self) -> str:
        """Say every fault, one on a line."""
        return "\n".join(str(fault) for fault in self.faults)


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


Stood = Collection[Fault]
"""What stood already between a record and others when it is corrected: not held against it."""


def refuse_others(faults: Iterable[Fault], standing: Stood) -> None:
    """Refuse if there is any fault but those that stood already.

    Parameters
    ----------
    faults : iterable of Fault
        What was found.
    standing : Stood
        What is not held against what is asked.

    Raises
    ------
    Refusal
        With every other one.
    """
    others = [each for each in faults if each not in standing]
    if others:
        raise Refusal(others)


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
    plain = _on_one_line((text if isinstance(text, str) else _shown(text))[: most + 1])
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def shape(text: str, most: int = 30) -> str:
    """Show the form of a text and none of its content, as it may concern a participant.

    Parameters
    ----------
    text : str
        E.g. `14/03/1960`.
    most : int
        Longest form shown, characters.

    Returns
    -------
    str
        Digits as `9`, letters as `a`, other signs as they are: `99/99/9999`.
    """
    return shorten("".join(_kind_of(sign) for sign in text[: most + 1]), most)


def _kind_of(sign: str) -> str:
    """Give the sign that stands for a digit, a letter or a mark on one."""
    return {"N": "9", "L": "a", "M": "a"}.get(unicodedata.category(sign)[0], sign)


def _on_one_line(text: str) -> str:
    """Show line ends, control and invisible signs escaped."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _shown(value: object) -> str:
    """Show a value that is no text, without writing out all of a large one."""
    if isinstance(value, Decimal):
        return str(value)
    try:
        return reprlib.repr(value)
    except (ValueError, RecursionError):  # a whole number of more than 4300 digits, a deep tree
        return f"a large value of type {type(value).__name__}"
