"""What grading says, whole: the sentence of a grade, of an open one, and of every refusal."""

import json
from decimal import Decimal

import pytest

from trialwright.grading.context import FACTS, read_context
from trialwright.grading.findings import GradeFinding
from trialwright.grading.laboratory import grade
from trialwright.grading.table import read_table
from trialwright.grading.terms_table import NOT_SHIPPED, read_terms
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.verdicts import Answer

ALT = "Alanine aminotransferase increased"
QTC = "Electrocardiogram QT corrected interval prolonged"
NORMAL_BASELINE = "'>ULN - 3.0 x ULN if baseline was normal'"


@pytest.mark.parametrize(
    ("term", "amount", "given", "because", "differs"),
    [
        (
            ALT, "130 U/L", {},
            "cannot be graded: ULN not recorded, grade 0, 1, 2, 3 or 4 possible; no baseline given",
            "",
        ),
        (
            ALT, "130 U/L", {"uln": "40", "baseline": "30"},
            "is grade 2: '>3.0 - 5.0 x ULN if baseline was normal', here above 120 and at most 200 "
            "U/L; ULN 40 U/L, baseline 30 U/L",
            "",
        ),
        (
            ALT, "90 U/L", {"uln": "40", "baseline": "90", "context": {"record": "baseline"}},
            f"is grade 1: {NORMAL_BASELINE}, here above 40 and at most 120 U/L; ULN 40 U/L, this "
            "is the baseline record",
            "The value alone gives grade 0; the result is the baseline itself, graded against the "
            "reference limits",
        ),
        (
            ALT, "30 U/L", {"lln": "10", "uln": "40", "baseline": "30"},
            f"is grade 0: no limit is reached, the first is {NORMAL_BASELINE}; LLN 10 U/L, ULN 40 "
            "U/L, baseline 30 U/L",
            "",
        ),
        (
            "Lipase increased", "180 U/L", {"uln": "60"},
            "cannot be graded: symptomatic not recorded, grade 2 or 3 possible; ULN 60 U/L",
            "The value alone gives grade 3 ('>2.0 - 5.0 x ULN with signs or symptoms'); in context "
            "symptomatic not recorded, grade 2 or 3 possible",
        ),
        (
            "Lipase increased", "180 U/L", {"uln": "60", "context": {"symptomatic": False}},
            "is grade 2: '>2.0 - 5.0 x ULN and asymptomatic', here above 120 and at most 300 U/L; "
            "recorded: symptomatic: no; ULN 60 U/L",
            "The value alone gives grade 3 ('>2.0 - 5.0 x ULN with signs or symptoms'); recorded: "
            "symptomatic: no",
        ),
        (
            "Hypokalemia", "3.2 mmol/L", {"lln": "3.5"},
            "is grade 1: '<LLN - 3.0 mmol/L', here at least 3 and below 3.5 mmol/L; LLN 3.5 mmol/L",
            "The value alone gives grade 2 ('Symptomatic with <LLN - 3.0 mmol/L'); symptomatic not "
            "recorded",
        ),
        (
            "Hyperkalemia", "5.2 mmol/L",
            {"uln": "5", "context": {"intervention": "binder started"}},
            "is grade 2: 'intervention initiated'; recorded: intervention initiated: yes; ULN 5 "
            "mmol/L",
            "The value alone gives grade 1 ('>ULN - 5.5 mmol/L'); recorded: intervention "
            "initiated: yes",
        ),
        (
            "Hyperkalemia", "4.5 mmol/L",
            {"uln": "5", "context": {"life_threatening": True, "hospitalized": True}},
            "is grade 0: no limit is reached, the first is '>ULN - 5.5 mmol/L'; ULN 5 mmol/L; "
            "hospitalization indicated, life threatening recorded, but the value is not abnormal "
            "for this term",
            "",
        ),
        (
            "Hyperglycemia", "260 mg/dL",
            {"uln": "100", "baseline": "95", "context": {"intervention": "none"}},
            "is grade 1: 'Abnormal glucose above baseline with no medical intervention', here "
            "above 100 mg/dL; recorded: intervention initiated: no; ULN 100 mg/dL, baseline 95 "
            "mg/dL",
            "CTCAE 5.0 grades Hyperglycemia by what was done, not by value",
        ),
        (
            "INR increased", "1.1", {"baseline": "1", "context": {"on_anticoagulation": True}},
            "is grade 1: '>1 - 1.5 x baseline if on anticoagulation', here above 1 and at most "
            "1.5; recorded: on anticoagulation: yes; baseline 1",
            "",
        ),
        (
            "Leukocytosis", "90 10*9/L", {"context": {"leukostasis": True}},
            "cannot be graded: ULN not recorded, grade 0 or 4 possible; no reference limits given",
            "The value alone gives grade 0; in context ULN not recorded, grade 0 or 4 possible",
        ),
        (
            "Neutrophil count decreased", "<0.8 10*9/L", {},
            "cannot be graded: exact value not recorded, grade 3 or 4 possible; no reference "
            "limits given",
            "",
        ),
        (
            "Neutrophil count decreased", "1.3 10*9/L", {"lln": "1.3"},
            "is grade 2: '<1500 - 1000/mm3; <1.5 - 1.0 x 10e9 /L', here at least 1 and below 1.5 "
            "10*9/L, though not below LLN; LLN 1.3 10*9/L",
            "",
        ),
        (
            "Hypertriglyceridemia", "160 mg/dL", {"uln": "160"},
            "is grade 1: '150 mg/dL - 300 mg/dL; 1.71 mmol/L - 3.42 mmol/L', here at least 150 and "
            "at most 300 mg/dL, though not above ULN; ULN 160 mg/dL",
            "",
        ),
        (
            QTC, "430 ms", {"uln": "450", "baseline": "420", "context": {"torsades": True}},
            "is grade 4: 'Torsade de pointes'; recorded: torsade de pointes: yes; ULN 450 ms, "
            "baseline 420 ms",
            "The value alone gives grade 0; recorded: torsade de pointes: yes",
        ),
    ],
)  # fmt: skip
def test_the_whole_sentence_of_a_grade(ask, term, amount, given, because, differs):
    """Value, printed limit, limits in the unit of the value, facts, and reference limits."""
    found = ask(term, amount, **given)

    assert (found.because, found.differs_because) == (
        f"{term} (CTCAE 5.0): {amount} {because}",
        differs,
    )


