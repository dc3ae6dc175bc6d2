"""What can never be right in the criteria is one fault at its place, before anybody is screened."""

from decimal import Decimal
from itertools import product

import pytest
from tests.eligibility.casebooks import TERMS

from trialwright.eligibility.checks import check
from trialwright.eligibility.contradictions import contradictions
from trialwright.protocol.criteria import Criterion, Example
from trialwright.protocol.vocabulary import Plausible, Term

ROLE = {"kind": "attested", "question": "candidate"}


def observation(fact="hemoglobin", unit="g/dL", **sides):
    """Make an observation rule as a protocol file has it."""
    bounds = {side: Decimal(bound) for side, bound in sides.items()}
    return {"kind": "observation", "fact": fact, "unit": unit, **bounds}


def condition(expect, when="now", fact="hiv"):
    """Make a condition rule."""
    return {"kind": "condition", "fact": fact, "expect": expect, "when": when}


def asked(expect, question="candidate", by="investigator"):
    """Make a question."""
    return {"kind": "attested", "question": question, "expect": expect, "by": by}


def approves(by="principal-investigator"):
    """Make an approval."""
    return {"kind": "approval", "question": "approval", "by": by}


def criterion(name, rule, **fields):
    """Make a criterion whose examples are never run, as other faults stand before them."""
    made = {"id": name, "says": "x", "place": "x", "kind": "rule", "rule": rule, **fields}
    return Criterion.model_validate(made)


def within(days, fact="endocrine", **fields):
    """Make a wash-out."""
    return {"kind": "treatment", "fact": fact, "when": "within", "days": days, **fields}


def given(when, fact="endocrine", **fields):
    """Make a rule on treatment at another time."""
    return {"kind": "treatment", "fact": fact, "when": when, **fields}


def recent(expect, days):
    """Make a rule on a condition within days."""
    return condition(expect, "within") | {"within_days": days}


def result(*among):
    """Make a rule on a coded result."""
    return {"kind": "finding", "fact": "her2", "among": among}


def lines(**sides):
    """Make a rule on the number of lines."""
    bounds = {side: Decimal(bound) for side, bound in sides.items()}
    return {"kind": "lines", "fact": "endocrine", **bounds}


def times(**sides):
    """Make a rule on multiples of the limit of normal."""
    bounds = {side: Decimal(bound) for side, bound in sides.items()}
    return {"kind": "multiple", "fact": "potassium", "times": "ULN", **bounds}


MEAN_BY_MRI = observation(at_least="9") | {"pick": "mean", "of": 3, "methods": ("mri",)}
CLEARED = TERMS["endocrine"].model_copy(update={"cleared_after_days": 14})
THICK = {
    "kind": "specimen",
    "fact": "tissue",
    "accepts": ({"form": "block", "thickness_um": Decimal(5)},),
}
QTCF = {"kind": "qtcf", "fact": "x", "qt": "y", "rr": "x", "above": Decimal(470)}
BLOCK = {"kind": "specimen", "fact": "tissue", "accepts": ({"form": "block"},)}


def every(*rules):
    """Make an `all`."""
    return {"kind": "all", "of": rules}


def one(*rules):
    """Make an `any`."""
    return {"kind": "any", "of": rules}


def first_of(*rules):
    """Make a `first`."""
    return {"kind": "first", "of": rules}


def no(rule):
    """Make a `not`."""
    return {"kind": "not", "rule": rule}


def test_the_shipped_protocol_has_no_fault(shipped):
    """Its criteria can be met, its units convert, and its examples are true."""
    assert check(shipped) == ()


def only_fault(study):
    """Give the one fault of a study."""
    [fault] = check(study)
    assert fault.allowed
    assert fault.do
    return fault.where, fault.found


