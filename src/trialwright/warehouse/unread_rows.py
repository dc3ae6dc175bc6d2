"""How many rows of a hospital nobody can read, told to who asks."""

from collections.abc import Callable, Mapping
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from trialwright.protocol.omop_codes import Meanings
from trialwright.warehouse.cells import column, has_no_day, whole
from trialwright.warehouse.meant import unnamed
from trialwright.warehouse.recorded import rows_of

_NAMED = {
    "condition_occurrence": "condition",
    "drug_exposure": "drug",
    "procedure_occurrence": "procedure",
}
"""Tables whose rows leave in doubt what they may be, and how their columns begin."""

_DATED = {
    "condition_occurrence": "condition_start_date",
    "drug_exposure": "drug_exposure_start_date",
    "procedure_occurrence": "procedure_date",
    "measurement": "measurement_date",
    "observation": "observation_date",
}
"""Tables whose rows have a day, and its column."""

_PERIODS = "observation_period"
"""A table whose rows are of somebody too."""


def unread_rows(tables: Mapping[str, Any], meanings: Meanings) -> tuple[str, ...]:
    """Say how many rows of which tables nobody can read.

    Parameters
    ----------
    tables : mapping of str to ibis table
        Tables of OMOP by name, of everybody.
    meanings : Meanings
        What the site's concept ids stand for.

    Returns
    -------
    tuple of str
        A sentence for each table and fault; nothing where all rows can be read.
    """
    counts = [
        _counted(_nameless(tables[name], name, prefix, meanings), name, _NAMELESS)
        for name, prefix in _NAMED.items()
        if name in tables
    ]
    counts += [
        _counted(tables[name].filter(has_no_day(tables[name], of_day)), name, _UNDATED)
        for name, of_day in _DATED.items()
        if name in tables
    ]
    nobodys = _nobodys_of(tables["person"])
    counts += [
        _counted(nobodys(tables[name]), name, _NOBODYS)
        for name in (*_DATED, _PERIODS)
        if name in tables
    ]
    found = rows_of(ibis.union(*counts, distinct=False))  # at once: a statement takes its time
    order = {fault: place for place, fault in enumerate((_NAMELESS, _UNDATED, _NOBODYS))}
    places = {name: place for place, name in enumerate((*_DATED, _PERIODS))}
    return tuple(
        f"{each['name']}: {each['rows']} rows of {each['people']} people {each['fault']}"
        for each in sorted(found, key=lambda each: (order[each["fault"]], places[each["name"]]))
        if each["rows"]
    )


_NAMELESS = "name nothing that can be read, and leave open what they may be"
_UNDATED = "have no day that can be read"
_NOBODYS = "who are not in table person are left out"


def _nameless(table: Table, name: str, prefix: str, meanings: Meanings) -> Table:
    """Give the rows that name nothing."""
    rows = table.select(
        person_id=column(table, "person_id", "int64"),
        concept=whole(table, f"{prefix}_concept_id"),
        source_concept=whole(table, f"{prefix}_source_concept_id"),
    )
    if name == "drug_exposure":
        known = {*meanings.medicines}
        rows = unnamed(rows, known, "concept") if not meanings.has_products else _zero(rows)
    else:
        known = {*meanings.named_sources}
        rows = _zero(rows)
    return unnamed(rows, known, "source_concept")


def _zero(rows: Table) -> Table:
    """Give the rows without a concept."""
    is_none: Value = rows.concept == 0
    return rows.filter(is_none)


def _nobodys_of(person: Table) -> Callable[[Table], Table]:
    """Give what gives the rows of somebody who is not among the people, and those of nobody."""
    known = column(person, "person_id", "int64")
    [ends] = rows_of(person.agg(people=known.count(), least=known.min(), most=known.max()))
    least, most = ends["least"], ends["most"]
    is_gapless = least is not None and most - least + 1 == ends["people"]

    def nobodys(table: Table) -> Table:
        whose = column(table, "person_id", "int64")
        if is_gapless:  # a block of rows within the ends need not be read
            return table.filter(whose.isnull() | (whose < least) | (whose > most))
        rows = table.select(person_id=whose)
        return rows.anti_join(person.select(known=known), [("person_id", "known")])

    return nobodys


def _counted(rows: Table, name: str, fault: str) -> Table:
    """Count rows and people of a table with a fault."""
    counts = rows.agg(rows=rows.count(), people=column(rows, "person_id", "int64").nunique())
    return counts.select("rows", "people", name=ibis.literal(name), fault=ibis.literal(fault))
