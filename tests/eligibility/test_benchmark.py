"""The benchmark of one participant runs."""

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "one_participant.py"


def test_the_benchmark_prints_a_ratio_for_each_row():
    """A small participant goes the whole way from the bundle to every verdict."""
    command = [sys.executable, BENCHMARK, "--facts", "60", "--megabytes", "0.1", "--rounds", "1"]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    size, head, *rows = done.stdout.splitlines()
    assert size.startswith("35 criteria, 3 arms; bundles of 0.10 and 0.10 MB")
    assert head.split() == ["median", "target", "ratio"]
    assert [row.split("  ")[0] for row in rows] == [
        "json.load of the bundle",
        "every verdict, 61 facts",
        "bundle to casebook",
        "bundle to every verdict",
        "bundle with all facts to every verdict",
    ]
