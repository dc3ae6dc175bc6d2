"""What is recorded around a value, and how it moves the grade."""

from decimal import Decimal

import pytest

from trialwright.grading.context import FACTS, read_context
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity

APTT = "Activated partial thromboplastin time prolonged"


def faults_of(given):
    """Give the places of the faults that a context is refused for."""
    with pytest.raises(Refusal) as refused:
        read_context(given)
    return [fault.where for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("given", "fact", "answer"),
    [
        ({"symptomatic": True}, "symptomatic", True),
        ({"asymptomatic": True}, "symptomatic", False),
        ({"Signs or symptoms": False}, "symptomatic", False),
        ({"anticoagulated": True}, "on_anticoagulation", True),
        ({"leucostasis": True}, "leukostasis", True),
        ({"hospitalisation_indicated": True}, "hospitalization_indicated", True),
        ({"life-threatening": True}, "life_threatening", True),
        ({"without_physiologic_consequences": True}, "physiologic_consequences", False),
        ({"torsades": True}, "torsade_de_pointes", True),
        ({"rhythm": "Torsade de pointes"}, "torsade_de_pointes", True),
        ({"rhythm": "sinus rhythm"}, "serious_arrhythmia", False),
        ({"arrhythmia": True}, "serious_arrhythmia", True),
        ({"intervention": "none"}, "intervention_indicated", False),
        ({"intervention": "No medical intervention"}, "intervention_initiated", False),
        ({"intervention": "diet changes only"}, "intervention_initiated", False),
        ({"intervention": "monitoring only"}, "monitoring_only", True),
        ({"intervention": "metformin started"}, "oral_agent_initiated", True),
        ({"intervention": "oral antiglycaemic agent initiated"}, "oral_agent_initiated", True),
        ({"intervention": "workup for diabetes"}, "diabetes_workup", True),
        ({"intervention": "change in daily management"}, "daily_management_changed", True),
        ({"intervention": "insulin dose increased"}, "daily_management_changed", True),
        ({"intervention": "Insulin therapy initiated"}, "insulin_initiated", True),
        ({"intervention": "insulin started; hospitalization"}, "hospitalization_indicated", True),
        ({"intervention": "urgent intervention"}, "urgent_intervention_indicated", True),
        ({"intervention": "oral replacement therapy"}, "oral_replacement_indicated", True),
        ({"intervention": "potassium binder started"}, "intervention_initiated", True),
        ({"intervention": "intervention indicated"}, "intervention_indicated", True),
        ({"intervention": True}, "intervention_initiated", True),
        ({"insulin_started": True}, "intervention_indicated", True),
        ({"intervention_indicated": False}, "intervention_initiated", False),
    ],
)
def test_a_fact_is_understood_by_its_usual_names(given, fact, answer):
    """Synonyms, opposites and words lead to one named fact."""
    facts = read_context(given).facts

    assert facts[fact] is answer


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        ("insulin dose increased", "insulin_initiated"),
        ("intervention indicated", "intervention_initiated"),
        ("hospitalization indicated", "intervention_initiated"),
        ("workup for diabetes", "oral_agent_initiated"),
    ],
)
def test_words_record_no_fact_that_they_do_not_say(words, fact):
    """An insulin dose changed is not insulin started."""
    facts = read_context({"intervention": words}).facts

    assert fact not in facts


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_given_as_null_is_not_recorded(fact):
    """Null is neither yes nor no."""
    assert read_context({fact: None}).facts == {}


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"symptomattic": True}, ["context.symptomattic"]),
        ({"symptomattic": None}, ["context.symptomattic"]),
        ({"symptomatic": "no"}, ["context.symptomatic"]),
        ({"symptomatic": 0}, ["context.symptomatic"]),
        ({"symptomatic": True, "asymptomatic": True}, ["context.asymptomatic"]),
        ({"intervention": "none", "insulin_initiated": True}, ["context.insulin_initiated"]),
        ({"intervention": "no insulin"}, ["context.intervention"]),
        ({"intervention": "prayer"}, ["context.intervention"]),
        ({"intervention": ""}, ["context.intervention"]),
        ({"intervention": 3}, ["context.intervention"]),
        ({"rhythm": "wobbly"}, ["context.rhythm"]),
        ({"rhythm": True}, ["context.rhythm"]),
        ({"record": "last week"}, ["context.record"]),
        ({"record": True}, ["context.record"]),
        ({"albumin_g_dl": 2.0}, ["context.albumin_g_dl"]),
        ({"albumin_g_dl": "2.0"}, ["context.albumin_g_dl"]),
        ({"albumin_g_dl": 20}, ["context.albumin_g_dl"]),
        ({"albumin_g_dl": 0}, ["context.albumin_g_dl"]),
        ({"albumin": "20"}, ["context.albumin"]),
        ({"albumin": "20 mmol/L"}, ["context.albumin"]),
        ({"a": 1, "b": 2}, ["context.a", "context.b"]),
    ],
)
def test_what_is_not_understood_is_refused_by_its_place(given, where):
    """Every fault is named at once, so that a misspelled fact never passes for an absent one."""
    assert faults_of(given) == where


