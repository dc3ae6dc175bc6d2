"""What the kinds of rules share when they are compiled: staged tables, and columns of answers.

Amounts are whole millionths, days are days, and records are numbered as `numbering` says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, get_args

import ibis
from ibis.expr.types import Table, Value

from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import Leaf as LeafRule
from trialwright.terms.omop import StopWord
from trialwright.warehouse.numbering import Numbering

NOT_MET, UNKNOWN, MET, NOT_APPLICABLE = 0, 1, 2, 3
"""Verdicts as numbers: `all` is the least of them, `any` the greatest, `not` is 2 less it."""

NAMES: Mapping[int, str] = {NOT_MET: "not_met", UNKNOWN: "unknown", MET: "met"}
"""Verdicts in the names of columns."""

MILLION = 10**6
"""Amounts are whole numbers of this part of their unit."""

NO_NUMBER = -92 * 10**17
"""Stands for no number where a null would be passed over; no result is so far out."""

ANY_MEDICINE = -2
"""Number of a treatment that may be any: nobody can tell which medicine it was."""

RESULTS = ("observation", "finding")
"""Kinds of terms of which results speak."""

_REASONS: tuple[str, ...] = get_args(StopWord)


def number_of_reason(reason: str) -> int:
    """Give the number that stands for why a treatment ended.

    Parameters
    ----------
    reason : str
        One of `terms.omop.StopWord`.

    Returns
    -------
    int
        From 0; numbers pass from an engine many times faster than words.
    """
    return _REASONS.index(reason)


def numbers_of_reasons(reasons: Iterable[str]) -> list[int]:
    """Give the numbers that stand for why treatments ended.

    Parameters
    ----------
    reasons : iterable of str
        Each as `number_of_reason` takes it.

    Returns
    -------
    list of int
        In the order given.
    """
    return [number_of_reason(each) for each in reasons]


Gathered = Mapping[str, Mapping[str, Value]]
"""By staged table: columns, each with its reduction to one value a person; a column of truths is
whether it holds of any row, and never null."""


@dataclass(frozen=True, slots=True)
class LeafColumns:
    """The answer of a rule for every person, with the record that decides it.

    Attributes
    ----------
    verdict : Value
        `NOT_MET`, `UNKNOWN` or `MET`; never null.
    record : Value or None
        Its place, as `places` numbers them; null without evidence, None: for all.
    """

    verdict: Value
    record: Value | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How results of a term are recorded, but for their number.

    Attributes
    ----------
    term : str
        Name in the protocol's vocabulary.
    unit : str
        UCUM unit; empty for a coded answer, and while it is in question.
    comparator : str
        Empty, or that of the result.
    word : str
        The coded answer, or that it is in question; empty for an amount.
    """

    term: str
    unit: str = ""
    comparator: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A rule without rules below it, under a name of its own.

    Attributes
    ----------
    name : str
        Begins the names of its columns.
    rule : LeafRule
        The rule.
    context : Context
        Days and vocabulary, as one participant is judged by them.
    """

    name: str
    rule: LeafRule
    context: Context


@dataclass(frozen=True, slots=True)
class Bits:
    """Where the answer of a rule on the newest results stands: two bits of one word a person.

    Attributes
    ----------
    word : int
        Which word.
    bit : int
        The first of two bits: 0 for no result, else the verdict and 1.
    """

    word: int
    bit: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Facts of every person as one day knows them, each in one table.

    Attributes
    ----------
    measurements : Table
        person_id, term, on, at (instant, null), code, order (by day, then as they arrive), micro
        (null: no number), shape (number of `shapes`), about (condition_occurrence_id, null), of
        terms of which older results count.
    newest : Table
        person_id, term, on, code, micro, shape: the last result of each person and term; and
        first_code, the first of its day.
    divided : Table
        The same, and at: all results of the newest day of each person and term with several.
    daily : Table
        The same: all results of the newest day, of terms of which several make one answer.
    words : Table
        person_id, `word_<number>`: the answers that `bits` tells; `split_<number>`: the first bit
        of each that results of one day disagree on.
    undated : Table or None
        person_id, term, of results without a day; None: the hospital has none.
    conditions : Table
        person_id, term, since (null: not recorded), until (null), is_confirmed, code, is_history
        (since: when it was told).
    treatments : Table
        person_id, term (number of the medicine), since, until (null), is_ongoing (null: not
        recorded), is_local, stopped_for (number of the reason; null), code.
    coverage : Table
        person_id, since, until, code.
    people : Table
        person_id, sex (`female`, `male`, null), born_first, born_last (whole numbers of
        year, month and day between which birth lies; null).
    numbers : mapping of str to int
        Number of each term and medicine: column `term`.
    shapes : tuple of Shape
        By number.
    bits : mapping of str to Bits
        By the name of the leaf.
    numbering : Numbering
        Of records.
    """

    measurements: Table
    newest: Table
    divided: Table
    daily: Table
    words: Table
    undated: Table | None
    conditions: Table
    treatments: Table
    coverage: Table
    people: Table
    numbers: Mapping[str, int]
    shapes: tuple[Shape, ...]
    bits: Mapping[str, Bits]
    numbering: Numbering

    def shaped(self, term: str, words: Iterable[str]) -> list[int]:
        """Give the numbers of the shapes of a term with one of some coded answers.

        Parameters
        ----------
        term : str
            Name in the protocol's vocabulary.
        words : iterable of str
            Answers.

        Returns
        -------
        list of int
            For `among`.
        """
        wanted = frozenset(words)
        return [number for number, each in self.shapes_of(term) if each.word in wanted]

    def daily_of(self, term: str) -> Table:
        """Give the results of the newest day of a term.

        Parameters
        ----------
        term : str
            Name in the protocol's vocabulary.

        Returns
        -------
        Table
            Rows of `daily`.
        """
        return self.daily.filter(self.daily.term == self.numbers[term])

    def shapes_of(self, term: str) -> list[tuple[int, Shape]]:
        """Give the shapes of a term with their numbers.

        Parameters
        ----------
        term : str
            Name in the protocol's vocabulary.

        Returns
        -------
        list of (int, Shape)
            In order.
        """
        return [pair for pair in enumerate(self.shapes) if pair[1].term == term]


