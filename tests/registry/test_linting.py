"""What a linter finds in criteria and objectives, and where it is silent."""

from datetime import date

import pytest

from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.publication import Publication
from trialwright.registry.linting import Finding, lint
from trialwright.registry.plausibility import implausible, is_laboratory_value, needs_unit
from trialwright.registry.proposing.reading import read_limits
from trialwright.registry.protocol_draft import drafted
from trialwright.registry.reading import read_record
from trialwright.registry.record import Record, RecordCriterion, RecordObjective, record_of_plain
from trialwright.registry.reviewing import editing

OF_AGE = "Age >= 18 years"


def record(*inclusion, exclusion=(), objective="To evaluate safety.", **public):
    """Give a record of these criteria, with a lowest age unless the test is about it."""
    listed = [("I", *each) for each in enumerate(inclusion, start=1)]
    listed += [("E", *each) for each in enumerate(exclusion, start=1)]
    return Record(
        criteria=tuple(
            RecordCriterion(id=f"{kind}{number:02d}", says=words) for kind, number, words in listed
        ),
        objectives=(RecordObjective(id="primary-1", rank="primary", says=objective),),
        publication=Publication(**public),
    )


def found(*inclusion, **other):
    """Give what is found, as (rule, where)."""
    return [(each.rule, each.where) for each in lint(record(OF_AGE, *inclusion, **other))]


SPEAKS = [
    ("lost comparator", "Platelets 100,000/mm3"),
    ("lost comparator", "Left ventricular ejection fraction ³ 50%"),
    ("lost comparator", "Life expectancy 3 months"),
    ("lost comparator", "Platelets not >= 100,000/mm3"),
    ("unclear limit", "Blood pressure < 140 mmHg"),
    ("unclear limit", "Performance status 0-1"),
    ("unit error", "Hemoglobin >= 10 mg/dL"),
    ("unit error", "Albumin >= 3.4 mg/dL"),
    ("unit error", "Hemoglobin >= 9 mmHg"),
    ("unit error", "Platelets >= 100,000 x 10^9/L"),
    ("unit error", "ANC >= 1500 cells/mL"),
    ("unit error", "QTcF < 470 s"),
    ("missing unit", "HbA1c < 7"),
    ("missing unit", "QTcF < 470"),
    ("missing unit", "Hemoglobin >= 9"),
    ("wash-out without a number", "Discontinuation of prior therapies"),
    ("wash-out without a number", "Prior therapy must have been stopped"),
    ("wash-out without a number", "Adequate wash-out of prior drugs"),
    ("undefined ULN", "ALT < 3 x ULN"),
    ("undefined ULN", "LVEF >= 1 x LLN"),
]


@pytest.mark.parametrize(("rule", "words"), SPEAKS)
def test_each_rule_speaks_where_it_should(rule, words):
    """Once, and no other rule of a criterion with it."""
    where = "the record" if rule == "undefined ULN" else "I02"

    assert found(words) == [(rule, where)]


SILENT = [
    "Platelets >= 100,000/mm3",
    "At least one prior line of therapy",
    "No chemotherapy within 4 weeks (6 weeks for nitrosoureas)",
    "Disease progression on one prior therapy",
    "Hemoglobin >= 90 g/L",
    "Hemoglobin >= 5.6 mmol/L",
    "HbA1c <= 53 mmol/mol",
    "Creatinine clearance >= 60 mL/min/1.73 m2",
    "Creatinine <= 132 umol/L",
    "Albumin >= 30 g/L",
    "QTcF < 0.47 s",
    "INR <= 1.5",
    "Heart rate >= 50",
    "Chemotherapy discontinued due to disease progression counts as one line",
    "Prior therapy must be stopped at least 14 days before registration",
    "Discontinuation of prior therapy for 5 half-lives",
    "No more than 2 prior lines of chemotherapy",
    "Creatinine < 2 x baseline",
]


@pytest.mark.parametrize("words", SILENT)
def test_no_rule_speaks_where_nothing_is_wrong(words):
    """Units that other laboratories use, plain language, and times that are stated."""
    assert found(words) == []


def test_an_exclusion_may_speak_of_therapy_that_was_discontinued():
    """It asks for no wash-out: who it keeps out has stopped already."""
    assert found(exclusion=["Discontinuation of prior testinib for toxicity"]) == []


def test_a_number_without_comparator_is_lost_where_others_are():
    """In a record that lost one, the bare number of a therapy line is looked up too."""
    lines = "Number of prior chemotherapy lines in the metastatic setting 2"

    assert found(exclusion=[lines]) == []
    assert found("Platelets 100,000/mm3", exclusion=[lines]) == [
        ("lost comparator", "I02"),
        ("lost comparator", "E01"),
    ]


