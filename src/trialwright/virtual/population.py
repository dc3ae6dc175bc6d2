"""A population, block by block: each block has its own generator, so that order does not matter.

Person `i` is the same whatever the size of the population, the size of a batch or the format,
because a block of people is always drawn whole, and its rows are numbered a person at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from trialwright.virtual.concepts import LOINC, UNIT
from trialwright.virtual.findings import (
    draw_disease_status,
    draw_lesions,
    draw_receptors,
    draw_tests,
)
from trialwright.virtual.illness import (
    BRAIN_MARK,
    CANCER_MARK,
    draw_illness,
    draw_procedures,
    having,
)
from trialwright.virtual.measured_codes import ROUTINE
from trialwright.virtual.measuring import draw_assays
from trialwright.virtual.people import BLOCK, People, Plan, draw_people, draw_periods
from trialwright.virtual.rows import (
    DIAGNOSIS,
    EXPOSURE,
    MILLION,
    PERIOD,
    PROCEDURE,
    RESULT,
    Rows,
    Truth,
    Whole,
    joined,
    rows,
)
from trialwright.virtual.tracings import draw_tracings
from trialwright.virtual.treating import HABITS, draw_treatments

ROWS_EACH = 1000
"""Row ids kept for each person in each table: row `n` of person `p` is `1000 p + n`."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one table, and their ids.

    Attributes
    ----------
    rows : ndarray
        Sorted by person.
    row_id : ndarray of int
        1000 times the person's id, and the number of the row among the person's.
    """

    rows: Rows
    row_id: Whole


@dataclass(frozen=True, slots=True)
class Block:
    """Some people and all their records.

    Attributes
    ----------
    plan : Plan
        What population.
    first_id : int
        `person_id` of the first person.
    people : People
        Who they are.
    results, diagnoses, exposures, procedures, periods : Table
        Their records.
    """

    plan: Plan
    first_id: int
    people: People
    results: Table
    diagnoses: Table
    exposures: Table
    procedures: Table
    periods: Table


def draw_block(generator: np.random.Generator, number: int, plan: Plan, size: int = BLOCK) -> Block:
    """Draw one block of the population.

    Parameters
    ----------
    generator : numpy.random.Generator
        Of this block alone, seeded by the caller.
    number : int
        Which block, from 0; person ids begin at `1000 number + 1`.
    plan : Plan
        What population.
    size : int
        How many of its people are kept, 1 to `BLOCK`; they are the same for every size.

    Returns
    -------
    Block
        People and records.
    """
    first_id = number * BLOCK + 1
    people = draw_people(generator, plan)
    periods = joined(PERIOD, [draw_periods(generator)])
    diagnoses = joined(DIAGNOSIS, list(draw_illness(generator, people)))
    has = {habit.because: having(diagnoses[0], habit.because) for habit in HABITS if habit.because}
    procedures = joined(PROCEDURE, [draw_procedures(generator, people)])
    exposures = joined(EXPOSURE, list(draw_treatments(generator, people, has)))
    results = joined(RESULT, _results(generator, people, diagnoses, has))
    return Block(
        plan,
        first_id,
        people.first(size),
        *(
            _numbered(table, number, first_id, size)
            for table, number in (results, diagnoses, exposures, procedures, periods)
        ),
    )


def _numbered(table: Rows, number: Whole, first_id: int, size: int) -> Table:
    """Give the rows of the people that are kept their ids."""
    is_kept = table["person"] < size
    kept = table[is_kept]
    return Table(kept, (kept["person"].astype(np.int64) + first_id) * ROWS_EACH + number[is_kept])


def _results(
    generator: np.random.Generator,
    people: People,
    diagnoses: tuple[Rows, Whole],
    has: Mapping[str, Truth],
) -> list[Rows]:
    """Draw every result."""
    cancer, brain = (_number_of(*diagnoses, mark) for mark in (CANCER_MARK, BRAIN_MARK))
    is_pregnant = having(diagnoses[0], "pregnancy")
    return [
        *draw_receptors(generator, people),
        *draw_assays(generator, people.has_cancer, people.is_female),
        *draw_tracings(generator, people.has_cancer),
        *draw_tests(generator, people, has["hiv"], is_pregnant),
        draw_lesions(generator, people),
        *draw_disease_status(generator, cancer, brain),
        _routine(generator, ~people.has_cancer),
    ]


def _number_of(diagnoses: Rows, number: Whole, mark: int) -> Whole:
    """Give the number of each person's first condition with a mark, or 0."""
    found = np.flatnonzero((diagnoses["mark"] == mark) & (diagnoses["verified"] < 2))[::-1]
    numbers = np.zeros(BLOCK, dtype=np.int64)
    numbers[diagnoses["person"][found]] = number[found]
    return numbers


def _routine(generator: np.random.Generator, has_routine: Truth) -> Rows:
    """Draw what a hospital measures every day in everybody."""
    who = np.repeat(np.flatnonzero(has_routine), len(ROUTINE))
    place = np.tile(np.arange(len(ROUTINE)), int(has_routine.sum()))
    columns: dict[str, Any] = {
        "concept": np.array([LOINC[row[0]] for row in ROUTINE]),
        "unit": np.array([UNIT[row[2]] for row in ROUTINE]),
    }
    middle, spread = (np.array([row[at] for row in ROUTINE], dtype=float) for at in (3, 4))
    step = np.array([10 ** (6 - row[5]) for row in ROUTINE])[place]
    value = middle[place] + spread[place] * generator.standard_normal(len(who))
    return rows(
        RESULT,
        who,
        concept=columns["concept"][place],
        unit=columns["unit"][place],
        day=-(generator.random(len(who)) * 400).astype(np.int64),
        micro=np.rint(np.abs(value) * MILLION / step).astype(np.int64) * step,
    )
