"""The DLT window: its first and last day, and when it is over."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.safety.window import WindowDays, window_days, window_opened
from trialwright.terms.verdicts import Answer, Finding

OPENED = date(2026, 2, 16)


def test_the_window_opens_on_the_first_dose_taken(doses):
    """A held dose opens nothing; the order of records does not matter."""
    given = [*doses([5, 3]), *doses([1, 2], status="held"), *doses([1], agent="fulvestrant")]

    assert window_opened(given, "ipatasertib", date(2026, 3, 1)) == date(2026, 2, 18)


def test_a_reduced_dose_opens_the_window(doses):
    """A reduced dose is a dose taken."""
    given = [*doses([1], status="reduced"), *doses([2])]

    assert window_opened(given, "ipatasertib", date(2026, 3, 1)) == OPENED


@pytest.mark.parametrize(("as_of", "opened"), [("2026-02-15", None), ("2026-02-16", OPENED)])
def test_a_later_dose_is_not_known_yet(doses, as_of, opened):
    """Doses after the day asked for open nothing."""
    assert window_opened(doses([1]), "ipatasertib", date.fromisoformat(as_of)) == opened


def test_without_the_anchor_the_window_is_closed(doses):
    """Doses of another agent do not open the window."""
    given = doses([1], agent="palbociclib")

    assert window_opened(given, "ipatasertib", date(2026, 3, 1)) is None


def test_the_first_day_is_day_one(window):
    """A window of 28 days ends on day 28, and there is no day 0."""
    days = window_days(window, OPENED)

    assert days == WindowDays(OPENED, date(2026, 3, 15))
    assert days.day_of(OPENED) == 1
    assert days.day_of(date(2026, 3, 15)) == 28
    assert days.day_of(date(2026, 2, 15)) == -1


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(1, 400))
def test_the_last_day_has_the_number_of_days(window, opened, length):
    """The last day of the window carries its length as number, in leap years too."""
    days = window_days(window.model_copy(update={"days": length}), opened)

    assert days.day_of(days.last) == length
    assert days.day_of(days.last + timedelta(days=1)) == length + 1


@pytest.mark.parametrize(
    ("as_of", "answer", "because"),
    [
        (
            "2026-03-14",
            Answer.NOT_MET,
            "the DLT window runs from 2026-02-16 to 2026-03-15; as of 2026-03-14 days left: 1",
        ),
        (
            "2026-02-16",
            Answer.NOT_MET,
            "the DLT window runs from 2026-02-16 to 2026-03-15; as of 2026-02-16 days left: 27",
        ),
        (
            "2026-03-15",
            Answer.NOT_MET,
            "the DLT window runs from 2026-02-16 to 2026-03-15; "
            "as of 2026-03-15 this is its last day",
        ),
        ("2026-03-16", Answer.MET, "the DLT window ran from 2026-02-16 to 2026-03-15"),
    ],
)
def test_the_last_day_still_belongs_to_the_window(window, as_of, answer, because):
    """The window is over from the day after its last day."""
    over = window_days(window, OPENED).over(date.fromisoformat(as_of))

    assert over == Finding(answer, because)
