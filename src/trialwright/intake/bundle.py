"""Read a FHIR R4 bundle into a casebook: every entry is used, in question, or left aside by name.

One pass: a resource may stand before the patient it is about, so what little it gives is kept until
the patients are known.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from trialwright.intake.bundle_stream import BundleStream, Entry
from trialwright.intake.coding import Codebook
from trialwright.intake.conditions import read_condition, read_procedure
from trialwright.intake.elements import Element, element_of
from trialwright.intake.medications import KINDS, read_medication, read_treatment_procedure
from trialwright.intake.observations import read_observation
from trialwright.intake.outcome import NOT_IN_VOCABULARY, Intake, Place, Question, Reading
from trialwright.intake.people import SOMEBODY, Reference, base_of, read_patient
from trialwright.intake.settling import Draft, Gathered, settle, unsettled
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.errors import Fault, Refusal, refuse

_READERS: Mapping[str, Callable[[Element, Codebook, Place], Reading]] = {
    "Observation": read_observation,
    "Condition": read_condition,
}
_UNREAD_NAMES = """
    Account AllergyIntolerance Appointment Basic Binary BodyStructure CarePlan CareTeam Claim
    ClaimResponse ClinicalImpression Communication CommunicationRequest Composition Consent
    Contract Coverage DetectedIssue Device DeviceRequest DeviceUseStatement DiagnosticReport
    DocumentManifest DocumentReference Encounter EpisodeOfCare ExplanationOfBenefit
    FamilyMemberHistory Flag Goal Group ImagingStudy Immunization ImmunizationEvaluation
    ImmunizationRecommendation List Location Media Medication MessageHeader MolecularSequence
    NutritionOrder OperationOutcome Organization Parameters Person Practitioner PractitionerRole
    Provenance Questionnaire QuestionnaireResponse RelatedPerson ResearchStudy ResearchSubject
    RiskAssessment Schedule ServiceRequest Slot Specimen Substance Task VisionPrescription
"""
_UNREAD = frozenset(_UNREAD_NAMES.split())
"""Kinds of resource left aside by name; a kind not among them is not shown, as it may be a name."""


_WORDY = frozenset({"text", "note", "contained"})
"""Parts of a medication resource that are not kept while it waits."""

_NOT_GIVEN = frozenset({"not-taken", "not-done", "entered-in-error"})
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_DO_ASK = "Ask where the record comes from, and correct it there"


def read_bundle(
    stream: BinaryIO,
    terms: Mapping[str, Term],
    participant: str,
    patient: str = "",
    medicines: Mapping[str, Medicine] | None = None,
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
    reader = _Reader(Codebook(terms, medicines))
    bundle = BundleStream(stream)
    for entry in bundle:
        reader.take(entry)
    reader.finish()
    if _has_next_page(bundle.outline.get("link")):
        do = "Export all pages as one bundle: what stands on the others is not known"
        reader.gathered.ask(Question(Fault("link", "a next page", "a whole bundle", do), None))
    return settle(reader.gathered, participant, patient)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A medication resource that refers to a Medication, which may stand after it."""

    resource: Element
    full_url: str
    entry: Entry
    place: Place
    refers_to: str


