"""FHIR medication resources and treatment procedures to facts: which medicine, when."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from trialwright.casebook.treatments import Treatment
from trialwright.intake.coding import Codebook
from trialwright.intake.codings import REFUTED, is_of_known_system, plain_codes, words_of
from trialwright.intake.dosage import days_bounded, days_timed, dosages_of, dose_of, is_local
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import between, civil
from trialwright.intake.formulary import Identified
from trialwright.intake.outcome import NOT_IN_VOCABULARY, Place, Reading
from trialwright.intake.stopping import intent_of, stop_reason_of
from trialwright.terms.dates import PartialDate, days_after
from trialwright.terms.errors import Fault, Refusal, refuse

Course = Literal["going on", "ended", "paused", "handed out"]
"""What a status says of a treatment that counts."""

_GIVEN: Mapping[str, Course] = {"in-progress": "going on", "completed": "ended", "stopped": "ended"}
COURSES: Mapping[str, Mapping[str, Course]] = MappingProxyType(
    {
        "MedicationStatement": {
            "active": "going on",
            "completed": "ended",
            "stopped": "ended",
            "on-hold": "paused",
        },
        "MedicationRequest": {
            "active": "going on",
            "completed": "ended",
            "stopped": "ended",
            "on-hold": "paused",
        },
        "MedicationAdministration": {**_GIVEN, "on-hold": "paused"},
        "MedicationDispense": dict.fromkeys(
            ("completed", "stopped", "on-hold", "in-progress"), "handed out"
        ),
        "Procedure": {**_GIVEN, "on-hold": "paused"},
    }
)
"""What each status of FHIR says, by kind of resource; `unknown` says nothing and is asked."""

KINDS = frozenset(COURSES) - {"Procedure"}
"""Kinds of resource that say that a medicine was given, taken, ordered or handed out."""

_NEVER: Mapping[str, frozenset[str]] = {
    "MedicationStatement": frozenset({"intended", "not-taken", "entered-in-error"}),
    "MedicationRequest": frozenset({"draft", "cancelled", "entered-in-error"}),
    "MedicationAdministration": frozenset({"not-done", "entered-in-error"}),
    "MedicationDispense": frozenset(
        {"preparation", "in-progress", "cancelled", "on-hold", "stopped", "declined"}
        | {"entered-in-error"}
    ),
    "Procedure": frozenset({"preparation", "not-done", "entered-in-error"}),
}
_MCODE = "mcode-cancer-related-medication"
"""In the address of mCODE's profiles of medicines that are given against cancer."""

_UNNAMED = re.compile(
    r"\b(?:study|trial|investigational|experimental|blinded)\s+"
    r"(?:drug|agent|medication|medicine|product|treatment|compound)s?\b",
    re.IGNORECASE,
)
"""Words for a medicine of another trial that nobody names."""

_ATC = frozenset({"http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"})
_CANCER_CLASSES = ("L01", "L02")
"""Classes of the WHO's Anatomical Therapeutic Chemical classification."""

_NOT_ORDERED = frozenset({"proposal", "plan", "option"})
_DO_ASK = "Ask whether it was taken, and correct the record where it comes from"
_Days = tuple[PartialDate | None, PartialDate | None]


def read_medication(
    resource: Element, codebook: Codebook, place: Place, described: Element | None
) -> Reading:
    """Read one medication resource.

    Parameters
    ----------
    resource : Element
        Of one of the kinds in `KINDS`.
    codebook : Codebook
        Codes and names of the protocol's medicines.
    place : Place
        Where it stands.
    described : Element or None
        The Medication to which it refers, if it does and if that stands anywhere.

    Returns
    -------
    Reading
        One fact a medicine, a question, or why it is left aside. A medicine that nobody names may
        be any of the protocol's.

    Raises
    ------
    Refusal
        If a part that decides what it is has another form.
    """
    why_not = _never_given(resource)
    concepts = _concepts(resource, described)
    if not concepts and not why_not:
        where = resource.path("medicationReference")
        fault = Fault(where, "a medicine that is not in this record", "its code or name", _DO_ASK)
        return Reading(questions=(place.question(fault, opens=codebook.formulary.names),))
    meant = codebook.formulary.medicines_of(concepts)
    words = [text for each in concepts for text in words_of(each)]
    if not meant.medicines and meant.doubted and is_local(dosages_of(resource), words):
        return Reading(ignored="applied locally")
    if (meant.medicines or meant.doubted) and why_not:
        return Reading(ignored=why_not)
    is_nameless = not (meant.medicines or meant.doubted or why_not)
    if is_nameless and _is_unknown_agent(resource, concepts, words):
        found = "a medicine without words, or of a trial or against cancer, that is not known here"
        fault = Fault(resource.where, found, "its code, or a name of the protocol", _DO_ASK)
        return Reading(questions=(place.question(fault, opens=codebook.formulary.names),))
    if is_nameless and not words:
        found = "a medicine under a code that the protocol does not list, without a name"
        fault = Fault(resource.where, found, "its name, or the code of its ingredient", _DO_ASK)
        return Reading(questions=(place.question(fault, opens=codebook.formulary.names),))
    return _read(resource, meant, place, words)


