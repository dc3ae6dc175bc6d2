"""Recorded sex, of every person."""

import ibis
from ibis.expr.types import Table

from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import SexRule
from trialwright.warehouse import columns
from trialwright.warehouse.columns import (
    MET,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    choose,
    chosen,
)
from trialwright.warehouse.records import FEMALE, MALE


def gather(rule: SexRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather the sex, for evidence: the table of persons holds it.

    Parameters
    ----------
    rule : SexRule
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
        Nothing that a verdict asks for.
    """
    people = staged.people
    shape = choose((people.sex == "female", FEMALE), otherwise=MALE).cast("int16")
    row = ibis.literal(0, "int64") + people.person_id
    return {"people": {f"{name}_row": row, f"{name}_shape": shape}}


def verdict(rule: SexRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.sex` judges one.

    Parameters
    ----------
    rule : SexRule
        The sex asked for.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Not needed here.

    Returns
    -------
    LeafColumns
        Unknown when it is not recorded as female or male.
    """
    answer = choose(
        (wide.sex.isnull(), columns.verdict(UNKNOWN)),
        (wide.sex == rule.expect, columns.verdict(MET)),
        otherwise=columns.verdict(NOT_MET),
    )
    return LeafColumns(answer, chosen((wide.sex.notnull(), wide.place(name))))
