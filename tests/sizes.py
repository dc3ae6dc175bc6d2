"""How large the suites run that are larger on demand.

`TRIALWRIGHT_SUITES` is empty (the tests that run with everything else), `tenth` (in CI) or `full`
(`make reliability`).
"""

import os

SUITES = os.environ.get("TRIALWRIGHT_SUITES", "")
if SUITES not in ("", "tenth", "full"):
    raise ValueError(f"TRIALWRIGHT_SUITES is {SUITES!r}; it may be empty, tenth or full")


def sized(full: int, default: int) -> int:
    """Give the number of cases of a suite: `full`, a tenth of it, or `default` otherwise."""
    return {"full": full, "tenth": max(1, full // 10)}.get(SUITES, default)
