"""What is recorded for the power-loss simulation: `... FOLDER SYNCHRONOUS SOURCE`.

A ledger is made, filled by short and long appends with a redaction among them, and the export of
another one is put in place beside it. Each acknowledgement goes to standard output.
"""

import os
import sys
from datetime import date
from pathlib import Path

from tests.ledger.conftest import Bench
from tests.reliability.acknowledging import ENTRY, TRIAL, batch, write_on

from trialwright.conduct.happenings import Happening
from trialwright.ledger import sqlite_file
from trialwright.ledger.copies import file_from_export
from trialwright.ledger.sqlite import SqliteLedger

RESTORED = "restored.ledger"


def main(folder: str, synchronous: str, source: str) -> None:
    """Write, and acknowledge."""
    sqlite_file._PRAGMAS = tuple(
        each.replace("synchronous = EXTRA", f"synchronous = {synchronous}")
        for each in sqlite_file._PRAGMAS
    )
    bench = Bench(Path(folder))
    SqliteLedger.create(bench.path)
    ledger = bench.ledger
    write_on(ledger, acknowledge, [1, 2, 30, 1, 1])
    with ledger.transaction(TRIAL) as chain:
        target = {"sequence": 2, "field": "payload/text"}
        gone = Happening("redacted", "A-1", date(2026, 3, 14), target, "a name was typed")
        receipt = chain.append([gone, *batch(5, 2)], **ENTRY)
    acknowledge(receipt.text)
    write_on(ledger, acknowledge, [1, 4])
    file_from_export(Path(source).read_text("utf-8").splitlines(), Path(folder) / RESTORED)
    acknowledge("restored")


def acknowledge(text: str) -> None:
    """Let the world know, in one call of the system."""
    os.write(1, f"{text}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