def together(*gathered: Gathered) -> Gathered:
    """Put together what several rules, or parts of one, gather.

    Parameters
    ----------
    *gathered : Gathered
        Columns by staged table; equal names are equal columns.

    Returns
    -------
    Gathered
        All of them.
    """
    whole: dict[str, dict[str, Value]] = {}
    for each in gathered:
        for source, columns in each.items():
            whole.setdefault(source, {}).update(columns)
    return whole


@lru_cache(maxsize=8)
def verdict(number: int) -> Value:
    """Give a verdict as a constant.

    Parameters
    ----------
    number : int
        One of the four.

    Returns
    -------
    Value
        One byte wide.
    """
    return ibis.literal(number, "int8")


def choose(*cases: tuple[Any, Any], otherwise: Any) -> Value:
    """Give the value of the first case that holds.

    Parameters
    ----------
    *cases : tuple of (Value, object)
        Conditions with values; a condition that is null does not hold.
    otherwise : object
        The value when none holds.

    Returns
    -------
    Value
        A `CASE` expression.
    """
    if not cases:
        return otherwise if isinstance(otherwise, Value) else ibis.literal(otherwise)
    return ibis.cases(*cases, else_=otherwise)


def among(column: Value, numbers: Iterable[int]) -> Value:
    """Say whether a number is one of some.

    Parameters
    ----------
    column : Value
        A whole number.
    numbers : iterable of int
        May be empty: then it is none of them.

    Returns
    -------
    Value
        A truth.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        return column != column  # null of null, as for the others
    if len(wanted) > 2 and wanted[-1] - wanted[0] == len(wanted) - 1:
        return (column >= wanted[0]) & (column <= wanted[-1])
    return column.isin(wanted)


@lru_cache(maxsize=32)
def nothing(kind: str) -> Value:
    """Give a null of a type.

    Parameters
    ----------
    kind : str
        Ibis type, e.g. `int64`.

    Returns
    -------
    Value
        Null.
    """
    return ibis.null(kind)


def day_literal(day: date) -> Value:
    """Give a day as a constant.

    Parameters
    ----------
    day : date
        The day.

    Returns
    -------
    Value
        Of type date.
    """
    return ibis.literal(day, "date")


def chosen(*cases: tuple[Any, Value | None], otherwise: Value | None = None) -> Value | None:
    """Give the place of the record of the first case that holds.

    Parameters
    ----------
    *cases : tuple of (Value, Value or None)
        Conditions with places.
    otherwise : Value or None
        The place when none holds; None: none.

    Returns
    -------
    Value or None
        None where no case has one.
    """
    if otherwise is None and all(place is None for _, place in cases):
        return None
    none = nothing("int16")
    return choose(
        *((holds, none if place is None else place) for holds, place in cases),
        otherwise=none if otherwise is None else otherwise,
    )
