"""Sites and those who answer for a trial, from the parts that the JSON shapes share."""

from collections.abc import Sequence

from trialwright.registry.draft import DraftPerson, DraftSite
from trialwright.registry.shapes.house_words import site_status_of
from trialwright.registry.shapes.spots import MarkedRecord, Spot

RECRUITMENT = "Recruitment at this site:"
"""Begins the words by which a location says its status where FHIR's code does not."""

PRINCIPAL_INVESTIGATOR = "principal investigator"


def site_of_location(location: Spot, place: int) -> DraftSite | None:
    """Read a FHIR Location.

    Parameters
    ----------
    location : Spot
        Where it stands.
    place : int
        Place of the site in the draft, counted from 0.

    Returns
    -------
    DraftSite or None
        None for one without a name, which is kept.
    """
    became = f"sites.{place}"
    if not location["name"].words:
        location.keep("a site without a name")
        return None
    address = location["address"]
    telecom = location["telecom"]
    for qualifier in ("resourceType", "id"):
        location[qualifier].understood("link", became)
    if address.value is not None:
        address["use"].understood("qualifier", became)
    return DraftSite(
        name=location["name"].read("site", became),
        status=_site_status(location, became),
        contact="",
        phone=first_telecom(telecom, "phone", became),
        line=0,
        email=first_telecom(telecom, "email", became),
        city=address["city"].read("site", became),
        state=address["state"].read("site", became),
        zip=address["postalCode"].read("site", became),
        country=address["country"].read("site", became),
    )


def _site_status(location: Spot, became: str) -> str:
    """Read whether a site recruits: FHIR has one code for not yet and no longer."""
    described = location["description"]
    said = described.words
    code = location["status"].read("site", became)
    if said.startswith(RECRUITMENT):
        described.understood("site", became)
        return site_status_of(said.removeprefix(RECRUITMENT).strip())
    return site_status_of(code)


def first_telecom(telecom: Spot, system: str, became: str) -> str:
    """Read the first phone or email of a FHIR telecom.

    Parameters
    ----------
    telecom : Spot
        Where the list stands.
    system : {'phone', 'email'}
        Which is meant.
    became : str
        Part of the draft that it becomes.

    Returns
    -------
    str
        Empty when there is none.
    """
    for each in telecom.each():
        if each["system"].words == system and each["value"].words:
            each["system"].understood("qualifier", became)
            each["use"].understood("qualifier", became)
            return each["value"].read(system, became)
    return ""


def lead_of(record: MarkedRecord, people: Sequence[DraftPerson]) -> str:
    """Find the principal investigator among those who answer for a trial.

    Parameters
    ----------
    record : MarkedRecord
        Takes a remark when several are named.
    people : sequence of DraftPerson
        As the record lists them.

    Returns
    -------
    str
        Empty when none is named, or several are.
    """
    names = [
        each.name
        for each in people
        if " ".join(each.role.lower().replace("_", " ").replace("-", " ").split())
        == PRINCIPAL_INVESTIGATOR
    ]
    if len(set(names)) > 1:
        says = f"{len(names)} people are named principal investigator: the draft leaves it open."
        record.sheet.remark(0, says)
        return ""
    return names[0] if names else ""
