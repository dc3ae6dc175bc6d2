"""Bounds and results that no plausible value reaches, at both ends of the window."""

from datetime import date
from decimal import Decimal

import pytest

from trialwright.casebook.facts import Observation
from trialwright.eligibility.plausibility import implausible, result_query
from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.vocabulary import Plausible, Term
from trialwright.terms.dates import PartialDate
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

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


def query(value, unit="", term=TERM):
    """Ask about a result of a day."""
    found = value if isinstance(value, str) and not unit else Quantity.read(value, unit)
    on = date(2026, 3, 1)
    day = PartialDate("2026-03-01", on, on)
    return result_query(Observation("hb", found, day, Source("person", "report 1")), term)


@pytest.mark.parametrize(
    ("value", "unit", "is_asked"),
    [("2", "g/dL", False), ("1.99", "g/dL", True), ("25", "g/dL", False), ("25.01", "g/dL", True),
     ("20", "g/L", False), ("19.9", "g/L", True), ("250", "g/L", False), ("251", "g/L", True)],
)  # fmt: skip
def test_a_result_at_the_end_of_the_window_is_not_asked_about(value, unit, is_asked):
    """In the unit recorded; what is asked names the term, the result, its day and the window."""
    asked = query(value, unit)

    told = (
        f"Hemoglobin {value} {unit} on 2026-03-01 lies outside 2 to 25 g/dL, where it can be true;"
        " check the number and its unit"
    )
    assert asked == (told if is_asked else "")


def test_a_result_converts_by_the_substance_of_its_term():
    """88.42 umol/L of creatinine are 1.0 mg/dL; without the substance no mass is an amount."""
    window = Plausible(at_least=Decimal("0.9"), at_most=Decimal("1.1"))
    creatinine = Term(says="Creatinine", kind="observation", unit="mg/dL",
                      substance="creatinine", plausible=window)  # fmt: skip
    nameless = creatinine.model_copy(update={"substance": ""})

    assert query("88.42", "umol/L", creatinine) == ""
    assert "lies outside" in query("1", "umol/L", creatinine)
    assert "does not convert to mg/dL" in query("88.42", "umol/L", nameless)


def test_a_result_that_does_not_convert_is_asked_about():
    """Under the name of the fact where the term says no other; without a window too."""
    bare = TERM.model_copy(update={"plausible": None, "says": ""})

    assert query("9", "s", bare) == "hb 9 s on 2026-03-01 does not convert to g/dL; check the unit"


def test_nothing_is_asked_of_an_answer_in_words_or_without_a_window():
    """No window bounds them."""
    bare = TERM.model_copy(update={"plausible": None})

    assert query("negative") == ""
    assert query("900", "g/dL", bare) == ""
