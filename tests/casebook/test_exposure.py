"""Doses taken and held: the amount and the status agree."""

from datetime import date
from decimal import Decimal

import pytest

from trialwright.casebook.exposure import DoseGiven
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence

SOURCE = Source("csv", "row 7")
SOME, NONE = Quantity(Decimal(300), "mg"), Quantity(Decimal(0), "mg")


def dose(amount, status):
    """Make a dose of ipatasertib."""
    return DoseGiven("ipatasertib", date(2026, 3, 2), amount, status, SOURCE)


@pytest.mark.parametrize(
    ("amount", "status", "was_taken"),
    [(SOME, "given", True), (SOME, "reduced", True), (NONE, "held", False), (None, "held", False)],
)
def test_a_dose_was_taken_or_held(amount, status, was_taken):
    """A reduced dose was taken; a dose of nothing was held."""
    assert dose(amount, status).was_taken is was_taken


@pytest.mark.parametrize(
    ("amount", "status", "found"),
    [
        (None, "given", "given with no amount"),
        (NONE, "given", "given with no amount"),
        (None, "reduced", "reduced with no amount"),
        (SOME, "held", "held with 300 mg"),
    ],
)
def test_an_amount_that_contradicts_the_status_is_refused(amount, status, found):
    """Nothing given is not given, and something held is not held."""
    with pytest.raises(Refusal) as refused:
        dose(amount, status)

    assert [(fault.where, fault.found) for fault in refused.value.faults] == [("status", found)]


@pytest.mark.parametrize(
    "amount", [Quantity(Decimal(-1), "mg"), Quantity(Decimal(300), "mg", ">=")]
)
@pytest.mark.parametrize("status", ["given", "held"])
def test_an_inexact_amount_is_refused(amount, status):
    """An amount is a number of its unit, 0 or more, once."""
    with pytest.raises(Refusal) as refused:
        dose(amount, status)

    assert [fault.where for fault in refused.value.faults] == ["amount"]


@pytest.mark.parametrize(
    ("amount", "status", "value"),
    [(SOME, "reduced", "300 mg reduced"), (SOME, "given", "300 mg given"), (NONE, "held", "held")],
)
def test_a_dose_is_evidence(amount, status, value):
    """A verdict can point to the dose."""
    expected = Evidence("ipatasertib", value, "2026-03-02", SOURCE)

    assert dose(amount, status).evidence == expected
