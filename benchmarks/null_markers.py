"""How often markers that say nothing are called predictors, by each correction.

    .venv/bin/python benchmarks/null_markers.py [--trials 2000] [--participants 20 40 80]
        [--permutations 999] [--seed 20261128]

Each simulated trial has two arms of different response rate and hazard, and 30 markers that few
to many carry (5 % to 40 %), some of them together, none of which changes anything. A method errs
in a trial when it calls any marker significant at 0.05: that is the family-wise error, and as no
marker is true also the false discovery rate. Prints the table of docs/reference/predictors.md;
`Fisher` and `Boschloo` by the gate alone reject below its bound.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator

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

Flags = NDArray[np.bool_]


def simulated(
    participants: int, generator: np.random.Generator
) -> tuple[Cohort, Flags, Flags, Times]:
    """Draw one trial in which no marker says anything.

    Parameters
    ----------
    participants : int
        In two arms of equal size.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple of (Cohort, ndarray, ndarray, Times)
        Participants; who carries which marker, shape (participants, markers); who responded;
        times.
    """
    arms = tuple("AB"[place % 2] for place in range(participants))
    altered = generator.random((participants, MARKERS)) < np.linspace(*CARRIED, MARKERS)
    for column in range(1, MARKERS, round(1 / TOGETHER)):
        copied = generator.random(participants) < 0.5
        altered[copied, column] = altered[copied, column - 1]
    responded = generator.random(participants) < np.array([RESPONSE_RATE[arm] for arm in arms])
    median = np.array([MEDIAN_DAYS[arm] for arm in arms])
    event = 1 + generator.exponential(median / np.log(2)).astype(int)
    followed = generator.integers(*FOLLOW_UP_DAYS, participants)
    days = tuple(int(day) for day in np.minimum(event, followed))
    times = Times("PFS", days, tuple((event <= followed).tolist()))
    numbers = tuple(f"P{place}" for place in range(participants))
    return Cohort("treated", numbers, arms), altered, responded, times


def errors(
    participants: int, permutations: int, generator: np.random.Generator
) -> Iterator[tuple[str, bool]]:
    """Say of one trial which methods call some marker significant.

    Parameters
    ----------
    participants, permutations : int
        Of the trial, and of max-T.
    generator : numpy.random.Generator
        Source of chance.

    Yields
    ------
    tuple of (str, bool)
        The method, and whether it errs.
    """
    cohort, altered, responded, times = simulated(participants, generator)
    calls = np.where(altered, "altered", "not altered")
    markers = [
        Marker(f"marker {place}", "null", tuple(calls[:, place].tolist()))
        for place in range(MARKERS)
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


def _exact(test: ExactTest, altered: Flags, responded: Flags) -> Iterator[tuple[str, bool]]:
    """Gate and correct exact p-values."""
    people, events = len(responded), int(responded.sum())
    tables = {}
    for place in range(MARKERS):
        own = altered[:, place]
        carriers, both = int(own.sum()), int((own & responded).sum())
        tables[str(place)] = TwoByTwo(both, carriers, events - both, people - carriers)
    gate = tarone({name: exact_floor(table, test) for name, table in tables.items()}, LEVEL)
    p_values = [exact_p(tables[name], test) for name in gate.testable]
    yield f"response, {test}, gate", any(p <= LEVEL / gate.divisor for p in p_values)
    yield f"response, {test}, gate and BH", _any_below(benjamini_hochberg(p_values))
    everything = [exact_p(table, test) for table in tables.values()]
    yield f"response, {test}, BH without the gate", _any_below(benjamini_hochberg(everything))
    yield f"response, {test}, nothing corrected", _any_below(everything)


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


def _permuted(endpoint: str, found: MaxT) -> Iterator[tuple[str, bool]]:
    """Correct permuted p-values."""
    yield f"{endpoint}, permuted, gate and BH", _any_below(benjamini_hochberg(found.p))
    yield f"{endpoint}, permuted, gate and max-T", _any_below(found.adjusted)
    yield f"{endpoint}, permuted, nothing corrected", _any_below(found.p)


def _any_below(p_values: list[float] | tuple[float, ...]) -> bool:
    """Say whether any p-value is significant; to 1e-12, as shares of permutations are rounded."""
    return any(p <= LEVEL + 1e-12 for p in p_values)


def error_rates(participants: int, trials: int, permutations: int, seed: int) -> dict[str, float]:
    """Give the share of trials in which each method errs.

    Parameters
    ----------
    participants, trials, permutations : int
        Of a trial; how many; of max-T.
    seed : int
        Of the generator.

    Returns
    -------
    dict of str to float
        By method.
    """
    generator = np.random.default_rng([seed, participants])
    counted: Counter[str] = Counter()
    for _ in range(trials):
        counted.update(dict(errors(participants, permutations, generator)))
    return {name: count / trials for name, count in counted.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--participants", type=int, nargs="+", default=[20, 40, 80])
    parser.add_argument("--permutations", type=int, default=999)
    parser.add_argument("--seed", type=int, default=20261128)
    asked = parser.parse_args()
    rates = {}
    for participants in asked.participants:
        before = time.process_time()
        rates[participants] = error_rates(
            participants, asked.trials, asked.permutations, asked.seed
        )
        spent = time.process_time() - before
        print(f"<!-- {participants} participants: {spent:.0f} s of processor time -->", flush=True)
    error = 100 * (LEVEL * (1 - LEVEL) / asked.trials) ** 0.5
    print(f"Seed {asked.seed}, {asked.trials} trials, {asked.permutations} permutations; "
          f"standard error at 5 %: {error:.2f} points.\n")  # fmt: skip
    print("| method | " + " | ".join(f"n = {each}" for each in rates) + " |")
    print("|---|" + "---:|" * len(rates))
    for name in dict.fromkeys(name for each in rates.values() for name in each):
        row = " | ".join(f"{100 * each.get(name, 0.0):.2f} %" for each in rates.values())
        print(f"| {name} | {row} |")


if __name__ == "__main__":
    main()
