"""Medicines and treatments become facts, questions, or are left aside with the reason."""

import pytest

from trialwright.assembly.protocols import shipped
from trialwright.intake.elements import Element
from trialwright.intake.formulary import Formulary

RXNORM, SNOMED = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"
NEVER = [
    ("MedicationStatement", {"status": "not-taken"}, "not-taken"),
    ("MedicationStatement", {"status": "intended"}, "intended"),
    ("MedicationStatement", {"status": "entered-in-error"}, "entered-in-error"),
    ("MedicationRequest", {"status": "draft"}, "draft"),
    ("MedicationRequest", {"status": "cancelled"}, "cancelled"),
    ("MedicationRequest", {"intent": "proposal"}, "not ordered"),
    ("MedicationRequest", {"intent": "plan"}, "not ordered"),
    ("MedicationRequest", {"intent": "order", "doNotPerform": True}, "not to be given"),
    ("MedicationAdministration", {"status": "not-done"}, "not-done"),
    ("MedicationDispense", {"status": "preparation"}, "preparation"),
    ("MedicationDispense", {"status": "in-progress"}, "in-progress"),
    ("MedicationDispense", {"status": "declined"}, "declined"),
]


@pytest.fixture(scope="module")
def shipped_formulary():
    """Give the medicines of the protocol that ships."""
    return Formulary(shipped("nct03959891").study.medicines)


def coding(system, code, **more):
    """Make a concept of one code."""
    return {"coding": [{"system": system, "code": code}], **more}


def span(start=None, end=None):
    """Make a period."""
    return {name: day for name, day in (("start", start), ("end", end)) if day}


def told(fact):
    """Say a treatment: first dose, last dose, whether it goes on."""
    return str(fact.since), str(fact.until), fact.is_ongoing


def test_a_statement_keeps_its_days_and_its_source(read, patient, taken):
    """The fact can be walked back to its resource."""
    found = read(
        patient,
        taken(
            "Letrozole",
            status="stopped",
            effectivePeriod=span("2024-02", "2025-12-12"),
            dateAsserted="2026-03-02",
        ),
    )
    [fact] = found.casebook.treatments

    assert (fact.medicine, told(fact)) == ("letrozole", ("2024-02", "2025-12-12", False))
    assert (str(fact.source), str(fact.recorded)) == ("fhir MedicationStatement/m1", "2026-03-02")
    assert (found.used, found.read["letrozole"]) == (2, 1)


@pytest.mark.parametrize(
    ("elements", "says"),
    [
        ({"status": "active"}, ("None", "None", True)),
        ({"status": "active", "effectiveDateTime": "2026-01-05"}, ("2026-01-05", "None", True)),
        (
            {"status": "active", "effectivePeriod": span("2026-01-05", "2026-02-01")},
            ("2026-01-05", "2026-02-01", None),
        ),
        (
            {"status": "completed", "effectivePeriod": span("2026-01-05")},
            ("2026-01-05", "None", False),
        ),
        (
            {"status": "on-hold", "effectivePeriod": span("2026-01-05")},
            ("2026-01-05", "None", False),
        ),
        (
            {
                "resourceType": "MedicationAdministration",
                "status": "completed",
                "effectiveDateTime": "2026-01-05T23:30:00-08:00",
            },
            ("2026-01-05", "2026-01-05", False),
        ),
        (
            {
                "resourceType": "MedicationAdministration",
                "status": "in-progress",
                "effectivePeriod": span("2026-01-05"),
            },
            ("2026-01-05", "None", True),
        ),
        (
            {"resourceType": "MedicationRequest", "authoredOn": "2026-01-05T08:00:00Z"},
            ("2026-01-05", "None", True),
        ),
        (
            {
                "resourceType": "MedicationRequest",
                "authoredOn": "2026-01-05",
                "dosageInstruction": [
                    {"timing": {"repeat": {"boundsPeriod": span("2026-01-09", "2026-01-20")}}}
                ],
            },
            ("2026-01-09", "2026-01-20", None),
        ),
        (
            {
                "resourceType": "MedicationDispense",
                "status": "completed",
                "whenHandedOver": "2026-01-05",
            },
            ("2026-01-05", "None", None),
        ),
    ],
)
def test_each_kind_says_what_its_status_means(read, patient, taken, elements, says):
    """Going on, ended or not known: a dispensed medicine may or may not have been taken."""
    [fact] = read(patient, taken("letrozole", **elements)).casebook.treatments

    assert told(fact) == says


@pytest.mark.parametrize(("kind", "elements", "reason"), NEVER)
def test_what_was_never_given_never_counts(read, patient, taken, kind, elements, reason):
    """It is counted by its reason."""
    found = read(patient, taken("letrozole", resourceType=kind, **elements))

    assert found.casebook.treatments == ()
    assert found.ignored == {f"{kind}: {reason}": 1}


