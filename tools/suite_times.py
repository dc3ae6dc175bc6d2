"""Tell from a JUnit report how long each suite took, and what was skipped for want of data.

    python tools/suite_times.py REPORT.xml

A suite is a folder below `tests`. Times add up the tests of the suite, so with several processes
they sum to more than the clock shows.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

NO_DATA = "the data folder is not at"
"""How a test that found no data folder begins its reason (tests/conftest.py)."""


def main(report: Path) -> None:
    """Print a line for each suite, then how many tests were skipped without the data folder."""
    seconds: dict[str, float] = defaultdict(float)
    tests: Counter[str] = Counter()
    without_data = 0
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own report)
        parts = case.get("classname", "").split(".")
        suite = parts[1] if len(parts) > 2 else parts[0]
        seconds[suite] += float(case.get("time", 0))
        tests[suite] += 1
        skipped = case.find("skipped")
        without_data += skipped is not None and NO_DATA in (skipped.get("message") or "")
    for suite in sorted(seconds):
        print(f"  {suite:<14} {tests[suite]:5} tests {seconds[suite]:7.1f} s")
    print(f"  skipped because the data folder is not there: {without_data}")


main(Path(sys.argv[1]))