@pytest.mark.parametrize(
    ("made", "where", "found"),
    [
        (criterion("I01", observation(at_least=12, at_most=9)), "criteria.0.rule",
         "I01: hemoglobin at least 12 and at most 9, which nothing can be"),
        (criterion("I01", one(no(observation(above=9, below=9)), asked("yes"))),
         "criteria.0.rule.of.0.rule",
         "I01: hemoglobin above 9 and below 9, which nothing can be"),
        (criterion("I01", observation(unit="mm[Hg]", at_least=9)), "criteria.0.rule",
         "I01: hemoglobin bounded in mm[Hg], recorded in g/dL"),
        (criterion("I01", observation(unit="mg/dL", at_least=9)), "criteria.0.rule",
         "I01: hemoglobin at least 9 mg/dL"),
        (criterion("I01", {"kind": "age", "above": Decimal(200)}), "criteria.0.rule",
         "I01: an age bound outside 0 to 130 years"),
        (criterion("E01", {**condition("present"), "not_recorded": "absent"}), "criteria.0.rule",
         "E01: hiv has no code, and silence is read as absence"),
        (criterion("I01", asked("yes"), approval="principal-investigator"), "criteria.0.approval",
         "I01 may be approved by the principal-investigator"),
    ],
)  # fmt: skip
def test_a_criterion_that_can_never_be_right_is_one_fault(study, made, where, found):
    """Impossible bounds, a wrong unit, silence that says nothing, an approval nobody is asked."""
    assert only_fault(study(made, terms=TERMS)) == (where, found)


