"""Redactions: the erased bytes are nowhere in the database, its journal, later copies or exports.

Of PostgreSQL that holds for the tables after the scrub (`VACUUM FULL`) and for dumps; what the
write-ahead log still holds is counted and told.
"""

import random
import re
import subprocess
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from tests.ledger.conftest import redaction
from tests.reliability.acknowledging import ENTRY, TRIAL
from tests.reliability.own_postgres import binaries, killable_server
from tests.servers import fresh_database
from tests.sizes import sized

from trialwright.conduct.happenings import Happening
from trialwright.ledger import postgres_scrubbing
from trialwright.ledger.copies import backup
from trialwright.ledger.postgres import PostgresLedger
from trialwright.ledger.postgres_session import connect
from trialwright.ledger.signing import SigningKey
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.terms.errors import Refusal

CASES = sized(full=200, default=8)
SEED = 20260314
KEY = SigningKey(bytes(range(32)))
FIELDS = ("payload/note", "payload/more/#0", "reason", "source")
LENGTHS = (0, 20, 400, 3000, 9000)
MARK = re.compile(rb"MARK[0-9]{4}|[0-9]{4}KRAM")


def entered(ledger, number, chance):
    """Record a happening with four texts that are to go; give the number of its mark."""
    mark = f"MARK{number:04}{'x' * chance.choice(LENGTHS)}{number:04}KRAM"
    happening = Happening(
        "noted", f"A-{number}", date(2026, 3, 14), {"note": mark, "more": [mark, 1]}, reason=mark
    )
    with ledger.transaction(TRIAL) as chain:
        return chain.append([happening], **{**ENTRY, "source": mark}).sequence


def redacted(ledger, sequences, chance):
    """Redact every marked field, in any order, several in an append."""
    targets = [(sequence, field) for sequence in sequences for field in FIELDS]
    chance.shuffle(targets)
    for begin in range(0, len(targets), 7):
        part = targets[begin : begin + 7]
        with ledger.transaction(TRIAL) as chain:
            chain.append([redaction(*target) for target in part], **ENTRY)


def marks_in(*paths):
    """Count the marks that are left in files, those of folders included."""
    files = [one for path in paths for one in ([path] if path.is_file() else path.rglob("*"))]
    return sum(len(MARK.findall(one.read_bytes())) for one in files if one.is_file())


@pytest.mark.sized
def test_a_redacted_text_is_in_no_file_of_a_ledger_in_a_file(bench, tell):
    """Database, journal, checkpoint, later backup and later export; and the chain verifies."""
    chance = random.Random(SEED)  # noqa: S311
    sequences = [entered(bench.ledger, number, chance) for number in range(CASES)]
    before = marks_in(bench.folder)

    redacted(bench.ledger, sequences, chance)

    backup(bench.ledger, bench.folder / "later.ledger")
    lines = "\n".join(bench.ledger.export_lines(TRIAL))
    left = marks_in(bench.folder) + len(MARK.findall(lines.encode()))
    report = bench.ledger.verify(TRIAL, every_signature=True)
    tell("redaction, SQLite", happenings=CASES, fields=CASES * len(FIELDS), marks_before=before,
         marks_left=left, seed=SEED)  # fmt: skip
    assert before >= CASES * len(FIELDS)
    assert left == 0
    assert report.broken == ()


@pytest.mark.sized
def test_a_redacted_text_is_in_no_table_and_no_dump_of_postgres(postgres, tmp_path, tell):
    """After the scrub. Before it the old rows are in the heap, which is the negative control."""
    chance = random.Random(SEED)  # noqa: S311
    with fresh_database(postgres) as address:
        PostgresLedger.create(address)
        ledger = PostgresLedger.open(address, signing=KEY)
        sequences = [entered(ledger, number, chance) for number in range(CASES)]
        redacted(ledger, sequences, chance)
        with closing(connect(address)) as raw:
            (folder,) = raw.execute("SHOW data_directory").fetchone()
            tables, log = Path(folder) / "base", Path(folder) / "pg_wal"
            raw.execute("CHECKPOINT")
            unscrubbed = marks_in(tables)
            ledger.scrub()
            raw.execute("CHECKPOINT")
            left, logged = marks_in(tables), marks_in(log)
        dump = subprocess.run(
            [binaries() / "pg_dump", address], capture_output=True, check=True
        ).stdout
        dumped = len(MARK.findall(dump))
        backup(ledger, tmp_path / "later.ledger")
        lines = "\n".join(ledger.export_lines(TRIAL))
        copied = marks_in(tmp_path / "later.ledger") + len(MARK.findall(lines.encode()))
        report = ledger.verify(TRIAL, every_signature=True)

    tell("redaction, PostgreSQL", happenings=CASES, fields=CASES * len(FIELDS),
         marks_in_tables_before_scrub=unscrubbed, marks_in_tables=left, marks_in_dump=dumped,
         marks_in_backup_and_export=copied, marks_in_write_ahead_log=logged, seed=SEED)  # fmt: skip
    assert unscrubbed > 0
    assert len(dump) > 1000 * CASES
    assert (left, dumped, copied) == (0, 0, 0)
    assert report.broken == ()


@pytest.mark.long
def test_a_prepared_transaction_and_a_slot_are_named(monkeypatch):
    """Neither has a session that anybody could end; `VACUUM FULL` keeps old rows for both."""
    monkeypatch.setattr(postgres_scrubbing, "_PAUSES", (0, 0.1))
    chance = random.Random(SEED)  # noqa: S311
    with killable_server(max_prepared_transactions="2", wal_level="logical") as server:
        PostgresLedger.create(server.address)
        ledger = PostgresLedger.open(server.address, signing=KEY)
        sequence = entered(ledger, 1, chance)
        with closing(connect(server.address)) as raw:
            (folder,) = raw.execute("SHOW data_directory").fetchone()
            raw.execute("BEGIN")
            raw.execute("CREATE TABLE public.other ()")
            raw.execute("PREPARE TRANSACTION 'left behind'")
            redacted(ledger, [sequence], chance)
            with pytest.raises(Refusal, match="held by prepared transaction 'left behind' of post"):
                ledger.scrub()
            raw.execute("COMMIT PREPARED 'left behind'")
            raw.execute("SELECT pg_create_logical_replication_slot('reader', 'pgoutput')")
            raw.execute("ANALYZE happenings")  # a sample of before, which the slot holds
            raw.execute("ANALYZE happenings")
            with pytest.raises(Refusal, match="held by replication slot reader"):
                ledger.scrub()
            raw.execute("SELECT pg_drop_replication_slot('reader')")
            ledger.scrub()
            raw.execute("CHECKPOINT")
        assert marks_in(Path(folder) / "base") == 0


def test_a_copy_from_before_still_holds_what_was_redacted_later(bench, tell):
    """The other negative control: the search finds marks in a file that does hold them."""
    chance = random.Random(SEED)  # noqa: S311
    sequence = entered(bench.ledger, 1, chance)
    backup(bench.ledger, bench.folder / "before.ledger")

    redacted(bench.ledger, [sequence], chance)

    left = marks_in(bench.folder / "before.ledger")
    tell("redaction, control: copy from before", marks_left=left)
    assert left >= len(FIELDS)
    copy = SqliteLedger.read_copy(bench.folder / "before.ledger", keys=[KEY.verifying])
    assert copy.verify(TRIAL).is_intact
