"""OMOP tables to facts of the protocol's terms as one day knows them, each table in one pass."""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
from ibis.expr.types import Table, Value

from trialwright.protocol.omop_codes import Meanings
from trialwright.protocol.study import Study
from trialwright.terms import omop
from trialwright.warehouse.ages import born
from trialwright.warehouse.cells import column, whole
from trialwright.warehouse.cells import day as day_of
from trialwright.warehouse.columns import (
    ANY_MEDICINE,
    Staged,
    among,
    choose,
    nothing,
    number_of_reason,
)
from trialwright.warehouse.diagnosed import conditions as diagnosed
from trialwright.warehouse.intents import with_intents
from trialwright.warehouse.meant import matched, meant, so_far, unnamed
from trialwright.warehouse.measured import measured
from trialwright.warehouse.reads import Wanted
from trialwright.warehouse.recorded import Warehouse, undated
from trialwright.warehouse.shapes import Combination


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
        conditions=keep(diagnosed(warehouse, study, day, numbers, conditions)),
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
    person = born(warehouse.tables["person"])
    gender = whole(person, "gender_concept_id")
    sex = choose(
        (gender == omop.FEMALE, "female"),
        (gender == omop.MALE, "male"),
        otherwise=nothing("string"),
    )
    return person.select(
        "born_first", "born_last", person_id=column(person, "person_id", "int64"), sex=sex
    ).relocate("person_id", "sex")


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


def _undated(
    warehouse: Warehouse, study: Study, numbers: Mapping[str, int], asked: frozenset[str]
) -> Table:
    """Give whose results of which terms have no day."""
    rows = undated(warehouse, study, asked)
    found = matched(rows, meant(warehouse.meanings.terms, asked, numbers))
    return found.select("person_id", "term").distinct()


def _treatments(
    warehouse: Warehouse, day: date, numbers: Mapping[str, int], asked: frozenset[str]
) -> Table:
    """Give treatments: medicines, and procedures that are treatments.

    One without a first day, which OMOP forbids, may be of any day: rules read it as unread.
    """
    parts, doubted = [], []
    table = warehouse.tables.get("drug_exposure")
    if table is not None:
        since, until = day_of(table, "drug_exposure_start_date"), _end(table)
        until = choose((until < since, nothing("date")), otherwise=until)
        concept, source = whole(table, "drug_concept_id"), whole(table, "drug_source_concept_id")
        local = warehouse.meanings.local_products
        is_local = among(whole(table, "route_concept_id"), warehouse.meanings.local_routes)
        rows = table.select(
            person_id=column(table, "person_id", "int64"),
            concept=concept,
            source_concept=source,
            since=since,
            until=until,
            is_ongoing=choose((until.isnull(), nothing("boolean")), otherwise=False),
            is_local=is_local | among(concept, local) | among(source, local),
            stopped_for=column(table, "stop_reason", "string"),
            code=warehouse.numbering.code(
                "drug_exposure", column(table, "drug_exposure_id", "int64")
            ),
        )
        parts.append(so_far(rows, day))
        doubted.append(_any_medicine(parts[-1], warehouse.meanings))
    table = warehouse.tables.get("procedure_occurrence")
    if table is not None:
        since = day_of(table, "procedure_date")
        until = ibis.coalesce(day_of(table, "procedure_end_date"), since)
        rows = table.select(
            person_id=column(table, "person_id", "int64"),
            concept=whole(table, "procedure_concept_id"),
            source_concept=whole(table, "procedure_source_concept_id"),
            since=since,
            until=choose((until < since, since), otherwise=until),
            is_ongoing=ibis.literal(False),  # noqa: FBT003
            is_local=ibis.literal(False),  # noqa: FBT003
            stopped_for=nothing("string"),
            code=warehouse.numbering.code(
                "procedure_occurrence", column(table, "procedure_occurrence_id", "int64")
            ),
        )
        parts.append(so_far(rows, day))
        doubted.append(_any_procedure(parts[-1], warehouse.meanings, asked, numbers))
    rows = ibis.union(*parts, distinct=False)
    found = matched(rows, meant(warehouse.meanings.medicines, asked, numbers))
    found = ibis.union(found, *(_unread(each, found) for each in doubted), distinct=False)
    said = found.stopped_for.lower()  # of the few asked
    said = choose((said.isin([*omop.STOP_WORDS]), said), otherwise=said.strip())  # slow: if needed
    found = found.mutate(said=said)
    found = found.mutate(stopped_for=_reason(found.said)).drop("said")
    return with_intents(found, warehouse)


def _reason(said: Value) -> Value:
    """Give the number of why a treatment ended, by its word; null where nobody knows."""
    numbers = {word: number_of_reason(reason) for word, reason in omop.STOP_WORDS.items()}
    cases = [(said == word, number) for word, number in numbers.items()]
    return choose(*cases, otherwise=nothing("int8")).cast("int8")


def _end(table: Table) -> Value:
    """Give the last day of exposures, or else what the source says of it."""
    end = day_of(table, "drug_exposure_end_date")
    return ibis.coalesce(end, column(table, "verbatim_end_date", "date"))


def _any_medicine(rows: Table, meanings: Meanings) -> Table:
    """Give who has exposures that may be to any medicine."""
    known = meanings.medicines.keys()
    nameless = rows.filter(rows.concept == 0) if meanings.has_products else rows
    nameless = unnamed(unnamed(nameless, known, "source_concept"), known, "concept")
    return nameless.select("person_id", term=ibis.literal(ANY_MEDICINE, "int16"))


def _any_procedure(
    rows: Table, meanings: Meanings, asked: frozenset[str], numbers: Mapping[str, int]
) -> Table:
    """Give who has procedures that may be any treatment that is one."""
    nameless = unnamed(rows.filter(rows.concept == 0), meanings.named_sources, "source_concept")
    names = tuple(dict.fromkeys(name for each in meanings.procedures.values() for name in each))
    told = meant({0: names}, asked, numbers)
    return nameless.inner_join(told, [("concept", "meant")]).select("person_id", "term")


def _unread(rows: Table, like: Table) -> Table:
    """Give treatments that were left unread, each once."""
    empty = {"is_local": False, "code": 0}
    columns = {
        name: ibis.literal(empty[name], kind) if name in empty else nothing(kind)
        for name, kind in like.schema().items()
        if name not in rows.columns
    }
    return rows.distinct().mutate(**columns).select(*like.columns)
