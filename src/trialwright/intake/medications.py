"""FHIR medication resources and treatment procedures to facts: which medicine, when."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from trialwright.casebook.treatments import Intent, StopReason, Treatment
from trialwright.intake.coding import Codebook, codes_of
from trialwright.intake.elements import Element
from trialwright.intake.fhir_dates import civil
from trialwright.intake.outcome import NOT_IN_VOCABULARY, Place, Reading
from trialwright.terms.codes import Code
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import refuse

KINDS = (
    "MedicationStatement",
    "MedicationRequest",
    "MedicationAdministration",
    "MedicationDispense",
)
"""Kinds of resource that say that a medicine was given, taken, ordered or handed out."""

_NEVER = frozenset(
    {
        "not-taken",
        "not-done",
        "entered-in-error",
        "intended",
        "draft",
        "cancelled",
        "declined",
        "preparation",
    }
)
_GOING_ON = frozenset({"active", "in-progress"})
_ENDED = frozenset({"completed", "stopped"})
_LEFT_OPEN = frozenset({"on-hold", "unknown", "ended"})
_NOT_ORDERED = frozenset({"proposal", "plan", "option"})
_DO_ASK = "Ask whether it was taken, and correct the record where it comes from"

INTENTS: Mapping[Code, Intent] = MappingProxyType(
    {
        Code("SNOMEDCT", "363676003"): "metastatic",
        Code("SNOMEDCT", "373846009"): "adjuvant",
        Code("SNOMEDCT", "373847000"): "neoadjuvant",
    }
)
"""Codes of the intent of a treatment in mCODE."""

REASONS: Mapping[Code, StopReason] = MappingProxyType(
    {
        Code("SNOMEDCT", "266721009"): "progression",
        Code("SNOMEDCT", "407563006"): "toxicity",
        Code("SNOMEDCT", "281647001"): "toxicity",
        Code("SNOMEDCT", "105480006"): "refused",
        Code("SNOMEDCT", "182992009"): "completed",
    }
)
"""Codes of why a treatment ended; another code is another reason."""

_LOCAL_ROUTES = frozenset(
    Code("SNOMEDCT", code) for code in ("6064005", "54485002", "10547007", "16857009")
)
_LOCAL_WORDS = re.compile(
    r"\b(?:topical|shampoo|cream|ointment|lotion|gel|(?:eye|ear) drops?|ophthalmic|otic|vaginal)\b",
    re.IGNORECASE,
)
_INTENT_URLS = ("mcode-procedure-intent", "mcode-treatment-intent")


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
        The Medication to which it refers, if it does.

    Returns
    -------
    Reading
        One fact a medicine, or why it is left aside.

    Raises
    ------
    Refusal
        If a part that decides what it is has another form.
    """
    concept = resource.inner("medicationCodeableConcept")
    if concept is None and described is not None:
        concept = described.inner("code")
    medicines = codebook.medicines_of(concept)
    if not medicines:
        return Reading(ignored=NOT_IN_VOCABULARY)
    status, intent = resource.text("status"), resource.text("intent")
    if status in _NEVER or intent in _NOT_ORDERED or resource.truth("doNotPerform"):
        return Reading(ignored=status if status in _NEVER else "not ordered")
    if status not in _GOING_ON | _ENDED | _LEFT_OPEN:
        refused = refuse(resource.path("status"), "none that FHIR knows", "completed", _DO_ASK)
        return Reading(questions=place.questions(refused, medicines))
    since, until = _span(resource)
    is_ongoing = _is_ongoing(resource, status)
    facts = tuple(
        Treatment(
            medicine,
            since,
            until,
            is_ongoing,
            place.source,
            _intent(resource),
            _reason(resource),
            _is_local(resource, concept),
            recorded=civil(resource, "dateAsserted") or civil(resource, "authoredOn"),
        )
        for medicine in medicines
    )
    return Reading(facts)


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
        One fact a treatment, its last day that on which it was performed, or ended; or why it is
        left aside.

    Raises
    ------
    Refusal
        If a part that decides what it is has another form.
    """
    treatments = codebook.medicines_of(resource.inner("code"))
    if not treatments:
        return Reading(ignored=NOT_IN_VOCABULARY)
    status = resource.text("status")
    if status in _NEVER:
        return Reading(ignored=status)
    since = until = civil(resource, "performedDateTime")
    lasting = resource.inner("performedPeriod")
    if lasting is not None:
        since, until = civil(lasting, "start"), civil(lasting, "end")
    facts = tuple(
        Treatment(
            each,
            since,
            until,
            status in _GOING_ON if status in _GOING_ON | _ENDED else None,
            place.source,
            _intent(resource),
            _reason(resource),
        )
        for each in treatments
    )
    return Reading(facts)


def _span(resource: Element) -> tuple[PartialDate | None, PartialDate | None]:
    """Give the first and last day that the record states."""
    lasting = resource.inner("effectivePeriod")
    if lasting is not None:
        return civil(lasting, "start"), civil(lasting, "end")
    day = civil(resource, "effectiveDateTime")
    match resource.text("resourceType"):
        case "MedicationAdministration":
            return day, day
        case "MedicationDispense":
            return civil(resource, "whenHandedOver") or civil(resource, "whenPrepared"), None
        case "MedicationRequest":
            return civil(resource, "authoredOn"), None
        case _:
            return day, None


def _is_ongoing(resource: Element, status: str) -> bool | None:
    """Say whether it goes on; what was handed out says nothing about when it was taken."""
    if resource.text("resourceType") == "MedicationDispense" or status in _LEFT_OPEN:
        return None
    return status in _GOING_ON


def _intent(resource: Element) -> Intent | None:
    """Give the setting for which it was given, where it is coded."""
    for each in resource.inners("extension"):
        if each.text("url").endswith(_INTENT_URLS):
            for code in codes_of(each.inner("valueCodeableConcept")):
                if code in INTENTS:
                    return INTENTS[code]
    return None


def _reason(resource: Element) -> StopReason | None:
    """Give why it ended, where it is coded; another reason is told as such."""
    stated = resource.content.get("statusReason")
    reasons = resource.inners("statusReason") if isinstance(stated, list) else ()
    if isinstance(stated, dict):
        inner = resource.inner("statusReason")
        reasons = (inner,) if inner else ()
    for each in reasons:
        known = [REASONS[code] for code in codes_of(each) if code in REASONS]
        if known:
            return known[0]
    return "other" if reasons else None


def _is_local(resource: Element, concept: Element | None) -> bool:
    """Say whether it is applied locally, by its route or by its name."""
    name = concept.text("text") if concept else ""
    if _LOCAL_WORDS.search(name):
        return True
    dosages = resource.content.get("dosage", resource.content.get("dosageInstruction"))
    field = "dosage" if "dosage" in resource else "dosageInstruction"
    if not isinstance(dosages, list):
        inner = resource.inner(field)
        found = (inner,) if inner else ()
    else:
        found = resource.inners(field)
    routes = [each.inner("route") for each in found]
    return any(
        route is not None
        and (_LOCAL_ROUTES.intersection(codes_of(route)) or _LOCAL_WORDS.search(route.text("text")))
        for route in routes
    )
