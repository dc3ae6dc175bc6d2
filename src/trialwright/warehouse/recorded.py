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
from trialwright.terms.omop import CONDITION_FIELD, EPISODE_FIELD, GREATEST
from trialwright.warehouse.cells import column, day, has_no_day, holds, text, whole
from trialwright.warehouse.columns import (
    MILLION,
    among,
    choose,
    day_literal,
    nothing,
)
from trialwright.warehouse.numbering import Numbering

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
    let_go : callable (Table) -> None
        Tells it that nothing reads a table any more.
    """

    tables: Mapping[str, Table]
    numbering: Numbering
    meanings: Meanings
    keep: Callable[[Table], Table]
    let_go: Callable[[Table], None] = lambda _: None


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
    # Asked for at once, DuckDB's rows would be checked by pandas, which takes longer to import.
    found: list[dict[str, Any]] = query.to_pyarrow_batches().read_all().to_pylist()
    return found


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

_LAST_BLANK = 32
"""Number of the last character that is a blank of a text."""


def written(warehouse: Warehouse, study: Study, terms: frozenset[str]) -> Table:
    """Give how results of terms are recorded, whenever they were.

    Parameters
    ----------
    warehouse : Warehouse
        Tables and concepts.
    study : Study
        Vocabulary.
    terms : frozenset of str
        Terms that are asked for.

    Returns
    -------
    Table
        `KEYS`: each combination that occurs.
    """
    concepts, worded = _concepts(warehouse, study, terms)
    parts = []
    for origin, table in _recorded(warehouse):
        asked = table.filter(_is_of(table, origin, concepts))
        as_they_are = {
            name: asked[name]
            for name in (f"{origin}_concept_id", f"{origin}_source_concept_id", *_PLAIN.values())
            if name in asked.columns
        }
        read = {name: each for name, each in _keys(asked, origin, worded).items() if name in _READ}
        few = asked.select(**as_they_are, **{f"read_{name}": each for name, each in read.items()})
        few = few.distinct()  # what stands for nothing is told apart once, of each that occurs
        keys = _keys(few, origin, worded) | {name: few[f"read_{name}"] for name in read}
        parts.append(few.select(**keys))
    return ibis.union(*parts, distinct=False).distinct()


def _recorded(warehouse: Warehouse) -> list[tuple[str, Table]]:
    """Give the tables of results that there are, by name."""
    return [(name, warehouse.tables[name]) for name in _TABLES if name in warehouse.tables]


def _concepts(
    warehouse: Warehouse, study: Study, terms: frozenset[str]
) -> tuple[list[int], list[int]]:
    """Give the concepts of terms, and those of which the recorded words count."""
    named = warehouse.meanings.terms
    scored = {name for name, term in study.terms.items() if SCORED.intersection(term.coded)}
    concepts = [each for each, names in named.items() if terms.intersection(names)]
    return concepts, [each for each, names in named.items() if scored.intersection(names)]


def _is_of(table: Table, origin: str, concepts: Iterable[int]) -> Value:
    """Say whether rows are of one of some concepts; null for those that name none."""
    names = [f"{origin}_concept_id", f"{origin}_source_concept_id"]
    found = [
        among(column(table, name, "int64"), concepts) for name in names if name in table.columns
    ]
    return found[0] if len(found) == 1 else found[0] | found[1]


def _concept(table: Table, origin: str) -> tuple[Value, Value]:
    """Give the standard concept of rows, and that of their source."""
    return whole(table, f"{origin}_concept_id"), whole(table, f"{origin}_source_concept_id")


_PLAIN = {
    "operator": "operator_concept_id",
    "answer_concept": "value_as_concept_id",
    "unit_concept": "unit_concept_id",
    "unit": "unit_source_value",
}
"""Columns of `KEYS` by those of OMOP."""

_READ = ("words", "content")
"""Columns of `KEYS` that are read of others."""


def _keys(table: Table, origin: str, worded: Iterable[int]) -> dict[str, Value]:
    """Give the columns of `KEYS`."""
    concept, source = _concept(table, origin)
    said = column(table, "value_source_value", "string")
    return {
        "concept": concept,
        "source_concept": source,
        "operator": whole(table, _PLAIN["operator"]),
        "answer_concept": whole(table, _PLAIN["answer_concept"]),
        "unit_concept": whole(table, _PLAIN["unit_concept"]),
        "unit": text(table, _PLAIN["unit"]),
        "words": choose((_is_of(table, origin, worded) & said.notnull(), said), otherwise=""),
        "content": _content(table),
    }


def results(
    warehouse: Warehouse,
    study: Study,
    day: date,
    terms: frozenset[str],
    joined: frozenset[int] | None = None,
) -> Table:
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
    joined : frozenset of int, or None
        Concepts to which alone the rows are joined afterwards; None: they may be joined to any.

    Returns
    -------
    Table
        person_id, code, on, at, micro, low, high (floating), about, and the columns of `KEYS`.
    """
    concepts, worded = _concepts(warehouse, study, terms)
    is_asked_later = joined is not None and joined <= set(concepts)
    among_these = None if is_asked_later else concepts
    parts = [
        _part(warehouse, table, origin, among_these, worded, day)
        for origin, table in _recorded(warehouse)
    ]
    return ibis.union(*parts, distinct=False)


