"""Make the example bundle that ships with the package: one invented participant, as FHIR R4.

Nobody is described. The facts are those that the rules of the first protocol ask for, all within
its limits, as an export would hold them on the screening visit of 2026-03-02. Five traps are laid
on purpose; each stands beside its words below. Codes are those of the protocol's vocabulary, of
mCODE profiles, and of HL7 terminology. The same text comes out every time:

    python tools/make_example_bundle.py src/trialwright/shelf/patients/example-participant.json
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

Resource = dict[str, Any]

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://trialwright.example/example-participant")
_SERVER = "https://records.example.org/fhir"
_SCREENING = "2026-03-02"
_BIOPSY = "2024-02-12"
_HL7 = "http://terminology.hl7.org/CodeSystem"
_MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition"
_SYSTEMS = {
    "LOINC": "http://loinc.org",
    "SNOMEDCT": "http://snomed.info/sct",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
}
_TEST_TAG = {"system": f"{_HL7}/v3-ActReason", "code": "HTEST", "display": "test health data"}


def bundle() -> Resource:
    """Give the bundle; its entries stand in the order in which they are made here."""
    resources = [
        _patient(),
        *_disease(),
        *_markers(),
        *_performance(),
        *_blood_counts(),
        *_chemistry(),
        *_hormones(),
        *_vital_signs(),
        *_electrocardiograms(),
        *_treatments(),
        _family_history(),
    ]
    return {
        "resourceType": "Bundle",
        "id": _id("bundle"),
        "meta": {"tag": [_TEST_TAG]},
        "type": "collection",
        "timestamp": "2026-03-03T12:00:00Z",
        "entry": [
            {"fullUrl": f"{_SERVER}/{each['resourceType']}/{each['id']}", "resource": each}
            for each in resources
        ],
    }


def text() -> str:
    """Give the bundle as text."""
    return json.dumps(bundle(), indent=1) + "\n"


def _patient() -> Resource:
    """Make the participant: female, born 1961."""
    return _resource(
        "Patient",
        "patient",
        active=True,
        identifier=[{"system": "urn:oid:2.16.840.1.113883.19.5", "value": "SYN-EXAMPLE-1"}],
        name=[{"family": "Participant", "given": ["Synthetic"]}],
        gender="female",
        birthDate="1961-09-23",
    )


def _disease() -> list[Resource]:
    """Make the cancer, its bone metastasis, and a suspicion that was refuted."""
    return [
        _condition(
            "ICD10CM C50.912 SNOMEDCT 254837009",
            "Malignant neoplasm of left female breast",
            "2018-05-07",
            profile="mcode-primary-cancer-condition",
        ),
        _condition(
            "ICD10CM C79.51 SNOMEDCT 94222008",
            "Secondary malignant neoplasm of bone",
            "2024-01-29",
            profile="mcode-secondary-cancer-condition",
        ),
        # trap: suspected, looked at, and refuted; it never counts
        _condition(
            "ICD10CM C79.31 SNOMEDCT 94225005",
            "Secondary malignant neoplasm of brain",
            "2026-02-16",
            profile="mcode-secondary-cancer-condition",
            verified="refuted",
        ),
        _condition("ICD10CM I10", "Essential hypertension", "2015"),
    ]


def _markers() -> list[Resource]:
    """Make the receptor results of the metastasis."""
    marker = "mcode-tumor-marker-test"
    return [
        _measured("85329-1", "Estrogen receptor positive cells", 90, "%", _BIOPSY, profile=marker),
        _measured(
            "85325-9", "Progesterone receptor positive cells", 35, "%", _BIOPSY, profile=marker
        ),
        _answered(
            "85319-2", "HER2 by immune stain", "SNOMEDCT 260385009", "Negative", _BIOPSY, marker
        ),
    ]


def _performance() -> list[Resource]:
    """Make ECOG 1, as the coded answer, and an older 2."""
    profile = "mcode-ecog-performance-status"
    name = "ECOG performance status"
    return [
        # trap: older; the latest result holds
        _answered("89247-1", name, "LOINC LA9624-3", "2", "2025-11-10", profile),
        _answered("89247-1", name, "LOINC LA9623-5", "1", _SCREENING, profile),
    ]


def _blood_counts() -> list[Resource]:
    """Make the blood count."""
    return [
        # trap: thousands per microliter, where the protocol speaks of cells per cubic millimeter
        _measured("751-8", "Neutrophils", 2.4, "10*3/uL", normal=(1.8, 7.5)),
        _measured("718-7", "Hemoglobin", 11.8, "g/dL", normal=(11.5, 15.5)),
        # trap: entered by mistake; it never counts
        _measured("718-7", "Hemoglobin", 5.0, "g/dL", "2026-03-03", status="entered-in-error"),
        _measured("777-3", "Platelets", 232, "10*9/L", normal=(140, 400)),
    ]


def _chemistry() -> list[Resource]:
    """Make the chemistry, each with its laboratory's range."""
    return [
        _measured("1975-2", "Bilirubin, total", 0.7, "mg/dL", normal=(0.2, 1.1)),
        _measured("1920-8", "Aspartate aminotransferase", 28, "U/L", normal=(9, 38)),
        _measured("1742-6", "Alanine aminotransferase", 25, "U/L", normal=(7, 41)),
        _measured("2160-0", "Creatinine", 0.82, "mg/dL", normal=(0.5, 1.0)),
        _measured("1558-6", "Fasting glucose", 98, "mg/dL", normal=(70, 99)),
        # trap: not coded as fasting; no term of the protocol
        _measured("2345-7", "Glucose", 151, "mg/dL", "2026-02-11", normal=(70, 140)),
        _measured("4548-4", "Hemoglobin A1c", 5.7, "%", normal=(4.0, 5.6)),
        _measured("2823-3", "Potassium", 4.3, "mmol/L", normal=(3.5, 5.0)),
        _measured("19123-9", "Magnesium", 2.0, "mg/dL", normal=(1.6, 2.6)),
    ]


