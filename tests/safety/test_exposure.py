"""Exposure and dose intensity; amounts added by hand."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from trialwright.casebook.exposure import DoseGiven
from trialwright.safety.exposure import Exposure, exposure
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
    """20 x 400 + 8 x 300 of 28 x 400 is 13/14."""
    lower = [
        DoseGiven("ipatasertib", OPENED + timedelta(days=day), mg(300), "reduced", SOURCE)
        for day in range(20, 28)
    ]

    found = of([*doses(range(1, 21)), *lower])

    assert (found.doses, found.reduced) == (28, 8)
    assert found.relative_intensity == Fraction(13, 14)


def test_an_unrecorded_day_leaves_the_share_open(doses):
    """Neither taken nor held."""
    found = of(doses(range(1, 28)))

    assert (found.unrecorded, found.relative_intensity) == (1, None)
    assert found.because == (
        "ipatasertib: 27 of 28 planned doses in 28 days from 2026-02-16 to 2026-03-15, "
        "10800 of 11200 mg; 1 planned days without a record"
    )


def test_nothing_taken_is_no_exposure(doses):
    """Held doses alone begin nothing."""
    found = of(doses([1, 2], status="held"))

    assert found == Exposure(
        agent="ipatasertib",
        unit="mg",
        first=None,
        last=None,
        days=0,
        doses=0,
        reduced=0,
        held=0,
        unrecorded=0,
        planned=0,
        amount=Fraction(0),
        planned_amount=Fraction(0),
        because="no ipatasertib taken as of 2026-03-15",
    )
    assert (found.intensity, found.relative_intensity) == (None, None)


def test_exposure_names_agent_unit_and_the_days_of_first_and_last_dose(doses):
    """The time counted goes on after the last dose taken."""
    found = of([*doses(range(2, 15)), *doses(range(15, 29), status="held")])

    assert (found.agent, found.unit) == ("ipatasertib", "mg")
    assert (found.first, found.last) == (date(2026, 2, 17), date(2026, 3, 1))
    assert (found.days, found.planned) == (27, 27)


def test_a_participant_without_a_dose_level_has_no_planned_amount(doses):
    """Days are planned, amounts are not: no share can be given."""
    found = of(doses([1, 2]), until=date(2026, 2, 17), plan=[(on, None) for on, _ in PLAN])

    assert (found.planned, found.planned_amount) == (2, 0)
    assert (found.amount, found.relative_intensity) == (800, None)


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
