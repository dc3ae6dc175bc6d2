"""Multiples of a limit of normal, of every person: the result's own, else the institution's."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, both, measured

from trialwright.eligibility.context import LaboratoryRange
from trialwright.protocol.leaf_rules import MultipleRule
from trialwright.protocol.vocabulary import Plausible, Term

U_L = 96
TERMS = {
    "ast": Term(
        says="AST", kind="observation", unit="U/L", omop=(1,),
        plausible=Plausible(at_least=Decimal(0), at_most=Decimal(20000)),
    )
}  # fmt: skip
RULE = MultipleRule(kind="multiple", fact="ast", below=Decimal(3), times="ULN")
OF_40 = (LaboratoryRange("ast", None, Decimal(40), "U/L"),)


OWN = [
    (119.999999, 40, MET),
    (120, 40, NOT_MET),
    (110, 35, NOT_MET),
    (110, 0, UNKNOWN),
    (30000, 40, UNKNOWN),
    (-1, 40, UNKNOWN),
    (None, 40, UNKNOWN),
]
"""Value, limit that the result carries, and whether it is below three times that limit."""


@pytest.mark.parametrize("laboratory", [(), OF_40], ids=["own", "institution"])
def test_three_times_the_own_limit_is_not_below_it(laboratory):
    """The institution's table does not stand in for a limit that the result carries."""
    results = [
        measured(person, 1, value, U_L, range_high=high)
        for person, (value, high, _) in enumerate(OWN, start=1)
    ]

    found = both(RULE, results, TERMS, laboratory)

    assert [verdict for verdict, _ in found.values()] == [expected for *_, expected in OWN]


@pytest.mark.parametrize(
    ("laboratory", "value", "expected"),
    [((), 24, UNKNOWN), (OF_40, 119, MET), (OF_40, 120, NOT_MET)],
)
def test_a_result_without_a_limit_goes_by_the_table(laboratory, value, expected):
    """And without a table it is unknown, whatever older results carried."""
    results = [
        measured(1, 1, 24, U_L, range_high=40, days=20, row=1),
        measured(1, 1, value, U_L, row=2),
    ]

    assert both(RULE, results, TERMS, laboratory) == {1: (expected, "measurement/2")}


def test_nobody_is_judged_by_a_result_that_is_not_recorded():
    """Beside somebody who has one."""
    found = both(RULE, [measured(1, 1, 119, U_L)], TERMS, OF_40, persons={2: {}})

    assert found == {1: (MET, "measurement/101"), 2: (UNKNOWN, None)}


def test_results_of_one_day_that_disagree_decide_nothing():
    """One is under the limit by its own range, the other is not."""
    results = [
        measured(1, 1, 110, U_L, range_high=40, row=1),
        measured(1, 1, 110, U_L, range_high=30, row=2),
    ]

    assert both(RULE, results, TERMS) == {1: (UNKNOWN, "measurement/1")}


@pytest.mark.parametrize(
    ("value", "high", "expected"),
    [(84, 42, MET), (83.99, 42, NOT_MET), (83.99, None, UNKNOWN), (500, 42, UNKNOWN)],
)
def test_a_unit_with_a_zero_of_its_own_is_not_converted_first(value, high, expected):
    """84 of 42 mmol/mol of HbA1c is 2 x ULN as written; 500 mmol/mol can hardly be true."""
    percent = Term(
        says="HbA1c", kind="observation", unit="%", substance="hba1c", omop=(1,),
        plausible=Plausible(at_least=Decimal(2), at_most=Decimal(20)),
    )  # fmt: skip
    rule = MultipleRule(kind="multiple", fact="hba1c", at_least=Decimal(2), times="ULN")

    found = both(rule, [measured(1, 1, value, 98, range_high=high)], {"hba1c": percent})

    assert [verdict for verdict, _ in found.values()] == [expected]


def test_an_end_of_a_range_that_is_no_number_leaves_the_other():
    """Engines hold it for greater than all; it is no range from above to below."""
    ends = [(float("nan"), 40), (1e200, 40), (None, 40), (50, 40)]
    results = [
        measured(person, 1, 130, U_L, range_low=low, range_high=high)
        for person, (low, high) in enumerate(ends, start=1)
    ]

    found = both(RULE, results, TERMS)

    assert [verdict for verdict, _ in found.values()] == [NOT_MET, NOT_MET, NOT_MET, UNKNOWN]


def test_words_of_blanks_say_nothing():
    """Blanks are those of databases: a space that may not be broken is a word to them."""
    said = ["", " \t\r\n", "\N{NO-BREAK SPACE}", "see note"]
    results = [
        measured(person, 1, None, U_L, value_source_value=words)
        for person, words in enumerate(said, start=1)
    ]

    found = both(RULE, results, TERMS)

    records = [None, None, "measurement/301", "measurement/401"]
    assert list(found.values()) == [(UNKNOWN, record) for record in records]
