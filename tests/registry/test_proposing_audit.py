"""Invented lines in the wordings that fresh readers of records found read wrongly or missed."""

import pytest

from trialwright.protocol.proposals import Proposal, WashOutProposal
from trialwright.registry.proposing.clauses import is_balanced
from trialwright.registry.proposing.reading import read_limits

SIGNS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


def bounds(proposal: Proposal) -> str:
    """Write the bounds of a proposal shortly."""
    given = proposal.model_dump()
    return " ".join(f"{sign} {given[side]}" for side, sign in SIGNS.items() if given.get(side))


def wash_outs(words: str) -> list[tuple[str, str, str]]:
    """Give each wash-out of a line: what it is of, its bounds with their unit, the day."""
    return [
        (each.what, f"{bounds(each)} {each.unit}", each.before)
        for each in read_limits(words).proposals
        if isinstance(each, WashOutProposal)
    ]


def others(words: str) -> list[str]:
    """Write each proposal of a line that is no wash-out."""
    told = []
    for each in read_limits(words).proposals:
        given = each.model_dump()
        name = given.get("fact") or given.get("expect") or each.kind
        tail = (given.get("unit"), given.get("times"), given.get("given"))
        told.append(" ".join(filter(None, (name, bounds(each), *tail))))
    return told


SUBJECTS = [
    (
        "Vaccines against viruses (e.g. measles, mumps) within 4 weeks of first dose",
        [("Vaccines against viruses (e.g. measles, mumps)", "< 4 weeks", "first dose")],
    ),
    (
        "A valve defect, epilepsy, stroke (within the last 3 months), or class III heart failure",
        [("stroke", "< 3 months", "")],
    ),
    (
        "Seizures requiring treatment, or myocardial infarction (< 6 months)",
        [("myocardial infarction", "< 6 months", "")],
    ),
    (
        "Kidney transplant, or subjects who have required dialysis within 14 days of study entry",
        [("dialysis", "< 14 days", "study entry")],
    ),
    (
        "Immunodeficiency or is receiving steroid therapy within 7 days prior to registration",
        [("steroid therapy", "< 7 days", "registration")],
    ),
    (
        "Known hypersensitivity to taxanes, investigational therapy, surgery within 4 weeks",
        [("investigational therapy, surgery", "< 4 weeks", "")],
    ),
    (
        "Symptomatic brain metastases or with radiotherapy completed within the past 8 weeks",
        [("radiotherapy", "< 8 weeks", "")],
    ),
    (
        "Chemotherapy or radiotherapy within 4 weeks",
        [("Chemotherapy or radiotherapy", "< 4 weeks", "")],
    ),
    (
        "Heart disease of class II or greater, stroke or angina in the past 6 months",
        [("stroke or angina", "< 6 months", "")],
    ),
    (
        "All prior chemotherapy must have been discontinued at least 3 weeks prior to study entry",
        [("All prior chemotherapy", ">= 3 weeks", "study entry")],
    ),
    (
        "Prior treatment must be stopped at least 2 weeks before treatment start",
        [("treatment", ">= 2 weeks", "treatment start")],
    ),
    (
        "ii) Bisphosphonates must be completed at least 5 days before randomization",
        [("Bisphosphonates", ">= 5 days", "randomization")],
    ),
    (
        "Treated brain disease (seen by MRI) off dexamethasone for at least 2 weeks",
        [("dexamethasone", ">= 2 weeks", "")],
    ),
    (
        "Eligible if stable and have not required steroid treatment in the last 4 weeks",
        [("steroid treatment", "< 4 weeks", "")],
    ),
    (
        "Adjuvant tamoxifen is allowed, provided treatment ended at least 2 weeks before day 1",
        [("Adjuvant tamoxifen", ">= 2 weeks", "day 1")],
    ),
    (
        "Adjuvant taxanes are allowed if a minimum of 12 months have elapsed from the end of this"
        " therapy",
        [("Adjuvant taxanes", ">= 12 months", "")],
    ),
    (
        "Live vaccines or killed (old) vaccines within 28 days or 14 days, respectively, of day 1",
        [("Live vaccines", "< 28 days", ""), ("killed (old) vaccines", "< 14 days", "day 1")],
    ),
    (
        "Steroids must be stopped at least 2 weeks before enrollment for short use (up to 14 days)"
        " or discontinued at least 4 weeks prior to enrollment for long use",
        [("Steroids", ">= 2 weeks", "enrollment"), ("Steroids", ">= 4 weeks", "enrollment")],
    ),
    (
        "Heart disease, e.g., stroke, angina within 6 months prior to enrollment",
        [("stroke, angina", "< 6 months", "enrollment")],
    ),
    ("Prior taxanes are allowed if > 6 weeks since last dose", [("taxanes", "> 6 weeks", "")]),
    ("Heart attack within the last year", [("Heart attack", "< 1 years", "")]),
    ("history (within the past year) of alcohol abuse", [("alcohol abuse", "< 1 years", "")]),
    ("Surgery within 4 weeks of treatment day 1", [("Surgery", "< 4 weeks", "treatment day 1")]),
    (
        "Another new drug (defined as one that is not marketed) within 3 months of the first"
        " administration of IMP",
        [
            (
                "Another new drug (defined as one that is not marketed)",
                "< 3 months",
                "first administration of IMP",
            )
        ],
    ),
    (
        "Patients must be asymptomatic, and must be enrolled at least 1 month after the end of the"
        " radiotherapy",
        [("the end of the radiotherapy", ">= 1 months", "")],
    ),
    (
        "At least 21 days must have elapsed between the last dose of radiation and registration",
        [("the last dose of radiation", ">= 21 days", "registration")],
    ),
    (
        "The interval between definitive surgery and study registration is < 60 days",
        [("definitive surgery", "< 60 days", "study registration")],
    ),
    (
        "Smoking within the last 6 months prior to beginning the study",
        [("Smoking", "< 6 months", "beginning the study")],
    ),
]


