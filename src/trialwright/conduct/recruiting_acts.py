"""Acts that open, suspend, close and reopen the trial and its sites. Data only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SuspendTrial:
    """Let nobody new into the trial for now; participants already registered go on.

    Attributes
    ----------
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the status is.
    """

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CloseTrial:
    """Let nobody new into the trial any more; every site closes with it.

    Attributes
    ----------
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the status is.
    """

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ReopenTrial:
    """Let participants into a suspended or closed trial again.

    Attributes
    ----------
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the status is.
    """

    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class OpenSite:
    """Open a site that was not yet active.

    Attributes
    ----------
    site : str
        Its id in the protocol.
    on : date
        Day from which it holds.
    reason : str
        What it rests on, e.g. the site initiation visit; may be empty.
    """

    site: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SuspendSite:
    """Let nobody new in at a site for now; participants already registered go on.

    Attributes
    ----------
    site : str
        Its id in the protocol.
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the status is.
    """

    site: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CloseSite:
    """Let nobody new in at a site any more.

    Attributes
    ----------
    site : str
        Its id in the protocol.
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the status is.
    """

    site: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ReopenSite:
    """Let participants in at a suspended or closed site again.

    Attributes
    ----------
    site : str
        Its id in the protocol.
    on : date
        Day from which it holds.
    reason : str
        Why; shown wherever the status is.
    """

    site: str
    on: date
    reason: str


TrialMove = SuspendTrial | CloseTrial | ReopenTrial
"""What changes the status of an open trial."""

SiteMove = OpenSite | SuspendSite | CloseSite | ReopenSite
"""What changes the status of a site."""
