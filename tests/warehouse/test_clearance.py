"""Creatinine clearance of every person: Cockcroft and Gault's formula by whole numbers."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, both, measured

from trialwright.protocol.leaf_rules import ClearanceRule
from trialwright.protocol.vocabulary import Plausible, Term


def term(unit, low, high, concept):
    """Make a term of results that can be true between two numbers."""
    plausible = Plausible(at_least=Decimal(low), at_most=Decimal(high))
    substance = "creatinine" if unit == "mg/dL" else ""
    return Term(
        says=unit, kind="observation", unit=unit, substance=substance, omop=(concept,),
        plausible=plausible,
    )  # fmt: skip


CREATININE, WEIGHT = 1, 2
MG, UMOL, KG, LB = 91, 92, 93, 94
TERMS = {
    "creatinine": term("mg/dL", "0.1", "30", CREATININE),
    "weight": term("kg", "20", "350", WEIGHT),
}
RULE = ClearanceRule(
    kind="clearance", creatinine="creatinine", weight="weight", at_least=Decimal(30)
)
MALE, YEAR_ALONE = {"gender_concept_id": 8507}, {"month_of_birth": None, "day_of_birth": None}
LESS, MORE = {"operator_concept_id": 4171756}, {"operator_concept_id": 4172704}

CASES = {
    # woman of 64: (140 - 64) x 68 x 0.85 / (72 x creatinine) is 30 at 2.03370...
    "under the limit": ((2.0337, MG, {}), (68, KG, {}), {}, MET),
    "over the limit": ((2.0338, MG, {}), (68, KG, {}), {}, NOT_MET),
    "a man": ((2.0338, MG, {}), (68, KG, {}), MALE, MET),
    "in umol/L, by 88.42": ((179.8, UMOL, {}), (68, KG, {}), {}, MET),
    "in umol/L, over the limit": ((179.9, UMOL, {}), (68, KG, {}), {}, NOT_MET),
    "weight in pounds": ((2.03, MG, {}), (150, LB, {}), {}, MET),
    "of two ages that differ": ((2.03, MG, {}), (68, KG, {}), YEAR_ALONE, UNKNOWN),
    "of two ages that agree": ((1.0, MG, {}), (68, KG, {}), YEAR_ALONE, MET),
    "less creatinine is more clearance": ((2.0, MG, LESS), (68, KG, {}), {}, MET),
    "more creatinine": ((2.0, MG, MORE), (68, KG, {}), {}, UNKNOWN),
    "more weight": ((1.0, MG, {}), (68, KG, MORE), {}, UNKNOWN),
    "a creatinine that cannot be true": ((80, MG, {}), (68, KG, {}), {}, UNKNOWN),
    "a weight that cannot be true": ((1.0, MG, {}), (680, KG, {}), {}, UNKNOWN),
    "a weight without a unit": ((1.0, MG, {}), (68, 0, {}), {}, UNKNOWN),
    "of unknown sex": ((1.0, MG, {}), (68, KG, {}), {"gender_concept_id": 0}, UNKNOWN),
}


def rows(person, creatinine, weight):
    """Give the newest creatinine and weight of a person: number, unit and what else is recorded."""
    return [
        measured(person, concept, value, unit, **more)
        for concept, (value, unit, more) in ((CREATININE, creatinine), (WEIGHT, weight))
    ]


def test_the_clearance_of_everybody_is_that_of_one():
    """At the limit, in other units, and where something is missing."""
    cases = dict(enumerate(CASES, start=1))
    results = [row for number, name in cases.items() for row in rows(number, *CASES[name][:2])]
    persons = {number: CASES[name][2] for number, name in cases.items()}

    found = both(RULE, results, TERMS, persons=persons)

    told = {name: found[number][0] for number, name in cases.items()}
    assert told == {name: expected for name, (*_, expected) in CASES.items()}


@pytest.mark.parametrize("units", [(0, KG), (MG, 0), (0, 0)])
def test_a_hospital_without_a_readable_unit_is_screened(units):
    """No creatinine, no weight, or neither is an amount of anybody."""
    creatinine, weight = units

    [(verdict, _)] = both(RULE, rows(1, (1.0, creatinine, {}), (68, weight, {})), TERMS).values()

    assert verdict == UNKNOWN


def test_the_newest_of_each_counts_and_two_weights_of_a_day_must_agree():
    """A result of an older day never stands in; nothing recorded is unknown."""
    results = [
        measured(1, CREATININE, 5.0, MG, days=30, row=1),
        measured(1, CREATININE, 1.0, MG, row=2),
        measured(1, WEIGHT, 68, KG, days=90, row=3),
        measured(2, CREATININE, 1.0, MG, row=4),
        measured(2, WEIGHT, 68, KG, row=5),
        measured(2, WEIGHT, 70, KG, row=6),
        measured(3, CREATININE, 1.0, MG, row=7),
        measured(4, WEIGHT, 68, KG, row=8),
    ]

    found = both(RULE, results, TERMS)

    assert [verdict for verdict, _ in found.values()] == [MET, UNKNOWN, UNKNOWN, UNKNOWN]
    assert found[1][1] == "measurement/2"
