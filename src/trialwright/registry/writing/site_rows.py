"""Statuses as badges, and sites as the rows of a table."""

import re
from dataclasses import dataclass

from trialwright.registry.record import RecordSite

STATUSES = {
    "active": "Open to new participants.",
    "not yet active": "Not yet open to participants.",
    "suspended": "Closed to new participants for the time being.",
    "closed": "Closed to new participants.",
    "completed": "The trial has ended as planned.",
    "terminated": "The trial was ended before its time.",
    "withdrawn": "The trial was withdrawn before anybody took part.",
}
"""What each status means for somebody who wants to take part."""

_OPEN = {"active"}
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Status:
    """A status as a badge shows it.

    Attributes
    ----------
    says, means : str
        The word, and what it means for somebody who wants to take part.
    is_open : bool
        Whether new participants are taken.
    """

    says: str
    means: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site as the table shows it.

    Attributes
    ----------
    name, place, contact, phone, email : str
        As in the protocol; the place is town, state and country.
    status : Status
        Whether it takes participants.
    dialled, mailed : str
        Phone and address as a link takes them; empty when they are of another form.
    """

    name: str
    place: str
    contact: str
    phone: str
    email: str
    status: Status
    dialled: str
    mailed: str

    @property
    def is_reached(self) -> bool:
        """Whether the record states whom to ask, or how."""
        return bool(self.contact or self.phone or self.email)


def status_of(status: str) -> Status:
    """Give a status as a badge shows it.

    Parameters
    ----------
    status : str
        Of a trial or a site, as the protocol words it; empty when not stated.

    Returns
    -------
    Status
        With its meaning where the word is one of the protocol's own.
    """
    return Status(status.capitalize(), STATUSES.get(status.lower(), ""), status.lower() in _OPEN)


def site_row(site: RecordSite) -> SiteRow:
    """Give a site as a row.

    Parameters
    ----------
    site : RecordSite
        Any site.

    Returns
    -------
    SiteRow
        With a link only where phone or address have the form of one.
    """
    place = ", ".join(
        each for each in (site.city, " ".join([site.state, site.zip]).strip(), site.country) if each
    )
    phone = site.phone.strip()
    dialled = re.sub(r"[^+0-9]", "", phone) if _PHONE.fullmatch(phone) else ""
    mailed = site.email if _EMAIL.fullmatch(site.email) else ""
    return SiteRow(
        site.name, place, site.contact, phone, site.email, status_of(site.status), dialled, mailed
    )
