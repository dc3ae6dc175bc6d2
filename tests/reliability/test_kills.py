"""kill -9 in the middle of writing: nothing acknowledged is lost, no import is half there."""

import itertools
import random
from functools import partial

import pytest
from tests.ledger.conftest import set_up
from tests.reliability.acknowledging import TRIAL, batch, halves, killed, lost, write_on
from tests.reliability.own_postgres import killable_server
from tests.sizes import sized

from trialwright.ledger import postgres_session
from trialwright.ledger.checkpoint import CheckpointFile
from trialwright.ledger.copies import file_from_export
from trialwright.ledger.postgres import PostgresLedger
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger

KEY = SigningKey(bytes(range(32)))
KILLS = sized(full=1000, default=25)
KILLS_OF_A_LEDGER = 100
"""So that reading it back does not grow with the suite."""

RESTORES = sized(full=200, default=6)
SERVER_KILLS = sized(full=50, default=2)
SEED = 20260314


def sizes():
    """Give the sizes of imports: short ones, and one long enough to be hit in the middle."""
    return itertools.cycle([1, 2, 1, 60])


def keep_writing(ledger, told):
    """Append until killed."""
    write_on(ledger, told, sizes())


@pytest.mark.sized
def test_a_killed_writer_loses_nothing_on_sqlite(tmp_path_factory, tell):
    """Every receipt that left the process is in the chain, and every import is whole."""
    chance, acknowledged, gone, half = random.Random(SEED), 0, 0, 0  # noqa: S311
    for begin in range(0, KILLS, KILLS_OF_A_LEDGER):
        made, receipts = set_up(tmp_path_factory.mktemp("killed")), []
        for _ in range(min(KILLS_OF_A_LEDGER, KILLS - begin)):
            receipts += killed(partial(keep_writing, made.ledger), chance)
        acknowledged += len(receipts)
        gone += lost(made.ledger, receipts)
        half += halves(made.ledger)

    tell("kill -9, SQLite", kills=KILLS, acknowledged=acknowledged, lost=gone, half_imports=half,
         seed=SEED)  # fmt: skip
    assert (gone, half) == (0, 0)
    assert acknowledged >= KILLS


def test_acknowledging_before_the_commit_loses(bench, tell):
    """The negative control: a writer that says so before the transaction has ended."""
    chance, receipts = random.Random(SEED), []  # noqa: S311
    for _ in range(12):
        receipts += killed(
            lambda told: write_on(bench.ledger, told, sizes(), too_early=True),
            chance,
            longest_wait=0,
        )

    gone = lost(bench.ledger, receipts)
    tell("kill -9, control: acknowledged before the commit", kills=12, lost=gone)
    assert gone > 0


@pytest.mark.sized
def test_a_killed_restore_leaves_a_whole_ledger_or_none(bench, tmp_path, tell):
    """The import of an export into a new ledger, killed at any moment of it."""
    for number in range(6):
        bench.append(*batch(number, 40))
    lines = list(bench.ledger.export_lines(TRIAL))
    chance, there = random.Random(SEED), 0  # noqa: S311
    for number in range(RESTORES):
        to = tmp_path / f"restored-{number}.ledger"

        def restore(told, to=to):
            for _ in range(4):  # as many as are waited for at most
                told(bench.receipts[-1].text)
            file_from_export(lines, to)

        killed(restore, chance, longest_wait=0.2)
        if to.exists():
            there += 1
            copy = SqliteLedger.read_copy(to, keys=[KEY.verifying])
            assert copy.verify(TRIAL, receipts=bench.receipts).is_intact

    tell("kill -9, import of an export", kills=RESTORES, whole=there, half=0, seed=SEED)


def killed_servers(server, kills, chance, folder):
    """Kill the whole server in the middle of appends, again and again."""
    PostgresLedger.create(server.address)
    checkpoint = CheckpointFile(folder / "checkpoint.json")
    ledger = PostgresLedger.open(server.address, signing=KEY, checkpoint=checkpoint)
    receipts = []
    for _ in range(kills):
        receipts += killed(partial(keep_writing, ledger), chance, server.kill)
        server.start()
    return ledger, receipts


@pytest.mark.long
def test_a_killed_server_loses_nothing_on_postgres(tmp_path, tell):
    """Postmaster and all its children at once, while a writer appends; then it recovers."""
    with killable_server() as server:
        chance = random.Random(SEED)  # noqa: S311
        ledger, receipts = killed_servers(server, SERVER_KILLS, chance, tmp_path)
        gone, half = lost(ledger, receipts), halves(ledger)

    tell("kill -9, PostgreSQL", kills=SERVER_KILLS, acknowledged=len(receipts), lost=gone,
         half_imports=half, seed=SEED)  # fmt: skip
    assert (gone, half) == (0, 0)
    assert len(receipts) >= SERVER_KILLS


@pytest.mark.long
def test_a_commit_that_does_not_wait_for_the_disk_loses_on_postgres(tmp_path, monkeypatch, tell):
    """The negative control: the same kills with `synchronous_commit = off` in the session."""
    off = tuple(each.replace("commit = on", "commit = off") for each in postgres_session._SETTINGS)
    assert off != postgres_session._SETTINGS
    with killable_server(wal_writer_delay="10s") as server:
        chance, gone = random.Random(SEED), 0  # noqa: S311
        PostgresLedger.create(server.address)
        monkeypatch.setattr(postgres_session, "_SETTINGS", off)
        ledger = PostgresLedger.open(server.address, signing=KEY)  # a checkpoint would stop it
        for _ in range(3):
            receipts = killed(partial(keep_writing, ledger), chance, server.kill)
            server.start()
            gone += lost(ledger, receipts)

    tell("kill -9, control: synchronous_commit off", kills=3, lost=gone)
    assert gone > 0
