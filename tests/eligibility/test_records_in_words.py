"""Conditions, results and procedures that a record names and does not code: no silence."""

import pytest
from tests.eligibility.casebooks import said
from tests.eligibility.fhir_records import (
    ANC,
    COMPLETE,
    ECOG,
    HER,
    amount,
    coded,
    drug,
    ill,
    judge_of,
    lab,
)
from tests.eligibility.test_records_of_named_diseases import COMPLETED, FINE, done

OTHERS = (
    "Essential hypertension", "GERD", "Hypothyroidism", "Irritable bowel syndrome",
    "Coronary artery disease", "BRCA1 gene mutation positive", "Postmenopausal",
)  # fmt: skip
"""Conditions of which no criterion speaks."""

PERHAPS = {
    "Latent tuberculosis": "Z22.7", "At risk for heart failure": "Z91.89",
    "Pneumonia vaccine": "Z23", "History of COVID-19": "Z86.16",
    "Atherosclerotic heart disease without angina pectoris": "I25.10",
    "Diabetes insipidus": "E23.2", "Pregnancy test negative": "Z32.02",
}  # fmt: skip
"""Words in which a name stands that they do not mean, and their code in ICD-10-CM."""

NOT_HERS = (
    "Family history of breast cancer", "Family history of colon cancer", "FH: Heart failure",
    "Family history of congestive heart failure (CHF)", "Screening for colon cancer",
    "No evidence of brain, liver or bone metastases", "HIV screening", "No known problems",
    "No evidence of myocardial infarction (MI)", "Vaccination: influenza",
)  # fmt: skip

STILL_HERS = {
    "E01": ("HER2-negative breast cancer with brain metastases", "No pain, brain metastases",
            "Metastatic disease", "Metastases", "Metastatic breast cancer"),
    "E05": ("Gram-negative sepsis", "COPD without exacerbation, pneumonia",
            "Smear-negative pulmonary tuberculosis", "Post-obstructive pneumonia"),
    "E06": ("NSTEMI without complications", "Myocardial infarction without ST elevation"),
    "E11": ("Third trimester of pregnancy", "12 weeks of pregnancy"),
    "I09": ("Low-risk prostate cancer", "Metastatic colon cancer", "Recurrent ovarian cancer"),
}  # fmt: skip
"""By criterion: texts in which no word denies what they name."""


@pytest.fixture(scope="module")
def judged(shipped):
    """Give the word of a criterion for a record."""
    return judge_of(shipped)


def named(text, since="2026-02-20", **more):
    """Give a condition in words alone."""
    return ill(since=since, **more) | {"code": {"text": text}}


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        ("E05", "Crohn's disease"),
        ("E05", "Pneumonia"),
        ("E06", "Congestive heart failure"),
        ("E06", "Long QT syndrome"),
        ("E06", "NSTEMI"),
        ("E10", "Type 1 diabetes mellitus"),
        ("E11", "Intrauterine pregnancy"),
    ],
)
def test_a_condition_called_by_its_name_alone_is_one(judged, criterion, text):
    """As under its code."""
    assert judged(criterion, *FINE, named(text), **COMPLETED) == "present"


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        ("E01", "CNS mets, s/p WBRT"),
        ("E05", "Crohn disease of small intestine (CMS/HCC)"),
        ("E05", "Bacteremia due to E. coli"),
        ("E06", "Takotsubo cardiomyopathy"),
        ("E06", "Doxorubicin cardiotoxicity, EF 40%"),
        ("E06", "Family history of sudden cardiac death in brother"),
        ("E10", "Diabetes, type 1, IDDM on pump"),
    ],
)
def test_words_that_hold_a_name_are_a_question(judged, criterion, text):
    """Neither yes nor no, and never silence; what a display of a foreign code says counts too."""
    display = {"coding": [{"system": "https://ehr.example.org", "code": "1", "display": text}]}

    assert judged(criterion, *FINE, named(text), **COMPLETED) == "unknown"
    assert (
        judged(criterion, *FINE, ill(since="2026-02-20") | {"code": display}, **COMPLETED)
        == "unknown"
    )


def test_hepatic_metastases_in_words_leave_the_limit_open(judged):
    """4.5 times the limit passes with them alone."""
    raised = (
        lab("1920-8", 180, "U/L", referenceRange=[{"high": amount(40, "U/L")}]),
        lab("1742-6", 20, "U/L", referenceRange=[{"high": amount(40, "U/L")}]),
    )

    assert judged("I14", *raised) == "not met"
    assert judged("I14", *raised, named("Multiple liver mets on CT")) == "unknown"
    assert judged("I14", *raised, named("Hepatic metastases")) == "met"