@pytest.mark.parametrize(
    ("made", "terms", "told"),
    [
        (criterion("I01", observation(at_least=12, at_most=9)), {},
         "criteria.0.rule: I01: hemoglobin at least 12 and at most 9, which nothing can be. "
         "Allowed: a lower bound under the upper one. Correct the bounds."),
        (criterion("I01", observation(unit="mm[Hg]", at_least=9)), {},
         "criteria.0.rule: I01: hemoglobin bounded in mm[Hg], recorded in g/dL. "
         "Allowed: a unit that converts to g/dL. "
         "Correct the unit, or name the substance of the term."),
        (criterion("I01", observation(unit="mg/dL", at_least=9)), {},
         "criteria.0.rule: I01: hemoglobin at least 9 mg/dL. "
         "Allowed: a bound within 2 to 25 g/dL. Correct the bound or its unit."),
        (criterion("I01", observation(at_least=9, at_most=26)), {},
         "criteria.0.rule: I01: hemoglobin at least 9 and at most 26 g/dL. "
         "Allowed: a bound within 2 to 25 g/dL. Correct the bound or its unit."),
        (criterion("I01", {"kind": "age", "above": Decimal("130.5")}), {},
         "criteria.0.rule: I01: an age bound outside 0 to 130 years. "
         "Allowed: 0 to 130 years. Correct the bound."),
        (criterion("E01", {**condition("present"), "not_recorded": "absent"}), {},
         "criteria.0.rule: E01: hiv has no code, and silence is read as absence. "
         "Allowed: a code under which records hold it, or not_recorded: unknown. "
         "Add the codes, or leave silence unknown."),
        (criterion("I01", MEAN_BY_MRI), {},
         "criteria.0.rule: I01: methods of a mean of hemoglobin. "
         "Allowed: methods of single results. Remove them, or pick another way."),
        (criterion("I01", within(0)), {},
         "criteria.0.rule: I01: endocrine within 0 days. Allowed: at least 1 day. Correct days."),
        (criterion("I01", within(14, half_lives=Decimal(0))), {},
         "criteria.0.rule: I01: 0 half-lives. Allowed: a number above 0. Correct it."),
        (criterion("I01", within(14, half_lives=Decimal(5))), {"endocrine": CLEARED},
         "criteria.0.rule: I01: endocrine cleared after 14 days, with a wash-out of 14. "
         "Allowed: more days than the wash-out. Correct cleared_after_days of the term."),
        (criterion("I01", recent("present", 0)), {},
         "criteria.0.rule: I01: hiv within 0 days. Allowed: at least 1 day. Correct within_days."),
        (criterion("I01", {"kind": "stable", "fact": "hiv", "status": "her2", "for_days": 0}), {},
         "criteria.0.rule: I01: hiv stable for 0 days. Allowed: at least 1 day. Correct for_days."),
        (criterion("I01", result("positive", "positive")), {},
         "criteria.0.rule: I01: her2 among positive, positive. "
         "Allowed: answers, each once; 'in question' is none. Correct the list."),
        (criterion("I01", lines(at_least="-1")), {},
         "criteria.0.rule: I01: at least -1 lines. Allowed: 0 or more. Correct the bound."),
        (criterion("I01", {"kind": "age", "at_most": Decimal(131)}), {},
         "criteria.0.rule: I01: an age bound outside 0 to 130 years. Allowed: 0 to 130 years. "
         "Correct the bound."),
        (criterion("I01", THICK), {},
         "criteria.0.rule: I01: a block of 5 um. Allowed: a thickness of slides. Remove it."),
        (criterion("I01", QTCF), {"x": Term(says="x", kind="observation", unit="ms"),
                                  "y": Term(says="y", kind="observation", unit="kg")},
         "criteria.0.rule: I01: y recorded in kg. Allowed: a unit of time. Correct the unit."),
        (criterion("I01", times(below="101")), {},
         "criteria.0.rule: I01: potassium below 101 x ULN. Allowed: a multiple above 0, up to 100. "
         "Correct the bound; a bound in a unit is the kind observation."),
        (criterion("I01", asked("yes")), {"candidate": Term(says="A candidate", kind="question")},
         "criteria.0.rule: I01: candidate is asked of a person and is no question. "
         "Allowed: words that end with a question mark. Word it as a question."),
        (criterion("I01", asked("yes"), approval="principal-investigator"), {},
         "criteria.0.approval: I01 may be approved by the principal-investigator. "
         "Allowed: a role that a rule of kind approval asks. "
         "Add the rule, or remove the approval."),
        (criterion("I01", approves()), {},
         "criteria.0.approval: I01 asks the principal-investigator to approve. "
         "Allowed: approvals by the role that the criterion names. "
         "Write approval: principal-investigator, if the protocol leaves it to that role."),
        (criterion("I01", every(asked("yes"), asked("no"))), {},
         "criteria.0.rule.of.1: I01 asks of candidate what nobody meets who meets I01. "
         "Allowed: criteria that one participant can meet. Correct one of the two."),
        (criterion("I01", asked("yes")), {},
         "criteria.0.examples: I01 has no example answered met, not met, unknown. "
         "Allowed: an example for each answer. Add one."),
        (criterion("I01", asked("yes")), {"x": Term(says="x", kind="observation", unit="furlongs")},
         "terms.x.unit: 'furlongs'. Allowed: a UCUM unit. Correct the unit."),
        (criterion("I01", asked("yes")),
         {"x": Term(says="x", kind="observation", unit="g", substance="lead")},
         "terms.x.substance: 'lead', of which no molar mass is known. Allowed: bilirubin, calcium, "
         "chloride, cholesterol, creatinine, estradiol, glucose, hba1c, hemoglobin, magnesium, "
         "potassium, sodium, triglycerides, urate. Correct the substance, or leave it out."),
        (criterion("I01", asked("yes")),
         {"x": Term(says="x", kind="observation", unit="g",
                    plausible=Plausible(at_least=Decimal(2), at_most=Decimal(1)))},
         "terms.x.plausible: a window that nothing lies in. Allowed: at_least under at_most. "
         "Correct the bounds."),
        (criterion("I01", asked("yes")), {"x": Term(says="x", kind="condition", unit="g")},
         "terms.x.unit: a unit of a condition. Allowed: none: nothing is measured. "
         "Remove it, or correct the kind."),
        (criterion("I01", asked("yes")),
         {"x": Term(says="x?", kind="question", codes=("LOINC 1-8",))},
         "terms.x.codes: codes of a question. Allowed: none: a person answers, no record does. "
         "Remove them, or correct the kind."),
        (criterion("I01", asked("yes")),
         {"x": Term(says="x", kind="treatment", members=("letrozole",), omop=(5,))},
         "terms.x.codes: codes of a set of medicines. Allowed: none: its members have codes. "
         "Give them to the medicines."),
        (criterion("I01", asked("yes")),
         {"x": Term(says="x", kind="condition", cleared_after_days=3)},
         "terms.x.cleared_after_days: a clearance of a condition. "
         "Allowed: none: no medicine is given. Remove it, or correct the kind."),
    ],
)  # fmt: skip
def test_each_fault_is_told_in_full(study, made, terms, told):
    """Where, what was found, what is allowed and what to do, on one line."""
    assert [str(fault) for fault in check(study(made, terms={**TERMS, **terms}))] == [told]