def test_a_corrected_calcium_is_told_with_both_numbers(ask):
    """9.6 mg/dL from 8.0 mg/dL at an albumin of 2.0 g/dL; the grade differs by the correction."""
    context = {"albumin_g_dl": Decimal("2.0")}

    found = ask("Hypocalcemia", "8.0 mg/dL", lln="8.6", test="CA total", context=context)

    first = "'Corrected serum calcium of <LLN - 8.0 mg/dL; <LLN - 2.0 mmol/L'"
    assert found.because == (
        "Hypocalcemia (CTCAE 5.0): 9.6 mg/dL (calcium corrected for albumin 2.0 g/dL from 8.0 "
        f"mg/dL) is grade 0: no limit is reached, the first is {first}; LLN 8.6 mg/dL"
    )
    assert found.differs_because == (
        f"The value alone gives grade 1 ({first}); calcium corrected for albumin 2.0 g/dL"
    )


@pytest.mark.parametrize(
    ("possible", "wanted", "answer"),
    [
        ((3,), 3, Answer.MET),
        ((2,), 3, Answer.NOT_MET),
        ((3, 4), 3, Answer.MET),
        ((2, 3), 3, Answer.UNKNOWN),
        ((), 3, Answer.UNKNOWN),
    ],
)
def test_a_grade_is_reached_where_every_possible_grade_reaches_it(possible, wanted, answer):
    """At least is at least; nothing possible is unknown."""
    found = GradeFinding("", "", None, None, "", "", (), possible, "")

    assert found.reaches(wanted) is answer


def _faults(asked, *given, **named):
    """Give the faults of a refusal."""
    with pytest.raises(Refusal) as refused:
        asked(*given, **named)
    return list(refused.value.faults)


