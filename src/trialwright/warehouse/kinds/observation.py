"""Observations within bounds, set at a time."""

from typing import Any

import ibis

from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.terms.dates import days_after
from trialwright.warehouse import newest, silence
from trialwright.warehouse.averaging import averaged, gather_mean, parts_of
from trialwright.warehouse.columns import Context, Gathered, LeafColumns, Prepared
from trialwright.warehouse.exact import MET, NOT_MET, UNKNOWN, hold, verdict


def prepare(rule: ObservationRule, name: str, context: Context) -> tuple[Prepared, ...]:
    """Prepare the answer of each of the newest results.

    Parameters
    ----------
    rule : ObservationRule
        Fact, bounds and unit.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Prepared
        Empty unless the latest result is asked.
    """
    if rule.pick != "latest":
        return ()
    return newest.prepare(rule.fact, name, _answer(rule, context, context.staged.newest))


def gather(rule: ObservationRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce the results of a fact.

    Parameters
    ----------
    rule : ObservationRule
        Fact, bounds, unit, and which observations count.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Of the newest results, of all in the window, or of those of a mean.
    """
    spoken = silence.gather(rule, context)
    if rule.pick == "latest":
        return (*newest.gather(rule.fact, name, context), *spoken)
    if rule.pick == "mean":
        return (*gather_mean(rule.fact, rule.unit, rule.of or 1, name, context), *spoken)
    return (*_gather_several(rule, name, context), *spoken)


def _answer(rule: ObservationRule, context: Context, rows: Any) -> Any:
    """Give the answer of each row; no table of OMOP says by which method a result was found."""
    answer = newest.answered(
        rule.fact, rule.unit, context, lambda line, _: hold(rule, line, rows.comparator), rows
    )
    if rule.methods:
        return ibis.ifelse(answer == NOT_MET, verdict(NOT_MET), verdict(UNKNOWN))
    return answer


def _gather_several(rule: ObservationRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce every result in the window."""
    rows = context.staged.measurements
    rows = rows.filter(rows.term == rule.fact)
    if rule.within_days is not None:
        rows = rows.filter(rows.on >= days_after(context.anchored_on, -rule.within_days))
    rows = context.keep(rows.mutate(found=_answer(rule, context, rows)))
    columns = {}
    for number in (NOT_MET, UNKNOWN, MET):
        is_it = rows.found == number
        columns[f"{name}_on_{number}"] = rows.on.min(where=is_it)
        columns[f"{name}_row_{number}"] = rows.key.argmin(rows.arrival, where=is_it)
    return (Gathered(f"several_{name}", rows, columns),)


def compile_leaf(rule: ObservationRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : ObservationRule
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
        As `eligibility.kinds.observation` judges.
    """
    spoken = silence.silent(rule, wide, context)
    if rule.pick == "latest":
        found = newest.decided(rule.fact, name, rule.within_days, wide, context)
    elif rule.pick == "mean":
        parts = parts_of(rule.fact, rule.unit, context)
        found = averaged(rule, rule.of or 1, rule.within_days, name, wide, context, parts)
    else:
        found = _several(rule, name, wide)
    return newest.or_silence(found, spoken)


def _several(rule: ObservationRule, name: str, wide: Any) -> LeafColumns:
    """Give the columns of `any` and `worst`."""
    order = (MET, UNKNOWN, NOT_MET) if rule.pick == "any" else (NOT_MET, UNKNOWN, MET)
    rows = {number: wide[f"{name}_row_{number}"] for number in order}
    return LeafColumns(
        ibis.cases(
            *((rows[number].notnull(), verdict(number)) for number in order),
            else_=ibis.null("int8"),
        ),
        ibis.coalesce(*(rows[number] for number in order)),
        ibis.coalesce(*(wide[f"{name}_on_{number}"] for number in order)),
        ibis.null("string"),
    )
