"""The file: made whole, opened safely, refused when it is none."""

import sqlite3
import stat
from contextlib import closing

import pytest

from trialwright.ledger import sqlite_file
from trialwright.ledger import sqlite_tables as tables
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.ledger.sqlite_session import SqliteSession
from trialwright.terms.errors import Refusal

TRIAL = "NCT00000001"


def other_database(path):
    """Make a database of something else."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE happenings (x)")


def newer_ledger(path):
    """Make a ledger of a schema version to come."""
    SqliteLedger.create(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {tables.SCHEMA_VERSION + 1}")


def older_ledger(path):
    """Make a ledger of a schema version before the first."""
    SqliteLedger.create(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 0")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b""), "no ledger"),
        (lambda path: path.write_bytes(b"no database"), "no ledger"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\0" * 84), "no ledger"),
        (other_database, "no ledger"),
        (newer_ledger, "schema version 2. Allowed: schema version 1. Use the software that"),
        (older_ledger, "schema version 0. Allowed: schema version 1. Back it up, then upgrade"),
    ],
)
def test_what_is_no_ledger_of_this_form_is_refused_and_left_alone(tmp_path, make, says):
    """Not a byte changes, and nothing appears beside it."""
    path = tmp_path / "trial.ledger"
    make(path)
    before = path.read_bytes()

    with pytest.raises(Refusal, match=says):
        SqliteLedger.open(path)
    with pytest.raises(Refusal, match=says):
        SqliteLedger.read_copy(path, keys=[])

    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["trial.ledger"]


def test_a_missing_file_is_not_made_by_opening(tmp_path):
    """Opening never creates."""
    with pytest.raises(Refusal, match="no such file"):
        SqliteLedger.open(tmp_path / "trial.ledger")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_a_crash_left_in_the_middle_of_growing_is_known_for_a_ledger(filled):
    """The header promises pages that are not there yet: its journal is to be rolled back first."""
    spoiled = bytearray(filled.path.read_bytes())
    spoiled[28:32] = (10_000).to_bytes(4, "big")  # size in pages, sqlite.org/fileformat2.html
    filled.path.write_bytes(spoiled)

    with pytest.raises(sqlite3.DatabaseError), closing(sqlite3.connect(filled.path)) as raw:
        raw.execute("PRAGMA user_version").fetchone()
    assert sqlite_file.schema_version(filled.path) == 1


def test_a_file_is_never_overwritten(filled):
    """Creating over a ledger is refused and leaves it."""
    before = filled.path.read_bytes()

    with pytest.raises(Refusal, match="a file of that name exists"):
        SqliteLedger.create(filled.path)

    assert filled.path.read_bytes() == before
    assert not list(filled.folder.glob(".*"))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """With the system's reason."""
    with pytest.raises(Refusal, match="No such file or directory"):
        SqliteLedger.create(tmp_path / "none" / "trial.ledger")


def test_a_new_ledger_is_its_owners_alone(bench):
    """Others cannot read it."""
    assert stat.S_IMODE(bench.path.stat().st_mode) == 0o600


def test_a_new_ledger_has_its_mark_and_guards(bench):
    """Application id, schema version and schema are those of this software."""
    with closing(sqlite_file.connect(bench.path, sqlite_file.SHARED)) as raw:
        assert raw.execute("PRAGMA application_id").fetchone() == (0x54574C47,)
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
        assert SqliteSession(raw).guards_stand()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous", 3),
        ("journal_mode", "delete"),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("mmap_size", 0),
        ("temp_store", 2),
        ("trusted_schema", 0),
        ("recursive_triggers", 1),
        ("query_only", 0),
        ("busy_timeout", 20_000),
    ],
)
def test_a_writing_connection_has_the_settings_that_its_promises_rest_on(bench, setting, value):
    """Rollback journal, synced folder, erased bytes overwritten, no memory map."""
    with closing(sqlite_file.connect(bench.path, sqlite_file.SHARED, is_writing=True)) as raw:
        assert raw.execute(f"PRAGMA {setting}").fetchone() == (value,)


