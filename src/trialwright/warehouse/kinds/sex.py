"""Recorded sex, set at a time."""

from typing import Any

import ibis

from trialwright.protocol.leaf_rules import SexRule
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, key_in
from trialwright.warehouse.exact import UNKNOWN, verdict, yes_no


def gather(rule: SexRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Gather nothing: the row of the person holds the sex.

    Parameters
    ----------
    rule : SexRule
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


def compile_leaf(rule: SexRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : SexRule
        The sex asked for.
    name : str
        Name of the leaf.
    wide : ibis table
        One row a person.
    context : Context
        Days; not needed here.

    Returns
    -------
    LeafColumns
        As `eligibility.kinds.sex` judges.
    """
    is_known = wide.sex.notnull()
    found = yes_no(wide.sex.fill_null("") == rule.expect)
    return LeafColumns(
        ibis.ifelse(is_known, found, verdict(UNKNOWN)),
        ibis.ifelse(is_known, key_in("person", wide.person_id), ibis.null("int64")),
        ibis.null("date"),
        wide.sex,
    )
