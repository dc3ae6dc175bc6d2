"""Age in completed years at the anchor, of every person."""

from fractions import Fraction

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds.age import OLDEST
from trialwright.protocol.leaf_rules import AgeRule
from trialwright.warehouse import columns
from trialwright.warehouse.ages import ages
from trialwright.warehouse.columns import (
    MILLION,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    choose,
    chosen,
)
from trialwright.warehouse.records import AGED, aged
from trialwright.warehouse.thresholds import Conversion
from trialwright.warehouse.thresholds import turns as turns_of

_YEARS = Conversion(Fraction(MILLION), Fraction(0))
"""Ages are whole years, not millionths."""


def gather(rule: AgeRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather the age and the day, for evidence: the table of persons holds birth dates.

    Parameters
    ----------
    rule : AgeRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Days.

    Returns
    -------
    Gathered
        Nothing that a verdict asks for.
    """
    people, anchored = staged.people, context.anchored_on
    if anchored is None:
        return {}
    return {
        "people": {
            f"{name}_row": ibis.literal(0, "int64") + people.person_id,
            f"{name}_on": columns.day_literal(anchored),
            f"{name}_micro": aged(*ages(people, anchored)),
            f"{name}_shape": ibis.literal(AGED, "int16"),
        }
    }


def verdict(rule: AgeRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.age` judges one.

    Parameters
    ----------
    rule : AgeRule
        Bounds in years.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        The anchor.

    Returns
    -------
    LeafColumns
        The value is the age, never the birth date.
    """
    anchored = context.anchored_on
    if anchored is None:
        return LeafColumns(columns.verdict(UNKNOWN))
    least, most = ages(wide, anchored)
    young = _answer(rule, choose((least < 0, 0), otherwise=least))
    old = _answer(rule, choose((most > OLDEST, OLDEST), otherwise=most))
    is_true = (most >= 0) & (least <= OLDEST)
    is_sure = wide.born_first.notnull() & is_true & (young == old)
    answer = choose((is_sure, young), otherwise=columns.verdict(UNKNOWN))
    is_born = wide.born_first.notnull()
    return LeafColumns(answer, chosen((is_born, wide.place(name))))


def _answer(rule: AgeRule, years: Value) -> Value:
    """Give the answer for an age; two that a birth date may mean differ by one year."""
    found = turns_of(bounds_of(rule), "").steps(_YEARS)
    return choose(
        (years < found.first, columns.verdict(found.below)),
        (years <= found.second, columns.verdict(found.between)),
        otherwise=columns.verdict(found.beyond),
    )
