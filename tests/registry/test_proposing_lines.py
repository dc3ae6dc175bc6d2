"""Invented eligibility lines in the wordings of public records, and what is proposed from each."""

import re

import pytest

from trialwright.protocol.proposals import Proposal
from trialwright.registry.proposing.reading import read_limits

SIGNS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


def told(proposal: Proposal) -> str:
    """Write a proposal shortly: subject, bounds, unit, and `| given`."""
    given = proposal.model_dump()
    subject = given.get("fact") or given.get("scale") or given.get("expect") or ""
    bounds = " ".join(
        f"{sign} {given[side]}" for side, sign in SIGNS.items() if given.get(side) is not None
    )
    unit = given.get("unit") or ""
    times = f"x {given['times']}" if given.get("times") else ""
    circumstance = f"| {given['given']}" if given.get("given") else ""
    kind = "" if proposal.kind == "limit" else proposal.kind
    parts = (kind, subject, bounds, unit, times, circumstance)
    return " ".join(part for part in parts if part)


def read(words: str, *, carry: bool = True) -> list[str]:
    """Write every proposal of a line shortly."""
    return [told(each) for each in read_limits(words, carry=carry).proposals]


LABORATORY = [
    ("ANC >= 1,500/mm3", ["anc >= 1500 /mm3"]),
    ("Absolute neutrophil count (ANC) ≥1.5 × 10⁹/L", ["anc >= 1.5 10*9/L"]),
    ("ANC ≥ 1.5 x 109/L (1,500 per mm3),", ["anc >= 1.5 10*9/L"]),
    ("ANC >= 1.5 x 10 exp 9/L", ["anc >= 1.5 10*9/L"]),
    ("Neutrophils >/= 1.5 x 10^9 cells/L", ["anc >= 1.5 10*9/L"]),
    ("Granulocytes ≥ 1,500/μl", ["anc >= 1500 /uL"]),
    ("Absolute granulocyte count (AGC) greater than 1,500/mm(3)", ["anc > 1500 /mm3"]),
    ("ANC of at least 1,500 cells/mcL", ["anc >= 1500 /uL"]),
    ("ANC \\>= 1,500/mm^3", ["anc >= 1500 /mm3"]),
    ("ANC &gt;= 1,500/mm^3", ["anc >= 1500 /mm3"]),
    ("Leukocytes > 3.0 G/L", ["wbc > 3.0 10*9/L"]),
    ("WBC > 3.0 K/mm³ and ANC > 1.5 K/mm³", ["wbc > 3.0 10*3/mm3", "anc > 1.5 10*3/mm3"]),
    ("Platelets ≥ 100K/µL", ["platelets >= 100 10*3/uL"]),
    ("Platelet count of 75,000/mm3 or more", ["platelets >= 75000 /mm3"]),
    ("PLT > 100 000/mm3", ["platelets > 100000 /mm3"]),
    ("platelets at least 100,000 per cubic millimeter", ["platelets >= 100000 /mm3"]),
    ("thrombocytopenia (platelets <100,000)", ["platelets < 100000"]),
    ("platelets > 100,000 and < 500,000/mm3", ["platelets > 100000 < 500000 /mm3"]),
    ("WBC 3,000-12,000", ["wbc >= 3000 <= 12000"]),
    ("Hgb: ≥ 8 gm/dl", ["hemoglobin >= 8 g/dL"]),
    ("Hb more than 9g/dl, WBC more than 3000/µl", ["hemoglobin > 9 g/dL", "wbc > 3000 /uL"]),
    ("Hemoglobin ≥9.0 g/dL or ≥5.6 mmol/L", ["hemoglobin >= 9.0 g/dL", "hemoglobin >= 5.6 mmol/L"]),
    ("Hemoglobin >= 10 mg/dL", ["hemoglobin >= 10 mg/dL"]),
    ("Patients must not have platelets less than 50,000", ["platelets < 50000"]),
    (
        "Total bilirubin within 1.5 times the upper limits of normal",
        ["total-bilirubin <= 1.5 x ULN"],
    ),
    ("total bilirubin <= upper limit of normal (ULN)", ["total-bilirubin <= 1 x ULN"]),
    ("Serum bilirubin less than the ULN", ["total-bilirubin < 1 x ULN"]),
    ("Bilirubin ≤ ULN x 1.5", ["total-bilirubin <= 1.5 x ULN"]),
    ("SGOT and SGPT no greater than 2 times normal", ["ast <= 2 x ULN", "alt <= 2 x ULN"]),
    ("ASAT and ALAT ≤ 2.5 N", ["ast <= 2.5 x ULN", "alt <= 2.5 x ULN"]),
    ("AST/ALT must not exceed 2.5 X ULN", ["ast <= 2.5 x ULN", "alt <= 2.5 x ULN"]),
    ("AST not more than 2.5 times greater than the upper limit of normal", ["ast <= 2.5 x ULN"]),
    ("ALT < 5-fold the institution's upper limit of normal", ["alt < 5 x ULN"]),
    (
        "Liver enzymes (AST, ALT) ≤ 2.5 × the institutional upper limit of the normal range (ULN)",
        ["ast <= 2.5 x ULN", "alt <= 2.5 x ULN"],
    ),
    ("Transaminases < 2.5 x ULN", ["transaminases < 2.5 x ULN"]),
    ("Liver function tests less than 3 x ULN", ["liver-function-tests < 3 x ULN"]),
    (
        "Alkaline phosphatase < 2 x ULN unless bone metastases are present",
        ["alkaline-phosphatase < 2 x ULN | unless bone metastases are present"],
    ),
    ("serum creatinine no higher than 1.5 mg%", ["creatinine <= 1.5 mg/dL"]),
    ("Creatinine < 2.0", ["creatinine < 2.0"]),
    ("Serum creatinine ≤ 1.5 mg/dL (133 µmol/L)", ["creatinine <= 1.5 mg/dL"]),
    ("creatinine normal OR CrCl >= 60 mL/min", ["creatinine-clearance >= 60 mL/min"]),
    ("GFR > 60 ml/min/1.73 m2", ["creatinine-clearance > 60 mL/min/{1.73_m2}"]),
    (
        "Creatinine clearance (calculated using serum creatinine) of 60 cc/minute or greater",
        ["creatinine-clearance >= 60 mL/min"],
    ),
    (
        "serum creatinine ≤ 130 μmol/l or creatinine clearance ≥ 60 ml/min",
        ["creatinine <= 130 umol/L", "creatinine-clearance >= 60 mL/min"],
    ),
    ("PT/INR ≤ 1.5", ["inr <= 1.5"]),
    (
        "PT or INR and PTT ≤ 1.5 times ULN",
        ["pt <= 1.5 x ULN", "inr <= 1.5 x ULN", "ptt <= 1.5 x ULN"],
    ),
    ("INR < 1.5 (or < 3.0 if on warfarin)", ["inr < 1.5", "inr < 3.0 | on warfarin"]),
    ("LVEF at or above the lower institutional limit of normal", ["lvef >= 1 x LLN"]),
    ("ejection fraction not less than 50%", ["lvef >= 50 %"]),
    ("Ejection fraction normal (≥ 50%) by MUGA or ECHO", ["lvef >= 50 %"]),
    ("≥ 50% LVEF", ["lvef >= 50 %"]),
    (
        "LVEF < 50% or below the institution's lower limit of normal, whichever is lower",
        ["lvef < 50 %", "lvef < 1 x LLN"],
    ),
    ("Urine protein:creatinine ratio < 1.0", ["proteinuria < 1.0"]),
    ("protein/creatinine ratio <1", ["proteinuria < 1"]),
    ("24-hour urine protein must be < 1 g", ["proteinuria < 1 g/(24.h)"]),
    ("Proteinuria <1 g/day", ["proteinuria < 1 g/d"]),
    ("Urinary protein < 2+ (dipstick)", ["proteinuria < 2 {+}"]),
    ("Fasting blood glucose (FBG) > 7.0 mmol/L", ["fasting-glucose > 7.0 mmol/L"]),
    ("Hemoglobin A1c < 7", ["hba1c < 7"]),
    ("Serum potassium 3.5-5.0 mEq/L", ["potassium >= 3.5 <= 5.0 meq/L"]),
    (
        "potassium, calcium and magnesium ≥ LLN",
        ["potassium >= 1 x LLN", "calcium >= 1 x LLN", "magnesium >= 1 x LLN"],
    ),
    ("uncorrected hypokalemia (K+ < 3.0 mmol/L)", ["potassium < 3.0 mmol/L"]),
    ("Hypercalcemia (> 11.5 mg/dL)", ["calcium > 11.5 mg/dL"]),
    ("CD4+ T-cell count ≥ 350 cells/µL", ["cd4 >= 350 /uL"]),
    ("FEV1 and DLCO ≥ 50% of predicted", ["fev1 >= 50 %", "dlco >= 50 %"]),
    ("Oxygen saturation ≥ 92% on room air", ["oxygen-saturation >= 92 %"]),
    ("unexplained fever > 38.5°C", ["temperature > 38.5 Cel"]),
    ("Testosterone < 50 ng/dL", ["testosterone < 50 ng/dL"]),
    ("BMI between 18.0 and 32.0 kg/m2, inclusive", ["bmi >= 18.0 <= 32.0 kg/m2"]),
    ("weigh at least 50 kg and no more than 100 kg", ["weight >= 50 <= 100 kg"]),
    ("PR (PQ) interval prolongation > 240 ms", ["pr-interval > 240 ms"]),
    (
        "QTc interval > 470 msec (female) or > 450 msec (male)",
        ["qtc > 470 ms | female", "qtc > 450 ms | male"],
    ),
    ("On screening, Fridericia's correction formula (QTcF) > 470", ["qtcf > 470"]),
    ("Corrected QT interval (QTc) by Fridericia > 480 ms", ["qtcf > 480 ms"]),
    ("Heart rate < 45 or > 90 beats per minute", ["heart-rate < 45 /min", "heart-rate > 90 /min"]),
    (
        "Systolic blood pressure (SBP) > 160 mmHg or < 90 mmHg * Bradycardia (heart rate < 50)",
        ["systolic-pressure > 160 mm[Hg]", "systolic-pressure < 90 mm[Hg]", "heart-rate < 50"],
    ),
    (
        "Blood pressure > 140 mmHg systolic or > 90 mmHg diastolic",
        ["systolic-pressure > 140 mm[Hg]", "diastolic-pressure > 90 mm[Hg]"],
    ),
    (
        "uncontrolled hypertension (BP ≥ 160/100 mm Hg)",
        ["systolic-pressure >= 160 mm[Hg]", "diastolic-pressure >= 100 mm[Hg]"],
    ),
    (
        "ANC and platelets ≥ 1500/mm3 and ≥ 100,000/mm3, respectively",
        ["anc >= 1500 /mm3", "platelets >= 100000 /mm3"],
    ),
    (
        "AST(SGOT)/ALT(SGPT) ≤ 2.5 × ULN (≤ 5 x ULN for patients with liver involvement)",
        [
            "ast <= 2.5 x ULN",
            "alt <= 2.5 x ULN",
            "ast <= 5 x ULN | liver involvement",
            "alt <= 5 x ULN | liver involvement",
        ],
    ),
    (
        "ALT < 2.5 x ULN. For patients with liver metastases, < 5 x ULN is allowed.",
        ["alt < 2.5 x ULN", "alt < 5 x ULN | liver metastases"],
    ),
    (
        "ALT ≤2.5 × ULN, unless liver metastases are present, then must be ≤ 3 × ULN",
        ["alt <= 2.5 x ULN", "alt <= 3 x ULN | liver metastases"],
    ),
    (
        "Total bilirubin ≤ 1.5 × ULN OR in subjects with Gilbert's syndrome, a bilirubin < 3 mg/dL",
        ["total-bilirubin <= 1.5 x ULN", "total-bilirubin < 3 mg/dL | Gilbert's syndrome"],
    ),
    (
        "Bilirubin ≤ 1.5 × ULN (except if Gilbert's syndrome, then direct bilirubin ≤ 1.5 x ULN)",
        ["total-bilirubin <= 1.5 x ULN", "direct-bilirubin <= 1.5 x ULN | Gilbert's syndrome"],
    ),
    (
        "creatinine clearance ≥ 60 mL/min if serum creatinine > 1.5 mg/dL",
        ["creatinine-clearance >= 60 mL/min | serum creatinine > 1.5 mg/dL"],
    ),
    (
        "Patients with serum creatinine > 1.5 x ULN must have creatinine clearance ≥ 60 mL/min",
        ["creatinine-clearance >= 60 mL/min"],
    ),
    ("Patients will be excluded if ANC < 1500/mm3", ["anc < 1500 /mm3"]),
    (
        "Patients are eligible if hemoglobin ≥ 9 g/dL and platelets ≥ 100,000/mm3",
        ["hemoglobin >= 9 g/dL", "platelets >= 100000 /mm3"],
    ),
    ("ANC ≥ 1500/mm3 within 14 days of registration", ["anc >= 1500 /mm3"]),
]


