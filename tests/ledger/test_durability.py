"""Races, threads and bit flips; kills are in tests/reliability."""

import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from trialwright.ledger.receipts import Receipt
from trialwright.ledger.sqlite import SqliteLedger

TRIAL = "NCT00000001"

WRITER = """
import sys
from datetime import date
from pathlib import Path
from trialwright.conduct.happenings import Happening
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger

folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
ledger = SqliteLedger.open(
    folder / "trial.ledger",
    signing=SigningKey(bytes(range(32))),
    checkpoint=CheckpointFile(folder / "outside" / "checkpoint.json"),
)
for number in range(count):
    with ledger.transaction("NCT00000001") as opened:
        seen = sum(1 for _ in opened.records(after=0)) if name.startswith("w") else 0
        receipt = opened.append(
            [Happening("observed", name, date(2026, 3, 14), {"seen": seen, "more": ["x"] * 3})] * 2,
            actor=name,
            role="coordinator",
            site="site-01",
            source="cli",
            protocol="0" * 64,
            software="0.1.0",
            entered_at="2026-03-14T09:26:53.589Z",
        )
    print(receipt.text, flush=True)
"""


def start(bench, name, count):
    """Start a process that appends and acknowledges."""
    command = [sys.executable, "-c", WRITER, str(bench.folder), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1)


def test_writers_in_several_processes_keep_one_gapless_chain(bench):
    """Each sees, under the lock, everything before its own append: nothing is decided blind."""
    writers = [start(bench, f"w{number}", 12) for number in range(3)]
    told = [writer.communicate()[0] for writer in writers]
    receipts = [Receipt.read(line) for text in told for line in text.splitlines()]

    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert sorted(receipt.sequence for receipt in receipts) == list(range(2, 73, 2))
    for record in bench.ledger.records(TRIAL):
        assert record.happening.payload["seen"] == (record.sequence - 1) // 2 * 2
    report = bench.ledger.verify(TRIAL, receipts=receipts, every_signature=True)
    assert report.discoveries == ()


def test_threads_share_one_ledger(bench, say_observed):
    """One object serves all threads of a server; readers among them see whole appends."""
    ledger = bench.ledger

    def work(number):
        if number % 3 == 0:
            return len(list(ledger.records(TRIAL))) % 2
        return bench.append(say_observed(number), say_observed(number), ledger=ledger).sequence % 2

    with ThreadPoolExecutor(6) as threads:
        odd = list(threads.map(work, range(60)))

    report = ledger.verify(TRIAL, receipts=bench.receipts, every_signature=True)
    assert set(odd) == {0}
    assert report.happenings == 80
    assert report.broken == ()


def test_a_reader_that_thinks_holds_up_nobody(filled, say_observed):
    """Whoever stops in the middle of reading keeps no lock, and reads on to the newest."""
    reading = filled.ledger.records(TRIAL)
    next(reading)

    filled.append(say_observed(11))

    assert [record.sequence for record in reading][-1] in (10, 11)
    assert filled.ledger.head(TRIAL).sequence == 11


def meaning(ledger):
    """Give what a ledger says, or None when it cannot be read."""
    try:
        return list(ledger.records(TRIAL))
    except Exception:  # noqa: BLE001 - a damaged file may fail in any way here
        return None


@pytest.mark.parametrize("flips", [150, pytest.param(3000, marks=pytest.mark.long)])
def test_a_flipped_bit_never_changes_the_meaning_unseen(filled, flips):
    """Wherever one bit of the file flips, it is found or it changed nothing."""
    chance = random.Random(4)  # noqa: S311
    sound = filled.path.read_bytes()
    before = list(filled.ledger.records(TRIAL))
    found = 0
    for _ in range(flips):
        spoiled = bytearray(sound)
        # past the header, whose marks are checked on opening
        spoiled[chance.randrange(100, len(spoiled))] ^= 1 << chance.randrange(8)
        filled.path.write_bytes(spoiled)
        opened = SqliteLedger.open(filled.path, keys=[filled.key.verifying])
        is_found = bool(opened.verify(TRIAL, receipts=filled.receipts, every_signature=True).broken)
        assert is_found or meaning(opened) == before
        found += is_found

    assert found > flips // 4


def test_an_append_is_all_or_nothing(filled, say_observed):
    """An exception inside the transaction leaves no trace, whoever raises it."""
    before = filled.path.read_bytes()
    with pytest.raises(ZeroDivisionError), filled.ledger.transaction(TRIAL) as opened:  # noqa: PT012
        entry = dict.fromkeys(("actor", "role", "site", "source", "software"), "x")
        opened.append(
            [say_observed(11)],
            **entry,
            protocol="0" * 64,
            entered_at="2026-03-14T10:00:00.000Z",
        )
        raise ZeroDivisionError

    assert filled.path.read_bytes() == before
    assert filled.checkpoint.newest(TRIAL).sequence == 10
    assert list(filled.folder.glob("*journal*")) == []
    with closing(sqlite3.connect(filled.path)) as raw:
        assert raw.execute("SELECT count(*) FROM happenings").fetchone() == (10,)
