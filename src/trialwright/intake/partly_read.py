"""What could be read of a file of which some could not."""

from collections.abc import Collection, Iterable
from typing import Any

from trialwright.terms.errors import Fault, Refusal

ANYBODY = ""
"""In place of a study number that cannot be read: the row may be of anybody."""


class PartlyReadError(Refusal):
    """Some rows of a table, or resources of a record, cannot be read; the others can.

    Whoever knows nothing of the others has every fault of reading, as of any refusal.

    Attributes
    ----------
    faults : tuple of Fault
        Those of reading.
    read : object
        What the others hold, as the reader of the file gives it.
    whose : frozenset of str
        Study numbers of the rows that cannot be read; `ANYBODY` among them where one does not tell
        its own.
    """

    def __init__(
        self, faults: Iterable[Fault], read: Any = None, whose: Iterable[str] = (ANYBODY,)
    ) -> None:
        super().__init__(faults)
        self.read = read  # given again from the attributes when it comes from another process
        self.whose = frozenset(whose)


def may_lack(whose: Collection[str], participant: str) -> bool:
    """Say whether something of a participant may stand in rows that cannot be read.

    Parameters
    ----------
    whose : collection of str
        As in `PartlyReadError`.
    participant : str
        Study number.

    Returns
    -------
    bool
        False where it is certain that nothing does.
    """
    return participant in whose or ANYBODY in whose
