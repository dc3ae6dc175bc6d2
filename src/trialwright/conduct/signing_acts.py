"""The act of an electronic signature. Data only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

TargetKind = Literal["checklist", "form", "casebook", "dose-decision", "rp2d", "trail"]
"""What can be signed."""

Meaning = Literal["authored", "reviewed", "approved", "responsible"]
"""What a signature says (21 CFR 11.50(a)(3))."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is signed.

    Attributes
    ----------
    kind : {'checklist', 'form', 'casebook', 'dose-decision', 'rp2d', 'trail'}
        An eligibility checklist, a form, everything of a participant, a dose decision, an RP2D, or
        the audit trail that was reviewed.
    subject : str
        Study number; `arm-A` for a dose decision or RP2D; for the trail of the whole trial its NCT
        number.
    part : str
        Arm of a checklist; of a form the name of the part of the participant's state.
    on, first_dose_on : date or None
        Day of the checklist, and the first dose planned then.
    sequence : int
        Happening of the dose decision or RP2D; last happening of the trail that was reviewed.
    """

    kind: TargetKind
    subject: str
    part: str = ""
    on: date | None = None
    first_dose_on: date | None = None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign what was shown.

    Attributes
    ----------
    target : Target
        What.
    meaning : {'authored', 'reviewed', 'approved', 'responsible'}
        What the signature says.
    digest : str
        SHA-256 of the canonical JSON of exactly what was shown.
    account : str
        Account of who signs: the actor's own.
    at : datetime
        Local time with its zone.
    authenticated_by : tuple of str
        By which methods the person was asked again, e.g. `password`; never a secret.
    """

    target: Target
    meaning: Meaning
    digest: str
    account: str
    at: datetime
    authenticated_by: tuple[str, ...]

    @property
    def on(self) -> date:
        """Civil day of the signature where it was given."""
        return self.at.date()

    @property
    def participant(self) -> str:
        """Whose data are signed; an arm or a trial is nobody's."""
        return self.target.subject
