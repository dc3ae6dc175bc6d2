"""Delegations as the log holds them."""

from dataclasses import dataclass
from datetime import date

from trialwright.conduct.delegation_acts import EVERY_SITE


@dataclass(frozen=True, slots=True)
class Delegation:
    """One row of the delegation log.

    Attributes
    ----------
    number : int
        Place in the log, counted from 1.
    account, name, role, site : str
        Whose, printed name, in which role, at which site or `all-sites`.
    tasks : tuple of str
        What is delegated.
    since : date
        First day.
    until : date or None
        Last day; None: open.
    trained_on : date
        Day of the training.
    sequence : int
        The happening.
    """

    number: int
    account: str
    name: str
    role: str
    site: str
    tasks: tuple[str, ...]
    since: date
    until: date | None
    trained_on: date
    sequence: int

    def holds_on(self, day: date) -> bool:
        """Say whether it is in force on a day.

        Parameters
        ----------
        day : date
            Both the first and the last day count.

        Returns
        -------
        bool
            False before and after.
        """
        return self.since <= day and (self.until is None or day <= self.until)

    def holds_at(self, site: str, only_site: str = "") -> bool:
        """Say whether it takes in a site.

        Parameters
        ----------
        site : str
            Id of a site, or `all-sites` for what concerns the whole trial.
        only_site : str
            Id of the one site, in a trial that has no other.

        Returns
        -------
        bool
            In a trial with one site, a delegation there takes in the trial.
        """
        if self.site in (EVERY_SITE, site):
            return True
        return site == EVERY_SITE and self.site == only_site

    def __str__(self) -> str:
        """Say it without the person's name."""
        until = self.until.isoformat() if self.until else "open"
        return (
            f"delegation {self.number}: {self.account}, {self.role} at {self.site}, "
            f"{self.since.isoformat()} to {until}: {', '.join(self.tasks)}"
        )
