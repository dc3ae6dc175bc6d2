"""A multiple of the laboratory's own limit of normal, of every person."""

from collections.abc import Sequence
from fractions import Fraction

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import MultipleRule
from trialwright.protocol.vocabulary import Term
from trialwright.terms.bounds import Bounds
from trialwright.warehouse import columns
from trialwright.warehouse.columns import (
    UNKNOWN,
    Gathered,
    LeafColumns,
    Shape,
    Staged,
    among,
    choose,
)
from trialwright.warehouse.latest import decided
from trialwright.warehouse.ratios import ratio_within
from trialwright.warehouse.silence import gather_unread, unless_unread
from trialwright.warehouse.thresholds import Steps, all_of_them, conversion, within

_FAR = 10**16
"""Millionths beyond which a number and its limit compare like it."""


def turns(rule: MultipleRule, shape: Shape, context: Context) -> Steps:
    """Give the answers of results of one shape that carry no limit of their own.

    Parameters
    ----------
    rule : MultipleRule
        Fact, limit of normal and bounds.
    shape : Shape
        How results are recorded.
    context : Context
        Vocabulary and the institution's table.

    Returns
    -------
    Steps
        By the institution's table; all unknown without it.
    """
    term = context.terms[rule.fact]
    for line in context.laboratory:
        end = line.high if rule.times == "ULN" else line.low
        if line.term != rule.fact or line.group or end is None:
            continue
        turned = conversion(line.unit, term.unit, term.substance)
        if turned is None:
            continue
        normal = Fraction(end) * turned.scale + turned.shift
        if normal <= 0:
            break
        times = bounds_of(rule)
        bounds = Bounds(
            *(
                None if bound is None else bound * normal
                for bound in (times.at_least, times.above, times.at_most, times.below)
            )
        )
        return within(bounds, term.unit, shape, term) or all_of_them(UNKNOWN)
    return all_of_them(UNKNOWN)


def own_limits(
    rule: MultipleRule, rows: Table, term: Term, shapes: Sequence[tuple[int, Shape]]
) -> tuple[Value, Value]:
    """Give the answers of results that carry their own limit, by multiplying whole numbers.

    Parameters
    ----------
    rule : MultipleRule
        Fact, limit of normal and bounds.
    rows : Table
        Results with micro, low and high.
    term : Term
        The fact.
    shapes : sequence of (int, Shape)
        How its results are recorded, by number.

    Returns
    -------
    tuple of Value
        Whether a result carries a limit, and its verdict: both as the laboratory wrote them, of
        which a unit with a zero of its own is not converted first.
    """
    limit, cases = rows.high if rule.times == "ULN" else rows.low, []
    near, own = (ibis.least(ibis.greatest(each, -_FAR), _FAR) for each in (rows.micro, limit))
    by_comparator: dict[str, list[int]] = {}
    for place, shape in shapes:
        turned = conversion(shape.unit, term.unit, term.substance) if shape.unit else None
        if turned is not None:
            by_comparator.setdefault(shape.comparator, []).append(place)
    for comparator, places in by_comparator.items():
        is_such = (limit > 0) & among(rows["shape"], places)
        cases.append((is_such, ratio_within(bounds_of(rule), near, own, comparator)))
    return limit.notnull(), choose(*cases, otherwise=columns.verdict(UNKNOWN))


def gather(rule: MultipleRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather whether results have no day, beside its answers.

    Parameters
    ----------
    rule : MultipleRule
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


def verdict(rule: MultipleRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.multiple` judges one.

    Parameters
    ----------
    rule : MultipleRule
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
