"""Recorded values as text, in the words of the casebook's evidence."""

from collections.abc import Sequence

import ibis
import pyarrow as pa
from ibis.expr.types import Table, Value

from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.omop import PLACES
from trialwright.warehouse.columns import MILLION, Shape, choose, nothing
from trialwright.warehouse.records import (
    AGED,
    FEMALE,
    MALE,
    OBSERVED,
    PRESENT,
    SUSPECTED,
    TREATED,
    ages_of,
)


def day_text(day: Value) -> Value:
    """Say a day as ISO 8601.

    Parameters
    ----------
    day : Value
        A date.

    Returns
    -------
    Value
        Text; null for null.
    """
    return day.cast("string")


def number_text(micro: Value) -> Value:
    """Say millionths as a decimal without trailing zeros, e.g. `9.5`.

    Parameters
    ----------
    micro : Value
        Whole millionths.

    Returns
    -------
    Value
        Text; null for null.
    """
    size = micro.abs()
    units = (size // MILLION).cast("int64").cast("string")
    rest = size % MILLION
    parts = [
        (
            rest % 10 ** (PLACES - digits) == 0,
            ibis.literal(".")
            + (rest // 10 ** (PLACES - digits)).cast("int64").cast("string").lpad(digits, "0"),
        )
        for digits in range(1, PLACES)
    ]
    decimals = choose(
        (rest == 0, ""),
        *parts,
        otherwise=ibis.literal(".") + rest.cast("int64").cast("string").lpad(PLACES, "0"),
    )
    return choose((micro < 0, "-"), otherwise="") + units + decimals


def with_value(rows: Table, shapes: Sequence[Shape]) -> Table:
    """Add values as text to records.

    Parameters
    ----------
    rows : Table
        With shape, micro, since and until, as `records.found` gives them.
    shapes : sequence of Shape
        By number.

    Returns
    -------
    Table
        With `value`, e.g. `<0.3 mg/dL` or `positive`, in place of the four.
    """
    told = pa.table(
        {
            "told": pa.array(range(len(shapes)), pa.int16()),
            "before": pa.array([each.comparator for each in shapes], pa.string()),
            "after": pa.array([f" {each.unit}".rstrip() for each in shapes], pa.string()),
            "instead": pa.array([each.word or None for each in shapes], pa.string()),
        }
    )
    joined = rows.left_join(ibis.memtable(told), [("shape", "told")])
    amount = joined.before + number_text(joined.micro) + joined.after
    value = choose(
        (joined["shape"].isnull(), nothing("string")),
        (joined["shape"] == OBSERVED, _span(joined)),
        (joined.instead.notnull(), joined.instead),
        (joined.micro.notnull() & joined.told.notnull(), amount),
        (joined["shape"] == TREATED, _course(joined)),
        *((joined["shape"] == shape, word) for shape, word in _WORDS.items()),
        (joined["shape"] == AGED, _age(joined.micro)),
        otherwise=IN_QUESTION,
    )
    kept = (name for name in rows.columns if name not in ("micro", "shape", "since", "until"))
    return joined.select(*kept, value=value)


_WORDS = {PRESENT: "present", SUSPECTED: "suspected", FEMALE: "female", MALE: "male"}
"""Values of records that are no results."""


def _span(rows: Table) -> Value:
    """Say from when to when a source observed somebody."""
    return day_text(rows.since) + " to " + day_text(rows.until)


def _course(rows: Table) -> Value:
    """Say when a treatment was given."""
    ended = ibis.literal("last dose ") + day_text(rows.until)
    last = choose((rows.until.isnull(), "end not recorded"), otherwise=ended)
    return ibis.literal("since ") + day_text(rows.since) + ibis.literal(", ") + last


def _age(micro: Value) -> Value:
    """Say an age, or the two that a birth date may mean."""
    least, most = ages_of(micro)
    told = least.cast("string")
    span = told + ibis.literal(" or ") + most.cast("string")
    return choose((least == most, told), otherwise=span) + ibis.literal(" a")
