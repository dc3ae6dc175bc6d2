"""Results in words and pictures: receptors, HER2, HIV and pregnancy tests, lesions, disease status.

HER2 0 and 1+ are negative; 2+ needs in situ hybridisation, which is missing in some. The score
stands in words (FHIR) and in `value_source_value` (OMOP).
"""

from collections.abc import Iterator

import numpy as np

from trialwright.virtual.concepts import ANSWER, ECOG_ANSWERS, LOINC, UNIT
from trialwright.virtual.people import BLOCK, People
from trialwright.virtual.rows import (
    METHODS,
    MILLION,
    NO_NUMBER,
    NOTHING,
    RESULT,
    STATUSES,
    WORDINGS,
    Rows,
    Truth,
    Whole,
    rows,
)

SIZES = (9, 10, 11, 15, 19, 20, 21, 24, 33, 48)
"""Sizes of lesions, mm: at and around the limits of measurable disease, and well above."""

_POSITIVE, _NEGATIVE = ANSWER["positive"], ANSWER["negative"]
_HER2 = np.array([_NEGATIVE, _NEGATIVE, ANSWER["indeterminate"], _POSITIVE])
_STATUSES = np.array([ANSWER["stable"], ANSWER["worsened"], ANSWER["improved"]])
_STATUS_EDGES = np.array([-10, -29, -30, -31, -40, 6])
_ECOG = LOINC["89247-1"]


def draw_receptors(generator: np.random.Generator, people: People) -> Iterator[Rows]:
    """Draw receptor status in both families of codes, and HER2.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    people : People
        A whole block.

    Yields
    ------
    ndarray of RESULT
        Of one marker in those of whom it is recorded.
    """
    on = people.cancer_day + 10
    for new, old, share in (("85337-4", "16112-5", 0.9), ("85339-0", "16113-3", 0.75)):
        chance = generator.random((3, BLOCK))
        who = np.flatnonzero(people.has_cancer & (chance[0] < 0.6))
        answer = np.where(chance[1][who] < share, _POSITIVE, _NEGATIVE)
        code = np.where(chance[2][who] < 0.6, LOINC[new], LOINC[old])
        yield _answered(who, code, on[who], answer)
    chance = generator.random((4, BLOCK))
    score = np.searchsorted(np.cumsum([0.3, 0.32, 0.26]), chance[0])
    ihc = np.flatnonzero(people.has_cancer & (chance[1] < 0.88))
    worded = np.where(chance[2] < 0.03, WORDINGS.index("see report"), score)
    answer = np.where(chance[2] < 0.03, NOTHING, _HER2[score])
    yield _answered(ihc, LOINC["85319-2"], on[ihc], answer[ihc], worded[ihc])
    asked = people.has_cancer & ((score == 2) & (chance[3] < 0.8) | (chance[3] > 0.97))
    ish = np.flatnonzero(asked)
    positive = generator.random(len(ish)) < 0.15
    answer = np.where(positive, _POSITIVE, _NEGATIVE)
    yield _answered(ish, LOINC["85318-4"], on[ish] + 7, answer)
    read = np.flatnonzero(people.has_cancer & (chance[1] > 0.8))
    answer = np.where(score[read] == 3, _POSITIVE, _NEGATIVE)
    yield _answered(read, LOINC["48676-1"], on[read] + 8, answer)


