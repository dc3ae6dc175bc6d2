"""Civil dates, complete or partial: an interval of days, never a guess."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.terms.dates import PartialDate, completed_years, days_after
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.verdicts import Answer

MET, NOT, UNK = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026-03-14", date(2026, 3, 14), date(2026, 3, 14)),
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("2000-02-29", date(2000, 2, 29), date(2000, 2, 29)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_date_of_every_precision_is_the_days_it_may_mean(text, earliest, latest):
    """A month means its first to its last day, a year likewise."""
    read = PartialDate.parse(text)

    assert (read.text, read.earliest, read.latest) == (text, earliest, latest)
    assert str(read) == text
    assert read.is_complete is (earliest == latest)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("14/03/1960", "99/99/9999"),
        ("03/14/2026", "99/99/9999"),
        ("14.03.2026", "99.99.9999"),
        ("2026-3-14", "9999-9-99"),
        ("20260314", "99999999"),
        ("2026-03-14T10:00:00Z", "9999-99-99a99:99:99a"),
        ("2026-03-14 ", "9999-99-99 "),
        (" 2026", " 9999"),
        ("2026-03-14\n", "9999-99-99\\n"),
        ("2026\n", "9999\\n"),
        ("2026-13", "9999-99"),
        ("2026-00", "9999-99"),
        ("2026-02-29", "9999-99-99"),
        ("1900-02-29", "9999-99-99"),
        ("2026-04-31", "9999-99-99"),
        ("2026-03-00", "9999-99-99"),
        ("0000", "9999"),
        ("0000-01-01", "9999-99-99"),
        ("-2026", "-9999"),
        ("+2026", "+9999"),
        ("26", "99"),
        ("２０２６", "9999"),
        ("٢٠٢٦-03", "9999-99"),
        ("2026–03–14", "9999–99–99"),
        ("2026-\ud800", "9999-\\ud800"),
        ("", ""),
        ("March 2026", "aaaaa 9999"),
        ("Anna Smith", "aaaa aaaaa"),
        ("9" * 5000, "9" * 29 + "…"),
    ],
)
def test_other_forms_are_refused_and_never_shown(text, form):
    """Other orders, digits and days are refused; the message shows the form, not the birth date."""
    with pytest.raises(Refusal) as refused:
        PartialDate.parse(text)

    assert refused.value.faults == (
        Fault(
            "date",
            f"text of the form {form!r} is no date",
            "ISO 8601 to the year, month or day, e.g. 2026-03-14 or 2026-03",
            "Write it as year-month-day",
        ),
    )


@given(st.dates())
def test_complete_date_reads_back(day):
    """A day written as text is the same day again."""
    assert PartialDate.parse(day.isoformat()) == PartialDate.of(day)
    assert PartialDate.of(day).is_complete


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_shortened_date_still_means_its_day(day, length):
    """Whatever precision is kept, the day itself is among those it may mean."""
    read = PartialDate.parse(day.isoformat()[:length])

    assert read.earliest <= day <= read.latest


@pytest.mark.parametrize(
    ("text", "day", "answer"),
    [
        ("2026-03-14", date(2026, 3, 13), NOT),
        ("2026-03-14", date(2026, 3, 14), MET),
        ("2026-03-14", date(2026, 3, 15), MET),
        ("2026-03", date(2026, 2, 28), NOT),
        ("2026-03", date(2026, 3, 1), UNK),
        ("2026-03", date(2026, 3, 30), UNK),
        ("2026-03", date(2026, 3, 31), MET),
        ("2026", date(2025, 12, 31), NOT),
        ("2026", date(2026, 1, 1), UNK),
        ("2026", date(2026, 12, 31), MET),
    ],
)
def test_interval_that_straddles_the_bound_is_unknown(text, day, answer):
    """Only when all days it may mean lie on one side is the answer known."""
    assert PartialDate.parse(text).on_or_before(day) is answer


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1965-06-15", date(2026, 6, 14), 60),
        ("1965-06-15", date(2026, 6, 15), 61),
        ("1965-06-15", date(2026, 6, 16), 61),
        ("1966-06-15", date(2026, 6, 14), 59),
        ("1966-06-15", date(2026, 6, 15), 60),
        ("1965-06-15", date(2026, 5, 31), 60),
        ("1965-06-15", date(2026, 7, 1), 61),
        ("1964-02-29", date(2025, 2, 28), 60),
        ("1964-02-29", date(2025, 3, 1), 61),
        ("1964-02-29", date(2024, 2, 28), 59),
        ("1964-02-29", date(2024, 2, 29), 60),
        ("1965-02-28", date(2024, 2, 29), 59),
        ("2026-06-15", date(2026, 6, 15), 0),
        ("2026-06-15", date(2026, 6, 14), -1),
    ],
)
def test_age_on_and_around_birthdays(born, on, years):
    """A year of age is complete on the birthday; 29 February counts on 1 March otherwise."""
    assert completed_years(PartialDate.parse(born), on) == (years, years)


@pytest.mark.parametrize(
    ("born", "on", "least", "greatest"),
    [
        ("1965", date(2026, 1, 1), 60, 61),
        ("1965", date(2025, 12, 31), 60, 60),
        ("1965", date(2026, 12, 31), 61, 61),
        ("1965", date(2026, 12, 30), 60, 61),
        ("1965-06", date(2026, 5, 31), 60, 60),
        ("1965-06", date(2026, 6, 1), 60, 61),
        ("1965-06", date(2026, 6, 29), 60, 61),
        ("1965-06", date(2026, 6, 30), 61, 61),
        ("1964-02", date(2025, 2, 28), 60, 61),
        ("1964-02", date(2025, 3, 1), 61, 61),
    ],
)
def test_partial_birth_date_gives_the_ages_it_allows(born, on, least, greatest):
    """`> 60` is decided only when both ages are on one side."""
    assert completed_years(PartialDate.parse(born), on) == (least, greatest)


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_age_is_the_number_of_birthdays_had(born, on):
    """Counting birthdays one by one gives the same age."""
    had = 0
    for year in range(born.year + 1, on.year + 1):
        is_leap_day = (born.month, born.day) == (2, 29) and not calendar.isleap(year)
        birthday = date(year, 3, 1) if is_leap_day else born.replace(year=year)
        had += birthday <= on

    assert completed_years(PartialDate.of(born), on) == (had, had)


@pytest.mark.parametrize(
    ("start", "days", "found"),
    [
        (date(2026, 3, 14), 0, date(2026, 3, 14)),
        (date(2026, 3, 28), 28, date(2026, 4, 25)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2023, 2, 28), 1, date(2023, 3, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 31)),
        (date(9999, 12, 30), 1, date(9999, 12, 31)),
    ],
)
def test_days_after_a_day(start, days, found):
    """Civil days are counted, over daylight saving, leap days and year ends."""
    assert days_after(start, days) == found


@given(st.dates(), st.integers(-10_000, 10_000))
def test_days_after_is_undone_by_going_back(start, days):
    """Going forth and back leads to the same day."""
    if date.min.toordinal() <= start.toordinal() + days <= date.max.toordinal():
        assert days_after(start, days) - start == timedelta(days)
        assert days_after(days_after(start, days), -days) == start


@pytest.mark.parametrize(
    ("start", "days", "said"),
    [
        (date(9999, 12, 31), 1, "1"),
        (date(1, 1, 1), -1, "-1"),
        (date(2026, 1, 1), 10**12, "1000000000000"),
        pytest.param(date(2026, 1, 1), 10**5000, "a large value of type int", id="5001 digits"),
    ],
)
def test_day_outside_the_calendar_is_refused(start, days, said):
    """No OverflowError reaches the user, and the start date is not shown."""
    with pytest.raises(Refusal) as refused:
        days_after(start, days)

    assert refused.value.faults == (
        Fault(
            "date",
            f"{said} days from the start date is outside the calendar",
            "years 1 to 9999",
            "Check the start date and the number of days",
        ),
    )
