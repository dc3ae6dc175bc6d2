"""The last dose: an end, an open end, and an end known to the month alone."""

from datetime import date

import pytest
from tests.eligibility.casebooks import DAY, took, when

from trialwright.eligibility.last_dose import goes_on, has_begun, last_dose

FIRST = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("until", "is_ongoing", "recorded", "earliest", "latest"),
    [
        ("2026-02-03", None, None, date(2026, 2, 3), date(2026, 2, 3)),
        ("2026-02", None, None, date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-03", None, None, date(2026, 3, 1), DAY),
        ("2026-04-01", None, None, DAY, DAY),
        (None, True, None, DAY, DAY),
        (None, None, None, FIRST, DAY),
        (None, False, None, FIRST, DAY),
        (None, False, "2026-02-20", FIRST, date(2026, 2, 20)),
        (None, False, "2026-04-20", FIRST, DAY),
        (None, False, "2025-12-01", date(2025, 12, 1), date(2025, 12, 1)),
        (None, None, "2026-02-20", FIRST, DAY),
    ],
)
def test_the_last_dose_is_an_interval_of_days(until, is_ongoing, recorded, earliest, latest):
    """An open end leaves it open from the first dose on; one put on record as ended, up to then."""
    record = took("letrozole", "2026-01-10", until, is_ongoing=is_ongoing, recorded=when(recorded))
    dose = last_dose(record, DAY)

    assert (dose.earliest, dose.latest) == (earliest, latest)


def test_without_a_first_dose_the_last_may_lie_at_any_earlier_day():
    """Nothing bounds it from below."""
    dose = last_dose(took("letrozole"), DAY)

    assert (dose.earliest, dose.latest) == (date.min, DAY)


@pytest.mark.parametrize(
    ("until", "is_ongoing", "recorded", "expected"),
    [
        ("2026-03-04", None, None, False),
        ("2026-03-05", None, None, True),
        ("2026-03-06", None, None, True),
        ("2026-03", None, None, None),
        (None, True, None, True),
        (None, False, None, False),
        (None, False, "2026-03-05", False),
        (None, False, "2026-03-06", None),
        (None, None, None, None),
    ],
)
def test_whether_treatment_goes_on(until, is_ongoing, recorded, expected):
    """A dose on the day itself goes on; an end put on record only later says nothing of the day."""
    record = took("letrozole", "2026-01-10", until, is_ongoing=is_ongoing, recorded=when(recorded))

    assert goes_on(record, DAY) is expected


def test_an_end_known_to_the_month_may_be_its_last_day():
    """On 28 February a treatment that ended in February may have its last dose that day."""
    record = took("letrozole", "2026-01-10", "2026-02")

    assert goes_on(record, date(2026, 2, 28)) is None
    assert goes_on(record, date(2026, 3, 1)) is False


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-03-05", None, "met"),
        ("2026-03-06", None, "not met"),
        ("2026-03", None, "unknown"),
        ("2026", "2026-02-20", "met"),
        ("2026", "2026-03-05", "met"),
        ("2026", "2026-03", "unknown"),
        (None, None, "met"),
    ],
)
def test_whether_treatment_has_begun(since, until, expected):
    """What has ended had begun, even where only the year of its first dose is known."""
    assert has_begun(took("letrozole", since, until), DAY) == expected
