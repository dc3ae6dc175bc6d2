"""Acts of the delegation log. Data only."""

from dataclasses import dataclass
from datetime import date

EVERY_SITE = "all-sites"
"""Site of a delegation that holds at every site of the trial."""


@dataclass(frozen=True, slots=True)
class Delegate:
    """Delegate tasks of the trial to a person.

    Attributes
    ----------
    account : str
        Account of that person; never used for another person.
    name : str
        Name of the person, as it is printed with signatures.
    role : str
        Role in which the person acts.
    site : str
        Id of a site, or `all-sites`.
    tasks : tuple of str
        Tasks delegated; at least one.
    since : date
        First day.
    until : date or None
        Last day; None: until it is ended.
    trained_on : date or None
        Day of the training for these tasks; without one no role is active.
    on : date
        Day of the act.
    """

    account: str
    name: str
    role: str
    site: str
    tasks: tuple[str, ...]
    since: date
    until: date | None
    trained_on: date | None
    on: date


@dataclass(frozen=True, slots=True)
class EndDelegation:
    """End a delegation.

    Attributes
    ----------
    delegation : int
        Its number in the log.
    on : date
        Day of the act; the delegation holds up to the end of it.
    reason : str
        Why; may be empty.
    """

    delegation: int
    on: date
    reason: str = ""
