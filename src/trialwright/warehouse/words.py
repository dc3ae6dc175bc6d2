"""Recorded values as text, in the words of the casebook's evidence."""

from collections.abc import Sequence

import ibis
import pyarrow as pa
from ibis.expr.types import Table, Value

from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.omop import PLACES
from trialwright.warehouse.columns import MILLION, Shape, choose, nothing


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
    """Add values as text to results.

    Parameters
    ----------
    rows : Table
        With value; with shape and micro where the record is a result.
    shapes : sequence of Shape
        By number.

    Returns
    -------
    Table
        With `value`, e.g. `<0.3 mg/dL` or `positive`, in place of the three.
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
    in_question = choose((joined.told.notnull(), IN_QUESTION), otherwise=nothing("string"))
    kept = (name for name in rows.columns if name not in ("value", "micro", "shape"))
    return joined.select(
        *kept, value=ibis.coalesce(joined.value, joined.instead, amount, in_question)
    )
