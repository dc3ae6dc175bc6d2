"""FHIR records written from the guides alone, before the reader was looked at."""

import pytest
from tests.eligibility.fhir_records import (
    ADJUVANT,
    ALT_FINE,
    AST,
    BILI,
    BREAST,
    CAPECITABINE,
    COMPLETE,
    DONE,
    ER,
    ERIBULIN,
    IHC_1,
    NO_RESPONSE,
    PACLITAXEL,
    PR,
    TAMOXIFEN,
    amount,
    coded,
    drug,
    given,
    ill,
    judge_of,
    lab,
)

HL7 = "http://terminology.hl7.org/CodeSystem"
FEMALE, MALE = coded("snomed 248152002"), coded("snomed 248153007")
COMPLETED = {"answers": (COMPLETE,)}
YOUNG = {"born": "1974-05-05"}
SPREAD = (BREAST, ill("icd C79.51"))


@pytest.fixture(scope="module")
def judged(shipped):
    """Give the word of a criterion for a record."""
    return judge_of(shipped)


def of(system, code, **more):
    """Give a concept of a system of HL7 or of another address."""
    url = system if "://" in system else f"{HL7}/{system}"
    return {"coding": [{"system": url, "code": code}], **more}


def spread(low, high, unit, **more):
    """Give one reference range."""
    ends = {"low": amount(low, unit), "high": amount(high, unit)}
    return {name: end for name, end in ends.items() if end["value"] is not None} | more


def hormones(fsh, lh):
    """Give FSH of 70 and LH of 30, with these ranges."""
    return (
        lab("15067-2", 70, "[IU]/L", referenceRange=fsh),
        lab("10501-5", 30, "[IU]/L", referenceRange=lh),
    )


def words(text, **more):
    """Give a range of each hormone beside a text."""
    fsh, lh = spread(25.8, 134.8, "[IU]/L", **more), spread(14.2, 52.3, "[IU]/L", **more)
    return [fsh | {"text": text}], [lh | {"text": text}]


def transaminase(value, *ranges):
    """Give AST with these ranges, beside an ALT that is fine."""
    return [lab(AST, value, "U/L", referenceRange=[*ranges]), ALT_FINE]


def of_meaning(code):
    """Give the meaning of a reference range."""
    return {"type": of("referencerange-meaning", code)}


def interpreted(code, word):
    """Give a coded result as HL7's code of an interpretation."""
    return lab(code, valueCodeableConcept=of("v3-ObservationInterpretation", word))


def classified(code, system="http://hl7.org/fhir/sid/icd-10"):
    """Give a diagnosis of another classification."""
    return {**ill(f"icd {code}"), "code": of(system, code)}


def product(text):
    """Give a medicine by its words alone."""
    return drug("", "2022-01-01", "2022-06-01", medicationCodeableConcept={"text": text})


def stage(code, value, of_disease="bc", on="2026-02-20", **more):
    """Give a stage, of a disease by its id; `code` and `value` as `system code`."""
    focus = {"focus": [{"reference": f"Condition/{of_disease}"}]} if of_disease else {}
    return {**lab("x", on=on), "code": coded(code), "valueCodeableConcept": value, **focus, **more}


def related(condition, to):
    """Relate a secondary cancer to its primary."""
    url = "http://hl7.org/fhir/StructureDefinition/condition-related"
    return {**condition, "extension": [{"url": url, "valueReference": {"reference": to}}]}


def chemotherapy(code, since, until, reason):
    """Give a line for metastatic disease that ended by progression, with the disease meant."""
    ended = given(code, since, until, NO_RESPONSE, text="Disease progression")
    return ended | {"reasonReference": [{"reference": reason}]}


