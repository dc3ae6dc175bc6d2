"""The mean of the newest results of one day, exactly: a sum beside a bound times their number."""

from collections.abc import Callable, Mapping
from math import lcm

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.context import Context
from trialwright.protocol.rule_parts import Bounded
from trialwright.terms.dates import days_after
from trialwright.warehouse.columns import (
    MILLION,
    NO_NUMBER,
    UNKNOWN,
    LeafColumns,
    Staged,
    among,
    choose,
    chosen,
    day_literal,
    nothing,
    verdict,
)
from trialwright.warehouse.ratios import ratio_within
from trialwright.warehouse.thresholds import Conversion, conversion, may_be_zero, plausible_of

WIDE = "decimal(38, 0)"
"""Room for products of whole numbers."""


Turned = Callable[[str], Conversion | None]
"""What turns a unit into the one wanted; None when nothing does."""


def into(unit: str, substance: str) -> Turned:
    """Give what turns units into one.

    Parameters
    ----------
    unit : str
        UCUM unit wanted.
    substance : str
        Name under which mass and amount convert; may be empty.

    Returns
    -------
    callable (str) -> Conversion or None
        By the unit given.
    """
    return lambda given: conversion(given, unit, substance)


def parts_of(fact: str, turned: Turned, staged: Staged) -> int:
    """Give into how many parts a unit is cut so that every unit that occurs is whole in it.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    turned : callable (str) -> Conversion or None
        Into the unit wanted.
    staged : Staged
        Shapes that occur.

    Returns
    -------
    int
        1 where the units are decimal multiples upwards.
    """
    found = [turned(shape.unit) for _, shape in staged.shapes_of(fact) if shape.unit]
    parts = [each.scale.denominator for each in found if each]
    parts += [(each.shift * MILLION).denominator for each in found if each]
    return lcm(*parts, 1)


def amount(
    fact: str, turned: Turned, parts: int, rows: Table, staged: Staged, context: Context
) -> Value:
    """Give results as whole numbers of parts of a millionth of a unit.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    turned : callable (str) -> Conversion or None
        Into the unit wanted.
    parts : int
        As `parts_of` gives it, or a multiple.
    rows : Table
        Results of the fact, with micro and shape.
    staged : Staged
        Shapes that occur.
    context : Context
        Vocabulary.

    Returns
    -------
    Value
        Null for what is no amount, does not convert, or can hardly be true; a column of the rows
        also where that is every result of a hospital.
    """
    cases = []
    for number, shape in staged.shapes_of(fact):
        found = turned(shape.unit) if shape.unit else None
        if found is None:
            continue
        least, greatest = plausible_of(context.terms[fact], shape)
        can_be = (rows.micro >= least) & (rows.micro <= greatest)
        if may_be_zero(context.terms[fact], shape):
            can_be |= rows.micro == 0
        is_such = (rows["shape"] == number) & can_be
        scale, shift = int(found.scale * parts), int(found.shift * parts * MILLION)
        cases.append((is_such, rows.micro.cast(WIDE) * scale + shift))
    micro = rows.micro.cast(WIDE)
    return choose(*cases, otherwise=nothing(WIDE)).cast(WIDE) if cases else micro.nullif(micro)


def is_limit(fact: str, rows: Table, staged: Staged) -> Value:
    """Say whether a result is reported as a limit, such as `<0.3`.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    rows : Table
        Results, with shape.
    staged : Staged
        Shapes that occur.

    Returns
    -------
    Value
        A truth.
    """
    return among(rows["shape"], [n for n, each in staged.shapes_of(fact) if each.comparator])


SIGNS = ("", "<", "<=", ">", ">=")
"""Comparators by their numbers."""


def _sign(fact: str, rows: Table, staged: Staged) -> Value:
    """Give the comparator of a result as a number."""
    shapes = staged.shapes_of(fact)
    cases = [
        (among(rows["shape"], [n for n, each in shapes if each.comparator == sign]), number)
        for number, sign in enumerate(SIGNS)
        if sign
    ]
    return choose(*cases, otherwise=0).cast("int64")


def of_newest_day(fact: str, unit: str, number: int, staged: Staged, context: Context) -> Table:
    """Give the newest results of a fact with their amounts, those of the mean marked.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    unit : str
        Unit of the rule.
    number : int
        How many results the mean needs.
    staged : Staged
        Facts.
    context : Context
        Vocabulary.

    Returns
    -------
    Table
        person_id, on, at, code, micro, shape, amount, sign (of `SIGNS`), place (0: the newest),
        is_chosen.
    """
    rows, turned = staged.daily_of(fact), into(unit, context.terms[fact].substance)
    parts = parts_of(fact, turned, staged)
    return ranked(
        rows.select(
            "person_id",
            "on",
            "at",
            "code",
            "micro",
            "shape",
            amount=amount(fact, turned, parts, rows, staged, context),
            sign=_sign(fact, rows, staged),
            parts=ibis.literal(parts, "int64"),
        ),
        number,
    )