def test_free_text_is_not_repeated_in_a_refusal():
    """Words about a participant stay out of messages."""
    with pytest.raises(Refusal) as refused:
        read_context({"intervention": "Jane Roe saw Dr Doe"})

    assert "Roe" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "albumin"),
    [
        ({"albumin_g_dl": Decimal("2.0")}, Quantity(Decimal("2.0"), "g/dL")),
        ({"albumin_g_l": 20}, Quantity(Decimal(20), "g/L")),
        ({"albumin": "20 g/L"}, Quantity(Decimal(20), "g/L")),
    ],
)
def test_albumin_is_read_with_its_unit(given, albumin):
    """Albumin comes in g/dL, in g/L, or with its unit."""
    assert read_context(given).albumin == albumin


@pytest.mark.parametrize(("record", "is_baseline"), [("baseline", True), ("on-treatment", False)])
def test_the_record_says_whether_it_is_the_baseline(record, is_baseline):
    """Only the baseline record is graded against the reference limits alone."""
    assert read_context({"record": record}).is_baseline is is_baseline


LIMBS = [
    ("Anemia", "8.5 g/dL", {"lln": "11.5"}, {"transfusion_indicated": True}, 3, 2),
    ("Anemia", "8.5 g/dL", {"lln": "11.5"}, {"transfusion_indicated": False}, 2, 2),
    ("Anemia", "8.5 g/dL", {"lln": "11.5"}, {"life_threatening": True}, 4, 2),
    ("Anemia", "8.5 g/dL", {"lln": "11.5"}, {"urgent_intervention": True}, 4, 2),
    ("Anemia", "8.5 g/dL", {"lln": "11.5"}, {"death": True}, 5, 2),
    ("Leukocytosis", "90 10*9/L", {"uln": "10"}, {"leukostasis": True}, 4, 0),
    ("Eosinophilia", "0.6 10*9/L", {"uln": "0.5", "baseline": "0.4"}, {"steroids": True}, 3, 1),
    (APTT, "40 s", {"uln": "36"}, {"bleeding": True}, 3, 1),
    ("INR increased", "1.3", {"baseline": "1"}, {"dose_adjustment_indicated": True}, 2, 1),
    ("INR increased", "1.3", {"baseline": "1"}, {"bleeding": True}, 3, 1),
    ("INR increased", "1.1", {"baseline": "1"}, {"on_anticoagulation": True}, 1, 1),
    ("INR increased", "1.1", {"baseline": "1"}, {"on_anticoagulation": False}, 0, 1),
    ("Acidosis", "7.32", {"lln": "7.35"}, {"life_threatening": True}, 4, 1),
    ("Hyperkalemia", "5.2 mmol/L", {"uln": "5"}, {"intervention": "binder started"}, 2, 1),
    ("Hyperkalemia", "5.2 mmol/L", {"uln": "5"}, {"intervention": "none"}, 1, 1),
    ("Hyperkalemia", "5.2 mmol/L", {"uln": "5"}, {"hospitalization_indicated": True}, 3, 1),
    ("Hyperkalemia", "5.2 mmol/L", {"uln": "5"}, {"life_threatening": True}, 4, 1),
    ("Hypernatremia", "146 mmol/L", {"uln": "145"}, {"intervention_initiated": True}, 2, 1),
    ("Hypokalemia", "3.2 mmol/L", {"lln": "3.5"}, {"symptomatic": False}, 1, 2),
    ("Hypokalemia", "3.2 mmol/L", {"lln": "3.5"}, {"symptomatic": True}, 2, 2),
    ("Hypokalemia", "3.2 mmol/L", {"lln": "3.5"}, {"intervention": "indicated"}, 2, 2),
    ("Hypokalemia", "3.2 mmol/L", {"lln": "3.5"}, {"hospitalized": True}, 3, 2),
    ("Hypoglycemia", "65 mg/dL", {"lln": "70"}, {"seizures": True}, 4, 1),
    ("Hyperuricemia", "8 mg/dL", {"uln": "7"}, {"physiologic_consequences": False}, 1, 3),
    ("Hyperuricemia", "8 mg/dL", {"uln": "7"}, {"life_threatening": True}, 4, 3),
    ("Hyponatremia", "127 mmol/L", {"lln": "135"}, {"symptomatic": False}, 2, 3),
    ("Hyponatremia", "122 mmol/L", {"lln": "135"}, {}, 3, 3),
    ("Hypoalbuminemia", "3.2 g/dL", {"lln": "3.5"}, {"urgent_intervention": True}, 4, 1),
    ("Hypermagnesemia", "2.7 mg/dL", {"uln": "2.5"}, {"life_threatening": True}, 4, 1),
    ("Hypomagnesemia", "1.6 mg/dL", {"lln": "1.7"}, {"life_threatening": True}, 4, 1),
    ("Hypertriglyceridemia", "200 mg/dL", {}, {"life_threatening": True}, 4, 1),
]  # fmt: skip


