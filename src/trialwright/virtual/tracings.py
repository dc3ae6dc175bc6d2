"""Electrocardiograms: three of one day, sometimes two, with means at and around 470 ms.

Some sites report QT and RR instead of the corrected interval, and some report Bazett's formula,
which is another quantity.
"""

from collections.abc import Iterator

import numpy as np

from trialwright.virtual.concepts import LOINC, UNIT
from trialwright.virtual.people import BLOCK
from trialwright.virtual.rows import MILLION, RESULT, Rows, Truth, Whole, rows

TRIPLES = (
    (465, 470, 475),
    (470, 470, 470),
    (470, 471, 470),
    (469, 470, 470),
    (471, 472, 470),
    (440, 470, 501),
)
"""QTcF of three tracings, ms, whose mean is 470, just over, or just under."""

_APART = 3  # minutes between tracings
_FIRST_AT = 540  # minutes after midnight, of the earliest tracing


def draw_tracings(generator: np.random.Generator, has_cancer: Truth) -> Iterator[Rows]:
    """Draw the electrocardiograms.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    has_cancer : ndarray of bool, shape (people,)
        Who has breast cancer; of the others few have tracings.

    Yields
    ------
    ndarray of RESULT
        QTcF, or QT and RR; older tracings; Bazett's formula.
    """
    chance = generator.random((6, BLOCK))
    who = np.flatnonzero(chance[0] < np.where(has_cancer, 0.88, 0.05))
    chance = chance[:, who]
    noise = generator.standard_normal((len(who), 4))
    values = np.rint(421 + 16 * noise[:, :1] + 4 * noise[:, 1:]).astype(np.int64)
    edge = np.array(TRIPLES)[(chance[1] * len(TRIPLES)).astype(np.int64)]
    values = np.where((chance[2] < 0.15)[:, None], edge, values)
    day = -(chance[3] * 10).astype(np.int64)
    start = _FIRST_AT + (chance[5] * 300).astype(np.int64)
    is_pair = chance[4] < 0.12
    has_two = (chance[4] > 0.12) & (chance[4] < 0.2)
    yield from _three("76634-5", who, day, start, values, ~is_pair, has_two)
    yield from _pairs(who, day, start, values, is_pair)
    older = (chance[1] < 0.1) & ~is_pair
    yield from _three("76634-5", who, day - 200, start, values + 60, older, has_two)
    bazett = (chance[1] > 0.85) | (chance[4] > 0.97)
    yield from _three("76635-2", who, day, start + 30, values + 55, bazett, has_two)


def _three(
    code: str, who: Whole, day: Whole, start: Whole, values: Whole, is_done: Truth, has_two: Truth
) -> Iterator[Rows]:
    """Give the tracings of a day, one after the other."""
    for place in range(3):
        is_there = is_done & ~(has_two & (place == 2))
        yield _tracing(code, who, day, start + _APART * place, values[:, place], is_there)


def _pairs(who: Whole, day: Whole, start: Whole, values: Whole, is_done: Truth) -> Iterator[Rows]:
    """Give QT and RR of each tracing; with RR 1000 ms the QT is the corrected interval itself."""
    for place in range(3):
        beat = np.where(values[:, place] >= 465, 1000, 700 + values[:, place] % 7 * 50)
        interval = np.rint(values[:, place] * np.cbrt(beat / 1000)).astype(np.int64)
        yield _tracing("8634-8", who, day, start + _APART * place, interval, is_done)
        yield _tracing("8637-1", who, day, start + _APART * place, beat, is_done)


def _tracing(
    code: str, who: Whole, day: Whole, minute: Whole, value: Whole, is_there: Truth
) -> Rows:
    """Give one interval of one tracing, in ms."""
    return rows(
        RESULT,
        who[is_there],
        concept=LOINC[code],
        day=day[is_there],
        minute=minute[is_there],
        micro=value[is_there] * MILLION,
        unit=UNIT["ms"],
    )
