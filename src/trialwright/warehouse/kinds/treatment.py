"""A medicine or treatment of a set, of every person; a wash-out counts from the last dose."""

from collections.abc import Sequence
from functools import lru_cache
from math import floor
from typing import Any

import ibis
from ibis.expr.operations import Node
from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context
from trialwright.eligibility.kinds.treatment import washout_days
from trialwright.protocol.event_rules import TreatmentRule
from trialwright.terms.dates import days_after
from trialwright.warehouse import columns
from trialwright.warehouse.columns import (
    ANY_MEDICINE,
    MET,
    NAMES,
    NOT_MET,
    UNKNOWN,
    Gathered,
    LeafColumns,
    Staged,
    among,
    choose,
    chosen,
    day_literal,
    nothing,
    together,
)
from trialwright.warehouse.numbering import LONG_AGO
from trialwright.warehouse.records import TREATED
from trialwright.warehouse.silence import gather_silence, silent

_NEVER = 10**6

_MEMBERS = 2**15
"""Room for the members of a set: three ranks of them fit where an order has room for days."""


def gather(rule: TreatmentRule, name: str, staged: Staged, context: Context) -> Gathered:
    """Gather which answers records of the set give, and the first of those that decide.

    Parameters
    ----------
    rule : TreatmentRule
        Set, time and reasons for stopping.
    name : str
        Name of the leaf.
    staged : Staged
        Facts.
    context : Context
        Days, vocabulary and medicines.

    Returns
    -------
    Gathered
        By staged table.
    """
    members = members_of(rule.fact, staged, context)
    source, rows = "treatments", staged.treatments
    is_unread = among(rows.term, [*members, ANY_MEDICINE]) & rows.since.isnull()
    unread: Gathered = {source: {f"{name}_unread": is_unread}}
    if rule.when == "started-within":
        source, rows = f"own:{name}", rows.filter(_is_its(rows, members))
        rows = _with_courses(rule, rows, context)
    answer, is_its = _answer(rule, rows, staged, context), _is_its(rows, members)
    rank = choose((answer == MET, 0), (answer == UNKNOWN, 1), otherwise=2)
    order = member_order(members, rows, staged, rank)
    gathered: dict[str, Value] = {
        f"{name}_{word}": is_its & (answer == number) for number, word in NAMES.items()
    }
    gathered[f"{name}_row"] = staged.numbering.code_in(order.min(where=is_its))
    return together({source: gathered}, unread, gather_silence(rule, staged, context))


def _is_its(rows: Table, members: Sequence[int]) -> Value:
    """Say whether a treatment is one of a set that has a first day, and is not applied locally."""
    return among(rows.term, members) & ~rows.is_local & rows.since.notnull()


def _with_courses(rule: TreatmentRule, rows: Table, context: Context) -> Table:
    """Give treatments with `begun`: the first day of the course that each may go on from."""
    day = day_literal(context.day)
    ends = rows.mutate(reaches=choose((rows.until.isnull(), day), otherwise=rows.until))
    ends = ends.mutate(reached=ends.reaches.max().over(_so_far(ends)))
    row_before = ibis.window(group_by=[ends.person_id, ends.term], order_by=_order(ends))
    steps = ends.mutate(before=ends.reached.lag().over(row_before))
    goes_on = steps.since.delta(steps.before, unit="day") <= rule.refill_gap_days
    long_ago = day_literal(LONG_AGO)
    starts = steps.mutate(starts=choose((goes_on, long_ago), otherwise=steps.since))
    return starts.mutate(begun=starts.starts.max().over(_so_far(starts)))


def _so_far(rows: Table) -> Any:
    """Give the records of one medicine up to each, by their first days."""
    return ibis.cumulative_window(group_by=[rows.person_id, rows.term], order_by=_order(rows))


def _order(rows: Table) -> list[Value]:
    """Give the order of first days; the number of the record decides between equal ones."""
    return [rows.since, rows.code]


def members_of(fact: str, staged: Staged, context: Context) -> list[int]:
    """Give the medicines of a set by their numbers.

    Parameters
    ----------
    fact : str
        Term of treatment.
    staged : Staged
        Facts.
    context : Context
        Vocabulary.

    Returns
    -------
    list of int
        In the order of the set.
    """
    return [staged.numbers[each] for each in context.terms[fact].members]


