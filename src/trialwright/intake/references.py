"""References of FHIR: what a resource names, and on which server it came."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256

from trialwright.intake.elements import Element

RESTFUL = re.compile(
    r"(?:(?P<base>https?://.+)/)?(?P<named>(?P<kind>[A-Z][A-Za-z]{1,39})/[A-Za-z0-9.\-]{1,64})"
    r"(?:/_history/[A-Za-z0-9.\-]{1,64})?"
)
"""A relative or absolute reference, `Patient/123` or `https://host/fhir/Patient/123`."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as a resource makes it.

    Attributes
    ----------
    text : str
        As written.
    base : str
        Server from which the resource came, by its entry's `fullUrl`; empty when it has none.
    """

    text: str
    base: str


def about(resource: Element, base: str) -> tuple[Reference, tuple[Reference, ...]]:
    """Give whom a resource is about, and on what it focuses.

    Parameters
    ----------
    resource : Element
        Any.
    base : str
        Server from which it came; empty when not known.

    Returns
    -------
    tuple of (Reference, tuple of Reference)
        Its subject, the patient of a family history, and its focus. A subject that is named by an
        identifier alone is named by a digest of it.

    Raises
    ------
    Refusal
        If one of them has another form.
    """
    is_kin = resource.text("resourceType") == "FamilyMemberHistory"
    subject = resource.inner("patient" if is_kin else "subject")
    focus = tuple(Reference(each.text("reference"), base) for each in resource.inners("focus"))
    return Reference(_named(subject), base), focus


def _named(subject: Element | None) -> str:
    """Give what a subject is called: its reference, else its identifier."""
    if subject is None:
        return ""
    return subject.text("reference") or identified(subject.inner("identifier"))


def identified(identifier: Element | None) -> str:
    """Give a name for what an identifier names, from which nobody reads the identifier.

    Parameters
    ----------
    identifier : Element or None
        A FHIR Identifier.

    Returns
    -------
    str
        A digest of its system and value; empty without either, for a number alone names nobody.

    Raises
    ------
    Refusal
        If one of them has another form.
    """
    if identifier is None:
        return ""
    system, value = identifier.text("system"), identifier.text("value")
    if not system or not value:
        return ""
    return f"identifier:{sha256(json.dumps([system, value]).encode()).hexdigest()}"


def patient_named(reference: object) -> str:
    """Give the id of the patient whom a reference names by kind and id.

    Parameters
    ----------
    reference : object
        As read, e.g. `Patient/123` or `https://host/fhir/Patient/123`.

    Returns
    -------
    str
        In lower case; empty where it is no such reference.
    """
    found = RESTFUL.fullmatch(reference.strip()) if isinstance(reference, str) else None
    if found is None or found["kind"] != "Patient":
        return ""
    return found["named"].removeprefix("Patient/").lower()


def base_of(full_url: str) -> str:
    """Give the server of an entry.

    Parameters
    ----------
    full_url : str
        Its `fullUrl`.

    Returns
    -------
    str
        E.g. `https://host/fhir`; empty when the address is not of that form.
    """
    found = RESTFUL.fullmatch(full_url)
    return (found["base"] or "") if found else ""
