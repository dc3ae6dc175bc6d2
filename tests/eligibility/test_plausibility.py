"""Bounds that no plausible value reaches, at both ends of the window."""

from decimal import Decimal

import pytest

from trialwright.eligibility.plausibility import implausible
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.vocabulary import Plausible, Term

WINDOW = Plausible(at_least=Decimal(2), at_most=Decimal(25))
TERM = Term(says="Hemoglobin", kind="observation", unit="g/dL", substance="hemoglobin",
            plausible=WINDOW)  # fmt: skip


@pytest.mark.parametrize("side", ["at_least", "above", "at_most", "below"])
@pytest.mark.parametrize(
    ("bound", "unit", "is_fault"),
    [("2", "g/dL", False), ("1.99", "g/dL", True), ("25", "g/dL", False), ("25.01", "g/dL", True),
     ("250", "g/L", False), ("251", "g/L", True), ("20", "g/L", False), ("19", "g/L", True)],
)  # fmt: skip
def test_a_bound_at_the_end_of_the_window_is_within_it(side, bound, unit, is_fault):
    """In the unit of the rule, whatever side it bounds."""
    rule = ObservationRule(
        kind="observation", fact="hemoglobin", unit=unit, **{side: Decimal(bound)}
    )

    found = [*implausible(rule, "hemoglobin", unit, TERM)]

    assert len(found) == is_fault
    for what, allowed, do in found:
        assert f"hemoglobin {side.replace('_', ' ')} {bound} {unit}" in what
        assert allowed == "a bound within 2 to 25 g/dL"
        assert do == "Correct the bound or its unit"


def test_without_a_window_every_bound_is_plausible():
    """Nor does a window count in which nothing lies."""
    rule = ObservationRule(kind="observation", fact="x", unit="g/dL", at_least=Decimal(900))
    bare = TERM.model_copy(update={"plausible": None})
    empty = Plausible(at_least=Decimal(25), at_most=Decimal(2))
    alone = Plausible(at_least=Decimal(2), at_most=Decimal(2))

    assert [*implausible(rule, "x", "g/dL", bare)] == []
    for window in (empty, alone):
        shut = TERM.model_copy(update={"plausible": window})
        assert [*implausible(rule, "x", "g/dL", shut)] == []
