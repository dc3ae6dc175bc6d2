"""What the page names by word, under the codes and words in which records hold it."""

import pytest
from tests.eligibility.casebooks import said
from tests.eligibility.fhir_records import (
    ANC,
    BILI,
    COMPLETE,
    GLARGINE,
    GOSERELIN,
    HER,
    QTCF,
    amount,
    coded,
    drug,
    given,
    ill,
    judge_of,
    lab,
)

WELL = tuple(said(question, "no") for question in (
    "unrecovered-toxicity", "uncontrolled-illness", "gi-impairment", "cardiac-history", "qt-risk"
))  # fmt: skip
COMPLETED = {"answers": (COMPLETE, *WELL), "born": "1961-04-12"}
FINE = (
    lab("8480-6", 120, "mm[Hg]"), lab("8867-4", 70, "/min"), lab("2823-3", 4, "mmol/L"),
    lab("19123-9", 2, "mg/dL"), lab("10230-1", 60, "%"), lab(ANC, 3, "10*3/uL"),
    lab("718-7", 12, "g/dL"),
    *(lab(QTCF, 420, "ms", on=f"2026-03-02T09:1{n}:00-05:00") for n in range(3)),
)  # fmt: skip
"""Results of somebody whose heart and blood are well."""

PLACES = {
    "cerebellum": ("113305005", "unknown"),
    "spinal cord": ("2748008", "unknown"),
    "meninges": ("1231004", "unknown"),
    "frontal lobe": ("83251001", "unknown"),
    "liver": ("10200004", "absent"),
}
PALBOCICLIB, DULAGLUTIDE = "1601374", "1551291"


@pytest.fixture(scope="module")
def judged(shipped):
    """Give the word of a criterion for a record."""
    return judge_of(shipped)


def done(code, on, text="", status="completed"):
    """Give a procedure by its code of SNOMED CT, its words or both."""
    concept = coded(*([f"snomed {code}"] if code else []), text=text)
    return {"resourceType": "Procedure", "status": status, "subject": HER, "code": concept,
            "performedDateTime": on}  # fmt: skip


@pytest.mark.parametrize("code", ["94246001", "94600009", "94601008", "722671009", "1155991005"])
def test_metastases_of_meninges_and_spinal_cord_are_of_the_nervous_system(judged, code):
    """Nobody has said whether they are stable."""
    assert judged("E01", ill(f"snomed {code}"), **COMPLETED) == "unknown"


@pytest.mark.parametrize("place", PLACES)
def test_a_metastasis_of_unsaid_site_is_of_its_body_site(judged, place):
    """Every part of the central nervous system is one."""
    code, word = PLACES[place]
    spread = ill("snomed 128462008", bodySite=[coded(f"snomed {code}")])

    assert judged("E01", spread, **COMPLETED) == word


@pytest.mark.parametrize(
    "code",
    ["snomed 84114007", "snomed 48447003", "snomed 418304008", "icd I11.0", "icd I13.0",
     "snomed 85898001", "icd I25.5", "snomed 442917000", "snomed 31722008"],
)  # fmt: skip
def test_a_history_of_heart_disease_excludes_under_any_of_its_codes(judged, code):
    """Failure, cardiomyopathy and long QT syndrome: however long ago."""
    assert judged("E06", *FINE, **COMPLETED) == "absent"
    assert judged("E06", *FINE, ill(code, since="2015-01-01"), **COMPLETED) == "present"


@pytest.mark.parametrize(
    "code",
    ["icd I22.2", "icd I25.110", "icd I30.9", "snomed 401314000",
     "snomed 401303003", "snomed 57054005", "snomed 233819005"],
)  # fmt: skip
def test_a_coronary_event_or_pericarditis_of_six_months_excludes(judged, code):
    """Two months ago it does, eight months ago and over it does not."""
    for since, until, word in (
        ("2026-01-05", "2026-01-20", "present"),
        ("2025-07-01", "2025-07-20", "absent"),
    ):
        event = ill(code, since=since, clinical="resolved", abatementDateTime=until)

        assert judged("E06", *FINE, event, **COMPLETED) == word


@pytest.mark.parametrize("code", ["67166004", "232721002", "10190003"])
def test_bypass_grafting_excludes_under_any_of_its_codes(judged, code):
    """Within six months alone."""
    for on, word in (("2025-12-05", "present"), ("2024-12-05", "absent")):
        assert judged("E06", *FINE, done(code, on), **COMPLETED) == word