CM1, PM1, M0 = (coded(f"snomed {code}") for code in ("1229903009", "1229916009", "1229901006"))
IV, II = coded("snomed 1222837003"), coded("snomed 258219007")
CLINICAL_M, STAGE_GROUP = "snomed 399387003", "loinc 21908-9"
HERS, COLON = {**ill("icd C50.911"), "id": "bc"}, {**ill("icd C18.7"), "id": "colon"}
TWO_LINES = (
    chemotherapy(ERIBULIN, "2023-01-01", "2023-06-01", "Condition/bc"),
    chemotherapy(CAPECITABINE, "2023-08-01", "2024-01-01", "Condition/bc"),
)
BY_SEX = (
    spread(None, 50, "U/L", appliesTo=[MALE]),
    spread(None, 32, "U/L", appliesTo=[FEMALE]),
)
UNSEEN = {
    # answers
    "ER positive as an interpretation": (
        "I01", "met", [BREAST, interpreted("85337-4", "POS"), interpreted("85319-2", "NEG")], {}),
    "a pregnancy test positive as an interpretation": (
        "E11", "present", [BREAST, interpreted("2106-3", "POS")], COMPLETED | YOUNG),
    "a pregnancy test of an answer that nobody knows": (
        "E11", "unknown",
        [BREAST, lab("2106-3", valueCodeableConcept=of("http://site.example", "P"))],
        COMPLETED | YOUNG),
    "choriogonadotropin of a pregnancy": (
        "E11", "present", [BREAST, lab("19080-1", 5000, "[IU]/L")], COMPLETED | YOUNG),
    "choriogonadotropin at its upper limit": (
        "E11", "present", [BREAST, lab("19080-1", 25, "mIU/mL", ucum="")], COMPLETED | YOUNG),
    "choriogonadotropin between": (
        "E11", "unknown", [BREAST, lab("19080-1", 12, "[IU]/L")], COMPLETED | YOUNG),
    "choriogonadotropin below its lower limit": (
        "E11", "absent", [BREAST, lab("19080-1", 5, "[IU]/L", comparator="<")],
        COMPLETED | YOUNG),
    "choriogonadotropin of a pregnancy of years ago": (
        "E11", "unknown", [BREAST, lab("19080-1", 5000, "[IU]/L", on="2010-01-01")],
        COMPLETED | YOUNG),
    "a positive pregnancy test of years ago": (
        "E11", "unknown",
        [BREAST, lab("2106-3", valueCodeableConcept=coded("snomed 10828004"), on="2010-01-01")],
        COMPLETED | YOUNG),
    "a negative pregnancy test of years ago": (
        "E11", "absent",
        [BREAST, lab("2106-3", valueCodeableConcept=coded("snomed 260385009"), on="2010-01-01")],
        COMPLETED | YOUNG),
    "a positive pregnancy test of 42 weeks ago": (
        "E11", "present",
        [BREAST, lab("2106-3", valueCodeableConcept=coded("snomed 10828004"), on="2025-05-16")],
        COMPLETED | YOUNG),
    # ranges
    "AST of 3.1 times a woman's limit": ("I14", "not met", transaminase(100, *BY_SEX), {}),
    "AST of 2.8 times a woman's limit": ("I14", "met", transaminase(90, *BY_SEX), {}),
    "AST by sexes in words": (
        "I14", "not met",
        transaminase(100, spread(None, 50, "U/L", text="Male"),
                     spread(None, 32, "U/L", text="Female")), {}),
    "AST of a man's limit alone": ("I14", "unknown", transaminase(90, BY_SEX[0]), {}),
    "AST of a woman's therapeutic range": (
        "I14", "unknown", transaminase(90, BY_SEX[1] | of_meaning("therapeutic")), {}),
    "AST of a plain limit beside those of sexes": (
        "I14", "met", transaminase(110, spread(None, 40, "U/L"), *BY_SEX), {}),
    "hormones of a range in words": ("I02", "met", [*SPREAD, *hormones(*words(
        "Postmenopausal: 25.8 - 134.8"))], YOUNG),
    "hormones of a range of no group in words": (
        "I02", "unknown", [*SPREAD, *hormones(*words("Reference range"))], YOUNG),
    "hormones of a range of another group in words": (
        "I02", "unknown", [*SPREAD, *hormones(*words("Premenopausal"))], YOUNG),
    "hormones of a range coded for another group than its words": (
        "I02", "unknown",
        [*SPREAD, *hormones(*words("Postmenopausal", **of_meaning("luteal")))], YOUNG),
    "hormones of a range by its meaning": (
        "I02", "met", [*SPREAD, *hormones(*words("", **of_meaning("postmenopausal")))], YOUNG),
    # units
    "bilirubin a hundred millilitres": ("I13", "not met", [lab(BILI, 1.6, "mg/100 mL", ucum="")],
                                        {}),
    "bilirubin of micromoles in letters": ("I13", "met", [lab(BILI, 22, "mcmol/L", ucum="")], {}),
    # diagnoses
    "breast cancer by the WHO's ICD-10": ("I01", "met", [classified("C50.9"), ER, PR, IHC_1], {}),
    "brain metastasis by the WHO's ICD-10": ("E01", "unknown", [BREAST, classified("C79.3")],
                                             COMPLETED),
    "no brain metastasis": ("E01", "absent", [BREAST], COMPLETED),
    # stages
    "M1 of the breast cancer": ("I02", "met", [HERS, stage(CLINICAL_M, CM1)], {}),
    "M1 by pathology": ("I02", "met", [HERS, stage("loinc 21901-4", PM1)], {}),
    "M1 as the committee codes it": (
        "I02", "met", [HERS, stage("loinc 21907-1", of("http://cancerstaging.org", "cM1"))], {}),
    "stage IV of the breast cancer": ("I02", "met", [HERS, stage(STAGE_GROUP, IV)], {}),
    "M1 in a component": (
        "I02", "met",
        [HERS, stage(STAGE_GROUP, II, component=[
            {"code": coded(CLINICAL_M), "valueCodeableConcept": CM1}])], {}),
    "M0": ("I02", "unknown", [HERS, stage(CLINICAL_M, M0)], {}),
    "stage II": ("I02", "unknown", [HERS, stage(STAGE_GROUP, II)], {}),
    "M0 after M1": (
        "I02", "met", [HERS, stage(CLINICAL_M, CM1, on="2025-01-01"), stage(CLINICAL_M, M0)], {}),
    "M1 of another cancer": ("I02", "unknown", [HERS, COLON, stage(CLINICAL_M, CM1, "colon")], {}),
    "M1 of no cancer named": ("I02", "unknown", [HERS, stage(CLINICAL_M, CM1, "")], {}),
    "M1 of a cancer not on record": ("I02", "unknown", [HERS, stage(CLINICAL_M, CM1, "gone")], {}),
    "M1 of a breast cancer that is provisional": (
        "I02", "unknown", [{**HERS, **ill("icd C50.911", verified="provisional")},
                           stage(CLINICAL_M, CM1)], {}),
    "M1 of a breast cancer that was refuted": (
        "I02", "unknown", [{**HERS, **ill("icd C50.911", verified="refuted")},
                           stage(CLINICAL_M, CM1)], {}),
    "M1 preliminary": ("I02", "unknown", [HERS, stage(CLINICAL_M, CM1, status="preliminary")], {}),
    "M1 after registration": ("I02", "unknown", [HERS, stage(CLINICAL_M, CM1, on="2026-03-06")],
                              {}),
    "stage IV in words": ("I02", "unknown", [HERS, stage(STAGE_GROUP, {"text": "Stage IV"})], {}),
    "stage IV of a kidney": (
        "I02", "unknown", [HERS, stage("loinc 65573-6", coded("snomed 258228008"))], {}),
    "stage IV in the diagnosis": ("I02", "met", [HERS | {"stage": [{"summary": IV}]}], {}),
    "stage II in the diagnosis": ("I02", "unknown", [HERS | {"stage": [{"summary": II}]}], {}),
    "stage IV in the diagnosis of another cancer": (
        "I02", "unknown", [HERS, COLON | {"stage": [{"summary": IV}]}], {}),
    "stage IV in a provisional diagnosis": (
        "I02", "unknown",
        [{**HERS, **ill("icd C50.911", verified="provisional"), "stage": [{"summary": IV}]}], {}),
    "stage IV as the assessment of the diagnosis": (
        "I02", "met",
        [HERS | {"stage": [{"assessment": [{"reference": "Observation/s"}]}]},
         {**stage(STAGE_GROUP, IV, ""), "id": "s"}], {}),
    "a metastasis of another cancer": (
        "I02", "unknown", [HERS, COLON, related(ill("icd C78.7"), "Condition/colon")], {}),
    "a metastasis of the breast cancer": (
        "I02", "met", [HERS, COLON, related(ill("icd C78.7"), "Condition/bc")], {}),
    "AST of four times with a metastasis of another cancer": (
        "I14", "met", [*transaminase(140, spread(None, 35, "U/L")), HERS, COLON,
                       related(ill("icd C78.7"), "Condition/colon")], {}),
    "a third line for another cancer": (
        "I03", "unknown",
        [HERS, COLON, *SPREAD[1:], *TWO_LINES,
         chemotherapy(PACLITAXEL, "2017-01-01", "2017-06-01", "Condition/colon")], COMPLETED),
    "a third line for the breast cancer": (
        "I03", "not met",
        [HERS, COLON, *SPREAD[1:], *TWO_LINES,
         chemotherapy(PACLITAXEL, "2017-01-01", "2017-06-01", "Condition/bc")], COMPLETED),
    "a third line for the metastasis": (
        "I03", "not met",
        [HERS, {**ill("icd C79.51"), "id": "bone"}, *TWO_LINES,
         chemotherapy(PACLITAXEL, "2017-01-01", "2017-06-01", "Condition/bone")], COMPLETED),
    "a relapse by its stage soon after adjuvant treatment": (
        "I03", "unknown",
        [HERS, stage(STAGE_GROUP, IV, on="2024-06-01"),
         given(TAMOXIFEN, "2019-01-01", "2023-12-01", DONE, ADJUVANT)], COMPLETED),
    "a relapse by its diagnosis, staged later": (
        "I03", "met",
        [HERS, ill("icd C79.51", since="2024-06-01"), stage(STAGE_GROUP, IV, on="2024-06-10"),
         given(TAMOXIFEN, "2019-01-01", "2023-12-01", DONE, ADJUVANT)], COMPLETED),
    # medicines
    "a study drug": ("E03", "unknown", [product("Study drug (blinded)")], COMPLETED),
    "an investigational product": ("E03", "unknown", [product("investigational product A")],
                                   COMPLETED),
    "a study drug that has a code": (
        "E03", "absent",
        [drug("", "2022-01-01", "2022-06-01",
              medicationCodeableConcept=coded("rxnorm 5640", text="study drug: ibuprofen"))],
        COMPLETED),
    "a medicine of another name": ("E03", "absent", [product("Studeron 5 mg")], COMPLETED),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSEEN)
def test_what_hospitals_may_write(judged, name):
    """Where the record says enough, its verdict; elsewhere unknown, and never its opposite."""
    criterion, expected, resources, more = UNSEEN[name]

    assert judged(criterion, *resources, **more) == expected
