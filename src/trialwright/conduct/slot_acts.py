"""Acts on the places of a cohort: asked for, held, given back. Data only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RequestSlot:
    """Ask for a place in an arm; the request waits in the list until a place is held for it.

    Attributes
    ----------
    reference : str
        Study number, once the participant has consented; before that a request id, e.g.
        `request-17`.
    arm : str
        Arm id.
    site : str
        Site that asks.
    on : date
        Day of the request.
    """

    reference: str
    arm: str
    site: str
    on: date


@dataclass(frozen=True, slots=True)
class ReserveSlot:
    """Hold a free place of the open cohort for a request.

    Attributes
    ----------
    reference : str
        Of the request, or the study number linked with it.
    on : date
        Day of the reservation.
    reason : str
        Why this one and not the next of the list, where the sponsor chooses; else empty.
    """

    reference: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseSlot:
    """Give back a place that is held.

    Attributes
    ----------
    reference : str
        Of the request, or the study number linked with it.
    on : date
        Day of the release.
    reason : str
        Why; shown with the request.
    """

    reference: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class RefuseSlot:
    """Refuse a request that waits.

    Attributes
    ----------
    reference : str
        Of the request, or the study number linked with it.
    on : date
        Day of the refusal.
    reason : str
        Why; shown with the request.
    """

    reference: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawSlot:
    """Take back a request that waits.

    Attributes
    ----------
    reference : str
        Of the request, or the study number linked with it.
    on : date
        Day of the withdrawal.
    reason : str
        Why; may be empty.
    """

    reference: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkSlot:
    """Say which participant a request made before consent was for.

    Attributes
    ----------
    reference : str
        Request id.
    participant : str
        Study number, given at consent.
    on : date
        Day of the act.
    """

    reference: str
    participant: str
    on: date


SlotAct = RequestSlot | ReserveSlot | ReleaseSlot | RefuseSlot | WithdrawSlot | LinkSlot
"""What is done with a request for a place."""