@pytest.mark.parametrize(("words", "wanted"), SUBJECTS)
def test_a_time_governs_the_treatment_that_is_its_own(words, wanted):
    """Brackets, lists with states, duties, permissions and words that point back name one thing."""
    read = wash_outs(words)

    assert [(what, bound) for what, bound, _ in read] == [
        (what, bound) for what, bound, _ in wanted
    ]
    assert read[-1][2] == wanted[-1][2]


NO_WASH_OUTS = [
    "Clotting tests within two weeks before initial biopsy",
    "Prothrombin time (PT) and thromboplastin time within normal limits within 2 weeks of day 1",
    "Staging should be completed within 35 days prior to study entry",
    "Chemotherapy within 8 weeks from the day of the last platinum dose",
    "They did not progress while on or within 8 weeks from the last dose of platinum",
    "Disease progression within 6 months of study entry",
    "not recovered from adverse events due to agents administered more than 4 weeks earlier",
    "Those on denosumab are eligible provided it was initiated at least 14 days before day 1",
    "on a stable dose of thyroxine for at least 4 weeks before study entry",
    "Prior taxanes (except for adjuvant therapy more than 6 months prior to day 1)",
    "Hormone therapy is permitted within 4 weeks of study entry",
    "A disease that is not active nor has required therapy (< 4 weeks prior to entry) is not reason"
    " for exclusion",
    "Chemotherapy, radiotherapy and surgery within 4 weeks or 2 weeks, respectively, of day 1",
]


@pytest.mark.parametrize("words", NO_WASH_OUTS)
def test_a_time_that_is_no_wash_out_is_not_proposed(words):
    """Tests, relapses, recovery, beginnings, exceptions and permissions are none."""
    read = wash_outs(words)

    assert read == []


@pytest.mark.parametrize("words", [words for words, _ in SUBJECTS])
def test_no_subject_holds_half_a_bracket(words):
    """Whatever a subject is, its brackets are closed."""
    read = wash_outs(words)

    assert all(is_balanced(what) for what, _, _ in read)


def test_what_is_left_out_of_a_list_is_said():
    """A subject that is a part of its list is marked, with the reason."""
    (proposal,) = read_limits("Immunodeficiency or is receiving steroids within 7 days").proposals

    assert proposal.confidence == "medium"
    assert "last words" in proposal.because