def ranked(rows: Table, number: int) -> Table:
    """Mark the newest results of a day, by instant, then by order of arrival.

    Parameters
    ----------
    rows : Table
        With person_id, at and code.
    number : int
        How many are chosen.

    Returns
    -------
    Table
        With place and is_chosen.
    """
    order = [choose((rows.at.isnull(), 1), otherwise=0).asc(), rows.at.desc(), rows.code.desc()]
    place = ibis.row_number().over(ibis.window(group_by=rows.person_id, order_by=order))
    placed = rows.mutate(place=place)
    return placed.mutate(is_chosen=placed.place < number)


def gather_mean(rows: Table, name: str) -> Mapping[str, Value]:
    """Gather what the mean of chosen results needs.

    Parameters
    ----------
    rows : Table
        As `of_newest_day` gives them.
    name : str
        Begins the names of the columns.

    Returns
    -------
    mapping of str to Value
        Columns over `rows`.
    """
    is_read = rows.is_chosen & rows.amount.notnull()
    is_unread = rows.is_chosen & rows.amount.isnull()
    gathered: dict[str, Value] = {
        f"{name}_count": rows.code.count(),
        f"{name}_known": rows.code.count(where=is_read),
        f"{name}_sum": rows.amount.sum(where=is_read),
        f"{name}_parts": rows.parts.max(),
        f"{name}_least_sign": rows.sign.min(where=is_read & (rows.sign > 0)),
        f"{name}_most_sign": rows.sign.max(where=is_read & (rows.sign > 0)),
        f"{name}_on": rows.on.max(),
        f"{name}_unread": is_unread,
    }
    micro = rows.micro.fill_null(NO_NUMBER)
    for part, column in (("row", rows.code), ("micro", micro), ("shape", rows["shape"])):
        gathered |= {
            f"{name}_arrived_{part}": column.argmin(rows.code),
            f"{name}_oldest_{part}": column.argmax(rows.place, where=rows.is_chosen),
            f"{name}_unread_{part}": column.argmax(rows.place, where=is_unread),
        }
    return gathered


def averaged(
    rule: Bounded,
    number: int,
    within_days: int | None,
    name: str,
    wide: Table,
    context: Context,
    silence: LeafColumns,
) -> LeafColumns:
    """Give the answer of a mean.

    Parameters
    ----------
    rule : Bounded
        Bounds.
    number : int
        How many results the mean needs.
    within_days : int or None, days
        How far back from the anchor a result counts.
    name : str
        Begins the names of the columns.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Days.
    silence : LeafColumns
        The answer where nothing is recorded.

    Returns
    -------
    LeafColumns
        Unknown with fewer results, with any that is no amount, and with limits of both sides; a
        limit makes the mean an interval of its side.
    """
    on, known = wide[f"{name}_on"], wide[f"{name}_known"].fill_null(0)
    is_old: Value = ibis.literal(False)  # noqa: FBT003
    if within_days is not None and context.anchored_on is None:
        is_old = ibis.literal(True)  # noqa: FBT003
    elif within_days is not None and context.anchored_on is not None:
        is_old = on < day_literal(days_after(context.anchored_on, -within_days))
    is_seen = wide[f"{name}_count"].fill_null(0) > 0
    is_whole = is_seen & ~is_old & (known == number)
    mean = _mean(rule, number, name, wide)
    answer = choose((~is_seen, silence.verdict), (is_whole, mean), otherwise=verdict(UNKNOWN))

    arrived, oldest, unread = (
        wide.place(f"{name}_{each}", on=f"{name}_on") for each in ("arrived", "oldest", "unread")
    )
    record = chosen(
        (~is_seen, silence.record),
        (is_old, arrived),
        (wide[f"{name}_unread"], unread),
        (wide[f"{name}_count"] < number, arrived),
        otherwise=oldest,
    )
    return LeafColumns(answer, record)


def _mean(rule: Bounded, number: int, name: str, wide: Table) -> Value:
    """Say whether a mean, or the interval that limits make of it, lies within bounds."""
    total, many = wide[f"{name}_sum"], wide[f"{name}_parts"].cast(WIDE) * (number * MILLION)
    least, most = (wide[f"{name}_{each}_sign"].fill_null(0) for each in ("least", "most"))
    sides = [
        (least == sign, ratio_within(bounds_of(rule), total, many, comparator))
        for sign, comparator in enumerate(SIGNS)
    ]
    return choose((least != most, verdict(UNKNOWN)), *sides, otherwise=verdict(UNKNOWN))