ASKED = ("E01", "E05", "E06", "E09", "E10", "E11")


@pytest.mark.parametrize("text", NOT_HERS)
def test_words_of_what_she_does_not_have_are_silence(judged, text):
    """What is denied, of relatives, of a screening or beside a word that makes it another."""
    for criterion in ASKED:
        assert judged(criterion, *FINE, named(text), **COMPLETED) == "absent"


@pytest.mark.parametrize("text", OTHERS)
def test_words_that_name_no_condition_of_the_protocol_are_silence(judged, text):
    """As a code is that it does not list."""
    for criterion in ASKED:
        assert judged(criterion, *FINE, named(text), **COMPLETED) == "absent"


@pytest.mark.parametrize("text", PERHAPS)
def test_words_in_which_a_name_stands_may_be_any_condition(judged, text):
    """Under its code it is another one, whatever it is called."""
    known = ill(f"icd {PERHAPS[text]}")
    known["code"]["text"] = text
    for criterion in ("E01", "E05", "E06", "E10", "E11"):
        assert judged(criterion, *FINE, named(text), **COMPLETED) == "unknown"
        assert judged(criterion, *FINE, known, **COMPLETED) == "absent"


@pytest.mark.parametrize(
    ("criterion", "text"), [(name, each) for name, texts in STILL_HERS.items() for each in texts]
)
def test_words_beside_a_name_that_do_not_deny_it_are_no_silence(judged, criterion, text):
    """`negative`, `risk` and `without` may speak of something else."""
    assert judged(criterion, *FINE, named(text), **COMPLETED) == "unknown"


def test_a_name_that_may_be_one_counts_on_its_days_alone(judged):
    """An infarction of 2019 lies outside of six months, whatever its words leave open."""
    told = "Inferior wall myocardial infarction"

    assert judged("E06", *FINE, named(told, since="2025-12-20"), **COMPLETED) == "unknown"
    assert judged("E06", *FINE, named(told, since="2019-12-20"), **COMPLETED) == "absent"


def test_a_code_that_nobody_knows_without_words_may_be_any_condition(judged):
    """No system, no display, no text."""
    code = {"coding": [{"system": "https://ehr.example.org/problems", "code": "A1"}]}
    nameless = ill() | {"code": code}

    for criterion in ("E01", "E05", "E06", "E10", "E11"):
        assert judged(criterion, *FINE, nameless, **COMPLETED) == "unknown"


def test_a_second_cancer_in_words_waits_for_the_principal_investigator(judged):
    """Of the breast, of a relative or excluded it is none."""
    assert judged("I09", named("Colon cancer", since="2015"), **COMPLETED) == "unknown"
    assert judged("I09", named("Metastatic breast cancer", since="2015"), **COMPLETED) != "unknown"


@pytest.mark.parametrize(
    ("text", "word"),
    [("Sudden cardiac death", "present"), ("Congenital long QT syndrome", "unknown")],
)
def test_a_family_history_in_words_is_one(judged, text, word):
    """Or may be; of another disease it is none."""
    relative = {"resourceType": "FamilyMemberHistory", "status": "completed", "patient": HER,
                "relationship": {"text": "brother"}}  # fmt: skip
    told = relative | {"condition": [{"code": {"text": text}}]}
    of_breast = relative | {"condition": [{"code": {"text": "Breast cancer"}}]}

    assert judged("E06", *FINE, told, **COMPLETED) == word
    assert judged("E06", *FINE, of_breast, **COMPLETED) == "absent"


@pytest.mark.parametrize(
    ("criterion", "code", "value", "text", "other"),
    [
        ("I10", ANC, 3, "Neutrophils, absolute", {"valueQuantity": amount(0.7, "10*3/uL")}),
        ("I04", ECOG, 1, "ECOG performance status", {"valueString": "3"}),
        ("I17", "4548-4", 5, "Hemoglobin A1C", {"valueString": "8.4"}),
    ],
)
def test_a_later_result_by_name_alone_leaves_the_criterion_open(
    judged, criterion, code, value, text, other
):
    """The older one, under its code, is no longer the latest."""
    units = {ANC: "10*3/uL", ECOG: "{score}", "4548-4": "%"}
    older = lab(code, value, units[code], on="2026-03-01")
    later = lab(code, on="2026-03-04", **other) | {"code": {"text": text}}
    earlier = later | {"effectiveDateTime": "2026-02-20"}

    assert judged(criterion, older) == "met"
    assert judged(criterion, older, earlier) == "met"
    assert judged(criterion, older, later) == "unknown"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SBRT left lung", "present"),
        ("Palliative RT to L-spine, 8 Gy x1", "present"),
        ("XRT T12", "present"),
        ("Gamma Knife", "present"),
        ("TACE", "present"),
        ("Injection, fulvestrant, 25 mg", "present"),
        ("SBRT planning, left lung", "absent"),
        ("Radiation dermatitis care", "absent"),
        ("MRI hip, RT", "absent"),
        ("Trastuzumab level", "absent"),
        ("Insertion of port for chemotherapy", "absent"),
    ],
)
def test_a_procedure_in_words_is_the_treatment_with_which_they_begin(judged, text, word):
    """Planning and sequels are none."""
    answers = {"answers": (COMPLETE, said("unrecovered-toxicity", "no"))}

    assert judged("E02", *FINE, done("", "2026-02-24", text), **answers) == word


