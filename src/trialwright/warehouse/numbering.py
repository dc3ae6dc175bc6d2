"""Numbers of records: order of arrival is order of numbers.

A number is the place of a table among `ORIGINS` times the room that ids of rows need, and the id of
the row. Where ids are small, a day and a number fit in one whole number, which compares fast.
"""

from dataclasses import dataclass
from datetime import date

import ibis
from ibis.expr.types import Value

from trialwright.terms.omop import ORIGINS as RECORDS

ORIGINS = ("person", "observation_period", *RECORDS)
"""Tables of records, in the order in which their rows arrive."""

LONG_AGO = date(1900, 1, 1)
"""Days are counted from here, up to 2258 in 17 bits."""

_ROOM = 8
"""Room for the places of tables; like all rooms a power of two, so that bits tell places apart."""

_NARROW, _BROAD = 2**42, 2**58
"""Room for ids: with a place and a day it fits in 63 bits, or does not."""

ROOM_FOR_IDS = _BROAD
"""Ids of rows are whole numbers from 0, and below it."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """How records of a warehouse are numbered.

    Attributes
    ----------
    each : int
        Room for the ids of one table.
    """

    each: int

    @property
    def is_narrow(self) -> bool:
        """Whether a day and a number fit in 63 bits."""
        return self.each == _NARROW

    @property
    def span(self) -> int:
        """Room for all numbers."""
        return self.each * _ROOM

    def first(self, origin: str) -> int:
        """Give the number of a row with the id 0.

        Parameters
        ----------
        origin : str
            Table, one of `ORIGINS`.

        Returns
        -------
        int
            The place of the table times the room.
        """
        return ORIGINS.index(origin) * self.each

    def code(self, origin: str, row_id: Value) -> Value:
        """Give the number of a record.

        Parameters
        ----------
        origin : str
            Table, one of `ORIGINS`.
        row_id : Value
            Id of the row, from 0.

        Returns
        -------
        Value
            Orders records as they arrive.
        """
        return row_id.cast("int64") + ibis.literal(self.first(origin), "int64")

    def code_in(self, order: Value) -> Value:
        """Give the number of the record that an order ends in.

        Parameters
        ----------
        order : Value
            As `ordered` gives it.

        Returns
        -------
        Value
            Null for null.
        """
        if self.is_narrow:
            return order & (self.span - 1)
        return (order % self.span).cast("int64")

    def named(self, code: Value) -> Value:
        """Name a record from its number, e.g. `measurement/123`.

        Parameters
        ----------
        code : Value
            As `code` gives it.

        Returns
        -------
        Value
            Table and id as text; null for null.
        """
        bits = self.each.bit_length() - 1
        place = code >> bits
        cases = [(place == number, f"{origin}/") for number, origin in enumerate(ORIGINS)]
        table = ibis.cases(*cases, else_=ibis.null("string"))
        return (table + (code & (self.each - 1)).cast("string")).cast("string")

    def ordered(self, days: Value, code: Value) -> Value:
        """Give an order by whole numbers: first a day or place, then the number of the record.

        Parameters
        ----------
        days : Value
            Days since `LONG_AGO`, or another whole number from 0 below 2^17.
        code : Value
            Number of the record.

        Returns
        -------
        Value
            Of 63 bits where that suffices.
        """
        if self.is_narrow:
            return days.cast("int64") * self.span + code
        return days.cast("decimal(38, 0)") * self.span + code


def numbering_of(greatest: int) -> Numbering:
    """Give a numbering for ids of rows.

    Parameters
    ----------
    greatest : int
        The greatest id of any table.

    Returns
    -------
    Numbering
        Narrow where it can be.
    """
    return Numbering(_NARROW if greatest < _NARROW else _BROAD)


def days_of(on: Value) -> Value:
    """Give a day as a whole number.

    Parameters
    ----------
    on : Value
        A date.

    Returns
    -------
    Value
        Days since `LONG_AGO`; null for null. Days before it count as it.
    """
    days = on.delta(ibis.literal(LONG_AGO, "date"), unit="day")
    return ibis.greatest(days, 0)
