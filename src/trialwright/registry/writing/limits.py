"""How long a text may be at ClinicalTrials.gov; what is longer is named, and never cut.

The numbers are those of the registry's definitions of data elements and of its mapping from USDM
(decision of the writer: all are counted in characters). The 20,000 of the eligibility text are in
neither that was at hand: they are not verified.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault


@dataclass(frozen=True, slots=True)
class Limit:
    """How long one field may be.

    Attributes
    ----------
    most : int, characters
        Greatest length.
    field : str
        Where its words stand in the protocol file.
    is_verified : bool
        Whether the number was seen in the registry's own definitions.
    """

    most: int
    field: str
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text in a record.

    Attributes
    ----------
    path : str
        Where it stands, e.g. `protocolSection.outcomesModule.primaryOutcomes.0.measure`.
    kind : str
        The same without `protocolSection` and with `*` for each place in a list.
    words : str
        The text.
    """

    path: str
    kind: str
    words: str


_OUTCOMES = {
    f"outcomesModule.{name}.*.{part}": Limit(most, f"endpoints, {field}")
    for name in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
    for part, most, field in (
        ("measure", 254, "says"),
        ("description", 999, "description"),
        ("timeFrame", 254, "time_frame"),
    )
}

LONGEST: Mapping[str, Limit] = {
    "identificationModule.orgStudyIdInfo.id": Limit(30, "identifiers.local"),
    "identificationModule.secondaryIdInfos.*.id": Limit(30, "publication.other_numbers"),
    "identificationModule.briefTitle": Limit(300, "title"),
    "identificationModule.officialTitle": Limit(600, "publication.official_title"),
    "identificationModule.acronym": Limit(14, "publication.acronym"),
    "descriptionModule.briefSummary": Limit(5000, "summary"),
    "descriptionModule.detailedDescription": Limit(
        32_000, "publication.description or the objectives"
    ),
    "armsInterventionsModule.armGroups.*.label": Limit(100, "arms, title"),
    "armsInterventionsModule.armGroups.*.description": Limit(999, "arms, source_text or says"),
    "armsInterventionsModule.interventions.*.name": Limit(200, "agents, says"),
    "armsInterventionsModule.interventions.*.description": Limit(1000, "agents, description"),
    **_OUTCOMES,
    "eligibilityModule.eligibilityCriteria": Limit(
        20_000, "criteria, source_text or says", is_verified=False
    ),
}
"""Limits by kind of field."""


def leaves_of(value: Json, path: str = "protocolSection", kind: str = "") -> Iterator[Leaf]:
    """Give every text of a record with its place.

    Parameters
    ----------
    value : Json
        The protocol section of a record, or a part of it.
    path, kind : str
        Where the part stands.

    Yields
    ------
    Leaf
        In the order of the record.
    """
    match value:
        case str():
            yield Leaf(path, kind, value)
        case Mapping():
            for name, inner in value.items():
                yield from leaves_of(inner, f"{path}.{name}", f"{kind}.{name}".lstrip("."))
        case Sequence():
            for place, inner in enumerate(value):
                yield from leaves_of(inner, f"{path}.{place}", f"{kind}.*")
        case _:
            return


def length_faults(section: Json) -> tuple[Fault, ...]:
    """Find every text that is longer than the registry takes.

    Parameters
    ----------
    section : Json
        The protocol section of a record.

    Returns
    -------
    tuple of Fault
        In the order of the record; empty when all are short enough.
    """
    return tuple(
        _too_long(leaf, LONGEST[leaf.kind])
        for leaf in leaves_of(section)
        if leaf.kind in LONGEST and len(leaf.words) > LONGEST[leaf.kind].most
    )


def _too_long(leaf: Leaf, limit: Limit) -> Fault:
    """Say that a text is too long."""
    allowed = f"up to {limit.most:,} characters"
    if not limit.is_verified:
        allowed += " (a limit that was not verified)"
    return Fault(
        leaf.path,
        f"{len(leaf.words):,} characters",
        allowed,
        f"Shorten it in the protocol: {limit.field}",
    )
