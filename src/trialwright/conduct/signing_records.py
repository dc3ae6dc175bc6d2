"""Signatures as the ledger holds them."""

from dataclasses import dataclass

from trialwright.conduct.signing_acts import Target


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature; it is kept when it becomes void.

    Attributes
    ----------
    sequence : int
        The happening.
    target : Target
        What was signed.
    meaning : str
        What the signature says.
    digest : str
        SHA-256 of what was shown.
    account, name, role : str
        Who signed, as printed, in which role.
    at, zone : str
        Local time with its distance from UTC, and the zone's name.
    unlocked_by : int or None
        Happening that unlocked what was signed, and so voided it.
    """

    sequence: int
    target: Target
    meaning: str
    digest: str
    account: str
    name: str
    role: str
    at: str
    zone: str
    unlocked_by: int | None = None

    def __str__(self) -> str:
        """Say it as it is printed."""
        return f"{self.meaning} by {self.name} ({self.role}) at {self.at} {self.zone}"