@pytest.mark.parametrize(("term", "amount", "limits", "context", "expected", "alone"), LIMBS)
def test_a_recorded_fact_gives_the_grade_and_the_reason_it_differs(
    ask, term, amount, limits, context, expected, alone
):
    """The grade uses the context; the value alone is kept beside it, with the difference said."""
    found = ask(term, amount, context=context, **limits)

    assert (found.grade, found.lab_only_grade) == (expected, alone), found.because
    assert bool(found.differs_because) is (expected != alone)


@pytest.mark.parametrize(
    ("term", "amount", "limits", "fact"),
    [
        ("Hyperkalemia", "4.5 mmol/L", {"uln": "5"}, "life_threatening"),
        ("Hyperkalemia", "4.5 mmol/L", {"uln": "5"}, "hospitalization_indicated"),
        ("Anemia", "13 g/dL", {"lln": "11.5"}, "transfusion_indicated"),
        (APTT, "30 s", {"uln": "36"}, "bleeding"),
        ("Eosinophilia", "0.3 10*9/L", {"uln": "0.5", "baseline": "0.4"}, "steroids_initiated"),
    ],
)
def test_a_fact_does_not_make_a_normal_value_abnormal(ask, term, amount, limits, fact):
    """Bleeding with a normal aPTT is not a prolonged aPTT; the sentence says so."""
    found = ask(term, amount, context={fact: True}, **limits)

    assert found.grade == 0
    assert f"{fact.replace('_', ' ')} recorded, but the value is not abnormal" in found.because


@pytest.mark.parametrize("fact", ["torsade_de_pointes", "polymorphic_vt", "serious_arrhythmia"])
def test_an_arrhythmia_is_grade_4_at_any_qtc(ask, fact):
    """Torsade de pointes is grade 4 whatever the mean QTc was."""
    term = "Electrocardiogram QT corrected interval prolonged"

    found = ask(term, "430 ms", uln="450", baseline="420", context={fact: True})

    assert (found.grade, found.lab_only_grade) == (4, 0)


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"above_baseline": True, "intervention": "none"}, 1),
        ({"intervention": "none"}, 1),
        ({"above_baseline": False, "intervention": "none"}, 0),
        ({"intervention": "oral agent started"}, 2),
        ({"intervention": "workup for diabetes"}, 2),
        ({"intervention": "insulin initiated"}, 3),
        ({"intervention": "hospitalization indicated"}, 3),
        ({"intervention": "life-threatening; urgent intervention"}, 4),
        ({"intervention": "none", "record": "baseline"}, 1),
        ({"intervention": "none", "death": True}, 5),
    ],
)
def test_hyperglycemia_of_version_5_is_graded_by_what_was_done(ask, context, expected):
    """260 mg/dL is grade 1 to 4 by management; 4.03 would say 3 by the value."""
    found = ask("Hyperglycemia", "260 mg/dL", uln="100", baseline="95", context=context)

    assert (found.grade, found.lab_only_grade) == (expected, None)
    assert "by what was done" in found.differs_because


