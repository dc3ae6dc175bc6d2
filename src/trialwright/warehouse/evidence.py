"""The records that decide: of every person and criterion one, over facts gathered once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trialwright.warehouse.arrays import Column, together
from trialwright.warehouse.columns import Staged
from trialwright.warehouse.people import People
from trialwright.warehouse.picking import picked
from trialwright.warehouse.rows import Rows
from trialwright.warehouse.words import names_of, values_text

SCHEMA = pa.schema(
    [
        ("person_id", pa.int64()),
        ("criterion", pa.string()),
        ("verdict", pa.int8()),
        ("record", pa.string()),
        ("on", pa.date32()),
        ("value", pa.string()),
    ]
)
"""Columns of evidence."""

_NONE = -1
"""Stands for no record."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a criterion came to.

    Attributes
    ----------
    criterion : str
        Which one.
    verdict : array of int
        Of each person.
    place : Column
        Where the record stands that decides it.
    """

    criterion: str
    verdict: NDArray[np.int8]
    place: Column


def told(
    people: People, decided: Sequence[Decided], records: Sequence[Rows], stage: Staged
) -> Iterator[pa.RecordBatch]:
    """Tell the records that decide criteria of one day.

    Parameters
    ----------
    people : People
        Who.
    decided : sequence of Decided
        The criteria.
    records : sequence of Rows
        As `deciding.recorded` gives them.
    stage : Staged
        Shapes and numbering of records.

    Yields
    ------
    RecordBatch
        Of `SCHEMA`: of each criterion every person.
    """
    asked = np.unique(np.concatenate([each.place.values[_known(each.place)] for each in decided]))
    columns = np.full(int(asked.max(initial=0)) + 1, _NONE, dtype=np.int64)
    columns[asked] = np.arange(asked.size)
    found, at = _found(people, columns, asked.size, records)
    rows = [_rows(each.place, columns, at) for each in decided]
    del at
    used = np.zeros(found["row"].values.size, dtype=bool)
    for row in rows:
        used[row[row >= 0]] = True
    kept = np.flatnonzero(used)
    numbers = np.full(used.size + 1, _NONE, dtype=np.int32)
    numbers[kept] = np.arange(kept.size, dtype=np.int32)
    some = {name: column.part(kept) for name, column in found.items()}
    records_text = names_of(some["row"].values, stage.numbering)
    days = _days(some["since"], some["until"])
    values = values_text(some["shape"], some["micro"], some["since"], some["until"], stage.shapes)
    ids = pa.array(people.ids)
    for each, row in zip(decided, rows, strict=True):
        place = numbers[row]
        index = pa.array(place, mask=place < 0)
        yield pa.record_batch(
            [
                ids,
                pa.repeat(each.criterion, len(people)),
                pa.array(each.verdict),
                records_text.take(index),
                days.take(index),
                values.take(index),
            ],
            schema=SCHEMA,
        )


def _known(column: Column) -> NDArray[np.bool_]:
    """Say which values are not null."""
    return np.broadcast_to(column.known_all(), column.values.shape)


def _found(
    people: People, columns: NDArray[np.int64], width: int, records: Sequence[Rows]
) -> tuple[Mapping[str, Column], NDArray[np.int32]]:
    """Read the records at places that are asked for, and where each stands among them."""
    names = ("row", "since", "until", "micro", "shape")
    at = np.full((len(people), width), _NONE, dtype=np.int32)
    read_ones: dict[str, list[Column]] = {name: [] for name in names}
    so_far = 0
    for each in records:
        place = each.columns["place"].values
        is_asked = place < columns.size
        is_asked &= columns[picked(is_asked, place, place.dtype.type(0))] >= 0
        kept = np.flatnonzero(is_asked)
        whose = people.places(each.columns["whose"].part(kept))
        if whose.min(initial=0) < 0:
            kept, whose = kept[whose >= 0], whose[whose >= 0]
        at[whose, columns[place[kept]]] = np.arange(so_far, so_far + kept.size, dtype=np.int32)
        so_far += kept.size
        for name in names:
            read_ones[name].append(each.columns[name].part(kept))
    return {name: together(some) for name, some in read_ones.items()}, at


def _rows(place: Column, columns: NDArray[np.int64], at: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give which record stands at the place of each person; `_NONE`: none."""
    known = _known(place)
    column = columns[picked(known, place.values, place.values.dtype.type(0))]
    if not at.shape[1]:
        return np.full(known.size, _NONE, dtype=np.int32)
    found = at[np.arange(known.size), column]
    return picked(known, found, np.int32(_NONE))


def _days(since: Column, until: Column) -> pa.Array:
    """Give the last day that a record speaks of."""
    ended, begun = _known(until), _known(since)
    days = picked(ended, until.values, since.values).astype(np.int32)
    return pa.array(days, pa.int32(), mask=~(ended | begun)).view(pa.date32())
