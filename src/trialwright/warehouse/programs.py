"""Expressions over the rows of one table, worked out column by column in this process.

What rules say of a row are thousands of small steps over narrow columns, which take an array a
fiftieth of the time that a statement takes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from operator import itemgetter

import ibis.expr.operations as ops
import numpy as np
from ibis.expr.types import Value
from numpy.typing import NDArray

from trialwright.warehouse.algebra import Work, work_of
from trialwright.warehouse.arrays import Array, Column, Filling
from trialwright.warehouse.nodes import named, selected

BLOCK = 2**16
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
    decided_by : int or None
        The value of one need that decides whatever the other is; None: none does.
    unmoved_by : int or None
        The value of one need that leaves the other as it is; None: none does.
    """

    name: str
    work: Work | None = None
    needs: tuple[int, ...] = ()
    cases: int = 0
    decided_by: int | None = None
    unmoved_by: int | None = None


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
    telling : str
        The column of few values, e.g. numbers of terms, that most conditions hold against
        constants; empty: there is none.
    """

    def __init__(self, columns: Mapping[str, Value | ops.Value]) -> None:
        self.over_many: dict[str, ops.Value] = {}
        self._places: dict[ops.Node, int] = {}
        self._steps: list[_Step] = []
        nodes = {
            name: each.op() if isinstance(each, Value) else each for name, each in columns.items()
        }
        self._named = {name: self._place(each) for name, each in nodes.items()}
        self.telling = _telling(self._places)
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
        return _Step("", work, needs, cases, *_CONSTANTS.get(type(node), (None, None)))

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
        whole = {name: Filling(rows) for name in self._named}
        with np.errstate(all="ignore"):  # what is no number is no answer either, and never asked
            for first in range(0, max(rows, 1), BLOCK):
                some = slice(first, min(first + BLOCK, rows))
                for name, each in self._block(given, some).items():
                    whole[name].fill(some, each)
        return {name: each.filled() for name, each in whole.items()}

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
        return {name: found[place] for name, place in self._named.items()}  # type: ignore[misc]

    def run_apart(self, given: Mapping[str, Column], same: dict[int, Same]) -> dict[str, Column]:
        """Work the columns out, of the rows with one value of the telling column after the others.

        Of each choice only what it may come to for that value is worked out.

        Parameters
        ----------
        given : mapping of str to Column
            Those of `asked`, of at least one row; the telling one without nulls.
        same : dict of int to Same
            By value of the telling column, as `run_alike` takes it: kept from part to part.

        Returns
        -------
        dict of str to Column
            One value a row.
        """
        values = given[self.telling].values

        def of_rows(some: NDArray[np.intp], value: int) -> Given:
            parts = {name: partial(given[name].part, some) for name in self.asked}
            return parts | {self.telling: partial(Column, values.dtype.type(value))}

        return self.run_each(values, of_rows, lambda value: same.setdefault(value, {}))

    def run_each(
        self,
        numbers: NDArray[np.integer],
        given: Callable[[NDArray[np.intp], int], Given],
        same: Callable[[int], Same],
    ) -> dict[str, Column]:
        """Work the columns out, of the rows with one number after the others.

        Parameters
        ----------
        numbers : array of int
            One a row, at least one; in 16 bits they are put in order fastest.
        given : callable (array of int, int) -> Given
            Gives the columns of some rows, by their places, which all have a number.
        same : callable (int) -> Same
            Gives what such rows have in common, as `run_alike` takes it.

        Returns
        -------
        dict of str to Column
            One value a row.
        """
        whole = {name: Filling(numbers.size) for name in self._named}
        order = np.argsort(numbers, kind="stable")
        ranked = numbers[order]
        firsts = [0, *(np.flatnonzero(ranked[1:] != ranked[:-1]) + 1).tolist()]
        for first, last in pairwise((*firsts, numbers.size)):
            number = int(ranked[first])
            for begin in range(first, last, BLOCK):
                some = order[begin : min(begin + BLOCK, last)]
                for name, each in self.run_alike(given(some, number), same(number)).items():
                    whole[name].fill(some, each)
        return {name: each.filled() for name, each in whole.items()}

    def run_alike(self, given: Given, same: Same) -> dict[str, Column]:
        """Work the columns out for rows that are alike: some columns hold one value for all.

        Parameters
        ----------
        given : mapping of str to callable () -> Column
            Give those of `asked`, when they are asked for.
        same : dict of int to Column
            What steps come to for such rows that is one value for all: put in it the first time.

        Returns
        -------
        dict of str to Column
            One value a row or one for all; what none of the rows asks for is not worked out.
        """
        alike = _Alike(self._steps, given, dict(same), is_first=not same)
        with np.errstate(all="ignore"):
            worked = {name: alike.of(place) for name, place in self._named.items()}
        if not same:
            same |= {place: each for place, each in alike.found.items() if each.is_one}
        return worked


@dataclass(frozen=True, slots=True)
class _Alike:
    """The steps of a program for rows that are alike.

    Attributes
    ----------
    steps : sequence of _Step
        All of them.
    given : mapping of str to callable () -> Column
        Give columns, when they are asked for.
    found : dict of int to Column
        What steps come to.
    is_first : bool
        Whether it is yet to be seen what is one value for all such rows, not only for those given.
    """

    steps: Sequence[_Step]
    given: Given
    found: Same
    is_first: bool

    def of(self, place: int) -> Column:
        """Give what a step comes to."""
        known = self.found.get(place)
        if known is None:
            step = self.steps[place]
            if step.work is None:
                known = self.given[step.name]()
                known = known.marked() if self.is_first else known.plain()
            elif step.cases:
                known = self._chosen(step)
            elif step.unmoved_by is not None:
                known = self._both(step)
            else:
                known = step.work([self.of(each) for each in step.needs])
            self.found[place] = known
        return known

    def _both(self, step: _Step) -> Column:
        """Work out of two, unless one of them is a constant that decides it or leaves the other."""
        parts = []
        for place in step.needs:
            part = self.of(place)
            if np.ndim(part.values) or part.known is not None:
                parts.append(part)
            elif part.values == step.decided_by:
                return part
            elif part.values != step.unmoved_by:
                parts.append(part)
        if len(parts) == len(step.needs):
            return step.work(parts)  # type: ignore[misc]
        return parts[0] if parts else part

    def _chosen(self, step: _Step) -> Column:
        """Give the result of the first case that holds; cases that hold of no row are left out."""
        conditions: list[Column] = []
        results: list[Column] = []
        last = step.needs[-1]
        for number in range(step.cases):
            condition = self.of(step.needs[number])
            result = step.needs[step.cases + number]
            many = self._many(condition.holds())
            if many is None:
                conditions.append(condition)
                results.append(self.of(result))
            elif many:
                last = result
                break
        default = self.of(last)
        return step.work([*conditions, *results, default])  # type: ignore[misc]

    def _many(self, holds: Array) -> bool | None:
        """Say whether a truth holds of all rows or of none; None: of some, or perhaps of some."""
        if not np.ndim(holds):
            return bool(holds)
        if self.is_first:
            return None
        many = int(np.count_nonzero(holds))
        return None if 0 < many < holds.size else many > 0


_CONSTANTS: Mapping[type, tuple[int | None, int]] = {
    ops.And: (False, True),
    ops.Or: (True, False),
    ops.BitwiseAnd: (None, -1),  # 0 beside a null is null
    ops.BitwiseOr: (None, 0),
    ops.BitwiseXor: (None, 0),
}
"""Of two needs, the value that decides whatever the other is, and that which leaves the other."""


_COMPARED = (ops.Equals, ops.NotEquals, ops.GreaterEqual, ops.LessEqual, ops.InValues)

_OFTEN = 16
"""A column is telling that so many conditions hold against constants."""


def _telling(nodes: Iterable[ops.Node]) -> str:
    """Give the column of 16 bits that most conditions hold against constants."""
    many: Counter[str] = Counter()
    for each in nodes:
        if isinstance(each, _COMPARED):
            column, others = selected(each.args[0]), each.args[1:]
            others = others[0] if isinstance(others[0], tuple) else others
            is_narrow = isinstance(column, ops.Field) and column.dtype.is_int16()
            if is_narrow and all(isinstance(other, ops.Literal) for other in others):
                many[named(column)] += 1
    name, often = max(many.items(), key=itemgetter(1), default=("", 0))
    return name if often >= _OFTEN else ""
