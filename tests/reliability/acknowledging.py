"""A writer that acknowledges each append through a pipe, to be killed or cut off at any moment."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from trialwright.conduct.happenings import Happening
from trialwright.ledger.receipts import Receipt

TRIAL = "NCT00000001"
ENTRY = {
    "actor": "m.chen",
    "role": "coordinator",
    "site": "site-01",
    "source": "import",
    "protocol": "ab" * 32,
    "software": "trialwright 0.1.0",
    "entered_at": "2026-03-14T09:26:53.589Z",
}


def batch(number: int, size: int) -> list[Happening]:
    """Give the happenings of one import; each says which import it is part of, and how large."""
    return [
        Happening(
            "imported",
            f"A-{number}",
            date(2026, 3, 14),
            {"import": number, "of": size, "place": place, "text": "x" * 40},
        )
        for place in range(size)
    ]


def write_on(ledger, acknowledge: Callable[[str], None], sizes, *, too_early: bool = False) -> None:
    """Append imports of the sizes given, each acknowledged once it is recorded.

    `too_early` is the broken variant: it acknowledges before the transaction has ended.
    """
    for number, size in enumerate(sizes):
        with ledger.transaction(TRIAL) as chain:
            receipt = chain.append(batch(number, size), **ENTRY)
            if too_early:
                acknowledge(receipt.text)
        if not too_early:
            acknowledge(receipt.text)


def killed(
    write: Callable[[Callable[[str], None]], None],
    chance: random.Random,
    kill: Callable[[], None] | None = None,
    *,
    longest_wait: float = 0.03,
) -> list[Receipt]:
    """Start a writer, kill it after some acknowledgements, and give all that it acknowledged.

    `kill` kills something else that the writer needs; the writer then ends by itself. After the
    last acknowledgement that it waits for it waits on, up to `longest_wait` seconds.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.close(reading)
            write(lambda text: os.write(writing, f"{text}\n".encode()) and None)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        heard = [told.readline() for _ in range(chance.randint(1, 4))]
        time.sleep(chance.uniform(0, longest_wait))
        if kill is None:
            os.kill(child, signal.SIGKILL)
        else:
            kill()
        heard += told.readlines()
    os.waitpid(child, 0)
    return [Receipt.read(line.decode()) for line in heard if line.endswith(b"}\n")]


def halves(ledger) -> int:
    """Count the imports of which a part alone is recorded."""
    parts: dict[tuple[int, int], int] = {}
    for record in ledger.records(TRIAL):
        payload = record.happening.payload
        if record.happening.act != "imported":
            continue
        first = record.sequence - payload["place"]
        parts[first, payload["of"]] = parts.get((first, payload["of"]), 0) + 1
    return sum(size != there for (_, size), there in parts.items())


def lost(ledger, receipts) -> int:
    """Count the acknowledged appends that the ledger does not hold as they were acknowledged."""
    heads = {record.sequence for record in ledger.records(TRIAL)}
    report = ledger.verify(TRIAL, receipts=receipts, every_signature=True)
    gone = sum(receipt.sequence not in heads for receipt in receipts)
    return gone or len(report.broken)
