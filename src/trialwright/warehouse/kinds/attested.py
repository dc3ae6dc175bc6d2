"""A question that a person answers: no warehouse holds the answer."""

from ibis.expr.types import Table

from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import AttestedRule
from trialwright.warehouse import columns
from trialwright.warehouse.columns import UNKNOWN, Gathered, LeafColumns, Staged

NEEDS_PERSON = True
"""No record decides it."""


def gather(rule: AttestedRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather nothing.

    Parameters
    ----------
    rule : AttestedRule
        The rule.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Not needed here.

    Returns
    -------
    Gathered
        Nothing.
    """
    return {}


def verdict(rule: AttestedRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Leave the answer to a person.

    Parameters
    ----------
    rule : AttestedRule
        The rule.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Not needed here.

    Returns
    -------
    LeafColumns
        Unknown, without any record.
    """
    return LeafColumns(columns.verdict(UNKNOWN))
