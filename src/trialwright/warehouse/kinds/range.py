"""A result in the laboratory's own range for a group of people, of every person.

No table of OMOP says for which group a range is meant, so that the institution's table decides.
"""

from fractions import Fraction

from ibis.expr.types import Table

from trialwright.eligibility.bounding import binding
from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import RangeRule
from trialwright.terms.bounds import Bounds
from trialwright.warehouse.columns import UNKNOWN, Gathered, LeafColumns, Shape, Staged
from trialwright.warehouse.latest import decided
from trialwright.warehouse.silence import gather_unread, unless_unread
from trialwright.warehouse.thresholds import Steps, all_of_them, conversion, within


def turns(rule: RangeRule, shape: Shape, context: Context) -> Steps:
    """Give the answers of results of one shape along their numbers.

    Parameters
    ----------
    rule : RangeRule
        Fact and group.
    shape : Shape
        How results are recorded.
    context : Context
        Vocabulary and the institution's table.

    Returns
    -------
    Steps
        All unknown without a range of the group.
    """
    term = context.terms[rule.fact]
    for line in context.laboratory:
        turned = conversion(line.unit, term.unit, term.substance)
        if line.term != rule.fact or line.group != rule.group or turned is None:
            continue
        if line.low is None and line.high is None:
            continue  # it holds everything, and says nothing
        low, high = (
            None if end is None else Fraction(end) * turned.scale + turned.shift
            for end in (line.low, line.high)
        )
        bounds = binding(Bounds(at_least=low, at_most=high), term)
        return within(bounds, term.unit, shape, term) or all_of_them(UNKNOWN)
    return all_of_them(UNKNOWN)


def gather(rule: RangeRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather whether results have no day, beside its answers.

    Parameters
    ----------
    rule : RangeRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Vocabulary.

    Returns
    -------
    Gathered
        Nothing in a hospital whose results all have a day.
    """
    return gather_unread(rule.fact, staged, context)


def verdict(rule: RangeRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.range` judges one.

    Parameters
    ----------
    rule : RangeRule
        The rule.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Vocabulary.

    Returns
    -------
    LeafColumns
        With the record that decides it.
    """
    return unless_unread(decided(rule.fact, name, wide, context), (rule.fact,), wide)