@pytest.mark.parametrize(
    "elements",
    [
        {"status": "unknown"},
        {"status": "swallowed"},
        {"status": None},
        {"effectivePeriod": span("2026-01-05", "2025-01-05")},
        {"effectivePeriod": span("05/01/2026")},
        {"statusReason": 7},
        {"extension": {"url": "x"}},
        {"dosage": "daily"},
    ],
)
def test_what_cannot_be_read_leaves_its_medicine_open(read, patient, taken, elements):
    """Silence about the medicine is then no absence."""
    found = read(patient, taken("letrozole", **elements))

    assert found.casebook.treatments == ()
    assert found.casebook.unsettled == {"letrozole"}
    assert "swallowed" not in str(found.questions)


def test_an_order_that_ended_was_not_on_record_as_ended_when_it_was_signed(read, patient, taken):
    """The last change of the record bounds the last dose, the signature does not."""
    order = taken(
        "letrozole",
        resourceType="MedicationRequest",
        status="completed",
        authoredOn="2026-01-05",
        meta={"lastUpdated": "2026-02-20T10:00:00Z"},
    )
    [fact] = read(patient, order).casebook.treatments

    assert (told(fact), str(fact.recorded)) == (("2026-01-05", "None", False), "2026-02-20")


@pytest.mark.parametrize(
    ("concept", "medicine"),
    [
        (coding(RXNORM, "72965"), "letrozole"),
        (coding("urn:oid:2.16.840.1.113883.6.88", "72965", text="Femara"), "letrozole"),
        (coding("urn:sponsor", "GDC-0068"), "ipatasertib"),
        ({"text": "rg7440"}, "ipatasertib"),
        ({"text": "IPATASERTIB 200 mg tablet"}, "ipatasertib"),
        ({"coding": [{"system": RXNORM, "code": "1", "display": "letrozole 2.5 MG"}]}, "letrozole"),
        ({"text": "10 ML trastuzumab 21 MG/ML Injection"}, "trastuzumab"),
        ({"text": "Trastuzumab-deruxtecan"}, "trastuzumab-deruxtecan"),
        (coding(RXNORM, "28031"), "itraconazole"),
    ],
)
def test_a_medicine_is_known_by_code_else_by_name(read, patient, taken, concept, medicine):
    """Of two names of which one begins the other, the longer counts."""
    found = read(patient, taken("", medicationCodeableConcept=concept))

    assert [fact.medicine for fact in found.casebook.treatments] == [medicine]


@pytest.mark.parametrize(
    ("concept", "unsettled"),
    [
        ({"text": "hyaluronidase / trastuzumab 120 MG/ML"}, {"trastuzumab"}),
        ({"text": "ipatasertib or placebo"}, {"ipatasertib"}),
        ({"text": "tablets of metformin"}, {"metformin"}),
        (coding(RXNORM, "28031", text="Sporanox"), {"itraconazole"}),
        (coding(RXNORM, "72965", text="metformin"), {"letrozole", "metformin"}),
    ],
)
def test_a_product_that_may_hold_a_medicine_is_a_question(read, patient, taken, concept, unsettled):
    """Neither taken nor not: combinations, blinded agents, codes beside another name."""
    found = read(patient, taken("", medicationCodeableConcept=concept))

    assert found.casebook.treatments == ()
    assert found.casebook.unsettled == unsettled


@pytest.mark.parametrize("words", ["aspirin", "letrozolex", "letro zole"])
def test_other_medicines_are_left_aside(read, patient, taken, words):
    """A name counts by whole words."""
    found = read(patient, taken(words))

    assert found.ignored == {"MedicationStatement: not in the vocabulary": 1}
    assert found.casebook.unsettled == frozenset()


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize(
    "described",
    [
        {"code": coding(RXNORM, "72965")},
        {"ingredient": [{"itemCodeableConcept": coding(RXNORM, "72965")}]},
    ],
)
def test_a_medicine_may_be_described_by_another_resource(
    read, patient, taken, described, is_before
):
    """The Medication may stand before or after; its ingredients count."""
    medication = {"resourceType": "Medication", "id": "x", **described}
    statement = taken(
        "", medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"}
    )
    pair = (medication, statement) if is_before else (statement, medication)
    found = read(patient, *pair)

    assert [str(fact.source) for fact in found.casebook.treatments] == [
        "fhir MedicationStatement/m1"
    ]


def test_a_medicine_may_be_contained(read, patient, taken):
    """A reference with a number sign points inside."""
    statement = taken(
        "",
        medicationCodeableConcept=None,
        medicationReference={"reference": "#a"},
        contained=[{"resourceType": "Medication", "id": "a", "code": coding(RXNORM, "72965")}],
    )

    assert read(patient, statement).read["letrozole"] == 1


