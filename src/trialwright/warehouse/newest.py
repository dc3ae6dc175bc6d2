"""The newest results of a fact: their answers, which must agree, and the one that decides."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import ibis

from trialwright.protocol.vocabulary import Term
from trialwright.terms.dates import days_after
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity, comparable
from trialwright.warehouse.columns import (
    Context,
    Gathered,
    LeafColumns,
    Prepared,
    first,
    nothing,
)
from trialwright.warehouse.exact import MILLION, UNKNOWN, Line, of_unit, verdict


def conversion(given: str, wanted: str, substance: str) -> tuple[Fraction, Fraction] | None:
    """Give scale and shift that turn one unit into another.

    Parameters
    ----------
    given, wanted : str
        UCUM units.
    substance : str
        Name under which mass and amount convert; may be empty.

    Returns
    -------
    tuple of Fraction, or None
        None when they do not convert.
    """
    try:
        shift = Quantity(Decimal(0), given).exact_in(wanted, substance)
        return Quantity(Decimal(1), given).exact_in(wanted, substance) - shift, shift
    except Refusal:
        return None


def answered(
    fact: str, unit: str, context: Context, judged: Callable[[Line, str], Any], rows: Any
) -> Any:
    """Give the answer of each row of a fact, by the unit in which it stands.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    unit : str
        Unit of the rule.
    context : Context
        Vocabulary and units that occur.
    judged : callable (Line, str) -> ibis value
        Judges a row of one unit.
    rows : ibis table
        Staged results.

    Returns
    -------
    ibis value
        Unknown for a row without number, in a unit that does not convert, that can hardly be
        true, or whose comparator is none.
    """
    term, cases = context.term(fact), []
    for place, given in enumerate(context.staged.units):
        turned, in_term = (conversion(given, each, term.substance) for each in (unit, term.unit))
        if turned is None or in_term is None:
            continue
        answer = judged(of_unit(rows.micro, *turned), given)
        is_true = plausible(rows.micro, in_term, term)
        if is_true is not None:
            answer = ibis.ifelse(is_true, answer, verdict(UNKNOWN))
        cases.append((rows.unit == place, answer))
    if not cases:
        return ibis.ifelse(rows.key.notnull(), verdict(UNKNOWN), verdict(UNKNOWN))
    by_unit = ibis.cases(*cases, else_=verdict(UNKNOWN))
    return ibis.ifelse(rows.micro.notnull() & (rows.comparator >= 0), by_unit, verdict(UNKNOWN))


def plausible(micro: Any, turned: tuple[Fraction, Fraction], term: Term) -> Any:
    """Say whether numbers of one unit can be true of a term.

    Parameters
    ----------
    micro : ibis value
        Millionths in the unit of the row.
    turned : tuple of Fraction
        Scale and shift to the term's unit.
    term : Term
        With its window.

    Returns
    -------
    ibis value or None
        None for a term without a window.
    """
    window = term.plausible
    if window is None:
        return None
    scale, shift = turned
    low = ceil((Fraction(window.at_least) - shift) / scale * MILLION)
    high = floor((Fraction(window.at_most) - shift) / scale * MILLION)
    return (micro >= low) & (micro <= high)


def prepare(fact: str, name: str, answer: Any) -> tuple[Prepared, ...]:
    """Prepare the answer of each of the newest results of a fact.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    name : str
        Name of the leaf.
    answer : ibis value
        Answer of each row of `staged.newest`.

    Returns
    -------
    tuple of Prepared
        One column.
    """
    return (Prepared("newest", name, answer, fact),)


def gather(fact: str, name: str, context: Context) -> tuple[Gathered, ...]:
    """Reduce the answers of the newest results of a fact.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    name : str
        Name of the leaf.
    context : Context
        The facts.

    Returns
    -------
    tuple of Gathered
        Least and greatest answer, and what tells the deciding row.
    """
    rows = context.staged.newest
    own, answer = rows.term == fact, rows[context.prepared[name]]
    columns = {
        f"{name}_least": answer.min(where=own),
        f"{name}_most": answer.max(where=own),
        f"{fact}_on": rows.on.max(where=own),
        f"{fact}_first": rows.key.min(where=own),
        f"{fact}_last": rows.key.max(where=own),
        f"{fact}_micro": rows.micro.argmax(rows.key, where=own),
        f"{fact}_unit": rows.unit.argmax(rows.key, where=own),
        f"{fact}_answer": rows.answer.argmax(rows.key, where=own),
    }
    return (Gathered("newest", rows, columns, lambda reduced: _texts(reduced, context)),)


def _texts(reduced: Any, context: Context) -> dict[str, Any]:
    """Give the newest value of every fact as text."""
    facts = [each.removesuffix("_micro") for each in reduced.columns if each.endswith("_micro")]
    return {f"{fact}_shown": shown(fact, reduced, context) for fact in facts}


def decided(
    fact: str, name: str, within_days: int | None, wide: Any, context: Context
) -> LeafColumns:
    """Give the columns of a leaf on the newest results, where there are any.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    name : str
        Name of the leaf.
    within_days : int or None, days
        How far back from the anchor a result counts.
    wide : ibis table
        One row a person, with the columns that `gather` made.
    context : Context
        Days and units.

    Returns
    -------
    LeafColumns
        The verdict is null where nothing is recorded.
    """
    least, most, on = wide[f"{name}_least"], wide[f"{name}_most"], wide[f"{fact}_on"]
    is_one = least == most
    if within_days is not None:
        is_old = on < days_after(context.anchored_on, -within_days)
        is_one = is_one | is_old
        least = ibis.ifelse(is_old, verdict(UNKNOWN), least)
    found = ibis.ifelse(is_one, least, verdict(UNKNOWN))
    key = ibis.ifelse(is_one, wide[f"{fact}_last"], wide[f"{fact}_first"])
    value = ibis.ifelse(is_one, wide[f"{fact}_shown"], ibis.literal("results disagree"))
    return LeafColumns(
        ibis.ifelse(on.isnull(), ibis.null("int8"), found.cast("int8")),
        key,
        on,
        ibis.ifelse(on.isnull(), ibis.null("string"), value),
    )


def shown(fact: str, wide: Any, context: Context) -> Any:
    """Give the newest value of a fact as text.

    Parameters
    ----------
    fact : str
        Term of the vocabulary.
    wide : ibis table
        One row a person.
    context : Context
        Units.

    Returns
    -------
    ibis value
        E.g. `3.2 10*3/uL`, or the coded answer.
    """
    unit = ibis.cases(
        *((wide[f"{fact}_unit"] == place, each) for place, each in _units(fact, context)),
        else_=ibis.literal(""),
    )
    number = (wide[f"{fact}_micro"] / float(MILLION)).cast("string")
    return first(wide[f"{fact}_answer"], number + ibis.literal(" ") + unit)


def _units(fact: str, context: Context) -> list[tuple[int, str]]:
    """Give the units that convert to that of a fact, with their numbers."""
    term = context.term(fact)
    every = list(enumerate(context.staged.units))
    if not term.unit:
        return every[:1]
    return [(place, each) for place, each in every if comparable(each, term.unit, term.substance)]


def or_silence(found: LeafColumns, spoken: tuple[Any, Any] | None = None) -> LeafColumns:
    """Give the columns of a leaf, by its policy where nothing is recorded.

    Parameters
    ----------
    found : LeafColumns
        Null where nothing is recorded.
    spoken : tuple of ibis value, or None
        Verdict and key of silence; None: unknown.

    Returns
    -------
    LeafColumns
        Never null in its verdict.
    """
    answer, key = spoken or (verdict(UNKNOWN), nothing()[0])
    is_silent = found.verdict.isnull()
    return LeafColumns(
        ibis.ifelse(is_silent, answer, found.verdict).cast("int8"),
        ibis.ifelse(is_silent, key, found.key),
        found.on,
        found.value,
    )
