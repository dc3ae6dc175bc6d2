"""The laboratory's range for a group, of every person: OMOP names no group, the table does."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, both, measured

from trialwright.eligibility.context import LaboratoryRange
from trialwright.protocol.leaf_rules import RangeRule
from trialwright.protocol.vocabulary import Plausible, Term

IU_L, LESS = 95, {"operator_concept_id": 4171756}
TERMS = {
    "fsh": Term(
        says="FSH", kind="observation", unit="[IU]/L", omop=(1,),
        plausible=Plausible(at_least=Decimal(0), at_most=Decimal(500)),
    )
}  # fmt: skip
RULE = RangeRule(kind="range", fact="fsh", group="postmenopausal")


def table(low, high, group="postmenopausal", unit="[IU]/L"):
    """Make the institution's table of one line."""
    ends = (None if end is None else Decimal(end) for end in (low, high))
    return (LaboratoryRange("fsh", *ends, unit, group),)


CASES = {
    table(25, 135): [
        (25, {}, MET),
        (24.9, {}, NOT_MET),
        (135.1, {}, NOT_MET),
        (501, {}, UNKNOWN),
        (30, LESS, UNKNOWN),
    ],
    table(25, None): [(400, {}, MET), (24, {}, NOT_MET)],
    table(25, 135, unit="m[IU]/mL"): [(25, {}, MET), (24.9, {}, NOT_MET)],
    # a range from 0 has nothing under it
    table(0, 135): [(30, LESS, MET), (200, LESS, UNKNOWN)],
    table(1, 135): [(30, LESS, UNKNOWN)],
    # one from 0 on has nothing beside it at all
    table(0, None): [(30, LESS, MET), (30, {"operator_concept_id": 4172704}, MET), (30, {}, MET)],
    # of everybody, of another group, and the result's own, whose group OMOP does not say
    table(25, 135, group=""): [(60, {}, UNKNOWN)],
    table(25, 135, group="follicular"): [(60, {}, UNKNOWN)],
    # a line without an end says nothing, and the next one counts
    table(None, None): [(60, {}, UNKNOWN)],
    (*table(None, None), *table(25, 135)): [(60, {}, MET), (24, {}, NOT_MET)],
    # one in a unit that does not convert is passed over, and so is one of another term
    (*table(1, 2, unit="g"), *table(25, 135)): [(60, {}, MET)],
    (LaboratoryRange("lh", Decimal(1), Decimal(2), "[IU]/L", "postmenopausal"),): [
        (60, {}, UNKNOWN)
    ],
    (): [(60, {"range_low": 25, "range_high": 135}, UNKNOWN)],
}
"""By the institution's table: value, what else its row holds, and the answer."""


@pytest.mark.parametrize("laboratory", CASES)
def test_a_result_lies_in_the_range_of_the_table(laboratory):
    """Its ends included; a comparator that straddles an end leaves it open."""
    cases = CASES[laboratory]
    results = [
        measured(person, 1, value, IU_L, **more)
        for person, (value, more, _) in enumerate(cases, start=1)
    ]

    found = both(RULE, results, TERMS, laboratory)

    assert [verdict for verdict, _ in found.values()] == [expected for *_, expected in cases]