def _hormones() -> list[Resource]:
    """Make hormones, whose range is that of women after menopause."""
    group = "Postmenopausal women"
    return [
        _measured("15067-2", "Follitropin", 71.0, "[IU]/L", normal=(25.8, 134.8), of=group),
        _measured("10501-5", "Lutropin", 33.5, "[IU]/L", normal=(7.7, 58.5), of=group),
        _measured("2243-4", "Estradiol", 9.0, "pg/mL", normal=(0, 30), of=group),
    ]


def _vital_signs() -> list[Resource]:
    """Make weight, height, pulse and the blood pressure panel."""
    pressure = _observation("85354-9", "Blood pressure panel", _SCREENING)
    pressure["component"] = [
        {"code": _concept(f"LOINC {code}", name), "valueQuantity": _quantity(value, "mm[Hg]")}
        for code, name, value in (("8480-6", "Systolic", 126), ("8462-4", "Diastolic", 77))
    ]
    return [
        pressure,
        _measured("8867-4", "Heart rate", 74, "/min"),
        _measured("29463-7", "Body weight", 71.5, "kg"),
        _measured("8302-2", "Body height", 164, "cm"),
        _measured("9279-1", "Respiratory rate", 15, "/min"),
    ]


def _electrocardiograms() -> list[Resource]:
    """Make three ECGs, five minutes apart, and the ejection fraction."""
    times = ("09:10", "09:15", "09:20")
    return [
        *(
            _measured("76634-5", "QTcF", value, "ms", f"{_SCREENING}T{time}:00-05:00")
            for value, time in zip((418, 424, 421), times, strict=True)
        ),
        _measured("10230-1", "Left ventricular ejection fraction", 62, "%", "2026-02-20"),
    ]


