"""The tables of OMOP CDM 5.4 in a database, whatever the case of their names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trialwright.terms.errors import Fault, Refusal

_NUMBERS = (
    "value_as_number", "range_low", "range_high", "year_of_birth", "month_of_birth", "day_of_birth",
)  # fmt: skip
"""Columns of numbers beside those of ids."""

_WORDS = ("domain_id", "vocabulary_id", "concept_class_id", "relationship_id")
"""Columns of ids that are words."""

_DAYS = ("_date", "_datetime")
"""How the names of columns of days and instants end."""

_IDS = ("person_id", "concept_id", "concept_id_1", "concept_id_2", "event_id", "episode_id",
        "episode_parent_id")  # fmt: skip
"""How the names of columns of ids that are read end; a table's own beside them."""

_UNREAD = ("valid_start_date", "valid_end_date")
"""Days of the vocabulary, which nobody asks."""


@dataclass(frozen=True, slots=True)
class Held:
    """Tables of a database.

    Attributes
    ----------
    tables : mapping of str to ibis table
        By their names in lower case, with columns in lower case.
    selections : mapping of str to str
        The statement that gives each, in SQL.
    """

    tables: Mapping[str, Any]
    selections: Mapping[str, str]


def held_in(connection: Any, wanted: Sequence[str], schemas: Sequence[str] = ()) -> Held:
    """Find tables in a database.

    Parameters
    ----------
    connection : ibis backend
        Open.
    wanted : sequence of str
        Names in lower case.
    schemas : sequence of str
        Where they stand: the first that has one; none: the usual one.

    Returns
    -------
    Held
        Those that are there; one whose name is written in lower case goes before others.

    Raises
    ------
    ValueError
        If there is no such schema; it says which there are.
    """
    places = _places(connection, schemas)
    tables, selections = {}, {}
    for name in wanted:
        if name not in places:
            continue
        schema, written = places[name]
        table = connection.table(written, database=schema)
        columns = {each.lower(): each for each in table.columns}
        renamed = {lower: each for lower, each in columns.items() if lower != each}
        tables[name] = table.rename(renamed) if renamed else table
        listed = ", ".join(f"{quoted(each)} AS {quoted(lower)}" for lower, each in columns.items())
        selected = listed if renamed else "*"
        place = ".".join(quoted(each) for each in (schema, written) if each)
        selections[name] = f"SELECT {selected} FROM {place}"  # noqa: S608
    return Held(tables, selections)


def _places(connection: Any, schemas: Sequence[str]) -> dict[str, tuple[str | None, str]]:
    """Give schema and written name of each table by its name in lower case."""
    if schemas:
        known = set(connection.list_databases())
        unknown = ", ".join(each for each in schemas if each not in known)
        if unknown:
            raise ValueError(f"no schema {unknown}; there are {', '.join(sorted(known))}")
    found: dict[str, tuple[str | None, str]] = {}
    for schema in reversed(schemas) if schemas else (None,):
        there = connection.list_tables(database=schema) if schema else connection.list_tables()
        found |= {each.lower(): (schema, each) for each in sorted(there)}
    return found


def elsewhere(connection: Any) -> str:
    """Say in which schemas a table of people stands, as what is to be added.

    Parameters
    ----------
    connection : ibis backend
        Open.

    Returns
    -------
    str
        Empty where none does, or the engine has no schemas.
    """
    if connection.name not in ("duckdb", "postgres"):
        return ""
    listed = connection.raw_sql(
        "SELECT DISTINCT table_schema FROM information_schema.tables "
        "WHERE lower(table_name) = 'person' ORDER BY 1"
    ).fetchall()
    schemas = ", ".join(schema for (schema,) in listed)
    says = f", and with ?schema=NAME its schemas: table person stands in {schemas}"
    return says if schemas else ""


def quoted(name: str) -> str:
    """Write a name in SQL.

    Parameters
    ----------
    name : str
        Of a table, a column or a schema.

    Returns
    -------
    str
        In double quotes.
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def require_types(tables: Mapping[str, Any], *, is_text_a_day: bool) -> None:
    """Refuse tables whose columns hold text where numbers or days belong.

    Parameters
    ----------
    tables : mapping of str to ibis table
        By name.
    is_text_a_day : bool
        Whether the engine can read days from text, and passes over text that is none.

    Raises
    ------
    Refusal
        With each such column.
    """
    faults = [
        Fault(
            "population",
            f"column {column} of table {table} is text",
            "whole numbers" if _is_id(table, column) else "numbers or days, as OMOP CDM 5.4 has",
            "Cast it",
        )
        for table, rows in tables.items()
        for column in _text_columns(rows)
        if column not in (*_WORDS, *_UNREAD)
        and (
            _is_id(table, column)
            or column in _NUMBERS
            or (column.endswith(_DAYS) and not is_text_a_day)
        )
    ]
    if faults:
        raise Refusal(faults)


def _is_id(table: str, column: str) -> bool:
    """Say whether a column holds ids that are read."""
    return column == f"{table}_id" or column.endswith(_IDS)


def _text_columns(rows: Any) -> Iterator[str]:
    """Give the columns of text."""
    return (name for name, kind in rows.schema().items() if kind.is_string())
