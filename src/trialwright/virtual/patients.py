"""One patient as a plain value, for the formats that are written a patient at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from trialwright.virtual.concepts import CONCEPTS, LOINC, Concept
from trialwright.virtual.omop_tables import APART
from trialwright.virtual.population import ROWS_EACH, Block, Table
from trialwright.virtual.rows import (
    COMPARATORS,
    INTENTS,
    MARGINS,
    METHODS,
    NO_DAY,
    NO_NUMBER,
    NOTHING,
    SCORES,
    SPELLINGS,
    STATUSES,
    STOPS,
    VERIFIED,
    WORDINGS,
)

_ECOG = LOINC["89247-1"]


@dataclass(frozen=True, slots=True)
class Result:
    """One result on record.

    Attributes
    ----------
    source : str
        Table and row in OMOP, e.g. `measurement/1001`.
    code : Concept
        What was measured.
    on : date
        The day.
    minute : int or None, minutes after midnight
        When on that day.
    comparator : {'', '<', '<=', '>=', '>'}
        How it bounds the value.
    value : Decimal or None
        The amount.
    answer : Concept or None
        The coded answer.
    unit : str
        UCUM; empty when not coded.
    spelling : str
        The unit as written without a code; empty when it is coded or missing.
    low, high : Decimal or None
        Reference range.
    margin : {'', 'postmenopausal'}
        For whom the range holds.
    wording, score : str
        The answer in the laboratory's words, and as OMOP holds it.
    about : str
        Source of the condition that it speaks of, or empty.
    method : {'', 'conventional', 'spiral-ct', 'mri'}
        Way of imaging.
    status : str
        FHIR status; only the first three of `STATUSES` count.
    """

    source: str
    code: Concept
    on: date
    minute: int | None
    comparator: str
    value: Decimal | None
    answer: Concept | None
    unit: str
    spelling: str
    low: Decimal | None
    high: Decimal | None
    margin: str
    wording: str
    score: str
    about: str
    method: str
    status: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One condition on record.

    Attributes
    ----------
    source : str
        Table and row in OMOP.
    codes : tuple of Concept
        Source code first, then the standard concept; at least one.
    since : date
        First day.
    until : date or None
        Last day, when it has ended.
    verified : {'confirmed', 'preliminary', 'refuted', 'entered-in-error'}
        Only the first two are in OMOP.
    """

    source: str
    codes: tuple[Concept, ...]
    since: date
    until: date | None
    verified: str


@dataclass(frozen=True, slots=True)
class Exposure:
    """One medicine given.

    Attributes
    ----------
    source : str
        Table and row in OMOP.
    medicine : Concept
        Ingredient, or product of the pharmacy.
    since : date
        First dose.
    until : date or None
        Last dose; None: no end on record.
    stop : {'', 'progression', 'toxicity', 'completed', 'refused'}
        Why it ended.
    intent : {'', 'metastatic', 'adjuvant'}
        Setting.
    route : Concept or None
        By mouth, or on the skin.
    """

    source: str
    medicine: Concept
    since: date
    until: date | None
    stop: str
    intent: str
    route: Concept | None