def _treatments() -> list[Resource]:
    """Make earlier treatment: letrozole with palbociclib, stopped for progression."""
    return [
        _resource(
            "MedicationStatement",
            name,
            status="stopped",
            medicationCodeableConcept=_concept(code, name),
            subject=_subject(),
            effectivePeriod={"start": "2024-03-04", "end": "2026-01-26"},
            dateAsserted=_SCREENING,
            statusReason=[_concept("SNOMEDCT 266721009", "Disease progression")],
        )
        for code, name in (("RXNORM 72965", "letrozole"), ("RXNORM 1601374", "palbociclib"))
    ] + [
        _resource(
            "Procedure",
            "lumpectomy",
            status="completed",
            code={"text": "Lumpectomy of left breast"},
            subject=_subject(),
            performedDateTime="2018-06-04",
        )
    ]


def _family_history() -> Resource:
    """Make a relative's cancer, which is not the participant's."""
    return _resource(
        "FamilyMemberHistory",
        "mother",
        status="completed",
        patient=_subject(),
        relationship=_concept("SNOMEDCT 72705000", "Mother"),
        condition=[{"code": _concept("ICD10CM C50", "Malignant neoplasm of breast")}],
    )


def _measured(
    code: str,
    name: str,
    value: float,
    unit: str,
    on: str = _SCREENING,
    *,
    status: str = "final",
    normal: tuple[float, float] | None = None,
    of: str = "",
    profile: str = "",
) -> Resource:
    """Make an Observation with an amount, perhaps with its range of normal values."""
    made = _observation(code, name, on, status, profile)
    made["valueQuantity"] = _quantity(value, unit)
    if normal:
        low, high = normal
        made["referenceRange"] = [{"low": _quantity(low, unit), "high": _quantity(high, unit)}]
        if of:
            made["referenceRange"][0]["appliesTo"] = [{"text": of}]
    return made


def _answered(
    code: str, name: str, answer: str, words: str, on: str, profile: str = ""
) -> Resource:
    """Make an Observation with a coded answer."""
    made = _observation(code, name, on, profile=profile)
    made["valueCodeableConcept"] = _concept(answer, words)
    return made


def _observation(
    code: str, name: str, on: str, status: str = "final", profile: str = ""
) -> Resource:
    """Make an Observation without its value."""
    return _resource(
        "Observation",
        f"{code} {on} {status}",
        profile,
        status=status,
        code=_concept(f"LOINC {code}", name),
        subject=_subject(),
        effectiveDateTime=on,
    )


def _condition(
    codes: str, name: str, since: str, *, profile: str = "", verified: str = "confirmed"
) -> Resource:
    """Make a Condition."""
    made = _resource("Condition", codes, profile)
    if verified == "confirmed":
        made["clinicalStatus"] = {
            "coding": [{"system": f"{_HL7}/condition-clinical", "code": "active"}]
        }
    return made | {
        "verificationStatus": {
            "coding": [{"system": f"{_HL7}/condition-ver-status", "code": verified}]
        },
        "code": _concept(codes, name),
        "subject": _subject(),
        "onsetDateTime": since,
        "recordedDate": since,
    }


def _resource(kind: str, key: str, profile: str = "", **elements: Any) -> Resource:
    """Make a resource, tagged as test data."""
    meta: Resource = {"tag": [_TEST_TAG]}
    if profile:
        meta["profile"] = [f"{_MCODE}/{profile}"]
    return {"resourceType": kind, "id": _id(f"{kind} {key}"), "meta": meta, **elements}


def _concept(codes: str, name: str) -> Resource:
    """Make a coded concept from `SYSTEM code` pairs and its words."""
    words = codes.split()
    coding = [
        {"system": _SYSTEMS[system], "code": code}
        for system, code in zip(words[::2], words[1::2], strict=True)
    ]
    return {"coding": coding, "text": name}


def _quantity(value: float, unit: str) -> Resource:
    """Make an amount in UCUM."""
    return {
        "value": value,
        "unit": unit,
        "system": "http://unitsofmeasure.org",
        "code": unit,
    }


def _subject() -> Resource:
    """Make the reference to the participant."""
    return {"reference": f"Patient/{_id('Patient patient')}"}


def _id(name: str) -> str:
    """Make an id that is the same every time."""
    return str(uuid.uuid5(_NAMESPACE, name))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
