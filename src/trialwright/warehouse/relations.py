"""Tables worked out of tables that this process holds as arrays, as a database would.

An expression is planned once and run for each part of a hospital. Selections and filters over each
other are one program of columns; what is not asked for is not worked out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain

import ibis.expr.operations as ops
import numpy as np
from ibis.expr.types import Table
from numpy.typing import NDArray

from trialwright.warehouse.arrays import Array, Column, together
from trialwright.warehouse.grouping import Reductions, grouped, parts_of, taken
from trialwright.warehouse.keys import Keys
from trialwright.warehouse.nodes import has_window, named, selected
from trialwright.warehouse.picking import picked
from trialwright.warehouse.programs import Given, Program, Same
from trialwright.warehouse.rows import Rows, read_rows
from trialwright.warehouse.windows import Arranged, Windowed

Places = NDArray[np.integer]


Source = Callable[[str], Rows]
"""Gives a table that is held, by its name."""

Plan = Callable[[Source], Rows]
"""Works a table out."""


_NONE = -1

_MANY = 2**15
"""So many places fit in 16 bits."""


def planned(table: Table) -> Plan:
    """Say how a table is worked out.

    Parameters
    ----------
    table : ibis table
        Over unbound tables and tables of this process.

    Returns
    -------
    callable (Source) -> Rows
        To be run as often as what is held changes.

    Raises
    ------
    TypeError
        If it holds an operation that no rule has asked for so far.
    """
    return _planned(table.op(), table.columns)


def _planned(relation: ops.Relation, names: Iterable[str]) -> Plan:
    """Plan some columns of a table."""
    match relation:
        case ops.UnboundTable():
            return _held(relation.name, names)
        case ops.InMemoryTable():
            found = _read(relation, names)
            return lambda _: found
        case ops.Project() | ops.Filter() | ops.DropColumns():
            columns = {name: ops.Field(relation, name) for name in names}
            if isinstance(relation, ops.Project) and has_window(relation):
                columns = {name: relation.values[name] for name in names}
                return _selected(relation.parent, columns)
            return _selected(relation, columns)
        case ops.Aggregate():
            return _aggregated(relation, names)
        case ops.JoinChain():
            return _joined(relation, names)
        case ops.Union(distinct=False):
            return _under_each_other(
                [_planned(each, names) for each in (relation.left, relation.right)]
            )
        case ops.Distinct():
            return _once(_planned(relation.parent, relation.schema.names))
        case _:
            raise TypeError(f"{type(relation).__name__} is not worked out over arrays")


def _held(name: str, names: Iterable[str]) -> Plan:
    """Give columns of a table that is held."""
    asked = tuple(names)

    def run(source: Source) -> Rows:
        rows = source(name)
        return Rows({each: rows.columns[each] for each in asked}, rows.size)

    return run


def _read(relation: ops.InMemoryTable, names: Iterable[str]) -> Rows:
    """Read a table of this process."""
    rows = read_rows(relation.data.to_pyarrow(relation.schema))
    return Rows({name: rows.columns[name] for name in names}, rows.size)


def _under_each_other(plans: Sequence[Plan]) -> Plan:
    """Put rows under each other."""

    def run(source: Source) -> Rows:
        found = [each(source) for each in plans]
        columns = {
            name: together([each.columns[name] for each in found]) for name in found[0].columns
        }
        return Rows(columns, sum(each.size for each in found))

    return run


def _once(plan: Plan) -> Plan:
    """Give each row once."""

    def run(source: Source) -> Rows:
        rows = plan(source)
        return rows.some(grouped(list(rows.columns.values())).one_of)

    return run


def _chain(relation: ops.Relation) -> tuple[ops.Relation, list[ops.Value]]:
    """Give the table below selections and filters, and what the filters ask."""
    predicates: list[ops.Value] = []
    while _is_passed(relation):
        if isinstance(relation, ops.Filter):
            predicates.extend(relation.predicates)
        relation = relation.parent
    return relation, predicates


def _is_passed(relation: ops.Relation) -> bool:
    """Say whether a table is worked out together with what is selected of it."""
    if isinstance(relation, ops.Project):
        return not has_window(relation)
    return isinstance(relation, ops.Filter | ops.DropColumns)


def _selected(relation: ops.Relation, columns: Mapping[str, ops.Value]) -> Plan:
    """Plan columns over a table, its selections and filters gone through together."""
    base, predicates = _chain(relation)
    if not predicates and _is_told(base):
        return _by_told(base, columns)
    filters = Program({str(number): each for number, each in enumerate(predicates)})
    nodes = {name: selected(each) for name, each in columns.items()}
    plain = {name: named(each) for name, each in nodes.items() if _is_field(each)}
    values = Program({name: each for name, each in nodes.items() if name not in plain})
    windows = {name: Windowed(name, each) for name, each in values.over_many.items()}
    before = Program({name: each for some in windows.values() for name, each in some.asks.items()})
    worked = filters.asked | values.asked | before.asked
    asked = (worked | frozenset(plain.values())) - windows.keys()
    rows_of = _planned(base, asked)
    same: dict[int, Same] = {}

    def run(source: Source) -> Rows:
        rows = rows_of(source)
        if predicates:
            truths = filters.run(rows.columns, rows.size).values()
            holds = np.logical_and.reduce([each.holds() for each in truths])
            rows = rows.some(np.flatnonzero(holds))
        given = dict(rows.columns)
        if windows:
            parts = before.run(given, rows.size)
            known: Arranged = {}
            given |= {name: each.over(parts, rows.size, known) for name, each in windows.items()}
        telling = given[values.telling].known is None if values.telling else False
        if telling and rows.size:
            found = values.run_apart(given, same)
        else:
            found = values.run(given, rows.size)
        return Rows(found | {name: given[each] for name, each in plain.items()}, rows.size)

    return run


def _aggregated(relation: ops.Aggregate, names: Iterable[str]) -> Plan:
    """Plan one row a group."""
    keys = {f"group {name}": each for name, each in relation.groups.items()}
    own = [name for name in names if name in relation.groups]
    metrics = Program({name: each for name, each in relation.metrics.items() if name in set(names)})
    asked, parts = dict(keys), {}
    for name, node in metrics.over_many.items():
        parts[name] = [_ask(asked, each) for each in parts_of(node)]
    rows_of = _selected(relation.parent, asked)

    def run(source: Source) -> Rows:
        rows = rows_of(source)
        groups = grouped([rows.columns[name] for name in keys])
        reductions = Reductions(groups, rows.columns)
        reduced = {
            name: reductions.of(node, *parts[name]) for name, node in metrics.over_many.items()
        }
        found = metrics.run(reduced, groups.many)
        found |= {name: rows.columns[f"group {name}"].part(groups.one_of) for name in own}
        return Rows(found, groups.many)

    return run


def _ask(asked: dict[str, ops.Value], node: ops.Value | None) -> str:
    """Ask for a column that a reduction needs; empty: none."""
    if node is None:
        return ""
    for name, each in asked.items():
        if each == node:
            return name
    name = f"of {len(asked)}"
    asked[name] = node
    return name


def _joined(relation: ops.JoinChain, names: Iterable[str]) -> Plan:
    """Plan a table joined to others by what rows have in common."""
    wanted = Program({name: relation.values[name] for name in names})
    fields: dict[str, ops.Field] = {}
    for name in names:
        for each in relation.values[name].find(ops.Field, filter=ops.Value):
            fields[named(each)] = each
    pairs_of = {link: _pairs(link) for link in relation.rest}
    asked: dict[ops.Relation, dict[str, None]] = {}
    for each in [*fields.values(), *chain(*chain(*pairs_of.values()))]:
        asked.setdefault(each.rel, {})[each.name] = None
    tables = [relation.first, *(link.table for link in relation.rest)]
    plans = [_planned(each.parent, asked.get(each, {})) for each in tables]

    def run(source: Source) -> Rows:
        found = {each: plan(source) for each, plan in zip(tables, plans, strict=True)}
        size = found[relation.first].size
        at: dict[ops.Relation, Places] = {}

        def column(field: ops.Field) -> Column:
            known = found[field.rel].columns[field.name]
            if not at:  # nothing is joined yet
                return known
            return taken(known, at[field.rel].astype(np.int64, copy=False))

        for link in relation.rest:
            pairs = pairs_of[link]
            right = [found[link.table].columns[each.name] for _, each in pairs]
            left, matched = _matched([column(each) for each, _ in pairs], right, link.how)
            at = {table: rows[left] for table, rows in at.items()} or {relation.first: left}
            at[link.table] = matched
            size = matched.size
        return Rows(wanted.run({name: column(each) for name, each in fields.items()}, size), size)

    return run


def _pairs(link: ops.JoinLink) -> Sequence[tuple[ops.Field, ops.Field]]:
    """Give the columns that rows have in common: of the rows so far, and of those joined."""
    if link.how not in ("inner", "left"):
        raise TypeError(f"a join of {link.how} is not worked out over arrays")
    found = []
    for each in link.predicates:
        if not isinstance(each, ops.Equals):
            raise TypeError(f"a join by {type(each).__name__} is not worked out over arrays")
        one, other = each.left, each.right
        found.append((one, other) if other.rel == link.table else (other, one))
    return found


def _matched(left: Sequence[Column], right: Sequence[Column], how: str) -> tuple[Places, Places]:
    """Give which rows meet; with `left`, rows that meet none have `-1` beside them."""
    keys = Keys(right, left[0].values.size)
    of_left, of_right = keys.of(left), keys.own
    for each in left:  # a null is equal to nothing
        if each.known is not None:
            of_left = picked(each.known, of_left, of_left.dtype.type(_NONE))
    which = np.arange(of_right.size)
    for each in right:
        if each.known is not None:
            which = which[each.known[which]]
    of_right = of_right[which]
    at = np.full(keys.room + 1, _NONE, dtype=np.int32)  # the last place is that of none
    at[of_right] = which
    if not np.array_equal(at[of_right], which):
        return _matched_often(of_left, of_right, which, how)
    matched = at[of_left]
    if how == "left":
        return np.arange(matched.size), matched
    rows = np.flatnonzero(matched >= 0)
    return rows, matched[rows]


def _matched_often(
    of_left: Places, of_right: Places, which: Places, how: str
) -> tuple[Places, Places]:
    """Give which rows meet, each those of its number, of which there may be several."""
    order = np.argsort(of_right, kind="stable")
    ranked = of_right[order]
    starts = np.searchsorted(ranked, of_left)
    meets = np.searchsorted(ranked, of_left, side="right") - starts
    many = np.maximum(meets, 1) if how == "left" else meets
    rows = np.repeat(np.arange(of_left.size), many)
    within = np.arange(rows.size) - np.repeat(np.cumsum(many) - many, many)
    is_one = meets[rows] > 0
    place = picked(is_one, starts[rows] + within, np.int64(0))
    return rows, picked(is_one, which[order[place]], np.int64(_NONE))


def _is_told(relation: ops.Relation) -> bool:
    """Say whether rows are joined, by one whole number, to what a table of this process tells."""
    if not isinstance(relation, ops.JoinChain) or len(relation.rest) != 1:
        return False
    (link,) = relation.rest
    return (
        link.how == "inner"
        and isinstance(link.table.parent, ops.InMemoryTable)
        and len(link.predicates) == 1
        and link.predicates[0].left.dtype.is_integer()
        and all(isinstance(each, ops.Field) for each in relation.values.values())
    )


def _by_told(relation: ops.JoinChain, columns: Mapping[str, ops.Value]) -> Plan:
    """Plan columns of rows by what a table tells of their number: once for each that it tells.

    Rows of one number are alike, so that of each choice only what they may come to is worked out.
    """
    (link,) = relation.rest
    ((number, told_number),) = _pairs(link)
    nodes = {name: selected(each) for name, each in columns.items()}
    plain = {name: relation.values[each.name] for name, each in nodes.items() if _is_field(each)}
    values = Program({name: each for name, each in nodes.items() if name not in plain})
    fields = {name: relation.values[name] for name in values.asked}
    own = [
        each.name for each in (number, *fields.values(), *plain.values()) if each.rel != link.table
    ]
    rows_of = _planned(relation.first.parent, dict.fromkeys(own))
    told = _read(link.table.parent, link.table.parent.schema.names)
    kept = told.columns[told_number.name]
    in_order = kept.known is None and np.array_equal(kept.values, np.arange(told.size))
    same: list[Same] = [{} for _ in range(told.size)]
    narrow = np.int16 if told.size <= _MANY else np.int32  # 16 bits are put in order fastest

    def run(source: Source) -> Rows:
        rows = rows_of(source)
        of_row = rows.columns[number.name]
        if in_order and of_row.known is None and _are_places(of_row.values, told.size):
            place = of_row.values
        else:
            which, place = _matched([of_row], [kept], "inner")
            rows = rows.some(which)

        def column(field: ops.Field, some: Places, row: int) -> Column:
            if field.rel == link.table:
                return told.columns[field.name].one(row)
            return rows.columns[field.name].part(some)

        def of_rows(some: Places, row: int) -> Given:
            return {each: partial(column, of, some, row) for each, of in fields.items()}

        if rows.size:
            worked = values.run_each(place.astype(narrow), of_rows, same.__getitem__)
        else:
            none, tables = np.arange(0), {link.table: told, relation.first: rows}
            nobody = {
                name: tables[each.rel].columns[each.name].part(none)
                for name, each in fields.items()
            }
            worked = values.run(nobody, 0)
        for name, field in plain.items():
            of_told = field.rel == link.table
            worked[name] = (
                told.columns[field.name].part(place) if of_told else rows.columns[field.name]
            )
        return Rows(worked, rows.size)

    return run


def _are_places(numbers: Array, size: int) -> bool:
    """Say whether numbers are places of rows."""
    return not numbers.size or (numbers.min() >= 0 and int(numbers.max()) < size)


def _is_field(node: ops.Node) -> bool:
    """Say whether a value is a column as it stands."""
    return isinstance(node, ops.Field)