def test_no_comparator_is_carried_in_a_record_that_lost_one():
    """What a second limit would take from the first may be the sign that was lost."""
    carried = "Total bilirubin <= 1.5 mg/dL (3 mg/dL with liver metastases)"

    assert ("lost comparator", "I02") not in found(carried)
    assert ("lost comparator", "I02") in found(carried, "Platelets 100,000/mm3")


NO_WINDOW = ("Hemoglobin >= 9 g/dL", "Platelets >= 100,000/mm3")


@pytest.mark.parametrize(
    "others",
    [
        (),
        ("No myocardial infarction within 6 months before registration",),
        ("No chemotherapy within 2 weeks",),
        ("LVEF >= 50% within 28 days of registration",),
        ("Asymptomatic laboratory findings are allowed. Stable dose within 2 weeks",),
        ("Total bilirubin within normal limits",),
    ],
)
def test_no_window_anywhere_is_said_once(others):
    """A window of a wash-out, an infarction or an echocardiogram is none of a laboratory value."""
    assert ("missing window", "the record") in found(*NO_WINDOW, *others)


@pytest.mark.parametrize(
    "words",
    [
        "Hemoglobin >= 9 g/dL within 14 days of registration",
        "Hemoglobin >= 9 g/dL at screening",
        "Hemoglobin >= 9 g/dL, measured no more than 14 days before registration",
    ],
)
def test_a_limit_without_window_is_named_beside_one_with(words):
    """The record shows that it means to give one."""
    assert found(words, NO_WINDOW[1]) == [("missing window", "I03")]


@pytest.mark.parametrize(
    "others",
    [
        ("All laboratory values within 14 days before registration",),
        ("Adequate organ function within 28 days of the first dose, defined as follows",),
    ],
)
def test_a_window_said_of_all_laboratory_values_is_enough(others):
    """One line above the limits serves them all."""
    assert found(*others, *NO_WINDOW) == []


def test_one_laboratory_limit_alone_is_no_record_of_laboratory_values():
    """A record with one says nothing of how it treats them."""
    assert found(NO_WINDOW[0]) == []


def test_a_window_in_the_rule_of_a_criterion_counts():
    """A protocol says it in data: `within_days`."""
    rule = ObservationRule(kind="observation", fact="x", unit="1", at_least=1, within_days=14)
    plain = record(OF_AGE, *NO_WINDOW)
    ruled = tuple(each.model_copy(update={"rule": rule}) for each in plain.criteria)

    assert ("missing window", "the record") in [(f.rule, f.where) for f in lint(plain)]
    assert lint(plain.model_copy(update={"criteria": ruled})) == ()


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "field", "rules"),
    [
        (("Consent",), (), "", ["no age bound"]),
        (("Age <= 75 years",), (), "", ["no age bound"]),
        (("Consent",), (), "18 Years", []),
        (("Age >= 18 years",), (), "", []),
        (("Consent",), ("Age < 18 years",), "", []),
        (("Consent",), ("Age > 75 years",), "", ["no age bound"]),
        (("Age >= 18 years",), (), "18 Years", []),
        (("Age > 17 years",), (), "18 Years", []),
        (("Consent",), ("Age < 18 years",), "18 Years", []),
        (("Age >= 21 years",), (), "18 Years", ["age and field differ"]),
        (("Age > 18 years",), (), "18 Years", ["age and field differ"]),
        (("Age >= 18 years",), (), "18 Months", ["age and field differ"]),
        (("Age >= 18 months",), (), "18 Months", []),
        (("Age >= 18 years",), (), "N/A", []),
    ],
)
def test_the_lowest_age_is_stated_once(inclusion, exclusion, field, rules):
    """By a criterion or a field of the record, and by both alike."""
    findings = lint(record(*inclusion, exclusion=exclusion, minimum_age=field))

    assert [each.rule for each in findings] == rules


@pytest.mark.parametrize(
    ("words", "field", "rules"),
    [
        ("Women", "all", ["sex and field differ"]),
        ("Men", "female", ["sex and field differ"]),
        ("Women", "female", []),
        ("Men or women", "all", []),
        ("Women", "", []),
        ("Consent", "female", []),
    ],
)
def test_the_sex_of_criteria_is_that_of_the_field(words, field, rules):
    """Two statements that differ are for people to settle."""
    assert [rule for rule, _ in found(words, sex=field)] == rules


OBJECTIVE = "To evaluate safety in patients who have received prior testinib 4/6 inhibitor"


@pytest.mark.parametrize(
    ("criteria", "mentioned"),
    [
        (["Consent"], "no criterion names it"),
        (["Prior therapy with or without a testinib 4/6 inhibitor"], "I02 speak"),
        (["Prior testinib 4/6 inhibitor is allowed"], "I02 speak"),
    ],
)
def test_an_objective_that_assumes_what_nothing_requires_is_named(criteria, mentioned):
    """The line that speaks of it without requiring it is named too."""
    (finding,) = lint(record(OF_AGE, *criteria, objective=OBJECTIVE))

    assert (finding.rule, finding.where) == ("objective assumes", "objective primary-1")
    assert mentioned in finding.says


