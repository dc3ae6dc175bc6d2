"""A cohort of OHDSI keeps everybody whom the criteria let in, and tells what it does not ask."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eligibility.casebooks import book, context, had, said, seen
from tests.sizes import sized

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.trees import judge
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    Criterion,
    FirstRule,
    IfRule,
    NotRule,
)
from trialwright.protocol.event_rules import ConditionRule, TreatmentRule
from trialwright.protocol.leaf_rules import (
    AgeRule,
    AttestedRule,
    MultipleRule,
    ObservationRule,
    SexRule,
)
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.registry.writing.circe import write_circe
from trialwright.terms.verdicts import Answer

TERMS = {
    "hemoglobin": Term(says="Hemoglobin", kind="observation", unit="g/dL", codes=("LOINC 718-7",)),
    "alt": Term(
        says="ALT", kind="observation", unit="U/L", codes=("LOINC 1742-6",), omop=(3006923,)
    ),
    "ill": Term(says="Illness", kind="condition", codes=("SNOMEDCT 1", "ICD10CM C50")),
    "local": Term(says="Local", kind="condition", codes=("LOCAL x",)),
    "drugs": Term(says="Drugs", kind="treatment", members=("letrozole", "nameless")),
    "known-drugs": Term(says="Drugs", kind="treatment", members=("letrozole", "radiotherapy")),
    "asked": Term(says="Is it so?", kind="question"),
}
MEDICINES = {
    "letrozole": Medicine(says="Letrozole", codes=("RXNORM 72965",), omop=(1315946,)),
    "nameless": Medicine(says="Nameless"),
    "radiotherapy": Medicine(says="Radiotherapy", codes=("SNOMEDCT 108290001",)),
}
ILL = ConditionRule(kind="condition", fact="ill", expect="present", when="ever")
ANEMIC = ObservationRule(kind="observation", fact="hemoglobin", below=Decimal("9.5"), unit="g/dL")
ASKED = AttestedRule(kind="attested", question="asked")


def cohort(rule, name="I01", **fields):
    """Write a study of one criterion."""
    made = Criterion(id=name, says="says it", place="x", kind="rule", rule=rule, **fields)
    study = shipped("nct03959891").study.model_copy(
        update={"criteria": (made,), "terms": TERMS, "medicines": MEDICINES}
    )
    return write_circe(study)


def only_rule(written):
    """Give the group of the only inclusion rule."""
    (rule,) = written.expression["InclusionRules"]
    return rule["expression"]


def reasons(written):
    """Give what is told of the criterion, with whether it is left out."""
    return [(each.reason, each.is_left_out) for each in written.unsaid if each.criterion]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"at_least": 0}, {"Value": 0, "Op": "gte"}),
        ({"above": 0}, {"Value": 0, "Op": "gt"}),
        ({"at_most": "1.5"}, {"Value": 1.5, "Op": "lte"}),
        ({"below": 3}, {"Value": 3, "Op": "lt"}),
        ({"at_least": 0, "at_most": 2}, {"Value": 0, "Extent": 2, "Op": "bt"}),
    ],
)
def test_bounds_keep_strictness_and_zero(bounds, expected):
    """Each bound has its own operator; the unit stands beside it and the window before it."""
    given = {name: Decimal(number) for name, number in bounds.items()}
    rule = ObservationRule(
        kind="observation", fact="hemoglobin", unit="g/dL", pick="any", within_days=14, **given
    )

    (asked,) = only_rule(cohort(rule))["CriteriaList"]

    measurement = asked["Criteria"]["Measurement"]
    assert measurement["ValueAsNumber"] == expected
    assert [each["CONCEPT_CODE"] for each in measurement["Unit"]] == ["g/dL"]
    assert asked["StartWindow"] == {
        "Start": {"Days": 14, "Coeff": -1},
        "End": {"Days": 0, "Coeff": 1},
        "UseIndexEnd": True,
        "UseEventEnd": False,
    }
    assert asked["Occurrence"] == {"Type": 2, "Count": 1}


def test_a_range_with_one_strict_end_cannot_be_said():
    """The language has no such range, and a nearby one would be another."""
    rule = ANEMIC.model_copy(update={"at_least": Decimal(5)})

    written = cohort(rule)

    assert written.expression["InclusionRules"] == []
    ((reason, is_left_out),) = reasons(written)
    assert is_left_out
    assert reason.startswith("a strict bound on a range with two ends")


def test_a_multiple_of_the_limit_of_normal_is_a_ratio():
    """Of the high end of the range recorded with the result."""
    rule = MultipleRule(kind="multiple", fact="alt", times="ULN", at_most=Decimal("2.5"))

    (asked,) = only_rule(cohort(rule))["CriteriaList"]

    assert asked["Criteria"] == {
        "Measurement": {"CodesetId": 0, "RangeHighRatio": {"Value": 2.5, "Op": "lte"}}
    }


def test_concepts_are_named_by_id_where_one_is_known_and_by_code_where_not():
    """A code of one site is no concept; how many are to be looked up is told."""
    written = cohort(
        AllRule(kind="all", of=(ILL, MultipleRule(
            kind="multiple", fact="alt", times="ULN", below=Decimal(3)))),
    )  # fmt: skip

    items = [
        [item["concept"] for item in each["expression"]["items"]]
        for each in written.expression["ConceptSets"]
    ]
    assert [
        [(each["CONCEPT_ID"], each["VOCABULARY_ID"], each["CONCEPT_CODE"]) for each in some]
        for some in items
    ] == [
        [(0, "SNOMED", "1"), (0, "ICD10CM", "C50")],
        [(3006923, "LOINC", "1742-6")],
    ]
    assert any("2 concepts" in each.reason for each in written.unsaid)


def test_a_term_without_a_concept_cannot_be_said():
    """A code that only one site has is no concept of OMOP."""
    rule = ILL.model_copy(update={"fact": "local"})

    assert reasons(cohort(rule)) == [("local has no code that OMOP knows", True)]


def test_treatment_within_days_is_asked_by_its_end():
    """What had ended before the window does not count; radiotherapy is a procedure."""
    rule = TreatmentRule(kind="treatment", fact="known-drugs", when="within", days=14)

    (exclusion,) = only_rule(cohort(rule, "E01"))["Groups"]
    asked = exclusion["CriteriaList"]

    assert [list(each["Criteria"]) for each in asked] == [["DrugExposure"], ["ProcedureOccurrence"]]
    assert asked[0]["EndWindow"] == {
        "Start": {"Days": 14, "Coeff": -1},
        "End": {"Coeff": 1},
        "UseIndexEnd": True,
        "UseEventEnd": True,
    }


def test_medicines_without_a_code_are_told_by_name():
    """As an exclusion the set can be asked without them; as an inclusion it cannot."""
    rule = TreatmentRule(kind="treatment", fact="drugs", when="ever")

    kept_out, let_in = cohort(rule, "E01"), cohort(rule, "I01")

    assert ("no code is known for nameless", False) in reasons(kept_out)
    assert reasons(let_in) == [("no code is known for nameless", True)]


def test_half_lives_are_not_asked():
    """As an exclusion the days alone are asked, and this is told."""
    rule = TreatmentRule(
        kind="treatment", fact="known-drugs", when="within", days=14, half_lives=Decimal(5)
    )

    told = reasons(cohort(rule, "E01"))

    assert ("half-lives of the medicines: 14 days alone are asked", False) in told


def test_age_is_asked_at_the_end_of_the_observation_period():
    """Its beginning may lie decades back."""
    (asked,) = only_rule(cohort(AgeRule(kind="age", at_least=Decimal(18))))["CriteriaList"]

    assert asked["Criteria"] == {"ObservationPeriod": {"AgeAtEnd": {"Value": 18, "Op": "gte"}}}
    assert asked["StartWindow"]["UseIndexEnd"]
    assert asked["StartWindow"]["UseEventEnd"]


def test_sex_guards_a_criterion():
    """Whoever is of the other sex is not kept out by it."""
    group = only_rule(cohort(ILL, "E01", sex="female"))

    other, asked = group["Groups"]
    assert group["Type"] == "ANY"
    assert other["DemographicCriteriaList"][0]["Gender"][0]["CONCEPT_ID"] == 8507
    assert (asked["Type"], asked["Count"]) == ("AT_MOST", 0)


def test_a_criterion_of_one_arm_is_left_out():
    """The cohort is for the trial, not for an arm."""
    written = cohort(ILL, arms=("C",))

    assert written.expression["InclusionRules"] == []
    assert reasons(written) == [("asked for arm C only", True)]


@pytest.mark.parametrize(
    ("rule", "name", "is_said"),
    [
        (AllRule(kind="all", of=(ILL, ASKED)), "I01", True),
        (AllRule(kind="all", of=(ILL, ASKED)), "E01", False),
        (AnyRule(kind="any", of=(ILL, ASKED)), "I01", False),
        (AnyRule(kind="any", of=(ILL, ASKED)), "E01", True),
        (FirstRule(kind="first", of=(ILL, ASKED)), "I01", False),
        (NotRule(kind="not", rule=AnyRule(kind="any", of=(ILL, ASKED))), "I01", True),
    ],
)
def test_what_cannot_be_said_is_left_out_only_where_that_lets_more_people_in(rule, name, is_said):
    """Else the whole criterion is left out; either way the answer of a person is told."""
    written = cohort(rule, name)

    assert bool(written.expression["InclusionRules"]) == is_said
    assert ("a person answers for it; the answer is in no table of OMOP", True) in reasons(written)


def test_of_an_exclusion_the_first_rule_alone_counts():
    """Where it is met it decides; where it is not, the next would be asked."""
    rule = FirstRule(kind="first", of=(ILL, ASKED))

    written = cohort(rule, "E01")

    assert only_rule(written) == only_rule(cohort(ILL, "E01"))
    ((reason, is_left_out),) = reasons(written)
    assert reason.endswith("so the first alone counts")
    assert not is_left_out


def test_the_shipped_protocol_is_written_and_every_criterion_is_accounted_for():
    """A criterion that restricts has an inclusion rule, or is told to be left out."""
    study = shipped("nct03959891").study

    written = write_circe(study)

    written_ids = {each["name"].split()[0] for each in written.expression["InclusionRules"]}
    told = {each.criterion for each in written.unsaid if each.is_left_out}
    assert {each.id for each in study.criteria if each.rule is not None} <= written_ids | told
    assert {"I04", "I10", "I14", "E03", "E06"} <= written_ids
    numbers = [each["id"] for each in written.expression["ConceptSets"]]
    assert numbers == list(range(len(numbers)))
    asked = re.findall(r'"CodesetId": ([0-9]+)', json.dumps(written.expression["InclusionRules"]))
    assert {int(each) for each in asked} == set(numbers)


LEAVES = st.sampled_from(
    [
        ILL,
        ANEMIC,
        ANEMIC.model_copy(update={"pick": "worst"}),
        ANEMIC.model_copy(update={"pick": "any"}),
        SexRule(kind="sex", expect="female"),
        ASKED,
    ]
)


def branches(inner):
    """Give rules made of others."""
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        some.map(lambda of: AllRule(kind="all", of=of)),
        some.map(lambda of: AnyRule(kind="any", of=of)),
        some.map(lambda of: FirstRule(kind="first", of=of)),
        some.map(lambda of: AtLeastRule(kind="at-least", number=len(of), of=of)),
        inner.map(lambda rule: NotRule(kind="not", rule=rule)),
        st.tuples(inner, inner, inner).map(
            lambda three: IfRule(kind="if", condition=three[0], then=three[1], otherwise=three[2])
        ),
    )


def holds(group, record):
    """Answer a group of a cohort for one record: an interpreter of its own for the tests."""
    found = [_occurs(each, record) for each in group["CriteriaList"]]
    found += [
        record["sex"] == {8532: "female", 8507: "male"}[each["Gender"][0]["CONCEPT_ID"]]
        for each in group["DemographicCriteriaList"]
    ]
    found += [holds(each, record) for each in group["Groups"]]
    least, most = {
        "ALL": (len(found), len(found)),
        "ANY": (1, len(found)),
        "AT_LEAST": (group.get("Count"), len(found)),
        "AT_MOST": (0, group.get("Count")),
    }[group["Type"]]
    return least <= sum(found) <= most


def _occurs(asked, record):
    """Answer one criterion of a cohort."""
    ((kind, criterion),) = asked["Criteria"].items()
    number = 0
    if kind == "Measurement":
        op, bound = criterion["ValueAsNumber"]["Op"], criterion["ValueAsNumber"]["Value"]
        number = sum(
            (each < bound) if op == "lt" else (each >= bound) for each in record["hemoglobin"]
        )
    elif kind == "ConditionOccurrence":
        number = int(record["ill"])
    return number == 0 if asked["Occurrence"]["Type"] == 0 else number >= 1


@pytest.mark.sized
@settings(deadline=None, max_examples=sized(3000, 75))
@given(
    st.recursive(LEAVES, branches, max_leaves=6),
    st.booleans(),
    st.lists(st.sampled_from([8, 9, 10, 11]), max_size=3),
    st.sampled_from(["female", "male"]),
    st.sampled_from(["I01", "E01"]),
    st.sampled_from(["yes", "no", None]),
)
def test_nobody_who_meets_the_criterion_is_lost(rule, is_ill, results, sex, name, answer):
    """Whatever the tree, its leaves that cannot be said, and which result is the latest."""
    facts = [
        seen("hemoglobin", f"{result} g/dL", f"2026-03-0{place + 1}", str(place))
        for place, result in enumerate(results)
    ] + [had("ill", "2026-01-01", is_present=is_ill)]
    facts += [] if answer is None else [said("asked", answer)]
    found = judge(rule, book(*facts, sex=sex), context(terms=TERMS)).answer
    wanted = Answer.NOT_MET if name == "E01" else Answer.MET
    rules = cohort(rule, name).expression["InclusionRules"]
    record = {"hemoglobin": results, "ill": is_ill, "sex": sex}

    is_kept = all(holds(each["expression"], record) for each in rules)

    assert is_kept or found is not wanted
