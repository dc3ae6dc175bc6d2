"""Whether the trial and its sites take participants: what changed it, and what is in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

STATUS_AFTER: Mapping[str, str] = MappingProxyType(
    {
        "trial_opened": "active",
        "trial_suspended": "suspended",
        "trial_closed": "closed",
        "trial_reopened": "active",
        "site_opened": "active",
        "site_suspended": "suspended",
        "site_closed": "closed",
        "site_reopened": "active",
    }
)
"""Act of a happening to the status it leaves; the words are those of the protocol file."""

ENDED = ("closed", "completed", "terminated", "withdrawn")
"""Statuses from which only reopening leads back."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A recorded act that changed a status.

    Attributes
    ----------
    status : {'active', 'suspended', 'closed'}
        Since then.
    on : date
        Day from which it holds.
    act : str
        Act of the happening, e.g. `site_closed`.
    reason : str
        As given with the act; may be empty for an opening.
    sequence : int
        The happening.
    """

    status: str
    on: date
    act: str
    reason: str
    sequence: int

    def __str__(self) -> str:
        """Say it, with the day, the happening and the reason."""
        why = f": {self.reason}" if self.reason else ""
        since = self.on.isoformat()
        act = self.act.replace("_", " ")
        return f"{self.status} since {since} by entry {self.sequence} ({act}){why}"


@dataclass(frozen=True, slots=True)
class InForce:
    """The status in force on a day.

    Attributes
    ----------
    status : str
        In the words of the protocol file.
    because : str
        Which act or which version of the protocol says so.
    change : StatusChange or None
        The act; None: no act says otherwise than the protocol.
    """

    status: str
    because: str
    change: StatusChange | None = None


@dataclass(frozen=True, slots=True)
class Statuses:
    """The statuses in force on a day.

    Attributes
    ----------
    as_of : date
        The day.
    trial : InForce
        Of the trial.
    sites : mapping of str to InForce
        Of each site of the protocol, by id.
    """

    as_of: date
    trial: InForce
    sites: Mapping[str, InForce] = field(default_factory=dict)


def latest(changes: Sequence[StatusChange], as_of: date | None = None) -> StatusChange | None:
    """Give the change that holds on a day.

    Parameters
    ----------
    changes : sequence of StatusChange
        Of one trial or site, in ledger order, which is the order of their days.
    as_of : date or None
        The day; None: the last change.

    Returns
    -------
    StatusChange or None
        The last one of that day or before; None when there is none.
    """
    held = [each for each in changes if as_of is None or each.on <= as_of]
    return held[-1] if held else None
