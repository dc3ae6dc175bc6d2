"""What the compiled kinds share: the staged facts, the days, and the columns of a leaf."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import ibis

from trialwright.eligibility.context import LaboratoryRange
from trialwright.protocol.study import Study
from trialwright.protocol.vocabulary import Term
from trialwright.terms.omop import ORIGINS

FIRST_OF_ORIGIN = 1 << 40
"""Rows of one table are numbered from a multiple of this, in the order of `terms.omop.ORIGINS`."""

TABLES = (*ORIGINS, "person", "observation_period")
"""Tables whose rows decide, by the number with which their keys begin."""

FIRST_OF_MEMBER = 1 << 43
"""Records of one medicine of a set are numbered from a multiple of this."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Facts of the protocol's terms up to the day judged, one row a fact.

    Attributes
    ----------
    people : ibis table
        person_id, sex ('female', 'male' or null), year, month, day of birth.
    measurements : ibis table
        person_id, term, on, at, key (order of arrival), micro, comparator, unit, answer,
        low, high, about.
    newest : ibis table
        Those of the newest day of a person and term.
    conditions : ibis table
        person_id, term, since, until, is_confirmed, key.
    treatments : ibis table
        person_id, medicine, since, until, is_local, stopped_for, key.
    periods : ibis table
        person_id, period_id, since, until.
    units : tuple of str
        UCUM units by their number.
    """

    people: Any
    measurements: Any
    newest: Any
    conditions: Any
    treatments: Any
    periods: Any
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances under which a criterion is compiled.

    Attributes
    ----------
    study : Study
        Vocabulary and medicines.
    day : date
        The day judged.
    anchored_on : date
        The anchor's day.
    staged : Staged
        The facts.
    keep : callable (ibis table) -> ibis table
        Makes the engine work a table out once and keep it, so that its columns are not worked out
        again in every place that names them.
    laboratory : tuple of LaboratoryRange
        The institution's table of reference ranges.
    prepared : mapping of str to str
        Name of what a leaf prepared to the column of the staged table that holds it.
    """

    study: Study
    day: date
    anchored_on: date
    staged: Staged
    keep: Callable[[Any], Any]
    laboratory: tuple[LaboratoryRange, ...] = ()
    prepared: Mapping[str, str] = field(default_factory=dict)

    def term(self, name: str) -> Term:
        """Give a term of the vocabulary.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        Term
            As the protocol has it.
        """
        return self.study.terms[name]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A column over the rows of a staged table, worked out before anything is reduced.

    Attributes
    ----------
    source : {'newest', 'treatments'}
        Which staged table.
    name : str
        Under which the leaf asks for it.
    value : ibis value
        Of each row.
    fact : str
        Term whose rows alone it is for: columns of other terms share its place; empty for all.
    kind : str
        Type of the column.
    """

    source: Literal["newest", "treatments"]
    name: str
    value: Any
    fact: str = ""
    kind: str = "int8"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Reductions over one staged table, made once a person.

    Attributes
    ----------
    source : str
        Name of the table; reductions of equal names are made in one go.
    table : ibis table
        With a person_id.
    columns : mapping of str to ibis value
        Name of the column to its reduction; equal names are equal reductions.
    after : callable (ibis table) -> mapping of str to ibis value, or None
        Further columns made of the reductions.
    """

    source: str
    table: Any
    columns: Mapping[str, Any] = field(default_factory=dict)
    after: Callable[[Any], Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class LeafColumns:
    """The columns of one leaf, over the row of one person.

    Attributes
    ----------
    verdict : ibis value
        0, 1 or 2.
    key : ibis value
        Order of arrival of the deciding row; null when there is none.
    on : ibis value
        Its day.
    value : ibis value
        Its value, as text.
    """

    verdict: Any
    key: Any
    on: Any
    value: Any


def nothing() -> tuple[Any, Any, Any]:
    """Give no row, no day and no value.

    Returns
    -------
    tuple of ibis value
        Nulls of their types.
    """
    return ibis.null("int64"), ibis.null("date"), ibis.null("string")


def row_of(key: Any) -> Any:
    """Name the row of an order of arrival.

    Parameters
    ----------
    key : ibis value
        Order of arrival; null gives null.

    Returns
    -------
    ibis value
        E.g. `measurement/123`.
    """
    origin = (key // FIRST_OF_ORIGIN) % (FIRST_OF_MEMBER // FIRST_OF_ORIGIN)
    place = (key % FIRST_OF_ORIGIN).cast("int64").cast("string")
    named = ibis.cases(
        *((origin == number, ibis.literal(f"{table}/")) for number, table in enumerate(TABLES)),
        else_=ibis.null("string"),
    )
    return named + place


def key_in(table: str, number: Any) -> Any:
    """Give the order of arrival of a row.

    Parameters
    ----------
    table : str
        One of `TABLES`.
    number : ibis value
        Its id.

    Returns
    -------
    ibis value
        Whole number; null for null.
    """
    return number.cast("int64") + TABLES.index(table) * FIRST_OF_ORIGIN


def first(*columns: Any) -> Any:
    """Give the first that is not null.

    Parameters
    ----------
    *columns : ibis value
        Of one type.

    Returns
    -------
    ibis value
        Null when all are.
    """
    return ibis.coalesce(*columns)
