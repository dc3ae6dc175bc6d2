"""Cells of rows of OMOP: days, the ends of ranges, and concepts."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trialwright.terms import omop
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal

Row = Mapping[str, Any]
"""Column to value; a column that is not there is null."""


def day(row: Row, name: str) -> PartialDate | None:
    """Give a day; that of the instant beside it where the day alone is not recorded.

    Parameters
    ----------
    row : mapping
        Of any table.
    name : str
        Column of days, e.g. `measurement_date`; that of instants ends in `time`.

    Returns
    -------
    PartialDate or None
        None where neither is recorded.
    """
    stored: date | datetime | None = row.get(name)
    if stored is None:
        stored = row.get(f"{name}time")
    if stored is None:
        return None
    return PartialDate.of(stored.date() if isinstance(stored, datetime) else stored)


def not_before(end: PartialDate | None, since: PartialDate | None) -> PartialDate | None:
    """Give an end; none where it lies before the beginning.

    Parameters
    ----------
    end, since : PartialDate or None
        Civil days.

    Returns
    -------
    PartialDate or None
        The end, where it can be one.
    """
    if end is not None and since is not None and end.latest < since.earliest:
        return None
    return end


def limits(row: Row) -> tuple[Decimal | None, Decimal | None]:
    """Give the reference range of a result.

    Parameters
    ----------
    row : mapping
        Of a result.

    Returns
    -------
    tuple of Decimal or None
        Low and high end; neither where the low one lies above the high one.
    """
    low, high = (_number(row.get(f"range_{end}")) for end in ("low", "high"))
    return (None, None) if low is not None and high is not None and low > high else (low, high)


def _number(stored: Any) -> Decimal | None:
    """Give a number; None for none."""
    with suppress(Refusal):
        return None if stored is None else omop.number(stored)
    return None


def concept(row: Row, name: str) -> int:
    """Give a concept id; 0 for none.

    Parameters
    ----------
    row : mapping
        Of any table.
    name : str
        Its column.

    Returns
    -------
    int
        As recorded.
    """
    return int(row.get(name) or 0)
