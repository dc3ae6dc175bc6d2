"""OMOP tables to facts of the protocol's terms as one day knows them, each table in one pass."""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import pyarrow as pa
from ibis.expr.types import Table, Value

from trialwright.protocol.study import Study
from trialwright.terms import omop
from trialwright.warehouse.ages import born
from trialwright.warehouse.arrow import column_of, table_of
from trialwright.warehouse.columns import (
    Staged,
    among,
    choose,
    day_literal,
    nothing,
    number_of_reason,
)
from trialwright.warehouse.intents import with_intents
from trialwright.warehouse.measured import measured
from trialwright.warehouse.reads import Wanted
from trialwright.warehouse.recorded import Warehouse, column, text, undated, whole
from trialwright.warehouse.shapes import Combination

_PREFIX = {"condition_occurrence": "condition", "procedure_occurrence": "procedure"}


def numbers_of(study: Study) -> dict[str, int]:
    """Give each term and medicine its number.

    Parameters
    ----------
    study : Study
        Vocabulary and medicines.

    Returns
    -------
    dict of str to int
        Terms first; a medicine with the name of a term has the number of the term.
    """
    return {
        name: number for number, name in enumerate(dict.fromkeys((*study.terms, *study.medicines)))
    }


def staged(
    warehouse: Warehouse,
    study: Study,
    day: date,
    wanted: Wanted,
    conditions: frozenset[str],
    medicines: frozenset[str],
    combinations: Sequence[Combination],
    *,
    is_undated: bool,
) -> Staged:
    """Stage the facts that rules ask for.

    Parameters
    ----------
    warehouse : Warehouse
        Tables, concepts and engine.
    study : Study
        Vocabulary.
    day : date
        Later facts do not exist.
    wanted : Wanted
        What rules ask of results.
    conditions, medicines : frozenset of str
        What rules ask of conditions and treatments.
    combinations : sequence of Combination
        How results are recorded.
    is_undated : bool
        Whether the hospital has results without a day.

    Returns
    -------
    Staged
        Held as temporary tables.
    """
    keep, numbers = warehouse.keep, numbers_of(study)
    results = measured(warehouse, study, day, wanted, numbers, combinations)
    return Staged(
        measurements=results.measurements,
        newest=results.newest,
        divided=results.divided,
        daily=results.daily,
        words=results.words,
        undated=keep(_undated(warehouse, study, numbers, wanted.terms)) if is_undated else None,
        conditions=keep(_conditions(warehouse, study, day, numbers, conditions)),
        treatments=keep(_treatments(warehouse, day, numbers, medicines)),
        coverage=keep(_coverage(warehouse)),
        people=people(warehouse),
        numbers=numbers,
        shapes=results.shapes,
        bits={each.leaf.name: each.bits for some in wanted.latest.values() for each in some},
        numbering=warehouse.numbering,
    )


def people(warehouse: Warehouse) -> Table:
    """Give every person.

    Parameters
    ----------
    warehouse : Warehouse
        Tables.

    Returns
    -------
    Table
        person_id, sex, born_first, born_last.
    """
    person = warehouse.tables["person"]
    gender, (first, last) = whole(person, "gender_concept_id"), born(person)
    sex = choose(
        (gender == omop.FEMALE, "female"),
        (gender == omop.MALE, "male"),
        otherwise=nothing("string"),
    )
    return person.select(
        person_id=column(person, "person_id", "int64"), sex=sex, born_first=first, born_last=last
    )


def _coverage(warehouse: Warehouse) -> Table:
    """Give the spans over which the source observed people."""
    table = warehouse.tables.get("observation_period")
    if table is None:
        person = warehouse.tables["person"]
        return person.filter(ibis.literal(False)).select(  # noqa: FBT003
            person_id=column(person, "person_id", "int64"),
            since=nothing("date"),
            until=nothing("date"),
            code=nothing("int64"),
        )
    return table.select(
        person_id=column(table, "person_id", "int64"),
        since=column(table, "observation_period_start_date", "date"),
        until=column(table, "observation_period_end_date", "date"),
        code=warehouse.numbering.code(
            "observation_period", column(table, "observation_period_id", "int64")
        ),
    )


def _meant(
    named: Mapping[int, tuple[str, ...]], asked: frozenset[str], numbers: Mapping[str, int]
) -> Table:
    """Give what concepts stand for as a table, of what is asked."""
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