def draw_tests(
    generator: np.random.Generator, people: People, has_hiv: Truth, is_pregnant: Truth
) -> Iterator[Rows]:
    """Draw HIV tests, pregnancy tests, and ECOG given as a coded answer.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    people : People
        A whole block.
    has_hiv, is_pregnant : ndarray of bool
        Who has these conditions on record.

    Yields
    ------
    ndarray of RESULT
        Of one test.
    """
    for code, has_it, may_have in (
        ("56888-1", has_hiv, people.has_cancer | has_hiv),
        ("2118-8", is_pregnant, people.is_female & (people.age < 56)),
    ):
        chance = generator.random((4, BLOCK))
        who = np.flatnonzero(may_have & (chance[0] < 0.5))
        is_true = np.where(chance[1] < 0.98, has_it, ~has_it)[who]
        answer = np.where(is_true, _POSITIVE, _NEGATIVE)
        answer = np.where(chance[2][who] < 0.01, ANSWER["indeterminate"], answer)
        day = -(chance[3] * 21).astype(np.int64)[who]
        yield _answered(who, LOINC[code], day, answer, np.where(is_true, 5, 4))
    chance = generator.random((2, BLOCK))
    who = np.flatnonzero(people.has_cancer & (chance[0] < 0.05))
    score = (chance[1][who] * len(ECOG_ANSWERS)).astype(np.int64)
    yield _answered(who, _ECOG, np.zeros(len(who), dtype=np.int64), np.array(ECOG_ANSWERS)[score])


def draw_lesions(generator: np.random.Generator, people: People) -> Rows:
    """Draw the size of up to two lesions a person, by the way of imaging.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    people : People
        A whole block.

    Returns
    -------
    ndarray of RESULT
        In mm or cm; the way of imaging is missing in some.
    """
    chance = generator.random((5, BLOCK * 2))
    who = np.flatnonzero(np.repeat(people.is_metastatic, 2) & (chance[0] < 0.6))
    chance = chance[:, who]
    size = np.array(SIZES)[(chance[1] * len(SIZES)).astype(np.int64)]
    is_cm = chance[2] < 0.1
    method = np.searchsorted(np.cumsum([0.1, 0.2, 0.5]), chance[3])
    return rows(
        RESULT,
        who // 2,
        concept=np.where(chance[2] < 0.5, LOINC["33728-7"], LOINC["21889-1"]),
        day=-(chance[4] * 42).astype(np.int64),
        micro=size * np.where(is_cm, MILLION // 10, MILLION),
        unit=np.where(is_cm, UNIT["cm"], UNIT["mm"]),
        method=np.clip(method, 0, len(METHODS) - 1),
    )


def draw_disease_status(
    generator: np.random.Generator, cancer: Whole, brain: Whole
) -> Iterator[Rows]:
    """Draw whether the disease is stable, each status about its condition.

    Parameters
    ----------
    generator : numpy.random.Generator
        Seeded by the caller.
    cancer, brain : ndarray of int, shape (people,)
        Number of the person's condition that is the breast cancer, or a brain metastasis; 0 for
        none on record.

    Yields
    ------
    ndarray of RESULT
        For brain metastases about 30 days before screening in some.
    """
    for about, share in ((cancer, 0.5), (brain, 0.9)):
        chance = generator.random((4, BLOCK))
        who = np.flatnonzero((about > 0) & (chance[0] < share))
        chance = chance[:, who]
        answer = _STATUSES[np.searchsorted([0.55, 0.9], chance[1])]
        edge = _STATUS_EDGES[(chance[2] * len(_STATUS_EDGES)).astype(np.int64)]
        day = np.where(chance[3] < 0.5, edge, -(chance[2] * 120).astype(np.int64))
        told = np.where(chance[3] > 0.96, 0, about[who])
        made = _answered(who, LOINC["97509-4"], day, answer)
        made["about"] = np.where(told > 0, told, NOTHING)
        yield made


def _answered(
    who: Whole, code: Whole | int, day: Whole, answer: Whole, wording: Whole | int = NOTHING
) -> Rows:
    """Give coded answers, one in forty entered in error and one in sixty without its answer."""
    turn = (who * 7 + np.asarray(day, dtype=np.int64)) % 120
    return rows(
        RESULT,
        who,
        concept=code,
        day=day,
        answer=np.where(turn < 2, NOTHING, answer),
        wording=np.where(turn < 2, NOTHING, wording),
        micro=NO_NUMBER,
        status=np.where(turn > 116, STATUSES.index("entered-in-error"), 0),
    )
