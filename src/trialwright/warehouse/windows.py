"""What a row owes to the other rows of its group: its number, that before, sums and ends so far."""

from typing import Any

import ibis.expr.operations as ops
import numpy as np
from numpy.typing import NDArray

from trialwright.warehouse.arrays import Array, Column
from trialwright.warehouse.grouping import Groups, Reductions, grouped, parts_of, taken
from trialwright.warehouse.keys import ordered
from trialwright.warehouse.picking import picked

_NONE = -1

Arranged = dict[tuple[Any, ...], tuple[Groups, NDArray[np.intp]]]
"""By what rows are grouped and ordered: their groups, and their order."""


class Windowed:
    """One column that is worked out over many rows.

    Parameters
    ----------
    name : str
        Of the column.
    window : WindowFunction
        A number of rows, the row before, a sum or the greatest whole number or day up to the row,
        or a reduction of the group.

    Attributes
    ----------
    asks : dict of str to Value
        Columns that it is worked out of, by name.

    Raises
    ------
    TypeError
        If no rule has asked for it so far.
    """

    def __init__(self, name: str, window: ops.WindowFunction) -> None:
        self._name, self._window = name, window
        self.asks: dict[str, ops.Value] = {}
        self._groups = [self._ask(each) for each in window.group_by]
        self._order = [(self._ask(each.arg), each.ascending) for each in window.order_by]
        known = (ops.RowNumber, ops.Lag, ops.Sum, ops.Max) if self._order else ops.Reduction
        if not isinstance(window.func, known):
            raise TypeError(f"{type(window.func).__name__} is not worked out over such rows")
        self._parts = ["" if each is None else self._ask(each) for each in parts_of(window.func)]

    def _ask(self, node: ops.Value) -> str:
        """Ask for a column."""
        name = f"{self._name} of {len(self.asks)}"
        self.asks[name] = node
        return name

    def over(self, given: dict[str, Column], rows: int, known: Arranged) -> Column:
        """Work the column out.

        Parameters
        ----------
        given : dict of str to Column
            What it asks.
        rows : int
            How many.
        known : dict of tuple to (Groups, array of int)
            How these rows are arranged for columns that were worked out before: added to.

        Returns
        -------
        Column
            One value a row.
        """
        window = (self._window.group_by, self._window.order_by)
        if window not in known:
            groups = grouped([given[name] for name in self._groups])
            known[window] = groups, self._ordered(groups, given)
        groups, order = known[window]
        func, arg = self._window.func, self._parts[0]
        if not self._order:
            found = Reductions(groups, given).of(func, *self._parts)
            return taken(found, groups.of_row)
        ranked = groups.of_row[order]
        is_first = np.ones(rows, dtype=bool)
        is_first[1:] = ranked[1:] != ranked[:-1]
        match func:
            case ops.RowNumber():
                starts = np.maximum.accumulate(picked(is_first, np.arange(rows), np.int64(0)))
                found = Column(np.arange(rows) - starts)
            case ops.Lag():
                before = np.roll(order, 1)
                found = taken(given[arg], picked(is_first, np.int64(_NONE), before))
            case ops.Max():
                found = _greatest_so_far(given[arg].part(order), is_first)
            case _:
                sums = np.cumsum(given[arg].values[order])
                starts = np.maximum.accumulate(picked(is_first, np.arange(rows), np.int64(0)))
                found = Column(sums - sums[starts] + given[arg].values[order][starts])
        back = np.empty(rows, dtype=np.int64)
        back[order] = np.arange(rows)
        return found.part(back)

    def _ordered(self, groups: Groups, given: dict[str, Column]) -> NDArray[np.intp]:
        """Give rows group by group, each in the order asked for."""
        if not self._order:
            return groups.one_of  # no order is asked for
        keys = [groups.of_row]
        for name, is_ascending in self._order:
            values = given[name].values
            keys.append(values if is_ascending else -values)
        return ordered(keys)


def _greatest_so_far(column: Column, is_first: NDArray[np.bool_]) -> Column:
    """Give the greatest value up to each row of its group; groups stand one after another."""
    values = np.broadcast_to(column.values, is_first.shape).astype(np.int64)
    known = column.known
    if known is None:
        return Column(_raised(values, is_first))
    values = np.where(known, values, values.min(initial=0))  # a null is passed over
    is_known = np.broadcast_to(known, is_first.shape).astype(np.int64)
    return Column(_raised(values, is_first), _raised(is_known, is_first) > 0)


def _raised(values: Array, is_first: NDArray[np.bool_]) -> Array:
    """Give the greatest whole number up to each row of its group."""
    levels, ranks = np.unique(values, return_inverse=True)
    floor = (np.cumsum(is_first) - 1) * levels.size  # no group falls below the one before it
    found: Array = levels.take(np.maximum.accumulate(ranks + floor) - floor)
    return found
