"""Rules on the latest result of a term: how many fit, and that each gives its own answer."""

from decimal import Decimal
from itertools import product

import pytest
from tests.warehouse.hospital import MET, NOT_MET, before, both, measured

from trialwright.assembly.protocols import shipped
from trialwright.eligibility.context import Context
from trialwright.protocol.criteria import AllRule, AtLeastRule
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.errors import Refusal
from trialwright.warehouse.columns import Leaf
from trialwright.warehouse.leaves import wanted

MG_DL = 91
TERMS = {
    name: Term(says=name, kind="observation", unit="mg/dL", omop=(number,))
    for number, name in enumerate(("bilirubin", "creatinine"), start=1)
}


def rules(fact, number):
    """Make so many rules, each a bound higher than the one before."""
    return tuple(
        ObservationRule(
            kind="observation", fact=fact, unit="mg/dL", pick="latest", at_least=Decimal(bound)
        )
        for bound in range(1, number + 1)
    )


@pytest.mark.parametrize(("number", "others"), [(1, 0), (30, 1), (31, 1), (31, 31)])
def test_each_of_many_rules_gives_its_own_answer(number, others):
    """As many as a word has room for, alone and beside those of another term."""
    asked = AtLeastRule(kind="at-least", number=number, of=rules("bilirubin", number))
    beside = AllRule(kind="all", of=(asked, *rules("creatinine", others)))
    results = [
        each
        for person, value in enumerate((number, number - 1), start=1)
        for each in (
            measured(person, 1, value, MG_DL),
            measured(person, 2, max(others, 1), MG_DL),
        )
    ]

    found = both(beside, results, TERMS)

    assert [verdict for verdict, _ in found.values()] == [MET, NOT_MET]


def test_more_rules_than_fit_are_refused():
    """Every such term is told, with its number and what to do."""
    many = AllRule(kind="all", of=rules("bilirubin", 32) + rules("creatinine", 40))

    with pytest.raises(Refusal) as refused:
        both(many, [measured(1, 1, 5, MG_DL)], TERMS)

    assert [(each.where, each.found) for each in refused.value.faults] == [
        ("criteria: bilirubin", "32 rules on its latest result"),
        ("criteria: creatinine", "40 rules on its latest result"),
    ]
    assert "at most 31" in refused.value.faults[0].allowed


def test_a_rule_that_is_asked_twice_takes_room_once():
    """Equal rules are one leaf."""
    many = AllRule(kind="all", of=rules("bilirubin", 31) * 2)

    found = both(many, [measured(1, 1, 31, MG_DL)], TERMS)

    assert [verdict for verdict, _ in found.values()] == [MET]


def test_rules_of_another_day_have_a_word_of_their_own():
    """Sixty-two rules on one term, half of them judged a day later."""
    study, bounds = shipped("nct03959891").study, rules("bilirubin", 31)
    leaves = [
        Leaf(f"l{number}", rule, Context("", day, {}, "consent", TERMS))
        for number, (rule, day) in enumerate(product(bounds, (before(1), before(0))))
    ]

    found = wanted(leaves, study.model_copy(update={"terms": TERMS}))

    assert found.terms == {"bilirubin"}
