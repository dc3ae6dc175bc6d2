"""Rows of measurements and observations, with the columns that say how each is to be read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms.answers import SCORED
from trialwright.terms.omop import CONDITION_FIELD, GREATEST
from trialwright.warehouse.columns import (
    MILLION,
    among,
    choose,
    day_literal,
    nothing,
)
from trialwright.warehouse.numbering import ORIGINS, Numbering, numbering_of

_HALF = 0.5

_TABLES = ("measurement", "observation")


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A hospital's tables, and what its concepts stand for.

    Attributes
    ----------
    tables : mapping of str to Table
        Tables of OMOP by their names; `person` and `measurement` must be there.
    numbering : Numbering
        Of their rows.
    meanings : Meanings
        What the site's concept ids stand for.
    keep : callable (Table) -> Table
        Makes the engine work a table out once and keep it.
    """

    tables: Mapping[str, Table]
    numbering: Numbering
    meanings: Meanings
    keep: Callable[[Table], Table]


def rows_of(query: Table) -> list[dict[str, Any]]:
    """Run a query that gives few rows.

    Parameters
    ----------
    query : Table
        The query.

    Returns
    -------
    list of dict
        Column to value.
    """
    found: list[dict[str, Any]] = query.to_pyarrow().to_pylist()
    return found


def numbered_rows(tables: Mapping[str, Table]) -> Numbering:
    """Say how the rows of a warehouse are numbered.

    Parameters
    ----------
    tables : mapping of str to Table
        Tables of OMOP by their names, of every person.

    Returns
    -------
    Numbering
        By their greatest id.
    """
    greatest = [
        rows_of(tables[origin].agg(most=tables[origin][f"{origin}_id"].max()))[0]["most"] or 0
        for origin in ORIGINS
        if origin in tables
    ]
    return numbering_of(max(map(int, greatest), default=0))


def column(table: Table, name: str, kind: str) -> Value:
    """Give a column as a type; null where the table has none.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column.
    kind : str
        Ibis type.

    Returns
    -------
    Value
        The column.
    """
    if name not in table.columns:
        return nothing(kind)
    found = table[name]
    return found if str(found.type()) == kind else found.cast(kind)


def whole(table: Table, name: str) -> Value:
    """Give a concept id; 0 for none.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column.

    Returns
    -------
    Value
        Never null.
    """
    if name not in table.columns:
        return ibis.literal(0, "int64")
    return column(table, name, "int64").fill_null(0)


def text(table: Table, name: str) -> Value:
    """Give words; empty for none.

    Parameters
    ----------
    table : Table
        A table of OMOP.
    name : str
        Its column.

    Returns
    -------
    Value
        Never null.
    """
    if name not in table.columns:
        return ibis.literal("", "string")
    return column(table, name, "string").fill_null("")


def in_millionths(rows: Table, names: Sequence[str]) -> Table:
    """Give numbers as whole millionths, rounded as `terms.omop.number` rounds: engines round apart.

    What does not fit is null, as is what is no number: it is greater than all, in each engine.

    Parameters
    ----------
    rows : Table
        With the numbers.
    names : sequence of str
        Their columns.

    Returns
    -------
    Table
        The same rows.
    """
    bounded = {
        name: choose((rows[name].abs() < float(GREATEST), rows[name]), otherwise=nothing("float64"))
        for name in names
    }
    rows = rows.mutate(**bounded)
    rows = rows.mutate(**{f"{name}_whole": rows[name].floor() for name in names})
    rests = {
        f"{name}_rest": ((rows[name] - rows[f"{name}_whole"]) * float(MILLION) + _HALF).floor()
        for name in names
    }
    rows = rows.mutate(**rests)
    whole_ones = {
        name: rows[f"{name}_whole"].cast("int64") * MILLION + rows[f"{name}_rest"].cast("int64")
        for name in names
    }
    kept = [name for name in rows.columns if not name.endswith(("_whole", "_rest"))]
    return rows.mutate(**whole_ones).select(*kept)


KEYS = (
    "concept", "source_concept", "operator", "answer_concept", "unit_concept", "unit", "words",
    "content",
)  # fmt: skip
"""Columns that say how a result is recorded; nothing recorded is 0 or empty."""

NOTHING, WORDS, NUMBER = 0, 1, 2
"""What a result holds beside a coded answer: column `content`."""


def written(warehouse: Warehouse, study: Study, day: date, terms: frozenset[str]) -> Table:
    """Give how results of terms are recorded.

    Parameters
    ----------
    warehouse : Warehouse
        Tables and concepts.
    study : Study
        Vocabulary.
    day : date
        Later results do not exist.
    terms : frozenset of str
        Terms that are asked for.

    Returns
    -------
    Table
        `KEYS`: each combination that occurs.
    """
    rows = results(warehouse, study, day, terms)
    return rows.select(*KEYS).distinct()


def results(warehouse: Warehouse, study: Study, day: date, terms: frozenset[str]) -> Table:
    """Give the rows that may be results of terms.

    Parameters
    ----------
    warehouse : Warehouse
        Tables, concepts and numbering.
    study : Study
        Vocabulary.
    day : date
        Later results do not exist.
    terms : frozenset of str
        Terms that are asked for.

    Returns
    -------
    Table
        person_id, code, on, at, micro, low, high (floating), about, and the columns of `KEYS`.
    """
    named = warehouse.meanings.terms
    scored = {name for name, term in study.terms.items() if SCORED.intersection(term.coded)}
    concepts = [each for each, names in named.items() if terms.intersection(names)]
    worded = [each for each, names in named.items() if scored.intersection(names)]
    parts = [
        _part(warehouse, warehouse.tables[origin], origin, concepts, worded, day)
        for origin in _TABLES
        if origin in warehouse.tables
    ]
    return ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]


def _part(
    warehouse: Warehouse,
    table: Table,
    origin: str,
    concepts: Iterable[int],
    worded: Iterable[int],
    day: date,
) -> Table:
    """Give the rows of one table."""
    concept, source = (
        whole(table, f"{origin}_concept_id"),
        whole(table, f"{origin}_source_concept_id"),
    )
    unit, on = whole(table, "unit_concept_id"), column(table, f"{origin}_date", "date")
    is_about = whole(table, "meas_event_field_concept_id") == CONDITION_FIELD
    is_worded = among(concept, worded) | among(source, worded)
    is_asked = among(concept, concepts) | among(source, concepts)
    return table.filter(is_asked & (on <= day_literal(day))).select(
        person_id=column(table, "person_id", "int64"),
        code=warehouse.numbering.code(origin, column(table, f"{origin}_id", "int64")),
        on=on,
        at=column(table, f"{origin}_datetime", "timestamp(6)"),
        micro=column(table, "value_as_number", "float64"),
        low=column(table, "range_low", "float64"),
        high=column(table, "range_high", "float64"),
        about=choose((is_about, whole(table, "measurement_event_id")), otherwise=nothing("int64")),
        concept=concept,
        source_concept=source,
        operator=whole(table, "operator_concept_id"),
        answer_concept=whole(table, "value_as_concept_id"),
        unit_concept=unit,
        unit=text(table, "unit_source_value"),
        words=choose((is_worded, text(table, "value_source_value")), otherwise=""),
        content=_content(table),
    )


def _content(table: Table) -> Value:
    """Say whether results hold a number, words alone, or nothing."""
    held = [text(table, name).strip() != "" for name in ("value_as_string", "value_source_value")]
    return choose(
        (column(table, "value_as_number", "float64").notnull(), NUMBER),
        (held[0] | held[1], WORDS),
        otherwise=NOTHING,
    ).cast("int64")
