"""Age in completed years of every person, from birth dates that may be partial."""

from datetime import date

from ibis.expr.types import Table, Value

from trialwright.warehouse.cells import column
from trialwright.warehouse.columns import choose, nothing

_YEAR, _MONTH, _MONTHS = 10_000, 100, 12
"""A day as a whole number is year x 10,000 + month x 100 + day."""


def born(person: Table) -> tuple[Value, Value]:
    """Give the days between which birth lies, as whole numbers.

    Parameters
    ----------
    person : Table
        The table of OMOP.

    Returns
    -------
    tuple of Value
        First and last day; null without a year.
    """
    year, month, day = (column(person, f"{part}_of_birth", "int64") for part in _PARTS)
    month = choose((month.between(1, _MONTHS), month), otherwise=nothing("int64"))
    is_dated = month.notnull() & day.between(1, _last_day(year, month))
    first = year * _YEAR + month.fill_null(1) * _MONTH + choose((is_dated, day), otherwise=1)
    final = month.fill_null(12)
    last_day = choose((is_dated, day), otherwise=_last_day(year, final))
    last = year * _YEAR + final * _MONTH + last_day
    is_born, none = year.notnull(), nothing("int64")
    return choose((is_born, first), otherwise=none), choose((is_born, last), otherwise=none)


_PARTS = ("year", "month", "day")


def _last_day(year: Value, month: Value) -> Value:
    """Give the last day of a month."""
    is_leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    return choose(
        ((month == 2) & is_leap, 29),
        (month == 2, 28),
        (month.isin([4, 6, 9, 11]), 30),
        otherwise=31,
    )


def ages(wide: Table, on: date) -> tuple[Value, Value]:
    """Give the least and greatest age in completed years at a day.

    Parameters
    ----------
    wide : Table
        With born_first and born_last.
    on : date
        The day.

    Returns
    -------
    tuple of Value
        Null without a year of birth.
    """
    day = on.year * _YEAR + on.month * _MONTH + on.day
    least, most = ((day - edge) // _YEAR for edge in (wide.born_last, wide.born_first))
    return least.cast("int64"), most.cast("int64")
