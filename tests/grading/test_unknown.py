"""What is not recorded: no grade, or the grade that cannot change, never a guess."""

from decimal import Decimal

import pytest

from trialwright.grading.laboratory import grade
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.verdicts import Answer

ALT = "Alanine aminotransferase increased"
QTC = "Electrocardiogram QT corrected interval prolonged"


@pytest.mark.parametrize(
    ("term", "amount", "given", "missing", "possible"),
    [
        (ALT, "130 U/L", {}, ("uln",), (0, 1, 2, 3, 4)),
        ("CPK increased", "500 U/L", {}, ("uln",), (0, 1, 2, 3, 4)),
        ("Neutrophil count decreased", "1.8 10*9/L", {}, ("lln",), (0, 1)),
        ("Hyperkalemia", "5.3 mmol/L", {}, ("uln",), (0, 1)),
        ("Fibrinogen decreased", "0.9 g/L", {"baseline": "3"}, ("lln", "baseline_abnormal"), None),
        ("Eosinophilia", "0.6 10*9/L", {"uln": "0.5"}, ("baseline",), (0, 1)),
        ("Lipase increased", "180 U/L", {"uln": "60"}, ("symptomatic",), (2, 3)),
        ("Serum amylase increased", "501 U/L", {"uln": "100"}, ("symptomatic",), (3, 4)),
        ("Hyponatremia", "127 mmol/L", {"lln": "135"}, ("symptomatic",), (2, 3)),
        ("Hyperuricemia", "8 mg/dL", {"uln": "7"}, ("physiologic_consequences",), (1, 3)),
        ("INR increased", "1.1", {"baseline": "1"}, ("on_anticoagulation",), (0, 1)),
        ("INR increased", "1.1", {"context": {"on_anticoagulation": True}}, ("baseline",), None),
        (
            ALT,
            "130 U/L",
            {"uln": "40", "context": {"baseline_abnormal": True}},
            ("baseline",),
            None,
        ),
        ("Leukocytosis", "90 10*9/L", {"context": {"leukostasis": True}}, ("uln",), (0, 4)),
        ("Anemia", "12 g/dL", {"context": {"transfusion": True}}, ("lln",), (0, 1, 3)),
        ("Hyperglycemia", "260 mg/dL", {"uln": "100", "version": "4.03"}, ("fasting value",), None),
    ],
)
def test_what_is_missing_is_named_and_no_grade_is_given(
    ask, term, amount, given, missing, possible
):
    """Unknown is neither a grade nor grade 0."""
    found = ask(term, amount, **given)

    assert (found.grade, found.missing) == (None, missing), found.because
    assert possible is None or found.possible == possible
    assert "cannot be graded" in found.because


@pytest.mark.parametrize(
    ("term", "amount", "given", "expected"),
    [
        ("Neutrophil count decreased", "1.2 10*9/L", {}, 2),
        ("Hyperkalemia", "5.8 mmol/L", {}, 2),
        ("Hyperkalemia", "7.5 mmol/L", {"lln": "3.5"}, 4),
        ("Lymphocyte count increased", "4.1 10*9/L", {}, 2),
        ("INR increased", "1.3", {}, 1),
        ("Hyponatremia", "119 mmol/L", {}, 4),
        ("Lipase increased", "100 U/L", {"uln": "60"}, 2),
        ("Hyperuricemia", "6 mg/dL", {"uln": "7"}, 0),
        ("Eosinophilia", "0.4 10*9/L", {"uln": "0.5"}, 0),
        ("Hyperglycemia", "95 mg/dL", {"uln": "100"}, 0),
        ("Fibrinogen decreased", "40 mg/dL", {}, 4),
    ],
)
def test_a_missing_fact_that_cannot_change_the_grade_does_not_hold_it_up(
    ask, term, amount, given, expected
):
    """A printed number decides without the reference limit."""
    found = ask(term, amount, **given)

    assert found.grade == expected, found.because


@pytest.mark.parametrize(
    ("term", "amount", "given", "expected"),
    [
        (ALT, "130 U/L", {"uln": "40"}, 2),
        ("Creatinine increased", "1.5 mg/dL", {"uln": "1.2"}, 1),
        (QTC, "470 ms", {}, 1),
    ],
)
def test_without_a_baseline_the_limits_that_need_none_count_and_it_is_said(
    ask, term, amount, given, expected
):
    """No baseline on record: multiples of ULN, with the baseline named as missing."""
    found = ask(term, amount, **given)

    assert (found.grade, found.missing) == (expected, ("baseline",))
    assert "no baseline given" in found.because


