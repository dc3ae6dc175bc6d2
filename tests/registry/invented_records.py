"""Small records of invented trials, one of each shape, and ways to change them."""

import copy
import json

CRITERIA = """\
Inclusion Criteria:

* Age \\>= 18 years
* Hemoglobin \\>= 9 g/dL
* One of the following:

  * Condition one
  * Condition two

    * with detail

Exclusion Criteria:

1. Prior testinib
2. For Arm B only: intolerance of partnerib
"""

WRAPPED = (
    "\r\n        Inclusion Criteria:\r\n\r\n"
    "          -  Women of at least 18 years with a disease invented for this test and that\r\n"
    "             nobody has\r\n\r\n"
    "          -  Postmenopausal, by one of:\r\n\r\n"
    "               -  Older than 60 years\r\n\r\n"
    "               -  Bilateral oophorectomy\r\n\r\n"
    "        Exclusion Criteria:\r\n\r\n"
    "          -  Prior testinib\r\n      "
)

CTGOV = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT99999999",
            "orgStudyIdInfo": {"id": "99-001"},
            "secondaryIdInfos": [
                {"id": "NCI-2099-00001", "type": "REGISTRY", "domain": "NCI"},
                {"id": "2099-000001-01", "type": "EUDRACT_NUMBER"},
            ],
            "organization": {"fullName": "Invented Center", "class": "OTHER"},
            "briefTitle": "Testinib in an Invented Disease",
            "officialTitle": "A Phase Ib Study of Testinib",
            "acronym": "INVENT",
        },
        "statusModule": {
            "overallStatus": "RECRUITING",
            "statusVerifiedDate": "2099-01",
            "startDateStruct": {"date": "2099-01-31", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2100-01", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2101"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Invented Center", "class": "OTHER"},
            "collaborators": [{"name": "Invented Foundation", "class": "OTHER"}],
        },
        "descriptionModule": {
            "briefSummary": "This phase Ib trial studies testinib.\nNobody takes it.",
            "detailedDescription": (
                "PRIMARY OBJECTIVES:\n\nI. To find the dose of testinib.\n\n"
                "II. To describe its safety.\n\nSECONDARY OBJECTIVES:\n\n"
                "I. Objective response rate.\n\n"
                "OUTLINE: This is a dose-escalation study of testinib."
                " Patients are assigned to 1 of 2 arms.\n\n"
                "After completion of study treatment, patients are followed up at 30 days,"
                " then every 3 months."
            ),
        },
        "conditionsModule": {"conditions": ["Invented Disease"], "keywords": ["testinib", "trial"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "NONE"},
            },
            "enrollmentInfo": {"count": 24, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Arm A",
                    "type": "EXPERIMENTAL",
                    "description": "Patients receive testinib PO QD on days 1-21.",
                    "interventionNames": ["Drug: Testinib"],
                },
                {
                    "label": "Testinib and partnerib",
                    "type": "EXPERIMENTAL",
                    "description": "Patients receive testinib PO QD on days 1-28.",
                    "interventionNames": ["Drug: Testinib", "Drug: Unlisted"],
                },
            ],
            "interventions": [
                {
                    "type": "DRUG",
                    "name": "Testinib",
                    "description": "Given orally.",
                    "armGroupLabels": ["Arm A"],
                    "otherNames": ["TST-1"],
                }
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [
                {"measure": "DLT", "description": "By CTCAE.", "timeFrame": "28 days"}
            ],
            "secondaryOutcomes": [{"measure": "Response", "timeFrame": "1 year"}],
            "otherOutcomes": [{"measure": "Biomarker"}],
        },
        "eligibilityModule": {
            "eligibilityCriteria": CRITERIA,
            "healthyVolunteers": False,
            "sex": "FEMALE",
            "minimumAge": "18 Years",
            "maximumAge": "90 Years",
            "stdAges": ["ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": "Kim Example", "role": "CONTACT", "phone": "000-1"}],
            "overallOfficials": [
                {
                    "name": "Alex Example",
                    "affiliation": "Invented Center",
                    "role": "PRINCIPAL_INVESTIGATOR",
                }
            ],
            "locations": [
                {
                    "facility": "Invented Hospital",
                    "status": "RECRUITING",
                    "city": "Testville",
                    "state": "Nowhere",
                    "zip": "00001",
                    "country": "Utopia",
                    "contacts": [
                        {"name": "Sam Example", "role": "CONTACT", "phone": "000-2",
                         "email": "sam@example.org"}
                    ],
                    "geoPoint": {"lat": 1.50, "lon": -2e1},
                }
            ],
        },
    },
    "hasResults": False,
}  # fmt: skip