@pytest.mark.parametrize(("words", "wanted"), LABORATORY)
def test_limits_on_measured_values_are_read(words, wanted):
    """Signs, words, units and multiples give one limit for each analyte, as the words state it."""
    proposed = read(words)

    assert proposed == wanted


OTHERS = [
    ("Age >= 18", ["age >= 18 years"]),
    ("Age > or = 18 years", ["age >= 18 years"]),
    ("Age greater than/equal to 18 years", ["age >= 18 years"]),
    ("18 years of age or older", ["age >= 18 years"]),
    ("Patients must be at least eighteen (18) years old", ["age >= 18 years"]),
    ("aged 18+ years", ["age >= 18 years"]),
    ("18 and over", ["age >= 18 years"]),
    ("Minimum age 18 years", ["age >= 18 years"]),
    ("over the age of 18", ["age > 18 years"]),
    ("Patients younger than 18 years of age", ["age < 18 years"]),
    ("Age between 18 and 75 years old (both inclusive)", ["age >= 18 <= 75 years"]),
    ("Age > 18 and < 75 years", ["age > 18 < 75 years"]),
    ("Patients must be older than 12 months", ["age > 12 months"]),
    ("Male or female, 18 years or older", ["sex all", "age >= 18 years"]),
    ("Adult females ≥18 years old with breast cancer", ["sex female", "age >= 18 years"]),
    ("Postmenopausal women, age >= 18", ["sex female", "age >= 18 years"]),
    ("ECOG performance status 0-2", ["performance ECOG >= 0 <= 2"]),
    ("ECOG PS 0, 1 or 2", ["performance ECOG >= 0 <= 2"]),
    ("ECOG = 0 or 1", ["performance ECOG >= 0 <= 1"]),
    ("Performance status - ECOG 0,1", ["performance ECOG >= 0 <= 1"]),
    ("ECOG performance status of 2 or better", ["performance ECOG <= 2"]),
    ("performance status of < or = 2 on the ECOG scale", ["performance ECOG <= 2"]),
    ("Performance status (WHO) ≤ 1", ["performance WHO <= 1"]),
    ("Zubrod performance status of 0/1", ["performance Zubrod >= 0 <= 1"]),
    ("ECOG ≤ 2 (Karnofsky ≥60%)", ["performance ECOG <= 2", "performance Karnofsky >= 60"]),
    ("Karnofsky performance status of at least 70%", ["performance Karnofsky >= 70"]),
    ("Karnofsky 70-100%", ["performance Karnofsky >= 70 <= 100"]),
    ("Life expectancy of > or = 3 months", ["life-expectancy >= 3 months"]),
    ("at least a 3 month life expectancy", ["life-expectancy >= 3 months"]),
    ("Expected survival of more than twelve weeks", ["life-expectancy > 12 weeks"]),
    ("Chemotherapy within 4 weeks prior to registration", ["wash-out < 4 weeks"]),
    ("No major surgery within the past 4 weeks", ["wash-out < 4 weeks"]),
    (
        "Treatment with an investigational agent in the 4 weeks before enrollment",
        ["wash-out < 4 weeks"],
    ),
    ("At least 21 days since last radiotherapy", ["wash-out >= 21 days"]),
    ("More than four weeks must have elapsed since any prior therapy", ["wash-out > 4 weeks"]),
    ("surgery <=3 weeks before study treatment", ["wash-out <= 3 weeks"]),
    ("Patients must be off corticosteroids for at least 2 weeks", ["wash-out >= 2 weeks"]),
    ("stroke (< 6 months)", ["wash-out < 6 months"]),
    (
        "CYP3A inhibitors within 14 days or 5 drug-elimination half-lives, whichever is longer",
        ["wash-out < 14 days", "wash-out < 5 half-lives"],
    ),
    ("No more than 2 prior chemotherapy regimens", ["prior-lines <= 2"]),
    ("At least one prior line of therapy", ["prior-lines >= 1"]),
    ("0-2 prior lines of chemotherapy", ["prior-lines >= 0 <= 2"]),
    ("One or two prior chemotherapy regimens", ["prior-lines >= 1 <= 2"]),
    ("Number of prior lines: 1-3", ["prior-lines >= 1 <= 3"]),
    ("More than three prior lines of chemotherapy", ["prior-lines > 3"]),
    (
        "at least 1 prior regimen, but not more than 2, in any setting",
        ["prior-lines >= 1", "prior-lines <= 2"],
    ),
    ("Minimum of 1 and maximum of 2 prior regimens", ["prior-lines >= 1", "prior-lines <= 2"]),
]


