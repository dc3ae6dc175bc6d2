"""FHIR R5: valid resources with the sentence, the structure and the rule of each criterion."""

import json
from decimal import Decimal

import pytest
from fhir.resources.bundle import Bundle
from fhir.resources.evidencevariable import EvidenceVariable
from fhir.resources.group import Group
from pydantic import TypeAdapter

from trialwright.assembly.exact_json import exact_json
from trialwright.assembly.protocols import shipped
from trialwright.eligibility.trees import say
from trialwright.protocol.criteria import (
    AllRule,
    AnyRule,
    AtLeastRule,
    Criterion,
    FirstRule,
    IfRule,
    NotRule,
    Rule,
)
from trialwright.protocol.event_rules import ConditionRule
from trialwright.protocol.leaf_rules import AgeRule, ObservationRule, SexRule
from trialwright.protocol.vocabulary import Term
from trialwright.registry.writing.evidence_variable import (
    RULE,
    write_evidence_variable,
    write_fhir_criteria,
    write_group,
)

TERMS = {
    "hemoglobin": Term(says="Hemoglobin", kind="observation", unit="g/dL", codes=("LOINC 718-7",)),
    "ill": Term(says="Illness", kind="condition", codes=("LOCAL x",)),
}
ILL = ConditionRule(kind="condition", fact="ill", expect="present", when="within", within_days=30)
FEMALE = SexRule(kind="sex", expect="female")


def study(rule, name="I01", **fields):
    """Make a study of one criterion."""
    made = Criterion(id=name, says="says it", place="x", kind="rule", rule=rule, **fields)
    return shipped("nct03959891").study.model_copy(update={"criteria": (made,), "terms": TERMS})


def characteristic(rule, name="I01", **fields):
    """Write the only characteristic; the whole is valid."""
    written = write_evidence_variable(study(rule, name, **fields))
    EvidenceVariable.model_validate_json(exact_json(written))
    (only,) = written["characteristic"]
    return only


@pytest.fixture(scope="module")
def whole():
    """Give the shipped study."""
    return shipped("nct03959891").study


def test_the_shipped_protocol_is_valid_fhir(whole):
    """Both resources, and the collection of them."""
    read = Bundle.model_validate_json(exact_json(write_fhir_criteria(whole)))

    variable, group = (each.resource for each in read.entry)
    assert isinstance(variable, EvidenceVariable)
    assert isinstance(group, Group)
    asked = [each.id for each in whole.criteria if each.rule is not None]
    assert [each.linkId for each in variable.characteristic] == asked
    assert [each.id for each in group.characteristic] == asked
    assert [each.text.split()[0] for each in variable.note] == ["I07", "I08"]


def test_every_characteristic_carries_sentence_side_and_rule(whole):
    """The rule reads back as the one of the protocol."""
    written = write_evidence_variable(whole)["characteristic"]

    for each in written:
        criterion = whole.criterion(each["linkId"])
        (kept,) = (one["valueString"] for one in each["extension"] if one["url"] == RULE)
        assert TypeAdapter(Rule).validate_json(kept) == criterion.rule
        assert each["description"] == f"{criterion.says}: {say(criterion.rule, whole.terms)}"
        assert each["exclude"] == criterion.is_exclusion


@pytest.mark.parametrize(
    ("rule", "code", "threshold"),
    [
        (AllRule(kind="all", of=(ILL, FEMALE)), "all-of", None),
        (AnyRule(kind="any", of=(ILL, FEMALE)), "any-of", None),
        (AtLeastRule(kind="at-least", number=2, of=(ILL, FEMALE)), "at-least", 2),
    ],
)
def test_branches_are_combinations(rule, code, threshold):
    """With the rules below them, in order."""
    combination = characteristic(rule)["definitionByCombination"]

    assert (combination["code"], combination.get("threshold")) == (code, threshold)
    assert [each["description"] for each in combination["characteristic"]] == [
        say(each, TERMS) for each in rule.of
    ]


