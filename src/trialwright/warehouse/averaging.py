"""The mean of the newest results of one day, exactly."""

from decimal import Decimal
from math import lcm
from typing import Any

import ibis

from trialwright.protocol.rule_parts import Bounded
from trialwright.terms.dates import days_after
from trialwright.warehouse.columns import Context, Gathered, LeafColumns
from trialwright.warehouse.exact import MILLION, UNKNOWN, hold, of_ratio, verdict
from trialwright.warehouse.newest import conversion, plausible

WIDE = "decimal(38, 0)"
"""Type of products: a number in a small unit, cut into parts, is beyond 64 bits."""


def whole(number: int) -> Any:
    """Give a whole number as a constant of as many digits.

    Parameters
    ----------
    number : int
        Of at most 38 digits.

    Returns
    -------
    ibis value
        A decimal without places.
    """
    return ibis.literal(Decimal(number), WIDE)


def gather_mean(
    fact: str, unit: str, number: int, name: str, context: Context
) -> tuple[Gathered, ...]:
    """Reduce the newest results of a fact to what their mean needs.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    unit : str
        Unit of the rule.
    number : int
        How many results the mean needs.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Sum in a common fraction of the unit, numbers of results, signs and rows.
    """
    rows = context.staged.newest.filter(context.staged.newest.term == fact)
    chosen = context.keep(
        rows.mutate(place=newest_first(rows), amount=_amount(fact, unit, rows, context))
    )
    return (summed(chosen, number, name),)


def newest_first(rows: Any) -> Any:
    """Give each result of a person its place, from the newest; those without an instant are oldest.

    Parameters
    ----------
    rows : ibis table
        Of one fact and day.

    Returns
    -------
    ibis value
        From 0.
    """
    order = [rows.at.desc(nulls_first=False), rows.key.desc()]
    return ibis.row_number().over(ibis.window(group_by=rows.person_id, order_by=order))


def _amount(fact: str, unit: str, rows: Any, context: Context) -> Any:
    """Give each number in millionths of the unit of the rule times `parts`; null for none."""
    term, cases = context.term(fact), []
    parts = parts_of(fact, unit, context)
    for place, given in enumerate(context.staged.units):
        turned, in_term = (conversion(given, each, term.substance) for each in (unit, term.unit))
        if turned is None or in_term is None:
            continue
        scale, shift = (each * parts for each in turned)
        amount = rows.micro.cast(WIDE) * whole(int(scale)) + whole(int(shift * MILLION))
        is_true = plausible(rows.micro, in_term, term)
        fits = rows.unit == place if is_true is None else (rows.unit == place) & is_true
        cases.append((fits & (rows.comparator >= 0), amount))
    return ibis.cases(*cases, else_=ibis.null(WIDE)) if cases else ibis.null(WIDE)


def parts_of(fact: str, unit: str, context: Context) -> int:
    """Give into how many parts a unit is cut so that every unit that occurs is whole in it.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    unit : str
        Unit of the rule.
    context : Context
        Units that occur.

    Returns
    -------
    int
        1 where the units are decimal multiples upwards.
    """
    term = context.term(fact)
    turned = (conversion(given, unit, term.substance) for given in context.staged.units)
    return lcm(
        *(each.denominator for pair in turned if pair for each in (pair[0], pair[1] * MILLION)), 1
    )


def summed(chosen: Any, number: int, name: str) -> Gathered:
    """Reduce ranked results with their amounts.

    Parameters
    ----------
    chosen : ibis table
        person_id, place (0 is the newest), amount, comparator, on, key.
    number : int
        How many results the mean needs.
    name : str
        Name of the leaf.

    Returns
    -------
    Gathered
        What `averaged` reads.
    """
    taken = chosen.place < number
    known = taken & chosen.amount.notnull()
    sign = chosen.comparator.nullif(0)
    return Gathered(
        f"mean_{name}",
        chosen,
        {
            f"{name}_seen": chosen.key.count(),
            f"{name}_known": known.sum(),
            f"{name}_sum": chosen.amount.sum(where=known),
            f"{name}_sign": sign.min(where=known),
            f"{name}_other": sign.max(where=known),
            f"{name}_oldest": chosen.key.argmax(chosen.place, where=taken),
            f"{name}_unread": chosen.key.argmax(chosen.place, where=taken & chosen.amount.isnull()),
            f"{name}_arrived": chosen.key.min(),
            f"{name}_day": chosen.on.max(),
        },
    )


def averaged(
    rule: Bounded,
    number: int,
    within_days: int | None,
    name: str,
    wide: Any,
    context: Context,
    parts: int = 1,
) -> LeafColumns:
    """Give the columns of a mean, where there are results.

    Parameters
    ----------
    rule : Bounded
        Bounds.
    number : int
        How many results the mean needs.
    within_days : int or None, days
        How far back from the anchor a result counts.
    name : str
        Name of the leaf.
    wide : ibis table
        One row a person.
    context : Context
        Days.
    parts : int
        Into how many parts the unit is cut.

    Returns
    -------
    LeafColumns
        The verdict is null where nothing is recorded.
    """
    seen, day = wide[f"{name}_seen"], wide[f"{name}_day"]
    is_old = ibis.literal(False)  # noqa: FBT003
    if within_days is not None:
        is_old = day < days_after(context.anchored_on, -within_days)
    enough = wide[f"{name}_known"] == number
    sign = ibis.coalesce(wide[f"{name}_sign"], 0)
    is_one_sided = ibis.coalesce(wide[f"{name}_sign"] == wide[f"{name}_other"], True)
    line = of_ratio(wide[f"{name}_sum"], whole(number * MILLION * parts))
    judged = ibis.ifelse(is_one_sided, hold(rule, line, sign), verdict(UNKNOWN))
    found = ibis.ifelse(enough & ~is_old, judged, verdict(UNKNOWN))
    key = ibis.cases(
        (is_old, wide[f"{name}_arrived"]),
        (wide[f"{name}_unread"].notnull(), wide[f"{name}_unread"]),
        (seen < number, wide[f"{name}_arrived"]),
        else_=wide[f"{name}_oldest"],
    )
    mean = (wide[f"{name}_sum"] / float(number * MILLION * parts)).cast("string")
    is_silent = seen.isnull()
    return LeafColumns(
        ibis.ifelse(is_silent, ibis.null("int8"), found.cast("int8")),
        key,
        day,
        ibis.ifelse(enough, mean, ibis.null("string")),
    )
