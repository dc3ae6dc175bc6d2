"""Records that decide, told once at the end: what their numbers stand for, and their values.

Leaves name a record by its number alone; its day and value are found when it is known to decide.
The last result of a term, and the first of its day, are not even looked up before: a number below 0
stands for them.
"""

from collections.abc import Callable

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context
from trialwright.warehouse.columns import Record, Staged, choose, nothing

PRESENT, SUSPECTED, FEMALE, MALE, AGED, TREATED, OBSERVED = range(-1, -8, -1)
"""Shapes of what is no result: how its value is said."""

_YEARS = 2**20
"""Room for an age in years, of both signs."""

_ENDS = 2
"""The last result of a term and the first of its day have stand-ins."""


def last_of(fact: str, context: Context, *, is_first: bool = False) -> Value:
    """Give the stand-in for the last result of a term.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    context : Context
        Vocabulary, in the order of `staging.numbers_of`.
    is_first : bool
        Whether the first of its day is meant.

    Returns
    -------
    Value
        Below 0.
    """
    number = tuple(context.terms).index(fact)
    return ibis.literal(-1 - (_ENDS * number + is_first), "int64")


def aged(least: Value, most: Value) -> Value:
    """Give two ages as one number.

    Parameters
    ----------
    least, most : Value
        Completed years.

    Returns
    -------
    Value
        For the shape `AGED`.
    """
    return (least + _YEARS // 2) * _YEARS + most + _YEARS // 2


def ages_of(micro: Value) -> tuple[Value, Value]:
    """Give the two ages of one number.

    Parameters
    ----------
    micro : Value
        As `aged` gives it.

    Returns
    -------
    tuple of Value
        Least and most.
    """
    return micro // _YEARS - _YEARS // 2, micro % _YEARS - _YEARS // 2


def recorded(stage: Staged, keep: Callable[[Table], Table]) -> Table:
    """Give the records of which leaves give the number alone, each once.

    Parameters
    ----------
    stage : Staged
        Facts.
    keep : callable (Table) -> Table
        Makes the engine work a table out once and keep it.

    Returns
    -------
    Table
        same (number of the record), same_kind, since, until (null), same_micro, same_shape:
        results of days with several, conditions, treatments, and spans of observation.
    """
    results, conditions = stage.divided, stage.conditions
    treatments, spans, none = stage.treatments, stage.coverage, nothing("int64")
    day = nothing("date")
    sure = choose((conditions.is_confirmed, PRESENT), otherwise=SUSPECTED)
    parts = [
        (results, 0, results.on, day, results.micro, results["shape"]),
        (conditions, PRESENT, conditions.since, day, none, sure),
        (treatments, TREATED, treatments.since, treatments.until, none, ibis.literal(TREATED)),
        (spans, OBSERVED, spans.since, spans.until, none, ibis.literal(OBSERVED)),
    ]
    rows = ibis.union(
        *(
            table.select(
                "code",
                kind=ibis.literal(kind, "int16"),
                since=since,
                until=until,
                micro=micro,
                shape=shape.cast("int16"),
            )
            for table, kind, since, until, micro, shape in parts
        ),
        distinct=False,
    )
    found = rows.group_by("code", "kind").agg(  # one row may speak of two terms
        since=rows.since.max(),
        until=rows.until.max(),
        same_micro=rows.micro.max(),
        same_shape=rows["shape"].max(),
    )
    return keep(found.rename(same="code", same_kind="kind"))


def found(picked: Table, stage: Staged, records: Table) -> Table:
    """Find the records that numbers stand for.

    Parameters
    ----------
    picked : Table
        person_id, criterion, verdict, and the parts of records.
    stage : Staged
        Facts.
    records : Table
        As `recorded` gives them.

    Returns
    -------
    Table
        The same columns, and since and until; row is the number of a record.
    """
    is_last = picked.row < 0
    place = -1 - picked.row
    marked = picked.mutate(
        looked_up=choose((is_last, place // _ENDS), otherwise=nothing("int64")).cast("int16"),
        is_first=(place % _ENDS) == 1,
    )
    last = stage.newest.select(
        last_person="person_id",
        last_term="term",
        last_on="on",
        last_code="code",
        first_code="first_code",
        last_micro="micro",
        last_shape="shape",
    )
    joined = marked.left_join(last, [("looked_up", "last_term"), ("person_id", "last_person")])
    of_last = choose((joined.is_first, nothing("int64")), otherwise=joined.last_micro)
    shaped = choose((joined.is_first, nothing("int16")), otherwise=joined.last_shape)
    code = choose((joined.is_first, joined.first_code), otherwise=joined.last_code)
    looked_up = joined.select(
        "person_id",
        "criterion",
        "verdict",
        row=choose((joined.looked_up.notnull(), code), otherwise=joined.row),
        on=ibis.coalesce(joined.on, joined.last_on),
        micro=ibis.coalesce(joined.micro, of_last),
        shape=ibis.coalesce(joined["shape"], shaped),
    )
    is_other = looked_up["shape"] < 0
    kind = choose((is_other, looked_up["shape"]), otherwise=0).cast("int16")
    both = looked_up.mutate(kind=kind).left_join(records, [("row", "same"), ("kind", "same_kind")])
    is_condition = both["shape"] == PRESENT
    return both.select(
        "person_id",
        "criterion",
        "verdict",
        "row",
        "since",
        "until",
        on=ibis.coalesce(both.on, both.until, both.since),
        micro=ibis.coalesce(both.micro, both.same_micro),
        shape=choose(
            (is_condition, both.same_shape), otherwise=ibis.coalesce(both["shape"], both.same_shape)
        ),
    )


def named(row: Value, shape: int) -> Record:
    """Give a record by its number and what it is: the rest is found at the end.

    Parameters
    ----------
    row : Value
        Number of the record.
    shape : int
        `PRESENT` for a condition, suspected ones too; `TREATED` or `OBSERVED`.

    Returns
    -------
    Record
        Null without a number.
    """
    return Record(row=row, shape=ibis.literal(shape, "int16"))
