"""Age in completed years of every person, from birth dates that may be partial."""

from datetime import date

from ibis.expr.types import Table, Value

from trialwright.warehouse.cells import column
from trialwright.warehouse.columns import choose, nothing

_YEAR, _MONTH, _MONTHS = 10_000, 100, 12
"""A day as a whole number is year x 10,000 + month x 100 + day."""


def born(person: Table) -> Table:
    """Give the days between which birth lies.

    Parameters
    ----------
    person : Table
        The table of OMOP.

    Returns
    -------
    Table
        Its rows with born_first and born_last, whole numbers; null without a year.
    """
    year, month, day = (column(person, f"{part}_of_birth", "int64") for part in _PARTS)
    is_month = (month >= 1) & (month <= _MONTHS)
    parts = person.mutate(
        year=year, month=choose((is_month, month), otherwise=nothing("int64")), day=day
    )
    ends = parts.mutate(  # each in a selection of its own is worked out once
        longest=_last_day(parts.year, parts.month),
        most=parts.month.fill_null(_MONTHS),
        least=parts.month.fill_null(1),
    )
    is_dated = ends.month.notnull() & (ends.day >= 1) & (ends.day <= ends.longest)
    last = choose((ends.month.notnull(), ends.longest), otherwise=_LAST_OF_YEAR)
    first = ends.year * _YEAR + ends.least * _MONTH + choose((is_dated, ends.day), otherwise=1)
    final = ends.year * _YEAR + ends.most * _MONTH + choose((is_dated, ends.day), otherwise=last)
    return ends.mutate(born_first=first, born_last=final)


_LAST_OF_YEAR = 31
"""The last day of December."""

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