def test_an_approval_that_a_rule_asks_for_is_right(study):
    """The role that may approve is asked within the criterion."""
    approvable = criterion("I01", one(asked("yes"), approves()), approval="principal-investigator")
    faults = check(study(approvable, terms=TERMS))

    assert [fault.where for fault in faults] == ["criteria.0.examples"]


def test_a_question_is_no_approval(study):
    """Its answer may be yes or no; an approval is an act of its own."""
    made = criterion(
        "I01",
        one(asked("yes"), asked("yes", "approval", "principal-investigator")),
        approval="principal-investigator",
    )

    assert only_fault(study(made, terms=TERMS)) == (
        "criteria.0.approval",
        "I01 may be approved by the principal-investigator",
    )


def test_an_approval_by_another_role_than_the_criterion_names_is_two_faults(study):
    """The role named is not asked, and the role asked is not named."""
    made = criterion("I01", one(asked("yes"), approves("investigator")),
                     approval="principal-investigator")  # fmt: skip

    assert [fault.found for fault in check(study(made, terms=TERMS))] == [
        "I01 may be approved by the principal-investigator",
        "I01 asks the investigator to approve",
    ]


@pytest.mark.parametrize(
    ("changes", "where", "found"),
    [
        ({"unit": "grams"}, "unit", "'grams'"),
        ({"unit": ""}, "unit", "''"),
        ({"substance": "haemoglobin"}, "substance",
         "'haemoglobin', of which no molar mass is known"),
        ({"plausible": {"at_least": Decimal(25), "at_most": Decimal(2)}}, "plausible",
         "a window that nothing lies in"),
        ({"plausible": {"at_least": Decimal(2), "at_most": Decimal(2)}}, "plausible",
         "a window that nothing lies in"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_measured_is_one_fault(study, changes, where, found):
    """Said once of the term, and not of each rule that uses it."""
    term = Term.model_validate({**dict(TERMS["hemoglobin"]), **changes})
    rules = [criterion("I01", observation(at_least=9)), criterion("I02", observation(at_least=8))]
    made = study(*rules, terms={**TERMS, "hemoglobin": term})

    assert only_fault(made) == (f"terms.hemoglobin.{where}", found)


@pytest.mark.parametrize("name", ["hiv", "candidate", "her2", "endocrine", "tissue"])
@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"unit": "g/dL"}, "unit"),
        ({"substance": "glucose"}, "substance"),
        ({"plausible": {"at_least": Decimal(1), "at_most": Decimal(2)}}, "plausible"),
    ],
)
def test_what_is_not_measured_has_no_unit(study, name, changes, where):
    """A condition or question with a unit was meant to be an observation."""
    term = Term.model_validate({**dict(TERMS[name]), **changes})

    assert only_fault(study(terms={**TERMS, name: term})) == (
        f"terms.{name}.{where}",
        f"a {where} of a {term.kind}",
    )


@pytest.mark.parametrize(
    ("name", "rule", "shown", "lacking"),
    [
        ("I01", asked("yes"), ["met", "not met"], "unknown"),
        ("I01", asked("yes"), ["met"], "not met, unknown"),
        ("E01", asked("yes"), ["absent", "unknown"], "present"),
        ("I01", None, [], "met"),
        ("E01", None, [], "absent"),
    ],
)
def test_a_criterion_without_an_example_of_each_answer_is_one_fault(
    study, name, rule, shown, lacking
):
    """Which answer is not shown is named."""
    given = {"met": "yes", "not met": "no", "present": "yes", "absent": "no", "unknown": None}
    examples = tuple(Example(given={"candidate": given[answer]}, answer=answer) for answer in shown)
    made = criterion(name, rule, kind="rule" if rule else "note", examples=examples)

    assert only_fault(study(made, terms=TERMS)) == (
        "criteria.0.examples",
        f"{name} has no example answered {lacking}",
    )