LIMITS = [
    ("Testosterone < 50 ng/dL (< 1.7 nmol/L)", ["testosterone < 50 ng/dL"]),
    ("Creatinine <= 1.5 mg/dL or 133 umol/L", ["creatinine <= 1.5 mg/dL"]),
    (
        "Creatinine <= 1.5 mg/dL (<= 200 umol/L)",
        ["creatinine <= 1.5 mg/dL", "creatinine <= 200 umol/L"],
    ),
    (
        "Bradycardia defined as heart rate < 50 per minute. Patients with a pacemaker and heart"
        " rate > 50 per minute are eligible",
        ["heart-rate < 50 /min"],
    ),
    ("Patients with hemoglobin >= 9 g/dL are eligible", ["hemoglobin >= 9 g/dL"]),
    ("ALT < 2.5 x ULN (or > 5 x ULN with liver metastases)", ["alt < 2.5 ULN"]),
    (
        "ALT < 2.5 x ULN (or < 5 x ULN in the case of liver metastases)",
        ["alt < 2.5 ULN", "alt < 5 ULN liver metastases"],
    ),
    ("Creatinine clearance >= 60 mL/min for patients with creatinine", []),
    (
        "Normal heart function by ejection fraction. The result must be greater than 50%",
        ["lvef > 50 %"],
    ),
    ("LVEF or shortening fraction is needed. The result must be greater than 50%", []),
    (
        "AST, ALT, TBL, GGT and ALP at or below the ULN",
        [
            f"{each} <= 1 ULN"
            for each in ("ast", "alt", "total-bilirubin", "ggt", "alkaline-phosphatase")
        ],
    ),
    ("AST, ALT, XQZ and GGT < 2 x ULN", ["ast < 2 ULN", "alt < 2 ULN", "ggt < 2 ULN"]),
    ("T. bili <= 1.5 mg/dL", ["total-bilirubin <= 1.5 mg/dL"]),
    (
        "Creatinine clearance >= 40 mL/min (if using the Cockcroft-Gault formula)",
        ["creatinine-clearance >= 40 mL/min"],
    ),
    ("Bundle branch block with QRS > 120 ms", []),
    ("Patients with QRS > 120 ms", ["qrs > 120 ms"]),
    ("age < 35 years", []),
    ("Patients < 35 years of age are excluded", ["age < 35 years"]),
    ("Age < 18 years", ["age < 18 years"]),
    ("Calculated clearance is needed for participants aged > 65 years", []),
    ("Patients > 65 years must pass a geriatric assessment", []),
    ("Patients > 18 years must give consent", ["age > 18 years"]),
    ("Received only 1 prior line of therapy", ["prior-lines >= 1 <= 1"]),
    ("Exactly one prior regimen", ["prior-lines >= 1 <= 1"]),
    ("Only 1 prior regimen is permitted", []),
    ("Only  1 prior regimen", []),
    ("Female for phase II and male or female for phase I", ["female", "all"]),
    ("PHASE I: Women with sporadic tumors", ["female"]),
]


@pytest.mark.parametrize(("words", "wanted"), LIMITS)
def test_limits_stand_for_themselves(words, wanted):
    """Restatements, exceptions, parts of findings and cut conditions are no limits of their own."""
    read = others(words)

    assert read == wanted


@pytest.mark.parametrize(
    "words",
    [
        "For phase I: platelets >= 100,000/mm3",
        "For phase I, at least one prior regimen",
        "Part B: surgery within 4 weeks",
        "Cohort 2: age >= 18 years",
        "Dose expansion cohort: ALT < 3 x ULN",
    ],
)
def test_the_part_at_the_head_of_a_line_is_said(words):
    """No proposal has a field for a part of the trial: it is said, and the confidence is medium."""
    proposals = read_limits(words).proposals

    assert proposals
    assert {each.confidence for each in proposals} == {"medium"}
    assert all("the line speaks of" in each.because for each in proposals)


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("Hormone therapy is permitted within 4 weeks of study entry", "permit"),
        ("Patients with a pacemaker and heart rate > 50 per minute are eligible", "exception"),
        ("ALT < 2.5 x ULN (or > 5 x ULN with liver metastases)", "contradicts"),
        ("Creatinine clearance >= 60 mL/min for patients with creatinine", "cut off"),
        ("Bundle branch block with QRS > 120 ms", "finding"),
        ("Chemotherapy within 3 weeks before surgery", "another event"),
        ("age < 35 years", "low age"),
    ],
)
def test_what_stays_open_says_why(words, because):
    """A limit that was seen and not proposed has its reason."""
    reasons = [each.because for each in read_limits(words).open]

    assert any(because in each for each in reasons)


def test_a_number_before_its_analyte_in_brackets_stays_open():
    """It is not about the word before the bracket, and the next limit is not about its analyte."""
    words = "Hypercalcemia (> 1.5 mmol/L ionized calcium or > 12 mg/dL)"
    reading = read_limits(words)

    assert [(each.fact, each.above) for each in reading.proposals] == [("calcium", 12)]
    assert [each.fact for each in reading.open] == ["ionized-calcium"]


def test_a_number_in_brackets_of_its_own_is_about_what_stands_before():
    """The bracket closes before the next analyte."""
    reading = read_limits("Platelets (>= 100,000/mm3) hemoglobin >= 9 g/dL")

    assert [each.fact for each in reading.proposals] == ["platelets", "hemoglobin"]
    assert reading.open == ()
