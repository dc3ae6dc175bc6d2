"""Creatinine clearance by Cockcroft and Gault's formula, set at a time.

(140 - age) x kg x 0.85 / (72 x mg/dL) is compared with a bound by cross-multiplication of whole
numbers, so that nothing is rounded.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any

import ibis

from trialwright.eligibility.derived import MICROMOLES_PER_MG_DL
from trialwright.protocol.leaf_rules import ClearanceRule
from trialwright.terms.dates import days_after
from trialwright.terms.quantities import comparable
from trialwright.warehouse import newest
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, Prepared
from trialwright.warehouse.exact import UNKNOWN, hold, of_ratio, verdict
from trialwright.warehouse.kinds.age import ages

_TURNED = {0: 0, 1: 4, 2: 3, 3: 2, 4: 1}
"""The comparator of a clearance by that of the creatinine it is divided by."""

_OLDEST = 139


def prepare(rule: ClearanceRule, name: str, context: Context) -> tuple[Prepared, ...]:
    """Prepare creatinine and weight as whole numbers of parts of mg/dL and kg.

    Parameters
    ----------
    rule : ClearanceRule
        Terms of creatinine and weight.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Prepared
        Null for what is no number or can hardly be true.
    """
    rows = context.staged.newest
    return tuple(
        Prepared("newest", f"{name}_{part}", _whole(fact, scale, rows, context), fact, "int64")
        for part, fact, scale in (
            ("creatinine", rule.creatinine, _creatinine(rule, context)),
            ("weight", rule.weight, _weight(rule, context)),
        )
    )


def gather(rule: ClearanceRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce the newest creatinine and weight.

    Parameters
    ----------
    rule : ClearanceRule
        Terms of creatinine and weight.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Least and greatest number of each, and what tells the deciding rows.
    """
    rows = context.staged.newest
    columns: dict[str, Any] = {}
    for part, fact in (("creatinine", rule.creatinine), ("weight", rule.weight)):
        own = rows.term == fact
        amount = rows[context.prepared[f"{name}_{part}"]]
        is_exact = rows.comparator == 0 if part == "weight" else rows.comparator >= 0
        known = own & amount.notnull() & is_exact & (amount > 0)
        columns |= {
            f"{name}_{part}_seen": own.sum(),
            f"{name}_{part}_known": known.sum(),
            f"{name}_{part}_least": amount.min(where=known),
            f"{name}_{part}_most": amount.max(where=known),
            f"{name}_{part}_sign": rows.comparator.min(where=known),
            f"{name}_{part}_other": rows.comparator.max(where=known),
            f"{name}_{part}_on": rows.on.max(where=own),
            f"{name}_{part}_first": rows.key.min(where=own),
            f"{name}_{part}_last": rows.key.max(where=own),
        }
    return (Gathered("newest", rows, columns),)


def _creatinine(rule: ClearanceRule, context: Context) -> Callable[[str], Fraction | None]:
    """Give what turns a unit into mg/dL, by 88.42 where it is an amount of substance."""

    def scale(given: str) -> Fraction | None:
        if comparable(given, "umol/L"):
            turned = newest.conversion(given, "umol/L", "")
            return turned[0] / MICROMOLES_PER_MG_DL if turned else None
        turned = newest.conversion(given, "mg/dL", context.term(rule.creatinine).substance)
        return turned[0] if turned else None

    return scale


def _weight(rule: ClearanceRule, context: Context) -> Callable[[str], Fraction | None]:
    """Give what turns a unit into kg."""

    def scale(given: str) -> Fraction | None:
        turned = newest.conversion(given, "kg", context.term(rule.weight).substance)
        return turned[0] if turned else None

    return scale


def _parts(fact: str, scale: Callable[[str], Fraction | None], context: Context) -> int:
    """Give into how many parts a unit is cut so that every unit that occurs is whole in it."""
    scales = (scale(given) for given in _units(fact, context))
    return lcm(*(each.denominator for each in scales if each), 1)


def _units(fact: str, context: Context) -> tuple[str, ...]:
    """Give the units that a fact may stand in."""
    term = context.term(fact)
    return tuple(
        each for each in context.staged.units if comparable(each, term.unit, term.substance)
    )