@pytest.mark.parametrize("access", [sqlite_file.SHARED, sqlite_file.FROZEN])
def test_a_reading_connection_cannot_write(filled, access):
    """Reading is no second way to write."""
    with (
        closing(sqlite_file.connect(filled.path, access)) as raw,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        raw.execute("CREATE TABLE more (x)")


def test_a_ledger_in_write_ahead_mode_is_refused(filled):
    """SQLite before 3.51.3 may corrupt a write-ahead log."""
    with closing(sqlite3.connect(filled.path)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")

    with pytest.raises(Refusal, match="write-ahead"):
        list(filled.ledger.records(TRIAL))
    with pytest.raises(Refusal, match="write-ahead"), filled.ledger.transaction(TRIAL):
        pass


def test_an_upgrade_of_the_present_form_changes_nothing(filled):
    """There is nothing to do, and that is said."""
    before = filled.path.read_bytes()

    assert sqlite_file.upgrade(filled.path) == (1, 1)
    assert filled.path.read_bytes() == before


def test_a_newer_form_is_not_brought_back(tmp_path):
    """An older software does not touch it."""
    newer_ledger(tmp_path / "trial.ledger")

    with pytest.raises(Refusal, match="schema version 2"):
        sqlite_file.upgrade(tmp_path / "trial.ledger")


def test_an_older_form_is_brought_up(tmp_path, monkeypatch):
    """Steps run in order in one transaction, and the new version is noted."""
    older_ledger(tmp_path / "trial.ledger")
    steps = {0: ("CREATE TABLE step (x)", "DROP TABLE step")}
    monkeypatch.setattr(sqlite_file, "_UPGRADES", steps)

    assert sqlite_file.upgrade(tmp_path / "trial.ledger") == (0, 1)
    assert SqliteLedger.open(tmp_path / "trial.ledger").trials() == ()


def test_an_upgrade_that_fails_leaves_the_ledger(tmp_path, monkeypatch):
    """Nothing of a failed upgrade stays."""
    older_ledger(tmp_path / "trial.ledger")
    steps = {0: ("CREATE TABLE step (x)", "CREATE TABLE step (x)")}
    monkeypatch.setattr(sqlite_file, "_UPGRADES", steps)

    with pytest.raises(Refusal, match="already exists"):
        sqlite_file.upgrade(tmp_path / "trial.ledger")

    assert sqlite_file.schema_version(tmp_path / "trial.ledger") == 0
    with closing(sqlite3.connect(tmp_path / "trial.ledger")) as raw:
        assert not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'step'").fetchall()


def test_a_busy_ledger_is_refused_after_waiting(filled, monkeypatch, say_observed):
    """The one who waits is told that nothing was recorded."""
    monkeypatch.setattr(sqlite_file, "_WAIT_SECONDS", 0.05)
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Refusal, match="another act holds the ledger"):
            filled.append(say_observed(11))


def test_a_reader_that_stays_does_not_lose_the_append(filled, monkeypatch, say_observed):
    """A commit that cannot get through is rolled back whole, and works again afterwards."""
    monkeypatch.setattr(sqlite_file, "_WAIT_SECONDS", 0.05)
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM happenings").fetchone()
        with pytest.raises(Refusal, match="another act holds the ledger"):
            filled.append(say_observed(11))

    assert filled.ledger.head(TRIAL).sequence == 10
    assert filled.append(say_observed(11)).sequence == 11
    assert filled.ledger.verify(TRIAL, receipts=filled.receipts).is_intact


def test_a_full_disk_is_told_and_nothing_is_half_written(filled, monkeypatch, say_observed):
    """After space is freed, appending goes on without a restart."""
    with closing(sqlite3.connect(filled.path)) as raw:
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
    full = (*sqlite_file._PRAGMAS, f"PRAGMA max_page_count = {pages}")
    many = [say_observed(number) for number in range(11, 60)]
    with monkeypatch.context() as filling:
        filling.setattr(sqlite_file, "_PRAGMAS", full)
        with pytest.raises(Refusal, match="the disk is full"):
            filled.append(*many)

    assert filled.ledger.head(TRIAL).sequence == 10
    assert filled.append(*many).sequence == 59
    assert filled.ledger.verify(TRIAL, receipts=filled.receipts).is_intact


def test_a_swallowed_failure_commits_nothing(filled, monkeypatch, say_observed):
    """Whoever catches the failure inside the transaction cannot commit half an append."""
    with closing(sqlite3.connect(filled.path)) as raw:
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
    full = (*sqlite_file._PRAGMAS, f"PRAGMA max_page_count = {pages}")
    monkeypatch.setattr(sqlite_file, "_PRAGMAS", full)
    many = [say_observed(number) for number in range(11, 60)]
    entry = dict.fromkeys(("actor", "role", "site", "source", "software"), "x")
    entry |= {"protocol": "0" * 64, "entered_at": "2026-03-14T10:00:00.000Z"}

    with (  # noqa: PT012
        pytest.raises(Refusal, match="stopped half-way"),
        filled.ledger.transaction(TRIAL) as opened,
    ):
        with pytest.raises(Refusal, match="the disk is full"):
            opened.append(many, **entry)
        with pytest.raises(Refusal, match="stopped half-way"):
            opened.append(many[:1], **entry)

    assert filled.ledger.head(TRIAL).sequence == 10


def test_a_file_without_write_permission_is_told(filled, monkeypatch, say_observed):
    """SQLite's reason is turned into advice."""
    pragmas = (*sqlite_file._PRAGMAS, "PRAGMA query_only = ON")
    monkeypatch.setattr(sqlite_file, "_PRAGMAS", pragmas)

    with pytest.raises(Refusal, match="the ledger cannot be written"):
        filled.append(say_observed(11))


def test_a_file_gone_since_opening_is_told(filled):
    """The ledger is not made anew in its place."""
    opened = filled.ledger
    filled.path.unlink()

    with pytest.raises(Refusal, match="cannot be opened"):
        opened.head(TRIAL)

    assert not filled.path.exists()
    assert opened.verify(TRIAL).broken


def test_an_old_sqlite_is_refused(tmp_path, monkeypatch):
    """STRICT tables came with 3.37."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))

    with pytest.raises(Refusal, match=r"3\.37"):
        SqliteLedger.create(tmp_path / "trial.ledger")


def test_a_ledger_without_key_is_for_reading(filled):
    """Appending needs the key."""
    with pytest.raises(Refusal, match="Hand in the key"), filled.reader.transaction(TRIAL):
        pass


def test_strange_paths_are_paths(tmp_path):
    """Question marks, number signs and percent signs are no part of a query."""
    path = tmp_path / "a?mode=ro#b%20c.ledger"

    SqliteLedger.create(path)

    assert SqliteLedger.open(path).trials() == ()
    assert path.exists()