@pytest.mark.parametrize(
    "elements",
    [
        {"medicationReference": {"reference": "Medication/elsewhere"}},
        {"medicationReference": {"reference": "#nothing"}},
        {"medicationReference": "Medication/x"},
        {},
    ],
)
def test_a_medicine_that_nobody_names_may_be_any(read, patient, taken, medicines, elements):
    """Then no medicine of the protocol is known not to be taken."""
    found = read(patient, taken("", medicationCodeableConcept=None, **elements))

    assert found.casebook.unsettled == set(medicines)
    assert found.questioned == 1


@pytest.mark.parametrize(
    ("words", "dosage", "is_local"),
    [
        ("ketoconazole", [{"route": coding(SNOMED, "6064005")}], True),
        ("ketoconazole", [{"route": {"text": "Ophthalmic"}}], True),
        ("ketoconazole 2 % Medicated Shampoo", None, True),
        ("ketoconazole", [{"text": "apply topically"}], True),
        ("ketoconazole", [{"route": coding(SNOMED, "26643006")}], False),
        ("ketoconazole cream", [{"route": coding(SNOMED, "26643006")}], False),
        ("ketoconazole", [{"route": {"text": "topical"}}, {"route": {"text": "oral"}}], False),
        ("ketoconazole 200 MG Oral Tablet", None, False),
    ],
)
def test_what_is_applied_locally_is_told(read, patient, taken, words, dosage, is_local):
    """Each route must be local; words count where no route is recorded."""
    [fact] = read(patient, taken(words, dosage=dosage)).casebook.treatments

    assert fact.is_local is is_local


def test_a_combination_applied_locally_is_no_question(read, patient, taken):
    """Eye drops that hold a medicine of the protocol leave nothing open."""
    found = read(patient, taken("neomycin / ketoconazole Ophthalmic Suspension"))

    assert found.ignored == {"MedicationStatement: applied locally": 1}


@pytest.mark.parametrize(
    ("later", "changed"),
    [
        ({"dosage": [{"text": "1000 mg twice daily"}]}, "2026-02-22"),
        ({"dosage": [{"text": "500  MG twice daily"}]}, "2025-01-10"),
        ({}, "None"),
    ],
)
def test_a_change_of_dose_shows_in_two_records(read, patient, taken, later, changed):
    """A renewal of the same dose is no change; a dose that is not recorded tells nothing."""
    before = taken(
        "metformin",
        status="completed",
        effectivePeriod=span("2025-01-10", "2026-02-21"),
        dosage=[{"text": "500 mg twice daily"}],
    )
    after = taken("metformin", id="m2", effectivePeriod=span("2026-02-22"), **later)
    first, second = read(patient, before, after).casebook.treatments

    assert (first.changed, str(second.changed)) == (None, changed)


@pytest.mark.parametrize(
    ("code", "words", "reason"),
    [
        ("266721009", "Disease progression", "progression"),
        ("266721009", "", None),
        ("266721009", "No response, no progression", None),
        ("407563006", "Toxicity", "toxicity"),
        ("105480006", "", "refused"),
        ("182992009", "Planned treatment completed", "completed"),
        ("309846006", "", "other"),
        ("", "see letter", None),
    ],
)
@pytest.mark.parametrize("is_list", [True, False])
def test_the_reason_for_stopping_is_read(read, patient, taken, code, words, reason, is_list):
    """Statements give a list of reasons, orders one; no response alone is no progression."""
    stated = {"coding": [{"system": SNOMED, "code": code}]} if code else {}
    stated |= {"text": words} if words else {}
    found = read(
        patient, taken("letrozole", status="stopped", statusReason=[stated] if is_list else stated)
    )

    assert [fact.stopped_for for fact in found.casebook.treatments] == [reason]


@pytest.mark.parametrize(
    ("code", "intent"),
    [
        ("363676003", "metastatic"),
        ("373846009", "adjuvant"),
        ("373847000", "neoadjuvant"),
        ("373808002", None),
    ],
)
@pytest.mark.parametrize("name", ["mcode-procedure-intent", "mcode-treatment-intent"])
def test_the_setting_is_read(read, patient, taken, code, intent, name):
    """A curative intent says nothing of the setting."""
    url = f"http://hl7.org/fhir/us/mcode/StructureDefinition/{name}"
    extension = [{"url": url, "valueCodeableConcept": coding(SNOMED, code)}]
    [fact] = read(patient, taken("letrozole", extension=extension)).casebook.treatments

    assert fact.intent == intent


