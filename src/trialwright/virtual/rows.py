"""Rows as they are drawn: one array a table, a column for each thing a record may say.

Amounts are whole numbers of millionths, so that every format writes the same digits. Days are
counted from the screening day: 0 is screening, -1 the day before. Concepts stand by their place in
`CONCEPTS`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]
"""A structured array of one of the types below, sorted as drawn."""

Whole = NDArray[np.int64]
"""Whole numbers."""

Truth = NDArray[np.bool_]
"""Yes or no, one a row."""

NO_NUMBER = int(np.iinfo(np.int64).min)
"""Stands for an amount that is not recorded."""

NO_DAY = int(np.iinfo(np.int32).min)
"""Stands for a day that is not recorded."""

NOTHING = -1
"""Stands for a concept, word or time that is not recorded."""

MILLION = 1_000_000
"""Millionths in one."""

COMPARATORS = ("", "<", "<=", ">=", ">")
"""Comparators of a result, by their number in a row."""

STATUSES = ("final", "amended", "corrected", "preliminary", "entered-in-error")
"""FHIR statuses of a result, by their number in a row; OMOP holds the first three alone."""

METHODS = ("", "conventional", "spiral-ct", "mri")
"""Ways of imaging, by their number in a row."""

VERIFIED = ("confirmed", "preliminary", "refuted", "entered-in-error")
"""Verification of a condition, by its number in a row; OMOP holds the first two alone."""

STOPS = ("", "progression", "toxicity", "completed", "refused")
"""Why a medicine ended, by its number in a row."""

INTENTS = ("", "metastatic", "adjuvant")
"""Setting of a medicine, by its number in a row; in OMOP that of an episode of treatment."""

SPELLINGS = (
    "K/uL", "x10^9/L", "cells/mm3", "cells/uL", "gm/dL", "mmHg", "bpm", "IU/L", "µmol/L",
    "furlong",
)  # fmt: skip
"""Units as people write them, without a UCUM code; the last nobody can read."""

WORDINGS = (
    "IHC 0 (negative)", "IHC 1+ (negative)", "IHC 2+ (equivocal)", "IHC 3+ (positive)",
    "Negative", "Positive", "see report",
)  # fmt: skip
"""Words in which a laboratory gives an answer."""

SCORES = ("0", "1+", "2+", "3+", "negative", "positive", "see report")
"""The same words as OMOP holds them in `value_source_value`."""

MARGINS = ("", "postmenopausal")
"""Groups for whom a reference range holds; empty: for everybody."""

RESULT = np.dtype(
    [
        ("person", "i4"), ("concept", "i2"), ("day", "i4"), ("minute", "i2"), ("comparator", "i1"),
        ("micro", "i8"), ("answer", "i2"), ("unit", "i2"), ("spelling", "i2"), ("low", "i8"),
        ("high", "i8"), ("margin", "i1"), ("wording", "i2"), ("about", "i2"), ("method", "i1"),
        ("status", "i1"),
    ]
)  # fmt: skip
"""One result; `about` is the number of the condition of the same person that it speaks of."""

DIAGNOSIS = np.dtype(
    [
        ("person", "i4"), ("concept", "i2"), ("source", "i2"), ("since", "i4"), ("until", "i4"),
        ("verified", "i1"), ("mark", "i1"),
    ]
)  # fmt: skip
"""One condition; `mark` says which condition a disease status may speak of."""

EXPOSURE = np.dtype(
    [
        ("person", "i4"), ("concept", "i2"), ("since", "i4"), ("until", "i4"), ("stop", "i1"),
        ("intent", "i1"), ("route", "i2"),
    ]
)  # fmt: skip
"""One medicine given."""

PROCEDURE = np.dtype([("person", "i4"), ("concept", "i2"), ("since", "i4"), ("until", "i4")])
"""One procedure done."""

PERIOD = np.dtype([("person", "i4"), ("since", "i4"), ("until", "i4")])
"""Days over which a record is known to be complete."""

_UNSAID = {
    "minute": NOTHING, "micro": NO_NUMBER, "answer": NOTHING, "unit": NOTHING,
    "spelling": NOTHING, "low": NO_NUMBER, "high": NO_NUMBER, "wording": NOTHING,
    "about": NOTHING, "source": NOTHING, "concept": NOTHING, "route": NOTHING, "until": NO_DAY,
}  # fmt: skip


def rows(kind: np.dtype[Any], person: Whole, **columns: Any) -> Rows:
    """Make rows of one table; what is not said is not recorded.

    Parameters
    ----------
    kind : dtype
        One of the types above.
    person : ndarray of int, shape (rows,)
        Place of the person in the block.
    **columns : array_like
        Values of columns, one a row or one for all.

    Returns
    -------
    ndarray of `kind`, shape (rows,)
        The rows.
    """
    made = np.zeros(len(person), dtype=kind)
    made["person"] = person
    for name in kind.names or ():
        if name in columns:
            made[name] = columns[name]
        elif name in _UNSAID:
            made[name] = _UNSAID[name]
    return made


def joined(kind: np.dtype[Any], parts: Sequence[Rows]) -> tuple[Rows, Whole]:
    """Put rows in the order of persons, each person's in the order of drawing.

    Parameters
    ----------
    kind : dtype
        Their type.
    parts : sequence of ndarray
        Rows as drawn.

    Returns
    -------
    rows : ndarray of `kind`
        All rows.
    number : ndarray of int, shape (rows,)
        1 for the first row of a person, 2 for the second, ...
    """
    every = np.concatenate([np.empty(0, dtype=kind), *parts])
    every = every[np.argsort(every["person"], kind="stable")]
    person = every["person"]
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(person) else person
    lengths = np.diff(np.r_[starts, len(person)])
    number = np.arange(len(person)) - np.repeat(starts, lengths) + 1
    return every, number.astype(np.int64)
