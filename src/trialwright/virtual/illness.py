"""What the people have: breast cancer and its spread, other illness, procedures, daily routine."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trialwright.virtual.concepts import CODED, STANDARD, place_of
from trialwright.virtual.condition_codes import ROUTINE_CONDITIONS
from trialwright.virtual.people import BLOCK, People
from trialwright.virtual.rows import (
    DIAGNOSIS,
    NO_DAY,
    NOTHING,
    PROCEDURE,
    VERIFIED,
    Rows,
    Truth,
    Whole,
    rows,
)

CANCER_MARK, BRAIN_MARK = 1, 2
"""Marks of the conditions that a disease status speaks of."""

_ROUTINE = np.array([place_of("ICD10CM", code) for code, _ in ROUTINE_CONDITIONS])
_ROUTINE_EACH = 4  # at least so many conditions a person
_OOPHORECTOMY = place_of("SNOMEDCT", "76876009")
_RADIOTHERAPY = place_of("SNOMEDCT", "108290001")
_SPREAD = {
    "bone-metastasis": 0.6,
    "lung-metastasis": 0.3,
    "hepatic-metastasis": 0.28,
    "cns-metastasis": 0.08,
    "meningeal-metastasis": 0.01,
    "node-metastasis": 0.2,
}


@dataclass(frozen=True, slots=True)
class Illness:
    """How often people have something, and since when.

    Attributes
    ----------
    name : str
        Name among the conditions.
    in_cancer, in_others : float
        Share of people with breast cancer, and of the others, who have it.
    longest : int, days
        It began at most so long before screening.
    edges : tuple of int
        Days from screening on which it began in some.
    ended : float
        Share of those in whom it has ended.
    who : {'all', 'women', 'young women'}
        In whom.
    """

    name: str
    in_cancer: float
    in_others: float
    longest: int = 3000
    edges: tuple[int, ...] = ()
    ended: float = 0.0
    who: str = "all"


_HALF_YEAR = (-182, -183, -184, -5, 4)

OTHERS = (
    Illness("type-2-diabetes", 0.13, 0.12),
    Illness("type-1-diabetes", 0.008, 0.008),
    Illness("insulin-use", 0.01, 0.02),
    Illness("hiv", 0.008, 0.008),
    Illness("infarction", 0.025, 0.04, 2500, _HALF_YEAR),
    Illness("old-infarction", 0.01, 0.02),
    Illness("angina", 0.02, 0.03, 2500, _HALF_YEAR, 0.3),
    Illness("heart-failure", 0.02, 0.03, 2500, (), 0.3),
    Illness("cardiomyopathy", 0.008, 0.01),
    Illness("long-qt", 0.006, 0.003),
    Illness("gi-disease", 0.01, 0.01, 3000, (), 0.1),
    Illness("colitis", 0.008, 0.008, 3000, (), 0.1),
    Illness("second-malignancy", 0.05, 0.04, 4500, (-1825, -1826, 7), 0.5),
    Illness("receptor-code", 0.35, 0, 1500),
    Illness("bilateral-oophorectomy", 0.05, 0.01, 3500, (-1, 3), 0, "women"),
    Illness("hysterectomy", 0.06, 0.04, 3500, (), 0, "women"),
    Illness("tubal-ligation", 0.04, 0.04, 3500, (), 0, "women"),
    Illness("pregnancy", 0.04, 0.05, 900, (-60, -270), 0.75, "young women"),
    Illness("effusion", 0.03, 0.002, 300),
)
"""Everything but breast cancer and its spread, by decreasing interest to a criterion."""


def draw_illness(generator: np.random.Generator, people: People) -> Iterator[Rows]:
    """Draw the conditions of every person.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    people : People
        A whole block.

    Yields
    ------
    ndarray of DIAGNOSIS
        Of one condition in those who have it; the daily routine last.
    """
    yield _diagnosed(generator, "breast-cancer", people.has_cancer, people.cancer_day, CANCER_MARK)
    for name, share in _SPREAD.items():
        has_it = people.is_metastatic & (generator.random(BLOCK) < share)
        later = (generator.random(BLOCK) < 0.4) * generator.random(BLOCK)
        since = (people.spread_day * (1 - later)).astype(np.int64)
        mark = BRAIN_MARK if name == "cns-metastasis" else 0
        yield _diagnosed(generator, name, has_it, since, mark)
    for illness in OTHERS:
        yield _other(generator, illness, people)
    yield _routine(generator)


def draw_procedures(generator: np.random.Generator, people: People) -> Rows:
    """Draw the procedures of every person.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    people : People
        A whole block.

    Returns
    -------
    ndarray of PROCEDURE
        Radiotherapy, some of it about two weeks before screening, and removal of both ovaries.
    """
    chance = generator.random((4, BLOCK))
    edges = np.array([-1, -13, -14, -15, 2])
    recent = edges[(chance[1] * len(edges)).astype(np.int64)]
    old = (people.cancer_day * (0.2 + 0.7 * chance[1])).astype(np.int64)
    has_ended = chance[2] < 0.6
    until = np.where(chance[0] < 0.08, recent, old)
    since = np.where(has_ended, until - 28, until)
    rays = np.flatnonzero(people.has_cancer & (chance[0] < 0.4))
    ovaries = np.flatnonzero(people.is_female & (chance[3] < np.where(people.has_cancer, 0.04, 0)))
    return np.concatenate(
        [
            rows(
                PROCEDURE,
                rays,
                concept=_RADIOTHERAPY,
                since=since[rays],
                until=np.where(has_ended, until, NO_DAY)[rays],
            ),
            rows(PROCEDURE, ovaries, concept=_OOPHORECTOMY, since=old[ovaries]),
        ]
    )


def having(diagnoses: Rows, name: str) -> Truth:
    """Say who has a condition on record, whatever its verification.

    Parameters
    ----------
    diagnoses : ndarray of DIAGNOSIS
        Of a whole block.
    name : str
        Name among the conditions.

    Returns
    -------
    ndarray of bool, shape (people,)
        One a person.
    """
    found = np.isin(diagnoses["source"], CODED[name])
    if STANDARD[name] >= 0:
        found |= diagnoses["concept"] == STANDARD[name]
    has_it = np.zeros(BLOCK, dtype=np.bool_)
    has_it[diagnoses["person"][found]] = True
    return has_it


def _other(generator: np.random.Generator, illness: Illness, people: People) -> Rows:
    """Draw one condition that is no part of the breast cancer."""
    share = np.where(people.has_cancer, illness.in_cancer, illness.in_others)
    if illness.who != "all":
        share = np.where(people.is_female, share, 0)
    if illness.who == "young women":
        share = np.where(people.age < 50, share, 0)
    chance = generator.random((4, BLOCK))
    since = -(chance[1] * illness.longest).astype(np.int64)
    if illness.edges:
        edge = np.array(illness.edges)[(chance[2] * len(illness.edges)).astype(np.int64)]
        since = np.where(chance[2] * 97 % 1 < 0.3, edge, since)
    made = _diagnosed(generator, illness.name, chance[0] < share, since, 0)
    who = made["person"]
    until = (since * (0.1 + 0.8 * chance[3]))[who].astype(np.int64)
    has_ended = (chance[3][who] < illness.ended) & (made["since"] < 0)
    made["until"] = np.where(has_ended, until, NO_DAY)
    return made


def _diagnosed(
    generator: np.random.Generator, name: str, has_it: Truth, since: Whole, mark: int
) -> Rows:
    """Code a condition as sites do: standard concept, source code, or both; some unconfirmed."""
    who = np.flatnonzero(has_it)
    chance = generator.random((3, len(who)))
    codes = np.array(CODED[name])
    source = codes[(chance[0] * len(codes)).astype(np.int64)]
    concept = np.full(len(who), STANDARD[name])
    if STANDARD[name] >= 0:
        concept = np.where(chance[1] < 0.06, NOTHING, concept)
        source = np.where(chance[1] > 0.92, NOTHING, source)
    verified = np.select(
        [chance[2] < 0.02, chance[2] < 0.03, chance[2] < 0.04],
        [VERIFIED.index("preliminary"), VERIFIED.index("refuted"), 3],
        VERIFIED.index("confirmed"),
    )
    made = rows(
        DIAGNOSIS, who, concept=concept, source=source, since=since[who], verified=verified,
        mark=mark,
    )  # fmt: skip
    twice = made[chance[2] > 0.985]
    return np.concatenate([made, twice])


def _routine(generator: np.random.Generator) -> Rows:
    """Draw the conditions of daily routine, different ones for each person."""
    chance = generator.random((2, BLOCK * _ROUTINE_EACH))
    who = np.repeat(np.arange(BLOCK), _ROUTINE_EACH)
    first = np.repeat(generator.integers(0, len(_ROUTINE), BLOCK), _ROUTINE_EACH)
    place = (first + 3 * np.tile(np.arange(_ROUTINE_EACH), BLOCK)) % len(_ROUTINE)
    since = -(chance[0] * 3600).astype(np.int64)
    until = np.where(chance[1] < 0.3, (since * 0.5).astype(np.int64), NO_DAY)
    return rows(DIAGNOSIS, who, concept=NOTHING, source=_ROUTINE[place], since=since, until=until)