@pytest.mark.parametrize(
    ("amount", "wanted", "answer"),
    [
        ("180 U/L", 2, Answer.MET),
        ("180 U/L", 3, Answer.UNKNOWN),
        ("180 U/L", 4, Answer.NOT_MET),
        ("90 U/L", 1, Answer.MET),
        ("90 U/L", 2, Answer.NOT_MET),
        ("60 U/L", 1, Answer.NOT_MET),
    ],
)
def test_an_open_grade_still_answers_what_all_its_possible_grades_answer(
    ask, amount, wanted, answer
):
    """Lipase 3 x ULN without recorded symptoms is grade 2 or 3: at least 2, below 4."""
    found = ask("Lipase increased", amount, uln="60")

    assert found.reaches(wanted) is answer


def test_hypokalemia_is_grade_1_until_symptoms_are_recorded(ask):
    """Grade 1 is printed without a condition; what could raise it is named."""
    found = ask("Hypokalemia", "3.2 mmol/L", lln="3.5")

    assert (found.grade, found.lab_only_grade, found.missing) == (1, 2, ("symptomatic",))


@pytest.mark.parametrize(
    ("term", "amount", "given", "expected", "possible"),
    [
        ("Neutrophil count decreased", "<0.3 10*9/L", {}, 4, (4,)),
        ("Neutrophil count decreased", "<0.5 10*9/L", {}, 4, (4,)),
        ("Neutrophil count decreased", "<=0.5 10*9/L", {}, None, (3, 4)),
        ("Neutrophil count decreased", "<0.8 10*9/L", {}, None, (3, 4)),
        ("Neutrophil count decreased", ">2.5 10*9/L", {"lln": "2"}, 0, (0,)),
        ("Neutrophil count decreased", ">=1.5 10*9/L", {"lln": "2"}, None, (0, 1)),
        ("Neutrophil count decreased", ">1.0 10*9/L", {"lln": "2"}, None, (0, 1, 2)),
        ("Hyperkalemia", ">7 mmol/L", {}, 4, (4,)),
        ("Hyperkalemia", ">=7 mmol/L", {}, None, (3, 4)),
        ("Hyperkalemia", "<3 mmol/L", {"uln": "5"}, 0, (0,)),
        ("Blood bilirubin increased", "<0.2 mg/dL", {"uln": "1.2"}, 0, (0,)),
        ("Creatinine increased", ">3.0 mg/dL", {"uln": "1.2", "baseline": "0.9"}, None, (3, 4)),
        ("Hypertriglyceridemia", "<150 mg/dL", {}, 0, (0,)),
        ("Hypertriglyceridemia", "<=150 mg/dL", {}, None, (0, 1)),
    ],
)
def test_a_reported_limit_is_graded_only_if_all_it_may_mean_has_one_grade(
    ask, term, amount, given, expected, possible
):
    """`<0.3` is every number below 0.3."""
    found = ask(term, amount, **given)

    assert (found.grade, found.possible) == (expected, possible), found.because


NOT_FASTING = [{"context": {"fasting": False}}] + [
    {"test": f"GLUC {name}"} for name in ("random", "non-fasting", "not fasting", "nonfasting", "")
]


@pytest.mark.parametrize("given", NOT_FASTING)
def test_version_4_03_glucose_that_was_not_fasting_is_not_graded(ask, given):
    """The 4.03 limits are for fasting glucose."""
    found = ask("Hyperglycemia", "260 mg/dL", uln="100", version="4.03", **given)

    assert (found.grade, found.lab_only_grade) == (None, 3)


@pytest.mark.parametrize(
    "given", [{"test": "GLUC fasting"}, {"test": "FPG"}, {"context": {"fasting": True}}]
)
def test_version_4_03_glucose_is_graded_when_fasting_is_on_record(ask, given):
    """The test's name or the context says that it was fasting."""
    found = ask("Hyperglycemia", "260 mg/dL", uln="100", version="4.03", **given)

    assert found.grade == 3


def test_the_sentence_of_a_grade_names_value_limits_and_version(ask):
    """A reader can check the grade from the sentence alone."""
    found = ask("Neutrophil count decreased", "1.49 10*9/L", lln="2.0", uln="7.0")

    assert found.because == (
        "Neutrophil count decreased (CTCAE 5.0): 1.49 10*9/L is grade 2: "
        "'<1500 - 1000/mm3; <1.5 - 1.0 x 10e9 /L', here at least 1 and below 1.5 10*9/L; "
        "LLN 2 10*9/L, ULN 7 10*9/L"
    )
    assert found.source == (
        "NCI CTCAE v5.0 (2017-11-27), Investigations: Neutrophil count decreased"
    )


def test_a_printed_limit_inside_the_reference_range_is_pointed_out(ask):
    """CTCAE grades 1.3 as 2 even where the laboratory's LLN is 1.2."""
    found = ask("Neutrophil count decreased", "1.3 10*9/L", lln="1.2")

    assert found.grade == 2
    assert "though not below LLN" in found.because