def test_not_excludes_what_stands_below_it():
    """FHIR has no combination for it, and its thresholds begin at 1."""
    rule = NotRule(kind="not", rule=FEMALE)

    written = characteristic(rule, "E01")

    (below,) = written["definitionByCombination"]["characteristic"]
    assert (written["exclude"], below["exclude"]) == (True, True)


def test_if_is_one_of_two():
    """The condition with its rule, or without it the other."""
    rule = IfRule(kind="if", condition=FEMALE, then=ILL, otherwise=AgeRule(kind="age", below=60))

    combination = characteristic(rule)["definitionByCombination"]

    inner = [each["definitionByCombination"] for each in combination["characteristic"]]
    assert [combination["code"], *(each["code"] for each in inner)] == [
        "any-of",
        "all-of",
        "all-of",
    ]


def test_first_is_words_alone():
    """FHIR has no word for what is undecided."""
    rule = FirstRule(kind="first", of=(ILL, FEMALE))

    assert characteristic(rule)["definitionCodeableConcept"] == {"text": say(rule, TERMS)}


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"at_least": "9.50"}, ("valueQuantity", {"value": Decimal("9.50"), "comparator": ">="})),
        ({"above": "0"}, ("valueQuantity", {"value": Decimal(0), "comparator": ">"})),
        ({"at_most": "2"}, ("valueQuantity", {"value": Decimal(2), "comparator": "<="})),
        ({"below": "2"}, ("valueQuantity", {"value": Decimal(2), "comparator": "<"})),
    ],
)
def test_one_bound_is_a_quantity_with_its_comparator(bounds, expected):
    """The number keeps its digits."""
    given = {name: Decimal(number) for name, number in bounds.items()}
    rule = ObservationRule(kind="observation", fact="hemoglobin", unit="g/dL", **given)

    valued = characteristic(rule)["definitionByTypeAndValue"]

    name, value = expected
    assert value.items() <= valued[name].items()
    assert valued[name]["code"] == "g/dL"
    assert valued["type"]["coding"] == [{"system": "http://loinc.org", "code": "718-7"}]


def test_a_range_includes_both_ends_or_is_words_alone():
    """FHIR's range has no strict end."""
    closed = ObservationRule(
        kind="observation", fact="hemoglobin", unit="g/dL", at_least=Decimal(0), at_most=Decimal(9)
    )
    half_open = closed.model_copy(update={"at_most": None, "below": Decimal(9)})

    ends = characteristic(closed)["definitionByTypeAndValue"]["valueRange"]

    assert (ends["low"]["value"], ends["high"]["value"]) == (0, 9)
    assert "definitionCodeableConcept" in characteristic(half_open)


def test_a_window_is_time_from_the_anchor():
    """Days before it are negative."""
    (time,) = characteristic(ILL, anchor="first_dose")["timeFromEvent"]

    assert time["eventCodeableConcept"] == {"text": "first dose"}
    assert (time["range"]["low"]["value"], time["range"]["high"]["value"]) == (-30, 0)


def test_a_member_of_the_group_is_structured_only_where_nothing_is_lost():
    """A group has no time; a condition within 30 days is words there."""
    plain, timed = (write_group(study(rule, "E01"))["characteristic"][0] for rule in (FEMALE, ILL))

    assert plain["valueCodeableConcept"]["coding"][0]["code"] == "female"
    assert timed["code"] == {"text": "E01"}
    assert timed["valueCodeableConcept"]["text"] == f"says it: {say(ILL, TERMS)}"
    assert plain["exclude"]


def test_for_whom_a_criterion_is_stands_beside_its_rule():
    """Arms and the sex it concerns."""
    found = characteristic(ILL, arms=("C",), sex="female")["extension"]

    assert [each["valueString"] for each in found[1:]] == ["arm C", "female participants"]
    assert json.loads(found[0]["valueString"])["kind"] == "condition"