@pytest.mark.parametrize(
    ("criteria", "objective"),
    [
        (["Prior testinib 4/6 inhibitor"], OBJECTIVE),
        (["At least one prior TESTINIB4/6 inhibitors"], OBJECTIVE),
        (["Prior testinib"], "Safety in women previously treated with testinib in any setting"),
        (["Consent"], "To evaluate the safety of testinib in women"),
    ],
)
def test_an_objective_whose_condition_is_required_is_not(criteria, objective):
    """In the words of the criterion, whatever its spelling of the numbers."""
    assert found(*criteria, objective=objective) == []


def test_an_exclusion_does_not_require_what_an_objective_assumes():
    """Who had it and did not bear it is kept out; nobody is asked to have had it."""
    (finding,) = lint(record(OF_AGE, exclusion=["Prior testinib 4/6 inhibitor"],
                             objective=OBJECTIVE))  # fmt: skip

    assert finding.rule == "objective assumes"


def test_a_limit_that_a_person_worded_is_looked_at_in_their_words():
    """The edited limit has its unit, so nothing is missing any more."""
    (read,) = read_limits("HbA1c < 7").proposals
    worded = editing.edited(read, "HbA1c < 7 %", "ab", date(2099, 1, 1))
    plain = record(OF_AGE, "HbA1c < 7")
    settled = plain.criteria[1].model_copy(update={"proposals": (worded,)})

    assert [each.rule for each in lint(plain)] == ["missing unit"]
    assert lint(plain.model_copy(update={"criteria": (plain.criteria[0], settled)})) == ()


def test_a_finding_is_a_sentence_with_what_to_do():
    """On one line, its words shortened."""
    finding = Finding("missing unit", "I17", "'x < 7' gives no unit.", "Say in which unit.")

    assert str(finding) == "I17: missing unit: 'x < 7' gives no unit. Say in which unit."


@pytest.mark.parametrize(
    ("words", "is_plausible"),
    [
        ("Hemoglobin >= 5 g/dL", True),
        ("Hemoglobin >= 20 g/dL", True),
        ("Hemoglobin >= 4.9 g/dL", False),
        ("Hemoglobin >= 20.1 g/dL", False),
        ("Hemoglobin 9-200 g/dL", False),
        ("Magnesium >= 1.2 mEq/L", True),
        ("Testosterone < 1.7 nmol/L", True),
        ("Urine protein < 1 g", True),
        ("FEV1 >= 1 L", True),
        ("BUN < 10 mmol/L", True),
    ],
)
def test_a_limit_lies_between_the_least_and_the_greatest_that_can_be_meant(words, is_plausible):
    """Both bounds are looked at; a unit that cannot be compared here is no error."""
    (limit,) = read_limits(words).proposals

    assert (implausible(limit) == "") is is_plausible


def test_a_unit_that_does_not_measure_a_fact_is_an_error_however_it_came_there():
    """Typed into the draft by hand."""
    (limit,) = read_limits("Hemoglobin >= 9 g/dL").proposals

    assert "is not measured" in implausible(limit.model_copy(update={"unit": "mm[Hg]"}))
    assert "is not measured" in implausible(limit.model_copy(update={"unit": "gobbledygook"}))
    assert implausible(limit.model_copy(update={"fact": "moonshine"})) == ""


def test_what_needs_a_unit_and_what_grows_old():
    """A ratio and a heart rate need none; an ECG interval is no laboratory value."""
    assert [needs_unit(fact) for fact in ("hba1c", "qtcf", "inr", "heart-rate", "moonshine")] == [
        *(True, True, False, False, False)
    ]
    assert [is_laboratory_value(fact) for fact in ("hemoglobin", "inr", "qtcf", "moonshine")] == [
        *(True, True, False, False)
    ]


def test_the_first_trials_page_has_the_gaps_that_our_reading_of_it_names(real_page):
    """No window, two limits without unit, no age, an open wash-out, an undefined ULN, and more."""
    findings = lint(record_of_plain(drafted(read_record(real_page, "page.txt"))))

    assert [(each.rule, each.where) for each in findings] == [
        ("wash-out without a number", "I06"),
        ("missing unit", "I17"),
        ("missing unit", "E06"),
        ("missing window", "the record"),
        ("undefined ULN", "the record"),
        ("no age bound", "the record"),
        ("objective assumes", "objective primary-1"),
    ]
    assert "QTcF" in findings[2].says
    assert findings[4].says.startswith("I14 counts multiples of the ULN")
    assert "I03, E13 speak of it" in findings[6].says