@dataclass(frozen=True, slots=True)
class Deed:
    """One procedure done.

    Attributes
    ----------
    source : str
        Table and row in OMOP.
    code : Concept
        What was done.
    since : date
        First day.
    until : date or None
        Last day, when one is recorded.
    """

    source: str
    code: Concept
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Watch:
    """Days over which the record is known to be complete.

    Attributes
    ----------
    source : str
        Table and row in OMOP.
    since, until : date
        First and last day.
    """

    source: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient and all records.

    Attributes
    ----------
    person_id : int
        From 1, in the order of drawing.
    sex : {'female', 'male'}
        Administrative sex.
    born : str
        ISO 8601, as much as is recorded: year, year-month or day.
    screening : date
        The day around which the records are drawn.
    results, diagnoses, exposures, deeds, watches : tuple
        Records, in the order of their rows.
    """

    person_id: int
    sex: Literal["female", "male"]
    born: str
    screening: date
    results: tuple[Result, ...]
    diagnoses: tuple[Diagnosis, ...]
    exposures: tuple[Exposure, ...]
    deeds: tuple[Deed, ...]
    watches: tuple[Watch, ...]


def patients_of(block: Block) -> Iterator[Patient]:
    """Give the people of a block one by one.

    Parameters
    ----------
    block : Block
        People and records.

    Yields
    ------
    Patient
        In the order of their ids.
    """
    screening, people = block.plan.screening, block.people
    records = [
        _by_person(table, len(people.year))
        for table in (
            block.results, block.diagnoses, block.exposures, block.procedures, block.periods,
        )
    ]  # fmt: skip
    for place in range(len(people.year)):
        results, diagnoses, exposures, deeds, watches = (each[place] for each in records)
        conditions = {row_id: _diagnosis(row, row_id, screening) for row, row_id in diagnoses}
        yield Patient(
            person_id=block.first_id + place,
            sex="female" if people.is_female[place] else "male",
            born=_born(people, place),
            screening=screening,
            results=tuple(_result(row, row_id, screening, conditions) for row, row_id in results),
            diagnoses=tuple(conditions.values()),
            exposures=tuple(_exposure(row, row_id, screening) for row, row_id in exposures),
            deeds=tuple(_deed(row, row_id, screening) for row, row_id in deeds),
            watches=tuple(_watch(row, row_id, screening) for row, row_id in watches),
        )


def _by_person(table: Table, size: int) -> list[list[tuple[dict[str, int], int]]]:
    """Give the rows of each person as plain mappings, with their ids."""
    names = table.rows.dtype.names or ()
    plain = [
        (dict(zip(names, row, strict=True)), row_id)
        for row, row_id in zip(table.rows.tolist(), table.row_id.tolist(), strict=True)
    ]
    starts = np.searchsorted(table.rows["person"], np.arange(size + 1)).tolist()
    return [plain[starts[place] : starts[place + 1]] for place in range(size)]


def _result(
    row: dict[str, int], row_id: int, screening: date, conditions: dict[int, Diagnosis]
) -> Result:
    """Make a result of its row."""
    is_coded_score = row["concept"] == _ECOG and row["micro"] == NO_NUMBER
    in_observation = is_coded_score and row["answer"] != NOTHING
    about = conditions.get(row_id // ROWS_EACH * ROWS_EACH + row["about"])
    return Result(
        source=f"observation/{row_id + APART}" if in_observation else f"measurement/{row_id}",
        code=CONCEPTS[row["concept"]],
        on=screening + timedelta(row["day"]),
        minute=None if row["minute"] == NOTHING else row["minute"],
        comparator=COMPARATORS[row["comparator"]],
        value=_amount(row["micro"]),
        answer=_concept(row["answer"]),
        unit=_word(row["unit"], CONCEPTS, "code"),
        spelling=_word(row["spelling"], SPELLINGS),
        low=_amount(row["low"]),
        high=_amount(row["high"]),
        margin=MARGINS[row["margin"]],
        wording=_word(row["wording"], WORDINGS),
        score=_word(row["wording"], SCORES),
        about=about.source if about and row["about"] != NOTHING else "",
        method=METHODS[row["method"]],
        status=STATUSES[row["status"]],
    )


def _diagnosis(row: dict[str, int], row_id: int, screening: date) -> Diagnosis:
    """Make a condition of its row."""
    codes = [CONCEPTS[row[name]] for name in ("source", "concept") if row[name] != NOTHING]
    is_status = len(codes) == 1 and codes[0].system == "ICD10CM" and codes[0].code.startswith("Z")
    table = "observation" if is_status else "condition_occurrence"
    return Diagnosis(
        f"{table}/{row_id}",
        tuple(codes),
        screening + timedelta(row["since"]),
        _day(row["until"], screening),
        VERIFIED[row["verified"]],
    )


def _exposure(row: dict[str, int], row_id: int, screening: date) -> Exposure:
    """Make an exposure of its row."""
    return Exposure(
        f"drug_exposure/{row_id}",
        CONCEPTS[row["concept"]],
        screening + timedelta(row["since"]),
        _day(row["until"], screening),
        STOPS[row["stop"]],
        INTENTS[row["intent"]],
        _concept(row["route"]),
    )


def _deed(row: dict[str, int], row_id: int, screening: date) -> Deed:
    """Make a procedure of its row."""
    return Deed(
        f"procedure_occurrence/{row_id}",
        CONCEPTS[row["concept"]],
        screening + timedelta(row["since"]),
        _day(row["until"], screening),
    )


def _watch(row: dict[str, int], row_id: int, screening: date) -> Watch:
    """Make a span of complete record of its row."""
    since, until = screening + timedelta(row["since"]), screening + timedelta(row["until"])
    return Watch(f"observation_period/{row_id}", since, until)


def _born(people: Any, place: int) -> str:
    """Give the date of birth as much as is recorded."""
    whole = f"{people.year[place]:04}-{people.month[place]:02}-{people.day[place]:02}"
    return whole[: {1: 4, 2: 7, 3: 10}[int(people.known[place])]]


def _amount(micro: int) -> Decimal | None:
    """Give an amount from millionths, without trailing zeros."""
    if micro == NO_NUMBER:
        return None
    whole, rest = divmod(micro, 1_000_000)
    return Decimal(whole) if rest == 0 else Decimal(micro).scaleb(-6).normalize()


def _day(day: int, screening: date) -> date | None:
    """Give a day counted from screening, or none."""
    return None if day == NO_DAY else screening + timedelta(day)


def _concept(place: int) -> Concept | None:
    """Give a concept by its place, or none."""
    return None if place == NOTHING else CONCEPTS[place]


def _word(place: int, words: Any, part: str = "") -> str:
    """Give a word by its place, or none."""
    if place == NOTHING:
        return ""
    return str(getattr(words[place], part) if part else words[place])
