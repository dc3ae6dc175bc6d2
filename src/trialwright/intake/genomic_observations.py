"""FHIR genomics and tumour marker observations: variants with their specimen, percentages stained.

References
----------
.. [1] HL7 Genomics Reporting Implementation Guide, profile Variant; its LOINC codes.
.. [2] HL7 mCODE Implementation Guide, profile Tumor Marker Test.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from trialwright.casebook.stains import Span, Stain
from trialwright.casebook.variants import Origin, VariantCall
from trialwright.intake.codings import codes_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.intake.observations import FINAL
from trialwright.intake.vcf_words import short_change
from trialwright.terms.codes import Code
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.markers import Effect
from trialwright.terms.sources import Source

VARIANT = Code("LOINC", "69548-6")
"""Genetic variant assessment."""

_GENE, _PROTEIN, _GENOMIC = (Code("LOINC", each) for each in ("48018-6", "48005-3", "81290-9"))
_FRACTION, _CLASS, _COPIES = (Code("LOINC", each) for each in ("81258-6", "48002-0", "82155-3"))
_PRESENT, _ABSENT = Code("LOINC", "LA9633-4"), Code("LOINC", "LA9634-2")

_ORIGINS: Mapping[Code, Origin] = MappingProxyType(
    {Code("LOINC", "LA6683-2"): "germline", Code("LOINC", "LA6684-0"): "somatic"}
)

_PERCENT: Mapping[Code, str] = MappingProxyType(
    {Code("LOINC", "85329-1"): "ER", Code("LOINC", "85325-9"): "PR"}
)
"""Percent of tumour cells stained, by the protein."""

_STATUS_ALONE = frozenset(
    Code("LOINC", each) for each in ("85337-4", "85339-0", "85319-2", "85318-4")
)
"""Presence of ER, PR and HER2: a status without the value it was derived from."""

OTHER, NOT_FINAL, NO_CALL, STATUS_ALONE = (
    "another observation",
    "its status is not final",
    "neither present nor absent",
    "a status without the value it was derived from",
)
"""Why an observation is left aside."""

_DO = "Read the report, and enter the result by hand"


@dataclass(frozen=True, slots=True)
class GenomicsRead:
    """What observations gave; `resources == len(calls) + len(absent) + len(stains) + sum(ignored)`.

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
    ignored : mapping of str to int
        Observations left aside, by reason.
    """

    calls: tuple[tuple[str, VariantCall], ...]
    absent: tuple[tuple[str, str], ...]
    stains: tuple[Stain, ...]
    resources: int
    ignored: Mapping[str, int]


def read_genomics(observations: Iterable[Element]) -> GenomicsRead:
    """Read variants [1]_ and percentages stained [2]_ from observations.

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
    Refusal
        With the faults of every variant without a gene, specimen or change, and of every percentage
        that is none.
    """
    calls: list[tuple[str, VariantCall]] = []
    absent: list[tuple[str, str]] = []
    stains: list[Stain] = []
    ignored: Counter[str] = Counter()
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
                ignored[found] += 1
    if faults:
        raise Refusal(faults)
    aside = MappingProxyType(dict(ignored))
    return GenomicsRead(tuple(calls), tuple(absent), tuple(stains), resources, aside)


def _read(resource: Element) -> Stain | tuple[str, VariantCall | str] | str:
    """Read one observation, or say why it is left aside."""
    codes = codes_of(resource.inner("code"))
    analyte = next((_PERCENT[each] for each in codes if each in _PERCENT), "")
    if VARIANT not in codes and not analyte:
        return STATUS_ALONE if _STATUS_ALONE.intersection(codes) else OTHER
    if resource.text("status") not in FINAL:
        return NOT_FINAL
    return _stain(resource, analyte) if analyte else _variant(resource)


def _variant(resource: Element) -> tuple[str, VariantCall | str] | str:
    """Read a variant."""
    parts = {
        code: part for part in resource.inners("component") for code in codes_of(part.inner("code"))
    }
    answer = codes_of(resource.inner("valueCodeableConcept"))
    gene = _word(parts.get(_GENE))
    if not re.fullmatch("[A-Z][A-Za-z0-9-]{0,29}", gene):
        raise refuse(resource.where, shorten(gene) or "no gene", "a symbol (48018-6)", _DO)
    if _ABSENT in answer:
        return _specimen(resource), gene
    if _PRESENT not in answer:
        return NO_CALL
    change = short_change(_word(parts.get(_PROTEIN)))
    copies = _number(parts.get(_COPIES))
    if not change and copies is None:
        raise refuse(resource.where, "no change of a protein, and no copies",
                     "48005-3 or 82155-3", _DO)  # fmt: skip
    classes = codes_of(_concept(parts.get(_CLASS)))
    return _specimen(resource), VariantCall(
        gene,
        change,
        _effect(change) if change else _copied(copies),
        next((_ORIGINS[each] for each in classes if each in _ORIGINS), "not recorded"),
        None,
        None,
        _word(parts.get(_GENOMIC)),
        Source("fhir", resource.where),
        _number(parts.get(_FRACTION)),
    )


def _stain(resource: Element, analyte: str) -> Stain:
    """Read a percentage stained."""
    found = resource.inner("valueQuantity")
    percent = found.number("value") if found else None
    unit = (found.text("code") or found.text("unit")) if found else ""
    if percent is None or unit != "%":
        raise refuse(resource.where, "no percentage", "valueQuantity in %", _DO)
    day = civil(resource, "effectiveDateTime")
    source = Source("fhir", resource.where)
    try:
        span = Span.exactly(percent)
        return Stain(_specimen(resource), analyte, "read", day, source, percent=span)
    except Refusal as refused:
        raise Refusal(replace(each, where=resource.where) for each in refused.faults) from None


def _specimen(resource: Element) -> str:
    """Give the specimen that a result is of."""
    found = resource.inner("specimen")
    reference = found.text("reference") if found else ""
    if not reference:
        raise refuse(resource.where, "no specimen", "a reference to the specimen", _DO)
    return reference


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


def _effect(change: str) -> Effect:
    """Give what a change does to the protein, by its form."""
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


def _copied(copies: Decimal | None) -> Effect:
    """Give what became of the copies of a gene; a gain is no amplification by itself."""
    normal = 2
    if not copies:
        return "deep deletion"
    if copies == normal:
        return "other"
    return "loss" if copies < normal else "gain"
