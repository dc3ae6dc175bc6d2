"""FHIR records of treatment, written from the protocol's page before the reader was looked at."""

import pytest
from tests.eligibility.casebooks import said
from tests.eligibility.fhir_records import COMPLETE, HER, coded, drug, ill, judge_of, lab

COMPLETED = {"answers": (COMPLETE,)}


@pytest.fixture(scope="module")
def judged(shipped):
    """Give the word of a criterion for a record."""
    return judge_of(shipped)


def done(code, on, status="completed", text=""):
    """Give a procedure."""
    return {"resourceType": "Procedure", "status": status, "subject": HER,
            "code": coded(f"snomed {code}", text=text), "performedDateTime": on}  # fmt: skip


def named(text, since, until=None, status="stopped", code=""):
    """Give a medicine by its words, beside a code or without one."""
    concept = coded(*([f"rxnorm {code}"] if code else []), text=text)
    return drug("", since, until, status, medicationCodeableConcept=concept)


@pytest.mark.parametrize(
    "code",
    ["367336001", "394894008", "703423002", "169413002", "76334006",
     "1287742003", "447759004", "113120007"],
)  # fmt: skip
def test_a_procedure_that_is_cancer_therapy_counts_though_it_names_no_agent(judged, code):
    """Chemotherapy, endocrine, immune and radiotherapy: each within two weeks, and only if done."""
    assert judged("E02", done(code, "2026-02-24"), **COMPLETED) == "present"
    assert judged("E02", done(code, "2026-02-18"), **COMPLETED) != "present"
    assert judged("E02", done(code, "2026-02-24", "not-done"), **COMPLETED) != "present"


def test_a_procedure_of_words_alone_counts_by_its_whole_text(judged):
    """Planning of a treatment is none."""
    for text, word in (("Chemotherapy infusion", "present"), ("Chemotherapy planning", "unknown")):
        procedure = done("0", "2026-02-24") | {"code": {"text": text}}
        assert judged("E02", procedure, **COMPLETED) == word


@pytest.mark.parametrize(
    "text",
    ["tucatinib", "enzalutamide", "apalutamide", "irinotecan", "oxaliplatin", "nivolumab",
     "niraparib", "camizestrant", "imatinib", "datopotamab deruxtecan"],
)  # fmt: skip
def test_every_cancer_medicine_counts_within_two_weeks_also_one_that_inhibits_cyp3a(judged, text):
    """13 days before registration are within two weeks, 15 are not."""
    assert judged("E02", named(text, "2026-01-02", "2026-02-22"), **COMPLETED) == "present"
    assert judged("E02", named(text, "2026-01-02", "2026-02-18"), **COMPLETED) != "present"


def test_a_tablet_against_diabetes_of_any_class_must_be_stable(judged):
    """14 days before the first dose are enough, 11 are not."""
    diabetes = ill("icd E11.9")
    for text in ("canagliflozin 100 mg tablet", "saxagliptin", "Rybelsus 3 mg", "repaglinide"):
        for since, word in (("2026-02-26", "present"), ("2026-02-23", "absent")):
            tablet = named(text, since, status="active")
            assert judged("E10", diabetes, tablet, **COMPLETED) == word


def test_insulin_of_any_kind_is_insulin(judged):
    """By its name alone."""
    for text in ("insulin glulisine", "NPH insulin", "insulin isophane human"):
        insulin = named(text, "2020-01-01", status="active")
        assert judged("E10", ill("icd E11.9"), insulin, **COMPLETED) == "present"


def test_a_product_of_several_is_each_of_its_ingredients_under_a_code_of_rxnorm(judged):
    """RxNorm names ingredients with a slash between them; a text alone may mean a choice."""
    hiv = ill("icd B20", since="2010-01-01")
    several = "bictegravir 50 MG / emtricitabine 200 MG / tenofovir alafenamide 25 MG Oral Tablet"
    for code, word in (("9999901", "present"), ("", "unknown")):
        tablet = named(several, "2020-01-01", status="active", code=code)
        assert judged("E09", hiv, tablet, **COMPLETED) == word
    boosted = named("nirmatrelvir 150 MG / ritonavir 100 MG", "2026-02-25", "2026-03-01",
                    code="9999902")  # fmt: skip
    assert judged("E04", boosted, **COMPLETED) == "present"
    blinded = named("ritonavir / placebo", "2026-02-25", "2026-03-01", code="9999902")
    assert judged("E04", blinded, **COMPLETED) == "unknown"
    cream = named("ketoconazole / zinc topical cream", "2026-02-25", code="9999903")
    assert judged("E04", cream, **COMPLETED) == "absent"


