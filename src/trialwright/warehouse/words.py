"""Recorded values as text, in the words of the casebook's evidence."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.omop import PLACES
from trialwright.warehouse.arrays import Column
from trialwright.warehouse.columns import MILLION, Shape
from trialwright.warehouse.numbering import ORIGINS, Numbering
from trialwright.warehouse.picking import picked
from trialwright.warehouse.records import (
    AGED,
    FEMALE,
    MALE,
    OBSERVED,
    PRESENT,
    SUSPECTED,
    TREATED,
    ages_of,
)

Texts = Any
"""An array of texts."""

_WORDS = {PRESENT: "present", SUSPECTED: "suspected", FEMALE: "female", MALE: "male"}
"""Values of records that are no results."""


def joined(*parts: Texts | str) -> Texts:
    """Put texts together, one by one.

    Parameters
    ----------
    *parts : array of str, or str
        At least one array.

    Returns
    -------
    array of str
        Null where a part is.
    """
    return pc.binary_join_element_wise(*parts, "")


def texts_of(numbers: NDArray[np.integer]) -> Texts:
    """Give whole numbers as text.

    Parameters
    ----------
    numbers : array of int
        Whole numbers.

    Returns
    -------
    array of str
        Without signs of thousands.
    """
    return pa.array(numbers).cast(pa.string())


def days_text(days: NDArray[np.int32]) -> Texts:
    """Say days as ISO 8601.

    Parameters
    ----------
    days : array of int
        Days since 1970.

    Returns
    -------
    array of str
        Text.
    """
    return pa.array(days, pa.int32()).view(pa.date32()).cast(pa.string())


def number_text(micro: NDArray[np.int64]) -> Texts:
    """Say millionths as decimals without trailing zeros, e.g. `9.5`.

    Parameters
    ----------
    micro : array of int
        Whole millionths.

    Returns
    -------
    array of str
        Text.
    """
    size = np.abs(micro)
    rest = texts_of(size % MILLION)
    decimals = joined(".", pc.utf8_rtrim(pc.utf8_lpad(rest, PLACES, "0"), "0"))
    decimals = pc.if_else(pa.array(size % MILLION == 0), "", decimals)
    sign = pc.if_else(pa.array(micro < 0), "-", "")
    return joined(sign, texts_of(size // MILLION), decimals)


def names_of(rows: NDArray[np.int64], numbering: Numbering) -> Texts:
    """Name records from their numbers, e.g. `measurement/123`.

    Parameters
    ----------
    rows : array of int
        Numbers.
    numbering : Numbering
        Of the warehouse.

    Returns
    -------
    array of str
        Table and id.
    """
    tables = pa.array([f"{origin}/" for origin in ORIGINS])
    places = rows >> (numbering.each.bit_length() - 1)
    return joined(tables.take(pa.array(places)), texts_of(rows & (numbering.each - 1)))


def values_text(
    shape: Column, micro: Column, since: Column, until: Column, shapes: Sequence[Shape]
) -> Texts:
    """Say the values of records.

    Parameters
    ----------
    shape : Column
        Number of a shape, or one of `records`.
    micro : Column
        Millionths, or what the shape says.
    since, until : Column
        Days.
    shapes : sequence of Shape
        By number.

    Returns
    -------
    array of str
        E.g. `<0.3 mg/dL` or `positive`; null without a shape.
    """
    instead = np.array([bool(each.word) for each in shapes] or [False])
    has_shape = np.broadcast_to(shape.known_all(), shape.values.shape)
    has_number = np.broadcast_to(micro.known_all(), shape.values.shape)
    is_result = has_shape & (shape.values >= 0)
    is_word = is_result & instead[picked(is_result, shape.values, shape.values.dtype.type(0))]
    groups: list[tuple[NDArray[np.intp], Texts]] = []
    left = has_shape.copy()

    def told(which: NDArray[np.bool_]) -> NDArray[np.intp]:
        found = np.flatnonzero(which)
        left[found] = False
        return found

    some = told(is_word)
    said = pa.array([each.word for each in shapes], pa.string())
    groups.append((some, said.take(pa.array(shape.values[some]))))
    some = told(is_result & ~is_word & has_number)
    amounts = _once(partial(_amounts, shapes=shapes), shape.values[some], micro.values[some])
    groups.append((some, amounts))
    some = told(has_shape & (shape.values == OBSERVED))
    spans = joined(days_text(since.values[some]), " to ", days_text(until.values[some]))
    groups.append((some, spans))
    some = told(has_shape & (shape.values == TREATED))
    is_ended = np.broadcast_to(until.known_all(), shape.values.shape)[some]
    groups.append((some, _once(_spans, since.values[some], until.values[some], is_ended)))
    some = told(has_shape & (shape.values == AGED))
    groups.append((some, _ages(micro.values[some])))
    for number, word in _WORDS.items():
        some = told(has_shape & (shape.values == number))
        groups.append((some, pa.repeat(word, some.size)))
    some = told(left)
    groups.append((some, pa.repeat(IN_QUESTION, some.size)))
    some = np.flatnonzero(~has_shape)
    groups.append((some, pa.nulls(some.size, pa.string())))
    order = np.empty(shape.values.size, dtype=np.int64)
    order[np.concatenate([each for each, _ in groups])] = np.arange(order.size)
    return pa.concat_arrays([each for _, each in groups]).take(pa.array(order))


def _once(say: Callable[..., Texts], *parts: NDArray[Any]) -> Texts:
    """Say what rows hold, of those that hold the same but once: thousands of values recur."""
    key = np.zeros(parts[0].size, dtype=np.int64)
    for each in parts:
        told = pa.array(each).dictionary_encode()
        key = key * len(told.dictionary) + told.indices.to_numpy()
    told = pa.array(key).dictionary_encode().indices
    one_of = np.empty(len(told.unique()), dtype=np.int64)
    one_of[told.to_numpy()] = np.arange(key.size)
    return say(*(each[one_of] for each in parts)).take(told)


def _spans(
    since: NDArray[np.int32], until: NDArray[np.int32], is_ended: NDArray[np.bool_]
) -> Texts:
    """Say from when to when treatments were given."""
    ended = joined("last dose ", days_text(until))
    last = pc.if_else(pa.array(is_ended), ended, "end not recorded")
    return joined("since ", days_text(since), ", ", last)


def _amounts(
    shape: NDArray[np.integer], micro: NDArray[np.int64], shapes: Sequence[Shape]
) -> Texts:
    """Say amounts with their units."""
    before = pa.array([each.comparator for each in shapes], pa.string())
    after = pa.array([f" {each.unit}".rstrip() for each in shapes], pa.string())
    numbers = pa.array(shape)
    return joined(before.take(numbers), number_text(micro), after.take(numbers))


def _ages(micro: NDArray[np.int64]) -> Texts:
    """Say ages, or the two that a birth date may mean."""
    least, most = ages_of(micro)
    spans = joined(texts_of(least), " or ", texts_of(most))
    return joined(pc.if_else(pa.array(least == most), texts_of(least), spans), " a")
