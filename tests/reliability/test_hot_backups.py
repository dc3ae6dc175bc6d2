"""Backups taken while others write, each restored for practice: all verify and are whole.

What was acknowledged before a backup began must be in it.
"""

import itertools
import os
import signal
from contextlib import contextmanager, suppress

import pytest
from tests.reliability.acknowledging import TRIAL, halves, write_on
from tests.servers import fresh_database
from tests.sizes import sized

from trialwright.assembly import ledger_care, ledgers
from trialwright.ledger.copies import restore
from trialwright.ledger.receipts import Receipt
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal

BACKUPS = sized(full=200, default=6)
WRITTEN = 400
"""Appends after which a ledger is begun anew, so that copies stay small."""


class Acknowledged:
    """What a writer has acknowledged so far, read without waiting."""

    def __init__(self, told: int) -> None:
        self.receipts: list[Receipt] = []
        self._told, self._rest = told, b""

    def heard(self) -> int:
        """Give the newest sequence acknowledged by now."""
        with suppress(BlockingIOError):
            while piece := os.read(self._told, 65536):
                *lines, self._rest = (self._rest + piece).split(b"\n")
                self.receipts += [Receipt.read(line.decode()) for line in lines]
        return self.receipts[-1].sequence if self.receipts else 0


@contextmanager
def busy(folder):
    """Let another process append to the ledger of a folder all the while."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            ledger = ledgers.open_to_write(folder)
            sizes = itertools.islice(itertools.cycle([1, 3, 20]), WRITTEN)
            write_on(ledger, lambda text: os.write(writing, f"{text}\n".encode()) and None, sizes)
        os._exit(0)
    os.close(writing)
    os.set_blocking(reading, False)
    try:
        yield Acknowledged(reading)
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)


def taken(folder, scratch, count):
    """Take backups under load, each drilled; count those that lack something or do not verify."""
    ledgers.make(folder)
    wrong, moved = [], set()
    with busy(folder) as writer:
        while writer.heard() == 0:
            pass
        for number in range(count):
            before, copy = writer.heard(), scratch / f"copy-{number}"
            reports = ledger_care.backup(folder, copy)
            drilled = ledger_care.drill(folder, copy, scratch)
            held = SqliteLedger.read_copy(copy, keys=ledgers.public(folder))
            newest = held.head(TRIAL).sequence
            moved.add(newest)
            if not all(each.is_intact for each in (*reports, *drilled)):
                wrong.append((number, "not intact"))
            if newest < before or halves(held):
                wrong.append((number, newest, before))
            copy.unlink()
    return wrong, len(moved)


@pytest.mark.sized
@pytest.mark.parametrize("name", ["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def test_a_backup_under_load_lacks_nothing(name, request, tmp_path, monkeypatch, tell):
    """Taken, drilled and counted while a writer appends."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    wrong, moved, done = [], 0, 0
    while done < BACKUPS:
        part = min(20, BACKUPS - done)
        scratch = tmp_path / f"scratch-{done}"
        scratch.mkdir()
        if name == "postgres":
            with fresh_database(request.getfixturevalue("postgres")) as address:
                monkeypatch.setenv("DATABASE_URL", address)
                found = taken(tmp_path / f"{done}", scratch, part)
        else:
            found = taken(tmp_path / f"{done}", scratch, part)
        wrong += found[0]
        moved += found[1]
        done += part

    tell(f"hot backups, {name}", backups=done, at_different_heads=moved, wrong=len(wrong))
    assert wrong == []
    assert moved > 1


def test_copying_the_file_in_two_pieces_loses(tmp_path, monkeypatch, tell):
    """The negative control: a plain copy, with an append between its two halves."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = tmp_path / "trial"
    ledger = ledgers.make(folder)
    write_on(ledger, lambda text: None, [3, 20, 3])
    whole = (folder / ledgers.LEDGER).read_bytes()
    half = len(whole) // 2 // 4096 * 4096
    write_on(ledger, lambda text: None, [30])
    later = (folder / ledgers.LEDGER).read_bytes()
    (tmp_path / "copy").write_bytes(whole[:half] + later[half:])

    try:
        reports = restore(tmp_path / "copy", tmp_path / "put", keys=ledgers.public(folder))
        is_sound = all(each.is_intact for each in reports)
    except Refusal:
        is_sound = False

    tell("hot backups, control: plain copy", sound=is_sound)
    assert not is_sound