KEYS = (
    ", ".join(FACTS)
    + ", intervention, management, rhythm, ecg_rhythm, arrhythmia, record, albumin, albumin_g_dl, "
    "albumin_g_l"
)
RHYTHMS = (
    "sinus, sinus rhythm, normal, normal sinus rhythm, torsade de pointes, torsades de pointes, "
    "torsade, torsades, polymorphic ventricular tachycardia, polymorphic vt, serious arrhythmia, "
    "signs/symptoms of serious arrhythmia"
)
WORDS = (
    "none, oral agent started, insulin started, workup for diabetes, change in daily management, "
    "intervention initiated, intervention indicated, hospitalization indicated, urgent "
    "intervention, life-threatening"
)
BELOW_100 = "above 0, at most 100 g/L, no comparator"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (
            {"tired": True},
            ("tired", "no fact that grading knows", KEYS, "Correct the name, or leave it out"),
        ),
        (
            {"tired": None},
            ("tired", "no fact that grading knows", KEYS, "Correct the name, or leave it out"),
        ),
        ({"symptomatic": "no"}, ("symptomatic", "a str", "true, false or null", "Correct it")),
        (
            {"symptomatic": True, "asymptomatic": True},
            ("asymptomatic", "contradicts symptomatic", "one answer to each fact", "Correct it"),
        ),
        (
            {"intervention": "none", "insulin_initiated": True},
            ("insulin_initiated", "contradicts intervention: none", "one of the two",
             "Correct it"),
        ),
        (
            {"intervention": 3},
            ("intervention", "a int", "words, true, false or null", "Correct it"),
        ),
        ({"management": " ; "}, ("management", "no words", "what was done, or none",
                                 "Correct it")),
        (
            {"intervention": "prayer"},
            ("intervention", "words that grading does not know", WORDS,
             "Write it so, or record the fact by its name"),
        ),
        ({"rhythm": "x"}, ("rhythm", "a rhythm that grading does not know", RHYTHMS,
                           "Correct it")),
        (
            {"record": "x"},
            ("record", "no record that grading knows", "baseline, screening, on treatment, "
             "treatment, post baseline, unscheduled, follow up", "Correct it"),
        ),
        ({"albumin_g_dl": "4"}, ("albumin_g_dl", "a str", "an exact number", "Correct it")),
        ({"albumin_g_l": True}, ("albumin_g_l", "a bool", "an exact number", "Correct it")),
        (
            {"albumin": 40},
            ("albumin", "a int", "a number with its unit, as text", "Correct it"),
        ),
        ({"albumin_g_l": 0}, ("albumin_g_l", "0 g/L", BELOW_100, "Check the unit")),
        ({"albumin_g_l": Decimal("100.1")}, ("albumin_g_l", "100.1 g/L", BELOW_100,
                                             "Check the unit")),
        ({"albumin": "<40 g/L"}, ("albumin", "<40 g/L", BELOW_100, "Check the unit")),
    ],
)  # fmt: skip
def test_the_whole_refusal_of_a_context(given, fault):
    """The place, what stands there without its words, what may stand there, and what to do."""
    where, found, allowed, do = fault

    assert _faults(read_context, given) == [Fault(f"context.{where}", found, allowed, do)]


def test_the_ends_of_albumin_are_taken():
    """Above 0, and 100 g/L itself."""
    assert read_context({"albumin_g_l": 100}).albumin == Quantity(Decimal(100), "g/L")
    assert read_context({"albumin_g_dl": Decimal("0.1")}).albumin is not None


@pytest.mark.parametrize(
    ("given", "facts"),
    [
        ({"intervention": "none"}, {"intervention_initiated": False,
                                    "intervention_indicated": False}),
        ({"intervention": False}, {"intervention_initiated": False,
                                   "intervention_indicated": False}),
        ({"intervention": True}, {"intervention_initiated": True, "intervention_indicated": True}),
        ({"intervention": "monitoring only"}, {"monitoring_only": True,
                                               "intervention_initiated": False}),
        ({"management": "steroids started"},
         {"steroids_initiated": True, "intervention_initiated": True,
          "intervention_indicated": True}),
        ({"management": "insulin dose titrated"},
         {"daily_management_changed": True, "intervention_initiated": True,
          "intervention_indicated": True}),
        ({"management": "hospital admission, life-threatening + urgent surgery"},
         {"hospitalization_indicated": True, "life_threatening": True,
          "urgent_intervention_indicated": True, "intervention_indicated": True}),
        ({"management": "transfusion"}, {"transfusion_indicated": True,
                                         "intervention_indicated": True}),
        ({"management": "dose reduced"}, {"dose_adjustment_indicated": True}),
        ({"management": "treatment needed"}, {"intervention_indicated": True}),
        ({"oral_replacement_indicated": True}, {"oral_replacement_indicated": True,
                                                "intervention_indicated": True}),
        ({"intervention_initiated": True}, {"intervention_initiated": True,
                                            "intervention_indicated": True}),
        ({"intervention_indicated": False}, {"intervention_indicated": False,
                                             "intervention_initiated": False}),
        ({"steroids_initiated": True}, {"steroids_initiated": True,
                                        "intervention_indicated": True}),
        ({"steroids_initiated": False}, {"steroids_initiated": False}),
        ({"baseline_was_normal": True}, {"baseline_abnormal": False}),
        ({"baseline_normal": False}, {"baseline_abnormal": True}),
        ({"without_symptoms": False}, {"symptomatic": True}),
        ({"arrhythmia": False}, {"serious_arrhythmia": False, "torsade_de_pointes": False,
                                 "polymorphic_ventricular_tachycardia": False}),
        ({"arrhythmia": True}, {"serious_arrhythmia": True}),
        ({"ecg_rhythm": "Polymorphic  VT"}, {"polymorphic_ventricular_tachycardia": True}),
        ({"arrhythmia": "No arrhythmia"}, {"serious_arrhythmia": False, "torsade_de_pointes": False,
                                           "polymorphic_ventricular_tachycardia": False}),
        ({"symptomatic": True, "has_symptoms": True, "albumin": None}, {"symptomatic": True}),
    ],
)  # fmt: skip
def test_an_entry_records_exactly_its_facts(given, facts):
    """And what they imply: what was started was indicated, what was not indicated not started."""
    assert read_context(given).facts == facts