def test_a_wrong_example_is_one_fault(study):
    """Examples are run when nothing else is wrong."""
    examples = (
        Example(given={"candidate": "yes"}, answer="met"),
        Example(given={"candidate": "yes"}, answer="not met"),
        Example(given={}, answer="unknown"),
    )
    made = study(criterion("I01", asked("yes"), examples=examples), terms=TERMS)

    assert only_fault(made)[0] == "criteria.0.examples.1.answer"


def test_all_faults_are_told_at_once(study):
    """A contradiction, a wrong unit, an unasked approval and a bad window together."""
    made = study(
        criterion("I01", observation(at_least=12)),
        criterion("I02", observation(at_most=9)),
        criterion("I03", observation("ecog", "g/dL", at_most=2)),
        criterion("I04", asked("yes"), approval="principal-investigator"),
        terms={**TERMS, "potassium": Term(says="K", kind="observation", unit="nonsense")},
    )

    assert {fault.where for fault in check(made)} == {
        "criteria.1.rule",
        "criteria.2.rule",
        "criteria.3.approval",
        "terms.potassium.unit",
    }


FEMALE, MALE = {"kind": "sex", "expect": "female"}, {"kind": "sex", "expect": "male"}
OVER_60 = {"kind": "age", "above": Decimal(60)}
UNDER_50 = {"kind": "age", "below": Decimal(50)}


