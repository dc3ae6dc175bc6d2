"""What stands in the audit trail, by subject, act and account: followed as the ledger grows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from trialwright.conduct.happenings import Recorded


@dataclass(slots=True)
class TrailFound:
    """What was found in the audit trail so far.

    Nothing of it is ever taken back: a redaction erases neither day, subject, act nor account.

    Attributes
    ----------
    count : int
        Entries looked at.
    last_day : date
        The latest day on which anything happened.
    places : dict of str to list of int
        Of each subject, where its entries stand in the trail, from 0.
    acts, accounts : dict of str to None
        What was done, and by which account.
    """

    count: int = 0
    last_day: date = date.min
    places: dict[str, list[int]] = field(default_factory=dict)
    acts: dict[str, None] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock, repr=False, compare=False)

    def take_up(self, records: Sequence[Recorded]) -> None:
        """Look at what is new.

        Parameters
        ----------
        records : sequence of Recorded
            Every entry of the trial, in ledger order.
        """
        with self._lock:
            for place in range(self.count, len(records)):
                record = records[place]
                done = record.happening
                self.places.setdefault(done.subject, []).append(place)
                self.acts[done.act] = self.accounts[record.actor] = None
                self.last_day = max(self.last_day, done.on)
            self.count = max(self.count, len(records))
