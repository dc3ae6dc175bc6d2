"""Conditions of every person, from the tables that hold some, and what rows leave in doubt.

In step with `intake.omop_conditions`.
"""

from collections.abc import Mapping
from datetime import date

import ibis
from ibis.expr.types import Table, Value

from trialwright.protocol.omop_codes import (
    HISTORY_OF,
    RELATIVE,
    UNMAPPED,
    UNMAPPED_PROCEDURE,
    Meanings,
)
from trialwright.protocol.study import Study
from trialwright.terms import omop
from trialwright.warehouse.cells import column, day, text, whole
from trialwright.warehouse.columns import among, choose, nothing
from trialwright.warehouse.meant import matched, meant, so_far, unnamed
from trialwright.warehouse.recorded import Warehouse, tells_setting

_PREFIX = {"condition_occurrence": "condition", "procedure_occurrence": "procedure"}

_ANSWERED = ("measurement", "observation")
"""Tables whose rows may say that something is not so."""


def conditions(
    warehouse: Warehouse,
    study: Study,
    as_of: date,
    numbers: Mapping[str, int],
    asked: frozenset[str],
) -> Table:
    """Give conditions: all but a row of `condition_occurrence` leaves one behind for good.

    One without a day, which OMOP forbids, may be of any day: rules read it as unread, as they do
    what rows leave in doubt.

    Parameters
    ----------
    warehouse : Warehouse
        Tables and concepts.
    study : Study
        Vocabulary.
    as_of : date
        Later rows do not exist.
    numbers : mapping of str to int
        Of terms.
    asked : frozenset of str
        Terms that rules ask for.

    Returns
    -------
    Table
        person_id, term, since (null: unread; of a history: when it was told), until (null),
        is_confirmed, code, is_history.
    """
    kinds = frozenset(name for name in asked if study.terms[name].kind == "condition")
    meanings = warehouse.meanings
    named = {each: names for each, names in meanings.terms.items() if kinds.intersection(names)}
    rows = {
        origin: _rows(warehouse, warehouse.tables[origin], origin, named, as_of)
        for origin in omop.ORIGINS
        if origin in warehouse.tables and origin != "drug_exposure"
    }
    kept = ("person_id", "concept", "source_concept", "since", "until", "is_confirmed", "code")
    parts = [each.select(*kept) for each in rows.values()]
    doubted = [doubt for origin, each in rows.items() for doubt in _doubts(each, origin, meanings)]
    found = matched(ibis.union(*parts, distinct=False), meant(named, kinds, numbers))
    doubts = ibis.union(*doubted, distinct=False).distinct()
    unread = doubts.inner_join(meant(meanings.doubts, kinds, numbers), [("doubt", "meant")])
    unread = unread.select(
        "person_id",
        since=nothing("date"),
        until=nothing("date"),
        is_confirmed=ibis.literal(True),  # noqa: FBT003
        code=ibis.literal(0, "int64"),
        term=unread.term,
    ).distinct()
    names = unread.columns
    parts = [found.select(*names), unread]
    if "observation" in rows:
        told = meant(meanings.relatives, kinds, numbers)
        parts.append(_of_relatives(rows["observation"], told).select(*names))
    is_history = ibis.literal(False)  # noqa: FBT003
    parts = [each.mutate(is_history=is_history) for each in parts]
    if "observation" in rows:
        past = _histories(rows["observation"], meanings)
        past = past.inner_join(meant(named, kinds, numbers), [("answer", "meant")]).select(*names)
        parts.append(past.mutate(is_history=ibis.literal(True)))  # noqa: FBT003
    return ibis.union(*parts, distinct=False)


