"""The examples beside each criterion run, and a wrong one is found where it stands."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eligibility.casebooks import DAY, MEDICINES, TERMS

from trialwright.assembly.protocols import shipped as read_shipped
from trialwright.eligibility.examples import ANCHORS, casebook_from, casebook_of, run
from trialwright.eligibility.examples import DAY as EXAMPLE_DAY
from trialwright.eligibility.screening import verdict
from trialwright.protocol.criteria import Criterion, Example
from trialwright.protocol.leaf_rules import ApprovalRule, AttestedRule
from trialwright.terms.dates import PartialDate, completed_years
from trialwright.terms.errors import Refusal
from trialwright.terms.sources import Source

SHIPPED = read_shipped("nct03959891").study
EXAMPLES = [
    pytest.param(criterion, example, id=f"{criterion.id}-{number}")
    for criterion in SHIPPED.criteria
    for number, example in enumerate(criterion.examples)
]


@pytest.mark.parametrize(("criterion", "example"), EXAMPLES)
def test_each_example_of_the_shipped_protocol_is_answered_as_it_says(criterion, example):
    """What stands beside the criterion is true."""
    arm = example.arm or (criterion.arms or ("A",))[0]
    casebook = casebook_of(example, criterion, SHIPPED.terms, SHIPPED.medicines)

    found = verdict(criterion, SHIPPED, casebook, arm, EXAMPLE_DAY, ANCHORS)

    assert found.word == example.answer, found.finding.because


@pytest.mark.parametrize("criterion", SHIPPED.criteria, ids=lambda each: each.id)
def test_each_criterion_shows_each_of_its_answers(criterion):
    """Every criterion has an example that lets in, one that keeps out, and one that is open."""
    lets_in, keeps_out = ("absent", "present") if criterion.is_exclusion else ("met", "not met")
    wanted = {lets_in} if criterion.kind == "note" else {lets_in, keeps_out, "unknown"}

    assert wanted <= {example.answer for example in criterion.examples}


def test_the_shipped_examples_have_no_fault():
    """Run together, as when the protocol is read."""
    assert list(run(SHIPPED)) == []


def changed(example, number=3):
    """Give the shipped study with one example of a criterion replaced."""
    criteria = list(SHIPPED.criteria)
    first, *others = criteria[number].examples
    criteria[number] = criteria[number].model_copy(
        update={"examples": (first.model_copy(update=example), *others)}
    )
    return SHIPPED.model_copy(update={"criteria": tuple(criteria)})


def test_a_wrong_example_is_found():
    """With its place, what the rule answers and why, and what the example says."""
    [fault] = run(changed({"given": {"ecog": 3}}))

    assert fault.where == "criteria.3.examples.0.answer"
    assert fault.found == (
        "I04 answers 'not met' (ECOG performance status 3 on 2020-06-15, "
        "not at least 0 and at most 2)"
    )
    assert fault.allowed == "'met', as the example says"
    assert fault.do == "Correct the rule or the example"


@pytest.mark.parametrize(
    ("number", "given_facts", "where", "found"),
    [
        (3, {"ecog": "fine"}, "criteria.3.examples.0.given.ecog", "text of the form 'aaaa'"),
        (3, {"ecog": "0 furlongs"}, "criteria.3.examples.0.given.ecog", "'furlongs' is no unit"),
        (1, {"sex": "woman"}, "criteria.1.examples.0.given.sex", "'woman'"),
        (1, {"age": "old"}, "criteria.1.examples.0.given.age", "'old'"),
        (1, {"age": 131}, "criteria.1.examples.0.given.age", "131"),
        (1, {"age": -1}, "criteria.1.examples.0.given.age", "-1"),
        (1, {"age": Decimal("60.5")}, "criteria.1.examples.0.given.age", "60.5"),
        (30, {"pregnancy": "yes"}, "criteria.30.examples.0.given.pregnancy", "'yes'"),
        (2, {"prior-lines": "maybe"}, "criteria.2.examples.0.given.prior-lines", "'maybe'"),
    ],
)
def test_an_example_that_cannot_be_read_is_found_at_its_fact(number, given_facts, where, found):
    """A word, a unit or an age that is none is named where it stands."""
    [fault] = run(changed({"given": given_facts}, number))

    assert fault.where == where
    assert fault.found.startswith(found)
    assert fault.allowed
    assert fault.do


def test_every_fact_that_cannot_be_read_is_found_at_once():
    """Reading does not stop at the first."""
    wrong = {"sex": "woman", "age": "old", "advanced-disease": "perhaps"}

    assert [fault.where for fault in run(changed({"given": wrong}, 1))] == [
        "criteria.1.examples.0.given.sex",
        "criteria.1.examples.0.given.age",
        "criteria.1.examples.0.given.advanced-disease",
    ]


def test_facts_are_made_of_names_and_values():
    """Amounts, states, answers, sex and age, each dated on the day asked."""
    roles = {"approval": "principal-investigator"}
    facts = {
        "ecog": 0,
        "hemoglobin": "90 g/L",
        "potassium": Decimal("0.00000350"),
        "pregnancy": "absent",
        "hiv": "present",
        "candidate": "yes",
        "approval": "no",
        "age": 61,
        "sex": "female",
    }
    made = casebook_from(facts, TERMS, roles, DAY, "P-1")

    assert [(each.term, str(each.value)) for each in made.observations] == [
        ("ecog", "0 {score}"),
        ("hemoglobin", "90 g/L"),
        ("potassium", "0.00000350 mmol/L"),
    ]
    assert [(each.term, each.is_present) for each in made.conditions] == [
        ("pregnancy", False),
        ("hiv", True),
    ]
    assert [(each.question, each.answer, each.role) for each in made.attestations] == [
        ("candidate", "yes", "investigator"),
        ("approval", "no", "principal-investigator"),
    ]
    day, here = PartialDate.of(DAY), Source("example", "protocol")
    places = {Source("example", "pregnancy"), Source("example", "hiv")}
    assert (made.participant, made.sex) == ("P-1", "female")
    assert {(each.on, each.source) for each in made.observations} == {(day, here)}
    assert {(each.since, each.until, each.recorded) for each in made.conditions} == {
        (day, None, day)
    }
    assert {each.source for each in made.conditions} == places
    assert {(each.on, each.reason, each.source) for each in made.attestations} == {(day, "", here)}


def test_null_leaves_a_fact_out():
    """A missing fact is written as one."""
    assert casebook_from({"ecog": None, "age": None}, TERMS, {}, DAY, "P-1").observations == ()


def test_a_name_that_is_no_term_is_refused():
    """With the terms there are."""
    with pytest.raises(Refusal) as caught:
        casebook_from({"lvef": "60 %", "hiv": "gone"}, TERMS, {}, DAY, "P-1")

    assert str(caught.value) == (
        "lvef: a name that is no term. Allowed: ecog, hemoglobin, potassium, pregnancy, hiv, "
        "candidate, approval, complete, her2, endocrine, tissue. Correct the name.\n"
        "hiv: 'gone'. Allowed: present, absent or suspected. Correct the value."
    )


def test_a_medicine_is_named_itself_and_its_set_is_no_fact():
    """An example says which medicine was given."""
    made = casebook_from({"letrozole": "ongoing"}, TERMS, {}, DAY, "P-1", MEDICINES)

    assert [each.medicine for each in made.treatments] == ["letrozole"]
    with pytest.raises(Refusal) as caught:
        casebook_from({"endocrine": "ongoing", "x": 1}, TERMS, {}, DAY, "P-1", MEDICINES)
    assert str(caught.value) == (
        "endocrine: a set of medicines. Allowed: letrozole, tamoxifen. Name the medicine given.\n"
        "x: a name that is no term. Allowed: ecog, hemoglobin, potassium, pregnancy, hiv, "
        "candidate, approval, complete, her2, endocrine, tissue, a name under medicines. "
        "Correct the name."
    )


def test_a_medicine_needs_the_medicines():
    """Without them it is a name like any other."""
    with pytest.raises(Refusal, match="letrozole: a name that is no term"):
        casebook_from({"letrozole": "ongoing"}, TERMS, {}, DAY, "P-1")


def test_findings_and_specimens_are_facts():
    """Each kind of term is read in its own notation."""
    facts = {"her2": "2+", "tissue": "20 slides of 5 um", "hemoglobin": "9 g/dL, LLN 12"}
    made = casebook_from(facts, TERMS, {}, DAY, "P-1")

    assert [(each.term, str(each.value)) for each in made.observations] == [
        ("her2", "2+"),
        ("hemoglobin", "9 g/dL"),
    ]
    assert [str(each.evidence) for each in made.specimens] == [
        "specimen 20 slides of 5 um on 2026-03-05 [example protocol]"
    ]


def test_whether_the_record_is_complete_is_answered_by_the_investigator():
    """No criterion asks it, so no criterion gives its role."""
    asked = Criterion(
        id="I01",
        says="x",
        place="x",
        kind="attested",
        rule=AttestedRule(kind="attested", question="candidate", by="principal-investigator"),
    )
    example = Example(given={"complete": "yes", "candidate": "yes"}, answer="met")

    assert [
        (each.question, each.role) for each in casebook_of(example, asked, TERMS).attestations
    ] == [("complete", "investigator"), ("candidate", "principal-investigator")]


def test_an_example_without_an_arm_asks_the_first():
    """The first that the criterion applies to, else the first of the study."""
    only_c = SHIPPED.criteria[3].model_copy(update={"arms": ("C",)})
    one_arm = {"arms": SHIPPED.arms[:1], "criteria": SHIPPED.criteria[:5]}

    assert list(run(SHIPPED.model_copy(update={"criteria": (only_c,)}))) == []
    assert list(run(SHIPPED.model_copy(update=one_arm))) == []


@given(st.integers(0, 130), st.dates(date(200, 1, 1)))
def test_an_age_is_that_age_on_the_day_and_half_a_year_around_it(years, on):
    """Examples of 60 and 61 stand clear of any birthday."""
    made = casebook_from({"age": years}, TERMS, {}, on, "P-1")

    assert completed_years(made.born, on) == (years, years)
    assert completed_years(made.born, date(on.year, 6, 15)) == (years, years)


def test_an_age_for_which_no_birth_date_exists_is_refused():
    """The calendar begins with year 1."""
    oldest = casebook_from({"age": 58}, TERMS, {}, date(60, 3, 1), "P-1")

    assert str(oldest.born) == "0001-12-01"
    with pytest.raises(Refusal) as caught:
        casebook_from({"age": 59}, TERMS, {}, date(60, 3, 1), "P-1")
    assert str(caught.value) == (
        "age: 59. Allowed: a whole number of years, 0 to 58. Correct the age."
    )


@pytest.mark.parametrize(
    "asked",
    [
        AttestedRule(kind="attested", question="approval", by="principal-investigator"),
        ApprovalRule(kind="approval", question="approval", by="principal-investigator"),
    ],
)
def test_the_role_of_an_answer_is_the_one_the_criterion_asks(asked):
    """An example need not say who answers or approves."""
    criterion = Criterion(id="I01", says="x", place="x", kind="attested", rule=asked)
    example = Example(given={"approval": "yes"}, answer="met")

    [answer] = casebook_of(example, criterion, TERMS).attestations

    assert (answer.role, answer.on) == ("principal-investigator", PartialDate.of(EXAMPLE_DAY))
