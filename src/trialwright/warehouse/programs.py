"""Expressions over the rows of one table, worked out column by column in this process.

What rules say of a row are thousands of small steps over narrow columns, which take an array a
fiftieth of the time that a statement takes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ibis.expr.operations as ops
import numpy as np
from ibis.expr.types import Value

from trialwright.warehouse.algebra import Column, Work, together, work_of

BLOCK = 2**15
"""Rows that are worked out together: few, so that their columns fit in a processor's memory."""


Given = Mapping[str, Callable[[], Column]]
"""Gives columns by their names, when they are asked for."""


Same = dict[int, Column]
"""What steps come to, by their places."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a program.

    Attributes
    ----------
    name : str
        Column that is given; empty: the step works.
    work : Work or None
        What it does.
    needs : tuple of int
        The steps of which it is worked out.
    cases : int
        How many of them are conditions, each with a result; 0: it is no choice.
    decided_by : bool or None
        The truth of one need that decides whatever the other is; None: none does.
    """

    name: str
    work: Work | None = None
    needs: tuple[int, ...] = ()
    cases: int = 0
    decided_by: bool | None = None


class Program:
    """Columns worked out of others; what several share is worked out once.

    Parameters
    ----------
    columns : mapping of str to Value
        By name, expressions over columns of one table. What a selection between them and that
        table says of a column is worked out in its place.

    Attributes
    ----------
    over_many : dict of str to Value
        By the names under which they are asked: reductions, and windows over rows.
    """

    def __init__(self, columns: Mapping[str, Value | ops.Value]) -> None:
        self.over_many: dict[str, ops.Value] = {}
        self._places: dict[ops.Node, int] = {}
        self._steps: list[_Step] = []
        nodes = {
            name: each.op() if isinstance(each, Value) else each for name, each in columns.items()
        }
        self._named = {name: self._place(each) for name, each in nodes.items()}
        last: dict[int, int] = {}
        for number, step in enumerate(self._steps):
            last |= dict.fromkeys(step.needs, number)
        kept = set(self._named.values())
        self._done: list[list[int]] = [[] for _ in self._steps]
        for place, number in last.items():
            if place not in kept:
                self._done[number].append(place)

    @property
    def asked(self) -> frozenset[str]:
        """Columns that the expressions name."""
        return frozenset(step.name for step in self._steps if step.name)

    def _place(self, node: ops.Node) -> int:
        """Give the place of a node among the steps."""
        node = selected(node)
        if node not in self._places:
            step = self._step(node)
            self._places[node] = len(self._steps)
            self._steps.append(step)
        return self._places[node]

    def _step(self, node: ops.Node) -> _Step:
        """Give how a node is worked out, after the nodes that it needs."""
        if isinstance(node, ops.Field):
            return _Step(named(node))
        if isinstance(node, ops.WindowFunction | ops.Reduction):
            name = f"over many {len(self.over_many)}"
            self.over_many[name] = node
            return _Step(name)
        work, inner = work_of(node)
        needs = tuple(self._place(each) for each in inner)
        cases = len(node.cases) if isinstance(node, ops.SearchedCase) else 0
        return _Step("", work, needs, cases, _DECIDED_BY.get(type(node)))

    def run(self, given: Mapping[str, Column], rows: int) -> dict[str, Column]:
        """Work the columns out, block by block.

        Parameters
        ----------
        given : mapping of str to Column
            Those of `asked`.
        rows : int
            How many.

        Returns
        -------
        dict of str to Column
            One value a row.
        """
        blocks = []
        with np.errstate(all="ignore"):  # what is no number is no answer either, and never asked
            for first in range(0, max(rows, 1), BLOCK):
                some = slice(first, min(first + BLOCK, rows))
                blocks.append(self._block(given, some))
        return {name: together([each[name] for each in blocks]) for name in self._named}

    def _block(self, given: Mapping[str, Column], some: slice) -> dict[str, Column]:
        """Work the columns out for some rows."""
        found: list[Column | None] = [None] * len(self._steps)
        for number, step in enumerate(self._steps):
            if step.work is None:
                found[number] = given[step.name].part(some)
            else:
                found[number] = step.work([found[place] for place in step.needs])  # type: ignore[misc]
            for place in self._done[number]:
                found[place] = None
        size = some.stop - some.start
        return {name: found[place].spread(size) for name, place in self._named.items()}  # type: ignore[union-attr]

    def run_alike(self, given: Given, rows: int, same: Same) -> dict[str, Column]:
        """Work the columns out for rows that are alike: some columns hold one value for all.

        Parameters
        ----------
        given : mapping of str to callable () -> Column
            Give those of `asked`, when they are asked for.
        rows : int
            How many.
        same : dict of int to Column
            What steps come to for such rows that is one value for all: put in it the first time.

        Returns
        -------
        dict of str to Column
            One value a row; what none of the rows asks for is not worked out.
        """
        found = dict(same)
        with np.errstate(all="ignore"):
            worked = {
                name: self._found(place, given, found).spread(rows)
                for name, place in self._named.items()
            }
        if not same:
            same |= {place: each for place, each in found.items() if each.is_one}
        return worked

    def _found(self, place: int, given: Given, found: Same) -> Column:
        """Give what a step comes to."""
        known = found.get(place)
        if known is None:
            step = self._steps[place]
            if step.work is None:
                known = given[step.name]()
            elif step.cases:
                known = self._chosen(step, given, found)
            elif step.decided_by is not None:
                known = self._both(step, given, found)
            else:
                known = step.work([self._found(each, given, found) for each in step.needs])
            found[place] = known
        return known

    def _both(self, step: _Step, given: Given, found: Same) -> Column:
        """Give whether both of two hold, or one of them, unless a constant decides it."""
        parts = []
        for place in step.needs:
            part = self._found(place, given, found)
            if not np.ndim(part.values) and part.known is None and part.values == step.decided_by:
                return part
            parts.append(part)
        return step.work(parts)  # type: ignore[misc]

    def _chosen(self, step: _Step, given: Given, found: Same) -> Column:
        """Give the result of the first case that holds; cases that hold of no row are left out."""
        conditions: list[Column] = []
        results: list[Column] = []
        last = step.needs[-1]
        for number in range(step.cases):
            condition = self._found(step.needs[number], given, found)
            holds = condition.holds()
            result = step.needs[step.cases + number]
            if np.ndim(holds):
                conditions.append(condition)
                results.append(self._found(result, given, found))
            elif holds:
                last = result
                break
        default = self._found(last, given, found)
        return step.work([*conditions, *results, default])  # type: ignore[misc]