@pytest.mark.parametrize(("words", "wanted"), OTHERS)
def test_other_limits_are_read(words, wanted):
    """Age, sex, performance, life expectancy, wash-outs and prior lines are read by their words."""
    proposed = read(words)

    assert proposed == wanted


NO_LIMITS = [
    "Grade 2 or higher neutropenia",
    "Hemoglobin grade < 2",
    "Toxicity of prior therapy recovered to grade ≤ 1 by CTCAE version 4.03",
    "HR+ defined as ER >= 1% and/or PR >= 1%",
    "ER and PR < 10% and HER2 negative (IHC 0-1+ or FISH ratio < 2.2)",
    "At least one measurable lesion ≥ 10 mm by spiral CT",
    "Lesions >= 2 cm",
    "Prior radiation to > 25% of the bone marrow",
    "Ki-67 ≥ 20%",
    "Weight loss > 10% in the last 3 months",
    "Doxorubicin cumulative dose > 360 mg/m2",
    "Prednisone > 10 mg/day",
    "A decrease in LVEF of > 10% from baseline",
    "a 10% drop in LVEF on previous anthracyclines",
    "a contraceptive method with a failure rate < 1% per year",
    "Postmenopausal defined as age ≥ 60 years",
    "no menses for ≥ 12 months, FSH > 40 mIU/mL",
    "New York Heart Association class > 2",
    "Creatinine within normal limits",
    "LVEF below normal",
    "Laboratory values obtained within 14 days prior to registration",
    "Negative pregnancy test within 7 days prior to study",
    "Women must use contraception for 3 months after the last dose",
    "Stable brain metastases for at least 4 weeks",
    "on a stable dose of bisphosphonates for at least 4 weeks",
    "Relapse within 12 months of completing adjuvant therapy",
    "Cycles are repeated every 3 weeks",
    "At least two cycles of prior therapy",
    "Any number of prior therapies",
    "Women of childbearing potential",
    "Pregnant women",
    "Female CrCl = ((140 - age in years) x weight in kg x 0.85) / (72 x serum creatinine)",
]


