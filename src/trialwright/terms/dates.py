"""Civil dates, complete or partial.

A partial date is the interval of days it may mean; a comparison that the interval does not
decide is unknown. Days are civil: no time zone, no clock, no daylight saving.
"""

import calendar
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from trialwright.terms.errors import refuse, shape, shorten
from trialwright.terms.verdicts import Answer

DAYS_A_MONTH = 30.4375
"""Length of a month in days: a year of 365.25 days, by twelve. Binary numbers hold it exactly."""

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year.

    Attributes
    ----------
    text : str
        ISO 8601: `2026-03-14`, `2026-03` or `2026`.
    earliest, latest : date
        First and last day it may mean; equal when the day is known.
    """

    text: str
    earliest: date
    latest: date

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read an ISO 8601 date of day, month or year precision.

        Parameters
        ----------
        text : str
            `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Other orders are refused, never guessed.

        Returns
        -------
        PartialDate
            The interval of days it may mean.

        Raises
        ------
        Refusal
            If the text has another form or names no day of the calendar.
        """
        found = _FORM.fullmatch(text)
        if found:
            year, month, day = (None if part is None else int(part) for part in found.groups())
            with suppress(ValueError):  # no day of the calendar
                return cls(text, *_interval(year or 0, month, day))
        raise refuse(
            "date",
            f"text of the form {shape(text)!r} is no date",
            "ISO 8601 to the year, month or day, e.g. 2026-03-14 or 2026-03",
            "Write it as year-month-day",
        )

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """Take a complete date.

        Parameters
        ----------
        day : date
            A civil date.

        Returns
        -------
        PartialDate
            With `earliest` equal to `latest`.
        """
        return cls(day.isoformat(), day, day)

    def __str__(self) -> str:
        """Give the date as written."""
        return self.text

    @property
    def is_complete(self) -> bool:
        """Whether the day is known."""
        return self.earliest == self.latest

    @property
    def is_recorded(self) -> bool:
        """Whether a day, month or year is on record, and not the bounds of one alone."""
        return "/" not in self.text

    def on_or_before(self, day: date) -> Answer:
        """Say whether this date is at or before a day.

        Parameters
        ----------
        day : date
            The bound, included.

        Returns
        -------
        Answer
            Unknown when the interval straddles the bound.
        """
        if self.latest <= day:
            return Answer.MET
        return Answer.NOT_MET if self.earliest > day else Answer.UNKNOWN


def completed_years(born: PartialDate, on: date) -> tuple[int, int]:
    """Count completed years of age at a day.

    Parameters
    ----------
    born : PartialDate
        Date of birth as known.
    on : date
        The day at which age is asked.

    Returns
    -------
    tuple of int, years
        Least and greatest age it may be; equal when the birth date decides it. Somebody born
        on 29 February completes the year on 1 March of a common year. Negative when the day lies
        before the birth, which the reader of the birth date refuses.
    """
    return _years(born.latest, on), _years(born.earliest, on)


def days_after(day: date, days: int) -> date:
    """Give the civil date some days later.

    Parameters
    ----------
    day : date
        The start.
    days : int
        Days to add; negative goes back.

    Returns
    -------
    date
        The civil date.

    Raises
    ------
    Refusal
        If it lies outside the calendar (years 1 to 9999).
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise refuse(
            "date",
            f"{shorten(days)} days from the start date is outside the calendar",
            "years 1 to 9999",
            "Check the start date and the number of days",
        ) from None


def _interval(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    """Give the first and last day that a partial date may mean."""
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def _years(born: date, on: date) -> int:
    """Count completed years between two complete dates."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
