"""FHIR DiagnosticReport resources of sequencing: label, day, words, results and specimens.

References
----------
.. [1] HL7 Genomics Reporting Implementation Guide, profile Genomics Report.
"""

from dataclasses import dataclass, field

from trialwright.casebook.variants import VariantCall
from trialwright.intake.codings import words_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.intake.specimen_records import labels_of
from trialwright.terms.codes import Code
from trialwright.terms.dates import PartialDate

OF_SEQUENCING = frozenset(Code("LOINC", each) for each in ("51969-4", "81247-9"))
"""Genetic analysis report, and its panel [1]_."""

_FINAL = frozenset({"final", "amended", "corrected", "appended"})
"""Status of a report that counts."""


@dataclass(slots=True)
class Report:
    """A report of sequencing.

    Attributes
    ----------
    where : str
        Its place.
    labels : tuple of str
        Labels that its run may have, the most telling first.
    words : frozenset of str
        Codes and words for what it reports, in lower case; one of them may name the panel.
    results, specimens : tuple of str
        References.
    on : PartialDate or None
        Day of the results.
    is_final : bool
        Whether it counts.
    calls : dict of str to list of VariantCall
        What it found, by material.
    is_whole : bool
        Whether every result of it was read.
    """

    where: str
    labels: tuple[str, ...]
    words: frozenset[str]
    results: tuple[str, ...]
    specimens: tuple[str, ...]
    on: PartialDate | None
    is_final: bool
    calls: dict[str, list[VariantCall]] = field(default_factory=dict)
    is_whole: bool = True


def read_report(resource: Element) -> Report:
    """Read what a report of sequencing is about.

    Parameters
    ----------
    resource : Element
        A DiagnosticReport.

    Returns
    -------
    Report
        Without its calls; its conclusion is not read.

    Raises
    ------
    Refusal
        If a part has another form.
    """
    concept = resource.inner("code")
    words: set[str] = set()
    if concept is not None:
        words = {*words_of(concept), *(each.text("code") for each in concept.inners("coding"))}
    return Report(
        resource.where,
        (*labels_of(resource), resource.text("id")),
        frozenset(each.casefold() for each in words),
        results_of(resource),
        tuple(each.text("reference") for each in resource.inners("specimen")),
        civil(resource, "effectiveDateTime") or civil(resource, "issued"),
        resource.text("status") in _FINAL,
    )


def results_of(report: Element) -> tuple[str, ...]:
    """Give the references to the results of a report.

    Parameters
    ----------
    report : Element
        A DiagnosticReport.

    Returns
    -------
    tuple of str
        In lower case.

    Raises
    ------
    Refusal
        If one has another form.
    """
    return tuple(each.text("reference").lower() for each in report.inners("result"))
