"""A specimen, of which no table of OMOP says what protocols ask: a person confirms it."""

from typing import Any

from trialwright.protocol.event_rules import SpecimenRule
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, nothing
from trialwright.warehouse.exact import UNKNOWN, verdict


def gather(rule: SpecimenRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Gather nothing.

    Parameters
    ----------
    rule : SpecimenRule
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


def compile_leaf(rule: SpecimenRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : SpecimenRule
        The rule.
    name : str
        Name of the leaf.
    wide : ibis table
        One row a person.
    context : Context
        Days; not needed here.

    Returns
    -------
    LeafColumns
        Unknown, without a row.
    """
    return LeafColumns(verdict(UNKNOWN), *nothing())
