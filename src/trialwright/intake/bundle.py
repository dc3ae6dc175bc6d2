"""A FHIR R4 bundle into a casebook: every entry is used, in question, or left aside by name."""

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from trialwright.intake.bundle_stream import BundleStream
from trialwright.intake.coding import Codebook
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.intake.outcome import Intake
from trialwright.intake.own_records import Listener, record_of_entry
from trialwright.intake.resources import Resources
from trialwright.intake.settling import settle
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Fault, Refusal


def read_bundle(
    stream: BinaryIO,
    terms: Mapping[str, Term],
    participant: str,
    patient: str = "",
    medicines: Mapping[str, Medicine] | None = None,
    beside: Sequence[Listener] = (),
) -> Intake:
    """Read the records of one participant.

    Parameters
    ----------
    stream : BinaryIO
        A FHIR R4 bundle as JSON in UTF-8; read once, in memory that grows with the facts and not
        with the bundle.
    terms : mapping of str to Term
        The protocol's vocabulary.
    participant : str
        Study number under which the casebook is kept. Name, record number and address are not
        read.
    patient : str
        `Patient/<id>`, id or `fullUrl` of the one meant; needed when the bundle has several.
    medicines : mapping of str to Medicine, or None
        The protocol's medicines; None: no medication is read.
    beside : sequence of Listener
        Each is given every resource as it passes.

    Returns
    -------
    Intake
        Casebook, counts and questions. A fault inside one resource is a question; the rest is
        read.

    Raises
    ------
    Refusal
        If the text is no JSON or no bundle, breaks off, exceeds a limit, or does not say who the
        patient is.
    """
    resources = Resources(Codebook(terms, medicines))
    bundle = BundleStream(stream)
    for entry in bundle:
        resources.take_entry(entry.content, entry.place, entry.faults)
        if beside and (record := record_of_entry(entry)):
            for each in beside:
                each.take(record)
    doubt = None
    if _has_next_page(bundle.outline.get("link")):
        do = "Export all pages as one bundle: what stands on the others is not known"
        doubt = Fault("link", "a next page", "a whole bundle", do)
    gathered = resources.finish(doubt)
    return settle(gathered, participant, patient, _assembled(bundle.outline))


def _assembled(outline: Mapping[str, object]) -> PartialDate | None:
    """Give the day on which a bundle was put together; None where it says none that is one."""
    told = outline.get("timestamp")
    try:
        return civil(Element({"timestamp": told}, "bundle"), "timestamp")
    except Refusal:
        return None


def _has_next_page(links: object) -> bool:
    """Say whether a bundle is one page of a search."""
    return isinstance(links, list) and any(
        isinstance(link, dict) and link.get("relation") == "next" for link in links
    )
