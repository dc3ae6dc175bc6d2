"""How often markers that say nothing are called predictors, by each correction.

    .venv/bin/python benchmarks/null_markers.py [--trials 2000] [--participants 20 40 80]
        [--permutations 999] [--seed 20261128] [--true 0]

Each simulated trial has two arms of different response rate and hazard, and 30 markers that few
to many carry (5 % to 40 %), some of them together. Without `--true` none of them changes anything:
a method errs in a trial when it calls any marker significant at 0.05, which is the family-wise
error and also the false discovery rate. With `--true 5` five markers carried by 16 % to 35 %
multiply the odds of a response by 12 and the hazard by 0.25; printed are the false discovery rate
(mean share of the called that say nothing; 0 where nothing is called), the family-wise error (any
of them called) and the share of the true ones that are called. Prints the tables of
docs/reference/predictors.md; `Fisher` and `Boschloo` by the gate alone reject below its bound.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.predictors.exact import ExactTest, TwoByTwo, exact_floor, exact_p
from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.multiplicity import benjamini_hochberg, tarone
from trialwright.predictors.permutation import MaxT, max_t_response, max_t_time
from trialwright.predictors.scores import log_rank_scores, score_floor

MARKERS = 30
LEVEL = 0.05
RESPONSE_RATE = {"A": 0.2, "B": 0.45}
MEDIAN_DAYS = {"A": 120.0, "B": 240.0}
FOLLOW_UP_DAYS = (120, 540)
CARRIED = (0.05, 0.40)
TOGETHER = 0.5
"""Share of the markers that copy the one before them in half of their participants."""

TRUE_PLACES = (9, 13, 17, 21, 25)
"""Markers that are true where some are; the first of them. Each copies none and is not copied."""
ODDS_RATIO, HAZARD_RATIO = 12.0, 0.25
"""What each true marker does, against whoever carries as many of them as is usual."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rates:
    """How a method did over many trials.

    Attributes
    ----------
    discovery : float
        Mean share of the called markers that say nothing; 0 in a trial that calls none.
    family_wise : float
        Share of trials in which one of them is called.
    power : float
        Mean share of the true markers that are called; 0 without any.
    """

    discovery: float
    family_wise: float
    power: float


def simulated(
    participants: int, generator: np.random.Generator, true: int = 0
) -> tuple[Cohort, Flags, Flags, Times]:
    """Draw one trial.

    Parameters
    ----------
    participants : int
        In two arms of equal size.
    generator : numpy.random.Generator
        Source of chance.
    true : int
        How many markers change anything: 0 to 5, at `TRUE_PLACES`.

    Returns
    -------
    tuple of (Cohort, ndarray, ndarray, Times)
        Participants; who carries which marker, shape (participants, markers); who responded;
        times.
    """
    arms = tuple("AB"[place % 2] for place in range(participants))
    altered = generator.random((participants, MARKERS)) < np.linspace(*CARRIED, MARKERS)
    says = TRUE_PLACES[:true]
    for column in range(1, MARKERS, round(1 / TOGETHER)):
        if column in says:
            continue
        copied = generator.random(participants) < 0.5
        altered[copied, column] = altered[copied, column - 1]
    carriers = np.linspace(*CARRIED, MARKERS)
    carried = altered[:, says].sum(axis=1) - carriers[list(says)].sum()
    rate = np.array([RESPONSE_RATE[arm] for arm in arms])
    odds = rate / (1 - rate) * ODDS_RATIO**carried
    responded = generator.random(participants) < odds / (1 + odds)
    median = np.array([MEDIAN_DAYS[arm] for arm in arms]) / HAZARD_RATIO**carried
    event = 1 + generator.exponential(median / np.log(2)).astype(int)
    followed = generator.integers(*FOLLOW_UP_DAYS, participants)
    days = tuple(int(day) for day in np.minimum(event, followed))
    times = Times("PFS", days, tuple((event <= followed).tolist()))
    numbers = tuple(f"P{place}" for place in range(participants))
    return Cohort("treated", numbers, arms), altered, responded, times


def called(
    participants: int, permutations: int, generator: np.random.Generator, true: int = 0
) -> Iterator[tuple[str, Sequence[int]]]:
    """Say of one trial which markers each method calls significant.

    Parameters
    ----------
    participants, permutations : int
        Of the trial, and of max-T.
    generator : numpy.random.Generator
        Source of chance.
    true : int
        As in `simulated`.

    Yields
    ------
    tuple of (str, sequence of int)
        The method, and the places of the markers that it calls.
    """
    cohort, altered, responded, times = simulated(participants, generator, true)
    calls = np.where(altered, "altered", "not altered")
    markers = [
        Marker(f"{place}", "invented", tuple(calls[:, place].tolist())) for place in range(MARKERS)
    ]
    responses = Responses("ORR", tuple("yes" if each else "no" for each in responded))
    for test in ("Fisher", "Boschloo"):
        yield from _exact(test, altered, responded)
    passed = _passed(markers, responded.astype(float), altered, cohort)
    if passed:
        found = max_t_response(passed, cohort, responses, permutations, generator)
        yield from _permuted("response", found)
    scores = log_rank_scores(np.array(times.days, float), np.array(times.had_event), cohort.arms)
    passed = _passed(markers, scores, altered, cohort)
    if passed:
        yield from _permuted("time", max_t_time(passed, cohort, times, permutations, generator))


