"""A coded result that is one of those named, set at a time."""

from typing import Any

import ibis

from trialwright.protocol.leaf_rules import FindingRule
from trialwright.terms.answers import IN_QUESTION
from trialwright.warehouse import newest, silence
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, Prepared
from trialwright.warehouse.exact import UNKNOWN, verdict, yes_no


def prepare(rule: FindingRule, name: str, context: Context) -> tuple[Prepared, ...]:
    """Prepare the newest coded results.

    Parameters
    ----------
    rule : FindingRule
        Fact and the answers that meet it.
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
    is_open = rows.answer.isnull() | (rows.answer == IN_QUESTION)
    among = yes_no(rows.answer.fill_null("").isin(list(rule.among)))
    answer = ibis.ifelse(is_open, verdict(UNKNOWN), among)
    return newest.prepare(rule.fact, name, answer)


def gather(rule: FindingRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce what was prepared.

    Parameters
    ----------
    rule : FindingRule
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
    return (*newest.gather(rule.fact, name, context), *silence.gather(rule, context))


def compile_leaf(rule: FindingRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : FindingRule
        The rule.
    name : str
        Name of the leaf.
    wide : ibis table
        One row a person, with the columns that `gather` made.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        As `eligibility.kinds.finding` judges.
    """
    found = newest.decided(rule.fact, name, rule.within_days, wide, context)
    return newest.or_silence(found, silence.silent(rule, wide, context))
