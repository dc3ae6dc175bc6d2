"""Exposure and dose intensity; amounts added by hand."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.exposure import DoseGiven
from trialwright.safety.exposure import exposure
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

OPENED = date(2026, 2, 16)
SOURCE = Source("example", "row 1")


def mg(amount):
    """Make an amount."""
    return Quantity(Decimal(amount), "mg")


PLAN = [(OPENED + timedelta(days=day), mg(400)) for day in range(28)]


def of(recorded, until=date(2026, 3, 15), plan=PLAN):
    """Work out the exposure to ipatasertib."""
    return exposure("ipatasertib", "mg", plan, recorded, until)


def test_28_planned_doses_of_which_seven_were_held_are_three_quarters(doses):
    """21 x 400 mg of 28 x 400 mg in four weeks: 2100 mg a week, 75 %."""
    found = of([*doses(range(1, 22)), *doses(range(22, 29), status="held")])

    assert (found.doses, found.held, found.planned, found.days) == (21, 7, 28, 28)
    assert (found.amount, found.planned_amount) == (8400, 11200)
    assert found.intensity == 2100
    assert found.relative_intensity == Fraction(3, 4)


def test_reduced_doses_lower_the_intensity_and_count_as_taken(doses):
    """14 x 400 + 14 x 300 of 28 x 400 is 87.5 %."""
    lower = [
        DoseGiven("ipatasertib", OPENED + timedelta(days=day), mg(300), "reduced", SOURCE)
        for day in range(14, 28)
    ]

    found = of([*doses(range(1, 15)), *lower])

    assert (found.doses, found.reduced) == (28, 14)
    assert found.relative_intensity == Fraction(7, 8)


def test_an_unrecorded_day_leaves_the_share_open(doses):
    """Neither taken nor held."""
    found = of(doses(range(1, 28)))

    assert (found.unrecorded, found.relative_intensity) == (1, None)
    assert "1 planned days without a record" in found.because


def test_nothing_taken_is_no_exposure(doses):
    """Held doses alone begin nothing."""
    found = of(doses([1, 2], status="held"))

    assert (found.first, found.days, found.intensity) == (None, 0, None)


def test_other_agents_and_later_days_do_not_count(doses):
    """Up to the cutoff, of this agent."""
    recorded = [*doses([1, 2, 3]), *doses([1, 2, 3], agent="palbociclib")]

    found = of(recorded, until=OPENED + timedelta(days=1))

    assert (found.doses, found.planned, found.amount) == (2, 2, 800)


def test_amounts_are_taken_in_the_unit_of_the_agent():
    """0.4 g is 400 mg."""
    one = DoseGiven("ipatasertib", OPENED, Quantity(Decimal("0.4"), "g"), "given", SOURCE)

    assert of([one], until=OPENED).amount == 400


@given(st.permutations(range(1, 29)), st.integers(0, 28))
def test_the_order_of_entry_changes_nothing(doses, order, held):
    """Of recorded doses, some held."""
    recorded = [
        dose
        for day in range(1, 29)
        for dose in doses([day], status="held" if day % 29 < held else "given")
    ]

    assert of([recorded[place - 1] for place in order]) == of(recorded)