def member_order(
    members: Sequence[int], rows: Table, staged: Staged, rank: Value | int = 0
) -> Value:
    """Give the order of treatments: by rank, by member of the set, then as they arrive.

    Parameters
    ----------
    members : sequence of int
        Numbers of medicines.
    rows : Table
        Staged treatments.
    staged : Staged
        How records are numbered.
    rank : Value or int
        From 0 to 2.

    Returns
    -------
    Value
        Whole numbers.
    """
    place = _place(tuple(members), rows.op())
    return staged.numbering.ordered(rank * _MEMBERS + place, rows.code)


@lru_cache(maxsize=32)
def _place(members: tuple[int, ...], treatments: Node) -> Value:
    """Give the place of each treatment's medicine in a set: asked for by several rules."""
    term = treatments.to_expr().term
    places = [(term == member, place) for place, member in enumerate(members)]
    return choose(*places, otherwise=len(members))


def _answer(rule: TreatmentRule, rows: Table, staged: Staged, context: Context) -> Value:
    """Give the answer of each record."""
    timed = _timed(rule, rows, staged, context)
    if not rule.stopped_for:
        return timed
    stopped = choose(
        (rows.stopped_for.isnull(), columns.verdict(UNKNOWN)),
        (rows.stopped_for.isin(columns.numbers_of_reasons(rule.stopped_for)), columns.verdict(MET)),
        otherwise=columns.verdict(NOT_MET),
    )
    return ibis.least(timed, stopped)


def _timed(rule: TreatmentRule, rows: Table, staged: Staged, context: Context) -> Value:
    """Say whether a treatment lies in the time asked."""
    if rule.when == "ever":
        return columns.verdict(MET)
    if rule.days is not None and context.anchored_on is None:
        return columns.verdict(UNKNOWN)
    going = choose(
        (rows.until.isnull(), columns.verdict(UNKNOWN)),
        (rows.until >= day_literal(context.day), columns.verdict(MET)),
        otherwise=columns.verdict(NOT_MET),
    )
    if rule.when == "now":
        return going
    anchored = context.anchored_on or context.day
    if rule.when == "started-within":
        first = day_literal(days_after(anchored, -(rule.days or 0)))
        is_certain = rows.begun >= first
        recent = choose((is_certain, columns.verdict(MET)), otherwise=columns.verdict(UNKNOWN))
        is_recent = rows.since >= first
        return choose((is_recent, ibis.least(going, recent)), otherwise=columns.verdict(NOT_MET))
    return _washed_out(rule, rows, staged, context)


def _washed_out(rule: TreatmentRule, rows: Table, staged: Staged, context: Context) -> Value:
    """Say whether the last dose lies within the wash-out before the anchor."""
    day, anchored = day_literal(context.day), context.anchored_on or context.day
    earliest = choose(
        (rows.until.isnull(), rows.since), (rows.until > day, day), otherwise=rows.until
    )
    latest = choose((rows.until.isnull() | (rows.until > day), day), otherwise=rows.until)
    lengths: dict[tuple[int, int], list[int]] = {}
    for member in context.terms[rule.fact].members:
        shortest, longest = washout_days(rule, context.medicines[member], context)
        key = floor(shortest), _NEVER if longest is None else floor(longest)
        lengths.setdefault(key, []).append(staged.numbers[member])
    cases = []
    for (shortest_days, longest_days), members in lengths.items():
        is_in = earliest >= day_literal(days_after(anchored, -shortest_days))
        inner = [(is_in, columns.verdict(MET))]
        if longest_days != _NEVER:
            is_out = latest < day_literal(days_after(anchored, -longest_days))
            inner.append((is_out, columns.verdict(NOT_MET)))
        found = choose(*inner, otherwise=columns.verdict(UNKNOWN))
        cases.append((among(rows.term, members), found))
    return choose(*cases, otherwise=columns.verdict(UNKNOWN))


def verdict(rule: TreatmentRule, name: str, wide: Table, context: Context) -> LeafColumns:
    """Give the answer of every person, as `eligibility.kinds.treatment` judges one.

    Parameters
    ----------
    rule : TreatmentRule
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
        By the rule's policy where no record counts, or may.
    """
    silence = silent(rule, wide, context)
    no, perhaps, yes = (wide[f"{name}_{word}"] for word in NAMES.values())
    is_unread = wide[f"{name}_unread"]
    answer = choose(
        (yes, columns.verdict(MET)),
        (perhaps | is_unread, columns.verdict(UNKNOWN)),
        otherwise=silence.verdict,
    )

    first = wide.place(name, TREATED)
    record = chosen(
        (yes | perhaps | no, first), (is_unread, nothing("int16")), otherwise=silence.record
    )
    return LeafColumns(answer, record)
