"""What the people were given: lines of cancer therapy, other medicines, daily routine.

The last line ends in some people 13, 14 or 15 days before screening, in others on the day, after
it, or nowhere: an exposure without an end is common in a hospital's tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.virtual.concepts import MEDICINE, PRODUCT, place_of
from trialwright.virtual.medicine_codes import ROUTINE_MEDICINES
from trialwright.virtual.people import BLOCK, People
from trialwright.virtual.rows import (
    EXPOSURE,
    INTENTS,
    NO_DAY,
    NOTHING,
    STOPS,
    Rows,
    Truth,
    Whole,
    rows,
)

LINES = (
    (("letrozole", "palbociclib"), 0.24),
    (("anastrozole", "ribociclib"), 0.1),
    (("fulvestrant", "abemaciclib"), 0.12),
    (("letrozole",), 0.08),
    (("fulvestrant",), 0.1),
    (("exemestane", "everolimus"), 0.07),
    (("fulvestrant", "alpelisib"), 0.05),
    (("capecitabine",), 0.1),
    (("paclitaxel",), 0.06),
    (("tamoxifen",), 0.03),
    (("fulvestrant", "capivasertib"), 0.025),
    (("paclitaxel", "ipatasertib"), 0.015),
    (("fulvestrant", "palbociclib"), 0.01),
)
"""Regimens for metastatic disease, and how often each is a line."""

MOST_LINES_GIVEN = 4
"""Most lines of a person."""

LAST_DOSE_EDGES = (-13, -14, -15, 0, -1, -28, 5)
"""Days from screening on which the last line ends in some people."""

_CHEMOTHERAPY = frozenset({"capecitabine", "paclitaxel"})
_ORAL, _TOPICAL = place_of("SNOMEDCT", "26643006"), place_of("SNOMEDCT", "6064005")
_ROUTINE = np.array([MEDICINE[name] for name, _ in ROUTINE_MEDICINES])
_SUPPLIES, _SUPPLY = 3, 30  # how many, and for how many days each
_ROUTINE_EACH = 5  # at least so many exposures a person
_STOPPED = np.cumsum([0.62, 0.14, 0.05, 0.04])  # progression, toxicity, completed, refused


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a medicine beside the cancer therapy is taken, and when it ends.

    Attributes
    ----------
    names : tuple of str
        Medicines, one of which each person has.
    in_cancer, in_others : float
        Share of people with breast cancer, and of the others.
    ends : tuple of int
        Days from screening of the last dose in some.
    starts : tuple of int
        Days from screening of the first dose in some.
    ongoing : float
        Share without an end.
    topical : float
        Share applied to the skin.
    because : str
        Condition for which some of those who have it take the medicine; empty: none.
    in_those : float
        Share of the people with that condition.
    supplied : float
        Share of those without an end who are on record by three supplies of 30 days instead, the
        last of which begins on one of the days of `starts`.
    """

    names: tuple[str, ...]
    in_cancer: float
    in_others: float
    ends: tuple[int, ...] = (-200,)
    starts: tuple[int, ...] = ()
    ongoing: float = 0.4
    topical: float = 0.0
    because: str = ""
    in_those: float = 0.7
    supplied: float = 0.0


_TWO_WEEKS = (-12, -13, -14, -15, -7, -200)

HABITS = (
    Habit(("ketoconazole",), 0.03, 0.01, _TWO_WEEKS, (), 0.2, 0.5),
    Habit(("clarithromycin", "voriconazole"), 0.04, 0.02, (*_TWO_WEEKS, -1200), (), 0.05),
    Habit(("enzalutamide",), 0.008, 0.004, (-28, -29, -30, -14), (), 0.1),
    Habit(("carbamazepine", "phenytoin"), 0.012, 0.01, (-15, -400, -1200), (), 0.5),
    Habit(("atazanavir", "dolutegravir"), 0.001, 0.001, (-300,), (), 0.8, because="hiv"),
    Habit(
        ("metformin",),
        0.01,
        0.01,
        (-400,),
        (-12, -13, -14, -15),
        0.7,
        because="type-2-diabetes",
        supplied=0.3,
    ),
    Habit(("insulin glargine",), 0.01, 0.01, (-20, -400), (), 0.6, because="type-1-diabetes"),
    Habit(
        ("insulin glargine",), 0, 0, (-20, -400), (), 0.7, because="type-2-diabetes", in_those=0.2
    ),
    Habit(
        ("dexamethasone", "prednisone"),
        0.08,
        0.03,
        (-1, -10, -200),
        (),
        0.5,
        because="cns-metastasis",
    ),
    Habit(("goserelin", "leuprolide"), 0.1, 0.002, (-28, -90), (), 0.75),
)
"""Medicines beside the cancer therapy that criteria ask for."""


