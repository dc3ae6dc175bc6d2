"""How many lesions a second become responses, and how long survival statistics take.

    .venv/bin/python benchmarks/outcomes.py [--participants 10000] [--rows 100000] [--repeat 3]
        [--against OTHER_PYTHON]

The first line has lesion readings a second through time-point responses and best response, and
that as a multiple of its target. The second has the seconds of Kaplan-Meier with log-rank. Where
Rscript and R's survival are installed, they are timed on the same rows in the same run. With
--against, the interpreter of another virtual environment times what it has of lifelines,
statsmodels and scikit-survival too; below 2 the target is met.
"""

import argparse
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trialwright.casebook.tumours import (
    NonTargetLesion,
    NonTargetWord,
    TargetLesion,
    TumourAssessment,
    TumourBaseline,
)
from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.kaplan_meier import kaplan_meier
from trialwright.endpoints.log_rank import log_rank
from trialwright.protocol.response_settings import ResponseSettings
from trialwright.response.best import best_response
from trialwright.response.timepoint import timepoint_responses
from trialwright.terms.sources import Source

LESIONS_A_SECOND = 50_000
TARGETS, VISITS = 4, 6
DAY_1 = date(2026, 1, 5)
SETTINGS = ResponseSettings(
    measurable_conventional_mm=Decimal(20), measurable_spiral_mm=Decimal(10), bone_only_allowed=True
)
SEED = 20260105

OTHERS = """
import json, sys, time
import numpy as np
rng = np.random.default_rng(int(sys.argv[1])); rows = int(sys.argv[2])
times = rng.exponential(400.0, rows).round(int(sys.argv[4])) + 1.0
events = rng.random(rows) < 0.6
groups = rng.random(rows) < 0.5
found = {}
def best(work):
    runs = []
    for _ in range(int(sys.argv[3])):
        before = time.process_time(); work(); runs.append(time.process_time() - before)
    return min(runs)
try:
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import logrank_test
    found["lifelines"] = best(lambda: (KaplanMeierFitter().fit(times, events),
        logrank_test(times[groups], times[~groups], events[groups], events[~groups])))
except ImportError:
    pass
try:
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff
    found["statsmodels"] = best(lambda: (SurvfuncRight(times, events.astype(int)),
        survdiff(times, events.astype(int), groups)))
except ImportError:
    pass
try:
    from sksurv.compare import compare_survival
    from sksurv.nonparametric import kaplan_meier_estimator
    from sksurv.util import Surv
    both = Surv.from_arrays(events, times)
    found["scikit-survival"] = best(lambda: (
        kaplan_meier_estimator(events, times, conf_type="log-log"),
        compare_survival(both, groups)))
except ImportError:
    pass
print(json.dumps(found))
"""


IN_R = """
library(survival)
asked <- commandArgs(TRUE)
rows <- read.csv(asked[1])
y <- Surv(rows$times, rows$events)
best <- Inf
for (run in seq_len(as.integer(asked[2]))) {
  gc()
  took <- system.time({
    survfit(y ~ 1, conf.type = "log-log")
    survdiff(y ~ rows$groups)
  })
  best <- min(best, took[["user.self"]] + took[["sys.self"]])
}
cat(best)
"""


def seconds(work: Callable[[], object], repeat: int) -> float:
    """Time a piece of work, the best of some runs."""
    best = float("inf")
    for _ in range(repeat):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def courses(participants: int) -> list[tuple[TumourBaseline, list[TumourAssessment]]]:
    """Make the lesions of so many participants."""
    rng = np.random.default_rng(SEED)
    source = Source("example", "benchmark")
    labels = [f"T{place}" for place in range(1, TARGETS + 1)]
    made = []
    for _ in range(participants):
        first = rng.integers(150, 900, TARGETS)
        baseline = TumourBaseline(
            DAY_1 - timedelta(7),
            tuple(
                TargetLesion(label, "LIVER", is_node=False, mm=Decimal(int(size)) / 10)
                for label, size in zip(labels, first, strict=True)
            ),
            (NonTargetLesion("N1", "BONE", is_node=False),),
            source,
        )
        visits = []
        for visit in range(1, VISITS + 1):
            sizes = first * rng.uniform(0.4, 1.3, TARGETS)
            visits.append(
                TumourAssessment(
                    DAY_1 + timedelta(56 * visit),
                    {
                        label: Decimal(int(size)) / 10
                        for label, size in zip(labels, sizes, strict=True)
                    },
                    {"N1": NonTargetWord.PRESENT},
                    (),
                    source,
                )
            )
        made.append((baseline, visits))
    return made


def judged(people: list[tuple[TumourBaseline, list[TumourAssessment]]]) -> int:
    """Judge everybody; give the number of lesion readings."""
    lesions = 0
    for baseline, visits in people:
        answers = timepoint_responses(baseline, visits, SETTINGS)
        best_response(answers, DAY_1, SETTINGS, confirm=True)
        lesions += (TARGETS + 1) * (len(visits) + 1)
    return lesions


Rows = tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]
"""Times, whether the event was seen, and of which of two groups."""


def rows_of(rows: int, decimals: int) -> Rows:
    """Make the rows, the same for everybody who is compared."""
    rng = np.random.default_rng(SEED)
    times = rng.exponential(400.0, rows).round(decimals) + 1.0
    return times, rng.random(rows) < 0.6, rng.random(rows) < 0.5


def seconds_of_r(made: Rows, repeat: int) -> float | None:
    """Time R's survival on the same rows; None where it is not installed."""
    command = shutil.which("Rscript")
    if command is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "rows.csv"
        numbers = np.column_stack(made)
        np.savetxt(table, numbers, "%.17g", ",", header="times,events,groups", comments="")
        asked = [command, "-e", IN_R, str(table), str(repeat)]
        told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return float(told.stdout) if told.returncode == 0 else None


def survival(made: Rows) -> Callable[[], object]:
    """Make the work of one curve and one test between two groups."""
    times, events, second = made
    groups = ["A" if one else "B" for one in second]

    def work() -> object:
        return kaplan_meier(times, events, Conventions()), log_rank(times, events, groups)

    return work


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--participants", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--against", default="", help="python of another environment")
    asked = parser.parse_args()
    people = courses(asked.participants)
    lesions = (TARGETS + 1) * (VISITS + 1) * asked.participants
    a_second = lesions / seconds(lambda: judged(people), asked.repeat)
    print(f"responses: {a_second:,.0f} lesions/s, {a_second / LESIONS_A_SECOND:.2f} x the target")
    for name, decimals in (("whole days", 0), ("ten thousandths of a day", 4)):
        made = rows_of(asked.rows, decimals)
        own = seconds(survival(made), asked.repeat)
        print(f"survival, {asked.rows:,} rows, {name}: {own:.4f} s")
        in_r = seconds_of_r(made, asked.repeat)
        if in_r is not None:
            print(f"  R survival: {in_r:.4f} s; we take {own / in_r:.2f} x that")
        if asked.against:
            given = [str(each) for each in (SEED, asked.rows, asked.repeat, decimals)]
            told = subprocess.run(
                [asked.against, "-c", OTHERS, *given], check=True, capture_output=True, text=True
            )
            for other, took in sorted(json.loads(told.stdout).items()):
                print(f"  {other}: {took:.4f} s; we take {own / took:.2f} x that")


if __name__ == "__main__":
    main()
