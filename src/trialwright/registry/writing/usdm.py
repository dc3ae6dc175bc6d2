"""A record as JSON of CDISC's Unified Study Definitions Model (USDM), version 4.

Each part of the record stands in the class and attribute that USDM has for it. What USDM has no
attribute for (a criterion's rule first of all) stands beside it in `extensionAttributes`, under the
record's own name of the field, and `shapes.usdm` reads both back to an equal record.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from trialwright.registry.record import Record
from trialwright.registry.usdm_terms import (
    ALLOCATIONS,
    EFFECTIVE_ON,
    EVERYWHERE,
    MASKINGS,
    MODELS,
    TITLES,
)
from trialwright.registry.writing.usdm_design import UNEXPLAINED, design_of
from trialwright.registry.writing.usdm_eligibility import criteria_of, has_ages, is_planned
from trialwright.registry.writing.usdm_organisations import (
    Organisations,
    identifiers_of,
    roles_of,
)
from trialwright.registry.writing.usdm_parts import Part, Parts
from trialwright.registry.writing.usdm_treatment import interventions_of

USDM_VERSION = "4.0.0"
"""Version of the model that is written."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HELD = {"acronym", "official_title", "other_numbers", "conditions", "sex"}


def write_usdm(record: Record) -> str:
    """Write a record as USDM v4 JSON.

    Parameters
    ----------
    record : Record
        Any record.

    Returns
    -------
    str
        JSON; the same text for equal records. `shapes.usdm.read_usdm` gives an equal record back.
    """
    parts = Parts()
    called = record.identifiers.nct or record.publication.acronym or record.title
    study = parts.part(
        "Study",
        known_as=str(uuid5(NAMESPACE_URL, f"urn:trialwright:{called}")),
        name=called or "study",
        description=record.summary or None,
        versions=[_version(record, parts)],
    )
    wrapper = {"study": study, "usdmVersion": USDM_VERSION, "systemName": "Trialwright"}
    return json.dumps(wrapper, ensure_ascii=False, indent=2) + "\n"


def _version(record: Record, parts: Parts) -> Part:
    """Give the version of the study that the record shows."""
    version = parts.id_of("StudyVersion")
    organisations = Organisations(parts)
    roles = roles_of(record, version, parts, organisations)
    identifiers = identifiers_of(record, parts, organisations)
    for site in record.sites:
        organisations.with_site(site)
    interventions, ids = interventions_of(record, parts)
    criteria, words = criteria_of(record, parts)
    return parts.part(
        "StudyVersion",
        _beside(record),
        known_as=version,
        versionIdentifier=record.version,
        rationale=UNEXPLAINED,
        dateValues=_dates(record, parts) or None,
        amendments=[],
        studyIdentifiers=identifiers,
        studyDesigns=[design_of(record, criteria, ids, parts)],
        titles=_titles(record, parts),
        eligibilityCriterionItems=words,
        roles=roles or None,
        organizations=organisations.made or None,
        studyInterventions=interventions or None,
    )


def _beside(record: Record) -> dict[str, Any]:
    """Give what a version has no attribute for."""
    beside: dict[str, Any] = {"status": record.status} if record.status else {}
    if record.dated and _day(record.dated) is None:
        beside["dated"] = record.dated
    plain = record.publication.model_dump(mode="json")
    beside |= {f"publication.{field}": plain[field] for field in _unheld(record)}
    return beside


def _unheld(record: Record) -> Iterator[str]:
    """Name the fields of the publication that no part of USDM gives back."""
    published = record.publication
    held = set(_HELD)
    if is_planned(record) or published.enrolled is None:
        held |= {"enrolled"}
    if has_ages(record):
        held |= {"minimum_age", "maximum_age"}
    if published.masking in MASKINGS.words and MASKINGS.holds(published.masking):
        held |= {"masking"}
    if published.allocation in ALLOCATIONS.words and ALLOCATIONS.holds(published.allocation):
        held |= {"allocation"}
    if MODELS.holds(published.intervention_model):
        held |= {"intervention_model"}
    if published.healthy_volunteers is not None:
        held |= {"healthy_volunteers"}
    stated = published.model_dump(exclude_defaults=True)
    for field in type(published).model_fields:
        if field not in held and (field in stated or field == "healthy_volunteers"):
            yield field


def _day(text: str) -> date | None:
    """Give a day of the calendar, year-month-day; None if it is none."""
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return None


def _dates(record: Record, parts: Parts) -> list[Part]:
    """Give the day of the protocol's version."""
    if _day(record.dated) is None:
        return []
    return [
        parts.part(
            "GovernanceDate",
            name="protocol",
            type=parts.code(EFFECTIVE_ON),
            dateValue=record.dated,
            geographicScopes=[parts.part("GeographicScope", type=parts.code(EVERYWHERE))],
        )
    ]


def _titles(record: Record, parts: Parts) -> list[Part]:
    """Give the titles; a brief one stands in for the official one that USDM asks for."""
    published = record.publication
    stands_in = {} if published.official_title else {"is_stated": False}
    titles: list[tuple[str, str, dict[str, bool]]] = [
        ("brief", record.title, {}),
        ("official", published.official_title or record.title, stands_in),
        ("acronym", published.acronym, {}),
    ]
    return [
        parts.part("StudyTitle", beside, text=text, type=parts.code(TITLES.coded(kind)))
        for kind, text, beside in titles
        if text
    ]