def draw_treatments(
    generator: np.random.Generator, people: People, has: Mapping[str, Truth]
) -> Iterator[Rows]:
    """Draw the medicines of every person.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    people : People
        A whole block.
    has : mapping of str to ndarray of bool
        Who has each of the conditions `because` of which a medicine is taken.

    Yields
    ------
    ndarray of EXPOSURE
        Adjuvant therapy, the lines for metastatic disease, other medicines, daily routine.
    """
    yield from _adjuvant(generator, people)
    yield from _lines(generator, people)
    for habit in HABITS:
        share = np.where(people.has_cancer, habit.in_cancer, habit.in_others)
        if habit.because:
            share = np.where(has[habit.because], habit.in_those, share)
        yield _habit(generator, habit, share)
    yield _routine(generator)


def _adjuvant(generator: np.random.Generator, people: People) -> Iterator[Rows]:
    """Draw what was given after surgery, ending before the cancer spread."""
    chance = generator.random((4, BLOCK))
    length = np.minimum(1826, people.spread_day - people.cancer_day - 30 - 700 * chance[1] ** 2)
    since = people.cancer_day + 60
    until = (since + length).astype(np.int64)
    had_any = people.has_cancer & (length > 90)
    for name, low, high in (("tamoxifen", 0.0, 0.4), ("anastrozole", 0.4, 0.7)):
        who = np.flatnonzero(had_any & (chance[0] >= low) & (chance[0] < high))
        stop = np.where(chance[2][who] < 0.8, STOPS.index("completed"), STOPS.index("toxicity"))
        yield _given(generator, name, who, since[who], until[who], stop, INTENTS.index("adjuvant"))
    had_chemotherapy = np.flatnonzero(had_any & (chance[3] < 0.4))
    start = since[had_chemotherapy] - 50
    for name in ("doxorubicin", "cyclophosphamide"):
        stop = np.full(len(start), STOPS.index("completed"))
        yield _given(
            generator, name, had_chemotherapy, start, start + 63, stop, INTENTS.index("adjuvant")
        )


def _lines(generator: np.random.Generator, people: People) -> Iterator[Rows]:
    """Draw the lines for metastatic disease, one after the other."""
    chance = generator.random((3, BLOCK))
    number = np.searchsorted(np.cumsum([0.12, 0.35, 0.27, 0.16]), chance[0])
    edges = np.array(LAST_DOSE_EDGES)
    last = -(16 + chance[1] * 120).astype(np.int64)
    edge = edges[(chance[1] * len(edges)).astype(np.int64)]
    last = np.where(chance[2] < 0.25, edge, last)
    last = np.maximum(last, people.spread_day + 30)
    is_open = (chance[2] > 0.25) & (chance[2] < 0.4)
    span = (last - people.spread_day) // np.maximum(number, 1)
    regimens = np.searchsorted(
        np.cumsum([share for _, share in LINES]) / sum(share for _, share in LINES),
        generator.random((MOST_LINES_GIVEN, BLOCK)),
    )
    for line in range(MOST_LINES_GIVEN):
        has_line = people.is_metastatic & (line < number) & (span > 25)
        is_last = line == number - 1
        since = people.spread_day + 14 + line * span
        until = np.where(is_last, last, people.spread_day + (line + 1) * span)
        until = np.where(is_last & is_open, NO_DAY, until)
        yield from _line(generator, has_line, regimens[line], since, until)


