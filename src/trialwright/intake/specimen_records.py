"""FHIR Specimen resources: label, kind, day and quality of material.

References
----------
.. [1] HL7 FHIR R4, Specimen. HL7 v2 table 0487; SNOMED CT.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from trialwright.casebook.materials import MaterialKind
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.terms.dates import PartialDate

_KINDS: Mapping[str, MaterialKind] = MappingProxyType(
    {
        "441652008": "block",
        "258415003": "biopsy",
        "119376003": "biopsy",
        "TUMOR": "biopsy",
        "TISS": "biopsy",
        "119361006": "plasma",
        "PLAS": "plasma",
    }
)
"""Code of a type [1]_ to the kind of material. Blood is none: it may be drawn for the germline."""

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
"""The form of a label; anything else may be words about a participant."""


@dataclass(frozen=True, slots=True)
class SpecimenRecord:
    """A Specimen as it stands in a record.

    Attributes
    ----------
    where : str
        Its place.
    names : frozenset of str
        References under which results speak of it, in lower case.
    labels : tuple of str
        Labels that it may have been recorded under, the most telling first.
    kind : str or None
        Kind of material; None when its type does not tell one.
    on : PartialDate or None
        Day on which it was taken.
    quality : {'inadequate', 'not assessed'}
        Unsatisfactory: inadequate. That it is adequate is not told.
    parents : tuple of str
        References to what it was made of, in lower case.
    is_mistaken : bool
        Whether it was entered in error.
    """

    where: str
    names: frozenset[str]
    labels: tuple[str, ...]
    kind: MaterialKind | None
    on: PartialDate | None
    quality: Literal["inadequate", "not assessed"]
    parents: tuple[str, ...]
    is_mistaken: bool


def read_specimen(resource: Element, full_url: str) -> SpecimenRecord:
    """Read a Specimen.

    Parameters
    ----------
    resource : Element
        The resource.
    full_url : str
        Under which its entry stands; empty when it has none.

    Returns
    -------
    SpecimenRecord
        Names of people and notes are not read.

    Raises
    ------
    Refusal
        If a part has another form.
    """
    collection = resource.inner("collection")
    period = collection.inner("collectedPeriod") if collection else None
    day = civil(collection, "collectedDateTime") if collection else None
    if day is None and period is not None:
        day = civil(period, "start")
    kind = resource.inner("type")
    codes = [each.text("code") for each in kind.inners("coding")] if kind else []
    status = resource.text("status")
    return SpecimenRecord(
        resource.where,
        names_of(resource, full_url),
        tuple(dict.fromkeys((*labels_of(resource), resource.text("id")))),
        next((_KINDS[each] for each in codes if each in _KINDS), None),
        day,
        "inadequate" if status == "unsatisfactory" else "not assessed",
        tuple(each.text("reference").lower() for each in resource.inners("parent")),
        status == "entered-in-error",
    )


def names_of(resource: Element, full_url: str) -> frozenset[str]:
    """Give the references under which a resource is spoken of.

    Parameters
    ----------
    resource : Element
        Any.
    full_url : str
        Under which its entry stands; empty when it has none.

    Returns
    -------
    frozenset of str
        In lower case.

    Raises
    ------
    Refusal
        If its kind or id is no text.
    """
    id_ = resource.text("id").lower()
    names = {f"{resource.text('resourceType').lower()}/{id_}", f"urn:uuid:{id_}"} if id_ else set()
    return frozenset(names | ({full_url.lower()} - {""}))


def labels_of(resource: Element) -> tuple[str, ...]:
    """Give the labels of a specimen or report: its accession number, then its identifiers.

    Parameters
    ----------
    resource : Element
        A Specimen or DiagnosticReport.

    Returns
    -------
    tuple of str
        Without its id.

    Raises
    ------
    Refusal
        If one has another form.
    """
    named = (resource.inner("accessionIdentifier"), *resource.inners("identifier"))
    return tuple(value for each in named if each and (value := each.text("value")))