@pytest.mark.parametrize(
    ("first", "second", "where", "what"),
    [
        # two inclusions
        (("I01", observation(at_least=12)), ("I02", observation(at_most=9)), "rule", "hemoglobin"),
        (("I01", observation(above=9)), ("I02", observation(at_most=9)), "rule", "hemoglobin"),
        (("I01", observation(at_least=9)), ("I02", observation(unit="g/L", below=90)), "rule",
         "hemoglobin"),
        (("I01", observation(at_least=9)), ("I02", observation(unit="mmol/L", below=5)), "rule",
         "hemoglobin"),
        (("I01", observation(at_least=12)), ("I02", every(asked("yes"), observation(below=9))),
         "rule.of.1", "hemoglobin"),
        (("I01", OVER_60), ("I02", UNDER_50), "rule", "age"),
        (("I01", FEMALE), ("I02", MALE), "rule", "sex"),
        (("I01", FEMALE), ("I02", no(FEMALE)), "rule.rule", "sex"),
        (("I01", condition("present")), ("I02", condition("absent")), "rule", "hiv"),
        (("I01", condition("present")), ("I02", condition("absent", "ever")), "rule", "hiv"),
        (("I01", asked("yes")), ("I02", asked("no")), "rule", "candidate"),
        (("I01", asked("yes")), ("I02", no(one(asked("yes"), OVER_60))), "rule.rule.of.0",
         "candidate"),
        (("I01", asked("yes")), ("I02", one(asked("no"))), "rule.of.0", "candidate"),
        # an inclusion and an exclusion
        (("I01", observation(at_least=9)), ("E01", observation(above=8)), "rule", "hemoglobin"),
        (("I01", observation(at_least=9)), ("E01", observation(at_least=9)), "rule", "hemoglobin"),
        (("I01", observation(at_most=9)), ("E01", observation(at_most=9)), "rule", "hemoglobin"),
        (("I01", observation(above=9)), ("E01", observation(above=9)), "rule", "hemoglobin"),
        (("I01", OVER_60), ("E01", one(asked("yes"), OVER_60)), "rule.of.1", "age"),
        (("I01", condition("present")), ("E01", condition("present", "ever")), "rule", "hiv"),
        # treatments
        (("I01", within(14)), ("E01", within(28)), "rule", "endocrine"),
        (("I01", within(14)), ("E01", within(14)), "rule", "endocrine"),
        (("E01", given("ever")), ("I01", within(14)), "rule", "endocrine"),
        (("I01", given("now")), ("E01", given("ever")), "rule", "endocrine"),
        (("I01", given("started-within", days=9)), ("E01", given("now")), "rule", "endocrine"),
        (("I01", given("now")), ("E01", within(14)), "rule", "endocrine"),
        (("E01", within(14)), ("I01", given("now")), "rule", "endocrine"),
        (("I01", given("now")), ("E01", within(1, half_lives=Decimal(5))), "rule", "endocrine"),
        (("I01", given("ever", stopped_for=("toxicity",))), ("E01", given("ever")), "rule",
         "endocrine"),
        (("I01", lines(at_least=2)), ("I02", lines(at_most=1)), "rule", "endocrine"),
        (("I01", lines(at_least=2)), ("E01", lines(above=1)), "rule", "endocrine"),
        (("I01", given("now")), ("E01", given("now")), "rule", "endocrine"),
        (("I01", given("ever", stopped_for=("toxicity",))),
         ("E01", given("ever", stopped_for=("toxicity",))), "rule", "endocrine"),
        (("I01", given("ever", stopped_for=("toxicity",))),
         ("E01", given("ever", stopped_for=("toxicity", "progression"))), "rule", "endocrine"),
        # conditions within a window, results, multiples, specimens, approvals
        (("E01", result("1+", "2+")), ("I01", result("1+")), "rule", "her2"),
        (("I01", recent("present", 30)), ("E01", recent("present", 60)), "rule", "hiv"),
        (("I01", recent("present", 30)), ("E01", condition("present", "ever")), "rule", "hiv"),
        (("I01", result("positive")), ("I02", result("negative")), "rule", "her2"),
        (("I01", result("1+")), ("E01", result("1+", "2+")), "rule", "her2"),
        (("E01", result("1+")), ("I01", result("1+")), "rule", "her2"),
        (("I01", times(at_most=2)), ("E01", times(below=3)), "rule", "potassium"),
        (("I01", BLOCK), ("I02", no(BLOCK)), "rule.rule", "tissue"),
        # two exclusions
        (("E01", observation(at_least=9)), ("E02", observation(below=9)), "rule", "hemoglobin"),
        (("E01", condition("present")), ("E02", condition("absent")), "rule", "hiv"),
        # within one criterion
        (("I01", asked("yes")), ("I02", every(OVER_60, UNDER_50)), "rule.of.1", "age"),
    ],
)  # fmt: skip
def test_criteria_that_nobody_meets_together_are_one_fault(study, first, second, where, what):
    """Across inclusions, across exclusions, and between the two."""
    made = study(criterion(*first), criterion(*second), terms=TERMS)
    [fault] = contradictions(made)

    assert fault.where == f"criteria.1.{where}"
    assert f" asks of {what} what nobody meets who meets " in fault.found
    assert check(made) == (fault,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("I01", observation(at_least=9)), ("I02", observation(at_most=9))),
        (("I01", observation(at_least=9)), ("I02", observation(unit="g/L", at_least=120))),
        (("I01", observation(at_least=9)), ("I02", observation("ecog", "{score}", at_most=2))),
        (("I01", observation(at_least=9)), ("E01", observation(below=9))),
        (("I01", observation(at_least=9)), ("E01", observation(above=9))),
        (("I01", observation(at_least=9)), ("I02", observation(unit="mmol/L", below=6))),
        (("I01", observation(at_most=9)), ("E01", observation(below=9))),
        (("I01", observation(at_most=9)), ("E01", observation(above=9))),
        (("I01", observation(at_least=9)), ("E01", observation(at_least=10, at_most=12))),
        (("I01", observation(at_least=9)), ("I02", one(observation(below=8), asked("yes")))),
        (("I01", observation(at_least=9)), ("E01", every(observation(above=8), asked("yes")))),
        (("I01", condition("present", "ever")), ("I02", condition("absent"))),
        (("I01", condition("present")), ("I02", condition("absent", fact="pregnancy"))),
        (("I01", condition("present")), ("E01", condition("absent"))),
        (("I01", asked("yes")), ("I02", asked("no", by="principal-investigator"))),
        (("I01", asked("yes")), ("I02", asked("no", "approval"))),
        (("I01", asked("yes")), ("E01", asked("no"))),
        (("I01", FEMALE), ("E01", MALE)),
        (("I01", OVER_60), ("E01", UNDER_50)),
        (("I01", OVER_60), ("I02", FEMALE)),
        (("I01", observation(at_least=9)), ("I02", observation(unit="mm[Hg]", below=8))),
        (("I01", within(28)), ("E01", within(14))),
        (("I01", within(14)), ("I02", within(28))),
        (("I01", given("ever")), ("E01", within(14))),
        (("I01", within(14)), ("E01", given("now"))),
        (("I01", given("now")), ("E01", within(14, stopped_for=("toxicity",)))),
        (("I01", given("started-within", days=9)), ("E01", within(14, "steroid"))),
        (("I01", within(14, half_lives=Decimal(5))), ("E01", within(28))),
        (("I01", given("ever")), ("E01", given("ever", stopped_for=("toxicity",)))),
        (("I01", within(14, half_lives=Decimal(1))), ("E01", within(14))),
        (("I01", given("ever", stopped_for=("toxicity", "progression"))),
         ("E01", given("ever", stopped_for=("toxicity",)))),
        (("E01", result("1+")), ("I01", result("1+", "2+"))),
        (("I01", first_of(asked("yes"), OVER_60)), ("E01", first_of(asked("yes"), OVER_60))),
        (("I01", lines(at_least=1)), ("I02", lines(at_most=1))),
        (("I01", lines(at_least=2)), ("I02", lines(at_most=1) | {"least_days": 21})),
        (("I01", recent("present", 60)), ("E01", recent("present", 30))),
        (("I01", recent("present", 30)), ("E01", condition("present"))),
        (("I01", condition("present")), ("E01", recent("present", 30))),
        (("I01", condition("present", "ever")), ("E01", recent("present", 30))),
        (("I01", result("1+", "2+")), ("I02", result("2+"))),
        (("I01", result("1+", "2+")), ("E01", result("2+"))),
        (("E01", result("1+")), ("E02", result("1+"))),
        (("I01", result("1+")), ("E01", {**result("1+"), "within_days": 30})),
        (("I01", times(at_most=2)), ("E01", times(above=3))),
        (("I01", BLOCK), ("I02", BLOCK)),
    ],
)  # fmt: skip
def test_criteria_that_somebody_meets_are_no_contradiction(study, first, second):
    """Touching bounds, alternatives, other facts, other people, other times."""
    assert [*contradictions(study(criterion(*first), criterion(*second), terms=TERMS))] == []