def test_a_statement_may_be_dated_by_the_timing_of_its_dosage_alone(judged):
    """Its last time is its end once it is over."""
    for times, word in (
        ({"event": ["2026-01-10", "2026-02-25"]}, "present"),
        ({"event": ["2026-01-10", "2026-02-10"]}, "absent"),
        ({"repeat": {"boundsPeriod": {"start": "2026-01-10", "end": "2026-02-25"}}}, "present"),
        ({"repeat": {"boundsPeriod": {"start": "2026-01-10", "end": "2026-02-10"}}}, "absent"),
        ({"event": ["2026-01-10", "2026-02"]}, "unknown"),
    ):
        given = named("fulvestrant", "", status="completed") | {"dosage": [{"timing": times}]}
        answers = (COMPLETE, said("unrecovered-toxicity", "no"))
        full = {"answers": answers, "born": "1956-01-01"}
        counts = (lab("751-8", 3, "10*3/uL"), lab("718-7", 12, "g/dL"))
        assert judged("E02", given, *counts, **full) == word


RECOVERED = {"answers": (COMPLETE, said("unrecovered-toxicity", "no"))}
"""Of E02, whether there was a recent treatment is left alone."""


@pytest.mark.parametrize("text", ["Hormone therapy", "Hormonal therapy, oral"])
def test_hormones_may_be_against_the_menopause_or_against_the_cancer(judged, text):
    """By those words alone nobody is kept out, and nothing is silence; what they are, is asked."""
    procedure = done("0", "2026-02-24") | {"code": {"text": text}}

    assert judged("E02", **RECOVERED) == "absent"
    assert judged("E02", procedure, **RECOVERED) == "unknown"
    for words in (text, f"{text} 2 mg"):
        medicine = named(words, "2026-01-02", "2026-02-22")
        assert judged("E02", medicine, **RECOVERED) == "unknown"


@pytest.mark.parametrize(
    ("text", "word"),
    [("Adjuvant hormone therapy", "present"), ("Antihormonal therapy", "present"),
     ("Endocrine therapy", "present"), ("Palliative endocrine therapy", "present"),
     ("Hormone replacement therapy", "absent"), ("Menopausal hormone therapy", "unknown")],
)  # fmt: skip
def test_words_that_say_which_hormones_are_taken_at_their_word(judged, text, word):
    """What is given around an operation, or against hormones, is cancer therapy."""
    procedure = done("0", "2026-02-24") | {"code": {"text": text}}

    assert judged("E02", procedure, **RECOVERED) == word


def supplied(resource, on, **more):
    """Give a supply of metformin that was ordered or handed out on a day."""
    dated = {"MedicationRequest": "authoredOn", "MedicationDispense": "whenHandedOver"}
    status = "completed" if resource == "MedicationDispense" else "active"
    return {"resourceType": resource, "subject": HER, "status": status, "intent": "order",
            "medicationCodeableConcept": coded("rxnorm 6809"), dated[resource]: on,
            **more}  # fmt: skip


TWICE = {"dosageInstruction": [{"text": "500 mg twice a day"}]}
ONCE = {"dosageInstruction": [{"text": "500 mg once a day"}]}


@pytest.mark.parametrize(
    ("records", "word"),
    [
        # ordered again: whether at the same dose, only what both say tells
        ([supplied("MedicationRequest", "2026-03-02")], "present"),
        ([supplied("MedicationRequest", "2025-12-02", status="completed"),
          supplied("MedicationRequest", "2026-03-02")], "unknown"),
        ([supplied("MedicationRequest", "2025-12-02"),
          supplied("MedicationRequest", "2026-03-02")], "unknown"),
        ([supplied("MedicationRequest", "2025-12-02", **TWICE),
          supplied("MedicationRequest", "2026-03-02", **TWICE)], "absent"),
        ([supplied("MedicationRequest", "2025-12-02", **ONCE),
          supplied("MedicationRequest", "2026-03-02", **TWICE)], "present"),
        ([supplied("MedicationRequest", "2025-12-02", status="completed", **TWICE),
          supplied("MedicationRequest", "2026-03-02", **TWICE)], "unknown"),
        # a statement of what is taken, beside what was handed out
        ([drug("6809", "2020-01-01", status="active"),
          supplied("MedicationDispense", "2026-03-02")], "unknown"),
        ([drug("6809", "2020-01-01", status="active"),
          drug("6809", "2026-03-02", status="active")], "unknown"),
        ([drug("6809", "2020-01-01", "2025-12-01"),
          drug("6809", "2026-03-02", status="active")], "present"),
    ],
)  # fmt: skip
def test_a_prescription_that_is_renewed_is_asked_about(judged, records, word):
    """Nobody is kept out by a second order, and nobody let in whose dose is not known."""
    for given in (records, records[::-1]):
        assert judged("E10", ill("icd E11.9"), *given, **COMPLETED) == word


def test_who_answers_that_the_dose_is_stable_decides_what_the_record_leaves_open(judged):
    """The question of the protocol, asked of the investigator."""
    orders = [supplied("MedicationRequest", day) for day in ("2025-12-02", "2026-03-02")]
    for answer, word in (("no", "absent"), ("yes", "present")):
        answers = (COMPLETE, said("diabetes-oral-unstable", answer))
        assert judged("E10", ill("icd E11.9"), *orders, answers=answers) == word
