"""A patient as a FHIR R4 bundle in the profiles of mCODE, as a hospital's export would hold it.

The id of a resource is the table and row of the same record in OMOP, so that both can be compared:
`Observation/measurement-1001` is `measurement/1001`. What OMOP has no place for stands here alone:
intents, groups of reference ranges, and resources that do not count.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from trialwright.virtual.concepts import CONCEPTS, INGREDIENT, Concept
from trialwright.virtual.fhir_words import (
    CATEGORIES,
    HL7,
    INTENT_CODES,
    MARGIN_CODES,
    MCODE,
    METHOD_CODES,
    PROFILES,
    RESULT_CATEGORIES,
    SECONDARY,
    STOP_CODES,
    SYSTEMS,
    TEST_TAG,
    UNITS_OF_MEASURE,
    VERIFICATION,
)
from trialwright.virtual.patients import Deed, Diagnosis, Exposure, Patient, Result

Resource = dict[str, Any]
"""One FHIR resource as JSON."""

SERVER = "https://ehr.example.org/fhir"
"""Where the resources would live."""

_PRESSURE, _PANEL, _LESION, _SIZE = "8480-6", "85354-9", "21889-1", "33728-7"
_PRODUCTS = {CONCEPTS[product].code: CONCEPTS[place] for product, place in INGREDIENT.items()}
_LOINC = {each.code: each for each in CONCEPTS if each.system == "LOINC"}


def fhir_bundle(patient: Patient) -> Resource:
    """Write one patient as a collection bundle.

    Parameters
    ----------
    patient : Patient
        The patient.

    Returns
    -------
    dict
        The bundle, ready to be written as JSON.
    """
    return {
        "resourceType": "Bundle",
        "id": f"bundle-{patient.person_id}",
        "type": "collection",
        "timestamp": f"{patient.screening}T12:00:00Z",
        "entry": [
            {"fullUrl": f"{SERVER}/{each['resourceType']}/{each['id']}", "resource": each}
            for each in fhir_resources(patient)
        ],
    }


def fhir_resources(patient: Patient) -> Iterator[Resource]:
    """Write one patient as resources, one after the other.

    Parameters
    ----------
    patient : Patient
        The patient.

    Yields
    ------
    dict
        Patient, Conditions, Observations, MedicationStatements, Procedures.
    """
    yield _resource("Patient", str(patient.person_id)) | {
        "active": True,
        "gender": patient.sex,
        "birthDate": patient.born,
        "identifier": [
            {"system": "urn:oid:2.16.840.1.113883.19.5", "value": f"SYN-{patient.person_id:07}"}
        ],
        "name": [{"family": "Synthetic", "given": ["Participant"]}],
    }
    subject = {"reference": f"Patient/{patient.person_id}"}
    for diagnosis in patient.diagnoses:
        yield _condition(diagnosis, subject)
    for result in patient.results:
        yield _observation(result, subject)
    for exposure in patient.exposures:
        yield _medication(exposure, subject, patient.screening)
    for deed in patient.deeds:
        yield _procedure(deed, subject)


def _resource(kind: str, resource_id: str, profile: str = "") -> Resource:
    """Begin a resource, tagged as test data."""
    meta: Resource = {"profile": [f"{MCODE}/{profile}"]} if profile else {}
    return {"resourceType": kind, "id": resource_id, "meta": meta | {"tag": [TEST_TAG]}}


def _named(source: str) -> str:
    """Give the id of the resource of a record: its table and row in OMOP."""
    return source.replace("_", "-").replace("/", "-")


def _concept(*concepts: Concept, text: str = "") -> Resource:
    """Write a coded concept."""
    codings = [
        {"system": SYSTEMS[each.system], "code": each.code, "display": each.name}
        for each in concepts
    ]
    return {"coding": codings, "text": text or concepts[0].name}


def _coded(system: str, code: str, display: str, text: str = "") -> Resource:
    """Write a concept of one code."""
    coding = {"system": system, "code": code, "display": display}
    return {"coding": [coding], "text": text or display}


def _number(amount: Decimal) -> int | float:
    """Give a number that JSON writes with the digits of the decimal."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _condition(diagnosis: Diagnosis, subject: Resource) -> Resource:
    """Write a condition."""
    is_spread = any(each.code in SECONDARY for each in diagnosis.codes)
    is_primary = any(each.code.startswith(("C50", "254837009")) for each in diagnosis.codes)
    profile = "mcode-secondary-cancer-condition" if is_spread else ""
    profile = "mcode-primary-cancer-condition" if is_primary else profile
    made = _resource("Condition", _named(diagnosis.source), profile)
    verified, word = VERIFICATION[diagnosis.verified]
    made["verificationStatus"] = _coded(f"{HL7}/condition-ver-status", verified, word)
    made["category"] = [CATEGORIES["problem-list-item"]]
    made["code"] = _concept(*diagnosis.codes)
    made["subject"] = subject
    made["onsetDateTime"] = made["recordedDate"] = str(diagnosis.since)
    if diagnosis.until:
        made["abatementDateTime"] = str(diagnosis.until)
    if verified != "entered-in-error":
        status = ("resolved", "Resolved") if diagnosis.until else ("active", "Active")
        made["clinicalStatus"] = _coded(f"{HL7}/condition-clinical", *status)
    if is_primary:
        made["evidence"] = [{"code": [{"text": "Histopathology: invasive ductal carcinoma"}]}]
    return made