def _matched(rows: Table, meant: Table) -> Table:
    """Give rows with what they stand for by their concept, or by their source concept.

    A row that stands for one thing by both gives one fact.
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


def _undated(
    warehouse: Warehouse, study: Study, numbers: Mapping[str, int], asked: frozenset[str]
) -> Table:
    """Give whose results of which terms have no day."""
    rows = undated(warehouse, study, asked)
    found = _matched(rows, _meant(warehouse.meanings.terms, asked, numbers))
    return found.select("person_id", "term").distinct()


def _so_far(rows: Table, day: date) -> Table:
    """Give rows that begin up to a day; one without a first day, which OMOP forbids, may be any."""
    return rows.filter(rows.since.isnull() | (rows.since <= day_literal(day)))


def _conditions(
    warehouse: Warehouse,
    study: Study,
    day: date,
    numbers: Mapping[str, int],
    asked: frozenset[str],
) -> Table:
    """Give conditions: a procedure or observation of one leaves it behind for good.

    One without a day, which OMOP forbids, may be of any day: rules read it as unread.
    """
    parts = []
    for origin in ("condition_occurrence", "procedure_occurrence", "observation"):
        table = warehouse.tables.get(origin)
        if table is None:
            continue
        prefix = _PREFIX.get(origin, origin)
        is_one = origin == "condition_occurrence"
        since = column(table, "condition_start_date" if is_one else f"{prefix}_date", "date")
        until = column(table, "condition_end_date", "date") if is_one else nothing("date")
        status = whole(table, "condition_status_concept_id")
        rows = table.select(
            person_id=column(table, "person_id", "int64"),
            concept=whole(table, f"{prefix}_concept_id"),
            source_concept=whole(table, f"{prefix}_source_concept_id"),
            since=since,
            until=until.cast("date"),
            is_confirmed=status != omop.PRELIMINARY,
            code=warehouse.numbering.code(origin, column(table, f"{origin}_id", "int64")),
        )
        parts.append(_so_far(rows, day))
    rows = ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]
    kinds = frozenset(name for name in asked if study.terms[name].kind == "condition")
    return _matched(rows, _meant(warehouse.meanings.terms, kinds, numbers))


def _treatments(
    warehouse: Warehouse, day: date, numbers: Mapping[str, int], asked: frozenset[str]
) -> Table:
    """Give treatments: medicines, and procedures that are treatments.

    One without a first day, which OMOP forbids, may be of any day: rules read it as unread.
    """
    parts = []
    table = warehouse.tables.get("drug_exposure")
    if table is not None:
        until = column(table, "drug_exposure_end_date", "date")
        rows = table.select(
            person_id=column(table, "person_id", "int64"),
            concept=whole(table, "drug_concept_id"),
            source_concept=whole(table, "drug_source_concept_id"),
            since=column(table, "drug_exposure_start_date", "date"),
            until=until,
            is_ongoing=choose((until.isnull(), nothing("boolean")), otherwise=False),
            is_local=among(whole(table, "route_concept_id"), warehouse.meanings.local_routes),
            stopped_for=text(table, "stop_reason"),
            code=warehouse.numbering.code(
                "drug_exposure", column(table, "drug_exposure_id", "int64")
            ),
        )
        parts.append(_so_far(rows, day))
    table = warehouse.tables.get("procedure_occurrence")
    if table is not None:
        since = column(table, "procedure_date", "date")
        rows = table.select(
            person_id=column(table, "person_id", "int64"),
            concept=whole(table, "procedure_concept_id"),
            source_concept=whole(table, "procedure_source_concept_id"),
            since=since,
            until=ibis.coalesce(column(table, "procedure_end_date", "date"), since),
            is_ongoing=ibis.literal(False),  # noqa: FBT003
            is_local=ibis.literal(False),  # noqa: FBT003
            stopped_for=ibis.literal("", "string"),
            code=warehouse.numbering.code(
                "procedure_occurrence", column(table, "procedure_occurrence_id", "int64")
            ),
        )
        parts.append(_so_far(rows, day))
    rows = ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]
    found = _matched(rows, _meant(warehouse.meanings.medicines, asked, numbers))
    plain = found.mutate(plain=found.stopped_for.strip().lower())  # of the few asked, once
    found = plain.mutate(stopped_for=_reason(plain)).drop("plain")
    return with_intents(found, warehouse)


def _reason(rows: Table) -> Value:
    """Give the number of why a treatment ended; null where nothing is recorded."""
    numbers = {word: number_of_reason(reason) for word, reason in omop.STOP_WORDS.items()}
    cases = [(rows.plain == word, number) for word, number in numbers.items()]
    other = number_of_reason("other")
    return choose((rows.plain == "", nothing("int8")), *cases, otherwise=other).cast("int8")
