"""Cells of the tables of OMOP, each of one type; null where a table has no such column."""

import ibis
from ibis.expr.types import Table, Value

from trialwright.warehouse.columns import nothing


def column(table: Table, name: str, kind: str) -> Value:
    """Give a column as a type; null where the table has none.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column.
    kind : str
        Ibis type.

    Returns
    -------
    Value
        The column.
    """
    if name not in table.columns:
        return nothing(kind)
    found = table[name]
    if str(found.type()) == kind:
        return found
    is_day = kind.startswith(("date", "timestamp"))
    return found.try_cast(kind) if is_day and found.type().is_string() else found.cast(kind)


def whole(table: Table, name: str) -> Value:
    """Give a concept id; 0 for none.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column.

    Returns
    -------
    Value
        Never null.
    """
    if name not in table.columns:
        return nothing("int64").fill_null(0)  # a literal may be narrower than it says
    return column(table, name, "int64").fill_null(0)


def holds(table: Table, name: str, concept: int) -> Value:
    """Say whether cells hold a concept id, asked of the column as it stands.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column.
    concept : int
        Not 0.

    Returns
    -------
    Value
        A truth, or null for none; false where the table has no such column.
    """
    if name not in table.columns:
        return ibis.literal(False)  # noqa: FBT003
    return column(table, name, "int64") == concept


def text(table: Table, name: str) -> Value:
    """Give words; empty for none.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column.

    Returns
    -------
    Value
        Never null.
    """
    if name not in table.columns:
        return ibis.literal("", "string")
    return column(table, name, "string").fill_null("")


def day(table: Table, name: str) -> Value:
    """Give a day; that of the instant beside it where the day alone is not recorded.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column of days, e.g. `measurement_date`; that of instants ends in `time`.

    Returns
    -------
    Value
        Null for none.
    """
    on = column(table, name, "date")
    if f"{name}time" not in table.columns:
        return on
    return ibis.coalesce(on, column(table, f"{name}time", "timestamp").cast("date"))


def has_no_day(table: Table, name: str) -> Value:
    """Say whether rows have no day: neither it nor the instant beside it.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        As for `day`, which would be worked out of each row.

    Returns
    -------
    Value
        A truth.
    """
    is_none = column(table, name, "date").isnull()
    if f"{name}time" not in table.columns:
        return is_none
    return is_none & column(table, f"{name}time", "timestamp").isnull()