@pytest.mark.parametrize(
    "code", ["icd K25.9", "icd K26.9", "snomed 13200003", "snomed 51868009", "snomed 32230006"]
)
def test_ulcers_and_malabsorption_alter_absorption_until_they_are_over(judged, code):
    """The page names both."""
    assert judged("E05", ill(code), **COMPLETED) == "present"
    healed = ill(code, since="2015-01-01", clinical="resolved", abatementDateTime="2015-06-01")
    assert judged("E05", healed, **COMPLETED) == "absent"


def test_a_resection_of_small_bowel_alters_absorption_however_long_ago(judged):
    """An operation on the appendix does not, and one that was not done neither."""
    assert judged("E05", done("54357003", "2012-01-01"), **COMPLETED) == "present"
    assert judged("E05", done("54357003", "2012-01-01", status="not-done"), **COMPLETED) == "absent"
    assert judged("E05", done("80146002", "2012-01-01"), **COMPLETED) == "absent"


@pytest.mark.parametrize(
    "code", ["icd J18.9", "icd A41.9", "icd N39.0", "icd U07.1", "snomed 233604007"]
)
def test_an_infection_that_goes_on_is_active(judged, code):
    """One that is over is none, whatever the investigator says of other illness."""
    assert judged("E05", ill(code, since="2026-02-28"), **COMPLETED) == "present"
    over = ill(code, since="2025-10-28", clinical="resolved", abatementDateTime="2025-11-20")
    assert judged("E05", over, **COMPLETED) == "absent"


def test_an_old_infection_of_which_no_end_is_recorded_decides_nothing(judged):
    """Few records of a cystitis are ever closed: the investigator says what goes on."""
    old = ill("icd N39.0", since="2019-03-01")

    assert judged("E05", old, **COMPLETED) == "absent"
    ill_now = (COMPLETE, *WELL, said("uncontrolled-illness", "yes"))
    assert judged("E05", old, answers=ill_now, born="1961-04-12") == "present"


@pytest.mark.parametrize("name", ["sotalol", "amiodarone 200 mg tablet", "haloperidol"])
def test_a_medicine_that_lengthens_qt_is_asked_about_while_it_goes_on(judged, name):
    """The investigator says whether it is a known risk; one that has ended asks nothing."""
    taken = drug("", "2025-01-01", status="active", medicationCodeableConcept={"text": name})
    ended = drug("", "2025-01-01", "2025-06-01", "stopped",
                 medicationCodeableConcept={"text": name})  # fmt: skip

    assert judged("E06", *FINE, taken, **COMPLETED) == "unknown"
    assert judged("E06", *FINE, ended, **COMPLETED) == "absent"
    for answer, word in (("yes", "present"), ("no", "absent")):
        answers = (COMPLETE, *WELL, said("qt-medicine-risk", answer))

        assert judged("E06", *FINE, taken, answers=answers, born="1961-04-12") == word


def test_insulin_without_a_diagnosis_is_a_question(judged):
    """Nobody takes it without a reason; another injection tells nothing of insulin."""
    insulin = drug(GLARGINE, "2020-01-01", status="active")
    named = coded(f"rxnorm {DULAGLUTIDE}", text="dulaglutide")
    other = drug(since="2020-01-01", status="active", medicationCodeableConcept=named)

    assert judged("E10", insulin, **COMPLETED) == "unknown"
    assert judged("E10", insulin, ill("snomed 73211009"), **COMPLETED) == "present"
    assert judged("E10", insulin, ill("icd E11.9", verified="refuted"), **COMPLETED) == "unknown"
    assert judged("E10", other, ill("snomed 73211009"), **COMPLETED) == "absent"
    assert judged("E10", **COMPLETED) == "absent"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Palliative radiotherapy, left femur", "present"),
        ("Whole brain radiotherapy", "present"),
        ("SBRT to L3", "present"),
        ("Gamma knife radiosurgery", "present"),
        ("Adjuvant chemotherapy", "present"),
        ("Awaiting radiotherapy", "unknown"),
        ("Status post chemotherapy", "unknown"),
        ("Dental assessment before radiotherapy", "unknown"),
        ("Radiotherapy planning", "absent"),
        ("Consultation for radiotherapy", "absent"),
        ("Port placement for chemotherapy", "absent"),
        ("Radiotherapy declined", "absent"),
        ("Declined radiotherapy", "absent"),
    ],
)
def test_a_procedure_of_words_alone_is_what_was_done(judged, text, word):
    """Where its words end in the treatment, before its place and purpose."""
    assert judged("E02", *FINE, done("", "2026-02-25", text), **COMPLETED) == word


