"""One number for how a result is recorded, so that rows meet what is known of them by numbers.

Databases match whole numbers many times faster than texts and than several columns at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table, Value

from trialwright.warehouse.columns import choose
from trialwright.warehouse.recorded import KEYS

_FEW = 4
"""Values of a column up to which they are told apart without a table."""

_MOST = 2**62
"""Numbers up to which databases match fast."""


@dataclass(frozen=True, slots=True)
class Coding:
    """Numbers of the values of each column that says how a result is recorded.

    Attributes
    ----------
    places : mapping of str to mapping of value to int
        By column, the values that occur.
    """

    places: Mapping[str, Mapping[Any, int]]

    @property
    def is_narrow(self) -> bool:
        """Whether all numbers fit in 62 bits."""
        room = 1
        for places in self.places.values():
            room *= max(len(places), 1)
        return room < _MOST

    def number(self, combination: Mapping[str, Any]) -> int:
        """Give the number of a combination.

        Parameters
        ----------
        combination : mapping of str to value
            Columns of `KEYS`.

        Returns
        -------
        int
            From 0.
        """
        found = 0
        for name, places in self.places.items():
            found = found * len(places) + places[combination[name]]
        return found

    def coded(self, rows: Table) -> Table:
        """Give rows with their number in place of the columns that say how they are recorded.

        Parameters
        ----------
        rows : Table
            With the columns of `KEYS`.

        Returns
        -------
        Table
            With `key`.
        """
        kind = "int64" if self.is_narrow else "decimal(38, 0)"
        found: Value = ibis.literal(0, kind)
        kept = [name for name in rows.columns if name not in KEYS]
        for name, places in self.places.items():
            if len(places) < 2:
                continue
            if len(places) <= _FEW:
                place: Value = choose(
                    *((rows[name] == value, number) for value, number in places.items()),
                    otherwise=0,
                )
                rows = rows.mutate(**{f"place_{name}": place.cast("int64")})
            else:
                table = _table(name, places)
                joined = rows.inner_join(table, [(name, f"value_{name}")])
                rows = joined.drop(f"value_{name}")
        for name, places in self.places.items():
            if len(places) > 1:
                found = found * len(places) + rows[f"place_{name}"].cast(kind)
        return rows.select(*kept, key=found.cast(kind))


def coding_of(combinations: Sequence[Mapping[str, Any]]) -> Coding:
    """Give each value that occurs its number.

    Parameters
    ----------
    combinations : sequence of mapping
        Each with the columns of `KEYS`.

    Returns
    -------
    Coding
        In the order of the values.
    """
    return Coding(
        {
            name: {
                value: number
                for number, value in enumerate(sorted({each[name] for each in combinations}))
            }
            for name in KEYS
        }
    )


def _table(name: str, places: Mapping[Any, int]) -> Table:
    """Give the numbers of a column's values as a table."""
    kind = pa.string() if name in ("unit", "words") else pa.int64()
    return ibis.memtable(
        pa.table(
            {
                f"value_{name}": pa.array(list(places), kind),
                f"place_{name}": pa.array(list(places.values()), pa.int64()),
            }
        )
    )
