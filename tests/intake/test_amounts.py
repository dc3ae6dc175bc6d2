"""An amount stays as reported; what cannot be true is asked, never converted."""

from decimal import Decimal

import pytest

from trialwright.intake.amounts import amount
from trialwright.intake.elements import Element
from trialwright.intake.ranges import reference_range
from trialwright.terms.errors import Refusal

UCUM = "http://unitsofmeasure.org"


def given(**elements):
    """Make a quantity; floats are decimals, as the stream gives them."""
    return Element(
        {
            name: Decimal(str(value)) if isinstance(value, float) else value
            for name, value in elements.items()
        },
        "here",
    )


@pytest.mark.parametrize(
    ("term", "found", "shown"),
    [
        (
            "hemoglobin",
            {"value": 11.80, "unit": "g/dL", "system": UCUM, "code": "g/dL"},
            "11.8 g/dL",
        ),
        ("hemoglobin", {"value": 118, "unit": "g/L"}, "118 g/L"),
        ("hemoglobin", {"value": 7.3, "code": "mmol/L"}, "7.3 mmol/L"),
        ("bilirubin", {"value": 0.3, "comparator": "<", "code": "mg/dL"}, "<0.3 mg/dL"),
        ("anc", {"value": 2.4, "unit": "K/uL"}, "2.4 10*3/uL"),
        ("anc", {"value": 2.4, "unit": "x10^9/L", "code": "10*9/L"}, "2.4 10*9/L"),
        ("systolic-pressure", {"value": 128, "unit": "mmHg", "code": "mm[Hg]"}, "128 mm[Hg]"),
        ("ecog", {"value": 0, "unit": "{score}", "code": "{score}"}, "0 {score}"),
        ("ecog", {"value": 1, "unit": "1"}, "1 {score}"),
        ("ecog", {"value": 1}, "1 {score}"),
        # a code of another system is no UCUM: the unit text decides
        ("hemoglobin", {"value": 118, "unit": "g/L", "system": "urn:x", "code": "g/dL"}, "118 g/L"),
    ],
)
def test_an_amount_is_read_as_reported(terms, term, found, shown):
    """Everyday spellings become UCUM; number, unit and comparator stay."""
    assert str(amount(given(**found), terms[term])) == shown


@pytest.mark.parametrize(
    ("term", "found", "where", "why"),
    [
        ("hemoglobin", {"unit": "g/dL"}, "here.value", "no number"),
        ("hemoglobin", {"value": "11.8", "unit": "g/dL"}, "here.value", "a text"),
        ("hemoglobin", {"value": True, "unit": "g/dL"}, "here.value", "true or false"),
        ("hemoglobin", {"value": 11.8}, "here", "without a unit"),
        ("hemoglobin", {"value": 11.8, "unit": "Smith"}, "here.unit", "'aaaaa' is no unit"),
        ("hemoglobin", {"value": 11.8, "unit": "mg/dL"}, "here", "hardly be true"),
        ("hemoglobin", {"value": 118, "unit": "g/dL"}, "here", "hardly be true"),
        ("hemoglobin", {"value": 11.8, "unit": "g/L", "code": "g/dL"}, "here", "a unit text"),
        ("hemoglobin", {"value": 11.8, "unit": "mm[Hg]"}, "here", "does not convert"),
        ("anc", {"value": 2400, "unit": "10*3/uL"}, "here", "hardly be true"),
        ("anc", {"value": -1, "unit": "/mm3"}, "here", "hardly be true"),
        ("ecog", {"value": 7, "unit": "{score}"}, "here", "hardly be true"),
        ("bilirubin", {"value": 1, "unit": "mg/dL", "comparator": "~"}, "here.comparator", "form"),
        ("hemoglobin", {"value": Decimal("1e309"), "unit": "g/dL"}, "here.value", "no amount"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(terms, term, found, where, why):
    """A wrong unit is a question, never a silent conversion to one that would fit."""
    with pytest.raises(Refusal) as caught:
        amount(given(**found), terms[term])

    assert caught.value.faults[0].where == where
    assert why in caught.value.faults[0].found


def ranged(low, high, unit="U/L", **more):
    """Make one reference range."""
    return {
        "low": {"value": Decimal(low), "code": unit},
        "high": {"value": Decimal(high), "code": unit},
    } | more


TREATED = {"coding": [{"code": "treatment"}]}
NORMAL = {"coding": [{"code": "normal"}]}


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], (None, None)),
        ([ranged(9, 38)], (9, 38)),
        ([ranged(9, 38, type=NORMAL)], (9, 38)),
        ([{"high": {"value": 38, "unit": "U/L"}}], (None, 38)),
        ([ranged(0, 38)], (0, 38)),
        ([ranged(9, 38, type=TREATED)], (None, None)),
        ([ranged(9, 38, appliesTo=[{"text": "a group"}])], (None, None)),
        ([ranged(9, 38, age={"low": {"value": 18}})], (None, None)),
        ([ranged(1, 2, appliesTo=[{"text": "a group"}]), ranged(9, 38)], (9, 38)),
        ([ranged(9, 38), ranged(9, 40)], (None, None)),
        ([ranged(9, 38), ranged(9, 38)], (9, 38)),
        ([ranged(9, 38, unit="ukat/L")], (None, None)),
        ([ranged(9, 38, unit="mU/mL")], (9, 38)),
        ([ranged(9, 38, unit="mU/L")], (None, None)),
        ([{"high": {"value": 38}}], (None, 38)),
        ([ranged(9, 38, unit="as usual")], (None, None)),
        ([{"text": "9-38"}], (None, None)),
        ([ranged(38, 9)], (None, None)),
    ],
)
def test_only_a_plain_range_of_the_same_unit_counts(ranges, expected):
    """A range of a group, of an age, of a treatment or of another unit is not the normal range."""
    assert reference_range(Element({"referenceRange": ranges}, "here"), "U/L") == expected
