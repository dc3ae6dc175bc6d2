"""A medicine or treatment of a set, set at a time; a wash-out is counted from the last dose."""

from math import floor
from typing import Any

import ibis

from trialwright.eligibility.context import Context as Judging
from trialwright.eligibility.kinds.treatment import washout_days
from trialwright.protocol.event_rules import TreatmentRule
from trialwright.warehouse import silence
from trialwright.warehouse.columns import (
    FIRST_OF_MEMBER,
    Context,
    Gathered,
    LeafColumns,
    Prepared,
    first,
)
from trialwright.warehouse.exact import MET, NOT_MET, UNKNOWN, verdict, yes_no


def prepare(rule: TreatmentRule, name: str, context: Context) -> tuple[Prepared, ...]:
    """Prepare the answer of each record of the set, and the order of the records.

    Parameters
    ----------
    rule : TreatmentRule
        Set, time and reasons for stopping.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Prepared
        The answer is null for a record of no member, or applied locally.
    """
    rows = context.staged.treatments
    members = context.term(rule.fact).members
    own = rows.medicine.isin(list(members)) & ~rows.is_local
    answer = ibis.least(_timed(rule, rows, context), _stopped(rule, rows))
    return (
        Prepared("treatments", name, ibis.ifelse(own, answer, ibis.null("int8"))),
        Prepared("treatments", f"order_{rule.fact}", member_order(members, rows), kind="int64"),
    )


def gather(rule: TreatmentRule, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce the records of a set of medicines.

    Parameters
    ----------
    rule : TreatmentRule
        Set, time and reasons for stopping.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        The greatest answer, and the first record of each answer.
    """
    rows = context.staged.treatments
    answer = rows[context.prepared[name]]
    order = rows[context.prepared[f"order_{rule.fact}"]]
    columns = {f"{name}_most": answer.max()}
    for number in (NOT_MET, UNKNOWN, MET):
        is_it = answer == number
        columns[f"{name}_row_{number}"] = order.min(where=is_it)
        columns[f"{name}_on_{number}"] = first(rows.until, rows.since).argmin(order, where=is_it)
        columns[f"{name}_what_{number}"] = rows.medicine.argmin(order, where=is_it)
    return (Gathered("treatments", rows, columns), *silence.gather(rule, context))


def member_order(members: tuple[str, ...], rows: Any) -> Any:
    """Give the order of records: by member of the set, then by arrival.

    Parameters
    ----------
    members : tuple of str
        Medicines of the set.
    rows : ibis table
        Staged treatments.

    Returns
    -------
    ibis value
        Whole numbers.
    """
    place = ibis.cases(
        *((rows.medicine == member, number) for number, member in enumerate(members)),
        else_=len(members),
    )
    return place.cast("int64") * FIRST_OF_MEMBER + rows.key


def _stopped(rule: TreatmentRule, rows: Any) -> Any:
    """Say whether a treatment ended for one of the reasons asked."""
    if not rule.stopped_for:
        return verdict(MET)
    is_among = yes_no(rows.stopped_for.fill_null("").isin(list(rule.stopped_for)))
    return ibis.ifelse(rows.stopped_for.isnull(), verdict(UNKNOWN), is_among)


def _timed(rule: TreatmentRule, rows: Any, context: Context) -> Any:
    """Say whether a treatment lies in the time asked."""
    match rule.when:
        case "ever":
            return verdict(MET)
        case "now":
            return _going(rows, context)
        case "started-within":
            begun = (ibis.literal(context.anchored_on).delta(rows.since, unit="day")).cast("int64")
            recent = yes_no(begun <= (rule.days or 0))
            return ibis.least(_going(rows, context), recent)
        case _:
            return _washed_out(rule, rows, context)


def _going(rows: Any, context: Context) -> Any:
    """Say whether a treatment goes on at the day judged; no end decides nothing."""
    goes_on = yes_no(rows.until >= context.day)
    return ibis.ifelse(rows.until.isnull(), verdict(UNKNOWN), goes_on)


def _washed_out(rule: TreatmentRule, rows: Any, context: Context) -> Any:
    """Say whether the last dose lies within the wash-out before the anchor."""
    day, anchored = ibis.literal(context.day), ibis.literal(context.anchored_on)
    ended = ibis.ifelse(rows.until > day, day, rows.until)  # null where no end is recorded
    earliest, latest = ibis.coalesce(ended, rows.since), ibis.coalesce(ended, day)
    since_latest = anchored.delta(latest, unit="day").cast("int64")
    since_earliest = anchored.delta(earliest, unit="day").cast("int64")
    cases = []
    for shortest, longest, members in _lengths(rule, context):
        answer = ibis.cases(
            (since_earliest <= shortest, verdict(MET)),
            (since_latest > longest, verdict(NOT_MET)),
            else_=verdict(UNKNOWN),
        )
        cases.append((rows.medicine.isin(members), answer))
    return ibis.cases(*cases, else_=verdict(UNKNOWN))


def _lengths(rule: TreatmentRule, context: Context) -> list[tuple[int, int, list[str]]]:
    """Give how long the wash-out lasts in whole days, and for which members."""
    terms, medicines = context.study.terms, context.study.medicines
    judging = Judging("", context.day, {}, "registration", terms, medicines)
    found: dict[tuple[int, int], list[str]] = {}
    for member in context.term(rule.fact).members:
        shortest, longest = washout_days(rule, medicines[member], judging)
        last = _NEVER if longest is None else floor(longest)
        found.setdefault((floor(shortest), last), []).append(member)
    return [(*lengths, members) for lengths, members in found.items()]


_NEVER = 10**9


def compile_leaf(rule: TreatmentRule, name: str, wide: Any, context: Context) -> LeafColumns:
    """Give the columns of the leaf.

    Parameters
    ----------
    rule : TreatmentRule
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
        As `eligibility.kinds.treatment` judges.
    """
    silent, period = silence.silent(rule, wide, context)
    most = wide[f"{name}_most"].fill_null(NOT_MET)
    order = (MET, UNKNOWN, NOT_MET)
    rows = {number: wide[f"{name}_row_{number}"] for number in order}

    def deciding(column: str) -> Any:
        return ibis.cases(
            *((most == number, wide[f"{name}_{column}_{number}"]) for number in order),
            else_=wide[f"{name}_{column}_{NOT_MET}"],
        )

    key = ibis.cases(*((most == number, rows[number]) for number in order), else_=rows[NOT_MET])
    return LeafColumns(
        ibis.ifelse(most == NOT_MET, silent, most).cast("int8"),
        first(key % FIRST_OF_MEMBER, period),
        deciding("on"),
        deciding("what"),
    )