def undated(warehouse: Warehouse, study: Study, terms: frozenset[str]) -> Table:
    """Give the rows that may be results of terms and have no day, which OMOP forbids.

    Parameters
    ----------
    warehouse : Warehouse
        Tables and concepts.
    study : Study
        Vocabulary.
    terms : frozenset of str
        Terms that are asked for.

    Returns
    -------
    Table
        person_id, concept, source_concept; without those that tell the setting of an episode.
    """
    concepts, _ = _concepts(warehouse, study, terms)
    parts = []
    for origin, table in _recorded(warehouse):
        concept, source = _concept(table, origin)
        is_asked = _is_of(table, origin, concepts)
        is_asked &= has_no_day(table, f"{origin}_date")
        if origin == "measurement":
            is_asked &= ~tells_setting(table, warehouse.meanings)
        person_id = column(table, "person_id", "int64")
        rows = table.filter(is_asked)
        parts.append(rows.select(person_id=person_id, concept=concept, source_concept=source))
    return ibis.union(*parts, distinct=False)


def tells_setting(table: Table, meanings: Meanings) -> Value:
    """Say whether measurements tell the setting of an episode, and nothing else.

    Parameters
    ----------
    table : Table
        `measurement`.
    meanings : Meanings
        What the site's concept ids stand for.

    Returns
    -------
    Value
        A truth.
    """
    is_setting = among(whole(table, "measurement_concept_id"), meanings.intents)
    is_setting &= whole(table, "meas_event_field_concept_id") == EPISODE_FIELD
    return is_setting & (whole(table, "measurement_event_id") != 0)


def _part(
    warehouse: Warehouse,
    table: Table,
    origin: str,
    concepts: Iterable[int] | None,
    worded: Iterable[int],
    as_of: date,
) -> Table:
    """Give the rows of one table; of any concept where none is named."""
    on = day(table, f"{origin}_date")
    is_so_far = on <= day_literal(as_of)
    some = is_so_far if concepts is None else _is_of(table, origin, concepts) & is_so_far
    is_about = holds(table, "meas_event_field_concept_id", CONDITION_FIELD)
    return table.filter(some).select(
        person_id=column(table, "person_id", "int64"),
        code=warehouse.numbering.code(origin, column(table, f"{origin}_id", "int64")),
        on=on,
        at=column(table, f"{origin}_datetime", "timestamp(6)"),
        micro=column(table, "value_as_number", "float64"),
        low=column(table, "range_low", "float64"),
        high=column(table, "range_high", "float64"),
        about=choose((is_about, whole(table, "measurement_event_id")), otherwise=nothing("int64")),
        **_keys(table, origin, worded),
    )


def _content(table: Table) -> Value:
    """Say whether results hold a number, words alone, or nothing."""
    names = [name for name in ("value_as_string", "value_source_value") if name in table.columns]
    said = [column(table, name, "string") for name in names]
    return choose(
        (column(table, "value_as_number", "float64").notnull(), NUMBER),
        *((each.ascii_str() > _LAST_BLANK, WORDS) for each in said),
        *((each.strip() != "", WORDS) for each in said),  # slow: only where the first is a blank
        otherwise=NOTHING,
    ).cast("int64")