def _observation(result: Result, subject: Resource) -> Resource:
    """Write a result; a pressure and a size stand as components, as mCODE has them."""
    code = result.code.code
    made = _resource("Observation", _named(result.source), PROFILES.get(code, ""))
    made["status"] = result.status
    made["category"] = [CATEGORIES[RESULT_CATEGORIES.get(code, "laboratory")]]
    panel = {_PRESSURE: _PANEL, _SIZE: _LESION}.get(code)
    made["code"] = _concept(_LOINC[panel] if panel else result.code)
    made["subject"] = subject
    made["effectiveDateTime"] = _when(result)
    if panel:
        made["component"] = [{"code": _concept(result.code)} | _value(result)]
    else:
        made |= _value(result)
    if result.about:
        made["focus"] = [{"reference": f"Condition/{_named(result.about)}"}]
    if result.method:
        made["method"] = _coded(*METHOD_CODES[result.method])
    return made


def _when(result: Result) -> str:
    """Give the day, and the time where it is recorded."""
    if result.minute is None:
        return str(result.on)
    hour, minute = divmod(result.minute, 60)
    return f"{result.on}T{hour:02}:{minute:02}:00-05:00"


def _value(result: Result) -> Resource:
    """Write the value in its form, and the reference range."""
    if result.value is not None:
        if result.unit == "{score}" and not result.comparator and _is_whole(result.value):
            return {"valueInteger": int(result.value)}
        return {"valueQuantity": _quantity(result.value, result)} | _range(result)
    if result.answer is not None:
        wording = result.wording or result.answer.name
        return {"valueCodeableConcept": _concept(result.answer, text=wording)}
    if result.wording:
        return {"valueCodeableConcept": {"text": result.wording}}
    return {"dataAbsentReason": _coded(f"{HL7}/data-absent-reason", "unknown", "Unknown")}


def _is_whole(value: Decimal) -> bool:
    """Say whether a value has no decimals."""
    return value == value.to_integral_value()


def _quantity(value: Decimal, result: Result) -> Resource:
    """Write an amount as reported: with a coded unit, a written one, or none."""
    made: Resource = {"value": _number(value)}
    if result.comparator and value == result.value:
        made["comparator"] = result.comparator
    return made | _unit(result)


def _unit(result: Result) -> Resource:
    """Write the unit."""
    if result.unit:
        return {"unit": result.unit, "system": UNITS_OF_MEASURE, "code": result.unit}
    return {"unit": result.spelling} if result.spelling else {}


def _range(result: Result) -> Resource:
    """Write the reference range, in the unit of the result."""
    if result.low is None or result.high is None:
        return {}
    bounds: Resource = {
        name: {"value": _number(bound)} | _unit(result)
        for name, bound in (("low", result.low), ("high", result.high))
    }
    if result.margin:
        bounds["appliesTo"] = [_coded(*MARGIN_CODES[result.margin])]
    return {"referenceRange": [bounds]}


def _medication(exposure: Exposure, subject: Resource, screening: date) -> Resource:
    """Write a medicine; a product is coded as itself and as its ingredient."""
    codes = [exposure.medicine]
    if exposure.medicine.code in _PRODUCTS:
        codes.append(_PRODUCTS[exposure.medicine.code])
    made = _resource("MedicationStatement", _named(exposure.source))
    has_ended = exposure.until is not None and exposure.until <= screening
    ended = "completed" if exposure.stop in ("", "completed") else "stopped"
    made["status"] = ended if has_ended else "active"
    made["medicationCodeableConcept"] = _concept(*codes)
    made["subject"] = subject
    period = {"start": str(exposure.since)}
    made["effectivePeriod"] = period | ({"end": str(exposure.until)} if exposure.until else {})
    made["dateAsserted"] = str(screening)
    if exposure.stop:
        made["statusReason"] = [_coded(*STOP_CODES[exposure.stop])]
    if exposure.intent:
        intent = _coded(*INTENT_CODES[exposure.intent])
        extension = {"url": f"{MCODE}/mcode-procedure-intent", "valueCodeableConcept": intent}
        made["extension"] = [extension]
    if exposure.route:
        made["dosage"] = [{"route": _concept(exposure.route)}]
    return made


def _procedure(deed: Deed, subject: Resource) -> Resource:
    """Write a procedure that was completed."""
    made = _resource("Procedure", _named(deed.source))
    made["status"] = "completed"
    made["code"] = _concept(deed.code)
    made["subject"] = subject
    if deed.until:
        made["performedPeriod"] = {"start": str(deed.since), "end": str(deed.until)}
    else:
        made["performedDateTime"] = str(deed.since)
    return made


def by_kind(patient: Patient) -> Mapping[str, list[Resource]]:
    """Sort the resources of a patient by kind, as a bulk export writes them.

    Parameters
    ----------
    patient : Patient
        The patient.

    Returns
    -------
    mapping of str to list of dict
        Resources by `resourceType`.
    """
    kinds: dict[str, list[Resource]] = {}
    for resource in fhir_resources(patient):
        kinds.setdefault(resource["resourceType"], []).append(resource)
    return kinds