@pytest.mark.parametrize(
    ("context", "possible"), [({}, (1, 2, 3, 4)), ({"intervention": True}, (2, 3, 4))]
)
def test_hyperglycemia_of_version_5_is_not_gradable_from_the_value(ask, context, possible):
    """Without knowing what was done, and of what kind, no grade is given."""
    found = ask("Hyperglycemia", "260 mg/dL", uln="100", baseline="95", context=context)

    assert (found.grade, found.possible, found.missing) == (None, possible, ("intervention",))


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({}, None),
        ({"intervention": "none"}, 1),
        ({"intervention_indicated": False}, 1),
        ({"oral_replacement_indicated": True}, 2),
        ({"medically_significant": True}, 3),
        ({"hospitalization_indicated": True}, 3),
        ({"life_threatening": True}, 4),
    ],
)
def test_hypophosphatemia_of_version_5_is_graded_by_what_was_indicated(ask, context, expected):
    """Version 5 prints no phosphate limit."""
    found = ask("Hypophosphatemia", "1.5 mg/dL", lln="2.5", context=context)

    assert (found.grade, found.lab_only_grade) == (expected, None)


@pytest.mark.parametrize(
    ("amount", "context", "expected"),
    [
        ("8.0 mg/dL", {"albumin_g_dl": Decimal("2.0")}, 0),
        ("8.0 mg/dL", {"albumin_g_l": 40}, 1),
        ("2.0 mmol/L", {"albumin_g_l": 30}, 0),
        ("1.79 mmol/L", {"albumin": "40 g/L"}, 2),
        ("8.9 mg/dL", {"albumin": "5 g/dL"}, 1),
    ],
)
def test_total_calcium_is_corrected_for_albumin(ask, amount, context, expected):
    """0.8 mg/dL (0.2 mmol/L) is added for each g/dL of albumin below 4.0, and taken above it."""
    lln = "8.6" if "mg" in amount else "2.15"

    found = ask("Hypocalcemia", amount, lln=lln, test="CA total", context=context)

    assert found.grade == expected, found.because
    assert "corrected for albumin" in found.because


@pytest.mark.parametrize("test", ["", "CA", "CA total", "CA uncorrected", "CA not corrected"])
def test_total_calcium_without_albumin_is_not_graded(ask, test):
    """The criteria are for corrected calcium."""
    found = ask("Hypercalcemia", "11.0 mg/dL", uln="10.5", test=test)

    assert (found.grade, found.missing, found.lab_only_grade) == (None, ("albumin",), 1)


@pytest.mark.parametrize("test", ["CA ionized", "Ionised calcium", "CAION"])
def test_ionized_calcium_takes_its_own_limits(ask, test):
    """1.55 mmol/L is high for ionized calcium and low for total."""
    found = ask("Hypercalcemia", "1.55 mmol/L", uln="1.3", test=test)

    assert (found.term, found.grade) == ("Hypercalcemia (Ionized)", 2)


def test_the_baseline_record_is_graded_against_the_reference_limit(ask):
    """Against itself every baseline would be grade 0."""
    record = {"record": "baseline"}

    found = ask(
        "Alanine aminotransferase increased", "90 U/L", uln="40", baseline="90", context=record
    )

    assert (found.grade, found.lab_only_grade) == (1, 0)
    assert "baseline itself" in found.differs_because


@pytest.mark.parametrize(("recorded", "expected"), [(True, 0), (False, 2)])
def test_a_recorded_judgement_of_the_baseline_goes_before_its_comparison(ask, recorded, expected):
    """The laboratory that measured the baseline may have had another limit."""
    found = ask(
        "Alanine aminotransferase increased",
        "121 U/L",
        uln="40",
        baseline="110" if recorded else "41",
        context={"baseline_abnormal": recorded},
    )

    assert found.grade == expected
