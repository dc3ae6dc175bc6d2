"""A result in the laboratory's range for a group, set at a time.

The tables of OMOP hold one range a result and not for whom it is: only the institution's table
decides here.
"""

from typing import Any

from trialwright.protocol.leaf_rules import RangeRule
from trialwright.protocol.rule_parts import Bounded
from trialwright.terms.quantities import comparable
from trialwright.warehouse import newest
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, Prepared
from trialwright.warehouse.exact import MET, UNKNOWN, Line, hold, of_unit, verdict


def prepare(rule: RangeRule, name: str, context: Context) -> tuple[Prepared, ...]:
    """Prepare the newest results against the institution's table.

    Parameters
    ----------
    rule : RangeRule
        Fact and group.
    name : str
        Name of the leaf.
    context : Context
        The facts and the table.

    Returns
    -------
    tuple of Prepared
        The answer of each.
    """
    rows, unit = context.staged.newest, context.term(rule.fact).unit
    substance = context.term(rule.fact).substance
    line = next(
        (
            each
            for each in context.laboratory
            if each.term == rule.fact
            and each.group == rule.group
            and comparable(each.unit, unit, substance)
        ),
        None,
    )

    def judged(_: Line, given: str) -> Any:
        turned = newest.conversion(given, line.unit, substance) if line else None
        if line is None or turned is None:
            return verdict(UNKNOWN)
        if line.low is None and line.high is None:
            return verdict(MET)
        ends = Bounded(at_least=line.low, at_most=line.high)
        return hold(ends, of_unit(rows.micro, *turned), rows.comparator)

    answer = newest.answered(rule.fact, unit, context, judged, rows)
    return newest.prepare(rule.fact, name, answer)


def gather(rule: RangeRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce what was prepared.

    Parameters
    ----------
    rule : RangeRule
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


def compile_leaf(rule: RangeRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : RangeRule
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
        As `eligibility.kinds.range` judges.
    """
    found = newest.decided(rule.fact, name, rule.within_days, wide, context)
    return newest.or_silence(found)