def _small(**changed):
    """Make a table of one criterion, with some fields changed."""
    limb = {"grade": 1, "above": "ULN", "says": ">ULN"} | changed.pop("limb", {})
    row = {
        "term": "LDH", "version": "5.0", "soc": "Investigations", "side": "high",
        "tests": ["ldh"], "limbs": [limb],
    }  # fmt: skip
    table = changed.pop("table", {})
    return {"form": 1, "sources": {"5.0": "NCI"}, "criteria": [row | changed]} | table


LIMB_FIELDS = "above, at_least, at_most, below, even_if_normal, grade, says, when"
ROW_FIELDS = (
    "by_management, limbs, note, requires, side, soc, substance, term, tests, unit, version"
)


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"form": 2}, ("form", "not the form of criteria this version reads", "1", "Correct it")),
        (
            _small(table={"criteria": []}),
            ("criteria", "no criteria", "a list of criteria", "Add them"),
        ),
        (
            _small(table={"criteria": {}}),
            ("criteria", "no criteria", "a list of criteria", "Add them"),
        ),
        (
            _small(table={"criteria": [7]}),
            ("criteria.0", "no record", "a criterion", "Correct it"),
        ),
        (
            _small(table={"sources": []}),
            ("criteria.0.version", "has no source", "a version named in sources", "Correct it"),
        ),
        (
            _small(version="7"),
            ("criteria.0.version", "has no source", "a version named in sources", "Correct it"),
        ),
        (_small(side="up"), ("criteria.0.side", "up", "low or high", "Correct it")),
        (_small(x=1), ("criteria.0.x", "no field of it", ROW_FIELDS, "Correct it")),
        (
            _small(tests="LDH"),
            ("criteria.0", "tests or limbs are no list", "two lists, limbs not empty",
             "Correct it"),
        ),
        (_small(limbs=[3]), ("criteria.0.limbs.0", "no record", "a limb", "Correct it")),
        (
            _small(limbs=[{"grade": 1, "above": "ULN"}]),
            ("criteria.0.limbs.0.says", "lacking", "a value", "Add it"),
        ),
        (
            _small(limb={"y": 1}),
            ("criteria.0.limbs.0.y", "no field of it", LIMB_FIELDS, "Correct it"),
        ),
        (_small(limb={"grade": 0}), ("criteria.0.limbs.0.grade", "0", "1 to 5", "Correct it")),
        (
            _small(limbs=[{"grade": 1, "says": "-"}]),
            ("criteria.0.limbs.0", "asks nothing", "a limit or a fact", "Add one"),
        ),
        (
            _small(limb={"above": 5}),
            ("criteria.0.limbs.0.above", "5", "e.g. 3.0 x ULN, or 10.0 g/dL | 100 g/L",
             "Correct it"),
        ),
        (
            _small(limb={"when": [1]}),
            ("criteria.0.limbs.0.when", "no record", "facts with true or false", "Correct it"),
        ),
        (
            _small(limb={"when": {"happy": True}}),
            ("criteria.0.limbs.0.when.happy", "no fact known here", ", ".join(FACTS),
             "Correct it"),
        ),
        (
            _small(requires={"fasting": "yes"}),
            ("criteria.0.requires.fasting", "yes", "true or false", "Correct it"),
        ),
    ],
)  # fmt: skip
def test_the_whole_refusal_of_a_table_of_criteria(table, fault):
    """The place, what stands there, what may stand there, and what to do."""
    assert _faults(read_table, json.dumps(table)) == [Fault(*fault)]