REFUSED = [
    ("Rash", "1 mg/dL", {}, "term"),
    ("Anemia", "9 g/dL", {"version": "6.0"}, "version"),
    ("Anemia", "9 g/dL", {"version": "4.03"}, "term"),
    ("Anemia", "9 10*9/L", {}, "unit"),
    ("Anemia", "9 g/dL", {"test": "PLAT"}, "test"),
    ("Hypercalcemia (Ionized)", "1.5 mmol/L", {"test": "CA corrected"}, "test"),
    ("Hyperkalemia", "20 mg", {"uln": "5"}, "unit"),
    ("INR increased", "120 %", {}, "unit"),
    ("Anemia", "-9 g/dL", {}, "value"),
    ("Anemia", "<0 g/dL", {}, "value"),
    ("Anemia", "9 g/dL", {"lln": 11.5}, "lln"),
    ("Anemia", "9 g/dL", {"lln": True}, "lln"),
    ("Anemia", "9 g/dL", {"lln": Decimal("NaN")}, "lln"),
    ("Anemia", "9 g/dL", {"lln": "15", "uln": "11"}, "lln"),
    (ALT, "90 U/L", {"uln": "0"}, "uln"),
    (ALT, "90 U/L", {"uln": "40", "baseline": "0"}, "baseline"),
    (ALT, "90 U/L", {"uln": "40", "baseline": "-1"}, "baseline"),
]


@pytest.mark.parametrize(("term", "amount", "given", "where"), REFUSED)
def test_what_no_laboratory_reports_is_refused_by_its_place(ask, term, amount, given, where):
    """A mistaken unit, test or limit is an error, not an unknown grade."""
    with pytest.raises(Refusal) as refused:
        ask(term, amount, **given)

    assert [fault.where for fault in refused.value.faults] == [where]


@pytest.mark.parametrize("test", ["HGB", "hgb venous", "our own name", ""])
def test_a_test_that_no_other_term_claims_is_taken(ask, test):
    """Laboratories name tests in many ways; only a name of another term is refused."""
    assert ask("Anemia", "9 g/dL", lln="11.5", test=test).grade == 2


def test_all_faults_of_a_case_are_named_at_once(ask):
    """Limit, test and context are checked before anything is graded."""
    with pytest.raises(Refusal) as refused:
        ask("Anemia", "9 g/dL", test="PLAT", lln="-1", context={"tired": True})

    assert {fault.where for fault in refused.value.faults} == {"context.tired", "test", "lln"}


@pytest.mark.parametrize(
    ("term", "unit"), [("Anemia", "bananas"), (ALT, "bananas"), ("INR increased", "bananas")]
)
def test_an_unreadable_unit_is_refused(rules, term, unit):
    """Also where only multiples of ULN count: the unit is on the record."""
    with pytest.raises(Refusal) as refused:
        grade(rules, term, Quantity(Decimal(9), unit), uln=Decimal(3))

    assert [fault.where for fault in refused.value.faults] == ["unit"]


def test_a_limit_that_only_a_molar_mass_gives_is_shown_rounded(ask):
    """CTCAE prints 2 g/dL above ULN; in mmol/L that is 1.24116 by 16114 g/mol."""
    found = ask("Hemoglobin increased", "10.9 mmol/L", uln="9.6")

    assert found.grade == 2
    assert "above 10.8412 and at most 12.0823 mmol/L" in found.because


def test_a_value_alone_that_decides_nothing_is_said_to_do_so(ask):
    """With the baseline recorded as abnormal its multiples decide without ULN."""
    found = ask(ALT, "130 U/L", baseline="30", context={"baseline_abnormal": True})

    assert (found.grade, found.lab_only_grade) == (2, None)
    assert found.differs_because == "The value alone decides no grade"


@pytest.mark.parametrize("version", ["5", "v5.0", "CTCAE v5", "5.0"])
@pytest.mark.parametrize("term", ["Anaemia", "anemia", " Anemia "])
def test_a_term_and_version_are_found_in_their_usual_spellings(ask, term, version):
    """British spelling and short version names mean the same criteria."""
    found = ask(term, "9 g/dL", lln="11.5", version=version)

    assert (found.term, found.version, found.grade) == ("Anemia", "5.0", 2)


@pytest.mark.parametrize("unit", ["1", "pH", "[pH]"])
def test_ph_has_no_unit_however_it_is_written(rules, unit):
    """In UCUM `pH` is the picohenry; here it is the test."""
    found = grade(rules, "Acidosis", Quantity(Decimal("7.29"), unit))

    assert found.grade == 3
