"""Systems, profiles and codes of FHIR and mCODE that the bundles are written with."""

HL7 = "http://terminology.hl7.org/CodeSystem"
"""Where HL7's own codes live."""

MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition"
"""Where the profiles of mCODE live."""

UNITS_OF_MEASURE = "http://unitsofmeasure.org"
"""UCUM."""

_SNOMED = "http://snomed.info/sct"

SYSTEMS = {
    "LOINC": "http://loinc.org",
    "SNOMEDCT": _SNOMED,
    "RXNORM": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "ICD10CM": "http://hl7.org/fhir/sid/icd-10-cm",
    "UCUM": UNITS_OF_MEASURE,
    "LOCAL": "https://ehr.example.org/fhir/CodeSystem/pharmacy",
}
"""FHIR URI of each system of codes."""

TEST_TAG = {"system": f"{HL7}/v3-ActReason", "code": "HTEST", "display": "test health data"}
"""Tag of every resource: nobody is described."""


def _category(system: str, code: str, display: str) -> dict[str, object]:
    """Write a category."""
    coding = {"system": f"{HL7}/{system}", "code": code, "display": display}
    return {"coding": [coding], "text": display}


CATEGORIES = {
    "problem-list-item": _category("condition-category", "problem-list-item", "Problem List Item"),
    "laboratory": _category("observation-category", "laboratory", "Laboratory"),
    "vital-signs": _category("observation-category", "vital-signs", "Vital Signs"),
    "procedure": _category("observation-category", "procedure", "Procedure"),
    "survey": _category("observation-category", "survey", "Survey"),
    "imaging": _category("observation-category", "imaging", "Imaging"),
    "exam": _category("observation-category", "exam", "Exam"),
}
"""Categories of conditions and observations."""

RESULT_CATEGORIES = {
    "89247-1": "survey",
    "29463-7": "vital-signs",
    "8302-2": "vital-signs",
    "8310-5": "vital-signs",
    "9279-1": "vital-signs",
    "8480-6": "vital-signs",
    "8867-4": "vital-signs",
    "76634-5": "procedure",
    "76635-2": "procedure",
    "8634-8": "procedure",
    "8637-1": "procedure",
    "10230-1": "procedure",
    "21889-1": "imaging",
    "33728-7": "imaging",
    "97509-4": "exam",
}
"""Category of each LOINC code that is not of the laboratory."""

PROFILES = {
    "89247-1": "mcode-ecog-performance-status",
    "21889-1": "mcode-tumor-size",
    "33728-7": "mcode-tumor-size",
    "97509-4": "mcode-cancer-disease-status",
}
"""mCODE profile of each LOINC code that has one."""

SECONDARY = frozenset(
    {"94222008", "94391008", "94381002", "94225005", "C79.51", "C78.00", "C78.7", "C79.31",
     "C79.32", "C77.3"}
)  # fmt: skip
"""Codes of metastases."""

VERIFICATION = {
    "confirmed": ("confirmed", "Confirmed"),
    "preliminary": ("provisional", "Provisional"),
    "refuted": ("refuted", "Refuted"),
    "entered-in-error": ("entered-in-error", "Entered in Error"),
}
"""Verification status, code and name."""

STOP_CODES = {
    "progression": (
        _SNOMED,
        "266721009",
        "No response to treatment (situation)",
        "Disease progression",
    ),
    "toxicity": (_SNOMED, "407563006", "Treatment not tolerated (situation)", "Toxicity"),
    "completed": (
        _SNOMED,
        "182992009",
        "Treatment completed (situation)",
        "Planned treatment completed",
    ),
    "refused": (_SNOMED, "105480006", "Refusal of treatment by patient (situation)", "Refused"),
}
"""Why a medicine ended: system, code, name, words."""

INTENT_CODES = {
    "metastatic": (
        _SNOMED,
        "363676003",
        "Palliative - procedure intent (qualifier value)",
        "Treatment of metastatic disease",
    ),
    "adjuvant": (_SNOMED, "373846009", "Adjuvant - intent (qualifier value)", "Adjuvant"),
}
"""Setting of a medicine: system, code, name, words."""

METHOD_CODES = {
    "conventional": (_SNOMED, "168537006", "Plain radiography (procedure)", "Conventional imaging"),
    "spiral-ct": (
        _SNOMED,
        "77477000",
        "Computerized axial tomography (procedure)",
        "Spiral CT, 5 mm slices",
    ),
    "mri": (_SNOMED, "113091000", "Magnetic resonance imaging (procedure)", "MRI"),
}
"""Way of imaging: system, code, name, words."""

MARGIN_CODES = {"postmenopausal": (_SNOMED, "307429007", "After menopause", "Postmenopausal")}
"""For whom a reference range holds: system, code, name, words."""
