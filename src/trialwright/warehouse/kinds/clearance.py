"""Creatinine clearance by Cockcroft and Gault's formula, of every person, by multiplication."""

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.context import Context
from trialwright.eligibility.derived import MICROMOLES_PER_MG_DL
from trialwright.protocol.leaf_rules import ClearanceRule
from trialwright.terms.dates import days_after
from trialwright.terms.quantities import comparable
from trialwright.warehouse import columns
from trialwright.warehouse.ages import ages
from trialwright.warehouse.averaging import WIDE, is_limit
from trialwright.warehouse.columns import (
    MET,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Record,
    Staged,
    among,
    choose,
    chosen,
    day_literal,
    nothing,
    together,
)
from trialwright.warehouse.latest import first_of, first_record, gather_latest, last_record
from trialwright.warehouse.thresholds import Edge, conversion, plausible_of, turns

_TURNED = {"": "", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OLDEST = 139
_NAMES = {NOT_MET: "not_met", UNKNOWN: "unknown", MET: "met"}

Scale = Callable[[str], Fraction | None]
"""What turns a unit into that of the formula; None when nothing does."""


def rows(rule: ClearanceRule, name: str, staged: Staged, context: Context) -> Table:
    """Give the newest creatinine of each person whose sex, birth and weight are known.

    Parameters
    ----------
    rule : ClearanceRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Table
        person_id and answer.
    """
    people = staged.people
    given = _of(rule.creatinine, staged)
    weights, of_weight = _weights(rule, staged, context)
    known = people.filter(people.sex.notnull() & people.born_first.notnull())
    joined = given.inner_join(known, "person_id").inner_join(weights, "person_id")
    if context.anchored_on is None:
        joined = joined.filter(ibis.literal(False))  # noqa: FBT003
    scale = _creatinine(rule, context)
    of_creatinine = _parts(rule.creatinine, scale, staged)
    amount = _amount(rule.creatinine, scale, of_creatinine, joined, staged, context)
    answer = _answered(rule, joined, amount, of_creatinine, of_weight, staged, context)
    if rule.within_days is not None and context.anchored_on is not None:
        first = days_after(context.anchored_on, -rule.within_days)
        answer = choose((joined.on < day_literal(first), _unknown()), otherwise=answer)
    return joined.select("person_id", answer=answer)


def _unknown() -> Value:
    """Give the answer unknown."""
    return columns.verdict(UNKNOWN)


def _weights(rule: ClearanceRule, staged: Staged, context: Context) -> tuple[Table, int]:
    """Give the weight of each person whose newest weights are one exact number above 0."""
    table = _of(rule.weight, staged)
    scale = _weight(rule, context)
    parts = _parts(rule.weight, scale, staged)
    amount = _amount(rule.weight, scale, parts, table, staged, context)
    is_exact = (amount > 0).fill_null(False) & ~is_limit(rule.weight, table, staged)  # noqa: FBT003
    marked = table.select("person_id", amount=amount, inexact=choose((is_exact, 0), otherwise=1))
    of_person = marked.group_by("person_id").agg(
        weight=marked.amount.max(), least=marked.amount.min(), inexact=marked.inexact.sum()
    )
    is_one = (of_person.inexact == 0) & (of_person.weight == of_person.least)
    return of_person.filter(is_one).select("person_id", "weight"), parts


def _creatinine(rule: ClearanceRule, context: Context) -> Scale:
    """Give what turns a unit into mg/dL, by 88.42 where it is an amount of substance."""

    def scale(given: str) -> Fraction | None:
        if comparable(given, "umol/L"):
            turned = conversion(given, "umol/L", "")
            return turned.scale / MICROMOLES_PER_MG_DL if turned else None
        turned = conversion(given, "mg/dL", context.terms[rule.creatinine].substance)
        return turned.scale if turned else None

    return scale


def _weight(rule: ClearanceRule, context: Context) -> Scale:
    """Give what turns a unit into kg."""

    def scale(given: str) -> Fraction | None:
        turned = conversion(given, "kg", context.terms[rule.weight].substance)
        return turned.scale if turned else None

    return scale


def _parts(fact: str, scale: Scale, staged: Staged) -> int:
    """Give into how many parts a unit is cut so that every unit that occurs is whole in it."""
    scales = [scale(shape.unit) for _, shape in staged.shapes_of(fact) if shape.unit]
    return lcm(*(each.denominator for each in scales if each), 1)


def _amount(
    fact: str, scale: Scale, parts: int, table: Any, staged: Staged, context: Context
) -> Value:
    """Give a number as a whole number of parts; null for what is none or can hardly be true."""
    cases = []
    for number, shape in staged.shapes_of(fact):
        turned = scale(shape.unit) if shape.unit else None
        least, greatest = plausible_of(context.terms[fact], shape)
        if turned is None:
            continue
        is_such = (table["shape"] == number) & (table.micro >= least) & (table.micro <= greatest)
        cases.append((is_such, table.micro.cast(WIDE) * int(turned * parts)))
    return choose(*cases, otherwise=nothing(WIDE)).cast(WIDE)


def _answered(
    rule: ClearanceRule,
    table: Any,
    amount: Value,
    of_creatinine: int,
    of_weight: int,
    staged: Staged,
    context: Context,
) -> Value:
    """Give the answer of each creatinine, at the least and at the greatest age."""
    cases = [((amount <= 0) | amount.isnull(), _unknown())]
    least, most = ages(table, context.anchored_on or context.day)
    young = choose((least < 0, 0), otherwise=least)
    old = choose((most > _OLDEST, _OLDEST), otherwise=most)
    cases.append((young > old, _unknown()))
    percent = choose((table.sex == "female", 85), otherwise=100)
    below = amount * (72 * 100 * of_weight)
    shapes: dict[str, list[int]] = {}
    for number, shape in staged.shapes_of(rule.creatinine):
        shapes.setdefault(shape.comparator, []).append(number)
    for comparator, numbers in shapes.items():
        one, other = (
            _held(
                rule,
                table.weight * ((140 - age) * percent).cast(WIDE) * of_creatinine,
                below,
                _TURNED[comparator],
            )
            for age in (young, old)
        )
        both = choose((one == other, one), otherwise=_unknown())
        cases.append((among(table["shape"], numbers), both))
    return choose(*cases, otherwise=_unknown())


def _held(rule: ClearanceRule, above: Value, below: Value, comparator: str) -> Value:
    """Say whether a ratio lies within bounds, by multiplying whole numbers."""
    found = turns(bounds_of(rule), comparator)

    def is_below(edge: Edge) -> Value:
        here, there = above * edge.bound.denominator, below * edge.bound.numerator
        return here <= there if edge.is_below else here < there

    cases = [(is_below(found.first), columns.verdict(found.below))] if found.first else []
    if found.second is None:
        return choose(*cases, otherwise=columns.verdict(found.between))
    cases.append((is_below(found.second), columns.verdict(found.between)))
    return choose(*cases, otherwise=columns.verdict(found.beyond))


def gather(rule: ClearanceRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather the answers, and what tells the deciding record.

    Parameters
    ----------
    rule : ClearanceRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Gathered
        By staged table.
    """
    own = rows(rule, name, staged, context)
    weights, scale = _of(rule.weight, staged), _weight(rule, context)
    parts = _parts(rule.weight, scale, staged)
    amount = _amount(rule.weight, scale, parts, weights, staged, context)
    is_exact = (amount > 0).fill_null(False) & ~is_limit(rule.weight, weights, staged)  # noqa: FBT003
    return together(
        {f"own:{name}": {f"{name}_{word}": own.answer == each for each, word in _NAMES.items()}},
        gather_latest(rule.creatinine, staged),
        gather_latest(rule.weight, staged),
        {
            f"own:{name}:weight": {
                f"{name}_weighed": is_exact,
                f"{name}_not_weighed": ~is_exact,
                f"{name}_least": amount.min(where=is_exact),
                f"{name}_most": amount.max(where=is_exact),
                **first_of(weights, f"{name}_weight"),
            },
            f"own:{name}:creatinine": first_of(_of(rule.creatinine, staged), f"{name}_creatinine"),
        },
    )


def _of(fact: str, staged: Staged) -> Table:
    """Give the results of the newest day."""
    return staged.daily.filter(staged.daily.term == staged.numbers[fact])


def verdict(rule: ClearanceRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.clearance` judges one.

    Parameters
    ----------
    rule : ClearanceRule
        The rule.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        The weight decides while it is no exact number, else the creatinine.
    """
    no, perhaps, yes = (wide[f"{name}_{word}"] for word in _NAMES.values())
    is_divided = (no & perhaps) | (no & yes) | (perhaps & yes)
    answer = choose(
        (is_divided | perhaps, _unknown()),
        (yes, columns.verdict(MET)),
        (no, columns.verdict(NOT_MET)),
        otherwise=_unknown(),
    )
    is_person = wide.sex.notnull() & wide.born_first.notnull()
    if context.anchored_on is None:
        is_person = ibis.literal(False)  # noqa: FBT003
    weighed, inexact = wide[f"{name}_weighed"], wide[f"{name}_not_weighed"]
    differ = (wide[f"{name}_least"] != wide[f"{name}_most"]).fill_null(False)  # noqa: FBT003
    last = last_record(rule.creatinine, wide)
    weight = last_record(rule.weight, wide)
    is_measured = wide[f"last_{rule.creatinine}_row"].notnull()
    record = chosen(
        (~is_person | ~(weighed | inexact), Record()),
        (
            weighed & (inexact | differ),
            first_record(f"{name}_weight", wide[f"last_{rule.weight}_on"], wide),
        ),
        (inexact, weight),
        (~is_measured, Record()),
        (
            is_divided,
            first_record(f"{name}_creatinine", wide[f"last_{rule.creatinine}_on"], wide),
        ),
        otherwise=last,
    )
    return LeafColumns(answer, record)
