"""FHIR records as hospitals write them, and the word of a criterion for them."""

import io
import json
from dataclasses import replace
from datetime import date

from tests.eligibility.casebooks import said

from trialwright.eligibility.screening import screen_arms
from trialwright.intake.bundle import read_bundle

AS_OF = date(2026, 3, 5)
ANCHORS = {"consent": date(2026, 3, 2), "screening": date(2026, 3, 2), "registration": AS_OF,
           "first_dose": date(2026, 3, 9)}  # fmt: skip
BASE = "https://ehr.example.org/fhir"
SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "icd": "http://hl7.org/fhir/sid/icd-10-cm",
    "site": "https://ehr.example.org/codes",
}
UCUM = "http://unitsofmeasure.org"
HER = {"reference": "Patient/her"}
MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition"
STATES = "http://terminology.hl7.org/CodeSystem/condition"


def coded(*codes, text=""):
    """Give a concept of codes, each `system code`."""
    pairs = [each.split(" ", 1) for each in codes]
    concept = {"coding": [{"system": SYSTEMS[system], "code": code} for system, code in pairs]}
    return concept | ({"text": text} if text else {})


def amount(value, unit, code=None, comparator=""):
    """Give a quantity; code None: the unit is the code, empty: words alone."""
    found = {"value": value, "unit": unit}
    if code != "":
        found |= {"system": UCUM, "code": code or unit}
    return found | ({"comparator": comparator} if comparator else {})


def lab(code, value=None, unit="", on="2026-03-02", ucum=None, comparator="", **more):
    """Give an observation."""
    found = {"resourceType": "Observation", "status": "final", "code": coded(f"loinc {code}"),
             "subject": HER}  # fmt: skip
    found |= {"effectiveDateTime": on} if on else {}
    found |= {} if value is None else {"valueQuantity": amount(value, unit, ucum, comparator)}
    return found | more


def high(value, unit, **more):
    """Give a reference range."""
    return {"referenceRange": [{"high": amount(value, unit), **more}]}


def drug(code="", since="2025-01-01", until=None, status="completed", **more):
    """Give a medication statement."""
    found = {"resourceType": "MedicationStatement", "status": status, "subject": HER}
    found |= {"medicationCodeableConcept": coded(f"rxnorm {code}")} if code else {}
    period = ({"start": since} if since else {}) | ({"end": until} if until else {})
    return found | ({"effectivePeriod": period} if period else {}) | more


def ill(*codes, verified="confirmed", clinical="active", since="2025-06-01", **more):
    """Give a condition."""
    found = {"resourceType": "Condition", "code": coded(*codes), "subject": HER,
             "clinicalStatus": {"coding": [{"system": f"{STATES}-clinical", "code": clinical}]},
             "verificationStatus": {
                 "coding": [{"system": f"{STATES}-ver-status", "code": verified}]}}  # fmt: skip
    return found | ({"onsetDateTime": since} if since else {}) | more


def intent(code):
    """Give the intent of a treatment as mCODE writes it."""
    return {
        "url": f"{MCODE}/mcode-procedure-intent",
        "valueCodeableConcept": coded(f"snomed {code}"),
    }


def stopped(code, text=""):
    """Give why a treatment ended."""
    return {"statusReason": [coded(f"snomed {code}", text=text)]}


LETROZOLE, FULVESTRANT, CLARITHROMYCIN, ENZALUTAMIDE = "72965", "282357", "21212", "1307298"
CAPECITABINE, PACLITAXEL, ERIBULIN, TAMOXIFEN = "194000", "56946", "1045453", "10324"
GOSERELIN, GLARGINE, METFORMIN, DEXAMETHASONE = "50610", "274783", "6809", "3264"
HB, ANC, PLT, BILI, AST, ALT = "718-7", "751-8", "777-3", "1975-2", "1920-8", "1742-6"
GLUCOSE, A1C, QTCF, ECOG = "1558-6", "4548-4", "76634-5", "89247-1"
ALT_FINE = lab(ALT, 20, "U/L", **high(35, "U/L"))
BREAST = ill("icd C50.911")
COMPLETE = said("record-complete", "yes")
PALLIATIVE, ADJUVANT = "363676003", "373846009"


def judge_of(shipped):
    """Give what says the word of a criterion for a record."""

    def word(criterion, *resources, born="1956-01-01", answers=(), patient="", arm=0, her=None):
        person = her or {"resourceType": "Patient", "id": "her", "gender": "female",
                         "birthDate": born,
                         "identifier": [{"system": "urn:oid:2.16.840.1.113883.19.5",
                                         "value": "SYN-1"}]}  # fmt: skip
        entries = [{"fullUrl": f"{BASE}/Patient/her", "resource": person}]
        for place, each in enumerate(resources):
            if "resource" in each:
                entries.append(each)
                continue
            own = {"id": f"r{place}", **each}
            url = f"{BASE}/{own['resourceType']}/{own['id']}"
            entries.append({"fullUrl": url, "resource": own})
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        stream = io.BytesIO(json.dumps(bundle).encode())
        casebook = read_bundle(stream, shipped.terms, "P-1", patient, shipped.medicines).casebook
        casebook = replace(casebook, attestations=tuple(answers))
        screening = screen_arms(shipped, casebook, AS_OF, ANCHORS).screenings[arm]
        return next(each.word for each in screening.verdicts if each.criterion == criterion)

    return word


def given(code, since, until, why, setting=PALLIATIVE, text=""):
    """Give a course that ended for a reason."""
    return drug(code, since, until, "stopped", extension=[intent(setting)], **stopped(why, text))


NO_RESPONSE, NOT_TOLERATED, DONE = "266721009", "407563006", "182992009"


def receptor(code, value=None, unit="%", comparator="", answer=None, text=""):
    """Give a receptor, in per cent or as an answer."""
    if answer is None:
        return lab(code, value, unit, comparator=comparator)
    return lab(code, valueCodeableConcept=coded(f"snomed {answer}", text=text))


POSITIVE, NEGATIVE, EQUIVOCAL = "10828004", "260385009", "42425007"
ER, PR = receptor("85329-1", 90), receptor("85325-9", 0)
IHC_1 = receptor("85319-2", answer=NEGATIVE, text="IHC 1+")
IHC_2 = receptor("85319-2", answer=EQUIVOCAL, text="2+")
