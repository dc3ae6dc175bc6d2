"""Results of the assays: values, units, ranges, days, and what goes wrong with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from trialwright.virtual.assays import ASSAYS, Assay, Form
from trialwright.virtual.concepts import LOINC, UNIT
from trialwright.virtual.rows import (
    COMPARATORS,
    MARGINS,
    MILLION,
    NO_NUMBER,
    NOTHING,
    RESULT,
    SPELLINGS,
    STATUSES,
    Rows,
    Truth,
    Whole,
    rows,
)

_UNREADABLE = SPELLINGS.index("furlong")


def millionths(number: str) -> int:
    """Give a decimal as a whole number of millionths.

    Parameters
    ----------
    number : str
        E.g. `25.65`.

    Returns
    -------
    int
        E.g. 25650000.
    """
    return int(Fraction(number) * MILLION)


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of an assay as columns, one place a form.

    Attributes
    ----------
    upto : ndarray of float
        Cumulative share of the forms.
    concept, unit, spelling, margin, least, step : ndarray of int
        What each form is reported with; `step` is one unit of its last digit, in millionths.
    middle, spread : ndarray of float
        In millionths; the spread of a skewed form is that of the logarithm.
    is_skewed : ndarray of bool
        Which forms are skewed.
    most : ndarray of int, millionths
        Largest value of each.
    edge_times, edge_plus : ndarray of int, shape (forms, edges)
        An edge is `edge_times / 100` upper limits of normal plus `edge_plus` millionths.
    edges, ranges : ndarray of int
        How many each form has.
    low, high : ndarray of int, shape (forms, ranges)
        Reference ranges, in millionths.
    wrong_unit : int
        A unit in which the value cannot be true.
    """

    upto: NDArray[np.float64]
    concept: Whole
    unit: Whole
    spelling: Whole
    margin: Whole
    least: Whole
    step: Whole
    middle: NDArray[np.float64]
    spread: NDArray[np.float64]
    is_skewed: Truth
    most: Whole
    edge_times: Whole
    edge_plus: Whole
    edges: Whole
    ranges: Whole
    low: Whole
    high: Whole
    wrong_unit: int


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Values of some results, with the ranges beside them."""

    micro: Whole
    low: Whole
    high: Whole


def draw_assays(
    generator: np.random.Generator, has_cancer: Truth, is_female: Truth
) -> Iterator[Rows]:
    """Draw the results of every assay.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    has_cancer, is_female : ndarray of bool, shape (people,)
        Of whom more is measured; hormones are measured in women.

    Yields
    ------
    ndarray of RESULT
        Of one assay: within two weeks before screening, older, later, twice on a day, twice
        entered, and not final.
    """
    for assay, table in zip(ASSAYS, TABLES, strict=True):
        share = np.where(has_cancer, assay.in_cancer, assay.in_others)
        if MARGINS[int(table.margin.max())]:
            share = np.where(is_female, share, 0)
        who = np.flatnonzero(generator.random(len(share)) < share)
        yield _draw(generator, table, assay.edge_share, who, has_cancer[who])


def _draw(
    generator: np.random.Generator, table: Forms, edge_share: float, who: Whole, is_busy: Truth
) -> Rows:
    """Draw the results of one assay in some people."""
    chance = generator.random((6, len(who)))
    form = np.searchsorted(table.upto, chance[0])
    day = -(chance[1] * 14).astype(np.int64)
    day = np.where(chance[2] < 0.04, -(28 + chance[1] * 300).astype(np.int64), day)
    base = _rows(generator, table, edge_share, who, form, day)
    often = np.where(is_busy, 1.0, 0.3)
    kinds = np.searchsorted(np.cumsum([0.25, 0.06, 0.03, 0.03]), chance[3] / often)
    more = np.flatnonzero(kinds < 4)
    kind = kinds[more]
    shift = chance[4][more]
    days = np.select(
        [kind == 0, kind == 1],
        [-(30 + shift * 700).astype(np.int64), 1 + (shift * 30).astype(np.int64)],
        day[more],
    )
    again = _rows(generator, table, edge_share, who[more], form[more], days)
    is_error = kind == 3
    error = np.where(shift < 0.5, STATUSES.index("preliminary"), STATUSES.index("entered-in-error"))
    again["status"] = np.where(is_error, error, again["status"])
    twice = base[chance[5] < 0.02 * often]
    return np.concatenate([base, again, twice])


def _rows(
    generator: np.random.Generator,
    table: Forms,
    edge_share: float,
    who: Whole,
    form: Whole,
    day: Whole,
) -> Rows:
    """Give results of given people, forms and days."""
    chance = generator.random((7, len(who)))
    amounts = _amounts(generator, table, form, chance[0] < edge_share)
    micro, comparator = _compared(table, form, amounts.micro, chance[1])
    unit, spelling = _units(table, form, chance[2])
    has_range = chance[3] >= 0.06
    status = np.select([chance[4] < 0.02, chance[4] < 0.04], [1, 2], 0)
    minute = np.where(chance[5] < 0.7, 360 + (chance[6] * 720).astype(np.int64), NOTHING)
    return rows(
        RESULT,
        who,
        concept=table.concept[form],
        day=day,
        minute=minute,
        comparator=comparator,
        micro=micro,
        unit=unit,
        spelling=spelling,
        low=np.where(has_range, amounts.low, NO_NUMBER),
        high=np.where(has_range, amounts.high, NO_NUMBER),
        margin=np.where(has_range, table.margin[form], 0),
        status=status,
    )


def _amounts(generator: np.random.Generator, table: Forms, form: Whole, is_edge: Truth) -> _Amounts:
    """Give values, some exactly at the limit of a criterion, and their ranges."""
    normal = generator.standard_normal(len(form))
    pick = generator.random((2, len(form)))
    spread, middle = table.spread[form] * normal, table.middle[form]
    skewed = table.is_skewed[form]
    plain = np.where(skewed, middle * np.exp(np.where(skewed, spread, 0)), middle + spread)
    step = table.step[form]
    micro = np.rint(np.clip(plain, 0, table.most[form]) / step).astype(np.int64) * step
    place = (pick[0] * table.ranges[form]).astype(np.int64)
    low, high = table.low[form, place], table.high[form, place]
    edge = (pick[1] * table.edges[form]).astype(np.int64)
    times = table.edge_times[form, edge]
    exact = table.edge_plus[form, edge] + np.where(times > 0, high, 0) * times // 100
    return _Amounts(np.where(is_edge, exact, micro), low, high)


def _compared(
    table: Forms, form: Whole, micro: Whole, chance: NDArray[np.float64]
) -> tuple[Whole, Whole]:
    """Let some values be missing, and some be said by a comparator alone."""
    least = table.least[form]
    is_least = (chance > 0.985) & (least != NO_NUMBER)
    micro = np.where(is_least, least, np.where(chance < 0.015, NO_NUMBER, micro))
    sign = np.select(
        [is_least, (chance > 0.015) & (chance < 0.025)],
        [COMPARATORS.index("<"), (1 + (chance * 4000).astype(np.int64) % 4)],
        0,
    )
    return micro, sign


def _units(table: Forms, form: Whole, chance: NDArray[np.float64]) -> tuple[Whole, Whole]:
    """Give the unit: coded, spelled, missing, wrong or unreadable."""
    spelling = table.spelling[form]
    is_spelled = (chance > 0.8) & (spelling != NOTHING)
    is_unreadable = (chance > 0.022) & (chance < 0.025)
    is_wrong = (chance > 0.01) & (chance < 0.02) & (table.wrong_unit != NOTHING)
    is_coded = (chance >= 0.01) & ~is_spelled & ~is_unreadable
    unit = np.where(is_coded, table.unit[form], NOTHING)
    unit = np.where(is_wrong, table.wrong_unit, unit)
    return unit, np.where(is_spelled, spelling, np.where(is_unreadable, _UNREADABLE, NOTHING))


def _table(assay: Assay) -> Forms:
    """Lay an assay out in columns."""
    forms = assay.forms
    edges = [[_edge(text) for text in form.edges] for form in forms]
    return Forms(
        upto=np.cumsum([form.weight for form in forms]) / sum(form.weight for form in forms),
        concept=np.array([LOINC[form.code] for form in forms]),
        unit=np.array([UNIT[form.unit] for form in forms]),
        spelling=np.array([_spelled(form) for form in forms]),
        margin=np.array([MARGINS.index(form.margin) for form in forms]),
        least=np.array([millionths(form.least) if form.least else NO_NUMBER for form in forms]),
        step=np.array([10 ** (6 - form.digits) for form in forms]),
        middle=np.array([form.middle * MILLION for form in forms]),
        spread=np.array([form.spread * (1 if form.is_skewed else MILLION) for form in forms]),
        is_skewed=np.array([form.is_skewed for form in forms]),
        most=np.array([(100 if form.unit == "%" else 10**7) * MILLION for form in forms]),
        edge_times=_padded([[times for times, _ in each] for each in edges]),
        edge_plus=_padded([[plus for _, plus in each] for each in edges]),
        edges=np.array([len(each) for each in edges]),
        ranges=np.array([max(1, len(form.ranges)) for form in forms]),
        low=_padded([[millionths(low) for low, _ in form.ranges] for form in forms]),
        high=_padded([[millionths(high) for _, high in form.ranges] for form in forms]),
        wrong_unit=UNIT[assay.wrong_unit] if assay.wrong_unit else NOTHING,
    )


def _spelled(form: Form) -> int:
    """Give the number of a form's spelling without a code."""
    return SPELLINGS.index(form.spelling) if form.spelling else NOTHING


def _edge(text: str) -> tuple[int, int]:
    """Read an edge: hundredths of the upper limit of normal, and millionths to add."""
    times, is_multiple, plus = text.partition("x")
    if not is_multiple:
        return 0, millionths(text)
    return int(Fraction(times) * 100), millionths(plus or "0")


def _padded(lists: Sequence[Sequence[int]]) -> Whole:
    """Lay lists side by side, those that are shorter filled up."""
    longest = max(1, *(len(each) for each in lists))
    return np.array([[*each, *[NO_NUMBER] * (longest - len(each))] for each in lists])


TABLES = tuple(_table(assay) for assay in ASSAYS)
"""The assays as columns, in the order of `ASSAYS`."""