class _Reader:
    """Gathers what the entries give, until the patients are known."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._described: dict[str, Element] = {}
        self._waiting: list[_Waiting] = []
        self.gathered = Gathered()

    def finish(self) -> None:
        """Read what waited for the Medications to which it refers."""
        for each in self._waiting:
            described = self._described.get(each.refers_to)
            self._keep(
                each.full_url,
                each.entry,
                each.place,
                each.resource,
                lambda: read_medication(each.resource, self._codebook, each.place, described),  # noqa: B023
            )

    def take(self, entry: Entry) -> None:
        """Take one entry; a fault of its form is a question."""
        self.gathered.entries += 1
        try:
            holder = element_of(entry.content, f"entry[{entry.place}]")
            resource = holder.inner("resource")
            if resource is None:
                self.gathered.ignored["entry without a resource"] += 1
            else:
                self._take(resource, holder.text("fullUrl"), entry)
        except Refusal as refused:
            self.gathered.ask(Place(entry.place, "").question(refused.faults[0]))

    def _take(self, resource: Element, full_url: str, entry: Entry) -> None:
        """Take one resource by its kind."""
        kind, id_ = resource.text("resourceType"), resource.text("id")
        known = kind in _READERS or kind in _UNREAD or kind in ("Patient", "Bundle")
        place = Place(entry.place, f"{kind}/{id_}" if known and _ID.fullmatch(id_) else "")
        if kind == "Patient":
            person = read_patient(resource, full_url, place)
            if not self.gathered.people.add(person, entry.faults):
                raise refuse(resource.where, "a patient who stands twice", "once", _DO_ASK)
        elif kind in _READERS or kind == "Procedure":
            read = _READERS.get(kind, _read_procedure)
            self._keep(
                full_url, entry, place, resource, lambda: read(resource, self._codebook, place)
            )
        elif kind in KINDS:
            self._take_medication(resource, full_url, entry, place)
        else:
            fault = next(iter((*entry.faults, *_hidden(resource))), None)
            if fault:
                self.gathered.ask(place.question(fault))
                return
            if kind == "Medication":
                self._describe(resource, full_url)
            if kind in SOMEBODY:
                self.gathered.people.note_other(full_url)
            self.gathered.ignored[f"{kind if known else 'another kind'}: {_reason(resource)}"] += 1

    def _describe(self, resource: Element, full_url: str) -> None:
        """Note a Medication to which other resources may refer."""
        for name in (full_url.lower(), f"medication/{resource.text('id').lower()}"):
            if name:
                self._described[name] = resource

    def _take_medication(
        self, resource: Element, full_url: str, entry: Entry, place: Place
    ) -> None:
        """Read a medication resource, unless it must wait for the Medication it refers to."""
        reference = resource.inner("medicationReference")
        refers_to = reference.text("reference").lower() if reference else ""
        inside = {f"#{each.text('id').lower()}": each for each in resource.inners("contained")}
        if refers_to and refers_to not in inside:
            kept = {name: value for name, value in resource.content.items() if name not in _WORDY}
            waiting = Element(kept, resource.where)
            self._waiting.append(_Waiting(waiting, full_url, entry, place, refers_to))
            return
        described = inside.get(refers_to)
        self._keep(
            full_url,
            entry,
            place,
            resource,
            lambda: read_medication(resource, self._codebook, place, described),
        )

    def _keep(
        self,
        full_url: str,
        entry: Entry,
        place: Place,
        resource: Element,
        read: Callable[[], Reading],
    ) -> None:
        """Read a resource that may hold facts, and keep what it gives with whose it is."""
        kind = resource.text("resourceType")
        try:
            reading = read()
        except Refusal as refused:
            reading = Reading(questions=place.questions(refused, ()))
        if reading.ignored == NOT_IN_VOCABULARY and not entry.faults:
            self.gathered.ignored[f"{kind}: {reading.ignored}"] += 1
            return
        doubts = entry.faults if reading.ignored else (*entry.faults, *_modifiers(resource))
        if doubts:
            reading = unsettled(reading, doubts[0], place)
        base = base_of(full_url)
        try:
            subject, focus = _about(resource, base)
        except Refusal:
            subject, focus = Reference("", base), ()  # of nobody known: settled as a question
        identity = full_url.lower() or place.record or f"entry[{entry.place}]"
        self.gathered.drafts.append(Draft(place, kind, identity, reading, subject, focus))


def _read_procedure(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read a Procedure as what it leaves behind, and as the treatment that it is."""
    left, given = (
        read(resource, codebook, place) for read in (read_procedure, read_treatment_procedure)
    )
    if left.ignored == NOT_IN_VOCABULARY:
        return given
    return Reading((*left.facts, *given.facts), (*left.questions, *given.questions), left.ignored)


def _about(resource: Element, base: str) -> tuple[Reference, tuple[Reference, ...]]:
    """Give whom a resource is about, and on what it focuses."""
    subject = resource.inner("subject")
    focus = tuple(Reference(each.text("reference"), base) for each in resource.inners("focus"))
    return Reference(subject.text("reference") if subject else "", base), focus


def _reason(resource: Element) -> str:
    """Say why a kind of resource from which no fact is read is left aside."""
    if resource.text("resourceType") == "FamilyMemberHistory":
        return "family history"
    status = resource.text("status")
    return status if status in _NOT_GIVEN else "no term is read from it"


def _hidden(resource: Element) -> Iterator[Fault]:
    """Find resources inside a resource from which nothing is read."""
    kind = resource.text("resourceType")
    inside = {each.text("resourceType") for each in resource.inners("contained")}
    if not kind or kind == "Bundle":
        found = "a bundle inside the bundle" if kind else "no kind of resource"
        yield Fault(resource.path("resourceType"), found, "single resources", _DO_ASK)
    elif any(reader in inside for reader in _READERS):
        do = "Export it as an entry of its own"
        yield Fault(resource.path("contained"), "a result or condition inside", "none", do)


def _modifiers(resource: Element) -> Iterator[Fault]:
    """Find what changes the meaning of a resource in a way that this reader does not know."""
    for name in ("modifierExtension", "implicitRules"):
        if name in resource:
            do = "Read the record where it comes from, and enter the fact by hand"
            yield Fault(resource.path(name), "changes what the resource means", "none", do)


def _has_next_page(links: object) -> bool:
    """Say whether a bundle is one page of a search."""
    return isinstance(links, list) and any(
        isinstance(link, dict) and link.get("relation") == "next" for link in links
    )