@pytest.mark.parametrize(
    ("elements", "says"),
    [
        (
            {"status": "completed", "performedPeriod": span("2026-01-05", "2026-02-13")},
            ("2026-01-05", "2026-02-13", False),
        ),
        (
            {"status": "completed", "performedDateTime": "2026-02-13"},
            ("2026-02-13", "2026-02-13", False),
        ),
        (
            {"status": "in-progress", "performedPeriod": span("2026-02-13")},
            ("2026-02-13", "None", True),
        ),
        ({"status": "stopped"}, ("None", "None", False)),
    ],
)
def test_radiotherapy_is_a_treatment(read, patient, diagnosed, elements, says):
    """The end of the period is its last day."""
    done = diagnosed("1217123003", resourceType="Procedure", onsetDateTime=None, **elements)
    [fact] = read(patient, done).casebook.treatments

    assert (fact.medicine, told(fact)) == ("radiotherapy", says)


@pytest.mark.parametrize(
    ("words", "is_read"), [("Radiation therapy", True), ("Radiotherapy planning", False)]
)
def test_a_procedure_is_known_by_its_whole_name(read, patient, diagnosed, words, is_read):
    """Planning of a treatment begins with its name, and is none."""
    done = diagnosed("1", resourceType="Procedure", status="completed", code={"text": words})

    assert bool(read(patient, done).casebook.treatments) is is_read


@pytest.mark.parametrize("status", ["unknown", None])
def test_a_treatment_of_unknown_status_is_a_question(read, patient, diagnosed, status):
    """Whether it was given is not guessed."""
    done = diagnosed("108290001", resourceType="Procedure", status=status)
    found = read(patient, done)

    assert found.casebook.treatments == ()
    assert found.casebook.unsettled == {"radiotherapy"}


def test_treatment_after_death_is_a_question(read, patient, taken):
    """A day outside of life is a mistake somewhere."""
    dead = patient | {"deceasedDateTime": "2026-01-01"}
    found = read(dead, taken("letrozole", effectiveDateTime="2026-02-01"))

    assert (found.casebook.treatments, found.open_terms) == ((), {"letrozole"})


def test_the_treatment_of_another_patient_is_left_aside(read, patient, taken):
    """It never counts, and leaves nothing open."""
    other = patient | {"id": "22222222-2222-4222-8222-222222222222"}
    hers = taken("letrozole", status="unknown", subject={"reference": f"Patient/{other['id']}"})
    found = read(patient, other, hers, patient=f"Patient/{patient['id']}")

    assert found.casebook.unsettled == frozenset()
    assert found.ignored["MedicationStatement: another patient's"] == 1


MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-cancer-related-medication-request"
LOCAL = {"coding": [{"system": "urn:local", "code": "XYZ-1"}], "text": "Study drug XYZ-1"}
KNOWN = {"coding": [{"system": RXNORM, "code": "993449"}], "text": "denosumab"}


@pytest.mark.parametrize(
    ("elements", "is_asked"),
    [
        ({"medicationCodeableConcept": {"text": "Study drug XYZ-1"}}, True),
        ({"medicationCodeableConcept": LOCAL}, True),
        ({"medicationCodeableConcept": {"text": "Study drug XYZ-1"}, "meta": None}, True),
        ({"medicationCodeableConcept": {"text": "XYZ-1"}, "meta": None}, False),
        ({"medicationCodeableConcept": {"text": "XYZ-1"}}, True),
        ({"medicationCodeableConcept": KNOWN}, False),
        ({"medicationCodeableConcept": {"text": "Study drug XYZ-1"}, "status": "not-taken"}, False),
    ],
)
def test_an_anticancer_medicine_of_an_unknown_name_may_be_any(
    read, patient, medicines, elements, is_asked
):
    """Where the record says that it is one, silence about the protocol's is no absence."""
    resource = {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "meta": {"profile": [MCODE]},
        "subject": {"reference": f"Patient/{patient['id']}"},
    } | elements
    found = read(patient, {name: value for name, value in resource.items() if value})

    assert found.open_terms == (set(medicines) if is_asked else set())
    assert found.casebook.treatments == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IBRANCE 125 MG", ["palbociclib"]),
        ("Truqap 200 mg tablet", ["capivasertib"]),
        ("Kisqali Femara Co-Pack", ["ribociclib", "letrozole"]),
        ("Stribild", ["cobicistat", "elvitegravir", "emtricitabine", "tenofovir-disoproxil"]),
        ("Ibranceutic", []),
    ],
)
def test_a_brand_is_its_medicines(shipped_formulary, text, expected):
    """Orders are written under brands; a product of several is each of them."""
    found = shipped_formulary.medicines_of([Element({"text": text}, "here")])

    assert sorted(found.medicines) == sorted(expected)