def _line(
    generator: np.random.Generator, has_line: Truth, regimen: Whole, since: Whole, until: Whole
) -> Iterator[Rows]:
    """Draw one line: each regimen's medicines, stopped together and for one reason."""
    chance = generator.random((2, BLOCK))
    stopped = np.searchsorted(_STOPPED, chance[0]) + 1
    stop = np.where((stopped < len(STOPS)) & (until != NO_DAY), stopped, 0)
    length = np.array([20, 21, 22, 84, 126])[(chance[1] * 5).astype(np.int64)]
    for place, (names, _) in enumerate(LINES):
        who = np.flatnonzero(has_line & (regimen == place))
        ends = until[who]
        if names[0] in _CHEMOTHERAPY:
            ends = np.where(ends == NO_DAY, NO_DAY, np.minimum(ends, since[who] + length[who]))
        for name in names:
            yield _given(
                generator, name, who, since[who], ends, stop[who], INTENTS.index("metastatic")
            )


def _habit(generator: np.random.Generator, habit: Habit, share: NDArray[np.float64]) -> Rows:
    """Draw one medicine beside the cancer therapy."""
    chance = generator.random((6, BLOCK))
    who = np.flatnonzero(chance[0] < share)
    chance = chance[:, who]
    ends = _one_of(habit.ends, chance[1])
    is_open = chance[2] < habit.ongoing
    since = np.where(is_open, 0, ends) - 7 - (chance[3] * 400).astype(np.int64)
    if habit.starts:
        since = np.where(is_open & (chance[3] < 0.3), _one_of(habit.starts, chance[3] / 0.3), since)
    until = np.where(is_open, NO_DAY, ends)
    if habit.supplied:
        is_supplied = is_open & (chance[1] < habit.supplied)  # their ends are not asked for
        last = _one_of(habit.starts, chance[1] / habit.supplied)
        times = np.where(is_supplied, _SUPPLIES, 1)
        place = np.repeat(np.arange(len(who)), times)
        turn = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
        who, chance, is_supplied = who[place], chance[:, place], is_supplied[place]
        begins = last[place] - _SUPPLY * (_SUPPLIES - 1 - turn)
        since = np.where(is_supplied, begins, since[place])
        until = np.where(is_supplied, begins + _SUPPLY - 1, until[place])
    concept = np.array([MEDICINE[name] for name in habit.names])
    return rows(
        EXPOSURE,
        who,
        concept=concept[(chance[4] * len(concept)).astype(np.int64)],
        since=since,
        until=until,
        route=np.where(chance[5] < habit.topical, _TOPICAL, _ORAL),
    )


def _one_of(days: Sequence[int], chance: NDArray[np.float64]) -> Whole:
    """Pick one of some days for each chance from 0 to 1."""
    place = np.clip((chance * len(days)).astype(np.int64), 0, len(days) - 1)
    return np.array(days)[place]


def _given(
    generator: np.random.Generator,
    name: str,
    who: Whole,
    since: Whole,
    until: Whole,
    stop: Whole,
    intent: int,
) -> Rows:
    """Give the exposures of some people to one medicine, as ingredient or as product."""
    chance = generator.random((2, len(who)))
    product = PRODUCT.get(name, MEDICINE[name])
    return rows(
        EXPOSURE,
        who,
        concept=np.where(chance[0] < 0.4, product, MEDICINE[name]),
        since=np.minimum(since, np.where(until == NO_DAY, since, until)),
        until=until,
        stop=stop,
        intent=np.where(chance[1] < 0.93, intent, 0),
        route=NOTHING,
    )


def _routine(generator: np.random.Generator) -> Rows:
    """Draw the medicines of daily routine, different ones for each person."""
    chance = generator.random((2, BLOCK * _ROUTINE_EACH))
    who = np.repeat(np.arange(BLOCK), _ROUTINE_EACH)
    first = np.repeat(generator.integers(0, len(_ROUTINE), BLOCK), _ROUTINE_EACH)
    place = (first + 5 * np.tile(np.arange(_ROUTINE_EACH), BLOCK)) % len(_ROUTINE)
    since = -(5 + chance[0] * 3000).astype(np.int64)
    until = np.where(chance[1] < 0.6, since + 5 + (chance[1] * 300).astype(np.int64), NO_DAY)
    return rows(EXPOSURE, who, concept=_ROUTINE[place], since=since, until=until, route=_ORAL)