_DECIDED_BY: Mapping[type, bool] = {ops.And: False, ops.Or: True}


def named(field: ops.Field) -> str:
    """Give the name under which a column is asked.

    Parameters
    ----------
    field : Field
        Of any table.

    Returns
    -------
    str
        Its own, but among tables that are joined, which may share names.
    """
    if isinstance(field.rel, ops.JoinReference):
        return f"{field.rel.identifier} {field.name}"
    return str(field.name)


def selected(node: ops.Node) -> ops.Node:
    """Give a node by the columns of the table below the selections it is written over.

    Parameters
    ----------
    node : Node
        A value.

    Returns
    -------
    Node
        No column of a selection, of a filter or of what leaves columns out.
    """
    while True:
        if isinstance(node, ops.Alias):
            node = node.arg
        elif isinstance(node, ops.Field) and isinstance(node.rel, ops.Project):
            if has_window(node.rel):
                return node
            node = node.rel.values[node.name]
        elif isinstance(node, ops.Field) and isinstance(node.rel, ops.Filter | ops.DropColumns):
            node = ops.Field(node.rel.parent, node.name)
        else:
            return node


@lru_cache(maxsize=1024)
def has_window(relation: ops.Project) -> bool:
    """Say whether a selection works something out over many rows.

    Parameters
    ----------
    relation : Project
        The selection.

    Returns
    -------
    bool
        Then it is worked out by itself.
    """
    return any(windows_in(each) for each in relation.values.values())


def windows_in(node: ops.Value) -> Sequence[ops.WindowFunction]:
    """Give what a value holds that is worked out over many rows.

    Parameters
    ----------
    node : Value
        Of one selection.

    Returns
    -------
    sequence of WindowFunction
        Mostly none.
    """
    found: Sequence[ops.WindowFunction] = node.find(ops.WindowFunction, filter=ops.Value)
    return found