@pytest.mark.parametrize("name", ["AZD-5363", "AZD 5363", "AZD5363", "MK2206", "gdc 0068"])
def test_the_code_of_a_sponsor_is_a_name_however_it_is_split(judged, name):
    """With a hyphen, a blank, or neither."""
    taken = drug(since="2019-01-01", until="2019-06-01")
    taken |= {"medicationCodeableConcept": {"text": name}}

    assert judged("E03", taken, answers=(COMPLETE,)) == "present"


@pytest.mark.parametrize(("code", "word"), [("422512005", "met"), ("423053003", "not met")])
def test_a_grade_of_performance_status_of_snomed_is_its_score(judged, code, word):
    """Grade 1 and grade 3, as first versions of mCODE write them."""
    assert judged("I04", lab(ECOG, valueCodeableConcept=coded(f"snomed {code}"))) == word


@pytest.mark.parametrize(
    ("ihc", "ish", "interpretation", "word"),
    [
        ("1+", "", "positive", "unknown"),
        ("1+", "", "equivocal", "unknown"),
        ("1+", "", "negative", "met"),
        ("2+", "negative", "positive", "unknown"),
        ("2+", "negative", "equivocal", "met"),
        ("3+", "", "negative", "not met"),
    ],
)
def test_a_her2_status_that_contradicts_the_stain_is_a_question(
    judged, ihc, ish, interpretation, word
):
    """The laboratory's word and its own stain do not agree: a person says which holds."""
    codes = {"positive": "10828004", "negative": "260385009", "equivocal": "42425007"}
    record = [
        ill("icd C50.911"),
        lab("85329-1", 90, "%"),
        lab("85319-2", valueCodeableConcept={"text": ihc}),
        lab("48676-1", valueCodeableConcept=coded(f"snomed {codes[interpretation]}")),
    ]
    if ish:
        record.append(lab("85318-4", valueCodeableConcept=coded(f"snomed {codes[ish]}")))

    assert judged("I01", *record) == word


@pytest.mark.parametrize("beside", ["positive", "negative"])
def test_a_receptor_in_per_cent_that_its_status_contradicts_is_a_question(judged, beside):
    """Of which tumour each speaks, such as the primary and a metastasis, a person says."""
    code = {"positive": "10828004", "negative": "260385009"}[beside]
    record = (
        ill("icd C50.911"),
        lab("85329-1", 90, "%", on="2017-05-01"),
        lab("85337-4", on="2025-05-01", valueCodeableConcept=coded(f"snomed {code}")),
        lab("85319-2", valueCodeableConcept={"text": "1+"}),
    )
    answers = (said("hr-positive", "yes"),)

    assert judged("I01", *record) == ("met" if beside == "positive" else "unknown")
    assert judged("I01", *record, answers=answers) == "met"


def test_unstable_angina_that_goes_on_is_uncontrolled_illness(judged):
    """It began within 90 days; an older one is left to the question."""
    assert judged("E05", ill("icd I20.0", since="2026-01-20"), **COMPLETED) == "present"
    assert judged("E05", ill("icd I20.0", since="2024-01-20"), **COMPLETED) == "absent"


@pytest.mark.parametrize(
    ("code", "since", "word"),
    [
        ("I25.2", None, "unknown"),
        ("Z95.1", None, "unknown"),
        ("I25.2", "2015-03-01", "absent"),
        ("Z95.1", "2026-02-10", "unknown"),
        ("R00.1", "2020-03-01", "unknown"),
    ],
)
def test_what_may_be_an_event_of_the_last_months_is_asked_about(judged, code, since, word):
    """An old infarction tells no day, and a slow heart not whether it was felt."""
    assert judged("E06", *FINE, ill(f"icd {code}", since=since), **COMPLETED) == word


