"""First days of cycles with held days made up, against counting day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trialwright.visits.cycle_starts import cycle_starts
from trialwright.visits.held_days import HeldDay, holds_in_words

START = date(2026, 2, 5)


def counted(length, cycles, held):
    """Count a cycle's days one by one, leaving held ones out, until it has all of them."""
    first_days, on = [START], START
    while len(first_days) < cycles:
        taken = 0
        while taken < length:
            taken += on not in held
            on += timedelta(days=1)
        first_days.append(on)
    return first_days


@given(
    st.integers(1, 28), st.integers(1, 5), st.sets(st.integers(-5, 100).map(
        lambda day: START + timedelta(days=day))),
)  # fmt: skip
def test_a_cycle_is_over_when_as_many_days_have_passed_without_a_hold(length, cycles, held):
    """Whatever days are held, also in a row and among those made up."""
    rows = [HeldDay(on, "x held") for on in sorted(held)]

    found = cycle_starts(START, length, cycles, held=rows)

    assert [each.on for each in found] == counted(length, cycles, held)


def test_days_in_a_row_are_told_as_one_hold():
    """Three in a row, one apart, and another agent the day after that."""
    rows = [HeldDay(date(2026, 2, day), "a held") for day in (27, 28)]
    rows += [HeldDay(date(2026, 3, day), "a held") for day in (1, 5)]
    rows.append(HeldDay(date(2026, 3, 6), "b held"))

    assert holds_in_words(rows) == (
        "a held from 2026-02-27 to 2026-03-01 (3 days), a held on 2026-03-05 (1 day), "
        "b held on 2026-03-06 (1 day)"
    )
    assert holds_in_words([]) == ""