@pytest.mark.parametrize("words", NO_LIMITS)
def test_what_is_no_limit_is_not_proposed(words):
    """Grades, sizes, doses, receptors, tests, stability, contraception and definitions are none."""
    proposed = read(words)

    assert proposed == []


LOST = [
    ("Platelets  100,000/uL", "platelets"),
    ("ANC 1500", "anc"),
    ("LVEF ³50%", "lvef"),
    ("Hemoglobin = 9 g/dL", "hemoglobin"),
    ("ANC >> 1500", "anc"),
    ("ANC ? 1500/mm3", "anc"),
    ("ANC > or 1500", "anc"),
    ("ANC >/ 1500", "anc"),
    ("Platelets > < 100,000", "platelets"),
    ("Bilirubin at least < 1.5 mg/dL", "total-bilirubin"),
    ("Bilirubin > 1.5 - 3 x ULN", "total-bilirubin"),
    ("Platelets ≥ 100.000/mm3", "platelets"),
    ("ANC ≥ 1.5 x 10", "anc"),
    ("PT > ULN + 4s", "pt"),
    ("Hemoglobin ≥ 9 mmHg", "hemoglobin"),
    ("Creatinine ≥ 60 mL/min", "creatinine"),
    ("blood pressure > 150 mmHg", "blood-pressure"),
    ("blood pressure 140/90 mmHg", "systolic-pressure"),
    ("AST ≤ 2.5", "ast"),
    ("ECOG 2", ""),
    ("ECOG performance status at least 2", ""),
    ("Performance status 0-2", ""),
    ("Age 18 years", ""),
    ("Life expectancy of 12 weeks", ""),
    ("a 4 weeks washout period", ""),
]


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize(("words", "fact"), LOST)
def test_a_lost_or_garbled_comparator_is_never_guessed(words, fact, carry):
    """Such a limit stays open, with the reason, whether or not comparators may be carried."""
    reading = read_limits(words, carry=carry)

    assert reading.proposals == ()
    assert reading.open[0].fact == fact
    assert reading.open[0].because


