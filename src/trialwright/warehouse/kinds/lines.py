"""Lines of therapy, set at a time.

The tables of OMOP hold no setting of a medicine, so that no line surely counts: the number is an
interval from none to those that may.
"""

from fractions import Fraction
from typing import Any

import ibis

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.therapy_lines import APART_DAYS
from trialwright.protocol.event_rules import LinesRule
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.columns import FIRST_OF_MEMBER, Context, Gathered, LeafColumns
from trialwright.warehouse.exact import MET, NOT_MET, UNKNOWN, verdict
from trialwright.warehouse.kinds.treatment import member_order

_MOST_LINES = 50
"""Lines up to which the bounds are worked out; nobody has more."""

_NUMBERS = {Answer.MET: MET, Answer.NOT_MET: NOT_MET, Answer.UNKNOWN: UNKNOWN}


def gather(rule: LinesRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce the treatments of a set to the lines that may count.

    Parameters
    ----------
    rule : LinesRule
        What counts.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Number of lines that may count, the first treatment, and whether a relapse may count.
    """
    members = context.term(rule.fact).members
    rows = context.staged.treatments
    rows = rows.filter(rows.medicine.isin(list(members)) & ~rows.is_local)
    rows = rows.mutate(order=member_order(members, rows), may_count=_may_count(rule, rows, context))
    before = rows.since.lag().over(
        ibis.window(group_by=rows.person_id, order_by=[rows.since, rows.order])
    )
    rows = rows.mutate(before=before)
    apart = rows.since.delta(rows.before, unit="day")
    is_new = rows.before.isnull() | (apart > APART_DAYS)
    rows = rows.mutate(step=ibis.ifelse(is_new, 1, 0))
    rows = context.keep(rows)
    rows = rows.mutate(
        line=rows.step.sum().over(
            ibis.cumulative_window(group_by=rows.person_id, order_by=[rows.since, rows.order])
        )
    )
    rows = context.keep(rows)
    lines = Gathered(
        f"lines_{name}",
        rows,
        {
            f"{name}_records": rows.key.count(),
            f"{name}_possible": rows.line.nunique(where=rows.may_count == UNKNOWN),
            f"{name}_first": rows.order.argmin(_days(rows.since) * _ORDERS + rows.order),
            f"{name}_on": rows.since.min(),
        },
    )
    return (lines, *_relapse(rule, name, context))


_ORDERS = 1 << 55


def _days(on: Any) -> Any:
    """Give an order of days."""
    return on.delta(ibis.date(1900, 1, 1), unit="day").cast("decimal(38, 0)")


def _may_count(rule: LinesRule, rows: Any, context: Context) -> Any:
    """Say whether a treatment may make its line count: unknown, or not."""
    may = ibis.literal(True)  # noqa: FBT003
    if rule.stopped_for:
        may = may & rows.stopped_for.fill_null(rule.stopped_for[0]).isin(list(rule.stopped_for))
    if rule.least_days:
        day = ibis.literal(context.day)
        latest = ibis.ifelse(rows.until < day, rows.until, day)
        may = may & (latest.delta(rows.since, unit="day").cast("int64") + 1 >= rule.least_days)
    return ibis.ifelse(may, verdict(UNKNOWN), verdict(NOT_MET))


def _relapse(rule: LinesRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Say of each person whether a relapse may count as a line."""
    if rule.relapse is None or rule.relapse_after is None:
        return ()
    onsets = context.staged.conditions
    onsets = onsets.filter((onsets.term == rule.relapse) & onsets.is_confirmed)
    begun = onsets.group_by("person_id").agg(relapse=onsets.since.min())
    given = context.staged.treatments
    members = list(context.term(rule.relapse_after).members)
    given = given.filter(given.medicine.isin(members) & ~given.is_local)
    given = given.inner_join(begun, "person_id")
    day = ibis.literal(context.day)
    latest = ibis.ifelse(given.until < day, given.until, day)
    is_soon = given.relapse.delta(latest, unit="day").cast("int64") <= (rule.relapse_days or 0)
    may = (given.since <= given.relapse) & is_soon
    return (Gathered(f"relapse_{name}", given, {f"{name}_relapse": may.sum()}),)


def compile_leaf(rule: LinesRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : LinesRule
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
        As `eligibility.kinds.lines` judges.
    """
    records = wide[f"{name}_records"].fill_null(0)
    most = wide[f"{name}_possible"].fill_null(0)
    if rule.relapse is not None:
        most = most + ibis.ifelse(wide[f"{name}_relapse"].fill_null(0) > 0, 1, 0)
    found = ibis.cases(
        *((most == number, verdict(_up_to(rule, number))) for number in range(_MOST_LINES)),
        else_=verdict(UNKNOWN),
    )
    has_any = records > 0
    return LeafColumns(
        ibis.ifelse(has_any, found, verdict(UNKNOWN)),
        ibis.ifelse(has_any, wide[f"{name}_first"] % FIRST_OF_MEMBER, ibis.null("int64")),
        wide[f"{name}_on"],
        most.cast("string"),
    )


def _up_to(rule: LinesRule, most: int) -> int:
    """Give the verdict on any number of lines from none to so many."""
    bounds = bounds_of(rule)
    answers = {bounds.hold(Fraction(number)) for number in range(most + 1)}
    return _NUMBERS[answers.pop()] if len(answers) == 1 else UNKNOWN
