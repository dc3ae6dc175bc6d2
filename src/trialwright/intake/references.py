"""References of FHIR: what a resource names, and on which server it came."""

import re
from dataclasses import dataclass

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
        Its subject, the patient of a family history, and its focus.

    Raises
    ------
    Refusal
        If one of them has another form.
    """
    is_kin = resource.text("resourceType") == "FamilyMemberHistory"
    subject = resource.inner("patient" if is_kin else "subject")
    focus = tuple(Reference(each.text("reference"), base) for each in resource.inners("focus"))
    return Reference(subject.text("reference") if subject else "", base), focus


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
