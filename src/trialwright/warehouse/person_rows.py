"""Rows of some people, read back out of the tables of a hospital with all that is read of them.

Cells are of the types in which rules are worked out, so that a participant judged by these rows is
judged by what the whole hospital is judged by.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from ibis.expr.types import Table

from trialwright.terms.omop import ORIGINS
from trialwright.warehouse.arrow import column_of, table_of
from trialwright.warehouse.cells import column
from trialwright.warehouse.recorded import rows_of

_RESULT = (
    "operator_concept_id", "value_as_number", "value_as_concept_id", "value_as_string",
    "value_source_value", "unit_concept_id", "unit_source_value", "range_low", "range_high",
    "measurement_event_id", "meas_event_field_concept_id",
)  # fmt: skip

_READ: Mapping[str, tuple[str, ...]] = {
    "person": ("gender_concept_id", "year_of_birth", "month_of_birth", "day_of_birth"),
    "observation_period": (
        "observation_period_start_date", "observation_period_start_datetime",
        "observation_period_end_date", "observation_period_end_datetime",
    ),
    "measurement": (
        "measurement_concept_id", "measurement_source_concept_id", "measurement_date",
        "measurement_datetime", *_RESULT,
    ),
    "condition_occurrence": (
        "condition_concept_id", "condition_source_concept_id", "condition_start_date",
        "condition_start_datetime", "condition_end_date", "condition_end_datetime",
        "condition_status_concept_id", "condition_status_source_value",
    ),
    "procedure_occurrence": (
        "procedure_concept_id", "procedure_source_concept_id", "procedure_date",
        "procedure_datetime", "procedure_end_date", "procedure_end_datetime",
    ),
    "drug_exposure": (
        "drug_concept_id", "drug_source_concept_id", "drug_exposure_start_date",
        "drug_exposure_start_datetime", "drug_exposure_end_date", "drug_exposure_end_datetime",
        "verbatim_end_date", "stop_reason", "route_concept_id",
    ),
    "observation": (
        "observation_concept_id", "observation_source_concept_id", "observation_date",
        "observation_datetime", *_RESULT,
    ),
    "episode": ("episode_concept_id", "episode_parent_id"),
}  # fmt: skip
"""Columns that are read of each table, beside its id and `person_id`; `intake.omop` reads them."""

_EVENT = ("episode_id", "event_id", "episode_event_field_concept_id")

_NUMBERS = ("value_as_number", "range_low", "range_high")
_WORDS = ("value_as_string", "value_source_value", "unit_source_value", "stop_reason",
          "condition_status_source_value")  # fmt: skip

Rows = dict[str, list[dict[str, Any]]]
"""Table to the rows of one person."""

MANY = 20_000
"""People whose rows are read together."""

IsRead = Callable[[int, int, int], bool]
"""Whether a row is read, by its person_id, concept and source concept; 0 for none."""

_PREFIX = {
    "measurement": "measurement",
    "condition_occurrence": "condition",
    "drug_exposure": "drug",
}
"""Tables of many rows, and how the columns of their concepts begin."""


def rows_of_people(
    tables: Mapping[str, Table], people: Iterable[int], is_read: IsRead | None = None
) -> Iterator[tuple[int, Rows]]:
    """Read the rows of some people, by one statement a table for many of them.

    Parameters
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP by name, of everybody.
    people : iterable of int
        person_id of each.
    is_read : callable (int, int, int) -> bool, or None
        Says which rows of measurements, conditions and exposures are needed; None: all.

    Yields
    ------
    int
        person_id, in the order of the numbers; without those of whom there is no row of `person`.
    Rows
        Of this person.
    """
    numbers = sorted(set(people))
    for first in range(0, len(numbers), MANY):
        yield from _of_some(tables, numbers[first : first + MANY], is_read).items()


def _of_some(
    tables: Mapping[str, Table], people: Sequence[int], is_read: IsRead | None
) -> dict[int, Rows]:
    """Read the rows of some people."""
    some = table_of({"whose": column_of(people, pa.int64())})
    found: dict[int, Rows] = {each: {} for each in people}
    for name in ("person", "observation_period", *ORIGINS, "episode"):
        if name in tables:
            rows = _read(tables[name], name, some).to_pyarrow_batches().read_all()
            if is_read is not None and name in _PREFIX:
                rows = _needed(rows, _PREFIX[name], is_read)
            for row in rows.to_pylist():
                found[row["person_id"]].setdefault(name, []).append(row)
    if "episode" in tables and "episode_event" in tables:
        for row in rows_of(_events(tables["episode"], tables["episode_event"], some)):
            found[row["person_id"]].setdefault("episode_event", []).append(row)
    return {each: rows for each, rows in found.items() if "person" in rows}


def _read(table: Table, name: str, people: Table) -> Table:
    """Give the columns that are read of a table, with its id, of some people."""
    whose = column(table, "person_id", "int64")
    rows = table.semi_join(people, [whose == people.whose])  # cells are made of their rows alone
    ids = dict.fromkeys((f"{name}_id", "person_id"))
    cells = {each: column(rows, each, "int64") for each in ids}
    there = [each for each in _READ[name] if each in table.columns]
    return rows.select(**cells, **{each: column(rows, each, _kind(each)) for each in there})


def _needed(rows: pa.Table, prefix: str, is_read: IsRead) -> pa.Table:
    """Give the rows that are needed, by what they name."""
    names = (f"{prefix}_concept_id", f"{prefix}_source_concept_id")
    ids = [
        rows[each].to_pylist() if each in rows.column_names else [None] * rows.num_rows
        for each in ("person_id", *names)
    ]
    kept = [
        place
        for place, (person, concept, source) in enumerate(zip(*ids, strict=True))
        if is_read(person, concept or 0, source or 0)
    ]
    return rows.take(column_of(kept, pa.int64()))


def _kind(name: str) -> str:
    """Give the type of a column by its name."""
    if name in _NUMBERS:
        return "float64"
    if name in _WORDS:
        return "string"
    if name.endswith("_datetime"):
        return "timestamp(6)"
    return "date" if name.endswith("_date") else "int64"


def _events(episode: Table, event: Table, people: Table) -> Table:
    """Give what episodes of some people hold."""
    whose = episode.select(
        of_episode=column(episode, "episode_id", "int64"),
        person_id=column(episode, "person_id", "int64"),
    )
    whose = whose.semi_join(people, [("person_id", "whose")])
    cells = event.select(**{each: column(event, each, "int64") for each in _EVENT})
    joined = cells.inner_join(whose, [("episode_id", "of_episode")])
    return joined.select("person_id", *_EVENT)