def test_a_contradiction_names_the_question_it_is_about(study):
    """Of a rule without a fact; the question is not its kind."""
    rule = {"kind": "approval", "question": "candidate"}
    made = study(criterion("I01", rule), criterion("E01", rule), terms=TERMS)

    [fault] = contradictions(made)

    assert fault.found == "E01 asks of candidate what nobody meets who meets I01"


def test_a_contradiction_names_the_kind_where_a_rule_names_nothing(study):
    """A clearance is worked out of two facts, and is on neither alone."""
    rule = {"kind": "clearance", "creatinine": "creatinine", "weight": "weight"}
    high, low = rule | {"at_least": Decimal(60)}, rule | {"below": Decimal(30)}
    made = study(criterion("I01", high), criterion("I02", low), terms=TERMS)

    [fault] = contradictions(made)

    assert fault.found == "I02 asks of clearance what nobody meets who meets I01"


def test_an_age_may_pass_a_bound_between_two_days(study):
    """Somebody turns 61 between consent and registration; on one day nobody is both."""
    young = criterion("I01", {"kind": "age", "at_most": Decimal(60)}, anchor="consent")
    old = criterion("I02", OVER_60)

    assert [*contradictions(study(young, old, terms=TERMS))] == []
    same = criterion("I01", {"kind": "age", "at_most": Decimal(60)})
    assert len([*contradictions(study(same, old, terms=TERMS))]) == 1


