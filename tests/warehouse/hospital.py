"""A hospital of a few rows, screened by a few rules."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa

from trialwright.assembly.populations import Population
from trialwright.assembly.protocols import shipped
from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.screening import screen
from trialwright.intake.omop import read_person
from trialwright.protocol.criteria import Anchor, Criterion, Rule
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.virtual.omop_schema import TABLES
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.screening import screened

DAY = date(2026, 3, 2)
"""The day judged, and every anchor."""

NOT_MET, UNKNOWN, MET = 0, 1, 2

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def before(days: int) -> date:
    """Give the day so many days before the day judged; a negative number lies after it."""
    return DAY - timedelta(days)


def hospital(rows: Rows) -> Population:
    """Open rows in DuckDB, in memory; a table without rows is empty."""
    connection = ibis.duckdb.connect()
    tables = {
        name: connection.create_table(name, pa.Table.from_pylist(list(rows.get(name, ())), schema))
        for name, schema in TABLES.items()
    }
    return Population(tables, connection)


def answers(
    rule: Rule,
    rows: Rows,
    terms: Mapping[str, Term],
    medicines: Mapping[str, Medicine] = {},
    *,
    anchor: Anchor = "registration",
    anchors: Mapping[str, date] = {"registration": DAY},
) -> dict[int, tuple[int, str | None]]:
    """Give the verdict and the deciding row of every person who has a row."""
    criterion = Criterion(
        id="I01", says="Asked.", place="nowhere", kind="rule", rule=rule, anchor=anchor
    )
    study = shipped("nct03959891").study.model_copy(
        update={"terms": dict(terms), "medicines": dict(medicines), "criteria": (criterion,)}
    )
    people = sorted(
        {row["person_id"] for each in rows.values() for row in each if "person_id" in row}
    )
    persons = [{"person_id": each, "gender_concept_id": 8532, "year_of_birth": 1970}
               for each in people]  # fmt: skip
    population = hospital({**rows, "person": persons})
    meanings = read_meanings(population.tables, study)
    matrix = screened(population.tables, study, meanings, DAY, anchors, population)
    found = [row for rows in matrix.part().evidence(criterion) for row in rows.to_pylist()]
    return {each["person_id"]: (each["verdict"], each["record"]) for each in found}


UNITS = {91: "mg/dL", 92: "umol/L", 93: "kg", 94: "[lb_av]", 95: "[IU]/L", 96: "U/L", 97: "%",
         98: "mmol/mol", 99: "/uL"}  # fmt: skip
"""Units, as a site numbers them."""

NUMBERS = {"not met": NOT_MET, "unknown": UNKNOWN, "met": MET}


def measured(person: int, concept: int, value: float | None, unit: int, **more: Any) -> dict:
    """Give the row of a result, of the day before unless `days` says another."""
    number = more.pop("row", person * 100 + concept)
    return {
        "measurement_id": number, "person_id": person, "measurement_concept_id": concept,
        "measurement_date": before(more.pop("days", 1)), "value_as_number": value,
        "unit_concept_id": unit, **more,
    }  # fmt: skip


def both(
    rule: Rule,
    results: Sequence[Mapping[str, Any]],
    terms: Mapping[str, Term],
    laboratory: tuple[LaboratoryRange, ...] = (),
    persons: Mapping[int, Mapping[str, Any]] = {},
) -> dict[int, tuple[int, str | None]]:
    """Give the verdict and the record of every person, by a warehouse that agrees with the judge.

    Parameters
    ----------
    rule : Rule
        Asked of all.
    results : sequence of mapping
        Rows of `measurement`.
    terms : mapping of str to Term
        The vocabulary.
    laboratory : tuple of LaboratoryRange
        The institution's table.
    persons : mapping of int to mapping
        Sex and birth of those who are not women born on 1 June 1961.
    """
    criterion = Criterion(id="I01", says="Asked.", place="nowhere", kind="rule", rule=rule)
    changed = {"terms": dict(terms), "medicines": {}, "criteria": (criterion,), "obligations": ()}
    study = shipped("nct03959891").study.model_copy(update=changed)
    woman = {"gender_concept_id": 8532, "year_of_birth": 1961, "month_of_birth": 6,
             "day_of_birth": 1}  # fmt: skip
    people = sorted({*persons, *(each["person_id"] for each in results)})
    rows = {each: {"person_id": each, **woman, **persons.get(each, {})} for each in people}
    units = [
        {"concept_id": number, "vocabulary_id": "UCUM", "concept_code": code}
        for number, code in UNITS.items()
    ]
    tables = {"concept": units, "measurement": results, "person": list(rows.values())}
    population, anchors = hospital(tables), {"registration": DAY}
    meanings = read_meanings(population.tables, study)
    matrix = screened(population.tables, study, meanings, DAY, anchors, population, laboratory)
    told = [row for rows in matrix.part().evidence(criterion) for row in rows.to_pylist()]
    found = {each["person_id"]: (each["verdict"], each["record"]) for each in told}
    for number, person in rows.items():
        own = [each for each in results if each["person_id"] == number]
        casebook = read_person(
            {"person": [person], "measurement": own}, study, meanings, str(number)
        ).casebook
        [verdict] = screen(study, casebook, "A", DAY, anchors, laboratory).verdicts
        places = [each.source.place for each in verdict.finding.evidence]
        by_judge = (NUMBERS[verdict.finding.answer], places[0] if places else None)
        assert found[number] == by_judge, verdict.finding.because
    return dict(sorted(found.items()))