@pytest.mark.parametrize("code", ["1156506007", "448385000", "152198000", "1156530009"])
def test_radiotherapy_is_known_by_its_modality_and_technique(judged, code):
    """The codes that mCODE lists beside a course."""
    for on, word in (("2026-02-25", "present"), ("2026-02-10", "absent")):
        assert judged("E02", *FINE, done(code, on), **COMPLETED) == word


def test_a_number_that_has_lost_its_thousand_is_a_question(judged):
    """No counter reports 3.2 cells, but none at all; nor is any bilirubin 0.6 umol/L."""
    for criterion, result, word in (
        ("I10", lab(ANC, 3.2, "/uL"), "unknown"),
        ("I10", lab(ANC, 0, "10*3/uL"), "not met"),
        ("I10", lab(ANC, 0.01, "10*3/uL"), "not met"),
        ("I13", lab(BILI, 0.6, "umol/L"), "unknown"),
        ("I13", lab(BILI, 1, "umol/L"), "met"),
        ("E06", lab("2823-3", 4.2, "mg/dL"), "unknown"),
        ("E06", lab("2823-3", 2.9, "mmol/L"), "present"),
    ):
        assert judged(criterion, result) == word


def test_estradiol_in_moles_is_estradiol(judged):
    """LOINC 14715-7, with the laboratory's own range."""
    own = [{"high": amount(110, "pmol/L"), "appliesTo": [coded("snomed 307429007")]}]
    agonist = drug(GOSERELIN, "2024-01-01", status="active")
    for value, word in ((25, "met"), (300, "unknown")):
        estradiol = lab("14715-7", value, "pmol/L", referenceRange=own)

        assert judged("I02", ill("icd C79.51"), agonist, estradiol, born="1978-02-20") == word


def test_a_reason_that_nobody_knows_may_be_an_adverse_event(judged):
    """A code of none of mCODE's reasons decides nothing; one of them decides."""
    for code, word in (
        ("62014003", "present"),
        ("407563006", "present"),
        ("160932005", "absent"),
        ("419620001", "absent"),
        ("38341003", "unknown"),
    ):
        course = given(PALBOCICLIB, "2024-02-05", "2025-12-12", code)

        assert judged("E13", course, arm=2, **COMPLETED) == word


def test_insulin_of_the_past_is_a_history_that_a_person_reads(judged):
    """The page speaks of a history that requires insulin; what goes on decides without anybody."""
    diabetes = ill("icd E11.9", since="2012-06-21")
    for course, word in (
        (drug(GLARGINE, "2020-01-01", "2023-01-01", "stopped"), "unknown"),
        (drug(GLARGINE, "2020-01-01"), "unknown"),
        (drug(GLARGINE, "2020-01-01", status="active"), "present"),
        (drug(GLARGINE, "2020-01-01", status="not-taken"), "absent"),
    ):
        assert judged("E10", diabetes, course, **COMPLETED) == word
    for answer, word in (("yes", "present"), ("no", "absent")):
        answers = (COMPLETE, *WELL, said("diabetes-insulin", answer))
        past = drug(GLARGINE, "2020-01-01", "2023-01-01", "stopped")

        assert judged("E10", diabetes, past, answers=answers) == word


def test_a_product_of_its_class_alone_is_an_inhibitor_of_akt(judged):
    """A blinded one may be; its code of RxNorm is one as well."""
    for text, word in (
        ("AKT inhibitor (investigational)", "present"),
        ("ipatasertib or placebo", "unknown"),
        ("CDK4/6 inhibitor", "absent"),
    ):
        product = drug("", "2022-01-01", "2022-06-01", medicationCodeableConcept={"text": text})

        assert judged("E03", product, **COMPLETED) == word


