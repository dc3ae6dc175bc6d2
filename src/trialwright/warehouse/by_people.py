"""What people alone answer: no warehouse holds it."""

from ibis.expr.types import Table

from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import Leaf
from trialwright.warehouse import columns
from trialwright.warehouse.columns import UNKNOWN, Gathered, LeafColumns, Staged


def gather(rule: Leaf, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather nothing.

    Parameters
    ----------
    rule : leaf rule
        Of any kind that no record decides.
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


def verdict(rule: Leaf, name: str, wide: Table, context: Context) -> LeafColumns:
    """Leave the answer to a person.

    Parameters
    ----------
    rule : leaf rule
        Of any kind that no record decides.
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
