"""Who the people are: sex, date of birth, and the outline of their disease."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trialwright.virtual.rows import PERIOD, Rows, Truth, Whole, rows

BLOCK = 1000
"""People drawn together from one generator; the same whatever the size of the population."""

EDGE_AGES = (60, 61, 18, 82)
"""Ages, years, that some have reached exactly on the screening day, or reach a day later."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What population is drawn.

    Attributes
    ----------
    screening : date
        The day that all other days are counted from; results may also lie after it.
    cancer_share : float
        Share of people with breast cancer, 0 to 1.
    """

    screening: date
    cancer_share: float = 0.25

    @property
    def day_number(self) -> int:
        """The screening day, in days since 1970-01-01."""
        return (self.screening - _EPOCH).days


@dataclass(frozen=True, slots=True)
class People:
    """The people of a block, one a place in each array.

    Attributes
    ----------
    is_female : ndarray of bool
        Administrative sex.
    year, month, day : ndarray of int
        Date of birth.
    known : ndarray of int
        How much of the date of birth is recorded: 1 the year, 2 the month too, 3 all of it.
    age : ndarray of int, years
        About the age on the screening day.
    has_cancer : ndarray of bool
        Whether they have breast cancer.
    is_metastatic : ndarray of bool
        Whether it has spread.
    cancer_day, spread_day : ndarray of int, days from screening
        Day of its diagnosis and of its spread.
    """

    is_female: Truth
    year: Whole
    month: Whole
    day: Whole
    known: Whole
    age: Whole
    has_cancer: Truth
    is_metastatic: Truth
    cancer_day: Whole
    spread_day: Whole

    def first(self, size: int) -> "People":
        """Keep the first people alone.

        Parameters
        ----------
        size : int
            How many.

        Returns
        -------
        People
            The same people, fewer of them.
        """
        return People(*(getattr(self, field.name)[:size] for field in fields(self)))


def draw_people(generator: np.random.Generator, plan: Plan) -> People:
    """Draw the people of one block.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    plan : Plan
        What population.

    Returns
    -------
    People
        `BLOCK` of them.
    """
    chance = generator.random((8, BLOCK))
    normal = generator.standard_normal(BLOCK)
    has_cancer = chance[0] < plan.cancer_share
    is_female = np.where(has_cancer, chance[1] < 0.985, chance[1] < 0.52)
    age = np.where(has_cancer, 61 + 10 * normal, 52 + 17 * normal)
    age = np.clip(age, 20, 94).astype(np.int64)
    year, month, day, age = _births(generator, plan, age, chance[2] < 0.08)
    known = np.select([chance[3] < 0.03, chance[3] < 0.05], [1, 2], 3)
    cancer_day = -(120 + chance[4] ** 2 * 4800).astype(np.int64)
    from_start = chance[5] < 0.25
    share = np.where(from_start, 1.0, 0.15 + 0.7 * chance[6])
    spread_day = -(-cancer_day * share).astype(np.int64)
    is_metastatic = has_cancer & (chance[7] < 0.85)
    return People(
        is_female, year, month, day, known, age, has_cancer, is_metastatic, cancer_day, spread_day
    )


def draw_periods(generator: np.random.Generator) -> Rows:
    """Draw over which days each record is known to be complete.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.

    Returns
    -------
    ndarray of PERIOD
        Mostly the ten years before screening; some short, some none, some that end early, some
        with a gap, some that begin at the look-back of a criterion.
    """
    chance = generator.random((4, BLOCK))
    person = np.arange(BLOCK)
    since = -3650 - (chance[1] * 1500).astype(np.int64)
    until = (chance[2] * 60).astype(np.int64)
    kind = np.searchsorted(np.cumsum([0.80, 0.07, 0.05, 0.04]), chance[0])
    edges = np.array([-365, -366, -1824, -1825, -1826, -1840])
    since = np.where(kind == 1, -(200 + chance[1] * 1300).astype(np.int64), since)
    since = np.where(kind == 3, edges[(chance[3] * len(edges)).astype(np.int64)], since)
    until = np.where(kind == 2, -(10 + chance[2] * 390).astype(np.int64), until)
    until = np.where((kind == 0) & (chance[3] < 0.05), 0, until)
    has_any = kind < 4
    has_gap = has_any & (chance[3] > 0.97) & (since < -900)
    first_end = np.where(has_gap, -700, until)
    return np.concatenate(
        [
            rows(PERIOD, person[has_any], since=since[has_any], until=first_end[has_any]),
            rows(PERIOD, person[has_gap], since=-500, until=until[has_gap]),
        ]
    )


def _births(
    generator: np.random.Generator, plan: Plan, age: Whole, is_edge: Truth
) -> tuple[Whole, Whole, Whole, Whole]:
    """Give year, month and day of birth, some of them just about an age that a criterion names."""
    place = generator.integers(0, len(EDGE_AGES), BLOCK)
    shift = generator.integers(-1, 2, BLOCK)
    dates = np.array([_born(plan.screening, each) for each in EDGE_AGES], dtype="datetime64[D]")
    exact = dates[place] + shift
    ends = np.datetime64(plan.screening) - (age * 365.25).astype(np.int64)
    born: NDArray[Any] = np.where(is_edge, exact, ends - generator.integers(0, 365, BLOCK))
    months = born.astype("datetime64[M]")
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (born - months.astype("datetime64[D]")).astype(np.int64) + 1
    return year, month, day, np.where(is_edge, np.array(EDGE_AGES)[place], age)


def _born(screening: date, age: int) -> date:
    """Give the birth date of somebody who reaches an age on the screening day."""
    try:
        return screening.replace(year=screening.year - age)
    except ValueError:  # 29 February
        return date(screening.year - age, 3, 1)
