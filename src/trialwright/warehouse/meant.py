"""Rows with what their concepts stand for."""

from collections.abc import Iterable, Mapping
from datetime import date

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from trialwright.warehouse.arrow import column_of, table_of
from trialwright.warehouse.columns import day_literal


def meant(
    named: Mapping[int, tuple[str, ...]], asked: frozenset[str], numbers: Mapping[str, int]
) -> Table:
    """Give what concepts stand for as a table, of what is asked.

    Parameters
    ----------
    named : mapping of int to tuple of str
        Terms or medicines by concept.
    asked : frozenset of str
        Which of them.
    numbers : mapping of str to int
        Of terms and medicines.

    Returns
    -------
    Table
        meant, term.
    """
    pairs = [
        (concept, numbers[name])
        for concept, names in named.items()
        for name in names
        if name in asked
    ]
    return table_of(
        {
            "meant": column_of([concept for concept, _ in pairs], pa.int64()),
            "term": column_of([number for _, number in pairs], pa.int16()),
        }
    )


def matched(rows: Table, meant: Table) -> Table:
    """Give rows with what they stand for by their concept, or by their source concept.

    A row that stands for one thing by both gives one fact.

    Parameters
    ----------
    rows : Table
        With concept and source_concept.
    meant : Table
        As `meant` gives it.

    Returns
    -------
    Table
        With term instead of both.
    """
    by_concept = rows.inner_join(meant, [("concept", "meant")]).drop("meant")
    has_source = rows.filter((rows.source_concept != 0) & (rows.source_concept != rows.concept))
    by_source = has_source.inner_join(meant, [("source_concept", "meant")]).drop("meant")
    known = meant.rename(known="meant", known_term="term")
    only = by_source.anti_join(
        known, [by_source.concept == known.known, by_source.term == known.known_term]
    )
    both = ibis.union(by_concept, only, distinct=False)
    return both.drop("concept", "source_concept")


def unnamed(rows: Table, concepts: Iterable[int], column: str) -> Table:
    """Give rows of which a column names none of some concepts.

    Parameters
    ----------
    rows : Table
        Any.
    concepts : iterable of int
        Concept ids.
    column : str
        Never null.

    Returns
    -------
    Table
        Some of the rows.
    """
    known = table_of({"known": column_of(sorted(concepts), pa.int64())})
    return rows.anti_join(known, [(column, "known")])


def so_far(rows: Table, day: date) -> Table:
    """Give rows that begin up to a day; one without a first day, which OMOP forbids, may be any.

    Parameters
    ----------
    rows : Table
        With since.
    day : date
        The day.

    Returns
    -------
    Table
        Some of the rows.
    """
    return rows.filter(rows.since.isnull() | (rows.since <= day_literal(day)))