@pytest.mark.parametrize(
    "rule",
    [
        within(14),
        recent("present", 30),
        result("1+"),
        BLOCK,
        observation(at_least=9),
        condition("present"),
        given("now"),
        given("started-within", days=9),
    ],
)
def test_criteria_of_different_days_do_not_contradict_each_other(study, rule):
    """What is so at consent need not be so at the first dose."""
    asked_for, ruled_out = criterion("I01", rule), criterion("E01", rule, anchor="first_dose")

    assert [*contradictions(study(asked_for, ruled_out, terms=TERMS))] == []
    assert [*contradictions(study(asked_for, criterion("E01", rule), terms=TERMS))] != []


DAYS = ("consent", "screening", "registration", "first_dose")


@pytest.mark.parametrize(
    ("so_far", "none"),
    [
        (condition("present"), condition("absent", "ever")),
        (condition("present", "ever"), condition("absent", "ever")),
        (given("now"), no(given("ever"))),
        (given("ever"), no(given("ever"))),
    ],
)
def test_what_was_never_so_by_one_day_may_be_so_later(study, so_far, none):
    """It may begin between consent and registration; what is so at consent was so ever since."""
    clashes = {
        (day, other)
        for day, other in product(DAYS, DAYS)
        if [
            *contradictions(
                study(
                    criterion("I01", so_far, anchor=day),
                    criterion("I02", none, anchor=other),
                    terms=TERMS,
                )
            )
        ]
    }

    assert clashes == {
        (day, other) for day, other in product(DAYS, DAYS) if DAYS.index(day) <= DAYS.index(other)
    }


def test_criteria_of_different_sexes_do_not_contradict_each_other(study):
    """No woman is asked what men are asked; what everybody is asked, she is."""
    low, high = observation(at_most=9), observation(at_least=12)

    def found(one, other):
        pair = criterion("I01", low, sex=one), criterion("I02", high, sex=other)
        return len([*contradictions(study(*pair, terms=TERMS))])

    sexes = (None, "female", "male")
    counts = {(one, other): found(one, other) for one, other in product(sexes, sexes)}
    apart = {("female", "male"), ("male", "female")}
    assert counts == {pair: int(pair not in apart) for pair in counts}


@pytest.mark.parametrize(
    ("anchor", "count"), [("registration", 1), ("consent", 0), ("first_dose", 0)]
)
def test_treatment_going_on_lies_in_a_wash_out_before_registration_alone(study, anchor, count):
    """It may have begun after consent, and may be over long before a first dose."""
    now, none = criterion("I01", given("now")), criterion("E01", within(14), anchor=anchor)
    before = criterion("I01", given("now"), anchor="consent")

    assert len([*contradictions(study(now, none, terms=TERMS))]) == count
    assert [*contradictions(study(before, none, terms=TERMS))] == []


def test_criteria_of_different_arms_do_not_contradict_each_other(study):
    """Nobody is asked both; with an arm in common, or for every arm, somebody is."""
    low, high = observation(at_most=9), observation(at_least=12)

    def found(arms, others):
        pair = criterion("I01", low, arms=arms), criterion("I02", high, arms=others)
        return len([*contradictions(study(*pair, terms=TERMS))])

    later = criterion("I03", {**asked("yes")}), criterion("I04", asked("no"))
    pair = criterion("I01", low, arms=("A",)), criterion("I02", high, arms=("B",))

    assert len([*contradictions(study(*pair, *later, terms=TERMS))]) == 1
    assert found(("A",), ("B", "C")) == 0
    assert found(("A", "B"), ("B", "C")) == 1
    assert found((), ("C",)) == 1
    assert found(("C",), ()) == 1
