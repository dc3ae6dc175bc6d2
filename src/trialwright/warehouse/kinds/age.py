"""Age in completed years at the anchor, set at a time."""

from math import ceil, floor
from typing import Any

import ibis

from trialwright.protocol.leaf_rules import AgeRule
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, key_in
from trialwright.warehouse.exact import UNKNOWN, Line, hold, verdict


def gather(rule: AgeRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Gather nothing: the row of the person holds the birth date.

    Parameters
    ----------
    rule : AgeRule
        The rule.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Empty.
    """
    return ()


def compile_leaf(rule: AgeRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : AgeRule
        Bounds in years.
    name : str
        Name of the leaf.
    wide : ibis table
        One row a person.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        As `eligibility.kinds.age` judges; the value is the age, never the birth date.
    """
    least, most = ages(wide, context)
    young, old = (hold(rule, _whole(age), ibis.literal(0)) for age in (least, most))
    found = ibis.ifelse(young == old, young, verdict(UNKNOWN))
    is_born = wide.year.notnull()
    told = least.cast("string")
    value = ibis.ifelse(least == most, told, told + ibis.literal(" or ") + most.cast("string"))
    return LeafColumns(
        ibis.ifelse(is_born, found, verdict(UNKNOWN)),
        ibis.ifelse(is_born, key_in("person", wide.person_id), ibis.null("int64")),
        ibis.ifelse(is_born, ibis.literal(context.anchored_on), ibis.null("date")),
        value,
    )


def _whole(age: Any) -> Line:
    """Compare whole years with bounds."""
    return Line(
        lambda bound: age < ceil(bound),
        lambda bound: age <= floor(bound),
        lambda bound: age > floor(bound),
        lambda bound: age >= ceil(bound),
    )


def ages(wide: Any, context: Context) -> tuple[Any, Any]:
    """Give the least and greatest age that a birth date may mean at the anchor.

    Parameters
    ----------
    wide : ibis table
        One row a person, with year, month and day of birth.
    context : Context
        The anchor's day.

    Returns
    -------
    tuple of ibis value
        Completed years; null without a year of birth.
    """
    has_day = wide.month.notnull() & wide.day.notnull()
    earliest = wide.month.fill_null(1), ibis.ifelse(has_day, wide.day, 1)
    month = wide.month.fill_null(12)
    latest = month, ibis.ifelse(has_day, wide.day, _last_day(wide.year, month))
    return _years(wide.year, *latest, context), _years(wide.year, *earliest, context)


def _last_day(year: Any, month: Any) -> Any:
    """Give the last day of a month."""
    is_leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    return ibis.cases(
        (month == 2, ibis.ifelse(is_leap, 29, 28)),
        (month.isin([4, 6, 9, 11]), 30),
        else_=31,
    )


def _years(year: Any, month: Any, day: Any, context: Context) -> Any:
    """Count completed years from a birthday."""
    on = context.anchored_on
    is_ahead = (month > on.month) | ((month == on.month) & (day > on.day))
    return (on.year - year - ibis.ifelse(is_ahead, 1, 0)).cast("int64")
