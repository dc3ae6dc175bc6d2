"""A multiple of the laboratory's own limit of normal, set at a time."""

from fractions import Fraction
from typing import Any

import ibis

from trialwright.protocol.leaf_rules import MultipleRule
from trialwright.warehouse import newest
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, Prepared
from trialwright.warehouse.exact import UNKNOWN, Line, hold, of_ratio, of_unit, verdict


def prepare(rule: MultipleRule, name: str, context: Context) -> tuple[Prepared, ...]:
    """Prepare the newest results as multiples of their own limit of normal.

    Parameters
    ----------
    rule : MultipleRule
        Fact, limit of normal and bounds.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Prepared
        The answer of each.
    """
    rows = context.staged.newest
    own = rows.high if rule.times == "ULN" else rows.low
    term = context.term(rule.fact)

    def judged(_: Line, given: str) -> Any:
        ratio = hold(rule, of_ratio(rows.micro, own), rows.comparator)
        by_own = ibis.ifelse(own > 0, ratio, verdict(UNKNOWN))
        return ibis.ifelse(own.notnull(), by_own, _by_table(rule, given, rows, context))

    answer = newest.answered(rule.fact, term.unit, context, judged, rows)
    return newest.prepare(rule.fact, name, answer)


def gather(rule: MultipleRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce what was prepared.

    Parameters
    ----------
    rule : MultipleRule
        The rule.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Least and greatest answer.
    """
    return newest.gather(rule.fact, name, context)


def _by_table(rule: MultipleRule, given: str, rows: Any, context: Context) -> Any:
    """Judge rows of one unit by the institution's table."""
    term = context.term(rule.fact)
    turned = newest.conversion(given, term.unit, term.substance)
    for line in context.laboratory:
        end = line.high if rule.times == "ULN" else line.low
        if line.term != rule.fact or line.group or end is None:
            continue
        of_line = newest.conversion(line.unit, term.unit, term.substance)
        if of_line is None or turned is None:
            continue
        normal = Fraction(end) * of_line[0] + of_line[1]
        if normal <= 0:
            return verdict(UNKNOWN)
        scale, shift = turned
        return hold(rule, of_unit(rows.micro, scale / normal, shift / normal), rows.comparator)
    return verdict(UNKNOWN)


def compile_leaf(rule: MultipleRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : MultipleRule
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
        As `eligibility.kinds.multiple` judges.
    """
    found = newest.decided(rule.fact, name, rule.within_days, wide, context)
    return newest.or_silence(found)
