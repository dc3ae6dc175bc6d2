"""What is frozen or locked, as the ledger holds it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.conduct.scopes import Scope


@dataclass(frozen=True, slots=True)
class Hold:
    """A freeze or a lock in force.

    Attributes
    ----------
    scope : Scope
        What is held.
    state : {'frozen', 'locked'}
        How firmly.
    on : date
        Since which day.
    sequence : int
        The happening.
    """

    scope: Scope
    state: Literal["frozen", "locked"]
    on: date
    sequence: int

    def __str__(self) -> str:
        """Say it, with day and happening."""
        since = self.on.isoformat()
        return f"{self.scope} is {self.state} since {since} by entry {self.sequence}"
