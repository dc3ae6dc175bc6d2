"""The number of earlier lines of therapy, of every person.

The tables of OMOP hold no setting of a medicine, so that no line surely counts: the number is an
interval from none to those that may.
"""

from collections.abc import Sequence
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds.lines import up_to
from trialwright.eligibility.therapy_lines import APART_DAYS
from trialwright.protocol.event_rules import LinesRule
from trialwright.terms.verdicts import Answer
from trialwright.warehouse import columns
from trialwright.warehouse.columns import (
    MET,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    among,
    choose,
    chosen,
    day_literal,
    together,
)
from trialwright.warehouse.kinds.treatment import member_order
from trialwright.warehouse.numbering import days_of
from trialwright.warehouse.records import TREATED

_MOST_LINES = 60
"""Lines up to which the bounds are worked out; nobody has more."""

_NUMBERS = {Answer.MET: MET, Answer.NOT_MET: NOT_MET, Answer.UNKNOWN: UNKNOWN}


def rows(rule: LinesRule, staged: Staged, context: Context) -> Table:
    """Give the treatments of the set, each with its line and whether it may count.

    Parameters
    ----------
    rule : LinesRule
        What counts.
    staged : Staged
        Facts.
    context : Context
        Days and vocabulary.

    Returns
    -------
    Table
        With order, may_count and line.
    """
    members = [staged.numbers[each] for each in context.terms[rule.fact].members]
    given = _given(members, staged)
    day = day_literal(context.day)
    given = given.mutate(
        order=member_order(members, given, staged).cast("decimal(38, 0)"),
        last=choose((given.until.isnull() | (given.until > day), day), otherwise=given.until),
    )
    by_start = [given.since, given.order]
    before = given.since.lag().over(ibis.window(group_by=given.person_id, order_by=by_start))
    given = given.mutate(before=before)
    is_same = (given.since.delta(given.before, unit="day") <= APART_DAYS).fill_null(False)  # noqa: FBT003
    given = given.mutate(step=choose((is_same, 0), otherwise=1).cast("int64"))
    running = ibis.cumulative_window(group_by=given.person_id, order_by=[given.since, given.order])
    given = given.mutate(line=given.step.sum().over(running))
    return given.mutate(may_count=_may(rule, given))


def _given(members: Sequence[int], staged: Staged) -> Table:
    """Give the treatments of a set, but for those applied locally."""
    rows = staged.treatments
    return rows.filter(among(rows.term, members) & ~rows.is_local)


def _may(rule: LinesRule, given: Table) -> Value:
    """Say whether a treatment may make its line count: a line is as long as all in it together."""
    may: Value = ibis.literal(True)  # noqa: FBT003
    if rule.stopped_for:
        may = given.stopped_for.isnull() | given.stopped_for.isin(
            [*map(columns.number_of_reason, rule.stopped_for)]
        )
    if rule.least_days:
        whole = ibis.window(group_by=[given.person_id, given.line])
        lasted = given.last.max().over(whole).delta(given.since.min().over(whole), unit="day")
        may = may & (lasted + 1 >= rule.least_days)
    return may


def gather(rule: LinesRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather how many lines may count, and the first treatment.

    Parameters
    ----------
    rule : LinesRule
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
    given = rows(rule, staged, context)
    room = ibis.literal(staged.numbering.span * 2**20, "decimal(38, 0)")
    order = days_of(given.since).cast("decimal(38, 0)") * room + given.order
    lines: Gathered = {
        f"own:{name}": {
            f"{name}_possible": given.line.nunique(where=given.may_count),
            f"{name}_any": given.since.notnull(),
            f"{name}_row": given.code.argmin(order),
        }
    }
    if rule.relapse is None or rule.relapse_after is None:
        return lines
    soon = _relapses(rule, staged, context)
    return together(lines, {f"own:{name}:relapse": {f"{name}_relapse": soon.may}})


def _relapses(rule: LinesRule, staged: Staged, context: Context) -> Any:
    """Give the treatments after which a relapse may count."""
    onsets = staged.conditions
    is_its = onsets.term == staged.numbers[rule.relapse or ""]
    onsets = onsets.filter(is_its & onsets.is_confirmed)
    begun = onsets.group_by("person_id").agg(relapse=onsets.since.min())
    members = [staged.numbers[each] for each in context.terms[rule.relapse_after or ""].members]
    both = _given(members, staged).inner_join(begun, "person_id")
    day = day_literal(context.day)
    last = choose((both.until.isnull() | (both.until > day), day), otherwise=both.until)
    is_soon = both.relapse.delta(last, unit="day") <= (rule.relapse_days or 0)
    return both.mutate(may=(both.since <= both.relapse) & is_soon)


def verdict(rule: LinesRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.lines` judges one.

    Parameters
    ----------
    rule : LinesRule
        The rule.
    name : str
        Name of the leaf.
    wide : Table
        Facts gathered, one row a person.
    context : Context
        Days.

    Returns
    -------
    LeafColumns
        With the first treatment.
    """
    most = wide[f"{name}_possible"].fill_null(0)
    if rule.relapse is not None:
        most = most + choose((wide[f"{name}_relapse"], 1), otherwise=0)
    cases = [(most == each, columns.verdict(_up_to(rule, each))) for each in range(_MOST_LINES)]
    found = choose(*cases, otherwise=columns.verdict(UNKNOWN))
    first = wide.place(name, TREATED)
    is_any = wide[f"{name}_any"]
    return LeafColumns(
        choose((is_any, found), otherwise=columns.verdict(UNKNOWN)), chosen((is_any, first))
    )


def _up_to(rule: LinesRule, most: int) -> int:
    """Give the verdict on up to so many lines; no record says that it is complete."""
    return _NUMBERS[up_to(bounds_of(rule), 0, most, is_complete=False)]