SIGN = re.compile(
    r"\\?[<>] ?/? ?(?:or ?)?=|=[<>]|[<>≥≤]|&[gl]t;=?"
    r"|at least|at most|no more than|no greater than|less than|more than|within|above|below"
)


def atoms(words: str, *, carry: bool) -> set[tuple[str, ...]]:
    """Give every bound that is proposed of a line."""
    return {
        (each.kind, getattr(each, "fact", ""), side, str(getattr(each, side)))
        for each in read_limits(words, carry=carry).proposals
        for side in SIGNS
        if getattr(each, side, None) is not None
    }


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("words", [words for words, _ in (*LABORATORY, *OTHERS)])
def test_a_comparator_taken_away_leaves_no_other_direction(words, carry):
    """Every line above, each of its comparators lost or garbled in turn, proposes nothing new."""
    whole = atoms(words, carry=carry)
    new = {
        atom
        for sign in SIGN.finditer(words)
        for left in ("", " ", "³", "?")
        for atom in atoms(words[: sign.start()] + left + words[sign.end() :], carry=carry) - whole
    }

    assert new == set()


def test_a_comparator_is_carried_only_when_asked_and_says_so():
    """A second limit in other circumstances takes the comparator before it, marked as medium."""
    words = "AST < 3 x ULN (or 5 x ULN with liver metastases)"

    carried = read_limits(words, carry=True)
    plain = read_limits(words, carry=False)

    assert [told(each) for each in carried.proposals] == [
        "ast < 3 x ULN",
        "ast < 5 x ULN | liver metastases",
    ]
    assert [each.confidence for each in carried.proposals] == ["high", "medium"]
    assert carried.proposals[1].because
    assert [told(each) for each in plain.proposals] == ["ast < 3 x ULN"]
    assert [each.fact for each in plain.open] == ["ast"]


