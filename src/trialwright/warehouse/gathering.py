"""Facts of every person in one row: one aggregation of each staged table, for all rules together.

Truths of rows are packed in words of many bits, so that one reduction serves many of them.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ibis.expr.types import BooleanColumn, Table, Value

from trialwright.warehouse.bits import of_any
from trialwright.warehouse.columns import Bits, Gathered, choose

_ROOM = 60
"""Truths in one word."""

_KEY = "person_id_"
"""Begins the names of the persons of each table that is joined."""


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

    def holds(self, asked: Container[str]) -> bool:
        """Say whether a column or truth is asked for.

        Parameters
        ----------
        asked : container of str
            Names.

        Returns
        -------
        bool
            Whether one of them stands here.
        """
        return any(name in asked for name in (*self.table.columns, *self.truths))


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
            packed = _packed(_own(columns) if table is None else table, columns, f"_{place}")
            found.append(replace(packed, table=keep(packed.table)))
    return tuple(found)


def wide(
    people: Table,
    gathered: Sequence[Packed],
    words: Table,
    bits: Mapping[str, Bits],
    asked: Container[str] | None = None,
) -> Table:
    """Put the facts of every person in one row.

    Parameters
    ----------
    people : Table
        One row a person.
    gathered : sequence of Packed
        Facts by table.
    words : Table
        As `columns.Staged` describes them.
    bits : mapping of str to Bits
        Where the answers of rules on the latest result stand.
    asked : container of str or None
        Columns that are needed; None: all.

    Returns
    -------
    Table
        The columns of `people`, those gathered, and for each name of `bits` `<name>_code` and
        `<name>_split`, as `latest.decided` reads them.
    """
    joined = people
    for place, each in enumerate(gathered):
        if asked is None or each.holds(asked):
            joined = _beside(joined, each.table, place)
    if asked is not None:
        bits = {name: each for name, each in bits.items() if f"{name}_code" in asked}
    if bits:
        joined = _beside(joined, words, len(gathered))
    truths = {
        name: ((joined[word].fill_null(0) & (1 << bit)) != 0)
        for each in gathered
        for name, (word, bit) in each.truths.items()
        if (word in joined.columns if asked is None else name in asked)
    }
    plain = [
        name
        for each in gathered
        for name in each.table.columns[1:]
        if name in joined.columns and (asked is None or name in asked)
    ]
    hidden = {word for each in gathered for word, _ in each.truths.values()}
    kept = [*people.columns, *(name for name in plain if name not in hidden)]
    return joined.select(*kept, **truths, **dict(_answers(joined, bits)))


def _own(columns: Mapping[str, Value]) -> Table:
    """Give the table over which columns are written."""
    (relation,) = next(iter(columns.values())).op().relations
    return relation.to_expr()


def _beside(left: Table, right: Table, place: int) -> Table:
    """Join what was gathered from one table; its key stays, so that all joins are one step."""
    key = f"{_KEY}{place}"
    return left.left_join(right.rename({key: "person_id"}), [("person_id", key)])


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


def _answers(joined: Table, bits: Mapping[str, Bits]) -> Iterator[tuple[str, Value]]:
    """Give the answers of rules on the latest result, and whether results of a day disagree."""
    for name, place in bits.items():
        word, split = (joined[f"{each}_{place.word}"].fill_null(0) for each in ("word", "split"))
        yield f"{name}_code", ((word >> place.bit) & 3).cast("int8")
        yield f"{name}_split", (split & (1 << place.bit)) != 0