def _exact(
    test: ExactTest, altered: Flags, responded: Flags
) -> Iterator[tuple[str, Sequence[int]]]:
    """Gate and correct exact p-values."""
    people, events = len(responded), int(responded.sum())
    tables = {}
    for place in range(MARKERS):
        own = altered[:, place]
        carriers, both = int(own.sum()), int((own & responded).sum())
        tables[str(place)] = TwoByTwo(both, carriers, events - both, people - carriers)
    gate = tarone({name: exact_floor(table, test) for name, table in tables.items()}, LEVEL)
    passed = [int(name) for name in gate.testable]
    p_values = [exact_p(tables[name], test) for name in gate.testable]
    yield f"response, {test}, gate", _below(passed, [p * gate.divisor for p in p_values])
    yield f"response, {test}, gate and BH", _below(passed, benjamini_hochberg(p_values))
    everybody, everything = range(MARKERS), [exact_p(table, test) for table in tables.values()]
    yield (
        f"response, {test}, BH without the gate",
        _below(everybody, benjamini_hochberg(everything)),
    )
    yield f"response, {test}, nothing corrected", _below(everybody, everything)


def _passed(
    markers: list[Marker], scores: NDArray[np.float64], altered: Flags, cohort: Cohort
) -> list[Marker]:
    """Keep the markers that permutations within arms can make significant."""
    floors = {
        marker.name: score_floor(scores, altered[:, place], cohort.arms)
        for place, marker in enumerate(markers)
    }
    testable = tarone(floors, LEVEL).testable
    return [marker for marker in markers if marker.name in testable]


def _permuted(endpoint: str, found: MaxT) -> Iterator[tuple[str, Sequence[int]]]:
    """Correct permuted p-values."""
    places = [int(name) for name in found.markers]
    yield f"{endpoint}, permuted, gate and BH", _below(places, benjamini_hochberg(found.p))
    yield f"{endpoint}, permuted, gate and max-T", _below(places, found.adjusted)
    yield f"{endpoint}, permuted, nothing corrected", _below(places, found.p)


def _below(places: Sequence[int], p_values: Sequence[float]) -> Sequence[int]:
    """Give the places called significant; to 1e-12, as shares of permutations are rounded."""
    return [place for place, p in zip(places, p_values, strict=True) if p <= LEVEL + 1e-12]


def error_rates(
    participants: int, trials: int, permutations: int, seed: int, true: int = 0
) -> dict[str, Rates]:
    """Give how often each method errs, and how many true markers it finds.

    Parameters
    ----------
    participants, trials, permutations : int
        Of a trial; how many; of max-T.
    seed : int
        Of the generator.
    true : int
        As in `simulated`.

    Returns
    -------
    dict of str to Rates
        By method. A trial in which nothing could be permuted counts as one that calls none.
    """
    generator = np.random.default_rng([seed, participants])
    says = set(TRUE_PLACES[:true])
    counted: dict[str, list[tuple[float, bool, float]]] = defaultdict(list)
    for _ in range(trials):
        for name, found in called(participants, permutations, generator, true):
            right = len(says & set(found))
            wrong = len(found) - right
            counted[name].append((wrong / max(len(found), 1), wrong > 0, right / max(true, 1)))
    return {
        name: Rates(*(float(sum(column)) / trials for column in zip(*each, strict=True)))
        for name, each in counted.items()
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--participants", type=int, nargs="+", default=[20, 40, 80])
    parser.add_argument("--permutations", type=int, default=999)
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--true", type=int, default=0, choices=range(len(TRUE_PLACES) + 1))
    asked = parser.parse_args()
    rates = {}
    for participants in asked.participants:
        before = time.process_time()
        rates[participants] = error_rates(
            participants, asked.trials, asked.permutations, asked.seed, asked.true
        )
        spent = time.process_time() - before
        print(f"<!-- {participants} participants: {spent:.0f} s of processor time -->", flush=True)
    error = 100 * (LEVEL * (1 - LEVEL) / asked.trials) ** 0.5
    print(f"Seed {asked.seed}, {asked.trials} trials, {asked.permutations} permutations, "
          f"{asked.true} of {MARKERS} markers true; standard error at 5 %: {error:.2f} points.\n"
          )  # fmt: skip
    print("| method | " + " | ".join(f"n = {each}" for each in rates) + " |")
    print("|---|" + "---:|" * len(rates))
    for name in dict.fromkeys(name for each in rates.values() for name in each):
        row = " | ".join(_shown(each.get(name, _NONE), asked.true) for each in rates.values())
        print(f"| {name} | {row} |")


_NONE = Rates(0.0, 0.0, 0.0)
"""Of a method that never came to a test."""


def _shown(rates: Rates, true: int) -> str:
    """Write a cell: the error alone, or discovery rate, family-wise error and power."""
    if not true:
        return f"{100 * rates.family_wise:.2f} %"
    return " / ".join(f"{100 * each:.2f}" for each in (
        rates.discovery, rates.family_wise, rates.power))  # fmt: skip


if __name__ == "__main__":
    main()