@pytest.mark.parametrize(
    ("text", "tested", "word"),
    [
        ("Biktarvy", "", "unknown"),
        ("Biktarvy", "260385009", "absent"),
        ("Biktarvy", "10828004", "present"),
        ("HAART", "", "unknown"),
        ("Truvada", "", "absent"),
    ],
)
def test_antiretroviral_medicines_without_a_diagnosis_are_a_question(judged, text, tested, word):
    """Unless they are in use to prevent an infection, or a test was negative."""
    taken = drug(status="active") | {"medicationCodeableConcept": {"text": text}}
    test = lab("56888-1", valueCodeableConcept=coded(f"snomed {tested}"))

    assert judged("E09", taken, *([test] if tested else []), **COMPLETED) == word


def test_copies_of_hiv_in_plasma_are_an_infection(judged):
    """None at all is none; less than the assay finds leaves it open while medicines are taken."""
    taken = drug("1433868", status="active")
    copies = {"unit": "{copies}/mL"}
    negative = lab("56888-1", valueCodeableConcept=coded("snomed 260385009"))

    assert judged("E09", taken, lab("20447-9", 200, **copies), **COMPLETED) == "present"
    assert judged("E09", taken, negative, lab("20447-9", 0, **copies), **COMPLETED) == "absent"
    few = lab("20447-9", 20, comparator="<", **copies)

    assert judged("E09", taken, negative, few, **COMPLETED) == "unknown"


@pytest.mark.parametrize(
    ("code", "since", "word"),
    [
        ("Z51.11", "2026-02-27", "present"),
        ("Z51.0", "2026-02-27", "present"),
        ("Z51.12", "2017-08-01", "absent"),
        ("Z51.11", None, "unknown"),
    ],
)
def test_an_encounter_for_a_treatment_is_the_treatment_of_its_day(judged, code, since, word):
    """Billing codes it as a diagnosis; without a day it may be of any."""
    answers = {"answers": (COMPLETE, said("unrecovered-toxicity", "no"))}

    assert judged("E02", ill(f"icd {code}", since=since), **answers) == word


def test_a_medicine_of_an_unknown_system_may_be_any_where_no_words_stand(judged):
    """So may one that the ATC classes among those against cancer."""

    def taken(system, code):
        return drug(status="active") | {
            "medicationCodeableConcept": {"coding": [{"system": system, "code": code}]}
        }

    answers = {"answers": (COMPLETE,)}

    assert (
        judged("E03", taken("http://hl7.org/fhir/sid/ndc", "00069048603"), **answers) == "unknown"
    )
    assert judged("E03", taken("http://www.whocc.no/atc", "L01EF01"), **answers) == "unknown"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("dexamethasone 4 mg tablet", "present"),
        ("cortisone 25 mg", "present"),
        ("dexamethasone intravitreal implant", "unknown"),
        ("dexamethasone mouthwash", "unknown"),
    ],
)
def test_steroids_put_in_one_place_are_not_actively_taken(judged, text, word):
    """Of stable metastases nobody has said a word here: without steroids it is open."""
    taken = drug(since="2026-02-01", status="active")
    taken |= {"medicationCodeableConcept": {"text": text}}

    assert judged("E01", ill("icd C79.31"), taken, **COMPLETED) == word


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        ("final", "94225005", "unknown"),
        ("preliminary", "94225005", "absent"),
        ("final", "94391008", "absent"),
    ],
)
def test_what_a_report_concludes_is_a_suspicion(judged, status, code, word):
    """A metastasis of the brain on an image is no diagnosis yet, and no silence."""
    report = {"resourceType": "DiagnosticReport", "status": status, "subject": HER,
              "code": {"text": "MRI brain"}, "effectiveDateTime": "2026-02-26",
              "conclusionCode": [coded(f"snomed {code}")]}  # fmt: skip

    assert judged("E01", report, **COMPLETED) == word


@pytest.mark.parametrize(
    ("plan", "activity", "word"),
    [
        ("active", "in-progress", "unknown"),
        ("active", "not-started", "absent"),
        ("completed", "in-progress", "absent"),
    ],
)
def test_a_medicine_that_a_plan_has_under_way_is_asked_about(judged, plan, activity, word):
    """It says what is given, and not when it was."""
    detail = {"status": activity, "code": coded("rxnorm 56946")}
    care = {"resourceType": "CarePlan", "status": plan, "intent": "plan", "subject": HER,
            "activity": [{"detail": detail}]}  # fmt: skip
    answers = {"answers": (COMPLETE, said("unrecovered-toxicity", "no"))}

    assert judged("E02", care, **answers) == word