def test_a_comparator_is_never_carried_to_another_analyte_or_a_bare_alternative():
    """`or 150 mmHg` after `< 90 mmHg` may be above: only the stated bound is proposed."""
    proposed = [
        read("SBP < 90 mmHg or 150 mmHg"),
        read("ANC ≥ 1,500/mm3, platelets 100,000/mm3"),
        read("creatinine ≤ 1.5 x ULN or creatinine clearance 60 mL/min"),
    ]

    assert proposed == [
        ["systolic-pressure < 90 mm[Hg]"],
        ["anc >= 1500 /mm3"],
        ["creatinine <= 1.5 x ULN"],
    ]


def test_an_arm_is_named_by_its_letter():
    """A line for some arms is proposed for these arms only."""
    reading = read_limits("For Arms A and C only: hemoglobin >= 9 g/dL")

    assert [each.arms for each in reading.proposals] == [("A", "C")]


def test_a_part_without_a_letter_is_said():
    """A line for one phase is marked, for a proposal cannot name a phase."""
    (proposal,) = read_limits("Phase II only: at least one prior regimen").proposals

    assert proposal.confidence == "medium"
    assert "phase ii" in proposal.because


def test_a_washout_keeps_its_words():
    """What was before, and the day that it counts back from, are the record's own words."""
    (proposal,) = read_limits("Major surgery within 28 days prior to First Dose").proposals

    assert proposal.kind == "wash-out"
    assert (proposal.what, proposal.before) == ("Major surgery", "First Dose")


def test_times_that_combine_say_how():
    """`14 days or 5 half-lives, whichever is longer` keeps how the two combine."""
    words = "CYP3A inhibitors within 14 days or 5 half-lives, whichever is longer"

    reading = read_limits(words, carry=False)

    assert [each.whichever for each in reading.proposals] == ["longer", "longer"]