@pytest.mark.parametrize(
    ("code", "criterion", "word"),
    [
        ("1306284", "E04", "present"),
        ("1307619", "E04", "unknown"),
        ("460132", "E04", "present"),
        ("282388", "E02", "present"),
        ("1792776", "E02", "present"),
        ("9947", "E06", "unknown"),
    ],
)
def test_a_medicine_is_known_by_its_code_alone(judged, code, criterion, word):
    """Cobicistat is 1306284; another code alone may be that of any product."""
    taken = drug(code, "2026-02-01", status="active")

    assert judged(criterion, *FINE, taken, **COMPLETED) == word


def test_another_medicine_is_known_by_its_name(judged):
    """1307619 is bosutinib, which was once taken for cobicistat."""
    bosutinib = coded("rxnorm 1307619", text="bosutinib 500 MG Oral Tablet")
    taken = drug(since="2026-02-01", status="active", medicationCodeableConcept=bosutinib)

    assert judged("E04", *FINE, taken, **COMPLETED) == "absent"


def test_angina_that_goes_on_is_asked_about(judged):
    """It began years ago, and nobody recorded when it occurred last; an ended one is dated."""
    ongoing = ill("icd I20.9", since="2019-01-01")
    over = ill("icd I20.9", since="2018-01-01", clinical="resolved", abatementDateTime="2019-01-01")

    assert judged("E06", *FINE, ongoing, **COMPLETED) == "unknown"
    assert judged("E06", *FINE, ill("icd I20.9", since="2026-01-01"), **COMPLETED) == "present"
    assert judged("E06", *FINE, over, **COMPLETED) == "absent"
    for answer, word in (("yes", "present"), ("no", "absent")):
        answers = (COMPLETE, *WELL, said("recent-angina", answer))

        assert judged("E06", *FINE, ongoing, answers=answers, born="1961-04-12") == word


def test_angina_that_ended_on_a_day_nobody_recorded_is_asked_about(judged):
    """It may have ended last month; the day on which that was put on record is a limit."""
    over = ill("icd I20.9", since="2019-01-01", clinical="resolved")
    long_ago = over | {"meta": {"lastUpdated": "2021-05-01T09:00:00Z"}}
    lately = over | {"meta": {"lastUpdated": "2026-02-01T09:00:00Z"}}
    infarction = ill("icd I21.9", since="2019-01-01", clinical="resolved")

    assert judged("E06", *FINE, long_ago, **COMPLETED) == "absent"
    assert judged("E06", *FINE, infarction, **COMPLETED) == "absent"
    for record in (over, lately):
        assert judged("E06", *FINE, record, **COMPLETED) == "unknown"
        for answer, word in (("yes", "present"), ("no", "absent")):
            answers = (COMPLETE, *WELL, said("recent-angina", answer))
            assert judged("E06", *FINE, record, answers=answers, born="1961-04-12") == word


@pytest.mark.parametrize("place", ["51282000", "71341001", "118645006"])
def test_a_metastasis_of_a_bone_is_of_bone(judged, place):
    """Vertebra, femur and pelvis; a lung is none."""
    for code, word in ((place, "met"), ("39607008", "not met")):
        spread = ill("snomed 128462008", bodySite=[coded(f"snomed {code}")])

        assert judged("I05", spread, lab("21889-1", 9, "mm"), **COMPLETED) == word


@pytest.mark.parametrize("code", ["372064008", "408643008", "278054005", "417181009"])
def test_a_breast_cancer_is_one_in_snomed_ct_alone(judged, code):
    """By its kind of tissue or its receptors."""
    positive = lab("85329-1", 90, "%")
    negative = lab("85319-2", valueCodeableConcept=coded("snomed 260385009", text="IHC 1+"))

    assert judged("I01", ill(f"snomed {code}"), positive, negative, **COMPLETED) == "met"


def test_a_relative_of_unknown_health_decides_nothing(judged):
    """The record names the syndrome, and says that nobody knows."""
    told = {"completed": "present", "partial": "present", "health-unknown": "unknown",
            "entered-in-error": "absent"}  # fmt: skip
    for status, word in told.items():
        father = {"resourceType": "FamilyMemberHistory", "status": status, "patient": HER,
                  "relationship": coded("site FTH"),
                  "condition": [{"code": coded("icd I45.81")}]}  # fmt: skip

        assert judged("E06", *FINE, father, **COMPLETED) == word