def _whole(fact: str, scale: Callable[[str], Fraction | None], rows: Any, context: Context) -> Any:
    """Give a number as a whole number of parts; null for what is none or can hardly be true."""
    term, parts, cases = context.term(fact), _parts(fact, scale, context), []
    for place, given in enumerate(context.staged.units):
        turned, in_term = scale(given), newest.conversion(given, term.unit, term.substance)
        if turned is None or in_term is None:
            continue
        is_true = newest.plausible(rows.micro, in_term, term)
        fits = rows.unit == place if is_true is None else (rows.unit == place) & is_true
        cases.append((fits, rows.micro * int(turned * parts)))
    return ibis.cases(*cases, else_=ibis.null("int64")) if cases else ibis.null("int64")


def compile_leaf(rule: ClearanceRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : ClearanceRule
        The rule.
    name : str
        Name of the leaf.
    wide : ibis table
        One row a person, with the columns that `gather` made.
    context : Context
        Days and units.

    Returns
    -------
    LeafColumns
        As `eligibility.kinds.clearance` judges.
    """
    part = {
        each: {
            field: wide[f"{name}_{each}_{field}"]
            for field in ("seen", "known", "least", "most", "sign", "other", "on", "first", "last")
        }
        for each in ("creatinine", "weight")
    }
    creatinine, weight = part["creatinine"], part["weight"]
    is_person = wide.year.notnull() & wide.sex.notnull()
    is_weighed = (weight["seen"] == weight["known"]) & (weight["least"] == weight["most"])
    is_old = ibis.literal(False)  # noqa: FBT003
    if rule.within_days is not None:
        is_old = creatinine["on"] < days_after(context.anchored_on, -rule.within_days)
    is_read = creatinine["seen"] == creatinine["known"]
    answers = _answers(rule, wide, creatinine, weight, context)
    is_one = ibis.least(*answers) == ibis.greatest(*answers)
    is_sure = is_read & is_one & ~is_old
    found = ibis.ifelse(is_sure, answers[0], verdict(UNKNOWN))
    weight_sure = (weight["known"] == 0) | ((weight["seen"] == weight["known"]) & is_weighed)
    is_same = is_one & (is_read | (answers[0] == UNKNOWN))
    is_agreed = is_same | is_old | (creatinine["known"] == 0)
    key = ibis.cases(
        (~is_person, ibis.null("int64")),
        (weight["on"].isnull(), ibis.null("int64")),
        (~is_weighed, ibis.ifelse(weight_sure, weight["last"], weight["first"])),
        (creatinine["on"].isnull(), ibis.null("int64")),
        else_=ibis.ifelse(is_agreed, creatinine["last"], creatinine["first"]),
    )
    decides = is_person & ibis.coalesce(is_weighed, False) & creatinine["on"].notnull()
    on = ibis.ifelse(key.isnull(), ibis.null("date"), creatinine["on"])
    return LeafColumns(
        ibis.ifelse(decides, ibis.coalesce(found, verdict(UNKNOWN)), verdict(UNKNOWN)),
        key,
        on,
        ibis.null("string"),
    )


def _answers(
    rule: ClearanceRule, wide: Any, creatinine: Any, weight: Any, context: Context
) -> list[Any]:
    """Judge with the least and the greatest creatinine and sign, at any age that may be meant."""
    scales = _creatinine(rule, context), _weight(rule, context)
    of_creatinine = _parts(rule.creatinine, scales[0], context)
    of_weight = _parts(rule.weight, scales[1], context)
    signs = [
        ibis.cases(
            *((creatinine[end] == given, turned) for given, turned in _TURNED.items()), else_=-1
        )
        for end in ("sign", "other")
    ]
    percent = ibis.ifelse(wide.sex == "female", 85, 100)
    found = []
    for amount, sign in product((creatinine["least"], creatinine["most"]), signs):
        below = _wide(amount) * (72 * 100 * of_weight)
        of_ages = []
        for age in ages(wide, context):
            years = ibis.ifelse(age > _OLDEST, _OLDEST, ibis.ifelse(age < 0, 0, age))
            above = _wide(weight["least"]) * _wide((140 - years) * percent) * of_creatinine
            of_ages.append(hold(rule, of_ratio(above, below), sign))
        young, old = of_ages
        found.append(ibis.ifelse(young == old, young, verdict(UNKNOWN)))
    return found


def _wide(number: Any) -> Any:
    """Give a whole number room for its products."""
    return number.cast("decimal(38, 0)")
