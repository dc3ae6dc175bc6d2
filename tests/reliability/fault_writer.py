"""A child for each index of a call that strace lets fail: `... FOLDER CALL FIRST LAST`.

Strace fails call number `SHIFT` of each process. A child that makes `SHIFT - n` idle calls first
so has its call number n fail. It then appends again, and writes down what came of it.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.ledger.conftest import Bench
from tests.reliability.acknowledging import ENTRY, TRIAL, batch

from trialwright.terms.errors import Refusal

SHIFT = 200
MOST = 48
"""Appends tried until one fails: an append may make one such call, and the 40th is to fail."""


def idle(call: str) -> Callable[[], object]:
    """Give a call of a kind that changes nothing."""
    nowhere = os.open("/dev/null", os.O_WRONLY)
    return {
        "pwrite64": lambda: os.pwrite(nowhere, b"", 0),
        "write": lambda: os.write(nowhere, b""),
        "fsync": lambda: suppress_oserror(os.fsync, nowhere),
        "fdatasync": lambda: suppress_oserror(os.fdatasync, nowhere),
    }[call]


def suppress_oserror(call: Callable[[int], None], file: int) -> None:
    """Call what the null device refuses."""
    with suppress(OSError):
        call(file)


def told(ledger) -> dict[str, object]:
    """Append, and say what came of it: a receipt, a refusal, or a fault of the software."""
    try:
        with ledger.transaction(TRIAL) as chain:
            receipt = chain.append(batch(1, 6), **ENTRY)
    except Refusal as refused:
        return {"refused": str(refused)}
    except Exception as failed:  # noqa: BLE001 - any other exception is what is looked for
        return {"fault": repr(failed)}
    return {"receipt": receipt.text}


def main(folder: str, call: str, first: str, last: str) -> None:
    """Run a child for each index, one after another."""
    for index in range(int(first), int(last) + 1):
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            continue
        with suppress(BaseException):
            one(Path(folder), call, index)
        os._exit(0)


def one(folder: Path, call: str, index: int) -> None:
    """Append until call number `index` has failed, and once more."""
    here = folder / f"{call}-{index}"
    shutil.copytree(folder / "model", here)
    ledger = Bench(here).ledger
    act = idle(call)
    for _ in range(SHIFT - index):
        act()
    outcome = [told(ledger)]
    while "receipt" in outcome[-1] and len(outcome) < MOST:
        outcome.append(told(ledger))
    outcome.append(told(ledger))
    if "refused" in outcome[-1] and all("receipt" in each for each in outcome[:-1]):
        outcome.append(told(ledger))  # the call that failed was of the append meant to come after
    (here / "outcome.json").write_text(json.dumps(outcome), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