def _rows(
    warehouse: Warehouse,
    table: Table,
    origin: str,
    named: Mapping[int, tuple[str, ...]],
    as_of: date,
) -> Table:
    """Give the rows of a table up to a day; of measurements those that may be conditions alone."""
    prefix, is_one = _PREFIX.get(origin, origin), origin == "condition_occurrence"
    if origin == "measurement":
        perhaps = [each for each in warehouse.meanings.doubts if 0 < each < HISTORY_OF]
        # as they stand in the table: no concept is none of these either
        standard, source = (
            column(table, f"measurement_{each}", "int64")
            for each in ("concept_id", "source_concept_id")
        )
        table = table.filter(among(standard, [*named, *perhaps]) | among(source, named))
        table = table.filter(~tells_setting(table, warehouse.meanings))
    since = day(table, "condition_start_date" if is_one else f"{prefix}_date")
    until, is_confirmed = nothing("date"), ibis.literal(True)  # noqa: FBT003
    if is_one:
        until, is_confirmed = _course(table, since)
    answer = whole(table, "value_as_concept_id")
    is_denied = ibis.literal(False)  # noqa: FBT003
    if origin in _ANSWERED:
        is_denied = among(answer, warehouse.meanings.denials)
    rows = table.select(
        person_id=column(table, "person_id", "int64"),
        concept=whole(table, f"{prefix}_concept_id"),
        source_concept=whole(table, f"{prefix}_source_concept_id"),
        since=since,
        until=until.cast("date"),
        is_confirmed=is_confirmed,
        code=warehouse.numbering.code(origin, column(table, f"{origin}_id", "int64")),
        answer=answer,
        is_denied=is_denied,
    )
    rows = so_far(rows, as_of)
    unread = choose((rows.is_denied, nothing("date")), otherwise=rows.since)
    return rows.mutate(since=unread).drop("is_denied")


def _course(table: Table, since: Value) -> tuple[Value, Value]:
    """Give the last day of conditions, and whether nobody doubts them."""
    status = whole(table, "condition_status_concept_id")
    until = day(table, "condition_end_date")
    until = choose((until < since, nothing("date")), otherwise=until)
    until = choose((until.isnull() & (status == omop.RESOLVED), since), otherwise=until)
    is_confirmed = ~among(status, omop.UNCONFIRMED)
    if "condition_status_source_value" in table.columns:
        words = text(table, "condition_status_source_value").strip().lower()
        is_confirmed &= ~((status == 0) & words.isin(sorted(omop.DOUBTED)))
    return until, is_confirmed


def _doubts(rows: Table, origin: str, meanings: Meanings) -> list[Table]:
    """Give who leaves what in doubt: keys of `Meanings.doubts`."""
    perhaps = [each for each in meanings.doubts if 0 < each < HISTORY_OF]
    known = meanings.named_sources
    found = []
    if perhaps:  # else it would be planned for each part, and find nothing
        may_be = rows.filter(among(rows.concept, perhaps))
        is_same = may_be.source_concept == may_be.concept
        others = unnamed(may_be.filter(~is_same), known, "source_concept")
        found += [_keyed(each, each.concept) for each in (may_be.filter(is_same), others)]
    match origin:
        case "condition_occurrence":
            is_none = unnamed(rows.filter(rows.concept == 0), known, "source_concept")
            found.append(_keyed(is_none, ibis.literal(UNMAPPED)))
        case "procedure_occurrence":
            is_none = unnamed(rows.filter(rows.concept == 0), known, "source_concept")
            found.append(_keyed(is_none, ibis.literal(UNMAPPED_PROCEDURE)))
        case "observation":
            past = _histories(rows, meanings)
            found.append(_keyed(past, past.answer + HISTORY_OF))
            is_unsaid = among(rows.concept, omop.FAMILY_HISTORY) & (rows.answer == 0)
            unsaid = unnamed(rows.filter(is_unsaid), known, "source_concept")
            found.append(_keyed(unsaid, ibis.literal(RELATIVE)))
    return found


def _histories(rows: Table, meanings: Meanings) -> Table:
    """Give the observations of something that was, but for those that their source names."""
    past = rows.filter(among(rows.concept, omop.HISTORY))
    return unnamed(past, meanings.named_sources, "source_concept")


def _keyed(rows: Table, key: Value) -> Table:
    """Give whose rows they are, with a key."""
    return rows.select("person_id", doubt=key.cast("int64"))


def _of_relatives(rows: Table, told: Table) -> Table:
    """Give the conditions of relatives, by what answers to a family history tell."""
    rows = rows.filter(among(rows.concept, omop.FAMILY_HISTORY))
    return rows.inner_join(told, [("answer", "meant")])