def test_a_criterion_given_twice_and_text_that_is_no_json_are_told():
    """By the term and its version, in any spelling; and by the line."""
    row = _small()["criteria"][0]
    table = _small(table={"criteria": [row, row | {"term": "ldh"}]})

    assert _faults(read_table, json.dumps(table)) == [
        Fault("criteria.ldh", "given twice for 5.0", "one", "Drop one")
    ]
    assert _faults(read_table, "{\n oops") == [
        Fault("criteria", "the text is no JSON", "JSON", "Correct it", line=2)
    ]


def test_every_field_of_a_criterion_is_read():
    """What is given as it is given, and what may be left out with its default."""
    plain = read_table(json.dumps(_small())).criteria[0]
    full = read_table(
        json.dumps(
            _small(
                substance="glucose", unit="1", requires={"corrected": True}, by_management=True,
                note="n", side="low",
                limb={"when": {"bleeding": False}, "even_if_normal": True, "grade": 5,
                      "at_least": "7.1", "below": "0.5 x LLN"},
            )
        )
    ).criteria[0]  # fmt: skip

    assert (plain.substance, plain.unit, plain.requires, plain.by_management, plain.note) == (
        "", "", {}, False, "")  # fmt: skip
    assert (plain.term, plain.version, plain.soc, plain.source) == (
        "LDH", "5.0", "Investigations", "NCI")  # fmt: skip
    assert (plain.limbs[0].when, plain.limbs[0].even_if_normal) == ({}, False)
    assert (full.substance, full.unit, full.requires, full.by_management, full.note) == (
        "glucose", "1", {"corrected": True}, True, "n")  # fmt: skip
    limb = full.limbs[0]
    assert (limb.grade, limb.says, limb.when, limb.even_if_normal) == (
        5, ">ULN", {"bleeding": False}, True)  # fmt: skip
    assert set(limb.limits) == {"above", "at_least", "below"}
    assert (full.side, full.tests) == ("low", ("LDH",))


HEAD = "soc,term,grade_1,grade_2,grade_3,grade_4,definition\n"
COLUMNS = "soc, term, grade_1, grade_2, grade_3, grade_4, definition"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [Fault("columns", "nothing", COLUMNS, "Correct the first line")]),
        ("term,soc\n", [Fault("columns", "term, soc", COLUMNS, "Correct the first line")]),
        (
            HEAD + "a,b,c\na,b,1,2,3, ,d\na,c,1,2,3,4,d\na,C,1,2,3,4,d\n",
            [
                Fault("row", "3 cells, or an empty one", "7, none empty", "Complete it", line=2),
                Fault("row", "7 cells, or an empty one", "7, none empty", "Complete it", line=3),
                Fault("term", "C twice", "once", "Drop one", line=5),
            ],
        ),
    ],
)
def test_the_whole_refusal_of_a_table_of_terms(text, faults):
    """Every fault with its line."""
    assert _faults(read_terms, text) == faults


def test_a_term_is_read_with_every_column():
    """Five grades where the table has a column for death; `-` is a grade the term has not."""
    texts = read_terms(HEAD.replace(",definition", ",grade_5,definition")
                       + "s,Nausea,a,b,c,-,-,d\ns,Sepsis,-,-,c,e,Death,f\n")  # fmt: skip
    nausea, sepsis = texts.find("nausea"), texts.find("SEPSIS")

    assert (nausea.term, nausea.soc, nausea.grades, nausea.definition) == (
        "Nausea", "s", ("a", "b", "c", "-"), "d")  # fmt: skip
    assert (nausea.has, sepsis.has) == ((1, 2, 3), (3, 4, 5))
    assert [sepsis.says(grade) for grade in range(6)] == ["", "-", "-", "c", "e", ""]
    assert read_terms(HEAD + "s,Nausea,a,b,c,-,d\n").find("Nausea").has == (1, 2, 3, 5)


