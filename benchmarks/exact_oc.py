"""How much of its time and memory targets the exact engine takes, and how many states it reaches.

    .venv/bin/python benchmarks/exact_oc.py [--repeat 3]

Each line has the states reached and the best of some runs as a share of its target: below 1 the
target is met. The last lines are about simulated trials in the same run: how many a second, as a
multiple of the target, and how many take as long as one exact answer; the last is in calendar time,
by the time of the processor.
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from trialwright.escalation.accruing import Accrual, simulate_in_time
from trialwright.escalation.blrm_rule import Weighed
from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.crm_model import skeleton_around
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.blrm import Blrm
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.designs.tite_crm import TiteCrm
from trialwright.escalation.exact import walk
from trialwright.escalation.simulating import simulate

TRUTH = [0.05, 0.12, 0.30, 0.45, 0.60, 0.70]
GRID_TRUTH = [(row + column + 1) / 20 for row in range(3) for column in range(5)]
HALFWAY = [(3, 0), (6, 1), (6, 2), (0, 0), (0, 0), (0, 0)]
TRIALS = 200_000
IN_TIME = 3000


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Time a piece of work, the best of some runs."""
    best = float("inf")
    for _ in range(repeat):
        before = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - before)
    return best


GAPS: list[float] = []
"""Smallest distance of a state to another decision, each time the BLRM was asked."""


class Watched(Blrm):
    """A BLRM that tells how near its states come to another decision."""

    def weighed(self, *asked: Any, **more: Any) -> Weighed:
        """Ask the model, and note the smallest distance."""
        found = super().weighed(*asked, **more)
        GAPS.append(float(found.gap.min()))
        return found


def wide_blrm() -> Watched:
    """Make a BLRM whose prior is wide, so that it roams the whole ladder."""
    return Watched(
        levels=6,
        doses=(25.0, 50.0, 75.0, 100.0, 125.0, 150.0),
        reference_dose=100.0,
        prior_mean=(-1.1, 0.0),
        prior_sd=(2.0, 1.0),
        target_low=0.2,
        target_high=0.35,
        max_n=36,
        ewoc=0.35,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    boin = Boin(levels=6, target=0.3, max_n=36)
    walked = walk(boin)
    random = np.random.default_rng(20260101)
    scenarios = np.sort(random.uniform(size=(1000, 6)), axis=1).tolist()
    seen = [LevelCount(*tally) for tally in HALFWAY]
    halfway = walk(boin, seen, at=3)
    first = seconds(lambda: walk(boin).under(TRUTH), repeat)
    rows = [
        ("BOIN, 6 levels, 36 participants: first scenario", walked.states, first, 0.5),
        ("each further scenario", 0, seconds(lambda: walked.under(TRUTH), 5 * repeat), 0.005),
        ("1,000 scenarios", 0, seconds(lambda: walked.under_each(scenarios), repeat), 1.0),
        (
            "from 15 of 36 participants",
            halfway.states,
            seconds(lambda: walk(boin, seen, at=3).under(TRUTH), 5 * repeat),
            0.05,
        ),
    ]
    grid = BoinCombinations(rows=3, columns=5, target=0.3, max_n=30)
    taken = seconds(lambda: walk(grid).under(GRID_TRUTH), repeat)
    rows.append(("BOIN of two agents, 3x5, 30 participants", walk(grid).states, taken, 1.0))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 300
    for model in ("power", "logistic"):
        skeleton = skeleton_around(0.05, 0.3, 3, 6, model)
        crm = Crm(levels=6, target=0.3, skeleton=skeleton, max_n=36, model=model)
        taken = seconds(lambda crm=crm: walk(crm).under(TRUTH), repeat)
        rows.append((f"CRM {model}, converged", walk(crm).states, taken, 1.0))
    before = time.process_time()
    walked = walk(wide_blrm())
    walked.under(TRUTH)
    taken = time.process_time() - before
    rows.append(("BLRM, wide prior, EWOC .35, converged", walked.states, taken, 20.0))
    print(f"{'':50}{'states':>10}{'of target':>12}")
    for name, states, taken, target in rows:
        print(f"{name:50}{states or '':>10}{taken / target:>12.2f}")
    print(f"{'smallest distance of a BLRM state to its limits':50}{'':>10}{min(GAPS):>12.1e}")
    print(f"{'memory of all BOIN lines (of 300 MB)':50}{'':>10}{memory:>12.2f}")
    taken = seconds(lambda: simulate(boin, TRUTH, TRIALS, np.random.default_rng(1)), repeat)
    rate = TRIALS / taken
    print(f"{'simulated BOIN trials (of 200,000 a second)':50}{'':>10}{rate / 200_000:>12.2f}")
    print(f"{'trials simulated in the time of the first answer':50}{rate * first:>10.0f}")
    rate = rate_in_time(repeat)
    print(f"{'TITE-CRM trials in calendar time (of 2,000 a second)':50}{'':>8}{rate / 2000:>12.2f}")


def rate_in_time(repeat: int) -> float:
    """Simulate TITE-CRM trials of 36 participants, one at a time; trials a second of one core."""
    skeleton = skeleton_around(0.05, 0.3, 3, 6)
    design = TiteCrm(
        levels=6, target=0.3, skeleton=skeleton, max_n=36, cohort_size=1, window_days=28
    )
    best = float("inf")
    for _ in range(repeat):
        before = time.process_time()
        simulate_in_time(design, TRUTH, Accrual(7, 28), IN_TIME, np.random.default_rng(1))
        best = min(best, time.process_time() - before)
    return IN_TIME / best


if __name__ == "__main__":
    main()