def read_treatment_procedure(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read a Procedure that is a treatment, such as radiotherapy.

    Parameters
    ----------
    resource : Element
        The Procedure.
    codebook : Codebook
        Codes of the protocol's medicines and treatments.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        One fact a treatment, its last day that on which it was performed, or ended; or a
        question, or why it is left aside.

    Raises
    ------
    Refusal
        If a part that decides what it is has another form.
    """
    meant = codebook.formulary.treatments_of(resource.inner("code"))
    status = resource.text("status")
    if (meant.medicines or meant.doubted) and status in _NEVER["Procedure"]:
        return Reading(ignored=status)
    return _read(resource, meant, place, ())


def read_treatment_encounter(resource: Element, codebook: Codebook, place: Place) -> Reading:
    """Read a Condition whose code is an encounter for a treatment, such as chemotherapy.

    Parameters
    ----------
    resource : Element
        The Condition.
    codebook : Codebook
        Codes of the protocol's medicines and treatments.
    place : Place
        Where it stands.

    Returns
    -------
    Reading
        One fact a treatment, given on the day of the encounter; a question, where that has none;
        or why it is left aside.

    Raises
    ------
    Refusal
        If its code or its days have another form.
    """
    concept = resource.inner("code")
    names = codebook.formulary.coded_in(concept) if concept is not None else ()
    verified = resource.inner("verificationStatus")
    refuted = plain_codes(verified) & REFUTED if names else frozenset()
    if not names or refuted:
        return Reading(ignored=next(iter(refuted), NOT_IN_VOCABULARY))
    day = civil(resource, "onsetDateTime") or civil(resource, "recordedDate")
    if day is None:
        fault = Fault(resource.where, "no day", "the day of the encounter", _DO_ASK)
        return Reading(questions=tuple(place.question(fault, name) for name in names))
    facts = (
        Treatment(name, day, day, is_ongoing=False, source=place.source, recorded=day)
        for name in names
    )
    return Reading(tuple(facts))


def _read(resource: Element, meant: Identified, place: Place, words: Sequence[str]) -> Reading:
    """Read what is meant; a part that cannot be read leaves its medicines open."""
    names = meant.medicines or meant.doubted
    if not names:
        return Reading(ignored=NOT_IN_VOCABULARY)
    try:
        if meant.doubted:
            found = "a product that may hold a medicine of the protocol"
            raise refuse(resource.where, found, "the code of its ingredient", _DO_ASK)
        return _given(resource, names, place, words)
    except Refusal as refused:
        return Reading(questions=place.questions(refused, names))


def _given(
    resource: Element, medicines: tuple[str, ...], place: Place, words: Sequence[str]
) -> Reading:
    """Make the facts of a resource that counts."""
    kind, status = resource.text("resourceType"), resource.text("status")
    course = COURSES[kind].get(status)
    if course is None:
        found = "unknown" if status == "unknown" else "none that FHIR knows"
        raise refuse(resource.path("status"), found, "a status that says it", _DO_ASK)
    since, until = _SPANS[kind](resource, course)
    if since and until and until.latest < since.earliest:
        raise refuse(resource.where, "an end before its start", "both, in order", _DO_ASK)
    said_on = civil(resource, "dateAsserted")
    if course == "going on" and until and said_on and said_on.earliest > until.latest:
        until = between(until.earliest, None)  # said to go on after its end
    dosages = dosages_of(resource) if kind in KINDS else ()
    facts = tuple(
        Treatment(
            medicine,
            since,
            until,
            _is_ongoing(course, until),
            place.source,
            intent_of(resource),
            stop_reason_of(resource),
            kind in KINDS and is_local(dosages, words),
            recorded=_recorded(resource, course),
        )
        for medicine in medicines
    )
    return Reading(facts, dose=dose_of(dosages))


def _concepts(resource: Element, described: Element | None) -> tuple[Element, ...]:
    """Give the concepts that say which medicine it is; its ingredients where the whole does not."""
    concept = resource.inner("medicationCodeableConcept")
    found = [] if concept is None else [concept]
    if described is not None:
        code = described.inner("code")
        found += [] if code is None else [code]
        parts = (each.inner("itemCodeableConcept") for each in described.inners("ingredient"))
        found += [each for each in parts if each is not None]
    reference = resource.inner("medicationReference")
    if not found and reference is not None and reference.text("display"):
        said = {"text": reference.text("display")}
        found.append(Element(said, reference.where))
    return tuple(each for each in found if each.content.get("coding") or each.content.get("text"))


def _is_unknown_agent(resource: Element, concepts: Sequence[Element], words: Sequence[str]) -> bool:
    """Say whether a medicine that no terminology knows is of a trial, against cancer or unsaid."""
    meta = resource.inner("meta")
    profiles = meta.content.get("profile") if meta else None
    marked = any(_MCODE in str(each) for each in profiles) if isinstance(profiles, list) else False
    codings = [coding for each in concepts for coding in each.inners("coding")]
    marked = marked or any(_UNNAMED.search(each) for each in words)
    marked = marked or any(_is_against_cancer(each) for each in codings)
    is_unsaid = not words
    return (marked or is_unsaid) and not any(is_of_known_system(each) for each in codings)


def _is_against_cancer(coding: Element) -> bool:
    """Say whether a code of the ATC is of a class of antineoplastic or endocrine agents."""
    is_atc = coding.text("system") in _ATC
    return is_atc and coding.text("code").upper().startswith(_CANCER_CLASSES)


def _never_given(resource: Element) -> str:
    """Say why a resource never counts; empty when it may."""
    kind, status = resource.text("resourceType"), resource.text("status")
    if status in _NEVER[kind]:
        is_handed = kind == "MedicationDispense" and status in ("stopped", "on-hold", "in-progress")
        return "" if is_handed and "whenHandedOver" in resource else status
    if kind == "MedicationRequest" and resource.text("intent") in _NOT_ORDERED:
        return "not ordered"
    return "not to be given" if resource.truth("doNotPerform") else ""


def _is_ongoing(course: Course, until: PartialDate | None) -> bool | None:
    """Say whether it goes on; what was handed out says nothing about when it was taken."""
    if course == "going on":
        return True if until is None else None
    return None if course == "handed out" else False


def _recorded(resource: Element, course: Course) -> PartialDate | None:
    """Give the day on which the record said so.

    An order is signed before it is carried out: its end was put on record by its last change.
    """
    asserted = civil(resource, "dateAsserted")
    if asserted is None and course == "going on":
        asserted = civil(resource, "authoredOn")
    meta = resource.inner("meta")
    return civil(meta, "lastUpdated") if asserted is None and meta is not None else asserted


def _stated(resource: Element, course: Course) -> _Days:
    """Give the span of a statement: a point in time is its beginning."""
    lasting = resource.inner("effectivePeriod")
    if lasting is not None:
        return civil(lasting, "start"), civil(lasting, "end")
    since = civil(resource, "effectiveDateTime")
    return (since, None) if since else days_timed(resource, is_over=course == "ended")


def _administered(resource: Element, course: Course) -> _Days:
    """Give the span of an administration: a point in time is all of it."""
    lasting = resource.inner("effectivePeriod")
    if lasting is not None:
        return civil(lasting, "start"), civil(lasting, "end")
    day = civil(resource, "effectiveDateTime")
    return day, None if course == "going on" else day


def _ordered(resource: Element, course: Course) -> _Days:
    """Give the span of an order: as bounded by it, else from the day on which it was signed.

    One that is active ends no sooner than the duration it was ordered for, and perhaps later.
    """
    signed = civil(resource, "authoredOn")
    for each in dosages_of(resource):
        timing = each.inner("timing")
        repeat = timing.inner("repeat") if timing else None
        bounds = repeat.inner("boundsPeriod") if repeat else None
        if bounds is not None:
            start = civil(bounds, "start") or signed
            is_cut_short = resource.text("status") in ("stopped", "on-hold")
            return start, None if is_cut_short else civil(bounds, "end")
        days = days_bounded(repeat) if repeat and signed and course == "going on" else None
        if days is not None and signed is not None:
            return signed, between(days_after(signed.earliest, days - 1), None)
    return signed, None


def _handed_out(resource: Element, course: Course) -> _Days:
    """Give the first day on which it can have been taken."""
    return civil(resource, "whenHandedOver") or civil(resource, "whenPrepared"), None


def _performed(resource: Element, course: Course) -> _Days:
    """Give the span of a procedure."""
    lasting = resource.inner("performedPeriod")
    if lasting is not None:
        return civil(lasting, "start"), civil(lasting, "end")
    day = civil(resource, "performedDateTime")
    return day, None if course == "going on" else day


_SPANS: Mapping[str, Callable[[Element, Course], _Days]] = {
    "MedicationStatement": _stated,
    "MedicationRequest": _ordered,
    "MedicationAdministration": _administered,
    "MedicationDispense": _handed_out,
    "Procedure": _performed,
}
