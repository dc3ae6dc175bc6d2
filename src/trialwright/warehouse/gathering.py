"""Facts of every person in one row: one aggregation of each staged table, for all rules together.

Truths of rows are packed in words of many bits, so that one reduction serves many of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ibis.expr.types import BooleanColumn, Table, Value

from trialwright.warehouse.bits import of_any
from trialwright.warehouse.columns import Gathered, choose

_ROOM = 60
"""Truths in one word."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What was gathered from one table, one row a person.

    Attributes
    ----------
    table : Table
        person_id, columns, and words of truths.
    truths : mapping of str to (str, int)
        By name, the word and the bit of each truth.
    """

    table: Table
    truths: Mapping[str, tuple[str, int]]


def aggregated(
    sources: Mapping[str, Table], gathered: Gathered, keep: Callable[[Table], Table]
) -> tuple[Packed, ...]:
    """Gather the facts of every person, each table by itself.

    Parameters
    ----------
    sources : mapping of str to Table
        Staged tables by the names that `gathered` uses; other names are of rules' own tables.
    gathered : Gathered
        Columns by table.
    keep : callable (Table) -> Table
        Makes the engine work a table out once and keep it: each aggregation by itself is planned
        far faster than all of them in one query.

    Returns
    -------
    tuple of Packed
        One for each table from which something is gathered.
    """
    found = []
    for place, (source, columns) in enumerate(gathered.items()):
        if columns:
            table = sources.get(source)
            packed = _packed(own_table(columns) if table is None else table, columns, f"_{place}")
            found.append(replace(packed, table=keep(packed.table)))
    return tuple(found)


def own_table(columns: Mapping[str, Value]) -> Table:
    """Give the table over which columns are written.

    Parameters
    ----------
    columns : mapping of str to Value
        At least one, all of one table.

    Returns
    -------
    Table
        That table.
    """
    (relation,) = next(iter(columns.values())).op().relations
    return relation.to_expr()


def _packed(table: Table, columns: Mapping[str, Value], suffix: str) -> Packed:
    """Aggregate one table, its truths packed in words."""
    plain = (each.op().shape.is_columnar() for each in columns.values())
    if all(plain) and not any(isinstance(each, BooleanColumn) for each in columns.values()):
        return Packed(table.select("person_id", **columns), {})  # one row a person already
    flags = {name: each for name, each in columns.items() if isinstance(each, BooleanColumn)}
    reductions = {name: each for name, each in columns.items() if name not in flags}
    truths: dict[str, tuple[str, int]] = {}
    for number, some in enumerate(_batches(list(flags.items()), _ROOM)):
        word = f"truths{suffix}_{number}"
        reductions[word] = of_any(
            any_of(
                [
                    choose((flag, 1 << bit), otherwise=0).cast("int64")
                    for bit, (_, flag) in enumerate(some)
                ]
            )
        )
        truths |= {name: (word, bit) for bit, (name, _) in enumerate(some)}
    return Packed(table.group_by("person_id").agg(**reductions), truths)


def any_of(words: Sequence[Value]) -> Value:
    """Put bits together, as a tree, so that no expression grows deep.

    Parameters
    ----------
    words : sequence of Value
        At least one.

    Returns
    -------
    Value
        A bit where any of them has one.
    """
    if len(words) == 1:
        return words[0]
    half = len(words) // 2
    return any_of(words[:half]) | any_of(words[half:])


def _batches(items: Sequence[tuple[str, Value]], size: int) -> Iterator[list[tuple[str, Value]]]:
    """Cut a sequence into parts."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
