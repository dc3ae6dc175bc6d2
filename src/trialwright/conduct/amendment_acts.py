"""Acts that amend the protocol of a running trial. Data only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AmendProtocol:
    """Put another version of the protocol on record; it is in force nowhere until activated.

    Attributes
    ----------
    text : str
        The new version as it is written, one YAML document.
    on : date
        Day of the amendment.
    reason : str
        Why the protocol is amended.
    changes : tuple of str
        What changes from the version before, as sentences.
    consent_within : int or None, days
        Days from the activation at a site within which participants who consented before it
        consent again; None: nobody needs to.
    first : str
        Text of the version with which the trial began, for the first amendment; empty later,
        when the ledger holds it.
    """

    text: str
    on: date
    reason: str
    changes: tuple[str, ...] = ()
    consent_within: int | None = None
    first: str = ""


@dataclass(frozen=True, slots=True)
class ActivateAmendment:
    """Let a version of the protocol be in force at a site, or for the trial as a whole.

    Attributes
    ----------
    version : int
        Its number: 1 for the first amendment.
    site : str
        Id of a site; `all-sites`: what concerns an arm or the trial as a whole.
    on : date
        First day.
    reason : str
        What it rests on, e.g. the vote of the ethics committee; may be empty.
    """

    version: int
    site: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordReconsent:
    """Record that a participant consented again, to an amended version.

    Attributes
    ----------
    participant : str
        Study number.
    version : int
        Number of the version.
    on : date
        Day of the signature.
    """

    participant: str
    version: int
    on: date


AmendingAct = AmendProtocol | ActivateAmendment | RecordReconsent
"""What is done about amendments."""
