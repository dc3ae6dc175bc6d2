"""The benchmark of the reference page runs."""

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "ledger.py"


def test_the_benchmark_prints_a_ratio_for_each_row(tmp_path):
    """A small run prints every row of the page's table, and leaves nothing behind."""
    command = [sys.executable, BENCHMARK, "--happenings", "30", "--commits", "3"]

    done = subprocess.run(
        [*command, "--folder", tmp_path], capture_output=True, text=True, check=True
    )

    head, *rows = done.stdout.splitlines()
    assert head.split() == ["plain", "ledger", "ratio"]
    assert [row.split(",")[0].split("  ")[0] for row in rows] == [
        "append",
        "append",
        "read",
        "verify",
        "verify",
        "export",
        "verify an export outside",
        "size of the export",
        "append onto 30",
        "size of the file",
    ]
    assert list(tmp_path.iterdir()) == []
