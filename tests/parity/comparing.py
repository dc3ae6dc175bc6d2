"""One participant at a time, and a whole hospital at once: where their answers differ."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.parity.engines import Tables

from trialwright.assembly.populations import Population
from trialwright.eligibility.context import LaboratoryRange
from trialwright.eligibility.screening import screen_arms
from trialwright.intake.omop import read_persons
from trialwright.protocol.criteria import Anchor
from trialwright.protocol.study import Study
from trialwright.terms.omop import ORIGINS
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.screening import screened

NUMBERS = {Answer.NOT_MET: 0, Answer.UNKNOWN: 1, Answer.MET: 2, Answer.NOT_APPLICABLE: 3}
"""Answers as a warehouse holds them."""

Judged = Mapping[tuple[int, str, str], tuple[int, str | None, str]]
"""person_id, arm and criterion to the answer, the first record of its evidence, and its reason."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a hospital.

    Attributes
    ----------
    study : Study
        The protocol.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        All named days.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.
    """

    study: Study
    as_of: date
    anchors: Mapping[Anchor, date]
    laboratory: tuple[LaboratoryRange, ...] = ()


@dataclass
class Difference:
    """Where the answers of one engine are not those of the judge.

    Attributes
    ----------
    compared : int
        Answers compared: one for each participant, arm and criterion.
    told : list of str
        The differences.
    by_answer : mapping of (str, int) to int
        How often each criterion was answered how.
    """

    compared: int = 0
    told: list[str] = field(default_factory=list)
    by_answer: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))


def judged(asked: Asked, tables: Tables, population: Population) -> Judged:
    """Judge every person of the tables, one at a time."""
    meanings = read_meanings(population.tables, asked.study)
    found: dict[tuple[int, str, str], tuple[int, str | None, str]] = {}
    persons = _by_person(tables)
    for person_id, casebook in read_persons(persons, asked.study, meanings, asked.as_of):
        of_arms = screen_arms(asked.study, casebook, asked.as_of, asked.anchors, asked.laboratory)
        for screening in of_arms.screenings:
            for verdict in screening.verdicts:
                told = verdict.finding
                row = told.evidence[0].source.place if told.evidence else None
                key = (person_id, screening.arm, verdict.criterion)
                found[key] = NUMBERS[told.answer], row, told.because
    return found


def _by_person(tables: Tables) -> list[dict[str, list[dict[str, Any]]]]:
    """Give the rows of each person together, in the order of their ids."""
    held: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for name in ("person", "observation_period", *ORIGINS, "episode"):
        for row in tables[name].sort_by(f"{name}_id").to_pylist():
            held.setdefault(row["person_id"], {}).setdefault(name, []).append(row)
    whose = {row["episode_id"]: row["person_id"] for row in tables["episode"].to_pylist()}
    for row in tables["episode_event"].to_pylist():
        if row["episode_id"] in whose:
            of_person = held[whose[row["episode_id"]]]
            of_person.setdefault("episode_event", []).append(row)
    return list(held.values())


def compared(asked: Asked, expected: Judged, population: Population) -> Difference:
    """Screen the whole population at once, and compare answers and deciding records."""
    meanings = read_meanings(population.tables, asked.study)
    matrix = screened(
        population.tables,
        asked.study,
        meanings,
        asked.as_of,
        asked.anchors,
        population,
        asked.laboratory,
    )
    part = matrix.part()
    told = {
        (row["person_id"], criterion.id): (row["verdict"], row["record"])
        for criterion in asked.study.criteria
        for rows in part.evidence(criterion)
        for row in rows.to_pylist()
    }
    difference, criteria = Difference(), {each.id: each for each in asked.study.criteria}
    for (person_id, arm, name), (answer, row, because) in expected.items():
        found, record = NUMBERS[Answer.NOT_APPLICABLE], None
        if criteria[name].rule is None:
            found = NUMBERS[Answer.MET]
        elif criteria[name].applies_to(arm):
            found, record = told[person_id, name]
        difference.compared += 1
        difference.by_answer[name, answer] += 1
        if (found, record) != (answer, row):
            difference.told.append(
                f"person {person_id}, arm {arm}, {name}: {answer} by {row}, not {found} by"
                f" {record} ({because})"
            )
    return difference
