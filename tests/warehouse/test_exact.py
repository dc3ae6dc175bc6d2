"""Exact comparisons in the database agree with the exact ones of one participant."""

from decimal import Decimal
from fractions import Fraction

import ibis
import pytest
from trialwright.warehouse.exact import COMPARATORS, MET, NOT_MET, UNKNOWN, hold, of_ratio, of_unit

from trialwright.eligibility.bounding import bounds_of
from trialwright.protocol.rule_parts import Bounded
from trialwright.terms.verdicts import Answer

NUMBERS = {Answer.NOT_MET: NOT_MET, Answer.UNKNOWN: UNKNOWN, Answer.MET: MET}
RULES = [
    {"at_least": Decimal("1.5")},
    {"above": Decimal("1.5")},
    {"at_most": Decimal("1.5")},
    {"below": Decimal("1.5")},
    {"at_least": Decimal("1"), "below": Decimal("1.5")},
    {"above": Decimal("1.5"), "at_most": Decimal("3")},
]
VALUES = ["0", "0.999999", "1", "1.499999", "1.5", "1.500001", "3", "3.000001"]


@pytest.fixture(scope="module")
def engine():
    """Give an empty database."""
    return ibis.duckdb.connect()


@pytest.mark.parametrize("bounds", RULES, ids=lambda each: " ".join(map(str, each)))
def test_a_number_or_interval_holds_as_for_one_participant(engine, bounds):
    """At each bound, with each comparator, the same three answers."""
    rule = Bounded(**bounds)
    asked = [(value, sign) for value in VALUES for sign in range(len(COMPARATORS))]
    rows = ibis.memtable(
        {
            "place": list(range(len(asked))),
            "micro": [int(Decimal(value) * 1_000_000) for value, _ in asked],
            "sign": [sign for _, sign in asked],
        }
    )
    line = of_unit(rows.micro, Fraction(1), Fraction(0))

    found = engine.execute(rows.select("place", answer=hold(rule, line, rows.sign)))

    answers = dict(zip(found["place"], found["answer"], strict=True))
    expected = {
        place: NUMBERS[bounds_of(rule).hold(Fraction(value), COMPARATORS[sign])]
        for place, (value, sign) in enumerate(asked)
    }
    assert answers == expected


def test_bilirubin_at_its_limit_in_another_unit(engine):
    """25.65 umol/L is 1.5 mg/dL exactly, and is not below it; a float quotient may be."""
    rows = ibis.memtable({"micro": [25_650_000, 25_649_999]})
    line = of_unit(rows.micro, Fraction(10, 171), Fraction(0))

    found = engine.execute(rows.select(rows.micro, is_below=line.below(Fraction(3, 2))))

    assert dict(zip(found["micro"], found["is_below"], strict=True)) == {
        25_650_000: False,
        25_649_999: True,
    }


def test_exactly_three_times_the_limit_of_normal(engine):
    """120.3 of 40.1 is 3 times exactly, and is not below 3 times; 3 * 40.1 as a float is more."""
    rows = ibis.memtable({"value": [120_300_000, 120_299_999], "high": [40_100_000] * 2})
    ratio = of_ratio(rows.value, rows.high)

    found = engine.execute(rows.select(rows.value, is_below=ratio.below(Fraction(3))))

    assert dict(zip(found["value"], found["is_below"], strict=True)) == {
        120_300_000: False,
        120_299_999: True,
    }
    assert 120.3 < 3 * 40.1  # what a naive comparison would answer
