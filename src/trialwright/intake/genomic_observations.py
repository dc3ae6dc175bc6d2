"""FHIR genomics and tumour marker observations: variants and stains, each with its specimen.

References
----------
.. [1] HL7 Genomics Reporting Implementation Guide, profile Variant; its LOINC codes.
.. [2] HL7 mCODE Implementation Guide, profile Tumor Marker Test.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from trialwright.casebook.stains import Stain
from trialwright.casebook.variants import Origin, VariantCall
from trialwright.intake.codings import codes_of
from trialwright.intake.elements import Element
from trialwright.intake.enclosed import modifiers
from trialwright.intake.observations import FINAL, NOT_FINAL
from trialwright.intake.partly_read import PartlyReadError
from trialwright.intake.protein_changes import short_change
from trialwright.intake.stain_observations import (
    NO_SPECIMEN,
    protein_of,
    read_stain,
    specimen_of,
)
from trialwright.terms.codes import Code
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.markers import Effect
from trialwright.terms.sources import Source

VARIANT = Code("LOINC", "69548-6")
"""Genetic variant assessment."""

_GENE, _PROTEIN = Code("LOINC", "48018-6"), Code("LOINC", "48005-3")
_CODING, _GENOMIC = Code("LOINC", "48004-6"), Code("LOINC", "81290-9")
_FRACTION, _CLASS, _COPIES = (Code("LOINC", each) for each in ("81258-6", "48002-0", "82155-3"))
_PRESENT, _ABSENT = Code("LOINC", "LA9633-4"), Code("LOINC", "LA9634-2")

_ORIGINS: Mapping[Code, Origin] = MappingProxyType(
    {Code("LOINC", "LA6683-2"): "germline", Code("LOINC", "LA6684-0"): "somatic"}
)

OTHER, NO_STATUS, NO_CALL, NO_SYMBOL = (
    "another observation",
    "no status that FHIR knows",
    "neither present nor absent",
    "a gene without its symbol",
)
"""Why an observation is left aside; a status that does not count is named as it is."""

_BESIDE_AN_EXON = re.compile(r"[0-9][+-][12](?![0-9])")
"""The first two or last two bases of an intron, in a change of coding DNA."""

_DO = "Read the report, and enter the result by hand"


@dataclass(frozen=True, slots=True)
class GenomicsRead:
    """What observations gave; `resources == len(calls) + len(absent) + len(stains) + len(aside)`.

    Attributes
    ----------
    calls : tuple of (str, VariantCall)
        Reference of the specimen, and what was found in it.
    absent : tuple of (str, str)
        Reference of the specimen, and a gene of which a variant was reported absent. What a run
        covered is told by its panel, not by this.
    stains : tuple of Stain
        Of the specimen as material.
    resources : int
        Observations read.
    aside : mapping of str to str
        Place of each observation left aside, and why.
    """

    calls: tuple[tuple[str, VariantCall], ...]
    absent: tuple[tuple[str, str], ...]
    stains: tuple[Stain, ...]
    resources: int
    aside: Mapping[str, str]

    @property
    def ignored(self) -> Mapping[str, int]:
        """Observations left aside, counted by reason."""
        return Counter(self.aside.values())


def read_genomics(observations: Iterable[Element]) -> GenomicsRead:
    """Read variants [1]_ and stains [2]_ from observations.

    Parameters
    ----------
    observations : iterable of Element
        Resources of type Observation, each with its place.

    Returns
    -------
    GenomicsRead
        Each observation has one fate.

    Raises
    ------
    PartlyReadError
        With the faults of every variant without a gene or change, and of every value that no stain
        gives; and what the others give.
    """
    calls: list[tuple[str, VariantCall]] = []
    absent: list[tuple[str, str]] = []
    stains: list[Stain] = []
    aside: dict[str, str] = {}
    faults: list[Fault] = []
    resources = 0
    for each in observations:
        resources += 1
        try:
            found = _read(each)
        except Refusal as refused:
            faults += refused.faults
            continue
        match found:
            case Stain():
                stains.append(found)
            case (str(specimen), VariantCall() as call):
                calls.append((specimen, call))
            case (str(specimen), str(gene)):
                absent.append((specimen, gene))
            case str():
                aside[each.where] = found
    read = GenomicsRead(tuple(calls), tuple(absent), tuple(stains), resources,
                        MappingProxyType(aside))  # fmt: skip
    if faults:
        raise PartlyReadError(faults, read)
    return read


def speaks_of_markers(resource: Element) -> bool:
    """Say whether an observation is about a variant or a stained protein.

    Parameters
    ----------
    resource : Element
        An Observation.

    Returns
    -------
    bool
        By its code alone.

    Raises
    ------
    Refusal
        If a code has another form.
    """
    return VARIANT in codes_of(resource.inner("code")) or bool(protein_of(resource))


def _read(resource: Element) -> Stain | tuple[str, VariantCall | str] | str:
    """Read one observation, or say why it is left aside."""
    is_variant, protein = VARIANT in codes_of(resource.inner("code")), protein_of(resource)
    if not is_variant and not protein:
        return OTHER
    status = resource.text("status")
    if status not in FINAL:
        return status if status in NOT_FINAL else NO_STATUS
    for fault in modifiers(resource):
        raise Refusal([fault])
    return _variant(resource) if is_variant else read_stain(resource, protein)


def _variant(resource: Element) -> tuple[str, VariantCall | str] | str:
    """Read a variant."""
    parts = {
        code: part for part in resource.inners("component") for code in codes_of(part.inner("code"))
    }
    answer = codes_of(resource.inner("valueCodeableConcept"))
    specimen, gene = specimen_of(resource), _word(parts.get(_GENE))
    if _ABSENT not in answer and _PRESENT not in answer:
        return NO_CALL
    if not specimen:
        return NO_SPECIMEN
    if re.fullmatch("HGNC:[0-9]+", gene):
        return NO_SYMBOL
    if not re.fullmatch("[A-Z][A-Za-z0-9-]{0,29}", gene):
        raise refuse(resource.where, shorten(gene) or "no gene", "a symbol (48018-6)", _DO)
    if _ABSENT in answer:
        return specimen, gene
    change, coding = short_change(_word(parts.get(_PROTEIN))), _word(parts.get(_CODING))
    place, copies = _word(parts.get(_GENOMIC)) or coding, _number(parts.get(_COPIES))
    if not change and not place and copies is None:
        raise refuse(resource.where, "no change, and no copies",
                     "48005-3, 48004-6, 81290-9 or 82155-3", _DO)  # fmt: skip
    classes = codes_of(_concept(parts.get(_CLASS)))
    return specimen, VariantCall(
        gene,
        change,
        _copied(copies) if copies is not None and not change else _effect(change, coding),
        next((_ORIGINS[each] for each in classes if each in _ORIGINS), "not recorded"),
        None,
        None,
        place,
        Source("fhir", resource.where),
        _number(parts.get(_FRACTION)),
    )


def _concept(part: Element | None) -> Element | None:
    """Give the coded value of a component."""
    return part.inner("valueCodeableConcept") if part else None


def _word(part: Element | None) -> str:
    """Give the word of a component: the display of its coding, else its text."""
    concept = _concept(part)
    if concept is None:
        return part.text("valueString") if part else ""
    shown = (coding.text("display") or coding.text("code") for coding in concept.inners("coding"))
    return next((each for each in shown if each), concept.text("text"))


def _number(part: Element | None) -> Decimal | None:
    """Give the number of a component."""
    found = part.inner("valueQuantity") if part else None
    return found.number("value") if found else None


def _effect(change: str, coding: str) -> Effect:
    """Give what a change does to the protein, by its form, else by its place beside an exon."""
    if not change:
        return "splice" if _BESIDE_AN_EXON.search(coding) else "other"
    forms: tuple[tuple[str, Effect], ...] = (
        ("fs", "frameshift"),
        (r"[*]$", "nonsense"),
        (r"^M1[?]|^M1[A-Z]$", "start lost"),
        (r"^[*][0-9]+", "stop lost"),
        ("=", "silent"),
        ("del|ins|dup", "in-frame"),
        (r"^[A-Z][0-9]+[A-Z]$", "missense"),
    )
    return next((effect for form, effect in forms if re.search(form, change)), "other")


def _copied(copies: Decimal) -> Effect:
    """Give what became of the copies of a gene; a gain is no amplification by itself."""
    normal = 2
    if not copies:
        return "deep deletion"
    if copies == normal:
        return "other"
    return "loss" if copies < normal else "gain"
