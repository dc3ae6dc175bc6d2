"""Organisations, numbers, people and sites of a record as parts of USDM."""

from typing import Any

from trialwright.protocol.publication import OtherNumber
from trialwright.registry.record import Record, RecordPerson, RecordSite
from trialwright.registry.usdm_terms import (
    CLINICAL_TRIALS_GOV,
    COUNTRIES,
    NATIONAL_CANCER_INSTITUTE,
    ORGANISATIONS,
    OWN,
    ROLES,
)
from trialwright.registry.writing.usdm_parts import Names, Part, Parts


class Organisations:
    """The organisations of a study version, each made when it is first named.

    Attributes
    ----------
    made : list of dict
        In the order in which they were named.
    """

    def __init__(self, parts: Parts) -> None:
        self.made: list[Part] = []
        self._parts = parts
        self._names = Names("name")
        self._ids: dict[str, str] = {}

    def named(self, name: str, kind: str = "") -> str:
        """Give the id of an organisation that has no address here.

        Parameters
        ----------
        name : str
            As the record has it; it may be empty.
        kind : {'', 'registry', 'sponsor'}
            What it is; empty: the record does not say.

        Returns
        -------
        str
            Of the organisation of that name, made if it is new.
        """
        if name not in self._ids:
            self._ids[name] = self._make(name, kind)["id"]
        return self._ids[name]

    def with_site(self, record_site: RecordSite) -> None:
        """Make the organisation that holds one site, with the site's address.

        Parameters
        ----------
        record_site : RecordSite
            A site of the record.
        """
        address: dict[str, Any] = {
            "city": record_site.city or None,
            "state": record_site.state or None,
            "postalCode": record_site.zip or None,
        }
        site = self._site(record_site)
        made = self._make(record_site.name, "site", is_read=False)
        if any(address.values()):
            made["legalAddress"] = self._parts.part("Address", **address)
        made["managedSites"] = [site]

    def _make(self, name: str, kind: str, *, is_read: bool = True) -> Part:
        """Make an organisation; of one that only holds a site, the site has the record's name."""
        written, beside = self._names.give(name, f"organisation-{len(self.made) + 1}")
        made = self._parts.part(
            "Organization",
            beside if is_read else None,
            name=written,
            type=self._parts.code(ORGANISATIONS.coded(kind)),
            identifierScheme=f"{OWN}organisation",
            identifier=written,
        )
        self.made.append(made)
        return made

    def _site(self, site: RecordSite) -> Part:
        """Make a site; USDM has no place for its status and contact."""
        beside: dict[str, str] = {"id": site.id}
        beside |= {
            field: value
            for field in ("status", "contact", "phone", "email")
            if (value := getattr(site, field))
        }
        if not COUNTRIES.holds(site.country):
            beside["country"] = site.country
        if not site.name:
            beside["name"] = ""
        return self._parts.part(
            "StudySite",
            beside,
            name=site.name or "site",
            country=self._parts.code(COUNTRIES.coded(site.country)),
        )


def identifiers_of(record: Record, parts: Parts, organisations: Organisations) -> list[Part]:
    """Give the numbers of a trial, each in the scope of the organisation that gave it.

    Parameters
    ----------
    record : Record
        Any record.
    parts : Parts
        Makes the parts.
    organisations : Organisations
        Where scopes are looked up.

    Returns
    -------
    list of dict
        `StudyIdentifier`s.
    """
    numbers = record.identifiers
    made = [
        parts.part(
            "StudyIdentifier",
            {"number": field},
            text=text,
            scopeId=organisations.named(name, kind),
        )
        for field, text, name, kind in (
            ("local", numbers.local, record.lead_organisation, "sponsor"),
            ("nct", numbers.nct, CLINICAL_TRIALS_GOV, "registry"),
            ("nci", numbers.nci, NATIONAL_CANCER_INSTITUTE, "registry"),
        )
        if text
    ]
    others = record.publication.other_numbers
    return [*made, *(_other_number(each, parts, organisations) for each in others)]


def _other_number(number: OtherNumber, parts: Parts, organisations: Organisations) -> Part:
    """Give another number, with its kind and the record's word for whose it is."""
    return parts.part(
        "StudyIdentifier",
        {"number_type": number.type, "number_domain": number.domain},
        text=number.id,
        scopeId=organisations.named(number.domain),
    )


def roles_of(
    record: Record, version: str, parts: Parts, organisations: Organisations
) -> list[Part]:
    """Give who answers for a trial: its sponsor, then each person.

    Parameters
    ----------
    record : Record
        Any record.
    version : str
        Id of the study version to which the roles apply.
    parts : Parts
        Makes the parts.
    organisations : Organisations
        Where organisations are looked up.

    Returns
    -------
    list of dict
        `StudyRole`s; no sponsor where the record names no lead organisation.
    """
    sponsor = []
    if record.lead_organisation:
        sponsor = [
            parts.part(
                "StudyRole",
                name="sponsor",
                code=parts.code(ROLES.coded("sponsor")),
                appliesToIds=[version],
                organizationIds=[organisations.named(record.lead_organisation, "sponsor")],
            )
        ]
    people = (
        _person(each, place, version, parts, organisations)
        for place, each in enumerate(record.investigators, start=1)
    )
    return [*sponsor, *people]


def _person(
    person: RecordPerson, place: int, version: str, parts: Parts, organisations: Organisations
) -> Part:
    """Give the role of one person."""
    affiliation = organisations.named(person.affiliation) if person.affiliation else None
    assigned = parts.part(
        "AssignedPerson",
        name=f"person-{place}",
        personName=parts.part("PersonName", text=person.name),
        jobTitle=person.role,
        organizationId=affiliation,
    )
    return parts.part(
        "StudyRole",
        name=f"person-{place}",
        code=parts.code(ROLES.coded(person.role)),
        appliesToIds=[version],
        assignedPersons=[assigned],
    )
