"""The number of earlier lines of therapy, of every person.

The setting of a medicine is that of its episode of treatment. Where none tells it, no line surely
counts: the number is an interval from those that surely count to those that may.
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
    ANY_MEDICINE,
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
from trialwright.warehouse.kinds.treatment import member_order, members_of
from trialwright.warehouse.numbering import days_of
from trialwright.warehouse.records import TREATED

_MOST_LINES = 60
"""Lines up to which the bounds are worked out; nobody has more."""


def rows(rule: LinesRule, staged: Staged, context: Context) -> Table:
    """Give the treatments of the set, each with its line, whether it may count and whether it does.

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
        With order, line, may_count and counts.
    """
    members = members_of(rule.fact, staged, context)
    given = _given(members, staged)
    given = given.mutate(
        order=member_order(members, given, staged).cast("decimal(38, 0)"),
        last=_at_most_to(given, context),
        at_least_to=_at_least_to(given, context),
    )
    by_start = [given.since, given.order]
    before = given.since.lag().over(ibis.window(group_by=given.person_id, order_by=by_start))
    given = given.mutate(before=before)
    is_same = (given.since.delta(given.before, unit="day") <= APART_DAYS).fill_null(False)  # noqa: FBT003
    given = given.mutate(step=choose((is_same, 0), otherwise=1).cast("int64"))
    running = ibis.cumulative_window(group_by=given.person_id, order_by=[given.since, given.order])
    given = given.mutate(line=given.step.sum().over(running))
    return given.mutate(may_count=_may(rule, given), counts=_counts(rule, given))


def _given(members: Sequence[int], staged: Staged) -> Table:
    """Give the treatments of a set that have a first day, but for those applied locally."""
    return staged.treatments.filter(_is_given(members, staged.treatments))


def _is_given(members: Sequence[int], rows: Table) -> Value:
    """Say whether a treatment is one of a set that has a first day, and is not applied locally."""
    return among(rows.term, members) & ~rows.is_local & rows.since.notnull()


def _may(rule: LinesRule, given: Table) -> Value:
    """Say whether a treatment may make its line count: a line is as long as all in it together."""
    may: Value = given.intent.isnull() | given.intent.isin(list(rule.intents))
    if rule.stopped_for:
        ends = columns.numbers_of_reasons(rule.stopped_for)
        may = may & (given.stopped_for.isnull() | given.stopped_for.isin(ends))
    if rule.least_days:
        whole = ibis.window(group_by=[given.person_id, given.line])
        lasted = given.last.max().over(whole).delta(given.since.min().over(whole), unit="day")
        may = may & (lasted + 1 >= rule.least_days)
    return may


def _counts(rule: LinesRule, given: Table) -> Value:
    """Say whether a treatment makes its line count: it is as long as the course of its medicine."""
    counts = _is_among(given.intent, rule.intents)
    if rule.stopped_for:
        counts = counts & _is_among(given.stopped_for, columns.numbers_of_reasons(rule.stopped_for))
    if rule.least_days:
        course = ibis.window(group_by=[given.person_id, given.line, given.term])
        first, last = given.since.min().over(course), given.at_least_to.max().over(course)
        counts = counts & (last.delta(first, unit="day") + 1 >= rule.least_days)
    return counts


def _is_among(found: Value, those: Sequence[str | int]) -> Value:
    """Say whether something is recorded and one of those."""
    return found.isin(list(those)).fill_null(False)  # noqa: FBT003


def _at_most_to(given: Table, context: Context) -> Value:
    """Give the latest day of a last dose: without an end it goes on."""
    day = day_literal(context.day)
    return choose((given.until.isnull() | (given.until > day), day), otherwise=given.until)


def _at_least_to(given: Table, context: Context) -> Value:
    """Give the earliest day of a last dose: without an end it may have been the first dose."""
    day = day_literal(context.day)
    return choose(
        (given.until.isnull(), given.since), (given.until > day, day), otherwise=given.until
    )


def gather(rule: LinesRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather how many lines may count and do, and the first treatment.

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
            f"{name}_sure": given.line.nunique(where=given.counts),
            f"{name}_any": given.since.notnull(),
            f"{name}_row": given.code.argmin(order),
        }
    }
    treated = staged.treatments
    members = [*members_of(rule.fact, staged, context), ANY_MEDICINE]
    is_member = among(treated.term, members)
    is_unread = is_member & treated.since.isnull()
    lines = together(lines, {"treatments": {f"{name}_unread": is_unread}})
    if rule.relapse is None or rule.relapse_after is None:
        return lines
    soon = _relapses(rule, staged, context)
    counted = {f"{name}_relapse": soon.may, f"{name}_relapsed": soon.surely}
    is_given = _is_given(members_of(rule.relapse_after, staged, context), treated)
    onsets = staged.conditions
    is_left = (onsets.term == staged.numbers[rule.relapse]) & onsets.since.isnull()
    return together(
        lines,
        {
            f"own:{name}:relapse": counted,
            "treatments": {f"{name}_treated": is_given},
            "conditions": {f"{name}_relapse_unread": is_left},
        },
    )


def _relapses(rule: LinesRule, staged: Staged, context: Context) -> Any:
    """Give the treatments after which a relapse may count, and does."""
    onsets = staged.conditions
    is_its = onsets.term == staged.numbers[rule.relapse or ""]
    onsets = onsets.filter(is_its & onsets.is_confirmed & ~onsets.is_history)
    begun = onsets.group_by("person_id").agg(relapse=onsets.since.min())
    members = members_of(rule.relapse_after or "", staged, context)
    both = _given(members, staged).inner_join(begun, "person_id")
    last, sure_last = _at_most_to(both, context), _at_least_to(both, context)
    days = rule.relapse_days or 0
    has_begun, early = both.since <= both.relapse, ("adjuvant", "neoadjuvant")
    may = has_begun & (both.relapse.delta(last, unit="day") <= days)
    surely = has_begun & (both.relapse.delta(sure_last, unit="day") <= days)
    return both.mutate(
        may=may & (both.intent.isnull() | both.intent.isin(list(early))),
        surely=surely & _is_among(both.intent, early),
    )


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
    most, least = wide[f"{name}_possible"].fill_null(0), wide[f"{name}_sure"].fill_null(0)
    if rule.relapse is not None:
        may = wide[f"{name}_relapse"] | (wide[f"{name}_relapse_unread"] & wide[f"{name}_treated"])
        most = most + choose((may, 1), otherwise=0)
        least = least + choose((wide[f"{name}_relapsed"], 1), otherwise=0)
    # what is left unread may be any number of lines
    is_unread = wide[f"{name}_unread"]
    most = choose((is_unread, _MOST_LINES), otherwise=most)
    alone = [_alone(rule, each) for each in range(_MOST_LINES + 1)]
    met = [each for each, answer in enumerate(alone) if answer is Answer.MET]
    too_many = [each for each, answer in enumerate(alone) if answer is Answer.NOT_MET]
    cases = []
    if met:
        is_met = least >= met[0]
        if met[-1] < _MOST_LINES:  # else no number is too many
            is_met = is_met & (most <= met[-1])
        cases.append((is_met, columns.verdict(MET)))
    # no number of lines lies between bounds such as 1.5 and 1.5
    last = least if met else choose((is_unread, least), otherwise=most)
    cases += [(last >= each, columns.verdict(NOT_MET)) for each in too_many[:1]]
    found = choose(*cases, otherwise=columns.verdict(UNKNOWN))
    first = wide.place(name, TREATED)
    is_any = wide[f"{name}_any"]
    return LeafColumns(
        choose((is_any, found), otherwise=columns.verdict(UNKNOWN)), chosen((is_any, first))
    )


def _alone(rule: LinesRule, number: int) -> Answer:
    """Give the answer to so many lines surely on record; no record says that it is complete."""
    return up_to(bounds_of(rule), number, number, is_complete=False)