STUDY = {
    "resourceType": "ResearchStudy",
    "id": "invented-1",
    "title": "Testinib in an Invented Disease",
    "identifier": [
        {"use": "official", "system": "http://clinicaltrials.gov", "value": "NCT99999999"},
        {"value": "NCI-2099-00001"},
        {"value": "2099-X", "type": {"text": "other"}, "assigner": {"display": "Somebody"}},
    ],
    "status": "closed-to-accrual",
    "phase": {
        "coding": [{"system": "http://example.org/phase", "code": "phase-1", "display": "Phase 1"}],
        "text": "Phase 1",
    },
    "category": [
        {"text": "Study Type: Interventional"},
        {"text": "Intervention Model: Parallel Assignment"},
        {"text": "Primary Purpose: Treatment"},
        {"text": "Masking: None (Open Label)"},
        {"text": "Allocation: Non-Randomized"},
        {"text": "Something: Else"},
    ],
    "condition": [{"text": "Invented Disease"}],
    "keyword": [{"text": "testinib"}],
    "contact": [{"name": "Kim Example ", "telecom": [{"system": "phone", "value": "000-1"}]}],
    "location": [{"text": "Utopia"}],
    "description": "\r\n      This phase I trial\r\n      studies testinib.\r\n    ",
    "objective": [
        {"name": "Women with an invented disease."},
        {"name": "To find the dose of testinib."},
        {"name": "Response", "type": {"coding": [{"code": "secondary"}]}},
    ],
    "period": {"start": "2099-01-31", "end": "2101-02-01T00:00:00Z"},
    "contained": [
        {"resourceType": "Organization", "id": "org", "name": "Invented Center"},
        {"resourceType": "Group", "id": "group", "type": "person", "actual": False},
        {"resourceType": "Practitioner", "id": "lead", "name": [{"text": "Alex Example"}]},
        {
            "resourceType": "Location",
            "id": "place",
            "name": "Invented Hospital",
            "status": "active",
            "address": {
                "use": "work",
                "city": "Testville",
                "state": "Nowhere",
                "postalCode": "00001",
                "country": "Utopia",
            },
            "telecom": [
                {"system": "email", "value": "sam@example.org", "use": "work"},
                {"system": "phone", "value": "000-2", "use": "work"},
            ],
        },
        {
            "resourceType": "PlanDefinition",
            "id": "plan-a",
            "status": "unknown",
            "title": "Testinib",
            "subtitle": "TST-1",
            "description": "Given orally.",
            "type": {"text": "Drug"},
            "subjectCodeableConcept": {"text": "Testinib alone"},
        },
        {
            "resourceType": "PlanDefinition",
            "id": "plan-b",
            "status": "unknown",
            "title": "Testinib",
            "subtitle": "TST-1",
            "description": "Given orally.",
            "type": {"text": "Drug"},
            "subjectCodeableConcept": {"text": "ARM A"},
        },
    ],
    "sponsor": {"reference": "#org", "type": "Organization"},
    "principalInvestigator": {"reference": "#lead"},
    "enrollment": [{"reference": "#group", "type": "Group", "display": WRAPPED}],
    "site": [{"reference": "#place", "type": "Location"}, {"display": "Second Hospital"}],
    "arm": [
        {
            "name": "Testinib alone",
            "type": {"coding": [{"code": "Experimental", "display": "Experimental"}],
                     "text": "Experimental"},
            "description": "Testinib daily.\r\nNothing else.",
        },
        {"name": "ARM A", "description": "Nothing."},
    ],
    "protocol": [{"reference": "#plan-a"}, {"reference": "#plan-b"}],
}  # fmt: skip

MATCHED = {
    "trialId": "NCT99999999",
    "source": "Somewhere",
    "conditions": ["Invented Disease"],
    "keywords": ["testinib"],
    "title": "Testinib in an Invented Disease",
    "description": "This phase Ib trial\r\n      studies testinib.",
    "eligibility": WRAPPED,
    "likelihood": {"text": "Possible match", "score": 0.46},
    "period": None,
    "phase": "Phase 1/Phase 2",
    "sponsor": {"name": "Invented Center"},
    "contacts": [{"name": "Kim Example ", "phone": "000-1", "email": "kim@example.org"}],
    "status": {"name": "active", "label": "Active", "color": "green"},
    "type": {"name": "Interventional"},
    "locations": [STUDY["contained"][3]],
}

LINES = {
    "Clinical Trial ID": "NCT99999999",
    "Intervention": [
        "INTERVENTION 1: ",
        "  Arm B: testinib",
        "  Testinib 10 mg PO daily on days 1-21 of each 28-day cycle.",
        "INTERVENTION 2: ",
        "  Testinib and partnerib",
    ],
    "Eligibility": [
        "For information only.",
        "Inclusion Criteria:",
        "  Women",
        "  Adequate organ function:",
        "  Platelets 100,000/mm3",
        "Exclusion Criteria:",
        "  For Arm B only: prior testinib",
    ],
}

SHAPES = {"ctgov": CTGOV, "fhir": STUDY, "matched": MATCHED, "lines": LINES}


def bundle(*studies):
    """Put studies into a searchset."""
    entries = [{"fullUrl": f"urn:{place}", "resource": each, "search": {"mode": "match"}}
               for place, each in enumerate(studies)]  # fmt: skip
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def changed(record, path, value):
    """Give a copy with another value at a path of keys and places, e.g. `a.0.b`."""
    copied = copy.deepcopy(record)
    *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner = copied
    for part in above:
        inner = inner[part]
    inner[last] = value
    return copied


def without(record, path):
    """Give a copy that lacks the value at a path."""
    copied = changed(record, path, None)
    *above, last = path.split(".")
    inner = copied
    for part in above:
        inner = inner[int(part) if part.isdigit() else part]
    del inner[last]
    return copied


def text_of(record):
    """Write a record as JSON."""
    return json.dumps(record, ensure_ascii=False, indent=1)
