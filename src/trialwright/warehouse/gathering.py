"""Facts of every person in one row: one aggregation of each staged table, for all rules together.

Truths of rows are packed in words of many bits, so that one reduction serves many of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from ibis.expr.types import BooleanColumn, Table, Value

from trialwright.warehouse.bits import of_any
from trialwright.warehouse.columns import Bits, Gathered, choose

_ROOM = 60
"""Truths in one word."""


def wide(
    people: Table,
    sources: Mapping[str, Table],
    gathered: Gathered,
    bits: Mapping[str, Bits],
    keep: Callable[[Table], Table],
) -> Table:
    """Put the facts of every person in one row.

    Parameters
    ----------
    people : Table
        One row a person.
    sources : mapping of str to Table
        Staged tables by the names that `gathered` uses, and `words`; other names are of rules'
        own tables.
    gathered : Gathered
        Columns by table.
    bits : mapping of str to Bits
        Where the answers of rules on the latest result stand.
    keep : callable (Table) -> Table
        Makes the engine work a table out once and keep it: each aggregation by itself is planned
        far faster than all of them in one query.

    Returns
    -------
    Table
        person_id, sex, born_first, born_last, the columns gathered, and for each name of `bits`
        `<name>_code` and `<name>_split`, as `latest.decided` reads them.
    """
    joined = people
    unpacked: dict[str, tuple[str, int]] = {}
    for place, (source, columns) in enumerate(gathered.items()):
        if columns:
            table = sources.get(source)
            packed = _packed(_own(columns) if table is None else table, columns, f"_{place}")
            joined = _beside(joined, keep(packed.table), place)
            unpacked |= packed.truths
    answers: dict[str, Value] = {}
    if bits:
        joined = _beside(joined, sources["words"], len(gathered))
        answers = dict(_answers(joined, bits))
    truths = {
        name: ((joined[word].fill_null(0) & (1 << bit)) != 0)
        for name, (word, bit) in unpacked.items()
    }
    words = {word for word, _ in unpacked.values()}
    if bits:
        words |= {name for name in sources["words"].columns if name != "person_id"}
    kept = (name for name in joined.columns if name not in words)
    return joined.select(*kept, **truths, **answers)


def _own(columns: Mapping[str, Value]) -> Table:
    """Give the table over which columns are written."""
    (relation,) = next(iter(columns.values())).op().relations
    return relation.to_expr()


def _beside(left: Table, right: Table, place: int) -> Table:
    """Join what was gathered from one table."""
    key = f"person_id_{place}"
    renamed = right.rename({key: "person_id"})
    joined = left.left_join(renamed, [("person_id", key)])
    return joined.drop(key)


class _Packed:
    """One aggregation: its table, and where each truth stands in it."""

    def __init__(self, table: Table, truths: dict[str, tuple[str, int]]) -> None:
        self.table, self.truths = table, truths


def _packed(table: Table, columns: Mapping[str, Value], suffix: str) -> _Packed:
    """Aggregate one table, its truths packed in words."""
    plain = (each.op().shape.is_columnar() for each in columns.values())
    if all(plain) and not any(isinstance(each, BooleanColumn) for each in columns.values()):
        return _Packed(table.select("person_id", **columns), {})  # one row a person already
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
    return _Packed(table.group_by("person_id").agg(**reductions), truths)


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
