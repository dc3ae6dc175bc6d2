"""Measured values of every person: the latest, the mean of one day, the worst, or any."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, both, measured

from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.vocabulary import Plausible, Term

PERCENT, PER_UL = 97, 99
TERMS = {
    "lvef": Term(
        says="LVEF", kind="observation", unit="%", omop=(1,),
        plausible=Plausible(at_least=Decimal(5), at_most=Decimal(90)),
    )
}  # fmt: skip


def rule(**fields):
    """Make a rule: LVEF below 50 %."""
    return ObservationRule(kind="observation", fact="lvef", unit="%", below=Decimal(50), **fields)


CASES = {
    "latest": (
        {},
        [
            ([(9, 45), (1, 55)], NOT_MET),
            ([(9, 55), (1, 45)], MET),
            ([(1, 45), (1, 55)], UNKNOWN),
            ([(1, 45), (-1, 55)], MET),
            ([(1, 95)], UNKNOWN),
        ],
    ),
    "windowed": ({"within_days": 28}, [([(28, 45)], MET), ([(29, 45)], UNKNOWN)]),
    "any": ({"pick": "any"}, [([(9, 45), (1, 55)], MET), ([(9, 55), (1, 55)], NOT_MET)]),
    "worst": ({"pick": "worst"}, [([(9, 45), (1, 45)], MET), ([(9, 45), (1, 55)], NOT_MET)]),
    "mean": (
        {"pick": "mean", "of": 2},
        [
            ([(1, 45), (1, 54)], MET),
            ([(1, 45), (1, 55)], NOT_MET),
            ([(9, 45), (1, 45)], UNKNOWN),
            ([(1, 95), (1, 95)], UNKNOWN),
        ],
    ),
}
"""Fields of the rule; days before and values of each person's results, and the answer."""


@pytest.mark.parametrize("name", CASES)
def test_values_of_everybody_are_picked_as_of_one(name):
    """Of which days, how many, and up to which day."""
    fields, cases = CASES[name]
    results = [
        measured(person, 1, value, PERCENT, days=days, row=100 * person + row)
        for person, (pairs, _) in enumerate(cases, start=1)
        for row, (days, value) in enumerate(pairs)
    ]

    found = both(rule(**fields), results, TERMS)

    assert [verdict for verdict, _ in found.values()] == [expected for _, expected in cases]


@pytest.mark.parametrize("pick", ["latest", "any", "worst", "mean"])
def test_a_hospital_in_which_no_result_has_a_unit_is_screened(pick):
    """Every result of the fact is unread, and the answer is unknown."""
    results = [measured(1, 1, 45, 0, row=row) for row in (1, 2)]
    of = {"of": 2} if pick == "mean" else {}

    [(verdict, _)] = both(rule(pick=pick, **of), results, TERMS).values()

    assert verdict == UNKNOWN


@pytest.mark.parametrize(("not_recorded", "expected"), [("unknown", UNKNOWN), ("absent", NOT_MET)])
def test_silence_goes_by_the_policy_of_the_rule(not_recorded, expected):
    """Somebody of whom nothing is recorded."""
    found = both(rule(not_recorded=not_recorded), [], TERMS, persons={1: {}})

    assert found == {1: (expected, None)}


@pytest.mark.parametrize("pick", ["latest", "any", "worst", "mean"])
def test_none_at_all_can_be_true_below_the_numbers_that_can(pick):
    """A counter reports tens of cells or none: 3 has lost its thousand, and 0 has not."""
    window = Plausible(at_least=Decimal(10), at_most=Decimal(100000), or_zero=True)
    cells = Term(says="ANC", kind="observation", unit="/uL", omop=(1,), plausible=window)
    of = {"of": 2} if pick == "mean" else {}
    asked = ObservationRule(
        kind="observation", fact="anc", unit="/uL", at_least=Decimal(1000), pick=pick, **of
    )
    values = {0: NOT_MET, 3: UNKNOWN, 9.99: UNKNOWN, 10: NOT_MET, 1000: MET, 200000: UNKNOWN}
    results = [
        measured(n, 1, value, PER_UL, row=10 * n + row)
        for n, value in enumerate(values, start=1)
        for row in range(2)
    ]

    found = both(asked, results, {"anc": cells})

    assert [verdict for verdict, _ in found.values()] == [*values.values()]
