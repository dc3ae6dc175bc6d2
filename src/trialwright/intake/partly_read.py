"""What could be read of a table of which some rows could not."""

from collections.abc import Iterable
from typing import Any

from trialwright.terms.errors import Fault, Refusal


class PartlyReadError(Refusal):
    """Some rows of a table cannot be read; the headings and the others can.

    Whoever knows nothing of the others has every fault of reading, as of any refusal.

    Attributes
    ----------
    faults : tuple of Fault
        Those of reading.
    read : object
        What the other rows hold, as the reader of the table gives it.
    """

    def __init__(self, faults: Iterable[Fault], read: Any = None) -> None:
        super().__init__(faults)
        self.read = read  # given again from the attributes when it comes from another process
