"""Creatinine clearance by Cockcroft and Gault's formula, of every person, by multiplication."""

from dataclasses import dataclass
from fractions import Fraction
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
from trialwright.warehouse.averaging import WIDE, Turned, amount, into, is_limit, parts_of
from trialwright.warehouse.columns import (
    MET,
    NAMES,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    among,
    choose,
    chosen,
    day_literal,
    together,
)
from trialwright.warehouse.latest import first_of
from trialwright.warehouse.places import last_of
from trialwright.warehouse.ratios import ratio_within
from trialwright.warehouse.silence import gather_unread, unless_unread
from trialwright.warehouse.thresholds import Conversion

_TURNED = {"": "", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OLDEST = 139


def _unknown() -> Value:
    """Give the answer unknown."""
    return columns.verdict(UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Weights:
    """The newest weights of everybody.

    Attributes
    ----------
    rows : Table
        Results of the newest day.
    amount : Value
        Whole numbers of parts; null for what is none or can hardly be true.
    is_exact : Value
        Whether a weight is a number above 0 and no limit.
    parts : int
        Into how many parts a kg is cut.
    """

    rows: Table
    amount: Value
    is_exact: Value
    parts: int


def _weights(rule: ClearanceRule, staged: Staged, context: Context) -> _Weights:
    """Give the newest weights."""
    rows = staged.daily_of(rule.weight)
    turned = into("kg", context.terms[rule.weight].substance)
    parts = parts_of(rule.weight, turned, staged)
    weight = amount(rule.weight, turned, parts, rows, staged, context)
    is_exact = (weight > 0).fill_null(False) & ~is_limit(rule.weight, rows, staged)  # noqa: FBT003
    return _Weights(rows, weight, is_exact, parts)


def _weighed(found: _Weights) -> Table:
    """Give the weight of each person whose newest weights are one exact number above 0."""
    inexact = choose((found.is_exact, 0), otherwise=1)
    marked = found.rows.select("person_id", amount=found.amount, inexact=inexact)
    of_person = marked.group_by("person_id").agg(
        weight=marked.amount.max(), least=marked.amount.min(), inexact=marked.inexact.sum()
    )
    is_one = (of_person.inexact == 0) & (of_person.weight == of_person.least)
    return of_person.filter(is_one).select("person_id", "weight")


def _into_mg_dl(substance: str) -> Turned:
    """Give what turns a unit into mg/dL, by 88.42 where it is an amount of substance."""
    plain, by_amount = into("mg/dL", substance), into("umol/L", "")

    def turned(given: str) -> Conversion | None:
        if not comparable(given, "umol/L"):
            return plain(given)
        found = by_amount(given)
        return found and Conversion(found.scale / MICROMOLES_PER_MG_DL, Fraction(0))

    return turned


def _rows(rule: ClearanceRule, weights: _Weights, staged: Staged, context: Context) -> Table:
    """Give the answer of each newest creatinine of people of known sex, birth and weight."""
    people = staged.people
    given = staged.daily_of(rule.creatinine)
    known = people.filter(people.sex.notnull() & people.born_first.notnull())
    joined = given.inner_join(known, "person_id").inner_join(_weighed(weights), "person_id")
    if context.anchored_on is None:
        joined = joined.filter(ibis.literal(False))  # noqa: FBT003
    turned = _into_mg_dl(context.terms[rule.creatinine].substance)
    parts = parts_of(rule.creatinine, turned, staged)
    creatinine = amount(rule.creatinine, turned, parts, joined, staged, context)
    answer = _answered(rule, joined, creatinine, parts, weights.parts, staged, context)
    if rule.within_days is not None and context.anchored_on is not None:
        first = days_after(context.anchored_on, -rule.within_days)
        answer = choose((joined.on < day_literal(first), _unknown()), otherwise=answer)
    return joined.select("person_id", answer=answer)


def _answered(
    rule: ClearanceRule,
    table: Any,
    creatinine: Value,
    of_creatinine: int,
    of_weight: int,
    staged: Staged,
    context: Context,
) -> Value:
    """Give the answer of each creatinine, at the least and at the greatest age."""
    cases = [((creatinine <= 0) | creatinine.isnull(), _unknown())]
    least, most = ages(table, context.anchored_on or context.day)
    young = choose((least < 0, 0), otherwise=least)
    old = choose((most > _OLDEST, _OLDEST), otherwise=most)
    cases.append((young > old, _unknown()))
    percent = choose((table.sex == "female", 85), otherwise=100)
    below = creatinine * (72 * 100 * of_weight)
    shapes: dict[str, list[int]] = {}
    for number, shape in staged.shapes_of(rule.creatinine):
        shapes.setdefault(shape.comparator, []).append(number)
    for comparator, numbers in shapes.items():
        one, other = (
            ratio_within(
                bounds_of(rule),
                table.weight * ((140 - age) * percent).cast(WIDE) * of_creatinine,
                below,
                _TURNED[comparator],
            )
            for age in (young, old)
        )
        both = choose((one == other, one), otherwise=_unknown())
        cases.append((among(table["shape"], numbers), both))
    return choose(*cases, otherwise=_unknown())


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
    weights, creatinine = _weights(rule, staged, context), staged.daily_of(rule.creatinine)
    own, is_exact = _rows(rule, weights, staged, context), weights.is_exact
    return together(
        *(gather_unread(each, staged, context) for each in (rule.creatinine, rule.weight)),
        {f"own:{name}": {f"{name}_{word}": own.answer == each for each, word in NAMES.items()}},
        {
            f"own:{name}:weight": {
                f"{name}_weighed": is_exact,
                f"{name}_not_weighed": ~is_exact,
                f"{name}_least": weights.amount.min(where=is_exact),
                f"{name}_most": weights.amount.max(where=is_exact),
                **first_of(weights.rows, f"{name}_weight"),
            },
            f"own:{name}:creatinine": {
                f"{name}_measured": creatinine.code.notnull(),
                **first_of(creatinine, f"{name}_creatinine"),
            },
        },
    )


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
    no, perhaps, yes = (wide[f"{name}_{word}"] for word in NAMES.values())
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
    last, weight = (last_of(each, context) for each in (rule.creatinine, rule.weight))
    is_measured = wide[f"{name}_measured"]
    record = chosen(
        (~is_person | ~(weighed | inexact), None),
        (weighed & (inexact | differ), wide.place(f"{name}_weight")),
        (inexact, weight),
        (~is_measured, None),
        (is_divided, wide.place(f"{name}_creatinine")),
        otherwise=last,
    )
    return unless_unread(LeafColumns(answer, record), (rule.creatinine, rule.weight), wide)