def test_a_grade_as_entered_is_told_with_its_printed_text():
    """Shipped, not shipped, without a text, and refused."""
    texts = read_terms(HEAD.replace(",definition", ",grade_5,definition")
                       + "s,Nausea,a,b,c,-,-,d\n")  # fmt: skip

    shipped, other = texts.as_entered("nausea", 3), texts.as_entered(" Rash  acneiform ", 2)

    assert (shipped.term, shipped.says, shipped.mark, shipped.because) == (
        "Nausea", "c", "", "grade 3 as entered; CTCAE prints 'c'")  # fmt: skip
    assert (other.term, other.says, other.mark, other.because) == (
        "Rash acneiform", "", NOT_SHIPPED, "grade 2 as entered; definition not shipped"
    )  # fmt: skip
    assert texts.as_entered("Nausea", 0).because == "grade 0 as entered"
    assert texts.as_entered("Rash", 5).grade == 5
    for grade_, found, allowed in (
        (4, "Nausea has no grade 4", "1, 2, 3"),
        (5, "Nausea has no grade 5", "1, 2, 3"),
        (6, "6", "0 to 5"),
    ):
        assert _faults(texts.as_entered, "Nausea", grade_) == [
            Fault("grade", found, allowed, "Correct the grade")
        ]


@pytest.mark.parametrize(
    ("term", "amount", "given", "fault"),
    [
        (
            "Anemia", "9 g/dL", {"version": "4.03"},
            ("term", "'Anemia' has no laboratory criteria of CTCAE 4.03 here", "Hyperglycemia",
             "Correct the term, or take the grade as entered by the investigator"),
        ),
        (
            "Anemia", "9 g/dL", {"version": "6.0"},
            ("version", "CTCAE '6.0' is not shipped", "5.0, 4.03",
             "Name the version that the protocol pins"),
        ),
        (
            "Anemia", "9 10*9/L", {},
            ("unit", "10*9/L is no unit of this test", "g/dL, mmol/L, g/L", "Correct the unit"),
        ),
        (
            "Anemia", "9 g/dL", {"test": "PLAT"},
            ("test", "PLAT is not graded as this term", "HGB, HB, HEMOGLOBIN, HAEMOGLOBIN",
             "Correct the test or the term"),
        ),
        (
            "Hypercalcemia (Ionized)", "1.5 mmol/L", {"test": "CA total"},
            ("test", "CA total", "ionized calcium", "Grade it as the term without it"),
        ),
        (
            "INR increased", "120 %", {},
            ("unit", "%", "1 (a number without unit)", "Correct it"),
        ),
        ("Anemia", "-9 g/dL", {}, ("value", "-9 g/dL", "0 or more", "Correct the value")),
        (
            "Anemia", "9 g/dL", {"lln": 11.5},
            ("lln", "a float", "an exact number", "Read it as decimal text"),
        ),
        (
            "Anemia", "9 g/dL", {"uln": Decimal("Infinity")},
            ("uln", "Infinity", "a finite number", "Correct it"),
        ),
        (
            "Anemia", "9 g/dL", {"lln": "15", "uln": "11"},
            ("lln", "15 is above the upper limit 11", "below it", "Correct it"),
        ),
        (ALT, "90 U/L", {"uln": "0"}, ("uln", "0", "above 0", "Correct it, or leave it out")),
        (
            ALT, "90 U/L", {"baseline": "0"},
            ("baseline", "0", "above 0", "Correct it, or leave it out"),
        ),
    ],
)  # fmt: skip
def test_the_whole_refusal_of_a_result(ask, term, amount, given, fault):
    """The place, what stands there, what may stand there, and what to do."""
    assert _faults(ask, term, amount, **given) == [Fault(*fault)]


@pytest.mark.parametrize(
    ("amount", "given"),
    [
        ("<=0 g/dL", {"lln": "11.5"}),
        ("0 g/dL", {"lln": "11.5"}),
        ("9 g/dL", {"lln": "0", "baseline": "0"}),
        ("9 g/dL", {"lln": "11.5", "uln": "11.5"}),
    ],
)
def test_the_ends_of_what_laboratories_report_are_taken(ask, amount, given):
    """A value of 0, a limit of 0, a baseline of 0 that nothing multiplies, and equal limits."""
    assert ask("Anemia", amount, **given).term == "Anemia"


def test_a_term_that_no_value_grades_is_told_how_many_do(rules):
    """Too many to be listed."""
    shipped = sum(rule.version == "5.0" for rule in rules.criteria)

    assert _faults(grade, rules, "Rash", Quantity(Decimal(1), "mg/dL")) == [
        Fault(
            "term",
            "'Rash' has no laboratory criteria of CTCAE 5.0 here",
            f"the {shipped} laboratory terms shipped",
            "Correct the term, or take the grade as entered by the investigator",
        )
    ]
