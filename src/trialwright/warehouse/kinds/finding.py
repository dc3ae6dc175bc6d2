"""A coded result that is one of those named, of every person."""

from ibis.expr.types import Table

from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import FindingRule
from trialwright.terms.answers import IN_QUESTION, UNSURE
from trialwright.warehouse.columns import (
    MET,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Shape,
    Staged,
    together,
)
from trialwright.warehouse.latest import decided
from trialwright.warehouse.silence import gather_silence, gather_unread, silent, unless_unread
from trialwright.warehouse.thresholds import Steps, all_of_them


def turns(rule: FindingRule, shape: Shape, context: Context) -> Steps:
    """Give the answer of results of one shape.

    Parameters
    ----------
    rule : FindingRule
        Answers that meet it.
    shape : Shape
        How results are recorded.
    context : Context
        Not needed here.

    Returns
    -------
    Steps
        One answer for all.
    """
    if not shape.word or shape.word == IN_QUESTION:
        return all_of_them(UNKNOWN)
    if shape.word in UNSURE and shape.word not in rule.among:
        return all_of_them(UNKNOWN)
    return all_of_them(MET if shape.word in rule.among else NOT_MET)


def gather(rule: FindingRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather what decides the rule beside its answers.

    Parameters
    ----------
    rule : FindingRule
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
    undated = gather_unread(rule.fact, staged, context)
    return together(gather_silence(rule, staged, context), undated)


def verdict(rule: FindingRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.finding` judges one.

    Parameters
    ----------
    rule : FindingRule
        The rule.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Days and vocabulary.

    Returns
    -------
    LeafColumns
        With the record that decides it.
    """
    newest = decided(rule.fact, name, wide, context, silent(rule, wide, context))
    return unless_unread(newest, (rule.fact,), wide)
